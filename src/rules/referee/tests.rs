//! What makes a conflict, and what does not yet: each threshold from both sides.

use super::*;

const ANNA: AccountId = AccountId(1010);
const BEAT: AccountId = AccountId(1011);

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_020, 0).unwrap() + Duration::minutes(minute)
}

fn presence(name: &str) -> Value {
    Value::Presence(crate::rules::Presence::named(name))
}

fn dnd() -> Value {
    Value::Dnd(crate::rules::Dnd::Off)
}

fn foreign() -> Value {
    Value::Text(text("another's"))
}

fn text(text: &str) -> StatusText {
    StatusText(text.to_owned())
}

fn seen(referee: &mut Referee, minute: i64) -> Vec<Trace> {
    referee.judge(at(minute)).map(|conflict| conflict.traces).unwrap_or_default()
}

fn set(accounts: &[AccountId]) -> BTreeSet<AccountId> {
    accounts.iter().copied().collect()
}

/// Text is written at the boundary, and changed by somebody else within a minute.
fn boundary(referee: &mut Referee, account: AccountId, minute: i64) {
    referee.written_over(account, &Value::Text(text("own")), at(minute));
    referee.overwritten(account, &foreign(), at(minute) + Duration::seconds(60));
}

#[test]
fn one_person_who_changes_the_own_presence_twice_is_no_conflict() {
    let mut referee = Referee::default();
    for minute in [5, 7] {
        referee.overwritten(ANNA, &presence("AWAY"), at(minute));
    }
    assert_eq!(seen(&mut referee, 8), []);
    for minute in 9..30 {
        referee.overwritten(ANNA, &presence("AWAY"), at(minute));
    }
    assert_eq!(seen(&mut referee, 31), [], "nor where the client repeats it all the time");
}

#[test]
fn what_comes_back_five_times_within_an_hour_is_a_program() {
    let mut referee = Referee::default();
    for minute in [0, 10, 20, 40] {
        referee.overwritten(ANNA, &dnd(), at(minute));
    }
    assert_eq!(seen(&mut referee, 41), []);
    referee.overwritten(ANNA, &dnd(), at(61));
    assert_eq!(seen(&mut referee, 61), [], "five times in more than an hour");
    referee.overwritten(ANNA, &dnd(), at(62));
    assert_eq!(seen(&mut referee, 62), [Trace::Returns(set(&[ANNA]))]);
}

#[test]
fn a_chat_status_that_comes_back_must_do_so_on_two_members() {
    let mut referee = Referee::default();
    for minute in 0..5 {
        referee.overwritten(ANNA, &presence("AWAY"), at(minute));
        referee.overwritten(ANNA, &foreign(), at(minute));
    }
    assert_eq!(seen(&mut referee, 5), []);
    for minute in 5..10 {
        referee.overwritten(BEAT, &foreign(), at(minute));
    }
    assert_eq!(seen(&mut referee, 10), [Trace::Returns(set(&[ANNA, BEAT]))]);
}

#[test]
fn clients_that_write_their_users_own_status_again_and_again_are_no_conflict() {
    let mut referee = Referee::default();
    for account in [ANNA, BEAT] {
        referee.written_over(account, &presence("AVAILABLE"), at(0));
        referee.written_over(account, &Value::Text(text("Im Haus")), at(0));
        for minute in 1..60 {
            referee.overwritten(account, &presence("AVAILABLE"), at(minute));
            referee.overwritten(account, &Value::Text(text(" Im  Haus")), at(minute));
        }
    }
    assert_eq!(seen(&mut referee, 60), []);
}

#[test]
fn fields_are_counted_each_by_itself() {
    let mut referee = Referee::default();
    for minute in 0..4 {
        referee.overwritten(ANNA, &dnd(), at(minute));
        referee.overwritten(ANNA, &Value::Indicator(crate::rules::Telephony::Available), at(minute));
        referee.overwritten(BEAT, &dnd(), at(minute));
    }
    assert_eq!(seen(&mut referee, 5), []);
}

#[test]
fn changes_right_after_three_boundaries_of_two_members_are_a_program_s() {
    let mut referee = Referee::default();
    boundary(&mut referee, ANNA, 0);
    boundary(&mut referee, ANNA, 100);
    assert_eq!(seen(&mut referee, 102), []);
    boundary(&mut referee, BEAT, 200);
    assert_eq!(seen(&mut referee, 202), [Trace::Boundaries(set(&[ANNA, BEAT]))]);
}

#[test]
fn one_who_sets_the_own_text_at_every_meeting_has_a_habit_up_to_six_a_day() {
    let mut referee = Referee::default();
    for meeting in 0..5 {
        boundary(&mut referee, ANNA, meeting * 100);
    }
    assert_eq!(seen(&mut referee, 500), []);
    boundary(&mut referee, ANNA, 500);
    assert_eq!(seen(&mut referee, 502), [Trace::Boundaries(set(&[ANNA]))]);
}

#[test]
fn a_change_long_after_the_boundary_or_of_presence_alone_marks_no_boundary() {
    let mut referee = Referee::default();
    for (meeting, account) in [(0, ANNA), (1, BEAT), (2, ANNA), (3, BEAT)] {
        referee.written_over(account, &Value::Text(text("own")), at(meeting * 100));
        referee.overwritten(account, &foreign(), at(meeting * 100 + 2));
        referee.rewritten(account, Field::Presence, at(meeting * 100));
        referee.overwritten(account, &presence("AWAY"), at(meeting * 100) + Duration::seconds(30));
    }
    assert_eq!(seen(&mut referee, 400), []);
}

#[test]
fn texts_in_a_connector_s_format_count_once_they_appear_and_not_where_they_were_met_first() {
    let mut referee = Referee::default();
    referee.text_stands(ANNA, &text("[07:00-08:00] [Gebucht] A"), true, at(0));
    referee.text_stands(BEAT, &text("[07:00-08:00] [Gebucht] B"), true, at(0));
    assert_eq!(seen(&mut referee, 0), [], "they may be ours of an earlier life");
    referee.text_stands(ANNA, &text("[07:00-08:00] [Gebucht] A"), true, at(1));
    referee.text_stands(ANNA, &text("[08:00-09:00] [Gebucht] C"), true, at(60));
    assert_eq!(seen(&mut referee, 60), [], "one may be what a person pasted");
    referee.text_stands(BEAT, &text("Im Haus"), false, at(61));
    referee.text_stands(BEAT, &text("[08:00-09:00] [Gebucht] D"), true, at(62));
    assert_eq!(seen(&mut referee, 62), [Trace::Texts(set(&[ANNA, BEAT]))]);
}

#[test]
fn a_conflict_stands_since_it_was_first_seen_and_is_over_after_a_day_without_traces() {
    let mut referee = Referee::default();
    for minute in 0..8 {
        referee.overwritten(ANNA, &dnd(), at(minute));
    }
    assert_eq!(referee.judge(at(10)).unwrap().since, at(10));
    assert_eq!(referee.judge(at(23 * 60)).unwrap().since, at(10));
    assert_eq!(referee.judge(at(25 * 60)), None);
    assert!(referee.returns.is_empty() && referee.boundaries.is_empty() && referee.texts.is_empty());
}

#[test]
fn what_a_clock_noted_that_was_set_back_since_does_not_count() {
    let mut referee = Referee::default();
    for minute in 100..108 {
        referee.overwritten(ANNA, &dnd(), at(minute));
    }
    assert!(referee.judge(at(110)).is_some());
    assert_eq!(referee.judge(at(0)), None);
}
