//! Violations made up, to see that they are found.

use super::*;

#[track_caller]
fn fault(file: &str, source: &str, expected: &str) {
    let found = violations(file, &format!("//! A room.\n{source}"));
    assert_eq!(found, [format!("src/{file}: {expected}")]);
}

#[track_caller]
fn fine(file: &str, source: &str) {
    let found = violations(file, &format!("//! A room.\n{source}"));
    assert_eq!(found, [] as [String; 0]);
}

#[test]
fn a_forbidden_room_is_found_however_it_is_written() {
    let pbx = "journal must not know pbx";
    fault("journal/a.rs", "use crate::pbx::Pbx;", pbx);
    fault("journal/a.rs", "use crate::{rules::Hold, pbx::{self, Pbx}};", pbx);
    fault("journal/a.rs", "fn a() { crate :: pbx\n::b() }", pbx);
    fault("journal/a.rs", "use super::super::pbx::Pbx;", pbx);
    fault("journal/a.rs", "mod b { use super::super::super::pbx; }", pbx);
    fault("journal.rs", "use super::pbx::Pbx;", pbx);
    fault("journal.rs", "pub(crate) use crate::pbx;", pbx);
    fault("journal.rs", "fn a(_: &dyn starface_calendar::pbx::Pbx) {}", pbx);
}

#[test]
fn every_row_of_the_table_is_obeyed() {
    fault("rules/hold.rs", "use crate::clock::Clock;", "rules must not know clock");
    fault("graph.rs", "use crate::journal::Hold;", "graph must not know journal");
    fault("pbx/a.rs", "use crate::graph::Window;", "pbx must not know graph");
    fault("settings.rs", "use crate::pbx::Pbx;", "settings must not know pbx");
    fault("alarm.rs", "use crate::engine::Round;", "alarm must not know engine");
    fault("engine/a.rs", "use crate::web::Page;", "engine must not know web");
    fault("web.rs", "use crate::pbx::Pbx;", "web must not know pbx");
    fault("sim/pbx.rs", "use crate::pbx::Pbx;", "sim must not know pbx");
    fault("clock.rs", "use crate::rules::Hold;", "clock must not know rules");
    fault("engine.rs", "use crate::cli::run;", "engine must not know cli");
    fine("cli/run.rs", "use crate::{engine, graph, pbx, sim::Tenant};");
    fine("main.rs", "use starface_calendar::cli;");
    fine("engine.rs", "use crate::{graph, journal, pbx, rules, settings};");
    fault("attic.rs", "use crate::rules::Hold;", "the room attic is not in the table");
}

#[test]
fn the_simulation_may_use_values_and_no_decisions() {
    fine("sim.rs", "use crate::rules::{Entry, field::Presence, member::Address};");
    fault("sim.rs", "use crate::rules::{Entry, plan};", "sim must not know the rules' decisions: plan");
}

#[test]
fn the_rules_know_nothing_that_waits_or_tells() {
    fault("rules/a.rs", "use tracing::info;", "rules must not know tracing::info");
    fault("rules/a.rs", "fn a() { std::fs::read(b); }", "rules must not know std::fs::read");
    fault("rules/a.rs", "use std::{fmt, net::IpAddr};", "rules must not know std::net::IpAddr");
    fault("rules/a.rs", "async fn a() {}", "rules must not wait");
    let derive = "#[derive(serde::Serialize)] struct A;";
    fault("rules/a.rs", derive, "rules must not know serde::Serialize");
    fine("rules/a.rs", "use std::time::Duration; use chrono::{DateTime, Utc};");
}

#[test]
fn what_belongs_to_one_room_is_found_in_another() {
    fault("engine.rs", "use rusqlite::Row;", "rusqlite belongs to journal, not to engine");
    fault("pbx.rs", "use anyhow::Result;", "anyhow belongs to cli, not to pbx");
    let reader = "only clock may read time: chrono::Utc::now";
    fault("web.rs", "let a = chrono::Utc::now();", reader);
    let reader = "only clock may read time: std::time::Instant";
    fault("web.rs", "use std::time::{Duration, Instant};", reader);
    fault("web.rs", "tokio::select! {}", "select! belongs to the engine, not to web");
    fault("web.rs", "use futures_util::select; select! {}", "select! belongs to the engine, not to web");
    fine("engine/round.rs", "tokio::select! {}");
    fine("main.rs", "fn main() -> anyhow::Result<()> {}");
}

#[test]
fn words_that_are_no_code_are_no_violation() {
    fine("journal.rs", "/// Not [`crate::pbx`].\nfn a() {} // crate::pbx");
    fine("journal.rs", "/* crate::pbx /* crate::graph */ */");
    fine("journal.rs", r##"const A: &str = "crate::pbx"; const B: &str = r#""crate::pbx"#;"##);
    fine("journal.rs", r#"const A: char = '"'; fn b<'a>(_: &'a str) {} const C: char = '\'';"#);
    fine("pbx.rs", "mod config; pub use config::Config;");
    fine("pbx.rs", "fn a(config: u8) -> u8 { config }");
    fine("journal/a.rs", "use super::pbx; use self::graph::A;");
}

#[test]
fn the_shape_of_a_file_is_looked_at() {
    fault("web/mod.rs", "", "a module's file bears its name, not mod.rs");
    let long = "\n".repeat(LINES_MAX);
    fault("web.rs", &long, "it has 601 lines, more than 600");
    let bare = violations("web.rs", "use crate::rules;");
    assert_eq!(bare, ["src/web.rs: it does not begin with what it is for"]);
}
