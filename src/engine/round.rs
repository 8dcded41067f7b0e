//! One round: observe → decide → record → apply → confirm, for every member that is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::join;
use tracing::{debug, info, warn};

use super::shadow::SHADOWED;
use super::state::{Key, Want};
use super::{Asked, Engine, Mode, Restart};
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::{Happening, Journal, Record};
use crate::pbx::{ACCOUNTS_MAX, Applied, CALLS_MAX, Pbx};
use crate::rules::{
    AccountId, Call, Deed, DestinationKind, Dnd, EntryId, Hold, Move, Outcome, Phase, Presence, Recording, Seen,
    Situation, StatusText, Step, Telephony, Value, Why, confirm, decide,
};

/// The most members in one round; more than one process serves at all.
const ROUND_MAX: usize = 10_000;

/// The most members in one portion of a round: as many as are in flight to the PBX at one time.
const PORTION_MAX: usize = ACCOUNTS_MAX * CALLS_MAX;

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Looks at every member that is due, and does what is to be done.
    ///
    /// None is looked at before the members were asked for once: an account may belong to another person since the
    /// last life, and what was held for the one must not be written back to the other.
    pub(super) async fn round(&mut self) {
        if self.members_asked == Asked::NotYet {
            return;
        }
        let now = self.ports.clock.now();
        self.look_ahead(now).await;
        let mut due = self.state.take_due(now, ROUND_MAX);
        let mut looks: Vec<AccountId> =
            due.iter().copied().filter(|account| self.state.calls_for_a_look(*account, now, &self.orders)).collect();
        if !looks.is_empty() {
            let along = self.state.take_along(now, ROUND_MAX.saturating_sub(due.len()));
            looks.extend(&along);
            due.extend(along);
            self.look_at(&looks).await;
        }
        self.state.forget_old_failures(&due);
        // By the instant at which the round began: a boundary that came while the PBX was asked is due at once.
        let touched = std::mem::take(&mut self.state.touched);
        for account in touched.into_iter().chain(due) {
            self.state.schedule(account, now, &self.orders);
        }
        if !self.state.dirty.is_empty() || !self.state.unsaved.is_empty() {
            self.record(Vec::new()).await;
        }
    }

    async fn look_at(&mut self, accounts: &[AccountId]) {
        let mut moves = self.decide_states(accounts).await;
        let fresh = self.observe_numbers(accounts).await;
        moves.extend(self.decide_numbers(&fresh).await);
        self.carry_out(moves).await;
    }

    /// Decides by what was read shortly before, where that is enough, and else by what is read now.
    async fn decide_states(&mut self, accounts: &[AccountId]) -> Vec<Move> {
        let now = self.ports.clock.now();
        let early = self.state.early.take(accounts, now);
        let others: Vec<AccountId> = accounts.iter().copied().filter(|account| !early.contains_key(account)).collect();
        let mut seen = if others.is_empty() { BTreeMap::new() } else { self.observe(&others).await };
        let mut unsure: BTreeSet<AccountId> = early.keys().copied().collect();
        for (account, early) in early {
            self.state.looked(account, &early.seen, early.read_at);
            seen.insert(account, early.seen);
        }
        let mut moves = self.decide(&seen).await;
        keep_unsure(&mut unsure, &moves, &seen);
        if !unsure.is_empty() {
            moves.retain(|one| !unsure.contains(&one.account));
            let unsure: Vec<AccountId> = unsure.into_iter().collect();
            let again = self.observe(&unsure).await;
            moves.extend(self.decide(&again).await);
            seen.extend(again);
        }
        self.watch_rivals(&seen, &moves);
        moves
    }

    /// Records and applies moves, a portion at a time: while the PBX works on one, the next is made durable. No two
    /// portions are with the PBX at one time, and all are confirmed together.
    async fn carry_out(&mut self, moves: Vec<Move>) {
        let mut portions = portions(moves).into_iter();
        let Some(first) = portions.next() else { return };
        let mut done: Vec<(Vec<Move>, Vec<Outcome>)> = Vec::new();
        let mut recorded = self.record_moves(first).await;
        loop {
            let steps: Vec<Step> = recorded.iter().filter_map(|one| one.step.clone()).collect();
            let pbx = Arc::clone(&self.ports.pbx);
            let applying = async move { if steps.is_empty() { Applied::default() } else { pbx.apply(&steps).await } };
            let (applied, next) = match portions.next() {
                Some(next) => {
                    let (applied, next) = join(applying, self.record_moves(next)).await;
                    (applied, Some(next))
                }
                None => (applying.await, None),
            };
            let outcomes = self.applied(applied).await;
            done.push((recorded, outcomes));
            match next {
                Some(next) => recorded = next,
                None => break,
            }
        }
        self.confirm(done).await;
    }

    /// Reads what the PBX shows. An account that is missing in the answer is unknown and tried again later.
    async fn observe(&mut self, accounts: &[AccountId]) -> BTreeMap<AccountId, Seen> {
        let states = self.ports.pbx.states(accounts).await;
        let now = self.ports.clock.now();
        self.pbx_answered("states", &states.errors);
        let mut gone = Vec::new();
        for account in accounts {
            if let Some(seen) = states.seen.get(account) {
                self.state.looked(*account, seen, now);
                continue;
            }
            if states.errors.is_empty() && !self.state.is_failing(*account) {
                warn!(member.id = account.0, "The PBX does not say what a member shows; it is asked again.");
            }
            if states.errors.is_empty() && self.state.is_gone(*account, now) {
                gone.push(*account);
            }
            self.state.failed(*account, now);
        }
        self.let_go_of_the_gone(&gone, now).await;
        states.seen
    }

    /// Lets go of accounts that the PBX does not know any more: there is nobody to give anything back to.
    async fn let_go_of_the_gone(&mut self, accounts: &[AccountId], now: DateTime<Utc>) {
        // A number of a group is reached through somebody else.
        let has_another = |hold: &Hold| {
            let number = hold.field().number();
            number.is_some_and(|number| self.state.numbers.having(number).any(|having| having != hold.account))
        };
        let holds = accounts.iter().flat_map(|account| self.state.holds_of(*account));
        let holds = holds.filter(|hold| !has_another(hold));
        let stranger = |hold: Hold| {
            let (account, field, why) = (hold.account, hold.field(), Why::Stranger);
            Move { account, field, recording: Recording::Drop, step: None, why }
        };
        let moves: Vec<Move> = holds.map(stranger).collect();
        if moves.is_empty() {
            return;
        }
        let mut records = Vec::new();
        for one in &moves {
            self.tell_of_quiet_move(one);
            records.push(Record::Drop(one.account, one.field));
            records.extend(let_go(one, now).map(Record::Happening));
        }
        let durable = self.record(records).await;
        for one in &moves {
            self.state.keep((one.account, one.field), &one.recording, durable);
        }
    }

    async fn decide(&mut self, seen: &BTreeMap<AccountId, Seen>) -> Vec<Move> {
        let moves = self.moves(seen);
        if !moves.iter().any(|one| self.state.is_drift(one)) {
            return moves;
        }
        match self.learn_of_restart().await {
            // The PBX lost what we put; nobody overwrote it, so what it shows is nobody's wish.
            Restart::Seen => self.moves(seen),
            Restart::NotSeen => moves,
            Restart::Unknown => {
                let now = self.ports.clock.now();
                let (unsure, sure): (Vec<_>, Vec<_>) = moves.into_iter().partition(|one| self.state.is_drift(one));
                for one in &unsure {
                    self.state.failed(one.account, now);
                }
                sure
            }
        }
    }

    fn moves(&self, seen: &BTreeMap<AccountId, Seen>) -> Vec<Move> {
        let now = self.ports.clock.now();
        let of_member = |(account, seen): (&AccountId, &Seen)| {
            let Want::Known(wish) = self.state.want(*account, now, &self.orders.policy) else { return Vec::new() };
            let holds = self.state.holds_of(*account);
            let Some(login) = self.state.login(*account, &holds) else { return Vec::new() };
            decide(&Situation {
                now,
                account: *account,
                login: &login,
                wish: wish.as_deref(),
                holds: &holds,
                seen,
                texts_put: &self.state.texts_put(*account, now),
                journal_began_at: self.state.journal_began_at,
                restarted_at: self.state.restarted_at,
                policy: &self.orders.policy,
            })
        };
        seen.iter().flat_map(of_member).collect()
    }

    /// Makes the holds durable before anything is written, and returns the moves that may go on: all of them, or, with
    /// a journal that cannot be written, those that only take something off.
    async fn record_moves(&mut self, moves: Vec<Move>) -> Vec<Move> {
        let now = self.ports.clock.now();
        let records = moves.iter().flat_map(|one| records_of(one, now)).collect();
        let durable = self.record(records).await;
        let (moves, waiting): (Vec<_>, Vec<_>) = moves.into_iter().partition(|one| durable || one.takes_off());
        for one in &waiting {
            self.state.failed(one.account, now);
        }
        for one in &moves {
            let key = (one.account, one.field);
            if let Recording::Keep(hold) = &one.recording
                && hold.phase == Phase::Putting
                && let Value::Text(text) = &hold.put
            {
                self.state.text_put(one.account, text.clone(), now);
            }
            self.state.keep(key, &one.recording, durable);
        }
        moves
    }

    async fn applied(&mut self, applied: Applied) -> Vec<Outcome> {
        if applied.outcomes.is_empty() {
            return Vec::new();
        }
        self.pbx_answered("writes", &applied.errors);
        if applied.outcomes.contains(&Outcome::Stale) {
            // Our numbers are behind those the module knows; asking it raises them.
            self.learn_of_restart().await;
        }
        applied.outcomes
    }

    async fn confirm(&mut self, done: Vec<(Vec<Move>, Vec<Outcome>)>) {
        let now = self.ports.clock.now();
        let mut records = Vec::new();
        let mut keys = Vec::new();
        for (one, outcome) in done.into_iter().flat_map(|(moves, outcomes)| with_outcomes(moves, outcomes)) {
            // Where the module was only told what to put back, nothing hangs on its answer while we live.
            let written = outcome.filter(|_| one.step.as_ref().is_some_and(|step| step.written().is_some()));
            let (Some(outcome), Recording::Keep(hold)) = (written, &one.recording) else {
                self.tell_of_quiet_move(&one);
                records.extend(let_go(&one, now).map(Record::Happening));
                continue;
            };
            let recording = confirm(hold, &outcome, now);
            if let (Outcome::Done { seen }, Some(Value::Redirect(number, written))) =
                (&outcome, one.step.as_ref().and_then(Step::written))
            {
                let shown = match seen {
                    Some(Value::Redirect(_, shown)) => shown,
                    _ => written,
                };
                self.state.numbers.show(*number, shown);
            }
            self.tell_of_step(&one, hold, &outcome);
            self.measure_step(&one, &outcome, now);
            self.state.answered(one.account, one.field, &outcome, now);
            let key = (one.account, one.field);
            records.push(record_of(key, &recording));
            records.extend(happening(&one, hold, &outcome, self.mode, now).map(Record::Happening));
            keys.push((key, recording));
        }
        if records.is_empty() {
            return;
        }
        let durable = self.record(records).await;
        for (key, recording) in keys {
            self.state.keep(key, &recording, durable);
        }
    }

    /// Counts a step, and how late it was where a boundary that has come is why it was made. What is done after a failure,
    /// a restart, or against a value that something else wrote, is late for another reason.
    fn measure_step(&self, one: &Move, outcome: &Outcome, now: DateTime<Utc>) {
        if self.mode == Mode::Shadow {
            return;
        }
        self.meter.step(one.field.name(), outcome.word());
        let of_boundary = matches!(one.why, Why::Begins | Why::Changes | Why::Ends);
        if let (true, Outcome::Done { .. }, Some(at)) = (of_boundary, outcome, self.state.came_at(one.account)) {
            self.meter.late_by(now - at);
        }
    }

    fn tell_of_step(&self, one: &Move, hold: &Hold, outcome: &Outcome) {
        let Some(Step { deed: Deed::Write { value, expect, .. }, .. }) = &one.step else { return };
        let (account, field) = (one.account.0, one.field.name());
        let number = one.field.number().map(tracing::field::display);
        // Worked out only for a line that is written.
        let entry = || first_entry(hold).map(EntryId::hash).unwrap_or_default();
        let from = || expect.as_ref().map_or("unknown", |value| shown(value, hold));
        let to = || shown(value, hold);
        let why = one.why.words();
        match outcome {
            Outcome::Done { .. } => info!(
                member.id = account,
                field,
                number,
                from = from(),
                to = to(),
                why,
                entry.id_hash = entry(),
                round = self.state.round,
                "{}",
                self.mode.told()
            ),
            Outcome::Changed { .. } => debug!(
                member.id = account,
                field, why, "The field changed between reading and writing, so it is looked at again."
            ),
            Outcome::Stale => debug!(member.id = account, field, "The PBX knows a later call than this one."),
            Outcome::Refused { error } => {
                warn!(
                    member.id = account,
                    field,
                    number,
                    to = to(),
                    why,
                    error,
                    "The PBX refused to change the field of a member."
                );
            }
            Outcome::Unanswered => {
                warn!(
                    member.id = account,
                    field,
                    number,
                    to = to(),
                    why,
                    "The PBX did not answer a write, so it is looked at again."
                );
            }
            Outcome::NotSent => debug!(member.id = account, field, "The write did not reach the PBX."),
        }
    }

    fn tell_of_quiet_move(&self, one: &Move) {
        let (account, field, why, round) = (one.account.0, one.field.name(), one.why.words(), self.state.round);
        match one.why {
            Why::LeftAlone | Why::Yields => {
                info!(member.id = account, field, why, round, "The field of a member was left alone.");
            }
            Why::ShownUnknown => {
                warn!(member.id = account, field, why, "The field of a member will be set to neutral at the end.");
            }
            Why::Stranger => warn!(member.id = account, field, why, round, "The field of an account was let go."),
            _ => debug!(member.id = account, field, why, "A hold was settled without a write."),
        }
    }
}

impl Mode {
    /// How a log tells of a write.
    fn told(self) -> &'static str {
        match self {
            Self::Service => "The field of a member was changed.",
            Self::Shadow => "The field of a member would be changed; this is a shadow run.",
        }
    }

    /// How history tells of a write.
    fn outcome(self) -> &'static str {
        match self {
            Self::Service => "done",
            Self::Shadow => SHADOWED,
        }
    }
}

/// Gives each move that has a step its outcome.
fn with_outcomes(moves: Vec<Move>, outcomes: Vec<Outcome>) -> impl Iterator<Item = (Move, Option<Outcome>)> {
    let mut outcomes = outcomes.into_iter();
    moves.into_iter().map(move |one| {
        let outcome = one.step.as_ref().map(|_| outcomes.next().unwrap_or(Outcome::Unanswered));
        (one, outcome)
    })
}

/// Parts moves so that no member's are parted.
fn portions(moves: Vec<Move>) -> Vec<Vec<Move>> {
    let mut portions: Vec<Vec<Move>> = Vec::new();
    let (mut accounts, mut last) = (0, None);
    for one in moves {
        let is_new = last != Some(one.account);
        if portions.is_empty() || (is_new && accounts == PORTION_MAX) {
            portions.push(Vec::new());
            accounts = 0;
        }
        accounts += usize::from(is_new);
        last = Some(one.account);
        portions.last_mut().expect("one was pushed").push(one);
    }
    portions
}

/// Leaves those whom what was read before their boundary does not suffice for: the PBX itself must find nothing changed
/// since, which it does where every move is a write over what is expected.
fn keep_unsure(unsure: &mut BTreeSet<AccountId>, moves: &[Move], seen: &BTreeMap<AccountId, Seen>) {
    let is_sure = |one: &Move| {
        matches!(&one.step, Some(Step { deed: Deed::Write { expect: Some(_), .. }, .. }))
            && seen.get(&one.account).is_some_and(|seen| seen.call != Call::UnderWay)
    };
    let mut sure: BTreeMap<AccountId, bool> = BTreeMap::new();
    for one in moves {
        let all = sure.entry(one.account).or_insert(true);
        *all = *all && is_sure(one);
    }
    unsure.retain(|account| !sure.get(account).copied().unwrap_or_default());
}

/// A row of history for a field that was let go although nothing was written back.
fn let_go(one: &Move, now: DateTime<Utc>) -> Option<Happening> {
    let entry = match &one.recording {
        Recording::Keep(hold) => first_entry(hold).cloned(),
        Recording::Drop => None,
    };
    matches!(one.why, Why::LeftAlone | Why::Yields | Why::Stranger).then(|| Happening {
        at: now,
        account: one.account,
        from: one.field.neutral(),
        to: one.field.neutral(),
        why: one.why.words().to_owned(),
        entry,
        outcome: "left alone".to_owned(),
    })
}

fn records_of(one: &Move, now: DateTime<Utc>) -> Vec<Record> {
    let mut records = vec![record_of((one.account, one.field), &one.recording)];
    if let Recording::Keep(hold) = &one.recording
        && hold.phase == Phase::Putting
        && let Value::Text(text) = &hold.put
    {
        records.push(Record::TextPut { account: one.account, text: text.clone(), at: now });
    }
    records
}

fn record_of((account, field): Key, recording: &Recording) -> Record {
    match recording {
        Recording::Keep(hold) => Record::Hold(hold.clone()),
        Recording::Drop => Record::Drop(account, field),
    }
}

/// A row of history for a step that reached the PBX.
fn happening(one: &Move, hold: &Hold, outcome: &Outcome, mode: Mode, now: DateTime<Utc>) -> Option<Happening> {
    let Deed::Write { value, expect, .. } = &one.step.as_ref()?.deed else { return None };
    let outcome = match outcome {
        Outcome::Done { .. } => mode.outcome(),
        Outcome::Refused { .. } => "refused",
        Outcome::Unanswered => "not answered",
        Outcome::Changed { .. } | Outcome::Stale | Outcome::NotSent => return None,
    };
    Some(Happening {
        at: now,
        account: one.account,
        from: expect.clone().unwrap_or_else(|| one.field.neutral()),
        to: value.clone(),
        why: one.why.words().to_owned(),
        entry: first_entry(hold).cloned(),
        outcome: outcome.to_owned(),
    })
}

fn first_entry(hold: &Hold) -> Option<&EntryId> {
    hold.claimants.first().map(|claimant| &claimant.entry)
}

/// How a value stands in a log: a presence by its name, a text only by whose it is.
fn shown<'a>(value: &'a Value, hold: &Hold) -> &'a str {
    match value {
        Value::Text(StatusText(text)) if text.trim().is_empty() => "empty",
        Value::Text(_) if hold.has_put(value) => "ours",
        // Names that nobody here knows may be anything, so they are not repeated.
        Value::Text(_) | Value::Presence(Presence::Other(_)) | Value::Indicator(Telephony::Other(_)) => "other",
        Value::Presence(presence) => presence.name(),
        Value::Indicator(telephony) => telephony.name(),
        Value::Dnd(Dnd::On) => "on",
        Value::Dnd(Dnd::Off) => "off",
        Value::Redirect(_, redirect) if !redirect.enabled => "off",
        Value::Redirect(_, redirect) => match redirect.kind {
            DestinationKind::Number => "number",
            DestinationKind::Mailbox => "voicemail",
            DestinationKind::Other(_) => "other",
        },
    }
}
