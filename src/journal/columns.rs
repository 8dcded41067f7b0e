//! How the rules' values stand in the columns of the journal: as text that a person can read with `sqlite3`.
//!
//! A column that cannot be read is an error without its content, since it may hold a title.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wire;
use crate::rules::{AccountId, Dnd, Field, Phase, Presence, Sight, StatusText, Telephony, Value, zone};

/// The longest value that is kept, in bytes. A status text is at most some hundred; this bounds what a PBX may send.
pub(super) const VALUE_BYTES_MAX: usize = 64 << 10;

/// The longest name, id or sentence that is kept, in bytes.
pub(super) const WORDS_BYTES_MAX: usize = 4 << 10;

/// Says that a column cannot be read, and nothing of what stands in it.
#[derive(Debug)]
pub(super) struct Unreadable(&'static str);

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "read {} in the journal", self.0)
    }
}

impl std::error::Error for Unreadable {}

fn unreadable(what: &'static str) -> FromSqlError {
    FromSqlError::other(Unreadable(what))
}

fn conversion(what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(Unreadable(what)))
}

/// An instant, as RFC 3339 with nine decimals in UTC: sorted as text it is sorted in time.
pub(super) struct At(pub(super) DateTime<Utc>);

impl ToSql for At {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = self.0.to_rfc3339_opts(SecondsFormat::Nanos, true);
        Ok(text.into())
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let at = value.as_str()?.parse().ok().filter(zone::is_usable);
        at.map(Self).ok_or_else(|| unreadable("an instant"))
    }
}

/// An account id.
pub(super) struct Account(pub(super) AccountId);

impl ToSql for Account {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.0.into())
    }
}

impl FromSql for Account {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        u32::column_result(value).map(|id| Self(AccountId(id)))
    }
}

/// Returns the called number of a field as it stands in its column; empty for a field that has none.
pub(super) fn number(field: Field) -> String {
    field.number().map(|number| number.to_string()).unwrap_or_default()
}

/// Reads a field from its two columns.
pub(super) fn field(row: &Row<'_>) -> rusqlite::Result<Field> {
    let (name, number): (String, String) = (row.get("field")?, row.get("number")?);
    let number = Some(number.as_str()).filter(|number| !number.is_empty());
    Field::named(&name, number).ok_or_else(|| conversion("a field"))
}

/// The name of a phase.
pub(super) struct PhaseName(pub(super) Phase);

impl ToSql for PhaseName {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.name().into())
    }
}

impl FromSql for PhaseName {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Phase::ALL.into_iter().find(|phase| phase.name() == name).map(Self).ok_or_else(|| unreadable("a phase"))
    }
}

/// The name of a sight.
pub(super) struct SightName(pub(super) Sight);

impl ToSql for SightName {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.name().into())
    }
}

impl FromSql for SightName {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Sight::ALL.into_iter().find(|sight| sight.name() == name).map(Self).ok_or_else(|| unreadable("a sight"))
    }
}

/// A list or a structure, as JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(|_| unreadable("a list"))
    }
}

/// Returns the words of a value; which field it is of stands in columns of its own.
pub(super) fn words(value: &Value) -> Cow<'_, str> {
    let words = match value {
        Value::Presence(presence) => presence.name(),
        Value::Text(text) => &text.0,
        Value::Indicator(telephony) => telephony.name(),
        Value::Dnd(dnd) => dnd.word(),
        Value::Redirect(_, redirect) => return wire::redirect_words(redirect).into(),
    };
    bounded(words, VALUE_BYTES_MAX).into()
}

/// Returns the value of a field with these words.
pub(super) fn value(field: Field, words: String) -> rusqlite::Result<Value> {
    // Anything but the exact name of a state is kept letter by letter.
    Ok(match field {
        Field::Text => Value::Text(StatusText(words)),
        Field::Presence => {
            let known = Presence::named(&words);
            Value::Presence(if known.name() == words { known } else { Presence::Other(words) })
        }
        Field::Indicator => {
            let known = Telephony::named(&words);
            Value::Indicator(if known.name() == words { known } else { Telephony::Other(words) })
        }
        Field::Dnd => Dnd::worded(&words).map(Value::Dnd).ok_or_else(|| conversion("a value"))?,
        Field::Redirect(number) => {
            Value::Redirect(number, wire::redirect_worded(&words).ok_or_else(|| conversion("a value"))?)
        }
    })
}

/// Cuts a text to at most so many bytes, between two characters.
pub(super) fn bounded(text: &str, bytes_max: usize) -> &str {
    if text.len() <= bytes_max {
        return text;
    }
    let end = (0..=bytes_max).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{DestinationKind, Redirect};

    #[track_caller]
    fn kept(value_before: &Value) {
        let after = value(value_before.field(), words(value_before).into_owned()).unwrap();
        // Compared by words too, as `Debug` hides a text that differs.
        assert_eq!(words(&after), words(value_before));
        assert_eq!(after, *value_before);
    }

    #[test]
    fn every_value_keeps_its_words() {
        for name in
            ["AVAILABLE", "AWAY", "DO_NOT_DISTURB", "EXTENDED_AWAY", "FREE_FOR_CHAT", "UNAVAILABLE", "ON_THE_MOON"]
        {
            kept(&Value::Presence(Presence::named(name)));
        }
        kept(&Value::Presence(Presence::Other(" away ".to_owned())));
        for name in ["ACTIVE", "AVAILABLE", "QUEUE_PAUSE", "RINGING", "UNAVAILABLE", "ON_THE_MOON"] {
            kept(&Value::Indicator(Telephony::named(name)));
        }
        let number = "0041712345689".parse().unwrap();
        let other = DestinationKind::Other("FAX \"2\"".to_owned());
        for redirect in [
            Redirect::none(),
            Redirect::to_number("+41 71 234 56 89 "),
            Redirect::to_mailbox("3"),
            Redirect { kind: other, ..Redirect::to_number(" ") },
        ] {
            kept(&Value::Redirect(number, redirect));
        }
        kept(&Value::Dnd(Dnd::On));
        kept(&Value::Dnd(Dnd::Off));
        for text in ["", " ", "[07:00-12:00] Kunde ABC", "Grüße 👩‍👩‍👧", "a\0b\nc"] {
            kept(&Value::Text(StatusText(text.to_owned())));
        }
    }

    #[test]
    fn a_text_is_cut_between_two_characters() {
        assert_eq!(bounded("Grüße", 5), "Grü");
        assert_eq!(bounded("Grüße", 3), "Gr");
        assert_eq!(bounded("ü", 1), "");
        assert_eq!(bounded("Grüße", 7), "Grüße");
    }

    #[test]
    fn what_cannot_be_read_is_not_shown() {
        let title = ValueRef::Text(b"Kunde ABC");
        let instant = At::column_result(title).err().unwrap();
        let list = Json::<Vec<String>>::column_result(title).err().unwrap();
        for error in [instant, list] {
            assert!(!format!("{error} {error:?}").contains("Kunde"));
        }
    }

    #[test]
    fn instants_sort_as_text_as_they_do_in_time() {
        let text = |at: &str| {
            let at = At(at.parse().unwrap());
            match at.to_sql().unwrap() {
                ToSqlOutput::Owned(rusqlite::types::Value::Text(text)) => text,
                other => panic!("not a text: {other:?}"),
            }
        };
        let times = [
            "2026-03-02T07:00:00Z",
            "2026-03-02T07:00:00.000000001Z",
            "2026-03-02T07:00:00.5Z",
            "2026-03-02T09:00:00+01:00",
        ];
        assert!(times.map(text).is_sorted());
    }
}
