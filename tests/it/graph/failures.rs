//! What fails: one mailbox, a whole call, the connection.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use serde_json::{Value, json};
use starface_calendar::graph::{Calendars, GraphError};
use starface_calendar::rules::Verdict;

use super::tenant::{Call, Deed, SetClock, Tenant, calendar, failure, many, token, told};

const RETRY_LATER: Verdict = Verdict::Retry { after: None };

/// Long enough for any answer on loopback, short enough to wait for.
const SHORT: Duration = Duration::from_secs(1);

#[tokio::test]
async fn each_mailbox_fails_for_itself() {
    let no_mailbox = include_str!("../../data/graph/extra.error-no-mailbox.json");
    let no_mailbox: Value = serde_json::from_str(no_mailbox).unwrap();
    let error = |code: &str| json!({"error": {"code": code, "innerError": {"request-id": "r-1"}}});
    let items = [
        calendar(&["a"]),
        json!({"status": 429, "headers": {"retry-after": "2.128"}, "body": error("ApplicationThrottled")}),
        json!({"status": 503, "headers": {"Retry-After": "10"}, "body": null}),
        json!({"status": 504, "body": error("UnknownError")}),
        json!({"status": 403, "body": error("ErrorAccessDenied")}),
        json!({"status": 404, "body": error("ErrorInvalidUser")}),
        json!({"status": 404, "body": no_mailbox}),
        json!({"status": 200, "body": {"value": [{"id": "b"}]}}),
        json!({"status": 200, "body": "no calendar"}),
        calendar(&["c"]),
    ];
    let tenant = Tenant::start(move |call, _| {
        let index = |url: &str| url[8..9].parse::<usize>().unwrap();
        Deed::json(&call.calendars(|url| items[index(url)].clone()))
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(10)).await.unwrap();
    let verdicts: Vec<Option<Verdict>> =
        answers.iter().map(|answer| answer.calendar.as_ref().err().map(GraphError::verdict)).collect();
    let after = |millis| Some(Verdict::Retry { after: Some(Duration::from_millis(millis)) });
    let expected = [
        None,
        after(2128),
        after(10_000),
        Some(RETRY_LATER),
        Some(Verdict::NeedsHuman),
        Some(Verdict::GiveUp),
        Some(Verdict::GiveUp),
        Some(RETRY_LATER),
        Some(RETRY_LATER),
        None,
    ];
    assert_eq!(verdicts, expected);
    assert_eq!(
        told(&answers)[1].clone().unwrap_err(),
        "get an answer without a pause: Microsoft Graph answered 429 ApplicationThrottled (request r-1)"
    );
    let sizes: Vec<usize> = tenant.batch_calls().iter().map(|call| call.requests().len()).collect();
    assert_eq!(sizes, [10, 2], "and the two that were not found are looked up");
}

#[tokio::test]
async fn a_mailbox_that_is_missing_or_doubled_in_the_answer_is_unknown() {
    let tenant = Tenant::start(|call, _| {
        let mut answer = call.empty_calendars();
        let responses = answer["responses"].as_array_mut().unwrap();
        responses.remove(1);
        responses.push(responses[0].clone());
        Deed::json(&answer).with("request-id", "r-1")
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(3)).await.unwrap();
    let text = |flaw| Err(format!("understand the answer of Microsoft Graph: {flaw} (request r-1)"));
    let expected = [text("the mailbox is in it more than once"), text("the mailbox is missing from it"), Ok(vec![])];
    assert_eq!(told(&answers), expected);
}

#[tokio::test]
async fn a_throttled_call_tells_how_long_everything_must_wait() {
    async fn case(status: u16, retry_after: &'static str, expected_millis: u64) {
        let tenant = Tenant::start(move |_, _| {
            let body = include_str!("../../data/graph/throttling.01.response.json");
            Deed::status(status, body).with("retry-after", retry_after)
        })
        .await;
        let client = tenant.client(&SetClock::new());
        let error = client.read(&many(20)).await.unwrap_err();
        assert!(matches!(error, GraphError::Throttled { .. }), "{error}");
        let after = Some(Duration::from_millis(expected_millis));
        assert_eq!(error.verdict(), Verdict::Retry { after });
        assert_eq!(tenant.batch_calls().len(), 1);
    }
    case(429, "2.128", 2128).await;
    case(503, "7", 7000).await;
    case(429, "Mon, 23 Nov 2026 09:00:30 GMT", 30_000).await;
    case(429, "86400", 600_000).await;
}

#[tokio::test]
async fn a_call_that_graph_refuses_fails_as_a_whole() {
    async fn case(status: u16, verdict: Verdict) {
        let tenant = Tenant::start(move |_, _| Deed::status(status, "<html>")).await;
        let error = failure(&tenant.client(&SetClock::new())).await;
        assert_eq!(error.verdict(), verdict, "{status}");
        assert!(!error.is_not_found());
        assert_eq!(tenant.batch_calls().len(), 1, "{status}");
    }
    case(500, RETRY_LATER).await;
    case(502, RETRY_LATER).await;
    case(503, RETRY_LATER).await;
    case(504, RETRY_LATER).await;
    case(400, Verdict::NeedsHuman).await;
    case(403, Verdict::NeedsHuman).await;
    case(404, Verdict::NeedsHuman).await;
    case(204, Verdict::NeedsHuman).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let redirect = |_: &Call, _| Deed::status(307, "").with("location", "/elsewhere");
    let tenant = Tenant::start(redirect).await;
    let error = failure(&tenant.client(&SetClock::new())).await;
    assert!(matches!(error, GraphError::Refused { .. }), "{error}");
    assert_eq!(tenant.token_calls().len(), 1);
    assert_eq!(tenant.batch_calls().len(), 1);
}

#[tokio::test]
async fn an_answer_that_means_nothing_leaves_every_mailbox_unknown() {
    async fn case(body: &'static str) {
        let tenant = Tenant::start(move |_, _| Deed::status(200, body)).await;
        let error = failure(&tenant.client(&SetClock::new())).await;
        assert!(matches!(error, GraphError::Malformed { .. }), "{error}");
        assert_eq!(error.verdict(), RETRY_LATER);
    }
    case("").await;
    case("<html>Sign in</html>").await;
    case("{}").await;
    case(r#"{"value": []}"#).await;
    case(r#"{"responses": [{"id": "1", "status": 200, "body": {"value": ["#).await;
}

#[tokio::test]
async fn half_an_emoji_in_a_title_costs_no_calendar() {
    let tenant = Tenant::start(|call, _| {
        let answer = call.calendars(|_| calendar(&["a"])).to_string();
        Deed::status(200, answer.replace("Kunde ABC", r"Kunde \ud83d"))
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(1)).await.unwrap();
    let entries = answers[0].calendar.as_ref().unwrap().entries();
    assert_eq!(entries[0].title.0, "Kunde \u{fffd}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_every_mailbox_unknown() {
    let tenant = Tenant::start(|_, _| {
        let pieces = [
            // More than fits into the buffers on the way, so that the client has seen the beginning.
            Ok(Bytes::from(vec![b' '; 4 * 1024 * 1024])),
            Err(std::io::Error::other("the connection breaks")),
        ];
        Deed::status(200, Body::from_stream(stream::iter(pieces)))
    })
    .await;
    let error = failure(&tenant.client(&SetClock::new())).await;
    assert_eq!(error.to_string(), "understand the answer of Microsoft Graph: it broke off");
}

#[tokio::test]
async fn a_call_without_an_answer_ends_in_time() {
    let tenant = Tenant::start(|_, _| Deed::Silence).await;
    let client = tenant.client_with_timeout(&SetClock::new(), SHORT);
    client.check_token().await.unwrap();
    let error = failure(&client).await;
    assert!(matches!(error, GraphError::TimedOut { .. }), "{error}");
    assert_eq!(error.verdict(), RETRY_LATER);
}

#[tokio::test]
async fn an_answer_that_never_ends_its_body_ends_in_time() {
    let tenant =
        Tenant::start(|_, _| Deed::status(200, Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>())))
            .await;
    let client = tenant.client_with_timeout(&SetClock::new(), SHORT);
    let error = failure(&client).await;
    assert!(matches!(error, GraphError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn a_log_in_without_an_answer_ends_in_time() {
    let silent = |_: &Call, _| Deed::Silence;
    let tenant = Tenant::start_with_tokens(silent, |_, _| Deed::Silence).await;
    let client = tenant.client_with_timeout(&SetClock::new(), SHORT);
    let error = client.read(&many(20)).await.unwrap_err();
    assert!(matches!(error, GraphError::TimedOut { .. }), "{error}");
    assert_eq!(tenant.token_calls().len(), 1);
}

#[tokio::test]
async fn a_batch_that_hangs_is_told_as_late_after_one_call_so_that_its_mailboxes_can_be_asked_alone() {
    let tenant = Tenant::start(|call, _| {
        let hangs = call.requests().iter().any(|r| r["url"].as_str().unwrap().contains("m1@"));
        if hangs { Deed::Silence } else { Deed::json(&call.calendars(|_| calendar(&["a"]))) }
    })
    .await;
    let client = tenant.client_with_timeout(&SetClock::new(), SHORT);
    let error = client.read(&many(2)).await.unwrap_err();
    assert!(error.may_be_of_one(), "{error}");
    assert_eq!(tenant.batch_calls().len(), 1);
    assert_eq!(told(&client.read(&many(1)).await.unwrap()), [Ok(vec!["a".to_owned()])]);
}

#[tokio::test]
async fn a_tenant_that_is_away_is_unreachable() {
    let tenant = Tenant::start_with_tokens(|_, _| token(0, 3600), |_, _| Deed::Silence).await;
    let client = tenant.client(&SetClock::new());
    drop(tenant);
    let error = client.check_token().await.unwrap_err();
    assert_eq!(error.to_string(), "reach the Microsoft Entra log-in");
    assert_eq!(error.verdict(), RETRY_LATER);
}
