//! Who calls the module, and the numbers of the calls.

use std::sync::atomic::{AtomicU64, Ordering};

/// The owner in whose name calls are made, and the sequence number of the next one. The module refuses to apply what
/// comes with a lower number than it has seen of this owner, so a number is never used twice.
#[derive(Debug)]
pub struct Caller {
    owner: String,
    next: AtomicU64,
}

impl Caller {
    /// Starts at `first_seq`, which must be above every number that this owner has ever used.
    pub fn new(owner: impl Into<String>, first_seq: u64) -> Self {
        Self { owner: owner.into(), next: AtomicU64::new(first_seq) }
    }

    /// Returns the owner's id.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Makes the next number greater than `last`; numbers never fall.
    pub fn raise_above(&self, last: u64) {
        self.next.fetch_max(last.saturating_add(1), Ordering::Relaxed);
    }

    /// Takes the next number.
    pub(super) fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_and_never_fall() {
        let caller = Caller::new("owner", 7);
        assert_eq!((caller.next(), caller.next()), (7, 8));
        caller.raise_above(20);
        assert_eq!(caller.next(), 21);
        caller.raise_above(3);
        assert_eq!(caller.next(), 22);
    }
}
