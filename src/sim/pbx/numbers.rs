//! The numbers of a simulated PBX: whose they are, where calls to them go, and the voicemail boxes.
//!
//! All of it lies in the PBX's database: a restart does not lose it, and a backup holds it.

use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::broadcast;

use super::state::{By, RedirectChange, RedirectWrite};
use super::{Pbx, RedirectBackRow, lock};
use crate::rules::{AccountId, CalledNumber, DestinationKind, Redirect};

/// When a redirect strikes. Every number has one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trigger {
    /// `ALWAYS`: at once. Only these are read and written by the module.
    Always,
    /// `BUSY`
    Busy,
    /// `TIMEOUT`
    Timeout,
}

/// A redirect as the PBX keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRedirect {
    /// The setting.
    pub redirect: Redirect,
    /// The number that it led to last; the PBX keeps it by itself.
    pub last_number: String,
    /// The id of the voicemail box that it led to last; the PBX keeps it by itself.
    pub last_mailbox: String,
}

/// Every number and every box.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    numbers: BTreeMap<CalledNumber, Number>,
    /// By account: its numbers, a group's among them.
    having: BTreeMap<AccountId, BTreeSet<CalledNumber>>,
    /// By account: the names of the boxes by their ids.
    boxes: BTreeMap<AccountId, BTreeMap<String, String>>,
}

/// One number.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    owners: Owners,
    /// By trigger.
    redirects: [ShownRedirect; 3],
}

/// Whose a number is.
#[derive(Clone, Debug)]
enum Owners {
    One(AccountId),
    Group(BTreeSet<AccountId>),
}

/// Whether the account that acts for groups has the right to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupRight {
    Granted,
    /// The PBX answers as if it had done what was asked, and does nothing.
    Missing,
}

impl Owners {
    fn accounts(&self) -> Vec<AccountId> {
        match self {
            Self::One(owner) => vec![*owner],
            Self::Group(owners) => owners.iter().copied().collect(),
        }
    }
}

impl Trigger {
    /// Every trigger.
    pub const ALL: [Self; 3] = [Self::Always, Self::Busy, Self::Timeout];

    /// Returns the trigger's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "ALWAYS",
            Self::Busy => "BUSY",
            Self::Timeout => "TIMEOUT",
        }
    }
}

impl Number {
    fn fresh(owners: Owners) -> Self {
        let off =
            |_| ShownRedirect { redirect: Redirect::none(), last_number: String::new(), last_mailbox: String::new() };
        Self { owners, redirects: Trigger::ALL.map(off) }
    }

    /// Returns whether the number is a group's.
    pub(crate) fn is_of_a_group(&self) -> bool {
        matches!(self.owners, Owners::Group(_))
    }

    /// Returns what is shown for calls that are redirected at once.
    pub(crate) fn always(&self) -> &ShownRedirect {
        self.shown(Trigger::Always)
    }

    fn shown(&self, trigger: Trigger) -> &ShownRedirect {
        &self.redirects[trigger as usize]
    }

    fn is_of(&self, account: AccountId) -> bool {
        match &self.owners {
            Owners::One(owner) => *owner == account,
            Owners::Group(owners) => owners.contains(&account),
        }
    }

    fn first_owner(&self) -> Option<AccountId> {
        match &self.owners {
            Owners::One(owner) => Some(*owner),
            Owners::Group(owners) => owners.first().copied(),
        }
    }

    /// Replaces a setting and returns the one before; the PBX remembers where it leads.
    fn redirect(&mut self, trigger: Trigger, to: &Redirect) -> Redirect {
        let shown = &mut self.redirects[trigger as usize];
        if !to.destination.is_empty() {
            match to.kind {
                DestinationKind::Number => shown.last_number.clone_from(&to.destination),
                DestinationKind::Mailbox => shown.last_mailbox.clone_from(&to.destination),
                DestinationKind::Other(_) => {}
            }
        }
        std::mem::replace(&mut shown.redirect, to.clone())
    }
}

impl Numbers {
    /// Returns a number.
    pub(crate) fn number(&self, number: CalledNumber) -> Option<&Number> {
        self.numbers.get(&number)
    }

    /// Returns a number where calls arrive for an account.
    pub(crate) fn number_of(&self, account: AccountId, number: CalledNumber) -> Option<&Number> {
        self.number(number).filter(|number| number.is_of(account))
    }

    /// Returns every number at which calls for an account arrive.
    pub(crate) fn all_of(&self, account: AccountId) -> impl Iterator<Item = (CalledNumber, &Number)> {
        let numbers = self.having.get(&account).into_iter().flatten();
        numbers.filter_map(|number| Some((*number, self.numbers.get(number)?)))
    }

    /// Returns one owner of each number, and where calls to it go.
    pub(crate) fn always(&self) -> impl Iterator<Item = (AccountId, CalledNumber, &Redirect)> {
        self.numbers
            .iter()
            .filter_map(|(number, known)| Some((known.first_owner()?, *number, &known.always().redirect)))
    }

    /// Returns the boxes of an account, names by ids.
    pub(crate) fn boxes(&self, account: AccountId) -> impl Iterator<Item = (&str, &str)> {
        self.boxes.get(&account).into_iter().flatten().map(|(id, name)| (id.as_str(), name.as_str()))
    }

    /// Replaces a setting and returns the one before, if there is such a number.
    pub(crate) fn redirect(&mut self, number: CalledNumber, trigger: Trigger, to: &Redirect) -> Option<Redirect> {
        self.numbers.get_mut(&number).map(|known| known.redirect(trigger, to))
    }

    /// Forgets an account: its own numbers and boxes are gone, and groups go on without it.
    pub(crate) fn forget(&mut self, account: AccountId) {
        self.boxes.remove(&account);
        for number in self.having.remove(&account).into_iter().flatten() {
            match self.numbers.get_mut(&number).map(|known| &mut known.owners) {
                Some(Owners::Group(owners)) => drop(owners.remove(&account)),
                Some(Owners::One(_)) => drop(self.numbers.remove(&number)),
                None => {}
            }
        }
    }

    fn give(&mut self, number: CalledNumber, owners: Owners) {
        for account in self.numbers.get(&number).into_iter().flat_map(|known| known.owners.accounts()) {
            if let Some(numbers) = self.having.get_mut(&account) {
                numbers.remove(&number);
            }
        }
        for account in owners.accounts() {
            self.having.entry(account).or_default().insert(number);
        }
        self.numbers
            .entry(number)
            .and_modify(|known| known.owners = owners.clone())
            .or_insert_with(|| Number::fresh(owners));
    }
}

impl Pbx {
    /// Gives an account a number of its own, from which nothing is redirected. One that exists only changes hands.
    pub fn give_number(&self, account: AccountId, number: CalledNumber) {
        lock(&self.shared.state).numbers.give(number, Owners::One(account));
    }

    /// Gives a group a number: calls to it arrive at all these accounts, which share its redirects. One that exists
    /// only changes hands.
    pub fn give_group_number(&self, accounts: &[AccountId], number: CalledNumber) {
        let owners = Owners::Group(accounts.iter().copied().collect());
        lock(&self.shared.state).numbers.give(number, owners);
    }

    /// Lets an account choose a voicemail box.
    pub fn offer_mailbox(&self, account: AccountId, id: &str, name: &str) {
        let mut state = lock(&self.shared.state);
        state.numbers.boxes.entry(account).or_default().insert(id.to_owned(), name.to_owned());
    }

    /// Takes a voicemail box away from an account; redirects that lead there stay as they are.
    pub fn withdraw_mailbox(&self, account: AccountId, id: &str) {
        let mut state = lock(&self.shared.state);
        state.numbers.boxes.entry(account).or_default().remove(id);
    }

    /// Lets a person change a redirect by hand; the PBX takes everything from a person.
    pub fn person_redirects(&self, account: AccountId, number: CalledNumber, trigger: Trigger, to: &Redirect) {
        let now = self.shared.time.now();
        let mut state = lock(&self.shared.state);
        match trigger {
            Trigger::Always => state.redirect(now, account, number, to, By::Person),
            Trigger::Busy | Trigger::Timeout => drop(state.numbers.redirect(number, trigger, to)),
        }
    }

    /// Returns what a number shows.
    pub fn redirect(&self, number: CalledNumber, trigger: Trigger) -> Option<ShownRedirect> {
        let state = lock(&self.shared.state);
        state.numbers.number(number).map(|known| known.shown(trigger).clone())
    }

    /// Returns every write of a redirect that took effect, as [`Pbx::writes`] does those of states; both are counted
    /// together.
    pub fn redirect_writes(&self) -> Vec<RedirectWrite> {
        lock(&self.shared.state).redirect_writes.iter().cloned().collect()
    }

    /// Follows every change of where calls go at once, from now on.
    pub fn redirect_changes(&self) -> broadcast::Receiver<RedirectChange> {
        lock(&self.shared.state).redirect_feed.subscribe()
    }

    /// Returns the redirects in the table for a dead sidecar.
    pub fn redirect_back_table(&self) -> Vec<RedirectBackRow> {
        let state = lock(&self.shared.state);
        state.module.redirects_back.values().cloned().collect()
    }

    /// Refuses every write of an account to one number with these words until all is healed.
    pub fn refuse_number(&self, account: AccountId, number: CalledNumber, words: &str) {
        let mut state = lock(&self.shared.state);
        state.number_refusals.insert((account, number), words.to_owned());
    }

    /// Takes the right away from the account that acts for groups: writes to their numbers answer as if they were done,
    /// and are not.
    pub fn withdraw_group_right(&self) {
        lock(&self.shared.state).group_right = GroupRight::Missing;
    }

    /// Gives it back.
    pub fn grant_group_right(&self) {
        lock(&self.shared.state).group_right = GroupRight::Granted;
    }
}
