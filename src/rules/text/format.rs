//! Times and dates in the letters of Java's SimpleDateFormat, of which STARFACE's page speaks.
//!
//! Supported are the letters that a status text can use; the others are refused rather than left out silently. Names
//! of months and days are those that Java gives inside a date.

use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::{FormatError, Language, check_length};

/// The letters that are understood, for people to read.
pub(super) const LETTERS: &str = "y M d H h k K m s a E";

/// More digits than any number here has. A longer run of one letter would only add noughts.
const DIGITS_MAX: usize = 12;

/// A time or date format in SimpleDateFormat letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeFormat(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// A letter, and how often it stands there.
    Field(Letter, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letter {
    Year,
    Month,
    Day,
    /// `H`, from 0 to 23.
    HourOfDay,
    /// `k`, from 1 to 24.
    HourOfDayFromOne,
    /// `K`, from 0 to 11.
    HourOfHalf,
    /// `h`, from 1 to 12.
    HourOfHalfFromOne,
    Minute,
    Second,
    Half,
    Weekday,
}

impl TimeFormat {
    /// Reads a format. Letters must be supported ones; text stands in single quotes, in which `''` is a quote; every
    /// other character is itself.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        check_length(text)?;
        let mut parts = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            parts.push(match character {
                '\'' => Part::Literal(quoted(&mut rest)?),
                letter if letter.is_ascii_alphabetic() => {
                    let known = Letter::of(letter).ok_or(FormatError::UnknownLetter(letter))?;
                    let mut count = 1;
                    while rest.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    Part::Field(known, count)
                }
                other => Part::Literal(other.to_string()),
            });
        }
        Ok(Self(parts))
    }

    /// Writes what a wall clock shows.
    pub(super) fn write(&self, clock: NaiveDateTime, language: Language) -> String {
        let mut text = String::with_capacity(16);
        for part in &self.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Field(letter, count) => letter.write(&mut text, *count, clock, language),
            }
        }
        text
    }
}

impl Letter {
    fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'y' => Self::Year,
            'M' => Self::Month,
            'd' => Self::Day,
            'H' => Self::HourOfDay,
            'k' => Self::HourOfDayFromOne,
            'K' => Self::HourOfHalf,
            'h' => Self::HourOfHalfFromOne,
            'm' => Self::Minute,
            's' => Self::Second,
            'a' => Self::Half,
            'E' => Self::Weekday,
            _ => return None,
        })
    }

    fn write(self, text: &mut String, count: usize, clock: NaiveDateTime, language: Language) {
        let number = match self {
            Self::Year if count == 2 => i64::from(clock.year().rem_euclid(100)),
            Self::Year => i64::from(clock.year()),
            Self::Month if count > 3 => return text.push_str(language.month(clock.month0())),
            Self::Month if count == 3 => return text.push_str(language.month_short(clock.month0())),
            Self::Month => i64::from(clock.month()),
            Self::Day => i64::from(clock.day()),
            Self::HourOfDay => i64::from(clock.hour()),
            Self::HourOfDayFromOne => i64::from(from_one(clock.hour(), 24)),
            Self::HourOfHalf => i64::from(clock.hour() % 12),
            Self::HourOfHalfFromOne => i64::from(from_one(clock.hour(), 12)),
            Self::Minute => i64::from(clock.minute()),
            Self::Second => i64::from(clock.second()),
            Self::Half if clock.hour() < 12 => return text.push_str("AM"),
            Self::Half => return text.push_str("PM"),
            Self::Weekday if count > 3 => return text.push_str(language.weekday(clock.weekday())),
            Self::Weekday => return text.push_str(language.weekday_short(clock.weekday())),
        };
        let digits = count.min(DIGITS_MAX);
        // A text takes whatever is written into it.
        let _ = write!(text, "{number:0digits$}");
    }
}

/// Returns the hour of a clock that shows `hours` where others show 0.
fn from_one(hour: u32, hours: u32) -> u32 {
    match hour % hours {
        0 => hours,
        hour => hour,
    }
}

/// Reads what follows an opening quote, up to the closing one. A quote that closes at once is a quote itself.
fn quoted(rest: &mut Peekable<Chars<'_>>) -> Result<String, FormatError> {
    if rest.next_if_eq(&'\'').is_some() {
        return Ok('\''.to_string());
    }
    let mut literal = String::new();
    loop {
        match rest.next().ok_or(FormatError::OpenQuote)? {
            '\'' if rest.next_if_eq(&'\'').is_none() => return Ok(literal),
            character => literal.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::samples::at;
    use crate::rules::text::FORMAT_CHARS_MAX;

    #[track_caller]
    fn written(format: &str, clock: &str, language: Language) -> String {
        let clock = at(clock).naive_utc();
        TimeFormat::parse(format).unwrap().write(clock, language)
    }

    /// What Java's SimpleDateFormat gives at two times: Monday, 5 January, 0:07:09, and Monday, 23 November, 13:30:59.
    #[track_caller]
    fn case(format: &str, night: &str, noon: &str) {
        let german = |clock| written(format, clock, Language::German);
        assert_eq!(german("2026-01-05T00:07:09Z"), night, "{format}");
        assert_eq!(german("2026-11-23T13:30:59Z"), noon, "{format}");
    }

    #[test]
    fn two_letters_of_a_year_are_its_last_two_digits_and_any_other_number_is_all_of_it() {
        case("y", "2026", "2026");
        case("yy", "26", "26");
        case("yyy", "2026", "2026");
        case("yyyy", "2026", "2026");
        case("yyyyy", "02026", "02026");
        assert_eq!(written("yy y yyyy", "0905-03-01T12:00:00Z", Language::German), "05 905 0905");
    }

    #[test]
    fn up_to_two_letters_of_a_month_are_digits_three_its_short_name_and_more_its_name() {
        case("M", "1", "11");
        case("MM", "01", "11");
        case("d MMM", "5 Jan.", "23 Nov.");
        case("d. MMMM", "5. Januar", "23. November");
        case("d. MMMMM", "5. Januar", "23. November");
    }

    #[test]
    fn numbers_are_padded_to_the_count_of_their_letters() {
        case("d", "5", "23");
        case("dd", "05", "23");
        case("ddd", "005", "023");
        case("m", "7", "30");
        case("mm", "07", "30");
        case("s", "9", "59");
        case("ss", "09", "59");
    }

    #[test]
    fn the_four_hours_count_as_in_java() {
        case("H", "0", "13");
        case("HH", "00", "13");
        case("k", "24", "13");
        case("kk", "24", "13");
        case("K", "0", "1");
        case("KK", "00", "01");
        case("h", "12", "1");
        case("hh", "12", "01");
        assert_eq!(written("H k K h", "2026-01-05T12:00:00Z", Language::German), "12 12 0 12");
        assert_eq!(written("H k K h", "2026-01-05T23:00:00Z", Language::German), "23 23 11 11");
    }

    #[test]
    fn the_half_of_the_day_is_am_before_noon_and_pm_from_noon_on() {
        case("h:mm a", "12:07 AM", "1:30 PM");
        case("aa", "AM", "PM");
        assert_eq!(written("a", "2026-01-05T11:59:59Z", Language::French), "AM");
        assert_eq!(written("a", "2026-01-05T12:00:00Z", Language::Italian), "PM");
    }

    #[test]
    fn up_to_three_letters_of_a_weekday_are_its_short_name_and_more_its_name() {
        case("E", "Mo.", "Mo.");
        case("EE", "Mo.", "Mo.");
        case("EEE", "Mo.", "Mo.");
        case("EEEE", "Montag", "Montag");
        case("EEEEE", "Montag", "Montag");
    }

    #[test]
    fn names_are_those_of_the_language() {
        #[track_caller]
        fn case(language: Language, expected: &str) {
            assert_eq!(written("EEEE EEE MMMM MMM", "2026-02-04T12:00:00Z", language), expected);
        }
        case(Language::German, "Mittwoch Mi. Februar Feb.");
        case(Language::English, "Wednesday Wed February Feb");
        case(Language::French, "mercredi mer. février févr.");
        case(Language::Italian, "mercoledì mer febbraio feb");
    }

    #[test]
    fn quoted_text_is_itself_and_two_quotes_are_one() {
        case("HH 'Uhr' mm", "00 Uhr 07", "13 Uhr 30");
        case("HH'h'mm", "00h07", "13h30");
        case("'o''clock'", "o'clock", "o'clock");
        case("''", "'", "'");
        case("''''", "''", "''");
        case("'''x'", "'x", "'x");
        case("'' HH ''", "' 00 '", "' 13 '");
        case("'HH''mm'", "HH'mm", "HH'mm");
    }

    #[test]
    fn what_is_no_letter_of_ascii_is_itself() {
        case("HH:mm", "00:07", "13:30");
        case("dd.MM.", "05.01.", "23.11.");
        case("yyyy-MM-dd", "2026-01-05", "2026-11-23");
        case("ä 5 {H} #", "ä 5 {0} #", "ä 5 {13} #");
        case("", "", "");
    }

    #[test]
    fn a_letter_that_is_not_supported_is_an_error_that_names_it() {
        for letter in "bcefgijlnopqrtuvwxzABCDFGIJLNOPQRSTUVWXYZ".chars() {
            assert_eq!(TimeFormat::parse(&format!("HH:mm {letter}")), Err(FormatError::UnknownLetter(letter)));
        }
        assert_eq!(TimeFormat::parse("HH:mm Uhr"), Err(FormatError::UnknownLetter('U')));
    }

    #[test]
    fn every_letter_that_is_said_to_be_allowed_is() {
        for letter in LETTERS.split(' ') {
            assert!(TimeFormat::parse(letter).is_ok(), "{letter}");
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_an_error() {
        for format in ["'", "'abc", "HH'h", "'a''", "'''"] {
            assert_eq!(TimeFormat::parse(format), Err(FormatError::OpenQuote), "{format}");
        }
    }

    #[test]
    fn an_endless_run_of_one_letter_makes_no_endless_number() {
        let format = TimeFormat::parse(&"H".repeat(FORMAT_CHARS_MAX)).unwrap();
        let text = format.write(at("2026-01-05T07:00:00Z").naive_utc(), Language::German);
        assert_eq!(text, "000000000007");
    }

    proptest! {
        #[test]
        fn no_format_makes_the_reader_or_the_writer_panic(
            format in prop_oneof![any::<String>(), "[yMdHhkKmsaE' .:é]{0,20}"],
            seconds in 0..4_000_000_000_i64,
        ) {
            let clock = chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
            if let Ok(format) = TimeFormat::parse(&format) {
                format.write(clock, Language::German);
            }
        }
    }
}
