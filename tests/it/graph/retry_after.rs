//! Nobody is asked before the time that the tenant gave, whoever asks, and however often.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::http::HeaderValue;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use starface_calendar::clock::Clock;
use starface_calendar::graph::{Calendars, GraphError, MasterCategories, Request, Window};
use starface_calendar::rules::{Address, Verdict};

use super::tenant::{Call, Deed, SetClock, Tenant, many};

const MAILBOXES: usize = 6;

/// What a tenant answers for a mailbox, or for a whole call.
#[derive(Clone, Copy, Debug)]
enum Mood {
    Well,
    /// This status, and so many seconds in `Retry-After` if any.
    Refuses(u16, Option<i64>),
}

fn mood() -> impl Strategy<Value = Mood> {
    let wait = proptest::option::of(1_i64..600);
    prop_oneof![
        3 => Just(Mood::Well),
        1 => (prop_oneof![Just(429_u16), Just(503), Just(500), Just(401)], wait).prop_map(|(status, wait)| Mood::Refuses(status, wait)),
    ]
}

/// One thing after another: time passes, then some mailboxes are asked.
#[derive(Clone, Debug)]
struct Turn {
    pause: i64,
    asked: Vec<bool>,
    of_categories: bool,
}

fn turn() -> impl Strategy<Value = Turn> {
    let asked = proptest::collection::vec(any::<bool>(), MAILBOXES);
    (0_i64..120, asked, any::<bool>()).prop_map(|(pause, asked, of_categories)| Turn { pause, asked, of_categories })
}

/// The tenant's moods in their order, and until when it wants to be left alone.
struct Rules {
    moods: Vec<Mood>,
    next: usize,
    everybody: Option<DateTime<Utc>>,
    mailboxes: BTreeMap<String, DateTime<Utc>>,
    broken: Vec<String>,
}

impl Rules {
    fn next(&mut self) -> Mood {
        self.next += 1;
        self.moods[self.next % self.moods.len()]
    }

    fn answer(&mut self, call: &Call, now: DateTime<Utc>) -> Deed {
        if self.everybody.is_some_and(|until| now < until) {
            self.broken.push(format!("anybody was asked at {now}, before {:?}", self.everybody));
        }
        if let Mood::Refuses(status, wait) = self.next() {
            // A 401 asks for another token, and for nothing to be waited for.
            if status != 401 {
                self.everybody = self.everybody.max(wait.map(|seconds| now + TimeDelta::seconds(seconds)));
            }
            return after(Deed::status(status, "{}"), wait);
        }
        let mut answers: Vec<Value> = Vec::new();
        for request in call.requests() {
            let url = request["url"].as_str().unwrap().to_owned();
            let mailbox = url.split('/').nth(2).unwrap_or_default().to_owned();
            if self.mailboxes.get(&mailbox).is_some_and(|until| now < *until) {
                self.broken.push(format!("{mailbox} was asked at {now}, before {}", self.mailboxes[&mailbox]));
            }
            let mut answer = match self.next() {
                Mood::Well => json!({"status": 200, "body": {"value": []}}),
                Mood::Refuses(status, None) => json!({"status": status, "body": {}}),
                Mood::Refuses(status, Some(seconds)) => {
                    if status != 401 {
                        self.mailboxes.insert(mailbox, now + TimeDelta::seconds(seconds));
                    }
                    json!({"status": status, "headers": {"ReTry-aFter": seconds.to_string()}, "body": {}})
                }
            };
            answer["id"] = request["id"].clone();
            answers.push(answer);
        }
        Deed::json(&json!({ "responses": answers }))
    }
}

fn after(deed: Deed, wait: Option<i64>) -> Deed {
    match (deed, wait) {
        (Deed::Answer(mut response), Some(seconds)) => {
            response.headers_mut().insert("retry-after", HeaderValue::from(seconds));
            Deed::Answer(response)
        }
        (deed, _) => deed,
    }
}

async fn play(moods: Vec<Mood>, turns: Vec<Turn>) -> Vec<String> {
    let clock = SetClock::new();
    let rules = Rules { moods, next: 0, everybody: None, mailboxes: BTreeMap::new(), broken: Vec::new() };
    let rules = Arc::new(Mutex::new(rules));
    let tenant = {
        let (rules, clock) = (Arc::clone(&rules), clock.clone());
        Tenant::start(move |call, _| rules.lock().unwrap().answer(call, clock.now())).await
    };
    let client = tenant.client(&clock);
    for turn in turns {
        clock.pass(turn.pause);
        let asked = many(MAILBOXES).into_iter().zip(turn.asked).filter(|(_, asked)| *asked);
        let requests: Vec<Request> = asked.map(|(request, _)| request).collect();
        if turn.of_categories {
            let addresses: Vec<Address> = requests.into_iter().map(|request| request.address).collect();
            drop(client.list(&addresses).await);
        } else {
            drop(client.read(&requests).await);
        }
    }
    rules.lock().unwrap().broken.clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_ever_asked_before_the_retry_after_of_a_mailbox_or_of_everybody_has_passed(
        moods in proptest::collection::vec(mood(), 1..60),
        turns in proptest::collection::vec(turn(), 1..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let broken = runtime.block_on(play(moods, turns));
        prop_assert!(broken.is_empty(), "{broken:?}");
    }
}

fn waits(error: &GraphError) -> Option<u64> {
    match error.verdict() {
        Verdict::Retry { after } => after.map(|after| after.as_secs()),
        _ => None,
    }
}

#[tokio::test]
async fn a_mailbox_that_wants_to_be_left_alone_is_refused_here_while_the_others_are_read() {
    let tenant = Tenant::start(|call, before| {
        Deed::json(&call.calendars(|url| match (before, url.contains("m0@")) {
            (0, true) => json!({"status": 429, "headers": {"Retry-After": "90"}, "body": {}}),
            _ => json!({"status": 200, "body": {"value": []}}),
        }))
    })
    .await;
    let clock = SetClock::new();
    let client = tenant.client(&clock);
    let waits_of = |answers: &[starface_calendar::graph::Answer]| -> Vec<Option<u64>> {
        answers.iter().map(|answer| answer.calendar.as_ref().err().and_then(waits)).collect()
    };
    assert_eq!(waits_of(&client.read(&many(3)).await.unwrap()), [Some(90), None, None]);
    clock.pass(60);
    assert_eq!(waits_of(&client.read(&many(3)).await.unwrap()), [Some(30), None, None]);
    assert_eq!(waits_of(&client.read(&many(1)).await.unwrap()), [Some(30)], "without a call");
    let listed = client.list(&[many(1)[0].address.clone()]).await.unwrap();
    assert_eq!(waits(listed[0].as_ref().unwrap_err()), Some(30), "nor is it asked for its categories");
    clock.pass(30);
    assert_eq!(waits_of(&client.read(&many(3)).await.unwrap()), [None, None, None]);
    let sizes: Vec<usize> = tenant.batch_calls().iter().map(|call| call.requests().len()).collect();
    assert_eq!(sizes, [3, 2, 3]);
}

#[tokio::test]
async fn a_throttled_call_stops_every_other_call_until_its_time_is_over() {
    let tenant = Tenant::start(|call, before| match before {
        0 => Deed::status(429, "{}").with("retry-after", "45"),
        _ => Deed::json(&call.empty_calendars()),
    })
    .await;
    let clock = SetClock::new();
    let client = tenant.client(&clock);
    let window = Window { from: clock.now(), to: clock.now() + TimeDelta::days(1) };
    let other = [Request { address: "other@example.de".parse().unwrap(), window, last: None }];
    assert_eq!(waits(&client.read(&many(2)).await.unwrap_err()), Some(45));
    clock.pass(44);
    assert_eq!(waits(&client.read(&other).await.unwrap_err()), Some(1));
    clock.pass(1);
    assert!(client.read(&other).await.is_ok());
    assert_eq!(tenant.batch_calls().len(), 2);
}

#[tokio::test]
async fn where_the_token_is_refused_for_some_only_they_are_asked_again() {
    let tenant = Tenant::start(|call, before| {
        Deed::json(&call.calendars(|url| match (before, url.contains("m0@"), url.contains("m1@")) {
            (0, true, _) => json!({"status": 401, "body": {}}),
            (0, _, true) => json!({"status": 503, "headers": {"Retry-After": "9"}, "body": {}}),
            _ => json!({"status": 200, "body": {"value": []}}),
        }))
    })
    .await;
    let answers = tenant.client(&SetClock::new()).read(&many(3)).await.unwrap();
    let known: Vec<bool> = answers.iter().map(|answer| answer.calendar.is_ok()).collect();
    assert_eq!(known, [true, false, true]);
    let sizes: Vec<usize> = tenant.batch_calls().iter().map(|call| call.requests().len()).collect();
    assert_eq!(sizes, [3, 1]);
}
