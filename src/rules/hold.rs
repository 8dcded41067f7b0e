//! A hold: one field of one member that we have overlaid, with everything needed to put it back.

use chrono::{DateTime, Duration, Utc};

use super::{AccountId, EntryId, Field, Login, Telephony, Value};

#[cfg(test)]
mod tests;

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

/// Whether the PBX shows back what was written to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sight {
    /// It does, so that a change by somebody else can be told.
    Clear,
    /// It does not; the field is written at the boundary and every [`Hold::BLIND_INTERVAL`], and nothing is compared.
    Blind,
}

impl Sight {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Clear, Self::Blind];

    /// Returns its name, as it stands in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Blind => "blind",
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
    /// When a write of ours was last answered, as done or as refused, or confirmed by a read.
    pub written_at: Option<DateTime<Utc>>,
    /// When a write of ours was last known to be lost without an answer. It may still land, so the hold is not dropped
    /// before a read [`Hold::LATE_WRITE_FOR`] later agrees.
    pub unanswered_at: Option<DateTime<Utc>>,
    /// Until when the module was told to wait before it puts `under` back by itself.
    pub back_after: Option<DateTime<Utc>>,
    /// The entries from which a person took the field back: they do not claim it any more.
    pub yielded: Vec<EntryId>,
    /// Whether the PBX shows back what is written.
    pub sight: Sight,
    /// How many writes in a row did not stand or were refused; spaces the next one.
    pub rewrites: u32,
}

impl Hold {
    /// How many earlier puts a hold remembers; more changes of one overlay than this lose the oldest.
    pub const EARLIER_MAX: usize = 64;

    /// How long a write that nobody answered may still land.
    pub const LATE_WRITE_FOR: Duration = Duration::seconds(60);

    /// How often a field is written that the PBX does not show back.
    pub const BLIND_INTERVAL: Duration = Duration::minutes(5);

    /// How many writes in a row that did not stand are a problem: another program sets this status.
    pub const CONTESTED_FROM: u32 = 20;

    /// How long a redirect is not written again that the PBX took without an effect: the right for it is missing.
    pub const INEFFECTIVE_INTERVAL: Duration = Duration::minutes(15);

    /// How far apart writes of one field grow at most.
    pub const REWRITE_INTERVAL_MAX: Duration = Duration::minutes(5);

    /// Returns the hold as it is after the process that wrote it has ended: whatever was on its way then may still
    /// land, and nobody hears the answer.
    pub fn after_restart(mut self, now: DateTime<Utc>) -> Self {
        if matches!(self.phase, Phase::Putting | Phase::Restoring) {
            self.unanswered_at = Some(now);
        }
        self.clock_set_back(now);
        self
    }

    /// Takes what was noted by a clock that has been set back since as if it were noted now, so that nothing waits for
    /// an instant that is still to come a second time.
    pub fn clock_set_back(&mut self, now: DateTime<Utc>) {
        for at in [&mut self.written_at, &mut self.unanswered_at].into_iter().flatten() {
            *at = now.min(*at);
        }
    }

    /// Adds a put to the earlier ones, once, and forgets the oldest above the bound.
    pub(super) fn remember(&mut self, put: Value) {
        self.earlier.retain(|known| *known != put);
        self.earlier.push(put);
        if self.earlier.len() > Self::EARLIER_MAX {
            self.earlier.remove(0);
        }
    }

    /// Returns the field held.
    pub fn field(&self) -> Field {
        self.put.field()
    }

    /// Returns what is written when the field is taken off: what was there before. A call that was under way when the
    /// indicator was put on is over long since, so of the indicator only lasting states come back.
    pub fn target(&self) -> Value {
        match &self.under {
            Value::Indicator(Telephony::Unavailable | Telephony::QueuePause) => self.under.clone(),
            Value::Indicator(_) => Value::Indicator(Telephony::Available),
            under => under.clone(),
        }
    }

    /// Returns whether another program writes the field again and again.
    pub fn is_contested(&self) -> bool {
        self.rewrites >= Self::CONTESTED_FROM
    }

    /// Returns the login of the member at whose claim the field is held.
    pub fn login(&self) -> Option<&Login> {
        self.claimants.iter().find(|claimant| claimant.account == self.account).map(|claimant| &claimant.login)
    }

    /// Returns whether the PBX answered the last write of a redirect as done, and went on showing something else.
    pub fn is_ineffective(&self) -> bool {
        let putting = self.phase == Phase::Putting && matches!(self.put, Value::Redirect(..));
        putting && self.written_at.is_some() && self.written_at == self.unanswered_at
    }

    /// Returns whether a write that nobody answered may still land.
    pub fn awaits_late_write(&self, now: DateTime<Utc>) -> bool {
        self.unanswered_at.is_some_and(|at| now < at + Self::LATE_WRITE_FOR)
    }

    /// Returns the distance to keep from the last write: the interval, doubled for every write in a row that did not
    /// stand, up to [`Hold::REWRITE_INTERVAL_MAX`]; for a redirect without an effect [`Hold::INEFFECTIVE_INTERVAL`].
    pub fn rewrite_interval(&self, reassert_interval: Duration) -> Duration {
        if self.is_ineffective() {
            return Self::INEFFECTIVE_INTERVAL;
        }
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
        let paced = if self.rewrites > 0 { self.rewrite_at(reassert_interval) } else { None };
        match self.phase {
            Phase::Putting => Some(paced.unwrap_or(now).max(now)),
            Phase::Restoring => {
                // Ours may be written over from the one instant on, and the hold be dropped from the other.
                let late = self.unanswered_at.map(|at| at + Self::LATE_WRITE_FOR);
                let to_come = [paced, late].into_iter().flatten().filter(|at| *at > now).min();
                Some(to_come.unwrap_or(now))
            }
            Phase::Held | Phase::Yielded => None,
        }
    }

    /// Returns whether this hold itself put such a value.
    pub fn has_put(&self, value: &Value) -> bool {
        self.put.looks_like(value) || self.earlier.iter().any(|earlier| earlier.looks_like(value))
    }
}
