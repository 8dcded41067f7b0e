//! The dashboard and the alert rules ask only for what there is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const PREFIX: &str = "starface_calendar_";

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("resources").join(name)).unwrap()
}

/// The metrics that a text names.
fn named(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| -> String { rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect() };
    text.match_indices(PREFIX).map(|(at, _)| name(&text[at..])).collect()
}

/// The metrics that the service gives.
fn given() -> BTreeSet<String> {
    named(&super::full())
}

#[test]
fn the_dashboard_and_the_rules_name_only_metrics_that_the_service_gives() {
    let given = given();
    for file in ["grafana/starface-calendar.json", "prometheus/alerts.yml", "prometheus/alerts.test.yml"] {
        let named = named(&read(file));
        assert!(!named.is_empty(), "{file}");
        let unknown: Vec<_> = named.difference(&given).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
}

#[test]
fn the_dashboard_shows_everything_that_is_measured() {
    let dashboard = read("grafana/starface-calendar.json");
    let shown = named(&dashboard);
    let stem = |name: &String| {
        let ends = ["_bucket", "_count", "_sum"];
        ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned()
    };
    let shown: BTreeSet<String> = shown.iter().map(stem).collect();
    let missing: Vec<String> = given().iter().map(stem).filter(|name| !shown.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_panel_of_the_dashboard_has_a_title_a_place_and_a_number_of_its_own() {
    let dashboard: Value = serde_json::from_str(&read("grafana/starface-calendar.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut taken = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for panel in panels {
        assert!(panel["title"].as_str().is_some_and(|title| !title.is_empty()), "{panel}");
        assert!(numbers.insert(panel["id"].as_u64().unwrap()), "{panel}");
        let place = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        assert!(place("x") + place("w") <= 24, "{panel}");
        for x in place("x")..place("x") + place("w") {
            for y in place("y")..place("y") + place("h") {
                assert!(taken.insert((x, y)), "two panels at {x}, {y}");
            }
        }
    }
}

#[test]
fn every_alert_says_what_helps() {
    let rules = read("prometheus/alerts.yml");
    let count = |word: &str| rules.lines().filter(|line| line.trim_start().starts_with(word)).count();
    let alerts = count("- alert:");
    assert!(alerts > 5, "{alerts}");
    for part in ["summary:", "description:", "severity:", "for:"] {
        assert_eq!(count(part), alerts, "{part}");
    }
    assert_eq!(rules.matches("What helps:").count(), alerts);
}
