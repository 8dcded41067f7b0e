//! What a failed call to the outside means for the one who made it; shared by the errors of every edge.

use std::time::Duration;

/// What to do after an error. The engine acts on this alone, never on the kind of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may go well later: after this time at the earliest, or by the caller's own back-off when none is given.
    Retry {
        /// What the other side asked for.
        after: Option<Duration>,
    },
    /// It will not go well for this subject until something changes there; ask again at the slow pace.
    GiveUp,
    /// It will not go well before a person changes settings or permissions; ask again at the slow pace and say so.
    NeedsHuman,
}
