//! What goes over the wire to and from Graph and Entra, as it stands there.
//!
//! Fields that Graph may omit or set to null are optional; only what is used is named. Nothing here implements
//! `Debug`, as much of it must not be logged.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// The longest id of a user, a category or an entry, in bytes; entries have the longest, of some hundred.
const ID_BYTES_MAX: usize = 1024;

/// Returns whether an id names something, and is no longer than any that is kept or put into a URL.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= ID_BYTES_MAX
}

/// The body of `POST /$batch`.
#[derive(Serialize)]
pub(super) struct Batch {
    pub(super) requests: Vec<BatchRequest>,
}

/// One mailbox's request in a batch.
#[derive(Serialize)]
pub(super) struct BatchRequest {
    pub(super) id: String,
    pub(super) method: &'static str,
    pub(super) url: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<&'static str, &'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<NewCategory>,
}

/// A category that is to be created.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewCategory {
    pub(super) display_name: String,
    pub(super) color: &'static str,
}

/// The answer to a batch. Its items are decoded one by one, so that a bad one spoils no other.
#[derive(Deserialize)]
pub(super) struct BatchAnswer<'a> {
    #[serde(borrow)]
    pub(super) responses: Vec<&'a RawValue>,
}

/// One mailbox's answer.
#[derive(Deserialize)]
pub(super) struct BatchResponse {
    pub(super) id: String,
    pub(super) status: u16,
    #[serde(default)]
    headers: Option<BTreeMap<String, Value>>,
    /// As it stands in the answer.
    #[serde(default = "nothing")]
    pub(super) body: Box<RawValue>,
}

fn nothing() -> Box<RawValue> {
    RawValue::NULL.to_owned()
}

impl BatchResponse {
    /// Returns a header by its name in whatever case.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let headers = self.headers.as_ref()?;
        let (_, value) = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// The body of a refusal.
#[derive(Deserialize)]
pub(super) struct Refusal {
    pub(super) error: RefusalError,
}

/// What was refused.
#[derive(Deserialize)]
pub(super) struct RefusalError {
    #[serde(default)]
    pub(super) code: Option<String>,
    #[serde(default, rename = "innerError", alias = "innererror")]
    pub(super) inner: Option<InnerError>,
}

/// Where to find the request again.
#[derive(Deserialize)]
pub(super) struct InnerError {
    #[serde(default, rename = "request-id", alias = "requestId")]
    pub(super) request_id: Option<String>,
}

/// One page of a list. What is in it is decoded one by one, so that the bad ones can be counted. A page without the list
/// is no page.
#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) value: Vec<Box<RawValue>>,
    #[serde(default, rename = "@odata.nextLink")]
    pub(super) next_link: Option<String>,
}

/// The field that is asked for beside [`SELECT`] where texts are read; that of [`Body`].
pub(super) const SELECT_TEXT: &str = ",body";

/// The fields that are asked for of every event; those of [`Event`].
pub(super) const SELECT: &str = "id,iCalUId,type,subject,location,start,end,isAllDay,showAs,sensitivity,isCancelled,\
                                 isOrganizer,responseStatus,categories";

/// One event.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    pub(super) id: String,
    #[serde(default, rename = "iCalUId")]
    pub(super) ical_uid: Option<String>,
    #[serde(default, rename = "type")]
    pub(super) kind: Word,
    #[serde(default)]
    pub(super) subject: Option<String>,
    #[serde(default)]
    pub(super) location: Option<Place>,
    #[serde(default)]
    pub(super) start: Option<Moment>,
    #[serde(default)]
    pub(super) end: Option<Moment>,
    #[serde(default)]
    pub(super) is_all_day: Option<bool>,
    #[serde(default)]
    pub(super) show_as: Word,
    #[serde(default)]
    pub(super) sensitivity: Word,
    #[serde(default)]
    pub(super) is_cancelled: Option<bool>,
    #[serde(default)]
    pub(super) is_organizer: Option<bool>,
    #[serde(default)]
    pub(super) response_status: Option<ResponseStatus>,
    #[serde(default)]
    pub(super) categories: Option<Vec<String>>,
    /// A [`Body`], or whatever stands in its place.
    #[serde(borrow, default)]
    pub(super) body: Option<&'a RawValue>,
}

/// The text of an event, borrowed from the answer where no escape stands in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    pub(super) content_type: Word,
    #[serde(borrow)]
    pub(super) content: Cow<'a, str>,
}

/// Where an event takes place.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    #[serde(default)]
    pub(super) display_name: Option<String>,
}

/// A `dateTimeTimeZone`: a local time and the name of its zone.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Moment {
    pub(super) date_time: String,
    #[serde(default)]
    pub(super) time_zone: Option<String>,
}

/// What the mailbox's owner answered.
#[derive(Default, Deserialize)]
pub(super) struct ResponseStatus {
    #[serde(default)]
    pub(super) response: Word,
}

/// A value of an enumeration in lower case, as Microsoft's own samples differ in case; empty when it is absent or
/// something else than a text.
#[derive(Default)]
pub(super) struct Word(String);

impl Word {
    /// Returns the word.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tolerant)
    }
}

/// Takes a text for a word, and anything else for none.
struct Tolerant;

impl<'de> Visitor<'de> for Tolerant {
    type Value = Word;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Word, E> {
        Ok(Word(text.to_lowercase()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Word, E> {
        Ok(Word::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Word, E> {
        Ok(Word::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Word, E> {
        Ok(Word::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Word, E> {
        Ok(Word::default())
    }

    fn visit_unit<E>(self) -> Result<Word, E> {
        Ok(Word::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Word, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Word::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Word, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Word::default())
    }
}

/// A category of a mailbox.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutlookCategory {
    pub(super) id: String,
    #[serde(default)]
    pub(super) display_name: Option<String>,
}

/// A user in the tenant's directory.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DirectoryUser {
    pub(super) id: String,
    #[serde(default)]
    pub(super) user_principal_name: Option<String>,
}

/// A token.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) access_token: String,
    pub(super) expires_in: u64,
}

/// Why there is none.
#[derive(Deserialize)]
pub(super) struct TokenRefusal {
    pub(super) error: String,
    #[serde(default)]
    pub(super) error_codes: Vec<u32>,
    #[serde(default)]
    pub(super) trace_id: Option<String>,
}
