//! What the service says in its own short words, told to people: fields, values, reasons, ages.

use maud::{Markup, html};

use crate::engine::report::HoldReport;

use super::words::{Words, fill};
use super::{CALENDAR_AGE_SECS_MAX, Viewer};

/// Names a field; a redirect with its called number.
pub(super) fn field(words: &Words, field: &str, number: Option<&str>) -> String {
    match number {
        Some(number) => fill(words.redirect_of, &[number]),
        None => words.known(field).to_owned(),
    }
}

/// Tells the value of a field. A status text is somebody's words, so it is never translated, and told only to whoever
/// may read it.
pub(super) fn value(viewer: &Viewer, field: &str, value: &str) -> String {
    let words = viewer.words();
    match (field, value) {
        ("text", "" | "empty") => words.empty.to_owned(),
        ("text", text) if viewer.may_read() => fill(words.quoted, &[text]),
        ("text", _) => words.a_text.to_owned(),
        ("redirect", value) => destination(words, value),
        (_, value) => words.known(value).to_owned(),
    }
}

/// Tells where a redirect leads: `off`, a number, `voicemail 12`, or `off (voicemail 12)`.
fn destination(words: &Words, value: &str) -> String {
    if let Some(place) = value.strip_prefix("off (").and_then(|place| place.strip_suffix(')')) {
        return format!("{} ({})", words.known("off"), destination(words, place));
    }
    match value.split_once(' ') {
        Some(("voicemail", id)) => format!("{} {id}", words.known("voicemail")),
        _ => words.known(value).to_owned(),
    }
}

/// Tells what is held over what.
pub(super) fn over(viewer: &Viewer, hold: &HoldReport) -> String {
    let (put, under) = (value(viewer, &hold.field, &hold.put), value(viewer, &hold.field, &hold.under));
    fill(viewer.words().before, &[&put, &under])
}

/// Tells words of the service; those without words in the page's language are marked as English.
pub(super) fn said(words: &Words, english: &str) -> Markup {
    html! {
        @if words.knows(english) { (words.known(english)) } @else { (in_english(words, english)) }
    }
}

/// Tells a text that is always English, so that a voice reads it so.
pub(super) fn in_english(words: &Words, text: &str) -> Markup {
    html! {
        @if words.code == "en" { (text) } @else { span lang="en" { (text) } }
    }
}

/// Tells how long ago a calendar was read.
pub(super) fn age(words: &Words, seconds: Option<i64>) -> String {
    let Some(seconds) = seconds else { return words.read_never.to_owned() };
    match seconds / 60 {
        ..1 => words.read_now.to_owned(),
        minutes @ 1..120 => fill(words.read_minutes, &[&minutes.to_string()]),
        minutes @ 120..2880 => fill(words.read_hours, &[&(minutes / 60).to_string()]),
        minutes => fill(words.read_days, &[&(minutes / 1440).to_string()]),
    }
}

/// Returns whether a calendar was read too long ago to be relied on, or never.
pub(super) fn is_old(seconds: Option<i64>) -> bool {
    seconds.is_none_or(|seconds| seconds > CALENDAR_AGE_SECS_MAX)
}
