//! A week of four members' appointments, with what people do themselves, and who is at work on the telephones.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::engine::shadow::Beside;
use starface_calendar::engine::{Command, Engine, Ports};
use starface_calendar::journal::Journal;
use starface_calendar::pbx::{Applied, Drained, ModuleInfo, Page, Pbx, PbxError, Redirects, Shadow, States};
use starface_calendar::rules::text::{Template, Traces};
use starface_calendar::rules::{AccountId, Dnd, Entry, Member, Redirect, ShowAs, StatusText, Step};
use tokio::sync::{mpsc, oneshot, watch};

use super::super::world::{Paper, Telephones, Tenant, World, at, entry};
use super::original::{FIRST_POLL, Original, POLL_INTERVAL, external};

pub(super) const MEMBERS: [u32; 4] = [1000, 1001, 1002, 1003];
pub(super) const DAY: i64 = 86_400;
pub(super) const WEEK: i64 = 7 * DAY;

/// How many turns everything needs that does not wait for time: a read is started, done, learnt and acted on.
const TURNS: usize = 5;

/// What a person does.
type Deed = Box<dyn Fn(&Telephones) + Send>;

/// The world, and the appointments that become known at some second.
pub(super) struct Week {
    pub(super) world: World,
    calendar: BTreeMap<i64, Vec<(u32, Entry)>>,
    known: BTreeMap<u32, Vec<Entry>>,
    /// What people do, and when.
    deeds: BTreeMap<i64, Deed>,
    pub(super) original: Option<Original>,
    next_poll: i64,
    second: i64,
}

impl Week {
    /// Everybody has a meeting each day, and 1000 one more right after it.
    pub(super) fn new(original: Option<Original>) -> Self {
        let mut world = World::of(4);
        let template = Template::parse("[!time!] [!type!] !title!").unwrap();
        world.policy.text.as_mut().unwrap().template = template;
        for account in MEMBERS {
            let off = Redirect { enabled: false, ..Redirect::to_number("0041788888888") };
            world.pbx.lines().own(account, &external(account), off);
        }
        let mut week = Self {
            world,
            calendar: BTreeMap::new(),
            known: BTreeMap::new(),
            deeds: BTreeMap::new(),
            original,
            next_poll: FIRST_POLL,
            second: 0,
        };
        for day in 0..7 {
            for account in MEMBERS {
                week.plan(account, "Sitzung", (day * DAY + 1000, day * DAY + 4600), |_| {});
            }
            week.plan(1000, "Danach", (day * DAY + 4600, day * DAY + 6400), |_| {});
        }
        week
    }

    /// Puts an appointment into a calendar from the beginning.
    pub(super) fn plan(&mut self, account: u32, title: &str, (from, to): (i64, i64), change: impl FnOnce(&mut Entry)) {
        self.appear(-1, account, title, (from, to), change);
    }

    /// Puts an appointment into a calendar at a second.
    pub(super) fn appear(
        &mut self,
        second: i64,
        account: u32,
        title: &str,
        (from, to): (i64, i64),
        change: impl FnOnce(&mut Entry),
    ) {
        let mut entry = entry(&format!("{account} {title} {from}"), from, to);
        entry.title.0 = title.to_owned();
        change(&mut entry);
        self.calendar.entry(second).or_default().push((account, entry));
    }

    /// A person does something at a second.
    pub(super) fn does(&mut self, second: i64, deed: impl Fn(&Telephones) + Send + 'static) {
        self.deeds.insert(second, Box::new(deed));
    }

    /// Lets the shadow run work until a second, and ends it.
    pub(super) async fn shadow_until(&mut self, second: i64) {
        let (world, clock) = (self.world.clone(), self.world.clock.clone());
        let kept = world.journal.load().await.unwrap();
        let pbx = Arc::new(Shadow::over(NeverWritten(Arc::clone(&world.pbx)), &kept.holds, clock.clone()));
        pbx.recognise(Traces::of(world.policy.text.as_ref().map(|text| &text.template)));
        let beside = Beside::new(Arc::clone(&pbx), world.journal.clone(), clock.clone());
        let engine = engine(&world, pbx).await.in_shadow();
        let (stop, stopped) = watch::channel(());
        let told = |mut stopped: watch::Receiver<()>| async move { while stopped.changed().await.is_ok() {} };
        let passing = async {
            self.pass_until(second, 3).await;
            drop(stop);
        };
        let (ended, (), ()) = tokio::join!(engine.run(told(stopped.clone())), beside.run(told(stopped)), passing);
        ended.unwrap();
    }

    /// Lets the service itself work until a second, and ends it; returns what `ask` finds out before that.
    pub(super) async fn service_until<T>(
        &mut self,
        second: i64,
        ask: impl AsyncFnOnce(mpsc::Sender<Command>) -> T,
    ) -> T {
        let world = self.world.clone();
        let engine = engine(&world, Arc::clone(&world.pbx)).await;
        let commands = engine.commands();
        let (stop, stopped) = oneshot::channel::<()>();
        let passing = async {
            self.pass_until(second, 2).await;
            let found = ask(commands).await;
            drop(stop);
            found
        };
        let (ended, found) = tokio::join!(engine.run(async { drop(stopped.await) }), passing);
        ended.unwrap();
        found
    }

    /// Lets time pass, from one thing that happens to the next. So many wait for time when all is calm.
    async fn pass_until(&mut self, second: i64, waiting: usize) {
        let clock = self.world.clock.clone();
        loop {
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
            clock.waiting(waiting).await;
            let wait = clock.next_wait().map_or(i64::MAX, seconds);
            let own = [self.next_poll, second];
            let planned = [self.calendar.keys().next(), self.deeds.keys().next()].into_iter().flatten().copied();
            let next = planned.chain(own).chain([wait]).min().unwrap();
            if next == wait && wait < second {
                clock.set(clock.next_wait().unwrap());
            } else {
                clock.set(at(next.max(self.second)));
            }
            self.second = seconds(clock.now());
            self.happen();
            if self.second >= second {
                return;
            }
        }
    }

    /// Lets appear and be done what is due, and then the original look.
    fn happen(&mut self) {
        while let Some(due) = self.calendar.first_entry().filter(|due| *due.key() <= self.second) {
            for (account, entry) in due.remove() {
                self.world.tenant.put(account, entry.clone());
                self.known.entry(account).or_default().push(entry);
            }
        }
        while let Some(due) = self.deeds.first_entry().filter(|due| *due.key() <= self.second) {
            due.remove()(&self.world.pbx);
        }
        while self.next_poll <= self.second {
            let now = self.world.clock.now();
            for account in MEMBERS {
                if let Some(original) = &mut self.original {
                    let calendar = self.known.get(&account).map_or(&[][..], Vec::as_slice);
                    original.poll(account, calendar, &self.world.pbx, now);
                }
            }
            self.next_poll += POLL_INTERVAL;
        }
    }
}

/// Everything that the two differ in, and some in which they do not although it is hard.
pub(super) fn with_differences(original: Option<Original>) -> Week {
    let mut week = Week::new(original);
    let span = |day: i64| (day * DAY + 10_000, day * DAY + 13_600);
    week.plan(1001, "Kaffee", span(1), |entry| entry.show_as = ShowAs::Free);
    week.plan(1002, "Vielleicht", span(2), |entry| entry.show_as = ShowAs::Tentative);
    week.plan(1003, "Stille", span(3), |entry| entry.categories.push("_SF_DND_aktivieren".to_owned()));
    week.does(3 * DAY + 15_000, |pbx| pbx.change(1003, |seen| seen.dnd = Some(Dnd::Off)));
    let voicemail = |entry: &mut Entry| entry.categories.push("_SF_Voicemail_extern_aktivieren".to_owned());
    week.plan(1000, "übersehen", span(4), voicemail);
    week.plan(1001, "umgeleitet", span(4), voicemail);
    week.does(5 * DAY + 500, |pbx| pbx.change(1001, |seen| seen.text = StatusText("Im Homeoffice".to_owned())));
    week.does(5 * DAY + 9_000, |pbx| pbx.change(1001, |seen| seen.text = StatusText::default()));
    week.appear(5 * DAY + 20_000, 1003, "Spontan", (5 * DAY + 19_900, 5 * DAY + 22_000), |_| {});
    week
}

async fn engine<P: Pbx>(world: &World, pbx: Arc<P>) -> Engine<Tenant, P, Paper, SimClock> {
    let ports =
        Ports { calendars: Arc::clone(&world.tenant), pbx, journal: world.journal.clone(), clock: world.clock.clone() };
    Engine::start(ports, world.orders()).await.unwrap()
}

fn seconds(instant: DateTime<Utc>) -> i64 {
    (instant - at(0)).num_seconds()
}

/// A PBX that fails a test that writes to it.
struct NeverWritten(Arc<Telephones>);

impl Pbx for NeverWritten {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        self.0.info().await
    }

    async fn page(&self) -> Result<Page, PbxError> {
        self.0.page().await
    }

    async fn members(&self, group: AccountId) -> Result<Vec<Member>, PbxError> {
        self.0.members(group).await
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        self.0.states(accounts).await
    }

    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        self.0.redirects(accounts).await
    }

    async fn apply(&self, _: &[Step]) -> Applied {
        panic!("a shadow run wrote to the PBX");
    }

    async fn drain(&self, queue: Option<String>, after: u64, wait: Duration) -> Result<Drained, PbxError> {
        self.0.drain(queue, after, wait).await
    }
}
