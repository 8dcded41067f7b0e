//! Calendars whose texts are too large for one answer, so that they are read without them for a while.
//!
//! Finding such a mailbox among twenty costs some answers of eight megabytes, which must not be paid at every read.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::Request;
use crate::rules::Address;

/// How long texts are not asked for.
const HEAVY_FOR: TimeDelta = TimeDelta::hours(1);

/// The most mailboxes that are remembered, as many as one PBX has members. One beyond is found out at every read.
const MAILBOXES_MAX: usize = 10_000;

/// The mailboxes that are read without texts.
#[derive(Debug, Default)]
pub(super) struct Heavy(Mutex<BTreeMap<Address, Burden>>);

#[derive(Debug)]
struct Burden {
    until: DateTime<Utc>,
    /// The length of the window that was too much. A shorter one may fit.
    window: TimeDelta,
}

impl Heavy {
    /// Remembers that the answer to this request was too large with texts.
    pub(super) fn note(&self, request: &Request, now: DateTime<Utc>) {
        let mut mailboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if mailboxes.len() >= MAILBOXES_MAX {
            mailboxes.retain(|_, burden| now < burden.until);
        }
        if mailboxes.len() < MAILBOXES_MAX || mailboxes.contains_key(&request.address) {
            let burden = Burden { until: now + HEAVY_FOR, window: length(request) };
            mailboxes.insert(request.address.clone(), burden);
        }
    }

    /// Returns whether the answer to this request would be too large with texts.
    pub(super) fn holds(&self, request: &Request, now: DateTime<Utc>) -> bool {
        let mailboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let burden = mailboxes.get(&request.address);
        burden.is_some_and(|burden| now < burden.until && length(request) >= burden.window)
    }
}

fn length(request: &Request) -> TimeDelta {
    request.window.to - request.window.from
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Window;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn request(address: &str, hours: i64) -> Request {
        let from = at("2026-11-23T09:00:00Z");
        Request {
            address: address.parse().unwrap(),
            window: Window { from, to: from + TimeDelta::hours(hours) },
            last: None,
        }
    }

    #[test]
    fn a_window_as_long_as_the_one_too_large_is_read_without_texts_for_an_hour() {
        let heavy = Heavy::default();
        let now = at("2026-11-23T09:00:00Z");
        let request = |hours| request("anna@example.de", hours);
        heavy.note(&request(200), now);
        assert!(heavy.holds(&request(200), now));
        assert!(heavy.holds(&request(201), now + TimeDelta::minutes(59)));
        assert!(!heavy.holds(&request(39), now));
        assert!(!heavy.holds(&request(200), now + TimeDelta::hours(1)));
        heavy.note(&request(39), now);
        assert!(heavy.holds(&request(39), now));
    }

    #[test]
    fn other_mailboxes_are_read_with_theirs() {
        let heavy = Heavy::default();
        let now = at("2026-11-23T09:00:00Z");
        heavy.note(&request("anna@example.de", 39), now);
        assert!(!heavy.holds(&request("beat@example.de", 39), now));
    }

    #[test]
    fn only_so_many_mailboxes_are_remembered_and_those_that_are_over_make_room() {
        let heavy = Heavy::default();
        let now = at("2026-11-23T09:00:00Z");
        for number in 0..=MAILBOXES_MAX {
            heavy.note(&request(&format!("m{number}@example.de"), 39), now);
        }
        let last = request(&format!("m{MAILBOXES_MAX}@example.de"), 39);
        assert!(heavy.holds(&request("m0@example.de", 39), now));
        assert!(!heavy.holds(&last, now));
        let later = now + HEAVY_FOR;
        heavy.note(&last, later);
        assert!(heavy.holds(&last, later));
    }
}
