//! What a text is printed on: how wide it is, and whether it shows colours.
//!
//! Decides only on what it was made with, so that tests need no terminal. Texts come from calendars and telephones: what
//! a terminal would obey becomes visible, and they are measured in the columns that people see.

use std::io::{self, IsTerminal};

use terminal_size::{Width, terminal_size_of};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::telemetry::Colours;

/// What stands before each row of a table.
const INDENT: &str = "  ";

/// What stands between two columns.
const GAP: &str = "  ";

/// No column is made narrower than this: a terminal that has no room for it breaks the lines itself.
const COLUMN_MIN: usize = 8;

/// A terminal, or something that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Screen {
    /// How many columns it has; nothing where lines may be of any length.
    width: Option<usize>,
    colours: Colours,
}

/// How a word is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// All is well.
    Good,
    /// Somebody should look at it.
    Doubtful,
    /// It has to be mended.
    Bad,
}

impl Screen {
    /// No terminal: lines are as long as they need to be, and nothing is coloured.
    pub(super) const PLAIN: Self = Self { width: None, colours: Colours::Unwanted };

    /// Finds out what the standard output of this process is.
    pub(super) fn of_stdout(colours: Colours) -> Self {
        if !io::stdout().is_terminal() {
            return Self::PLAIN;
        }
        let width = terminal_size_of(io::stdout()).map(|(Width(width), _)| usize::from(width));
        Self { width: width.filter(|width| *width > 0), colours }
    }

    /// Returns a text in the colour of its tone, where colours are shown; line by line, so that none runs on.
    pub(super) fn tinted(self, tone: Tone, text: &str) -> String {
        if self.colours == Colours::Unwanted {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => 32,
            Tone::Doubtful => 33,
            Tone::Bad => 31,
        };
        let tinted = |line: &str| match line.strip_suffix('\n') {
            Some(line) => format!("\u{1b}[{code}m{line}\u{1b}[0m\n"),
            None => format!("\u{1b}[{code}m{line}\u{1b}[0m"),
        };
        text.split_inclusive('\n').map(tinted).collect()
    }

    /// Returns rows as aligned columns. Where they do not fit, the widest columns are made narrower and their texts go on
    /// in further lines.
    pub(super) fn table(self, rows: &[Vec<String>]) -> String {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| harmless(cell)).collect()).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let needed = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let needed: Vec<usize> = (0..columns).map(|column| needed(column).unwrap_or_default()).collect();
        let widths = match self.width {
            Some(width) => {
                narrowed(&needed, width.saturating_sub(INDENT.len() + GAP.len() * columns.saturating_sub(1)))
            }
            None => needed,
        };
        rows.iter().map(|row| lines_of(row, &widths)).collect()
    }
}

/// Returns the widths of columns that have so much room together: the widest give first.
fn narrowed(needed: &[usize], room: usize) -> Vec<usize> {
    let with_most = |most: usize| needed.iter().map(|width| (*width).min(most)).sum::<usize>();
    let widest = needed.iter().copied().max().unwrap_or_default();
    let most = (COLUMN_MIN..=widest).rev().find(|most| with_most(*most) <= room).unwrap_or(COLUMN_MIN);
    let mut widths: Vec<usize> = needed.iter().map(|width| (*width).min(most)).collect();
    // What is left over by rounding goes to those who gave.
    let mut left = room.saturating_sub(widths.iter().sum());
    for (width, needed) in widths.iter_mut().zip(needed).filter(|(width, needed)| **width < **needed) {
        let more = (*needed - *width).min(left).min(1);
        *width += more;
        left -= more;
    }
    widths
}

/// Returns a row, in as many lines as its longest cell needs.
fn lines_of(row: &[String], widths: &[usize]) -> String {
    let cells: Vec<Vec<String>> = row.iter().zip(widths).map(|(cell, width)| wrapped(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    let line = |number: usize| {
        let part = |(cell, width): (&Vec<String>, &usize)| padded(cell.get(number).map_or("", String::as_str), *width);
        let parts: Vec<String> = cells.iter().zip(widths).map(part).collect();
        (INDENT.to_owned() + &parts.join(GAP)).trim_end().to_owned() + "\n"
    };
    (0..height).map(line).collect()
}

fn padded(text: &str, width: usize) -> String {
    text.to_owned() + &" ".repeat(width.saturating_sub(text.width()))
}

/// Breaks a text between words, or within one that is too long, into lines of at most so many columns; at least one.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    if text.width() <= width {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one from the start");
        if !line.is_empty() && line.width() + 1 + word.width() <= width {
            *line += " ";
            *line += word;
        } else {
            let mut pieces = cut(word, width).into_iter();
            if line.is_empty() {
                line.extend(pieces.next());
            }
            lines.extend(pieces);
        }
    }
    lines
}

/// Cuts a word into pieces of at most so many columns, never within what people see as one character.
fn cut(word: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for grapheme in word.graphemes(true) {
        let piece = pieces.last_mut().expect("there is one from the start");
        if !piece.is_empty() && piece.width() + grapheme.width() > width {
            pieces.push(grapheme.to_owned());
        } else {
            *piece += grapheme;
        }
    }
    pieces
}

fn harmless(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { '\u{fffd}' } else { one }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(width: usize) -> Screen {
        Screen { width: Some(width), colours: Colours::Wanted }
    }

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn columns_are_aligned_by_what_people_see() {
        let table = |table: &[&[&str]]| Screen::PLAIN.table(&rows(table));
        assert_eq!(table(&[&["a", "Zürich", "x"], &["bcd", "Bern"]]), "  a    Zürich  x\n  bcd  Bern\n");
        assert_eq!(table(&[&["会议", "x"], &["🎄👩‍👩‍👧", "y"], &["abcde", "z"]]), "  会议   x\n  🎄👩‍👩‍👧   y\n  abcde  z\n");
        assert_eq!(table(&[]), "");
        assert_eq!(table(&[&[]]), "");
    }

    #[test]
    fn a_text_from_outside_commands_no_terminal() {
        let evil = "\u{1b}[2Jx\n";
        assert_eq!(Screen::PLAIN.table(&rows(&[&[evil]])), "  \u{fffd}[2Jx\u{fffd}\n");
    }

    #[test]
    fn a_table_that_does_not_fit_has_its_widest_texts_in_several_lines() {
        let table = terminal(40).table(&rows(&[
            &["LOGIN", "NAME", "HELD"],
            &["1010", "Anna Muster", "presence, text, redirect of 210"],
            &["1011", "Beat", "-"],
        ]));
        let expected = "  LOGIN  NAME         HELD\n\
                        \x20 1010   Anna Muster  presence, text,\n\
                        \x20                     redirect of 210\n\
                        \x20 1011   Beat         -\n";
        assert_eq!(table, expected);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_nothing_is_lost() {
        let words =
            "Besprechung im Sitzungszimmer 会议室预订 mit Gästen und einemsehrlangenwortohnelücke 🎄🎄🎄🎄🎄🎄🎄🎄🎄";
        let letters = |text: &str| text.chars().filter(|one| !one.is_whitespace()).collect::<String>();
        for width in 30..140 {
            let table = terminal(width).table(&rows(&[&["1010", words, "x"], &["1011", "Beat", words]]));
            assert!(table.lines().all(|line| line.width() <= width), "{width}:\n{table}");
            assert_eq!(
                letters(&table).chars().count(),
                letters(&format!("10101011Beatx{words}{words}")).chars().count()
            );
        }
    }

    #[test]
    fn a_terminal_without_room_gets_columns_that_can_still_be_read() {
        let table = terminal(5).table(&rows(&[&["abcdefghijkl", "x", "mnopqrstuvwx"]]));
        assert_eq!(table, "  abcdefgh  x  mnopqrst\n  ijkl         uvwx\n");
    }

    #[test]
    fn what_is_no_terminal_is_never_cut() {
        let long = "word ".repeat(200);
        assert_eq!(Screen::PLAIN.table(&rows(&[&[long.trim_end()]])).lines().count(), 1);
    }

    #[test]
    fn tones_are_colours_where_they_are_shown() {
        assert_eq!(terminal(80).tinted(Tone::Good, "ok"), "\u{1b}[32mok\u{1b}[0m");
        assert_eq!(terminal(80).tinted(Tone::Bad, "a\nb\n"), "\u{1b}[31ma\u{1b}[0m\n\u{1b}[31mb\u{1b}[0m\n");
        assert_eq!(Screen::PLAIN.tinted(Tone::Bad, "a\nb\n"), "a\nb\n");
        let without = Screen { colours: Colours::Unwanted, ..terminal(80) };
        assert_eq!(without.tinted(Tone::Doubtful, "warning"), "warning");
    }
}
