//! The buttons of a browser, whose forms carry what only its own pages show.

use axum::http::header::{COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, watch};

use super::*;
use crate::clock::SimClock;
use crate::engine::command::Whom;
use crate::engine::{Command, Ended, Refusal, Restored, Snapshot};
use crate::meter::Meter;
use crate::secret::Secret;
use crate::web::http::connection::Stage;
use crate::web::http::{Config, Service};

fn seven() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_020, 0).unwrap()
}

fn anna() -> Whom {
    Whom { account: 1010, login: "0010".to_owned(), name: "Anna Muster".to_owned(), email: None }
}

/// An engine that knows Anna alone, and is not ready to read anything anew.
async fn knows_anna(mut engine: mpsc::Receiver<Command>) {
    while let Some(command) = engine.recv().await {
        let is_anna = |member: &str| member == "id:1010";
        match command {
            Command::End { member, reply } if is_anna(&member) => {
                drop(reply.send(Ok(Ended { member: anna(), entries: 2 })));
            }
            Command::End { member, reply } => drop(reply.send(Err(Refusal::Unknown { text: member }))),
            Command::Restore { member: Some(member), reply } if is_anna(&member) => {
                drop(reply.send(Ok(Restored { entries: 1, fields: 3, left: Vec::new() })));
            }
            Command::Refresh(reply) => drop(reply.send(Err(Refusal::NoOrders))),
            _ => {}
        }
    }
}

/// A page with a browser that is logged in.
struct Desk {
    site: Site<SimClock>,
    cookie: String,
    form_token: String,
}

impl Desk {
    /// Runs `script` beside the engine.
    async fn open<T>(script: impl AsyncFnOnce(&Desk) -> T) -> T {
        let (commands, engine) = mpsc::channel(16);
        let config = Config {
            listen: "127.0.0.1:8765".parse().unwrap(),
            token: Some(Secret::new("word")),
            tls: None,
            behind_proxy: false,
            hosts: Vec::new(),
        };
        let snapshots = watch::channel(Snapshot::default()).1;
        let site = Site::new(&config, Service { commands, snapshots, meter: Meter::default() }, SimClock::new(seven()));
        let cookie = site.door().enter("word", "127.0.0.1".parse().unwrap(), seven()).unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let headers = HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())]);
        let Visitor::Browser { form_token } = site.door().browser(&headers, seven()) else { panic!("not logged in") };
        let desk = Self { site, cookie, form_token };
        let script = async {
            let result = script(&desk).await;
            drop(desk);
            result
        };
        tokio::join!(script, knows_anna(engine)).0
    }

    /// Presses a button; `headers` are sent with it.
    async fn press(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::post(path).header(HOST, "127.0.0.1:8765");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let caller =
            Caller { address: "127.0.0.1".parse().unwrap(), called: None, stage: watch::Sender::new(Stage::Answer) };
        answer(&self.site, &caller, request.body(Body::from(form.to_owned())).unwrap()).await
    }

    async fn press_own(&self, path: &str, more: &[(&str, &str)]) -> Response {
        let mut headers = vec![(COOKIE.as_str(), self.cookie.as_str())];
        headers.extend(more);
        self.press(path, &format!("form_token={}", self.form_token), &headers).await
    }
}

fn location(response: &Response) -> &str {
    response.headers()[LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn a_button_does_what_it_says_and_the_page_comes_back_with_a_notice() {
    Desk::open(async |desk| {
        let case = async |path: &str, expected: &str| {
            let response = desk.press_own(path, &[]).await;
            assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, expected));
        };
        case("/members/1010/end", "/members/1010?done=ended-2").await;
        case("/members/1010/restore", "/members/1010?done=restored-3-0").await;
        case("/refresh", "/?done=refused").await;
        let unknown = desk.press_own("/members/1/end", &[]).await;
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_form_without_the_token_of_its_session_or_from_another_page_is_refused() {
    Desk::open(async |desk| {
        let (path, cookie) = ("/members/1010/end", (COOKIE.as_str(), desk.cookie.as_str()));
        let nobody = desk.press(path, &format!("form_token={}", desk.form_token), &[]).await;
        assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
        for form in ["", "form_token=", "form_token=x", "form_token"] {
            assert_eq!(desk.press(path, form, &[cookie]).await.status(), StatusCode::FORBIDDEN, "{form}");
        }
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            (ORIGIN.as_str(), "https://evil.example"),
            (ORIGIN.as_str(), "http://127.0.0.1:1"),
            (ORIGIN.as_str(), "null"),
        ] {
            let foreign = desk.press_own(path, &[(name, value)]).await;
            assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "{name}: {value}");
        }
        let own = desk.press_own(path, &[("sec-fetch-site", "same-origin"), (ORIGIN.as_str(), "null")]).await;
        assert_eq!(own.status(), StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_script_with_the_token_needs_no_form_token() {
    Desk::open(async |desk| {
        let response = desk.press("/members/1010/end", "", &[("authorization", "Bearer word")]).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn who_logs_out_is_out_at_once_and_nobody_is_logged_out_by_another_page() {
    Desk::open(async |desk| {
        let forged = desk.press("/logout", "form_token=x", &[("cookie", &desk.cookie)]).await;
        assert_eq!(forged.status(), StatusCode::FORBIDDEN);
        let response = desk.press_own("/logout", &[]).await;
        assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/"));
        assert!(response.headers()[SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
        assert_eq!(desk.press_own("/members/1010/end", &[]).await.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(desk.press_own("/logout", &[]).await.status(), StatusCode::SEE_OTHER, "once more");
    })
    .await;
}
