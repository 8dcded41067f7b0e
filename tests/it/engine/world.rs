//! A tenant, a PBX and a journal in memory, at the engine's ports, under a simulated clock.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Zurich;
use futures_util::future::{Either, select};
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::engine::report::Words;
use starface_calendar::engine::{
    Command, Engine, First, Instructions, Interpreter, Orders, Pace, Ports, Refusal, Report, Restored, Snapshot,
    Waiting,
};
use starface_calendar::graph::{
    Absent, Answer, Calendar, Calendars, GraphError, Imprint, LookedUp, Permission, Reply, Request, Window,
};
use starface_calendar::journal::{Happening, Journal, JournalError, Kept, Record};
use starface_calendar::meter::Meter;
use starface_calendar::pbx::{Applied, Drained, Event, EventKind, ModuleInfo, Page, Pbx, PbxError, Redirects, States};
use starface_calendar::rules::policy::{Categories, Indicated, RedirectPolicy, Service, TextPolicy, Unanswered};
use starface_calendar::rules::text::{Language, Template, TimeFormat};
use starface_calendar::rules::{
    AccountId, Address, Call, Deed, Dnd, Entry, EntryId, Field, FieldKind, Hold, Location, Login, Member, Outcome,
    Policy, Presence, Response, Seen, Sensitivity, ShowAs, Side, Sight, Span, StatusText, Step, Tag, Tags, Telephony,
    Title, Upkeep, Value,
};
use tokio::sync::{mpsc, oneshot, watch};

use super::outlook::Outlook;

pub(crate) mod lines;

use lines::Lines;

/// The instant at which every test begins.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_020, 0).unwrap()
}

/// So many seconds after the beginning.
pub(crate) fn at(second: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(second)
}

/// Everything outside the engine.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: SimClock,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) pbx: Arc<Telephones>,
    pub(crate) journal: Paper,
    pub(crate) policy: Policy,
    pub(crate) upkeep: Upkeep,
    pub(crate) meter: Meter,
}

impl World {
    /// A world with so many members, from account 1000 on, all available and without entries.
    pub(crate) fn of(members: u32) -> Self {
        let clock = SimClock::new(start());
        let world = Self {
            tenant: Arc::new(Tenant::default()),
            pbx: Arc::new(Telephones::new(clock.clone())),
            journal: Paper::new(at(-3600)),
            policy: policy(),
            upkeep: Upkeep::default(),
            meter: Meter::default(),
            clock,
        };
        for number in 0..members {
            world.pbx.join(member(1000 + number));
        }
        world
    }

    /// Runs the engine while `script` goes on, then stops it, as SIGTERM does.
    pub(crate) async fn run<T>(&self, script: impl AsyncFnOnce(Running<'_>) -> T) -> T {
        let engine = self.engine().await;
        let (snapshots, commands) = (engine.snapshots(), engine.commands());
        let (stop, stopped) = oneshot::channel::<()>();
        let service = engine.run(async { drop(stopped.await) });
        let script = async {
            let result = script(Running { world: self, snapshots, commands }).await;
            drop(stop);
            result
        };
        let (ended, result) = tokio::join!(service, script);
        ended.unwrap();
        result
    }

    /// Runs the service that reads its orders from the module's page, while `script` goes on; then stops it.
    pub(crate) async fn run_by_page<T>(
        &self,
        mut interpreter: impl Interpreter<Tenant> + 'static,
        script: impl AsyncFnOnce(Running<'_>) -> T,
    ) -> T {
        let mut waiting = Waiting::new(Arc::clone(&self.pbx), self.impatient(), Zurich);
        let (snapshots, commands) = (waiting.snapshots(), waiting.commands());
        let (stop, stopped) = watch::channel(());
        let told = |mut stopped: watch::Receiver<()>| async move { while stopped.changed().await.is_ok() {} };
        let service = async {
            let Some(first) = waiting.first(&mut interpreter, told(stopped.clone())).await else { return };
            let First { instructions: Instructions { orders, calendars }, revision } = first;
            let ports = Ports { calendars, ..self.ports() };
            let engine = Engine::start(ports, orders).await.unwrap();
            engine.after(waiting, Box::new(interpreter), revision).run(told(stopped)).await.unwrap();
        };
        let script = async {
            let result = script(Running { world: self, snapshots, commands }).await;
            drop(stop);
            result
        };
        tokio::join!(service, script).1
    }

    /// Takes everything off with an engine that does nothing else, while time passes.
    pub(crate) async fn take_off(&self, member: Option<&str>) -> Result<Restored, Refusal> {
        let passing = async {
            loop {
                self.clock.waiting(1).await;
                self.clock.advance_to_next();
            }
        };
        match select(pin!(self.engine().await.take_off(member)), pin!(passing)).await {
            Either::Left((taken_off, _)) => taken_off,
            Either::Right((never, _)) => never,
        }
    }

    async fn engine(&self) -> Engine<Tenant, Telephones, Paper, Impatient> {
        Engine::start(self.ports(), self.orders()).await.unwrap().measured_by(self.meter.clone())
    }

    fn ports(&self) -> Ports<Tenant, Telephones, Paper, Impatient> {
        Ports {
            calendars: Arc::clone(&self.tenant),
            pbx: Arc::clone(&self.pbx),
            journal: self.journal.clone(),
            clock: self.impatient(),
        }
    }

    fn impatient(&self) -> Impatient {
        Impatient { clock: self.clock.clone(), asked: Arc::default() }
    }

    pub(crate) fn orders(&self) -> Orders {
        Orders {
            group: AccountId(2001),
            policy: self.policy.clone(),
            upkeep: self.upkeep.clone(),
            check_interval: Duration::from_secs(60),
            pace: Pace::Steady,
            members_interval: Duration::from_secs(600),
            credential_end: None,
            batches_in_flight: starface_calendar::graph::batches_in_flight,
            history_for: Duration::from_secs(90 * 86_400),
        }
    }
}

/// The engine at work.
pub(crate) struct Running<'a> {
    world: &'a World,
    snapshots: watch::Receiver<Snapshot>,
    commands: mpsc::Sender<Command>,
}

impl Running<'_> {
    /// Lets everything happen that is due until so many seconds after the beginning.
    pub(crate) async fn until(&self, second: i64) {
        self.calm().await;
        while let Some(next) = self.world.clock.next_wait().filter(|next| *next <= at(second)) {
            self.world.clock.set(next);
            self.calm().await;
        }
        self.world.clock.set(at(second));
        self.calm().await;
    }

    /// Lets the machine sleep until then: what became due meanwhile is done only when it wakes up.
    pub(crate) async fn sleep_until(&self, second: i64) {
        self.world.clock.set(at(second));
        self.calm().await;
    }

    /// What the engine says of itself.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.snapshots.borrow().clone()
    }

    /// Asks the engine, and waits for its answer.
    pub(crate) async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> T {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.unwrap();
        answer.await.unwrap()
    }

    /// Lets everything run that does not wait for time. Nothing in this world does real input or output, so a bounded
    /// number of turns is enough.
    async fn calm(&self) {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        self.world.clock.waiting(1).await;
    }
}

/// The world's clock, as the engine sees it: it finds out an engine that turns round and round without waiting.
#[derive(Clone)]
struct Impatient {
    clock: SimClock,
    asked: Arc<Mutex<(DateTime<Utc>, usize)>>,
}

/// How often the engine may look at the clock before it waits for a later instant.
const LOOKS_MAX: usize = 10_000;

impl Clock for Impatient {
    fn now(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        let mut asked = lock(&self.asked);
        *asked = if asked.0 == now { (now, asked.1 + 1) } else { (now, 1) };
        assert!(asked.1 <= LOOKS_MAX, "the engine turns without waiting, {now}");
        now
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> impl Future<Output = ()> + Send {
        self.clock.sleep_until(at)
    }
}

fn policy() -> Policy {
    Policy {
        service: Service::Started,
        zone: Zurich,
        ignore: [ShowAs::Free].into(),
        entry_days_max: 31,
        unanswered: Unanswered::Status,
        presence: Some(Presence::Away),
        text: Some(TextPolicy {
            template: Template::parse("!title!").unwrap(),
            time_format: TimeFormat::parse("HH:mm").unwrap(),
            date_format: TimeFormat::parse("dd.MM.").unwrap(),
            language: Language::German,
            chars_max: 140,
        }),
        categories: Categories::default(),
        redirects: RedirectPolicy { tags_allowed: Side::ALL.into(), ..RedirectPolicy::default() },
        indicator: Some(Telephony::Active),
        indicated: Indicated::ByCategory,
        respected: [FieldKind::Dnd, FieldKind::Redirect].into(),
        reassert_interval: TimeDelta::seconds(30),
    }
}

pub(crate) fn member(account: u32) -> Member {
    Member {
        account: AccountId(account),
        login: Login(format!("{account:05}")),
        name: format!("Member {account}"),
        address: Some(address(account)),
    }
}

pub(crate) fn address(account: u32) -> Address {
    format!("m{account}@firma.example").parse().unwrap()
}

pub(crate) fn entry(id: &str, from: i64, to: i64) -> Entry {
    Entry {
        id: EntryId(id.to_owned()),
        ical_uid: id.to_owned(),
        title: Title(id.to_owned()),
        location: Location::default(),
        span: Span::Timed { start: at(from), end: at(to) },
        show_as: ShowAs::Busy,
        sensitivity: Sensitivity::Normal,
        response: Response::Organizer,
        cancelled: false,
        is_organizer: true,
        categories: vec![],
        tags: Tags::default(),
    }
}

fn seen(presence: Presence, text: &str) -> Seen {
    Seen {
        presence,
        text: StatusText(text.to_owned()),
        telephony: Some(Telephony::Available),
        dnd: Some(Dnd::Off),
        call: Call::None,
    }
}

/// Everything in an entry, also what its `Debug` form hides.
fn words(entry: &Entry) -> String {
    let number = |tag: &Option<Tag>| match tag {
        Some(Tag::Target(number)) => number.as_str().to_owned(),
        _ => String::new(),
    };
    let (title, place, tags) = (&entry.title.0, &entry.location.0, &entry.tags);
    format!("{entry:?} {title} {place} {} {}", number(&tags.internal), number(&tags.external))
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

/// The calendars.
#[derive(Default)]
pub(crate) struct Tenant {
    calendars: Mutex<BTreeMap<Address, Vec<Entry>>>,
    mood: Mutex<Mood>,
    refusals: Mutex<BTreeMap<Address, fn() -> GraphError>>,
    held: Mutex<Option<watch::Receiver<()>>>,
    /// The window of every read.
    pub(crate) reads: Mutex<Vec<Window>>,
    pub(crate) outlook: Outlook,
}

/// How the other side behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Well,
    /// Every call fails.
    Away,
    /// No call ever ends.
    Hangs,
    /// Every call fails until a person does something.
    Refuses,
}

impl Tenant {
    pub(crate) fn put(&self, account: u32, entry: Entry) {
        let mut calendars = lock(&self.calendars);
        let calendar = calendars.entry(address(account)).or_default();
        calendar.retain(|known| known.id != entry.id);
        calendar.push(entry);
    }

    pub(crate) fn delete(&self, account: u32, id: &str) {
        lock(&self.calendars).entry(address(account)).or_default().retain(|entry| entry.id.0 != id);
    }

    pub(crate) fn be(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// This member's mailbox alone cannot be read from now on.
    pub(crate) fn refuse(&self, account: u32, error: fn() -> GraphError) {
        lock(&self.refusals).insert(address(account), error);
    }

    /// Every mailbox can be read again.
    pub(crate) fn forgive(&self) {
        lock(&self.refusals).clear();
    }

    /// Holds every answer back that is asked for from now on, until what is returned is dropped. It is made before that.
    pub(crate) fn hold_answers(&self) -> watch::Sender<()> {
        let (hold, held) = watch::channel(());
        *lock(&self.held) = Some(held);
        hold
    }

    fn answer(&self, request: &Request) -> Answer {
        let window = request.window;
        lock(&self.reads).push(window);
        if let Some(error) = lock(&self.refusals).get(&request.address) {
            return Answer { address: request.address.clone(), calendar: Err(error()), tags_unknown: BTreeSet::new() };
        }
        let overlaps = |entry: &&Entry| entry.span.start(Zurich) < window.to && entry.span.end(Zurich) > window.from;
        let calendars = lock(&self.calendars);
        let entries = calendars.get(&request.address).map_or(&[][..], Vec::as_slice);
        let entries: Vec<Entry> = entries.iter().filter(overlaps).cloned().collect();
        let imprint = Imprint::of_word(&entries.iter().map(words).collect::<String>());
        let calendar = match request.last {
            Some(last) if last == imprint => Calendar::Unchanged,
            _ => Calendar::Read { entries, imprint: Some(imprint) },
        };
        Answer { address: request.address.clone(), calendar: Ok(calendar), tags_unknown: BTreeSet::new() }
    }
}

impl Calendars for Tenant {
    async fn read(&self, requests: &[Request]) -> Result<Vec<Answer>, GraphError> {
        let mood = *lock(&self.mood);
        match mood {
            Mood::Well => {
                self.outlook.not_asked_meanwhile(requests.iter().map(|request| &request.address));
                let answers = requests.iter().map(|request| self.answer(request)).collect();
                let held = lock(&self.held).clone();
                if let Some(mut held) = held {
                    while held.changed().await.is_ok() {}
                }
                Ok(answers)
            }
            Mood::Away | Mood::Refuses => Err(graph_away()),
            Mood::Hangs => std::future::pending().await,
        }
    }
}

/// Which sidecar may write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Owner {
    #[default]
    Us,
    Another,
}

/// The PBX.
pub(crate) struct Telephones {
    clock: SimClock,
    members: Mutex<Vec<Member>>,
    other_groups: Mutex<BTreeMap<AccountId, Vec<Member>>>,
    shown: Mutex<BTreeMap<AccountId, Seen>>,
    lines: Mutex<Lines>,
    mood: Mutex<Mood>,
    queue: Mutex<u32>,
    page: Mutex<Page>,
    events: watch::Sender<Vec<Event>>,
    lose_answers: Mutex<u32>,
    refuse: Mutex<u32>,
    refused: Mutex<Option<Field>>,
    apply_takes: Mutex<TimeDelta>,
    sight: Mutex<Sight>,
    owner: Mutex<Owner>,
    /// Methods that fail, whatever the mood.
    pub(crate) failing: Mutex<BTreeSet<&'static str>>,
    pub(crate) writes: Mutex<Vec<(i64, u32, Value)>>,
    pub(crate) calls: Mutex<BTreeMap<&'static str, usize>>,
}

impl Telephones {
    fn new(clock: SimClock) -> Self {
        Self {
            clock,
            members: Mutex::default(),
            other_groups: Mutex::default(),
            shown: Mutex::default(),
            lines: Mutex::default(),
            mood: Mutex::default(),
            queue: Mutex::default(),
            page: Mutex::default(),
            events: watch::Sender::default(),
            lose_answers: Mutex::default(),
            refuse: Mutex::default(),
            refused: Mutex::default(),
            apply_takes: Mutex::new(TimeDelta::zero()),
            sight: Mutex::new(Sight::Clear),
            owner: Mutex::default(),
            failing: Mutex::default(),
            writes: Mutex::default(),
            calls: Mutex::default(),
        }
    }

    /// The called numbers.
    pub(crate) fn lines(&self) -> MutexGuard<'_, Lines> {
        lock(&self.lines)
    }

    pub(crate) fn join(&self, member: Member) {
        lock(&self.shown).entry(member.account).or_insert(seen(Presence::Available, ""));
        lock(&self.members).push(member);
    }

    /// Puts an account into another group than the one that everybody joins.
    pub(crate) fn join_group(&self, group: u32, member: Member) {
        lock(&self.shown).entry(member.account).or_insert(seen(Presence::Available, ""));
        lock(&self.other_groups).entry(AccountId(group)).or_default().push(member);
    }

    /// Changes a field of the module's page, which gets another revision, and tells nobody.
    pub(crate) fn change_page(&self, variable: &str, value: &str) {
        let mut page = lock(&self.page);
        page.fields.insert(variable.to_owned(), value.to_owned());
        page.revision = (page.revision.parse::<u32>().unwrap_or_default() + 1).to_string();
    }

    /// Changes a field of the module's page, as an admin does who then saves it.
    pub(crate) fn save_page(&self, variable: &str, value: &str) {
        self.change_page(variable, value);
        self.happen(EventKind::Config);
    }

    pub(crate) fn leave(&self, account: u32) {
        lock(&self.members).retain(|member| member.account.0 != account);
    }

    pub(crate) fn show(&self, account: u32, presence: Presence, text: &str) {
        lock(&self.shown).insert(AccountId(account), seen(presence, text));
    }

    /// Lets a person, a client or a call change what is shown.
    pub(crate) fn change(&self, account: u32, change: impl FnOnce(&mut Seen)) {
        change(lock(&self.shown).get_mut(&AccountId(account)).unwrap());
    }

    pub(crate) fn seen(&self, account: u32) -> Seen {
        lock(&self.shown)[&AccountId(account)].clone()
    }

    /// The account is no more.
    pub(crate) fn delete(&self, account: u32) {
        self.leave(account);
        lock(&self.shown).remove(&AccountId(account));
    }

    /// Another sidecar writes from now on.
    pub(crate) fn belong_to_another(&self) {
        *lock(&self.owner) = Owner::Another;
    }

    /// The other sidecar has fallen silent.
    pub(crate) fn belong_to_us(&self) {
        *lock(&self.owner) = Owner::Us;
    }

    /// Written telephony states are not shown back any more.
    pub(crate) fn hide_telephony(&self) {
        *lock(&self.sight) = Sight::Blind;
    }

    pub(crate) fn shows(&self, account: u32) -> (String, String) {
        let shown = lock(&self.shown);
        let seen = &shown[&AccountId(account)];
        (seen.presence.name().to_owned(), seen.text.0.clone())
    }

    /// Presence and text are gone, as after a reboot.
    pub(crate) fn restart(&self) {
        for shown in lock(&self.shown).values_mut() {
            *shown = seen(Presence::Available, "");
        }
        *lock(&self.queue) += 1;
        self.events.send_modify(Vec::clear);
    }

    /// Something happens now that the module tells of.
    pub(crate) fn happen(&self, kind: EventKind) {
        let at = self.clock.now();
        self.events.send_modify(|events| events.push(Event { seq: events.len() as u64 + 1, kind, at }));
    }

    pub(crate) fn be(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// The next applies take effect, and nobody hears of it.
    pub(crate) fn lose_answers(&self, count: u32) {
        *lock(&self.lose_answers) = count;
    }

    /// Returns the second, account and value of every write.
    pub(crate) fn written(&self) -> Vec<(i64, u32, String)> {
        let words = |value: &Value| match value {
            Value::Presence(presence) => presence.name().to_owned(),
            Value::Text(text) => text.0.clone(),
            Value::Indicator(telephony) => telephony.name().to_owned(),
            Value::Dnd(dnd) => dnd.word().to_owned(),
            Value::Redirect(number, redirect) => format!("{number} {}", redirect.words()),
        };
        lock(&self.writes).iter().map(|(second, account, value)| (*second, *account, words(value))).collect()
    }

    fn queue(&self) -> String {
        lock(&self.queue).to_string()
    }

    /// The next applies are refused, and nothing is written.
    pub(crate) fn refuse(&self, count: u32) {
        *lock(&self.refuse) = count;
    }

    /// Every write of this field is refused from now on.
    pub(crate) fn refuse_field(&self, field: Field) {
        *lock(&self.refused) = Some(field);
    }

    /// Every apply is answered so many seconds after it took effect.
    pub(crate) fn apply_takes(&self, seconds: i64) {
        *lock(&self.apply_takes) = TimeDelta::seconds(seconds);
    }

    /// The method fails from now on; nothing of what it was asked for is done.
    pub(crate) fn fail(&self, method: &'static str) {
        lock(&self.failing).insert(method);
    }

    async fn called(&self, method: &'static str) -> Result<(), PbxError> {
        *lock(&self.calls).entry(method).or_default() += 1;
        if lock(&self.failing).contains(method) {
            return Err(pbx_away());
        }
        let mood = *lock(&self.mood);
        match mood {
            Mood::Well => Ok(()),
            Mood::Away => Err(pbx_away()),
            Mood::Refuses => Err(PbxError::Authentication),
            Mood::Hangs => std::future::pending().await,
        }
    }

    fn write(&self, step: &Step) -> Outcome {
        let mut shown = lock(&self.shown);
        let seen = shown.get_mut(&step.account).unwrap();
        let Deed::Write { value, expect, .. } = &step.deed else { return Outcome::Done { seen: None } };
        if *lock(&self.refused) == Some(value.field()) {
            return Outcome::Refused { error: "not allowed".to_owned() };
        }
        if let Value::Redirect(number, redirect) = value {
            let outcome = self.lines().write(step.account, *number, redirect, expect.as_ref());
            if matches!(outcome, Outcome::Done { .. }) {
                let second = (self.clock.now() - start()).num_seconds();
                lock(&self.writes).push((second, step.account.0, value.clone()));
            }
            return outcome;
        }
        let now = seen.value(value.field());
        if expect.is_some() && now != *expect {
            return Outcome::Changed { seen: now };
        }
        match value.clone() {
            Value::Presence(presence) => seen.presence = presence,
            Value::Text(text) => seen.text = text,
            Value::Indicator(telephony) => {
                let is_shown = *lock(&self.sight) == Sight::Clear;
                seen.telephony = is_shown.then_some(telephony);
            }
            Value::Dnd(dnd) => seen.dnd = Some(dnd),
            Value::Redirect(..) => unreachable!("written by the lines"),
        }
        let second = (self.clock.now() - start()).num_seconds();
        lock(&self.writes).push((second, step.account.0, value.clone()));
        Outcome::Done { seen: seen.value(value.field()) }
    }
}

impl Pbx for Telephones {
    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        if let Err(error) = self.called("redirects").await {
            return Redirects { seen: BTreeMap::new(), errors: vec![error] };
        }
        let (shown, lines) = (lock(&self.shown), self.lines());
        let known = accounts.iter().filter(|account| shown.contains_key(account));
        Redirects { seen: known.map(|account| (*account, lines.records(*account))).collect(), errors: vec![] }
    }

    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        self.called("info").await?;
        Ok(ModuleInfo {
            module_version: "1".to_owned(),
            api: "1".to_owned(),
            instance_id: String::new(),
            instance_name: "Kalender Connector".to_owned(),
            starface_version: "9".to_owned(),
            config_revision: lock(&self.page).revision.clone(),
            queue: self.queue(),
            owner: None,
            last_seq: 0,
        })
    }

    async fn page(&self) -> Result<Page, PbxError> {
        self.called("page").await?;
        Ok(lock(&self.page).clone())
    }

    async fn members(&self, group: AccountId) -> Result<Vec<Member>, PbxError> {
        self.called("members").await?;
        let other = lock(&self.other_groups).get(&group).cloned();
        Ok(other.unwrap_or_else(|| lock(&self.members).clone()))
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        if let Err(error) = self.called("states").await {
            return States { seen: BTreeMap::new(), errors: vec![error] };
        }
        let shown = lock(&self.shown);
        let seen = accounts.iter().filter_map(|account| Some((*account, shown.get(account)?.clone())));
        States { seen: seen.collect(), errors: vec![] }
    }

    async fn apply(&self, steps: &[Step]) -> Applied {
        if let Err(error) = self.called("apply").await {
            return Applied { outcomes: vec![Outcome::NotSent; steps.len()], errors: vec![error] };
        }
        if *lock(&self.owner) == Owner::Another {
            let error = PbxError::OtherOwner { id: "another".to_owned() };
            return Applied { outcomes: vec![Outcome::NotSent; steps.len()], errors: vec![error] };
        }
        if take_one(&self.refuse) {
            return Applied {
                outcomes: vec![Outcome::Refused { error: "no".to_owned() }; steps.len()],
                errors: vec![],
            };
        }
        let outcomes: Vec<Outcome> = steps.iter().map(|step| self.write(step)).collect();
        let answered_at = self.clock.now() + *lock(&self.apply_takes);
        self.clock.sleep_until(answered_at).await;
        if take_one(&self.lose_answers) {
            return Applied { outcomes: vec![Outcome::Unanswered; steps.len()], errors: vec![pbx_away()] };
        }
        Applied { outcomes, errors: vec![] }
    }

    async fn drain(&self, queue: Option<String>, after: u64, wait: Duration) -> Result<Drained, PbxError> {
        self.called("drain").await?;
        let knows = |events: &[Event]| queue.as_ref() == Some(&self.queue()) && after >= events.len() as u64;
        let mut events = self.events.subscribe();
        let too_late = self.clock.sleep_until(self.clock.now() + TimeDelta::from_std(wait).unwrap());
        select(pin!(events.wait_for(|events| !knows(events))), pin!(too_late)).await;
        let (events, current) = (self.events.borrow().clone(), self.queue());
        let after = if queue.as_ref() == Some(&current) { after } else { 0 };
        let seq = events.len() as u64;
        let events = events.into_iter().filter(|event| event.seq > after).collect();
        Ok(Drained { queue: current, seq, events, skipped: 0 })
    }
}

/// Counts one down, if there is one left.
fn take_one(left: &Mutex<u32>) -> bool {
    let mut left = lock(left);
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}

/// The journal.
#[derive(Clone)]
pub(crate) struct Paper {
    kept: Arc<Mutex<Kept>>,
    mood: Arc<Mutex<Mood>>,
    pub(crate) commits: Arc<Mutex<usize>>,
    pub(crate) happenings: Arc<Mutex<Vec<Happening>>>,
}

impl Paper {
    fn new(created_at: DateTime<Utc>) -> Self {
        let kept = Kept { created_at, ..Kept::default() };
        Self {
            kept: Arc::new(Mutex::new(kept)),
            mood: Arc::default(),
            commits: Arc::default(),
            happenings: Arc::default(),
        }
    }

    pub(crate) fn be(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    pub(crate) fn forget_calendars(&self) {
        lock(&self.kept).calendars.clear();
    }

    /// Whose categories were looked after, as far as it is kept.
    pub(crate) fn categories_checked(&self) -> Vec<Address> {
        lock(&self.kept).categories_checked.keys().cloned().collect()
    }

    pub(crate) fn holds(&self) -> usize {
        lock(&self.kept).holds.len()
    }

    /// The fields that are held.
    pub(crate) fn held(&self) -> Vec<String> {
        lock(&self.kept).holds.iter().map(|hold| hold.field().to_string()).collect()
    }

    /// The hold on a field of a member.
    pub(crate) fn hold(&self, account: u32, field: &str) -> Hold {
        let kept = lock(&self.kept);
        let found = kept.holds.iter().find(|hold| hold.account.0 == account && hold.field().name() == field);
        found.unwrap().clone()
    }

    fn write(&self, record: Record) {
        let mut kept = lock(&self.kept);
        match record {
            Record::Hold(hold) => {
                kept.holds.retain(|known| !is_same(known, hold.account, hold.field()));
                kept.holds.push(hold);
            }
            Record::Drop(account, field) => kept.holds.retain(|hold| !is_same(hold, account, field)),
            Record::TextPut { account, text, at } => kept.texts.push((account, text, at)),
            Record::Calendar(address, calendar) => drop(kept.calendars.insert(address, calendar)),
            Record::ForgetCalendar(address) => drop(kept.calendars.remove(&address)),
            Record::Members(group, members) => drop(kept.members.insert(group, members)),
            Record::Queue(position) => kept.queue = Some(position),
            Record::Mark(account, mark) => kept.marks.push((account, mark)),
            Record::ForgetMark(account, entry) => {
                kept.marks.retain(|(known, mark)| (*known, &mark.entry) != (account, &entry));
            }
            Record::End(account, at) => kept.ends.push((account, at)),
            Record::EndDone(account, at) => kept.ends.retain(|end| *end != (account, at)),
            Record::CategoriesChecked(address, checked) => drop(kept.categories_checked.insert(address, checked)),
            Record::ForgetCategories(address) => drop(kept.categories_checked.remove(&address)),
            Record::Alarm(alarm) => {
                kept.alarms.retain(|known| known.key != alarm.key);
                kept.alarms.push(alarm);
            }
            Record::ForgetAlarm(key) => kept.alarms.retain(|known| known.key != key),
            Record::Mail(mail) => kept.mails.push(mail),
            Record::ForgetMail(id) => kept.mails.retain(|mail| mail.id != id),
            Record::Happening(happening) => lock(&self.happenings).push(happening),
        }
    }
}

/// A called number has one hold, through whichever account.
fn is_same(hold: &Hold, account: AccountId, field: Field) -> bool {
    hold.field() == field && (hold.account == account || field.number().is_some())
}

impl Journal for Paper {
    async fn load(&self) -> Result<Kept, JournalError> {
        Ok(lock(&self.kept).clone())
    }

    async fn commit(&self, records: Vec<Record>) -> Result<(), JournalError> {
        if *lock(&self.mood) != Mood::Well {
            return Err(journal_away());
        }
        *lock(&self.commits) += 1;
        records.into_iter().for_each(|record| self.write(record));
        Ok(())
    }

    async fn reserve_seq(&self, above: u64) -> Result<u64, JournalError> {
        Ok(above + 1)
    }

    async fn prune(&self, _: DateTime<Utc>, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<usize, JournalError> {
        Ok(0)
    }

    fn history(
        &self,
        since: DateTime<Utc>,
        rows_max: usize,
    ) -> impl Future<Output = Result<Vec<Happening>, JournalError>> + Send {
        let rows = lock(&self.happenings);
        std::future::ready(Ok(rows.iter().filter(|row| row.at >= since).take(rows_max).cloned().collect()))
    }
}

pub(crate) fn graph_away() -> GraphError {
    GraphError::TimedOut { service: starface_calendar::graph::Service::Graph }
}

/// What Graph answers with this status for one mailbox.
pub(crate) fn refused(status: u16) -> GraphError {
    let reply = Reply { service: starface_calendar::graph::Service::Graph, status, code: None, request_id: None };
    match status {
        404 => GraphError::NotFound { absent: Absent::Mailbox, looked_up: LookedUp::Not, reply },
        403 => GraphError::Forbidden { needs: Permission::Calendars, reply },
        429 => GraphError::Throttled { reply, after: None },
        _ => GraphError::Failed { reply, after: None },
    }
}

fn pbx_away() -> PbxError {
    PbxError::TimedOut
}

fn journal_away() -> JournalError {
    JournalError::InUse { path: "state.db".into() }
}

#[tokio::test]
async fn this_worlds_pbx_tells_what_happened_and_waits_for_it() {
    let world = World::of(0);
    let first = world.pbx.drain(None, 0, Duration::ZERO).await.unwrap();
    let wait = world.pbx.drain(Some(first.queue.clone()), first.seq, Duration::from_secs(25));
    let happens = async {
        world.clock.waiting(1).await;
        world.pbx.happen(EventKind::Config);
    };
    let (drained, ()) = tokio::join!(wait, happens);
    assert_eq!(drained.unwrap().events, [Event { seq: 1, kind: EventKind::Config, at: start() }]);
    let vain = world.pbx.drain(Some(first.queue), 1, Duration::from_secs(25));
    let passes = async {
        world.clock.waiting(1).await;
        world.clock.set(at(25));
    };
    let (drained, ()) = tokio::join!(vain, passes);
    assert!(drained.unwrap().events.is_empty());
}

/// Asks how things stand, as somebody who may not read titles.
pub(crate) fn status(reply: oneshot::Sender<Report>) -> Command {
    Command::Status { words: Words::Hidden, reply }
}
