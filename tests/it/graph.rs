//! The client of Microsoft Graph over real HTTP, against a small tenant on loopback that each test scripts.

#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails the test")]

mod batches;
mod failures;
mod privacy;
mod sizes;
mod tenant;
mod texts;
mod tls;
mod tokens;
