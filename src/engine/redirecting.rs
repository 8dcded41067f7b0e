//! The part of a round that concerns called numbers: who is read, over whom a number is reached, and what is decided.
//!
//! A number is one field of everybody whose calls arrive there, so its decision needs what all members want and one
//! account through which it is read and written. Where a claimant's calendar is unknown, the number stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tracing::{info, warn};

use super::Engine;
use super::numbers::{Found, asks_of};
use super::state::Want;
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::{Happening, Journal, Record};
use crate::pbx::Pbx;
use crate::rules::{
    AccountId, CalledNumber, Field, FoundProblem, Hold, Login, Move, NumberSituation, Ownership, Recording,
    RedirectRecord, Subscriber, Switchboard, Value, Why, Wish, decide_number,
};

/// What was just read: the records of some accounts.
pub(super) type Fresh = BTreeMap<AccountId, Vec<RedirectRecord>>;

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Reads the numbers of those members of whose numbers anything is or was wanted, and of the accounts through which
    /// these numbers are held.
    pub(super) async fn observe_numbers(&mut self, accounts: &[AccountId]) -> Fresh {
        let now = self.ports.clock.now();
        let concerned: Vec<AccountId> = accounts
            .iter()
            .copied()
            .filter(|account| self.state.concerns_numbers(*account, now, &self.orders))
            .collect();
        let read: BTreeSet<AccountId> = concerned
            .iter()
            .copied()
            .chain(concerned.iter().flat_map(|account| self.state.paths_of(*account)))
            .collect();
        if read.is_empty() {
            return Fresh::new();
        }
        let read: Vec<AccountId> = read.into_iter().collect();
        let redirects = self.ports.pbx.redirects(&read).await;
        let now = self.ports.clock.now();
        self.pbx_answered("redirects", &redirects.errors);
        for account in &concerned {
            if !redirects.seen.contains_key(account) {
                self.state.failed(*account, now);
            }
        }
        for (account, records) in &redirects.seen {
            self.state.numbers.learn(*account, records);
        }
        redirects.seen
    }

    /// Decides every number of the accounts that were read, and notes what cannot be done.
    pub(super) async fn decide_numbers(&mut self, fresh: &Fresh) -> Vec<Move> {
        if fresh.is_empty() {
            return Vec::new();
        }
        let now = self.ports.clock.now();
        let wishes = self.wishes(now);
        let board = self.switchboard(&wishes);
        let ways = ways(fresh);
        let mut moves: Vec<Move> =
            ways.iter().filter_map(|(number, ways)| self.move_of(*number, ways, &wishes, &board, now)).collect();
        moves.extend(self.taken_away(fresh, &ways, now));
        for account in fresh.keys() {
            let wish = wishes.get(account).and_then(|(_, wish)| wish.as_deref());
            let concerns = self.state.concerns_numbers(*account, now, &self.orders);
            self.state.numbers.asked(*account, concerns.then(|| asks_of(wish)));
        }
        self.tell_of_problems(&board, now).await;
        moves
    }

    /// Returns who wants what of which number at this moment.
    pub(super) fn board(&self, now: DateTime<Utc>) -> Switchboard {
        self.switchboard(&self.wishes(now))
    }

    /// What every member wants of whom that is known.
    fn wishes(&self, now: DateTime<Utc>) -> BTreeMap<AccountId, (Login, Option<Arc<Wish>>)> {
        let wish = |account: AccountId, login: &Login| match self.state.want(account, now, &self.orders.policy) {
            Want::Known(wish) => Some((account, (login.clone(), wish))),
            Want::Unknown => None,
        };
        self.state.roster.members().filter_map(|member| wish(member.account, &member.login)).collect()
    }

    fn switchboard<'a>(&'a self, wishes: &'a BTreeMap<AccountId, (Login, Option<Arc<Wish>>)>) -> Switchboard {
        let subscriber = |(account, (login, wish)): (&AccountId, &'a (Login, Option<Arc<Wish>>))| {
            let records = self.state.numbers.of(*account)?;
            Some(Subscriber { account: *account, login, wish: wish.as_deref(), records })
        };
        let subscribers: Vec<Subscriber<'_>> = wishes.iter().filter_map(subscriber).collect();
        let (directory, holds) = (self.state.numbers.directory(), self.state.redirect_holds());
        Switchboard::plan_with(directory, &subscribers, &holds, &self.orders.policy.redirects)
    }

    fn move_of(
        &self,
        number: CalledNumber,
        ways: &[Way<'_>],
        wishes: &BTreeMap<AccountId, (Login, Option<Arc<Wish>>)>,
        board: &Switchboard,
        now: DateTime<Utc>,
    ) -> Option<Move> {
        let hold = self.state.redirect_hold(number);
        // Who asks nothing of numbers claims none, whichever they are.
        let is_unknown = |account: AccountId| match wishes.get(&account) {
            Some((_, wish)) => asks_anything(wish.as_deref()) && self.state.numbers.of(account).is_none(),
            None => self.state.roster.member(account).is_some(),
        };
        if hold.is_some_and(|hold| hold.claimants.iter().any(|claimant| is_unknown(claimant.account))) {
            return None;
        }
        let is_refused = hold.is_some_and(|hold| self.state.is_refused(hold.account, number));
        let (account, record) = path(ways, hold, is_refused)?;
        let holds = self.state.holds_of(account);
        decide_number(&NumberSituation {
            now,
            account,
            login: self.state.login(account, &holds).as_ref(),
            record,
            claims: board.claims(number),
            hold,
            journal_began_at: self.state.journal_began_at,
            policy: &self.orders.policy,
        })
    }

    /// Lets go of numbers that their accounts do not have any more, so that nothing of one is written to another's.
    fn taken_away(
        &mut self,
        fresh: &Fresh,
        ways: &BTreeMap<CalledNumber, Vec<Way<'_>>>,
        now: DateTime<Utc>,
    ) -> Vec<Move> {
        let fresh_pbx = self.state.restarted_at.is_some_and(|at| now - at < super::state::GONE_AFTER);
        let held: Vec<(CalledNumber, AccountId)> =
            fresh.keys().flat_map(|account| self.state.held_numbers_through(*account)).collect();
        let mut moves = Vec::new();
        for (number, account) in held {
            let there = ways.contains_key(&number);
            let found = if there || fresh_pbx { Found::There } else { Found::Missing };
            if self.state.numbers.is_taken_away(number, found, now) {
                let field = Field::Redirect(number);
                moves.push(Move { account, field, recording: Recording::Drop, step: None, why: Why::Stranger });
            }
        }
        moves
    }

    /// Says once that a redirect cannot be made, and once that it is no problem any more.
    async fn tell_of_problems(&mut self, board: &Switchboard, now: DateTime<Utc>) {
        let turn = self.state.numbers.note_problems(board.problems.keys(), now);
        for problem in &turn.begun {
            warn!(
                member.id = problem.account.0,
                side = problem.side.name(),
                problem = %problem.problem,
                entry.id_hash = problem.entry.hash(),
                "A redirect that an entry asks for cannot be made; the rest of the entry applies."
            );
        }
        for problem in &turn.mended {
            info!(
                member.id = problem.account.0,
                side = problem.side.name(),
                entry.id_hash = problem.entry.hash(),
                "A redirect that could not be made is no problem any more."
            );
        }
        let rows = turn.begun.iter().flat_map(|problem| self.rows_of(problem, board, now));
        let records: Vec<Record> = rows.map(Record::Happening).collect();
        if !records.is_empty() {
            self.record(records).await;
        }
    }

    fn rows_of(&self, problem: &FoundProblem, board: &Switchboard, now: DateTime<Utc>) -> Vec<Happening> {
        let records = self.state.numbers.of(problem.account).unwrap_or_default();
        let numbers = board.problems.get(problem).into_iter().flatten();
        let shown = |number: &CalledNumber| records.iter().find(|record| record.number == *number);
        numbers
            .filter_map(shown)
            .map(|record| {
                let value = Value::Redirect(record.number, record.redirect.clone());
                Happening {
                    at: now,
                    account: problem.account,
                    from: value.clone(),
                    to: value,
                    why: problem.problem.to_string(),
                    entry: Some(problem.entry.clone()),
                    outcome: "not redirected".to_owned(),
                }
            })
            .collect()
    }
}

fn asks_anything(wish: Option<&Wish>) -> bool {
    wish.is_some_and(Wish::asks_of_numbers)
}

/// An account through which a number can be read and written, and what the PBX showed of it there.
type Way<'a> = (AccountId, &'a RedirectRecord);

/// Returns every number that was read, with its ways by account.
fn ways(fresh: &Fresh) -> BTreeMap<CalledNumber, Vec<Way<'_>>> {
    let mut ways: BTreeMap<CalledNumber, Vec<Way<'_>>> = BTreeMap::new();
    for (account, records) in fresh {
        for record in records {
            ways.entry(record.number).or_default().push((*account, record));
        }
    }
    ways
}

/// Returns the account through which a number is read and written: the one it is held through, else the lowest that was
/// read and has it. Where the PBX refused the last write through that one, another has its turn: a group's number may
/// lead to a box that only one of its members is offered.
fn path<'a>(ways: &[Way<'a>], hold: Option<&Hold>, is_refused: bool) -> Option<Way<'a>> {
    let is_held = |way: &&Way<'_>| hold.is_some_and(|hold| hold.account == way.0);
    let held = ways.iter().find(is_held);
    if held.is_some() && !is_refused {
        return held.copied();
    }
    let others = || ways.iter().filter(|way| !is_held(way));
    // An own record says whose the number is now.
    let own = others().find(|(_, record)| record.ownership == Ownership::Own);
    own.or(others().next()).or(held).copied()
}
