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
        hold: Some(&yielded()),
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
