//! The text of an event: read for its target tags, and dropped.
//!
//! Graph is asked for plain text and may give HTML all the same, which is reduced to the text that people see. A text is
//! borrowed from the answer, is never part of an entry, and stands in no error and no log.

use serde_json::value::RawValue;

use super::wire::Body;
use crate::rules::Tags;

mod element;
mod html;
mod open;
mod page;
mod style;

pub use html::text_of_html;

/// Reads the tags of an event's text as it stands in the answer; nothing when there is no text, or none that can be read: then they are not known,
/// which is not the same as that there are none.
pub(super) fn tags(body: Option<&RawValue>) -> Option<Tags> {
    let body: Body<'_> = serde_json::from_str(body?.get()).ok()?;
    match body.content_type.as_str() {
        "text" => Some(Tags::find(&body.content)),
        "html" => Some(Tags::find(&text_of_html(&body.content))),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
