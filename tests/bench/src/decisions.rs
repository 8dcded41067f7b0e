//! How many decisions the rules make in a second on one core, and how much of a calendar is read in one.

use chrono::TimeDelta;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar_bench::work::calendars;
use starface_calendar_bench::work::decisions::{Desk, Moments};

use super::table::{Reach, Table};

/// How long each measurement goes on, and how many of them there are, of which the middle one counts.
const LONG: TimeDelta = TimeDelta::milliseconds(400);
const MEASUREMENTS: usize = 7;

/// Measures both.
pub(crate) fn measure(table: &mut Table) {
    for (moments, words, reach) in [
        (Moments::Day, "through a day", Reach::AtLeast(1e6, "a second")),
        (Moments::Boundaries, "at boundaries only", Reach::None),
    ] {
        let desk = Desk::new(moments);
        let figure = per_second(|| {
            std::hint::black_box(std::hint::black_box(&desk).decide_all());
            desk.decisions()
        });
        table.add(
            format!("B5 decisions, 8 entries a member, {words}"),
            format!("{:.2} million a second", figure / 1e6),
            figure,
            &reach,
        );
    }
    let body = calendars::answer(20, 8);
    let figure = per_second(|| calendars::read(std::hint::black_box(&body)));
    table.add(
        format!("reading Graph's answers, 20 mailboxes of 8 entries ({} kB)", body.len() / 1000),
        format!("{:.0} thousand entries a second", figure / 1e3),
        figure,
        &Reach::None,
    );
}

/// Returns how much of the work is done in a second. The work says how much of it was done.
fn per_second(mut work: impl FnMut() -> usize) -> f64 {
    let mut figures: Vec<f64> = (0..MEASUREMENTS)
        .map(|_| {
            let began_at = SystemClock.now();
            let mut done = 0;
            loop {
                done += work();
                let took = SystemClock.now() - began_at;
                if took >= LONG {
                    return done as f64 / took.as_seconds_f64();
                }
            }
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    figures[MEASUREMENTS / 2]
}
