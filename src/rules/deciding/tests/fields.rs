//! DND, the indicator, and what the module is told to put back.

use super::*;

fn dnd(under: Dnd, phase: Phase) -> Hold {
    Hold { under: Value::Dnd(under), put: Value::Dnd(Dnd::On), earlier: vec![], ..hold(phase) }
}

#[test]
fn dnd_that_a_person_switches_off_stays_off_until_the_entry_ends() {
    let wish = Wish::of(vec![claim("e1", Value::Dnd(Dnd::On))]);
    let off = Seen { dnd: Some(Dnd::Off), ..seen(Presence::Available, "") };
    let [yielding] = &member(&off, &[dnd(Dnd::Off, Phase::Held)], Some(&wish))[..] else { panic!() };
    assert_eq!(yielding.why, Why::Yields);
    assert_eq!(yielding.step.as_ref().unwrap().deed, Deed::Forget(Field::Dnd), "the module forgets it too");
    let held = kept(&Some(yielding.clone())).clone();
    assert_eq!(member(&off, std::slice::from_ref(&held), Some(&wish)), []);
    let [ended] = &member(&off, &[held], None)[..] else { panic!() };
    assert_eq!(ended.recording, Recording::Drop);
}

#[test]
fn dnd_that_was_on_before_stays_on_at_the_end() {
    let wish = Wish::of(vec![claim("e1", Value::Dnd(Dnd::On))]);
    let on = Seen { dnd: Some(Dnd::On), ..seen(Presence::Available, "") };
    let [begun] = &member(&on, &[], Some(&wish))[..] else { panic!() };
    assert_eq!((begun.why, kept(&Some(begun.clone())).under.clone()), (Why::ShownAlready, Value::Dnd(Dnd::On)));
    let [ended] = &member(&on, &[dnd(Dnd::On, Phase::Held)], None)[..] else { panic!() };
    assert_eq!(ended.recording, Recording::Drop);
}

pub(super) fn indicator(under: Telephony, phase: Phase) -> Hold {
    Hold { under: Value::Indicator(under), put: Value::Indicator(Telephony::Active), earlier: vec![], ..hold(phase) }
}

pub(super) fn red() -> Wish {
    Wish::of(vec![claim("e1", Value::Indicator(Telephony::Active))])
}

pub(super) fn on_the_telephone(telephony: Option<Telephony>, call: Call) -> Seen {
    Seen { telephony, call, ..seen(Presence::Available, "") }
}

#[test]
fn the_indicator_is_never_written_during_a_call_that_is_known() {
    let ringing = on_the_telephone(Some(Telephony::Ringing), Call::UnderWay);
    assert_eq!(member(&ringing, &[], Some(&red())), []);
    for phase in [Phase::Putting, Phase::Held, Phase::Restoring] {
        assert_eq!(member(&ringing, &[indicator(Telephony::Available, phase)], Some(&red())), []);
    }
    let [ended] = &member(&ringing, &[indicator(Telephony::Available, Phase::Held)], None)[..] else { panic!() };
    assert_eq!(ended.recording, Recording::Drop, "the call's end sets it back");
    assert!(ended.step.as_ref().is_none_or(|step| step.written().is_none()));
}

#[test]
fn taking_the_indicator_off_brings_back_lasting_states_only() {
    #[track_caller]
    fn case(under: Telephony, expected: Telephony) {
        let red = on_the_telephone(Some(Telephony::Active), Call::None);
        let moves = member(&red, &[indicator(under, Phase::Held)], None);
        assert_eq!(written(&moves.into_iter().next()), Some(Value::Indicator(expected)));
    }
    case(Telephony::Unavailable, Telephony::Unavailable);
    case(Telephony::QueuePause, Telephony::QueuePause);
    case(Telephony::Available, Telephony::Available);
    case(Telephony::Ringing, Telephony::Available);
    case(Telephony::Other("NEW".to_owned()), Telephony::Available);
}

#[test]
fn an_indicator_that_is_not_shown_back_is_written_without_expectation_every_five_minutes() {
    let dark = on_the_telephone(None, Call::Unknown);
    let [begun] = &member(&dark, &[], Some(&red()))[..] else { panic!() };
    let put = kept(&Some(begun.clone())).clone();
    assert!(matches!(begun.step.as_ref().unwrap().deed, Deed::Write { expect: None, .. }));
    assert_eq!((put.sight, put.under.clone()), (Sight::Blind, Value::Indicator(Telephony::Available)));
    let Recording::Keep(held) = confirm(&put, &Outcome::Done { seen: None }, at(800)) else { panic!() };
    assert_eq!(held.phase, Phase::Held);
    assert_eq!(member(&dark, std::slice::from_ref(&held), Some(&red())), [], "200 seconds later");
    let older = Hold { written_at: Some(at(700)), ..held.clone() };
    let [again] = &member(&dark, &[older], Some(&red()))[..] else { panic!() };
    assert_eq!(again.why, Why::Refreshed);
    let [ended] = &member(&dark, &[held], None)[..] else { panic!() };
    assert_eq!(written(&Some(ended.clone())), Some(Value::Indicator(Telephony::Available)));
    let restoring = kept(&Some(ended.clone())).clone();
    assert_eq!(confirm(&restoring, &Outcome::Done { seen: None }, at(1001)), Recording::Drop);
}

#[test]
fn an_indicator_that_shows_something_else_than_was_just_written_is_not_shown_back() {
    let put = indicator(Telephony::Available, Phase::Putting);
    let seen = Some(Value::Indicator(Telephony::Available));
    let Recording::Keep(held) = confirm(&put, &Outcome::Done { seen: seen.clone() }, at(1000)) else { panic!() };
    assert_eq!((held.phase, held.sight), (Phase::Held, Sight::Blind));
    let calm = on_the_telephone(Some(Telephony::Available), Call::None);
    assert_eq!(member(&calm, &[held], Some(&red())), [], "there is no drift");
}

#[test]
fn after_a_call_the_indicator_is_put_on_again() {
    let after = on_the_telephone(Some(Telephony::Available), Call::None);
    let [again] = &member(&after, &[indicator(Telephony::Available, Phase::Held)], Some(&red()))[..] else { panic!() };
    assert_eq!(written(&Some(again.clone())), Some(Value::Indicator(Telephony::Active)));
}

#[test]
fn every_put_tells_the_module_what_to_put_back_and_when() {
    let long = Claim { ends_at: at(7200), ..claim("e2", text("Other")) };
    let both = Wish::of(vec![claim("e1", text("Mine")), long]);
    let decided = Case::new(None, "Before", Some(both)).decide();
    let Deed::Write { back, .. } = decided.unwrap().step.unwrap().deed else { panic!() };
    let after = at(7200) + Duration::minutes(15);
    assert_eq!(back, Some(Back { value: text("Before"), after }), "15 minutes after the last end");
}

#[test]
fn a_write_back_leaves_nothing_for_the_module_to_put_back() {
    let decided = Case::new(Some(hold(Phase::Held)), "Mine", None).decide();
    assert!(matches!(decided.unwrap().step.unwrap().deed, Deed::Write { back: None, .. }));
}

#[test]
fn an_end_that_moves_without_a_write_replaces_what_the_module_remembers() {
    let moved = Wish::of(vec![Claim { ends_at: at(5000), ..claim("e1", text("Mine")) }]);
    let decided = Case::new(Some(hold(Phase::Held)), "Mine", Some(moved)).decide().unwrap();
    let after = at(5000) + Duration::minutes(15);
    assert_eq!(decided.step.unwrap().deed, Deed::Remember(Back { value: text("Before"), after }));
}

#[test]
fn a_hold_that_is_dropped_without_a_write_is_forgotten_by_the_module() {
    let decided = Case::new(Some(hold(Phase::Held)), "Hers", None).decide().unwrap();
    assert_eq!((decided.recording, decided.step.unwrap().deed), (Recording::Drop, Deed::Forget(Field::Text)));
}
