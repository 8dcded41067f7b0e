//! A tenant, a PBX and a journal in memory, at the engine's ports, under a simulated clock.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Zurich;
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::engine::{Engine, Orders, Ports, Snapshot};
use starface_calendar::graph::{Answer, Calendars, GraphError, Request, Window};
use starface_calendar::journal::{Happening, Journal, JournalError, Kept, Record};
use starface_calendar::pbx::{Applied, ModuleInfo, Pbx, PbxError, States};
use starface_calendar::rules::policy::{Categories, Service, TextPolicy, Unanswered};
use starface_calendar::rules::text::{Language, Template, TimeFormat};
use starface_calendar::rules::{
    AccountId, Address, Entry, EntryId, Location, Login, Member, Outcome, Policy, Presence, Response, Seen,
    Sensitivity, ShowAs, Span, StatusText, Step, Title, Value,
};
use tokio::sync::{oneshot, watch};

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
            clock,
        };
        for number in 0..members {
            world.pbx.join(member(1000 + number));
        }
        world
    }

    /// Runs the engine while `script` goes on, then stops it, as SIGTERM does.
    pub(crate) async fn run<T>(&self, script: impl AsyncFnOnce(Running<'_>) -> T) -> T {
        let ports = Ports {
            calendars: Arc::clone(&self.tenant),
            pbx: Arc::clone(&self.pbx),
            journal: self.journal.clone(),
            clock: self.clock.clone(),
        };
        let engine = Engine::start(ports, self.orders()).await.unwrap();
        let snapshots = engine.snapshots();
        let (stop, stopped) = oneshot::channel::<()>();
        let service = engine.run(async { drop(stopped.await) });
        let script = async {
            let result = script(Running { world: self, snapshots }).await;
            drop(stop);
            result
        };
        let (ended, result) = tokio::join!(service, script);
        ended.unwrap();
        result
    }

    fn orders(&self) -> Orders {
        Orders {
            group: AccountId(2001),
            policy: self.policy.clone(),
            check_interval: Duration::from_secs(60),
            members_interval: Duration::from_secs(600),
            batches_in_flight: starface_calendar::graph::batches_in_flight,
            history_for: Duration::from_secs(90 * 86_400),
        }
    }
}

/// The engine at work.
pub(crate) struct Running<'a> {
    world: &'a World,
    snapshots: watch::Receiver<Snapshot>,
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

    /// What the engine says of itself.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.snapshots.borrow().clone()
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
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

/// The calendars.
#[derive(Default)]
pub(crate) struct Tenant {
    calendars: Mutex<BTreeMap<Address, Vec<Entry>>>,
    mood: Mutex<Mood>,
    /// The window of every read.
    pub(crate) reads: Mutex<Vec<Window>>,
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

    fn answer(&self, request: &Request) -> Answer {
        let window = request.window;
        lock(&self.reads).push(window);
        let overlaps = |entry: &&Entry| entry.span.start(Zurich) < window.to && entry.span.end(Zurich) > window.from;
        let calendars = lock(&self.calendars);
        let entries = calendars.get(&request.address).map_or(&[][..], Vec::as_slice);
        Answer { address: request.address.clone(), entries: Ok(entries.iter().filter(overlaps).cloned().collect()) }
    }
}

impl Calendars for Tenant {
    async fn read(&self, requests: &[Request]) -> Result<Vec<Answer>, GraphError> {
        let mood = *lock(&self.mood);
        match mood {
            Mood::Well => Ok(requests.iter().map(|request| self.answer(request)).collect()),
            Mood::Away => Err(graph_away()),
            Mood::Hangs => std::future::pending().await,
        }
    }
}

/// The PBX.
pub(crate) struct Telephones {
    clock: SimClock,
    members: Mutex<Vec<Member>>,
    shown: Mutex<BTreeMap<AccountId, Seen>>,
    mood: Mutex<Mood>,
    queue: Mutex<u32>,
    lose_answers: Mutex<u32>,
    pub(crate) writes: Mutex<Vec<(i64, u32, Value)>>,
    pub(crate) calls: Mutex<BTreeMap<&'static str, usize>>,
}

impl Telephones {
    fn new(clock: SimClock) -> Self {
        Self {
            clock,
            members: Mutex::default(),
            shown: Mutex::default(),
            mood: Mutex::default(),
            queue: Mutex::default(),
            lose_answers: Mutex::default(),
            writes: Mutex::default(),
            calls: Mutex::default(),
        }
    }

    pub(crate) fn join(&self, member: Member) {
        lock(&self.shown)
            .entry(member.account)
            .or_insert(Seen { presence: Presence::Available, text: StatusText(String::new()) });
        lock(&self.members).push(member);
    }

    pub(crate) fn leave(&self, account: u32) {
        lock(&self.members).retain(|member| member.account.0 != account);
    }

    pub(crate) fn show(&self, account: u32, presence: Presence, text: &str) {
        let seen = Seen { presence, text: StatusText(text.to_owned()) };
        lock(&self.shown).insert(AccountId(account), seen);
    }

    pub(crate) fn shows(&self, account: u32) -> (String, String) {
        let shown = lock(&self.shown);
        let seen = &shown[&AccountId(account)];
        (seen.presence.name().to_owned(), seen.text.0.clone())
    }

    /// Presence and text are gone, as after a reboot.
    pub(crate) fn restart(&self) {
        for seen in lock(&self.shown).values_mut() {
            *seen = Seen { presence: Presence::Available, text: StatusText(String::new()) };
        }
        *lock(&self.queue) += 1;
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
        };
        lock(&self.writes).iter().map(|(second, account, value)| (*second, *account, words(value))).collect()
    }

    async fn called(&self, method: &'static str) -> Result<(), PbxError> {
        *lock(&self.calls).entry(method).or_default() += 1;
        let mood = *lock(&self.mood);
        match mood {
            Mood::Well => Ok(()),
            Mood::Away => Err(pbx_away()),
            Mood::Hangs => std::future::pending().await,
        }
    }

    fn write(&self, step: &Step) -> Outcome {
        let mut shown = lock(&self.shown);
        let seen = shown.get_mut(&step.account).unwrap();
        let now = seen.value(step.value.field());
        if now != step.expect {
            return Outcome::Changed { seen: Some(now) };
        }
        match &step.value {
            Value::Presence(presence) => seen.presence = presence.clone(),
            Value::Text(text) => seen.text = text.clone(),
        }
        let second = (self.clock.now() - start()).num_seconds();
        lock(&self.writes).push((second, step.account.0, step.value.clone()));
        Outcome::Done { seen: Some(step.value.clone()) }
    }
}

impl Pbx for Telephones {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        self.called("info").await?;
        Ok(ModuleInfo {
            module_version: "1".to_owned(),
            api: "1".to_owned(),
            instance_id: String::new(),
            instance_name: "Kalender Connector".to_owned(),
            starface_version: "9".to_owned(),
            queue: lock(&self.queue).to_string(),
            owner: None,
            last_seq: 0,
        })
    }

    async fn members(&self, _group: AccountId) -> Result<Vec<Member>, PbxError> {
        self.called("members").await?;
        Ok(lock(&self.members).clone())
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
        let outcomes: Vec<Outcome> = steps.iter().map(|step| self.write(step)).collect();
        let mut lose = lock(&self.lose_answers);
        if *lose > 0 {
            *lose -= 1;
            return Applied { outcomes: vec![Outcome::Unanswered; steps.len()], errors: vec![pbx_away()] };
        }
        Applied { outcomes, errors: vec![] }
    }
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

    pub(crate) fn holds(&self) -> usize {
        lock(&self.kept).holds.len()
    }

    fn write(&self, record: Record) {
        let mut kept = lock(&self.kept);
        match record {
            Record::Hold(hold) => {
                kept.holds.retain(|known| (known.account, known.field()) != (hold.account, hold.field()));
                kept.holds.push(hold);
            }
            Record::Drop(account, field) => kept.holds.retain(|hold| (hold.account, hold.field()) != (account, field)),
            Record::TextPut { account, text, at } => kept.texts.push((account, text, at)),
            Record::Calendar(address, calendar) => drop(kept.calendars.insert(address, calendar)),
            Record::ForgetCalendar(address) => drop(kept.calendars.remove(&address)),
            Record::Members(group, members) => drop(kept.members.insert(group, members)),
            Record::Queue(queue) => kept.queue = Some(queue),
            Record::Happening(happening) => lock(&self.happenings).push(happening),
        }
    }
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
        _since: DateTime<Utc>,
        _rows_max: usize,
    ) -> impl Future<Output = Result<Vec<Happening>, JournalError>> + Send {
        std::future::ready(Ok(lock(&self.happenings).clone()))
    }
}

fn graph_away() -> GraphError {
    GraphError::TimedOut { service: starface_calendar::graph::Service::Graph }
}

fn pbx_away() -> PbxError {
    PbxError::TimedOut
}

fn journal_away() -> JournalError {
    JournalError::InUse { path: "state.db".into() }
}
