//! Everything that a PBX, a proxy or a network can answer in place of a document.

use std::process::Command;

use axum::Router;
use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use starface_calendar::pbx::{Auth, Config, Malformed, Pbx, PbxError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::pbx::{
    Server, client, client_of, config, impatient_client, module, serve, serve_connections, structure, success, text,
};

async fn failure(url: &str) -> PbxError {
    client(url).info().await.unwrap_err()
}

async fn serving(response: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Server {
    serve(Router::new().fallback(move || async move { response() })).await
}

#[tokio::test]
async fn an_answer_that_is_no_document_is_an_error_of_its_own() {
    async fn case(response: impl Fn() -> Response + Clone + Send + Sync + 'static, expected: &str) {
        let server = serving(response).await;
        assert_eq!(failure(&server.url).await.to_string(), expected);
    }
    let log_in = PbxError::Authentication.to_string();
    let page = || Html("<!DOCTYPE html><html><body><form>Login</form></body></html>");
    let status = |status: u16| PbxError::Status(status).to_string();
    let malformed = |malformed| PbxError::Malformed(malformed).to_string();

    case(move || page().into_response(), &log_in).await;
    case(|| (StatusCode::FOUND, [(LOCATION, "/login.jsp")]).into_response(), &log_in).await;
    case(|| StatusCode::FOUND.into_response(), &log_in).await;
    case(|| StatusCode::UNAUTHORIZED.into_response(), &log_in).await;
    case(|| StatusCode::FORBIDDEN.into_response(), &log_in).await;
    let elsewhere = "https://pbx.example/xml-rpc?x=y";
    case(move || (StatusCode::FOUND, [(LOCATION, elsewhere)]).into_response(), &status(302)).await;
    case(move || (StatusCode::INTERNAL_SERVER_ERROR, page()).into_response(), &status(500)).await;
    case(move || (StatusCode::NOT_FOUND, page()).into_response(), &status(404)).await;
    case(|| StatusCode::SERVICE_UNAVAILABLE.into_response(), &status(503)).await;
    case(|| StatusCode::NO_CONTENT.into_response(), &status(204)).await;
    case(|| "".into_response(), &PbxError::NotSerialised.to_string()).await;
    case(|| "\r\n".into_response(), &PbxError::NotSerialised.to_string()).await;
    case(|| "<methodResponse><params>".into_response(), &malformed(Malformed::Truncated)).await;
    case(|| "{\"error\": 1}".into_response(), &malformed(Malformed::NotAnAnswer)).await;
    let nothing = "<methodResponse><params/></methodResponse>";
    case(move || nothing.into_response(), &malformed(Malformed::Missing("Success"))).await;
    let array = "<methodResponse><params><param><value><array/></value></param></params></methodResponse>";
    case(move || array.into_response(), &malformed(Malformed::Struct("the answer"))).await;
}

#[tokio::test]
async fn an_endless_answer_ends_at_the_bound() {
    let server = serving(|| {
        let pieces = stream::repeat_with(|| Ok::<_, std::io::Error>("x".repeat(64 * 1024)));
        Body::from_stream(pieces).into_response()
    })
    .await;
    let error = failure(&server.url).await;
    assert!(matches!(error, PbxError::TooLarge), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_read() {
    // Not one byte of the body ever comes, so a client that reads first would wait for its time-out.
    let server = serve_connections(|mut connection| async move {
        read_request(&mut connection).await;
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\n\r\n";
        connection.write_all(head.as_bytes()).await.unwrap();
        std::mem::forget(connection);
    })
    .await;
    let error = failure(&server.url).await;
    assert!(matches!(error, PbxError::TooLarge), "{error:?}");
}

async fn read_request(connection: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"</methodCall>") {
        let mut piece = [0; 4096];
        let length = connection.read(&mut piece).await.unwrap();
        request.extend_from_slice(&piece[..length]);
    }
}

#[tokio::test]
async fn a_connection_closed_after_the_request_is_a_lost_answer() {
    let server = serve_connections(|mut connection| async move {
        read_request(&mut connection).await;
    })
    .await;
    let error = failure(&server.url).await;
    assert!(matches!(error, PbxError::Lost { .. }), "{error:?}");
}

#[tokio::test]
async fn a_connection_closed_in_the_middle_of_an_answer_is_a_lost_answer() {
    let server = serve_connections(|mut connection| async move {
        read_request(&mut connection).await;
        let start = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<methodResponse>";
        connection.write_all(start.as_bytes()).await.unwrap();
    })
    .await;
    let error = failure(&server.url).await;
    assert!(matches!(error, PbxError::Lost { .. }), "{error:?}");
}

#[tokio::test]
async fn a_pbx_that_never_answers_is_a_time_out() {
    let server = serve(Router::new().fallback(std::future::pending::<Response>)).await;
    let error = impatient_client(&server.url).info().await.unwrap_err();
    assert!(matches!(error, PbxError::TimedOut), "{error:?}");
}

#[tokio::test]
async fn a_pbx_that_stops_in_the_middle_of_an_answer_is_a_time_out() {
    let server = serving(|| {
        let start = stream::iter([Ok::<_, std::io::Error>("<methodResponse>")]);
        let never = stream::pending();
        Body::from_stream(futures_util::StreamExt::chain(start, never)).into_response()
    })
    .await;
    let error = impatient_client(&server.url).info().await.unwrap_err();
    assert!(matches!(error, PbxError::TimedOut), "{error:?}");
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = failure(&url).await;
    assert!(matches!(error, PbxError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_is_unreachable_over_https() {
    let server = serving(|| "".into_response()).await;
    let error = failure(&server.url.replace("http:", "https:")).await;
    assert!(matches!(error, PbxError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn without_a_token_the_query_is_empty() {
    let server = serve(Router::new().fallback(|uri: Uri| async move {
        match uri.to_string().as_str() {
            "/xml-rpc" => success(structure([("api", text("1"))])),
            _ => StatusCode::NOT_FOUND.into_response(),
        }
    }))
    .await;
    let open = Config { auth: Auth::None, ..config(&server.url) };
    assert_eq!(client_of(open).info().await.unwrap().api, "1");
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_not_used() {
    in_a_process_with("http_proxy", "http://127.0.0.1:1", "pbx_http::a_plain_answer_is_read");
}

#[tokio::test]
async fn a_host_without_root_certificates_can_still_call() {
    in_a_process_with("SSL_CERT_FILE", "/nonexistent", "pbx_http::a_plain_answer_is_read");
}

#[tokio::test]
async fn a_plain_answer_is_read() {
    let server = module(|_| async { success(structure([("api", text("1"))])) }).await;
    assert_eq!(client(&server.url).info().await.unwrap().api, "1");
}

/// Runs one test of this binary again, as the environment of a process cannot be changed while others read it.
#[track_caller]
fn in_a_process_with(variable: &str, value: &str, test: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(variable, value)
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.contains("1 passed"), "{words}");
}
