//! How many accounts go into one call: fewer after a call that was too much for the PBX, more again after a while.

use std::sync::{Mutex, MutexGuard};

use crate::pbx::{ACCOUNTS_MAX, PbxError};

/// The fewest: below this a call's own cost outweighs its accounts'.
const ACCOUNTS_MIN: usize = ACCOUNTS_MAX / 8;

/// How many full calls in a row must go well before more is tried: each try may cost a whole time-out.
const GOOD_CALLS_MIN: u32 = 32;

/// The present number of accounts in one call.
#[derive(Debug)]
pub(super) struct Portion(Mutex<Experience>);

#[derive(Debug)]
struct Experience {
    accounts: usize,
    good_calls: u32,
}

impl Default for Portion {
    fn default() -> Self {
        Self(Mutex::new(Experience { accounts: ACCOUNTS_MAX, good_calls: 0 }))
    }
}

impl Portion {
    /// Returns the number for the next call.
    pub(super) fn accounts(&self) -> usize {
        self.lock().accounts
    }

    /// Learns from a call about `accounts`: half of them after one that was too much.
    pub(super) fn learn_failure(&self, error: &PbxError, accounts: usize) {
        if error.may_go_well_in_parts() {
            let mut experience = self.lock();
            let fewer = (accounts / 2).max(ACCOUNTS_MIN);
            experience.accounts = experience.accounts.min(fewer);
            experience.good_calls = 0;
        }
    }

    /// Learns from a call about `accounts` that went well. One that was not full proves nothing.
    pub(super) fn learn_success(&self, accounts: usize) {
        let mut experience = self.lock();
        if accounts < experience.accounts {
            return;
        }
        experience.good_calls += 1;
        if experience.good_calls >= GOOD_CALLS_MIN {
            experience.accounts = (experience.accounts * 2).min(ACCOUNTS_MAX);
            experience.good_calls = 0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Experience> {
        self.0.lock().expect("nobody panics while counting the calls")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_halves_after_a_call_that_was_too_much_down_to_a_bound() {
        let portion = Portion::default();
        assert_eq!(portion.accounts(), 100);
        portion.learn_failure(&PbxError::TimedOut, 100);
        assert_eq!(portion.accounts(), 50);
        portion.learn_failure(&PbxError::Status(500), 50);
        assert_eq!(portion.accounts(), 50, "smaller calls do not help here");
        portion.learn_failure(&PbxError::TooLarge, 50);
        portion.learn_failure(&PbxError::NotSerialised, 25);
        portion.learn_failure(&PbxError::TimedOut, 12);
        assert_eq!(portion.accounts(), 12);
    }

    #[test]
    fn a_portion_grows_after_many_full_calls_in_a_row() {
        let portion = Portion::default();
        portion.learn_failure(&PbxError::TimedOut, 100);
        for _ in 1..GOOD_CALLS_MIN {
            portion.learn_success(49);
            portion.learn_success(50);
        }
        assert_eq!(portion.accounts(), 50);
        portion.learn_success(50);
        assert_eq!(portion.accounts(), 100);
    }
}
