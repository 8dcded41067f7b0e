//! What is made durable, what waits for a journal that cannot be written, and what is forgotten in time.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use tracing::{error, info, warn};

use super::report::Trouble;
use super::state::{self, Saved};
use super::{Engine, chain, delta};
use crate::alarm::Cause;
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::{Journal, JournalError, QueuePosition, Record};
use crate::pbx::Pbx;
use crate::rules::Verdict;

/// The most records that wait for a journal that cannot be written: a list of members, and a calendar for each.
const UNSAVED_MAX: usize = 20_000;

/// How often old history is forgotten.
const PRUNE_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// How long history keeps the words of status texts.
const TEXTS_KEPT_FOR: TimeDelta = TimeDelta::days(7);

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Makes records durable, with every hold that could not be made durable before. Returns whether they are.
    pub(super) async fn record(&mut self, records: Vec<Record>) -> bool {
        let mut records: Vec<Record> = std::mem::take(&mut self.state.unsaved).into_iter().chain(records).collect();
        if self.state.queue_saved == Saved::NotYet
            && let Some((id, seq)) = self.state.queue.clone()
        {
            let restarted_at = self.state.restarted_at;
            records.push(Record::Queue(QueuePosition { id, seq, restarted_at }));
        }
        let named: BTreeSet<state::Key> = records.iter().filter_map(key_of).collect();
        for (account, field) in self.state.dirty.difference(&named) {
            records.push(match self.state.holds.get(&(*account, *field)) {
                Some(hold) => Record::Hold(hold.clone()),
                None => Record::Drop(*account, *field),
            });
        }
        // A commit takes what it is given, so what would be lost with a failed one is kept beside it: next to nothing.
        let spare: Vec<Record> = records.iter().filter(|record| is_lost_when_unsaved(record)).cloned().collect();
        match self.ports.journal.commit(records).await {
            Ok(()) => {
                self.meter.journal_commit();
                self.state.dirty.clear();
                self.state.queue_saved = Saved::Yes;
                if self.journal_trouble.take().is_some() {
                    info!("The journal can be written again.");
                }
                true
            }
            Err(error) => {
                self.keep_unsaved(spare, &error);
                false
            }
        }
    }

    /// Keeps what a failed commit was to make durable for the next one.
    fn keep_unsaved(&mut self, mut records: Vec<Record>, error: &JournalError) {
        let text = chain(error);
        if self.journal_trouble.is_none() {
            error!(error = text, "The journal cannot be written; nothing new is put on until it can.");
        }
        Trouble::note(&mut self.journal_trouble, self.ports.clock.now(), Cause::Journal, text);
        self.journal_is_gone = error.verdict() == Verdict::GiveUp;
        let surplus = records.len().saturating_sub(UNSAVED_MAX);
        self.state.unsaved = records.split_off(surplus);
    }

    pub(super) async fn prune(&mut self) {
        let now = self.ports.clock.now();
        if now < self.prune_at {
            return;
        }
        self.prune_at = now + PRUNE_INTERVAL;
        self.judge_rivals(now);
        let before = now - delta(self.orders.history_for);
        let pruned = self.ports.journal.prune(before, now - TEXTS_KEPT_FOR, now - state::TEXT_OURS_FOR).await;
        if let Err(error) = pruned {
            warn!(error = %chain(&error), "Old history could not be forgotten; it is tried again in an hour.");
        }
        // An entry that counts is over by then, so its mark is of no use.
        let marks_before = now - TimeDelta::days(i64::from(self.orders.policy.entry_days_max) + 2);
        let forgotten = self.state.forget_marks(marks_before);
        if !forgotten.is_empty() {
            let records = forgotten.into_iter().map(|(account, entry)| Record::ForgetMark(account, entry));
            self.record(records.collect()).await;
        }
    }
}

/// Holds are known as they are, and written again from there; history may be lost.
fn is_lost_when_unsaved(record: &Record) -> bool {
    !matches!(record, Record::Hold(_) | Record::Drop(..) | Record::Queue(_) | Record::Happening(_))
}

fn key_of(record: &Record) -> Option<state::Key> {
    match record {
        Record::Hold(hold) => Some((hold.account, hold.field())),
        Record::Drop(account, field) => Some((*account, *field)),
        _ => None,
    }
}
