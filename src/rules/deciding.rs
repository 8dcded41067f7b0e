//! What to do with each field of one member: the transitions of a [`Hold`], as values.
//!
//! [`decide`] compares what the active entries want with what the PBX shows and what is held, and gives the moves that
//! lead from one to the other: what the journal must hold first, then the one step. [`confirm`] says what the journal
//! holds after the step's outcome. Neither waits, reads or writes.
//!
//! What happens, by the hold's phase and what the PBX shows. *Ours* is what this hold put, and any text put on this
//! member in the last 24 hours; a restart of the PBX or the module is one since our last write:
//!
//! | hold | PBX shows | wanted | not wanted any more |
//! | --- | --- | --- | --- |
//! | none | the wish | held over what is shown; over neutral when it may be ours | nothing |
//! | none | else | write the wish over what is shown; over neutral when that is ours | nothing |
//! | *putting* | the put | *held* | write `under` |
//! | *putting* | `under` or an earlier put | write the put | `under`: drop; earlier put: write `under` |
//! | *putting* | else | drift | leave it alone, drop |
//! | *held* | the put | nothing | write `under` |
//! | *held* | else | drift | ours: write `under`; else leave it alone, drop |
//! | *restoring* | ours | write the wish, `under` stays | write `under` |
//! | *restoring* | `under` | write the wish, `under` stays | drop |
//! | *restoring* | else | that becomes `under`; write the wish | leave it alone, drop |
//! | *yielded* | anything | by the entries it was yielded for: nothing; by others: put on afresh | drop |
//!
//! Drift is answered by the field's policy. *Reassert*: what is shown becomes `under`, unless it is ours or a restart
//! lost what was there, and the put is written again after the rewrite interval. *Respect*: *yielded* to the entries of
//! that moment, and nothing is written back; what is ours is no person's, and what a restart lost is put on again.
//!
//! A hold is never dropped while a write that nobody answered may still land. The indicator is never written during a
//! call that is known; one that the PBX does not show back is written without expectation every five minutes.

use chrono::{DateTime, Utc};

use super::overlay::Wish;
use super::{
    AccountId, Call, Claim, Claimant, Field, Hold, Login, Outcome, Ownership, Phase, Policy, RedirectRecord, Seen,
    Sight, StatusText, Step,
};

mod field;
mod outcome;
#[cfg(test)]
mod tests;

pub use outcome::confirm;

use field::FieldView;

/// Everything about one member that a decision needs.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The member's account.
    pub account: AccountId,
    /// The login that the account has now.
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
    /// What an admin decided.
    pub policy: &'a Policy,
}

/// Everything about one called number that a decision needs. The number is one field of all members whose calls arrive
/// there.
#[derive(Clone, Copy, Debug)]
pub struct NumberSituation<'a> {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The account that it is read and written through.
    pub account: AccountId,
    /// The login that the account has now; nothing when it is no member's.
    pub login: Option<&'a Login>,
    /// What the PBX shows.
    pub record: &'a RedirectRecord,
    /// What entries want, of whichever members, in governing order.
    pub claims: &'a [Claimed],
    /// The hold on the number.
    pub hold: Option<&'a Hold>,
    /// When the journal was begun.
    pub journal_began_at: DateTime<Utc>,
    /// What an admin decided.
    pub policy: &'a Policy,
}

/// A claim, and whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// What is wanted.
    pub claim: Claim,
    /// By whom.
    pub claimant: Claimant,
}

/// What holds for every field alike.
#[derive(Clone, Copy)]
struct Ground<'a> {
    now: DateTime<Utc>,
    call: Call,
    texts_put: &'a [StatusText],
    journal_began_at: DateTime<Utc>,
    restarted_at: Option<DateTime<Utc>>,
    policy: &'a Policy,
}

impl<'a> Situation<'a> {
    fn ground(&self) -> Ground<'a> {
        Ground {
            now: self.now,
            call: self.seen.call,
            texts_put: self.texts_put,
            journal_began_at: self.journal_began_at,
            restarted_at: self.restarted_at,
            policy: self.policy,
        }
    }
}

impl<'a> NumberSituation<'a> {
    /// Redirects are in the PBX's database, so its restarts do not concern them.
    fn ground(&self) -> Ground<'a> {
        Ground {
            now: self.now,
            call: Call::Unknown,
            texts_put: &[],
            journal_began_at: self.journal_began_at,
            restarted_at: None,
            policy: self.policy,
        }
    }
}

/// What the journal is to hold of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly every recording keeps a hold")]
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
    /// A person changed it, and keeps it.
    Yields,
    /// A write whose answer was lost, or that was refused, is tried again.
    Again,
    /// A read showed what an unconfirmed write wanted.
    Settles,
    /// Other entries want the same value.
    Claims,
    /// The field is not shown back, so it is written again from time to time.
    Refreshed,
    /// The account belongs to somebody else now, or to nobody.
    Stranger,
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
            Self::Yields => "a person changed the field and keeps it until the entry ends",
            Self::Again => "the write before was not confirmed",
            Self::Settles => "a read confirmed the write before",
            Self::Claims => "other entries want the same value",
            Self::Refreshed => "the PBX does not show the field back, so it is written again",
            Self::Stranger => "the account belongs to another login now, so nothing is written back",
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
    /// The step, if there is one.
    pub step: Option<Step>,
    /// Why.
    pub why: Why,
}

impl Move {
    /// Returns whether it lets the field go, rather than putting something on.
    pub fn takes_off(&self) -> bool {
        match &self.recording {
            Recording::Drop => true,
            Recording::Keep(hold) => matches!(hold.phase, Phase::Restoring | Phase::Yielded),
        }
    }
}

/// Returns the moves for one member's state, at most one for each field.
pub fn decide(situation: &Situation<'_>) -> Vec<Move> {
    let of_field = |field| {
        let hold = situation.holds.iter().find(|hold| hold.account == situation.account && hold.field() == field);
        if hold.is_none() && situation.wish.is_none_or(|wish| wish.claims(field).is_empty()) {
            return None;
        }
        let view = FieldView::of_state(situation, field);
        match hold {
            Some(hold) if hold.login() != Some(situation.login) => Some(view.let_stranger_go()),
            _ => view.decide(),
        }
    };
    Field::OF_STATE.into_iter().filter_map(of_field).collect()
}

/// Returns the move for one called number, if there is one. A member's own number that is another's by now, or whose
/// account is, is let go; a group's number is the group's, whoever wrote it last.
pub fn decide_number(situation: &NumberSituation<'_>) -> Option<Move> {
    if let Some(hold) = situation.hold
        && situation.record.ownership == Ownership::Own
        && (hold.account != situation.account || situation.login.is_some_and(|login| hold.login() != Some(login)))
    {
        let of_hold = NumberSituation { account: hold.account, ..*situation };
        return Some(FieldView::of_number(&of_hold, Some(hold)).let_stranger_go());
    }
    let moved = situation.hold.map(|hold| Hold { account: situation.account, ..hold.clone() });
    FieldView::of_number(situation, moved.as_ref()).decide()
}
