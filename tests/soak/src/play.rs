//! Plays one scenario with the whole service: rules, engine and the journal on a real file.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{Either, select};
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::engine::{self, Engine, Orders, Pace, Snapshot};
use starface_calendar::journal::Journal;
use starface_calendar::rules::{AccountId, Step, Upkeep, Value};
use tempfile::TempDir;
use tokio::sync::{oneshot, watch};

use super::act::{Act, Trouble};
use super::fuse::Fuse;
use super::http::Http;
use super::idle::Idle;
use super::journal::{Disk, Holding, Mood as DiskMood};
use super::meeting;
use super::model::{Right, Way};
use super::outside::{Outside, Set, Written};
use super::policy::policy;
use super::ports::Ports;
use super::scenario::Scenario;
use super::tally::Tally;
use super::world::World;

/// How often everything is looked at.
const LOOK: TimeDelta = TimeDelta::minutes(1);

/// How often what is late may take effect while the service runs.
const LATE_LOOK: TimeDelta = TimeDelta::seconds(20);

/// The most violations of one scenario that are told.
const VIOLATIONS_MAX: usize = 5;

/// Everything is over so long after the last meeting and the last trouble.
const AFTERWARDS: TimeDelta = TimeDelta::minutes(30);

/// One scenario under way.
pub(crate) struct Play<O> {
    seed: u64,
    world: World<O>,
    scenario: Scenario,
    /// The next act.
    next: usize,
    folder: TempDir,
    idle: Idle,
    look_at: DateTime<Utc>,
    tick_at: DateTime<Utc>,
    backup: Option<Backup>,
    disk_fails: bool,
    tally: Tally,
}

/// What the PBX's database held.
struct Backup {
    dnd: Vec<(u32, bool)>,
    ways: Vec<(String, Way)>,
}

/// How a life of the service ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Crashed,
    Killed { down: TimeDelta, journal_is_lost: bool },
    Stopped { down: TimeDelta },
    Over,
}

/// Plays a seed with fakes at the ports and tells what was found.
pub(crate) fn play(seed: u64, members: u32, days: u32) -> Tally {
    let idle = Idle::default();
    idle.runtime().block_on(async {
        let play = Play::new(seed, members, days, &idle, async |clock, fuse, holding| Ports::new(clock, fuse, holding));
        play.await.run().await
    })
}

/// Plays a seed with the real clients, a simulated tenant and a simulated PBX.
pub(crate) fn play_over_http(seed: u64, members: u32, days: u32) -> Tally {
    let idle = Idle::default();
    idle.runtime().block_on(async { Play::new(seed, members, days, &idle, Http::new).await.run().await })
}

/// In memory where there is such a place: the disk's own speed is not what is looked at.
pub(crate) fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

pub(crate) fn orders() -> Orders {
    Orders {
        group: AccountId(2001),
        policy: policy(),
        upkeep: Upkeep::default(),
        check_interval: Duration::from_secs(60),
        pace: Pace::Steady,
        members_interval: Duration::from_secs(600),
        credential_end: None,
        batches_in_flight: starface_calendar::graph::batches_in_flight,
        history_for: Duration::from_secs(7 * 86_400),
    }
}

impl<O: Outside> Play<O> {
    async fn new(
        seed: u64,
        members: u32,
        days: u32,
        idle: &Idle,
        outside: impl AsyncFnOnce(&SimClock, &Fuse, &Holding) -> O,
    ) -> Self {
        let scenario = Scenario::new(seed, members, days);
        let from = scenario.from;
        let (clock, fuse, holding) = (SimClock::new(from), Fuse::default(), Holding::default());
        let outside = outside(&clock, &fuse, &holding).await;
        let tally =
            Tally { seeds: 1, days: u64::from(days), member_days: u64::from(days * members), ..Tally::default() };
        Self {
            seed,
            world: World::new(&scenario.members, clock, fuse, holding, outside),
            scenario,
            next: 0,
            folder: folder(),
            idle: idle.clone(),
            look_at: from,
            tick_at: from,
            backup: None,
            disk_fails: false,
            tally,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("state.db")
    }

    async fn run(mut self) -> Tally {
        loop {
            let end = self.live().await;
            self.world.fuse.renew();
            let (down, journal_is_lost) = match end {
                End::Over => break,
                End::Crashed => (TimeDelta::seconds(self.scenario.chance.between(0, 120)), false),
                End::Killed { down, journal_is_lost } => (down, journal_is_lost),
                End::Stopped { down } => (down, false),
            };
            if journal_is_lost {
                self.lose_journal();
            }
            self.be_down(self.world.clock.now() + down).await;
        }
        self.look_back();
        self.tally
    }

    /// One life of the service, from its start to its end.
    async fn live(&mut self) -> End {
        self.tally.lives += 1;
        let (fuse, holding) = (self.world.fuse.clone(), self.world.holding.clone());
        let disk = Disk::open(self.path(), self.world.clock.now(), fuse, holding);
        if self.disk_fails {
            disk.be(DiskMood::Failing);
        }
        let first_seq = disk.reserve_seq(0).await.unwrap();
        let (calendars, pbx) = self.world.outside.ports(disk.owner(), first_seq);
        let ports = engine::Ports { calendars, pbx, journal: disk.clone(), clock: self.world.clock.clone() };
        let engine = Engine::start(ports, orders()).await.unwrap();
        let snapshots = engine.snapshots();
        let (stop, stopped) = oneshot::channel::<()>();
        let seed = self.seed;
        let end = {
            let service = pin!(engine.run(async { drop(stopped.await) }));
            let script = pin!(self.go_on(&disk));
            match select(service, script).await {
                Either::Left((ended, _)) => panic!("seed {seed}: the service ended by itself: {ended:?}"),
                Either::Right((end @ End::Stopped { .. }, service)) => {
                    drop(stop);
                    service.await.unwrap();
                    end
                }
                Either::Right((end, _)) => end,
            }
        };
        self.count(&disk, &snapshots, end);
        disk.close();
        end
    }

    fn count(&mut self, disk: &Disk, snapshots: &watch::Receiver<Snapshot>, end: End) {
        self.tally.rounds += snapshots.borrow().round;
        self.tally.commits += *disk.commits.lock().unwrap();
        if end == End::Crashed || matches!(end, End::Killed { .. }) {
            self.tally.crashes += 1;
        }
    }

    /// Lets time pass and things happen until the service ends.
    async fn go_on(&mut self, disk: &Disk) -> End {
        loop {
            self.world.outside.calm(&self.idle).await;
            if self.world.fuse.has_blown() {
                return End::Crashed;
            }
            self.look();
            let now = self.world.clock.now();
            let waits = self.world.clock.next_wait().into_iter().chain([self.look_at, self.tick_at]);
            let due = self.scenario.script.get(self.next).map(|(at, _)| *at);
            let next = waits.chain(due).min().unwrap().max(now);
            if due.is_none() && next > self.over_at() {
                return End::Over;
            }
            self.world.clock.set(next);
            if next >= self.tick_at {
                self.tick_at = next + LATE_LOOK;
                self.world.outside.minute();
            }
            // What is due is done by the service before anything else happens.
            self.world.outside.calm(&self.idle).await;
            if self.world.fuse.has_blown() {
                return End::Crashed;
            }
            if let Some(end) = self.act(next, Some(disk)) {
                return end;
            }
        }
    }

    fn over_at(&self) -> DateTime<Utc> {
        self.scenario.to.max(self.world.stormy_until) + AFTERWARDS
    }

    /// Lets time pass without the service.
    async fn be_down(&mut self, until: DateTime<Utc>) {
        while self.world.clock.now() < until {
            self.world.clock.advance(LOOK.min(until - self.world.clock.now()));
            self.world.outside.calm(&self.idle).await;
            self.world.outside.minute();
            // Nobody is there whom it could end.
            self.act(self.world.clock.now(), None);
        }
        if !self.world.in_storm {
            self.world.calm(until);
        }
    }

    /// Does every act whose time has come; one that ends the service comes last.
    fn act(&mut self, now: DateTime<Utc>, disk: Option<&Disk>) -> Option<End> {
        while let Some((_, act)) = self.scenario.script.get(self.next).filter(|(at, _)| *at <= now) {
            let act = act.clone();
            self.next += 1;
            trace!("{} {act:?}", self.world.clock.now());
            match act {
                Act::Calendar(edit) => self.world.edit(&edit),
                Act::Person(member, choice) => self.world.choose(member, &choice),
                Act::Redirect(number, way) => self.world.lead(&number, &way),
                Act::Calm => self.calm(disk),
                Act::Trouble(trouble) => {
                    if let Some(end) = self.trouble(trouble, disk) {
                        return Some(end);
                    }
                }
            }
        }
        None
    }

    fn calm(&mut self, disk: Option<&Disk>) {
        self.world.outside.heal();
        if std::mem::take(&mut self.disk_fails) {
            // What was taken off meanwhile and is not in the journal looks like a person's decision after a crash.
            self.world.decisions_are_unsure();
        }
        if let Some(disk) = disk {
            disk.be(DiskMood::Well);
        }
        self.world.calm(self.world.clock.now());
    }

    fn trouble(&mut self, trouble: Trouble, disk: Option<&Disk>) -> Option<End> {
        self.world.storm();
        *self.tally.troubles.entry(trouble.name()).or_default() += 1;
        match trouble {
            Trouble::Tenant(mood) => self.world.outside.trouble_calendars(mood),
            Trouble::Pbx(mood) => self.world.outside.trouble(mood),
            Trouble::PbxRestarts => self.world.restart(),
            Trouble::ModuleIsUpdated => self.world.outside.update_module(),
            Trouble::Backup => self.back_up(),
            Trouble::DiskFails => {
                self.disk_fails = true;
                if let Some(disk) = disk {
                    disk.be(DiskMood::Failing);
                }
            }
            Trouble::ClockIsSet(by) => {
                self.world.decisions_are_unsure();
                self.world.clock.advance(by);
                self.world.decisions_are_unsure();
                let now = self.world.clock.now();
                (self.look_at, self.tick_at) = (now, now);
            }
            Trouble::CrashAt(things) if disk.is_some() => self.world.fuse.light(things),
            Trouble::Killed { down, journal_is_lost } if disk.is_some() => {
                return Some(End::Killed { down, journal_is_lost });
            }
            Trouble::Stopped { down } if disk.is_some() => return Some(End::Stopped { down }),
            Trouble::CrashAt(_) | Trouble::Killed { .. } | Trouble::Stopped { .. } => {}
        }
        None
    }

    /// Makes a backup, or puts the PBX back to it: what its database holds is as it was, the rest is lost.
    fn back_up(&mut self) {
        let outside = &self.world.outside;
        let Some(backup) = self.backup.take() else {
            let dnd = self.scenario.members.iter().map(|member| (*member, outside.shown(*member).dnd)).collect();
            let ways = self.world.model.lines.keys().map(|number| (number.clone(), outside.way(number))).collect();
            self.backup = Some(Backup { dnd, ways });
            return;
        };
        self.world.restart();
        let outside = &self.world.outside;
        for (account, on) in backup.dnd {
            outside.set(account, Set::Dnd(on));
        }
        for (number, way) in backup.ways {
            outside.lead(&number, &self.world.model.lines[&number].members, &way);
        }
        self.world.forget_what_was_before();
    }

    fn lose_journal(&mut self) {
        for name in ["state.db", "state.db-wal", "state.db-shm"] {
            drop(std::fs::remove_file(self.folder.path().join(name)));
        }
        self.world.holding.clear();
        self.world.outside.forget_late_writes();
        self.world.forget_ends();
        self.world.forget_what_was_before();
    }

    fn found(&mut self, words: &str) {
        let violation = format!("seed {}, {}: {words}", self.seed, self.world.clock.now());
        trace!("VIOLATION {violation}");
        if self.tally.violations.len() < VIOLATIONS_MAX {
            self.tally.violations.push(violation);
        }
    }
}

/// The checks.
impl<O: Outside> Play<O> {
    /// What must be so at every moment, and what must be so while all is well.
    fn look(&mut self) {
        self.look_at_writes();
        let now = self.world.clock.now();
        if now < self.look_at {
            return;
        }
        self.look_at = now + LOOK;
        if self.world.is_calm() {
            self.look_at_members(now);
            self.look_at_lines(now);
        }
    }

    fn look_at_writes(&mut self) {
        let Written { steps, wrongs } = self.world.outside.written();
        for wrong in wrongs {
            self.found(&wrong);
        }
        for (at, step) in steps {
            self.tally.writes += 1;
            let words = format!("{at} {} {:?}", step.account, step.written());
            self.tally.digest(&words);
            trace!("  wrote {words}");
            self.tally.checks += 1;
            if let Some(Value::Redirect(number, redirect)) = step.written() {
                let places = &self.world.places[number.as_str()];
                if redirect.enabled && !places.contains(&redirect.destination) {
                    let place = redirect.destination.clone();
                    self.found(&format!("{number} is led to {place}, which nobody asked for"));
                }
            }
            self.needed(&step);
        }
    }

    /// While all is well nothing is written without a reason.
    fn needed(&mut self, step: &Step) {
        let now = self.world.clock.now();
        let members = match step.field().number() {
            Some(number) => self.world.model.lines[number.as_str()].members.clone(),
            None => vec![step.account.0],
        };
        let is_calm = self.world.is_calm() && members.iter().all(|member| self.world.has_settled(*member));
        let at_a_boundary = self.is_at_a_boundary(&members, now);
        if is_calm && !at_a_boundary && !self.world.was_touched(step, now) {
            self.found(&format!("{} {} is written for no reason", step.account, step.field()));
        }
    }

    /// Whether a boundary was just now. A group's number may need a second try through another member.
    fn is_at_a_boundary(&self, members: &[u32], now: DateTime<Utc>) -> bool {
        let grace = TimeDelta::seconds(if members.len() > 1 { 125 } else { 5 });
        let close = |at: DateTime<Utc>| (at..at + grace).contains(&now);
        members
            .iter()
            .flat_map(|member| meeting::of(&self.world.model.meetings, *member))
            .any(|meeting| close(meeting.start()) || close(meeting.end()))
    }

    fn look_at_members(&mut self, now: DateTime<Utc>) {
        for member in self.scenario.members.clone() {
            if !self.world.has_settled(member) {
                continue;
            }
            let shown = self.world.outside.shown(member);
            self.compare(&format!("{member} presence"), self.world.model.presence(member, now), &shown.presence);
            self.compare(&format!("{member} text"), self.world.model.text(member, now), &shown.text);
            self.compare(&format!("{member} dnd"), self.world.model.dnd(member, now), &shown.dnd);
            let lamp = self.world.model.is_red(member, now).filter(|_| self.world.lamp_has_settled(member));
            self.compare(&format!("{member} red"), lamp.map(|red| [red].into()), &shown.is_red);
        }
    }

    fn look_at_lines(&mut self, now: DateTime<Utc>) {
        for number in self.world.model.lines.keys().cloned().collect::<Vec<_>>() {
            let members = &self.world.model.lines[&number].members;
            let is_tried = members.len() > 1 && self.is_at_a_boundary(members, now);
            if !is_tried && members.iter().all(|member| self.world.has_settled(*member)) {
                let shown = self.world.outside.way(&number);
                self.compare::<Way>(&number, self.world.model.way(&number, now), &shown);
            }
        }
    }

    fn compare<T: Ord + Debug>(&mut self, what: &str, right: Right<T>, shown: &T) {
        let Some(right) = right else { return };
        self.tally.checks += 1;
        if !right.contains(shown) {
            self.found(&format!("{what} shows {shown:?}, not {right:?}"));
        }
    }

    /// When everything is over, nobody has anything of ours.
    fn look_back(&mut self) {
        let now = self.world.clock.now();
        self.look_at_writes();
        self.look_at_members(now);
        self.look_at_lines(now);
        let active: BTreeSet<u32> = self.scenario.members.iter().copied().collect();
        let is_over = active.iter().all(|member| self.world.model.active(*member, now).is_empty());
        if is_over && self.world.holding.count() > 0 {
            let held = self.world.holding.words().join(", ");
            self.found(&format!("is held after everything is over: {held}"));
        }
        self.tally.calls += self.world.outside.calls();
    }
}
