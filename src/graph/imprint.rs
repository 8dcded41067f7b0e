//! What an answer was, in so few bytes that it can be kept for every mailbox.
//!
//! Calendars are read again and again, and nearly every answer is the one before to the last letter. Such an answer need
//! not be understood once more.

use sha2::{Digest, Sha256};

/// The imprint of an answer. Two different answers never have the same one: it is the first half of a SHA-256, and whoever
/// writes calendars cannot make two of one imprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imprint([u8; 16]);

impl Imprint {
    /// Takes the imprint of an answer and of how it was asked for.
    pub(super) fn of(question: &str, answer: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(question.as_bytes());
        // No text of JSON has this byte in it.
        digest.update([0]);
        digest.update(answer.as_bytes());
        let mut imprint = [0; 16];
        imprint.copy_from_slice(&digest.finalize()[..16]);
        Self(imprint)
    }

    /// Makes an imprint of a word, for whoever stands in for a tenant.
    pub fn of_word(word: &str) -> Self {
        Self::of("", word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_answer_or_another_question_has_another_imprint() {
        let one = Imprint::of("a", "b");
        assert_eq!(one, Imprint::of("a", "b"));
        assert_ne!(one, Imprint::of("a", "c"));
        assert_ne!(one, Imprint::of("c", "b"));
        assert_ne!(Imprint::of("a", "b"), Imprint::of("", "ab"));
    }
}
