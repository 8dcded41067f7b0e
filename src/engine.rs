//! The only loop: it waits for the next deadline, and runs one round after the other.
//!
//! Observe → decide → record → apply → confirm. Calendars and members are read beside it, never in front of it, so a
//! slow Graph cannot delay a boundary. Events only bring the next round forward. A plan is never resumed: after any
//! interruption the engine observes and decides afresh. Errors are acted on by their verdict and logged once, here;
//! a round that ends in errors is a completed round.
//!
//! Must not know: HTTP, XML, SQL, HTML.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use crate::alarm::Cause;
use crate::clock::Clock;
use crate::credential::End;
use crate::graph::{Answer, Calendars, GraphError, MasterCategories, Request};
use crate::journal::{Journal, JournalError};
use crate::meter::Meter;
use crate::pbx::{Drained, ModuleInfo, Page, Pbx, PbxError, Redirects};
use crate::rules::referee::Referee;
use crate::rules::{AccountId, Member, Policy, Upkeep, Verdict};

mod agenda;
mod ahead;
mod almanac;
mod backoff;
pub mod categories;
pub mod command;
mod events;
pub mod history;
mod keeping;
mod learning;
mod numbers;
mod page;
mod redirecting;
pub mod report;
mod restore;
mod rivals;
mod roster;
mod round;
pub mod shadow;
mod state;
mod waiting;

pub use almanac::{Adaptive, Pace, ReadAhead};
pub use command::{Command, Ended, Refusal, Restored, Unrestored};
pub use page::{Instructions, Interpreter};
pub use report::Report;
pub use waiting::{First, Waiting};

use backoff::Backoff;
use categories::ledger::Ledger;
use categories::{Charge, Tended};
use command::COMMANDS_MAX;
use page::Followed;
use report::{Trouble, cause, told};
use restore::Restoring;
use state::{Saved, State};

/// The longest wait between two rounds, so that a watchdog hears of a calm engine too.
const HEARTBEAT: TimeDelta = TimeDelta::seconds(15);

/// By how much a clock is set back before everything is looked at again; a time server does less in one step.
const CLOCK_SLACK: TimeDelta = TimeDelta::seconds(5);

/// How long the module may wait for something to happen before it answers.
const EVENTS_WAIT: Duration = Duration::from_secs(25);

/// How soon the members are asked for again after an error that only a person can mend.
const HOPELESS_INTERVAL: Duration = Duration::from_secs(60);

/// The other sides, and the time.
#[derive(Debug)]
pub struct Ports<C, P, J, K> {
    /// The tenant's calendars, and its lists of categories.
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
    /// Whose categories in Outlook are filled, and whose are cleared.
    pub upkeep: Upkeep,
    /// How often each calendar is read.
    pub check_interval: Duration,
    /// What changes that.
    pub pace: Pace,
    /// How often the members are read.
    pub members_interval: Duration,
    /// How many batches of mailboxes may be under way for so many mailboxes.
    pub batches_in_flight: fn(usize, Duration) -> usize,
    /// How long history is kept.
    pub history_for: Duration,
    /// Until when the app can log in at the tenant, as far as anybody knows.
    pub credential_end: Option<End>,
}

/// What the engine says of itself after each round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// How many rounds are complete.
    pub round: u64,
    /// When the last one was; nothing before the first.
    pub at: Option<DateTime<Utc>>,
    /// What the service still waits for before it serves; nothing when it is ready.
    pub unready: Option<Unready>,
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
    /// How many fields of the module's page cannot be used.
    pub flaws: usize,
}

/// What a service waits for that is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unready {
    /// The module's page could not be read or used yet.
    NoOrders,
    /// The PBX has not named the members yet.
    MembersUnknown,
    /// Some calendars were not asked for yet. One that cannot be read does not matter.
    CalendarsUnread,
    /// Another service writes to the PBX.
    OtherOwner,
}

impl Unready {
    /// Returns the reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoOrders => "the module's page could not be read or used yet",
            Self::MembersUnknown => "the PBX has not named the members yet",
            Self::CalendarsUnread => "not every calendar was read yet",
            Self::OtherOwner => "another service writes to the PBX",
        }
    }
}

/// Whether what is decided is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Service,
    /// It is only recorded.
    Shadow,
}

/// The loop and what it knows.
pub struct Engine<C, P, J, K> {
    ports: Ports<C, P, J, K>,
    orders: Orders,
    state: State,
    /// The module's page, where the orders come from there.
    page: Option<Followed<C>>,
    /// Which of the calendars' clients this is, counted from 0.
    tenancy: u32,
    errands: JoinSet<Errand>,
    reads_in_flight: usize,
    members_due_at: Option<DateTime<Utc>>,
    members_asked: Asked,
    members_trouble: Backoff,
    events_due_at: Option<DateTime<Utc>>,
    events_trouble: Backoff,
    /// What was asked of the PBX in vain, and said so.
    pbx_trouble: BTreeMap<&'static str, Trouble>,
    /// Who else writes to the PBX, as far as traces tell.
    referee: Referee,
    conflict: Option<Trouble>,
    mode: Mode,
    journal_trouble: Option<Trouble>,
    /// The journal itself has ended; nothing can be made durable any more in this life.
    journal_is_gone: bool,
    calendars_asked: Asked,
    calendars_trouble: Option<Trouble>,
    categories: Ledger,
    /// How many mails about problems wait, as whoever sends them says.
    mails_unsent: usize,
    started_at: DateTime<Utc>,
    commands: mpsc::Receiver<Command>,
    command_line: mpsc::Sender<Command>,
    /// Take-offs that somebody asked for and that are not answered yet.
    restores: Vec<Restoring>,
    prune_at: DateTime<Utc>,
    turned_at: DateTime<Utc>,
    published: watch::Sender<Snapshot>,
    meter: Meter,
}

/// A part of the engine ended by itself, which is a fault of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keep the engine's own parts alive")]
pub struct Broken;

/// Something read beside the loop.
enum Errand {
    /// Of which tenancy, and what was asked for.
    Calendars(u32, Vec<Request>, Result<Vec<Answer>, GraphError>),
    Categories(u32, Vec<Charge>, Result<Vec<Tended>, GraphError>),
    /// Of which group.
    Members(AccountId, Result<Group, PbxError>),
    Page(Result<Page, PbxError>),
    Events(Result<Drained, PbxError>),
    /// A command was answered beside the loop.
    Told,
}

/// What the PBX says of the group and its members.
struct Group {
    module: ModuleInfo,
    members: Vec<Member>,
    /// Where calls to them go; nothing where no entry could ever send them elsewhere.
    redirects: Option<Redirects>,
}

/// Whether the members, or any calendars, were asked for in this life, with whatever outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    NotYet,
    Once,
}

/// Whether the PBX or its module restarted since it was asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Restart {
    Seen,
    NotSeen,
    /// It could not be asked.
    Unknown,
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Takes over what the journal kept.
    pub async fn start(ports: Ports<C, P, J, K>, orders: Orders) -> Result<Self, JournalError> {
        let mut kept = ports.journal.load().await?;
        let categories = Ledger::kept(std::mem::take(&mut kept.categories_checked));
        let now = ports.clock.now();
        let state = State::kept(kept, &orders, now);
        if !state.holds.is_empty() {
            info!(holds = state.holds.len(), "Overlays from before are held on to.");
        }
        let (command_line, commands) = mpsc::channel(COMMANDS_MAX);
        let mut engine = Self {
            ports,
            orders,
            state,
            page: None,
            tenancy: 0,
            errands: JoinSet::new(),
            reads_in_flight: 0,
            members_due_at: Some(now),
            members_asked: Asked::NotYet,
            members_trouble: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            events_due_at: Some(now),
            events_trouble: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            pbx_trouble: BTreeMap::new(),
            referee: Referee::default(),
            conflict: None,
            mode: Mode::Service,
            journal_trouble: None,
            journal_is_gone: false,
            calendars_asked: Asked::NotYet,
            calendars_trouble: None,
            categories,
            mails_unsent: 0,
            started_at: now,
            commands,
            command_line,
            restores: Vec::new(),
            prune_at: now,
            turned_at: now,
            published: watch::Sender::new(Snapshot::default()),
            meter: Meter::default(),
        };
        let forgotten = engine.follow_categories(now);
        engine.state.unsaved.extend(forgotten);
        Ok(engine)
    }

    /// Counts and times from now on into this meter, in place of one of its own.
    pub fn measured_by(self, meter: Meter) -> Self {
        Self { meter, ..self }
    }

    /// Says from now on wherever it tells of changes that they are not made: its PBX takes none.
    pub fn in_shadow(self) -> Self {
        Self { mode: Mode::Shadow, ..self }
    }

    /// Returns a view of the snapshot that is published after each round.
    pub fn snapshots(&self) -> watch::Receiver<Snapshot> {
        self.published.subscribe()
    }

    /// Returns where to ask for something; it is answered between two rounds.
    pub fn commands(&self) -> mpsc::Sender<Command> {
        self.command_line.clone()
    }

    /// Runs rounds until `stop` is there. What is held stays held: a restart must not make telephones flap.
    ///
    /// # Errors
    /// Only when a part of this program itself broke; whatever the outside does is waited for.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), Broken>
    where
        C: MasterCategories,
    {
        tokio::pin!(stop);
        loop {
            self.heed_clock();
            self.start_errands();
            let next = self.next_at();
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(done) = self.errands.join_next() => self.learn(done.map_err(|_| Broken)?).await,
                Some(command) = self.commands.recv() => self.obey(command).await,
                () = self.ports.clock.sleep_until(next) => {}
            }
            let began_at = self.ports.clock.now();
            self.round().await;
            self.meter.round(self.ports.clock.now() - began_at);
            self.answer_restores();
            self.prune().await;
            self.publish();
            if self.journal_is_gone {
                return Err(Broken);
            }
        }
        self.errands.abort_all();
        info!(holds = self.state.holds.len(), "The service stops; what is held stays held.");
        Ok(())
    }

    /// Forgets deadlines that were set by a clock that has been set back since.
    fn heed_clock(&mut self) {
        let now = self.ports.clock.now();
        let before = std::mem::replace(&mut self.turned_at, now);
        if before - now > CLOCK_SLACK {
            warn!(seconds = (before - now).num_seconds(), "The clock was set back; everything is looked at again.");
            self.state.clock_set_back(now);
            self.categories.clock_set_back(now);
            self.members_due_at = self.members_due_at.map(|_| now);
            self.events_due_at = self.events_due_at.map(|_| now);
            self.page_clock_set_back(now);
            self.prune_at = now;
        }
    }

    /// Starts the reads that are due, as far as there is room for them.
    fn start_errands(&mut self)
    where
        C: MasterCategories,
    {
        let now = self.ports.clock.now();
        if self.members_due_at.is_some_and(|at| at <= now) {
            self.members_due_at = None;
            let (pbx, orders) = (Arc::clone(&self.ports.pbx), self.orders.clone());
            self.errands.spawn(async move { Errand::Members(orders.group, read_group(&*pbx, &orders).await) });
        }
        if self.events_due_at.is_some_and(|at| at <= now) {
            self.events_due_at = None;
            let pbx = Arc::clone(&self.ports.pbx);
            let (queue, after) = self.state.queue.clone().map_or((None, 0), |(queue, seq)| (Some(queue), seq));
            self.errands.spawn(async move { Errand::Events(pbx.drain(queue, after, EVENTS_WAIT).await) });
        }
        self.start_reading_page(now);
        let room = (self.orders.batches_in_flight)(self.state.roster.mailboxes(), self.orders.check_interval);
        while self.reads_in_flight < room {
            let Some(requests) = self.state.almanac.next_batch(now) else { break };
            self.reads_in_flight += 1;
            self.read(requests);
        }
        while let Some(requests) = self.state.almanac.next_alone(now) {
            self.read(requests);
        }
        self.look_after_categories(now);
    }

    fn read(&mut self, requests: Vec<Request>) {
        let (calendars, tenancy) = (Arc::clone(&self.ports.calendars), self.tenancy);
        self.errands.spawn(async move {
            let result = calendars.read(&requests).await;
            Errand::Calendars(tenancy, requests, result)
        });
    }

    /// Returns when to wake up at the latest.
    fn next_at(&mut self) -> DateTime<Utc> {
        let heartbeat = self.ports.clock.now() + HEARTBEAT;
        let room = (self.orders.batches_in_flight)(self.state.roster.mailboxes(), self.orders.check_interval);
        let calendars = if self.reads_in_flight < room { self.state.almanac.next_at() } else { None };
        let alone = self.state.almanac.next_alone_at();
        let members = if self.members_asked == Asked::Once { self.state.agenda.next_at() } else { None };
        let early = if self.members_asked == Asked::Once { self.state.early.next_at() } else { None };
        let candidates =
            [members, early, calendars, alone, self.members_due_at, self.events_due_at, self.page_due_at()];
        candidates.into_iter().flatten().min().map_or(heartbeat, |at| at.min(heartbeat))
    }

    async fn learn(&mut self, done: Errand) {
        match done {
            Errand::Members(group, result) => self.learn_members(group, result).await,
            Errand::Page(result) => self.learn_page(result),
            Errand::Events(result) => self.learn_events(result).await,
            Errand::Told => {}
            Errand::Categories(tenancy, charges, result) => self.learn_categories(tenancy, &charges, result).await,
            Errand::Calendars(tenancy, requests, result) => {
                if !self.state.almanac.end_alone(&requests) {
                    self.reads_in_flight -= 1;
                }
                if tenancy == self.tenancy {
                    self.learn_calendars(&requests, result).await;
                } else {
                    self.state.almanac.ask_again(&requests, self.ports.clock.now());
                }
            }
        }
    }

    /// Says once that the PBX does not do what it is asked, and once that it does again; for each thing asked by
    /// itself, as a PBX may well answer one and refuse the other.
    fn pbx_answered(&mut self, asked: &'static str, errors: &[PbxError]) {
        match errors.first() {
            Some(error) => {
                let (text, cause) = (chain(error), cause::of_pbx(error));
                if let Some(trouble) = self.pbx_trouble.get_mut(asked) {
                    (trouble.text, trouble.cause) = (text, cause);
                    return;
                }
                warn!(asked, error = text, "The PBX cannot be used; it is tried again.");
                self.pbx_trouble.insert(asked, Trouble { since: self.ports.clock.now(), text, cause });
            }
            None => {
                if self.pbx_trouble.remove(asked).is_some() {
                    info!(asked, "The PBX can be used again.");
                }
            }
        }
    }

    /// Asks the module for itself, and so whether it, or the PBX, restarted since it was asked last.
    async fn learn_of_restart(&mut self) -> Restart {
        match self.ports.pbx.info().await {
            Ok(module) => {
                self.pbx_answered("module", &[]);
                self.learn_revision(&module);
                self.learn_queue(&module.queue)
            }
            Err(error) => {
                self.pbx_answered("module", std::slice::from_ref(&error));
                Restart::Unknown
            }
        }
    }

    /// Takes the module's queue as it is; events of another queue than before are taken from its start.
    fn learn_queue(&mut self, queue: &str) -> Restart {
        if self.state.queue.as_ref().is_some_and(|(known, _)| known == queue) {
            return Restart::NotSeen;
        }
        self.state.queue_saved = Saved::NotYet;
        if self.state.queue.replace((queue.to_owned(), 0)).is_none() {
            return Restart::NotSeen;
        }
        let now = self.ports.clock.now();
        self.state.restarted_at = Some(now);
        self.page_changed(now);
        info!("The PBX or its module has restarted.");
        Restart::Seen
    }

    fn unready(&self) -> Option<Unready> {
        let is_owned = self.pbx_trouble.values().any(|trouble| trouble.cause == Cause::PbxOwned);
        let has_calendars = self.state.roster.mailboxes() > 0;
        let unread = has_calendars && (self.calendars_asked == Asked::NotYet || self.state.almanac.unread() > 0);
        if !self.state.roster.is_known() {
            Some(Unready::MembersUnknown)
        } else if is_owned {
            Some(Unready::OtherOwner)
        } else {
            unread.then_some(Unready::CalendarsUnread)
        }
    }

    fn publish(&mut self) {
        self.state.round += 1;
        self.published.send_replace(Snapshot {
            round: self.state.round,
            at: Some(self.ports.clock.now()),
            unready: self.unready(),
            members: self.state.roster.count(),
            holds: self.state.holds.len(),
            unread: self.state.almanac.unread(),
            troubled: self.state.almanac.troubled(),
            members_known: self.state.roster.is_known(),
            flaws: self.page.as_ref().map_or(0, |page| page.flaws.count()),
        });
    }
}

/// Reads the group's members, and their numbers where any entry may send calls elsewhere.
async fn read_group(pbx: &impl Pbx, orders: &Orders) -> Result<Group, PbxError> {
    let module = pbx.info().await?;
    let members = pbx.members(orders.group).await?;
    let accounts: Vec<AccountId> = members.iter().map(|member| member.account).collect();
    let redirects = if orders.policy.may_redirect() { Some(pbx.redirects(&accounts).await) } else { None };
    Ok(Group { module, members, redirects })
}

/// How long to wait at least after an error. Asking more often than a person can mend it would only fill the PBX's own
/// log with failed log-ins.
fn asked_wait(error: &PbxError) -> Option<Duration> {
    match error.verdict() {
        Verdict::Retry { after } => after,
        Verdict::GiveUp | Verdict::NeedsHuman => Some(HOPELESS_INTERVAL),
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
