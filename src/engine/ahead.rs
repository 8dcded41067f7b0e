//! Looks at members shortly before their boundary, so that nothing has to be read when it comes.
//!
//! What was read early decides only what the PBX itself checks again: writes over what they expect. Whoever has anything
//! else to be done is read afresh at the boundary, as is everybody whose early look is too old by then.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Engine;
use super::agenda::Agenda;
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;
use crate::rules::{AccountId, Seen};

/// How long before a boundary a member is looked at.
const AHEAD: TimeDelta = TimeDelta::seconds(2);

/// For how long an early look is of use.
const VALID_FOR: TimeDelta = TimeDelta::seconds(5);

/// The most members that are looked at early at one time.
const LOOKS_MAX: usize = 10_000;

/// What was read before it was needed.
#[derive(Debug, Default)]
pub(super) struct Early {
    agenda: Agenda<AccountId>,
    looks: BTreeMap<AccountId, EarlyLook>,
}

/// What one member showed.
#[derive(Debug)]
pub(super) struct EarlyLook {
    pub(super) seen: Seen,
    pub(super) read_at: DateTime<Utc>,
}

impl Early {
    /// Sets when a member has a boundary next; one that is about to come is not looked at early.
    pub(super) fn expect(&mut self, account: AccountId, boundary: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        let at = boundary.map(|boundary| boundary - AHEAD).filter(|at| *at > now);
        self.agenda.set(account, at);
    }

    /// Returns when somebody is to be looked at early next.
    pub(super) fn next_at(&mut self) -> Option<DateTime<Utc>> {
        self.agenda.next_at()
    }

    /// Takes the looks at these members that are still of use.
    pub(super) fn take(&mut self, accounts: &[AccountId], now: DateTime<Utc>) -> BTreeMap<AccountId, EarlyLook> {
        if self.looks.is_empty() {
            return BTreeMap::new();
        }
        let take = |account: &AccountId| Some((*account, self.looks.remove(account)?));
        let taken = accounts.iter().filter_map(take);
        taken.filter(|(_, look)| look.is_valid(now)).collect()
    }

    /// Forgets everything, as the clock was set.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl EarlyLook {
    fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.read_at <= now && now - self.read_at <= VALID_FOR
    }
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Looks at those whose boundary is near, unless anybody's has come: that goes before.
    pub(super) async fn look_ahead(&mut self, now: DateTime<Utc>) {
        if self.state.agenda.next_at().is_some_and(|at| at <= now) {
            return;
        }
        let near = self.state.early.agenda.take_due(now, LOOKS_MAX);
        if near.is_empty() {
            return;
        }
        self.state.early.looks.retain(|_, look| look.is_valid(now));
        // What cannot be read is read again when it is needed, and told then.
        let states = self.ports.pbx.states(&near).await;
        let read_at = self.ports.clock.now();
        let looks = states.seen.into_iter().map(|(account, seen)| (account, EarlyLook { seen, read_at }));
        self.state.early.looks.extend(looks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Call, Presence, StatusText};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    const ONE: AccountId = AccountId(1);

    fn early(read_at: i64) -> Early {
        let (presence, text) = (Presence::Available, StatusText::default());
        let seen = Seen { presence, text, telephony: None, dnd: None, call: Call::None };
        let looks = BTreeMap::from([(ONE, EarlyLook { seen, read_at: at(read_at) })]);
        Early { looks, ..Early::default() }
    }

    #[test]
    fn a_look_is_of_use_once_and_for_a_few_seconds() {
        let mut looks = early(10);
        assert_eq!(looks.take(&[ONE], at(12)).len(), 1);
        assert!(looks.take(&[ONE], at(12)).is_empty(), "it was taken");
        assert!(early(10).take(&[ONE], at(16)).is_empty(), "it is too old");
        assert!(early(10).take(&[ONE], at(9)).is_empty(), "the clock was set back");
        assert!(early(10).take(&[AccountId(2)], at(12)).is_empty());
    }

    #[test]
    fn a_boundary_that_is_about_to_come_is_not_looked_at_early() {
        let mut looks = Early::default();
        looks.expect(ONE, Some(at(20)), at(10));
        assert_eq!(looks.next_at(), Some(at(18)));
        looks.expect(ONE, Some(at(11)), at(10));
        assert_eq!(looks.next_at(), None);
        looks.expect(ONE, None, at(10));
        assert_eq!(looks.next_at(), None);
    }
}
