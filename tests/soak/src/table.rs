//! The module's table for a dead sidecar.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::rules::{Back, Field, Value};

/// What is put back once its owner has been silent for long enough.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) back: Value,
    pub(crate) put: Value,
    after: DateTime<Utc>,
    owner: String,
}

/// Where: the account, and the field or number.
pub(crate) type Place = (u32, Field);

#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<(Place, Row)>,
    heard: BTreeMap<String, DateTime<Utc>>,
}

/// How long an owner must have been silent.
const SILENCE: TimeDelta = TimeDelta::minutes(15);

impl Table {
    /// Notes that an owner called.
    pub(crate) fn heard_of(&mut self, owner: &str, now: DateTime<Utc>) {
        self.heard.insert(owner.to_owned(), now);
    }

    pub(crate) fn forget(&mut self, place: Place) {
        self.rows.retain(|(known, _)| *known != place);
    }

    /// Sets the row; what was put is kept from the row before, where nothing is written now.
    pub(crate) fn replace(&mut self, place: Place, back: &Back, put: Value, owner: String) {
        self.forget(place);
        self.rows.push((place, Row { back: back.value.clone(), put, after: back.after, owner }));
    }

    /// Takes the rows whose time has come.
    pub(crate) fn due(&mut self, now: DateTime<Utc>) -> Vec<(Place, Row)> {
        let heard = &self.heard;
        let is_due = |row: &Row| {
            let is_silent = heard.get(&row.owner).is_none_or(|at| now - *at >= SILENCE);
            row.after <= now && is_silent
        };
        let (due, kept) = std::mem::take(&mut self.rows).into_iter().partition(|(_, row)| is_due(row));
        self.rows = kept;
        due
    }
}
