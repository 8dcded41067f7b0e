//! Nobody takes more than a share: slow callers are cut off by the clock, and there is room for so many at a time.

use std::pin::pin;
use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use futures_util::FutureExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{Answer, House, request, start};

/// Waits until the next thing that the server waits for is so many seconds after the start.
async fn waits_until(house: &House, seconds: i64) {
    while house.clock.next_wait() != Some(start() + TimeDelta::seconds(seconds)) {
        tokio::task::yield_now().await;
    }
}

async fn say(house: &House, text: &str) -> TcpStream {
    let mut stream = house.connect().await;
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_head_that_does_not_come_is_cut_off_after_ten_seconds() {
    let house = House::open();
    for begun in ["", "GET / HTTP/1.1\r\nHost: loc"] {
        let mut slow = say(&house, begun).await;
        house.clock.waiting(1).await;
        house.clock.advance(TimeDelta::seconds(10));
        assert_eq!(Answer::read(&mut slow).await.status, 0);
    }
    assert_eq!(house.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_cut_off_after_thirty_seconds() {
    let house = House::open();
    let mut slow = say(&house, "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\ntok").await;
    waits_until(&house, 30).await;
    house.clock.advance(TimeDelta::seconds(30));
    assert_eq!(Answer::read(&mut slow).await.status, 0);
}

#[tokio::test]
async fn an_answer_that_is_not_taken_is_cut_off_after_thirty_seconds() {
    let house = House::open();
    // More than the system keeps for a connection.
    house.report.lock().unwrap().problems[0].text = "x".repeat(40 << 20);
    let mut slow = say(&house, &request("GET", "/api/status", &[], "")).await;
    waits_until(&house, 30).await;
    house.clock.advance(TimeDelta::seconds(30));
    let answer = Answer::read(&mut slow).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.len() < 40 << 20, "{}", answer.body.len());
}

#[tokio::test]
async fn an_engine_that_does_not_answer_is_told_of_after_twenty_seconds() {
    let house = House::open();
    house.hold.store(true, Ordering::Relaxed);
    let mut slow = say(&house, &request("GET", "/api/status", &[], "")).await;
    waits_until(&house, 20).await;
    house.clock.advance(TimeDelta::seconds(20));
    let answer = Answer::read(&mut slow).await;
    assert_eq!(answer.status, 503);
    assert!(answer.json()["error"].as_str().unwrap().contains("has not answered in time"), "{answer:?}");
}

#[tokio::test]
async fn a_caller_beyond_the_hundred_and_twenty_eighth_waits_for_a_place() {
    let house = House::open();
    let mut silent = Vec::new();
    for _ in 0..128 {
        silent.push(house.connect().await);
    }
    house.clock.waiting(128).await;
    let mut next = pin!(house.get("/api/status"));
    for _ in 0..200 {
        assert!(next.as_mut().now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    house.clock.advance(TimeDelta::seconds(10));
    assert_eq!(next.await.status, 200);
}

#[tokio::test]
async fn a_stream_beyond_the_thirty_second_is_refused_until_one_ends() {
    let house = House::open();
    let mut streams = Vec::new();
    for _ in 0..32 {
        let mut stream = say(&house, &request("GET", "/events", &[], "")).await;
        super::events::read_until(&mut stream, "retry: ").await;
        streams.push(stream);
    }
    let refused = house.get("/events").await;
    assert_eq!(refused.status, 503);
    assert_eq!(house.get("/api/status").await.status, 200);
    streams.pop();
    while house.ask("HEAD", "/events", &[], "").await.status != 200 {
        tokio::task::yield_now().await;
    }
}
