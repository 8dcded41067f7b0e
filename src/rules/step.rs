//! A step: one absolute, idempotent write to the PBX, and what became of it.

use chrono::{DateTime, Duration, Utc};

use super::{AccountId, Field, Value};

/// One absolute deed on one field of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Whom it concerns.
    pub account: AccountId,
    /// What is done.
    pub deed: Deed,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Writes a value. Without `back` the module forgets what it would have put back.
    Write {
        /// What is written.
        value: Value,
        /// Exactly what the PBX must show at that moment for the write to happen; `None` where it shows nothing.
        expect: Option<Value>,
        /// What the module puts back by itself if we fall silent.
        back: Option<Back>,
    },
    /// Replaces what the module would put back, and writes nothing.
    Remember(Back),
    /// Makes the module forget what it would have put back, and writes nothing.
    Forget(Field),
}

/// What the module puts back by itself if we fall silent: its dead-sidecar table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// What the member had before.
    pub value: Value,
    /// Not before this instant.
    pub after: DateTime<Utc>,
}

impl Back {
    /// How long after the end of the last entry the module waits for us.
    pub const GRACE: Duration = Duration::minutes(15);
}

impl Step {
    /// Makes a write that leaves nothing for the module to put back.
    pub fn write(account: AccountId, value: Value, expect: Option<Value>) -> Self {
        Self { account, deed: Deed::Write { value, expect, back: None } }
    }

    /// Returns the field it concerns.
    pub fn field(&self) -> Field {
        match &self.deed {
            Deed::Write { value, .. } => value.field(),
            Deed::Remember(back) => back.value.field(),
            Deed::Forget(field) => *field,
        }
    }

    /// Returns what is written, if anything is.
    pub fn written(&self) -> Option<&Value> {
        match &self.deed {
            Deed::Write { value, .. } => Some(value),
            Deed::Remember(_) | Deed::Forget(_) => None,
        }
    }
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

impl Outcome {
    /// Returns the outcome as one word, for counting.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done { .. } => "done",
            Self::Changed { .. } => "changed",
            Self::Stale => "stale",
            Self::Refused { .. } => "refused",
            Self::Unanswered => "unanswered",
            Self::NotSent => "not_sent",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_is_counted_under_a_word_of_its_own() {
        let refused = Outcome::Refused { error: "no".to_owned() };
        let (done, changed) = (Outcome::Done { seen: None }, Outcome::Changed { seen: None });
        let outcomes = [done, changed, Outcome::Stale, refused, Outcome::Unanswered, Outcome::NotSent];
        let words = ["done", "changed", "stale", "refused", "unanswered", "not_sent"];
        assert_eq!(outcomes.map(|outcome| outcome.word()), words);
    }
}
