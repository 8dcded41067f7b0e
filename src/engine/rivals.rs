//! What the engine tells the referee of: who else writes to the fields that it writes to.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tracing::{info, warn};

use super::Engine;
use super::report::Trouble;
use crate::alarm::Cause;
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;
use crate::rules::referee::Conflict;
use crate::rules::text::Traces;
use crate::rules::{AccountId, Field, Move, Seen, Step, Value, Why};

/// The most members that are named; the rest is counted.
const NAMED_MAX: usize = 5;

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Tells the referee what a look showed and what is done about it, and says once when it sees a conflict. Comes
    /// before the moves are kept: the holds are still those that the look was compared with.
    pub(super) fn watch_rivals(&mut self, seen: &BTreeMap<AccountId, Seen>, moves: &[Move]) {
        let now = self.ports.clock.now();
        let traces = Traces::of(self.orders.policy.text.as_ref().map(|text| &text.template));
        for (account, seen) in seen {
            let is_foreign = !self.is_text_of_ours(*account, seen, now) && traces.show_in(&seen.text);
            self.referee.text_stands(*account, &seen.text, is_foreign, now);
        }
        for one in moves {
            self.tell_of_move(one, seen.get(&one.account), now);
        }
        self.judge_rivals(now);
    }

    fn tell_of_move(&mut self, one: &Move, seen: Option<&Seen>, now: DateTime<Utc>) {
        let found = seen.and_then(|seen| seen.value(one.field));
        let written = one.step.as_ref().and_then(Step::written);
        match (one.why, found, written) {
            (Why::Begins, Some(found), Some(_)) => self.referee.written_over(one.account, &found, now),
            (Why::Changes, _, Some(_)) => self.referee.rewritten(one.account, one.field, now),
            (Why::Overwritten, Some(found), Some(_)) | (Why::Yields, Some(found), _) => {
                self.referee.overwritten(one.account, &found, now);
            }
            _ => {}
        }
    }

    /// Has the referee judge anew, also where nothing more is seen: traces grow old.
    pub(super) fn judge_rivals(&mut self, now: DateTime<Utc>) {
        let Some(conflict) = self.referee.judge(now) else {
            if self.conflict.take().is_some() {
                info!("No other program was seen to set the status of members for a day.");
            }
            return;
        };
        let text = self.told_of_conflict(&conflict);
        if self.conflict.is_none() {
            warn!(what = text, "Another program sets the status of members; only one may.");
        }
        self.conflict = Some(Trouble { since: conflict.since, text, cause: Cause::Conflict });
    }

    /// Looks at the hold first: mostly what stands there is what we put.
    fn is_text_of_ours(&self, account: AccountId, seen: &Seen, now: DateTime<Utc>) -> bool {
        let value = Value::Text(seen.text.clone());
        let hold = self.state.holds.get(&(account, Field::Text));
        let held = hold.is_some_and(|hold| hold.has_put(&value) || hold.under.looks_like(&value));
        held || seen.text.0.is_empty() || {
            let text = seen.text.normalised();
            self.state.texts_put(account, now).iter().any(|put| put.normalised() == text)
        }
    }

    fn told_of_conflict(&self, conflict: &Conflict) -> String {
        let traces = conflict.traces.iter().map(|trace| {
            let accounts = trace.accounts();
            let named: Vec<String> = accounts.iter().take(NAMED_MAX).map(|account| self.named(*account)).collect();
            let more = accounts.len().saturating_sub(NAMED_MAX);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{} ({}{more})", trace.words(), named.join(", "))
        });
        format!("another program sets the status of members: {}", traces.collect::<Vec<_>>().join("; "))
    }

    fn named(&self, account: AccountId) -> String {
        match self.state.roster.member(account) {
            Some(member) => format!("{} {}", member.login, member.name),
            None => account.to_string(),
        }
    }
}
