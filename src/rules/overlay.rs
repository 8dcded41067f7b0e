//! What the active entries want on a member right now, and when that changes next.
//!
//! Must not know what the member shows or what is held. Nothing here fails.

use chrono::{DateTime, Utc};

use super::counting::{Counting, Mark, counting};
use super::governing::{Active, active};
use super::policy::Service;
use super::{Entry, EntryId, Field, Policy, Presence, StatusText, Value, text};

#[cfg(test)]
mod tests;

/// What the active entries want on a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The chat presence; `None` leaves it alone.
    pub presence: Option<Presence>,
    /// The status text; `None` leaves it alone.
    pub text: Option<StatusText>,
    /// The active entries in governing order, never empty.
    pub entries: Vec<EntryId>,
    /// When the one that started first did so: none of them was put on before that instant.
    pub earliest_start: DateTime<Utc>,
}

impl Wish {
    /// Returns what is wanted of a field; `None` leaves it alone.
    pub fn value(&self, field: Field) -> Option<Value> {
        match field {
            Field::Presence => self.presence.clone().map(Value::Presence),
            Field::Text => self.text.clone().map(Value::Text),
        }
    }
}

/// Returns what is wanted at `now`; `None` when no entry is active or the service is stopped. `entries` are the
/// member's calendar and `marks` the member's early ends, both in any order.
pub fn overlay(now: DateTime<Utc>, entries: &[Entry], policy: &Policy, marks: &[Mark]) -> Option<Wish> {
    if policy.service == Service::Stopped {
        return None;
    }
    let active = active(now, entries, policy, marks);
    let governing = active.first()?;
    let starts = active.iter().map(|one| one.entry.span.start(policy.zone));
    Some(Wish {
        presence: policy.presence.clone(),
        text: status_text(governing, policy),
        entries: active.iter().map(|one| one.entry.id.clone()).collect(),
        earliest_start: starts.min()?,
    })
}

/// Returns when what is wanted may change next: the first start or end, strictly after `now`, of an entry that counts.
/// `None` when there is none, or the service is stopped.
pub fn next_boundary(now: DateTime<Utc>, entries: &[Entry], policy: &Policy, marks: &[Mark]) -> Option<DateTime<Utc>> {
    if policy.service == Service::Stopped {
        return None;
    }
    entries
        .iter()
        .filter_map(|entry| Some((boundary_after(now, entry, policy)?, entry)))
        .filter(|(_, entry)| matches!(counting(entry, policy, marks), Counting::Counts(_)))
        .map(|(boundary, _)| boundary)
        .min()
}

/// Returns the start of an entry that is to come, the end of one that is active, and nothing for one that is over.
fn boundary_after(now: DateTime<Utc>, entry: &Entry, policy: &Policy) -> Option<DateTime<Utc>> {
    let boundaries = [entry.span.start(policy.zone), entry.span.end(policy.zone)];
    boundaries.into_iter().find(|boundary| *boundary > now)
}

fn status_text(governing: &Active<'_>, policy: &Policy) -> Option<StatusText> {
    let words = policy.text.as_ref()?;
    Some(text::render(governing.entry, governing.weight, words, policy.zone))
}
