//! What a hold says of itself.

use super::*;
use crate::rules::{Redirect, StatusText};

const INTERVAL: Duration = Duration::seconds(30);

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn text(words: &str) -> Value {
    Value::Text(StatusText(words.to_owned()))
}

fn redirect(target: &str) -> Value {
    Value::Redirect("0041712345610".parse().unwrap(), Redirect::to_number(target))
}

fn claimant(account: u32, login: &str) -> Claimant {
    Claimant { account: AccountId(account), login: Login(login.to_owned()), entry: EntryId("e1".to_owned()) }
}

/// A hold that was last written at second 0.
fn hold(phase: Phase, put: Value) -> Hold {
    Hold {
        account: AccountId(1010),
        under: put.field().neutral(),
        put,
        earlier: vec![],
        phase,
        claimants: vec![claimant(1010, "0010")],
        since: at(0),
        written_at: Some(at(0)),
        unanswered_at: None,
        back_after: None,
        yielded: vec![],
        sight: Sight::Clear,
        rewrites: 0,
    }
}

#[test]
fn phases_and_sights_have_the_names_that_stand_in_the_journal() {
    assert_eq!(Phase::ALL.map(Phase::name), ["putting", "held", "restoring", "yielded"]);
    assert_eq!(Sight::ALL.map(Sight::name), ["clear", "blind"]);
}

#[test]
fn a_hold_remembers_just_as_many_puts_as_the_bound_says_and_each_once() {
    let mut many = hold(Phase::Held, text("Mine"));
    for number in 1..=Hold::EARLIER_MAX {
        many.remember(text(&number.to_string()));
    }
    assert_eq!((many.earlier.len(), many.earlier.first()), (Hold::EARLIER_MAX, Some(&text("1"))));
    many.remember(text("1"));
    assert_eq!((many.earlier.len(), many.earlier.last()), (Hold::EARLIER_MAX, Some(&text("1"))));
    many.remember(text("One more"));
    assert_eq!((many.earlier.len(), many.earlier.first()), (Hold::EARLIER_MAX, Some(&text("3"))));
}

#[test]
fn only_a_redirect_that_was_answered_as_done_and_is_not_shown_is_without_effect() {
    #[track_caller]
    fn case(phase: Phase, put: Value, written: Option<i64>, unanswered: Option<i64>, expected: bool) {
        let (written_at, unanswered_at) = (written.map(at), unanswered.map(at));
        let hold = Hold { written_at, unanswered_at, ..hold(phase, put) };
        assert_eq!(hold.is_ineffective(), expected, "{phase:?}, {written:?}, {unanswered:?}");
        let interval = if expected { Hold::INEFFECTIVE_INTERVAL } else { INTERVAL };
        assert_eq!(hold.rewrite_interval(INTERVAL), interval, "{phase:?}, {written:?}, {unanswered:?}");
    }
    case(Phase::Putting, redirect("1"), Some(7), Some(7), true);
    case(Phase::Putting, redirect("1"), Some(7), Some(8), false);
    case(Phase::Putting, redirect("1"), Some(7), None, false);
    case(Phase::Putting, redirect("1"), None, None, false);
    case(Phase::Putting, text("Mine"), Some(7), Some(7), false);
    for phase in [Phase::Held, Phase::Restoring, Phase::Yielded] {
        case(phase, redirect("1"), Some(7), Some(7), false);
    }
}

#[test]
fn the_distance_doubles_with_each_rewrite_and_is_never_less_than_the_interval() {
    #[track_caller]
    fn case(rewrites: u32, interval: i64, expected: i64) {
        let hold = Hold { rewrites, ..hold(Phase::Held, text("Mine")) };
        let grown = hold.rewrite_interval(Duration::seconds(interval));
        assert_eq!(grown, Duration::seconds(expected), "{rewrites} rewrites, every {interval} seconds");
    }
    case(0, 30, 30);
    case(1, 30, 60);
    case(3, 30, 240);
    case(4, 30, 300);
    case(0, 600, 600);
    case(1, 600, 600);
    case(u32::MAX, 30, 300);
}

#[test]
fn an_unsettled_put_is_looked_at_at_once_or_when_its_next_rewrite_is_due() {
    #[track_caller]
    fn case(rewrites: u32, now: i64, expected: i64) {
        let putting = Hold { rewrites, ..hold(Phase::Putting, text("Mine")) };
        assert_eq!(putting.settle_at(at(now), INTERVAL), Some(at(expected)), "{rewrites} rewrites, second {now}");
    }
    case(0, 10, 10);
    case(1, 10, 60);
    case(1, 60, 60);
    case(1, 61, 61);
}

#[test]
fn an_unsettled_write_back_is_looked_at_at_once_when_nothing_is_to_be_waited_for() {
    let restoring = hold(Phase::Restoring, text("Mine"));
    assert_eq!(restoring.settle_at(at(10), INTERVAL), Some(at(10)));
    let late = Hold { unanswered_at: Some(at(5)), ..restoring };
    assert_eq!(late.settle_at(at(10), INTERVAL), Some(at(65)));
    assert_eq!(late.settle_at(at(65), INTERVAL), Some(at(65)));
}

#[test]
fn a_settled_hold_need_not_be_looked_at() {
    for phase in [Phase::Held, Phase::Yielded] {
        let overwritten = Hold { rewrites: 3, unanswered_at: Some(at(0)), ..hold(phase, text("Mine")) };
        assert_eq!(overwritten.settle_at(at(1), INTERVAL), None, "{phase:?}");
    }
}

#[test]
fn of_a_number_that_several_members_claim_the_login_is_that_of_the_holds_own_account() {
    let claimants = vec![claimant(1011, "0011"), claimant(1010, "0010")];
    let shared = Hold { claimants, ..hold(Phase::Held, redirect("1")) };
    assert_eq!(shared.login(), Some(&Login("0010".to_owned())));
    let foreign = Hold { account: AccountId(1012), ..shared };
    assert_eq!(foreign.login(), None);
}

#[test]
fn a_hold_knows_its_put_and_every_earlier_one() {
    let hold = Hold { earlier: vec![text("Old"), text("Older")], ..hold(Phase::Held, text("Mine")) };
    for known in ["Mine", " Mine ", "Old", "Older"] {
        assert!(hold.has_put(&text(known)), "{known}");
    }
    assert!(!hold.has_put(&text("Hers")));
}
