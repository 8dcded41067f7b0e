//! The called numbers with where calls to them go, as a graph that is searched for circles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Subscriber, target_without_us};
use crate::rules::guard::Denial;
use crate::rules::{AccountId, CalledNumber, Dialled, Hold, Ownership, RedirectRecord, tags};

/// The place of a line in the list.
type Index = usize;

/// Every called number that is known, whose own each is, and in which forms it may be dialled. Nothing in it changes by
/// what is wanted, so one serves for as long as the members have the same numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    by_number: BTreeMap<CalledNumber, Index>,
    by_form: HashMap<String, Vec<Index>>,
    /// Whose own each is; nobody's, where it is a group's.
    owners: Vec<Option<AccountId>>,
}

impl Directory {
    /// Takes every number of these accounts; where several have one as their own, it is the lowest one's.
    pub fn of<'a>(accounts: impl IntoIterator<Item = (AccountId, &'a [RedirectRecord])>) -> Self {
        let accounts: BTreeMap<AccountId, &[RedirectRecord]> = accounts.into_iter().collect();
        let mut directory = Self::default();
        for (account, records) in accounts {
            for record in records {
                directory.add(record.number, (record.ownership == Ownership::Own).then_some(account));
            }
        }
        directory
    }

    fn add(&mut self, number: CalledNumber, owner: Option<AccountId>) {
        let index = *self.by_number.entry(number).or_insert(self.owners.len());
        if index == self.owners.len() {
            self.owners.push(None);
            let forms = tags::number(number.as_str()).map_or_else(|| vec![number.to_string()], |number| number.forms());
            for form in forms {
                self.by_form.entry(form).or_default().push(index);
            }
        }
        self.owners[index] = self.owners[index].or(owner);
    }

    /// Returns the lines that ring when this is dialled.
    fn dialled(&self, target: &Dialled) -> BTreeSet<Index> {
        target.forms().iter().filter_map(|form| self.by_form.get(form)).flatten().copied().collect()
    }
}

/// Where calls to every number go.
pub(super) struct Lines<'a> {
    directory: &'a Directory,
    lines: Vec<Line>,
}

/// One called number.
#[derive(Clone, Default)]
struct Line {
    /// Where its calls go on, in this list.
    leads: BTreeSet<Index>,
    /// Whose calls come from where, in this list.
    comes: BTreeSet<Index>,
    /// Who planned where its calls go; nobody while it is only as the PBX has it.
    planned_by: BTreeSet<AccountId>,
}

impl<'a> Lines<'a> {
    /// Takes every number with where its calls go without us.
    pub(super) fn of(
        directory: &'a Directory,
        subscribers: &[Subscriber<'_>],
        holds: &BTreeMap<CalledNumber, &Hold>,
    ) -> Self {
        let mut lines = Self { directory, lines: vec![Line::default(); directory.owners.len()] };
        for record in subscribers.iter().flat_map(|one| one.records) {
            let Some(target) = target_without_us(record, holds.get(&record.number).copied()) else { continue };
            if let Some(index) = directory.by_number.get(&record.number).copied() {
                lines.lead(index, &target);
            }
        }
        lines
    }

    /// Judges whether calls to a number of this member may be sent to the target: not to the member, and not to where
    /// they are sent on to the member, or to somebody whose own plan would become a circle by it.
    pub(super) fn judge(&self, account: AccountId, number: CalledNumber, target: &Dialled) -> Result<(), Denial> {
        let Some(here) = self.directory.by_number.get(&number).copied() else { return Ok(()) };
        let first = self.directory.dialled(target);
        let is_own = |index: &Index| *index == here || self.directory.owners[*index] == Some(account);
        if first.iter().any(is_own) {
            return Err(Denial::OwnNumber);
        }
        let reached = self.follow(&first, |line| &line.leads);
        let planners = self.planners_before(here);
        let leads_back = |index: &Index| {
            is_own(index) || self.directory.owners[*index].is_some_and(|owner| planners.contains(&owner))
        };
        if reached.iter().any(leads_back) { Err(Denial::Loop) } else { Ok(()) }
    }

    /// Notes what a member plans for a number: to dial this, or to send no call on to another number.
    pub(super) fn plan(&mut self, account: AccountId, number: CalledNumber, target: Option<&Dialled>) {
        let Some(here) = self.directory.by_number.get(&number).copied() else { return };
        if self.lines[here].planned_by.is_empty() {
            for index in std::mem::take(&mut self.lines[here].leads) {
                self.lines[index].comes.remove(&here);
            }
        }
        self.lines[here].planned_by.insert(account);
        if let Some(target) = target {
            self.lead(here, target);
        }
    }

    fn lead(&mut self, from: Index, target: &Dialled) {
        for to in self.directory.dialled(target) {
            self.lines[from].leads.insert(to);
            self.lines[to].comes.insert(from);
        }
    }

    /// Returns whose plans send calls to a line, by way of others too.
    fn planners_before(&self, here: Index) -> BTreeSet<AccountId> {
        let before = self.follow(&self.lines[here].comes, |line| &line.comes);
        before.iter().flat_map(|index| self.lines[*index].planned_by.iter().copied()).collect()
    }

    /// Returns the lines that can be reached from these, themselves too.
    fn follow(&self, first: &BTreeSet<Index>, next: impl Fn(&Line) -> &BTreeSet<Index>) -> BTreeSet<Index> {
        let mut reached = first.clone();
        let mut waiting: Vec<Index> = first.iter().copied().collect();
        while let Some(index) = waiting.pop() {
            for further in next(&self.lines[index]) {
                if reached.insert(*further) {
                    waiting.push(*further);
                }
            }
        }
        reached
    }
}
