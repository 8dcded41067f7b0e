//! What to do with each field of one member: the transitions of a [`Hold`], as values.
//!
//! [`decide`] compares what the active entries want with what the PBX shows and what is held, and gives the moves that
//! lead from one to the other: what the journal must hold first, then the one write. [`confirm`] says what the journal
//! holds after the write's outcome. Neither waits, reads or writes.
//!
//! What happens, by the hold's phase and what the PBX shows (*ours* is what this hold put, and any text put on this
//! member in the last 24 hours):
//!
//! | hold | PBX shows | wanted | not wanted any more |
//! | --- | --- | --- | --- |
//! | none | the wish | held over what is shown; over neutral when it may be ours | nothing |
//! | none | else | write the wish over what is shown; over neutral when that is ours | nothing |
//! | *putting* | the put | *held* | write `under` |
//! | *putting* | `under` or an earlier put | write the put | `under`: drop; earlier put: write `under` |
//! | *putting* | else | that becomes `under`; write the put | leave it alone, drop |
//! | *held* | the put | nothing | write `under` |
//! | *held* | else | after the rewrite interval: that becomes `under` unless it is ours or the PBX restarted; write the put | ours: write `under`; else leave it alone, drop |
//! | *restoring* | ours | write the wish, `under` stays | write `under` |
//! | *restoring* | `under` | write the wish, `under` stays | drop |
//! | *restoring* | else | that becomes `under`; write the wish | leave it alone, drop |
//! | *yielded* | anything | nothing | drop |
//!
//! A hold is never dropped while a write that nobody answered may still land.

use chrono::{DateTime, Duration, Utc};

use super::overlay::Wish;
use super::{AccountId, Claimant, Field, Hold, Login, Outcome, Phase, Seen, StatusText, Step, Value};

/// Everything about one member that a decision needs.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The member's account.
    pub account: AccountId,
    /// The member's login.
    pub login: &'a Login,
    /// What the active entries want; `None` when none is active.
    pub wish: Option<&'a Wish>,
    /// The member's holds.
    pub holds: &'a [Hold],
    /// What the PBX shows.
    pub seen: &'a Seen,
    /// The texts put on this member in the last 24 hours.
    pub texts_put: &'a [StatusText],
    /// When the journal was begun; before that, what the PBX shows may be ours without a hold that says so.
    pub journal_began_at: DateTime<Utc>,
    /// When the PBX or the module was last seen to have restarted.
    pub restarted_at: Option<DateTime<Utc>>,
    /// How long to wait before a value that something else overwrote is written again.
    pub reassert_interval: Duration,
}

/// What the journal is to hold of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recording {
    /// This hold, over the one before.
    Keep(Hold),
    /// Nothing.
    Drop,
}

/// Why a move is made; its words stand in logs and history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// An entry began.
    Begins,
    /// The field already showed what is wanted.
    ShownAlready,
    /// The field already showed what is wanted, and nobody knows whether it was us.
    ShownUnknown,
    /// Another value is wanted than before.
    Changes,
    /// The last entry that wanted it has ended, or does not count any more.
    Ends,
    /// The last entry has ended, and the field shows something that is not ours.
    LeftAlone,
    /// Something else had overwritten it.
    Overwritten,
    /// A write whose answer was lost, or that was refused, is tried again.
    Again,
    /// A read showed what an unconfirmed write wanted.
    Settles,
    /// Other entries want the same value.
    Claims,
}

impl Why {
    /// Returns the reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Begins => "an entry is active",
            Self::ShownAlready => "an entry is active, and the field shows what it wants already",
            Self::ShownUnknown => "an entry is active, and what the field showed before it is not known",
            Self::Changes => "the active entries want another value",
            Self::Ends => "no active entry wants the field any more",
            Self::LeftAlone => "no active entry wants the field any more, and it was changed by someone else",
            Self::Overwritten => "something else had overwritten the field",
            Self::Again => "the write before was not confirmed",
            Self::Settles => "a read confirmed the write before",
            Self::Claims => "other entries want the same value",
        }
    }
}

/// One move of the plan: first the recording, durably, then the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Whom it concerns.
    pub account: AccountId,
    /// Which field.
    pub field: Field,
    /// What the journal holds before the step leaves.
    pub recording: Recording,
    /// The write, if there is one.
    pub step: Option<Step>,
    /// Why.
    pub why: Why,
}

impl Move {
    /// Returns whether it brings the field back to what was there, rather than putting something on.
    pub fn takes_off(&self) -> bool {
        match &self.recording {
            Recording::Drop => true,
            Recording::Keep(hold) => hold.phase == Phase::Restoring,
        }
    }
}

/// Returns the moves for one member, at most one for each field.
pub fn decide(situation: &Situation<'_>) -> Vec<Move> {
    Field::ALL.into_iter().filter_map(|field| FieldView::new(situation, field).decide()).collect()
}

/// Returns what the journal holds after a step had this outcome; `hold` is as it was committed before the step.
pub fn confirm(hold: &Hold, outcome: &Outcome, now: DateTime<Utc>) -> Recording {
    let mut next = hold.clone();
    match outcome {
        Outcome::Done { seen } => {
            next.written_at = Some(now);
            let target = if hold.phase == Phase::Restoring { &hold.under } else { &hold.put };
            if seen.as_ref().is_some_and(|seen| !seen.looks_like(target)) {
                // Answered as done and yet not shown: it may land late, like a write that nobody answered.
                next.unanswered_at = Some(now);
                next.rewrites += 1;
            } else if hold.phase == Phase::Restoring {
                if !hold.awaits_late_write(now) {
                    return Recording::Drop;
                }
            } else {
                next.phase = Phase::Held;
            }
        }
        Outcome::Refused { .. } => {
            next.written_at = Some(now);
            next.rewrites += 1;
        }
        Outcome::Unanswered => next.unanswered_at = Some(now),
        Outcome::Changed { .. } | Outcome::Stale | Outcome::NotSent => {}
    }
    Recording::Keep(next)
}

/// One field of the situation.
struct FieldView<'a> {
    situation: &'a Situation<'a>,
    field: Field,
    seen: Value,
    wanted: Option<(Value, &'a Wish)>,
    hold: Option<&'a Hold>,
}

impl<'a> FieldView<'a> {
    fn new(situation: &'a Situation<'a>, field: Field) -> Self {
        let wanted = situation.wish.and_then(|wish| Some((wish.value(field)?, wish)));
        let hold = situation.holds.iter().find(|hold| hold.account == situation.account && hold.field() == field);
        Self { situation, field, seen: situation.seen.value(field), wanted, hold }
    }

    fn decide(&self) -> Option<Move> {
        match (self.hold, &self.wanted) {
            (None, None) => None,
            (None, Some((value, wish))) => Some(self.put_on(value, wish)),
            (Some(hold), None) => self.take_off(hold),
            (Some(hold), Some(_)) if hold.phase == Phase::Yielded => None,
            (Some(hold), Some((value, wish))) => self.keep_on(hold, value, wish),
        }
    }

    fn put_on(&self, value: &Value, wish: &Wish) -> Move {
        let shown = self.seen.looks_like(value);
        let unknown = shown && self.situation.journal_began_at > wish.earliest_start;
        let under = if unknown || self.is_text_of_ours() { self.field.neutral() } else { self.seen.clone() };
        let hold = Hold {
            account: self.situation.account,
            under,
            put: value.clone(),
            earlier: Vec::new(),
            phase: if shown { Phase::Held } else { Phase::Putting },
            claimants: self.claimants(wish),
            since: self.situation.now,
            written_at: None,
            unanswered_at: None,
            rewrites: 0,
        };
        let why = match (shown, unknown) {
            (_, true) => Why::ShownUnknown,
            (true, false) => Why::ShownAlready,
            (false, false) => Why::Begins,
        };
        let step = (!shown).then(|| self.write(value));
        self.keep(hold, step, why)
    }

    fn keep_on(&self, hold: &Hold, value: &Value, wish: &Wish) -> Option<Move> {
        let changed = !hold.put.looks_like(value);
        let rewrite_due = self.rewrite_due(hold);
        let mut next = hold.clone();
        next.claimants = self.claimants(wish);
        if changed {
            remember(&mut next.earlier, std::mem::replace(&mut next.put, value.clone()));
        }
        if self.seen.looks_like(value) {
            return self.already_shown(hold, next, changed);
        }
        let drifted = !self.is_ours(hold) && !self.seen.looks_like(&hold.under);
        let overwritten = !changed && hold.phase == Phase::Held;
        if !changed && hold.phase != Phase::Restoring && !rewrite_due {
            // Too early to write again; only the claimants may be new.
            return (next.claimants != hold.claimants).then(|| self.keep(next, None, Why::Claims));
        }
        if drifted && !self.restarted_since(hold) {
            next.under = self.seen.clone();
        }
        if overwritten {
            next.rewrites = self.rewrites_after(hold);
        } else if changed || hold.phase == Phase::Restoring {
            next.rewrites = 0;
        }
        next.phase = Phase::Putting;
        let why = match (hold.phase, changed, overwritten || drifted) {
            (Phase::Restoring, _, _) => Why::Begins,
            (_, true, _) => Why::Changes,
            (_, false, true) => Why::Overwritten,
            (_, false, false) => Why::Again,
        };
        Some(self.keep(next, Some(self.write(value)), why))
    }

    /// The PBX shows what is wanted: nothing to write, perhaps something to record.
    fn already_shown(&self, hold: &Hold, mut next: Hold, changed: bool) -> Option<Move> {
        if changed && !self.is_ours(hold) && !self.seen.looks_like(&hold.under) && !self.restarted_since(hold) {
            // Somebody chose just what the next entry wants; that choice is theirs and comes back.
            next.under = self.seen.clone();
        }
        next.phase = Phase::Held;
        let why = match (changed, hold.phase) {
            (true, _) => Why::Changes,
            (false, Phase::Held) => Why::Claims,
            (false, _) => Why::Settles,
        };
        (next != *hold).then(|| self.keep(next, None, why))
    }

    fn take_off(&self, hold: &Hold) -> Option<Move> {
        let back = self.is_ours(hold) && !self.seen.looks_like(&hold.under) && hold.phase != Phase::Yielded;
        let mut next = hold.clone();
        next.phase = Phase::Restoring;
        if back {
            let again = hold.phase == Phase::Restoring;
            if again && hold.rewrites > 0 && !self.rewrite_due(hold) {
                return None;
            }
            if !again {
                next.rewrites = 0;
            }
            let why = if again { Why::Again } else { Why::Ends };
            return Some(self.keep(next, Some(self.write(&hold.under)), why));
        }
        let why = if self.seen.looks_like(&hold.under) { Why::Ends } else { Why::LeftAlone };
        if hold.awaits_late_write(self.situation.now) {
            return (next != *hold).then(|| self.keep(next, None, why));
        }
        Some(Move { account: hold.account, field: self.field, recording: Recording::Drop, step: None, why })
    }

    fn keep(&self, hold: Hold, step: Option<Step>, why: Why) -> Move {
        Move { account: hold.account, field: self.field, recording: Recording::Keep(hold), step, why }
    }

    fn write(&self, value: &Value) -> Step {
        Step { account: self.situation.account, value: value.clone(), expect: self.seen.clone() }
    }

    fn claimants(&self, wish: &Wish) -> Vec<Claimant> {
        let claimant = |entry: &super::EntryId| Claimant {
            account: self.situation.account,
            login: self.situation.login.clone(),
            entry: entry.clone(),
        };
        wish.entries.iter().map(claimant).collect()
    }

    fn is_ours(&self, hold: &Hold) -> bool {
        hold.has_put(&self.seen) || self.is_text_of_ours()
    }

    /// Whether the text shown was put on this member in the last 24 hours. No text at all is nobody's.
    fn is_text_of_ours(&self) -> bool {
        let Value::Text(seen) = &self.seen else { return false };
        let seen = seen.normalised();
        !seen.is_empty() && self.situation.texts_put.iter().any(|text| text.normalised() == seen)
    }

    fn restarted_since(&self, hold: &Hold) -> bool {
        let last_write = hold.written_at.unwrap_or(hold.since);
        self.situation.restarted_at.is_some_and(|at| at >= last_write)
    }

    /// Whether a value that does not stand may be written now.
    fn rewrite_due(&self, hold: &Hold) -> bool {
        if self.restarted_since(hold) || (hold.phase != Phase::Held && hold.rewrites == 0) {
            return true;
        }
        hold.rewrite_at(self.situation.reassert_interval).is_none_or(|at| at <= self.situation.now)
    }

    /// The count after one more overwriting: from the start when ours stood for twice the distance, or the PBX lost it.
    fn rewrites_after(&self, hold: &Hold) -> u32 {
        let stood_for = hold.written_at.map_or(Duration::zero(), |at| self.situation.now - at);
        let calm = stood_for >= hold.rewrite_interval(self.situation.reassert_interval) * 2;
        if calm || self.restarted_since(hold) { 0 } else { hold.rewrites + 1 }
    }
}

/// Adds a put to the earlier ones, once, and forgets the oldest above the bound.
fn remember(earlier: &mut Vec<Value>, put: Value) {
    earlier.retain(|known| *known != put);
    earlier.push(put);
    if earlier.len() > Hold::EARLIER_MAX {
        earlier.remove(0);
    }
}

#[cfg(test)]
mod tests;
