//! What is foretold of small sites, told as people would.

use super::*;
use crate::rules::samples::{at, entry, policy, unanswered};
use crate::rules::{Call, Claimant, Dialled, Dnd, Login, Ownership, Phase, Presence, Redirect, Tag, Tags, Telephony};

const FROM: &str = "2026-11-23T08:00:00Z";

fn seen() -> Seen {
    Seen {
        presence: Presence::Available,
        text: StatusText("Im Büro".to_owned()),
        telephony: Some(Telephony::Available),
        dnd: Some(Dnd::Off),
        call: Call::None,
    }
}

fn subject(account: u32, entries: Vec<Entry>) -> Subject {
    let address = Some(format!("m{account}@firma.example").parse().unwrap());
    let login = Login(format!("{account:04}"));
    Subject {
        member: Member { account: AccountId(account), login, name: String::new(), address },
        entries,
        marks: Vec::new(),
        seen: seen(),
        records: Vec::new(),
        texts_put: Vec::new(),
    }
}

fn record(number: &str, ownership: Ownership) -> RedirectRecord {
    RedirectRecord {
        number: number.parse().unwrap(),
        ownership,
        redirect: Redirect::none(),
        last_mailbox: None,
        mailboxes: vec!["3".to_owned()],
    }
}

/// A hold of 1010 for this entry, since an hour before the forecast.
fn held(entry: &str, under: Value, put: Value) -> Hold {
    let account = AccountId(1010);
    let claimant = Claimant { account, login: Login("1010".to_owned()), entry: EntryId(entry.to_owned()) };
    Hold {
        account,
        under,
        put,
        earlier: Vec::new(),
        phase: Phase::Held,
        claimants: vec![claimant],
        since: at("2026-11-23T07:00:00Z"),
        written_at: Some(at("2026-11-23T07:00:00Z")),
        unanswered_at: None,
        back_after: None,
        yielded: Vec::new(),
        sight: crate::rules::Sight::Clear,
        rewrites: 0,
    }
}

fn horizon() -> Horizon {
    Horizon { from: at(FROM), until: at("2026-11-30T08:00:00Z"), journal_began_at: at(FROM), restarted_at: None }
}

fn foretold(subjects: &[Subject], holds: &[Hold]) -> Forecast {
    forecast(&horizon(), subjects, holds, &policy())
}

/// Tells the turns in lines.
fn told(forecast: &Forecast) -> String {
    let line = |turn: &Turn| {
        let entry = turn.entry.as_ref().map_or("-", |entry| entry.0.as_str());
        let (at, field) = (turn.at.format("%a %H:%M"), turn.to.field());
        format!("{at} {} {field}: {} -> {} ({entry})\n", turn.account, turn.from.words(), turn.to.words())
    };
    forecast.turns.iter().map(line).collect()
}

#[test]
fn an_entry_changes_presence_and_text_and_its_end_changes_them_back() {
    let entries = vec![entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")];
    insta::assert_snapshot!(told(&foretold(&[subject(1010, entries)], &[])), @r"
    Mon 09:00 1010 presence: AVAILABLE -> AWAY (a)
    Mon 09:00 1010 text: Im Büro -> [10:00-11:00] [Gebucht] Kunde ABC (a)
    Mon 10:00 1010 presence: AWAY -> AVAILABLE (a)
    Mon 10:00 1010 text: [10:00-11:00] [Gebucht] Kunde ABC -> Im Büro (a)
    ");
}

#[test]
fn back_to_back_only_the_text_changes_in_between() {
    let entries = vec![
        entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"),
        unanswered(entry("b", "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z")),
    ];
    insta::assert_snapshot!(told(&foretold(&[subject(1010, entries)], &[])), @r"
    Mon 09:00 1010 presence: AVAILABLE -> AWAY (a)
    Mon 09:00 1010 text: Im Büro -> [10:00-11:00] [Gebucht] Kunde ABC (a)
    Mon 10:00 1010 text: [10:00-11:00] [Gebucht] Kunde ABC -> [11:00-12:00] [Gebucht] Gebucht (b)
    Mon 11:00 1010 presence: AWAY -> AVAILABLE (b)
    Mon 11:00 1010 text: [11:00-12:00] [Gebucht] Gebucht -> Im Büro (b)
    ");
}

#[test]
fn what_is_held_already_is_not_put_on_again_and_gives_back_what_is_under_it() {
    let hold = held("a", Value::Presence(Presence::FreeForChat), Value::Presence(Presence::Away));
    let mut policy = policy();
    policy.text = None;
    let entries = vec![entry("a", "2026-11-23T07:00:00Z", "2026-11-23T09:00:00Z")];
    let member = Subject { seen: Seen { presence: Presence::Away, ..seen() }, ..subject(1010, entries) };
    let forecast = forecast(&horizon(), &[member], &[hold], &policy);
    insta::assert_snapshot!(told(&forecast), @"Mon 09:00 1010 presence: AWAY -> FREE_FOR_CHAT (a)");
}

#[test]
fn a_redirect_that_cannot_be_made_is_a_problem_from_when_it_would_be_missed() {
    let asking = Entry {
        categories: vec!["_SF_AUL_extern_aktivieren".to_owned()],
        ..entry("a", "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z")
    };
    let member = Subject { records: vec![record("0041712345610", Ownership::Own)], ..subject(1010, vec![asking]) };
    let forecast = foretold(&[member], &[]);
    let problems: Vec<_> = forecast.problems.iter().map(|(found, since)| (found.problem.to_string(), *since)).collect();
    let expected = "no destination is given, neither by a tag nor in STARFACE".to_owned();
    assert_eq!(problems, [(expected, at("2026-11-24T09:00:00Z"))]);
}

#[test]
fn a_group_s_number_changes_once_for_all_who_have_it() {
    let mut policy = policy();
    policy.redirects.groups = crate::rules::policy::Groups::Included;
    let asking = |id: &str, from: &str, to: &str| Entry {
        categories: vec!["_SF_AUL_extern_aktivieren".to_owned()],
        tags: Tags { internal: None, external: Some(Tag::Target(Dialled::new("0041791112233").unwrap())) },
        ..entry(id, from, to)
    };
    let records = || vec![record("0041712345600", Ownership::Group)];
    let one = Subject {
        records: records(),
        ..subject(1010, vec![asking("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")])
    };
    let two = Subject {
        records: records(),
        ..subject(1011, vec![asking("b", "2026-11-23T09:30:00Z", "2026-11-23T10:30:00Z")])
    };
    policy.presence = None;
    policy.text = None;
    let forecast = forecast(&horizon(), &[two, one], &[], &policy);
    insta::assert_snapshot!(told(&forecast), @r"
    Mon 09:00 1010 redirect of 0041712345600: off -> 0041791112233 (a)
    Mon 10:30 1010 redirect of 0041712345600: 0041791112233 -> off (b)
    ");
}

#[test]
fn nothing_is_foretold_of_a_stopped_service_or_of_what_lies_beyond() {
    let far = vec![entry("a", "2026-12-23T09:00:00Z", "2026-12-23T10:00:00Z")];
    assert_eq!(foretold(&[subject(1010, far)], &[]), Forecast::default());
    let at_the_end = vec![entry("a", "2026-11-30T08:00:00Z", "2026-11-30T09:00:00Z")];
    assert_eq!(foretold(&[subject(1010, at_the_end)], &[]), Forecast::default());
    let near = vec![entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")];
    let stopped = Policy { service: crate::rules::policy::Service::Stopped, ..policy() };
    assert_eq!(forecast(&horizon(), &[subject(1010, near)], &[], &stopped), Forecast::default());
}

#[test]
fn a_number_changes_through_the_account_whose_own_it_is() {
    let asking = Entry {
        categories: vec!["_SF_AUL_extern_aktivieren".to_owned()],
        tags: Tags { internal: None, external: Some(Tag::Target(Dialled::new("0041791112233").unwrap())) },
        ..entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")
    };
    let of = |account: u32, ownership: Ownership, entries: Vec<Entry>| Subject {
        records: vec![record("0041712345600", ownership)],
        ..subject(account, entries)
    };
    let subjects = [of(1010, Ownership::Group, vec![]), of(1011, Ownership::Own, vec![asking])];
    let forecast = foretold(&subjects, &[]);
    let accounts: Vec<_> = forecast.turns.iter().filter(|turn| turn.to.field().number().is_some()).collect();
    assert_eq!(accounts.iter().map(|turn| turn.account.0).collect::<Vec<_>>(), [1011, 1011]);
}

#[test]
fn a_text_of_ours_from_the_last_day_is_not_taken_for_the_members_own() {
    let comes_back = |hours: i64| {
        let entries = vec![entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")];
        let put_at = at("2026-11-23T09:00:00Z") - TimeDelta::hours(hours);
        let texts_put = vec![(put_at, StatusText("Im Büro".to_owned()))];
        let forecast = foretold(&[Subject { texts_put, ..subject(1010, entries) }], &[]);
        forecast.turns.last().unwrap().to.words().into_owned()
    };
    assert_eq!([23, 24, 25].map(comes_back), ["", "Im Büro", "Im Büro"]);
}

#[test]
fn a_redirect_that_is_held_for_nobody_any_more_is_taken_off_at_once() {
    let number = "0041712345610".parse().unwrap();
    let to = Redirect::to_number("0041791112233");
    let hold = held("gone", Value::Redirect(number, Redirect::none()), Value::Redirect(number, to.clone()));
    let shown = RedirectRecord { redirect: to, ..record("0041712345610", Ownership::Own) };
    let member = Subject { records: vec![shown], ..subject(1010, vec![]) };
    let forecast = foretold(&[member], &[hold]);
    insta::assert_snapshot!(told(&forecast), @"Mon 08:00 1010 redirect of 0041712345610: 0041791112233 -> off (gone)");
}
