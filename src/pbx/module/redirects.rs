//! Where calls to the numbers of accounts go right now, and how a redirect is spelt on the wire.
//!
//! A record that cannot be read is left out and spoils no other: what was not read is never written.

use std::collections::BTreeMap;

use dxr::Value;

use super::XmlRpc;
use super::data::Data;
use super::question::Question;
use crate::pbx::error::Malformed;
use crate::pbx::{PbxError, Redirects};
use crate::rules::{AccountId, CalledNumber, DestinationKind, Ownership, Redirect, RedirectRecord};

/// The trigger of every redirect that is read or written: at once.
pub(super) const ALWAYS: &str = "ALWAYS";

/// The most characters of a destination, its kind's name or a mailbox's id; nothing that can be dialled comes near it.
pub(super) const CHARS_MAX: usize = 255;

/// What the three parts of a redirect are called, which only count together.
pub(super) struct Parts {
    pub(super) enabled: &'static str,
    pub(super) kind: &'static str,
    pub(super) destination: &'static str,
}

impl Parts {
    /// What is shown, or written.
    pub(super) const PLAIN: Self = Self { enabled: "enabled", kind: "destinationType", destination: "destination" };

    /// What was shown after a write.
    pub(super) const SEEN: Self =
        Self { enabled: "seen.enabled", kind: "seen.destinationType", destination: "seen.destination" };

    /// Reads a redirect exactly as it is shown, blanks and all.
    pub(super) fn read(&self, data: &Data) -> Result<Redirect, PbxError> {
        Ok(Redirect {
            enabled: data.flag(self.enabled)?,
            kind: DestinationKind::named(&fitting_text(data, self.kind)?),
            destination: fitting_text(data, self.destination)?,
        })
    }
}

/// Reads the redirects of accounts.
pub(super) async fn read(client: &XmlRpc, accounts: &[AccountId]) -> Redirects {
    let portion = &client.portions.redirects_read;
    let question = Question { client, method: "getRedirects", portion, read: records };
    let (seen, errors) = question.ask(accounts).await;
    Redirects { seen, errors }
}

/// Reads the records of one account. Two of one number are both left out: nobody can tell which of them a write
/// changes.
pub(super) fn records(value: Value) -> Option<Vec<RedirectRecord>> {
    let mut records: BTreeMap<CalledNumber, Vec<RedirectRecord>> = BTreeMap::new();
    for (_, value) in Data::new(value, "an account").ok()?.into_members() {
        if let Ok(Some(record)) = record(value) {
            records.entry(record.number).or_default().push(record);
        }
    }
    let alone = |records: Vec<RedirectRecord>| <[RedirectRecord; 1]>::try_from(records).ok();
    Some(records.into_values().filter_map(alone).flatten().collect())
}

/// Reads a record; `None` when it is of another trigger.
fn record(value: Value) -> Result<Option<RedirectRecord>, PbxError> {
    let record = Data::new(value, "a redirect")?;
    if !fitting_text(&record, "type")?.trim().eq_ignore_ascii_case(ALWAYS) {
        return Ok(None);
    }
    let number = fitting_text(&record, "calledNumber")?;
    let last_mailbox = record.text("lastDestinationMailbox")?;
    Ok(Some(RedirectRecord {
        number: number.parse().map_err(|_| Malformed::Number("calledNumber"))?,
        ownership: if record.flag("groupRedirect")? { Ownership::Group } else { Ownership::Own },
        redirect: Parts::PLAIN.read(&record)?,
        last_mailbox: last_mailbox.filter(|id| is_box(id)),
        mailboxes: mailboxes(record.part("mailboxes")?),
    }))
}

/// Reads the ids of mailboxes. They come as the names of a struct, which has no order, so they are put into one that is
/// the same at every read: numbers by their value, then everything else.
fn mailboxes(data: Data) -> Vec<String> {
    let mut ids: Vec<String> = data.into_members().map(|(id, _)| id).filter(|id| is_box(id)).collect();
    ids.sort_by_cached_key(|id| (id.parse().unwrap_or(u64::MAX), id.clone()));
    ids
}

fn is_box(id: &str) -> bool {
    !id.trim().is_empty() && is_fitting(id)
}

fn fitting_text(data: &Data, name: &'static str) -> Result<String, PbxError> {
    let text = data.text(name)?.unwrap_or_default();
    if is_fitting(&text) { Ok(text) } else { Err(Malformed::Text(name).into()) }
}

fn is_fitting(text: &str) -> bool {
    text.chars().count() <= CHARS_MAX && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn structure(members: &[(&str, &str)]) -> Value {
        let string = |(name, text): &(&str, &str)| ((*name).to_owned(), Value::String((*text).to_owned()));
        Value::Struct(members.iter().map(string).collect())
    }

    #[test]
    fn mailboxes_come_in_one_order_whatever_their_ids() {
        #[track_caller]
        fn case(ids: &[&str], expected: &[&str]) {
            let boxes: Vec<(&str, &str)> = ids.iter().map(|id| (*id, "Anna")).collect();
            assert_eq!(mailboxes(Data::new(structure(&boxes), "mailboxes").unwrap()), expected);
        }
        case(&["10", "9", "2"], &["2", "9", "10"]);
        case(&["b", "10", "a", "9"], &["9", "10", "a", "b"]);
        case(&["7", "007", "07"], &["007", "07", "7"]);
        case(&["99999999999999999999", "5"], &["5", "99999999999999999999"]);
        case(&["", " ", "1\n2", "3"], &["3"]);
        case(&[], &[]);
    }

    #[test]
    fn the_three_parts_are_read_exactly_as_they_are_shown_or_not_at_all() {
        #[track_caller]
        fn case(enabled: &str, kind: &str, destination: &str, expected: Option<&Redirect>) {
            let shown = [("enabled", enabled), ("destinationType", kind), ("destination", destination)];
            let data = Data::new(structure(&shown), "a redirect").unwrap();
            assert_eq!(Parts::PLAIN.read(&data).ok().as_ref(), expected, "{shown:?}");
        }
        case("true", "PHONENUMBER", "0041 71 234 ", Some(&Redirect::to_number("0041 71 234 ")));
        case("TRUE", "voicemail", "3", Some(&Redirect::to_mailbox("3")));
        case("false", "PHONENUMBER", "", Some(&Redirect::none()));
        let longest = "1".repeat(CHARS_MAX);
        case("true", "PHONENUMBER", &longest, Some(&Redirect::to_number(longest.clone())));
        case("true", "PHONENUMBER", &format!("{longest}1"), None);
        case("true", "PHONENUMBER", "21\n0", None);
        case("true", &"K".repeat(CHARS_MAX + 1), "210", None);
        case("perhaps", "PHONENUMBER", "210", None);
        case("", "PHONENUMBER", "210", None);
    }
}
