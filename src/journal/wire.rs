//! How entries, members and claimants stand in the journal's JSON.
//!
//! These are the journal's own types, so that a rename in the rules is no change of the file. A field that the rules
//! get and this page does not know is a compile error. Whoever changes a shape raises its version; a row of another
//! version is dropped, as calendars and member lists are read afresh anyway.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::rules::{
    AccountId, Address, Claimant, DestinationKind, Entry, EntryId, Location, Login, Member, Redirect, Response,
    Sensitivity, ShowAs, Span, Tag, Tags, Title,
};

/// The version of [`EntryWire`]. The second has tags.
pub(super) const ENTRIES_VERSION: u32 = 2;

/// The version of [`MemberWire`].
pub(super) const MEMBERS_VERSION: u32 = 1;

/// An entry as a part of a list.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct StoredEntry(#[serde(with = "EntryWire")] pub(super) Entry);

/// A member as a part of a list.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct StoredMember(#[serde(with = "MemberWire")] pub(super) Member);

/// A claimant as a part of a list.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct StoredClaimant(#[serde(with = "ClaimantWire")] pub(super) Claimant);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Entry")]
struct EntryWire {
    #[serde(with = "EntryIdWire")]
    id: EntryId,
    ical_uid: String,
    #[serde(with = "TitleWire")]
    title: Title,
    #[serde(with = "LocationWire")]
    location: Location,
    #[serde(with = "SpanWire")]
    span: Span,
    #[serde(with = "ShowAsWire")]
    show_as: ShowAs,
    #[serde(with = "SensitivityWire")]
    sensitivity: Sensitivity,
    #[serde(with = "ResponseWire")]
    response: Response,
    cancelled: bool,
    is_organizer: bool,
    categories: Vec<String>,
    #[serde(with = "TagsWire")]
    tags: Tags,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Tags")]
struct TagsWire {
    #[serde(with = "tag")]
    internal: Option<Tag>,
    #[serde(with = "tag")]
    external: Option<Tag>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Member")]
struct MemberWire {
    #[serde(with = "AccountIdWire")]
    account: AccountId,
    #[serde(with = "LoginWire")]
    login: Login,
    name: String,
    #[serde(with = "address")]
    address: Option<Address>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Claimant")]
struct ClaimantWire {
    #[serde(with = "AccountIdWire")]
    account: AccountId,
    #[serde(with = "LoginWire")]
    login: Login,
    #[serde(with = "EntryIdWire")]
    entry: EntryId,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AccountId")]
struct AccountIdWire(u32);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Login")]
struct LoginWire(String);

#[derive(Serialize, Deserialize)]
#[serde(remote = "EntryId")]
struct EntryIdWire(String);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Title")]
struct TitleWire(String);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Location")]
struct LocationWire(String);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Span", rename_all = "snake_case")]
enum SpanWire {
    Timed {
        #[serde(with = "instant")]
        start: DateTime<Utc>,
        #[serde(with = "instant")]
        end: DateTime<Utc>,
    },
    AllDay {
        #[serde(with = "day")]
        first: NaiveDate,
        #[serde(with = "day")]
        until: NaiveDate,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ShowAs", rename_all = "snake_case")]
enum ShowAsWire {
    Free,
    Tentative,
    WorkingElsewhere,
    Busy,
    OutOfOffice,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Sensitivity", rename_all = "snake_case")]
enum SensitivityWire {
    Normal,
    Private,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Response", rename_all = "snake_case")]
enum ResponseWire {
    Organizer,
    Accepted,
    Declined,
    Unanswered,
}

#[derive(Serialize, Deserialize)]
struct RedirectWire {
    enabled: bool,
    kind: String,
    destination: String,
}

/// Returns a redirect as the words of a column.
pub(super) fn redirect_words(redirect: &Redirect) -> String {
    let (kind, destination) = (redirect.kind.name().to_owned(), redirect.destination.clone());
    let wire = RedirectWire { enabled: redirect.enabled, kind, destination };
    serde_json::to_string(&wire).unwrap_or_default()
}

/// Reads the words of a column as a redirect.
pub(super) fn redirect_worded(words: &str) -> Option<Redirect> {
    let RedirectWire { enabled, kind, destination } = serde_json::from_str(words).ok()?;
    // Anything but the exact name of a kind is kept letter by letter.
    let known = DestinationKind::named(&kind);
    let kind = if known.name() == kind { known } else { DestinationKind::Other(kind) };
    Some(Redirect { enabled, kind, destination })
}

/// An instant as RFC 3339 text.
mod instant {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::rules::zone;

    pub(super) fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = text.parse().ok().filter(zone::is_usable);
        at.ok_or_else(|| D::Error::custom("no instant"))
    }
}

/// A civil day as `YYYY-MM-DD`.
mod day {
    use chrono::NaiveDate;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::rules::zone;

    pub(super) fn serialize<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = text.parse().ok().filter(zone::is_usable);
        day.ok_or_else(|| D::Error::custom("no day"))
    }
}

/// A tag, or null.
mod tag {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::rules::{Dialled, Tag};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum TagWire {
        Target(String),
        Unclear,
        Quoted,
    }

    pub(super) fn serialize<S: Serializer>(tag: &Option<Tag>, serializer: S) -> Result<S::Ok, S::Error> {
        let wire = tag.as_ref().map(|tag| match tag {
            Tag::Target(target) => TagWire::Target(target.as_str().to_owned()),
            Tag::Unclear => TagWire::Unclear,
            Tag::Quoted => TagWire::Quoted,
        });
        wire.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Tag>, D::Error> {
        let tag = |wire: TagWire| match wire {
            TagWire::Target(text) => Dialled::new(&text).map(Tag::Target).ok_or_else(|| D::Error::custom("no target")),
            TagWire::Unclear => Ok(Tag::Unclear),
            TagWire::Quoted => Ok(Tag::Quoted),
        };
        Option::<TagWire>::deserialize(deserializer)?.map(tag).transpose()
    }
}

/// An e-mail address, or null.
mod address {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::rules::Address;

    pub(super) fn serialize<S: Serializer>(address: &Option<Address>, serializer: S) -> Result<S::Ok, S::Error> {
        address.as_ref().map(Address::as_str).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Address>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Dialled;

    /// What version 2 wrote. A change that does not read these lines any more raises the version.
    const TIMED: &str = r#"{"id":"AAMk1","ical_uid":"0400","title":"Grüße 👋","location":"","span":{"timed":{"start":"2026-03-02T06:00:00Z","end":"2026-03-02T11:00:00.500Z"}},"show_as":"out_of_office","sensitivity":"normal","response":"organizer","cancelled":false,"is_organizer":true,"categories":["_SF_Ignorieren"],"tags":{"internal":null,"external":{"target":"0041712345689"}}}"#;
    const ALL_DAY: &str = r#"{"id":"AAMk2","ical_uid":"","title":"","location":"Zürich","span":{"all_day":{"first":"2026-03-29","until":"2026-03-30"}},"show_as":"working_elsewhere","sensitivity":"private","response":"unanswered","cancelled":true,"is_organizer":false,"categories":[],"tags":{"internal":"unclear","external":"quoted"}}"#;

    #[track_caller]
    fn stable<T: Serialize + for<'de> Deserialize<'de>>(line: &str) -> T {
        let read: T = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), line);
        read
    }

    #[test]
    fn entries_stand_in_the_file_as_version_2_wrote_them() {
        let timed = stable::<StoredEntry>(TIMED).0;
        assert_eq!(timed.tags.external, Dialled::new("0041712345689").map(Tag::Target));
        assert_eq!(timed.title.0, "Grüße 👋");
        assert_eq!(timed.show_as, ShowAs::OutOfOffice);
        let all_day = stable::<StoredEntry>(ALL_DAY).0;
        assert_eq!(all_day.tags, Tags { internal: Some(Tag::Unclear), external: Some(Tag::Quoted) });
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(all_day.span, Span::AllDay { first: day("2026-03-29"), until: day("2026-03-30") });
    }

    #[test]
    fn members_and_claimants_stand_in_the_file_as_version_1_wrote_them() {
        let line = r#"{"account":1010,"login":"0001","name":"Jörg Müller","address":"j@example.test"}"#;
        let member = stable::<StoredMember>(line).0;
        assert_eq!(member.address, Some("j@example.test".parse().unwrap()));
        let line = r#"{"account":1011,"login":"0002","name":"","address":null}"#;
        assert_eq!(stable::<StoredMember>(line).0.address, None);
        stable::<StoredClaimant>(r#"{"account":1010,"login":"0001","entry":"AAMk1"}"#);
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        let line = r#"{"account":1010,"login":"0001","name":"","address":"nobody"}"#;
        assert!(serde_json::from_str::<StoredMember>(line).is_err());
    }
}
