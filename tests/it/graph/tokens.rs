//! Tokens: fetched once, shared, renewed in time, dropped when refused.

use futures_util::future::join_all;
use serde_json::json;
use starface_calendar::graph::{Calendars, GraphError, TokenProblem};
use starface_calendar::rules::Verdict;

use super::tenant::{Call, Deed, SECRET, SetClock, Tenant, failure, many, requests, token};

fn empty(call: &Call, _before: usize) -> Deed {
    Deed::json(&call.empty_calendars())
}

fn bearers(tenant: &Tenant) -> Vec<String> {
    let calls = tenant.batch_calls();
    calls.iter().map(|call| call.header("authorization").to_owned()).collect()
}

#[tokio::test]
async fn a_token_is_asked_for_with_a_form_and_sent_with_each_batch() {
    let tenant = Tenant::start(empty).await;
    let client = tenant.client(&SetClock::new());
    client.read(&many(1)).await.unwrap();
    let call = tenant.token_calls().remove(0);
    assert_eq!(call.path, "/tenant-1/oauth2/v2.0/token");
    assert_eq!(call.header("content-type"), "application/x-www-form-urlencoded");
    let form: Vec<_> = url::form_urlencoded::parse(&call.body).into_owned().collect();
    let expected = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", "app-1".to_owned()),
        ("client_secret", SECRET.to_owned()),
        ("scope", format!("{}.default", tenant.url())),
    ];
    assert!(form.iter().map(|(k, v)| (k.as_str(), v.clone())).eq(expected), "{form:?}");
    assert_eq!(bearers(&tenant), ["Bearer token-1"]);
}

#[tokio::test]
async fn a_token_is_kept_until_five_minutes_before_its_end() {
    let tenant = Tenant::start(empty).await;
    let clock = SetClock::new();
    let client = tenant.client(&clock);
    for seconds in [0, 3299, 1, 0] {
        clock.pass(seconds);
        client.read(&many(1)).await.unwrap();
    }
    let expected = ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"];
    assert_eq!(bearers(&tenant), expected);
}

#[tokio::test]
async fn fifty_reads_at_once_fetch_one_token() {
    let tenant = Tenant::start(empty).await;
    let client = tenant.client(&SetClock::new());
    let requests: Vec<_> = many(50).into_iter().map(|request| [request]).collect();
    let reads = join_all(requests.iter().map(|request| client.read(request))).await;
    assert!(reads.iter().all(Result::is_ok));
    assert_eq!(tenant.token_calls().len(), 1);
    assert_eq!(tenant.batch_calls().len(), 50);
}

#[tokio::test]
async fn fifty_reads_at_once_share_one_refused_log_in() {
    let refuse = |_: &Call, _| Deed::status(401, r#"{"error": "invalid_client"}"#);
    let tenant = Tenant::start_with_tokens(refuse, empty).await;
    let client = tenant.client(&SetClock::new());
    let requests: Vec<_> = many(50).into_iter().map(|request| [request]).collect();
    let reads = join_all(requests.iter().map(|request| client.read(request))).await;
    for read in reads {
        assert_eq!(read.unwrap_err().verdict(), Verdict::NeedsHuman);
    }
    assert_eq!(tenant.token_calls().len(), 1);
    // It is no verdict for ever: who comes later asks again.
    failure(&client).await;
    assert_eq!(tenant.token_calls().len(), 2);
    assert!(tenant.batch_calls().is_empty());
}

#[tokio::test]
async fn an_old_token_serves_to_its_end_while_no_new_one_is_to_be_had() {
    let once = |_: &Call, before| match before {
        0 => token(0, 3600),
        _ => Deed::status(503, ""),
    };
    let tenant = Tenant::start_with_tokens(once, empty).await;
    let clock = SetClock::new();
    let client = tenant.client(&clock);
    client.read(&many(1)).await.unwrap();
    // Five minutes are left: the log-in is tried once a minute, not with each read.
    clock.pass(3300);
    client.read(&many(1)).await.unwrap();
    client.read(&many(1)).await.unwrap();
    assert_eq!(tenant.token_calls().len(), 2);
    clock.pass(60);
    client.read(&many(1)).await.unwrap();
    assert_eq!(tenant.token_calls().len(), 3);
    clock.pass(240);
    assert!(matches!(failure(&client).await, GraphError::Failed { .. }));
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let tenant = Tenant::start(|call, before| match before {
        0 => Deed::status(401, r#"{"error": {"code": "InvalidAuthenticationToken"}}"#),
        _ => Deed::json(&call.empty_calendars()),
    })
    .await;
    let client = tenant.client(&SetClock::new());
    client.read(&many(1)).await.unwrap();
    assert_eq!(bearers(&tenant), ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_for_a_person() {
    let body = r#"{"error": {"code": "InvalidAuthenticationToken"}}"#;
    let tenant = Tenant::start(move |_, _| Deed::status(401, body)).await;
    let client = tenant.client(&SetClock::new());
    let error = client.read(&many(3)).await.unwrap_err();
    assert!(matches!(error, GraphError::TokenRefused { .. }), "{error}");
    assert_eq!(error.verdict(), Verdict::NeedsHuman);
    assert_eq!(tenant.batch_calls().len(), 2);
}

#[tokio::test]
async fn a_token_refused_for_one_mailbox_is_replaced_once_and_costs_only_that_one() {
    let tenant = Tenant::start(|call, _| {
        Deed::json(&call.calendars(|url| match url.contains("m1@") {
            true => json!({"status": 401, "body": {"error": {"code": "Forbidden"}}}),
            false => json!({"status": 200, "body": {"value": []}}),
        }))
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(3)).await.unwrap();
    let known: Vec<bool> = answers.iter().map(|answer| answer.calendar.is_ok()).collect();
    assert_eq!(known, [true, false, true]);
    assert_eq!(tenant.batch_calls().len(), 2);
}

#[tokio::test]
async fn checking_the_token_fetches_a_new_one_and_tells_what_is_wrong() {
    let expired = include_str!("../../data/graph/extra.token-error-7000222.json");
    let script = move |_: &Call, before| match before {
        0 => token(before, 3600),
        _ => Deed::status(401, expired),
    };
    let tenant = Tenant::start_with_tokens(script, empty).await;
    let client = tenant.client(&SetClock::new());
    client.check_token().await.unwrap();
    match client.check_token().await.unwrap_err() {
        GraphError::TokenDenied { problem, .. } => assert_eq!(problem, TokenProblem::SecretExpired),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_log_in_page_instead_of_a_token_is_malformed() {
    let page = |_: &Call, _| Deed::status(200, "<html>Sign in</html>");
    let tenant = Tenant::start_with_tokens(page, empty).await;
    let client = tenant.client(&SetClock::new());
    let error = client.read(&requests(&["anna@example.de", "bert@example.de"])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "understand the answer of the Microsoft Entra log-in: it is not the JSON that was expected"
    );
    assert_eq!(tenant.token_calls().len(), 1);
}
