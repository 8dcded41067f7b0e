//! What the engine knows between two rounds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Orders;
use super::agenda::Agenda;
use super::ahead::Early;
use super::almanac::Almanac;
use super::backoff::Backoff;
use super::numbers::Numbers;
use super::report::Trouble;
use super::report::problems::refused;
use super::roster::Roster;
use crate::journal::{self, Record};
use crate::rules::policy::Service;
use crate::rules::{
    AccountId, Back, Call, CalledNumber, Claim, EntryId, Field, Hold, Login, Mark, Member, Move, Outcome, Phase,
    Policy, Recording, Seen, StatusText, Why, Wish, next_boundary, overlay,
};

mod redirects;
mod wishes;

use redirects::Kept;
use wishes::{Wishes, next_turn};

/// One field of one member; a number of a group stands under the account through which it is held.
pub(super) type Key = (AccountId, Field);

/// How long a text that was put is known as ours.
pub(super) const TEXT_OURS_FOR: TimeDelta = TimeDelta::hours(24);

/// How soon an unsettled hold is looked at again after a look that did not settle it.
const SETTLE_DISTANCE: TimeDelta = TimeDelta::seconds(1);

/// How long the PBX must not have known an account before it counts as deleted.
pub(super) const GONE_AFTER: TimeDelta = TimeDelta::minutes(5);

/// How often in a row a member is looked at again at once, because the field changed in between.
const AT_ONCE_MAX: u32 = 3;

/// Everything between two rounds.
pub(super) struct State {
    pub(super) roster: Roster,
    /// The last believed members of every group that was ever followed.
    pub(super) groups: BTreeMap<AccountId, Vec<Member>>,
    pub(super) almanac: Almanac,
    pub(super) agenda: Agenda<AccountId>,
    /// When what the entries of a member want may change next.
    boundaries: BTreeMap<AccountId, DateTime<Utc>>,
    /// Whose boundary has come in this round, and when it was.
    came: BTreeMap<AccountId, DateTime<Utc>>,
    pub(super) holds: BTreeMap<Key, Hold>,
    /// Through which account each called number is held.
    held: BTreeMap<CalledNumber, AccountId>,
    /// The accounts whose holds on numbers changed in this round, also by somebody else's look.
    pub(super) touched: BTreeSet<AccountId>,
    pub(super) numbers: Numbers,
    /// Holds whose latest form is not yet durable, because the journal could not be written.
    pub(super) dirty: BTreeSet<Key>,
    wishes: Wishes,
    /// What was read before the boundary it is for.
    pub(super) early: Early,
    texts: BTreeMap<AccountId, Vec<(DateTime<Utc>, StatusText)>>,
    looked_at: BTreeMap<AccountId, DateTime<Utc>>,
    failing: BTreeMap<AccountId, Failing>,
    pub(super) journal_began_at: DateTime<Utc>,
    pub(super) restarted_at: Option<DateTime<Utc>>,
    /// How far the module's event queue was read; it is another one after a restart.
    pub(super) queue: Option<(String, u64)>,
    /// Whether the journal knows that.
    pub(super) queue_saved: Saved,
    /// Entries that were ended early.
    marks: BTreeMap<AccountId, Vec<Mark>>,
    /// Early ends that wait for the calendar of their moment.
    pub(super) ends: BTreeSet<(AccountId, DateTime<Utc>)>,
    /// What the PBX said when it refused a field last.
    pub(super) refusals: BTreeMap<Key, Trouble>,
    in_call: BTreeSet<AccountId>,
    absent_since: BTreeMap<AccountId, DateTime<Utc>>,
    /// What could not be made durable yet, besides holds.
    pub(super) unsaved: Vec<Record>,
    pub(super) round: u64,
}

/// Whether the journal knows of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saved {
    Yes,
    NotYet,
}

/// Calls for a member that fail.
struct Failing {
    backoff: Backoff,
    again_at: DateTime<Utc>,
    round: u64,
}

/// What a member's entries want.
pub(super) enum Want {
    /// Members or calendar are not known; nothing is to be changed.
    Unknown,
    /// This, or nothing.
    Known(Option<Arc<Wish>>),
}

impl State {
    /// Takes over what the journal kept; every member and every hold is due at once.
    pub(super) fn kept(kept: journal::Kept, orders: &Orders, now: DateTime<Utc>) -> Self {
        let mut texts: BTreeMap<AccountId, Vec<_>> = BTreeMap::new();
        for (account, text, at) in kept.texts {
            texts.entry(account).or_default().push((at, text));
        }
        let mut marks: BTreeMap<AccountId, Vec<Mark>> = BTreeMap::new();
        for (account, mark) in kept.marks {
            marks.entry(account).or_default().push(mark);
        }
        let restarted_at = kept.queue.as_ref().and_then(|queue| queue.restarted_at);
        let holds: BTreeMap<Key, Hold> =
            kept.holds.into_iter().map(|hold| ((hold.account, hold.field()), hold.after_restart(now))).collect();
        let held = holds.keys().filter_map(|(account, field)| Some((field.number()?, *account))).collect();
        let mut state = Self {
            roster: Roster::kept(kept.members.get(&orders.group).cloned()),
            groups: kept.members,
            almanac: Almanac::kept(kept.calendars, orders.check_interval, orders.pace.clone()),
            agenda: Agenda::default(),
            boundaries: BTreeMap::new(),
            came: BTreeMap::new(),
            holds,
            held,
            touched: BTreeSet::new(),
            numbers: Numbers::default(),
            dirty: BTreeSet::new(),
            wishes: Wishes::default(),
            early: Early::default(),
            texts,
            looked_at: BTreeMap::new(),
            failing: BTreeMap::new(),
            journal_began_at: kept.created_at,
            restarted_at,
            queue: kept.queue.map(|queue| (queue.id, queue.seq)),
            queue_saved: Saved::Yes,
            marks,
            ends: kept.ends.into_iter().collect(),
            refusals: BTreeMap::new(),
            in_call: BTreeSet::new(),
            absent_since: BTreeMap::new(),
            unsaved: Vec::new(),
            round: 0,
        };
        state.look_at_all(now);
        state.follow_roster(now);
        state
    }

    /// Turns to another group, with the members that it had last; their own list is still to be read.
    pub(super) fn turn_to(&mut self, group: AccountId, now: DateTime<Utc>) {
        self.roster = Roster::kept(self.groups.get(&group).cloned());
        self.follow_roster(now);
    }

    /// Follows the calendars of the members, where any are known.
    fn follow_roster(&mut self, now: DateTime<Utc>) {
        if self.roster.is_known() {
            let addresses = self.roster.addresses().cloned().collect();
            let forgotten = self.almanac.follow(&addresses, now);
            self.unsaved.extend(forgotten.into_iter().map(Record::ForgetCalendar));
        }
    }

    /// Brings everybody forward: every member, and whoever else is still held.
    pub(super) fn look_at_all(&mut self, now: DateTime<Utc>) {
        self.numbers.ask_everybody_again();
        let held = self.holds.keys().map(|key| key.0);
        let everybody: BTreeSet<AccountId> = held.chain(self.roster.members().map(|member| member.account)).collect();
        for account in everybody {
            self.agenda.advance(account, now);
        }
    }

    /// Looks at everybody and everything afresh after the clock was set back to `now`: deadlines that were set by the
    /// later time would come much too late.
    pub(super) fn clock_set_back(&mut self, now: DateTime<Utc>) {
        self.looked_at.clear();
        self.failing.clear();
        self.boundaries.clear();
        self.early.clear();
        self.numbers.clock_set_back();
        self.restarted_at = self.restarted_at.map(|at| at.min(now));
        for hold in self.holds.values_mut() {
            hold.clock_set_back(now);
        }
        self.look_at_all(now);
        self.almanac.read_afresh(now);
    }

    /// Takes the members that are due off the agenda; what they want is worked out anew.
    pub(super) fn take_due(&mut self, now: DateTime<Utc>, most: usize) -> Vec<AccountId> {
        let due = self.agenda.take_due(now, most);
        self.wishes.forget(&due);
        let boundary = |account: &AccountId| Some((*account, *self.boundaries.get(account).filter(|at| **at <= now)?));
        self.came = due.iter().filter_map(boundary).collect();
        due
    }

    /// Takes members off the agenda who are looked at again soon, for no boundary: a call that is made anyway serves them
    /// too, and from then on they come together. Nobody is taken along to a boundary, which has no time for it.
    pub(super) fn take_along(&mut self, now: DateTime<Utc>, most: usize) -> Vec<AccountId> {
        if !self.came.is_empty() {
            return Vec::new();
        }
        let until = now + ALONG;
        let (boundaries, failing) = (&self.boundaries, &self.failing);
        let suits = |account: &AccountId| {
            boundaries.get(account).is_none_or(|at| *at > until) && !failing.contains_key(account)
        };
        self.agenda.take_suiting(until, most, suits)
    }

    /// Returns when the boundary of a member was that has come in this round, if one has.
    pub(super) fn came_at(&self, account: AccountId) -> Option<DateTime<Utc>> {
        self.came.get(&account).copied()
    }

    /// Returns what the active entries of a member want.
    pub(super) fn want(&self, account: AccountId, now: DateTime<Utc>, policy: &Policy) -> Want {
        if policy.service == Service::Stopped {
            return Want::Known(None);
        }
        if !self.roster.is_known() {
            return Want::Unknown;
        }
        let Some(address) = self.roster.member(account).and_then(|member| member.address.as_ref()) else {
            return Want::Known(None);
        };
        match self.almanac.entries(address) {
            Some(entries) => {
                let until = || next_turn(now, entries, policy.zone);
                let wish = || overlay(now, entries, policy, self.marks(account));
                Want::Known(self.wishes.get(account, now, until, wish))
            }
            None => Want::Unknown,
        }
    }

    /// Returns whether the PBX has to be asked about a member now.
    pub(super) fn calls_for_a_look(&self, account: AccountId, now: DateTime<Utc>, orders: &Orders) -> bool {
        let Want::Known(wish) = self.want(account, now, &orders.policy) else { return false };
        let look_at = self.look_again_at(account, wish.as_deref(), orders);
        let interval = orders.policy.reassert_interval;
        let is_due = look_at.is_some_and(|at| at <= now);
        let unsettled = |hold: &Hold| !matches!(hold.phase, Phase::Held | Phase::Yielded);
        let mut redirects = self.held_by(account).filter(|hold| hold.field().number().is_some());
        if self.calls_for_numbers(account, wish.as_deref(), now, orders)
            || (is_due && self.watches_numbers(account, wish.as_deref()))
            || redirects.any(unsettled)
        {
            return true;
        }
        Field::OF_STATE.into_iter().any(|field| {
            let claims = wish.as_deref().map_or(&[][..], |wish| wish.claims(field));
            let Some(hold) = self.holds.get(&(account, field)) else { return !claims.is_empty() };
            let settled = hold.phase == Phase::Held || (hold.phase == Phase::Yielded && !claims.is_empty());
            !settled
                || hold.settle_at(now, interval).is_some_and(|at| at <= now)
                || is_due
                || !is_as_claimed(hold, claims)
        })
    }

    /// Sets when a member is looked at next: its next boundary, an unsettled hold, a held one, a failure to try again.
    pub(super) fn schedule(&mut self, account: AccountId, now: DateTime<Utc>, orders: &Orders) {
        let Want::Known(wish) = self.want(account, now, &orders.policy) else {
            // Whatever makes members or calendar known brings the member forward.
            self.agenda.set(account, None);
            self.early.expect(account, None, now);
            self.boundaries.remove(&account);
            return;
        };
        let boundary = self.boundary(account, now, orders);
        self.early.expect(account, boundary, now);
        match boundary {
            Some(at) => drop(self.boundaries.insert(account, at)),
            None => drop(self.boundaries.remove(&account)),
        }
        // While calls fail, a hold waits for the next try; a boundary does not.
        let failing = self.failing.get(&account).map(|failing| failing.again_at);
        let next = match failing {
            Some(again_at) => [boundary, Some(again_at)].into_iter().flatten().min(),
            None => {
                let settle = self.settle_at(account, now, orders);
                let look = self.look_again_at(account, wish.as_deref(), orders);
                [boundary, settle, look].into_iter().flatten().min()
            }
        };
        if next.is_none() {
            self.looked_at.remove(&account);
        }
        self.agenda.set(account, next);
    }

    /// When unsettled holds are looked at again: not at once after a look that could not settle them, and during a
    /// call, which may be what they wait for, at the pace of held ones.
    fn settle_at(&self, account: AccountId, now: DateTime<Utc>, orders: &Orders) -> Option<DateTime<Utc>> {
        let interval = orders.policy.reassert_interval;
        let distance = if self.in_call.contains(&account) { interval } else { SETTLE_DISTANCE };
        let earliest = self.looked_at.get(&account).map_or(now, |at| *at + distance);
        let settle = self.held_by(account).filter_map(|hold| hold.settle_at(now, interval)).min();
        settle.map(|at| at.max(earliest))
    }

    /// When a member is looked at although nothing is due: something is held, or waits for the end of a call.
    fn look_again_at(&self, account: AccountId, wish: Option<&Wish>, orders: &Orders) -> Option<DateTime<Utc>> {
        let watched = |field: Field| match self.holds.get(&(account, field)) {
            Some(hold) => hold.phase == Phase::Held,
            None => wish.is_some_and(|wish| wish.value(field).is_some()),
        };
        let looked_at = self.looked_at.get(&account).copied();
        let any = Field::OF_STATE.into_iter().any(watched) || self.watches_numbers(account, wish);
        any.then(|| looked_at.map_or(DateTime::UNIX_EPOCH, |at| at + orders.policy.reassert_interval))
    }

    /// Returns when what the entries of a member want may change next.
    pub(super) fn boundary(&self, account: AccountId, now: DateTime<Utc>, orders: &Orders) -> Option<DateTime<Utc>> {
        let address = self.roster.member(account)?.address.as_ref()?;
        next_boundary(now, self.almanac.entries(address)?, &orders.policy, self.marks(account))
    }

    /// Notes that the PBX answered a read.
    pub(super) fn looked(&mut self, account: AccountId, seen: &Seen, now: DateTime<Utc>) {
        self.looked_at.insert(account, now);
        self.absent_since.remove(&account);
        match seen.call {
            Call::UnderWay => self.in_call.insert(account),
            Call::None | Call::Unknown => self.in_call.remove(&account),
        };
    }

    /// Notes that a call for the member failed, and when it is tried again.
    pub(super) fn failed(&mut self, account: AccountId, now: DateTime<Utc>) {
        let round = self.round;
        let failing = self.failing.entry(account).or_insert(Failing { backoff: FIRST_TRY, again_at: now, round });
        let wait = failing.backoff.fail(None, account.0.to_le_bytes()[0]);
        failing.again_at = now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::minutes(1));
        failing.round = round;
    }

    /// Returns whether calls for the member failed since the last that went well.
    pub(super) fn is_failing(&self, account: AccountId) -> bool {
        self.failing.contains_key(&account)
    }

    /// Forgets the failures of members for whom everything went well in this round, or nothing was to be done.
    pub(super) fn forget_old_failures(&mut self, accounts: &[AccountId]) {
        for account in accounts {
            if self.failing.get(account).is_some_and(|failing| failing.round != self.round) {
                self.failing.remove(account);
            }
        }
    }

    /// Returns whether an account that is no member's has not been known to the PBX for a while. Shortly after a restart
    /// the PBX may not know its accounts yet.
    pub(super) fn is_gone(&mut self, account: AccountId, now: DateTime<Utc>) -> bool {
        let fresh_pbx = self.restarted_at.is_some_and(|at| now - at < GONE_AFTER);
        if fresh_pbx || self.roster.member(account).is_some() {
            self.absent_since.remove(&account);
            return false;
        }
        now - *self.absent_since.entry(account).or_insert(now) >= GONE_AFTER
    }

    /// Notes what became of a step. Where the field changed in between, the member is looked at again at once, a few
    /// times; after that, and after a lost answer, at a growing distance.
    pub(super) fn answered(&mut self, account: AccountId, field: Field, outcome: &Outcome, now: DateTime<Utc>) {
        match outcome {
            Outcome::Done { .. } => drop(self.refusals.remove(&(account, field))),
            Outcome::Refused { error } => {
                let refusal = self.refusals.entry((account, field));
                let first = || Trouble { since: now, text: String::new(), cause: refused(field) };
                refusal.or_insert_with(first).text.clone_from(error);
            }
            Outcome::Unanswered | Outcome::NotSent => self.failed(account, now),
            Outcome::Changed { .. } | Outcome::Stale => {
                self.failed(account, now);
                let again = self.failing.get_mut(&account).filter(|failing| failing.backoff.failures() <= AT_ONCE_MAX);
                if let Some(failing) = again {
                    failing.again_at = now;
                }
            }
        }
    }

    /// Returns whether a move answers to a value that something else overwrote.
    pub(super) fn is_drift(&self, one: &Move) -> bool {
        one.why == Why::Overwritten
            || (one.step.is_some()
                && matches!(&one.recording, Recording::Keep(hold)
                    if self.holds.get(&(one.account, one.field)).is_some_and(|before| before.under != hold.under)))
    }

    /// Keeps what a recording says.
    pub(super) fn keep(&mut self, key: Key, recording: &Recording, durable: bool) {
        match recording {
            Recording::Keep(hold) => {
                self.rehang(key, Kept::Held);
                self.holds.insert(key, hold.clone());
            }
            Recording::Drop => {
                self.rehang(key, Kept::Dropped);
                self.holds.remove(&key);
                self.refusals.remove(&key);
            }
        }
        if !durable {
            self.dirty.insert(key);
        }
    }

    /// Returns the early ends of a member.
    pub(super) fn marks(&self, account: AccountId) -> &[Mark] {
        self.marks.get(&account).map_or(&[], Vec::as_slice)
    }

    /// Marks an entry as ended early, over an earlier mark on it.
    pub(super) fn mark(&mut self, account: AccountId, mark: Mark) {
        let marks = self.marks.entry(account).or_default();
        marks.retain(|known| known.entry != mark.entry);
        marks.push(mark);
    }

    /// Forgets marks from before an instant, and returns them.
    pub(super) fn forget_marks(&mut self, before: DateTime<Utc>) -> Vec<(AccountId, EntryId)> {
        let mut forgotten = Vec::new();
        for (account, marks) in &mut self.marks {
            marks.retain(|mark| {
                let stays = mark.at >= before;
                if !stays {
                    forgotten.push((*account, mark.entry.clone()));
                }
                stays
            });
        }
        self.marks.retain(|_, marks| !marks.is_empty());
        forgotten
    }

    /// Returns the holds of a member.
    pub(super) fn holds_of(&self, account: AccountId) -> Vec<Hold> {
        self.held_by(account).cloned().collect()
    }

    fn held_by(&self, account: AccountId) -> impl Iterator<Item = &Hold> {
        let from = self.holds.range((account, Field::Presence)..);
        from.take_while(move |((of, _), _)| *of == account).map(|(_, hold)| hold)
    }

    /// Returns the login of a member, or of one who left and is still held.
    pub(super) fn login(&self, account: AccountId, holds: &[Hold]) -> Option<Login> {
        let member = self.roster.member(account).map(|member| member.login.clone());
        member.or_else(|| holds.iter().find_map(|hold| hold.login().cloned()))
    }

    /// Remembers a text as ours.
    pub(super) fn text_put(&mut self, account: AccountId, text: StatusText, now: DateTime<Utc>) {
        let texts = self.texts.entry(account).or_default();
        texts.retain(|(at, known)| now - *at < TEXT_OURS_FOR && *known != text);
        texts.push((now, text));
    }

    /// Returns the texts that are known as ours.
    pub(super) fn texts_put(&self, account: AccountId, now: DateTime<Utc>) -> Vec<StatusText> {
        let texts = self.texts.get(&account).map_or(&[][..], Vec::as_slice);
        texts.iter().filter(|(at, _)| now - *at < TEXT_OURS_FOR).map(|(_, text)| text.clone()).collect()
    }
}

/// How much earlier than it is due a member is looked at again together with others.
const ALONG: TimeDelta = TimeDelta::seconds(5);

/// How calls for one member are spaced while they fail.
const FIRST_TRY: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));

/// Whether a hold is just what the claims want: the same value, by the same entries, until the same end.
fn is_as_claimed(hold: &Hold, claims: &[Claim]) -> bool {
    let in_vain = |claim: &&Claim| hold.yielded.contains(&claim.entry);
    let (vain, claims): (Vec<&Claim>, Vec<&Claim>) = claims.iter().partition(in_vain);
    if hold.phase == Phase::Yielded {
        return claims.is_empty() && vain.len() == hold.yielded.len();
    }
    let back_after = claims.iter().map(|claim| claim.ends_at).max().map(|end| end + Back::GRACE);
    claims.first().is_some_and(|claim| hold.put.looks_like(&claim.value))
        && hold.back_after == back_after
        && vain.len() == hold.yielded.len()
        && hold.claimants.iter().map(|claimant| &claimant.entry).eq(claims.iter().map(|claim| &claim.entry))
}
