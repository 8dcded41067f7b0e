//! What a simulated PBX forgets and remembers when it is started again, restored or given another module.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::account::{Person, Shown, StateField};
use super::back;
use super::numbers::Numbers;
use super::state::{By, State};
use super::{Pbx, lock};
use crate::rules::AccountId;

/// What a backup of the PBX holds: its accounts with what they showed, the group, and the numbers with their redirects.
#[derive(Clone, Debug)]
pub struct Backup {
    people: BTreeMap<AccountId, (Person, Shown)>,
    group: BTreeSet<AccountId>,
    numbers: Numbers,
    is_installed: bool,
}

impl Pbx {
    /// Lets the module's timer strike at this instant; it does so every minute by itself.
    pub fn tick(&self, now: DateTime<Utc>) {
        back::tick(&mut lock(&self.shared.state), now);
    }

    /// Starts the PBX again: presence, text, indicator and the module's memory are lost; it never stops answering.
    pub fn restart(&self) {
        let now = self.shared.time.now();
        lock(&self.shared.state).restart(now);
    }

    /// Gives the module another version: its memory is lost, and what the accounts show stays.
    pub fn update_module(&self) {
        lock(&self.shared.state).load_module();
    }

    /// Deletes the module's instance, which puts back at once what it has to. Its entry points are gone then.
    pub fn delete_instance(&self) {
        let now = self.shared.time.now();
        let mut state = lock(&self.shared.state);
        back::put_all_back(&mut state, now);
        state.is_installed = false;
        state.load_module();
    }

    /// Makes a backup.
    pub fn backup(&self) -> Backup {
        let state = lock(&self.shared.state);
        Backup {
            people: state.people.clone(),
            group: state.group.clone(),
            numbers: state.numbers.clone(),
            is_installed: state.is_installed,
        }
    }

    /// Restores a backup and starts the PBX: accounts and numbers show what they showed then, calls are over, and the
    /// module's memory is lost. Accounts and numbers that are not in the backup are gone.
    pub fn restore_backup(&self, backup: &Backup) {
        let now = self.shared.time.now();
        let mut state = lock(&self.shared.state);
        state.people.retain(|account, _| backup.people.contains_key(account));
        for (account, (person, shown)) in &backup.people {
            restore_account(&mut state, now, *account, person, shown);
        }
        for (account, number, redirect) in backup.numbers.always() {
            state.redirect(now, account, number, redirect, By::Restart);
        }
        state.numbers.clone_from(&backup.numbers);
        state.group.clone_from(&backup.group);
        state.is_installed = backup.is_installed;
        state.load_module();
    }
}

fn restore_account(state: &mut State, now: DateTime<Utc>, account: AccountId, person: &Person, shown: &Shown) {
    let shown = without_call(shown);
    state
        .people
        .entry(account)
        .and_modify(|(known, _)| known.clone_from(person))
        .or_insert_with(|| (person.clone(), shown.clone()));
    for field in StateField::ALL {
        state.show(now, account, field, shown.value(field), By::Restart);
    }
}

/// Returns what was shown as if the call of that moment had ended.
fn without_call(shown: &Shown) -> Shown {
    if shown.in_call != "true" {
        return shown.clone();
    }
    let fresh = Shown::fresh(&shown.do_not_disturb);
    Shown { telephony_state: fresh.telephony_state, in_call: fresh.in_call, ..shown.clone() }
}
