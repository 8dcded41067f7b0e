//! A hold: one field of one member that we have overlaid, with everything needed to put it back.

use chrono::{DateTime, Duration, Utc};

use super::{AccountId, EntryId, Field, Login, Value};

/// How far a hold has come. A hold is committed to the journal in its phase before the write that the phase names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Our value is being written and not yet confirmed.
    Putting,
    /// Our value was confirmed.
    Held,
    /// What was there before is being written back.
    Restoring,
    /// A person changed the field and keeps it; nothing is written until the entries of that moment have ended.
    Yielded,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 4] = [Self::Putting, Self::Held, Self::Restoring, Self::Yielded];

    /// Returns the phase's name, as it stands in the journal, pages and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Putting => "putting",
            Self::Held => "held",
            Self::Restoring => "restoring",
            Self::Yielded => "yielded",
        }
    }
}

/// Who wants a field held, and for which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimant {
    /// The member's account.
    pub account: AccountId,
    /// The member's login, by which another account with the same id is told apart.
    pub login: Login,
    /// The entry.
    pub entry: EntryId,
}

/// One field of one member that we have overlaid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The member's account.
    pub account: AccountId,
    /// What the member had before; written back when the last claimant lets go.
    pub under: Value,
    /// What we put last, or are about to.
    pub put: Value,
    /// What we put before that, oldest first, at most [`Hold::EARLIER_MAX`].
    pub earlier: Vec<Value>,
    /// How far it has come.
    pub phase: Phase,
    /// The members and entries that want it, in governing order. A hold that is being restored keeps its last ones.
    pub claimants: Vec<Claimant>,
    /// When the field was first overlaid.
    pub since: DateTime<Utc>,
    /// When a write of ours was last answered, as done or as refused.
    pub written_at: Option<DateTime<Utc>>,
    /// When a write of ours was last known to be lost without an answer. It may still land, so the hold is not dropped
    /// before a read [`Hold::LATE_WRITE_FOR`] later agrees.
    pub unanswered_at: Option<DateTime<Utc>>,
    /// How many writes in a row did not stand or were refused; spaces the next one.
    pub rewrites: u32,
}

impl Hold {
    /// How many earlier puts a hold remembers; more changes of one overlay than this lose the oldest.
    pub const EARLIER_MAX: usize = 64;

    /// How long a write that nobody answered may still land.
    pub const LATE_WRITE_FOR: Duration = Duration::seconds(60);

    /// How far apart writes of one field grow at most.
    pub const REWRITE_INTERVAL_MAX: Duration = Duration::minutes(5);

    /// Returns the hold as it is after the process that wrote it has ended: whatever was on its way then may still
    /// land, and nobody hears the answer.
    pub fn after_restart(mut self, now: DateTime<Utc>) -> Self {
        if matches!(self.phase, Phase::Putting | Phase::Restoring) {
            self.unanswered_at = Some(now);
        }
        self
    }

    /// Returns the field held.
    pub fn field(&self) -> Field {
        self.put.field()
    }

    /// Returns the login of the member at whose claim the field is held.
    pub fn login(&self) -> Option<&Login> {
        self.claimants.iter().find(|claimant| claimant.account == self.account).map(|claimant| &claimant.login)
    }

    /// Returns whether a write that nobody answered may still land.
    pub fn awaits_late_write(&self, now: DateTime<Utc>) -> bool {
        self.unanswered_at.is_some_and(|at| now < at + Self::LATE_WRITE_FOR)
    }

    /// Returns the distance to keep from the last write: the interval, doubled for every write in a row that did not
    /// stand, up to [`Hold::REWRITE_INTERVAL_MAX`].
    pub fn rewrite_interval(&self, reassert_interval: Duration) -> Duration {
        let doublings = self.rewrites.min(16);
        let grown = reassert_interval.checked_mul(1 << doublings).unwrap_or(Self::REWRITE_INTERVAL_MAX);
        grown.min(Self::REWRITE_INTERVAL_MAX.max(reassert_interval))
    }

    /// Returns the first instant at which a value that did not stand may be written again.
    pub fn rewrite_at(&self, reassert_interval: Duration) -> Option<DateTime<Utc>> {
        self.written_at.map(|at| at + self.rewrite_interval(reassert_interval))
    }

    /// Returns when an unsettled hold is to be looked at again; `None` when it is settled.
    pub fn settle_at(&self, now: DateTime<Utc>, reassert_interval: Duration) -> Option<DateTime<Utc>> {
        let paced = || if self.rewrites > 0 { self.rewrite_at(reassert_interval) } else { None };
        match self.phase {
            Phase::Putting => Some(paced().unwrap_or(now).max(now)),
            Phase::Restoring => {
                let late = self.unanswered_at.map(|at| at + Self::LATE_WRITE_FOR);
                Some(paced().or(late).unwrap_or(now).max(now))
            }
            Phase::Held | Phase::Yielded => None,
        }
    }

    /// Returns whether this hold itself put such a value.
    pub fn has_put(&self, value: &Value) -> bool {
        self.put.looks_like(value) || self.earlier.iter().any(|earlier| earlier.looks_like(value))
    }
}
