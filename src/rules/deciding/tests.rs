//! The transitions of a hold, pair by pair.

use chrono::Duration;

use super::*;
use crate::rules::samples::policy;
use crate::rules::{Back, Call, Claim, Claimant, Deed, Dnd, EntryId, FieldKind, Presence, Telephony, Value};

mod fields;
mod numbers;
mod outcomes;
mod pace;
mod table;
mod unknown;

const INTERVAL: Duration = Duration::seconds(30);

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn login() -> Login {
    Login("0010".to_owned())
}

fn text(words: &str) -> Value {
    Value::Text(StatusText(words.to_owned()))
}

/// A claim of an entry that started at second 0 and goes on for an hour.
fn claim(entry: &str, value: Value) -> Claim {
    Claim { entry: EntryId(entry.to_owned()), value, starts_at: at(0), ends_at: at(3600) }
}

fn wish(words: &str) -> Wish {
    Wish::of(vec![claim("e1", text(words))])
}

/// A member whose text is what the tests look at, with everything else calm.
struct Case {
    now: i64,
    wish: Option<Wish>,
    hold: Option<Hold>,
    shown: &'static str,
    texts_put: Vec<&'static str>,
    journal_began: i64,
    restarted: Option<i64>,
    policy: Policy,
}

impl Case {
    fn new(hold: Option<Hold>, shown: &'static str, wish: Option<Wish>) -> Self {
        Self {
            now: 1000,
            wish,
            hold,
            shown,
            texts_put: vec![],
            journal_began: -1000,
            restarted: None,
            policy: policy(),
        }
    }

    fn decide(&self) -> Option<Move> {
        let holds: Vec<Hold> = self.hold.clone().into_iter().collect();
        let texts: Vec<_> = self.texts_put.iter().map(|text| StatusText((*text).to_owned())).collect();
        let seen = seen(Presence::Available, self.shown);
        let situation = Situation {
            now: at(self.now),
            account: AccountId(1010),
            login: &login(),
            wish: self.wish.as_ref(),
            holds: &holds,
            seen: &seen,
            texts_put: &texts,
            journal_began_at: at(self.journal_began),
            restarted_at: self.restarted.map(at),
            policy: &self.policy,
        };
        let mut moves = decide(&situation);
        assert!(moves.len() <= 1, "one field, one move: {moves:?}");
        moves.pop()
    }
}

fn seen(presence: Presence, words: &str) -> Seen {
    let text = StatusText(words.to_owned());
    Seen { presence, text, telephony: Some(Telephony::Available), dnd: Some(Dnd::Off), call: Call::None }
}

/// A hold of `Mine` over `Before`, put first as `Old`, last written at second 0.
fn hold(phase: Phase) -> Hold {
    Hold {
        account: AccountId(1010),
        under: text("Before"),
        put: text("Mine"),
        earlier: vec![text("Old")],
        phase,
        claimants: vec![Claimant { account: AccountId(1010), login: login(), entry: EntryId("e1".to_owned()) }],
        since: at(0),
        written_at: Some(at(0)),
        unanswered_at: None,
        back_after: Some(at(3600) + Back::GRACE),
        yielded: vec![],
        sight: Sight::Clear,
        rewrites: 0,
    }
}

fn kept(decided: &Option<Move>) -> &Hold {
    match decided.as_ref().map(|decided| &decided.recording) {
        Some(Recording::Keep(hold)) => hold,
        other => panic!("expected a hold to be kept, got {other:?}"),
    }
}

fn written(decided: &Option<Move>) -> Option<Value> {
    decided.as_ref().and_then(|decided| decided.step.as_ref()?.written().cloned())
}

/// A hold that a person took back from entry `e1`.
fn yielded() -> Hold {
    Hold { yielded: vec![EntryId("e1".to_owned())], ..hold(Phase::Yielded) }
}

#[test]
fn what_was_yielded_stays_the_persons_while_the_entry_goes_on() {
    for shown in ["Mine", "Before", "Old", "Hers"] {
        assert_eq!(Case::new(Some(yielded()), shown, Some(wish("Mine"))).decide(), None, "{shown}");
        assert_eq!(Case::new(Some(yielded()), shown, Some(wish("Next"))).decide(), None, "{shown}, edited");
    }
}

#[test]
fn an_entry_that_begins_later_puts_on_afresh_over_the_persons_value() {
    let both = Wish::of(vec![claim("e2", text("Second")), claim("e1", text("Mine"))]);
    let decided = Case::new(Some(yielded()), "Hers", Some(both)).decide();
    assert_eq!(written(&decided), Some(text("Second")));
    assert_eq!(kept(&decided).under, text("Hers"));
    assert_eq!(kept(&decided).yielded, [EntryId("e1".to_owned())]);
    assert_eq!(kept(&decided).claimants.len(), 1, "the first entry claims nothing any more");
}

#[test]
fn an_entry_that_begins_in_the_moment_a_change_is_noticed_puts_on_afresh_too() {
    let both = Wish::of(vec![claim("e2", text("Second")), claim("e1", text("Mine"))]);
    let mut case = Case::new(Some(hold(Phase::Held)), "Hers", Some(both));
    case.policy.respected.insert(FieldKind::Text);
    let decided = case.decide();
    assert_eq!(written(&decided), Some(text("Second")));
    assert_eq!(kept(&decided).under, text("Hers"));
    assert_eq!(kept(&decided).yielded, [EntryId("e1".to_owned())]);
}

#[test]
fn when_the_later_entry_ends_before_the_yielded_one_the_persons_value_comes_back_and_stays() {
    let mut second = hold(Phase::Held);
    second.yielded = vec![EntryId("e1".to_owned())];
    second.under = text("Hers");
    let decided = Case::new(Some(second), "Mine", Some(wish("First"))).decide();
    assert_eq!(written(&decided), Some(text("Hers")));
    let restoring = kept(&decided).clone();
    let Recording::Keep(after) = confirm(&restoring, &Outcome::Done { seen: Some(text("Hers")) }, at(1001)) else {
        panic!("the first entry goes on, so the hold stays yielded")
    };
    assert_eq!(after.phase, Phase::Yielded);
    assert_eq!(Case::new(Some(after), "Hers", Some(wish("First"))).decide(), None);
}

#[test]
fn a_restart_of_the_pbx_is_no_persons_change() {
    let mut case = Case::new(Some(hold(Phase::Held)), "", Some(wish("Mine")));
    case.policy.respected.insert(FieldKind::Text);
    case.restarted = Some(3);
    let decided = case.decide();
    assert_eq!(written(&decided), Some(text("Mine")));
    assert_eq!(kept(&decided).under, text("Before"));
}

/// A hold that is shown to stand, while a write of ours of so long ago was never answered.
fn unanswered(seconds: i64) -> Case {
    let held = Hold { unanswered_at: Some(at(1000 - seconds)), ..hold(Phase::Held) };
    let mut case = Case::new(Some(held), "Before", Some(wish("Mine")));
    case.policy.respected.insert(FieldKind::Text);
    case
}

#[test]
fn a_late_write_of_ours_that_put_the_field_back_is_no_persons_change() {
    // It may have landed just before the end of its time, and be seen at the next look.
    for seconds in [0, 59, 60, 89] {
        let decided = unanswered(seconds).decide();
        assert_eq!(written(&decided), Some(text("Mine")), "{seconds} s");
        assert_eq!((kept(&decided).phase, &kept(&decided).under), (Phase::Putting, &text("Before")), "{seconds} s");
    }
}

#[test]
fn what_no_late_write_can_have_done_is_a_persons_change() {
    let later = unanswered(90);
    assert_eq!(kept(&later.decide()).phase, Phase::Yielded);
    let other = Case { shown: "Hers", ..unanswered(10) };
    assert_eq!(kept(&other.decide()).phase, Phase::Yielded);
}

#[test]
fn an_account_that_belongs_to_another_login_is_let_go_and_nothing_is_written_back() {
    let mut stranger = hold(Phase::Held);
    stranger.claimants[0].login = Login("0099".to_owned());
    for wanted in [None, Some(wish("Mine"))] {
        let decided = Case::new(Some(stranger.clone()), "Mine", wanted).decide().unwrap();
        assert_eq!((decided.recording, decided.why), (Recording::Drop, Why::Stranger));
        assert!(decided.step.unwrap().written().is_none());
    }
}

#[test]
fn a_first_put_on_is_recorded_over_what_was_read_before_it_is_written() {
    let decided = Case::new(None, "Before", Some(wish("Mine"))).decide();
    assert_eq!(kept(&decided).under, text("Before"));
    assert_eq!(kept(&decided).phase, Phase::Putting);
    assert_eq!(written(&decided), Some(text("Mine")));
}

#[test]
fn without_a_wish_and_without_a_hold_nothing_is_done() {
    assert_eq!(Case::new(None, "Before", None).decide(), None);
}

#[test]
fn a_wish_that_is_shown_already_is_held_without_a_write() {
    let decided = Case::new(None, "Mine", Some(wish("Mine"))).decide();
    assert_eq!((kept(&decided).phase, written(&decided)), (Phase::Held, None));
    assert_eq!(kept(&decided).under, text("Mine"), "the member's own choice comes back");
}

#[test]
fn a_wish_shown_already_is_over_neutral_when_the_journal_is_younger_than_the_entry() {
    let mut case = Case::new(None, "Mine", Some(wish("Mine")));
    case.journal_began = 500;
    let decided = case.decide();
    assert_eq!(kept(&decided).under, text(""));
    assert_eq!(decided.unwrap().why, Why::ShownUnknown);
}

#[test]
fn a_text_we_put_within_a_day_never_becomes_what_was_before() {
    let mut case = Case::new(None, "Our old text", Some(wish("Mine")));
    case.texts_put = vec!["Our  old text"];
    assert_eq!(kept(&case.decide()).under, text(""));
}

#[test]
fn an_overwriting_with_an_old_text_of_ours_leaves_what_was_before() {
    // STARFACE clients write back a text they remember, also one of ours.
    let mut case = Case::new(Some(hold(Phase::Held)), "Yesterday's", Some(wish("Mine")));
    case.texts_put = vec!["Yesterday's"];
    let decided = case.decide();
    assert_eq!(kept(&decided).under, text("Before"));
    assert_eq!(written(&decided), Some(text("Mine")));
}

#[test]
fn texts_that_differ_in_blanks_or_composition_only_are_the_same() {
    let mut composed = hold(Phase::Held);
    composed.put = text("Caf\u{e9} am  See");
    let decided = Case::new(Some(composed), " Cafe\u{301} am See ", None).decide();
    assert_eq!(written(&decided), Some(text("Before")), "it is ours, so it is taken off");
}

#[test]
fn a_change_keeps_what_was_before_and_remembers_the_put() {
    let decided = Case::new(Some(hold(Phase::Held)), "Mine", Some(wish("Next"))).decide();
    assert_eq!(kept(&decided).earlier, vec![text("Old"), text("Mine")]);
    assert_eq!(kept(&decided).phase, Phase::Putting);
    assert_eq!(kept(&decided).under, text("Before"));
}

#[test]
fn a_hold_remembers_a_bounded_number_of_puts() {
    let mut many = hold(Phase::Held);
    many.earlier = (0..Hold::EARLIER_MAX).map(|number| text(&number.to_string())).collect();
    let decided = Case::new(Some(many), "Mine", Some(wish("Next"))).decide();
    assert_eq!(kept(&decided).earlier.len(), Hold::EARLIER_MAX);
    assert_eq!(kept(&decided).earlier.last(), Some(&text("Mine")));
}

#[test]
fn an_overwritten_value_waits_for_the_interval_that_doubles_to_five_minutes() {
    #[track_caller]
    fn due(rewrites: u32, second: i64, expected: bool) {
        let mut held = hold(Phase::Held);
        held.rewrites = rewrites;
        let mut case = Case::new(Some(held), "Hers", Some(wish("Mine")));
        case.now = second;
        let decided = case.decide();
        assert_eq!(written(&decided).is_some(), expected, "{rewrites} rewrites, second {second}");
        assert_eq!(kept(&decided).under, text("Hers"), "what a person chose is remembered before it is written over");
    }
    due(0, 29, false);
    due(0, 30, true);
    due(1, 59, false);
    due(1, 60, true);
    due(4, 299, false);
    due(4, 300, true);
    due(1000, 300, true);
}

#[test]
fn the_distance_grows_while_it_goes_on_and_falls_back_when_ours_stood_for_twice_as_long() {
    #[track_caller]
    fn after(rewrites: u32, second: i64, expected: u32) {
        let mut held = hold(Phase::Held);
        held.rewrites = rewrites;
        let mut case = Case::new(Some(held), "Hers", Some(wish("Mine")));
        case.now = second;
        assert_eq!(kept(&case.decide()).rewrites, expected, "{rewrites} rewrites, second {second}");
    }
    after(0, 30, 1);
    after(0, 60, 0);
    after(2, 120, 3);
    after(2, 240, 0);
}

#[test]
fn after_a_restart_of_the_pbx_the_value_goes_on_at_once_over_the_old_underlay() {
    let mut case = Case::new(Some(hold(Phase::Held)), "", Some(wish("Mine")));
    case.now = 5;
    case.restarted = Some(3);
    let decided = case.decide();
    assert_eq!(kept(&decided).under, text("Before"));
    assert_eq!(written(&decided), Some(text("Mine")));
}

#[test]
fn a_choice_long_after_a_restart_that_lost_nothing_comes_back_at_the_end() {
    #[track_caller]
    fn under_after(looked: i64, expected: &str) {
        let mut case = Case::new(Some(hold(Phase::Held)), "Mine", Some(wish("Mine")));
        case.restarted = Some(10);
        case.now = looked;
        let survived = case.decide().map_or(hold(Phase::Held), |decided| kept(&Some(decided)).clone());
        let mut case = Case::new(Some(survived), "Hers", Some(wish("Mine")));
        case.restarted = Some(10);
        case.now = 1_000;
        assert_eq!(kept(&case.decide()).under, text(expected), "looked at in second {looked}");
    }
    under_after(309, "Before");
    under_after(310, "Hers");
}

#[test]
fn a_hold_is_not_dropped_while_an_unanswered_write_may_still_land() {
    #[track_caller]
    fn dropped(second: i64, expected: bool) {
        let mut putting = hold(Phase::Putting);
        putting.unanswered_at = Some(at(100));
        let mut case = Case::new(Some(putting), "Before", None);
        case.now = second;
        let decided = case.decide().unwrap();
        assert_eq!(decided.recording == Recording::Drop, expected, "second {second}");
        assert!(decided.step.is_none_or(|step| step.written().is_none()));
    }
    dropped(100, false);
    dropped(159, false);
    dropped(160, true);
}

#[test]
fn a_late_write_that_lands_while_restoring_is_taken_off() {
    let mut restoring = hold(Phase::Restoring);
    restoring.unanswered_at = Some(at(940));
    assert_eq!(written(&Case::new(Some(restoring), "Mine", None).decide()), Some(text("Before")));
}

#[test]
fn every_field_is_decided_apart() {
    let all = Wish::of(vec![
        claim("e1", Value::Presence(Presence::Away)),
        claim("e1", text("Mine")),
        claim("e1", Value::Indicator(Telephony::Active)),
        claim("e1", Value::Dnd(Dnd::On)),
    ]);
    let seen = Seen { dnd: None, ..seen(Presence::Away, "Before") };
    let steps: Vec<_> = member(&seen, &[], Some(&all))
        .into_iter()
        .map(|one| (one.field, one.step.is_some_and(|step| step.written().is_some())))
        .collect();
    assert_eq!(steps, [(Field::Presence, false), (Field::Text, true), (Field::Indicator, true)], "DND is not known");
}

/// Decides for a member at second 1000.
fn member(seen: &Seen, holds: &[Hold], wish: Option<&Wish>) -> Vec<Move> {
    decide(&Situation {
        now: at(1000),
        account: AccountId(1010),
        login: &login(),
        wish,
        holds,
        seen,
        texts_put: &[],
        journal_began_at: at(-1000),
        restarted_at: None,
        policy: &policy(),
    })
}

#[test]
fn twenty_rewrites_in_a_row_are_a_problem() {
    let contested = |rewrites| Hold { rewrites, ..hold(Phase::Held) }.is_contested();
    assert!(!contested(19));
    assert!(contested(20));
}

#[test]
fn a_put_that_surely_never_left_is_begun_anew() {
    let fresh = Hold { written_at: None, earlier: vec![], ..hold(Phase::Putting) };
    for outcome in [Outcome::Changed { seen: None }, Outcome::NotSent, Outcome::Stale] {
        assert_eq!(confirm(&fresh, &outcome, at(1000)), Recording::Drop, "{outcome:?}");
    }
    assert!(matches!(confirm(&fresh, &Outcome::Unanswered, at(1000)), Recording::Keep(_)));
}

#[test]
fn outcomes_move_a_hold_on_or_leave_it_unsettled() {
    let done = |seen: Option<&str>| Outcome::Done { seen: seen.map(text) };
    #[track_caller]
    fn case(phase: Phase, outcome: &Outcome, expected: Option<Phase>) {
        let recorded = match confirm(&hold(phase), outcome, at(1000)) {
            Recording::Keep(hold) => Some(hold.phase),
            Recording::Drop => None,
        };
        assert_eq!(recorded, expected, "{phase:?} after {outcome:?}");
    }
    case(Phase::Putting, &done(None), Some(Phase::Held));
    case(Phase::Putting, &done(Some("Mine")), Some(Phase::Held));
    case(Phase::Putting, &done(Some("Hers")), Some(Phase::Putting));
    case(Phase::Restoring, &done(Some("Before")), None);
    case(Phase::Restoring, &done(Some("Mine")), Some(Phase::Restoring));
    for phase in [Phase::Putting, Phase::Restoring] {
        case(phase, &Outcome::Changed { seen: None }, Some(phase));
        case(phase, &Outcome::Stale, Some(phase));
        case(phase, &Outcome::Refused { error: "no".to_owned() }, Some(phase));
        case(phase, &Outcome::Unanswered, Some(phase));
        case(phase, &Outcome::NotSent, Some(phase));
    }
}

#[test]
fn a_text_that_the_pbx_keeps_in_another_form_is_ours_and_never_becomes_what_was_before() {
    let shortened = Outcome::Done { seen: Some(text("Min")) };
    let Recording::Keep(put) = confirm(&hold(Phase::Putting), &shortened, at(100)) else { panic!() };
    let again = Case::new(Some(put.clone()), "Min", Some(wish("Mine"))).decide();
    assert_eq!(kept(&again).under, text("Before"));
    let off = Case::new(Some(put), "Min", None).decide();
    assert_eq!(written(&off), Some(text("Before")));
}

#[test]
fn a_write_without_effect_makes_nothing_ours_that_was_there_before() {
    #[track_caller]
    fn case(shown: &str) {
        let ineffective = Outcome::Done { seen: Some(text(shown)) };
        let Recording::Keep(put) = confirm(&hold(Phase::Putting), &ineffective, at(100)) else { panic!() };
        assert_eq!(put.earlier, vec![text("Old")], "{shown:?}");
    }
    case("Before");
    case("");
    case("Old");
}

#[test]
fn a_hold_waits_for_the_next_rewrite_or_the_end_of_late_writes_and_not_for_an_instant_that_has_passed() {
    #[track_caller]
    fn case(now: i64, expected: i64) {
        let mut restoring = hold(Phase::Restoring);
        restoring.rewrites = 1;
        restoring.unanswered_at = Some(at(61));
        assert_eq!(restoring.settle_at(at(now), INTERVAL), Some(at(expected)), "second {now}");
    }
    case(59, 60);
    case(60, 121);
    case(120, 121);
    case(121, 121);
}

#[test]
fn a_clock_that_was_set_back_leaves_no_instant_to_come() {
    let mut held = hold(Phase::Held);
    held.unanswered_at = Some(at(-50));
    held.clock_set_back(at(-10));
    assert_eq!((held.written_at, held.unanswered_at), (Some(at(-10)), Some(at(-50))));
}

#[test]
fn a_restored_hold_stays_while_an_earlier_write_may_still_land() {
    let mut restoring = hold(Phase::Restoring);
    restoring.unanswered_at = Some(at(990));
    let kept = confirm(&restoring, &Outcome::Done { seen: Some(text("Before")) }, at(1000));
    assert!(matches!(kept, Recording::Keep(hold) if hold.phase == Phase::Restoring));
}

#[test]
fn a_refused_write_is_tried_again_at_a_growing_distance() {
    let refused = Outcome::Refused { error: "no".to_owned() };
    let Recording::Keep(first) = confirm(&hold(Phase::Putting), &refused, at(1000)) else { panic!() };
    assert_eq!(first.settle_at(at(1001), INTERVAL), Some(at(1060)));
    let mut case = Case::new(Some(first), "Before", Some(wish("Mine")));
    case.now = 1059;
    assert_eq!(case.decide(), None);
    case.now = 1060;
    assert_eq!(written(&case.decide()), Some(text("Mine")));
}

#[test]
fn what_was_on_its_way_when_the_process_ended_may_still_land() {
    assert_eq!(hold(Phase::Putting).after_restart(at(7)).unanswered_at, Some(at(7)));
    assert_eq!(hold(Phase::Restoring).after_restart(at(7)).unanswered_at, Some(at(7)));
    assert_eq!(hold(Phase::Held).after_restart(at(7)).unanswered_at, None);
}
