//! Until when the tenant wants to be left alone: as a whole, or with a single mailbox.
//!
//! Whoever asks is held back here, whatever was asked before and by whom: calendars, categories and look-ups of one
//! client. A wait is believed up to [`RETRY_AFTER_MAX`].

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::error::GraphError;
use super::pace::RETRY_AFTER_MAX;
use crate::rules::Address;

/// The most mailboxes that are remembered, as many as one PBX has members. Of one beyond, its scheduler knows.
const MAILBOXES_MAX: usize = 10_000;

/// The waits that were asked for.
#[derive(Debug, Default)]
pub(super) struct Pauses(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    everybody: Option<Pause>,
    mailboxes: BTreeMap<Address, Pause>,
}

#[derive(Debug)]
struct Pause {
    until: DateTime<Utc>,
    /// The refusal that asked for it.
    error: GraphError,
}

impl Pause {
    fn new(error: &GraphError, now: DateTime<Utc>) -> Option<Self> {
        Some(Self { until: now + error.wait()?, error: error.clone() })
    }

    /// Returns the refusal again, with the time that is left.
    fn refusal(&self, now: DateTime<Utc>) -> Option<GraphError> {
        let left = (self.until - now).to_std().ok().filter(|left| !left.is_zero());
        // More than was ever asked for is left only when the clock was set back.
        left.filter(|left| *left <= RETRY_AFTER_MAX).map(|left| self.error.clone().with_wait(left))
    }
}

impl Pauses {
    /// Remembers a refusal of a whole call, if it asks to wait.
    pub(super) fn note(&self, error: &GraphError, now: DateTime<Utc>) {
        let Some(pause) = Pause::new(error, now) else { return };
        let mut inner = self.lock();
        if inner.everybody.as_ref().is_none_or(|before| before.until < pause.until || before.refusal(now).is_none()) {
            inner.everybody = Some(pause);
        }
    }

    /// Remembers a refusal of one mailbox, if it asks to wait.
    pub(super) fn note_mailbox(&self, address: &Address, error: &GraphError, now: DateTime<Utc>) {
        let Some(pause) = Pause::new(error, now) else { return };
        let mut inner = self.lock();
        if inner.mailboxes.len() >= MAILBOXES_MAX {
            inner.mailboxes.retain(|_, pause| pause.refusal(now).is_some());
        }
        if inner.mailboxes.len() < MAILBOXES_MAX || inner.mailboxes.contains_key(address) {
            inner.mailboxes.insert(address.clone(), pause);
        }
    }

    /// Fails while nobody may be asked.
    pub(super) fn admit(&self, now: DateTime<Utc>) -> Result<(), GraphError> {
        self.lock().everybody.as_ref().and_then(|pause| pause.refusal(now)).map_or(Ok(()), Err)
    }

    /// Fails while this mailbox may not be asked.
    pub(super) fn admit_mailbox(&self, address: &Address, now: DateTime<Utc>) -> Result<(), GraphError> {
        self.lock().mailboxes.get(address).and_then(|pause| pause.refusal(now)).map_or(Ok(()), Err)
    }

    /// Never held while something is waited for.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GraphError {
    /// Returns how long the other side wants to be left alone, if it says so.
    fn wait(&self) -> Option<Duration> {
        match self {
            Self::Throttled { after, .. } | Self::Failed { after, .. } => *after,
            _ => None,
        }
    }

    fn with_wait(mut self, left: Duration) -> Self {
        if let Self::Throttled { after, .. } | Self::Failed { after, .. } = &mut self {
            *after = Some(left);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::graph::{Reply, Service};
    use crate::rules::Verdict;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(second)
    }

    fn busy(seconds: Option<u64>) -> GraphError {
        let reply = Reply { service: Service::Graph, status: 429, code: None, request_id: None };
        GraphError::Throttled { reply, after: seconds.map(Duration::from_secs) }
    }

    fn left(admitted: Result<(), GraphError>) -> Option<u64> {
        match admitted.err()?.verdict() {
            Verdict::Retry { after } => after.map(|left| left.as_secs()),
            _ => None,
        }
    }

    #[test]
    fn everybody_waits_for_the_longest_that_was_asked_for_and_no_longer() {
        let pauses = Pauses::default();
        assert!(pauses.admit(at(0)).is_ok());
        pauses.note(&busy(Some(30)), at(0));
        pauses.note(&busy(Some(5)), at(1));
        pauses.note(&busy(None), at(1));
        assert_eq!(left(pauses.admit(at(10))), Some(20));
        assert!(pauses.admit(at(30)).is_ok());
    }

    #[test]
    fn a_mailbox_waits_alone() {
        let pauses = Pauses::default();
        let [anna, beat] = ["anna@example.de", "beat@example.de"].map(|text| text.parse().unwrap());
        pauses.note_mailbox(&anna, &busy(Some(30)), at(0));
        assert_eq!(left(pauses.admit_mailbox(&anna, at(29))), Some(1));
        assert!(pauses.admit_mailbox(&anna, at(30)).is_ok());
        assert!(pauses.admit_mailbox(&beat, at(0)).is_ok() && pauses.admit(at(0)).is_ok());
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_wait_for_ever() {
        let pauses = Pauses::default();
        pauses.note(&busy(Some(30)), at(100_000));
        assert!(pauses.admit(at(0)).is_ok());
        pauses.note(&busy(Some(5)), at(0));
        assert_eq!(left(pauses.admit(at(0))), Some(5));
    }

    #[test]
    fn only_so_many_mailboxes_are_remembered_and_those_that_are_over_make_room() {
        let pauses = Pauses::default();
        let address = |number: usize| format!("m{number}@example.de").parse().unwrap();
        for number in 0..=MAILBOXES_MAX {
            pauses.note_mailbox(&address(number), &busy(Some(30)), at(0));
        }
        assert!(pauses.admit_mailbox(&address(0), at(0)).is_err());
        assert!(pauses.admit_mailbox(&address(MAILBOXES_MAX), at(0)).is_ok());
        pauses.note_mailbox(&address(MAILBOXES_MAX), &busy(Some(30)), at(30));
        assert!(pauses.admit_mailbox(&address(MAILBOXES_MAX), at(30)).is_err());
    }
}
