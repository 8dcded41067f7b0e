//! How often a mailbox is read: always at one distance, or at a greater one while nothing is to be expected.
//!
//! Pure. Whatever the distance is, a boundary that is known is never late: the service switches by its own timers. It is
//! changes of calendars that are learnt later.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{delta, may_begin_at};
use crate::rules::hours::WorkingHours;
use crate::rules::{Entry, Span};

/// How far ahead a member must have no entry for nothing to be expected of the mailbox.
const NOTHING_FOR: TimeDelta = TimeDelta::hours(3);

/// How long before a boundary a mailbox is read once more, at least and at most.
const BEFORE_MIN: TimeDelta = TimeDelta::seconds(30);
const BEFORE_MAX: TimeDelta = TimeDelta::seconds(60);

/// How often mailboxes are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// All at one distance.
    #[default]
    Steady,
    /// By what is to be expected of them.
    Adaptive(Adaptive),
}

/// By what the distance changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adaptive {
    /// The distance while nothing is to be expected, unless the usual one is greater; nothing leaves it as it is.
    pub quiet_interval: Option<Duration>,
    /// When people work, outside of which nothing is to be expected; nothing when they always may.
    pub hours: Option<WorkingHours>,
    /// Whether a mailbox is read once more shortly before each of its boundaries.
    pub ahead: ReadAhead,
}

/// Whether a mailbox is read once more shortly before each of its boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAhead {
    /// It is, 30 to 60 seconds before.
    Yes,
    /// It is not.
    No,
}

/// A mailbox that was just read.
pub(super) struct JustRead<'a> {
    pub(super) now: DateTime<Utc>,
    pub(super) entries: &'a [Entry],
    /// The usual distance between two reads.
    pub(super) interval: Duration,
    pub(super) zone: Tz,
    /// By which mailboxes are spread.
    pub(super) spread: u8,
}

impl Pace {
    /// Returns when the mailbox is read next.
    pub(super) fn next_read(&self, read: &JustRead<'_>) -> DateTime<Utc> {
        let usual = read.now + delta(read.interval);
        let Self::Adaptive(adaptive) = self else { return usual };
        let next = adaptive.quiet_until(read).unwrap_or(usual);
        let before = if adaptive.ahead == ReadAhead::Yes { read.before_boundary() } else { None };
        before.map_or(next, |before| before.min(next))
    }

    /// Returns how much earlier than it is due a mailbox is read with others that are, so that calls are full.
    pub(super) fn slack(&self, interval: Duration) -> TimeDelta {
        match self {
            Self::Steady => TimeDelta::zero(),
            Self::Adaptive(_) => delta(interval / 4),
        }
    }
}

impl Adaptive {
    /// Returns until when a mailbox need not be read of which nothing is to be expected.
    fn quiet_until(&self, read: &JustRead<'_>) -> Option<DateTime<Utc>> {
        let interval = self.quiet_interval?.max(read.interval);
        let until = read.now + delta(interval);
        match self.hours.as_ref().filter(|hours| !hours.contain(read.now, read.zone)) {
            Some(hours) => {
                // All at once would be more than Graph takes.
                let spread = delta(read.interval * u32::from(read.spread) / 256);
                Some(hours.next_start(read.now, read.zone).map_or(until, |start| until.min(start + spread)))
            }
            None => read.is_without_entries().then_some(until),
        }
    }
}

impl JustRead<'_> {
    /// Whether no entry is under way, and none begins for a while.
    fn is_without_entries(&self) -> bool {
        let later = self.now + NOTHING_FOR;
        let mut spans = self.entries.iter().filter(|entry| !entry.cancelled).map(|entry| entry.span);
        !spans.any(|span| may_begin_at(&span) < later && span.end(self.zone) > self.now)
    }

    /// Returns when to read once more before the next boundary, if there is time for it.
    fn before_boundary(&self) -> Option<DateTime<Utc>> {
        let lead = BEFORE_MIN + (BEFORE_MAX - BEFORE_MIN) * i32::from(self.spread) / 256;
        let of_entry = |span: Span| [span.start(self.zone), span.end(self.zone)];
        let entries = self.entries.iter().filter(|entry| !entry.cancelled);
        let reads = entries.flat_map(|entry| of_entry(entry.span)).map(|boundary| boundary - lead);
        reads.filter(|at| *at > self.now).min()
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Zurich;

    use super::*;
    use crate::engine::almanac::tests::entry;

    const MINUTE: Duration = Duration::from_secs(60);

    fn adaptive() -> Adaptive {
        let hours = "Mon-Fri 07:00-19:00".parse().ok();
        Adaptive { quiet_interval: Some(10 * MINUTE), hours, ahead: ReadAhead::No }
    }

    /// The next read of a mailbox with an entry from nine to ten, both UTC, that was read at this time of a Monday.
    #[track_caller]
    fn case(adaptive: Adaptive, interval: Duration, now: &str, expected: &str) {
        let at = |time: &str| format!("2026-11-23T{time}Z").parse().unwrap();
        let entries = [entry("a", "")];
        let read = JustRead { now: at(now), entries: &entries, interval, zone: Zurich, spread: 128 };
        assert_eq!(Pace::Adaptive(adaptive).next_read(&read), at(expected), "{now}");
        assert_eq!(Pace::Steady.next_read(&read), at(now) + delta(interval));
    }

    #[test]
    fn a_mailbox_is_read_rarely_outside_of_working_hours_and_again_when_they_begin() {
        case(adaptive(), MINUTE, "03:00:00", "03:10:00");
        // Half a minute of spread.
        case(adaptive(), MINUTE, "05:55:00", "06:00:30");
        case(adaptive(), MINUTE, "18:30:00", "18:40:00");
    }

    #[test]
    fn within_them_it_is_read_rarely_while_no_entry_is_near() {
        let always = || Adaptive { hours: None, ..adaptive() };
        case(always(), MINUTE, "05:59:00", "06:09:00");
        case(always(), MINUTE, "06:01:00", "06:02:00");
        case(always(), MINUTE, "09:30:00", "09:31:00");
        case(always(), MINUTE, "10:00:00", "10:10:00");
    }

    #[test]
    fn it_is_never_read_more_often_than_usual_for_that() {
        case(adaptive(), 30 * MINUTE, "03:00:00", "03:30:00");
        case(Adaptive { quiet_interval: None, ..adaptive() }, MINUTE, "03:00:00", "03:01:00");
    }

    #[test]
    fn it_is_read_once_more_shortly_before_each_boundary() {
        let ahead = || Adaptive { ahead: ReadAhead::Yes, ..adaptive() };
        case(ahead(), 5 * MINUTE, "08:57:00", "08:59:15");
        case(ahead(), 5 * MINUTE, "08:59:15", "09:04:15");
        case(ahead(), 5 * MINUTE, "09:58:00", "09:59:15");
        case(ahead(), MINUTE, "09:10:00", "09:11:00");
    }

    #[test]
    fn what_is_cancelled_is_not_expected() {
        let now: DateTime<Utc> = "2026-11-23T08:57:00Z".parse().unwrap();
        let entries = [Entry { cancelled: true, ..entry("a", "") }];
        let read = JustRead { now, entries: &entries, interval: MINUTE, zone: Zurich, spread: 0 };
        let pace = Pace::Adaptive(Adaptive { ahead: ReadAhead::Yes, ..adaptive() });
        assert_eq!(pace.next_read(&read), now + delta(10 * MINUTE));
    }
}
