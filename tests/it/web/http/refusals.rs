//! Every way in which a request is refused, and what every answer carries all the same.

use proptest::prelude::*;
use starface_calendar::web::http::{Config, HttpError, Server};

use super::{Answer, BEARER, House, config, request};

const XHR: (&str, &str) = ("X-Requested-With", "test");

#[track_caller]
fn is_protected(answer: &Answer, what: &str) {
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
                  form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    for (name, value) in [
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{what}: {answer:?}");
    }
    assert_eq!((answer.header("server"), answer.header("strict-transport-security")), (None, None), "{what}");
}

#[tokio::test]
async fn every_answer_is_protected_whatever_its_status() {
    let house = House::open();
    for (status, method, path, headers) in [
        (200, "GET", "/", &[][..]),
        (200, "GET", "/api/status", &[]),
        (200, "GET", "/metrics", &[]),
        (200, "GET", "/healthz", &[]),
        (200, "GET", "/events", &[("Connection", "close")]),
        (303, "POST", "/logout", &[]),
        (401, "POST", "/login", &[]),
        (401, "POST", "/api/refresh", &[]),
        (403, "POST", "/api/refresh", &[BEARER]),
        (404, "GET", "/nothing", &[]),
        (404, "GET", "/assets/nothing", &[]),
        (405, "DELETE", "/", &[]),
        (421, "GET", "/", &[("Host", "evil.example")]),
    ] {
        let method = if path == "/events" { "HEAD" } else { method };
        let answer = house.ask(method, path, headers, "").await;
        assert_eq!(answer.status, status, "{method} {path}");
        is_protected(&answer, &format!("{method} {path}"));
    }
    let long = house.ask("POST", "/login", &[], &"x".repeat(4097)).await;
    assert_eq!(long.status, 413);
    is_protected(&long, "a long body");
}

#[tokio::test]
async fn a_command_without_the_token_is_401_and_without_its_header_403_and_not_carried_out() {
    let house = House::open();
    for path in ["/api/members/1010/end", "/api/members/1010/restore", "/api/refresh"] {
        for headers in [&[][..], &[XHR], &[XHR, ("Authorization", "Bearer x")], &[XHR, ("Cookie", "a=b")]] {
            let answer = house.ask("POST", path, headers, "").await;
            assert_eq!(answer.status, 401, "{path} {headers:?}");
            assert!(answer.json()["error"].is_string(), "{answer:?}");
            house.clock.advance(chrono::TimeDelta::seconds(30));
        }
        assert_eq!(house.ask("POST", path, &[BEARER], "").await.status, 403, "{path}");
    }
    let cookie = house.log_in(super::TOKEN).await.cookie();
    let foreign = [("Cookie", cookie.as_str()), XHR, ("Sec-Fetch-Site", "cross-site")];
    assert_eq!(house.ask("POST", "/api/refresh", &foreign, "").await.status, 403);
    assert_eq!(house.done(), [""; 0]);
    let own = [("Cookie", cookie.as_str()), XHR, ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(house.ask("POST", "/api/refresh", &own, "").await.status, 200);
}

#[tokio::test]
async fn a_token_is_taken_as_bearer_in_any_case_and_as_nothing_else() {
    let house = House::open();
    let said = async |value: &str| house.ask("GET", "/api/status", &[("Authorization", value)], "").await.status;
    assert_eq!(said("bearer WORT-ZUR-ANMELDUNG").await, 200);
    for wrong in ["Basic WORT-ZUR-ANMELDUNG", "WORT-ZUR-ANMELDUNG", "Bearer", "Bearer wort-zur-anmeldung"] {
        assert_eq!(said(wrong).await, 401, "{wrong}");
    }
}

#[tokio::test]
async fn without_a_token_in_the_settings_nobody_is_logged_in() {
    let house = House::with(Config { token: None, ..config() });
    assert_eq!(house.get("/").await.status, 200);
    assert_eq!(house.log_in("").await.status, 401);
    for token in ["Bearer ", "Bearer x"] {
        let headers = [("Authorization", token), XHR];
        assert_eq!(house.ask("POST", "/api/refresh", &headers, "").await.status, 401);
    }
}

#[tokio::test]
async fn what_is_not_there_is_404_and_a_method_that_is_not_taken_405() {
    let house = House::open();
    for path in
        ["/nothing", "/members/9999", "/members/x", "/api/nothing", "/api/members/9999", "/assets/../Cargo.toml"]
    {
        assert_eq!(house.get(path).await.status, 404, "{path}");
    }
    assert_eq!(house.ask("POST", "/api/members/9999/end", &[BEARER, XHR], "").await.status, 404);
    let answer = house.ask("PUT", "/api/status", &[], "").await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")));
    let answer = house.get("/api/refresh").await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
}

#[tokio::test]
async fn a_name_that_is_not_this_page_s_is_421() {
    let house = House::open();
    for host in ["evil.example", "localhost.evil.example", "192.0.2.1", ""] {
        assert_eq!(house.ask("GET", "/", &[("Host", host)], "").await.status, 421, "{host}");
        assert_eq!(house.ask("POST", "/login", &[("Host", host)], "token=x").await.status, 421, "{host}");
    }
    assert_eq!(house.say(b"GET / HTTP/1.0\r\n\r\n").await.status, 421);
    for host in ["localhost:1", "a.localhost", "127.0.0.1:8765", "[::1]", "STATUS.firma.example:443"] {
        assert_eq!(house.ask("GET", "/", &[("Host", host)], "").await.status, 200, "{host}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_long_or_has_too_many_lines_is_431() {
    let house = House::open();
    let long = "x".repeat(16 * 1024);
    assert_eq!(house.ask("GET", "/", &[("X-Long", &long)], "").await.status, 431);
    let many = vec![("X-Many", "x"); 65];
    assert_eq!(house.ask("GET", "/", &many, "").await.status, 431);
    let some = vec![("X-Some", "x"); 60];
    assert_eq!(house.ask("GET", "/", &some, "").await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_413_whether_it_says_so_or_not() {
    let house = House::open();
    assert_eq!(house.ask("POST", "/login", &[], &"x".repeat(4096)).await.status, 401);
    assert_eq!(house.ask("POST", "/login", &[], &"x".repeat(100_000)).await.status, 413);
    let piece = format!("1000\r\n{}\r\n", "x".repeat(4096));
    let chunked =
        format!("POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{piece}{piece}0\r\n\r\n");
    assert_eq!(house.say(chunked.as_bytes()).await.status, 413);
}

#[tokio::test]
async fn what_is_no_request_is_refused_and_harms_nobody() {
    let house = House::open();
    for bytes in
        [&b"hello\r\n\r\n"[..], b"\x16\x03\x01\x00\xa5\x01\x00", b"GET / HTTP/9.9\r\n\r\n", b"\0\0\0\0\r\n\r\n"]
    {
        let mut stream = house.connect().await;
        drop(tokio::io::AsyncWriteExt::write_all(&mut stream, bytes).await);
        drop(tokio::io::AsyncWriteExt::shutdown(&mut stream).await);
        let answer = Answer::read(&mut stream).await;
        assert!(answer.status == 400 || answer.status == 0, "{answer:?}");
    }
    let two = [request("GET", "/healthz", &[], ""), request("POST", "/api/refresh", &[BEARER, XHR], "")].concat();
    let answer = house.say(two.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"), "a connection carries one request");
    assert_eq!(house.done(), [""; 0]);
}

#[tokio::test]
async fn off_loopback_everything_that_tells_of_people_needs_the_token() {
    let house = House::with(Config { listen: "0.0.0.0:0".parse().unwrap(), behind_proxy: true, ..config() });
    for path in ["/", "/members/1010"] {
        let answer = house.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/login")), "{path}");
        assert_eq!(house.read(path).await.status, 200, "{path}");
    }
    for path in ["/api/status", "/api/members/1010", "/metrics", "/events"] {
        assert_eq!(house.get(path).await.status, 401, "{path}");
    }
    for path in ["/api/status", "/api/members/1010", "/metrics"] {
        assert_eq!(house.read(path).await.status, 200, "{path}");
    }
    for path in ["/login", "/healthz", "/readyz"] {
        assert_eq!(house.get(path).await.status, 200, "{path}");
    }
    assert_eq!(house.get("/assets/nothing").await.status, 404);
    let cookie = house.log_in(super::TOKEN).await.cookie();
    assert_eq!(house.ask("GET", "/", &[("Cookie", &cookie)], "").await.status, 200);
}

#[tokio::test]
async fn the_version_is_not_told_to_strangers_behind_a_proxy() {
    let house = House::with(Config { behind_proxy: true, ..config() });
    assert_eq!(house.get("/api/status").await.json()["version"], "");
    assert_eq!(house.read("/api/status").await.json()["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_with_its_address_and_what_helps() {
    let house = House::open();
    let error = Server::bind(Config { listen: house.address, ..config() }).unwrap_err();
    assert!(matches!(error, HttpError::Listen { .. }));
    let words = error.to_string();
    assert!(words.contains(&house.address.to_string()) && words.contains("web.listen"), "{words}");
    assert!(!format!("{:?}", config()).contains(super::TOKEN));
}

/// What requests are made of, and what is nearly that.
const PARTS: [&[u8]; 18] = [
    b"GET ",
    b"POST ",
    b"/",
    b"/members/1010/end",
    b"/api/status",
    b"/login?done=ended-1&q=%",
    b" HTTP/1.1\r\n",
    b"Host: localhost\r\n",
    b"Host: [::1\r\n",
    b"Authorization: Bearer \xff\r\n",
    b"Cookie: starface_calendar_session=;=;;\r\n",
    b"Origin: ://\r\n",
    b"Accept-Language: de;q=,;;,\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"\r\n",
    b"token=%zz&form_token",
    b"5\r\ntoken\r\n0\r\n\r\n",
];

/// Bytes that are nearly a request, so that every part of the server is reached.
fn requests() -> impl Strategy<Value = Vec<u8>> {
    let nearly = prop::collection::vec(prop::sample::select(&PARTS[..]), 0..14).prop_map(|parts| parts.concat());
    prop_oneof![4 => nearly, 1 => any::<Vec<u8>>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_bytes_come_the_next_caller_is_served(all in prop::collection::vec(requests(), 1..8)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let house = House::open();
            for bytes in &all {
                let mut stream = house.connect().await;
                drop(tokio::io::AsyncWriteExt::write_all(&mut stream, bytes).await);
                drop(tokio::io::AsyncWriteExt::shutdown(&mut stream).await);
                let answer = Answer::read(&mut stream).await;
                assert!(answer.status != 500, "{answer:?}");
            }
            assert_eq!(house.get("/api/status").await.status, 200);
        });
    }
}
