//! Tests of [`super`].

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::graph::dialogue::Question;
use crate::graph::directory::User;
use crate::graph::error::{Flaw, Permission};
use crate::graph::reading::{Reading, Texts, Whole};
use crate::graph::{Code, Reply, Window};
use crate::rules::Verdict;

fn graph() -> Endpoint {
    let url = "https://graph.microsoft.com".parse().unwrap();
    Endpoint::new(Service::Graph, url).unwrap()
}

fn readings(texts: Texts, count: usize) -> Vec<Reading> {
    let window = Window { from: "2026-11-23T09:00:00Z".parse().unwrap(), to: "2026-11-24T09:00:00Z".parse().unwrap() };
    (0..count).map(|number| Reading::new(&User::by_id(&number.to_string()), window, texts)).collect()
}

/// A calendar with one entry, whose id is the number of the mailbox.
fn page(number: usize) -> Item {
    let moment = json!({"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "UTC"});
    let event = json!({"id": number.to_string(), "start": moment, "end": moment});
    Item::answered(&json!({"id": "1", "status": 200, "body": {"value": [event]}}))
}

fn late() -> GraphError {
    GraphError::TimedOut { service: Service::Graph }
}

fn meaningless() -> GraphError {
    GraphError::Malformed { service: Service::Graph, flaw: Flaw::NotJson, request_id: None }
}

fn huge() -> GraphError {
    GraphError::TooLarge { service: Service::Graph, max: 8 }
}

fn throttled() -> GraphError {
    GraphError::Throttled {
        reply: Reply { service: Service::Graph, status: 429, code: Code::new("TooManyRequests"), request_id: None },
        after: Some(Duration::from_secs(2)),
    }
}

/// A reading that is parted when it is late.
struct Patient(Reading);

impl Dialogue for Patient {
    type Outcome = Whole;

    const NEEDS: Permission = Permission::Calendars;

    const KIND: &'static str = "calendars";

    fn question(&self) -> Question {
        self.0.question()
    }

    fn hear(&mut self, item: Item, now: DateTime<Utc>, graph: &Endpoint) -> Result<Progress, GraphError> {
        self.0.hear(item, now, graph)
    }

    fn finish(self) -> Whole {
        self.0.finish()
    }
}

/// What became of a simulated reading.
struct Outcome {
    calls: usize,
    answers: PerMailbox<Whole>,
}

impl Outcome {
    /// Returns the numbers of the mailboxes that are unknown.
    fn unknown(&self) -> Vec<usize> {
        let answers = self.answers.as_ref().unwrap();
        let unknown = answers.iter().enumerate().filter(|(_, answer)| answer.is_err());
        unknown.map(|(index, _)| index).collect()
    }

    /// Returns the numbers of the mailboxes that were read without their texts.
    fn forgone(&self) -> Vec<usize> {
        let answers = self.answers.as_ref().unwrap();
        let forgone =
            |answer: &Result<Whole, GraphError>| answer.as_ref().is_ok_and(|whole| whole.texts == Texts::Forgone);
        answers.iter().enumerate().filter(|(_, answer)| forgone(answer)).map(|(index, _)| index).collect()
    }
}

/// Runs a reading of so many mailboxes; each group that `failure` tells fails, all others are answered.
fn run(count: usize, failure: impl Fn(usize, &[usize]) -> Option<GraphError>) -> Outcome {
    run_with(Texts::Unwanted, count, failure)
}

/// The same with this to be asked of the texts.
fn run_with(texts: Texts, count: usize, failure: impl Fn(usize, &[usize]) -> Option<GraphError>) -> Outcome {
    run_all(readings(texts, count), failure)
}

/// The same with dialogues that are parted when they are late.
fn run_patient(count: usize, failure: impl Fn(usize, &[usize]) -> Option<GraphError>) -> Outcome {
    run_all(readings(Texts::Unwanted, count).into_iter().map(Patient).collect(), failure)
}

fn run_all<D: Dialogue<Outcome = Whole>>(
    dialogues: Vec<D>,
    failure: impl Fn(usize, &[usize]) -> Option<GraphError>,
) -> Outcome {
    let mut round = Round::new(dialogues);
    let mut calls = 0;
    while let Some(group) = round.next_group() {
        let members: Vec<usize> = group.iter().map(|turn| turn.index).collect();
        assert!(members.len() <= BATCH_MAX);
        match failure(calls, &members) {
            Some(error) => round.fail(group, &error),
            None => {
                let items = members.iter().map(|number| page(*number)).collect();
                round.take(group, Answers { items, request_id: None, at: DateTime::default() }, &graph());
            }
        }
        calls += 1;
    }
    Outcome { calls, answers: round.finish() }
}

#[test]
fn the_outcomes_have_the_order_of_the_dialogues_also_when_halves_are_asked_again() {
    let outcome = run(20, |call, _| (call < 2).then(huge));
    let found =
        outcome.answers.unwrap().into_iter().map(|entries| entries.unwrap().calendar.into_entries()[0].id.0.clone());
    assert!(found.eq((0..20).map(|number| number.to_string())));
}

#[test]
fn nobody_is_asked_for_no_requests() {
    let outcome = run(0, |_, _| None);
    assert_eq!(outcome.calls, 0);
    assert!(outcome.answers.unwrap().is_empty());
}

#[test]
fn more_requests_than_fit_into_a_batch_are_several() {
    let outcome = run(41, |_, _| None);
    assert_eq!(outcome.calls, 3);
    assert!(outcome.unknown().is_empty());
}

#[test]
fn the_one_mailbox_that_spoils_a_batch_of_twenty_is_found_wherever_it_is() {
    for error in [meaningless(), huge()] {
        for culprit in 0..20 {
            let outcome = run(20, |_, group| group.contains(&culprit).then(|| error.clone()));
            assert_eq!(outcome.unknown(), [culprit], "{error}");
        }
    }
}

#[test]
fn the_one_mailbox_that_makes_a_batch_late_is_found_where_the_dialogue_allows_for_it() {
    for culprit in 0..20 {
        let outcome = run_patient(20, |_, group| group.contains(&culprit).then(late));
        assert_eq!(outcome.unknown(), [culprit]);
    }
}

#[test]
fn readings_that_are_late_let_nobody_wait_for_halves_of_them() {
    let outcome = run(20, |_, group| group.contains(&7).then(late));
    assert_eq!(outcome.calls, 1);
    assert!(matches!(outcome.answers, Err(GraphError::TimedOut { .. })));
}

#[test]
fn when_a_batch_and_both_its_halves_fail_nobody_else_is_asked() {
    for error in [late(), meaningless()] {
        let outcome = run_patient(20, |_, _| Some(error.clone()));
        assert_eq!(outcome.calls, 3);
        assert_eq!(outcome.answers.unwrap_err().to_string(), error.to_string());
    }
}

#[test]
fn a_late_token_is_no_mailboxs_fault() {
    let service = Service::Login;
    let outcome = run_patient(20, |_, _| Some(GraphError::TimedOut { service }));
    assert_eq!(outcome.calls, 1);
    assert!(outcome.answers.is_err());
}

#[test]
fn a_throttled_call_ends_the_reading_with_the_time_to_wait() {
    let outcome = run(20, |_, _| Some(throttled()));
    assert_eq!(outcome.calls, 1);
    let after = Some(Duration::from_secs(2));
    assert_eq!(outcome.answers.unwrap_err().verdict(), Verdict::Retry { after });
}

#[test]
fn what_was_read_before_a_call_was_throttled_is_kept() {
    let outcome = run(40, |call, _| (call == 1).then(throttled));
    assert_eq!(outcome.unknown(), (20..40).collect::<Vec<_>>());
}

#[test]
fn answers_that_are_always_too_large_end_the_reading() {
    let outcome = run(20, |_, _| Some(huge()));
    assert_eq!(outcome.calls, OVERSIZED_MAX + 1);
    assert_eq!(outcome.unknown().len(), 20);
}

#[test]
fn a_single_mailbox_too_large_is_asked_for_smaller_pages() {
    let outcome = run(1, |call, _| (call < 2).then(huge));
    assert_eq!(outcome.calls, 3);
    assert!(outcome.unknown().is_empty());
    let outcome = run(1, |_, _| Some(huge()));
    assert_eq!(outcome.calls, 5);
    assert_eq!(outcome.unknown(), [0]);
}

#[test]
fn a_single_mailbox_too_large_with_texts_is_read_without_them() {
    let outcome = run_with(Texts::Asked, 20, |call, group| (call < 9 && group.contains(&7)).then(huge));
    assert!(outcome.unknown().is_empty());
    assert_eq!(outcome.forgone(), [7]);
}

#[test]
fn a_mailbox_too_large_without_texts_too_is_asked_for_smaller_pages() {
    let outcome = run_with(Texts::Asked, 1, |_, _| Some(huge()));
    assert_eq!(outcome.calls, 6);
    assert_eq!(outcome.unknown(), [0]);
}

#[test]
fn texts_that_were_given_up_before_are_not_found_out_again() {
    let outcome = run_with(Texts::Forgone, 1, |call, _| (call < 2).then(huge));
    assert_eq!((outcome.calls, outcome.unknown()), (3, vec![]));
}

#[test]
fn texts_that_are_too_large_everywhere_take_no_calendar_away() {
    let mut round = Round::new(readings(Texts::Asked, 20));
    let mut calls = 0;
    while let Some(group) = round.next_group() {
        calls += 1;
        if group.iter().any(|turn| turn.dialogue.question().url.contains("body")) {
            round.fail(group, &huge());
        } else {
            let items = group.iter().map(|turn| page(turn.index)).collect();
            round.take(group, Answers { items, request_id: None, at: DateTime::default() }, &graph());
        }
    }
    let outcome = Outcome { calls, answers: round.finish() };
    assert_eq!(outcome.forgone(), (0..20).collect::<Vec<_>>());
    assert!(outcome.unknown().is_empty());
    assert!(calls <= OVERSIZED_MAX + 21, "{calls}");
}
