//! The event stream, which tells of changes and of nothing else.

use chrono::TimeDelta;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{House, request};

/// Reads until these words came; returns everything read.
pub(super) async fn read_until(stream: &mut TcpStream, words: &str) -> String {
    let mut read = Vec::new();
    while !String::from_utf8_lossy(&read).contains(words) {
        let length = stream.read_buf(&mut read).await.unwrap();
        assert!(length > 0, "it ended before {words:?}: {}", String::from_utf8_lossy(&read));
    }
    String::from_utf8(read).unwrap()
}

async fn listen(house: &House) -> TcpStream {
    let mut stream = house.connect().await;
    stream.write_all(request("GET", "/events", &[], "").as_bytes()).await.unwrap();
    let head = read_until(&mut stream, "retry: 1000\n\n").await;
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-type: text/event-stream\r\n"), "{head}");
    stream
}

/// Waits until the server has looked at the status and pauses for a second.
async fn looked(house: &House) {
    while house.clock.next_wait() != Some(super::Clock::now(&house.clock) + TimeDelta::seconds(1)) {
        tokio::task::yield_now().await;
    }
}

/// Completes a round, and lets the server look.
async fn round(house: &House, change: impl FnOnce(&mut super::Report)) {
    {
        let mut report = house.report.lock().unwrap();
        report.round += 1;
        report.members[0].calendar_age_seconds = report.members[0].calendar_age_seconds.map(|age| age + 1);
        change(&mut report);
    }
    house.snapshots.send_modify(|snapshot| snapshot.round += 1);
    house.clock.advance(TimeDelta::seconds(1));
    looked(house).await;
}

#[tokio::test]
async fn a_stream_tells_of_changes_and_not_of_rounds_in_which_nothing_changed() {
    let house = House::open();
    let (mut one, mut other) = (listen(&house).await, listen(&house).await);
    looked(&house).await;
    for _ in 0..3 {
        round(&house, |_| {}).await;
    }
    round(&house, |report| report.problems.clear()).await;
    for stream in [&mut one, &mut other] {
        let told = read_until(stream, "\n\n").await;
        assert!(told.contains("event: changed\ndata: 11\n\n"), "{told}");
    }
    round(&house, |_| {}).await;
    round(&house, |report| report.members[0].governing = None).await;
    let told = read_until(&mut one, "\n\n").await;
    assert!(told.contains("event: changed\ndata: 13\n\n"), "{told}");
}

#[tokio::test]
async fn several_changes_within_a_second_are_told_once() {
    let house = House::open();
    let mut stream = listen(&house).await;
    looked(&house).await;
    house.report.lock().unwrap().mails_unsent = 2;
    house.snapshots.send_modify(|snapshot| snapshot.round += 1);
    round(&house, |report| report.mails_unsent = 3).await;
    round(&house, |_| {}).await;
    round(&house, |report| report.mails_unsent = 4).await;
    let told = read_until(&mut stream, "data: 10\n\n").await;
    assert_eq!(told.matches("event: changed").count(), 2, "{told}");
}

#[tokio::test]
async fn a_quiet_stream_says_every_quarter_of_a_minute_that_it_is_there() {
    let house = House::open();
    let mut stream = listen(&house).await;
    looked(&house).await;
    for _ in 0..3 {
        house.clock.advance(TimeDelta::seconds(15));
        let told = read_until(&mut stream, "\n\n").await;
        assert!(told.contains("\r\n:\n\n") && !told.contains("changed"), "{told}");
    }
}

#[tokio::test]
async fn a_stream_ends_after_a_quarter_of_an_hour_and_with_the_program() {
    let house = House::open();
    let mut stream = listen(&house).await;
    looked(&house).await;
    house.clock.advance(TimeDelta::minutes(15));
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
    let mut stream = listen(&house).await;
    house.lifecycle.ask(starface_calendar::lifecycle::Urgency::Soft);
    // Cut or closed, it ends.
    drop(stream.read_to_string(&mut rest).await);
}

#[tokio::test]
async fn while_nobody_listens_the_status_is_not_asked_for() {
    let house = House::open();
    house.snapshots.send_modify(|snapshot| snapshot.round += 1);
    assert_eq!(house.get("/healthz").await.status, 200);
    while house.clock.next_wait().is_some() {
        tokio::task::yield_now().await;
    }
    let stream = listen(&house).await;
    looked(&house).await;
    drop(stream);
    // The last look finds nobody, and nothing is waited for any more.
    while house.clock.advance_to_next().is_some() {
        tokio::task::yield_now().await;
    }
}
