//! The lists of categories in Outlook: looked after beside the loop, when a mailbox is new and once a day.
//!
//! One batch of mailboxes at a time, and none whose calendar is due or being read: a mailbox is never in two requests at
//! once, and the calendar comes first. For as long as a batch takes, which the client bounds, its calendars are not read
//! afresh; the known ones go on working, and no boundary waits. What cannot be done is said once, and asked for again once
//! a day. Nothing is written before the PBX was asked for the members in this life.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tracing::{debug, info, warn};

use super::{Asked, Engine, Errand, chain};
use crate::clock::Clock;
use crate::graph::{BATCH_MAX, Calendars, Edited, GraphError, MasterCategories};
use crate::journal::{Journal, Record};
use crate::pbx::Pbx;
use crate::rules::master_categories::edits;
use crate::rules::policy::Categories;
use crate::rules::{Address, Care, CategoryName, Edit};

pub(super) mod ledger;

/// A mailbox, and what becomes of its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Whose list.
    pub address: Address,
    /// What becomes of it.
    pub care: Care,
}

/// What was done with one list.
#[derive(Debug, Default)]
pub struct Tended {
    /// The names that were created.
    pub created: Vec<CategoryName>,
    /// The names that were removed.
    pub removed: Vec<CategoryName>,
    /// Why not everything was done, if so.
    pub failure: Option<GraphError>,
}

/// Lists the categories of up to [`BATCH_MAX`] mailboxes and makes the changes that they need, one change of a mailbox
/// after the other. One mailbox's failure ends its own changes alone.
///
/// # Errors
/// When no mailbox was answered for; nothing was changed then.
pub async fn tend(
    port: &impl MasterCategories,
    charges: &[Charge],
    categories: &Categories,
) -> Result<Vec<Tended>, GraphError> {
    let addresses: Vec<Address> = charges.iter().map(|charge| charge.address.clone()).collect();
    let lists = port.list(&addresses).await?;
    let mut all: Vec<Tended> = Vec::with_capacity(charges.len());
    let mut waiting: Vec<VecDeque<Edit>> = Vec::with_capacity(charges.len());
    for (charge, list) in charges.iter().zip(lists) {
        waiting.push(list.as_ref().map(|list| edits(list, charge.care, categories).into()).unwrap_or_default());
        all.push(Tended { failure: list.err(), ..Tended::default() });
    }
    loop {
        let next = |(index, edits): (usize, &mut VecDeque<Edit>)| Some((index, edits.pop_front()?));
        let turn: Vec<(usize, Edit)> = waiting.iter_mut().enumerate().filter_map(next).collect();
        if turn.is_empty() {
            return Ok(all);
        }
        let asked: Vec<_> = turn.iter().map(|(index, edit)| (addresses[*index].clone(), edit.clone())).collect();
        let edited = port.edit(&asked).await;
        let edited = edited.unwrap_or_else(|error| turn.iter().map(|_| Err(error.clone())).collect());
        for ((index, edit), outcome) in turn.into_iter().zip(edited) {
            match (outcome, edit) {
                (Ok(Edited::Done), Edit::Create(name)) => all[index].created.push(name),
                (Ok(Edited::Done), Edit::Remove(category)) => all[index].removed.push(category.name),
                (Ok(Edited::AlreadySo), _) => {}
                (Err(error), _) => {
                    all[index].failure = Some(error);
                    waiting[index].clear();
                }
            }
        }
    }
}

impl<C: Calendars + MasterCategories, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Starts with the lists that are due, if none are being looked after. Nobody wakes up for them: the engine is awake
    /// every few seconds anyway, and whenever a calendar was read and its mailbox is free.
    pub(super) fn look_after_categories(&mut self, now: DateTime<Utc>) {
        if self.members_asked == Asked::NotYet {
            return;
        }
        let mut charges = Vec::new();
        for charge in self.categories.take_due(now, BATCH_MAX) {
            if self.state.almanac.lend(&charge.address, now) {
                charges.push(charge);
            } else {
                self.categories.put_off(charge.address, now);
            }
        }
        if charges.is_empty() {
            return;
        }
        let (port, categories) = (Arc::clone(&self.ports.calendars), self.orders.policy.categories.clone());
        let tenancy = self.tenancy;
        self.errands.spawn(async move {
            let tended = tend(&*port, &charges, &categories).await;
            Errand::Categories(tenancy, charges, tended)
        });
    }
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Looks after the lists of the members and mailboxes as they are now, by the orders; returns what the journal is to
    /// forget.
    pub(super) fn follow_categories(&mut self, now: DateTime<Utc>) -> Vec<Record> {
        let (upkeep, policy) = (&self.orders.upkeep, &self.orders.policy);
        let mailboxes = self.state.roster.addresses().chain(&upkeep.remove_from);
        let cares: BTreeMap<Address, Care> =
            mailboxes.filter_map(|address| Some((address.clone(), upkeep.care(address, policy)?))).collect();
        self.categories.follow(&cares, &policy.categories, now);
        if !self.state.roster.is_known() {
            return Vec::new();
        }
        self.categories.forget_others().into_iter().map(Record::ForgetCategories).collect()
    }

    pub(super) async fn learn_categories(
        &mut self,
        tenancy: u32,
        charges: &[Charge],
        result: Result<Vec<Tended>, GraphError>,
    ) {
        let now = self.ports.clock.now();
        for charge in charges {
            self.state.almanac.take_back(&charge.address, now);
            if tenancy != self.tenancy {
                // The lists of another tenant or app say nothing of these.
                self.categories.put_off(charge.address.clone(), now);
            }
        }
        if tenancy != self.tenancy {
            return;
        }
        self.tell_of_categories(charges, &result);
        let before = self.categories.trouble();
        let records = self.categories.learn(charges, result, now);
        match (before, self.categories.trouble()) {
            (None, Some(trouble)) => warn!(
                error = trouble.text,
                "Outlook categories cannot be looked after; everything else works. It is tried again once a day."
            ),
            (Some(_), None) => info!("Outlook categories can be looked after again."),
            _ => {}
        }
        if !records.is_empty() {
            self.record(records).await;
        }
    }

    fn tell_of_categories(&self, charges: &[Charge], result: &Result<Vec<Tended>, GraphError>) {
        let tended = match result {
            Ok(tended) => tended,
            Err(error) => {
                return debug!(error = %chain(error), "No list of categories can be read; it is tried again.");
            }
        };
        let changed =
            charges.iter().zip(tended).map(|(charge, tended)| (charge, tended.created.len(), tended.removed.len()));
        for (charge, created, removed) in changed.filter(|(_, created, removed)| created + removed > 0) {
            let accounts = self.state.roster.accounts_at(&charge.address);
            for account in accounts {
                info!(member.id = account.0, created, removed, "The Outlook categories of a member were changed.");
            }
            if accounts.is_empty() {
                info!(created, removed, "The Outlook categories of a mailbox were changed that is no member's.");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::graph::{PerMailbox, Service};
    use crate::rules::Category;

    /// Mailboxes with empty lists; what the `n`th call for changes answers is scripted.
    struct Scripted<F> {
        answer: F,
        calls: Mutex<Vec<usize>>,
    }

    impl<F: Fn(usize, &Address) -> Result<Edited, GraphError> + Send + Sync + 'static> MasterCategories for Scripted<F> {
        async fn list(&self, addresses: &[Address]) -> PerMailbox<Vec<Category>> {
            Ok(addresses.iter().map(|_| Ok(Vec::new())).collect())
        }

        async fn edit(&self, edits: &[(Address, Edit)]) -> PerMailbox<Edited> {
            let call = {
                let mut calls = self.calls.lock().unwrap();
                calls.push(edits.len());
                calls.len()
            };
            let answers: Vec<_> = edits.iter().map(|(address, _)| (self.answer)(call, address)).collect();
            if answers.iter().all(Result::is_err) { Err(late()) } else { Ok(answers) }
        }
    }

    fn late() -> GraphError {
        GraphError::TimedOut { service: Service::Graph }
    }

    /// Fills the lists of two mailboxes, which need seven changes each; tells how many were made, and whether all were.
    async fn filled(
        answer: impl Fn(usize, &Address) -> Result<Edited, GraphError> + Send + Sync + 'static,
    ) -> (Vec<(usize, bool)>, Vec<usize>) {
        let charge = |text: &str| Charge { address: text.parse().unwrap(), care: Care::Fill };
        let port = Scripted { answer, calls: Mutex::default() };
        let charges = ["anna@firma.example", "beat@firma.example"].map(charge);
        let tended = tend(&port, &charges, &Categories::default()).await.unwrap();
        let told = tended.iter().map(|tended| (tended.created.len(), tended.failure.is_none())).collect();
        (told, port.calls.into_inner().unwrap())
    }

    #[tokio::test]
    async fn every_change_of_a_mailbox_is_in_a_call_of_its_own() {
        let (told, calls) = filled(|_, _| Ok(Edited::Done)).await;
        assert_eq!((told, calls), (vec![(7, true), (7, true)], vec![2; 7]));
    }

    #[tokio::test]
    async fn what_is_there_already_is_not_counted_as_created() {
        let (told, _) = filled(|call, _| Ok(if call == 1 { Edited::AlreadySo } else { Edited::Done })).await;
        assert_eq!(told, [(6, true), (6, true)]);
    }

    #[tokio::test]
    async fn a_change_that_fails_ends_the_changes_of_its_mailbox_alone() {
        let fails = |call, address: &Address| call == 3 && address.as_str().starts_with("anna");
        let (told, calls) =
            filled(move |call, one| if fails(call, one) { Err(late()) } else { Ok(Edited::Done) }).await;
        assert_eq!(told, [(2, false), (7, true)]);
        assert_eq!(calls, [2, 2, 2, 1, 1, 1, 1]);
    }

    #[tokio::test]
    async fn a_call_that_fails_as_a_whole_in_the_middle_keeps_what_was_done() {
        let (told, calls) = filled(|call, _| if call == 3 { Err(late()) } else { Ok(Edited::Done) }).await;
        assert_eq!((told, calls), (vec![(2, false), (2, false)], vec![2, 2, 2]));
    }
}
