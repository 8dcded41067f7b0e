//! The site's time zone: at which instant a civil day begins, and what the wall clock shows at an instant.
//!
//! Must not know what an entry means. Nothing here fails: beyond the ends of the zone's table, which no calendar
//! reaches, a civil time is taken as if it were UTC.

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

use super::Span;

/// Returns the first instant of a civil day. Where a time change removes midnight, that is the instant of the change;
/// where it doubles midnight, the earlier one; of a day that a zone skipped as a whole, the beginning of the next.
pub fn first_instant(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    let first = match zone.from_local_datetime(&midnight) {
        LocalResult::Single(first) | LocalResult::Ambiguous(first, _) => Some(first),
        LocalResult::None => GapInfo::new(&midnight, &zone).and_then(|gap| gap.end),
    };
    first.map_or_else(|| midnight.and_utc(), |first| first.to_utc())
}

/// Returns whether a date can be reckoned with: in the years 1 to 9999, as every calendar and machine writes them. Near the
/// ends of what can be held any sum would overflow, and as texts other years do not sort.
pub fn is_usable(date: &impl Datelike) -> bool {
    (1..=9999).contains(&date.year())
}

/// Returns what the site's wall clock shows at an instant.
pub fn wall_clock(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    let universal = at.naive_utc();
    let offset = zone.offset_from_utc_datetime(&universal).fix();
    universal.checked_add_offset(offset).unwrap_or(universal)
}

impl Span {
    /// Returns the first instant.
    pub fn start(&self, zone: Tz) -> DateTime<Utc> {
        match *self {
            Self::Timed { start, .. } => start,
            Self::AllDay { first, .. } => first_instant(first, zone),
        }
    }

    /// Returns the first instant after it.
    pub fn end(&self, zone: Tz) -> DateTime<Utc> {
        match *self {
            Self::Timed { end, .. } => end,
            Self::AllDay { until, .. } => first_instant(until, zone),
        }
    }

    /// Returns whether an instant lies in it: the start does, the end does not.
    pub fn contains(&self, at: DateTime<Utc>, zone: Tz) -> bool {
        self.start(zone) <= at && at < self.end(zone)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Europe, Pacific};

    use super::*;
    use crate::rules::samples::{at, day};

    #[track_caller]
    fn case(date: &str, zone: Tz, expected: &str) {
        assert_eq!(first_instant(day(date), zone), at(expected), "{date} {zone}");
    }

    #[test]
    fn a_day_begins_at_the_midnight_of_the_sites_zone() {
        case("2026-11-23", Europe::Vienna, "2026-11-22T23:00:00Z");
        case("2026-07-01", Europe::Vienna, "2026-06-30T22:00:00Z");
        case("2026-11-23", Tz::UTC, "2026-11-23T00:00:00Z");
        case("2026-11-23", America::New_York, "2026-11-23T05:00:00Z");
    }

    #[test]
    fn a_midnight_that_a_time_change_removes_is_the_first_instant_of_that_day() {
        case("2018-11-04", America::Sao_Paulo, "2018-11-04T03:00:00Z");
        case("2022-03-27", Asia::Beirut, "2022-03-26T22:00:00Z");
        case("2025-03-09", America::Havana, "2025-03-09T05:00:00Z");
        // Here the gap lies on both sides of midnight: 23:30 is followed by 00:30.
        case("1919-03-31", America::Toronto, "1919-03-31T04:30:00Z");
    }

    #[test]
    fn a_midnight_that_a_time_change_doubles_is_the_first_instant_of_that_day() {
        case("2025-11-02", America::Havana, "2025-11-02T04:00:00Z");
        case("2024-11-03", America::Havana, "2024-11-03T04:00:00Z");
        // One minute after midnight the clocks went back into the day before, so the day began twice.
        case("2010-11-07", America::St_Johns, "2010-11-07T02:30:00Z");
    }

    #[test]
    fn a_day_that_the_zone_skipped_begins_with_the_next_one() {
        case("2011-12-29", Pacific::Apia, "2011-12-29T10:00:00Z");
        case("2011-12-30", Pacific::Apia, "2011-12-30T10:00:00Z");
        case("2011-12-31", Pacific::Apia, "2011-12-30T10:00:00Z");
    }

    #[test]
    fn the_ends_of_the_calendar_are_taken_as_universal_time_instead_of_a_panic() {
        for zone in [Europe::Vienna, America::Havana, Pacific::Apia] {
            for date in [NaiveDate::MIN, NaiveDate::MAX] {
                first_instant(date, zone);
            }
            for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                wall_clock(at, zone);
            }
        }
    }

    #[test]
    fn the_wall_clock_follows_the_time_change() {
        let clock = |text: &str| wall_clock(at(text), Europe::Vienna).format("%d. %H:%M").to_string();
        assert_eq!(clock("2026-03-29T00:59:00Z"), "29. 01:59");
        assert_eq!(clock("2026-03-29T01:00:00Z"), "29. 03:00");
        assert_eq!(clock("2026-10-25T01:30:00Z"), "25. 02:30");
    }

    #[test]
    fn an_all_day_entry_lies_between_the_midnights_of_the_sites_zone() {
        let span = Span::AllDay { first: day("2026-03-29"), until: day("2026-03-30") };
        assert_eq!(span.start(Europe::Vienna), at("2026-03-28T23:00:00Z"));
        // A day of 23 hours.
        assert_eq!(span.end(Europe::Vienna), at("2026-03-29T22:00:00Z"));
    }

    #[test]
    fn a_span_contains_its_start_and_not_its_end() {
        let span = Span::Timed { start: at("2026-11-23T09:00:00Z"), end: at("2026-11-23T10:00:00Z") };
        let contains = |text: &str| span.contains(at(text), Europe::Vienna);
        assert!(!contains("2026-11-23T08:59:59Z"));
        assert!(contains("2026-11-23T09:00:00Z"));
        assert!(contains("2026-11-23T09:59:59Z"));
        assert!(!contains("2026-11-23T10:00:00Z"));
    }
}
