//! The middle and the ends of many measurements.

use std::fmt;

use chrono::TimeDelta;

/// Times, sorted.
pub(crate) struct Quantiles(Vec<TimeDelta>);

impl Quantiles {
    pub(crate) fn of(mut times: Vec<TimeDelta>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the time that so many hundredths of all do not exceed, in milliseconds.
    pub(crate) fn at(&self, hundredths: usize) -> f64 {
        let index = (self.0.len() * hundredths).div_ceil(100).max(1) - 1;
        self.0.get(index).map_or(f64::NAN, |time| time.num_microseconds().unwrap_or(i64::MAX) as f64 / 1e3)
    }
}

impl fmt::Display for Quantiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms", self.at(50), self.at(99), self.at(100))
    }
}
