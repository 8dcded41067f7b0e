//! Which list of categories is looked after when, and what stands in the way.
//!
//! Pure: gives mailboxes, takes what became of them. A list that was looked after is due again a day later, or at once
//! when something else is wanted of it, also after a restart. One that cannot be looked after before somebody does
//! something is asked for again a day later. While no mailbox at all is allowed, the next ones are asked at growing
//! distances, so that a missing permission does not cost a request per mailbox at once.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Charge, Tended};
use crate::alarm::Cause;
use crate::engine::agenda::Agenda;
use crate::engine::backoff::Backoff;
use crate::engine::report::Trouble;
use crate::engine::{chain, delta};
use crate::graph::GraphError;
use crate::journal::{CategoriesChecked, Record};
use crate::rules::policy::Categories;
use crate::rules::{Address, Care, Verdict};

/// How often a list is looked after.
const CHECK_INTERVAL: TimeDelta = TimeDelta::days(1);

/// The longest wait after failures.
const WAIT_MAX: Duration = Duration::from_secs(86_400);

/// How long to wait after a list failed for a reason that passes, at first.
const FIRST_WAIT: Duration = Duration::from_secs(300);

/// How long everything waits at first after a call failed as a whole, or a batch in which nobody was allowed.
const FIRST_PAUSE: Duration = Duration::from_secs(60);

/// After how many failures in a row a reason that passes is told.
const FAILURES_TOLD: u32 = 3;

/// The lists of categories of all mailboxes.
#[derive(Debug)]
pub(crate) struct Ledger {
    wanted: BTreeMap<Address, Wanted>,
    checked: BTreeMap<Address, CategoriesChecked>,
    agenda: Agenda<Address>,
    /// Those that are being looked after, with the mark of what was wanted when they were asked for.
    under_way: BTreeMap<Address, String>,
    failing: BTreeMap<Address, Failing>,
    pause: Backoff,
    paused_until: Option<DateTime<Utc>>,
    allowed: Allowed,
}

#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    care: Care,
    mark: String,
}

#[derive(Debug)]
struct Failing {
    backoff: Backoff,
    told: Option<Trouble>,
    lack: Lack,
}

/// What stands in the way of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lack {
    Permission,
    SomethingElse,
}

/// Whether any mailbox allowed it in this life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowed {
    NotSeen,
    Seen,
}

impl Ledger {
    /// Starts from what the journal kept.
    pub(crate) fn kept(checked: BTreeMap<Address, CategoriesChecked>) -> Self {
        Self {
            wanted: BTreeMap::new(),
            checked,
            agenda: Agenda::default(),
            under_way: BTreeMap::new(),
            failing: BTreeMap::new(),
            pause: Backoff::new(FIRST_PAUSE, WAIT_MAX),
            paused_until: None,
            allowed: Allowed::NotSeen,
        }
    }

    /// Looks after exactly these mailboxes from now on.
    pub(crate) fn follow(&mut self, cares: &BTreeMap<Address, Care>, categories: &Categories, now: DateTime<Utc>) {
        let (fill, clear) = (Care::Fill.mark(categories), Care::Clear.mark(categories));
        self.wanted.retain(|address, _| {
            let stays = cares.contains_key(address);
            if !stays {
                self.failing.remove(address);
                self.agenda.set(address.clone(), None);
            }
            stays
        });
        for (address, care) in cares {
            let mark = if *care == Care::Fill { fill.clone() } else { clear.clone() };
            let wanted = Wanted { care: *care, mark };
            if self.wanted.get(address) != Some(&wanted) {
                self.wanted.insert(address.clone(), wanted);
                self.failing.remove(address);
                self.schedule(address, now);
            }
        }
    }

    /// Forgets when lists were looked after that nobody wants to be looked after any more, and returns whose.
    pub(crate) fn forget_others(&mut self) -> Vec<Address> {
        let others: Vec<Address> =
            self.checked.keys().filter(|address| !self.wanted.contains_key(*address)).cloned().collect();
        for address in &others {
            self.checked.remove(address);
        }
        others
    }

    /// Returns up to `most` lists that are due, if none are under way; they are until [`Self::learn`] or
    /// [`Self::put_off`].
    pub(crate) fn take_due(&mut self, now: DateTime<Utc>, most: usize) -> Vec<Charge> {
        if !self.under_way.is_empty() || self.paused_until.is_some_and(|until| now < until) {
            return Vec::new();
        }
        let mut charges = Vec::new();
        for address in self.agenda.take_due(now, most) {
            let Some(wanted) = self.wanted.get(&address) else { continue };
            self.under_way.insert(address.clone(), wanted.mark.clone());
            charges.push(Charge { address, care: wanted.care });
        }
        charges
    }

    /// Takes back a list whose mailbox is busy; it is due again behind all others that are.
    pub(crate) fn put_off(&mut self, address: Address, now: DateTime<Utc>) {
        self.under_way.remove(&address);
        self.agenda.set(address, Some(now));
    }

    /// Takes what became of a batch, and returns what the journal is to keep.
    pub(crate) fn learn(
        &mut self,
        charges: &[Charge],
        result: Result<Vec<Tended>, GraphError>,
        now: DateTime<Utc>,
    ) -> Vec<Record> {
        let outcomes: Vec<Result<(), GraphError>> = match result {
            Ok(tended) => tended.into_iter().map(|tended| tended.failure.map_or(Ok(()), Err)).collect(),
            Err(error) if error.is_forbidden() => charges.iter().map(|_| Err(error.clone())).collect(),
            Err(error) => {
                self.fail_as_a_whole(charges, &error, now);
                return Vec::new();
            }
        };
        self.judge_permission(&outcomes, now);
        let mut records = Vec::new();
        for (charge, outcome) in charges.iter().zip(outcomes) {
            let mark = self.under_way.remove(&charge.address).unwrap_or_default();
            if !self.wanted.contains_key(&charge.address) {
                continue;
            }
            match outcome {
                Ok(()) => records.push(self.succeed(&charge.address, CategoriesChecked { at: now, mark }, now)),
                Err(error) => self.fail(charge, &error, now),
            }
        }
        records
    }

    /// Returns since when and why lists cannot be looked after, in one text for all of them; a missing permission comes
    /// first.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        let told = || self.failing.values().filter_map(|failing| Some((failing.told.as_ref()?, failing.lack)));
        let since = told().map(|(trouble, _)| trouble.since).min()?;
        let (first, _) = told().find(|(_, lack)| *lack == Lack::Permission).or_else(|| told().next())?;
        let text = match told().count() {
            1 => format!("the Outlook categories of one mailbox stay as they are: {}", first.text),
            count => format!("the Outlook categories of {count} mailboxes stay as they are: {}", first.text),
        };
        Some(Trouble { since, text, cause: Cause::Categories })
    }

    /// Keeps no deadline that lies further off than a check after the clock was set back to `now`.
    pub(crate) fn clock_set_back(&mut self, now: DateTime<Utc>) {
        self.paused_until = None;
        self.agenda.advance_all(now + CHECK_INTERVAL);
    }

    /// Sets when a list is due that is not under way.
    fn schedule(&mut self, address: &Address, now: DateTime<Utc>) {
        let Some(wanted) = self.wanted.get(address).filter(|_| !self.under_way.contains_key(address)) else { return };
        let checked = self.checked.get(address).filter(|checked| checked.mark == wanted.mark);
        let due_at = checked.map_or(now, |checked| checked.at.min(now) + CHECK_INTERVAL);
        self.agenda.set(address.clone(), Some(due_at));
    }

    fn succeed(&mut self, address: &Address, checked: CategoriesChecked, now: DateTime<Utc>) -> Record {
        self.failing.remove(address);
        self.checked.insert(address.clone(), checked.clone());
        self.schedule(address, now);
        Record::CategoriesChecked(address.clone(), checked)
    }

    fn fail(&mut self, charge: &Charge, error: &GraphError, now: DateTime<Utc>) {
        let address = &charge.address;
        let fresh = || Failing { backoff: Backoff::new(FIRST_WAIT, WAIT_MAX), told: None, lack: Lack::SomethingElse };
        let failing = self.failing.entry(address.clone()).or_insert_with(fresh);
        failing.lack = if error.is_forbidden() { Lack::Permission } else { Lack::SomethingElse };
        let (wait, is_told) = match error.verdict() {
            Verdict::Retry { after } => {
                let wait = delta(failing.backoff.fail(after, 0));
                (wait, failing.backoff.failures() >= FAILURES_TOLD)
            }
            // That a member's mailbox is missing is said where its calendar is.
            Verdict::GiveUp if error.is_not_found() && charge.care == Care::Fill => (CHECK_INTERVAL, false),
            Verdict::GiveUp | Verdict::NeedsHuman => (CHECK_INTERVAL, true),
        };
        if is_told {
            Trouble::note(&mut failing.told, now, Cause::Categories, chain(error));
        }
        self.agenda.set(address.clone(), Some(now + wait));
    }

    fn judge_permission(&mut self, outcomes: &[Result<(), GraphError>], now: DateTime<Utc>) {
        self.paused_until = None;
        let forbidden = outcomes.iter().filter(|outcome| outcome.as_ref().is_err_and(GraphError::is_forbidden)).count();
        if outcomes.iter().any(Result::is_ok) {
            self.allowed = Allowed::Seen;
        }
        if self.allowed == Allowed::NotSeen && forbidden > 0 && forbidden == outcomes.len() {
            self.paused_until = Some(now + delta(self.pause.fail(None, 0)));
        } else {
            self.pause.succeed();
        }
    }

    fn fail_as_a_whole(&mut self, charges: &[Charge], error: &GraphError, now: DateTime<Utc>) {
        let asked = match error.verdict() {
            Verdict::Retry { after } => after,
            Verdict::GiveUp | Verdict::NeedsHuman => Some(FIRST_WAIT),
        };
        self.paused_until = Some(now + delta(self.pause.fail(asked, 0)));
        for charge in charges {
            self.under_way.remove(&charge.address);
            if self.wanted.contains_key(&charge.address) {
                self.agenda.set(charge.address.clone(), Some(now));
            }
        }
    }
}

#[cfg(test)]
mod tests;
