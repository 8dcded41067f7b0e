//! What follows a tag's colon: a telephone number, a service code, or nothing clear.
//!
//! A number is ASCII digits with blanks and `( ) / . -` between, perhaps with a `+` before them. It ends before the
//! first letter, `,`, `;` or `@`; the punctuation at its end does not belong to it. Anything else up to there makes it
//! unclear: it is never shortened to what could be read.

use super::signs::{ends_number, is_blank, separates};
use crate::rules::Dialled;

/// Reads a text that is one number or service code as a whole, written as behind a tag.
pub fn number(text: &str) -> Option<Dialled> {
    let text = text.trim();
    service_code(text).or_else(|| digits(text))
}

/// Reads what is to be dialled from the rest of a tag's line.
pub(super) fn target(rest: &str) -> Option<Dialled> {
    match linked(rest) {
        Some((without, link)) => plain(&without).filter(|number| number.is_same(&link)),
        None => plain(rest),
    }
}

fn plain(rest: &str) -> Option<Dialled> {
    let end = rest.find(ends_number).unwrap_or(rest.len());
    let (written, behind) = rest.split_at(end);
    if goes_on(written, behind) {
        return None;
    }
    service_code(rest.trim()).or_else(|| digits(written))
}

/// How a link to a number begins where Exchange writes a text: `071 234 56 89<tel:+41712345689>`.
const LINK: &str = "<tel:";

/// Splits off the link that follows a number; gives the line without it, and the number that it leads to.
fn linked(rest: &str) -> Option<(String, Dialled)> {
    let at = rest.find('<')?;
    let (before, link) = rest.split_at(at);
    let (start, link) = link.split_at_checked(LINK.len())?;
    let (to, behind) = link.split_once('>')?;
    if before.contains(ends_number) || !start.eq_ignore_ascii_case(LINK) {
        return None;
    }
    Some((format!("{before}{behind}"), number(to)?))
}

/// Reads digits with `*` and `#`, with nothing around them.
fn service_code(text: &str) -> Option<Dialled> {
    text.contains(['*', '#']).then(|| Dialled::new(text)).flatten()
}

/// Letters that are taken for digits, in most typefaces or by many people, and `x`, which stands for any.
const LOOKALIKES: &str = "OoQDIilSsZzBbGgqXx";

/// Letters that are numerals.
const NUMERALS: &str = "零一二三四五六七八九十百千";

/// Returns whether a letter ends a number that people read on: a letter that is a numeral, one that is taken for a digit
/// and is attached to the number or to digits of its own, or any that has digits on both sides. A plain word ends it.
fn goes_on(written: &str, behind: &str) -> bool {
    let word_end = behind.find(|sign: char| !sign.is_alphabetic()).unwrap_or(behind.len());
    let (word, behind) = behind.split_at(word_end);
    let Some(first) = word.chars().next() else { return false };
    let attached = written.chars().next_back().is_some_and(|sign| !is_blank(sign));
    let doubtful = word.chars().all(|letter| !letter.is_ascii() || LOOKALIKES.contains(letter));
    let with_digits = behind.chars().next().is_some_and(char::is_numeric);
    first.is_numeric()
        || NUMERALS.contains(first)
        || (attached && (doubtful || with_digits))
        || (doubtful && with_digits)
}

/// The digits of the longest country code.
const COUNTRY_CODE_DIGITS_MAX: usize = 3;

/// Whether a number begins with `+`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plus {
    Absent,
    Given,
    /// Given, and `(0)` was dropped behind so many digits of the country code.
    ZeroDropped(usize),
}

/// What stands between the last digit and the next.
#[derive(Default)]
struct Gap {
    /// Whether its last sign is a blank.
    blank: bool,
    /// Whether the separators at its end follow a blank.
    loose: bool,
    /// Whether separators in it have blanks on both sides: they may part two numbers.
    parts: bool,
}

impl Gap {
    fn blank(&mut self) {
        self.parts |= self.loose;
        *self = Self { blank: true, loose: false, parts: self.parts };
    }

    fn separator(&mut self) {
        self.loose |= self.blank;
        self.blank = false;
    }
}

/// Reads a number that is not followed by anything.
fn digits(written: &str) -> Option<Dialled> {
    let mut rest = written.trim();
    let mut digits = String::new();
    let mut plus = Plus::Absent;
    let mut gap = Gap::default();
    while let Some(sign) = rest.chars().next() {
        let unbegun = digits.is_empty();
        if let Some(behind) = rest.strip_prefix("(0)") {
            let follows_code = (1..=COUNTRY_CODE_DIGITS_MAX).contains(&digits.len());
            if plus != Plus::Given || !follows_code || gap.parts {
                return None;
            }
            (rest, plus, gap) = (behind, Plus::ZeroDropped(digits.len()), Gap::default());
            continue;
        }
        match sign {
            '0'..='9' if !gap.parts => {
                digits.push(sign);
                gap = Gap::default();
            }
            '+' if unbegun && plus == Plus::Absent => plus = Plus::Given,
            sign if is_blank(sign) => gap.blank(),
            '(' if holds_zero(rest) => return None,
            '(' => gap.separator(),
            sign if separates(sign) && !unbegun => gap.separator(),
            _ => return None,
        }
        rest = &rest[sign.len_utf8()..];
    }
    dialled(&digits, plus)
}

/// Returns whether it begins with a zero alone in round brackets, blanks around it.
fn holds_zero(text: &str) -> bool {
    let inside = text.strip_prefix('(').map(|rest| rest.trim_start_matches(is_blank));
    let behind = inside.and_then(|inside| inside.strip_prefix('0'));
    behind.is_some_and(|behind| behind.trim_start_matches(is_blank).starts_with(')'))
}

fn dialled(digits: &str, plus: Plus) -> Option<Dialled> {
    match plus {
        _ if digits.len() < Dialled::DIGITS_MIN => None,
        Plus::Absent => Dialled::new(digits),
        // No country's code begins with a zero.
        Plus::Given | Plus::ZeroDropped(_) if digits.starts_with('0') => None,
        Plus::ZeroDropped(code) if digits.len() == code => None,
        Plus::Given | Plus::ZeroDropped(_) => Dialled::new(&format!("00{digits}")),
    }
}

#[cfg(test)]
mod tests;
