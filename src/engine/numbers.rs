//! The members' called numbers between two rounds: their records as last read, what was asked of them at the last look,
//! and what could not be done.
//!
//! Pure: takes records and `now`. Records that were not read stay as they were: unknown is not empty.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};

use crate::rules::asking::Ask;
use crate::rules::switchboard::Directory;
use crate::rules::{AccountId, CalledNumber, FoundProblem, Ownership, Redirect, RedirectRecord, Side, Wish};

/// How long an account must have been without a called number before the number counts as taken away.
const TAKEN_AFTER: TimeDelta = TimeDelta::minutes(5);

/// What entries ask of a member's numbers.
pub(super) type Asks = [Vec<Ask>; 2];

/// Returns what a wish asks of numbers.
pub(super) fn asks_of(wish: Option<&Wish>) -> Asks {
    Side::ALL.map(|side| wish.map_or_else(Vec::new, |wish| wish.asks(side).to_vec()))
}

/// The called numbers of all members.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    known: BTreeMap<AccountId, Vec<RedirectRecord>>,
    /// Drawn up when it is needed, and thrown away when anybody has other numbers.
    directory: OnceLock<Directory>,
    /// Who has each number, of a group's several.
    having: BTreeMap<CalledNumber, BTreeSet<AccountId>>,
    asked: BTreeMap<AccountId, Asks>,
    missing_since: BTreeMap<CalledNumber, DateTime<Utc>>,
    problems: BTreeMap<FoundProblem, DateTime<Utc>>,
}

/// How the problems changed.
#[derive(Debug, Default)]
pub(super) struct Turn {
    pub(super) begun: Vec<FoundProblem>,
    pub(super) mended: Vec<FoundProblem>,
}

impl Numbers {
    /// Takes the records of an account; returns whether they are other ones than before.
    pub(super) fn learn(&mut self, account: AccountId, records: &[RedirectRecord]) -> bool {
        let known = self.known.get(&account);
        if known.is_some_and(|known| known == records) {
            return false;
        }
        let numbers = |record: &RedirectRecord| (record.number, record.ownership);
        if known.is_none_or(|known| !known.iter().map(numbers).eq(records.iter().map(numbers))) {
            self.directory.take();
        }
        self.forget(account);
        for record in records {
            self.having.entry(record.number).or_default().insert(account);
            if record.ownership == Ownership::Group {
                self.show(record.number, &record.redirect);
            }
        }
        self.known.insert(account, records.to_vec());
        true
    }

    /// Forgets everybody but these.
    pub(super) fn follow(&mut self, accounts: &BTreeSet<AccountId>) {
        let gone: Vec<AccountId> = self.known.keys().filter(|account| !accounts.contains(account)).copied().collect();
        for account in gone {
            self.forget(account);
            self.directory.take();
        }
        self.asked.retain(|account, _| accounts.contains(account));
    }

    /// Notes what a number shows now, for everybody who has it.
    pub(super) fn show(&mut self, number: CalledNumber, redirect: &Redirect) {
        for account in self.having.get(&number).into_iter().flatten() {
            let records = self.known.get_mut(account).into_iter().flatten();
            for record in records.filter(|record| record.number == number) {
                record.redirect.clone_from(redirect);
            }
        }
    }

    /// Returns the directory of all numbers.
    pub(super) fn directory(&self) -> &Directory {
        let records = || self.known.iter().map(|(account, records)| (*account, records.as_slice()));
        self.directory.get_or_init(|| Directory::of(records()))
    }

    /// Returns the records of an account, if they were ever read.
    pub(super) fn of(&self, account: AccountId) -> Option<&[RedirectRecord]> {
        self.known.get(&account).map(Vec::as_slice)
    }

    /// Returns the accounts at which calls to a number arrive, as far as they are known.
    pub(super) fn having(&self, number: CalledNumber) -> impl Iterator<Item = AccountId> {
        self.having.get(&number).into_iter().flatten().copied()
    }

    /// Notes what was asked of an account's numbers when they were looked at; nothing when they concern nobody.
    pub(super) fn asked(&mut self, account: AccountId, asks: Option<Asks>) {
        match asks {
            Some(asks) => drop(self.asked.insert(account, asks)),
            None => drop(self.asked.remove(&account)),
        }
    }

    /// Looks at the numbers of this account afresh.
    pub(super) fn ask_again(&mut self, account: AccountId) {
        self.asked.remove(&account);
    }

    /// Looks at everybody's numbers afresh: what may be dialled is decided anew.
    pub(super) fn ask_everybody_again(&mut self) {
        self.asked.clear();
    }

    /// Returns whether this was asked at the last look.
    pub(super) fn was_asked(&self, account: AccountId, wish: Option<&Wish>) -> bool {
        let asks = |side: Side| wish.map_or(&[][..], |wish| wish.asks(side));
        let is_same =
            |asked: &Asks| Side::ALL.into_iter().zip(asked).all(|(side, asked)| asked.as_slice() == asks(side));
        self.asked.get(&account).is_some_and(is_same)
    }

    /// Returns whether anything was asked at the last look.
    pub(super) fn had_asks(&self, account: AccountId) -> bool {
        self.asked.get(&account).is_some_and(|asks| asks.iter().any(|asks| !asks.is_empty()))
    }

    /// Notes that a number was read, or that its account was read without it; returns whether it has been taken away.
    pub(super) fn is_taken_away(&mut self, number: CalledNumber, found: Found, now: DateTime<Utc>) -> bool {
        match found {
            Found::There => {
                self.missing_since.remove(&number);
                false
            }
            Found::Missing => now - *self.missing_since.entry(number).or_insert(now) >= TAKEN_AFTER,
        }
    }

    /// Takes the problems as they are now and returns how they changed.
    pub(super) fn note_problems<'a>(
        &mut self,
        problems: impl IntoIterator<Item = &'a FoundProblem>,
        now: DateTime<Utc>,
    ) -> Turn {
        let current: BTreeSet<&FoundProblem> = problems.into_iter().collect();
        let mut turn = Turn::default();
        self.problems.retain(|known, _| {
            let stays = current.contains(known);
            if !stays {
                turn.mended.push(known.clone());
            }
            stays
        });
        for problem in current {
            if !self.problems.contains_key(problem) {
                self.problems.insert(problem.clone(), now);
                turn.begun.push(problem.clone());
            }
        }
        turn
    }

    /// Returns every problem, and since when.
    pub(super) fn problems(&self) -> impl Iterator<Item = (&FoundProblem, DateTime<Utc>)> {
        self.problems.iter().map(|(problem, at)| (problem, *at))
    }

    /// Returns the problems of a member, and since when.
    pub(super) fn problems_of(&self, account: AccountId) -> impl Iterator<Item = (&FoundProblem, DateTime<Utc>)> {
        self.problems.iter().filter(move |(problem, _)| problem.account == account).map(|(problem, at)| (problem, *at))
    }

    /// Forgets instants that were noted by a clock that has been set back since.
    pub(super) fn clock_set_back(&mut self) {
        self.asked.clear();
        self.missing_since.clear();
    }

    fn forget(&mut self, account: AccountId) {
        for record in self.known.remove(&account).into_iter().flatten() {
            if let Some(having) = self.having.get_mut(&record.number) {
                having.remove(&account);
                if having.is_empty() {
                    self.having.remove(&record.number);
                }
            }
        }
    }
}

/// Whether an account that was read has a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    There,
    Missing,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Denial, EntryId, RedirectProblem};

    fn number(text: &str) -> CalledNumber {
        text.parse().unwrap()
    }

    fn record(text: &str, ownership: Ownership, redirect: Redirect) -> RedirectRecord {
        RedirectRecord { number: number(text), ownership, redirect, last_mailbox: None, mailboxes: Vec::new() }
    }

    fn shown(numbers: &Numbers, account: u32, text: &str) -> String {
        let records = numbers.of(AccountId(account)).unwrap();
        records.iter().find(|record| record.number == number(text)).unwrap().redirect.words()
    }

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    #[test]
    fn a_groups_number_shows_the_same_to_everybody_who_has_it() {
        let mut numbers = Numbers::default();
        let of = |redirect: Redirect| [record("500", Ownership::Group, redirect)];
        assert!(numbers.learn(AccountId(1), &of(Redirect::none())));
        assert!(numbers.learn(AccountId(2), &of(Redirect::to_number("210"))));
        assert_eq!(shown(&numbers, 1, "500"), "210");
        numbers.show(number("500"), &Redirect::to_mailbox("3"));
        assert_eq!(
            (shown(&numbers, 1, "500"), shown(&numbers, 2, "500")),
            ("voicemail 3".into(), "voicemail 3".into())
        );
        assert_eq!(numbers.having(number("500")).collect::<Vec<_>>(), [AccountId(1), AccountId(2)]);
    }

    #[test]
    fn the_directory_follows_who_has_which_number() {
        let mut numbers = Numbers::default();
        let own = |text: &str, redirect: Redirect| [record(text, Ownership::Own, redirect)];
        let mut learnt = |account: u32, records: &[RedirectRecord]| {
            numbers.learn(AccountId(account), records);
            numbers.directory().clone()
        };
        let one = learnt(1, &own("210", Redirect::none()));
        assert_ne!(one, Directory::default());
        assert_eq!(learnt(1, &own("210", Redirect::to_number("211"))), one, "where calls go is no matter");
        let both = learnt(2, &own("211", Redirect::none()));
        assert_ne!(both, one);
        assert_ne!(learnt(2, &[record("211", Ownership::Group, Redirect::none())]), both, "whose it is matters");
        numbers.follow(&[AccountId(1)].into());
        assert_eq!(*numbers.directory(), one);
    }

    #[test]
    fn who_is_no_longer_followed_has_no_numbers() {
        let mut numbers = Numbers::default();
        numbers.learn(AccountId(1), &[record("210", Ownership::Own, Redirect::none())]);
        assert!(!numbers.learn(AccountId(1), &[record("210", Ownership::Own, Redirect::none())]), "nothing is new");
        numbers.follow(&BTreeSet::new());
        assert!(numbers.of(AccountId(1)).is_none());
        assert_eq!(numbers.having(number("210")).count(), 0);
    }

    #[test]
    fn a_number_is_taken_away_when_it_was_missing_for_five_minutes() {
        let mut numbers = Numbers::default();
        let mut case = |found, minute| numbers.is_taken_away(number("210"), found, at(minute));
        assert!(!case(Found::Missing, 0));
        assert!(!case(Found::Missing, 4));
        assert!(!case(Found::There, 4));
        assert!(!case(Found::Missing, 6));
        assert!(case(Found::Missing, 11));
    }

    #[test]
    fn a_problem_begins_once_and_is_mended_once() {
        let mut numbers = Numbers::default();
        let problem = FoundProblem {
            account: AccountId(1),
            entry: EntryId("a".to_owned()),
            side: Side::External,
            problem: RedirectProblem::Refused(Denial::Loop),
        };
        assert_eq!(numbers.note_problems([&problem], at(1)).begun, std::slice::from_ref(&problem));
        assert!(numbers.note_problems([&problem], at(2)).begun.is_empty());
        assert_eq!(numbers.problems_of(AccountId(1)).collect::<Vec<_>>(), [(&problem, at(1))]);
        assert_eq!(numbers.note_problems([], at(3)).mended, [problem]);
        assert_eq!(numbers.problems_of(AccountId(1)).count(), 0);
    }
}
