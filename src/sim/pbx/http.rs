//! The PBX's HTTP: reads calls, lets faults strike, writes answers.
//!
//! Every call is worked on by a task of its own, so that it takes effect also when its caller has died meanwhile, as
//! in a real PBX.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State as Shares};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use dxr::Value;
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinSet};

use super::codec::{self, Dialect, Refusal};
use super::fault::Fault;
use super::methods::{self, Method, Turn};
use super::state::{Auth, State};
use super::time::Time;
use super::token;
use crate::sim::connection::Line;
use crate::sim::gate::Passage;
use crate::sim::lock;

/// What a browser would be shown.
const LOGIN_PAGE: &str = "<!DOCTYPE html><html><head><title>STARFACE</title></head><body><form action=\"/j_security_\
                          check\" method=\"post\"><input name=\"j_username\"></form></body></html>";

/// What the handle and the server share.
pub(crate) struct Shared {
    pub(crate) time: Time,
    pub(crate) state: Mutex<State>,
    /// The calls that are being worked on, and what goes on by itself.
    pub(crate) tasks: Mutex<JoinSet<()>>,
}

/// A call as it was read.
struct Call {
    name: String,
    method: Option<Method>,
    arguments: Result<Vec<Value>, Refusal>,
}

/// Returns the PBX's endpoints: for calls, and for access tokens.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new().route("/xml-rpc", post(receive)).route(token::PATH, post(grant)).with_state(shared)
}

async fn grant(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let now = shared.time.now();
    let mut state = lock(&shared.state);
    let State { issuer, setup, .. } = &mut *state;
    let (status, answer) = issuer.answer(setup, &body, now);
    (status, Json(answer)).into_response()
}

async fn receive(
    Shares(shared): Shares<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let (call, fault, is_let_in) = {
        let mut state = lock(&shared.state);
        let call = Call::read(&state, &body);
        *state.calls.entry(call.label()).or_default() += 1;
        let fault = state.faults.strike(|calls, _| calls.strike(call.method));
        (call, fault, lets_in(&state, uri.query().unwrap_or_default(), shared.time.now()))
    };
    match fault {
        Some(Fault::Gone) => return cut(&line),
        Some(Fault::Status(status)) => return page(status, "<html><body>error</body></html>"),
        Some(Fault::LoginPage) => return login_page(&shared),
        _ if !is_let_in => return login_page(&shared),
        Some(Fault::Late(by)) => {
            let at = shared.time.now() + by;
            spawn(&shared, work_late(Arc::clone(&shared), call, at));
            return cut(&line);
        }
        _ => {}
    }
    let (answer, answered) = oneshot::channel();
    let work = work(Arc::clone(&shared), call, fault.clone(), answer);
    spawn(&shared, work);
    match (answered.await, fault) {
        (Err(_), _) | (Ok(_), Some(Fault::AnswerLost)) => cut(&line),
        (Ok(_), Some(Fault::Garbage)) => page(200, "%PDF-1.4 not what was asked for"),
        (Ok(_), Some(Fault::Empty)) => xml(&shared, String::new()),
        (Ok(answer), Some(Fault::Truncated)) => {
            line.cut_after_body(answer.len() / 2);
            xml(&shared, answer)
        }
        (Ok(answer), _) => xml(&shared, answer),
    }
}

impl Call {
    fn read(state: &State, body: &[u8]) -> Self {
        match codec::read(body) {
            Ok((name, arguments)) => {
                Self { method: Method::of(&state.setup.instance, &name), name, arguments: Ok(arguments) }
            }
            Err(refusal) => Self { name: String::new(), method: None, arguments: Err(refusal) },
        }
    }

    /// Returns the name under which the call is counted.
    fn label(&self) -> &'static str {
        self.method.map_or("unknown", Method::name)
    }

    /// Waits as long as the PBX takes for the call.
    async fn take_time(&self, shared: &Shared) {
        let arguments = self.arguments.as_deref().unwrap_or_default();
        let takes = {
            let state = lock(&shared.state);
            state.pace.of(&state, self.method, arguments)
        };
        if !takes.is_zero() {
            shared.time.sleep_until(shared.time.now() + takes).await;
        }
    }

    async fn answer(self, shared: &Shared) -> Result<Value, Refusal> {
        let arguments = self.arguments?;
        // Looked at only now: a late call may find the instance deleted.
        let method = self.method.filter(|_| lock(&shared.state).is_installed);
        let method = method.ok_or_else(|| Refusal(format!("No such handler: {}", self.name)))?;
        let turn = methods::turn(&mut lock(&shared.state), shared.time.now(), method, &arguments)?;
        let result = match turn {
            Ok(Turn::Done(data)) => Ok(data),
            Ok(Turn::Drains(drain)) => Ok(drain.wait(shared).await),
            Err(words) => Err(words),
        };
        Ok(methods::answer(result))
    }
}

fn lets_in(state: &State, query: &str, now: DateTime<Utc>) -> bool {
    let State { setup, issuer, .. } = state;
    match state.auth {
        Auth::Token => token::fits_sha512(query, setup) || issuer.fits(query, now),
        Auth::Md5 => token::fits_md5(query, setup),
        Auth::Jwt => issuer.fits(query, now),
        Auth::None => true,
    }
}

/// Works on a call; a call that ends at a gate is never answered.
async fn work(shared: Arc<Shared>, call: Call, fault: Option<Fault>, answer: oneshot::Sender<String>) {
    if let Some(Fault::HeldBefore(door)) = &fault
        && door.clone().pass().await == Passage::Dropped
    {
        return;
    }
    let result = match &fault {
        Some(Fault::Words(words)) => Err(Refusal(words.clone())),
        _ => {
            call.take_time(&shared).await;
            call.answer(&shared).await
        }
    };
    if let Some(Fault::HeldAfter(door)) = &fault
        && door.clone().pass().await == Passage::Dropped
    {
        return;
    }
    let dialect = lock(&shared.state).dialect;
    // Its caller may have died meanwhile.
    let _ = answer.send(codec::write(dialect, &result));
}

/// Works on a call that has no caller any more, at this instant and by what the module knows then.
async fn work_late(shared: Arc<Shared>, call: Call, at: DateTime<Utc>) {
    // A clock that is set back may end a wait before its time.
    while shared.time.now() < at {
        shared.time.sleep_until(at).await;
    }
    // Nobody hears the answer.
    let _ = call.answer(&shared).await;
}

/// Starts a task that ends with the PBX.
pub(crate) fn spawn(shared: &Shared, work: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
    let mut tasks = lock(&shared.tasks);
    while tasks.try_join_next().is_some() {}
    tasks.spawn(work)
}

fn cut(line: &Line) -> Response {
    line.cut();
    Response::new(Body::empty())
}

fn login_page(shared: &Shared) -> Response {
    let status = lock(&shared.state).login_page_status;
    page(status, LOGIN_PAGE)
}

fn page(status: u16, text: &'static str) -> Response {
    Response::builder()
        .status(status)
        .header("Content-Type", "text/html;charset=UTF-8")
        .body(Body::from(text))
        .expect("statuses of faults are valid ones")
}

fn xml(shared: &Shared, text: String) -> Response {
    let mut response = Response::builder().header("Content-Type", "text/xml");
    if lock(&shared.state).dialect == Dialect::Apache {
        let cookie = "JSESSIONID=51A0C0FFEE; Path=/; HttpOnly";
        response = response.header("Set-Cookie", cookie);
    }
    response.body(Body::from(text)).expect("the headers are fixed")
}
