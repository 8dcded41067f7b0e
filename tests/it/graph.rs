//! The client of Microsoft Graph over real HTTP, against a small tenant on loopback that each test scripts, and against the
//! simulated one.

#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails the test")]

mod batches;
mod categories;
mod counts;
mod failures;
mod look_ups;
mod privacy;
mod retry_after;
mod simulated;
mod sizes;
mod tenant;
mod texts;
mod tls;
mod tokens;
