//! How commands print for people: aligned columns, and nothing that a terminal would obey.

use std::io::{self, IsTerminal, Write};

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

/// Tells on a terminal what takes long.
pub(super) fn progress(words: &str) {
    if io::stderr().is_terminal() {
        eprintln!("{words}");
    }
}

/// Tells on a terminal how far something is that takes long, on one line that is written over each time.
pub(super) fn passing(words: &str) {
    if io::stderr().is_terminal() {
        eprint!("\r\x1b[K{words}");
    }
}

/// Wipes that line away.
pub(super) fn passed() {
    passing("");
}

/// Returns rows as aligned columns, each row on a line of its own. Texts come from calendars and telephones, so control
/// characters in them become visible.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| harmless(cell)).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        "  ".to_owned() + cells.collect::<Vec<_>>().join("  ").trim_end() + "\n"
    };
    rows.iter().map(line).collect()
}

/// Returns an instant of an answer as people read it: to the minute, without the offset.
pub(super) fn to_the_minute(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}

/// Returns so many of something in words.
pub(super) fn count(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

fn harmless(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { '\u{fffd}' } else { one }).collect()
}

/// Returns a field as people name it: a redirect with its called number.
pub(super) fn field_of(field: &str, number: Option<&str>) -> String {
    number.map_or_else(|| field.to_owned(), |number| format!("{field} of {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_people_see() {
        let rows =
            [vec!["a".to_owned(), "Zürich".to_owned(), "x".to_owned()], vec!["bcd".to_owned(), "Bern".to_owned()]];
        assert_eq!(table(&rows), "  a    Zürich  x\n  bcd  Bern\n");
        assert_eq!(table(&[]), "");
    }

    #[test]
    fn a_text_from_outside_commands_no_terminal() {
        assert_eq!(table(&[vec!["\u{1b}[2Jx\n".to_owned()]]), "  \u{fffd}[2Jx\u{fffd}\n");
    }

    #[test]
    fn an_instant_is_told_to_the_minute() {
        assert_eq!(to_the_minute("2026-11-23T09:30:00+01:00"), "2026-11-23 09:30");
        assert_eq!(to_the_minute("soon"), "soon");
    }
}
