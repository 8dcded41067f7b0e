//! The list of categories that a mailbox offers in Outlook, and what is to be done so that the accepted names are in
//! it, or are not.
//!
//! Only accepted names are ever created or removed; the rest of the list is its owner's. A name that somebody gave a
//! category is user text and hidden in `Debug`.

use std::collections::BTreeSet;
use std::fmt;

use sha2::{Digest, Sha256};

use super::Address;
use super::policy::{Categories, Policy, Service, Switch, is_same_name};

/// The id of a category in one mailbox; opaque.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CategoryId(pub String);

/// The name of a category. Its `Debug` form hides the words, as people choose them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CategoryName(pub String);

impl fmt::Debug for CategoryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CategoryName(…)")
    }
}

/// A category in the list of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its id, by which it is removed.
    pub id: CategoryId,
    /// Its name, which nobody can change.
    pub name: CategoryName,
}

/// What becomes of a mailbox's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// What is missing is created.
    Fill,
    /// Every accepted name is removed.
    Clear,
}

/// One change of a mailbox's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A category with this name is created.
    Create(CategoryName),
    /// This category is removed.
    Remove(Category),
}

/// Whose lists are filled, and whose are cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upkeep {
    /// Whether what is missing in the members' lists is created.
    pub create: bool,
    /// The mailboxes that lose every accepted name and are not filled again, members' or not.
    pub remove_from: BTreeSet<Address>,
}

/// The most changes of one list in one go: a list that needs more has the rest done at the next check.
pub const EDITS_MAX: usize = 50;

impl Upkeep {
    /// Returns what becomes of a member's list; nothing when it is left alone. A stopped service creates nothing; what
    /// is to be removed is removed whatever else is turned off.
    pub fn care(&self, address: &Address, policy: &Policy) -> Option<Care> {
        if self.remove_from.contains(address) {
            return Some(Care::Clear);
        }
        let fills = self.create && policy.categories.enabled && policy.service == Service::Started;
        fills.then_some(Care::Fill)
    }
}

impl Care {
    /// Returns a short mark that changes when something else is wanted than before: a list that was looked after under
    /// another mark is due at once.
    pub fn mark(self, categories: &Categories) -> String {
        let mut digest = Sha256::new();
        let names = match self {
            Self::Fill => {
                digest.update("fill");
                categories.names.iter().filter(|(switch, _)| categories.allowed.contains(switch)).collect()
            }
            Self::Clear => {
                digest.update("clear");
                categories.names.iter().collect::<Vec<_>>()
            }
        };
        for (switch, names) in names {
            digest.update(format!("\n{}", switch.name()));
            names.iter().for_each(|name| digest.update(format!("\0{name}")));
        }
        digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Returns what is to be changed in a list, at most [`EDITS_MAX`] changes: what is missing, or what is to go.
pub fn edits(list: &[Category], care: Care, categories: &Categories) -> Vec<Edit> {
    let mut edits: Vec<Edit> = match care {
        Care::Fill => missing(list, categories).into_iter().map(Edit::Create).collect(),
        Care::Clear => accepted(list, categories).into_iter().cloned().map(Edit::Remove).collect(),
    };
    edits.truncate(EDITS_MAX);
    edits
}

/// Returns, for every allowed switch of which no accepted name is in the list, the first name; each name once.
pub fn missing(list: &[Category], categories: &Categories) -> Vec<CategoryName> {
    let mut missing: Vec<CategoryName> = Vec::new();
    let allowed = Switch::ALL.iter().filter(|switch| categories.allowed.contains(switch));
    for names in allowed.filter_map(|switch| categories.names.get(switch)) {
        let Some(first) = names.first().map(|name| name.trim()).filter(|name| !name.is_empty()) else { continue };
        let is_there = names.iter().any(|name| list.iter().any(|category| is_same_name(&category.name.0, name)));
        let is_known = missing.iter().any(|known| is_same_name(&known.0, first));
        if !is_there && !is_known {
            missing.push(CategoryName(first.to_owned()));
        }
    }
    missing
}

/// Returns the categories of the list that bear an accepted name, of whatever switch, allowed or not.
pub fn accepted<'a>(list: &'a [Category], categories: &Categories) -> Vec<&'a Category> {
    let names: Vec<&String> = categories.names.values().flatten().collect();
    let is_accepted = |category: &&Category| names.iter().any(|name| is_same_name(&category.name.0, name));
    list.iter().filter(is_accepted).collect()
}

#[cfg(test)]
mod tests;
