//! When an entry lies, in words: the two halves of `!time!`.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::rules::Span;
use crate::rules::policy::TextPolicy;
use crate::rules::zone::wall_clock;

/// The halves of a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Times {
    /// From when; for one whole day the word for it.
    pub(super) start: String,
    /// To when; one whole day has none.
    pub(super) end: Option<String>,
}

impl Times {
    /// Says when an entry lies, by the site's wall clock.
    pub(super) fn new(span: &Span, policy: &TextPolicy, zone: Tz) -> Self {
        match *span {
            Span::AllDay { first, until } => Self::of_days(first, until, policy),
            Span::Timed { start, end } => {
                let clocks = (wall_clock(start, zone), wall_clock(end, zone));
                let write = if touches_one_day(clocks.0, end, zone) { time } else { date_and_time };
                Self { start: write(clocks.0, policy), end: Some(write(clocks.1, policy)) }
            }
        }
    }

    /// Returns both halves as one text.
    pub(super) fn time(&self) -> String {
        match &self.end {
            Some(end) => format!("{}-{end}", self.start),
            None => self.start.clone(),
        }
    }

    /// People name the last day of a leave, not the first one after it.
    fn of_days(first: NaiveDate, until: NaiveDate, policy: &TextPolicy) -> Self {
        match until.pred_opt() {
            Some(last) if last > first => Self { start: date(first, policy), end: Some(date(last, policy)) },
            _ => Self { start: policy.language.all_day().to_owned(), end: None },
        }
    }
}

/// An entry that ends at midnight touches only the day before, so the last instant within it is asked.
fn touches_one_day(start: NaiveDateTime, end: DateTime<Utc>, zone: Tz) -> bool {
    let last = end.checked_sub_signed(Duration::nanoseconds(1)).unwrap_or(end);
    start.date() == wall_clock(last, zone).date()
}

fn time(clock: NaiveDateTime, policy: &TextPolicy) -> String {
    policy.time_format.write(clock, policy.language)
}

fn date(day: NaiveDate, policy: &TextPolicy) -> String {
    policy.date_format.write(day.and_time(NaiveTime::MIN), policy.language)
}

fn date_and_time(clock: NaiveDateTime, policy: &TextPolicy) -> String {
    format!("{} {}", date(clock.date(), policy), time(clock, policy))
}
