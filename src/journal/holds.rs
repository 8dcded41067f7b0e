//! The rows of holds and of texts put.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::columns::{Account, At, Json, PhaseName, SightName, VALUE_BYTES_MAX, bounded, field, number, value, words};
use super::wire::StoredClaimant;
use crate::rules::{AccountId, Claimant, EntryId, Field, Hold, StatusText};

/// Writes a hold over the one with the same account and field, or with the same called number.
pub(super) fn write(connection: &Connection, hold: &Hold) -> rusqlite::Result<()> {
    let earlier: Vec<_> = hold.earlier.iter().map(words).collect();
    let claimants: Vec<_> = hold.claimants.iter().cloned().map(StoredClaimant).collect();
    let yielded: Vec<&str> = hold.yielded.iter().map(|entry| entry.0.as_str()).collect();
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO holds (account, field, number, under, put, earlier, phase, claimants,
                 since, written_at, unanswered_at, back_after, yielded, sight, rewrites)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            Account(hold.account),
            hold.field().name(),
            number(hold.field()),
            words(&hold.under),
            words(&hold.put),
            Json(earlier),
            PhaseName(hold.phase),
            Json(claimants),
            At(hold.since),
            hold.written_at.map(At),
            hold.unanswered_at.map(At),
            hold.back_after.map(At),
            Json(yielded),
            SightName(hold.sight),
            hold.rewrites,
        ])?;
    Ok(())
}

/// Removes a hold, if there is one; on a called number whichever there is.
pub(super) fn remove(connection: &Connection, account: AccountId, field: Field) -> rusqlite::Result<()> {
    // Each by an index of its own; in one statement SQLite would look at every hold.
    match field.number() {
        Some(_) => connection.prepare_cached(REMOVE_NUMBER)?.execute([number(field)])?,
        None => connection.prepare_cached(REMOVE)?.execute(params![Account(account), field.name()])?,
    };
    Ok(())
}

const REMOVE: &str = "DELETE FROM holds WHERE account = ?1 AND field = ?2 AND number = ''";

/// The second condition lets SQLite use the index of called numbers, which holds no others.
const REMOVE_NUMBER: &str = "DELETE FROM holds WHERE number = ?1 AND number <> ''";

/// Reads every hold. One that cannot be read is an error: without it a member's own value would be lost.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<Hold>> {
    connection.prepare("SELECT * FROM holds ORDER BY account, field, number")?.query_map((), hold)?.collect()
}

/// Writes that a text is about to be put on; put on twice, the later instant stands.
pub(super) fn write_text(
    connection: &Connection,
    account: AccountId,
    text: &StatusText,
    at: DateTime<Utc>,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO texts_put (account, text, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (account, text) DO UPDATE SET at = max(at, excluded.at)",
        )?
        .execute(params![Account(account), bounded(&text.0, VALUE_BYTES_MAX), At(at)])?;
    Ok(())
}

/// Reads every text put that was not forgotten yet, oldest first.
pub(super) fn read_texts(connection: &Connection) -> rusqlite::Result<Vec<(AccountId, StatusText, DateTime<Utc>)>> {
    let text = |row: &Row<'_>| {
        let account: Account = row.get("account")?;
        let at: At = row.get("at")?;
        Ok((account.0, StatusText(row.get("text")?), at.0))
    };
    connection
        .prepare("SELECT account, text, at FROM texts_put ORDER BY at, account, text")?
        .query_map((), text)?
        .collect()
}

fn hold(row: &Row<'_>) -> rusqlite::Result<Hold> {
    let field = field(row)?;
    let Json::<Vec<String>>(earlier) = row.get("earlier")?;
    let Json::<Vec<String>>(yielded) = row.get("yielded")?;
    Ok(Hold {
        account: row.get::<_, Account>("account")?.0,
        under: value(field, row.get("under")?)?,
        put: value(field, row.get("put")?)?,
        earlier: earlier.into_iter().map(|words| value(field, words)).collect::<rusqlite::Result<_>>()?,
        phase: row.get::<_, PhaseName>("phase")?.0,
        claimants: claimants(row)?,
        since: row.get::<_, At>("since")?.0,
        written_at: instant(row, "written_at")?,
        unanswered_at: instant(row, "unanswered_at")?,
        back_after: instant(row, "back_after")?,
        yielded: yielded.into_iter().map(EntryId).collect(),
        sight: row.get::<_, SightName>("sight")?.0,
        rewrites: row.get("rewrites")?,
    })
}

fn instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DateTime<Utc>>> {
    Ok(row.get::<_, Option<At>>(column)?.map(|at| at.0))
}

fn claimants(row: &Row<'_>) -> rusqlite::Result<Vec<Claimant>> {
    let Json::<Vec<StoredClaimant>>(stored) = row.get("claimants")?;
    Ok(stored.into_iter().map(|claimant| claimant.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::schema;

    #[test]
    fn no_write_looks_at_every_hold() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::begin(&mut connection, crate::journal::Kind::Service, DateTime::default()).unwrap();
        for (statement, index) in [(REMOVE, "PRIMARY KEY"), (REMOVE_NUMBER, "holds_number")] {
            let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
            let count = explained.parameter_count();
            let given = rusqlite::params_from_iter(std::iter::repeat_n("1", count));
            let plan: Vec<String> = explained.query_map(given, |row| row.get(3)).unwrap().map(Result::unwrap).collect();
            assert!(plan.iter().all(|line| line.starts_with("SEARCH") && line.contains(index)), "{plan:?}");
        }
    }
}
