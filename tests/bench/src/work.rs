//! The functions that are measured by themselves, each with what it works on.

pub mod calendars;
pub mod decisions;
