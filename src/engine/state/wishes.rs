//! What members want, remembered from one look to the next boundary.
//!
//! Working out a wish reads a whole calendar, and one round asks for it several times: whom to look at, what to do, what
//! everybody wants of a number, when to look again. A wish changes by time at a boundary only, and whatever else changes
//! one – a calendar, a mark, a member, the policy – makes its member due, which [`Wishes::forget`] hears of.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::rules::{AccountId, Entry, Wish};

/// The last wish of each member.
#[derive(Default)]
pub(super) struct Wishes(Mutex<BTreeMap<AccountId, Remembered>>);

/// A wish, from the instant at which it was worked out until just before the next start or end in the calendar.
struct Remembered {
    from: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    wish: Option<Arc<Wish>>,
}

impl Remembered {
    fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

impl Wishes {
    /// Returns what a member wants at `now`, by what is remembered or by working it out.
    pub(super) fn get(
        &self,
        account: AccountId,
        now: DateTime<Utc>,
        until: impl FnOnce() -> Option<DateTime<Utc>>,
        work_out: impl FnOnce() -> Option<Wish>,
    ) -> Option<Arc<Wish>> {
        // No step of this can leave half a map behind.
        let mut wishes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = wishes.get(&account).filter(|known| known.holds_at(now)) {
            return known.wish.clone();
        }
        let wish = work_out().map(Arc::new);
        wishes.insert(account, Remembered { from: now, until: until(), wish: wish.clone() });
        wish
    }

    /// Forgets the wishes of members that are due.
    pub(super) fn forget(&mut self, accounts: &[AccountId]) {
        let wishes = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        for account in accounts {
            wishes.remove(account);
        }
    }
}

/// Returns the first start or end after `now`, whether or not its entry counts.
pub(super) fn next_turn(now: DateTime<Utc>, entries: &[Entry], zone: Tz) -> Option<DateTime<Utc>> {
    let turns = entries.iter().flat_map(|entry| [entry.span.start(zone), entry.span.end(zone)]);
    turns.filter(|at| *at > now).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(second)
    }

    const ONE: AccountId = AccountId(1);

    /// Asks at some instants, and returns how often the wish was worked out.
    fn worked_out(wishes: &Wishes, instants: &[i64], until: Option<i64>) -> usize {
        let count = std::cell::Cell::new(0);
        for instant in instants {
            wishes.get(
                ONE,
                at(*instant),
                || until.map(at),
                || {
                    count.set(count.get() + 1);
                    None
                },
            );
        }
        count.get()
    }

    #[test]
    fn a_wish_is_worked_out_once_until_the_next_boundary() {
        assert_eq!(worked_out(&Wishes::default(), &[10, 10, 15, 19], Some(20)), 1);
        assert_eq!(worked_out(&Wishes::default(), &[10, 20], Some(20)), 2);
        assert_eq!(worked_out(&Wishes::default(), &[10, 1_000_000], None), 1);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_it_anew() {
        assert_eq!(worked_out(&Wishes::default(), &[10, 9], Some(20)), 2);
    }

    #[test]
    fn it_is_worked_out_anew_when_its_member_is_due() {
        let mut wishes = Wishes::default();
        assert_eq!(worked_out(&wishes, &[10], Some(20)), 1);
        wishes.forget(&[AccountId(2)]);
        assert_eq!(worked_out(&wishes, &[11], Some(20)), 0);
        wishes.forget(&[ONE]);
        assert_eq!(worked_out(&wishes, &[12], Some(20)), 1);
    }
}
