//! Answers that are too large: asked for again in halves, then in smaller pages, then given up.

use axum::body::{Body, Bytes};
use futures_util::stream;
use starface_calendar::graph::{Calendars, GraphError};

use super::tenant::{Call, Deed, SetClock, Tenant, calendar, failure, many};

/// A body without an end and without a declared length.
fn endless() -> Body {
    let piece = Bytes::from(vec![b' '; 256 * 1024]);
    Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone())))
}

fn asks_for(call: &Call, part: &str) -> bool {
    let requests = call.requests();
    requests.iter().any(|r| r["url"].as_str().unwrap().contains(part))
}

#[tokio::test]
async fn a_batch_too_large_is_asked_for_again_in_halves() {
    let tenant = Tenant::start(|call, _| match call.requests().len() {
        0..=5 => Deed::json(&call.calendars(|_| calendar(&["a"]))),
        _ => Deed::status(200, endless()),
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(20)).await.unwrap();
    assert!(answers.iter().all(|answer| answer.calendar.is_ok()));
    let sizes: Vec<usize> = tenant.batch_calls().iter().map(|c| c.requests().len()).collect();
    assert_eq!(sizes, [20, 10, 10, 5, 5, 5, 5]);
}

#[tokio::test]
async fn a_single_mailbox_too_large_is_asked_for_smaller_pages() {
    let tenant = Tenant::start(|call, _| match asks_for(call, "$top=62") {
        true => Deed::json(&call.calendars(|_| calendar(&["a"]))),
        false => Deed::status(200, endless()),
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(1)).await.unwrap();
    assert_eq!(answers[0].calendar.as_ref().unwrap().entries().len(), 1);
    assert_eq!(tenant.batch_calls().len(), 3);
}

#[tokio::test]
async fn an_answer_without_an_end_is_given_up() {
    let tenant = Tenant::start(|_, _| Deed::status(200, endless())).await;
    let error = failure(&tenant.client(&SetClock::new())).await;
    assert!(matches!(error, GraphError::TooLarge { .. }), "{error}");
    assert_eq!(tenant.batch_calls().len(), 5);
}

#[tokio::test]
async fn a_refusal_without_an_end_is_a_refusal() {
    let tenant = Tenant::start(|_, _| Deed::status(500, endless())).await;
    let error = failure(&tenant.client(&SetClock::new())).await;
    assert!(matches!(error, GraphError::Failed { .. }), "{error}");
}

#[tokio::test]
async fn a_token_without_an_end_is_given_up() {
    let flood = |_: &Call, _| Deed::status(200, endless());
    let tenant = Tenant::start_with_tokens(flood, |_, _| Deed::Silence).await;
    let error = tenant.client(&SetClock::new()).check_token().await.unwrap_err();
    assert!(matches!(error, GraphError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn a_compressed_answer_is_read() {
    let body: &[u8] = include_bytes!("../../data/graph/own.one-empty-calendar.json.gz");
    let tenant = Tenant::start(move |_, _| Deed::status(200, body).with("content-encoding", "gzip")).await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(1)).await.unwrap();
    assert!(answers[0].calendar.as_ref().unwrap().entries().is_empty());
}

#[tokio::test]
async fn a_compressed_answer_counts_with_its_size_unpacked() {
    let body: &[u8] = include_bytes!("../../data/graph/own.nine-megabytes.json.gz");
    let tenant = Tenant::start(move |_, _| Deed::status(200, body).with("content-encoding", "gzip")).await;
    let error = failure(&tenant.client(&SetClock::new())).await;
    assert!(matches!(error, GraphError::TooLarge { .. }), "{error}");
}
