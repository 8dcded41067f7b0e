//! The life of the program, without signals and without systemd.

use chrono::TimeDelta;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::*;
use crate::clock::SimClock;

const WAIT_MAX: Duration = Duration::from_secs(10);

fn life() -> Lifecycle {
    Lifecycle::new(Systemd::of_this_process())
}

fn clock() -> SimClock {
    SimClock::new("2026-03-02T07:00:00Z".parse().unwrap())
}

#[tokio::test]
async fn everybody_is_told_to_end_softly_then_hard() {
    let life = life();
    let stop = life.stop();
    let clone = stop.clone();
    assert_eq!(stop.urgency(), Urgency::Running);
    assert!(stop.soft().now_or_never().is_none());
    life.ask(Urgency::Soft);
    assert!(stop.soft().now_or_never().is_some());
    assert!(clone.soft().now_or_never().is_some());
    assert!(stop.hard().now_or_never().is_none());
    life.ask(Urgency::Hard);
    assert!(stop.hard().now_or_never().is_some());
    assert!(life.stop().soft().now_or_never().is_some());
}

#[tokio::test]
async fn what_was_asked_is_never_taken_back() {
    let life = life();
    life.ask(Urgency::Hard);
    life.ask(Urgency::Soft);
    life.ask(Urgency::Running);
    assert_eq!(life.stop().urgency(), Urgency::Hard);
}

#[tokio::test]
async fn a_life_that_is_gone_tells_to_end() {
    let stop = life().stop();
    assert!(stop.hard().now_or_never().is_some());
}

#[tokio::test]
async fn tasks_are_told_and_waited_for() {
    let life = life();
    let stop = life.stop();
    let (done, was_done) = oneshot::channel();
    life.spawn("reader", async move {
        stop.soft().await;
        done.send(()).unwrap();
    });
    let ending = life.finish(&clock(), WAIT_MAX).await;
    assert_eq!(ending, Ending::Clean);
    was_done.await.unwrap();
}

#[tokio::test]
async fn a_task_that_does_not_end_is_given_up_in_time_and_named() {
    let life = life();
    let (held, mut gone) = oneshot::channel::<()>();
    life.spawn("stuck", async move {
        let _held = held;
        std::future::pending::<()>().await;
    });
    life.spawn("quick", async {});
    let clock = clock();
    let meanwhile = async {
        clock.waiting(1).await;
        clock.advance(TimeDelta::seconds(10));
    };
    let (ending, ()) = tokio::join!(life.finish(&clock, WAIT_MAX), meanwhile);
    assert_eq!(ending, Ending::GivenUp(vec!["stuck"]));
    // It was not only forgotten: what it held is free.
    tokio::task::yield_now().await;
    assert_eq!(gone.try_recv(), Err(TryRecvError::Closed));
}

#[tokio::test]
async fn a_second_demand_ends_the_waiting() {
    let life = life();
    life.spawn("stuck", std::future::pending());
    let shared = Arc::clone(&life.shared);
    let clock = clock();
    let second = async {
        clock.waiting(1).await;
        shared.ask(Urgency::Hard);
    };
    let (ending, ()) = tokio::join!(life.finish(&clock, WAIT_MAX), second);
    assert_eq!(ending, Ending::GivenUp(vec!["stuck"]));
}

#[tokio::test]
async fn a_task_that_dies_ends_the_program_and_is_named() {
    let life = life();
    life.spawn("reader", async { panic!("for this test") });
    life.stop().soft().await;
    assert_eq!(life.stop().urgency(), Urgency::Soft);
    let ending = life.finish(&clock(), WAIT_MAX).await;
    assert_eq!(ending, Ending::Died("reader"));
}

#[tokio::test]
async fn tasks_that_have_ended_are_not_collected() {
    let life = life();
    for _ in 0..100 {
        let (done, was_done) = oneshot::channel();
        life.spawn("short", async move { done.send(()).unwrap() });
        was_done.await.unwrap();
        tokio::task::yield_now().await;
    }
    assert!(life.tasks.lock().unwrap().len() <= 2);
}
