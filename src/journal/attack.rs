//! The readers of what stands in the journal, laid open to the fuzzer and to tests: each takes anything, and asserts that
//! what comes of it stays as it is.

use chrono_tz::Europe;
use rusqlite::types::{FromSql, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::columns::{At, Json, PhaseName, SightName, value, words};
use super::wire::{StoredClaimant, StoredEntry, StoredMember};
use crate::rules::{Entry, Field};

#[cfg(test)]
mod tests;

/// Reads the bytes as every kind of column. Returns how many kinds they can be read as.
pub fn column(bytes: &[u8]) -> usize {
    let column = ValueRef::Text(bytes);
    let lists = [list::<StoredEntry>(column), list::<StoredMember>(column), list::<StoredClaimant>(column)];
    if let Ok(Json::<Vec<StoredEntry>>(entries)) = FromSql::column_result(column) {
        entries.iter().for_each(|entry| can_be_reckoned_with(&entry.0));
    }
    let at = At::column_result(column).is_ok_and(|At(at)| {
        let _ = (at + chrono::TimeDelta::days(400), at - chrono::TimeDelta::days(400));
        true
    });
    let names = [PhaseName::column_result(column).is_ok(), SightName::column_result(column).is_ok(), at];
    let values = std::str::from_utf8(bytes).map_or(0, read_as_values);
    lists.into_iter().chain(names).filter(|read| *read).count() + values
}

/// Reads a list; what was read is written and read again as the same.
fn list<T: Serialize + DeserializeOwned>(column: ValueRef<'_>) -> bool {
    let Ok(Json(items)) = Json::<Vec<T>>::column_result(column) else { return false };
    let text = serde_json::to_string(&items).expect("what was read can be written");
    let Json(again) = Json::<Vec<T>>::column_result(ValueRef::Text(text.as_bytes())).expect("and read again");
    let again = serde_json::to_string::<Vec<T>>(&again).expect("and written again");
    assert!(again == text, "a row that is read and written stays as it is");
    true
}

fn read_as_values(text: &str) -> usize {
    let number = "0041712345689".parse().map(Field::Redirect).ok();
    let fields = Field::OF_STATE.into_iter().chain(number);
    let read = fields.filter_map(|field| value(field, text.to_owned()).ok().map(|value| (field, value)));
    read.inspect(|(field, read)| {
        let again = value(*field, words(read).into_owned()).expect("what was written is read");
        assert!(words(&again) == words(read), "a value that is read and written stays as it is");
    })
    .count()
}

fn can_be_reckoned_with(entry: &Entry) {
    for zone in [Europe::Vienna, chrono_tz::Pacific::Apia] {
        let (start, end) = (entry.span.start(zone), entry.span.end(zone));
        let _ = (start - chrono::TimeDelta::days(2), end + chrono::TimeDelta::days(2), end - start);
    }
}
