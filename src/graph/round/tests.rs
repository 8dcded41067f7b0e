//! Tests of [`super`].

use std::time::Duration;

use super::*;
use crate::graph::error::Flaw;
use crate::graph::{Code, Reply, Window};
use crate::rules::Verdict;

fn graph() -> Endpoint {
    let url = "https://graph.microsoft.com".parse().unwrap();
    Endpoint::new(Service::Graph, url).unwrap()
}

fn requests(count: usize) -> Vec<Request> {
    let request = |number| Request {
        address: format!("m{number}@example.de").parse().unwrap(),
        window: Window { from: "2026-11-23T09:00:00Z".parse().unwrap(), to: "2026-11-24T09:00:00Z".parse().unwrap() },
    };
    (0..count).map(request).collect()
}

fn empty_page() -> Result<Page, GraphError> {
    Ok(Page { value: Vec::new(), next_link: None })
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

/// What became of a simulated reading.
struct Outcome {
    calls: usize,
    forgone: Vec<usize>,
    answers: Result<Vec<Answer>, GraphError>,
}

impl Outcome {
    /// Returns the numbers of the mailboxes that are unknown.
    fn unknown(&self) -> Vec<usize> {
        let answers = self.answers.as_ref().unwrap();
        let unknown = answers.iter().enumerate().filter(|(_, a)| a.entries.is_err());
        unknown.map(|(index, _)| index).collect()
    }
}

/// Runs a reading of so many mailboxes; each group that `failure` tells fails, all others are answered.
fn run(count: usize, failure: impl Fn(usize, &[usize]) -> Option<GraphError>) -> Outcome {
    run_with(Texts::Unwanted, count, failure)
}

/// The same with this to be asked of the texts.
fn run_with(texts: Texts, count: usize, failure: impl Fn(usize, &[usize]) -> Option<GraphError>) -> Outcome {
    let requests = requests(count);
    let mut round = Round::new(&requests, |_| texts);
    let mut calls = 0;
    while let Some(group) = round.next_group() {
        let members: Vec<usize> = group.iter().map(Reading::index).collect();
        assert!(members.len() <= BATCH_MAX);
        match failure(calls, &members) {
            Some(error) => round.fail(group, &error),
            None => {
                let pages = group.iter().map(|_| empty_page()).collect();
                let request_id = None;
                round.take(group, Pages { pages, request_id }, &graph());
            }
        }
        calls += 1;
    }
    let forgone = round.forgone().to_vec();
    let answers = round.finish(&requests);
    Outcome { calls, forgone, answers }
}

#[test]
fn the_answers_have_the_order_of_the_requests() {
    let requests = requests(3);
    let outcome = run(3, |_, _| None);
    let answers = outcome.answers.unwrap();
    assert!(answers.iter().map(|a| &a.address).eq(requests.iter().map(|r| &r.address)));
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
    for error in [late(), meaningless(), huge()] {
        for culprit in 0..20 {
            let outcome = run(20, |_, group| group.contains(&culprit).then(|| error.clone()));
            assert_eq!(outcome.unknown(), [culprit], "{error}");
        }
    }
}

#[test]
fn when_a_batch_and_both_its_halves_are_late_nobody_else_is_asked() {
    for error in [late(), meaningless()] {
        let outcome = run(20, |_, _| Some(error.clone()));
        assert_eq!(outcome.calls, 3);
        assert_eq!(outcome.answers.unwrap_err().to_string(), error.to_string());
    }
}

#[test]
fn a_late_token_is_no_mailboxs_fault() {
    let service = Service::Login;
    let outcome = run(20, |_, _| Some(GraphError::TimedOut { service }));
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
    assert_eq!(outcome.forgone, [7]);
}

#[test]
fn a_mailbox_too_large_without_texts_too_is_asked_for_smaller_pages() {
    let outcome = run_with(Texts::Asked, 1, |_, _| Some(huge()));
    assert_eq!((outcome.calls, outcome.forgone.as_slice()), (6, &[0][..]));
    assert_eq!(outcome.unknown(), [0]);
}

#[test]
fn texts_that_were_given_up_before_are_not_found_out_again() {
    let outcome = run_with(Texts::Forgone, 1, |call, _| (call < 2).then(huge));
    assert_eq!((outcome.calls, outcome.forgone.len()), (3, 0));
}

#[test]
fn a_late_mailbox_keeps_its_texts() {
    let outcome = run_with(Texts::Asked, 20, |_, group| group.contains(&7).then(late));
    assert_eq!((outcome.unknown(), outcome.forgone.len()), (vec![7], 0));
}
