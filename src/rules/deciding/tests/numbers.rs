//! Called numbers: what a person chooses over a redirect of ours.

use super::*;
use crate::rules::{CalledNumber, FieldKind, Ownership, Redirect, RedirectRecord};

fn number() -> CalledNumber {
    "0041712345610".parse().unwrap()
}

fn to(place: &str) -> Value {
    Value::Redirect(number(), Redirect::to_number(place))
}

/// A redirect of ours to 1 over none, which a person took back from the entry `e1`.
fn yielded() -> Hold {
    let under = Value::Redirect(number(), Redirect::none());
    let entry = EntryId("e1".to_owned());
    Hold { under, put: to("1"), earlier: vec![], yielded: vec![entry], back_after: None, ..hold(Phase::Yielded) }
}

/// Decides what becomes of it while calls lead there, and `e1` and another entry want them to lead elsewhere.
fn decided(shown: &str, wanted: &str) -> Hold {
    decided_over(&yielded(), shown, wanted)
}

fn decided_over(yielded: &Hold, shown: &str, wanted: &str) -> Hold {
    let mut policy = policy();
    policy.respected.insert(FieldKind::Redirect);
    let claimed = |entry: &str, value: Value| Claimed {
        claim: claim(entry, value),
        claimant: Claimant { account: AccountId(1010), login: login(), entry: EntryId(entry.to_owned()) },
    };
    let record = RedirectRecord {
        number: number(),
        ownership: Ownership::Own,
        redirect: Redirect::to_number(shown),
        last_mailbox: None,
        mailboxes: vec![],
    };
    let decided = decide_number(&NumberSituation {
        now: at(1000),
        account: AccountId(1010),
        login: Some(&login()),
        record: &record,
        claims: &[claimed("e1", to("1")), claimed("e2", to(wanted))],
        hold: Some(yielded),
        journal_began_at: at(-1000),
        policy: &policy,
    });
    kept(&decided).clone()
}

#[test]
fn what_a_person_chose_comes_back_also_where_the_next_entry_wants_just_that() {
    let fresh = decided("7", "7");
    assert_eq!((fresh.phase, fresh.under), (Phase::Held, to("7")));
}

#[test]
fn a_redirect_of_ours_that_is_shown_again_does_not_stay_for_ever() {
    let fresh = decided("1", "9");
    assert_eq!((fresh.put, fresh.under), (to("9"), Value::Redirect(number(), Redirect::none())));
}

/// Decides for the number, read through account 1010, while `hold` is on it and nothing is wanted.
fn taken_off(ownership: Ownership, now: Option<&Login>, hold: &Hold) -> Move {
    let record = RedirectRecord {
        number: number(),
        ownership,
        redirect: Redirect::to_number("1"),
        last_mailbox: None,
        mailboxes: vec![],
    };
    let situation = NumberSituation {
        now: at(1000),
        account: AccountId(1010),
        login: now,
        record: &record,
        claims: &[],
        hold: Some(hold),
        journal_began_at: at(-1000),
        policy: &policy(),
    };
    decide_number(&situation).unwrap()
}

#[test]
fn a_members_own_number_that_is_anothers_by_now_is_let_go_and_a_groups_number_is_not() {
    let ours = Hold { yielded: vec![], phase: Phase::Held, ..yielded() };
    let (same, other) = (login(), Login("0099".to_owned()));
    let moved = Hold { account: AccountId(1011), ..ours.clone() };
    let restores = |decided: &Move| decided.step.as_ref().and_then(Step::written).is_some();
    for (hold, login) in [(&ours, &other), (&moved, &same)] {
        let decided = taken_off(Ownership::Own, Some(login), hold);
        assert_eq!((&decided.recording, decided.why), (&Recording::Drop, Why::Stranger));
        assert_eq!(decided.account, hold.account, "the module forgets what it knew of that account");
        assert_eq!(decided.step.unwrap().deed, Deed::Forget(Field::Redirect(number())));
        let decided = taken_off(Ownership::Group, Some(login), hold);
        assert!(restores(&decided), "{decided:?}");
        assert_eq!(decided.account, AccountId(1010), "it is written through whom it was read");
        assert_eq!(kept(&Some(decided)).account, AccountId(1010), "and kept as such");
    }
    for login in [Some(&same), None] {
        assert!(restores(&taken_off(Ownership::Own, login, &ours)), "{login:?}");
    }
}

#[test]
fn a_redirect_that_a_person_put_back_to_what_was_before_stays_the_persons() {
    let ours = Hold { yielded: vec![], phase: Phase::Held, ..yielded() };
    let record = RedirectRecord {
        number: number(),
        ownership: Ownership::Own,
        redirect: Redirect::none(),
        last_mailbox: None,
        mailboxes: vec![],
    };
    let claimant = ours.claimants[0].clone();
    let decided = decide_number(&NumberSituation {
        now: at(1000),
        account: AccountId(1010),
        login: Some(&login()),
        record: &record,
        claims: &[Claimed { claim: claim("e1", to("1")), claimant }],
        hold: Some(&ours),
        journal_began_at: at(-1000),
        policy: &policy(),
    });
    assert_eq!((kept(&decided).phase, decided.unwrap().why), (Phase::Yielded, Why::Yields));
}

#[test]
fn a_destination_that_was_a_persons_before_it_was_ours_comes_back() {
    let over_theirs = Hold { under: to("1"), ..yielded() };
    let fresh = decided_over(&over_theirs, "1", "9");
    assert_eq!((fresh.put, fresh.under), (to("9"), to("1")));
}
