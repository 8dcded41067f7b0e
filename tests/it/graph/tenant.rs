//! A tenant on loopback: gives tokens, answers batches as a test says, and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use starface_calendar::clock::Clock;
use starface_calendar::graph::{Answer, Bodies, Calendars, Config, GraphClient, GraphError, Request, Window};
use starface_calendar::meter::Meter;
use starface_calendar::secret::Secret;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;

/// What the tenant was asked once.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    /// Returns the requests of a batch.
    pub(super) fn requests(&self) -> Vec<Value> {
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        body["requests"].as_array().unwrap().clone()
    }

    /// Returns a header's text.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Returns an empty calendar for each mailbox of the batch.
    pub(super) fn empty_calendars(&self) -> Value {
        self.calendars(|_| json!({"status": 200, "body": {"value": []}}))
    }

    /// Returns for each request of the batch what `item` makes of its URL; whoever is looked up is nobody.
    pub(super) fn calendars(&self, item: impl Fn(&str) -> Value) -> Value {
        let answered = self.requests().into_iter().map(|request| {
            let url = request["url"].as_str().unwrap();
            let is_look_up = url.starts_with("/users?");
            let mut answer = if is_look_up { json!({"status": 200, "body": {"value": []}}) } else { item(url) };
            answer["id"] = request["id"].clone();
            answer
        });
        json!({"responses": answered.collect::<Vec<_>>()})
    }
}

/// What the tenant does with a call.
pub(super) enum Deed {
    /// It answers.
    Answer(Response),
    /// It never answers.
    Silence,
}

impl Deed {
    /// Answers with a status and a body.
    pub(super) fn status(status: u16, body: impl Into<Body>) -> Self {
        let mut response = Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Self::Answer(response)
    }

    /// Answers well.
    pub(super) fn json(body: &Value) -> Self {
        Self::status(200, body.to_string())
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        if let Self::Answer(response) = &mut self {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        self
    }
}

type Script = Box<dyn Fn(&Call, usize) -> Deed + Send + Sync>;

struct Scripted {
    token: Script,
    batch: Script,
    token_calls: Mutex<Vec<Call>>,
    batch_calls: Mutex<Vec<Call>>,
}

/// The tenant. It ends with this value.
pub(super) struct Tenant {
    address: SocketAddr,
    scripted: Arc<Scripted>,
    _server: JoinSet<()>,
}

impl Tenant {
    /// Starts a tenant that gives tokens of an hour, `token-1`, `token-2` and so on, and answers the batches by
    /// `batch`, which gets the call and how many were before it.
    pub(super) async fn start(batch: impl Fn(&Call, usize) -> Deed + Send + Sync + 'static) -> Self {
        Self::start_with_tokens(|_, before| token(before, 3600), batch).await
    }

    /// Starts a tenant that gives tokens by `token`.
    pub(super) async fn start_with_tokens(
        token: impl Fn(&Call, usize) -> Deed + Send + Sync + 'static,
        batch: impl Fn(&Call, usize) -> Deed + Send + Sync + 'static,
    ) -> Self {
        let scripted = Arc::new(Scripted {
            token: Box::new(token),
            batch: Box::new(batch),
            token_calls: Mutex::default(),
            batch_calls: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(serve).with_state(scripted.clone());
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, scripted, _server: server }
    }

    /// Returns what the token endpoint was asked.
    pub(super) fn token_calls(&self) -> Vec<Call> {
        self.scripted.token_calls.lock().unwrap().clone()
    }

    /// Returns the batches it was asked.
    pub(super) fn batch_calls(&self) -> Vec<Call> {
        self.scripted.batch_calls.lock().unwrap().clone()
    }

    /// Returns the tenant's own URL.
    pub(super) fn url(&self) -> Url {
        format!("http://{}", self.address).parse().unwrap()
    }

    /// Builds a client of this tenant.
    pub(super) fn client(&self, clock: &SetClock) -> GraphClient {
        self.client_with_timeout(clock, Duration::from_secs(60))
    }

    /// Builds a client that reads the texts of entries.
    pub(super) fn client_with_texts(&self, clock: &SetClock) -> GraphClient {
        let config = Config { bodies: Bodies::Read, ..self.config(Duration::from_secs(60)) };
        GraphClient::new(config, clock.clone()).unwrap()
    }

    /// Builds a client that waits only so long.
    pub(super) fn client_with_timeout(&self, clock: &SetClock, timeout: Duration) -> GraphClient {
        GraphClient::new(self.config(timeout), clock.clone()).unwrap()
    }

    pub(super) fn config(&self, timeout: Duration) -> Config {
        Config {
            tenant_id: "tenant-1".into(),
            client_id: "app-1".into(),
            credential: starface_calendar::credential::Credential::secret(Secret::new(SECRET)),
            endpoint: self.url(),
            login_endpoint: self.url(),
            request_timeout: timeout,
            bodies: Bodies::NotRead,
            meter: Meter::default(),
        }
    }
}

/// The app's secret, with letters that a form must escape.
pub(super) const SECRET: &str = "geheim&Wort=1";

/// Gives a token numbered from 1.
pub(super) fn token(before: usize, expires_in: u64) -> Deed {
    let name = format!("token-{}", before + 1);
    Deed::json(&json!({"token_type": "Bearer", "expires_in": expires_in, "access_token": name}))
}

async fn serve(State(scripted): State<Arc<Scripted>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    let (script, calls) = match path.as_str() {
        "/v1.0/$batch" => (&scripted.batch, &scripted.batch_calls),
        _ => (&scripted.token, &scripted.token_calls),
    };
    let call = Call { path, headers, body };
    let before = {
        let mut calls = calls.lock().unwrap();
        calls.push(call.clone());
        calls.len() - 1
    };
    match script(&call, before) {
        Deed::Answer(response) => response,
        Deed::Silence => std::future::pending().await,
    }
}

/// A clock that stands until a test moves it.
#[derive(Clone)]
pub(super) struct SetClock(Arc<Mutex<DateTime<Utc>>>);

impl SetClock {
    /// Shows nine o'clock.
    pub(super) fn new() -> Self {
        let at = "2026-11-23T09:00:00Z".parse().unwrap();
        Self(Arc::new(Mutex::new(at)))
    }

    /// Moves on.
    pub(super) fn pass(&self, seconds: i64) {
        *self.0.lock().unwrap() += TimeDelta::seconds(seconds);
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    async fn sleep_until(&self, _at: DateTime<Utc>) {
        std::future::pending::<()>().await;
    }
}

/// Asks for one day of each of these mailboxes.
pub(super) fn requests(addresses: &[&str]) -> Vec<Request> {
    let window = Window { from: "2026-11-23T09:00:00Z".parse().unwrap(), to: "2026-11-24T09:00:00Z".parse().unwrap() };
    let request = |address: &&str| Request { address: address.parse().unwrap(), window, last: None };
    addresses.iter().map(request).collect()
}

/// Asks for one day of so many mailboxes, `m0@example.de` and on.
pub(super) fn many(count: usize) -> Vec<Request> {
    let addresses: Vec<String> = (0..count).map(|n| format!("m{n}@example.de")).collect();
    requests(&addresses.iter().map(String::as_str).collect::<Vec<_>>())
}

/// An event at a time that does not matter, with this id.
pub(super) fn event(id: &str) -> Value {
    let moment = json!({"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "UTC"});
    json!({"id": id, "subject": "Kunde ABC", "start": moment, "end": moment})
}

/// A calendar of these events, without a next page.
pub(super) fn calendar(ids: &[&str]) -> Value {
    let events: Vec<Value> = ids.iter().map(|id| event(id)).collect();
    json!({"status": 200, "body": {"value": events}})
}

/// Returns the ids of the entries of each mailbox, or its error in words.
pub(super) fn told(answers: &[Answer]) -> Vec<Result<Vec<String>, String>> {
    let told = |answer: &Answer| match &answer.calendar {
        Ok(calendar) => Ok(calendar.entries().iter().map(|entry| entry.id.0.clone()).collect()),
        Err(error) => Err(error.to_string()),
    };
    answers.iter().map(told).collect()
}

/// Reads a single mailbox, whose calendar must not become known, and returns the error.
pub(super) async fn failure(client: &GraphClient) -> GraphError {
    match client.read(&requests(&["anna@example.de"])).await {
        Err(error) => error,
        Ok(mut answers) => answers.remove(0).calendar.unwrap_err(),
    }
}
