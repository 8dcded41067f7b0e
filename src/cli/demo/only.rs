//! `demo --only-simulation`: the simulated tenant and PBX alone, for trying an installation of the service against them.
//!
//! Prints the settings that lead to them as lines for a shell, which `install.sh` takes as they are, and then what the
//! telephones show. The secrets among them open nothing but this simulation.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::narrator::{self, Heard, narrate};
use super::stage::{Pace, Stage};
use super::{Ending, HEARD_MAX};
use crate::clock::{Clock, SystemClock};
use crate::lifecycle::{Lifecycle, Systemd};

/// Over how long the appointments are spread: long enough to install at leisure, and to see one begin meanwhile.
const SPREAD_SECONDS: u32 = 2 * 60 * 60;

/// How long open connections may take to end.
const FINISH_MAX: Duration = Duration::from_secs(1);

/// Keeps both sides running until a signal comes.
pub(super) async fn only_simulation() -> anyhow::Result<Ending> {
    let clock = SystemClock;
    let lifecycle = Lifecycle::with_signals(Systemd::of_this_process()).context("listen to signals")?;
    let stage = Stage::build(pace(clock.now())).await?;
    stage.choose_group();
    for (variable, value) in stage.ways() {
        println!("{variable}={}", quoted(&value));
    }
    println!("# The first appointments are on now. What the telephones show follows; Ctrl-C ends the simulation.");
    let (heard, hearing) = mpsc::channel(HEARD_MAX);
    let mut narration = JoinSet::new();
    narration.spawn(narrate(hearing, stage.appointments().clone()));
    narration.spawn(narrator::follow(stage.pbx.changes(), Heard::Change, heard.clone()));
    narration.spawn(narrator::follow(stage.pbx.redirect_changes(), Heard::Redirect, heard));
    lifecycle.stop().soft().await;
    narration.abort_all();
    lifecycle.finish(&clock, FINISH_MAX).await;
    Ok(Ending::Well)
}

/// A pace whose first appointments begin at this instant.
fn pace(now: DateTime<Utc>) -> Pace {
    let first = Pace::new(now, SPREAD_SECONDS).at(super::step::FIRST);
    Pace::new(now - (first - now), SPREAD_SECONDS)
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_appointments_begin_now() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        assert_eq!(pace(now).at(super::super::step::FIRST), now);
    }

    #[test]
    fn a_quoted_text_is_one_word_of_a_shell() {
        assert_eq!(quoted("Kalender Connector"), "'Kalender Connector'");
        assert_eq!(quoted("d'Arc"), r"'d'\''Arc'");
    }
}
