//! What the active entries want on a member right now, and when that changes next.
//!
//! Must not know what the member shows or what is held. Nothing here fails.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::asking::{Ask, asks};
use super::counting::{Counting, Mark, Weight, counting};
use super::governing::{Active, active};
use super::policy::{Indicated, Service, Switch};
use super::{Dnd, Entry, EntryId, Field, Policy, Side, Value, text};

#[cfg(test)]
mod tests;

/// What the active entries want on a member: for each field of its state the claims on it, and for each side of its
/// numbers what is asked of them, in governing order. A field that nobody claims is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    claims: BTreeMap<Field, Vec<Claim>>,
    asks: BTreeMap<Side, Vec<Ask>>,
}

/// What one active entry wants of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The entry.
    pub entry: EntryId,
    /// What it wants.
    pub value: Value,
    /// When it started: it was not put on before.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

impl Wish {
    /// Returns the claims on a field in governing order; the first decides.
    pub fn claims(&self, field: Field) -> &[Claim] {
        self.claims.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Makes a wish of claims on any fields, each field's in governing order.
    #[cfg(test)]
    pub(super) fn of(claims: Vec<Claim>) -> Self {
        let mut wish = Self { claims: BTreeMap::new(), asks: BTreeMap::new() };
        for claim in claims {
            wish.claims.entry(claim.value.field()).or_default().push(claim);
        }
        wish
    }

    /// Returns what is asked of the numbers of a side in governing order; the first decides.
    pub fn asks(&self, side: Side) -> &[Ask] {
        self.asks.get(&side).map_or(&[], Vec::as_slice)
    }

    /// Returns whether anything is asked of any number.
    pub fn asks_of_numbers(&self) -> bool {
        !self.asks.is_empty()
    }

    /// Returns what is wanted of a field; `None` leaves it alone.
    pub fn value(&self, field: Field) -> Option<&Value> {
        self.claims(field).first().map(|claim| &claim.value)
    }
}

/// Returns what is wanted at `now`; `None` when no entry is active or the service is stopped. `entries` are the
/// member's calendar and `marks` the member's early ends, both in any order.
pub fn overlay(now: DateTime<Utc>, entries: &[Entry], policy: &Policy, marks: &[Mark]) -> Option<Wish> {
    if policy.service == Service::Stopped {
        return None;
    }
    let active = active(now, entries, policy, marks);
    if active.is_empty() {
        return None;
    }
    let claims = Field::OF_STATE.into_iter().map(|field| (field, claims(field, &active, policy)));
    let asks = Side::ALL.into_iter().map(|side| (side, asks(side, &active, policy)));
    Some(Wish {
        claims: claims.filter(|(_, claims)| !claims.is_empty()).collect(),
        asks: asks.filter(|(_, asks)| !asks.is_empty()).collect(),
    })
}

fn claims(field: Field, active: &[Active<'_>], policy: &Policy) -> Vec<Claim> {
    let claim = |one: &Active<'_>| {
        let value = value(field, one, policy)?;
        let span = one.entry.span;
        let (starts_at, ends_at) = (span.start(policy.zone), span.end(policy.zone));
        Some(Claim { entry: one.entry.id.clone(), value, starts_at, ends_at })
    };
    active.iter().filter_map(claim).collect()
}

/// What an active entry asks of a field.
fn value(field: Field, active: &Active<'_>, policy: &Policy) -> Option<Value> {
    let entry = active.entry;
    match field {
        Field::Presence => policy.presence.clone().map(Value::Presence),
        Field::Text => {
            let words = policy.text.as_ref()?;
            Some(Value::Text(text::render(entry, active.weight, words, policy.zone)))
        }
        Field::Indicator => {
            let asked =
                policy.indicated == Indicated::All || policy.categories.set(Switch::FunctionKeys, &entry.categories);
            policy.indicator.clone().filter(|_| asked).map(Value::Indicator)
        }
        Field::Dnd => {
            let asked = policy.categories.set(Switch::Dnd, &entry.categories);
            (asked && active.weight == Weight::Full).then_some(Value::Dnd(Dnd::On))
        }
        // What is asked of numbers becomes a value only when the number is known.
        Field::Redirect(_) => None,
    }
}

/// Returns when what is wanted may change next: the first start or end, strictly after `now`, of an entry that counts.
/// `None` when there is none, or the service is stopped.
pub fn next_boundary(now: DateTime<Utc>, entries: &[Entry], policy: &Policy, marks: &[Mark]) -> Option<DateTime<Utc>> {
    if policy.service == Service::Stopped {
        return None;
    }
    let mut first: Option<DateTime<Utc>> = None;
    for entry in entries {
        let earlier = boundary_after(now, entry, policy).filter(|boundary| first.is_none_or(|first| *boundary < first));
        // Whether an entry counts is looked at only where it would matter.
        if earlier.is_some() && matches!(counting(entry, policy, marks), Counting::Counts(_)) {
            first = earlier;
        }
    }
    first
}

/// Returns the start of an entry that is to come, the end of one that is active, and nothing for one that is over.
fn boundary_after(now: DateTime<Utc>, entry: &Entry, policy: &Policy) -> Option<DateTime<Utc>> {
    let boundaries = [entry.span.start(policy.zone), entry.span.end(policy.zone)];
    boundaries.into_iter().find(|boundary| *boundary > now)
}
