//! Which entries count, for how much, and why the others do not.
//!
//! Must not know the member, the PBX or what an entry that counts asks for. Nothing here fails.

use std::fmt;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use super::policy::{Switch, Unanswered};
use super::{Entry, EntryId, Policy, Response, Span};

#[cfg(test)]
mod tests;

/// What an entry is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counting {
    /// It counts while it is active.
    Counts(Weight),
    /// It never counts.
    Not(Reason),
}

/// For how much an entry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// For everything, in its own words.
    Full,
    /// Only to show that the member is away: an outsider may have placed it, so none of its words are shown.
    StatusOnly,
}

/// Why an entry does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Its organizer cancelled it.
    Cancelled,
    /// The member declined it.
    Declined,
    /// It carries the ignore category.
    IgnoredByCategory,
    /// Somebody else organises it, and the member has not answered.
    Unanswered,
    /// Its show-as is on the ignore list.
    IgnoredShowAs,
    /// It is longer than allowed.
    TooLong,
    /// The member ended it early.
    EndedEarly,
    /// It ends before it starts, or at its start.
    NoDuration,
}

/// Says that the member ended an entry early.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Which entry.
    pub entry: EntryId,
    /// When the member did so.
    pub at: DateTime<Utc>,
}

impl Reason {
    /// Every reason, in the order in which they are tested; the first that applies is the one people see.
    pub const ALL: [Self; 8] = [
        Self::Cancelled,
        Self::Declined,
        Self::IgnoredByCategory,
        Self::Unanswered,
        Self::IgnoredShowAs,
        Self::TooLong,
        Self::EndedEarly,
        Self::NoDuration,
    ];

    /// Returns the reason as a clause that follows "does not count:".
    pub fn words(self) -> &'static str {
        match self {
            Self::Cancelled => "it was cancelled",
            Self::Declined => "the member declined it",
            Self::IgnoredByCategory => "it carries the ignore category",
            Self::Unanswered => "the member has not answered the invitation",
            Self::IgnoredShowAs => "its show-as is ignored",
            Self::TooLong => "it is longer than allowed",
            Self::EndedEarly => "the member ended it early",
            Self::NoDuration => "it does not end after its start",
        }
    }

    fn applies(self, entry: &Entry, policy: &Policy, marks: &[Mark]) -> bool {
        match self {
            Self::Cancelled => entry.cancelled,
            Self::Declined => entry.response == Response::Declined,
            Self::IgnoredByCategory => policy.categories.set(Switch::Ignore, &entry.categories),
            Self::Unanswered => policy.unanswered == Unanswered::Ignore && is_unanswered(entry),
            Self::IgnoredShowAs => policy.ignore.contains(&entry.show_as),
            Self::TooLong => is_too_long(&entry.span, policy.entry_days_max),
            Self::EndedEarly => marks.iter().any(|mark| mark.holds(entry, policy.zone)),
            Self::NoDuration => entry.span.end(policy.zone) <= entry.span.start(policy.zone),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.words())
    }
}

impl Mark {
    /// Returns whether the entry is ended by this mark: it had started when the mark was set, wherever its end is now.
    pub fn holds(&self, entry: &Entry, zone: Tz) -> bool {
        self.entry == entry.id && entry.span.start(zone) <= self.at
    }
}

/// Returns whether an entry counts, and for how much, or the first reason why not. `marks` are those of the member
/// whose calendar it is.
pub fn counting(entry: &Entry, policy: &Policy, marks: &[Mark]) -> Counting {
    Reason::ALL
        .into_iter()
        .find(|reason| reason.applies(entry, policy, marks))
        .map_or_else(|| Counting::Counts(weight(entry, policy)), Counting::Not)
}

/// Returns whether an entry is active at `now`, provided that it counts.
pub fn is_active(entry: &Entry, now: DateTime<Utc>, zone: Tz) -> bool {
    entry.span.contains(now, zone)
}

fn weight(entry: &Entry, policy: &Policy) -> Weight {
    if policy.unanswered == Unanswered::Status && is_unanswered(entry) { Weight::StatusOnly } else { Weight::Full }
}

fn is_unanswered(entry: &Entry) -> bool {
    !entry.is_organizer && entry.response == Response::Unanswered
}

/// Civil days may have 23 or 25 hours, so all-day entries are measured in days and the others in elapsed time.
fn is_too_long(span: &Span, days_max: u32) -> bool {
    match *span {
        Span::AllDay { first, until } => (until - first).num_days() > i64::from(days_max),
        Span::Timed { start, end } => end - start > Duration::days(i64::from(days_max)),
    }
}
