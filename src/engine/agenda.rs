//! When whom to look at next: a heap of deadlines with one valid deadline per subject.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use chrono::{DateTime, Utc};

/// Deadlines, the earliest first. Setting one replaces the one before.
#[derive(Clone, Debug)]
pub(crate) struct Agenda<Subject> {
    heap: BinaryHeap<Reverse<(DateTime<Utc>, Subject)>>,
    valid: BTreeMap<Subject, DateTime<Utc>>,
}

impl<Subject: Ord + Clone> Default for Agenda<Subject> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), valid: BTreeMap::new() }
    }
}

impl<Subject: Ord + Clone> Agenda<Subject> {
    /// Sets the deadline of a subject; `None` takes it off the agenda.
    pub(crate) fn set(&mut self, subject: Subject, at: Option<DateTime<Utc>>) {
        match at {
            None => drop(self.valid.remove(&subject)),
            Some(at) if self.valid.get(&subject) == Some(&at) => {}
            Some(at) => {
                self.valid.insert(subject.clone(), at);
                self.heap.push(Reverse((at, subject)));
                self.tidy();
            }
        }
    }

    /// Brings a deadline forward; a later one than the present one changes nothing.
    pub(crate) fn advance(&mut self, subject: Subject, at: DateTime<Utc>) {
        if self.valid.get(&subject).is_none_or(|present| at < *present) {
            self.set(subject, Some(at));
        }
    }

    /// Brings every deadline forward; subjects without one stay without.
    pub(crate) fn advance_all(&mut self, at: DateTime<Utc>) {
        let subjects: Vec<Subject> = self.valid.keys().cloned().collect();
        for subject in subjects {
            self.advance(subject, at);
        }
    }

    /// Takes up to `most` subjects off that are due, the earliest first.
    pub(crate) fn take_due(&mut self, now: DateTime<Utc>, most: usize) -> Vec<Subject> {
        let mut due = Vec::new();
        while due.len() < most {
            let Some((at, subject)) = self.peek() else { break };
            if at > now {
                break;
            }
            self.heap.pop();
            self.valid.remove(&subject);
            due.push(subject);
        }
        due
    }

    /// Takes up to `most` subjects off that are due and that `suits`, the earliest first; the others stay as they are.
    pub(crate) fn take_suiting(
        &mut self,
        now: DateTime<Utc>,
        most: usize,
        suits: impl Fn(&Subject) -> bool,
    ) -> Vec<Subject> {
        let (mut due, mut others) = (Vec::new(), Vec::new());
        while due.len() < most {
            let Some((at, subject)) = self.peek().filter(|(at, _)| *at <= now) else { break };
            self.heap.pop();
            if suits(&subject) {
                self.valid.remove(&subject);
                due.push(subject);
            } else {
                others.push(Reverse((at, subject)));
            }
        }
        self.heap.extend(others);
        due
    }

    /// Returns the deadline of a subject.
    pub(crate) fn at(&self, subject: &Subject) -> Option<DateTime<Utc>> {
        self.valid.get(subject).copied()
    }

    /// Returns the earliest deadline.
    pub(crate) fn next_at(&mut self) -> Option<DateTime<Utc>> {
        self.peek().map(|(at, _)| at)
    }

    /// Returns the earliest valid deadline, and forgets replaced ones before it.
    fn peek(&mut self) -> Option<(DateTime<Utc>, Subject)> {
        while let Some(Reverse((at, subject))) = self.heap.peek() {
            if self.valid.get(subject) == Some(at) {
                return Some((*at, subject.clone()));
            }
            self.heap.pop();
        }
        None
    }

    /// Keeps the heap within a small multiple of what is valid, however often deadlines move.
    fn tidy(&mut self) {
        if self.heap.len() > 64 + 4 * self.valid.len() {
            self.heap = self.valid.iter().map(|(subject, at)| Reverse((*at, subject.clone()))).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn the_earliest_is_taken_first_and_only_once() {
        let mut agenda = Agenda::default();
        for (subject, second) in [("a", 3), ("b", 1), ("c", 2)] {
            agenda.set(subject, Some(at(second)));
        }
        assert_eq!(agenda.next_at(), Some(at(1)));
        assert_eq!(agenda.take_due(at(2), 10), ["b", "c"]);
        assert_eq!(agenda.take_due(at(9), 10), ["a"]);
        assert_eq!(agenda.next_at(), None);
    }

    #[test]
    fn a_deadline_set_anew_replaces_the_one_before() {
        let mut agenda = Agenda::default();
        agenda.set("a", Some(at(1)));
        agenda.set("a", Some(at(5)));
        assert_eq!(agenda.take_due(at(4), 10), [""; 0]);
        agenda.advance("a", at(9));
        assert_eq!((agenda.next_at(), agenda.at(&"a"), agenda.at(&"b")), (Some(at(5)), Some(at(5)), None));
        agenda.advance("a", at(2));
        assert_eq!(agenda.take_due(at(4), 10), ["a"]);
        agenda.set("a", Some(at(1)));
        agenda.set("a", None);
        assert_eq!(agenda.next_at(), None);
    }

    #[test]
    fn no_more_are_taken_than_asked_for() {
        let mut agenda = Agenda::default();
        for subject in 0..5 {
            agenda.set(subject, Some(at(0)));
        }
        assert_eq!(agenda.take_due(at(0), 2), [0, 1]);
        assert_eq!(agenda.take_due(at(0), 9), [2, 3, 4]);
    }

    #[test]
    fn those_who_do_not_suit_keep_their_deadlines() {
        let mut agenda = Agenda::default();
        for subject in 0..5 {
            agenda.set(subject, Some(at(subject)));
        }
        assert_eq!(agenda.take_suiting(at(3), 9, |subject| subject % 2 == 0), [0, 2]);
        assert_eq!(agenda.take_suiting(at(9), 1, |_| true), [1]);
        assert_eq!(agenda.take_due(at(9), 9), [3, 4]);
    }

    #[test]
    fn deadlines_that_move_often_do_not_pile_up() {
        let mut agenda = Agenda::default();
        for second in 0..10_000 {
            agenda.set("a", Some(at(second)));
        }
        assert!(agenda.heap.len() < 100, "{}", agenda.heap.len());
        assert_eq!(agenda.next_at(), Some(at(9_999)));
    }
}
