//! What the module tells: a member ended its appointment early, the page changed, the module put something back.
//!
//! Events are taken from the module's queue on a connection of their own and act at the instant they name, not at the
//! one they are learnt. An early end is kept, durably, until the calendar of its moment is known.

use std::slice;

use chrono::{DateTime, Utc};
use tracing::{debug, info};

use super::state::Saved;
use super::{Engine, Restart, asked_wait, delta};
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::{Journal, Record};
use crate::pbx::{Drained, Event, EventKind, Pbx, PbxError};
use crate::rules::governing::active;
use crate::rules::{AccountId, EntryId, Mark};

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    pub(super) async fn learn_events(&mut self, result: Result<Drained, PbxError>) {
        let now = self.ports.clock.now();
        let drained = match result {
            Ok(drained) => drained,
            Err(error) => {
                let wait = self.events_trouble.fail(asked_wait(&error), 0);
                self.events_due_at = Some(now + delta(wait));
                self.pbx_answered("events", slice::from_ref(&error));
                return;
            }
        };
        self.events_trouble.succeed();
        self.pbx_answered("events", &[]);
        self.events_due_at = Some(now);
        if self.learn_queue(&drained.queue) == Restart::Seen {
            // Presence, text and indicator may be lost: everybody who is held is looked at.
            self.members_due_at = self.members_due_at.map(|_| now);
            self.look_at_everybody(now);
        }
        for event in drained.events {
            self.learn_event(event, now).await;
        }
        if self.state.queue.as_ref().is_some_and(|(_, seq)| *seq < drained.seq) {
            self.state.queue = Some((drained.queue, drained.seq));
            self.state.queue_saved = Saved::NotYet;
            self.record(Vec::new()).await;
        }
    }

    async fn learn_event(&mut self, event: Event, now: DateTime<Utc>) {
        match event.kind {
            EventKind::End(account) if self.state.roster.member(account).is_some() => {
                info!(member.id = account.0, "A member ends the active entries early, by telephone.");
                self.state.ends.insert((account, event.at));
                self.record(vec![Record::End(account, event.at)]).await;
                self.end_early(account, event.at, now).await;
                self.end_what_waited(now).await;
            }
            EventKind::End(account) => debug!(member.id = account.0, "Somebody who is no member called the number."),
            EventKind::Back(account) => {
                info!(member.id = account.0, "The module put back what was there, as this service had fallen silent.");
                self.state.agenda.advance(account, now);
            }
            EventKind::Config => {
                debug!("The module's page was changed.");
                self.page_changed(now);
                self.members_due_at = self.members_due_at.map(|_| now);
            }
            EventKind::Unknown => debug!("The module tells of something that this version does not know."),
        }
    }

    /// Marks every entry that is active at `at` as ended, and returns how many there are.
    pub(super) async fn end_early(&mut self, account: AccountId, at: DateTime<Utc>, now: DateTime<Utc>) -> usize {
        self.end_all_early(&[account], at, now).await
    }

    /// Marks every entry of these members that is active at `at` as ended, in one transaction.
    pub(super) async fn end_all_early(
        &mut self,
        accounts: &[AccountId],
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> usize {
        let mut records = Vec::new();
        for account in accounts {
            for entry in self.active_entries(*account, at) {
                let mark = Mark { entry, at };
                self.state.mark(*account, mark.clone());
                self.state.agenda.advance(*account, now);
                records.push(Record::Mark(*account, mark));
            }
        }
        let count = records.len();
        if count > 0 {
            self.record(records).await;
        }
        count
    }

    fn active_entries(&self, account: AccountId, at: DateTime<Utc>) -> Vec<EntryId> {
        let address = self.state.roster.member(account).and_then(|member| member.address.as_ref());
        let entries = address.and_then(|address| self.state.almanac.entries(address)).unwrap_or_default();
        let active = active(at, entries, &self.orders.policy, self.state.marks(account));
        active.into_iter().map(|one| one.entry.id.clone()).collect()
    }

    /// Does the early ends whose calendar has been read since; an entry that was learnt after its end is ended too.
    pub(super) async fn end_what_waited(&mut self, now: DateTime<Utc>) {
        let known = |(account, at): &&(AccountId, DateTime<Utc>)| {
            let address = self.state.roster.member(*account).and_then(|member| member.address.as_ref());
            address.is_none_or(|address| self.state.almanac.read_at(address).is_some_and(|read_at| read_at >= *at))
        };
        let ready: Vec<_> = self.state.ends.iter().filter(known).copied().collect();
        for (account, at) in ready {
            self.end_early(account, at, now).await;
            self.state.ends.remove(&(account, at));
            self.record(vec![Record::EndDone(account, at)]).await;
        }
    }

    /// Brings everybody forward of whom something is held.
    fn look_at_everybody(&mut self, now: DateTime<Utc>) {
        let accounts: Vec<AccountId> = self.state.holds.keys().map(|(account, _)| *account).collect();
        for account in accounts {
            self.state.agenda.advance(account, now);
        }
    }
}
