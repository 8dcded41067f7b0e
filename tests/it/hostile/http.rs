//! Heads and bodies without an end, before both clients: each call ends with its own error, and little was taken.

use std::time::Duration;

use chrono::TimeDelta;
use starface_calendar::clock::SystemClock;
use starface_calendar::graph::{Bodies, Calendars, Config, GraphClient, GraphError, Request, Window};
use starface_calendar::meter::Meter;
use starface_calendar::pbx::{Auth, Pbx, PbxError};
use starface_calendar::secret::Secret;

use super::server::{Flood, ON_THE_WAY, Server};
use crate::pbx::{client_of, config};

/// What one call may take before it ends.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is taken of a head: the HTTP library's own bound is half a megabyte.
const HEAD_MAX: u64 = 1 << 20;

/// What is taken of a body, and a piece.
const BODY_MAX: u64 = 9 << 20;

const OK: &str = "HTTP/1.1 200 OK\r\n";

fn graph(url: &str, request_timeout: Duration) -> GraphClient {
    let config = Config {
        tenant_id: "example.com".to_owned(),
        client_id: "app".to_owned(),
        credential: starface_calendar::credential::Credential::secret(Secret::new("secret")),
        endpoint: url.parse().unwrap(),
        login_endpoint: url.parse().unwrap(),
        request_timeout,
        bodies: Bodies::Read,
        meter: Meter::default(),
    };
    GraphClient::new(config, SystemClock).unwrap()
}

/// Returns what reading one calendar fails with.
async fn of_calendar(url: &str, request_timeout: Duration) -> GraphError {
    let from = "2026-11-23T09:00:00Z".parse().unwrap();
    let window = Window { from, to: from + TimeDelta::hours(1) };
    let request = Request { address: "anna@example.de".parse().unwrap(), window, last: None };
    match graph(url, request_timeout).read(&[request]).await {
        Ok(mut answers) => answers.remove(0).calendar.unwrap_err(),
        Err(error) => error,
    }
}

async fn of_pbx(url: &str, timeout: Duration) -> PbxError {
    client_of(starface_calendar::pbx::Config { timeout, ..config(url) }).info().await.unwrap_err()
}

async fn of_pbx_token(url: &str) -> PbxError {
    let auth = Auth::OAuth { client_secret: Secret::new("secret") };
    client_of(starface_calendar::pbx::Config { auth, timeout: PATIENCE, ..config(url) }).info().await.unwrap_err()
}

/// Lets each client ask a server that floods it: of each answer little is taken, and what went wrong is told.
async fn case(flood: &Flood, taken_max: u64, expected: [&str; 4]) {
    let most = taken_max + ON_THE_WAY;
    let pbx = Server::new(flood.clone()).await;
    let of_pbx = of_pbx(&pbx.url, PATIENCE).await.to_string();
    assert!(pbx.taken() <= most, "the PBX's answer: {}", pbx.taken());
    let service = Server::new(flood.clone()).await;
    let of_token = of_pbx_token(&service.url).await.to_string();
    assert!(service.taken() <= most, "the token service's answer: {}", service.taken());
    let entra = Server::new(flood.clone()).await;
    let of_entra = graph(&entra.url, PATIENCE).check_token().await.unwrap_err().to_string();
    assert!(entra.taken() <= most, "the answer of Entra: {}", entra.taken());
    let tenant = Server::of_graph(flood.clone()).await;
    let of_graph = of_calendar(&tenant.url, PATIENCE).await.to_string();
    // A calendar that is too large is asked for without texts, and then three times on smaller pages.
    assert!(tenant.taken() <= 5 * most, "the answer of Graph: {}", tenant.taken());
    assert_eq!([&of_pbx, &of_token, &of_graph, &of_entra].map(String::as_str), expected);
}

/// What is said of an answer whose head cannot be read.
const NO_ANSWER: [&str; 4] = [
    "get a whole answer from the PBX before the connection broke",
    "get a token from the PBX",
    "reach Microsoft Graph",
    "reach the Microsoft Entra log-in",
];

/// What is said of an answer that is longer than is ever read.
const TOO_LARGE: [&str; 4] = [
    "read the PBX's answer: longer than 8388608 bytes",
    "get a token from the PBX",
    "read an answer of Microsoft Graph that is larger than 8388608 bytes",
    "read an answer of the Microsoft Entra log-in that is larger than 65536 bytes",
];

/// What is said of an answer whose body breaks off.
const BROKEN: [&str; 4] = [
    "get a whole answer from the PBX before the connection broke",
    "get a token from the PBX",
    "understand the answer of Microsoft Graph: it broke off",
    "understand the answer of the Microsoft Entra log-in: it broke off",
];

#[tokio::test]
async fn a_head_without_an_end_ends_the_call_before_a_megabyte_is_taken() {
    for flood in [
        Flood::new(OK, "X-Flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
        Flood::new(OK, "X: a\r\n"),
        Flood::new(format!("{OK}X-Flood: "), "a"),
        Flood::new(OK, "a"),
        Flood::new("HTTP/1.1 200 ", "O"),
        Flood::new("", "a"),
        Flood::new("", "\r\n"),
        Flood::new("", [0]),
    ] {
        case(&flood, HEAD_MAX, NO_ANSWER).await;
    }
}

#[tokio::test]
async fn a_body_without_an_end_ends_the_call_at_its_bound() {
    for flood in [
        Flood::new(format!("{OK}\r\n"), "<a>"),
        Flood::new(format!("{OK}Content-Length: 99999999999\r\n\r\n"), " "),
        Flood::new(format!("{OK}Transfer-Encoding: chunked\r\n\r\n"), format!("1000\r\n{}\r\n", " ".repeat(0x1000))),
        Flood::new(format!("{OK}Transfer-Encoding: chunked\r\n\r\nffffffff\r\n"), " "),
    ] {
        case(&flood, BODY_MAX, TOO_LARGE).await;
    }
}

#[tokio::test]
async fn what_frames_a_body_is_bounded_too() {
    let chunked = format!("{OK}Transfer-Encoding: chunked\r\n\r\n");
    for flood in [
        Flood::new(format!("{chunked}1;"), "a"),
        Flood::new(&chunked, "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n"),
        Flood::new(format!("{chunked}0\r\n"), "X: a\r\n"),
        Flood::new(format!("{chunked}0\r\nX: "), "a"),
    ] {
        case(&flood, BODY_MAX, BROKEN).await;
    }
    for length in ["1\r\nContent-Length: 2", "-1", "99999999999999999999999", "1e3", "0x10"] {
        case(&Flood::new(format!("{OK}Content-Length: {length}\r\n\r\n"), "a"), HEAD_MAX, NO_ANSWER).await;
    }
}

#[tokio::test]
async fn a_compressed_answer_without_an_end_is_unpacked_up_to_the_bound() {
    // Nine megabytes in nine thousand bytes, again and again.
    let packed = include_bytes!("../../data/graph/own.nine-megabytes.json.gz");
    let flood = Flood::new(format!("{OK}Content-Encoding: gzip\r\n\r\n"), packed);
    case(&flood, BODY_MAX, TOO_LARGE).await;
}

#[tokio::test]
async fn an_answer_that_never_stops_coming_ends_in_time() {
    async fn case(flood: Flood) {
        let short = Duration::from_secs(1);
        let (pbx, tenant) = tokio::join!(Server::new(flood.clone()), Server::of_graph(flood));
        let (of_pbx, of_graph) = tokio::join!(of_pbx(&pbx.url, short), of_calendar(&tenant.url, short));
        assert!(matches!(of_pbx, PbxError::TimedOut), "{of_pbx:?}");
        assert!(matches!(of_graph, GraphError::TimedOut { .. }), "{of_graph:?}");
    }
    tokio::join!(
        case(Flood::slow("", "HTTP/1.1 100 Continue\r\n\r\n")),
        case(Flood::slow(format!("{OK}\r\n"), " ")),
        case(Flood::slow(format!("{OK}Transfer-Encoding: chunked\r\n\r\n"), "0")),
    );
}
