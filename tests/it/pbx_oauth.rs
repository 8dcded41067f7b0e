//! The access tokens of STARFACE 10, against a token service that a test makes up and against the simulated PBX.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use starface_calendar::clock::{Clock, SimClock, SystemClock};
use starface_calendar::pbx::{Auth, Caller, Config, Pbx, PbxError, Trust, XmlRpc};
use starface_calendar::rules::{Outcome, Verdict};
use starface_calendar::secret::Secret;
use starface_calendar::sim::pbx::{Auth as SimAuth, Grants, Setup};
use url::form_urlencoded;

use crate::pbx::{OWNER, Server, away_step, config, serve, structure, success, text};

/// The fields of one request for a token.
type Form = BTreeMap<String, String>;

/// What a token service and a module were asked.
#[derive(Clone, Default)]
struct Asked {
    forms: Arc<Mutex<Vec<Form>>>,
    /// The query of each call.
    queries: Arc<Mutex<Vec<String>>>,
}

impl Asked {
    /// The grants, in order.
    fn grants(&self) -> Vec<String> {
        self.forms.lock().unwrap().iter().map(|form| form["grant_type"].clone()).collect()
    }

    fn queries(&self) -> Vec<String> {
        self.queries.lock().unwrap().clone()
    }
}

fn status(status: StatusCode) -> Response {
    status.into_response()
}

fn granted(answer: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

/// The token of this number with its refresh token, in the form that STARFACE gives them.
fn token(number: usize) -> Response {
    granted(&json!({
        "access_token": format!("ey.access-{number}"),
        "expires_in": 300,
        "refresh_token": format!("ey.refresh-{number}"),
        "refresh_expires_in": 21600,
        "token_type": "Bearer",
        "scope": "login",
    }))
}

fn refused(error: &str) -> Response {
    (StatusCode::UNAUTHORIZED, json!({ "error": error }).to_string()).into_response()
}

/// Serves a PBX whose token service and whose module answer as told: the service by the form and the number of the
/// request, counted from 1, the module by the query of the call.
async fn pbx(
    grant: impl Fn(&Form, usize) -> Response + Clone + Send + Sync + 'static,
    call: impl Fn(&str) -> Response + Clone + Send + Sync + 'static,
) -> (Server, Asked) {
    let asked = Asked::default();
    let (to_service, to_module) = (asked.clone(), asked.clone());
    let service = async move |headers: HeaderMap, body: Bytes| {
        assert_eq!(headers[CONTENT_TYPE], "application/x-www-form-urlencoded");
        let form: Form = form_urlencoded::parse(&body).into_owned().collect();
        let number = {
            let mut forms = to_service.forms.lock().unwrap();
            forms.push(form.clone());
            forms.len()
        };
        grant(&form, number)
    };
    let module = async move |uri: Uri| {
        let query = uri.query().unwrap_or_default().to_owned();
        to_module.queries.lock().unwrap().push(query.clone());
        call(&query)
    };
    let router = Router::new().route("/auth/realms/pbx/oauth2/token", post(service)).fallback(module);
    (serve(router).await, asked)
}

fn welcome(_: &str) -> Response {
    success(structure([("api", text("1"))]))
}

fn oauth(url: &str) -> Config {
    Config { auth: Auth::OAuth { client_secret: Secret::new("rest-client-headless-word") }, ..config(url) }
}

fn sim_clock() -> SimClock {
    SimClock::new("2026-11-23T09:00:00Z".parse().unwrap())
}

fn client(url: &str, clock: &SimClock) -> XmlRpc {
    XmlRpc::new(oauth(url), Caller::new(OWNER, 1), clock.clone()).unwrap()
}

fn by_number(_: &Form, number: usize) -> Response {
    token(number)
}

#[tokio::test]
async fn a_token_is_asked_for_by_login_and_password_and_sent_in_the_query() {
    let (server, asked) = pbx(by_number, welcome).await;
    client(&server.url, &sim_clock()).info().await.unwrap();
    let expected = [
        ("client_id", "rest-client-headless"),
        ("client_secret", "rest-client-headless-word"),
        ("grant_type", "password"),
        ("password", "Pässwort"),
        ("scope", "login"),
        ("username", "0001"),
    ];
    let expected: Form = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_eq!(asked.forms.lock().unwrap().as_slice(), [expected]);
    assert_eq!(asked.queries(), ["de.vertico.starface.jwt=ey.access-1"]);
}

#[tokio::test]
async fn a_token_is_refreshed_a_minute_before_its_end_each_time_with_the_newest_refresh_token() {
    let (server, asked) = pbx(by_number, welcome).await;
    let clock = sim_clock();
    let client = client(&server.url, &clock);
    for seconds in [0, 239, 1, 239, 1] {
        clock.advance(TimeDelta::seconds(seconds));
        client.info().await.unwrap();
    }
    assert_eq!(asked.grants(), ["password", "refresh_token", "refresh_token"]);
    let forms = asked.forms.lock().unwrap().clone();
    let refreshed: Vec<&str> = forms[1..].iter().map(|form| form["refresh_token"].as_str()).collect();
    assert_eq!(refreshed, ["ey.refresh-1", "ey.refresh-2"]);
    assert!(forms[1..].iter().all(|form| !form.contains_key("password") && form.contains_key("client_secret")));
    let used: Vec<String> = asked.queries().iter().map(|query| query.replace("de.vertico.starface.jwt=", "")).collect();
    assert_eq!(used, ["ey.access-1", "ey.access-1", "ey.access-2", "ey.access-2", "ey.access-3"]);
}

#[tokio::test]
async fn a_refused_or_ended_refresh_token_is_followed_by_the_password() {
    let refuse = |form: &Form, number| match form["grant_type"].as_str() {
        "refresh_token" => refused("invalid_grant"),
        _ => token(number),
    };
    let (server, asked) = pbx(refuse, welcome).await;
    let clock = sim_clock();
    let client = client(&server.url, &clock);
    client.info().await.unwrap();
    clock.advance(TimeDelta::seconds(240));
    client.info().await.unwrap();
    assert_eq!(asked.grants(), ["password", "refresh_token", "password"]);
    // After six hours the refresh token is over, so nobody tries it.
    clock.advance(TimeDelta::hours(6));
    client.info().await.unwrap();
    assert_eq!(asked.grants()[3..], ["password"]);
}

#[tokio::test]
async fn a_service_that_gives_no_new_refresh_token_lets_the_old_one_count_on() {
    let once = |form: &Form, number| match form["grant_type"].as_str() {
        "refresh_token" => granted(&json!({ "access_token": format!("ey.access-{number}"), "expires_in": 300 })),
        _ => token(number),
    };
    let (server, asked) = pbx(once, welcome).await;
    let clock = sim_clock();
    let client = client(&server.url, &clock);
    for _ in 0..3 {
        client.info().await.unwrap();
        clock.advance(TimeDelta::seconds(240));
    }
    assert_eq!(asked.grants(), ["password", "refresh_token", "refresh_token"]);
    assert_eq!(asked.forms.lock().unwrap()[2]["refresh_token"], "ey.refresh-1");
}

#[tokio::test]
async fn an_old_token_serves_to_its_end_while_no_new_one_is_to_be_had() {
    let once = |_: &Form, number| if number == 1 { token(1) } else { status(StatusCode::SERVICE_UNAVAILABLE) };
    let (server, asked) = pbx(once, welcome).await;
    let clock = sim_clock();
    let client = client(&server.url, &clock);
    client.info().await.unwrap();
    // A minute is left: the service is asked every fifteen seconds, not with each call.
    for (seconds, asked_so_far) in [(240, 2), (0, 2), (14, 2), (1, 3), (44, 4)] {
        clock.advance(TimeDelta::seconds(seconds));
        client.info().await.unwrap();
        assert_eq!(asked.grants().len(), asked_so_far, "{seconds}");
    }
    clock.advance(TimeDelta::seconds(1));
    let error = client.info().await.unwrap_err();
    assert_eq!(error.to_string(), "get a token from the PBX");
    assert_eq!(error.verdict(), Verdict::Retry { after: None });
}

#[tokio::test]
async fn thirty_calls_at_once_ask_for_one_token() {
    let (server, asked) = pbx(by_number, welcome).await;
    let clock = sim_clock();
    let client = client(&server.url, &clock);
    for grants in [1, 2] {
        let calls = join_all((0..30).map(|_| client.info())).await;
        assert!(calls.iter().all(Result::is_ok));
        assert_eq!(asked.grants().len(), grants);
        clock.advance(TimeDelta::seconds(240));
    }
    assert_eq!(asked.queries().len(), 60);
}

#[tokio::test]
async fn thirty_calls_at_once_share_one_refusal() {
    let (server, asked) = pbx(|_, _| refused("invalid_client"), welcome).await;
    let client = client(&server.url, &sim_clock());
    let calls = join_all((0..30).map(|_| client.info())).await;
    for call in calls {
        assert_eq!(call.unwrap_err().verdict(), Verdict::NeedsHuman);
    }
    assert_eq!(asked.grants().len(), 1, "a wrong password is not tried thirty times");
    // It is no verdict for ever: who comes later asks again.
    assert!(client.info().await.is_err());
    assert_eq!(asked.grants().len(), 2);
    assert!(asked.queries().is_empty());
}

#[tokio::test]
async fn a_refusal_says_what_to_check() {
    async fn case(answer: fn() -> Response, expected: &str) {
        let (server, _) = pbx(move |_, _| answer(), welcome).await;
        let client = client(&server.url, &sim_clock());
        let error = client.info().await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.verdict(), Verdict::NeedsHuman);
        let applied = client.apply(&[away_step(1)]).await;
        assert_eq!(applied.outcomes, [Outcome::NotSent]);
    }
    case(
        || refused("invalid_client"),
        "get a token from the PBX: it refuses the client (check starface.client_secret, which is under Admin → Server \
         → Status → REST-API, and that the login has the right \"API Zugriff mit OAuth Password Grant\")",
    )
    .await;
    case(
        || refused("invalid_grant"),
        "get a token from the PBX: it refuses the login (check starface.login and its password, and that it has the \
         right \"API Zugriff mit OAuth Password Grant\")",
    )
    .await;
    case(
        || status(StatusCode::UNAUTHORIZED),
        "get a token from the PBX: it refuses and does not say why (check that starface.login has the right \"API \
         Zugriff mit OAuth Password Grant\", its password, and starface.client_secret, which is under Admin → Server \
         → Status → REST-API)",
    )
    .await;
    case(
        || status(StatusCode::NOT_FOUND),
        "get a token from the PBX: it has no service for tokens, as STARFACE before version 10 (set starface.auth = \
         \"sha512\")",
    )
    .await;
}

#[tokio::test]
async fn an_answer_without_a_token_means_that_the_call_was_not_sent() {
    async fn case(answer: fn() -> Response, expected: &str) {
        let (server, asked) = pbx(move |_, _| answer(), welcome).await;
        let applied = client(&server.url, &sim_clock()).apply(&[away_step(1)]).await;
        assert_eq!(applied.outcomes, [Outcome::NotSent]);
        let error = std::error::Error::source(&applied.errors[0]).unwrap();
        assert_eq!(error.to_string(), expected);
        assert!(asked.queries().is_empty());
    }
    case(|| "<html>".into_response(), "read the PBX's answer: it is not the JSON with a token").await;
    case(|| status(StatusCode::BAD_GATEWAY), "call the PBX: it answered HTTP status 502").await;
    case(|| status(StatusCode::FOUND), "call the PBX: it answered HTTP status 302").await;
    case(|| "x".repeat(65_537).into_response(), "read the PBX's answer: it is not the JSON with a token").await;
}

#[tokio::test]
async fn a_call_refused_for_its_token_is_made_once_more_with_a_token_by_password() {
    let (server, asked) = pbx(by_number, |query| match query.ends_with("ey.access-2") {
        true => welcome(query),
        false => status(StatusCode::UNAUTHORIZED),
    })
    .await;
    client(&server.url, &sim_clock()).info().await.unwrap();
    assert_eq!(asked.grants(), ["password", "password"]);
    assert_eq!(asked.queries().len(), 2);
}

#[tokio::test]
async fn a_second_refusal_of_a_token_is_for_a_person() {
    let page = |_: &str| "<!DOCTYPE html><html><form>Login</form></html>".into_response();
    let (server, asked) = pbx(by_number, page).await;
    let error = client(&server.url, &sim_clock()).info().await.unwrap_err();
    assert!(matches!(error, PbxError::FreshTokenRefused), "{error:?}");
    assert_eq!(error.verdict(), Verdict::NeedsHuman);
    assert_eq!(
        error.to_string(),
        "log in to the PBX: it refuses the token that it has just given (check that the login has the right \"API \
         Zugriff mit OAuth Password Grant\", and starface.auth)"
    );
    assert_eq!((asked.grants().len(), asked.queries().len()), (2, 2));
}

#[tokio::test]
async fn thirty_calls_refused_at_once_ask_for_one_new_token() {
    let (server, asked) = pbx(by_number, |query| match query.ends_with("ey.access-1") {
        true => status(StatusCode::UNAUTHORIZED),
        false => welcome(query),
    })
    .await;
    let client = client(&server.url, &sim_clock());
    let calls = join_all((0..30).map(|_| client.info())).await;
    assert!(calls.iter().all(Result::is_ok));
    assert_eq!(asked.grants(), ["password", "password"]);
}

#[tokio::test]
async fn a_write_without_an_answer_is_not_made_again_for_a_new_token() {
    let (server, asked) = pbx(by_number, |_| status(StatusCode::INTERNAL_SERVER_ERROR)).await;
    let applied = client(&server.url, &sim_clock()).apply(&[away_step(1)]).await;
    assert_eq!(applied.outcomes, [Outcome::Unanswered]);
    assert_eq!((asked.grants().len(), asked.queries().len()), (1, 1));
}

fn against(pbx: &starface_calendar::sim::Pbx, auth: Auth, clock: impl Clock) -> XmlRpc {
    let Setup { login, password, key, .. } = pbx.setup();
    let config = Config { login, password, module_key: key, auth, trust: Trust::System, ..config(pbx.url().as_str()) };
    XmlRpc::new(config, Caller::new(OWNER, 1), clock).unwrap()
}

#[tokio::test]
async fn the_simulated_pbx_tells_every_kind_of_log_in_apart() {
    let pbx = starface_calendar::sim::Pbx::start(SystemClock, Setup::default()).await.unwrap();
    let oauth = Auth::OAuth { client_secret: pbx.setup().client_secret };
    let kinds = [Auth::Sha512, Auth::Md5, oauth, Auth::None];
    let expected = [
        (SimAuth::Token, [true, false, true, false]),
        (SimAuth::Md5, [false, true, false, false]),
        (SimAuth::Jwt, [false, false, true, false]),
        (SimAuth::None, [true, true, true, true]),
    ];
    for (asked_for, expected) in expected {
        pbx.ask_for(asked_for);
        let answers = join_all(kinds.iter().map(|kind| {
            let client = against(&pbx, kind.clone(), SystemClock);
            async move { client.info().await.is_ok() }
        }));
        assert_eq!(answers.await, expected, "{asked_for:?}");
    }
}

#[tokio::test]
async fn a_pbx_that_forgets_every_token_is_logged_in_to_again() {
    let clock = sim_clock();
    let pbx = starface_calendar::sim::Pbx::start(clock.clone(), Setup::default()).await.unwrap();
    pbx.ask_for(SimAuth::Jwt);
    let client = against(&pbx, Auth::OAuth { client_secret: pbx.setup().client_secret }, clock.clone());
    client.info().await.unwrap();
    clock.advance(TimeDelta::seconds(299));
    client.info().await.unwrap();
    assert_eq!(pbx.grants(), Grants { by_password: 1, by_refresh: 1 });
    pbx.revoke_tokens();
    client.info().await.unwrap();
    assert_eq!(pbx.grants(), Grants { by_password: 2, by_refresh: 1 });
}
