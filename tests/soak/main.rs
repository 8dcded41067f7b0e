//! Simulated time: the whole service for days and weeks, with everything that can go wrong, against a model of what must
//! be visible.
//!
//! `SOAK_SEEDS=17 SOAK_MEMBERS=20 SOAK_DAYS=1 scripts/soak` plays one seed again; `SOAK_TRACE=1` tells its story.

#![allow(clippy::unwrap_used, missing_docs)]

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
mod fuse;
mod idle;
mod journal;
mod meeting;
mod model;
mod pbx;
mod play;
mod policy;
mod scenario;
mod table;
mod tally;
mod tenant;
mod world;

use std::sync::LazyLock;

use tally::Tally;

fn is_traced() -> bool {
    static IS_TRACED: LazyLock<bool> = LazyLock::new(|| std::env::var_os("SOAK_TRACE").is_some());
    *IS_TRACED
}

/// Plays seeds on two threads.
fn play_all(seeds: impl Iterator<Item = u64>, members: u32, days: u32) -> Tally {
    let seeds: Vec<u64> = seeds.collect();
    let halves = [0, 1].map(|half| seeds.iter().copied().skip(half).step_by(2).collect::<Vec<_>>());
    std::thread::scope(|scope| {
        let threads = halves.map(|seeds| {
            scope.spawn(move || {
                let mut tally = Tally::default();
                for seed in seeds {
                    tally.add(play::play(seed, members, days));
                }
                tally
            })
        });
        let mut tally = Tally::default();
        for thread in threads {
            tally.add(thread.join().unwrap());
        }
        tally
    })
}

#[track_caller]
fn nothing_was_found(tally: &Tally) {
    println!("{tally}");
    assert!(tally.violations.is_empty(), "{}", tally.violations.join("\n"));
}

#[test]
fn twenty_members_live_through_twenty_days_whatever_happens() {
    nothing_was_found(&play_all(1..=20, 20, 1));
}

#[test]
fn a_seed_tells_the_same_story_each_time() {
    assert_eq!(play::play(3, 5, 1), play::play(3, 5, 1));
}

/// Weeks, by the environment: `scripts/soak` is the way to it.
#[test]
#[ignore = "takes as long as it is told to; run scripts/soak"]
fn weeks() {
    let given = |name: &str| std::env::var(name).ok();
    let number = |name: &str, default: u32| given(name).map_or(default, |text| text.parse().unwrap());
    let seeds = given("SOAK_SEEDS").unwrap_or_else(|| "1-8".to_owned());
    let (first, last) = seeds.split_once('-').unwrap_or((&seeds, &seeds));
    let range = first.parse().unwrap()..=last.parse().unwrap();
    nothing_was_found(&play_all(range, number("SOAK_MEMBERS", 200), number("SOAK_DAYS", 7)));
}
