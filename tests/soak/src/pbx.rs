//! The PBX with the module in it, at the service's port.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::select;
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::pbx::{Applied, Drained, Event, EventKind, ModuleInfo, Page, Pbx, PbxError, Redirects, States};
use starface_calendar::rules::{
    AccountId, Call, Deed, Dnd, Field, Member, Outcome, Ownership, Presence, Redirect, RedirectRecord, Seen,
    StatusText, Step, Telephony, Value,
};
use tokio::sync::watch;

use super::fuse::Fuse;
use super::journal::Holding;
use super::outside::Written;
use super::table::{Row, Table};

/// How the PBX treats calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Well,
    /// Nobody answers.
    Away,
    /// Every call is carried out, and no answer arrives.
    Mute,
    /// Writes are carried out a while after they were given up.
    Late,
    /// Reads give only some of what was asked for.
    Half,
    /// Writes are refused.
    Refusing,
    /// Writes of redirects are answered as done, and nothing changes.
    Ineffective,
    /// Another sidecar writes.
    Foreign,
    /// The group is told as empty at one read, and with half of its members at the next.
    Shrunken,
}

/// What one member's telephone and client show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) presence: String,
    pub(crate) text: String,
    pub(crate) lamp: Telephony,
    pub(crate) dnd: bool,
    pub(crate) in_call: bool,
}

impl Shown {
    pub(crate) fn fresh() -> Self {
        let presence = "AVAILABLE".to_owned();
        Self { presence, text: String::new(), lamp: Telephony::Available, dnd: false, in_call: false }
    }

    fn seen(&self) -> Seen {
        Seen {
            presence: Presence::named(&self.presence),
            text: StatusText(self.text.clone()),
            telephony: Some(self.lamp.clone()),
            dnd: Some(if self.dnd { Dnd::On } else { Dnd::Off }),
            call: if self.in_call { Call::UnderWay } else { Call::None },
        }
    }
}

/// A called number.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) ownership: Ownership,
    pub(crate) members: Vec<u32>,
    pub(crate) redirect: Redirect,
}

/// Everything in the PBX.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) mood: Mood,
    pub(crate) group: BTreeMap<u32, Member>,
    pub(crate) shown: BTreeMap<u32, Shown>,
    pub(crate) lines: BTreeMap<String, Line>,
    pub(crate) boxes: BTreeMap<u32, Vec<String>>,
    pub(crate) table: Table,
    /// In whose name calls come.
    pub(crate) caller: String,
    queue: u32,
    /// Writes under way that were given up.
    late: VecDeque<(DateTime<Utc>, Step)>,
    reads_of_group: u32,
    /// What was written, and is not looked at yet.
    pub(crate) written: Written,
    pub(crate) calls: u64,
}

impl State {
    /// Nothing that was given up is carried out any more.
    pub(crate) fn forget_late_writes(&mut self) {
        self.late.clear();
    }
}

/// The PBX. Clones are one.
#[derive(Clone)]
pub(crate) struct Telephones {
    clock: SimClock,
    fuse: Fuse,
    holding: Holding,
    state: Arc<Mutex<State>>,
    events: Arc<watch::Sender<Vec<Event>>>,
}

/// How long after it was given up a late write is carried out.
const LATE_BY: TimeDelta = TimeDelta::seconds(40);

impl Telephones {
    pub(crate) fn new(clock: SimClock, fuse: Fuse, holding: Holding) -> Self {
        Self { clock, fuse, holding, state: Arc::default(), events: Arc::default() }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Something happens now that the module tells of.
    pub(crate) fn happen(&self, kind: EventKind) {
        let at = self.clock.now();
        self.events.send_modify(|events| events.push(Event { seq: events.len() as u64 + 1, kind, at }));
    }

    /// The module is loaded anew: its memory is lost.
    pub(crate) fn update_module(&self) {
        let mut state = self.state();
        state.queue += 1;
        state.table = Table::default();
        drop(state);
        self.events.send_modify(Vec::clear);
    }

    /// The PBX starts anew: presence, text and lamps are lost too, and calls.
    pub(crate) fn restart(&self) {
        for shown in self.state().shown.values_mut() {
            *shown = Shown { dnd: shown.dnd, ..Shown::fresh() };
        }
        self.update_module();
    }

    /// What the module does once a minute.
    pub(crate) fn tick(&self) {
        let now = self.clock.now();
        let mut state = self.state();
        let State { table, shown, lines, .. } = &mut *state;
        let mut told = BTreeSet::new();
        for (place, row) in table.due(now) {
            if row_is_put_back(shown, lines, place.0, &row) {
                told.insert(place.0);
            }
        }
        drop(state);
        for account in told {
            self.happen(EventKind::Back(AccountId(account)));
        }
    }

    /// Carries out what was given up and whose time has come.
    pub(crate) fn land(&self) {
        let now = self.clock.now();
        let next = || self.state().late.pop_front_if(|(at, _)| *at <= now);
        while let Some((_, step)) = next() {
            self.write(&step);
        }
    }

    /// Counts the call, and says whether anybody answers.
    async fn called(&self) -> Result<Mood, PbxError> {
        self.fuse.pass().await;
        let now = self.clock.now();
        let mut state = self.state();
        state.calls += 1;
        if state.mood == Mood::Away {
            return Err(PbxError::TimedOut);
        }
        let caller = state.caller.clone();
        state.table.heard_of(&caller, now);
        if state.mood == Mood::Mute { Err(PbxError::TimedOut) } else { Ok(state.mood) }
    }

    fn write(&self, step: &Step) -> Outcome {
        let now = self.clock.now();
        let mut state = self.state();
        let (account, field) = (step.account.0, step.field());
        if !state.shown.contains_key(&account) {
            return Outcome::Refused { error: "no account".to_owned() };
        }
        let place = (account, field);
        let caller = state.caller.clone();
        match &step.deed {
            Deed::Forget(_) => {
                state.table.forget(place);
                Outcome::Done { seen: None }
            }
            Deed::Remember(back) => {
                let put = shows(&state, account, field);
                if let Some(put) = put {
                    state.table.replace(place, back, put, caller);
                }
                Outcome::Done { seen: None }
            }
            Deed::Write { value, expect, back } => {
                if !self.holding.holds(account, field) {
                    state.written.wrongs.push(format!("{account} {field} is written and no hold says so"));
                }
                let now_shown = shows(&state, account, field);
                if expect.is_some() && now_shown != *expect {
                    return Outcome::Changed { seen: now_shown };
                }
                if state.mood == Mood::Ineffective && field.number().is_some() {
                    return Outcome::Done { seen: now_shown };
                }
                let State { shown, lines, .. } = &mut *state;
                if !put(shown, lines, account, value) {
                    return Outcome::Refused { error: "unknown number".to_owned() };
                }
                match back {
                    Some(back) => state.table.replace(place, back, value.clone(), caller),
                    None => state.table.forget(place),
                }
                state.written.steps.push((now, step.clone()));
                Outcome::Done { seen: Some(value.clone()) }
            }
        }
    }
}

/// What a field shows.
fn shows(state: &State, account: u32, field: Field) -> Option<Value> {
    match field {
        Field::Redirect(number) => {
            state.lines.get(number.as_str()).map(|line| Value::Redirect(number, line.redirect.clone()))
        }
        field => state.shown.get(&account)?.seen().value(field),
    }
}

/// Writes a value; false where there is no such number.
fn put(shown: &mut BTreeMap<u32, Shown>, lines: &mut BTreeMap<String, Line>, account: u32, value: &Value) -> bool {
    let Some(shown) = shown.get_mut(&account) else { return false };
    match value {
        Value::Presence(presence) => presence.name().clone_into(&mut shown.presence),
        Value::Text(text) => text.0.clone_into(&mut shown.text),
        Value::Indicator(lamp) => shown.lamp = lamp.clone(),
        Value::Dnd(dnd) => shown.dnd = *dnd == Dnd::On,
        Value::Redirect(number, redirect) => match lines.get_mut(number.as_str()) {
            Some(line) if line.members.contains(&account) => line.redirect = redirect.clone(),
            _ => return false,
        },
    }
    true
}

/// Puts a row back where what was put still shows.
fn row_is_put_back(
    shown: &mut BTreeMap<u32, Shown>,
    lines: &mut BTreeMap<String, Line>,
    account: u32,
    row: &Row,
) -> bool {
    let now = match &row.put {
        Value::Redirect(number, _) => {
            lines.get(number.as_str()).map(|line| Value::Redirect(*number, line.redirect.clone()))
        }
        put => shown.get(&account).and_then(|shown| shown.seen().value(put.field())),
    };
    now.as_ref() == Some(&row.put) && put(shown, lines, account, &row.back)
}

impl Pbx for Telephones {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        self.called().await?;
        let queue = self.state().queue.to_string();
        Ok(ModuleInfo {
            module_version: "1".to_owned(),
            api: "1".to_owned(),
            instance_id: String::new(),
            instance_name: "Kalender Connector".to_owned(),
            starface_version: "10".to_owned(),
            config_revision: "1".to_owned(),
            queue,
            owner: None,
            last_seq: 0,
        })
    }

    async fn page(&self) -> Result<Page, PbxError> {
        self.called().await?;
        Ok(Page::default())
    }

    async fn members(&self, _: AccountId) -> Result<Vec<Member>, PbxError> {
        let mood = self.called().await?;
        let mut state = self.state();
        state.reads_of_group += 1;
        let kept = match (mood, state.reads_of_group % 3) {
            (Mood::Shrunken, 0) => 0,
            (Mood::Shrunken, 1) => state.group.len() / 3,
            (Mood::Shrunken, _) => state.group.len() / 4,
            _ => state.group.len(),
        };
        Ok(state.group.values().take(kept).cloned().collect())
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        match self.called().await {
            Err(error) => States { seen: BTreeMap::new(), errors: vec![error] },
            Ok(mood) => {
                let state = self.state();
                let is_told = |account: &&AccountId| mood != Mood::Half || account.0.is_multiple_of(2);
                let seen = accounts.iter().filter(is_told);
                let seen = seen.filter_map(|account| Some((*account, state.shown.get(&account.0)?.seen()))).collect();
                States { seen, errors: vec![] }
            }
        }
    }

    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        match self.called().await {
            Err(error) => Redirects { seen: BTreeMap::new(), errors: vec![error] },
            Ok(mood) => {
                let state = self.state();
                let is_told = |account: &&AccountId| mood != Mood::Half || !account.0.is_multiple_of(2);
                let known = accounts.iter().filter(is_told).filter(|account| state.shown.contains_key(&account.0));
                Redirects {
                    seen: known.map(|account| (*account, records(&state, account.0))).collect(),
                    errors: vec![],
                }
            }
        }
    }

    async fn apply(&self, steps: &[Step]) -> Applied {
        let nothing = |outcome: Outcome, errors| Applied { outcomes: vec![outcome; steps.len()], errors };
        let mood = self.called().await;
        match (&mood, self.state().mood) {
            (Err(_), Mood::Mute) | (Ok(_), _) => {}
            (Err(error), _) => return nothing(Outcome::NotSent, vec![error.clone()]),
        }
        match mood {
            Ok(Mood::Foreign) => {
                return nothing(Outcome::NotSent, vec![PbxError::OtherOwner { id: "another".to_owned() }]);
            }
            Ok(Mood::Refusing) => return nothing(Outcome::Refused { error: "no".to_owned() }, vec![]),
            Ok(Mood::Late) => {
                let at = self.clock.now() + LATE_BY;
                self.state().late.extend(steps.iter().map(|step| (at, step.clone())));
                return nothing(Outcome::Unanswered, vec![PbxError::TimedOut]);
            }
            _ => {}
        }
        let mut outcomes = Vec::with_capacity(steps.len());
        for step in steps {
            self.fuse.pass().await;
            outcomes.push(self.write(step));
        }
        self.fuse.pass().await;
        match mood {
            Err(error) => nothing(Outcome::Unanswered, vec![error]),
            Ok(_) => Applied { outcomes, errors: vec![] },
        }
    }

    async fn drain(&self, queue: Option<String>, after: u64, wait: Duration) -> Result<Drained, PbxError> {
        self.called().await?;
        let current = self.state().queue.to_string();
        let is_current = queue.as_ref() == Some(&current);
        let mut events = self.events.subscribe();
        let over = self.clock.sleep_until(self.clock.now() + TimeDelta::from_std(wait).unwrap());
        let happens = events.wait_for(|events| !is_current || events.len() as u64 != after);
        drop(select(pin!(happens), pin!(over)).await);
        let (events, current) = (self.events.borrow().clone(), self.state().queue.to_string());
        let after = if queue.as_ref() == Some(&current) { after } else { 0 };
        let seq = events.len() as u64;
        Ok(Drained {
            queue: current,
            seq,
            events: events.into_iter().filter(|event| event.seq > after).collect(),
            skipped: 0,
        })
    }
}

fn records(state: &State, account: u32) -> Vec<RedirectRecord> {
    let mine = state.lines.iter().filter(|(_, line)| line.members.contains(&account));
    let record = |(number, line): (&String, &Line)| RedirectRecord {
        number: number.parse().unwrap(),
        ownership: line.ownership,
        redirect: line.redirect.clone(),
        last_mailbox: None,
        mailboxes: state.boxes[&account].clone(),
    };
    mine.map(record).collect()
}
