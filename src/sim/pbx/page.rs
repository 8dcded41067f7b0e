//! The module's page: what an admin enters there, and `getConfig`, which tells of it.
//!
//! It outlives restarts of the PBX and updates of the module, as the PBX keeps it.

use std::collections::BTreeMap;

use super::events::EventKind;
use super::state::State;
use super::tree::Tree;
use super::{Pbx, lock};

/// The one field that the module tells nobody.
const KEY_FIELD: &str = "GUI_CONNECTOR_KEY";

/// The fields of the page by their variables' names, as the page writes their values. Without any, as at the start, the
/// module is one that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    fields: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<String>>,
    revision: u64,
}

impl Default for Page {
    fn default() -> Self {
        Self { fields: BTreeMap::new(), lists: BTreeMap::new(), revision: 1 }
    }
}

impl Page {
    /// Enters a text, a number or a choice, or ticks a box.
    pub fn set(&mut self, variable: &str, value: &str) -> &mut Self {
        self.fields.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// Enters a list.
    pub fn set_list(&mut self, variable: &str, items: &[&str]) -> &mut Self {
        self.lists.insert(variable.to_owned(), items.iter().map(|item| (*item).to_owned()).collect());
        self
    }

    /// Takes a field off the page, as another version of the module may.
    pub fn remove(&mut self, variable: &str) -> &mut Self {
        self.fields.remove(variable);
        self.lists.remove(variable);
        self
    }

    /// Returns which state of the page this is.
    pub(crate) fn revision(&self) -> String {
        self.revision.to_string()
    }

    /// Returns the `Data` of `getConfig`.
    pub(crate) fn tree(&self) -> Tree {
        let told = self.fields.iter().filter(|(variable, _)| *variable != KEY_FIELD);
        let fields = told.map(|(variable, value)| (variable.clone(), Tree::Leaf(value.clone())));
        let items = |items: &[String]| {
            let numbered = items.iter().enumerate();
            numbered.map(|(index, item)| (index.to_string(), Tree::Leaf(item.clone()))).collect()
        };
        let lists = self.lists.iter().map(|(variable, list)| (variable.clone(), items(list)));
        let members = [
            ("revision".to_owned(), Tree::Leaf(self.revision())),
            ("fields".to_owned(), fields.collect()),
            ("lists".to_owned(), lists.collect()),
        ];
        members.into_iter().collect()
    }
}

impl Pbx {
    /// Lets an admin change the page and save it: it gets another revision, and the module tells of it.
    pub fn save_page(&self, change: impl FnOnce(&mut Page) -> &mut Page) {
        let now = self.shared.time.now();
        let mut state = lock(&self.shared.state);
        let State { page, .. } = &mut *state;
        change(page).revision += 1;
        state.happen(now, EventKind::Config);
    }

    /// Saves the page as it is, which gives it another revision.
    pub fn page_changes(&self) {
        self.save_page(|page| page);
    }
}
