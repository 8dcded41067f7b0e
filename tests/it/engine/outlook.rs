//! The lists of categories of the tenant in memory, at the engine's port.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use starface_calendar::graph::{Edited, GraphError, MasterCategories, PerMailbox, Permission, Reply, Service};
use starface_calendar::rules::{Address, Category, CategoryId, CategoryName, Edit};

use super::world::{Mood, Tenant, address, graph_away, lock};

/// What was asked, and what is there.
#[derive(Default)]
pub(crate) struct Outlook {
    lists: Mutex<BTreeMap<Address, Vec<String>>>,
    mood: Mutex<Mood>,
    refusals: Mutex<BTreeMap<Address, fn() -> GraphError>>,
    asked: Mutex<BTreeSet<Address>>,
    /// The mailboxes of every call that listed, in their order.
    pub(crate) listed: Mutex<Vec<Vec<Address>>>,
    /// The mailboxes of every call that changed lists, in their order.
    pub(crate) edited: Mutex<Vec<Vec<Address>>>,
}

/// What Graph says to an app that was not granted this.
pub(crate) fn forbidden(needs: Permission) -> GraphError {
    let reply = Reply { service: Service::Graph, status: 403, code: None, request_id: None };
    GraphError::Forbidden { needs, reply }
}

impl Outlook {
    /// Somebody has these categories.
    pub(crate) fn put(&self, address: &Address, names: &[&str]) {
        let names = names.iter().map(|name| (*name).to_owned());
        lock(&self.lists).entry(address.clone()).or_default().extend(names);
    }

    /// The names in the list of a member.
    pub(crate) fn names(&self, account: u32) -> Vec<String> {
        self.names_at(&address(account))
    }

    /// The names in the list of a mailbox.
    pub(crate) fn names_at(&self, address: &Address) -> Vec<String> {
        lock(&self.lists).get(address).cloned().unwrap_or_default()
    }

    pub(crate) fn be(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// This mailbox's list cannot be read or changed from now on.
    pub(crate) fn refuse(&self, address: &Address, error: fn() -> GraphError) {
        lock(&self.refusals).insert(address.clone(), error);
    }

    /// Every list can be read and changed again.
    pub(crate) fn forgive(&self) {
        lock(&self.refusals).clear();
    }

    /// How many lists were read so far, and how many calls it took.
    pub(crate) fn listed(&self) -> (usize, usize) {
        let listed = lock(&self.listed);
        (listed.iter().map(Vec::len).sum(), listed.len())
    }

    /// A mailbox is never in two requests at once.
    pub(crate) fn not_asked_meanwhile<'a>(&self, addresses: impl Iterator<Item = &'a Address>) {
        let asked = lock(&self.asked);
        for address in addresses {
            assert!(!asked.contains(address), "{address} is in two requests at once");
        }
    }

    /// Asks these mailboxes, for as long as the answer takes.
    async fn ask<T>(&self, addresses: &[Address], answer: impl Fn(usize) -> T) -> PerMailbox<T> {
        lock(&self.asked).extend(addresses.iter().cloned());
        let mood = *lock(&self.mood);
        if mood == Mood::Hangs {
            std::future::pending::<()>().await;
        }
        // Whatever else may run meanwhile has its turn before the answer.
        tokio::task::yield_now().await;
        let all = addresses.iter().enumerate();
        let answers = all.map(|(index, address)| match lock(&self.refusals).get(address) {
            Some(error) => Err(error()),
            None => Ok(answer(index)),
        });
        let answers = answers.collect();
        lock(&self.asked).retain(|address| !addresses.contains(address));
        if mood == Mood::Well { Ok(answers) } else { Err(graph_away()) }
    }

    fn edit_one(&self, address: &Address, edit: &Edit) -> Edited {
        let mut lists = lock(&self.lists);
        let names = lists.entry(address.clone()).or_default();
        match edit {
            Edit::Create(name) if names.contains(&name.0) => return Edited::AlreadySo,
            Edit::Create(name) => names.push(name.0.clone()),
            Edit::Remove(category) => names.retain(|name| *name != category.id.0),
        }
        Edited::Done
    }
}

impl MasterCategories for Tenant {
    async fn list(&self, addresses: &[Address]) -> PerMailbox<Vec<Category>> {
        lock(&self.outlook.listed).push(addresses.to_vec());
        let category = |name: String| Category { id: CategoryId(name.clone()), name: CategoryName(name) };
        let list = |index: usize| self.outlook.names_at(&addresses[index]).into_iter().map(category).collect();
        self.outlook.ask(addresses, list).await
    }

    async fn edit(&self, edits: &[(Address, Edit)]) -> PerMailbox<Edited> {
        let addresses: Vec<Address> = edits.iter().map(|(address, _)| address.clone()).collect();
        let each: BTreeSet<&Address> = addresses.iter().collect();
        assert_eq!(each.len(), addresses.len(), "a mailbox is changed once in a call");
        lock(&self.outlook.edited).push(addresses.clone());
        let edit = |index: usize| self.outlook.edit_one(&edits[index].0, &edits[index].1);
        self.outlook.ask(&addresses, edit).await
    }
}
