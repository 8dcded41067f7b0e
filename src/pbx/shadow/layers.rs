//! What a shadow run has laid over what the PBX shows, and what it knows of what lies below another connector.
//!
//! A field shows, first, its layer: what would have been written. Without one, and while a text of another connector
//! stands on the member, it shows what the member had before that. Else it shows what is there. Nothing here fails.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::rules::text::Traces;
use crate::rules::{AccountId, Back, Call, CalledNumber, Field, Hold, Phase, Redirect, RedirectRecord, Seen, Value};

/// How long a field that was taken off is told as it would be, where the PBX does not show it: another connector that
/// polls every five minutes has had several turns by then, and what is still there will stay.
const AFTERGLOW: TimeDelta = TimeDelta::hours(1);

/// A field; a called number is one for everybody who has it.
type Key = (Option<AccountId>, Field);

fn key(account: AccountId, field: Field) -> Key {
    (field.number().is_none().then_some(account), field)
}

/// What would have been written to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layer {
    value: Value,
    /// When it is of no interest any more, whatever happens.
    until: DateTime<Utc>,
    kind: Kind,
}

/// Whether a layer is a value of ours or the member's own again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// An entry wants it.
    Put,
    /// What was there before: told until the PBX shows it too.
    GivenBack,
}

/// All layers, and what is known of what lies below.
#[derive(Debug)]
pub(super) struct Layers {
    layers: BTreeMap<Key, Layer>,
    /// When each field was laid over last, also where the layer is gone.
    laid_at: BTreeMap<Key, DateTime<Utc>>,
    /// What was shown last while no other connector was at work on it.
    own: BTreeMap<Key, Value>,
    /// What the last look showed. It counts as the member's own only when no other connector shows at the next look
    /// either: it writes one field after the other, and may have been met in between.
    fresh: BTreeMap<Key, Value>,
    /// On whom another connector is at work, as last seen.
    others: BTreeSet<AccountId>,
    /// Who has which numbers.
    numbers: BTreeMap<AccountId, BTreeSet<CalledNumber>>,
    traces: Traces,
}

impl Layers {
    /// Lays out what an earlier shadow run held.
    pub(super) fn held(holds: &[Hold], now: DateTime<Utc>) -> Self {
        let layer = |hold: &Hold| {
            let (value, kind) = match hold.phase {
                Phase::Putting | Phase::Held => (hold.put.clone(), Kind::Put),
                Phase::Restoring => (hold.target(), Kind::GivenBack),
                Phase::Yielded => return None,
            };
            let until = hold.back_after.unwrap_or(now + AFTERGLOW);
            Some((key(hold.account, hold.field()), Layer { value, until, kind }))
        };
        Self {
            layers: holds.iter().filter_map(layer).collect(),
            laid_at: holds.iter().map(|hold| (key(hold.account, hold.field()), hold.since)).collect(),
            own: BTreeMap::new(),
            fresh: BTreeMap::new(),
            others: BTreeSet::new(),
            numbers: BTreeMap::new(),
            traces: Traces::of(None),
        }
    }

    pub(super) fn recognise(&mut self, traces: Traces) {
        self.traces = traces;
    }

    /// Lays a value over a field, or gives back what was there before; returns what is shown then.
    pub(super) fn put(
        &mut self,
        account: AccountId,
        value: &Value,
        back: Option<&Back>,
        now: DateTime<Utc>,
    ) -> Option<Value> {
        let (kind, until) = match back {
            Some(back) => (Kind::Put, back.after),
            None => (Kind::GivenBack, now + AFTERGLOW),
        };
        let key = key(account, value.field());
        self.layers.insert(key, Layer { value: value.clone(), until, kind });
        self.laid_at.insert(key, now);
        Some(value.clone())
    }

    /// The last entry that wants a field ends at another time.
    pub(super) fn keep_until(&mut self, account: AccountId, field: Field, until: DateTime<Utc>) {
        if let Some(layer) = self.layers.get_mut(&key(account, field)) {
            layer.until = until;
        }
    }

    pub(super) fn take_away(&mut self, account: AccountId, field: Field) {
        self.layers.remove(&key(account, field));
    }

    /// Returns when a field was laid over last.
    pub(super) fn laid_at(&self, account: AccountId, field: Field) -> Option<DateTime<Utc>> {
        self.laid_at.get(&key(account, field)).copied()
    }

    pub(super) fn lose_what_a_restart_loses(&mut self) {
        self.layers.retain(|(_, field), _| !field.is_lost_by_restart());
    }

    /// Takes what the PBX shows of a member, and returns what it would show.
    pub(super) fn over_state(&mut self, account: AccountId, seen: &Seen, now: DateTime<Utc>) -> Seen {
        if self.traces.show_in(&seen.text) {
            self.others.insert(account);
            Field::OF_STATE.into_iter().for_each(|field| drop(self.fresh.remove(&key(account, field))));
        } else {
            self.others.remove(&account);
            for value in Field::OF_STATE.into_iter().filter_map(|field| seen.value(field)) {
                // A call sets the telephony state, and its end sets it back.
                if !(value.field() == Field::Indicator && seen.call == Call::UnderWay) {
                    self.learn_own(key(account, value.field()), value);
                }
            }
        }
        let mut told = seen.clone();
        for field in Field::OF_STATE {
            // What the PBX does not show, it would not show either.
            let Some(there) = seen.value(field) else { continue };
            show(&mut told, self.told(account, there, self.others.contains(&account), now));
        }
        told
    }

    /// Takes who has which numbers, and what these show while no other connector is at work on any who has them.
    pub(super) fn learn_numbers(&mut self, seen: &BTreeMap<AccountId, Vec<RedirectRecord>>) {
        for (account, records) in seen {
            self.numbers.insert(*account, records.iter().map(|record| record.number).collect());
        }
        // A group's number stands with everybody who has it, and is looked at once.
        let records: BTreeMap<CalledNumber, &Redirect> =
            seen.values().flatten().map(|record| (record.number, &record.redirect)).collect();
        for (number, redirect) in records {
            let key = (None, Field::Redirect(number));
            if self.is_anothers(number) {
                self.fresh.remove(&key);
            } else {
                self.learn_own(key, Value::Redirect(number, redirect.clone()));
            }
        }
    }

    fn learn_own(&mut self, key: Key, value: Value) {
        if let Some(before) = self.fresh.insert(key, value) {
            self.own.insert(key, before);
        }
    }

    /// Returns where a number would lead.
    pub(super) fn over_number(&mut self, record: &RedirectRecord, now: DateTime<Utc>) -> Redirect {
        let there = Value::Redirect(record.number, record.redirect.clone());
        let is_anothers = self.is_anothers(record.number);
        match self.told(AccountId(0), there, is_anothers, now) {
            Value::Redirect(_, redirect) => redirect,
            _ => record.redirect.clone(),
        }
    }

    /// Returns whose numbers are known.
    pub(super) fn having_numbers(&self, members: &[AccountId]) -> Vec<AccountId> {
        members.iter().copied().filter(|member| self.numbers.contains_key(member)).collect()
    }

    fn is_anothers(&self, number: CalledNumber) -> bool {
        self.others.iter().any(|other| self.numbers.get(other).is_some_and(|numbers| numbers.contains(&number)))
    }

    fn told(&mut self, account: AccountId, there: Value, is_anothers: bool, now: DateTime<Utc>) -> Value {
        let key = key(account, there.field());
        let layer = self.layers.get(&key);
        if layer.is_some_and(|layer| layer.is_over(&there, now)) {
            self.layers.remove(&key);
        } else if let Some(layer) = layer {
            return layer.value.clone();
        }
        if !is_anothers {
            return there;
        }
        // Nobody saw what was there before: DND and redirects are mostly people's, the rest is not.
        let unknown = if there.field().is_lost_by_restart() { there.field().neutral() } else { there };
        self.own.get(&key).cloned().unwrap_or(unknown)
    }
}

impl Layer {
    fn is_over(&self, there: &Value, now: DateTime<Utc>) -> bool {
        now >= self.until || (self.kind == Kind::GivenBack && self.value.looks_like(there))
    }
}

/// Shows a value in place of what is there.
fn show(seen: &mut Seen, value: Value) {
    match value {
        Value::Presence(presence) => seen.presence = presence,
        Value::Text(text) => seen.text = text,
        Value::Indicator(telephony) => {
            // Nobody writes it during a call, so that the call is what is shown.
            if seen.call != Call::UnderWay {
                seen.telephony = Some(telephony);
            }
        }
        Value::Dnd(dnd) => seen.dnd = Some(dnd),
        Value::Redirect(..) => {}
    }
}

/// Returns what is told and what is there, of every field of which both are known.
pub(super) fn compared(told: &Seen, there: &Seen) -> Vec<(Value, Value)> {
    Field::OF_STATE.into_iter().filter_map(|field| Some((told.value(field)?, there.value(field)?))).collect()
}
