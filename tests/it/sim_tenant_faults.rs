//! The simulated tenant: every fault that can be switched on, seen from the caller.

use starface_calendar::sim::Times;
use starface_calendar::sim::tenant::{Fault, Whom};

use crate::sim::{Answer, DAY, Graph, address, batch_of, view_url};

const ANNA: &str = "anna@example.com";
const BEAT: &str = "beat@example.com";

async fn graph() -> Graph {
    let graph = Graph::start().await;
    graph.tenant.add_mailbox(&address(ANNA));
    graph.tenant.add_mailbox(&address(BEAT));
    graph
}

fn anna() -> Whom {
    Whom::Mailbox(address(ANNA))
}

async fn read(graph: &Graph, mailbox: &str) -> Result<Answer, reqwest::Error> {
    graph.send(&batch_of(&[view_url(mailbox, DAY)])).await
}

#[tokio::test]
async fn a_throttled_mailbox_says_when_to_come_back_and_spares_the_others() {
    let graph = graph().await;
    let fault = Fault::ItemThrottled("2.128".to_owned());
    graph.tenant.fail(anna(), fault, Times::Next(1));
    let urls = [view_url(ANNA, DAY), view_url(BEAT, DAY)];
    let answers = graph.batch(&urls).await;
    assert_eq!(answers[0]["status"], 429);
    assert_eq!(answers[0]["body"]["error"]["code"], "ApplicationThrottled");
    let headers = answers[0]["headers"].as_object().unwrap();
    let retry_after = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    assert_eq!(retry_after.unwrap().1, "2.128");
    assert_eq!(answers[1]["status"], 200);
    assert_eq!(graph.batch(&urls).await[0]["status"], 200);
}

#[tokio::test]
async fn a_mailbox_can_fail_until_all_is_healed() {
    let graph = graph().await;
    graph.tenant.fail(anna(), Fault::ItemStatus(503), Times::Always);
    for _ in 0..3 {
        let answers = graph.batch(&[view_url(ANNA, DAY)]).await;
        assert_eq!(answers[0]["status"], 503);
        assert_eq!(answers[0]["body"]["error"]["code"], "ServiceUnavailable");
    }
    graph.tenant.heal();
    assert_eq!(graph.batch(&[view_url(ANNA, DAY)]).await[0]["status"], 200);
}

#[tokio::test]
async fn a_mailbox_can_answer_200_with_no_page() {
    let graph = graph().await;
    graph.tenant.fail(Whom::Everybody, Fault::ItemGarbage, Times::Next(1));
    let answers = graph.batch(&[view_url(ANNA, DAY)]).await;
    assert_eq!(answers[0]["status"], 200);
    assert!(answers[0]["body"]["value"].is_string());
}

#[tokio::test]
async fn a_whole_call_can_be_throttled_or_refused() {
    let graph = graph().await;
    let fault = Fault::Throttled("7".to_owned());
    graph.tenant.fail(Whom::Everybody, fault, Times::Next(1));
    let answer = read(&graph, ANNA).await.unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    assert_eq!(answer.code(), "TooManyRequests");
    graph.tenant.fail(Whom::Everybody, Fault::Status(502), Times::Next(1));
    assert_eq!(read(&graph, ANNA).await.unwrap().status, 502);
    assert_eq!(read(&graph, ANNA).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_call_can_answer_garbage() {
    let graph = graph().await;
    graph.tenant.fail(Whom::Everybody, Fault::Garbage, Times::Next(1));
    let answer = read(&graph, ANNA).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
}

#[tokio::test]
async fn an_answer_can_break_off_or_be_lost_or_the_tenant_be_gone() {
    let graph = graph().await;
    let mut worked_on = graph.tenant.asked().len();
    for (fault, works) in [(Fault::Truncated, 1), (Fault::AnswerLost, 1), (Fault::Gone, 0)] {
        graph.tenant.fail(Whom::Everybody, fault.clone(), Times::Next(1));
        assert!(read(&graph, ANNA).await.is_err(), "{fault:?}");
        worked_on += works;
        assert_eq!(graph.tenant.asked().len(), worked_on, "{fault:?}");
    }
    assert_eq!(read(&graph, ANNA).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_truncated_answer_has_its_head_and_half_of_its_body() {
    let graph = graph().await;
    graph.tenant.fail(Whom::Everybody, Fault::Truncated, Times::Next(1));
    let batch = batch_of(&[view_url(ANNA, DAY)]);
    let request = graph.http.post(graph.url("/$batch")).bearer_auth(&graph.token);
    let mut response = request.json(&batch).send().await.unwrap();
    let promised = usize::try_from(response.content_length().unwrap()).unwrap();
    let mut got = 0;
    let end = loop {
        match response.chunk().await {
            Ok(Some(bytes)) => got += bytes.len(),
            Ok(None) => break "whole",
            Err(_) => break "broken off",
        }
    };
    assert_eq!((end, got), ("broken off", promised / 2));
}

#[tokio::test]
async fn a_fault_of_a_call_about_one_mailbox_spares_calls_about_others() {
    let graph = graph().await;
    graph.tenant.fail(anna(), Fault::Status(500), Times::Always);
    assert_eq!(read(&graph, BEAT).await.unwrap().status, 200);
    assert_eq!(read(&graph, ANNA).await.unwrap().status, 500);
}

#[tokio::test]
async fn a_held_call_is_answered_when_it_is_released_and_not_before() {
    let graph = graph().await;
    let gate = graph.tenant.hold(anna(), 1);
    let held = read(&graph, ANNA);
    let other = async {
        gate.reached().await;
        let asked = graph.tenant.asked().len();
        assert_eq!(read(&graph, BEAT).await.unwrap().status, 200);
        assert_eq!(graph.tenant.asked().len(), asked + 1);
        gate.release();
    };
    let (answer, ()) = tokio::join!(held, other);
    assert_eq!(answer.unwrap().status, 200);
}

#[tokio::test]
async fn a_held_call_whose_gate_is_dropped_is_never_answered() {
    let graph = graph().await;
    let gate = graph.tenant.hold(anna(), 1);
    let held = read(&graph, ANNA);
    let drops = async {
        gate.reached().await;
        drop(gate);
    };
    let (answer, ()) = tokio::join!(held, drops);
    assert!(answer.is_err());
}

#[tokio::test]
async fn tokens_have_faults_of_their_own() {
    let graph = graph().await;
    graph.tenant.fail(Whom::Everybody, Fault::Status(500), Times::Always);
    assert_eq!(graph.ask_for_token(&[]).await.unwrap().status, 200);
    let throttled = Fault::Throttled("3".to_owned());
    graph.tenant.fail(Whom::Token, throttled, Times::Next(1));
    let answer = graph.ask_for_token(&[]).await.unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("3")));
    assert_eq!(answer.json()["error"], "temporarily_unavailable");
    graph.tenant.fail(Whom::Token, Fault::AnswerLost, Times::Next(1));
    assert!(graph.ask_for_token(&[]).await.is_err());
    assert_eq!(graph.ask_for_token(&[]).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_dropped_tenant_answers_nobody_any_more_not_even_whom_it_holds() {
    let Graph { tenant, http, token, .. } = graph().await;
    let gate = tenant.hold(Whom::Everybody, 1);
    let endpoint = tenant.endpoint();
    let url = endpoint.join(&format!("v1.0{}", view_url(ANNA, DAY))).unwrap();
    let held = http.get(url).bearer_auth(token).send();
    let drops = async {
        gate.reached().await;
        drop(tenant);
        gate.release();
    };
    let (answer, ()) = tokio::join!(held, drops);
    assert!(answer.is_err());
    assert!(http.get(endpoint).send().await.is_err());
}
