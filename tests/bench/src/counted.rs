//! Does one piece of work so many times, for a tool that counts instructions.
//!
//! `scripts/bench --instructions` runs it under Valgrind twice, once with more of the work than the other time; the difference
//! is what the work takes by itself.

use std::process::ExitCode;

use starface_calendar_bench::work::calendars;
use starface_calendar_bench::work::decisions::{Desk, Moments};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [work, times] = words.as_slice() else { return ExitCode::from(2) };
    let Ok(times) = times.parse::<usize>() else { return ExitCode::from(2) };
    let done: usize = match work.as_str() {
        "decisions" => {
            let desk = Desk::new(Moments::Day);
            for _ in 0..times {
                std::hint::black_box(desk.decide_all());
            }
            desk.decisions()
        }
        "boundaries" => {
            let desk = Desk::new(Moments::Boundaries);
            for _ in 0..times {
                std::hint::black_box(desk.decide_all());
            }
            desk.decisions()
        }
        "reading" => {
            let body = calendars::answer(20, 8);
            for _ in 0..times {
                std::hint::black_box(calendars::read(&body));
            }
            20 * 8
        }
        _ => return ExitCode::from(2),
    };
    println!("{done}");
    ExitCode::SUCCESS
}
