//! The calls of one reading of several mailboxes: who is asked next, and who is asked again in smaller groups.
//!
//! Never waits and knows no connection, so each of its decisions is tested without one. A group whose answer is too
//! large, comes too late or means nothing is asked again in halves, so that in the end only the mailbox that causes it
//! is unknown. Everything else that fails ends the reading: asking others at once would fare no better.

use std::collections::{BTreeSet, VecDeque};

use super::endpoint::Endpoint;
use super::error::GraphError;
use super::reading::{Progress, Reading, Smaller, Texts, Whole};
use super::reply::{RequestId, Service};
use super::wire::Page;
use super::{Answer, BATCH_MAX, Request};

/// The late or meaningless answers that are borne: as many as it takes to find one mailbox among twenty.
const SETBACKS_MAX: usize = 6;

/// The same while nothing at all was answered: the group and one half. If the other half fails, too, it is not one
/// mailbox that causes it.
const SETBACKS_MAX_AT_FIRST: usize = 2;

/// The answers too large that are borne, each of them eight megabytes for nothing.
const OVERSIZED_MAX: usize = 24;

/// The answers of one call, in the order of its group.
pub(super) struct Pages {
    pub(super) pages: Vec<Result<Page, GraphError>>,
    /// The id of the call, for answers that bear none of their own.
    pub(super) request_id: Option<RequestId>,
}

/// The calls of one reading.
pub(super) struct Round {
    waiting: VecDeque<Vec<Reading>>,
    known: Vec<Option<Result<Whole, GraphError>>>,
    /// The mailboxes that are read without their texts, as these were too large.
    forgone: Vec<usize>,
    answered: bool,
    setbacks: usize,
    oversized: usize,
}

impl Round {
    /// Begins with every mailbox; `texts` says what is asked of its texts.
    pub(super) fn new(requests: &[Request], texts: impl Fn(&Request) -> Texts) -> Self {
        let reading = |(index, request)| Reading::new(index, request, texts(request));
        let mut readings = requests.iter().enumerate().map(reading);
        let mut waiting = VecDeque::new();
        loop {
            let group: Vec<Reading> = readings.by_ref().take(BATCH_MAX).collect();
            if group.is_empty() {
                break;
            }
            waiting.push_back(group);
        }
        let known = requests.iter().map(|_| None).collect();
        Self { waiting, known, forgone: Vec::new(), answered: false, setbacks: 0, oversized: 0 }
    }

    /// Returns who is asked next; nobody when all are known.
    pub(super) fn next_group(&mut self) -> Option<Vec<Reading>> {
        self.waiting.pop_front()
    }

    /// Takes in the answers of a group. Those with further pages are asked again together.
    pub(super) fn take(&mut self, group: Vec<Reading>, answer: Pages, graph: &Endpoint) {
        self.answered = true;
        let mut more = Vec::new();
        for (mut reading, page) in group.into_iter().zip(answer.pages) {
            match page.and_then(|page| reading.take(page, graph)) {
                Ok(Progress::More) => more.push(reading),
                Ok(Progress::Whole) => self.known(reading.index(), Ok(reading)),
                Err(error) => {
                    let error = error.in_call(answer.request_id.as_ref());
                    self.known(reading.index(), Err(error));
                }
            }
        }
        if !more.is_empty() {
            self.waiting.push_back(more);
        }
    }

    /// Takes in that a group was not answered.
    pub(super) fn fail(&mut self, mut group: Vec<Reading>, error: &GraphError) {
        if !self.tries_again(error) {
            self.stop(group, error);
        } else if group.len() > 1 {
            let second = group.split_off(group.len() / 2);
            self.waiting.extend([group, second]);
        } else if let Some(reading) = group.pop() {
            self.fail_alone(reading, error);
        }
    }

    /// Returns the numbers of the mailboxes whose texts turned out to be too large.
    pub(super) fn forgone(&self) -> &[usize] {
        &self.forgone
    }

    /// Ends with one answer per request, or with the error when nobody was answered for.
    pub(super) fn finish(self, requests: &[Request]) -> Result<Vec<Answer>, GraphError> {
        let mut answers = Vec::with_capacity(requests.len());
        for (request, known) in requests.iter().zip(self.known) {
            let known = known.expect("a round ends when every mailbox is known");
            let (entries, tags_unknown) = match known {
                Ok(whole) => (Ok(whole.entries), whole.tags_unknown),
                Err(error) if !self.answered => return Err(error),
                Err(error) => (Err(error), BTreeSet::new()),
            };
            answers.push(Answer { address: request.address.clone(), entries, tags_unknown });
        }
        Ok(answers)
    }

    fn tries_again(&mut self, error: &GraphError) -> bool {
        match error {
            GraphError::TooLarge { .. } => {
                self.answered = true;
                self.oversized += 1;
                self.oversized <= OVERSIZED_MAX
            }
            GraphError::TimedOut { service } | GraphError::Malformed { service, .. } => {
                self.setbacks += 1;
                let max = if self.answered { SETBACKS_MAX } else { SETBACKS_MAX_AT_FIRST };
                *service == Service::Graph && self.setbacks <= max
            }
            _ => false,
        }
    }

    fn fail_alone(&mut self, mut reading: Reading, error: &GraphError) {
        let is_too_large = matches!(error, GraphError::TooLarge { .. });
        match is_too_large.then(|| reading.shrink()).flatten() {
            None => return self.known(reading.index(), Err(error.clone())),
            Some(Smaller::WithoutTexts) => self.forgone.push(reading.index()),
            Some(Smaller::Pages) => {}
        }
        self.waiting.push_back(vec![reading]);
    }

    fn stop(&mut self, group: Vec<Reading>, error: &GraphError) {
        let waiting = std::mem::take(&mut self.waiting);
        for reading in group.into_iter().chain(waiting.into_iter().flatten()) {
            self.known(reading.index(), Err(error.clone()));
        }
    }

    fn known(&mut self, index: usize, outcome: Result<Reading, GraphError>) {
        self.known[index] = Some(outcome.map(Reading::into_whole));
    }
}

#[cfg(test)]
mod tests;
