//! How long to wait after failures in a row.

use std::time::Duration;

/// Doubling waits between a first and a longest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    /// Starts calm.
    pub(crate) const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    /// Counts a failure and returns how long to wait: at least what the other side asked for, and otherwise the doubled
    /// wait, shortened by up to a quarter by `jitter` (0–255), so that many waiters do not come back at once.
    pub(crate) fn fail(&mut self, asked: Option<Duration>, jitter: u8) -> Duration {
        let grown = self.first.saturating_mul(1 << self.failures.min(20)).min(self.longest);
        self.failures = self.failures.saturating_add(1);
        let shortened = grown - grown.mul_f64(f64::from(jitter) / 1024.0);
        asked.map_or(shortened, |asked| asked.max(shortened))
    }

    /// Forgets the failures, and says whether there were any.
    pub(crate) fn succeed(&mut self) -> bool {
        std::mem::take(&mut self.failures) > 0
    }

    /// Returns how many failures there were in a row.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_double_up_to_the_longest_and_fall_back() {
        let mut backoff = Backoff::new(SECOND, 10 * SECOND);
        let waits: Vec<_> = (0..6).map(|_| backoff.fail(None, 0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 10, 10]);
        assert!(backoff.succeed());
        assert!(!backoff.succeed());
        assert_eq!(backoff.fail(None, 0), SECOND);
    }

    #[test]
    fn never_sooner_than_asked() {
        let mut backoff = Backoff::new(SECOND, 10 * SECOND);
        assert_eq!(backoff.fail(Some(60 * SECOND), 255), 60 * SECOND);
        assert_eq!(backoff.fail(Some(SECOND / 2), 0), 2 * SECOND);
    }

    #[test]
    fn jitter_shortens_by_a_quarter_at_most() {
        let mut backoff = Backoff::new(16 * SECOND, 16 * SECOND);
        let wait = backoff.fail(None, 255);
        assert!(wait >= 12 * SECOND && wait < 16 * SECOND, "{wait:?}");
    }
}
