//! Who else sets the status of members: only one program may.

use std::collections::BTreeMap;

use super::{Line, Report, names};
use crate::cli::asking;
use crate::clock::{Clock, SystemClock};
use crate::engine;
use crate::journal::{self, Kept};
use crate::pbx::{Pbx, States};
use crate::rules::text::Traces;
use crate::rules::{AccountId, Member, StatusText, Value};
use crate::settings::Settings;
use crate::web::control::Ask;

/// What helps when another program is at work.
const SWITCH_OFF: &str = "switch off the original calendar module and every other presence synchronisation for these \
                          users; or leave them on and run this one with --shadow, which writes nothing";

/// Asks the running service what it has seen, and looks at what stands on the members now.
pub(super) async fn examine(pbx: &impl Pbx, settings: &Settings, members: &[Member], report: &mut Report) {
    let state = &settings.store.path;
    // A service that does not run, or may not be reached, has nothing to say here.
    let told: Option<engine::Report> = asking::ask(state, &Ask::Status).await.ok();
    for line in told.as_ref().map(lines_of_service).unwrap_or_default() {
        report.tell(line);
    }
    if members.is_empty() {
        return;
    }
    let kept = match journal::look(state, SystemClock.now()).await {
        Ok(kept) => kept.unwrap_or_default(),
        // Without it, our own texts cannot be told from another's.
        Err(_) => return,
    };
    let accounts: Vec<AccountId> = members.iter().map(|member| member.account).collect();
    let states = pbx.states(&accounts).await;
    let traces = Traces::of(settings.policy.text.as_ref().map(|text| &text.template));
    report.tell(line_of_texts(&states, members, &kept, &traces));
}

fn lines_of_service(told: &engine::Report) -> Vec<Line> {
    let mut lines = Vec::new();
    if told.shadow {
        lines.push(Line::warning(
            "shadow run",
            "is under way, so nothing is written to the PBX",
            "nothing if that is meant; `history --shadow` tells what it found",
        ));
    }
    for conflict in told.problems.iter().filter(|problem| problem.cause == "conflict") {
        lines.push(Line::warning("other programs", conflict.text.as_str(), SWITCH_OFF));
    }
    lines
}

/// Names those on whom a text stands that a connector made, and not this one.
fn line_of_texts(states: &States, members: &[Member], kept: &Kept, traces: &Traces) -> Line {
    let mut ours: BTreeMap<AccountId, Vec<String>> = BTreeMap::new();
    for (account, text, _) in &kept.texts {
        ours.entry(*account).or_default().push(text.normalised().into_owned());
    }
    for hold in &kept.holds {
        if let Value::Text(text) = &hold.put {
            ours.entry(hold.account).or_default().push(text.normalised().into_owned());
        }
    }
    let is_ours = |account: &AccountId, text: &StatusText| {
        ours.get(account).is_some_and(|ours| ours.iter().any(|known| *known == text.normalised()))
    };
    let has_trace = |member: &&Member| {
        states
            .seen
            .get(&member.account)
            .is_some_and(|seen| traces.show_in(&seen.text) && !is_ours(&member.account, &seen.text))
    };
    let traced: Vec<&Member> = members.iter().filter(has_trace).collect();
    if let Some(error) = states.errors.first() {
        return Line::failed("other programs", error, "see what the PBX says of the module's entry point getStates");
    }
    if traced.is_empty() {
        return Line::ok("other programs", "no member shows a text of another calendar connector now");
    }
    let text = format!("a text in the original module's format stands on {}", names(&traced));
    Line::warning("other programs", text, SWITCH_OFF)
}

#[cfg(test)]
mod tests {
    use super::super::Health;
    use super::*;
    use crate::rules::{Call, Login, Presence, Seen};

    const TEXT: &str = "[07:00-12:00] [Gebucht] Kunde ABC";

    fn member(account: u32) -> Member {
        let (account, login) = (AccountId(account), Login(format!("{account:04}")));
        Member { account, login, name: "Anna".to_owned(), address: None }
    }

    fn states(texts: &[(u32, &str)]) -> States {
        let seen = |text: &str| Seen {
            presence: Presence::Away,
            text: StatusText(text.to_owned()),
            telephony: None,
            dnd: None,
            call: Call::Unknown,
        };
        let seen = texts.iter().map(|(account, text)| (AccountId(*account), seen(text))).collect();
        States { seen, errors: Vec::new() }
    }

    #[test]
    fn a_text_of_another_connector_names_the_member_and_never_the_text() {
        let members = [member(1010), member(1011)];
        let shown = states(&[(1010, TEXT), (1011, "Im Homeoffice")]);
        let line = line_of_texts(&shown, &members, &Kept::default(), &Traces::of(None));
        assert_eq!(line.health, Health::Warning);
        assert_eq!(line.text, "a text in the original module's format stands on Anna (1010)");
    }

    #[test]
    fn our_own_text_is_no_trace_of_another() {
        let texts = vec![(AccountId(1010), StatusText(TEXT.to_owned()), SystemClock.now())];
        let kept = Kept { texts, ..Kept::default() };
        let line = line_of_texts(&states(&[(1010, TEXT)]), &[member(1010)], &kept, &Traces::of(None));
        assert_eq!(line.health, Health::Ok, "{}", line.text);
    }
}
