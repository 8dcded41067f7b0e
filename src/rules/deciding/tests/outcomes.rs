//! What a hold becomes after its step, beyond its phase.

use super::*;
use crate::rules::Redirect;

fn after(hold: &Hold, outcome: &Outcome) -> Hold {
    match confirm(hold, outcome, at(1000)) {
        Recording::Keep(hold) => hold,
        Recording::Drop => panic!("{hold:?} was dropped after {outcome:?}"),
    }
}

fn refused() -> Outcome {
    Outcome::Refused { error: "no".to_owned() }
}

#[test]
fn each_write_that_was_refused_or_is_not_shown_counts_once_more() {
    for rewrites in [0, 1, 5] {
        for phase in [Phase::Putting, Phase::Restoring] {
            let before = Hold { rewrites, ..hold(phase) };
            let elsewhere = Outcome::Done { seen: Some(text("Hers")) };
            assert_eq!(after(&before, &elsewhere).rewrites, rewrites + 1, "{phase:?}");
            assert_eq!(after(&before, &refused()).rewrites, rewrites + 1, "{phase:?}");
            assert_eq!(after(&before, &Outcome::Unanswered).rewrites, rewrites, "{phase:?}");
        }
    }
}

#[test]
fn a_write_that_is_not_shown_may_land_late_and_a_refused_one_never() {
    let elsewhere = after(&hold(Phase::Putting), &Outcome::Done { seen: Some(text("Hers")) });
    assert_eq!((elsewhere.written_at, elsewhere.unanswered_at), (Some(at(1000)), Some(at(1000))));
    let refused = after(&hold(Phase::Putting), &refused());
    assert_eq!((refused.written_at, refused.unanswered_at), (Some(at(1000)), None));
    let unanswered = after(&hold(Phase::Putting), &Outcome::Unanswered);
    assert_eq!((unanswered.written_at, unanswered.unanswered_at), (Some(at(0)), Some(at(1000))));
}

#[test]
fn only_a_put_of_which_nothing_may_have_arrived_is_dropped_when_the_field_had_changed() {
    let fresh = Hold { written_at: None, earlier: vec![], ..hold(Phase::Putting) };
    let changed = Outcome::Changed { seen: None };
    assert_eq!(confirm(&fresh, &changed, at(1000)), Recording::Drop);
    for kept in [
        Hold { phase: Phase::Restoring, ..fresh.clone() },
        Hold { written_at: Some(at(0)), ..fresh.clone() },
        Hold { unanswered_at: Some(at(0)), ..fresh.clone() },
        Hold { earlier: vec![text("Old")], ..fresh.clone() },
    ] {
        assert_eq!(after(&kept, &changed), kept);
    }
}

#[test]
fn a_redirect_that_stays_as_it_was_makes_nothing_ours_and_is_told_from_one_that_works() {
    let to = |target: &str| Value::Redirect("210".parse().unwrap(), Redirect::to_number(target));
    let put = Hold { under: to("1"), put: to("2"), earlier: vec![], ..hold(Phase::Putting) };
    let without_effect = after(&put, &Outcome::Done { seen: Some(to("3")) });
    assert_eq!(without_effect.earlier, vec![]);
    assert!(without_effect.is_ineffective());
    assert!(!after(&without_effect, &Outcome::Done { seen: Some(to("2")) }).is_ineffective());
}
