//! What the tests of the PBX room share: a client's settings, servers on loopback, a module that answers what it is
//! told to.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use dxr::{MethodCall, MethodResponse, Value as Wire};
use starface_calendar::clock::SystemClock;
use starface_calendar::meter::Meter;
use starface_calendar::pbx::{Auth, Caller, Config, Trust, XmlRpc};
use starface_calendar::rules::{AccountId, Presence, StatusText, Step, Value};
use starface_calendar::secret::Secret;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

/// The owner in whose name tests call.
pub(crate) const OWNER: &str = "owner-1";

/// Settings that fit the servers of these tests.
pub(crate) fn config(url: &str) -> Config {
    Config {
        url: Url::parse(url).unwrap(),
        instance: "Kalender Connector".to_owned(),
        login: "0001".to_owned(),
        password: Secret::new("Pässwort"),
        auth: Auth::Sha512,
        trust: Trust::System,
        module_key: Secret::new("Schlüssel"),
        timeout: Duration::from_secs(20),
        meter: Meter::default(),
    }
}

/// A client of the PBX at this address.
pub(crate) fn client(url: &str) -> XmlRpc {
    client_of(config(url))
}

/// A client with these settings.
pub(crate) fn client_of(config: Config) -> XmlRpc {
    XmlRpc::new(config, Caller::new(OWNER, 1), SystemClock).unwrap()
}

/// A client that does not wait for a PBX that never answers.
pub(crate) fn impatient_client(url: &str) -> XmlRpc {
    client_of(Config { timeout: Duration::from_secs(2), ..config(url) })
}

/// A server in this test's own runtime; ends with it.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) url: String,
    _tasks: JoinSet<()>,
}

/// Serves every request with one handler.
pub(crate) async fn serve(router: Router) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    Server { url, _tasks: tasks }
}

/// Hands every connection to a function that knows no HTTP.
pub(crate) async fn serve_connections<F, R>(each: F) -> Server
where
    F: Fn(TcpStream) -> R + Send + 'static,
    R: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            each(connection).await;
        }
    });
    Server { url, _tasks: tasks }
}

/// What an entry point was called with.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The method, instance included.
    pub(crate) method: String,
    /// The one struct.
    pub(crate) input: BTreeMap<String, Wire>,
}

impl Call {
    /// Returns the parameters of this call.
    pub(crate) fn params(&self) -> BTreeMap<String, Wire> {
        match &self.input["Params"] {
            Wire::Struct(params) => params.clone(),
            other => panic!("no struct: {other:?}"),
        }
    }

    /// Returns a parameter that is a text.
    pub(crate) fn param(&self, name: &str) -> String {
        text_of(&self.params()[name])
    }

    /// Returns the accounts that `getStates` is asked for.
    pub(crate) fn accounts(&self) -> Vec<String> {
        self.param("accounts").split(',').map(str::to_owned).collect()
    }
}

/// Returns the text of a string.
pub(crate) fn text_of(value: &Wire) -> String {
    match value {
        Wire::String(text) => text.clone(),
        other => panic!("no string: {other:?}"),
    }
}

/// Serves a module whose entry points do what the function says.
pub(crate) async fn module<F, R>(answer: F) -> Server
where
    F: Fn(Call) -> R + Send + Sync + 'static,
    R: Future<Output = Response> + Send + 'static,
{
    let answer = Arc::new(answer);
    let handler = move |body: Bytes| {
        let answer = Arc::clone(&answer);
        async move {
            let text = String::from_utf8(body.to_vec()).unwrap();
            let call = MethodCall::from_xml(&text).unwrap();
            let Some(Wire::Struct(input)) = call.params.first().cloned() else {
                panic!("a call without a struct");
            };
            let method = call.name.to_string();
            answer(Call { method, input }).await
        }
    };
    serve(Router::new().fallback(handler)).await
}

/// A struct.
pub(crate) fn structure<N: Into<String>>(members: impl IntoIterator<Item = (N, Wire)>) -> Wire {
    Wire::Struct(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

/// A string.
pub(crate) fn text(text: impl Into<String>) -> Wire {
    Wire::String(text.into())
}

/// The answer of an entry point that went well.
pub(crate) fn success(data: Wire) -> Response {
    answer(structure([("Success", Wire::Boolean(true)), ("Errormessage", text("")), ("Data", data)]))
}

/// The answer of an entry point that refused the call.
pub(crate) fn refusal(words: &str) -> Response {
    answer(structure([("Success", Wire::Boolean(false)), ("Errormessage", text(words))]))
}

/// An XML-RPC answer.
pub(crate) fn answer(value: Wire) -> Response {
    let xml = MethodResponse { value }.to_xml().unwrap();
    ([(CONTENT_TYPE, "text/xml")], xml).into_response()
}

/// The state of an account as `getStates` tells it.
pub(crate) fn state(presence: &str, message: &str) -> Wire {
    structure([("chatPresence", text(presence)), ("chatPresenceMessage", text(message))])
}

/// A step that puts a text over none.
pub(crate) fn text_step(account: u32, put: &str) -> Step {
    let put = Value::Text(StatusText(put.to_owned()));
    Step::write(AccountId(account), put, Some(Value::Text(StatusText::default())))
}

/// A step that puts *away* over *available*.
pub(crate) fn away_step(account: u32) -> Step {
    Step::write(AccountId(account), Value::Presence(Presence::Away), Some(Value::Presence(Presence::Available)))
}

/// What a module was called with, in order.
pub(crate) type Calls = Arc<Mutex<Vec<Call>>>;

/// Serves a module and keeps what it was called with.
pub(crate) async fn recorded(respond: impl Fn(&Call) -> Response + Send + Sync + 'static) -> (Server, Calls) {
    let calls = Calls::default();
    let seen = Arc::clone(&calls);
    let server = module(move |call| {
        let response = respond(&call);
        seen.lock().unwrap().push(call);
        async move { response }
    })
    .await;
    (server, calls)
}

/// So many accounts.
pub(crate) fn accounts(count: u32) -> Vec<AccountId> {
    (1000..1000 + count).map(AccountId).collect()
}

/// The answer that shows every account available.
pub(crate) fn available(call: &Call) -> Response {
    success(structure(call.accounts().into_iter().map(|account| (account, state("AVAILABLE", "")))))
}
