//! The history as people read it: what was changed, from what to what, when and why.
//!
//! Reads from the journal's port alone, so it serves with and without an engine. Status texts are told as they are
//! kept: in their words, and after seven days as their hash. A private entry never had its title in a text.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::command::Refusal;
use super::{chain, report};
use crate::journal::{Happening, Journal};
use crate::rules::{AccountId, EntryId};

/// The most changes in one answer. More than that nobody reads at once; the later ones are had by asking since the last.
pub const CHANGES_MAX: usize = 10_000;

/// How many rows are read from the journal at a time.
const PAGE_ROWS: usize = 5_000;

/// One change that was made, or tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    pub at: String,
    /// Whose account.
    pub account: u32,
    /// Which field.
    pub field: String,
    /// The called number of a redirect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// From what.
    pub from: String,
    /// To what.
    pub to: String,
    /// Why.
    pub why: String,
    /// The short hash of the entry.
    pub entry: Option<String>,
    /// What became of it.
    pub outcome: String,
}

/// Reads the changes since an instant, oldest first, at most [`CHANGES_MAX`]; of one account or of all.
///
/// # Errors
/// When the journal cannot be read.
pub async fn read(
    journal: &impl Journal,
    account: Option<AccountId>,
    since: DateTime<Utc>,
    zone: Tz,
) -> Result<Vec<Change>, Refusal> {
    let mut changes = Vec::new();
    let mut from = since;
    // Rows of the instant at which the last page broke off come again with the next one.
    let mut known: Vec<Happening> = Vec::new();
    loop {
        let rows_max = PAGE_ROWS + known.len();
        let read = journal.history(from, rows_max).await;
        let rows = read.map_err(|error| Refusal::Journal { text: chain(&error) })?;
        let last_at = rows.last().map(|row| row.at);
        let is_last = rows.len() < rows_max;
        let fresh = rows.iter().skip(known.len()).filter(|row| account.is_none_or(|account| row.account == account));
        changes.extend(fresh.map(|row| change(row, zone)));
        let Some(at) = last_at.filter(|_| !is_last && changes.len() < CHANGES_MAX) else { break };
        known = rows.into_iter().filter(|row| row.at == at).collect();
        from = at;
    }
    changes.truncate(CHANGES_MAX);
    Ok(changes)
}

fn change(row: &Happening, zone: Tz) -> Change {
    Change {
        at: report::told(row.at, zone),
        account: row.account.0,
        field: row.to.field().name().to_owned(),
        number: row.to.field().number().map(|number| number.to_string()),
        from: row.from.words().into_owned(),
        to: row.to.words().into_owned(),
        why: row.why.clone(),
        entry: row.entry.as_ref().map(EntryId::hash),
        outcome: row.outcome.clone(),
    }
}
