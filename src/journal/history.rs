//! The rows of history, and what time takes away.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

use super::Happening;
use super::columns::{Account, At, WORDS_BYTES_MAX, bounded, field, number, value, words};
use crate::rules::EntryId;

/// The most rows of each kind that one prune touches, so that a commit never waits long behind it.
pub(super) const PRUNE_ROWS_MAX: usize = 10_000;

/// Adds a row.
pub(super) fn write(connection: &Connection, happening: &Happening) -> rusqlite::Result<()> {
    let short = |text| bounded(text, WORDS_BYTES_MAX);
    connection
        .prepare_cached(
            "INSERT INTO history (at, account, field, number, value_from, value_to, why, entry, outcome)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            At(happening.at),
            Account(happening.account),
            happening.to.field().name(),
            number(happening.to.field()),
            words(&happening.from),
            words(&happening.to),
            short(&happening.why),
            happening.entry.as_ref().map(|entry| short(&entry.0)),
            short(&happening.outcome),
        ])?;
    Ok(())
}

/// Reads the oldest rows since an instant, at most so many.
pub(super) fn read(connection: &Connection, since: DateTime<Utc>, rows_max: usize) -> rusqlite::Result<Vec<Happening>> {
    connection
        .prepare_cached("SELECT * FROM history WHERE at >= ?1 ORDER BY at, id LIMIT ?2")?
        .query_map(params![At(since), limit(rows_max)], happening)?
        .collect()
}

/// Removes rows from before an instant.
pub(super) fn forget(connection: &Connection, before: DateTime<Utc>) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM history WHERE id IN
                 (SELECT id FROM history WHERE at < ?1 ORDER BY at LIMIT ?2)",
        )?
        .execute(params![At(before), limit(PRUNE_ROWS_MAX)])
}

/// Turns the status texts of rows from before an instant into their hash; an empty one tells nothing and stays.
pub(super) fn hash_texts(connection: &Connection, before: DateTime<Utc>) -> rusqlite::Result<usize> {
    let plain = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let rows: Vec<(i64, String, String)> = connection
        .prepare_cached(
            "SELECT id, value_from, value_to FROM history
             WHERE field = 'text' AND hashed = 0 AND at < ?1 ORDER BY at LIMIT ?2",
        )?
        .query_map(params![At(before), limit(PRUNE_ROWS_MAX)], plain)?
        .collect::<rusqlite::Result<_>>()?;
    let mut update =
        connection.prepare_cached("UPDATE history SET value_from = ?2, value_to = ?3, hashed = 1 WHERE id = ?1")?;
    for (id, from, to) in &rows {
        update.execute(params![id, hash(from), hash(to)])?;
    }
    Ok(rows.len())
}

/// Forgets texts put before an instant.
pub(super) fn forget_texts_put(connection: &Connection, before: DateTime<Utc>) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM texts_put WHERE rowid IN
                 (SELECT rowid FROM texts_put WHERE at < ?1 ORDER BY at LIMIT ?2)",
        )?
        .execute(params![At(before), limit(PRUNE_ROWS_MAX)])
}

fn happening(row: &Row<'_>) -> rusqlite::Result<Happening> {
    let field = field(row)?;
    let entry: Option<String> = row.get("entry")?;
    Ok(Happening {
        at: row.get::<_, At>("at")?.0,
        account: row.get::<_, Account>("account")?.0,
        from: value(field, row.get("value_from")?)?,
        to: value(field, row.get("value_to")?)?,
        why: row.get("why")?,
        entry: entry.map(EntryId),
        outcome: row.get("outcome")?,
    })
}

fn hash(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let digest = Sha256::digest(text.as_bytes());
    let digits: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

fn limit(rows_max: usize) -> i64 {
    i64::try_from(rows_max).unwrap_or(i64::MAX)
}
