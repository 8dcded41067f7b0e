//! Where a tag begins in a line, and whose it is. What its number is, [`grammar`] says.

use super::signs::{UNREADABLE, ends_number, is_blank, is_invisible, opens, turns_order};
use super::{Tag, grammar};
use crate::rules::Side;

/// The words of tags, each of which is followed by a colon.
const WORDS: [(&str, Side); 4] = [
    ("intern:", Side::Internal),
    ("internal:", Side::Internal),
    ("extern:", Side::External),
    ("external:", Side::External),
];

/// A tag as it stands in a line.
pub(super) struct Spelt<'a> {
    pub(super) side: Side,
    /// The line up to its `@`.
    before: &'a str,
    /// The line behind its colon.
    after: &'a str,
}

impl Spelt<'_> {
    /// Reads its number. Where something before it turns the order of signs, people see other digits than these.
    pub(super) fn read(&self) -> Tag {
        if self.before.contains(turns_order) {
            return Tag::Unclear;
        }
        grammar::target(self.after).map_or(Tag::Unclear, Tag::Target)
    }
}

/// Returns the tags of a line, in their order.
pub(super) fn tags(line: &str) -> impl Iterator<Item = Spelt<'_>> {
    // Where the number of the last tag ends.
    let mut number_end = None;
    line.match_indices('@').filter_map(move |(at, _)| {
        let (before, rest) = line.split_at(at);
        let (ats, side, after) = spelt(rest)?;
        let follows = match number_end.and_then(|end| line.get(end..at)) {
            Some("") => ats == 2,
            between => matches!(between, Some("," | ";")),
        };
        if !follows && !begins_word(before) {
            return None;
        }
        let number = after.find(ends_number).unwrap_or(after.len());
        number_end = Some(line.len() - after.len() + number);
        Some(Spelt { side, before, after })
    })
}

/// Reads one or two `@` with a tag's word; gives how many they were, and what follows.
fn spelt(text: &str) -> Option<(usize, Side, &str)> {
    let word = text.strip_prefix("@@").or_else(|| text.strip_prefix('@'))?;
    let (side, after) = WORDS.iter().find_map(|(name, side)| {
        let (start, after) = word.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some((*side, after))
    })?;
    Some((text.len() - word.len(), side, after))
}

/// Returns whether a word can begin behind this part of a line: after its beginning, a blank or a picture, and after
/// opening brackets and quotes that begin a word themselves.
fn begins_word(before: &str) -> bool {
    let outside = before.trim_end_matches(|sign| opens(sign) || is_invisible(sign));
    outside.chars().next_back().is_none_or(|sign| is_blank(sign) || sign == UNREADABLE)
}
