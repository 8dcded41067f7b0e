//! Target tags: numbers that an entry's text names for its redirects.

use super::{Dialled, Side};

/// Reads a bare number.
pub fn number(text: &str) -> Option<Dialled> {
    let bare: String = text.trim().chars().filter(|sign| !"()/.- ".contains(*sign)).collect();
    match bare.strip_prefix('+') {
        Some(rest) => Dialled::new(&format!("00{rest}")),
        None => Dialled::new(&bare),
    }
}

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

impl Tags {
    /// Returns the tag of a side.
    pub fn side(&self, side: Side) -> Option<&Tag> {
        match side {
            Side::Internal => self.internal.as_ref(),
            Side::External => self.external.as_ref(),
        }
    }
}
