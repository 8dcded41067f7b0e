//! What the engine knows between two rounds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Orders;
use super::agenda::Agenda;
use super::almanac::Almanac;
use super::backoff::Backoff;
use super::roster::Roster;
use crate::journal::Kept;

use crate::rules::{
    AccountId, Field, Hold, Login, Move, Outcome, Phase, Policy, Recording, StatusText, Why, Wish, next_boundary,
    overlay,
};

/// One field of one member.
pub(super) type Key = (AccountId, Field);

/// How long a text that was put is known as ours.
pub(super) const TEXT_OURS_FOR: TimeDelta = TimeDelta::hours(24);

/// How often in a row a member is looked at again at once, because the field changed in between.
const AT_ONCE_MAX: u32 = 3;

/// Everything between two rounds.
pub(super) struct State {
    pub(super) roster: Roster,
    pub(super) almanac: Almanac,
    pub(super) agenda: Agenda<AccountId>,
    pub(super) holds: BTreeMap<Key, Hold>,
    /// Holds whose latest form is not yet durable, because the journal could not be written.
    pub(super) dirty: BTreeSet<Key>,
    texts: BTreeMap<AccountId, Vec<(DateTime<Utc>, StatusText)>>,
    looked_at: BTreeMap<AccountId, DateTime<Utc>>,
    failing: BTreeMap<AccountId, Failing>,
    pub(super) journal_began_at: DateTime<Utc>,
    pub(super) restarted_at: Option<DateTime<Utc>>,
    /// The module's event queue, which is another one after a restart.
    pub(super) queue: Option<String>,
    pub(super) queue_unsaved: Option<String>,
    pub(super) round: u64,
}

/// Calls for a member that fail.
struct Failing {
    backoff: Backoff,
    again_at: DateTime<Utc>,
    round: u64,
}

/// What a member's entries want.
pub(super) enum Want {
    /// Members or calendar are not known; nothing is to be changed.
    Unknown,
    /// This, or nothing.
    Known(Option<Wish>),
}

impl State {
    /// Takes over what the journal kept; every member and every hold is due at once.
    pub(super) fn kept(kept: Kept, orders: &Orders, now: DateTime<Utc>) -> Self {
        let mut kept = kept;
        let mut texts: BTreeMap<AccountId, Vec<_>> = BTreeMap::new();
        for (account, text, at) in kept.texts {
            texts.entry(account).or_default().push((at, text));
        }
        let holds: BTreeMap<Key, Hold> =
            kept.holds.into_iter().map(|hold| ((hold.account, hold.field()), hold.after_restart(now))).collect();
        let mut state = Self {
            roster: Roster::kept(kept.members.remove(&orders.group)),
            almanac: Almanac::kept(kept.calendars, orders.check_interval),
            agenda: Agenda::default(),
            holds,
            dirty: BTreeSet::new(),
            texts,
            looked_at: BTreeMap::new(),
            failing: BTreeMap::new(),
            journal_began_at: kept.created_at,
            restarted_at: None,
            queue: kept.queue,
            queue_unsaved: None,
            round: 0,
        };
        let everybody: BTreeSet<AccountId> =
            state.holds.keys().map(|key| key.0).chain(state.roster.members().map(|member| member.account)).collect();
        for account in everybody {
            state.agenda.set(account, Some(now));
        }
        if state.roster.is_known() {
            let addresses = state.roster.addresses().cloned().collect();
            state.almanac.follow(&addresses, now);
        }
        state
    }

    /// Returns what the active entries of a member want.
    pub(super) fn want(&self, account: AccountId, now: DateTime<Utc>, policy: &Policy) -> Want {
        if !self.roster.is_known() {
            return Want::Unknown;
        }
        let Some(address) = self.roster.member(account).and_then(|member| member.address.as_ref()) else {
            return Want::Known(None);
        };
        match self.almanac.entries(address) {
            Some(entries) => Want::Known(overlay(now, entries, policy, &[])),
            None => Want::Unknown,
        }
    }

    /// Returns whether the PBX has to be asked about a member now.
    pub(super) fn calls_for_a_look(&self, account: AccountId, now: DateTime<Utc>, orders: &Orders) -> bool {
        let Want::Known(wish) = self.want(account, now, &orders.policy) else { return false };
        let look_at = self.look_at(account, orders);
        let interval = orders.policy.reassert_interval;
        Field::ALL.into_iter().any(|field| {
            let wanted = wish.as_ref().and_then(|wish| wish.value(field));
            match (self.holds.get(&(account, field)), wanted) {
                (None, wanted) => wanted.is_some(),
                (Some(_), None) => true,
                (Some(hold), Some(wanted)) => {
                    !hold.put.looks_like(&wanted)
                        || hold.settle_at(now, interval).is_some_and(|at| at <= now)
                        || look_at.is_some_and(|at| at <= now)
                        || !same_claimants(hold, wish.as_ref())
                }
            }
        })
    }

    /// Sets when a member is looked at next: its next boundary, an unsettled hold, a held one, a failure to try again.
    pub(super) fn schedule(&mut self, account: AccountId, now: DateTime<Utc>, orders: &Orders) {
        if matches!(self.want(account, now, &orders.policy), Want::Unknown) {
            // Whatever makes members or calendar known brings the member forward.
            self.agenda.set(account, None);
            return;
        }
        let interval = orders.policy.reassert_interval;
        let boundary = self.boundary(account, now, orders);
        let holds = self.holds_of(account);
        let settle = holds.iter().filter_map(|hold| hold.settle_at(now, interval)).min();
        let failing = self.failing.get(&account).map(|failing| failing.again_at);
        // While calls fail, a hold waits for the next try; a boundary does not.
        let unsettled = match (failing, settle) {
            (Some(failing), _) => Some(failing),
            (None, settle) => settle,
        };
        let look = if failing.is_none() { self.look_at(account, orders) } else { None };
        let next = [boundary, unsettled, look].into_iter().flatten().min();
        if next.is_none() && holds.is_empty() {
            self.looked_at.remove(&account);
        }
        self.agenda.set(account, next);
    }

    fn boundary(&self, account: AccountId, now: DateTime<Utc>, orders: &Orders) -> Option<DateTime<Utc>> {
        let address = self.roster.member(account)?.address.as_ref()?;
        next_boundary(now, self.almanac.entries(address)?, &orders.policy, &[])
    }

    /// When a held member is looked at again; `None` when nothing of the member is held.
    fn look_at(&self, account: AccountId, orders: &Orders) -> Option<DateTime<Utc>> {
        let held = |field| self.holds.get(&(account, field)).is_some_and(|hold| hold.phase == Phase::Held);
        let any = Field::ALL.into_iter().any(held);
        any.then(|| {
            self.looked_at.get(&account).map_or(DateTime::UNIX_EPOCH, |at| *at + orders.policy.reassert_interval)
        })
    }

    /// Notes that the PBX answered a read.
    pub(super) fn looked(&mut self, account: AccountId, now: DateTime<Utc>) {
        self.looked_at.insert(account, now);
    }

    /// Notes that a call for the member failed, and when it is tried again.
    pub(super) fn failed(&mut self, account: AccountId, now: DateTime<Utc>) {
        let round = self.round;
        let failing = self.failing.entry(account).or_insert(Failing { backoff: FIRST_TRY, again_at: now, round });
        let wait = failing.backoff.fail(None, account.0.to_le_bytes()[0]);
        failing.again_at = now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::minutes(1));
        failing.round = round;
    }

    /// Forgets the failures of members for whom everything went well in this round.
    pub(super) fn forget_old_failures(&mut self, accounts: &[AccountId]) {
        for account in accounts {
            if self.failing.get(account).is_some_and(|failing| failing.round != self.round) {
                self.failing.remove(account);
            }
        }
    }

    /// Notes what became of a step. Where the field changed in between, the member is looked at again at once, a few
    /// times; after that, and after a lost answer, at a growing distance.
    pub(super) fn answered(&mut self, account: AccountId, outcome: &Outcome, now: DateTime<Utc>) {
        match outcome {
            Outcome::Done { .. } | Outcome::Refused { .. } => {}
            Outcome::Unanswered | Outcome::NotSent => self.failed(account, now),
            Outcome::Changed { .. } | Outcome::Stale => {
                self.failed(account, now);
                let again = self.failing.get_mut(&account).filter(|failing| failing.backoff.failures() <= AT_ONCE_MAX);
                if let Some(failing) = again {
                    failing.again_at = now;
                }
            }
        }
    }

    /// Returns whether a move answers to a value that something else overwrote.
    pub(super) fn is_drift(&self, one: &Move) -> bool {
        one.why == Why::Overwritten
            || (one.step.is_some()
                && matches!(&one.recording, Recording::Keep(hold)
                    if self.holds.get(&(one.account, one.field)).is_some_and(|before| before.under != hold.under)))
    }

    /// Keeps what a recording says.
    pub(super) fn keep(&mut self, key: Key, recording: &Recording, durable: bool) {
        match recording {
            Recording::Keep(hold) => drop(self.holds.insert(key, hold.clone())),
            Recording::Drop => drop(self.holds.remove(&key)),
        }
        if !durable {
            self.dirty.insert(key);
        }
    }

    /// Returns the holds of a member.
    pub(super) fn holds_of(&self, account: AccountId) -> Vec<Hold> {
        Field::ALL.into_iter().filter_map(|field| self.holds.get(&(account, field)).cloned()).collect()
    }

    /// Returns the login of a member, or of one who left and is still held.
    pub(super) fn login(&self, account: AccountId, holds: &[Hold]) -> Option<Login> {
        let member = self.roster.member(account).map(|member| member.login.clone());
        member.or_else(|| holds.iter().find_map(|hold| hold.login().cloned()))
    }

    /// Remembers a text as ours.
    pub(super) fn text_put(&mut self, account: AccountId, text: StatusText, now: DateTime<Utc>) {
        let texts = self.texts.entry(account).or_default();
        texts.retain(|(at, known)| now - *at < TEXT_OURS_FOR && *known != text);
        texts.push((now, text));
    }

    /// Returns the texts that are known as ours.
    pub(super) fn texts_put(&self, account: AccountId, now: DateTime<Utc>) -> Vec<StatusText> {
        let texts = self.texts.get(&account).map_or(&[][..], Vec::as_slice);
        texts.iter().filter(|(at, _)| now - *at < TEXT_OURS_FOR).map(|(_, text)| text.clone()).collect()
    }
}

/// How calls for one member are spaced while they fail.
const FIRST_TRY: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));

fn same_claimants(hold: &Hold, wish: Option<&Wish>) -> bool {
    let entries = wish.map_or(&[][..], |wish| wish.entries.as_slice());
    hold.claimants.iter().map(|claimant| &claimant.entry).eq(entries)
}
