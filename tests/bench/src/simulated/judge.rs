//! Whether what a telephone shows is what its calendar says, and for how long it is not.

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::rules::{Dnd, Entry, Presence, Redirect, Seen, Span, StatusText, Telephony};

/// Whether this member's entries also set the indicator and two redirects.
pub(super) fn changes_five(account: u32) -> bool {
    account.is_multiple_of(2)
}

/// What one member's telephone shows.
pub(super) struct Shown {
    pub(super) seen: Seen,
    pub(super) redirects: [Redirect; 2],
}

impl Shown {
    pub(super) fn fresh() -> Self {
        Self {
            seen: Seen {
                presence: Presence::Available,
                text: StatusText(String::new()),
                telephony: Some(Telephony::Available),
                dnd: Some(Dnd::Off),
                call: starface_calendar::rules::Call::None,
            },
            redirects: [Redirect::none(), Redirect::none()],
        }
    }

    /// Returns whether it is what this calendar says.
    fn is_as(&self, account: u32, entries: &[&Entry], now: DateTime<Utc>) -> bool {
        let is_active = |entry: &&&Entry| match entry.span {
            Span::Timed { start, end } => !entry.cancelled && start <= now && now < end,
            Span::AllDay { .. } => false,
        };
        // Of two that overlap, the one that started later governs.
        let governing = entries.iter().filter(is_active).max_by_key(|entry| match entry.span {
            Span::Timed { start, .. } => start,
            Span::AllDay { .. } => DateTime::UNIX_EPOCH,
        });
        let is_on = changes_five(account) && governing.is_some();
        let lamp = if is_on { Telephony::Active } else { Telephony::Available };
        let presence = if governing.is_some() { Presence::Away } else { Presence::Available };
        self.seen.presence == presence
            && self.seen.text.0 == governing.map_or("", |entry| &entry.title.0)
            && self.seen.telephony == Some(lamp)
            && self.redirects.iter().all(|redirect| redirect.enabled == is_on)
    }
}

/// How long a telephone has shown something wrong so far.
#[derive(Default)]
pub(super) struct Record {
    judged_at: DateTime<Utc>,
    is_wrong: bool,
    is_learning: bool,
    wrong: TimeDelta,
    learning: TimeDelta,
}

impl Record {
    /// Judges from now on by this calendar, and by what the service knows of it.
    pub(super) fn judge(
        &mut self,
        account: u32,
        shown: &Shown,
        calendar: &[&Entry],
        known: &[&Entry],
        now: DateTime<Utc>,
    ) {
        self.pass(now);
        self.is_wrong = !shown.is_as(account, calendar, now);
        self.is_learning = self.is_wrong && shown.is_as(account, known, now);
    }

    /// Lets time pass in which nothing changes.
    pub(super) fn pass(&mut self, now: DateTime<Utc>) {
        let passed = now - self.judged_at;
        self.judged_at = now;
        if self.is_wrong {
            self.wrong += passed;
        }
        if self.is_learning {
            self.learning += passed;
        }
    }

    /// Returns the seconds in which something wrong was shown, and those of them in which it was what the service knew.
    pub(super) fn seconds(&self) -> (f64, f64) {
        (self.wrong.as_seconds_f64(), self.learning.as_seconds_f64())
    }
}
