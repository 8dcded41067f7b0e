//! `status`: how things stand, from the running service.

use clap::Args;

use super::asking::SHADOW_NOTE;
use super::printing::{count, field_of, say, say_json, to_the_minute};
use super::screen::{Screen, Tone};
use super::{Ending, asking};
use crate::engine::Report;
use crate::engine::report::{MemberReport, Problem};
use crate::settings::Local;
use crate::web::control::Ask;

/// Arguments of `status`.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Status {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Asks the service and prints: problems first, then the members with what is held.
pub(super) async fn status(arguments: Status, local: &Local, screen: Screen) -> anyhow::Result<Ending> {
    let report: Report = asking::ask(&local.store.path, &Ask::Status).await?;
    if arguments.json {
        say_json(&report)?;
    } else {
        say(&words(&report, screen))?;
    }
    Ok(Ending::Well)
}

fn words(report: &Report, screen: Screen) -> String {
    let held = report.members.iter().map(|member| member.holds.len()).sum();
    let mut words =
        if report.shadow { screen.tinted(Tone::Doubtful, &format!("{SHADOW_NOTE}\n\n")) } else { String::new() };
    words += &format!(
        "starface-calendar {}, running since {}: {}, {} held\n\n",
        report.version,
        to_the_minute(&report.started_at),
        count(report.members.len(), "member", "members"),
        count(held, "field", "fields"),
    );
    if report.problems.is_empty() {
        words.push_str(&screen.tinted(Tone::Good, "No problems.\n"));
    } else {
        let rows: Vec<_> = report.problems.iter().map(|problem| problem_row(problem, report)).collect();
        words.push_str(&screen.tinted(Tone::Bad, "Problems\n"));
        words.push_str(&screen.tinted(Tone::Bad, &screen.table(&rows)));
    }
    if report.mails_unsent > 0 {
        let mails = count(report.mails_unsent, "mail about problems waits", "mails about problems wait");
        words.push_str(&screen.tinted(Tone::Doubtful, &format!("{mails} to be sent; the log says why.\n")));
    }
    if !report.members.is_empty() {
        let head = ["LOGIN", "NAME", "CALENDAR READ", "NOW", "HELD", "NEXT CHANGE"].map(str::to_owned).to_vec();
        let rows: Vec<_> = std::iter::once(head).chain(report.members.iter().map(member_row)).collect();
        words.push_str("\nMembers\n");
        words.push_str(&screen.table(&rows));
    }
    words
}

fn problem_row(problem: &Problem, report: &Report) -> Vec<String> {
    let member = problem.member.and_then(|account| report.members.iter().find(|one| one.member.account == account));
    let whom = member.map_or_else(|| "everybody".to_owned(), |one| format!("{} {}", one.member.login, one.member.name));
    vec![format!("since {}", to_the_minute(&problem.since)), whom.trim_end().to_owned(), problem.text.clone()]
}

fn member_row(member: &MemberReport) -> Vec<String> {
    let read =
        member.calendar_age_seconds.map_or_else(|| "never".to_owned(), |seconds| format!("{} ago", age(seconds)));
    let now = member.governing.as_ref().map_or_else(
        || "-".to_owned(),
        |governing| format!("{} until {}", governing.show_as.replace('_', " "), to_the_minute(&governing.until)),
    );
    let held: Vec<String> = member
        .holds
        .iter()
        .map(|hold| {
            let field = field_of(&hold.field, hold.number.as_deref());
            if hold.state == "held" { field } else { format!("{field} ({})", hold.state) }
        })
        .collect();
    vec![
        member.member.login.clone(),
        member.member.name.clone(),
        read,
        now,
        if held.is_empty() { "-".to_owned() } else { held.join(", ") },
        member.next_change_at.as_deref().map_or_else(|| "-".to_owned(), to_the_minute),
    ]
}

/// Returns how long something is ago, in the unit that people would use.
pub(super) fn age(seconds: i64) -> String {
    match seconds {
        ..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::command::Whom;
    use crate::engine::report::{Governing, HoldReport};

    fn member(account: u32, name: &str) -> MemberReport {
        let email = Some("anna@firma.example".to_owned());
        MemberReport {
            member: Whom { account, login: format!("{account:04}"), name: name.to_owned(), email: email.clone() },
            mailbox: email,
            calendar_age_seconds: None,
            governing: None,
            holds: vec![],
            next_change_at: None,
            problems: vec![],
        }
    }

    fn report() -> Report {
        let hold = |field: &str, state: &str| HoldReport {
            number: (field == "redirect").then(|| "210".to_owned()),
            field: field.to_owned(),
            since: "2026-11-23T09:00:00+01:00".to_owned(),
            entry: None,
            state: state.to_owned(),
            under: String::new(),
            put: String::new(),
        };
        let governing = Governing {
            entry: String::new(),
            show_as: "out_of_office".to_owned(),
            until: "2026-11-23T12:00:00+01:00".to_owned(),
            title: None,
        };
        let anna = MemberReport {
            calendar_age_seconds: Some(12),
            governing: Some(governing),
            holds: vec![hold("presence", "held"), hold("text", "putting"), hold("redirect", "held")],
            next_change_at: Some("2026-11-23T12:00:00+01:00".to_owned()),
            ..member(1010, "Anna Muster")
        };
        let started_at = "2026-11-23T07:59:00+01:00".to_owned();
        Report {
            version: "1".to_owned(),
            started_at,
            round: 7,
            members: vec![anna, member(1011, "Beat")],
            problems: vec![],
            mails_unsent: 0,
            shadow: false,
        }
    }

    #[test]
    fn a_calm_status_says_that_there_are_no_problems() {
        insta::assert_snapshot!(words(&report(), Screen::PLAIN), @r"
        starface-calendar 1, running since 2026-11-23 07:59: 2 members, 3 fields held

        No problems.

        Members
          LOGIN  NAME         CALENDAR READ  NOW                                   HELD                                       NEXT CHANGE
          1010   Anna Muster  12 s ago       out of office until 2026-11-23 12:00  presence, text (putting), redirect of 210  2026-11-23 12:00
          1011   Beat         never          -                                     -                                          -
        ");
    }

    #[test]
    fn problems_come_first_and_say_whom_they_concern() {
        let problem = |member: Option<u32>, text: &str| Problem {
            kind: "pbx".to_owned(),
            member,
            since: "2026-11-23T09:00:00+01:00".to_owned(),
            text: text.to_owned(),
            cause: "pbx".to_owned(),
        };
        let problems = vec![problem(None, "failed to reach the PBX"), problem(Some(1011), "has no e-mail address")];
        let words = words(&Report { problems, ..report() }, Screen::PLAIN);
        let problems: Vec<&str> = words.lines().skip(2).take(3).collect();
        assert_eq!(
            problems,
            [
                "Problems",
                "  since 2026-11-23 09:00  everybody  failed to reach the PBX",
                "  since 2026-11-23 09:00  1011 Beat  has no e-mail address",
            ]
        );
    }

    #[test]
    fn a_shadow_run_says_so_before_anything_else() {
        let words = words(&Report { shadow: true, ..report() }, Screen::PLAIN);
        assert!(words.starts_with("SHADOW RUN: nothing is written to the PBX"), "{words}");
    }

    #[test]
    fn mail_that_waits_is_counted() {
        let words = |mails_unsent| words(&Report { mails_unsent, ..report() }, Screen::PLAIN);
        assert!(words(1).contains("\nNo problems.\n1 mail about problems waits to be sent; the log says why.\n"));
        assert!(words(12).contains("\n12 mails about problems wait to be sent; the log says why.\n"));
        assert!(!words(0).contains("mail"));
    }

    #[test]
    fn an_age_is_told_in_the_unit_that_people_would_use() {
        assert_eq!([119, 120, 7_199, 7_200].map(age), ["119 s", "2 min", "119 min", "2 h"]);
    }
}
