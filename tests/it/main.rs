//! Everything that crosses a room: servers, files, processes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking, helpers of tests too")]

mod certificates;
mod engine;
mod graph;
mod journal;
mod layering;
mod lifecycle;
mod pbx;
mod pbx_apply;
mod pbx_drain;
mod pbx_http;
mod pbx_members;
mod pbx_oauth;
mod pbx_peers;
mod pbx_secrets;
mod pbx_states;
mod pbx_tls;
mod process;
mod settings;
mod sim;
mod sim_dialect;
mod sim_pbx;
mod sim_pbx_apply;
mod sim_pbx_back;
mod sim_pbx_events;
mod sim_pbx_faults;
mod sim_pbx_people;
mod sim_pbx_upheaval;
mod sim_schema;
mod sim_tenant;
mod sim_tenant_calendar;
mod sim_tenant_faults;
mod telemetry;
mod web;
