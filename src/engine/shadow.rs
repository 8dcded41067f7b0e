//! A shadow run: what is beside an engine whose PBX takes no writes.
//!
//! The engine decides, holds and keeps history as it always does, over a [`Shadow`] of the PBX and with a journal of its
//! own. [`Beside`] looks at the PBX regularly and keeps in the same history where it shows something else than the
//! service would have it show. [`differences`] reads that back. Must not know how the PBX is reached.

use std::future::Future;
use std::sync::Arc;

use chrono::TimeDelta;
use tracing::{info, warn};

use super::chain;
use crate::clock::Clock;
use crate::journal::{Happening, Journal, Record};
use crate::pbx::shadow::{Difference, Turn};
use crate::pbx::{Pbx, Shadow};

mod differing;

pub use differing::{Differing, differences};

/// What stands in history as the outcome of a write that a shadow run did not make.
pub const SHADOWED: &str = "shadow";

/// What stands in history as the outcome where the PBX begins to show something else.
pub const DIFFERS: &str = "differs";

/// What stands in history as the outcome where it does not any more.
pub const AGREES: &str = "agrees";

/// How often the PBX is looked at: twice in the minute after which a module that polls has acted at the latest.
const LOOK_INTERVAL: TimeDelta = TimeDelta::seconds(30);

/// How long the last look may take, so that an absent PBX does not hold the end up.
const LAST_LOOK_MAX: TimeDelta = TimeDelta::seconds(3);

/// The most rows that wait for a journal that cannot be written; the oldest are lost above that.
const ROWS_MAX: usize = 20_000;

/// What works beside the engine of a shadow run.
#[derive(Debug)]
pub struct Beside<P, J, K> {
    pbx: Arc<Shadow<P, K>>,
    journal: J,
    clock: K,
    rows: Vec<Happening>,
}

impl<P: Pbx, J: Journal, K: Clock> Beside<P, J, K> {
    /// Takes the PBX that the engine has, and the journal that it writes.
    pub fn new(pbx: Arc<Shadow<P, K>>, journal: J, clock: K) -> Self {
        Self { pbx, journal, clock, rows: Vec::new() }
    }

    /// Looks again and again until `stop` is there, and once more then; what was found is kept.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let next = self.clock.now() + LOOK_INTERVAL;
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = self.clock.sleep_until(next) => {}
            }
            self.pbx.look().await;
            self.keep().await;
        }
        let too_late = self.clock.sleep_until(self.clock.now() + LAST_LOOK_MAX);
        tokio::select! {
            biased;
            () = self.pbx.look() => {}
            () = too_late => {}
        }
        self.keep().await;
    }

    async fn keep(&mut self) {
        let found = self.pbx.take_differences();
        found.iter().for_each(tell);
        self.rows.extend(found.into_iter().map(row));
        let surplus = self.rows.len().saturating_sub(ROWS_MAX);
        self.rows.drain(..surplus);
        if self.rows.is_empty() {
            return;
        }
        match self.journal.commit(self.rows.iter().cloned().map(Record::Happening).collect()).await {
            Ok(()) => self.rows.clear(),
            Err(error) => {
                warn!(error = chain(&error), "Differences could not be kept; it is tried again with the next look.");
            }
        }
    }
}

/// Tells of a difference by its field alone: values may be texts.
fn tell(difference: &Difference) {
    let (account, field) = (difference.account.0, difference.wanted.field());
    let number = field.number().map(tracing::field::display);
    match difference.turn {
        Turn::Begins => {
            info!(
                member.id = account,
                field = field.name(),
                number,
                "The PBX shows something else than this service would."
            );
        }
        Turn::Ends => {
            info!(
                member.id = account,
                field = field.name(),
                number,
                "A field of the PBX differs no longer in this way."
            );
        }
    }
}

fn row(difference: Difference) -> Happening {
    let (why, outcome) = match difference.turn {
        Turn::Begins => ("the PBX shows something else than the service would", DIFFERS),
        Turn::Ends => ("this difference is over", AGREES),
    };
    Happening {
        at: difference.at,
        account: difference.account,
        from: difference.there,
        to: difference.wanted,
        why: why.to_owned(),
        entry: None,
        outcome: outcome.to_owned(),
    }
}
