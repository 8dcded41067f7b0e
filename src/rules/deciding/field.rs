//! One field of one member: what is wanted, shown and held, and the move that follows.

use chrono::{DateTime, Duration, Utc};

use super::outcome::given_up;
use super::{Claimed, Field, Ground, Hold, Move, NumberSituation, Phase, Recording, Sight, Situation, Step, Why};
use crate::rules::overlay::Claim;
use crate::rules::{AccountId, Back, Call, Claimant, Deed, EntryId, Login, Value};

/// How long after a restart the PBX may still lose what it shows.
const RESTART_SETTLES: Duration = Duration::minutes(5);

/// One field of the situation.
pub(super) struct FieldView<'a> {
    ground: Ground<'a>,
    /// Whose account it is written through.
    account: AccountId,
    field: Field,
    seen: Option<Value>,
    hold: Option<&'a Hold>,
    /// The claims that count: not those of entries from which a person took the field back.
    claims: Vec<Claiming<'a>>,
    /// The entries that still claim the field in vain.
    yielded: Vec<EntryId>,
}

/// A claim, and whose, as it stands in the situation.
#[derive(Clone, Copy)]
struct Claiming<'a> {
    claim: &'a Claim,
    account: AccountId,
    login: &'a Login,
}

impl Claiming<'_> {
    fn claimant(&self) -> Claimant {
        Claimant { account: self.account, login: self.login.clone(), entry: self.claim.entry.clone() }
    }

    fn is_by(&self, claimant: &Claimant) -> bool {
        claimant.account == self.account && claimant.entry == self.claim.entry && claimant.login == *self.login
    }
}

impl<'a> FieldView<'a> {
    pub(super) fn of_state(situation: &Situation<'a>, field: Field) -> Self {
        let hold = situation.holds.iter().find(|hold| hold.account == situation.account && hold.field() == field);
        let all = situation.wish.map_or(&[][..], |wish| wish.claims(field));
        let (account, login) = (situation.account, situation.login);
        let claims = all.iter().map(|claim| Claiming { claim, account, login });
        Self::new(situation.ground(), account, field, situation.seen.value(field), hold, claims)
    }

    pub(super) fn of_number(situation: &NumberSituation<'a>, hold: Option<&'a Hold>) -> Self {
        let number = situation.record.number;
        let seen = Some(Value::Redirect(number, situation.record.redirect.clone()));
        let claims = situation.claims.iter().map(|Claimed { claim, claimant }| Claiming {
            claim,
            account: claimant.account,
            login: &claimant.login,
        });
        Self::new(situation.ground(), situation.account, Field::Redirect(number), seen, hold, claims)
    }

    fn new(
        ground: Ground<'a>,
        account: AccountId,
        field: Field,
        seen: Option<Value>,
        hold: Option<&'a Hold>,
        claims: impl Iterator<Item = Claiming<'a>>,
    ) -> Self {
        let in_vain = |claiming: &Claiming<'_>| hold.is_some_and(|hold| hold.yielded.contains(&claiming.claim.entry));
        let (vain, claims): (Vec<_>, Vec<_>) = claims.partition(in_vain);
        let yielded = vain.into_iter().map(|claiming| claiming.claim.entry.clone()).collect();
        Self { ground, account, field, seen, hold, claims, yielded }
    }

    pub(super) fn decide(&self) -> Option<Move> {
        if self.field == Field::Indicator {
            return self.decide_indicator();
        }
        self.decide_by(self.seen.as_ref()?)
    }

    /// Lets the field go, as it is somebody else's now.
    pub(super) fn let_stranger_go(&self) -> Move {
        self.drop(Why::Stranger)
    }

    fn first_claim(&self) -> Option<&'a Claim> {
        self.claims.first().map(|claiming| claiming.claim)
    }

    /// A call sets the indicator and its end sets it back, so it is never written during one.
    fn decide_indicator(&self) -> Option<Move> {
        let under_way = self.ground.call == Call::UnderWay;
        match (&self.seen, self.hold, self.first_claim()) {
            (_, Some(hold), None) if under_way => self.let_go(hold, Why::Ends),
            _ if under_way => None,
            (Some(seen), hold, _) if hold.is_none_or(|hold| hold.sight == Sight::Clear) => self.decide_by(seen),
            (_, None, None) => None,
            (_, None, Some(claim)) => Some(self.put_on(claim, self.field.neutral(), Sight::Blind)),
            (_, Some(hold), None) => self.take_off_blindly(hold),
            (_, Some(hold), Some(claim)) => self.keep_on_blindly(hold, claim),
        }
    }

    fn decide_by(&self, seen: &Value) -> Option<Move> {
        match (self.hold, self.first_claim()) {
            (None, None) => None,
            (None, Some(claim)) => Some(self.put_on(claim, seen.clone(), Sight::Clear)),
            (Some(hold), None) => self.take_off(hold, seen),
            (Some(hold), Some(claim)) if hold.phase == Phase::Yielded => Some(self.put_on_afresh(hold, claim, seen)),
            (Some(hold), Some(claim)) => self.keep_on(hold, claim, seen),
        }
    }

    fn put_on(&self, claim: &Claim, seen: Value, sight: Sight) -> Move {
        let clear = sight == Sight::Clear;
        let shown = clear && seen.looks_like(&claim.value);
        let earliest = self.claims.iter().map(|claiming| claiming.claim.starts_at).min();
        // DND keeps what is seen: to switch it off for somebody who switched it on would let calls through.
        let guessed = matches!(self.field, Field::Presence | Field::Text);
        let unknown = shown && guessed && earliest.is_some_and(|start| self.ground.journal_began_at > start);
        let under = if unknown || self.is_text_of_ours(&seen) { self.field.neutral() } else { seen.clone() };
        let hold = Hold {
            account: self.account,
            under,
            put: claim.value.clone(),
            earlier: Vec::new(),
            phase: if shown { Phase::Held } else { Phase::Putting },
            claimants: self.claimants(),
            since: self.ground.now,
            written_at: None,
            unanswered_at: None,
            back_after: self.back_after(),
            yielded: self.yielded.clone(),
            sight,
            rewrites: 0,
        };
        let why = match (shown, unknown) {
            (_, true) => Why::ShownUnknown,
            (true, false) => Why::ShownAlready,
            (false, false) => Why::Begins,
        };
        let expect = clear.then_some(seen);
        let step = if shown { self.remember(&hold) } else { Some(self.put(&hold, expect)) };
        self.keep(hold, step, why)
    }

    /// Another entry claims a field that a person took back from earlier ones.
    fn put_on_afresh(&self, yielded: &Hold, claim: &Claim, seen: &Value) -> Move {
        let mut fresh = self.put_on(claim, seen.clone(), Sight::Clear);
        if let Recording::Keep(hold) = &mut fresh.recording {
            hold.earlier.clone_from(&yielded.earlier);
            hold.remember(yielded.put.clone());
            // A redirect of ours that is shown again must not stay for ever. What was a person's before it was ours is the
            // person's.
            let is_theirs = seen.looks_like(&yielded.under);
            if matches!(seen, Value::Redirect(..)) && yielded.has_put(seen) && !is_theirs {
                hold.under = self.field.neutral();
            }
        }
        fresh
    }

    fn keep_on(&self, hold: &Hold, claim: &Claim, seen: &Value) -> Option<Move> {
        if self.is_settled(hold, claim, seen) {
            return None;
        }
        let changed = !hold.put.looks_like(&claim.value);
        let foreign = !self.is_ours(hold, seen) && !seen.looks_like(&hold.under);
        if !self.may_be_lost(hold) && self.is_taken_back(hold, seen, foreign) {
            return Some(self.give_way(hold, seen));
        }
        let mut next = self.renewed(hold);
        if changed {
            let before = std::mem::replace(&mut next.put, claim.value.clone());
            next.remember(before);
        }
        // Somebody else's value comes back at the end, also one that is just what the next entry wants.
        if foreign && !self.may_be_lost(hold) {
            next.under = seen.clone();
        }
        if seen.looks_like(&claim.value) {
            // A write without an answer is known by now, and so is that a restart lost nothing; what anybody chooses from
            // here on is over ours.
            if hold.phase != Phase::Held || self.has_survived(hold) {
                next.written_at = Some(self.ground.now);
            }
            next.phase = Phase::Held;
            let why = match (changed, hold.phase) {
                (true, _) => Why::Changes,
                (false, Phase::Held) => Why::Claims,
                (false, _) => Why::Settles,
            };
            return self.keep_if_new(hold, next, why);
        }
        let overwritten = !changed && hold.phase == Phase::Held;
        if !changed && hold.phase != Phase::Restoring && !self.rewrite_due(hold) {
            let why = if next.under == hold.under { Why::Claims } else { Why::Overwritten };
            return self.keep_if_new(hold, next, why);
        }
        if overwritten {
            next.rewrites = self.rewrites_after(hold);
        } else if changed || hold.phase == Phase::Restoring {
            next.rewrites = 0;
        }
        next.phase = Phase::Putting;
        let why = match (hold.phase, changed, overwritten || foreign) {
            (Phase::Restoring, _, _) => Why::Begins,
            (_, true, _) => Why::Changes,
            (_, false, true) => Why::Overwritten,
            (_, false, false) => Why::Again,
        };
        let step = self.put(&next, Some(seen.clone()));
        Some(self.keep(next, Some(step), why))
    }

    /// Whether the field is held as it is claimed and shows it, as nearly always: then there is nothing to weigh.
    fn is_settled(&self, hold: &Hold, claim: &Claim, seen: &Value) -> bool {
        hold.phase == Phase::Held
            && *seen == hold.put
            && hold.put == claim.value
            && hold.back_after == self.back_after()
            && hold.yielded == self.yielded
            && hold.claimants.len() == self.claims.len()
            && self.claims.iter().zip(&hold.claimants).all(|(claiming, claimant)| claiming.is_by(claimant))
            && !self.has_survived(hold)
    }

    /// Whether a person took back a field of which the policy respects that.
    fn is_taken_back(&self, hold: &Hold, seen: &Value, foreign: bool) -> bool {
        let changed_by_a_person = match hold.phase {
            Phase::Held => !self.is_ours(hold, seen) && !self.may_be_put_back_late(hold, seen),
            Phase::Putting => foreign,
            Phase::Restoring | Phase::Yielded => false,
        };
        changed_by_a_person && self.ground.policy.respected.contains(&self.field.kind())
    }

    /// Whether what was there before may be shown because a write of ours that nobody answered, and that was to put it back,
    /// has landed since the last look.
    fn may_be_put_back_late(&self, hold: &Hold, seen: &Value) -> bool {
        let within = Hold::LATE_WRITE_FOR + self.ground.policy.reassert_interval;
        seen.looks_like(&hold.under) && hold.unanswered_at.is_some_and(|at| self.ground.now < at + within)
    }

    /// Yields the field to the entries that have it; one that has begun since puts on afresh, over the person's value.
    fn give_way(&self, hold: &Hold, seen: &Value) -> Move {
        let had =
            |claiming: &Claiming<'_>| hold.claimants.iter().any(|claimant| claimant.entry == claiming.claim.entry);
        let (yielding, fresh): (Vec<Claiming<'_>>, Vec<_>) = self.claims.iter().copied().partition(had);
        let mut next = hold.clone();
        next.phase = Phase::Yielded;
        next.back_after = None;
        next.yielded = self.yielded.clone();
        next.yielded.extend(yielding.into_iter().map(|claiming| claiming.claim.entry.clone()));
        if !fresh.is_empty() {
            let later = FieldView {
                ground: self.ground,
                account: self.account,
                field: self.field,
                seen: self.seen.clone(),
                hold: self.hold,
                yielded: next.yielded.clone(),
                claims: fresh,
            };
            let claim = later.claims[0].claim;
            return later.put_on_afresh(&next, claim, seen);
        }
        let step = self.forget();
        self.keep(next, Some(step), Why::Yields)
    }

    fn take_off(&self, hold: &Hold, seen: &Value) -> Option<Move> {
        if hold.phase == Phase::Yielded {
            return self.stay_yielded(hold);
        }
        let target = hold.target();
        if !self.is_ours(hold, seen) || seen.looks_like(&target) {
            let why = if seen.looks_like(&target) { Why::Ends } else { Why::LeftAlone };
            return self.let_go(hold, why);
        }
        self.restore(hold, target, Some(seen.clone()))
    }

    fn stay_yielded(&self, hold: &Hold) -> Option<Move> {
        if self.yielded.is_empty() {
            return Some(Move { step: None, ..self.drop(Why::Ends) });
        }
        let next = Hold { yielded: self.yielded.clone(), ..hold.clone() };
        (next != *hold).then(|| self.keep(next, None, Why::Claims))
    }

    fn restore(&self, hold: &Hold, target: Value, expect: Option<Value>) -> Option<Move> {
        let again = hold.phase == Phase::Restoring;
        if again && !self.rewrite_due(hold) {
            return None;
        }
        let rewrites = if again { hold.rewrites } else { 0 };
        let next = Hold { phase: Phase::Restoring, rewrites, yielded: self.yielded.clone(), ..hold.clone() };
        let step = Step::write(self.account, target, expect);
        Some(self.keep(next, Some(step), if again { Why::Again } else { Why::Ends }))
    }

    /// Nothing is to be written back. The hold goes as soon as no write of ours may still land.
    fn let_go(&self, hold: &Hold, why: Why) -> Option<Move> {
        let next = Hold { phase: Phase::Restoring, yielded: self.yielded.clone(), ..hold.clone() };
        if hold.awaits_late_write(self.ground.now) {
            return self.keep_if_new(hold, next, why);
        }
        let step = hold.back_after.map(|_| self.forget());
        let recording = given_up(next);
        if recording == Recording::Keep(hold.clone()) {
            return None;
        }
        Some(Move { account: self.account, field: self.field, recording, step, why })
    }

    fn keep_on_blindly(&self, hold: &Hold, claim: &Claim) -> Option<Move> {
        let changed = !hold.put.looks_like(&claim.value) || hold.phase == Phase::Yielded;
        let due = hold.written_at.is_none_or(|at| at + Hold::BLIND_INTERVAL <= self.ground.now);
        let unsettled = hold.phase != Phase::Held && self.rewrite_due(hold);
        let mut next = self.renewed(hold);
        next.sight = Sight::Blind;
        if !changed && !due && !unsettled {
            return self.keep_if_new(hold, next, Why::Claims);
        }
        if changed {
            let before = std::mem::replace(&mut next.put, claim.value.clone());
            next.remember(before);
        }
        next.phase = Phase::Putting;
        let why = match (changed, hold.phase) {
            (true, _) => Why::Changes,
            (false, Phase::Held) => Why::Refreshed,
            (false, _) => Why::Again,
        };
        let step = self.put(&next, None);
        Some(self.keep(next, Some(step), why))
    }

    fn take_off_blindly(&self, hold: &Hold) -> Option<Move> {
        if hold.phase == Phase::Yielded {
            return self.stay_yielded(hold);
        }
        let restored = hold.phase == Phase::Restoring && hold.written_at > hold.unanswered_at;
        if restored && hold.awaits_late_write(self.ground.now) {
            return None;
        }
        self.restore(hold, hold.target(), None)
    }

    /// The hold with the claims as they are now.
    fn renewed(&self, hold: &Hold) -> Hold {
        Hold {
            claimants: self.claimants(),
            back_after: self.back_after(),
            yielded: self.yielded.clone(),
            ..hold.clone()
        }
    }

    fn keep_if_new(&self, hold: &Hold, next: Hold, why: Why) -> Option<Move> {
        let moved = next.back_after != hold.back_after;
        let step = if moved { self.remember(&next) } else { None };
        (next != *hold).then(|| self.keep(next, step, why))
    }

    fn keep(&self, hold: Hold, step: Option<Step>, why: Why) -> Move {
        Move { account: self.account, field: self.field, recording: Recording::Keep(hold), step, why }
    }

    /// Drops the hold without writing anything back.
    fn drop(&self, why: Why) -> Move {
        let account = self.account;
        Move { account, field: self.field, recording: Recording::Drop, step: Some(self.forget()), why }
    }

    fn put(&self, hold: &Hold, expect: Option<Value>) -> Step {
        let back = self.back_after().map(|after| Back { value: hold.target(), after });
        self.step(Deed::Write { value: hold.put.clone(), expect, back })
    }

    fn remember(&self, hold: &Hold) -> Option<Step> {
        let after = hold.back_after?;
        Some(self.step(Deed::Remember(Back { value: hold.target(), after })))
    }

    fn forget(&self) -> Step {
        self.step(Deed::Forget(self.field))
    }

    fn step(&self, deed: Deed) -> Step {
        Step { account: self.account, deed }
    }

    fn claimants(&self) -> Vec<Claimant> {
        self.claims.iter().map(Claiming::claimant).collect()
    }

    fn back_after(&self) -> Option<DateTime<Utc>> {
        self.claims.iter().map(|claiming| claiming.claim.ends_at).max().map(|end| end + Back::GRACE)
    }

    fn is_ours(&self, hold: &Hold, seen: &Value) -> bool {
        hold.has_put(seen) || self.is_text_of_ours(seen)
    }

    /// Whether a text was put on this member in the last 24 hours. No text at all is nobody's.
    fn is_text_of_ours(&self, seen: &Value) -> bool {
        let Value::Text(seen) = seen else { return false };
        let seen = seen.normalised();
        !seen.is_empty() && self.ground.texts_put.iter().any(|text| text.normalised() == seen)
    }

    fn restarted_since(&self, hold: &Hold) -> bool {
        let last_write = hold.written_at.unwrap_or(hold.since);
        self.ground.restarted_at.is_some_and(|at| at >= last_write)
    }

    /// Whether a restart lost what was put.
    fn is_lost(&self, hold: &Hold) -> bool {
        self.field.is_lost_by_restart() && self.restarted_since(hold)
    }

    /// Whether what is shown has outlived a restart, which is said only once the PBX has had the time to lose it.
    fn has_survived(&self, hold: &Hold) -> bool {
        let is_settled = self.ground.restarted_at.is_some_and(|at| at + RESTART_SETTLES <= self.ground.now);
        self.is_lost(hold) && is_settled
    }

    /// Whether what is shown may be what a restart left. A write that was refused since has put nothing over it.
    fn may_be_lost(&self, hold: &Hold) -> bool {
        let was_refused = hold.phase == Phase::Putting && hold.rewrites > 0;
        let restarted = self.ground.restarted_at.is_some_and(|at| at >= hold.since);
        self.is_lost(hold) || (self.field.is_lost_by_restart() && was_refused && restarted)
    }

    /// Whether a value that does not stand may be written now; one that was never refused waits for nothing.
    fn rewrite_due(&self, hold: &Hold) -> bool {
        if self.is_lost(hold) || (hold.phase != Phase::Held && hold.rewrites == 0) {
            return true;
        }
        hold.rewrite_at(self.ground.policy.reassert_interval).is_none_or(|at| at <= self.ground.now)
    }

    /// The count after one more overwriting: from the start when ours stood for twice the distance, or the PBX lost it.
    fn rewrites_after(&self, hold: &Hold) -> u32 {
        let stood_for = hold.written_at.map_or(Duration::zero(), |at| self.ground.now - at);
        let calm = stood_for >= hold.rewrite_interval(self.ground.policy.reassert_interval) * 2;
        if calm || self.restarted_since(hold) { 0 } else { hold.rewrites + 1 }
    }
}
