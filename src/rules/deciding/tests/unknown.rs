//! What nobody can tell for sure: a field that is not shown back, a journal begun late, a restart that may have lost it.

use super::fields::{indicator, on_the_telephone, red};
use super::*;

/// An indicator that is not shown back, last written as said.
fn blind(phase: Phase, written: i64, rewrites: u32) -> Hold {
    Hold { sight: Sight::Blind, written_at: Some(at(written)), rewrites, ..indicator(Telephony::Available, phase) }
}

/// The one move for it at second 1000, if there is one.
fn in_the_dark(hold: Hold, wish: Option<&Wish>) -> Option<Move> {
    member(&on_the_telephone(None, Call::Unknown), &[hold], wish).pop()
}

#[test]
fn a_lost_write_that_cannot_be_seen_is_tried_again_at_once_and_a_refused_one_at_its_distance() {
    let lost = in_the_dark(blind(Phase::Putting, 990, 0), Some(&red()));
    assert_eq!((written(&lost), lost.unwrap().why), (Some(Value::Indicator(Telephony::Active)), Why::Again));
    assert_eq!(in_the_dark(blind(Phase::Putting, 941, 1), Some(&red())), None);
    assert!(written(&in_the_dark(blind(Phase::Putting, 940, 1), Some(&red()))).is_some());
}

#[test]
fn an_indicator_that_is_not_shown_back_is_written_again_after_five_minutes_and_not_before() {
    assert_eq!(in_the_dark(blind(Phase::Held, 701, 0), Some(&red())), None);
    assert!(written(&in_the_dark(blind(Phase::Held, 700, 0), Some(&red()))).is_some());
}

#[test]
fn whether_the_indicator_is_compared_depends_on_whether_it_was_ever_shown_back() {
    let shown = |telephony, hold| member(&on_the_telephone(Some(telephony), Call::None), &[hold], Some(&red()));
    assert_eq!(shown(Telephony::Available, blind(Phase::Held, 900, 0)), [], "there is no drift");
    let clear = |written| Hold { sight: Sight::Clear, ..blind(Phase::Held, written, 0) };
    assert_eq!(shown(Telephony::Active, clear(0)), [], "what is seen to stand needs no refreshing");
    assert_eq!(shown(Telephony::Available, clear(900)).len(), 1, "there is drift");
}

#[test]
fn another_colour_is_written_at_once_though_nothing_is_shown() {
    let blue = Wish::of(vec![claim("e1", Value::Indicator(Telephony::QueuePause))]);
    let decided = in_the_dark(blind(Phase::Held, 999, 0), Some(&blue));
    assert_eq!(written(&decided), Some(Value::Indicator(Telephony::QueuePause)));
    assert_eq!(kept(&decided).earlier, [Value::Indicator(Telephony::Active)]);
    assert_eq!(decided.unwrap().why, Why::Changes);
}

#[test]
fn an_indicator_that_stops_being_shown_is_written_at_its_next_time_and_kept_blindly() {
    let clear = Hold { sight: Sight::Clear, ..blind(Phase::Held, 999, 0) };
    let decided = in_the_dark(clear, Some(&red()));
    assert_eq!((kept(&decided).sight, written(&decided)), (Sight::Blind, None));
}

#[test]
fn a_write_back_that_cannot_be_seen_is_repeated_once_no_lost_write_can_land_any_more() {
    let restored =
        |written, unanswered| Hold { unanswered_at: Some(at(unanswered)), ..blind(Phase::Restoring, written, 0) };
    let back = Some(Value::Indicator(Telephony::Available));
    assert_eq!(in_the_dark(restored(995, 990), None), None, "the lost write may land after ours");
    assert_eq!(written(&in_the_dark(restored(945, 940), None)), back, "it has landed by now, if ever");
    assert_eq!(written(&in_the_dark(restored(985, 990), None)), back, "the write back itself was lost");
    assert_eq!(written(&in_the_dark(restored(990, 990), None)), back, "nobody knows which came last");
    let putting = Hold { phase: Phase::Putting, ..restored(995, 990) };
    assert_eq!(written(&in_the_dark(putting, None)), back, "nothing was written back yet");
}

#[test]
fn what_a_person_took_back_stays_so_though_nothing_is_shown_any_more() {
    let yielded = Hold { yielded: vec![EntryId("e1".to_owned())], back_after: None, ..blind(Phase::Yielded, 0, 0) };
    assert_eq!(in_the_dark(yielded.clone(), Some(&red())), None);
    let calling = on_the_telephone(Some(Telephony::Active), Call::UnderWay);
    assert_eq!(member(&calling, std::slice::from_ref(&yielded), Some(&red())), [], "in a call neither");
    let ended = in_the_dark(yielded, None).unwrap();
    assert_eq!((ended.recording, ended.step), (Recording::Drop, None));
}

/// What is under the first hold on a field, while the journal began at this second and the entry at second 0.
fn under(seen: &Seen, wanted: Value, journal_began: i64) -> Value {
    let decided = decide(&Situation {
        now: at(1000),
        account: AccountId(1010),
        login: &login(),
        wish: Some(&Wish::of(vec![claim("e1", wanted)])),
        holds: &[],
        seen,
        texts_put: &[],
        journal_began_at: at(journal_began),
        restarted_at: None,
        policy: &policy(),
    });
    kept(&decided.into_iter().next()).under.clone()
}

#[test]
fn a_presence_or_text_shown_already_is_the_members_own_unless_the_journal_is_younger_than_the_entry() {
    #[track_caller]
    fn case(journal_began: i64, presence: Presence, words: &str) {
        let shown = seen(Presence::Away, "Mine");
        assert_eq!(under(&shown, Value::Presence(Presence::Away), journal_began), Value::Presence(presence));
        assert_eq!(under(&shown, text("Mine"), journal_began), text(words));
    }
    case(0, Presence::Away, "Mine");
    case(1, Presence::Available, "");
}

#[test]
fn dnd_shown_already_is_kept_as_it_is_seen_also_by_a_younger_journal() {
    let on = Seen { dnd: Some(Dnd::On), ..seen(Presence::Available, "") };
    assert_eq!(under(&on, Value::Dnd(Dnd::On), 500), Value::Dnd(Dnd::On));
}

#[test]
fn what_is_not_wanted_is_the_members_own_also_by_a_younger_journal() {
    assert_eq!(
        under(&seen(Presence::FreeForChat, ""), Value::Presence(Presence::Away), 500),
        Value::Presence(Presence::FreeForChat)
    );
}

#[test]
fn a_text_that_a_person_emptied_is_the_persons_though_an_empty_one_was_put() {
    let mut case = Case::new(Some(hold(Phase::Held)), "", Some(wish("Mine")));
    case.texts_put = vec![""];
    assert_eq!(kept(&case.decide()).under, text(""));
}

#[test]
fn what_is_shown_after_a_restart_is_the_members_own_only_where_a_write_of_ours_stood_since() {
    #[track_caller]
    fn case(phase: Phase, written: i64, rewrites: u32, restarted: i64, expected: &str) {
        let lost = Hold { written_at: Some(at(written)), rewrites, ..hold(phase) };
        let mut case = Case::new(Some(lost), "Hers", Some(wish("Mine")));
        case.restarted = Some(restarted);
        let decided = case.decide();
        assert_eq!(kept(&decided).under, text(expected), "{phase:?}, written {written}, {rewrites} rewrites");
    }
    case(Phase::Held, 20, 0, 30, "Before");
    case(Phase::Held, 20, 0, 10, "Hers");
    case(Phase::Held, 20, 1, 10, "Hers");
    case(Phase::Putting, 20, 1, 10, "Before");
    case(Phase::Putting, 20, 0, 10, "Hers");
    case(Phase::Putting, 20, 1, -10, "Hers");
}

#[test]
fn dnd_is_not_lost_by_a_restart_so_what_is_shown_after_it_is_a_persons() {
    let put = |under: Dnd, phase: Phase, rewrites: u32| Hold {
        under: Value::Dnd(under),
        put: Value::Dnd(Dnd::On),
        earlier: vec![],
        rewrites,
        ..hold(phase)
    };
    for hold in [put(Dnd::Off, Phase::Held, 0), put(Dnd::On, Phase::Putting, 1)] {
        let moves = decide(&Situation {
            now: at(1000),
            account: AccountId(1010),
            login: &login(),
            wish: Some(&Wish::of(vec![claim("e1", Value::Dnd(Dnd::On))])),
            holds: std::slice::from_ref(&hold),
            seen: &Seen { dnd: Some(Dnd::Off), ..seen(Presence::Available, "") },
            texts_put: &[],
            journal_began_at: at(-1000),
            restarted_at: Some(at(20)),
            policy: &policy(),
        });
        assert_eq!(moves.first().map(|one| one.why), Some(Why::Yields), "{:?}", hold.phase);
    }
}

#[test]
fn dnd_that_a_person_switched_on_again_comes_back_after_an_entry_that_begins_then() {
    let taken_back = Hold { under: Value::Dnd(Dnd::Off), put: Value::Dnd(Dnd::On), earlier: vec![], ..yielded() };
    let on = Seen { dnd: Some(Dnd::On), ..seen(Presence::Available, "") };
    let both = Wish::of(vec![claim("e1", Value::Dnd(Dnd::On)), claim("e2", Value::Dnd(Dnd::On))]);
    let [fresh] = &member(&on, &[taken_back], Some(&both))[..] else { panic!() };
    assert_eq!(kept(&Some(fresh.clone())).under, Value::Dnd(Dnd::On));
}
