//! The calls of a round of dialogues with several mailboxes: who is asked next, and who is asked again in smaller groups.
//!
//! Never waits and knows no connection, so each of its decisions is tested without one. A group whose answer is too
//! large or means nothing, or, where the dialogue allows for it, comes too late, is asked again in halves, so that in the
//! end only the mailbox that causes it is unknown. Where it is texts that make an answer too large, only they are given
//! up. Everything else that fails ends the round: asking others at once would fare no better.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::batch::Item;
use super::dialogue::{Dialogue, Progress};
use super::endpoint::Endpoint;
use super::error::GraphError;
use super::reply::{RequestId, Service};
use super::{BATCH_MAX, PerMailbox};

/// The late or meaningless answers that are borne: as many as it takes to find one mailbox among twenty.
const SETBACKS_MAX: usize = 6;

/// The same while nothing at all was answered: the group and one half. If the other half fails, too, it is not one
/// mailbox that causes it.
const SETBACKS_MAX_AT_FIRST: usize = 2;

/// The answers too large that are borne, each of them eight megabytes for nothing.
const OVERSIZED_MAX: usize = 24;

/// The answers of one call, in the order of its group.
pub(super) struct Answers {
    pub(super) items: Vec<Item>,
    /// The id of the call, for answers that bear none of their own.
    pub(super) request_id: Option<RequestId>,
    /// When the call was answered.
    pub(super) at: DateTime<Utc>,
}

/// A dialogue and its place among those that were begun.
pub(super) struct Turn<D> {
    pub(super) index: usize,
    pub(super) dialogue: D,
}

/// The calls of one round of dialogues.
pub(super) struct Round<D: Dialogue> {
    waiting: VecDeque<Vec<Turn<D>>>,
    known: Vec<Option<Result<D::Outcome, GraphError>>>,
    answered: bool,
    setbacks: usize,
    oversized: usize,
}

impl<D: Dialogue> Round<D> {
    /// Begins with every mailbox.
    pub(super) fn new(dialogues: Vec<D>) -> Self {
        let known = dialogues.iter().map(|_| None).collect();
        let mut turns = dialogues.into_iter().enumerate().map(|(index, dialogue)| Turn { index, dialogue });
        let mut waiting = VecDeque::new();
        loop {
            let group: Vec<Turn<D>> = turns.by_ref().take(BATCH_MAX).collect();
            if group.is_empty() {
                break;
            }
            waiting.push_back(group);
        }
        Self { waiting, known, answered: false, setbacks: 0, oversized: 0 }
    }

    /// Returns who is asked next; nobody when all are known.
    pub(super) fn next_group(&mut self) -> Option<Vec<Turn<D>>> {
        self.waiting.pop_front()
    }

    /// Takes in the answers of a group. Those with a next question are asked again together.
    pub(super) fn take(&mut self, group: Vec<Turn<D>>, answers: Answers, graph: &Endpoint) {
        self.answered = true;
        let mut more = Vec::new();
        for (mut turn, item) in group.into_iter().zip(answers.items) {
            match turn.dialogue.hear(item, answers.at, graph) {
                Ok(Progress::More) => more.push(turn),
                Ok(Progress::Whole) => self.known[turn.index] = Some(Ok(turn.dialogue.finish())),
                Err(error) => self.fail_for_good(&turn, error.in_call(answers.request_id.as_ref())),
            }
        }
        if !more.is_empty() {
            self.waiting.push_back(more);
        }
    }

    /// Takes in that a group was not answered.
    pub(super) fn fail(&mut self, mut group: Vec<Turn<D>>, error: &GraphError) {
        if !self.tries_again(error) {
            self.give_up(group, error);
        } else if group.len() > 1 {
            let second = group.split_off(group.len() / 2);
            self.waiting.extend([group, second]);
        } else if let Some(turn) = group.pop() {
            self.fail_alone(turn, error);
        }
    }

    /// Ends with one outcome per dialogue, or with the error when nobody was answered for.
    pub(super) fn finish(self) -> PerMailbox<D::Outcome> {
        let mut outcomes = Vec::with_capacity(self.known.len());
        for known in self.known {
            match known.expect("a round ends when every mailbox is known") {
                Err(error) if !self.answered => return Err(error),
                outcome => outcomes.push(outcome),
            }
        }
        Ok(outcomes)
    }

    fn tries_again(&mut self, error: &GraphError) -> bool {
        match error {
            GraphError::TooLarge { .. } => {
                self.answered = true;
                self.oversized += 1;
                self.oversized <= OVERSIZED_MAX
            }
            GraphError::TimedOut { .. } if !D::PARTED_WHEN_LATE => false,
            GraphError::TimedOut { service } | GraphError::Malformed { service, .. } => {
                self.setbacks += 1;
                let max = if self.answered { SETBACKS_MAX } else { SETBACKS_MAX_AT_FIRST };
                *service == Service::Graph && self.setbacks <= max
            }
            _ => false,
        }
    }

    fn fail_alone(&mut self, mut turn: Turn<D>, error: &GraphError) {
        let smaller = matches!(error, GraphError::TooLarge { .. }) && turn.dialogue.shrink();
        if smaller {
            self.waiting.push_back(vec![turn]);
        } else {
            self.fail_for_good(&turn, error.clone());
        }
    }

    /// Ends the round, or, where too many answers were too large, goes on without what makes them so.
    fn give_up(&mut self, mut group: Vec<Turn<D>>, error: &GraphError) {
        let too_large = matches!(error, GraphError::TooLarge { .. });
        let turns = group.iter_mut().chain(self.waiting.iter_mut().flatten());
        let lightened =
            if too_large { turns.map(|turn| turn.dialogue.lighten()).filter(|done| *done).count() } else { 0 };
        if lightened > 0 {
            self.oversized = 0;
            self.waiting.push_back(group);
        } else {
            self.stop(group, error);
        }
    }

    fn stop(&mut self, group: Vec<Turn<D>>, error: &GraphError) {
        let waiting = std::mem::take(&mut self.waiting);
        for turn in group.into_iter().chain(waiting.into_iter().flatten()) {
            self.fail_for_good(&turn, error.clone());
        }
    }

    fn fail_for_good(&mut self, turn: &Turn<D>, error: GraphError) {
        self.known[turn.index] = Some(Err(error));
    }
}

#[cfg(test)]
mod tests;
