//! Simulated time: the whole service for days and weeks, with everything that can go wrong, against a model of what must
//! be visible.
//!
//! `scripts/soak --seed 17 --members 20 --days 1` plays one seed again; with `--trace` it tells its story.

#![cfg(test)]

/// Tells the story while it happens, where somebody wants to hear it.
macro_rules! trace {
    ($($words:tt)*) => {
        if crate::is_traced() {
            println!($($words)*);
        }
    };
}

mod act;
mod chance;
mod foretold;
mod fuse;
mod http;
mod idle;
mod journal;
mod meeting;
mod model;
mod outside;
mod pbx;
mod play;
mod policy;
mod ports;
mod scenario;
mod table;
mod tally;
mod tenant;
mod watched;
mod world;

use std::sync::{LazyLock, Mutex};

use chrono::TimeDelta;
use starface_calendar::clock::{Clock, SystemClock};

use tally::Tally;

/// Half of a simulated day is made of small things that live short.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What `scripts/soak` was told.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment alone")]
fn given(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn is_traced() -> bool {
    static IS_TRACED: LazyLock<bool> = LazyLock::new(|| given("SOAK_TRACE").is_some());
    *IS_TRACED
}

/// One seed in ten goes through the real clients.
fn is_over_http(seed: u64) -> bool {
    seed.is_multiple_of(10)
}

/// Plays seeds on two threads, each of which takes the next one as soon as it is done with one.
fn play_all(seeds: impl Iterator<Item = u64> + Send, members: u32, days: u32) -> Tally {
    let (seeds, tally) = (Mutex::new(seeds), Mutex::new(Tally::default()));
    let next = || seeds.lock().unwrap().next();
    let work = || {
        while let Some(seed) = next() {
            let play = if is_over_http(seed) { play::play_over_http } else { play::play };
            let found = play(seed, members, days);
            tally.lock().unwrap().add(found);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    tally.into_inner().unwrap()
}

#[track_caller]
fn nothing_was_found(tally: &Tally) {
    println!("{tally}");
    assert!(tally.violations.is_empty(), "{}", tally.violations.join("\n"));
}

#[test]
fn twenty_members_live_through_twenty_days_whatever_happens() {
    nothing_was_found(&play_all((1..).filter(|seed| !is_over_http(*seed)).take(20), 20, 1));
}

#[test]
fn so_do_the_real_clients_over_http() {
    nothing_was_found(&play::play_over_http(10, 4, 1));
}

#[test]
fn a_seed_tells_the_same_story_each_time() {
    // Somebody's timers are due at the same instant in these.
    for seed in [4, 23] {
        assert_eq!(play::play(seed, 20, 1), play::play(seed, 20, 1));
    }
}

/// Weeks, by the environment: `scripts/soak` is the way to it.
#[test]
#[ignore = "takes as long as it is told to; run scripts/soak"]
fn weeks() {
    let number = |name: &str, default: u32| given(name).map_or(default, |text| text.parse().unwrap());
    let (members, days) = (number("SOAK_MEMBERS", 200), number("SOAK_DAYS", 7));
    let seeds = given("SOAK_SEEDS").unwrap_or_else(|| "1-8".to_owned());
    let (first, last) = seeds.split_once('-').unwrap_or((&seeds, &seeds));
    let (first, last): (u64, u64) = (first.parse().unwrap(), last.parse().unwrap());
    let Some(minutes) = given("SOAK_MINUTES") else {
        return nothing_was_found(&play_all(first..=last, members, days));
    };
    let until = SystemClock.now() + TimeDelta::minutes(minutes.parse().unwrap());
    let mut tally = Tally::default();
    let mut seeds = (first..).step_by(2);
    while SystemClock.now() < until {
        let seed = seeds.next().unwrap();
        tally.add(play_all(seed..seed + 2, members, days));
    }
    nothing_was_found(&tally);
}
