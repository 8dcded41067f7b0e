//! What is counted and timed, as Prometheus reads it.
//!
//! Any room that does something worth counting may hold a meter; it knows none of them. Counting never fails and never
//! waits. No label holds anything of a person or an appointment: each has few values, all of them words of this program
//! or numbers of HTTP. Whatever can be counted stands in the text from the start, with 0, so that the first one is seen
//! as a rise.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use prometheus::{IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

mod instruments;

use instruments::{FIELDS, Instruments, enter};

/// Counters and times of one service. Clones count into the same.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Instruments>);

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
    /// Counts a step of a field, and what became of it.
    pub fn step(&self, field: &'static str, outcome: &'static str) {
        self.0.steps.with_label_values(&[field, outcome]).inc();
    }

    /// Notes how long after a boundary a step of it was answered.
    pub fn late_by(&self, lateness: TimeDelta) {
        self.0.lateness.observe(seconds(lateness));
    }

    /// Counts a completed round, and how long it took.
    pub fn round(&self, took: TimeDelta) {
        self.0.rounds.observe(seconds(took));
    }

    /// Counts a request to Microsoft, or one mailbox's part of a batch, with the HTTP status of its answer, if there was
    /// any.
    pub fn graph_request(&self, kind: &'static str, status: Option<u16>) {
        let status = match status {
            None => "none".to_owned(),
            // Whatever else stands in a batch is no status, and there may be any number of them.
            Some(status) if !(100..600).contains(&status) => "other".to_owned(),
            Some(status) => status.to_string(),
        };
        self.0.graph_requests.with_label_values(&[kind, &status]).inc();
        if status == "429" {
            self.0.graph_throttled.inc();
        }
    }

    /// Counts a call of one of the module's entry points, and how it ended.
    pub fn pbx_call(&self, method: &'static str, outcome: &'static str) {
        self.0.pbx_calls.with_label_values(&[method, outcome]).inc();
    }

    /// Counts something that was made durable.
    pub fn journal_commit(&self) {
        self.0.journal_commits.inc();
    }

    /// Counts a mail about problems of a kind.
    pub fn alarm(&self, kind: &'static str) {
        self.0.alarms.with_label_values(&[kind]).inc();
    }

    /// Returns everything in Prometheus' text format.
    pub fn text(&self, gauges: &Gauges) -> String {
        let mut families = self.0.registry.gather();
        families.extend(gauges.registry().gather());
        families.sort_by(|one, other| one.name().cmp(other.name()));
        // It fails only with a family that has nothing in it, and those are not gathered.
        TextEncoder::new().encode_to_string(&families).unwrap_or_default()
    }
}

impl Gauges {
    /// A registry of each scrape's own, so that two at a time cannot mix.
    fn registry(&self) -> Registry {
        let registry = instruments::registry();
        gauge(&registry, "members", "Members of the STARFACE group that is followed.", count(self.members));
        let help = "Seconds since the calendar was read that was read longest ago; absent while none was.";
        if let Some(age) = self.calendar_age_seconds {
            gauge(&registry, "calendar_age_seconds", help, age);
        }
        gauge(&registry, "mail_unsent", "Mails about problems that wait to be sent.", count(self.mail_unsent));
        let help = "Fields of members over which the service has put a value, by field.";
        let holds = enter(&registry, IntGaugeVec::new(Opts::new("holds", help), &["field"]));
        for field in FIELDS {
            holds.with_label_values(&[field]).set(0);
        }
        for (field, held) in &self.holds {
            holds.with_label_values(&[*field]).set(count(*held));
        }
        registry
    }
}

fn gauge(registry: &Registry, name: &str, help: &str, value: i64) {
    enter(registry, IntGauge::new(name, help)).set(value);
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A clock that was set back in between makes nothing negative.
fn seconds(span: TimeDelta) -> f64 {
    span.max(TimeDelta::zero()).as_seconds_f64()
}

#[cfg(test)]
mod tests;
