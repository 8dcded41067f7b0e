//! The built program as a process, between a simulated tenant and a simulated PBX, over real HTTP.
//!
//! Nothing here waits for time: a test waits until a call is held, or until the PBX shows what it should.

mod alarm;
mod browser;
mod categories;
mod check;
mod commands;
mod credential;
mod demo;
mod front;
mod kill;
mod log_in;
mod measured;
mod page;
mod plan;
mod rights;
mod seeded;
mod service;
mod setup;
mod shadow;
mod silence;
pub(crate) mod site;
mod terminal;
