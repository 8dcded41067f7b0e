//! Every path, and what only those are shown who show the token.

use chrono::TimeDelta;
use starface_calendar::engine::{Snapshot, Unready};

use super::{BEARER, House, TITLE, start};

const XHR: (&str, &str) = ("X-Requested-With", "test");

#[tokio::test]
async fn every_path_is_served_with_its_kind_and_a_head_of_it_without_its_body() {
    let house = House::open();
    for (path, content_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/?q=anna&show=problems&page=2&done=ended-1", "text/html; charset=utf-8"),
        ("/members/1010", "text/html; charset=utf-8"),
        ("/login", "text/html; charset=utf-8"),
        ("/api/status", "application/json"),
        ("/api/members/1010", "application/json"),
        ("/healthz", "text/plain; charset=utf-8"),
        ("/readyz", "text/plain; charset=utf-8"),
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
    ] {
        let answer = house.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)), "{path}");
        let head = house.ask("HEAD", path, &[], "").await;
        assert_eq!(
            (head.status, head.header("content-type"), head.body.as_str()),
            (200, Some(content_type), ""),
            "{path}"
        );
        if !answer.body.is_empty() {
            assert_eq!(head.header("content-length"), answer.header("content-length"), "{path}");
        }
    }
}

#[tokio::test]
async fn titles_and_status_texts_are_shown_only_with_the_token() {
    let house = House::open();
    let cookie = house.log_in(super::TOKEN).await.cookie();
    for path in ["/", "/members/1010", "/api/status", "/api/members/1010", "/metrics"] {
        let answer = house.get(path).await;
        assert!(answer.status == 200 && !answer.body.contains("GEHEIM"), "{path}: {answer:?}");
        let forged = house.ask("GET", path, &[("Cookie", "starface_calendar_session=x")], "").await;
        assert!(forged.status == 200 && !forged.body.contains("GEHEIM"), "{path}: {forged:?}");
    }
    for known in [BEARER, ("Cookie", cookie.as_str())] {
        let status = house.ask("GET", "/api/status", &[known], "").await.json();
        assert_eq!(status["members"][0]["governing"]["title"], TITLE);
        let member = house.ask("GET", "/api/members/1010", &[known], "").await.json();
        assert_eq!((&member["entries"][0]["title"], &member["history"][1]["to"]), (&TITLE.into(), &TITLE.into()));
    }
    let stranger = house.get("/api/members/1010").await.json();
    assert_eq!((&stranger["history"][1]["from"], &stranger["history"][1]["to"]), (&"empty".into(), &"a text".into()));
    assert_eq!(stranger["history"][0]["to"], "AWAY");
}

#[tokio::test]
async fn a_member_comes_with_seven_days_of_history() {
    let house = House::open();
    house.get("/api/members/1011").await;
    assert_eq!(house.done(), [format!("history id:1011 since {}", start() - TimeDelta::days(7))]);
}

#[tokio::test]
async fn commands_of_a_script_reach_the_engine_and_are_answered_as_json() {
    let house = House::open();
    let ended = house.ask("POST", "/api/members/1010/end", &[BEARER, XHR], "").await;
    assert_eq!((ended.status, &ended.json()["entries"]), (200, &1.into()));
    let restored = house.ask("POST", "/api/members/1010/restore", &[BEARER, XHR], "").await;
    assert_eq!((restored.status, &restored.json()["left"][0]["number"]), (200, &"210".into()));
    let refreshing = house.ask("POST", "/api/refresh", &[BEARER, XHR], "").await;
    assert_eq!((refreshing.status, &refreshing.json()["refreshing"]), (200, &true.into()));
    assert_eq!(house.done(), ["end id:1010", "restore id:1010", "refresh"]);
}

#[tokio::test]
async fn the_service_is_healthy_while_it_completes_rounds() {
    let house = House::open();
    assert_eq!(house.get("/healthz").await.status, 200);
    house.clock.advance(TimeDelta::seconds(59));
    assert_eq!(house.get("/healthz").await.status, 200);
    house.clock.advance(TimeDelta::seconds(1));
    let late = house.get("/healthz").await;
    assert_eq!((late.status, late.body.as_str()), (503, "the last round was completed 60 seconds ago\n"));
    house.snapshots.send_modify(|snapshot| snapshot.at = Some(start() + TimeDelta::seconds(60)));
    assert_eq!(house.get("/healthz").await.status, 200);
    house.snapshots.send_replace(Snapshot::default());
    assert_eq!(house.get("/healthz").await.status, 503);
    assert_eq!(house.get("/readyz").await.status, 503, "before the first round");
}

#[tokio::test]
async fn the_service_is_ready_or_says_what_it_waits_for() {
    let house = House::open();
    assert_eq!(house.get("/readyz").await.status, 200);
    for unready in [Unready::NoOrders, Unready::MembersUnknown, Unready::CalendarsUnread, Unready::OtherOwner] {
        house.snapshots.send_modify(|snapshot| snapshot.unready = Some(unready));
        let answer = house.get("/readyz").await;
        assert_eq!((answer.status, answer.body), (503, format!("{}\n", unready.words())));
    }
}

#[tokio::test]
async fn monitors_may_call_the_page_by_any_name_or_none() {
    let house = House::open();
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(house.ask("GET", path, &[("Host", "evil.example")], "").await.status, 200, "{path}");
        let none = house.say(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).await;
        assert_eq!(none.status, 200, "{path}");
    }
}
