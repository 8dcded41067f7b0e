//! The rows that tell when the list of categories of a mailbox was last looked after.
//!
//! A row that cannot be read is dropped: then the list is looked after once more, which does no harm.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::CategoriesChecked;
use super::columns::{At, WORDS_BYTES_MAX, bounded};
use crate::rules::Address;

/// Writes when a list was looked after, over the last time.
pub(super) fn write(connection: &Connection, address: &Address, checked: &CategoriesChecked) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO categories_checked (address, at, mark) VALUES (?1, ?2, ?3)")?
        .execute(params![address.as_str(), At(checked.at), bounded(&checked.mark, WORDS_BYTES_MAX)])
        .map(drop)
}

/// Removes the row of a mailbox, if there is one.
pub(super) fn remove(connection: &Connection, address: &Address) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM categories_checked WHERE address = ?1")?
        .execute([address.as_str()])
        .map(drop)
}

/// Reads every row that can be read.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<BTreeMap<Address, CategoriesChecked>> {
    let mut statement = connection.prepare("SELECT * FROM categories_checked")?;
    let rows = statement.query_map((), |row| Ok(checked(row).ok().flatten()))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(rows.into_iter().flatten().collect())
}

fn checked(row: &Row<'_>) -> rusqlite::Result<Option<(Address, CategoriesChecked)>> {
    let Ok(address) = row.get::<_, String>("address")?.parse() else { return Ok(None) };
    let At(at) = row.get("at")?;
    Ok(Some((address, CategoriesChecked { at, mark: row.get("mark")? })))
}
