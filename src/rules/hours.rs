//! When people work at a site: the days of the week, and from when to when.
//!
//! Must not know what depends on it. Nothing here fails but the reading of words.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use super::zone;

/// The working hours of every week, by the site's wall clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    /// The days, as numbers from Monday.
    days: BTreeSet<u8>,
    from: NaiveTime,
    to: NaiveTime,
}

/// Says that words name no working hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoHours;

/// The days of a week as they are written.
const DAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Mon),
    ("Tue", Weekday::Tue),
    ("Wed", Weekday::Wed),
    ("Thu", Weekday::Thu),
    ("Fri", Weekday::Fri),
    ("Sat", Weekday::Sat),
    ("Sun", Weekday::Sun),
];

impl WorkingHours {
    /// Returns whether people work at an instant.
    pub fn contain(&self, at: DateTime<Utc>, zone: Tz) -> bool {
        let clock = zone::wall_clock(at, zone);
        let day = clock.weekday().num_days_from_monday();
        self.days.iter().any(|known| u32::from(*known) == day) && self.from <= clock.time() && clock.time() < self.to
    }

    /// Returns when people begin to work next, after an instant at which they do not.
    pub fn next_start(&self, after: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let today = zone::wall_clock(after, zone).date();
        let starts = (0..8).filter_map(|days| {
            let day = today.checked_add_days(Days::new(days))?;
            let offset = self.from.signed_duration_since(NaiveTime::MIN);
            let start = zone::first_instant(day, zone) + offset;
            self.contain(start, zone).then_some(start)
        });
        starts.into_iter().find(|start| *start > after)
    }
}

impl FromStr for WorkingHours {
    type Err = NoHours;

    /// Reads `Mon-Fri 07:00-19:00`; single days are parted by commas.
    fn from_str(text: &str) -> Result<Self, NoHours> {
        let (days, hours) = text.trim().split_once(' ').ok_or(NoHours)?;
        let (from, to) = hours.trim().split_once('-').ok_or(NoHours)?;
        let hours = Self { days: days_of(days)?, from: time(from)?, to: time(to)? };
        if hours.from < hours.to { Ok(hours) } else { Err(NoHours) }
    }
}

fn days_of(text: &str) -> Result<BTreeSet<u8>, NoHours> {
    let mut days = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        if first > last {
            return Err(NoHours);
        }
        days.extend(first..=last);
    }
    Ok(days)
}

fn day(text: &str) -> Result<u8, NoHours> {
    let index = DAYS.iter().position(|(name, _)| name.eq_ignore_ascii_case(text.trim())).ok_or(NoHours)?;
    u8::try_from(index).map_err(|_| NoHours)
}

/// Reads an hour and a minute; 24:00 is the last instant of the day.
fn time(text: &str) -> Result<NaiveTime, NoHours> {
    let last = NaiveTime::from_hms_nano_opt(23, 59, 59, 999_999_999);
    match text.trim() {
        "24:00" => last.ok_or(NoHours),
        text => NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| NoHours),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Zurich;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn office() -> WorkingHours {
        "Mon-Fri 07:00-19:00".parse().unwrap()
    }

    #[test]
    fn people_work_on_these_days_from_the_first_minute_to_the_last() {
        #[track_caller]
        fn case(text: &str, expected: bool) {
            assert_eq!(office().contain(at(text), Zurich), expected, "{text}");
        }
        // Monday, 23 November 2026; Zurich is an hour ahead.
        case("2026-11-23T05:59:59Z", false);
        case("2026-11-23T06:00:00Z", true);
        case("2026-11-23T17:59:59Z", true);
        case("2026-11-23T18:00:00Z", false);
        case("2026-11-28T10:00:00Z", false);
        // In summer it is two.
        case("2026-07-06T05:00:00Z", true);
        case("2026-07-06T17:00:00Z", false);
    }

    #[test]
    fn the_next_start_is_that_of_the_next_day_of_work() {
        #[track_caller]
        fn case(after: &str, expected: &str) {
            assert_eq!(office().next_start(at(after), Zurich), Some(at(expected)), "{after}");
        }
        case("2026-11-23T05:00:00Z", "2026-11-23T06:00:00Z");
        case("2026-11-23T18:00:00Z", "2026-11-24T06:00:00Z");
        case("2026-11-27T18:00:00Z", "2026-11-30T06:00:00Z");
        case("2026-11-28T10:00:00Z", "2026-11-30T06:00:00Z");
    }

    #[test]
    fn words_name_working_hours_or_none() {
        #[track_caller]
        fn case(text: &str, is_known: bool) {
            assert_eq!(text.parse::<WorkingHours>().is_ok(), is_known, "{text}");
        }
        case("Mon-Fri 07:00-19:00", true);
        case("mon,Wed,fri-sun 00:00-24:00", true);
        case("Sat 8:00-12:30", true);
        case("Fri-Mon 07:00-19:00", false);
        case("Mon-Fri 19:00-07:00", false);
        case("Mon-Fri 07:00", false);
        case("Mo-Fr 07:00-19:00", false);
        case("Mon-Fri 07:00-25:00", false);
        case("", false);
    }
}
