//! Ends a round of calls early when the PBX cannot be had, so that a dead PBX costs a few time-outs and not one per
//! hundred members.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::pbx::{CALLS_MAX, PbxError};

/// How many calls without a useful answer end a round: twice what is in flight at once.
const FAILURES_MAX: usize = 2 * CALLS_MAX;

/// One per round of calls; collects its errors.
#[derive(Debug, Default)]
pub(super) struct Fuse {
    blown: AtomicBool,
    failures: AtomicUsize,
    errors: Mutex<Vec<PbxError>>,
}

impl Fuse {
    /// Notes the error of a whole call.
    pub(super) fn note(&self, error: PbxError) {
        self.count(&error);
        self.errors.lock().expect("nobody panics while pushing to the list").push(error);
    }

    /// Counts an error after which the same is asked again in parts.
    pub(super) fn count(&self, error: &PbxError) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if error.concerns_every_call() || failures >= FAILURES_MAX {
            self.blown.store(true, Ordering::Relaxed);
        }
    }

    /// Returns whether no further call should be made.
    pub(super) fn is_blown(&self) -> bool {
        self.blown.load(Ordering::Relaxed)
    }

    /// Returns the errors noted.
    pub(super) fn into_errors(self) -> Vec<PbxError> {
        self.errors.into_inner().expect("nobody panics while pushing to the list")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_one_call_leaves_the_others_their_chance() {
        let fuse = Fuse::default();
        fuse.note(PbxError::TimedOut);
        fuse.note(PbxError::Status(500));
        assert!(!fuse.is_blown());
        assert_eq!(fuse.into_errors().len(), 2);
    }

    #[test]
    fn an_error_that_concerns_every_call_ends_the_round() {
        let fuse = Fuse::default();
        fuse.note(PbxError::WrongKey);
        assert!(fuse.is_blown());
    }

    #[test]
    fn many_failures_end_the_round() {
        let fuse = Fuse::default();
        for _ in 0..FAILURES_MAX {
            assert!(!fuse.is_blown());
            fuse.count(&PbxError::TimedOut);
        }
        assert!(fuse.is_blown());
    }
}
