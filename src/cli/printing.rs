//! How commands print for people, and the words that several of them use.

use std::io::{self, Write};

use anyhow::Context;
use serde::Serialize;

/// Prints to the standard output. A reader who has read enough, such as `head`, is no fault.
pub(super) fn say(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("write to the standard output"),
        _ => Ok(()),
    }
}

/// Prints JSON.
pub(super) fn say_json(value: &impl Serialize) -> anyhow::Result<()> {
    say(&(serde_json::to_string_pretty(value).context("write JSON")? + "\n"))
}

/// Returns an instant of an answer as people read it: to the minute, without the offset.
pub(super) fn to_the_minute(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}

/// Returns so many of something in words.
pub(super) fn count(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// Returns a field as people name it: a redirect with its called number.
pub(super) fn field_of(field: &str, number: Option<&str>) -> String {
    number.map_or_else(|| field.to_owned(), |number| format!("{field} of {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_to_the_minute() {
        assert_eq!(to_the_minute("2026-11-23T09:30:00+01:00"), "2026-11-23 09:30");
        assert_eq!(to_the_minute("soon"), "soon");
    }
}
