//! A service that has no orders yet, because the module's page could not be read or used.
//!
//! It waits for an absent PBX, and, where the page is wrong, until it is right; it says what is wrong, answers who asks
//! for the status, and changes nothing. It ends when there are orders, or when it is told to.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use super::backoff::Backoff;
use super::command::COMMANDS_MAX;
use super::page::{Flaws, Followed, Instructions, Interpreter};
use super::report::figures::Figures;
use super::report::{Problem, Trouble, cause, problems::common, told};
use super::{
    Command, EVENTS_WAIT, Engine, HEARTBEAT, HOPELESS_INTERVAL, Mode, Refusal, Report, Snapshot, Unready, asked_wait,
    chain, delta,
};
use crate::alarm::{Findings, Reach};
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::{Page, Pbx, PbxError};

/// How soon a page that cannot be used is read again.
const MENDED_WITHIN: TimeDelta = TimeDelta::seconds(5);

/// Waits for the first orders.
#[derive(Debug)]
pub struct Waiting<P, K> {
    pbx: Arc<P>,
    clock: K,
    zone: Tz,
    started_at: DateTime<Utc>,
    round: u64,
    trouble: Option<Trouble>,
    backoff: Backoff,
    flaws: Flaws,
    mails_unsent: usize,
    mode: Mode,
    commands: mpsc::Receiver<Command>,
    command_line: mpsc::Sender<Command>,
    published: watch::Sender<Snapshot>,
}

/// The first orders, and the page that they were made of.
#[derive(Debug)]
pub struct First<C> {
    /// What is to be done.
    pub instructions: Instructions<C>,
    /// The page's revision.
    pub revision: String,
}

/// How far the module's events are known.
type Position = Option<(String, u64)>;

impl<P: Pbx, K: Clock> Waiting<P, K> {
    /// Begins to wait. Until the page names another, people read times in this zone.
    pub fn new(pbx: Arc<P>, clock: K, zone: Tz) -> Self {
        let (command_line, commands) = mpsc::channel(COMMANDS_MAX);
        Self {
            started_at: clock.now(),
            pbx,
            clock,
            zone,
            round: 0,
            trouble: None,
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            flaws: Flaws::default(),
            mails_unsent: 0,
            mode: Mode::Service,
            commands,
            command_line,
            published: watch::Sender::new(Snapshot::default()),
        }
    }

    /// Says in its status that this is a shadow run, as the engine that comes [after](Engine::after) does.
    pub fn in_shadow(self) -> Self {
        Self { mode: Mode::Shadow, ..self }
    }

    /// Returns a view of the snapshot, which goes on with the engine that comes [after](Engine::after).
    pub fn snapshots(&self) -> watch::Receiver<Snapshot> {
        self.published.subscribe()
    }

    /// Returns where to ask for something, also of the engine that comes [after](Engine::after).
    pub fn commands(&self) -> mpsc::Sender<Command> {
        self.command_line.clone()
    }

    /// Waits until the page can be made into orders; returns nothing when `stop` is there first.
    pub async fn first<C>(
        &mut self,
        interpreter: &mut impl Interpreter<C>,
        stop: impl Future<Output = ()>,
    ) -> Option<First<C>> {
        tokio::pin!(stop);
        let mut errands = JoinSet::new();
        let (mut due_at, mut position) = (Some(self.clock.now()), None);
        loop {
            let now = self.clock.now();
            // A clock that was set back must not make the wait longer.
            due_at = due_at.map(|at: DateTime<Utc>| at.min(now + delta(HOPELESS_INTERVAL)));
            if due_at.is_some_and(|at| at <= now) {
                due_at = None;
                errands.spawn(ask(Arc::clone(&self.pbx), position.take()));
            }
            let next = due_at.map_or(now + HEARTBEAT, |at| at.min(now + HEARTBEAT));
            tokio::select! {
                biased;
                () = &mut stop => return None,
                Some(done) = errands.join_next() => {
                    let Ok((reached, read)) = done else { due_at = Some(now + MENDED_WITHIN); continue };
                    position = reached;
                    match self.learn(read, interpreter) {
                        Ok(first) => return Some(first),
                        Err(wait) => due_at = Some(self.clock.now() + wait),
                    }
                }
                Some(command) = self.commands.recv() => self.obey(command),
                () = self.clock.sleep_until(next) => {}
            }
            self.publish();
        }
    }

    /// Takes what came of reading the page; fails with how long to wait.
    fn learn<C>(
        &mut self,
        read: Result<Page, PbxError>,
        interpreter: &mut impl Interpreter<C>,
    ) -> Result<First<C>, TimeDelta> {
        let now = self.clock.now();
        let page = read.map_err(|error| {
            let text = chain(&error);
            if self.trouble.is_none() {
                warn!(error = text, "The module's page cannot be read; the service waits for the PBX.");
            }
            Trouble::note(&mut self.trouble, now, cause::of_pbx(&error), text);
            delta(self.backoff.fail(asked_wait(&error), 0))
        })?;
        self.backoff.succeed();
        if self.trouble.take().is_some() {
            info!("The module's page can be read.");
        }
        match interpreter.interpret(&page) {
            Ok(instructions) => {
                info!(revision = page.revision, "The settings of the module's page are in force.");
                Ok(First { instructions, revision: page.revision })
            }
            Err(flaws) => {
                for flaw in self.flaws.note(flaws, now) {
                    warn!(flaw, "The module's page cannot be used; the service waits until it is mended.");
                }
                Err(MENDED_WITHIN)
            }
        }
    }

    fn obey(&mut self, command: Command) {
        // Whoever asked may have gone; then nobody hears the answer.
        match command {
            Command::Status { reply, .. } => drop(reply.send(self.report())),
            Command::Explain { reply, .. } => drop(reply.send(Err(Refusal::NoOrders))),
            Command::ExplainAll { reply, .. } => drop(reply.send(Vec::new())),
            Command::Figures(reply) => drop(reply.send(Figures::default())),
            Command::Refresh(reply) => drop(reply.send(Err(Refusal::NoOrders))),
            Command::Problems { mails_unsent, reply } => {
                self.mails_unsent = mails_unsent;
                drop(reply.send(self.findings()));
            }
            Command::End { reply, .. } => drop(reply.send(Err(Refusal::NoOrders))),
            Command::Restore { reply, .. } => drop(reply.send(Err(Refusal::NoOrders))),
            Command::History { reply, .. } => drop(reply.send(Err(Refusal::NoOrders))),
        }
    }

    fn report(&self) -> Report {
        Report {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: told(self.started_at, self.zone),
            round: self.round,
            members: Vec::new(),
            problems: self.findings().problems.iter().map(|problem| Problem::told(problem, self.zone)).collect(),
            mails_unsent: self.mails_unsent,
            shadow: self.mode == Mode::Shadow,
        }
    }

    fn findings(&self) -> Findings {
        let problems = self.trouble.iter().chain(self.flaws.iter()).map(common).collect();
        Findings { problems, reach: Reach::PbxAlone }
    }

    fn publish(&mut self) {
        self.round += 1;
        let snapshot = Snapshot {
            round: self.round,
            at: Some(self.clock.now()),
            unready: Some(Unready::NoOrders),
            flaws: self.flaws.count(),
            ..Snapshot::default()
        };
        self.published.send_replace(snapshot);
    }
}

/// Reads the page; after a first time not before something happens in the module, or nothing for a while. What happens
/// while the page is read ends the next wait at once, so no change is missed.
async fn ask<P: Pbx>(pbx: Arc<P>, position: Position) -> (Position, Result<Page, PbxError>) {
    let drained = match position {
        None => pbx.drain(None, 0, Duration::ZERO).await,
        Some((queue, seq)) => pbx.drain(Some(queue), seq, EVENTS_WAIT).await,
    };
    (drained.ok().map(|drained| (drained.queue, drained.seq)), pbx.page().await)
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Takes the place of the service that waited for these orders: with who listens to it and who asks it, and following
    /// the page from the revision that they were made of.
    pub fn after(mut self, waited: Waiting<P, K>, interpreter: Box<dyn Interpreter<C>>, revision: String) -> Self {
        self.commands = waited.commands;
        self.command_line = waited.command_line;
        self.published = waited.published;
        self.started_at = waited.started_at;
        self.mails_unsent = waited.mails_unsent;
        self.mode = waited.mode;
        self.state.round = waited.round;
        self.page = Some(Followed::new(interpreter, revision));
        self
    }
}
