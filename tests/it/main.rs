//! Everything that crosses a room: servers, files, processes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking, helpers of tests too")]

mod graph;
mod journal;
mod pbx;
mod pbx_apply;
mod pbx_http;
mod pbx_members;
mod pbx_peers;
mod pbx_secrets;
mod pbx_states;
mod settings;
