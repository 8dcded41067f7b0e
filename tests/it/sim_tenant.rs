//! The simulated tenant: tokens, batches, limits and what it remembers of its callers.

use chrono::Duration;
use serde_json::{Value, json};
use starface_calendar::sim::tenant::{Appointment, Credentials, Kind, Whom};

use crate::sim::{Answer, DAY, Graph, address, at, batch_of, view_url};

#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str, number: u32) {
    let body = answer.json();
    assert_eq!(answer.status, status);
    assert_eq!(body["error"], error);
    assert_eq!(body["error_codes"], json!([number]));
    let words = body["error_description"].as_str().unwrap();
    assert!(words.starts_with(&format!("AADSTS{number}: ")), "{words}");
}

#[tokio::test]
async fn a_wrong_field_is_refused_with_entras_own_error() {
    let graph = Graph::start().await;
    let case = async |field: (&'static str, &'static str), status, error, number| {
        let answer = graph.ask_for_token(&[field]).await.unwrap();
        refused(&answer, status, error, number);
    };
    case(("tenant", "other"), 400, "invalid_request", 90_002).await;
    case(("grant_type", "password"), 400, "unsupported_grant_type", 70_003).await;
    case(("client_id", "other"), 400, "unauthorized_client", 700_016).await;
    case(("client_secret", "other"), 401, "invalid_client", 7_000_215).await;
    case(("scope", "Calendars.Read"), 400, "invalid_scope", 70_011).await;
}

#[tokio::test]
async fn a_secret_at_its_end_is_refused_until_it_is_replaced() {
    let graph = Graph::start().await;
    graph.tenant.expire_secret();
    let answer = graph.ask_for_token(&[]).await.unwrap();
    refused(&answer, 401, "invalid_client", 7_000_222);
    graph.tenant.replace_credentials(Credentials::default());
    let answer = graph.ask_for_token(&[]).await.unwrap();
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_token_ends_with_its_life() {
    let mut graph = Graph::start().await;
    graph.tenant.let_tokens_live_for(Duration::seconds(90));
    let answer = graph.ask_for_token(&[]).await.unwrap().json();
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 90);
    graph.token = answer["access_token"].as_str().unwrap().to_owned();
    graph.tenant.add_mailbox(&address("anna@example.com"));
    let read = batch_of(&[view_url("anna@example.com", DAY)]);

    graph.clock.advance(Duration::seconds(89));
    assert_eq!(graph.send(&read).await.unwrap().status, 200);
    graph.clock.advance(Duration::seconds(1));
    let answer = graph.send(&read).await.unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (401, "InvalidAuthenticationToken"));
}

#[tokio::test]
async fn a_call_needs_a_token_that_was_given_and_not_revoked() {
    let mut graph = Graph::start().await;
    let read = batch_of(&[view_url("anna@example.com", DAY)]);
    graph.tenant.revoke_tokens();
    assert_eq!(graph.send(&read).await.unwrap().status, 401);
    graph.token = "guessed".to_owned();
    assert_eq!(graph.send(&read).await.unwrap().status, 401);
    let nobody = Answer::of(graph.http.post(graph.url("/$batch")).json(&read)).await;
    assert_eq!(nobody.unwrap().status, 401);
    let alone = graph.single(&graph.url(&view_url("anna@example.com", DAY))).await;
    assert_eq!(alone.unwrap().code(), "InvalidAuthenticationToken");
}

#[tokio::test]
async fn a_batch_that_is_none_is_refused_as_a_whole() {
    let graph = Graph::start().await;
    let case = async |body: Value| {
        let answer = graph.send(&body).await.unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (400, "BadRequest"));
    };
    let item = |id: &str| json!({ "id": id, "method": "GET", "url": "/me" });
    case(json!({ "requests": (0..21).map(|id| item(&id.to_string())).collect::<Vec<_>>() })).await;
    case(json!({ "requests": [item("a"), item("A")] })).await;
    case(json!({ "requests": [] })).await;
    case(json!({ "requests": [{ "id": 1 }] })).await;
    case(json!("~")).await;
}

#[tokio::test]
async fn twenty_answers_come_out_of_order_with_header_names_in_any_case() {
    let graph = Graph::start().await;
    let urls: Vec<String> = (0..20).map(|member| view_url(&format!("m{member}@example.com"), DAY)).collect();
    for member in 0..20 {
        graph.tenant.add_mailbox(&address(&format!("m{member}@example.com")));
    }
    let answer = graph.send(&batch_of(&urls)).await.unwrap().json();
    let responses = answer["responses"].as_array().unwrap();
    let ids: Vec<&str> = responses.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 20);
    assert_ne!(ids, (0..20).map(|id| id.to_string()).collect::<Vec<_>>());
    let names: std::collections::BTreeSet<&String> =
        responses.iter().flat_map(|one| one["headers"].as_object().unwrap().keys()).collect();
    assert!(names.len() > 1, "{names:?}");
}

#[tokio::test]
async fn what_the_app_was_not_granted_is_forbidden_and_nonsense_is_a_bad_request() {
    let graph = Graph::start().await;
    let answers = graph
        .batch(&[
            "/users/anna@example.com/messages".to_owned(),
            "/groups/5f0c2a5e/members".to_owned(),
            "/me/calendarView".to_owned(),
        ])
        .await;
    let statuses: Vec<&Value> = answers.iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, [403, 403, 400]);
    assert_eq!(answers[0]["body"]["error"]["code"], "Authorization_RequestDenied");
}

#[tokio::test]
async fn an_error_names_the_request_also_by_the_callers_own_id() {
    let graph = Graph::start().await;
    let request = graph.http.get(graph.url("/me")).bearer_auth(&graph.token).header("client-request-id", "mine");
    let answer = Answer::of(request).await.unwrap();
    let error = &answer.json()["error"];
    assert_eq!(error["innerError"]["client-request-id"], "mine");
    assert_eq!(error["innerError"]["request-id"], answer.header("request-id").unwrap());
}

#[tokio::test]
async fn a_fifth_call_about_one_mailbox_is_throttled_and_another_mailbox_is_not() {
    let graph = Graph::start().await;
    for name in ["anna@example.com", "beat@example.com"] {
        graph.tenant.add_mailbox(&address(name));
    }
    let anna = view_url("anna@example.com", DAY);
    let gate = graph.tenant.hold(Whom::Everybody, 4);
    let four = async {
        let read = batch_of(std::slice::from_ref(&anna));
        tokio::join!(graph.send(&read), graph.send(&read), graph.send(&read), graph.send(&read))
    };
    let fifth = async {
        gate.reached_by(4).await;
        let answers = graph.batch(&[anna.clone(), view_url("beat@example.com", DAY)]).await;
        gate.release();
        answers
    };
    let (four, fifth) = tokio::join!(four, fifth);
    assert_eq!(fifth[0]["status"], 429);
    assert_eq!(fifth[0]["body"]["error"]["code"], "ApplicationThrottled");
    assert_eq!(fifth[1]["status"], 200);
    assert_eq!(four.0.unwrap().json()["responses"][0]["status"], 200);
    assert_eq!(graph.tenant.busy_max(&address("anna@example.com")), 4);
    assert_eq!(graph.tenant.busy_max(&address("beat@example.com")), 1);
    assert_eq!(graph.tenant.counts().in_flight_max, 5);
    // All have left: the mailbox is free again.
    assert_eq!(graph.batch(&[anna]).await[0]["status"], 200);
}

#[tokio::test]
async fn a_batch_may_name_one_mailbox_often() {
    let graph = Graph::start().await;
    graph.tenant.add_mailbox(&address("anna@example.com"));
    let urls = vec![view_url("anna@example.com", DAY); 20];
    for answer in graph.batch(&urls).await {
        assert_eq!(answer["status"], 200);
    }
}

#[tokio::test]
async fn what_was_asked_is_remembered() {
    let graph = Graph::start().await;
    graph
        .tenant
        .put(&address("anna@example.com"), Appointment::timed(at("2026-11-23T09:00:00Z"), at("2026-11-23T10:00:00Z")));
    let url = view_url("Anna%40example.com", &format!("{DAY}&$select=id,start&$top=50"));
    graph.batch(&[url, "/me".to_owned()]).await;

    let asked = graph.tenant.asked();
    assert_eq!(asked.len(), 3);
    assert_eq!((asked[0].kind, asked[0].status), (Kind::Token, 200));
    let read = &asked[1];
    assert_eq!((read.kind, read.call, read.status), (Kind::Item, 2, 200));
    assert_eq!(read.address, Some(address("anna@example.com")));
    assert_eq!(read.window, Some((at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z"))));
    assert_eq!(read.select.as_deref(), Some("id,start"));
    assert_eq!(read.top.as_deref(), Some("50"));
    assert!(read.prefer.as_ref().unwrap().contains("outlook.timezone"));
    assert_eq!(read.user_agent.as_deref(), Some("starface-calendar/test"));
    assert_eq!((asked[2].address.as_ref(), asked[2].status), (None, 400));
    let counts = graph.tenant.counts();
    assert_eq!((counts.calls, counts.tokens, counts.batches, counts.items), (2, 1, 1, 2));
}
