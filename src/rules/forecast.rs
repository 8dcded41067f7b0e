//! What would happen to whom, when and why, if nobody changed anything any more and nothing failed.
//!
//! Not a second set of rules: at each boundary the same decisions are asked for as in service, and each of their steps
//! counts as carried out. Takes values, returns values; nothing here fails.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::counting::{Counting, Mark, counting};
use super::deciding::{Move, NumberSituation, Recording, Situation, Why, confirm, decide, decide_number};
use super::switchboard::Directory;
use super::{
    AccountId, CalledNumber, Entry, EntryId, Field, FoundProblem, Hold, Member, Outcome, Ownership, Phase, Policy,
    RedirectRecord, Seen, StatusText, Subscriber, Switchboard, Value, Wish, overlay,
};

#[cfg(test)]
mod tests;

/// How long a text that was put is known as ours.
const TEXT_OURS_FOR: TimeDelta = TimeDelta::hours(24);

/// One member with everything that is known of it.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Who it is; without an address, or without entries, nothing is wanted of it.
    pub member: Member,
    /// The calendar.
    pub entries: Vec<Entry>,
    /// The early ends.
    pub marks: Vec<Mark>,
    /// What the PBX shows.
    pub seen: Seen,
    /// The called numbers.
    pub records: Vec<RedirectRecord>,
    /// The texts put on this member, and when.
    pub texts_put: Vec<(DateTime<Utc>, StatusText)>,
}

/// Where the forecast begins, and how far it goes.
#[derive(Clone, Debug)]
pub struct Horizon {
    /// The present instant.
    pub from: DateTime<Utc>,
    /// The first instant that is not looked at.
    pub until: DateTime<Utc>,
    /// When the journal was begun, or would be.
    pub journal_began_at: DateTime<Utc>,
    /// When the PBX or the module was last seen to have restarted.
    pub restarted_at: Option<DateTime<Utc>>,
}

/// One change that would be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: DateTime<Utc>,
    /// Through whose account.
    pub account: AccountId,
    /// From what.
    pub from: Value,
    /// To what.
    pub to: Value,
    /// Why.
    pub why: Why,
    /// The entry that decides, or decided last.
    pub entry: Option<EntryId>,
    /// Whose entry that is.
    pub claimant: Option<AccountId>,
}

/// Everything that would happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// In order of time, then of accounts and fields.
    pub turns: Vec<Turn>,
    /// The redirects that entries ask for and would not get, with when they would first be missed.
    pub problems: BTreeMap<FoundProblem, DateTime<Utc>>,
}

/// Foretells what would happen to these members, each of whom is another account. `holds` are those that the journal has.
pub fn forecast(horizon: &Horizon, subjects: &[Subject], holds: &[Hold], policy: &Policy) -> Forecast {
    let mut course = Course::new(horizon, subjects, holds, policy);
    course.turn(horizon.from, &(0..subjects.len()).collect());
    for (at, members) in boundaries(horizon, subjects, policy) {
        course.turn(at, &members);
    }
    let mut forecast = course.forecast;
    forecast.turns.sort_by_key(|turn| (turn.at, turn.account, turn.to.field()));
    forecast
}

/// Returns each instant at which an entry that counts begins or ends, and whose.
fn boundaries(horizon: &Horizon, subjects: &[Subject], policy: &Policy) -> BTreeMap<DateTime<Utc>, BTreeSet<usize>> {
    let mut boundaries: BTreeMap<DateTime<Utc>, BTreeSet<usize>> = BTreeMap::new();
    for (index, subject) in subjects.iter().enumerate() {
        let counts = |entry: &&Entry| matches!(counting(entry, policy, &subject.marks), Counting::Counts(_));
        let instants = subject.entries.iter().filter(counts);
        let instants = instants.flat_map(|entry| [entry.span.start(policy.zone), entry.span.end(policy.zone)]);
        for at in instants.filter(|at| horizon.from < *at && *at < horizon.until) {
            boundaries.entry(at).or_default().insert(index);
        }
    }
    boundaries
}

/// Returns who has each number, and at which place of the records.
fn paths(subjects: &[Subject]) -> BTreeMap<CalledNumber, Vec<(usize, usize)>> {
    let mut paths: BTreeMap<CalledNumber, Vec<(usize, usize)>> = BTreeMap::new();
    for (person, subject) in subjects.iter().enumerate() {
        for (place, record) in subject.records.iter().enumerate() {
            paths.entry(record.number).or_default().push((person, place));
        }
    }
    paths
}

/// The course of things, as far as it has been foretold.
struct Course<'a> {
    horizon: &'a Horizon,
    policy: &'a Policy,
    people: Vec<Person<'a>>,
    by_account: BTreeMap<AccountId, usize>,
    directory: Directory,
    /// Where each number is found: the account, and of that the record.
    paths: BTreeMap<CalledNumber, Vec<(usize, usize)>>,
    /// The holds on called numbers.
    numbers: BTreeMap<CalledNumber, Hold>,
    forecast: Forecast,
}

/// One member at the instant that was looked at last.
struct Person<'a> {
    subject: &'a Subject,
    seen: Seen,
    records: Vec<RedirectRecord>,
    holds: Vec<Hold>,
    wish: Option<Wish>,
    texts_put: Vec<(DateTime<Utc>, StatusText)>,
}

impl Person<'_> {
    fn asks_of_numbers(&self) -> bool {
        self.wish.as_ref().is_some_and(Wish::asks_of_numbers)
    }

    fn show(&mut self, value: &Value) {
        match value.clone() {
            Value::Presence(presence) => self.seen.presence = presence,
            Value::Text(text) => self.seen.text = text,
            // Where the PBX does not show the indicator, it goes on not showing it.
            Value::Indicator(telephony) => self.seen.telephony = self.seen.telephony.take().map(|_| telephony),
            Value::Dnd(dnd) => self.seen.dnd = Some(dnd),
            Value::Redirect(number, redirect) => {
                for record in self.records.iter_mut().filter(|record| record.number == number) {
                    record.redirect.clone_from(&redirect);
                }
            }
        }
    }

    fn keep(&mut self, field: Field, recording: Recording) {
        self.holds.retain(|hold| hold.field() != field);
        if let Recording::Keep(hold) = recording {
            self.holds.push(hold);
        }
    }
}

impl<'a> Course<'a> {
    fn new(horizon: &'a Horizon, subjects: &'a [Subject], holds: &[Hold], policy: &'a Policy) -> Self {
        let person = |subject: &'a Subject| Person {
            subject,
            seen: subject.seen.clone(),
            records: subject.records.clone(),
            holds: holds
                .iter()
                .filter(|hold| hold.account == subject.member.account && hold.field().number().is_none())
                .cloned()
                .collect(),
            wish: None,
            texts_put: subject.texts_put.clone(),
        };
        Self {
            horizon,
            policy,
            people: subjects.iter().map(person).collect(),
            by_account: subjects.iter().enumerate().map(|(index, one)| (one.member.account, index)).collect(),
            directory: Directory::of(subjects.iter().map(|one| (one.member.account, one.records.as_slice()))),
            paths: paths(subjects),
            numbers: holds.iter().filter_map(|hold| Some((hold.field().number()?, hold.clone()))).collect(),
            forecast: Forecast::default(),
        }
    }

    /// Lets it be `now`, at which something may change for these members.
    fn turn(&mut self, now: DateTime<Utc>, members: &BTreeSet<usize>) {
        let mut concerns_numbers = now == self.horizon.from;
        for index in members {
            concerns_numbers |= self.people[*index].asks_of_numbers();
            let subject = self.people[*index].subject;
            self.people[*index].wish = overlay(now, &subject.entries, self.policy, &subject.marks);
            concerns_numbers |= self.people[*index].asks_of_numbers();
            self.turn_state(now, *index);
        }
        if concerns_numbers {
            self.turn_numbers(now);
        }
    }

    fn turn_state(&mut self, now: DateTime<Utc>, index: usize) {
        for one in self.moves(now, index) {
            let field = one.field;
            let recording = self.carry_out(now, one);
            self.people[index].keep(field, recording);
        }
    }

    fn moves(&self, now: DateTime<Utc>, index: usize) -> Vec<Move> {
        let person = &self.people[index];
        let ours = person.texts_put.iter().filter(|(at, _)| now - *at < TEXT_OURS_FOR);
        let texts_put: Vec<StatusText> = ours.map(|(_, text)| text.clone()).collect();
        decide(&Situation {
            now,
            account: person.subject.member.account,
            login: &person.subject.member.login,
            wish: person.wish.as_ref(),
            holds: &person.holds,
            seen: &person.seen,
            texts_put: &texts_put,
            journal_began_at: self.horizon.journal_began_at,
            restarted_at: self.horizon.restarted_at,
            policy: self.policy,
        })
    }

    fn turn_numbers(&mut self, now: DateTime<Utc>) {
        let board = self.board();
        for problem in board.problems.keys() {
            self.forecast.problems.entry(problem.clone()).or_insert(now);
        }
        for one in self.moves_of_numbers(now, &board) {
            let field = one.field;
            let recording = self.carry_out(now, one);
            let Some(number) = field.number() else { continue };
            match recording {
                Recording::Keep(hold) => drop(self.numbers.insert(number, hold)),
                Recording::Drop => drop(self.numbers.remove(&number)),
            }
        }
    }

    fn board(&self) -> Switchboard {
        let subscribers: Vec<Subscriber<'_>> = self
            .people
            .iter()
            .map(|person| Subscriber {
                account: person.subject.member.account,
                login: &person.subject.member.login,
                wish: person.wish.as_ref(),
                records: &person.records,
            })
            .collect();
        let holds = self.numbers.iter().map(|(number, hold)| (*number, hold)).collect();
        Switchboard::plan_with(&self.directory, &subscribers, &holds, &self.policy.redirects)
    }

    fn moves_of_numbers(&self, now: DateTime<Utc>, board: &Switchboard) -> Vec<Move> {
        let numbers: BTreeSet<CalledNumber> = board.numbers().chain(self.numbers.keys().copied()).collect();
        let decided = |number: CalledNumber| {
            let hold = self.numbers.get(&number);
            let (account, record) = self.path(number, hold)?;
            decide_number(&NumberSituation {
                now,
                account,
                login: self.by_account.get(&account).map(|index| &self.people[*index].subject.member.login),
                record,
                claims: board.claims(number),
                hold,
                journal_began_at: self.horizon.journal_began_at,
                policy: self.policy,
            })
        };
        numbers.into_iter().filter_map(decided).collect()
    }

    /// Returns the account through which a number is read and written: the one it is held through, else the lowest that
    /// has it as its own, else the lowest that has it.
    fn path(&self, number: CalledNumber, hold: Option<&Hold>) -> Option<(AccountId, &RedirectRecord)> {
        let having = self.paths.get(&number)?.iter().map(|(person, record)| {
            let person = &self.people[*person];
            (person.subject.member.account, &person.records[*record])
        });
        let is_held = |account: AccountId| hold.is_some_and(|hold| hold.account == account);
        having.min_by_key(|(account, record)| (!is_held(*account), record.ownership != Ownership::Own, *account))
    }

    /// Lets a step be carried out, and returns what is held after it.
    fn carry_out(&mut self, now: DateTime<Utc>, one: Move) -> Recording {
        let Some(to) = one.step.as_ref().and_then(|step| step.written()).cloned() else { return one.recording };
        let Recording::Keep(hold) = &one.recording else { return one.recording };
        let from = self.shown(one.account, one.field).unwrap_or_else(|| one.field.neutral());
        if !from.looks_like(&to) {
            let (entry, claimant) =
                hold.claimants.first().map(|claimant| (claimant.entry.clone(), claimant.account)).unzip();
            let turn = Turn { at: now, account: one.account, from, to: to.clone(), why: one.why, entry, claimant };
            self.forecast.turns.push(turn);
        }
        self.show(one.account, &to);
        if let (Value::Text(text), Phase::Putting, Some(index)) = (&to, hold.phase, self.by_account.get(&one.account)) {
            self.people[*index].texts_put.push((now, text.clone()));
        }
        confirm(hold, &Outcome::Done { seen: None }, now)
    }

    fn shown(&self, account: AccountId, field: Field) -> Option<Value> {
        let person = &self.people[*self.by_account.get(&account)?];
        let Field::Redirect(number) = field else { return person.seen.value(field) };
        let record = person.records.iter().find(|record| record.number == number)?;
        Some(Value::Redirect(number, record.redirect.clone()))
    }

    /// A number of a group is shown to all who have it.
    fn show(&mut self, account: AccountId, value: &Value) {
        if let Some(number) = value.field().number() {
            for (person, _) in self.paths.get(&number).into_iter().flatten() {
                self.people[*person].show(value);
            }
        } else if let Some(index) = self.by_account.get(&account) {
            self.people[*index].show(value);
        }
    }
}
