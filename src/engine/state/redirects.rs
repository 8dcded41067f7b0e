//! What the state knows of redirects: which number is held through which account, and who has to be asked about them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Key, Orders, State, Want};
use crate::rules::{AccountId, CalledNumber, Field, Hold, Phase, Wish};

impl State {
    /// Returns the holds on redirects, by their numbers.
    pub(in crate::engine) fn redirect_holds(&self) -> BTreeMap<CalledNumber, &Hold> {
        self.held.keys().filter_map(|number| Some((*number, self.redirect_hold(*number)?))).collect()
    }

    /// Returns the hold on a number.
    pub(in crate::engine) fn redirect_hold(&self, number: CalledNumber) -> Option<&Hold> {
        self.holds.get(&(*self.held.get(&number)?, Field::Redirect(number)))
    }

    /// Returns the holds of a member; a group's number is among those of each claimant.
    pub(in crate::engine) fn holds_for(&self, account: AccountId) -> Vec<&Hold> {
        let claimed = |hold: &&Hold| {
            let others = hold.account != account && hold.field().number().is_some();
            others && hold.claimants.iter().any(|claimant| claimant.account == account)
        };
        let shared = self.held.keys().filter_map(|number| self.redirect_hold(*number)).filter(claimed);
        self.held_by(account).chain(shared).collect()
    }

    /// Returns the numbers that are held through an account, each with it.
    pub(in crate::engine) fn held_numbers_through(
        &self,
        account: AccountId,
    ) -> impl Iterator<Item = (CalledNumber, AccountId)> {
        self.held_by(account).filter_map(move |hold| Some((hold.field().number()?, account)))
    }

    /// Returns whether anything is or was wanted of this account's numbers.
    pub(in crate::engine) fn concerns_numbers(&self, account: AccountId, now: DateTime<Utc>, orders: &Orders) -> bool {
        let asks =
            || matches!(self.want(account, now, &orders.policy), Want::Known(Some(wish)) if wish.asks_of_numbers());
        self.has_to_do_with_held(account) || self.numbers.had_asks(account) || asks()
    }

    /// Returns the accounts through which the numbers are held that this account has, or has something to do with. Where
    /// one of them cannot be read, or may not write it, another that has the number serves as well.
    pub(in crate::engine) fn paths_of(&self, account: AccountId) -> BTreeSet<AccountId> {
        let through = |number: CalledNumber| {
            let path = self.held.get(&number).copied();
            let spare = path.filter(|path| self.is_failing(*path) || self.is_refused(*path, number));
            let other = spare.and_then(|path| self.next_having(number, path));
            path.into_iter().chain(other)
        };
        self.numbers_of(account).flat_map(through).collect()
    }

    /// Returns whether the last write of this number through this account was refused.
    pub(in crate::engine) fn is_refused(&self, account: AccountId, number: CalledNumber) -> bool {
        self.refusals.contains_key(&(account, Field::Redirect(number)))
    }

    /// Returns the account after this one that has the number too, so that each has its turn.
    fn next_having(&self, number: CalledNumber, account: AccountId) -> Option<AccountId> {
        let later = self.numbers.having(number).filter(|having| *having > account).min();
        later.or_else(|| self.numbers.having(number).min()).filter(|having| *having != account)
    }

    /// Returns whether a member's numbers have to be looked at: what is asked of them is not what was asked at the last
    /// look.
    pub(super) fn calls_for_numbers(
        &self,
        account: AccountId,
        wish: Option<&Wish>,
        now: DateTime<Utc>,
        orders: &Orders,
    ) -> bool {
        self.concerns_numbers(account, now, orders) && !self.numbers.was_asked(account, wish)
    }

    /// Returns whether a member's numbers are watched: something is asked of them, or held there.
    pub(super) fn watches_numbers(&self, account: AccountId, wish: Option<&Wish>) -> bool {
        let is_held = |number: CalledNumber| self.redirect_hold(number).is_some_and(|hold| hold.phase == Phase::Held);
        wish.is_some_and(Wish::asks_of_numbers) || self.numbers_of(account).any(is_held)
    }

    /// Keeps the account through which a number is held, and forgets the hold through another.
    pub(super) fn rehang(&mut self, (account, field): Key, kept: Kept) {
        let Field::Redirect(number) = field else { return };
        self.touched.insert(account);
        let before = match kept {
            Kept::Held => self.held.insert(number, account),
            Kept::Dropped => self.held.remove(&number),
        };
        if let Some(before) = before.filter(|before| *before != account) {
            self.touched.insert(before);
            self.holds.remove(&(before, field));
            if self.dirty.remove(&(before, field)) {
                self.dirty.insert((account, field));
            }
            self.refusals.remove(&(before, field));
        }
    }

    /// The held numbers that an account has, or through which they are held.
    fn numbers_of(&self, account: AccountId) -> impl Iterator<Item = CalledNumber> {
        let own = move |number: &CalledNumber| self.holds.contains_key(&(account, Field::Redirect(*number)));
        let through = self.held_by(account).filter_map(|hold| hold.field().number());
        let known = self.numbers.of(account).unwrap_or_default().iter().map(|record| record.number);
        let known = known.filter(move |number| !own(number) && self.held.contains_key(number));
        through.chain(known)
    }

    fn has_to_do_with_held(&self, account: AccountId) -> bool {
        self.numbers_of(account)
            .filter_map(|number| self.redirect_hold(number))
            .any(|hold| hold.account == account || hold.claimants.iter().any(|claimant| claimant.account == account))
    }
}

/// What becomes of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Held,
    Dropped,
}
