//! `[rules.drift]`: what happens when a person or a program overwrites what was put.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::rules::FieldKind;

use super::form::choice;
use super::form::duration::{MINUTE, SECOND, duration};
use super::reader::Reader;

/// What to do about a field that shows something else than was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriftPolicy {
    /// `reassert`: it is written again.
    Reassert,
    /// `respect`: it is the member's until the entry ends.
    Respect,
}

/// The policy of each field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftRules {
    /// For chat presence.
    pub presence: DriftPolicy,
    /// For the status text.
    pub text: DriftPolicy,
    /// For the indicator.
    pub indicator: DriftPolicy,
    /// For DND.
    pub dnd: DriftPolicy,
    /// For redirects.
    pub redirects: DriftPolicy,
    /// How long to wait before a value is written again.
    pub reassert_interval: Duration,
}

impl DriftRules {
    /// Returns the fields in which a person's change is respected.
    pub(crate) fn respected(&self) -> BTreeSet<FieldKind> {
        let policies = [
            (FieldKind::Presence, self.presence),
            (FieldKind::Text, self.text),
            (FieldKind::Indicator, self.indicator),
            (FieldKind::Dnd, self.dnd),
            (FieldKind::Redirect, self.redirects),
        ];
        let respected = policies.into_iter().filter(|(_, policy)| *policy == DriftPolicy::Respect);
        respected.map(|(field, _)| field).collect()
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let words = [("reassert", DriftPolicy::Reassert), ("respect", DriftPolicy::Respect)];
        let form = choice(words);
        let mut policy = |field: &str, default| reader.or(&format!("rules.drift.{field}"), &form, default);
        let (presence, text) = (policy("presence", DriftPolicy::Reassert), policy("text", DriftPolicy::Reassert));
        let indicator = policy("indicator", DriftPolicy::Reassert);
        let dnd = policy("dnd", DriftPolicy::Respect);
        let redirects = policy("redirects", DriftPolicy::Respect);
        // The distance doubles up to five minutes, so a longer first one would make no sense.
        let interval = duration(SECOND..=MINUTE * 5);
        Self {
            presence,
            text,
            indicator,
            dnd,
            redirects,
            reassert_interval: reader.or("rules.drift.reassert_interval", &interval, SECOND * 30),
        }
    }
}
