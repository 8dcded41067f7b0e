//! A company for tests: what the engine would say of it on a Friday morning.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, FixedOffset, TimeDelta};

use crate::engine::Report;
use crate::engine::command::Whom;
use crate::engine::history::Change;
use crate::engine::report::explain::{EntryReport, Explanation};
use crate::engine::report::{Governing, HoldReport, MemberReport, Problem};

use super::{Language, Login, Viewer};

pub(super) const NOW: &str = "2026-11-27T09:41:07+01:00";

const NAMES: [&str; 10] = [
    "Anna Brunner",
    "Beat Egger",
    "Chiara Fontana",
    "Daniel Gerber",
    "Eliane Huber",
    "Fabian Jost",
    "Gabriela Käser",
    "Hansruedi Lüthi",
    "Isabelle Meier-von Allmen",
    "Jonas Nussbaumer",
];

const TITLES: [&str; 8] = [
    "Kundengespräch Muster AG",
    "Wochensitzung",
    "Offerte durchgehen",
    "Zahnarzt",
    "Besuch Baustelle Nordring",
    "Schulung Telefonie",
    "Mittagessen",
    "Jahresgespräch",
];

const KINDS: [&str; 5] = ["busy", "tentative", "out_of_office", "working_elsewhere", "free"];

pub(super) fn viewer(language: Language) -> Viewer {
    Viewer { language, login: Login::Possible }
}

pub(super) fn admin(language: Language) -> Viewer {
    Viewer { language, login: Login::Done { form_token: "proof-of-this-page".to_owned() } }
}

pub(super) fn whom(account: u32) -> Whom {
    let name = NAMES[(account / 3) as usize % NAMES.len()].to_owned();
    let login = format!("{account:04}");
    Whom { account, login, name, email: Some(format!("person{account}@example.com")) }
}

pub(super) fn quiet(account: u32) -> MemberReport {
    MemberReport {
        member: whom(account),
        mailbox: Some(format!("person{account}@example.com")),
        calendar_age_seconds: Some(42),
        governing: None,
        holds: Vec::new(),
        next_change_at: Some("2026-11-27T13:30:00+01:00".to_owned()),
        problems: Vec::new(),
    }
}

pub(super) fn busy(account: u32) -> MemberReport {
    MemberReport {
        governing: Some(Governing {
            entry: "00000021".to_owned(),
            show_as: "busy".to_owned(),
            until: "2026-11-27T10:15:00+01:00".to_owned(),
            title: Some("Kundengespräch Muster AG".to_owned()),
        }),
        holds: holds(),
        next_change_at: Some("2026-11-27T10:15:00+01:00".to_owned()),
        ..quiet(account)
    }
}

pub(super) fn holds() -> Vec<HoldReport> {
    let hold = |field: &str, number: Option<&str>, put: &str, under: &str, state: &str| HoldReport {
        field: field.to_owned(),
        number: number.map(str::to_owned),
        since: "2026-11-27T09:00:00+01:00".to_owned(),
        entry: Some("00000021".to_owned()),
        state: state.to_owned(),
        under: under.to_owned(),
        put: put.to_owned(),
    };
    vec![
        hold("presence", None, "AWAY", "AVAILABLE", "held"),
        hold("text", None, "[10:15] [Gebucht] Kundengespräch Muster AG", "empty", "held"),
        hold("redirect", Some("0041712345610"), "voicemail 12", "off", "putting"),
    ]
}

/// A week of eight entries a day, from now.
pub(super) fn explanation(account: u32, now: &str) -> Explanation {
    let now_at = DateTime::parse_from_rfc3339(now).unwrap();
    let midnight = now_at.date_naive().and_time(chrono::NaiveTime::MIN).and_local_timezone(*now_at.offset()).unwrap();
    let mut entries: Vec<EntryReport> = (0..7).flat_map(|day| day_of(midnight, day, account)).collect();
    if account.is_multiple_of(3) {
        entries[1].governs = true;
        entries[1].active = true;
        entries[1].entry = "00000021".to_owned();
        entries[1].show_as = "busy".to_owned();
        entries[1].counts = true;
        entries[1].reason = None;
        entries[1].private = false;
        entries[1].title = Some("Kundengespräch Muster AG".to_owned());
    }
    Explanation {
        shadow: false,
        member: whom(account),
        now: now.to_owned(),
        calendar_age_seconds: Some(42),
        entries,
        wish: Some(wish()),
        holds: if account.is_multiple_of(3) { holds() } else { Vec::new() },
        problems: Vec::new(),
    }
}

fn wish() -> BTreeMap<String, String> {
    let wanted =
        [("presence", "AWAY"), ("text", "[10:15] [Gebucht] Kundengespräch"), ("redirect of 210", "voicemail 12")];
    wanted.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect()
}

fn day_of(midnight: DateTime<FixedOffset>, day: i64, account: u32) -> Vec<EntryReport> {
    let weekend = (midnight + TimeDelta::days(day)).weekday().num_days_from_monday() >= 5;
    (0..8)
        .map(|slot| {
            let number = usize::try_from(slot + day * 3).unwrap() + account as usize;
            let from = midnight + TimeDelta::days(day) + TimeDelta::minutes(8 * 60 + slot * 70);
            let skipped = number.is_multiple_of(7) || weekend;
            EntryReport {
                entry: format!("{number:08x}"),
                start: from.to_rfc3339(),
                end: (from + TimeDelta::minutes([30, 60, 45, 90][number % 4])).to_rfc3339(),
                all_day: false,
                show_as: KINDS[number % KINDS.len()].to_owned(),
                private: number.is_multiple_of(5),
                title: (!number.is_multiple_of(5)).then(|| TITLES[number % TITLES.len()].to_owned()),
                counts: !skipped,
                reason: skipped.then(|| "its show-as is ignored".to_owned()),
                active: false,
                governs: false,
            }
        })
        .collect()
}

/// A company of so many: a third is busy, one in twenty has a problem, and one problem concerns everybody.
pub(super) fn report(members: u32) -> Report {
    let mut problems = vec![Problem {
        kind: "tenant".to_owned(),
        member: None,
        since: "2026-11-27T09:12:40+01:00".to_owned(),
        text: "the secret of app 8d1b7c4e has expired (AADSTS7000222)".to_owned(),
        cause: "secret_expired".to_owned(),
    }];
    let members = (0..members)
        .map(|account| match account {
            account if account % 20 == 7 => {
                let text = "the mailbox is not found (ErrorInvalidUser)".to_owned();
                problems.push(Problem {
                    kind: "mailbox".to_owned(),
                    member: Some(account),
                    since: "2026-11-27T08:00:00+01:00".to_owned(),
                    text: text.clone(),
                    cause: "mailbox_missing".to_owned(),
                });
                MemberReport { calendar_age_seconds: Some(5400), problems: vec![text], ..quiet(account) }
            }
            account if account % 3 == 0 => busy(account),
            account if account % 11 == 1 => MemberReport { calendar_age_seconds: None, ..quiet(account) },
            account => quiet(account),
        })
        .collect();
    Report {
        version: "0.1.0".to_owned(),
        started_at: "2026-11-24T06:00:12+01:00".to_owned(),
        round: 4711,
        members,
        problems,
        shadow: false,
        mails_unsent: 0,
    }
}

pub(super) fn changes(account: u32) -> Vec<Change> {
    let change = |at: &str, field: &str, number: Option<&str>, from: &str, to: &str, why: &str, outcome: &str| Change {
        at: format!("2026-11-27T{at}+01:00"),
        account,
        field: field.to_owned(),
        number: number.map(str::to_owned),
        from: from.to_owned(),
        to: to.to_owned(),
        why: why.to_owned(),
        entry: Some("00000021".to_owned()),
        outcome: outcome.to_owned(),
    };
    vec![
        change("08:00:02", "presence", None, "AVAILABLE", "AWAY", "an entry is active", "done"),
        change("08:30:01", "presence", None, "AWAY", "AVAILABLE", "no active entry wants the field any more", "done"),
        change("09:00:01", "text", None, "", "[10:15] Kundengespräch Muster AG", "an entry is active", "done"),
        change(
            "09:00:02",
            "redirect",
            Some("210"),
            "off (0791234567)",
            "voicemail 12",
            "an entry is active",
            "refused",
        ),
        change(
            "09:20:00",
            "redirect",
            Some("211"),
            "off",
            "off",
            "redirect.allowed_targets does not allow the target",
            "not redirected",
        ),
    ]
}
