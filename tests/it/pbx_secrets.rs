//! No error, `Debug` output or log of the PBX room shows a secret, a URL, a body or a status text.

use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::future::join_all;
use starface_calendar::meter::Meter;
use starface_calendar::pbx::{Auth, Config, Pbx, PbxError, Trust, XmlRpc};
use starface_calendar::rules::{AccountId, Outcome};
use starface_calendar::secret::Secret;
use tracing_subscriber::fmt::MakeWriter;

use crate::pbx::{Server, client_of, refusal, serve, serve_connections, text_step};

const PASSWORD: &str = "Recognisable-Password";
const KEY: &str = "Recognisable-Key";
const TITLE: &str = "Recognisable Title";
const BODY: &str = "Recognisable Body";

const CLIENT_SECRET: &str = "Recognisable-Client";
const ACCESS_TOKEN: &str = "ey.Recognisable-Access";
const REFRESH_TOKEN: &str = "ey.Recognisable-Refresh";

/// What must never be shown. The last is how every token and every URL of this room begins.
const FORBIDDEN: [&str; 9] =
    [PASSWORD, KEY, TITLE, BODY, CLIENT_SECRET, ACCESS_TOKEN, REFRESH_TOKEN, "xml-rpc?", "de.vertico.starface"];

fn oauth() -> Auth {
    Auth::OAuth { client_secret: Secret::new(CLIENT_SECRET) }
}

fn config(url: &str, auth: Auth) -> Config {
    Config {
        url: url.parse().unwrap(),
        instance: "Kalender Connector".to_owned(),
        login: "0001".to_owned(),
        password: Secret::new(PASSWORD),
        auth,
        trust: Trust::System,
        module_key: Secret::new(KEY),
        timeout: Duration::from_millis(500),
        meter: Meter::default(),
    }
}

fn client(url: &str, auth: Auth) -> XmlRpc {
    client_of(config(url, auth))
}

#[track_caller]
fn assert_hidden(shown: &str) {
    for forbidden in FORBIDDEN {
        assert!(!shown.contains(forbidden), "{forbidden:?} is in {shown}");
    }
    let digits = shown.split(|c: char| !c.is_ascii_hexdigit());
    assert!(digits.max_by_key(|run| run.len()).unwrap_or_default().len() < 40, "{shown}");
    assert!(!shown.contains("http://") && !shown.contains("https://"), "{shown}");
}

#[track_caller]
fn assert_tells_nothing(error: &PbxError) {
    assert_hidden(&format!("{error:?} {error:#?}"));
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        assert_hidden(&format!("{error} {error:?}"));
        next = error.source();
    }
}

/// Calls every entry point of a PBX that fails, and looks at everything that comes back.
async fn assert_failures_tell_nothing(url: &str) {
    let clients = [Auth::Sha512, Auth::Md5, oauth()].map(|auth| client(url, auth));
    join_all(clients.iter().map(assert_failures_of_a_client_tell_nothing)).await;
}

async fn assert_failures_of_a_client_tell_nothing(client: &XmlRpc) {
    assert_hidden(&format!("{client:?}"));
    assert_tells_nothing(&client.info().await.unwrap_err());
    assert_tells_nothing(&client.members(AccountId(1)).await.unwrap_err());
    let states = client.states(&[AccountId(1)]).await;
    let applied = client.apply(&[text_step(1, TITLE)]).await;
    assert_hidden(&format!("{states:?} {applied:?}"));
    assert!(!states.errors.is_empty() && !applied.errors.is_empty());
    states.errors.iter().chain(&applied.errors).for_each(assert_tells_nothing);
}

/// Serves what a careless PBX might say: everything it was given, after a good log-in.
async fn careless(respond: fn(String) -> Response) -> Server {
    let tokens = format!(r#"{{"access_token": "{ACCESS_TOKEN}", "refresh_token": "{REFRESH_TOKEN}"}}"#);
    let router = Router::new().route("/auth/realms/pbx/oauth2/token", post(async || tokens));
    serve(router.fallback(move |uri: Uri| async move {
        let token = uri.query().unwrap_or_default();
        let bare = token.rsplit('=').next().unwrap_or_default();
        // Only who logs in with it has ever told it.
        let client_secret = if token.contains("jwt") { CLIENT_SECRET } else { "" };
        respond(format!("{BODY} {TITLE}: {uri} http://pbx{uri} {token} {bare} {PASSWORD} {client_secret} key={KEY}"))
    }))
    .await
}

/// Serves a token service that says everything it was asked.
async fn careless_token_service(status: StatusCode) -> Server {
    let service = move |form: String| async move {
        let form = form.replace('"', "");
        (status, format!(r#"{{"error": "invalid {form} {BODY}", "error_description": "{form}"}}"#))
    };
    serve(Router::new().fallback(service)).await
}

async fn assert_careless_answers_tell_nothing() {
    let fault = |words: String| {
        let fault = dxr::Fault::new(7, words.replace(BODY, ""));
        dxr::FaultResponse { fault }.to_xml().unwrap().into_response()
    };
    let answers: [fn(String) -> Response; 8] = [
        |words| (StatusCode::INTERNAL_SERVER_ERROR, words).into_response(),
        |words| (StatusCode::UNAUTHORIZED, words).into_response(),
        |words| (StatusCode::FOUND, [(LOCATION, format!("/login?{}", words.len()))], words).into_response(),
        |words| format!("<html>{words}").into_response(),
        |words| words.into_response(),
        |words| format!("<methodResponse><{}>", words.replace(' ', "><")).into_response(),
        fault,
        |words| refusal(&words.replace(BODY, "")),
    ];
    for answer in answers {
        // Titles are known to the client only while it writes them, so reads are not told any here.
        let server = careless(answer).await;
        for auth in [Auth::Sha512, Auth::Md5, oauth()] {
            let applied = client(&server.url, auth).apply(&[text_step(1, TITLE)]).await;
            assert!(!applied.errors.is_empty());
            applied.errors.iter().for_each(assert_tells_nothing);
            assert_hidden(&format!("{applied:?}"));
        }
    }
    for status in [StatusCode::OK, StatusCode::UNAUTHORIZED, StatusCode::BAD_GATEWAY] {
        let server = careless_token_service(status).await;
        assert_failures_of_a_client_tell_nothing(&client(&server.url, oauth())).await;
    }
}

#[tokio::test]
async fn errors_of_a_careless_pbx_tell_nothing() {
    assert_careless_answers_tell_nothing().await;
}

#[tokio::test]
async fn errors_of_the_network_tell_nothing() {
    assert_failures_tell_nothing("http://127.0.0.1:1").await;
    let closing = serve_connections(|connection| async move { drop(connection) }).await;
    assert_failures_tell_nothing(&closing.url).await;
    assert_failures_tell_nothing(&closing.url.replace("http:", "https:")).await;
    let silent = serve(Router::new().fallback(std::future::pending::<Response>)).await;
    assert_failures_tell_nothing(&silent.url).await;
}

#[tokio::test]
async fn settings_and_outcomes_hide_their_texts() {
    assert_hidden(&format!("{:?}", config("https://pbx.example/xml-rpc?x", oauth())));
    let refused = Outcome::Refused { error: "x".to_owned() };
    assert_hidden(&format!("{:?} {refused:?}", text_step(1, TITLE)));
}

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_level_of_the_log_shows_what_was_sent_or_answered() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    assert_careless_answers_tell_nothing().await;
    drop(guard);
    let shown = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(shown.contains("pbx.method=\"applyStates\""), "the span names the method");
    for forbidden in FORBIDDEN {
        assert!(!shown.contains(forbidden), "{forbidden:?} is in the log");
    }
}
