//! Mailboxes that hang are asked alone, and what the tenant asked to wait counts.

use std::collections::{BTreeMap, BTreeSet};

use super::super::*;
use crate::graph::{Reply, Service};

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(second)
}

fn almanac(mailboxes: usize) -> Almanac {
    let mut almanac = Almanac::kept(BTreeMap::new(), Duration::from_secs(60), Pace::Steady);
    let addresses: BTreeSet<Address> = (0..mailboxes).map(address).collect();
    almanac.follow(&addresses, at(0));
    almanac
}

fn address(number: usize) -> Address {
    format!("m{number:03}@firma.example").parse().unwrap()
}

fn late() -> GraphError {
    GraphError::TimedOut { service: Service::Graph }
}

fn busy(seconds: u64) -> GraphError {
    let reply = Reply { service: Service::Graph, status: 429, code: None, request_id: None };
    GraphError::Throttled { reply, after: Some(Duration::from_secs(seconds)) }
}

fn answer(almanac: &mut Almanac, requests: &[Request], now: DateTime<Utc>) -> Lesson {
    almanac.end_alone(requests);
    let answer = |request: &Request| Answer {
        address: request.address.clone(),
        calendar: Ok(Vec::new().into()),
        tags_unknown: BTreeSet::new(),
    };
    almanac.learn(requests, Ok(requests.iter().map(answer).collect()), now, Tz::UTC).unwrap()
}

fn fail(almanac: &mut Almanac, requests: &[Request], error: GraphError, now: DateTime<Utc>) -> Option<Lesson> {
    almanac.end_alone(requests);
    almanac.learn(requests, Err(error), now, Tz::UTC).ok()
}

/// Everything that is due, answered but for the one that hangs; returns how many calls that took, and in how many of them
/// the one was.
fn play(almanac: &mut Almanac, culprit: &Address, now: DateTime<Utc>) -> (usize, usize) {
    let (mut calls, mut hung) = (0, Vec::new());
    while let Some(requests) = almanac.next_batch(now).or_else(|| almanac.next_alone(now)) {
        calls += 1;
        if requests.iter().any(|request| request.address == *culprit) {
            hung.push(requests);
        } else {
            answer(almanac, &requests, now);
        }
    }
    for requests in &hung {
        assert!(fail(almanac, requests, late(), now).is_some(), "it is not the tenant");
    }
    (calls, hung.len())
}

#[test]
fn a_batch_that_hangs_is_asked_one_by_one_and_only_the_one_that_hangs_stays_alone() {
    let mut almanac = almanac(60);
    let culprit = address(30);
    assert_eq!(play(&mut almanac, &culprit, at(0)), (3, 1));
    assert_eq!(play(&mut almanac, &culprit, at(0)), (20, 1), "each of the batch alone");
    assert_eq!(play(&mut almanac, &culprit, at(1)), (0, 0), "the others are read and the one is left alone");
    assert_eq!(almanac.troubled(), 1);
    let played: Vec<(usize, usize)> = (1..=60).map(|minute| play(&mut almanac, &culprit, at(60 * minute))).collect();
    assert!(played.iter().all(|(calls, hung)| *calls == 3 + hung), "59 in three batches: {played:?}");
    let hung: usize = played.iter().map(|(_, hung)| hung).sum();
    assert!((6..=12).contains(&hung), "{hung} times in an hour");
}

#[test]
fn a_mailbox_that_hung_is_read_with_others_again_after_it_was_read_alone_for_a_while() {
    let mut almanac = almanac(2);
    let both = almanac.next_batch(at(0)).unwrap();
    answer(&mut almanac, &both, at(0));
    let both = almanac.next_batch(at(60)).unwrap();
    fail(&mut almanac, &both, late(), at(60));
    let (one, other) = (almanac.next_alone(at(61)).unwrap(), almanac.next_alone(at(61)).unwrap());
    answer(&mut almanac, &other, at(61));
    assert!(fail(&mut almanac, &one, late(), at(62)).is_some());
    let mut alone = 0;
    for minute in 3..60 {
        let now = at(60 * minute);
        if let Some(requests) = almanac.next_batch(now) {
            if requests.len() == 2 {
                assert_eq!(alone, 10);
                return;
            }
            answer(&mut almanac, &requests, now);
        }
        if let Some(requests) = almanac.next_alone(now) {
            alone += 1;
            answer(&mut almanac, &requests, now);
        }
    }
    panic!("it is alone for ever");
}

#[test]
fn no_more_than_four_are_asked_alone_at_a_time() {
    let mut almanac = almanac(20);
    let batch = almanac.next_batch(at(0)).unwrap();
    fail(&mut almanac, &batch, late(), at(0));
    let now = at(10);
    let mut asked: Vec<_> = std::iter::from_fn(|| almanac.next_alone(now)).collect();
    assert_eq!((asked.len(), almanac.next_batch(now), almanac.next_alone_at()), (4, None, None));
    answer(&mut almanac, &asked.remove(0), now);
    assert!(almanac.next_alone_at().is_some_and(|at| at <= now));
    assert!(almanac.next_alone(now).is_some() && almanac.next_alone(now).is_none());
}

#[test]
fn where_more_hang_than_can_be_asked_alone_the_rest_is_asked_together_later() {
    let mut almanac = almanac(200);
    let batches: Vec<_> = std::iter::from_fn(|| almanac.next_batch(at(0))).collect();
    assert_eq!(batches.len(), 10);
    answer(&mut almanac, &batches[0], at(1));
    for batch in &batches[1..] {
        assert!(fail(&mut almanac, batch, late(), at(2)).is_some());
    }
    let mut alone = 0;
    while let Some(requests) = almanac.next_alone(at(2)) {
        alone += 1;
        answer(&mut almanac, &requests, at(2));
    }
    assert_eq!((alone, almanac.next_batch(at(2))), (80, None));
    let later: usize = std::iter::from_fn(|| almanac.next_batch(at(62))).map(|requests| requests.len()).sum();
    assert_eq!(later, 200);
}

#[test]
fn a_tenant_that_hangs_for_everybody_is_told_as_such_and_asked_rarely() {
    let mut almanac = almanac(300);
    let (mut calls, mut told) = (0, 0);
    let mut now = at(0);
    while now < at(3600) {
        while let Some(requests) = almanac.next_batch(now).or_else(|| almanac.next_alone(now)) {
            calls += 1;
            told += usize::from(fail(&mut almanac, &requests, late(), now + TimeDelta::seconds(30)).is_none());
        }
        now += TimeDelta::seconds(10);
    }
    assert!(calls < 200, "{calls} calls in an hour");
    assert!(told > 20, "{told} of {calls}");
}

#[test]
fn what_the_tenant_asked_to_wait_counts_whatever_else_it_answers_meanwhile() {
    let mut almanac = almanac(60);
    let first = almanac.next_batch(at(0)).unwrap();
    let second = almanac.next_batch(at(0)).unwrap();
    assert!(fail(&mut almanac, &first, busy(30), at(1)).is_none());
    answer(&mut almanac, &second, at(2));
    assert_eq!((almanac.next_batch(at(30)), almanac.next_alone(at(30))), (None, None));
    assert_eq!(almanac.next_at(), Some(at(31)));
    assert_eq!(almanac.next_batch(at(31)).map(|requests| requests.len()), Some(20));
}

#[test]
fn one_batch_that_hangs_among_others_that_do_not_stops_nobody() {
    let mut almanac = almanac(60);
    let first = almanac.next_batch(at(0)).unwrap();
    let second = almanac.next_batch(at(0)).unwrap();
    answer(&mut almanac, &second, at(1));
    assert!(fail(&mut almanac, &first, late(), at(30)).is_some());
    assert_eq!(almanac.next_batch(at(30)).map(|requests| requests.len()), Some(20), "nobody waits");
}
