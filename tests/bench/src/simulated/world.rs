//! The tenant and the PBX at the engine's ports, and a journal that keeps nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::graph::{
    Answer, Calendar, Calendars, Edited, GraphError, Imprint, MasterCategories, PerMailbox, Request,
};
use starface_calendar::journal::{Happening, Journal, JournalError, Kept, Record as Kept1};
use starface_calendar::pbx::{
    ACCOUNTS_MAX, Applied, CALLS_MAX, Drained, ModuleInfo, Page, Pbx, PbxError, RECORDS_MAX, Redirects, States,
};
use starface_calendar::rules::{
    AccountId, Address, CalledNumber, Category, Deed, Edit, Entry, EntryId, Field, Login, Member, Outcome, Ownership,
    RedirectRecord, Span, Step, Value,
};

use super::Outcome as DayOutcome;
use super::judge::{Record, Shown};

/// How long the PBX takes for a call, and for each record of a redirect in it.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    call: TimeDelta,
    record: TimeDelta,
}

pub(super) const AT_ONCE: Pace = Pace { call: TimeDelta::zero(), record: TimeDelta::zero() };
pub(super) const SLOW: Pace = Pace { call: TimeDelta::milliseconds(5), record: TimeDelta::milliseconds(2) };

/// How long Graph takes for a batch.
const BATCH: TimeDelta = TimeDelta::milliseconds(150);

/// Everything outside the service. Clones are one.
#[derive(Clone)]
pub(super) struct World {
    clock: SimClock,
    pace: Pace,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    people: BTreeMap<u32, Person>,
    /// When what is right changes, and for whom.
    boundaries: BTreeSet<(DateTime<Utc>, u32)>,
    reads: u64,
    batches: u64,
}

struct Person {
    calendar: BTreeMap<EntryId, Entry>,
    /// The calendar as the service read it last.
    known: BTreeMap<EntryId, Entry>,
    imprint: Imprint,
    shown: Shown,
    record: Record,
}

impl State {
    fn judge(&mut self, account: u32, now: DateTime<Utc>) {
        let Some(Person { calendar, known, shown, record, .. }) = self.people.get_mut(&account) else { return };
        let (calendar, known): (Vec<&Entry>, Vec<&Entry>) = (calendar.values().collect(), known.values().collect());
        record.judge(account, shown, &calendar, &known, now);
    }
}

fn address(account: u32) -> Address {
    format!("m{account}@firma.example").parse().unwrap()
}

/// The two numbers of a member: an internal and an external one.
fn numbers(account: u32) -> [CalledNumber; 2] {
    [format!("{}", account % 1_000), format!("004171{account:07}")].map(|number| number.parse().unwrap())
}

impl World {
    pub(super) fn new(clock: SimClock, pace: Pace, members: std::ops::Range<u32>) -> Self {
        let now = clock.now();
        let mut state = State::default();
        for account in members {
            let (calendar, known) = (BTreeMap::new(), BTreeMap::new());
            let imprint = Imprint::of_word("");
            let mut person = Person { calendar, known, imprint, shown: Shown::fresh(), record: Record::default() };
            person.record.pass(now);
            state.people.insert(account, person);
        }
        Self { clock, pace, state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Puts an entry into a calendar, over the one with the same id.
    pub(super) fn put(&self, account: u32, entry: Entry) {
        let now = self.clock.now();
        let mut state = self.state();
        if let Span::Timed { start, end } = entry.span {
            state.boundaries.extend([(start, account), (end, account)]);
        }
        if let Some(person) = state.people.get_mut(&account) {
            person.calendar.insert(entry.id.clone(), entry);
            person.imprint = Imprint::of_word(&format!("{now} {}", person.calendar.len()));
        }
        state.judge(account, now);
    }

    /// Returns when what is right changes next.
    pub(super) fn next_boundary(&self) -> Option<DateTime<Utc>> {
        self.state().boundaries.first().map(|(at, _)| *at)
    }

    /// Judges everybody for whom it has changed by now.
    pub(super) fn judge_boundaries(&self, now: DateTime<Utc>) {
        let mut state = self.state();
        while let Some((at, account)) = state.boundaries.first().copied().filter(|(at, _)| *at <= now) {
            state.boundaries.remove(&(at, account));
            state.judge(account, now);
        }
    }

    /// Sums the day up.
    pub(super) fn outcome(&self, ends_at: DateTime<Utc>, members: std::ops::Range<u32>) -> DayOutcome {
        let mut state = self.state();
        let count = f64::from(members.end - members.start);
        let (mut wrong, mut learning) = (0.0, 0.0);
        for person in state.people.values_mut() {
            person.record.pass(ends_at);
            let (all, until_learnt) = person.record.seconds();
            wrong += all;
            learning += until_learnt;
        }
        let hours = count * 24.0;
        DayOutcome {
            wrong: wrong / count,
            learning: learning / count,
            reads: state.reads as f64 / hours,
            calls: state.batches as f64 / hours,
        }
    }

    async fn wait(&self, records: usize) {
        let takes = self.pace.call + self.pace.record * i32::try_from(records).unwrap_or(i32::MAX);
        self.clock.sleep_until(self.clock.now() + takes).await;
    }

    /// Carries out the steps of one call.
    async fn one_call(&self, steps: Vec<(usize, Step)>, records: usize) -> Vec<(usize, Outcome)> {
        self.wait(records).await;
        let now = self.clock.now();
        let mut state = self.state();
        steps.into_iter().map(|(place, step)| (place, write(&mut state, &step, now))).collect()
    }
}

fn write(state: &mut State, step: &Step, now: DateTime<Utc>) -> Outcome {
    let Deed::Write { value, .. } = &step.deed else { return Outcome::Done { seen: None } };
    let account = step.account.0;
    if let Some(person) = state.people.get_mut(&account) {
        let seen = &mut person.shown.seen;
        match value {
            Value::Presence(presence) => seen.presence = presence.clone(),
            Value::Text(text) => seen.text = text.clone(),
            Value::Indicator(lamp) => seen.telephony = Some(lamp.clone()),
            Value::Dnd(dnd) => seen.dnd = Some(*dnd),
            Value::Redirect(number, redirect) => {
                if let Some(place) = numbers(account).iter().position(|known| known == number) {
                    person.shown.redirects[place] = redirect.clone();
                }
            }
        }
    }
    state.judge(account, now);
    Outcome::Done { seen: Some(value.clone()) }
}

impl Calendars for World {
    async fn read(&self, requests: &[Request]) -> Result<Vec<Answer>, GraphError> {
        self.clock.sleep_until(self.clock.now() + BATCH).await;
        let now = self.clock.now();
        let mut state = self.state();
        state.batches += 1;
        state.reads += requests.len() as u64;
        let mut answer = |request: &Request| {
            let account: u32 = request.address.as_str()[1..].split('@').next().unwrap_or_default().parse().unwrap_or(0);
            let person = state.people.get_mut(&account).expect("nobody else is read");
            person.known.clone_from(&person.calendar);
            // As the real client knows the last answer again.
            let calendar = match request.last {
                Some(last) if last == person.imprint => Calendar::Unchanged,
                _ => {
                    let entries = person.calendar.values().cloned().collect();
                    Calendar::Read { entries, imprint: Some(person.imprint) }
                }
            };
            state.judge(account, now);
            Answer { address: request.address.clone(), calendar: Ok(calendar), tags_unknown: BTreeSet::new() }
        };
        Ok(requests.iter().map(&mut answer).collect())
    }
}

impl MasterCategories for World {
    async fn list(&self, addresses: &[Address]) -> PerMailbox<Vec<Category>> {
        Ok(addresses.iter().map(|_| Ok(Vec::new())).collect())
    }

    async fn edit(&self, edits: &[(Address, Edit)]) -> PerMailbox<Edited> {
        Ok(edits.iter().map(|_| Ok(Edited::Done)).collect())
    }
}

impl Pbx for World {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        self.wait(0).await;
        let text = str::to_owned;
        Ok(ModuleInfo {
            module_version: text("1"),
            api: text("1"),
            instance_id: String::new(),
            instance_name: text("Kalender Connector"),
            starface_version: text("10"),
            config_revision: text("1"),
            queue: text("0"),
            owner: None,
            last_seq: 0,
        })
    }

    async fn page(&self) -> Result<Page, PbxError> {
        Ok(Page::default())
    }

    async fn members(&self, _: AccountId) -> Result<Vec<Member>, PbxError> {
        self.wait(0).await;
        let member = |account: &u32| Member {
            account: AccountId(*account),
            login: Login(account.to_string()),
            name: format!("Member {account}"),
            address: Some(address(*account)),
        };
        Ok(self.state().people.keys().map(member).collect())
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        let call = async |accounts: &[AccountId]| {
            self.wait(0).await;
            let state = self.state();
            let seen = |account: &AccountId| Some((*account, state.people.get(&account.0)?.shown.seen.clone()));
            accounts.iter().filter_map(seen).collect::<Vec<_>>()
        };
        let calls: Vec<_> = accounts.chunks(ACCOUNTS_MAX).map(call).collect();
        let seen: Vec<_> = stream::iter(calls).buffer_unordered(CALLS_MAX).collect().await;
        States { seen: seen.into_iter().flatten().collect(), errors: Vec::new() }
    }

    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        let call = async |accounts: &[AccountId]| {
            self.wait(2 * accounts.len()).await;
            let state = self.state();
            let of = |account: &AccountId| Some((*account, records(account.0, &state.people.get(&account.0)?.shown)));
            accounts.iter().filter_map(of).collect::<Vec<_>>()
        };
        let calls: Vec<_> = accounts.chunks(ACCOUNTS_MAX).map(call).collect();
        let seen: Vec<_> = stream::iter(calls).buffer_unordered(CALLS_MAX).collect().await;
        Redirects { seen: seen.into_iter().flatten().collect(), errors: Vec::new() }
    }

    async fn apply(&self, steps: &[Step]) -> Applied {
        let placed = steps.iter().cloned().enumerate();
        let (redirects, states): (Vec<_>, Vec<_>) =
            placed.partition(|(_, step)| matches!(step.field(), Field::Redirect(_)));
        let mut outcomes = vec![Outcome::NotSent; steps.len()];
        // A member has two fields of state on average.
        let calls = states.chunks(2 * ACCOUNTS_MAX).map(|steps| self.one_call(steps.to_vec(), 0));
        let mut done: Vec<_> = stream::iter(calls.collect::<Vec<_>>()).buffer_unordered(CALLS_MAX).collect().await;
        let calls = redirects.chunks(RECORDS_MAX).map(|steps| self.one_call(steps.to_vec(), steps.len()));
        done.extend(stream::iter(calls.collect::<Vec<_>>()).buffer_unordered(CALLS_MAX).collect::<Vec<_>>().await);
        for (place, outcome) in done.into_iter().flatten() {
            outcomes[place] = outcome;
        }
        Applied { outcomes, errors: Vec::new() }
    }

    async fn drain(&self, _: Option<String>, _: u64, wait: Duration) -> Result<Drained, PbxError> {
        self.clock.sleep_until(self.clock.now() + TimeDelta::from_std(wait).unwrap_or_default()).await;
        Ok(Drained { queue: "0".to_owned(), seq: 0, events: Vec::new(), skipped: 0 })
    }
}

fn records(account: u32, shown: &Shown) -> Vec<RedirectRecord> {
    let record = |(number, redirect): (CalledNumber, &starface_calendar::rules::Redirect)| RedirectRecord {
        number,
        ownership: Ownership::Own,
        redirect: redirect.clone(),
        last_mailbox: None,
        mailboxes: Vec::new(),
    };
    numbers(account).into_iter().zip(&shown.redirects).map(record).collect()
}

/// A journal that keeps nothing.
#[derive(Clone)]
pub(super) struct Forgetful(DateTime<Utc>);

impl Forgetful {
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        Self(now)
    }
}

impl Journal for Forgetful {
    async fn load(&self) -> Result<Kept, JournalError> {
        Ok(Kept { owner: "bench".to_owned(), created_at: self.0 - TimeDelta::days(30), ..Kept::default() })
    }

    async fn commit(&self, _: Vec<Kept1>) -> Result<(), JournalError> {
        Ok(())
    }

    async fn reserve_seq(&self, above: u64) -> Result<u64, JournalError> {
        Ok(above + 1)
    }

    async fn prune(&self, _: DateTime<Utc>, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<usize, JournalError> {
        Ok(0)
    }

    async fn history(&self, _: DateTime<Utc>, _: usize) -> Result<Vec<Happening>, JournalError> {
        Ok(Vec::new())
    }
}
