//! The only loop: it waits for the next deadline, and runs one round after the other.
//!
//! Observe → decide → record → apply → confirm. Calendars and members are read beside it, never in front of it, so a
//! slow Graph cannot delay a boundary. Events only bring the next round forward. A plan is never resumed: after any
//! interruption the engine observes and decides afresh. Errors are acted on by their verdict and logged once, here;
//! a round that ends in errors is a completed round.
//!
//! Must not know: HTTP, XML, SQL, HTML.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::{debug, error, info, warn};

use crate::clock::Clock;
use crate::graph::{Answer, Calendars, GraphError, Request};
use crate::journal::{Journal, JournalError, Record};
use crate::pbx::{ModuleInfo, Pbx, PbxError};
use crate::rules::{AccountId, Member, Policy};

mod agenda;
mod almanac;
mod backoff;
mod roster;
mod round;
mod state;

use almanac::Lesson;
use backoff::Backoff;
use roster::Learnt;
use state::State;

/// The longest wait between two rounds, so that a watchdog hears of a calm engine too.
const HEARTBEAT: TimeDelta = TimeDelta::seconds(5);

/// How often old history is forgotten.
const PRUNE_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// How long history keeps the words of status texts.
const TEXTS_KEPT_FOR: TimeDelta = TimeDelta::days(7);

/// The other sides, and the time.
#[derive(Debug)]
pub struct Ports<C, P, J, K> {
    /// The tenant's calendars.
    pub calendars: Arc<C>,
    /// The PBX.
    pub pbx: Arc<P>,
    /// The durable state.
    pub journal: J,
    /// The time.
    pub clock: K,
}

/// What the engine is told to do.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The STARFACE group whose members are followed.
    pub group: AccountId,
    /// What appointments do.
    pub policy: Policy,
    /// How often each calendar is read.
    pub check_interval: Duration,
    /// How often the members are read.
    pub members_interval: Duration,
    /// How many batches of mailboxes may be under way for so many mailboxes.
    pub batches_in_flight: fn(usize, Duration) -> usize,
    /// How long history is kept.
    pub history_for: Duration,
}

/// What the engine says of itself after each round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// How many rounds are complete.
    pub round: u64,
    /// How many members the group has.
    pub members: usize,
    /// How many fields are overlaid.
    pub holds: usize,
    /// How many mailboxes were not read yet.
    pub unread: usize,
    /// How many mailboxes cannot be read.
    pub troubled: usize,
    /// Whether the members are known.
    pub members_known: bool,
}

/// The loop and what it knows.
pub struct Engine<C, P, J, K> {
    ports: Ports<C, P, J, K>,
    orders: Orders,
    state: State,
    errands: JoinSet<Errand>,
    reads_in_flight: usize,
    members_due_at: Option<DateTime<Utc>>,
    members_trouble: Backoff,
    pbx_trouble: Trouble,
    journal_trouble: Trouble,
    calendars_trouble: Trouble,
    prune_at: DateTime<Utc>,
    published: watch::Sender<Snapshot>,
}

/// A part of the engine ended by itself, which is a fault of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keep the engine's own parts alive")]
pub struct Broken;

/// Something read beside the loop.
enum Errand {
    Calendars(Vec<Request>, Result<Vec<Answer>, GraphError>),
    Members(Result<(ModuleInfo, Vec<Member>), PbxError>),
}

/// Whether something is broken, so that it is said once and not with every try.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Trouble {
    #[default]
    None,
    Said,
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Takes over what the journal kept.
    pub async fn start(ports: Ports<C, P, J, K>, orders: Orders) -> Result<Self, JournalError> {
        let kept = ports.journal.load().await?;
        let now = ports.clock.now();
        let state = State::kept(kept, &orders, now);
        if !state.holds.is_empty() {
            info!(holds = state.holds.len(), "Overlays from before are held on to.");
        }
        Ok(Self {
            ports,
            orders,
            state,
            errands: JoinSet::new(),
            reads_in_flight: 0,
            members_due_at: Some(now),
            members_trouble: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            pbx_trouble: Trouble::None,
            journal_trouble: Trouble::None,
            calendars_trouble: Trouble::None,
            prune_at: now,
            published: watch::Sender::new(Snapshot::default()),
        })
    }

    /// Returns a view of the snapshot that is published after each round.
    pub fn snapshots(&self) -> watch::Receiver<Snapshot> {
        self.published.subscribe()
    }

    /// Runs rounds until `stop` is there. What is held stays held: a restart must not make telephones flap.
    ///
    /// # Errors
    /// Only when a part of this program itself broke; whatever the outside does is waited for.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), Broken> {
        tokio::pin!(stop);
        loop {
            self.start_errands();
            let next = self.next_at();
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(done) = self.errands.join_next() => self.learn(done.map_err(|_| Broken)?).await,
                () = self.ports.clock.sleep_until(next) => {}
            }
            self.round().await;
            self.prune().await;
            self.publish();
        }
        self.errands.abort_all();
        info!(holds = self.state.holds.len(), "The service stops; what is held stays held.");
        Ok(())
    }

    /// Starts the reads that are due, as far as there is room for them.
    fn start_errands(&mut self) {
        let now = self.ports.clock.now();
        if self.members_due_at.is_some_and(|at| at <= now) {
            self.members_due_at = None;
            let (pbx, group) = (Arc::clone(&self.ports.pbx), self.orders.group);
            self.errands.spawn(async move {
                let read = async {
                    let info = pbx.info().await?;
                    Ok((info, pbx.members(group).await?))
                };
                Errand::Members(read.await)
            });
        }
        let room = (self.orders.batches_in_flight)(self.state.roster.addresses().count(), self.orders.check_interval);
        while self.reads_in_flight < room {
            let Some(requests) = self.state.almanac.next_batch(now) else { break };
            let calendars = Arc::clone(&self.ports.calendars);
            self.reads_in_flight += 1;
            self.errands.spawn(async move {
                let result = calendars.read(&requests).await;
                Errand::Calendars(requests, result)
            });
        }
    }

    /// Returns when to wake up at the latest.
    fn next_at(&mut self) -> DateTime<Utc> {
        let heartbeat = self.ports.clock.now() + HEARTBEAT;
        let room = (self.orders.batches_in_flight)(self.state.roster.addresses().count(), self.orders.check_interval);
        let calendars = if self.reads_in_flight < room { self.state.almanac.next_at() } else { None };
        let candidates = [self.state.agenda.next_at(), calendars, self.members_due_at];
        candidates.into_iter().flatten().min().map_or(heartbeat, |at| at.min(heartbeat))
    }

    async fn learn(&mut self, done: Errand) {
        match done {
            Errand::Members(result) => self.learn_members(result).await,
            Errand::Calendars(requests, result) => {
                self.reads_in_flight -= 1;
                self.learn_calendars(&requests, result).await;
            }
        }
    }

    async fn learn_members(&mut self, result: Result<(ModuleInfo, Vec<Member>), PbxError>) {
        let now = self.ports.clock.now();
        let (module, members) = match result {
            Ok(read) => read,
            Err(error) => {
                let wait = self.members_trouble.fail(None, 0);
                self.members_due_at = Some(now + delta(wait));
                self.pbx_answered(std::slice::from_ref(&error));
                return;
            }
        };
        self.members_trouble.succeed();
        self.pbx_answered(&[]);
        self.learn_queue(&module);
        let list = members.clone();
        let first = !self.state.roster.is_known();
        match self.state.roster.learn(members, now, self.state.restarted_at) {
            Learnt::Doubted { again_at } => {
                warn!(
                    members = list.len(),
                    "The PBX gave a doubtful list of members, so it is read again before it counts."
                );
                self.members_due_at = Some(again_at);
            }
            Learnt::Believed { changed } => {
                self.members_due_at = Some(now + delta(self.orders.members_interval));
                if first || !changed.is_empty() {
                    self.follow(&changed, list, now).await;
                }
            }
        }
    }

    /// Follows the members as they are now: new ones are looked at, those who left are taken off.
    async fn follow(&mut self, changed: &[AccountId], list: Vec<Member>, now: DateTime<Utc>) {
        info!(members = list.len(), changed = changed.len(), "The members of the group are known.");
        let addresses: BTreeSet<_> = self.state.roster.addresses().cloned().collect();
        let mut records = vec![Record::Members(self.orders.group, list)];
        records.extend(self.state.almanac.follow(&addresses, now).into_iter().map(Record::ForgetCalendar));
        self.record(records).await;
        for account in changed {
            self.state.agenda.advance(*account, now);
        }
        for (account, _) in self.state.holds.keys().copied().collect::<Vec<_>>() {
            self.state.agenda.advance(account, now);
        }
    }

    async fn learn_calendars(&mut self, requests: &[Request], result: Result<Vec<Answer>, GraphError>) {
        let now = self.ports.clock.now();
        match self.state.almanac.learn(requests, result, now, self.orders.policy.zone) {
            Err(error) => {
                if self.calendars_trouble == Trouble::None {
                    warn!(error = %chain(&error), "No calendar can be read; the last known ones go on working.");
                }
                self.calendars_trouble = Trouble::Said;
            }
            Ok(lesson) => {
                if std::mem::take(&mut self.calendars_trouble) == Trouble::Said {
                    info!("Calendars can be read again.");
                }
                self.learn_lesson(lesson, now).await;
            }
        }
    }

    async fn learn_lesson(&mut self, lesson: Lesson, now: DateTime<Utc>) {
        for (address, error) in &lesson.troubled {
            for account in self.state.roster.accounts_at(address) {
                warn!(
                    member.id = account.0,
                    error = %chain(error),
                    "A calendar cannot be read; the last known one goes on working."
                );
            }
        }
        for account in lesson.recovered.iter().flat_map(|address| self.state.roster.accounts_at(address)) {
            info!(member.id = account.0, "A calendar can be read again.");
        }
        for address in &lesson.changed {
            for account in self.state.roster.accounts_at(address).to_vec() {
                debug!(member.id = account.0, "The calendar of a member has changed.");
                self.state.agenda.advance(account, now);
            }
        }
        if !lesson.records.is_empty() {
            self.record(lesson.records).await;
        }
    }

    /// Makes records durable, with every hold that could not be made durable before. Returns whether they are.
    async fn record(&mut self, mut records: Vec<Record>) -> bool {
        records.extend(self.state.queue_unsaved.clone().map(Record::Queue));
        let named: BTreeSet<state::Key> = records.iter().filter_map(key_of).collect();
        for (account, field) in self.state.dirty.difference(&named) {
            records.push(match self.state.holds.get(&(*account, *field)) {
                Some(hold) => Record::Hold(hold.clone()),
                None => Record::Drop(*account, *field),
            });
        }
        match self.ports.journal.commit(records).await {
            Ok(()) => {
                self.state.dirty.clear();
                self.state.queue_unsaved = None;
                if std::mem::take(&mut self.journal_trouble) == Trouble::Said {
                    info!("The journal can be written again.");
                }
                true
            }
            Err(error) => {
                if self.journal_trouble == Trouble::None {
                    error!(error = %chain(&error), "The journal cannot be written; nothing new is put on until it can.");
                }
                self.journal_trouble = Trouble::Said;
                false
            }
        }
    }

    /// Says once that the PBX does not do what it is asked, and once that it does again.
    fn pbx_answered(&mut self, errors: &[PbxError]) {
        match (errors.first(), self.pbx_trouble) {
            (Some(error), Trouble::None) => {
                warn!(error = %chain(error), "The PBX cannot be used; it is tried again.");
                self.pbx_trouble = Trouble::Said;
            }
            (None, Trouble::Said) => {
                info!("The PBX can be used again.");
                self.pbx_trouble = Trouble::None;
            }
            (Some(_), Trouble::Said) | (None, Trouble::None) => {}
        }
    }

    /// Asks the module for itself; returns whether it, or the PBX, restarted since it was asked last.
    async fn learn_of_restart(&mut self) -> bool {
        match self.ports.pbx.info().await {
            Ok(module) => self.learn_queue(&module),
            Err(error) => {
                self.pbx_answered(std::slice::from_ref(&error));
                false
            }
        }
    }

    fn learn_queue(&mut self, module: &ModuleInfo) -> bool {
        if self.state.queue.as_ref() == Some(&module.queue) {
            return false;
        }
        self.state.queue_unsaved = Some(module.queue.clone());
        let restarted = self.state.queue.replace(module.queue.clone()).is_some();
        if restarted {
            self.state.restarted_at = Some(self.ports.clock.now());
            info!("The PBX or its module has restarted.");
        }
        restarted
    }

    async fn prune(&mut self) {
        let now = self.ports.clock.now();
        if now < self.prune_at {
            return;
        }
        self.prune_at = now + PRUNE_INTERVAL;
        let before = now - delta(self.orders.history_for);
        let pruned = self.ports.journal.prune(before, now - TEXTS_KEPT_FOR, now - state::TEXT_OURS_FOR).await;
        if let Err(error) = pruned {
            warn!(error = %chain(&error), "Old history could not be forgotten; it is tried again in an hour.");
        }
    }

    fn publish(&mut self) {
        self.state.round += 1;
        self.published.send_replace(Snapshot {
            round: self.state.round,
            members: self.state.roster.members().count(),
            holds: self.state.holds.len(),
            unread: self.state.almanac.unread(),
            troubled: self.state.almanac.troubled(),
            members_known: self.state.roster.is_known(),
        });
    }
}

fn key_of(record: &Record) -> Option<state::Key> {
    match record {
        Record::Hold(hold) => Some((hold.account, hold.field())),
        Record::Drop(account, field) => Some((*account, *field)),
        _ => None,
    }
}

fn delta(wait: Duration) -> TimeDelta {
    TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(1))
}

/// Returns an error with its causes, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut words = format!("failed to {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        words.push_str(": ");
        words.push_str(&source.to_string());
        cause = source.source();
    }
    words
}
