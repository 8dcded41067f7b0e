//! The rows of the module's events: how far its queue was read, early ends that wait for the calendar of their moment,
//! and the marks that they left on entries.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::columns::{Account, At};
use crate::journal::QueuePosition;
use crate::rules::{AccountId, EntryId, Mark};

/// Writes how far the module's event queue was read.
pub(super) fn write_queue(connection: &Connection, position: &QueuePosition) -> rusqlite::Result<()> {
    let seq = i64::try_from(position.seq).unwrap_or(i64::MAX);
    connection
        .prepare_cached("UPDATE meta SET queue = ?1, event_seq = ?2, restarted_at = ?3")?
        .execute(params![position.id, seq, position.restarted_at.map(At)])
        .map(drop)
}

/// Reads how far the module's event queue was read.
pub(super) fn read_queue(connection: &Connection) -> rusqlite::Result<Option<QueuePosition>> {
    let position = |row: &Row<'_>| {
        let Some(id) = row.get("queue")? else { return Ok(None) };
        let restarted_at = row.get::<_, Option<At>>("restarted_at")?.map(|at| at.0);
        Ok(Some(QueuePosition { id, seq: row.get::<_, i64>("event_seq")?.unsigned_abs(), restarted_at }))
    };
    connection.query_one("SELECT queue, event_seq, restarted_at FROM meta", (), position)
}

/// Writes a mark over the one on the same entry.
pub(super) fn write_mark(connection: &Connection, account: AccountId, mark: &Mark) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO marks (account, entry, at) VALUES (?1, ?2, ?3)")?
        .execute(params![Account(account), mark.entry.0, At(mark.at)])
        .map(drop)
}

/// Removes a mark, if there is one.
pub(super) fn remove_mark(connection: &Connection, account: AccountId, entry: &EntryId) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM marks WHERE account = ?1 AND entry = ?2")?
        .execute(params![Account(account), entry.0])
        .map(drop)
}

/// Reads every mark.
pub(super) fn read_marks(connection: &Connection) -> rusqlite::Result<Vec<(AccountId, Mark)>> {
    let mark = |row: &Row<'_>| {
        let account: Account = row.get("account")?;
        let at: At = row.get("at")?;
        Ok((account.0, Mark { entry: EntryId(row.get("entry")?), at: at.0 }))
    };
    connection.prepare("SELECT * FROM marks ORDER BY account, entry")?.query_map((), mark)?.collect()
}

/// Writes an end that waits.
pub(super) fn write(connection: &Connection, account: AccountId, at: DateTime<Utc>) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO ends (account, at) VALUES (?1, ?2)")?
        .execute(params![Account(account), At(at)])
        .map(drop)
}

/// Removes an end that waited.
pub(super) fn remove(connection: &Connection, account: AccountId, at: DateTime<Utc>) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM ends WHERE account = ?1 AND at = ?2")?
        .execute(params![Account(account), At(at)])
        .map(drop)
}

/// Reads every end that waits, the oldest first.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<(AccountId, DateTime<Utc>)>> {
    let end = |row: &Row<'_>| {
        let (account, at): (Account, At) = (row.get("account")?, row.get("at")?);
        Ok((account.0, at.0))
    };
    connection.prepare("SELECT * FROM ends ORDER BY at, account")?.query_map((), end)?.collect()
}
