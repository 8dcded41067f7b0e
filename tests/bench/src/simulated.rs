//! The whole service on a simulated clock: how long telephones show something wrong, and what the calendars cost.
//!
//! Rules and engine are the real ones; tenant and PBX stand at the engine's ports and take their time by the clock; the journal
//! takes none.

mod day;
#[path = "../../soak/src/idle.rs"]
mod idle;
mod judge;
mod world;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::{Either, select};
use starface_calendar::clock::{Clock, SimClock, SystemClock};
use starface_calendar::engine::{Adaptive, Engine, Orders, Pace, Ports, ReadAhead};
use starface_calendar::graph::batches_in_flight;
use starface_calendar::rules::{AccountId, Policy, Upkeep};
use starface_calendar_bench::work::decisions;

use super::plot::Curve;
use super::table::{Reach, Table};
use day::{Day, Kind};
use idle::Idle;
use world::{Forgetful, World};

/// What one simulated day came to.
struct Outcome {
    /// Seconds in which a telephone showed something else than its calendar says, per member.
    wrong: f64,
    /// Those of them in which it showed what the service knew of the calendar.
    learning: f64,
    /// Calendars read and calls made for them, per member and hour.
    reads: f64,
    calls: f64,
}

/// How often a simulated service reads calendars.
#[derive(Clone)]
struct Interval(u64, Pace);

/// By which every day is the same each time.
const SEED: u64 = 7;

/// Measures how long telephones show something wrong.
pub(crate) fn wrong_state(table: &mut Table) {
    for (edited, words) in [(0, "all known beforehand"), (10, "one in ten edited, moved or cancelled")] {
        let day = Day::new(SEED, Kind { edited, ..Kind::usual() });
        let entries = day.entries();
        let outcome = play(day, Interval(60, Pace::Steady), world::SLOW);
        let own = outcome.wrong - outcome.learning;
        table.add(
            format!("B2 wrong state, 1000 members, {entries} entries, {words}, PBX 5 ms a call + 2 ms a record"),
            format!("{own:.3} s a member and day, and {:.1} s until a change was learnt", outcome.learning),
            own,
            &Reach::AtMost(0.5, "s"),
        );
    }
}

/// Measures what calendars cost.
pub(crate) fn graph_cost(table: &mut Table) {
    for (seconds, reach) in [(60, 3.0), (300, 0.6)] {
        for (pace, words) in paces() {
            let outcome =
                play(Day::new(SEED, Kind { edited: 10, ..Kind::usual() }), Interval(seconds, pace), world::AT_ONCE);
            // Each half of the adaptive pace is told for itself.
            let reach = if words.contains("only") { Reach::None } else { Reach::AtMost(reach, "calls") };
            tell_cost(table, seconds, words, &outcome, &reach);
        }
    }
}

/// Measures how the processor time of a simulated day grows, and draws it.
pub(crate) fn growth(table: &mut Table) -> Vec<Curve> {
    let usual = Kind::usual();
    let of = |kinds: [Kind; 5], words: &'static str, unit: fn(&Kind) -> f64| {
        let points = kinds.map(|kind| {
            let day = Day::new(SEED, kind);
            let began_at = SystemClock.now();
            play(day, Interval(60, Pace::Steady), world::AT_ONCE);
            (unit(&kind), (SystemClock.now() - began_at).as_seconds_f64())
        });
        Curve { words, points: points.to_vec() }
    };
    let members = [250, 500, 1_000, 2_000, 4_000].map(|members| Kind { members, ..usual });
    let dense = [1, 2, 3, 4, 5].map(|dense| Kind { members: 250, dense, ..usual });
    let edited = [0, 25, 50, 75, 100].map(|edited| Kind { members: 500, edited, ..usual });
    let curves = vec![
        of(members, "members, six entries each", |kind| f64::from(kind.members)),
        of(dense, "entries of each of 250 members", |kind| 5.8 * f64::from(kind.dense)),
        of(edited, "edited of a hundred entries, 500 members", |kind| kind.edited as f64),
    ];
    for Curve { words, points } in &curves {
        let figures: Vec<String> = points.iter().map(|(x, y)| format!("{x:.0}: {y:.2} s")).collect();
        table.add(format!("growth of a simulated day by {words}"), figures.join(", "), 0.0, &Reach::None);
    }
    curves
}

/// Steady, and adaptive with each of its halves alone and with both.
fn paces() -> [(Pace, &'static str); 4] {
    let adaptive = |stretches: bool, ahead: ReadAhead| {
        Pace::Adaptive(Adaptive {
            quiet_interval: stretches.then_some(Duration::from_secs(600)),
            hours: "Mon-Fri 07:00-19:00".parse().ok(),
            ahead,
        })
    };
    [
        (Pace::Steady, "steady"),
        (adaptive(true, ReadAhead::Yes), "adaptive"),
        (adaptive(true, ReadAhead::No), "adaptive, only stretched"),
        (adaptive(false, ReadAhead::Yes), "adaptive, only read before boundaries"),
    ]
}

fn tell_cost(table: &mut Table, seconds: u64, pace: &str, outcome: &Outcome, reach: &Reach) {
    let own = outcome.wrong - outcome.learning;
    table.add(
        format!("B3 cost of calendars, read every {seconds} s, {pace}"),
        format!(
            "{:.2} reads, {:.3} HTTP calls a member and hour; wrong {own:.3} s, {:.1} s until learnt, a member and day",
            outcome.reads, outcome.calls, outcome.learning
        ),
        outcome.calls,
        reach,
    );
}

fn orders(interval: Interval) -> Orders {
    let policy = decisions::policy();
    let text = policy.text.map(|text| starface_calendar::rules::policy::TextPolicy {
        template: starface_calendar::rules::text::Template::parse("!title!").unwrap(),
        ..text
    });
    Orders {
        group: AccountId(2001),
        policy: Policy { text, ..policy },
        upkeep: Upkeep::default(),
        check_interval: Duration::from_secs(interval.0),
        pace: interval.1,
        members_interval: Duration::from_secs(600),
        batches_in_flight,
        history_for: Duration::from_secs(86_400),
    }
}

/// Plays a day, from midnight to midnight.
fn play(mut day: Day, interval: Interval, pace: world::Pace) -> Outcome {
    let idle = Idle::default();
    let (begins_at, ends_at, members) = (day.begins_at(), day.ends_at(), day.members());
    idle.runtime().block_on(async {
        let clock = SimClock::new(begins_at);
        let world = World::new(clock.clone(), pace, members.clone());
        day.put_all(&world);
        let journal = Forgetful::new(begins_at);
        let ports =
            Ports { calendars: Arc::new(world.clone()), pbx: Arc::new(world.clone()), journal, clock: clock.clone() };
        let engine = Engine::start(ports, orders(interval)).await.unwrap();
        let service = pin!(engine.run(std::future::pending()));
        let script = pin!(async {
            loop {
                idle.idle().await;
                let now = clock.now();
                let next = [clock.next_wait(), day.next_edit_at(), world.next_boundary()].into_iter().flatten().min();
                let next = next.unwrap_or(now + TimeDelta::minutes(1)).max(now);
                if next >= ends_at {
                    break;
                }
                clock.set(next);
                day.edit(&world, next);
                world.judge_boundaries(next);
            }
        });
        if let Either::Left((ended, _)) = select(service, script).await {
            panic!("the service ended by itself: {ended:?}");
        }
        world.outcome(ends_at, members)
    })
}
