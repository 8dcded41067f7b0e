//! Taking everything off on demand: by the running engine, or by one that was started for nothing else.
//!
//! The running engine ends what is active early and takes off with its next rounds. One that was started for this wants
//! nothing, so that rounds take everything off; the members who are not meant are on no agenda and stay as they are.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::oneshot;
use tracing::info;

use super::agenda::Agenda;
use super::command::Whom;
use super::state::{Key, Want};
use super::{Engine, Errand, Refusal, Restored, Unrestored, read_group};
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;
use crate::rules::policy::Service;
use crate::rules::{AccountId, Field, Hold, Login, Member, Phase};

/// How many rounds a take-off has before it is told what is left.
const ROUNDS_MAX: u8 = 3;

/// How long an engine that only takes off goes on while nothing moves.
const STILL_FOR: TimeDelta = TimeDelta::seconds(20);

/// How long it goes on at all: longer than a write that nobody answered may take to land.
const TAKE_OFF_FOR: TimeDelta = TimeDelta::seconds(80);

/// A take-off under way.
#[derive(Debug)]
pub(super) struct Restoring {
    keys: BTreeSet<Key>,
    entries: usize,
    asked_at: DateTime<Utc>,
    rounds_left: u8,
    reply: oneshot::Sender<Result<Restored, Refusal>>,
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    pub(super) async fn begin_restore(
        &mut self,
        text: Option<&str>,
        reply: oneshot::Sender<Result<Restored, Refusal>>,
    ) {
        let accounts = match self.meant(text) {
            Ok(accounts) => accounts,
            Err(refusal) => return drop(reply.send(Err(refusal))),
        };
        let asked_at = self.ports.clock.now();
        let entries = self.end_all_early(&accounts, asked_at, asked_at).await;
        info!(members = accounts.len(), entries, "An administrator has everything taken off.");
        let keys = self.keys_of(&accounts);
        self.try_anew(&keys, asked_at);
        self.restores.push(Restoring { keys, entries, asked_at, rounds_left: ROUNDS_MAX, reply });
    }

    /// After a round: answers whoever has nothing left, or has waited long enough, and brings what is left forward.
    pub(super) fn answer_restores(&mut self) {
        for mut one in std::mem::take(&mut self.restores) {
            one.rounds_left -= 1;
            let left = self.left_of(&one.keys, one.asked_at);
            if left.is_empty() || one.rounds_left == 0 {
                let fields = one.keys.len() - left.len();
                drop(one.reply.send(Ok(Restored { entries: one.entries, fields, left: self.tell(&left) })));
                continue;
            }
            let now = self.ports.clock.now();
            self.look_at_again(&left, now);
            self.restores.push(one);
        }
    }

    /// Takes everything off of the members meant, of all without a `member`, and ends. Goes on until nothing is held
    /// any more, or nothing moves for a while.
    ///
    /// # Errors
    /// When the text names nobody, or several.
    pub async fn take_off(mut self, member: Option<&str>) -> Result<Restored, Refusal> {
        self.orders.policy.service = Service::Stopped;
        self.learn_who_is_there().await;
        let keys = self.keys_of(&self.meant(member)?);
        self.state.agenda = Agenda::default();
        let began_at = self.ports.clock.now();
        self.try_anew(&keys, began_at);
        let (mut held, mut moved_at) = (self.held_of(&keys), began_at);
        loop {
            self.round().await;
            self.state.round += 1;
            let now = self.ports.clock.now();
            let held_now = self.held_of(&keys);
            if held_now != held {
                (held, moved_at) = (held_now, now);
            }
            let until =
                if self.left_of(&keys, began_at).is_empty() { began_at + TAKE_OFF_FOR } else { moved_at + STILL_FOR };
            if self.all_refused(&held) || now >= until.min(began_at + TAKE_OFF_FOR) {
                break;
            }
            let next = self.state.agenda.next_at().unwrap_or(until);
            self.ports.clock.sleep_until(next.min(until)).await;
        }
        let left = self.left_of(&keys, began_at);
        Ok(Restored { entries: 0, fields: keys.len() - left.len(), left: self.tell(&left) })
    }

    /// Reads the members, so that nothing is written to an account that is another person's by now.
    async fn learn_who_is_there(&mut self) {
        let group = read_group(&*self.ports.pbx, &self.orders).await;
        self.learn(Errand::Members(self.orders.group, group)).await;
    }

    /// Returns the accounts of the one that the text names, or all.
    fn meant(&self, text: Option<&str>) -> Result<Vec<AccountId>, Refusal> {
        match text {
            Some(text) => Ok(vec![self.member_named(text)?.account]),
            None => Ok(self.people().iter().map(|member| member.account).collect()),
        }
    }

    /// Returns what is held of these accounts; of a number that others claim too, only their claims end.
    fn keys_of(&self, accounts: &[AccountId]) -> BTreeSet<Key> {
        let accounts: BTreeSet<&AccountId> = accounts.iter().collect();
        let theirs = |((account, field), hold): &(&Key, &Hold)| match field {
            Field::Redirect(_) => hold.claimants.iter().all(|claimant| accounts.contains(&claimant.account)),
            _ => accounts.contains(account),
        };
        self.state.holds.iter().filter(theirs).map(|(key, _)| *key).collect()
    }

    /// Forgets what was refused before: somebody asks now, so nothing keeps its distance from an earlier try.
    fn try_anew(&mut self, keys: &BTreeSet<Key>, now: DateTime<Utc>) {
        for key in keys {
            self.state.refusals.remove(key);
            if let Some(hold) = self.state.holds.get_mut(key) {
                hold.rewrites = 0;
            }
        }
        self.look_at_again(keys, now);
    }

    fn look_at_again(&mut self, keys: &BTreeSet<Key>, now: DateTime<Utc>) {
        for (account, _) in keys {
            self.state.agenda.advance(*account, now);
        }
    }

    /// Returns how far the holds are that are still there.
    fn held_of(&self, keys: &BTreeSet<Key>) -> Vec<(Key, Phase)> {
        keys.iter().filter_map(|key| Some((*key, self.state.holds.get(key)?.phase))).collect()
    }

    fn all_refused(&self, held: &[(Key, Phase)]) -> bool {
        held.iter().all(|(key, _)| self.state.refusals.contains_key(key))
    }

    /// Returns what is not restored. What only waits until no write of ours may land any more is, and so is what another
    /// entry has put on since.
    fn left_of(&self, keys: &BTreeSet<Key>, asked_at: DateTime<Utc>) -> BTreeSet<Key> {
        let now = self.ports.clock.now();
        let is_left = |key: &&Key| {
            self.state.holds.get(key).is_some_and(|hold| {
                let waits = hold.phase == Phase::Restoring && hold.awaits_late_write(now);
                let settled = waits && !self.state.refusals.contains_key(key) && !self.state.is_failing(key.0);
                !settled && hold.since <= asked_at
            })
        };
        keys.iter().filter(is_left).copied().collect()
    }

    fn tell(&self, left: &BTreeSet<Key>) -> Vec<Unrestored> {
        let tell = |key: &Key| Unrestored {
            member: self.whom(key.0),
            field: key.1.name().to_owned(),
            number: key.1.number().map(|number| number.to_string()),
            why: self.why_left(*key),
        };
        left.iter().map(tell).collect()
    }

    fn whom(&self, account: AccountId) -> Whom {
        let left = || {
            let login = self.state.login(account, &self.state.holds_of(account));
            Member { account, login: login.unwrap_or(Login(String::new())), name: String::new(), address: None }
        };
        self.state.roster.member(account).map_or_else(|| Whom::from(&left()), Whom::from)
    }

    fn why_left(&self, key: Key) -> String {
        if let Some(refusal) = self.state.refusals.get(&key) {
            return format!("the PBX refused it with \"{}\"", refusal.text);
        }
        if let Some(trouble) = ["states", "writes"].iter().find_map(|asked| self.pbx_trouble.get(asked)) {
            return format!("the PBX did not do it: {}", trouble.text);
        }
        if self.state.is_failing(key.0) {
            return "the PBX did not answer for it".to_owned();
        }
        match self.state.want(key.0, self.ports.clock.now(), &self.orders.policy) {
            Want::Unknown => "the member's calendar is not known yet".to_owned(),
            Want::Known(_) => "it is still under way".to_owned(),
        }
    }
}
