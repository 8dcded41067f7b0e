//! When what does not stand is written again, and what goes on without a write.

use super::*;

/// A hold whose last write was refused at second 990, as often as that.
fn refused(phase: Phase, rewrites: u32) -> Hold {
    Hold { rewrites, written_at: Some(at(990)), ..hold(phase) }
}

#[test]
fn a_refused_write_back_is_tried_again_at_a_growing_distance() {
    let mut case = Case::new(Some(refused(Phase::Restoring, 1)), "Mine", None);
    case.now = 1049;
    assert_eq!(case.decide(), None);
    case.now = 1050;
    assert_eq!(written(&case.decide()), Some(text("Before")));
}

#[test]
fn a_write_back_waits_for_nothing_when_it_is_the_first_or_the_one_before_was_lost() {
    let contested = Case::new(Some(refused(Phase::Held, 20)), "Mine", None).decide();
    assert_eq!((written(&contested), kept(&contested).rewrites), (Some(text("Before")), 0));
    let lost = Hold { unanswered_at: Some(at(999)), ..refused(Phase::Restoring, 0) };
    let again = Case::new(Some(lost), "Mine", None).decide().unwrap();
    assert_eq!((again.step.as_ref().unwrap().written(), again.why), (Some(&text("Before")), Why::Again));
}

#[test]
fn another_wish_and_one_that_comes_back_wait_for_nothing_and_count_from_the_start() {
    for (phase, words) in [(Phase::Held, "Next"), (Phase::Putting, "Next"), (Phase::Restoring, "Mine")] {
        let decided = Case::new(Some(refused(phase, 5)), "Before", Some(wish(words))).decide();
        assert_eq!((written(&decided), kept(&decided).rewrites), (Some(text(words)), 0), "{phase:?}");
    }
}

#[test]
fn a_put_whose_answer_was_lost_is_tried_again_at_once_and_a_refused_one_keeps_its_count() {
    let lost = Hold { unanswered_at: Some(at(999)), ..refused(Phase::Putting, 0) };
    assert_eq!(written(&Case::new(Some(lost), "Before", Some(wish("Mine"))).decide()), Some(text("Mine")));
    let mut case = Case::new(Some(refused(Phase::Putting, 3)), "Before", Some(wish("Mine")));
    case.now = 990 + 240;
    assert_eq!(kept(&case.decide()).rewrites, 3, "nobody wrote over it");
}

#[test]
fn after_a_restart_the_count_begins_anew() {
    let mut case = Case::new(Some(refused(Phase::Held, 3)), "", Some(wish("Mine")));
    case.restarted = Some(995);
    assert_eq!(kept(&case.decide()).rewrites, 0);
}

#[test]
fn a_put_that_a_read_confirms_counts_as_written_at_that_moment() {
    let confirmed = Case::new(Some(hold(Phase::Putting)), "Mine", Some(wish("Mine"))).decide();
    assert_eq!(kept(&confirmed).written_at, Some(at(1000)));
    assert_eq!(confirmed.unwrap().why, Why::Settles);
}

#[test]
fn a_restart_before_the_last_write_needs_nothing_recorded() {
    let mut case = Case::new(Some(hold(Phase::Held)), "Mine", Some(wish("Mine")));
    case.restarted = Some(-500);
    assert_eq!(case.decide(), None);
}

#[test]
fn an_entry_that_joins_in_is_recorded_and_nothing_is_written() {
    let earlier_end = Claim { ends_at: at(1800), ..claim("e2", text("Mine")) };
    let both = Wish::of(vec![earlier_end, claim("e1", text("Mine"))]);
    let decided = Case::new(Some(hold(Phase::Held)), "Mine", Some(both)).decide();
    let entries: Vec<_> = kept(&decided).claimants.iter().map(|claimant| claimant.entry.0.as_str()).collect();
    assert_eq!(entries, ["e2", "e1"]);
    let decided = decided.unwrap();
    assert_eq!((decided.step, decided.why), (None, Why::Claims));
}

#[test]
fn what_waits_to_be_written_again_is_recorded_with_its_reason() {
    let joined = || Wish::of(vec![claim("e1", text("Mine")), claim("e2", text("Mine"))]);
    let mut case = Case::new(Some(hold(Phase::Held)), "Hers", Some(wish("Mine")));
    case.now = 29;
    assert_eq!(case.decide().unwrap().why, Why::Overwritten);
    let mut case = Case::new(Some(hold(Phase::Held)), "Before", Some(joined()));
    case.now = 29;
    assert_eq!(case.decide().unwrap().why, Why::Claims);
}

#[test]
fn a_write_says_whether_somebody_wrote_over_ours_or_ours_was_not_confirmed() {
    #[track_caller]
    fn case(phase: Phase, shown: &'static str, expected: Why) {
        let decided = Case::new(Some(hold(phase)), shown, Some(wish("Mine"))).decide().unwrap();
        assert_eq!(decided.why, expected, "{phase:?} showing {shown:?}");
    }
    case(Phase::Putting, "Before", Why::Again);
    case(Phase::Putting, "Hers", Why::Overwritten);
    case(Phase::Held, "Before", Why::Overwritten);
    case(Phase::Held, "Hers", Why::Overwritten);
    case(Phase::Restoring, "Before", Why::Begins);
}

#[test]
fn what_is_taken_off_is_told_from_what_is_put_on() {
    let takes_off = |recording: Recording| Move { recording, ..moved() }.takes_off();
    fn moved() -> Move {
        Case::new(None, "Before", Some(wish("Mine"))).decide().unwrap()
    }
    assert!(takes_off(Recording::Drop));
    for (phase, expected) in
        [(Phase::Putting, false), (Phase::Held, false), (Phase::Restoring, true), (Phase::Yielded, true)]
    {
        assert_eq!(takes_off(Recording::Keep(hold(phase))), expected, "{phase:?}");
    }
}

#[test]
fn of_the_entries_that_yielded_only_those_that_go_on_are_kept() {
    let both = Hold { yielded: vec![EntryId("e1".to_owned()), EntryId("e2".to_owned())], ..yielded() };
    let decided = Case::new(Some(both), "Hers", Some(wish("Mine"))).decide();
    assert_eq!(kept(&decided).yielded, [EntryId("e1".to_owned())]);
    assert_eq!((kept(&decided).phase, &decided.as_ref().unwrap().step), (Phase::Yielded, &None));
}

#[test]
fn what_yielded_ends_without_a_step_as_the_module_forgot_it_then() {
    let ended = Case::new(Some(yielded()), "Hers", None).decide().unwrap();
    assert_eq!((ended.recording, ended.step, ended.why), (Recording::Drop, None, Why::Ends));
}

#[test]
fn every_reason_has_words_of_its_own() {
    let reasons = [
        Why::Begins,
        Why::ShownAlready,
        Why::ShownUnknown,
        Why::Changes,
        Why::Ends,
        Why::LeftAlone,
        Why::Overwritten,
        Why::Yields,
        Why::Again,
        Why::Settles,
        Why::Claims,
        Why::Refreshed,
        Why::Stranger,
    ];
    let words: std::collections::BTreeSet<_> = reasons.map(Why::words).into();
    assert_eq!(words.len(), reasons.len());
    assert!(words.iter().all(|words| words.contains(' ')));
}

#[test]
fn of_the_entries_that_a_person_took_the_field_from_those_that_are_gone_are_forgotten_at_every_turn() {
    let [on, gone] = ["e1", "gone"].map(|entry| EntryId(entry.to_owned()));
    let held = Hold { yielded: vec![on.clone(), gone.clone()], ..hold(Phase::Held) };
    let later = Wish::of(vec![claim("e2", text("Mine")), claim("e1", text("First"))]);
    #[track_caller]
    fn case(held: &Hold, shown: &'static str, wanted: &Wish, phase: Phase) {
        let decided = Case::new(Some(held.clone()), shown, Some(wanted.clone())).decide();
        assert_eq!((kept(&decided).phase, &kept(&decided).yielded[..]), (phase, &held.yielded[..1]));
    }
    case(&held, "Mine", &later, Phase::Held);
    case(&held, "Mine", &wish("First"), Phase::Restoring);
    case(&held, "Hers", &wish("First"), Phase::Yielded);
    let ended = Hold { yielded: vec![gone], ..held };
    let decided = Case::new(Some(ended), "Hers", None).decide().unwrap();
    assert_eq!(decided.recording, Recording::Drop);
}
