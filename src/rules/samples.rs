//! Entries and a policy for the tests of this room, and random ones.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Europe;
use proptest::prelude::*;

use super::counting::Mark;
use super::policy::{Categories, Indicated, RedirectPolicy, Service, TextPolicy, Unanswered};
use super::text::{Language, Template, TimeFormat};
use super::{
    Entry, EntryId, FieldKind, Location, Policy, Presence, Response, Sensitivity, ShowAs, Side, Span, Tags, Telephony,
    Title,
};

/// Reads an instant.
pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Reads a date.
pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Returns a busy entry of the member's own, from one instant to another.
pub(super) fn entry(id: &str, start: &str, end: &str) -> Entry {
    Entry {
        id: EntryId(id.to_owned()),
        ical_uid: String::new(),
        title: Title("Kunde ABC".to_owned()),
        location: Location("Wien".to_owned()),
        span: Span::Timed { start: at(start), end: at(end) },
        show_as: ShowAs::Busy,
        sensitivity: Sensitivity::Normal,
        response: Response::Organizer,
        cancelled: false,
        is_organizer: true,
        categories: Vec::new(),
        tags: Tags::default(),
    }
}

/// Returns a busy entry of the member's own over whole days; `until` is the first day after it.
pub(super) fn all_day(id: &str, first: &str, until: &str) -> Entry {
    Entry {
        span: Span::AllDay { first: day(first), until: day(until) },
        ..entry(id, "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")
    }
}

/// Returns the entry as one that somebody else organises and the member has not answered.
pub(super) fn unanswered(entry: Entry) -> Entry {
    Entry { response: Response::Unanswered, is_organizer: false, ..entry }
}

/// Returns the built-in defaults, for a site in Vienna.
pub(super) fn policy() -> Policy {
    Policy {
        service: Service::Started,
        zone: Europe::Vienna,
        ignore: BTreeSet::from([ShowAs::Free]),
        entry_days_max: 31,
        unanswered: Unanswered::Status,
        presence: Some(Presence::Away),
        text: Some(text_policy()),
        indicator: Some(Telephony::Active),
        indicated: Indicated::ByCategory,
        categories: Categories::default(),
        redirects: RedirectPolicy { tags_allowed: Side::ALL.into(), ..RedirectPolicy::default() },
        respected: BTreeSet::from([FieldKind::Dnd, FieldKind::Redirect]),
        reassert_interval: Duration::seconds(30),
    }
}

/// Returns the built-in defaults of the status text.
pub(super) fn text_policy() -> TextPolicy {
    TextPolicy {
        template: Template::parse("[!time!] [!type!] !title!").unwrap(),
        time_format: TimeFormat::parse("HH:mm").unwrap(),
        date_format: TimeFormat::parse("dd.MM.").unwrap(),
        language: Language::German,
        chars_max: 140,
    }
}

/// Returns a whole number of quarter hours after a Monday at nine, Viennese time.
pub(super) fn quarter(number: i64) -> DateTime<Utc> {
    at("2026-11-23T08:00:00Z") + Duration::minutes(15 * number)
}

/// Makes calendars in which much overlaps, touches and ties, with ids of their own.
pub(super) fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(any_entry(), 0..8).prop_map(|entries| {
        let number = |(number, entry): (usize, Entry)| Entry { id: EntryId(format!("entry {number}")), ..entry };
        entries.into_iter().enumerate().map(number).collect()
    })
}

/// Makes marks on entries of [`any_entries`].
pub(super) fn any_marks() -> impl Strategy<Value = Vec<Mark>> {
    let mark = (0..8_usize, 0..16_i64)
        .prop_map(|(number, quarters)| Mark { entry: EntryId(format!("entry {number}")), at: quarter(quarters) });
    prop::collection::vec(mark, 0..3)
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let show_as = prop::sample::select(vec![
        ShowAs::Free,
        ShowAs::Tentative,
        ShowAs::WorkingElsewhere,
        ShowAs::Busy,
        ShowAs::OutOfOffice,
    ]);
    let response =
        prop::sample::select(vec![Response::Organizer, Response::Accepted, Response::Declined, Response::Unanswered]);
    let cancelled = prop::bool::weighted(0.1);
    (any_span(), show_as, response, cancelled, any::<String>()).prop_map(
        |(span, show_as, response, cancelled, title)| Entry {
            title: Title(title),
            span,
            show_as,
            response,
            cancelled,
            is_organizer: response == Response::Organizer,
            ..entry("", "2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z")
        },
    )
}

fn any_span() -> impl Strategy<Value = Span> {
    let timed = (0..16_i64, 0..8_i64)
        .prop_map(|(start, quarters)| Span::Timed { start: quarter(start), end: quarter(start + quarters) });
    let all_day = (0..3_u64, 0..3_u64).prop_map(|(first, days)| {
        let first = day("2026-11-22") + chrono::Days::new(first);
        Span::AllDay { first, until: first + chrono::Days::new(days) }
    });
    prop_oneof![4 => timed, 1 => all_day]
}
