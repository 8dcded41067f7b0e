//! Target tags: numbers that an entry's text names for its redirects, such as `@@Extern: +41 71 234 56 89`.
//!
//! A tag is one or two `@`, a word (`Extern`, `External`, `Intern`, `Internal`, in any case) and at once a colon. What
//! follows, to the end of the line at most, is its number; where the number is not clear, nothing is guessed. A tag
//! begins a line or a word, at most after opening brackets or quotes, so that no part of an address or a link is one;
//! it may also follow the number of another tag, after `,` or `;` or where its own two `@` end that number.
//!
//! What the text quotes of another message may be somebody else's writing: a tag there does not count, and a tag outside
//! counts before it. What is taken for a quote can so take a tag away, and never makes another number of it.
//!
//! Nothing here fails, and no text makes it take longer than its length allows. The text is not kept.

use std::borrow::Cow;

use super::{Dialled, Side};

mod grammar;
mod quoting;
mod signs;
mod spelling;

pub use grammar::number;
use quoting::Origin;
use signs::UNREADABLE;

/// The tags of one entry: for each side what its first tag says, good or bad.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tags {
    /// For internal numbers.
    pub internal: Option<Tag>,
    /// For external numbers.
    pub external: Option<Tag>,
}

/// What the first tag of a side says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// This is to be dialled.
    Target(Dialled),
    /// What follows it is no number, or not clearly one; nothing is guessed.
    Unclear,
    /// It stands only in a message that the text quotes, which somebody else may have written.
    Quoted,
}

/// How much of a text is looked at. A tag is written by hand, so it stands at the top of what may be a long text; some
/// twenty pages of it are more than anybody writes, and little to look through at every read.
pub const TEXT_CHARS_MAX: usize = 65_536;

impl Tags {
    /// Finds the tags of a plain text: of each side the first that is not quoted, good or bad.
    pub fn find(text: &str) -> Self {
        let mut tags = Self::default();
        for (origin, line) in quoting::lines(&looked_at(text)) {
            for spelt in spelling::tags(line) {
                let tag = tags.side_mut(spelt.side);
                match (origin, &tag) {
                    (Origin::Own, None | Some(Tag::Quoted)) => *tag = Some(spelt.read()),
                    (Origin::Quoted, None) => *tag = Some(Tag::Quoted),
                    _ => {}
                }
            }
        }
        tags
    }

    /// Returns the tag of a side.
    pub fn side(&self, side: Side) -> Option<&Tag> {
        match side {
            Side::Internal => self.internal.as_ref(),
            Side::External => self.external.as_ref(),
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut Option<Tag> {
        match side {
            Side::Internal => &mut self.internal,
            Side::External => &mut self.external,
        }
    }
}

/// Returns the part that is looked at. Where it is cut, it ends with a sign that no number has, so that no number is
/// read that only the cut made short.
fn looked_at(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(TEXT_CHARS_MAX) {
        None => text.into(),
        Some((end, _)) => format!("{}{UNREADABLE}", &text[..end]).into(),
    }
}

#[cfg(test)]
mod tests;
