//! `explain`: why a member's telephone shows what it shows, in sentences that can be read out.

use chrono::{DateTime, FixedOffset, TimeDelta};
use clap::Args;

use super::asking::SHADOW_NOTE;
use super::printing::{field_of, say, say_json, to_the_minute};
use super::screen::{Screen, Tone};
use super::{Ending, asking};
use crate::engine::report::HoldReport;
use crate::engine::report::explain::{EntryReport, Explanation};
use crate::settings::Local;
use crate::web::control::Ask;

/// Arguments of `explain`.
#[derive(Clone, Debug, Args)]
pub(super) struct Explain {
    /// A login, an e-mail address, or an account such as id:1010
    member: String,
    /// Print JSON, with every entry that is known
    #[arg(long)]
    json: bool,
}

/// Entries around now are told; `--json` has them all.
const BACK: TimeDelta = TimeDelta::hours(12);
const AHEAD: TimeDelta = TimeDelta::hours(36);

/// Asks the service, and explains.
pub(super) async fn explain(arguments: Explain, local: &Local, screen: Screen) -> anyhow::Result<Ending> {
    let ask = Ask::Explain { member: arguments.member };
    let explanation: Explanation = asking::ask(&local.store.path, &ask).await?;
    if arguments.json {
        say_json(&explanation)?;
    } else {
        if explanation.shadow {
            say(&screen.tinted(Tone::Doubtful, &format!("{SHADOW_NOTE}\n\n")))?;
        }
        say(&words(&explanation, screen))?;
    }
    Ok(Ending::Well)
}

fn words(explanation: &Explanation, screen: Screen) -> String {
    let member = &explanation.member;
    let mut words = format!("{} ({}) at {}\n\n", member.name, member.login, to_the_minute(&explanation.now));
    for problem in &explanation.problems {
        words += &screen.tinted(Tone::Bad, &format!("Problem: {problem}\n"));
    }
    words += &now(explanation);
    words += &calendar(explanation);
    words += &held(&explanation.holds);
    words += &entries(explanation, screen);
    words
}

/// What governs, and what that asks for.
fn now(explanation: &Explanation) -> String {
    let Some(wish) = &explanation.wish else {
        return "What is wanted now is not known, so everything stays as it is.\n".to_owned();
    };
    let Some(governing) = explanation.entries.iter().find(|entry| entry.governs) else {
        return "No entry is active, so nothing is wanted.\n".to_owned();
    };
    let others = explanation.entries.iter().filter(|entry| entry.active && !entry.governs).count();
    let beside = match others {
        0 => String::new(),
        1 => " One more entry is active and gives way to it.".to_owned(),
        more => format!(" {more} more entries are active and give way to it."),
    };
    let wanted: Vec<String> = wish.iter().map(|(field, value)| format!("{field} {value}")).collect();
    let wanted = if wanted.is_empty() { "nothing".to_owned() } else { wanted.join(", ") };
    format!(
        "Entry {} governs: {}, until {}.{beside}\nWanted: {wanted}.\n",
        governing.entry,
        governing.show_as.replace('_', " "),
        to_the_minute(&governing.end),
    )
}

fn calendar(explanation: &Explanation) -> String {
    match explanation.calendar_age_seconds {
        Some(seconds) => format!("The calendar was read {} ago.\n", super::status::age(seconds)),
        None => "The calendar was never read.\n".to_owned(),
    }
}

fn held(holds: &[HoldReport]) -> String {
    if holds.is_empty() {
        return "Nothing is held: the telephone shows what its owner chose.\n".to_owned();
    }
    holds.iter().map(sentence).collect()
}

fn sentence(hold: &HoldReport) -> String {
    let field = field_of(&hold.field, hold.number.as_deref());
    let (put, under, since) = (&hold.put, &hold.under, to_the_minute(&hold.since));
    match hold.state.as_str() {
        "held" => format!("Held: {field} shows {put} since {since}; {under} comes back at the end.\n"),
        "putting" => format!("On its way: {field} is being set to {put}; {under} comes back at the end.\n"),
        "restoring" => format!("On its way: {field} is being set back to {under}.\n"),
        _ => format!("Left alone: somebody changed {field} since {since}, and keeps it until the entry ends.\n"),
    }
}

fn entries(explanation: &Explanation, screen: Screen) -> String {
    let instant = |text: &str| DateTime::<FixedOffset>::parse_from_rfc3339(text).ok();
    let now = instant(&explanation.now);
    let is_near = |entry: &&EntryReport| match (now, instant(&entry.start), instant(&entry.end)) {
        (Some(now), Some(start), Some(end)) => end > now - BACK && start < now + AHEAD,
        _ => true,
    };
    let near: Vec<&EntryReport> = explanation.entries.iter().filter(is_near).collect();
    if near.is_empty() {
        return "\nNo entry lies near.\n".to_owned();
    }
    let head = ["FROM", "TO", "SHOWN AS", "ENTRY", ""].map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(head).chain(near.into_iter().map(row)).collect();
    format!("\nEntries near now\n{}", screen.table(&rows))
}

fn row(entry: &EntryReport) -> Vec<String> {
    let counts = match (entry.counts, &entry.reason, entry.governs, entry.active) {
        (false, Some(reason), ..) => format!("does not count: {reason}"),
        (true, Some(reason), ..) => format!("counts as status only: {reason}"),
        (_, None, true, _) => "counts, and governs now".to_owned(),
        (_, None, false, true) => "counts, and gives way to another".to_owned(),
        (_, None, false, false) => "counts".to_owned(),
    };
    vec![
        to_the_minute(&entry.start),
        to_the_minute(&entry.end),
        entry.show_as.replace('_', " "),
        entry.entry.clone(),
        counts,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::command::Whom;

    fn entry(name: &str, start: &str, end: &str) -> EntryReport {
        EntryReport {
            entry: name.to_owned(),
            start: format!("2026-11-23T{start}:00+01:00"),
            end: format!("2026-11-23T{end}:00+01:00"),
            all_day: false,
            show_as: "busy".to_owned(),
            private: false,
            title: None,
            counts: true,
            reason: None,
            active: false,
            governs: false,
        }
    }

    fn explanation() -> Explanation {
        let hold = |field: &str, state: &str| HoldReport {
            field: field.to_owned(),
            number: (field == "redirect").then(|| "210".to_owned()),
            since: "2026-11-23T09:00:00+01:00".to_owned(),
            entry: None,
            state: state.to_owned(),
            under: "AVAILABLE".to_owned(),
            put: "AWAY".to_owned(),
        };
        Explanation {
            shadow: false,
            member: Whom { account: 1010, login: "0010".to_owned(), name: "Anna Muster".to_owned(), email: None },
            now: "2026-11-23T09:30:00+01:00".to_owned(),
            calendar_age_seconds: Some(7),
            entries: vec![
                EntryReport { active: true, governs: true, ..entry("a", "09:00", "10:00") },
                EntryReport { active: true, ..entry("b", "08:00", "12:00") },
                EntryReport {
                    counts: false,
                    reason: Some("it was cancelled".to_owned()),
                    ..entry("c", "13:00", "14:00")
                },
            ],
            wish: Some([("presence".to_owned(), "AWAY".to_owned())].into()),
            holds: vec![hold("presence", "held"), hold("redirect", "yielded")],
            problems: vec!["internal numbers are not redirected".to_owned()],
        }
    }

    #[test]
    fn a_member_is_explained_in_sentences() {
        insta::assert_snapshot!(words(&explanation(), Screen::PLAIN), @r"
        Anna Muster (0010) at 2026-11-23 09:30

        Problem: internal numbers are not redirected
        Entry a governs: busy, until 2026-11-23 10:00. One more entry is active and gives way to it.
        Wanted: presence AWAY.
        The calendar was read 7 s ago.
        Held: presence shows AWAY since 2026-11-23 09:00; AVAILABLE comes back at the end.
        Left alone: somebody changed redirect of 210 since 2026-11-23 09:00, and keeps it until the entry ends.

        Entries near now
          FROM              TO                SHOWN AS  ENTRY
          2026-11-23 09:00  2026-11-23 10:00  busy      a      counts, and governs now
          2026-11-23 08:00  2026-11-23 12:00  busy      b      counts, and gives way to another
          2026-11-23 13:00  2026-11-23 14:00  busy      c      does not count: it was cancelled
        ");
    }

    #[test]
    fn a_calm_member_and_an_unknown_calendar_are_told_apart() {
        let calm =
            Explanation { entries: vec![], holds: vec![], problems: vec![], wish: Some([].into()), ..explanation() };
        assert!(words(&calm, Screen::PLAIN).contains("No entry is active, so nothing is wanted."));
        assert!(words(&calm, Screen::PLAIN).contains("Nothing is held: the telephone shows what its owner chose."));
        let unknown = Explanation { wish: None, calendar_age_seconds: None, ..calm };
        assert!(
            words(&unknown, Screen::PLAIN).contains("What is wanted now is not known, so everything stays as it is.")
        );
        assert!(words(&unknown, Screen::PLAIN).contains("The calendar was never read."));
    }
}
