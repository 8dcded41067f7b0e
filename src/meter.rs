//! What is counted and timed, as Prometheus reads it.
//!
//! Any room that does something worth counting may hold a meter; it knows none of them. Counting never fails and never
//! waits. No label holds anything of a person or an appointment.

use std::collections::BTreeMap;

/// Counters and times of one service. Clones count into the same.
#[derive(Clone, Debug, Default)]
pub struct Meter {}

/// How things stand at the moment of a scrape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gauges {
    /// How many members the group has.
    pub members: usize,
    /// How many fields are held, by field name.
    pub holds: BTreeMap<&'static str, usize>,
    /// The age of the calendar that was read longest ago.
    pub calendar_age_seconds: Option<i64>,
    /// How many mails about problems wait to be sent.
    pub mail_unsent: usize,
}

impl Meter {
    /// Returns everything in Prometheus' text format.
    pub fn text(&self, _gauges: &Gauges) -> String {
        String::new()
    }
}
