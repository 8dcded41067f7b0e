//! The tenant's HTTP: reads calls, lets faults strike, writes answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use axum::routing::{any, post};

use super::batch::{self, Item};
use super::fault::{Fault, Whom};
use super::recording::{Asked, Kind, Resource};
use super::reply::{Refusal, Reply};
use super::state::{Shared, Visit, strikes};
use super::token;
use crate::sim::connection::Line;
use crate::sim::gate::Passage;
use crate::sim::lock;

/// Returns the tenant's endpoints.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/{tenant}/oauth2/v2.0/token", post(give_token))
        .route("/v1.0/$batch", post(give_batch))
        .route("/v1.0/{*path}", any(give_single))
        .with_state(shared)
}

async fn give_token(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = lock(&shared.tenant).faults.strike(|whom, fault| *whom == Whom::Token && !fault.is_of_an_item());
    under(fault, &line, |refusal| {
        let now = (shared.now)();
        let mut state = lock(&shared.tenant);
        let reply = match refusal {
            Some(refusal) => token::out_of_order(&refusal, now),
            None => state.issuer.answer(&tenant, &body, now),
        };
        let call = state.recording.call();
        state.recording.remember(Asked {
            call,
            at: now,
            kind: Kind::Token,
            resource: Resource::Token,
            method: "POST".to_owned(),
            address: None,
            window: None,
            select: None,
            top: None,
            prefer: None,
            user_agent: text(&headers, "user-agent"),
            status: reply.status,
        });
        reply
    })
    .await
}

async fn give_batch(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let items = batch::read(&body);
    let read = items.as_deref().unwrap_or_default();
    let visit = Visit::begin(&shared, Kind::Item, text(&headers, "user-agent"), read);
    let fault = call_fault(&shared, read);
    let answer = under(fault, &line, |refusal| {
        let answers = admit(&shared, &headers, refusal).and(items.clone()).map(|items| {
            let answers = items.iter().map(|item| (item.id.clone(), visit.answer(item)));
            batch::join(visit.call, answers.collect())
        });
        written(&shared, &headers, answers)
    })
    .await;
    lock(&shared.tenant).recording.counts.bytes += answer.body().size_hint().exact().unwrap_or_default();
    answer
}

async fn give_single(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let url = uri.path_and_query().map_or("", |url| url.as_str());
    let item = Item::single(method.as_str(), url.trim_start_matches("/v1.0"), texts(&headers), &body);
    let items = std::slice::from_ref(&item);
    let visit = Visit::begin(&shared, Kind::Single, text(&headers, "user-agent"), items);
    let fault = call_fault(&shared, items);
    under(fault, &line, |refusal| {
        let answer = admit(&shared, &headers, refusal).map(|()| visit.answer(&item));
        written(&shared, &headers, answer)
    })
    .await
}

fn call_fault(shared: &Shared, items: &[Item]) -> Option<Fault> {
    let mut state = lock(&shared.tenant);
    let asked = state.addresses(items);
    state.faults.strike(|whom, fault| {
        let struck = asked.iter().any(|address| strikes(whom, address));
        !fault.is_of_an_item() && (struck || *whom == Whom::Everybody)
    })
}

/// Lets a call in that has a token, unless a fault refuses it.
fn admit(shared: &Shared, headers: &HeaderMap, refusal: Option<Refusal>) -> Result<(), Refusal> {
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    let authorization = text(headers, "authorization");
    lock(&shared.tenant).issuer.accept(authorization.as_deref(), (shared.now)())
}

fn written(shared: &Shared, headers: &HeaderMap, answer: Result<Reply, Refusal>) -> Reply {
    answer.unwrap_or_else(|refusal| {
        let client_request_id = text(headers, "client-request-id");
        refusal.reply((shared.now)(), client_request_id.as_deref())
    })
}

/// Does the work of a call while a fault strikes it.
async fn under(fault: Option<Fault>, line: &Line, work: impl FnOnce(Option<Refusal>) -> Reply) -> Response {
    match fault {
        None | Some(Fault::ItemThrottled(_) | Fault::ItemStatus(_) | Fault::ItemGarbage) => response(&work(None)),
        Some(Fault::Throttled(after)) => response(&work(Some(Refusal::too_many_requests(&after)))),
        Some(Fault::Status(status)) => response(&work(Some(Refusal::of_status(status)))),
        Some(Fault::Garbage) => {
            work(None);
            Response::new(Body::from("<!-- not what was asked for"))
        }
        Some(Fault::Truncated) => {
            let reply = work(None);
            line.cut_after_body(reply.body.to_string().len() / 2);
            response(&reply)
        }
        Some(Fault::AnswerLost) => {
            work(None);
            cut(line)
        }
        Some(Fault::Gone) => cut(line),
        Some(Fault::Held(door)) => match door.pass().await {
            Passage::Released => response(&work(None)),
            Passage::Dropped => cut(line),
        },
    }
}

fn cut(line: &Line) -> Response {
    line.cut();
    Response::new(Body::empty())
}

fn response(reply: &Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    let body = if reply.body.is_null() { Body::empty() } else { Body::from(reply.body.to_string()) };
    response.body(body).expect("names and values of headers are the simulation's own")
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn texts(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers.keys().filter_map(|name| Some((name.to_string(), text(headers, name.as_str())?))).collect()
}
