//! What is asked for one mailbox: question after question, until its outcome is whole.
//!
//! A dialogue never waits and knows no connection. It is one item of a batch at a time, so a mailbox is never in a batch
//! twice, and it may be asked the same question again: whoever needs that to do no harm sees to it.

use chrono::{DateTime, Utc};

use super::batch::Item;
use super::endpoint::Endpoint;
use super::error::{GraphError, Permission};
use super::wire::NewCategory;

/// One request of a batch.
pub(super) struct Question {
    pub(super) method: &'static str,
    /// Below the version root.
    pub(super) url: String,
    pub(super) prefer: Option<&'static str>,
    pub(super) body: Option<NewCategory>,
}

impl Question {
    /// Asks for what lies at this URL.
    pub(super) fn get(url: String) -> Self {
        Self { method: "GET", url, prefer: None, body: None }
    }
}

/// How far a dialogue is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// There is a next question.
    More,
    /// Everything is known.
    Whole,
}

/// A dialogue about one mailbox.
pub(super) trait Dialogue {
    /// What it is held for.
    type Outcome;

    /// What the app lacks when it is forbidden.
    const NEEDS: Permission;

    /// What is asked for, as it is counted.
    const KIND: &'static str;

    /// Whether those who were asked together and not answered in time are asked again in halves, which takes several
    /// times as long.
    const PARTED_WHEN_LATE: bool = true;

    /// Returns what is to be asked next.
    fn question(&self) -> Question;

    /// Takes in the answer to the last question.
    fn hear(&mut self, item: Item, now: DateTime<Utc>, graph: &Endpoint) -> Result<Progress, GraphError>;

    /// Begins again with questions whose answers are smaller. Returns whether that is still sensible.
    fn shrink(&mut self) -> bool {
        false
    }

    /// Begins again without what makes answers large and can be done without. Returns whether there was anything.
    fn lighten(&mut self) -> bool {
        false
    }

    /// Ends with the outcome.
    fn finish(self) -> Self::Outcome;
}
