//! The texts of entries: asked for only while tags are read, and given up where they are too large.

use axum::body::Body;
use serde_json::{Value, json};
use starface_calendar::graph::{Answer, Calendars};
use starface_calendar::rules::{Side, Tag};

use super::tenant::{Call, Deed, SetClock, Tenant, calendar, many};

/// An answer that is larger than any that is read.
fn oversized() -> Deed {
    Deed::status(200, Body::from(vec![b' '; 9 * 1024 * 1024]))
}

fn asks_for_texts(call: &Call) -> bool {
    call.requests().iter().any(|request| request["url"].as_str().unwrap().contains(",body&"))
}

/// Returns the number of each entry's external tag, or why there is none.
fn targets(answer: &Answer) -> Vec<String> {
    let entries = answer.calendar.as_ref().unwrap().entries();
    let target = |tag: Option<&Tag>| match tag {
        Some(Tag::Target(number)) => number.as_str().to_owned(),
        other => format!("{other:?}"),
    };
    entries.iter().map(|entry| target(entry.tags.side(Side::External))).collect()
}

fn unknown(answer: &Answer) -> Vec<&str> {
    answer.tags_unknown.iter().map(|id| id.0.as_str()).collect()
}

#[tokio::test]
async fn texts_are_asked_for_only_while_tags_are_read() {
    let tenant = Tenant::start(|call, _| Deed::json(&call.empty_calendars())).await;
    tenant.client(&SetClock::new()).read(&many(2)).await.unwrap();
    tenant.client_with_texts(&SetClock::new()).read(&many(2)).await.unwrap();
    let prefer = |call: &Call| call.requests()[1]["headers"]["Prefer"].as_str().unwrap().to_owned();
    let calls = tenant.batch_calls();
    assert!(!asks_for_texts(&calls[0]));
    assert_eq!(prefer(&calls[0]), r#"outlook.timezone="UTC", IdType="ImmutableId""#);
    assert!(asks_for_texts(&calls[1]));
    assert_eq!(prefer(&calls[1]), r#"outlook.timezone="UTC", outlook.body-content-type="text", IdType="ImmutableId""#);
}

#[tokio::test]
async fn the_tags_of_texts_and_of_html_are_read_and_those_of_a_missing_text_are_unknown() {
    let tenant = Tenant::start(|call, _| {
        let mut calendar = calendar(&["html", "missing", "text", "without"]);
        let events = calendar["body"]["value"].as_array_mut().unwrap();
        events[0]["body"] = json!({"contentType": "html", "content": "<p>@@Extern: 07<b>12</b>345689<p>89"});
        events[2]["body"] = json!({"contentType": "text", "content": "@@Extern: 0712345680\r\n89"});
        events[3]["body"] = json!({"contentType": "text", "content": ""});
        Deed::json(&call.calendars(|_| calendar.clone()))
    })
    .await;
    let answers = tenant.client_with_texts(&SetClock::new()).read(&many(1)).await.unwrap();
    assert_eq!(targets(&answers[0]), ["0712345689", "None", "0712345680", "None"]);
    assert_eq!(unknown(&answers[0]), ["missing"]);
}

#[tokio::test]
async fn half_an_emoji_in_a_text_takes_no_tag_away() {
    let tenant = Tenant::start(|call, _| {
        let mut calendar = calendar(&["a"]);
        calendar["body"]["value"][0]["body"] = json!({"contentType": "text", "content": "@@Extern: 210\nMARK"});
        let text = call.calendars(|_| calendar.clone()).to_string();
        Deed::status(200, text.replace("MARK", r"\ud83d"))
    })
    .await;
    let answers = tenant.client_with_texts(&SetClock::new()).read(&many(1)).await.unwrap();
    assert_eq!(targets(&answers[0]), ["210"]);
}

#[tokio::test]
async fn a_single_mailbox_too_large_is_read_without_texts_and_its_tags_are_unknown() {
    let tenant = Tenant::start(|call, _| match asks_for_texts(call) {
        true => oversized(),
        false => Deed::json(&call.calendars(|_| calendar(&["a", "b"]))),
    })
    .await;
    let answers = tenant.client_with_texts(&SetClock::new()).read(&many(1)).await.unwrap();
    assert_eq!(unknown(&answers[0]), ["a", "b"]);
    assert_eq!(targets(&answers[0]), ["None", "None"]);
    assert_eq!(tenant.batch_calls().len(), 2);
}

#[tokio::test]
async fn one_mailbox_too_large_takes_no_other_mailboxs_texts_away() {
    let tenant = Tenant::start(|call, _| {
        let is_heavy = |request: &Value| request["url"].as_str().unwrap().contains("/m1@");
        if asks_for_texts(call) && call.requests().iter().any(is_heavy) {
            return oversized();
        }
        let mut calendar = calendar(&["a"]);
        calendar["body"]["value"][0]["body"] = json!({"contentType": "text", "content": "@@Extern: 210"});
        Deed::json(&call.calendars(|_| calendar.clone()))
    })
    .await;
    let answers = tenant.client_with_texts(&SetClock::new()).read(&many(4)).await.unwrap();
    let unknown: Vec<usize> = (0..4).filter(|&number| !answers[number].tags_unknown.is_empty()).collect();
    assert_eq!(unknown, [1]);
    assert_eq!(targets(&answers[2]), ["210"]);
    assert_eq!(targets(&answers[1]), ["None"]);
}

#[tokio::test]
async fn a_mailbox_too_large_is_read_without_texts_for_an_hour() {
    let tenant = Tenant::start(|call, before| match asks_for_texts(call) && before == 0 {
        true => oversized(),
        false => Deed::json(&call.empty_calendars()),
    })
    .await;
    let clock = SetClock::new();
    let client = tenant.client_with_texts(&clock);
    let mut asked = Vec::new();
    for _ in 0..3 {
        client.read(&many(1)).await.unwrap();
        asked.push(asks_for_texts(tenant.batch_calls().last().unwrap()));
        clock.pass(1800);
    }
    assert_eq!(asked, [false, false, true]);
}
