//! A step: one absolute, idempotent write to the PBX, and what became of it.

use super::{AccountId, Value};

/// One absolute write of one field of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Whom it concerns.
    pub account: AccountId,
    /// What is written.
    pub value: Value,
    /// Exactly what the PBX must show at that moment for the write to happen.
    pub expect: Value,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Written; with what the PBX showed afterwards, where it says so.
    Done {
        /// Read back after the write.
        seen: Option<Value>,
    },
    /// Not written: the PBX did not show what was expected.
    Changed {
        /// What it showed instead.
        seen: Option<Value>,
    },
    /// Not written: a call with a higher sequence number was applied before.
    Stale,
    /// Not written: the PBX said no; its words, bounded and free of secrets.
    Refused {
        /// The PBX's words.
        error: String,
    },
    /// Nobody knows: the call was not answered, so the write may or may not have happened, or may still happen.
    Unanswered,
    /// Surely not written: the call never left, or was refused as a whole before anything was done.
    NotSent,
}
