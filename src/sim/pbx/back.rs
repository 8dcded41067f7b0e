//! The table for a dead sidecar: what the module puts back by itself when the owner of a row has fallen silent.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::account::StateField;
use super::apply::Writer;
use super::events::EventKind;
use super::redirects;
use super::state::{By, Module, State};
use super::tree::Tree;
use crate::rules::{AccountId, CalledNumber, Redirect};

/// How often the module's timer looks at the table.
pub(crate) const TIMER_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// For how long an owner must not have called to be dead.
const SILENT_FOR: TimeDelta = TimeDelta::minutes(15);

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackRow<Field = StateField, Value = String> {
    /// Whose.
    pub account: AccountId,
    /// Which field.
    pub field: Field,
    /// What is put back.
    pub back: Value,
    /// After when, epoch seconds as given; empty when none was, and then only the instance's deletion puts it back.
    pub back_after: String,
    /// Whose silence counts.
    pub owner: String,
    /// What was put, and is replaced if it still stands.
    pub put: Value,
}

/// A row of a redirect, which is put back by way of the account that wrote it.
pub type RedirectBackRow = BackRow<CalledNumber, Redirect>;

/// When rows are carried out.
#[derive(Clone, Copy, Debug)]
enum Occasion {
    /// The timer strikes: what has come, of owners that are dead.
    Timer,
    /// The instance is deleted: everything.
    Deletion,
}

/// Replaces or forgets the row of a field, also where nothing is written.
pub(crate) fn keep(state: &mut State, writer: &Writer<'_>, account: AccountId, field: StateField, wanted: &Tree) {
    let name = field.name();
    let key = (account, field);
    if wanted.members().contains_key(&format!("forget.{name}")) {
        state.module.back.remove(&key);
    }
    let Some(back) = wanted.leaf(&format!("back.{name}")) else {
        return;
    };
    // A write has removed the old row. One that is there still says what was put: what is shown may be a person's.
    let put = state.module.back.get(&key).map(|row| row.put.clone());
    let shown = || state.people.get(&account).map(|(_, shown)| shown.value(field).to_owned());
    if let Some(put) = put.or_else(shown) {
        let row = BackRow {
            account,
            field,
            back: back.to_owned(),
            back_after: wanted.leaf("backAfter").unwrap_or_default().to_owned(),
            owner: writer.owner.to_owned(),
            put,
        };
        state.module.back.insert(key, row);
    }
}

/// Puts back what is due: the instant of the row has come, and its owner is dead.
pub(crate) fn tick(state: &mut State, now: DateTime<Utc>) {
    put_back(state, now, Occasion::Timer);
    forget_owners(&mut state.module);
}

/// Puts everything back at once, as the module does when its instance is deleted.
pub(crate) fn put_all_back(state: &mut State, now: DateTime<Utc>) {
    put_back(state, now, Occasion::Deletion);
}

fn put_back(state: &mut State, now: DateTime<Utc>, occasion: Occasion) {
    let due = due(state.module.back.values(), &state.module, now, occasion);
    let redirects_due = self::due(state.module.redirects_back.values(), &state.module, now, occasion);
    let mut accounts: BTreeSet<AccountId> =
        due.iter().filter(|row| put_one_back(state, now, row)).map(|row| row.account).collect();
    let redirected = redirects_due.iter().filter(|row| redirects::put_back(state, now, row));
    accounts.extend(redirected.map(|row| row.account));
    for account in accounts {
        state.happen(now, EventKind::Back(account));
    }
}

fn due<'a, Field, Value>(
    rows: impl Iterator<Item = &'a BackRow<Field, Value>>,
    module: &Module,
    now: DateTime<Utc>,
    occasion: Occasion,
) -> Vec<BackRow<Field, Value>>
where
    BackRow<Field, Value>: Clone + 'a,
{
    let is_due = |row: &&BackRow<Field, Value>| match occasion {
        Occasion::Timer => has_come(&row.back_after, now) && is_silent(module, &row.owner, now),
        Occasion::Deletion => true,
    };
    rows.filter(is_due).cloned().collect()
}

/// Carries a row out and drops it; returns whether something was put back.
fn put_one_back(state: &mut State, now: DateTime<Utc>, row: &BackRow) -> bool {
    let shown = state.read(row.account, row.field).map(str::to_owned);
    if row.field == StateField::TelephonyState && state.read(row.account, StateField::InCall) == Some("true") {
        // The call's end sets it back, and the row no longer fits then.
        return false;
    }
    state.module.back.remove(&(row.account, row.field));
    // An indicator that is not shown back cannot be compared, and must not stay for ever.
    let stands = shown.is_some_and(|shown| shown == row.put || !state.shows_back(row.field));
    if stands && row.field.knows(&row.back) {
        state.show(now, row.account, row.field, &row.back, By::Module);
        return true;
    }
    false
}

fn has_come(back_after: &str, now: DateTime<Utc>) -> bool {
    let back_after = back_after.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    back_after.is_some_and(|at| now >= at)
}

fn is_silent(module: &Module, owner: &str, now: DateTime<Utc>) -> bool {
    module.heard.get(owner).is_none_or(|at| now - at >= SILENT_FOR)
}

/// Forgets when those called who neither write nor have a row.
fn forget_owners(module: &mut Module) {
    let Module { owner, heard, back, redirects_back, .. } = module;
    let writes = |id: &str| owner.as_ref().is_some_and(|owner| owner.id == id);
    let of_rows = back.values().map(|row| &row.owner).chain(redirects_back.values().map(|row| &row.owner));
    let of_rows: BTreeSet<&String> = of_rows.collect();
    heard.retain(|id, _| writes(id) || of_rows.contains(id));
}
