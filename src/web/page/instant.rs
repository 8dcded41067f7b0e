//! Instants as the page shows them: as the clock on the wall of the site says them.
//!
//! An instant carries the offset of its own day, so the time on the wall is right on both sides of a clock change.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use super::Language;

const WEEKDAYS_GERMAN: [&str; 7] = ["Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."];
const WEEKDAYS_ENGLISH: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS_ENGLISH: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Returns the time on the wall of an instant; nothing for a text that is none.
pub(super) fn wall(at: &str) -> Option<NaiveDateTime> {
    DateTime::parse_from_rfc3339(at).ok().map(|at| at.naive_local())
}

/// Tells instants to people, as seen from one of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Teller {
    pub(super) language: Language,
    /// Now, on the wall; times of the same day are told without the day.
    pub(super) now: Option<NaiveDateTime>,
}

impl Teller {
    /// Tells an instant to the minute: `15:00` today, else with its day.
    pub(super) fn at(self, at: &str) -> String {
        match wall(at) {
            Some(wall) if self.now.is_some_and(|now| now.date() == wall.date()) => wall.format("%H:%M").to_string(),
            _ => self.on_its_day(at),
        }
    }

    /// Tells an instant to the minute, always with its day.
    pub(super) fn on_its_day(self, at: &str) -> String {
        let Some(wall) = wall(at) else { return at.to_owned() };
        format!("{} {}", self.day(wall.date()), wall.format("%H:%M"))
    }

    /// Tells an end to the minute, with its day when it is not that of the start.
    pub(super) fn after(self, start: &str, end: &str) -> String {
        let start = wall(start).map(|start| start.date());
        match wall(end) {
            Some(wall) if start == Some(wall.date()) => wall.format("%H:%M").to_string(),
            _ => self.on_its_day(end),
        }
    }

    /// Tells which whole days something takes; `end` is the first instant after them.
    pub(super) fn days(self, start: &str, end: &str) -> String {
        let (Some(from), Some(until)) = (wall(start), wall(end)) else { return format!("{start} – {end}") };
        let last = (until - TimeDelta::seconds(1)).date();
        if last <= from.date() {
            self.day(from.date())
        } else {
            format!("{} – {}", self.day(from.date()), self.day(last))
        }
    }

    /// Tells a day: `Mo. 30.11.`, or `Mon 30 Nov`; with its year when that is another.
    pub(super) fn day(self, day: NaiveDate) -> String {
        let other_year = self.now.is_some_and(|now| now.year() != day.year());
        let weekday = self.weekday(day.weekday());
        match (self.language, other_year) {
            (Language::German, false) => format!("{weekday} {}.{}.", day.day(), day.month()),
            (Language::German, true) => format!("{weekday} {}.{}.{}", day.day(), day.month(), day.year()),
            (Language::English, false) => format!("{weekday} {} {}", day.day(), month(day)),
            (Language::English, true) => format!("{weekday} {} {} {}", day.day(), month(day), day.year()),
        }
    }

    /// Tells a weekday, short.
    pub(super) fn weekday(self, weekday: Weekday) -> &'static str {
        let from_monday = weekday.num_days_from_monday() as usize;
        match self.language {
            Language::German => WEEKDAYS_GERMAN[from_monday],
            Language::English => WEEKDAYS_ENGLISH[from_monday],
        }
    }
}

/// Returns midnight at the start of a day.
pub(super) fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

fn month(day: NaiveDate) -> &'static str {
    MONTHS_ENGLISH[day.month0() as usize]
}
