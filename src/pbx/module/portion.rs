//! How much goes into one call: less after a call that was too much for the PBX, more again after a while.
//!
//! And who goes into it: where a call failed, any of its accounts may be why, so each is alone in its next call. Whoever is
//! answered then is with the others again, and nobody stays unknown for another's sake.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use crate::pbx::{ACCOUNTS_MAX, PbxError, RECORDS_MAX};
use crate::rules::AccountId;

/// What part of a full call is the smallest: below this a call's own cost outweighs what is in it.
const PARTS_MAX: usize = 8;

/// How many full calls in a row must go well before more is tried: each try may cost a whole time-out.
const GOOD_CALLS_MIN: u32 = 32;

/// The most accounts that are alone in their calls: those of one full call. Where more fail, it is the PBX.
const SUSPECTS_MAX: usize = ACCOUNTS_MAX;

/// One portion for each kind of work, as one may be too much where another is not.
#[derive(Debug)]
pub(super) struct Portions {
    /// States, read and written, by accounts.
    pub(super) states: Portion,
    /// Redirects read, by accounts.
    pub(super) redirects_read: Portion,
    /// Redirects written, by records.
    pub(super) redirects_written: Portion,
}

impl Default for Portions {
    fn default() -> Self {
        Self {
            states: Portion::up_to(ACCOUNTS_MAX),
            redirects_read: Portion::up_to(ACCOUNTS_MAX),
            redirects_written: Portion::up_to(RECORDS_MAX),
        }
    }
}

/// The present number of items, accounts or records, in one call.
#[derive(Debug)]
pub(super) struct Portion {
    items_max: usize,
    experience: Mutex<Experience>,
}

#[derive(Debug)]
struct Experience {
    items: usize,
    good_calls: u32,
    suspects: BTreeSet<AccountId>,
}

impl Portion {
    fn up_to(items_max: usize) -> Self {
        let experience = Experience { items: items_max, good_calls: 0, suspects: BTreeSet::new() };
        Self { items_max, experience: Mutex::new(experience) }
    }

    /// Returns the number for the next call.
    pub(super) fn items(&self) -> usize {
        self.lock().items
    }

    /// Learns from a call about so many items: half of them after one that was too much.
    pub(super) fn learn_failure(&self, error: &PbxError, items: usize) {
        if error.may_go_well_in_parts() {
            let mut experience = self.lock();
            let fewer = (items / 2).max(self.items_max / PARTS_MAX);
            experience.items = experience.items.min(fewer);
            experience.good_calls = 0;
        }
    }

    /// Learns from a call about so many items that went well. One that was not full proves nothing.
    pub(super) fn learn_success(&self, items: usize) {
        let mut experience = self.lock();
        if items < experience.items {
            return;
        }
        experience.good_calls += 1;
        if experience.good_calls >= GOOD_CALLS_MIN {
            experience.items = (experience.items * 2).min(self.items_max);
            experience.good_calls = 0;
        }
    }

    /// Suspects the accounts of a call that failed, unless every call fails like that, or fewer at once may do.
    pub(super) fn suspect(&self, error: &PbxError, accounts: &[AccountId]) {
        let may_be_too_much = error.may_go_well_in_parts() && accounts.len() > self.items_max.div_ceil(PARTS_MAX);
        if error.concerns_every_call() || may_be_too_much {
            return;
        }
        let mut experience = self.lock();
        let room = SUSPECTS_MAX.saturating_sub(experience.suspects.len());
        experience.suspects.extend(accounts.iter().take(room));
    }

    /// Clears the accounts of a call that was answered.
    pub(super) fn clear(&self, accounts: impl IntoIterator<Item = AccountId>) {
        let mut experience = self.lock();
        if !experience.suspects.is_empty() {
            for account in accounts {
                experience.suspects.remove(&account);
            }
        }
    }

    /// Returns whether an account must be alone in its call.
    pub(super) fn is_suspect(&self, account: AccountId) -> bool {
        self.lock().suspects.contains(&account)
    }

    fn lock(&self) -> MutexGuard<'_, Experience> {
        self.experience.lock().expect("nobody panics while counting the calls")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_halves_after_a_call_that_was_too_much_down_to_a_bound() {
        let portion = Portion::up_to(100);
        assert_eq!(portion.items(), 100);
        portion.learn_failure(&PbxError::TimedOut, 100);
        assert_eq!(portion.items(), 50);
        portion.learn_failure(&PbxError::Status(500), 50);
        assert_eq!(portion.items(), 50, "smaller calls do not help here");
        portion.learn_failure(&PbxError::TooLarge, 50);
        portion.learn_failure(&PbxError::NotSerialised, 25);
        portion.learn_failure(&PbxError::TimedOut, 12);
        assert_eq!(portion.items(), 12);
    }

    #[test]
    fn the_accounts_of_a_call_that_failed_are_suspects_until_they_are_answered_and_never_too_many() {
        let portion = Portion::up_to(100);
        portion.suspect(&PbxError::WrongKey, &[AccountId(1)]);
        assert!(!portion.is_suspect(AccountId(1)), "no account is to blame for that");
        let many: Vec<AccountId> = (1..=150).map(AccountId).collect();
        portion.suspect(&PbxError::TimedOut, &many[..14]);
        assert!(!portion.is_suspect(AccountId(1)), "half of them may do");
        portion.suspect(&PbxError::TimedOut, &many[..13]);
        assert!(portion.is_suspect(AccountId(1)));
        portion.suspect(&PbxError::Status(500), &many);
        assert!(portion.is_suspect(AccountId(87)) && !portion.is_suspect(AccountId(88)));
        portion.clear([AccountId(1)]);
        assert!(!portion.is_suspect(AccountId(1)) && portion.is_suspect(AccountId(2)));
    }

    #[test]
    fn a_portion_grows_after_many_full_calls_in_a_row() {
        let portion = Portion::up_to(100);
        portion.learn_failure(&PbxError::TimedOut, 100);
        for _ in 1..GOOD_CALLS_MIN {
            portion.learn_success(49);
            portion.learn_success(50);
        }
        assert_eq!(portion.items(), 50);
        portion.learn_success(50);
        assert_eq!(portion.items(), 100);
    }
}
