//! From an event of Graph to an entry of the rules.
//!
//! Words that nobody knows are tolerated, on the careful side: such a show-as is busy, such a sensitivity private, such
//! an answer none. An event without an id or with times that cannot be read is not tolerated: skipping it could take
//! off what should stay, so the whole reading of that mailbox is malformed. A text that cannot be read takes only its
//! tags away.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde_json::value::RawValue;

use super::body;
use super::error::Flaw;
use super::reading::Texts;
use super::wire::{Event, Moment, is_id};
use crate::rules::{Entry, EntryId, Location, Response, Sensitivity, ShowAs, Span, Tags, Title, zone};

/// The longest title, place or name that is kept, in bytes; Outlook takes 255 characters. A status text shows less.
pub(super) const TEXT_BYTES_MAX: usize = 4096;

/// The most categories of one entry; people set a handful.
const CATEGORIES_MAX: usize = 100;

/// Says that an event cannot be understood.
#[derive(Debug, PartialEq, Eq)]
struct Unreadable;

/// Whether the tags of an entry are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagsOf {
    /// They are those in the entry.
    Known,
    /// The entry has none, as its text was not read.
    Unknown,
}

/// Reads the events of a page. All of them, or how many could not be read.
pub(super) fn entries(events: &[Box<RawValue>], texts: Texts) -> Result<Vec<(Entry, TagsOf)>, Flaw> {
    let mut entries = Vec::with_capacity(events.len());
    let mut unreadable = 0;
    for event in events {
        match entry(event, texts) {
            Ok(found) => entries.extend(found),
            Err(Unreadable) => unreadable += 1,
        }
    }
    if unreadable == 0 { Ok(entries) } else { Err(Flaw::Entries(unreadable)) }
}

/// Reads one event. A `seriesMaster` is no entry: it stands for its occurrences and bears the times of the first. Where no
/// text is wanted there are no tags.
fn entry(event: &RawValue, texts: Texts) -> Result<Option<(Entry, TagsOf)>, Unreadable> {
    let event: Event<'_> = serde_json::from_str(event.get()).map_err(|_| Unreadable)?;
    if event.kind.as_str() == "seriesmaster" {
        return Ok(None);
    }
    if !is_id(&event.id) {
        return Err(Unreadable);
    }
    let span = span(&event).filter(is_usable).ok_or(Unreadable)?;
    let place = event.location.and_then(|place| place.display_name);
    let is_organizer = event.is_organizer.unwrap_or(false);
    let answer = event.response_status.unwrap_or_default();
    let tags = match texts {
        Texts::Asked => body::tags(event.body),
        Texts::Unwanted => Some(Tags::default()),
        Texts::Forgone => None,
    };
    let known = if tags.is_some() { TagsOf::Known } else { TagsOf::Unknown };
    let entry = Entry {
        id: EntryId(event.id),
        ical_uid: words(event.ical_uid),
        title: Title(words(event.subject)),
        location: Location(words(place)),
        span,
        show_as: show_as(event.show_as.as_str()),
        sensitivity: sensitivity(event.sensitivity.as_str()),
        response: response(answer.response.as_str(), is_organizer),
        cancelled: event.is_cancelled.unwrap_or(false),
        is_organizer,
        categories: categories(event.categories.unwrap_or_default()),
        tags: tags.unwrap_or_default(),
    };
    Ok(Some((entry, known)))
}

/// Takes a text up to a bound, at the end of a character.
fn words(text: Option<String>) -> String {
    let mut text = text.unwrap_or_default();
    if text.len() > TEXT_BYTES_MAX {
        let end = (0..=TEXT_BYTES_MAX).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or_default());
        text.shrink_to_fit();
    }
    text
}

/// Takes the first categories. Cut, one name could become another, so one that is too long is left out.
fn categories(names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| name.len() <= TEXT_BYTES_MAX).take(CATEGORIES_MAX).collect()
}

fn is_usable(span: &Span) -> bool {
    match span {
        Span::Timed { start, end } => zone::is_usable(start) && zone::is_usable(end),
        Span::AllDay { first, until } => zone::is_usable(first) && zone::is_usable(until),
    }
}

fn show_as(word: &str) -> ShowAs {
    match word {
        "free" => ShowAs::Free,
        "tentative" => ShowAs::Tentative,
        "oof" => ShowAs::OutOfOffice,
        "workingelsewhere" => ShowAs::WorkingElsewhere,
        _ => ShowAs::Busy,
    }
}

fn sensitivity(word: &str) -> Sensitivity {
    match word {
        "normal" => Sensitivity::Normal,
        _ => Sensitivity::Private,
    }
}

/// Who organises an entry has answered it, although Graph may say `none`.
fn response(word: &str, is_organizer: bool) -> Response {
    match word {
        "organizer" => Response::Organizer,
        "accepted" | "tentativelyaccepted" => Response::Accepted,
        "declined" => Response::Declined,
        _ if is_organizer => Response::Organizer,
        _ => Response::Unanswered,
    }
}

fn span(event: &Event<'_>) -> Option<Span> {
    let (start, end) = (event.start.as_ref()?, event.end.as_ref()?);
    if event.is_all_day.unwrap_or(false) {
        let (first, until) = days(local(start)?, local(end)?)?;
        Some(Span::AllDay { first, until })
    } else {
        Some(Span::Timed { start: instant(start)?, end: instant(end)? })
    }
}

/// Reads a time that was asked for in UTC. Another zone, or an offset beside the zone, would be a guess.
fn instant(moment: &Moment) -> Option<DateTime<Utc>> {
    let zone = moment.time_zone.as_deref()?;
    let text = moment.date_time.as_str();
    let text = text.strip_suffix('Z').unwrap_or(text);
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
    zone.eq_ignore_ascii_case("UTC").then(|| local.and_utc())
}

/// The length of a date and a time to the second, without fraction and offset.
const SECONDS_LEN: usize = "2026-11-23T00:00:00".len();

/// Reads the local part of a time, whatever zone or offset stands beside it: Graph gives all-day entries from midnight
/// to midnight in whatever zone is asked for.
fn local(moment: &Moment) -> Option<NaiveDateTime> {
    let text = moment.date_time.as_str();
    match text.get(..SECONDS_LEN) {
        Some(seconds) => NaiveDateTime::parse_from_str(seconds, "%Y-%m-%dT%H:%M:%S").ok(),
        None => text.parse::<NaiveDate>().ok().map(NaiveDate::into),
    }
}

/// Returns the civil days of an all-day entry: the dates as they stand. Where the times are no midnights, whole days
/// that something moved by an offset go back to the nearest midnight, and anything else covers each day it touches.
fn days(start: NaiveDateTime, end: NaiveDateTime) -> Option<(NaiveDate, NaiveDate)> {
    if start.time() == end.time() {
        let half = TimeDelta::hours(12);
        let nearest = |time: NaiveDateTime| Some(time.checked_add_signed(half)?.date());
        return Some((nearest(start)?, nearest(end)?));
    }
    let until = if end.time() == NaiveTime::MIN { end.date() } else { end.date().checked_add_days(Days::new(1))? };
    Some((start.date(), until))
}

#[cfg(test)]
mod tests;
