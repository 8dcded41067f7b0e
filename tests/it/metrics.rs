//! What is counted, as those see it who watch the service: the text, the alert rules and the dashboard.

use starface_calendar::meter::{Gauges, Meter};

mod promtool;
mod resources;

/// The value of a series, by its name without the program's and with its labels.
#[track_caller]
pub(crate) fn value(meter: &Meter, series: &str) -> f64 {
    let text = meter.text(&Gauges::default());
    let found =
        text.lines().find_map(|line| line.strip_prefix("starface_calendar_")?.strip_prefix(series)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {series} in\n{text}")).parse().unwrap()
}

/// A text in which every metric stands, of a service that has seen everything.
pub(crate) fn full() -> String {
    let meter = Meter::default();
    meter.step("presence", "done");
    meter.late_by(chrono::TimeDelta::milliseconds(12));
    meter.round(chrono::TimeDelta::milliseconds(7));
    meter.graph_request("batch", Some(429));
    meter.graph_request("token", None);
    meter.pbx_call("applyStates", "timed_out");
    meter.journal_commit();
    meter.alarm("redirect");
    let holds = [("presence", 3), ("text", 2)].into();
    meter.text(&Gauges { members: 7, holds, calendar_age_seconds: Some(11), mail_unsent: 1 })
}
