//! What stands in the text.

use super::*;

fn gauges() -> Gauges {
    Gauges {
        members: 12,
        holds: BTreeMap::from([("presence", 3), ("redirect", 1)]),
        calendar_age_seconds: Some(42),
        mail_unsent: 2,
    }
}

#[track_caller]
fn has(text: &str, line: &str) {
    assert!(text.lines().any(|one| one == format!("starface_calendar_{line}")), "{line} in\n{text}");
}

#[test]
fn how_things_stand_is_told_and_what_is_not_held_is_told_as_none() {
    let text = Meter::default().text(&gauges());
    for line in [
        "members 12",
        "holds{field=\"presence\"} 3",
        "holds{field=\"text\"} 0",
        "holds{field=\"indicator\"} 0",
        "holds{field=\"dnd\"} 0",
        "holds{field=\"redirect\"} 1",
        "calendar_age_seconds 42",
        "mail_unsent 2",
        concat!("build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
    ] {
        has(&text, line);
    }
}

#[test]
fn a_calendar_that_was_never_read_has_no_age() {
    let text = Meter::default().text(&Gauges::default());
    assert!(!text.contains("calendar_age_seconds"), "{text}");
    has(&text, "members 0");
}

#[test]
fn whatever_can_be_counted_stands_at_nothing_from_the_start() {
    let text = Meter::default().text(&Gauges::default());
    for line in [
        "steps_total{field=\"dnd\",outcome=\"not_sent\"} 0",
        "transition_lateness_seconds_count 0",
        "round_duration_seconds_count 0",
        "graph_requests_total{kind=\"calendars\",status=\"200\"} 0",
        "graph_throttled_total 0",
        "pbx_calls_total{method=\"applyStates\",outcome=\"ok\"} 0",
        "journal_commits_total 0",
        "alarms_total{kind=\"connector\"} 0",
    ] {
        has(&text, line);
    }
}

#[test]
fn clones_count_into_the_same_and_another_meter_does_not() {
    let meter = Meter::default();
    meter.clone().step("text", "done");
    meter.step("text", "done");
    meter.pbx_call("info", "timed_out");
    meter.alarm("redirect");
    meter.journal_commit();
    let text = meter.text(&gauges());
    for line in [
        "steps_total{field=\"text\",outcome=\"done\"} 2",
        "pbx_calls_total{method=\"info\",outcome=\"timed_out\"} 1",
        "alarms_total{kind=\"redirect\"} 1",
        "journal_commits_total 1",
    ] {
        has(&text, line);
    }
    has(&Meter::default().text(&gauges()), "steps_total{field=\"text\",outcome=\"done\"} 0");
}

#[test]
fn times_fall_into_buckets_and_a_clock_that_was_set_back_makes_none_negative() {
    let meter = Meter::default();
    for milliseconds in [4, 700, 61_000, -5_000] {
        meter.late_by(TimeDelta::milliseconds(milliseconds));
    }
    meter.round(TimeDelta::milliseconds(30));
    let text = meter.text(&gauges());
    for line in [
        "transition_lateness_seconds_bucket{le=\"0.005\"} 2",
        "transition_lateness_seconds_bucket{le=\"1\"} 3",
        "transition_lateness_seconds_bucket{le=\"60\"} 3",
        "transition_lateness_seconds_count 4",
        "transition_lateness_seconds_sum 61.704",
        "round_duration_seconds_bucket{le=\"0.025\"} 0",
        "round_duration_seconds_bucket{le=\"0.05\"} 1",
    ] {
        has(&text, line);
    }
}

#[test]
fn a_status_is_one_of_http_or_none_or_some_other_so_that_nobody_can_make_up_many() {
    let meter = Meter::default();
    for status in [Some(200), Some(429), None, Some(7), Some(65_535)] {
        meter.graph_request("batch", status);
    }
    let text = meter.text(&gauges());
    for line in [
        "graph_requests_total{kind=\"batch\",status=\"200\"} 1",
        "graph_requests_total{kind=\"batch\",status=\"429\"} 1",
        "graph_requests_total{kind=\"batch\",status=\"none\"} 1",
        "graph_requests_total{kind=\"batch\",status=\"other\"} 2",
        "graph_throttled_total 1",
    ] {
        has(&text, line);
    }
}
