//! The rows of last known calendars and of believed members.
//!
//! Both are read afresh from outside whenever that is possible, so a row that cannot be read is dropped with a
//! warning and never stops a start.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::KnownCalendar;
use super::columns::{Account, At, Json, WORDS_BYTES_MAX, bounded};
use super::wire::{ENTRIES_VERSION, MEMBERS_VERSION, StoredEntry, StoredMember};
use crate::rules::{AccountId, Address, Entry, Member};

/// The largest calendar that is kept, in bytes of JSON: as much as Graph may answer at once. Of a larger one the last
/// known smaller one stays, with the instant at which it was read.
const CALENDAR_BYTES_MAX: usize = 8 << 20;

/// Writes a calendar over the last one of this mailbox.
pub(super) fn write(connection: &Connection, address: &Address, calendar: KnownCalendar) -> rusqlite::Result<()> {
    let entries: Vec<_> = calendar.entries.into_iter().map(stored).collect();
    let json =
        serde_json::to_string(&entries).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    if json.len() > CALENDAR_BYTES_MAX {
        tracing::warn!(
            bytes = json.len(),
            "A calendar is too large to be kept; after a restart an older one will be used until it is read again."
        );
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO calendars (address, read_at, version, entries)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![address.as_str(), At(calendar.read_at), ENTRIES_VERSION, json])?;
    Ok(())
}

/// Removes the calendar of a mailbox, if there is one.
pub(super) fn remove(connection: &Connection, address: &Address) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM calendars WHERE address = ?1")?.execute([address.as_str()])?;
    Ok(())
}

/// Reads every calendar that can be read.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<BTreeMap<Address, KnownCalendar>> {
    let mut statement = connection.prepare("SELECT * FROM calendars")?;
    let rows = statement.query_map((), |row| Ok(calendar(row).ok().flatten()))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(readable(rows, "calendars"))
}

/// Writes the believed members of a group over the last list of it.
pub(super) fn write_members(connection: &Connection, group: AccountId, members: Vec<Member>) -> rusqlite::Result<()> {
    let members: Vec<_> = members.into_iter().map(stored_member).collect();
    connection
        .prepare_cached("INSERT OR REPLACE INTO members (group_account, version, members) VALUES (?1, ?2, ?3)")?
        .execute(params![Account(group), MEMBERS_VERSION, Json(members)])?;
    Ok(())
}

/// Reads the believed members of every group that can be read.
pub(super) fn read_members(connection: &Connection) -> rusqlite::Result<BTreeMap<AccountId, Vec<Member>>> {
    let mut statement = connection.prepare("SELECT * FROM members")?;
    let rows = statement.query_map((), |row| Ok(members(row).ok().flatten()))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(readable(rows, "member lists"))
}

fn calendar(row: &Row<'_>) -> rusqlite::Result<Option<(Address, KnownCalendar)>> {
    if row.get::<_, u32>("version")? != ENTRIES_VERSION {
        return Ok(None);
    }
    let Ok(address) = row.get::<_, String>("address")?.parse() else {
        return Ok(None);
    };
    let Json::<Vec<StoredEntry>>(entries) = row.get("entries")?;
    let known = KnownCalendar {
        read_at: row.get::<_, At>("read_at")?.0,
        entries: entries.into_iter().map(|entry| entry.0).collect(),
    };
    Ok(Some((address, known)))
}

fn members(row: &Row<'_>) -> rusqlite::Result<Option<(AccountId, Vec<Member>)>> {
    if row.get::<_, u32>("version")? != MEMBERS_VERSION {
        return Ok(None);
    }
    let Json::<Vec<StoredMember>>(members) = row.get("members")?;
    let group: Account = row.get("group_account")?;
    let members = members.into_iter().map(|member| member.0).collect();
    Ok(Some((group.0, members)))
}

/// Returns the rows that could be read, and says how many could not.
fn readable<K: Ord, V>(rows: Vec<Option<(K, V)>>, what: &'static str) -> BTreeMap<K, V> {
    let dropped = rows.iter().filter(|row| row.is_none()).count();
    if dropped > 0 {
        tracing::warn!(dropped, "Some {what} in the journal cannot be read; they will be read afresh.");
    }
    rows.into_iter().flatten().collect()
}

fn stored(mut entry: Entry) -> StoredEntry {
    let words = [&mut entry.id.0, &mut entry.ical_uid, &mut entry.title.0, &mut entry.location.0];
    for text in words.into_iter().chain(&mut entry.categories) {
        cut(text);
    }
    StoredEntry(entry)
}

fn stored_member(mut member: Member) -> StoredMember {
    cut(&mut member.login.0);
    cut(&mut member.name);
    StoredMember(member)
}

fn cut(text: &mut String) {
    let end = bounded(text, WORDS_BYTES_MAX).len();
    text.truncate(end);
}
