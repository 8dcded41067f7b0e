//! The transitions of a hold, pair by pair.

use super::*;
use crate::rules::{EntryId, Presence};

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

fn wish(words: &str) -> Wish {
    Wish {
        presence: None,
        text: Some(StatusText(words.to_owned())),
        entries: vec![EntryId("e1".to_owned())],
        earliest_start: at(0),
    }
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
}

impl Case {
    fn new(hold: Option<Hold>, shown: &'static str, wish: Option<Wish>) -> Self {
        Self { now: 1000, wish, hold, shown, texts_put: vec![], journal_began: -1000, restarted: None }
    }

    fn decide(&self) -> Option<Move> {
        let holds: Vec<Hold> = self.hold.clone().into_iter().collect();
        let texts: Vec<_> = self.texts_put.iter().map(|text| StatusText((*text).to_owned())).collect();
        let seen = Seen { presence: Presence::Available, text: StatusText(self.shown.to_owned()) };
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
            reassert_interval: INTERVAL,
        };
        let mut moves = decide(&situation);
        assert!(moves.len() <= 1, "one field, one move: {moves:?}");
        moves.pop()
    }
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
    decided.as_ref().and_then(|decided| decided.step.clone()).map(|step| step.value)
}

/// Says what a pair of phase and shown text leads to, as `put`, `under`, `drop`, `record` or `nothing`.
#[track_caller]
fn leads(phase: Phase, shown: &'static str, wanted: Option<&str>, expected: &str, under: &str) {
    let decided = Case::new(Some(hold(phase)), shown, wanted.map(wish)).decide();
    let found = match &decided {
        None => "nothing",
        Some(Move { recording: Recording::Drop, step: None, .. }) => "drop",
        Some(Move { recording: Recording::Drop, step: Some(_), .. }) => "drop with a step",
        Some(Move { step: None, .. }) => "record",
        Some(Move { step: Some(step), .. }) if step.value == text("Before") => "under",
        Some(Move { step: Some(step), .. }) if Some(&step.value) == wanted.map(text).as_ref() => "put",
        Some(_) => "something else",
    };
    assert_eq!(found, expected, "{phase:?} showing {shown:?}, wanted {wanted:?}");
    if let Some(Move { recording: Recording::Keep(hold), step, .. }) = &decided {
        assert_eq!(hold.under, text(under), "{phase:?} showing {shown:?}, wanted {wanted:?}");
        if let Some(step) = step {
            assert_eq!(step.expect, text(shown), "a write expects exactly what was read");
        }
    }
}

#[test]
fn every_phase_and_everything_shown_leads_where_the_table_says_while_the_same_is_wanted() {
    let same = Some("Mine");
    leads(Phase::Putting, "Mine", same, "record", "Before");
    leads(Phase::Putting, "Before", same, "put", "Before");
    leads(Phase::Putting, "Old", same, "put", "Before");
    leads(Phase::Putting, "Hers", same, "put", "Hers");
    leads(Phase::Held, "Mine", same, "nothing", "Before");
    leads(Phase::Held, "Before", same, "put", "Before");
    leads(Phase::Held, "Old", same, "put", "Before");
    leads(Phase::Held, "Hers", same, "put", "Hers");
    leads(Phase::Restoring, "Mine", same, "record", "Before");
    leads(Phase::Restoring, "Before", same, "put", "Before");
    leads(Phase::Restoring, "Old", same, "put", "Before");
    leads(Phase::Restoring, "Hers", same, "put", "Hers");
    leads(Phase::Yielded, "Hers", same, "nothing", "Before");
}

#[test]
fn every_phase_and_everything_shown_leads_where_the_table_says_while_another_is_wanted() {
    let other = Some("Next");
    for phase in [Phase::Putting, Phase::Held, Phase::Restoring] {
        leads(phase, "Mine", other, "put", "Before");
        leads(phase, "Before", other, "put", "Before");
        leads(phase, "Old", other, "put", "Before");
        leads(phase, "Hers", other, "put", "Hers");
        leads(phase, "Next", other, "record", "Next");
    }
}

#[test]
fn every_phase_and_everything_shown_leads_where_the_table_says_when_nothing_is_wanted() {
    for phase in [Phase::Putting, Phase::Held, Phase::Restoring] {
        leads(phase, "Mine", None, "under", "Before");
        leads(phase, "Before", None, "drop", "Before");
        leads(phase, "Old", None, "under", "Before");
        leads(phase, "Hers", None, "drop", "Before");
    }
    leads(Phase::Yielded, "Mine", None, "drop", "Before");
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
        assert_eq!(case.decide().is_some(), expected, "{rewrites} rewrites, second {second}");
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
fn a_hold_is_not_dropped_while_an_unanswered_write_may_still_land() {
    #[track_caller]
    fn dropped(second: i64, expected: bool) {
        let mut putting = hold(Phase::Putting);
        putting.unanswered_at = Some(at(100));
        let mut case = Case::new(Some(putting), "Before", None);
        case.now = second;
        let decided = case.decide().unwrap();
        assert_eq!(decided.recording == Recording::Drop, expected, "second {second}");
        assert_eq!(decided.step, None);
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
fn presence_and_text_are_decided_apart() {
    let both = Wish { presence: Some(Presence::Away), ..wish("Mine") };
    let seen = Seen { presence: Presence::Away, text: StatusText("Before".to_owned()) };
    let situation = Situation {
        now: at(1000),
        account: AccountId(1010),
        login: &login(),
        wish: Some(&both),
        holds: &[],
        seen: &seen,
        texts_put: &[],
        journal_began_at: at(-1000),
        restarted_at: None,
        reassert_interval: INTERVAL,
    };
    let steps: Vec<_> = decide(&situation).into_iter().map(|one| (one.field, one.step.is_some())).collect();
    assert_eq!(steps, vec![(Field::Presence, false), (Field::Text, true)]);
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
