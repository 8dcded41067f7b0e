//! The PBX of a shadow run: nothing is ever written, and it is told as if everything had been.
//!
//! Lies over [`ReadOnly`], so that a write has no way out. What a shadow run would have written is kept in layers,
//! and laid over what the PBX shows; so is what a member had before another connector put its own over it. Wherever what
//! is told differs from what the PBX shows, that is a [`Difference`], from when to when. Whoever runs beside the engine
//! calls [`Shadow::look`] regularly and takes them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Applied, Drained, ModuleInfo, Page, Pbx, PbxError, ReadOnly, Redirects, States};
use crate::clock::Clock;
use crate::rules::text::Traces;
use crate::rules::{AccountId, Deed, Hold, Member, Outcome, Step, Value};

mod layers;
mod ledger;
#[cfg(test)]
mod tests;

use layers::Layers;
use ledger::Ledger;

/// The most differences that wait to be taken; the oldest are lost above that.
const WAITING_MAX: usize = 20_000;

/// Something that the PBX shows otherwise than a shadow run would have it, or does not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// When it began or ended.
    pub at: DateTime<Utc>,
    /// Whose.
    pub account: AccountId,
    /// What the PBX shows.
    pub there: Value,
    /// What a service would have it show.
    pub wanted: Value,
    /// Whether it begins or ends.
    pub turn: Turn,
}

/// Whether a difference begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It begins.
    Begins,
    /// It is over: the PBX shows what is wanted, or either has become another value.
    Ends,
}

/// A PBX to which nothing is written, and which answers as if everything were.
#[derive(Debug)]
pub struct Shadow<P, K> {
    pbx: ReadOnly<P>,
    clock: K,
    world: Mutex<World>,
}

/// What a shadow run remembers of the PBX.
#[derive(Debug)]
struct World {
    layers: Layers,
    ledger: Ledger,
    waiting: VecDeque<Difference>,
    /// The module's event queue; another one tells of a restart, which loses some fields.
    queue: Option<String>,
    /// Who was named as a member last.
    members: Vec<AccountId>,
}

impl<P: Pbx, K: Clock> Shadow<P, K> {
    /// Lays over this PBX what an earlier shadow run held.
    pub fn over(pbx: P, holds: &[Hold], clock: K) -> Self {
        let layers = Layers::held(holds, clock.now());
        let (ledger, waiting) = (Ledger::default(), VecDeque::new());
        let world = World { layers, ledger, waiting, queue: None, members: Vec::new() };
        Self { pbx: ReadOnly(pbx), clock, world: Mutex::new(world) }
    }

    /// From now on recognises another connector by these traces.
    pub fn recognise(&self, traces: Traces) {
        self.world().layers.recognise(traces);
    }

    /// Reads what the PBX shows of every member, so that differences are noticed also where nobody asks.
    pub async fn look(&self) {
        let members = self.world().members.clone();
        if members.is_empty() {
            return;
        }
        self.states(&members).await;
        // Where nothing is ever redirected nobody asks for numbers, and none is looked at here either.
        let having = self.world().layers.having_numbers(&members);
        if !having.is_empty() {
            self.redirects(&having).await;
        }
    }

    /// Takes what has begun and ended since the last time, in its order.
    pub fn take_differences(&self) -> Vec<Difference> {
        self.world().waiting.drain(..).collect()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    /// Compares what is told with what is there.
    fn compare(&mut self, account: AccountId, wanted: Value, there: Value, now: DateTime<Utc>) {
        let laid_at = self.layers.laid_at(account, wanted.field());
        let turns = self.ledger.see((account, wanted, there), laid_at, now);
        self.waiting.extend(turns);
        let surplus = self.waiting.len().saturating_sub(WAITING_MAX);
        self.waiting.drain(..surplus);
    }

    /// A restart of the PBX would have lost some of what was written.
    fn learn_queue(&mut self, queue: &str) {
        if self.queue.as_deref().is_some_and(|known| known != queue) {
            self.layers.lose_what_a_restart_loses();
        }
        self.queue = Some(queue.to_owned());
    }

    fn write(&mut self, step: &Step, now: DateTime<Utc>) -> Outcome {
        let seen = match &step.deed {
            Deed::Write { value, back, .. } => self.layers.put(step.account, value, back.as_ref(), now),
            Deed::Remember(back) => {
                self.layers.keep_until(step.account, back.value.field(), back.after);
                None
            }
            Deed::Forget(field) => {
                self.layers.take_away(step.account, *field);
                None
            }
        };
        Outcome::Done { seen }
    }
}

impl<P: Pbx, K: Clock> Pbx for Shadow<P, K> {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        let module = self.pbx.info().await?;
        self.world().learn_queue(&module.queue);
        Ok(module)
    }

    async fn page(&self) -> Result<Page, PbxError> {
        self.pbx.page().await
    }

    async fn members(&self, group: AccountId) -> Result<Vec<Member>, PbxError> {
        let members = self.pbx.members(group).await?;
        self.world().members = members.iter().map(|member| member.account).collect();
        Ok(members)
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        let mut states = self.pbx.states(accounts).await;
        let now = self.clock.now();
        let mut world = self.world();
        for (account, seen) in &mut states.seen {
            let told = world.layers.over_state(*account, seen, now);
            for (wanted, there) in layers::compared(&told, seen) {
                world.compare(*account, wanted, there, now);
            }
            *seen = told;
        }
        states
    }

    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        let mut redirects = self.pbx.redirects(accounts).await;
        let now = self.clock.now();
        let mut world = self.world();
        world.layers.learn_numbers(&redirects.seen);
        for (account, records) in &mut redirects.seen {
            for record in records {
                let there = Value::Redirect(record.number, record.redirect.clone());
                let told = world.layers.over_number(record, now);
                let wanted = Value::Redirect(record.number, told.clone());
                world.compare(*account, wanted, there, now);
                record.redirect = told;
            }
        }
        redirects
    }

    /// Writes nothing, and answers each step as done.
    async fn apply(&self, steps: &[Step]) -> Applied {
        let now = self.clock.now();
        let mut world = self.world();
        Applied { outcomes: steps.iter().map(|step| world.write(step, now)).collect(), errors: Vec::new() }
    }

    async fn drain(&self, queue: Option<String>, after: u64, wait: Duration) -> Result<Drained, PbxError> {
        let drained = self.pbx.drain(queue, after, wait).await?;
        self.world().learn_queue(&drained.queue);
        Ok(drained)
    }
}
