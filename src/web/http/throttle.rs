//! How many wrong tokens are listened to.

use std::collections::VecDeque;
use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

/// How long a failure counts.
const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// The most failures of one address, and of all together, within that time.
const OWN_MAX: usize = 5;
const ALL_MAX: usize = 20;

/// The failures of the last minute, oldest first; bounded, as none is noted while there are too many.
#[derive(Debug, Default)]
pub(super) struct Failures {
    recent: VecDeque<(DateTime<Utc>, IpAddr)>,
}

impl Failures {
    /// Returns how long this address has to wait until it is listened to; nothing when it need not.
    pub(super) fn wait(&mut self, from: IpAddr, now: DateTime<Utc>) -> Option<TimeDelta> {
        // One that lies ahead is of before the clock was set back.
        self.recent.retain(|(at, _)| *at <= now && now - *at < WINDOW);
        let own: Vec<_> = self.recent.iter().filter(|(_, address)| *address == from).collect();
        let oldest = if own.len() >= OWN_MAX {
            own.first().map(|(at, _)| *at)
        } else if self.recent.len() >= ALL_MAX {
            self.recent.front().map(|(at, _)| *at)
        } else {
            None
        };
        oldest.map(|at| at + WINDOW - now)
    }

    /// Notes a failure, after a [`Failures::wait`] that was not needed.
    pub(super) fn note(&mut self, from: IpAddr, now: DateTime<Utc>) {
        self.recent.push_back((now, from));
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(last: u8) -> IpAddr {
        Ipv4Addr::new(192, 0, 2, last).into()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn the_sixth_failure_of_an_address_waits_for_the_first_to_be_a_minute_old() {
        let mut failures = Failures::default();
        for second in 0..5 {
            assert_eq!(failures.wait(address(1), at(second)), None);
            failures.note(address(1), at(second));
        }
        assert_eq!(failures.wait(address(1), at(5)), Some(TimeDelta::seconds(55)));
        assert_eq!(failures.wait(address(2), at(5)), None, "another address");
        assert_eq!(failures.wait(address(1), at(59)), Some(TimeDelta::seconds(1)));
        assert_eq!(failures.wait(address(1), at(60)), None);
    }

    #[test]
    fn twenty_failures_of_many_addresses_make_all_of_them_wait() {
        let mut failures = Failures::default();
        for one in 0..20 {
            assert_eq!(failures.wait(address(one), at(0)), None);
            failures.note(address(one), at(0));
        }
        assert_eq!(failures.wait(address(99), at(10)), Some(TimeDelta::seconds(50)));
        assert_eq!(failures.wait(address(99), at(60)), None);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out_for_longer() {
        let mut failures = Failures::default();
        for _ in 0..5 {
            failures.note(address(1), at(1000));
        }
        assert_eq!(failures.wait(address(1), at(0)), None);
    }
}
