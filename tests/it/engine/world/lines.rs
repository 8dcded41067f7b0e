//! The called numbers of the PBX in memory: each has one setting, whoever's calls arrive there.

use std::collections::{BTreeMap, BTreeSet};

use starface_calendar::rules::{AccountId, CalledNumber, Outcome, Ownership, Redirect, RedirectRecord, Value};

/// Every called number.
#[derive(Default)]
pub(crate) struct Lines {
    settings: BTreeMap<CalledNumber, (Ownership, Redirect)>,
    having: BTreeMap<AccountId, Vec<CalledNumber>>,
    refused: BTreeSet<CalledNumber>,
    refused_through: BTreeSet<(AccountId, CalledNumber)>,
    group_right: GroupRight,
}

/// Whether the acting user may change redirects of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum GroupRight {
    #[default]
    Given,
    /// Writes are answered as done, and nothing changes.
    Missing,
}

pub(crate) fn number(text: &str) -> CalledNumber {
    text.parse().unwrap()
}

impl Lines {
    /// Gives an account a number of its own, which leads there.
    pub(crate) fn own(&mut self, account: u32, text: &str, redirect: Redirect) {
        self.give(account, text, Ownership::Own, redirect);
    }

    /// Lets an account take calls to a group's number.
    pub(crate) fn join(&mut self, account: u32, text: &str, redirect: Redirect) {
        self.give(account, text, Ownership::Group, redirect);
    }

    fn give(&mut self, account: u32, text: &str, ownership: Ownership, redirect: Redirect) {
        self.settings.entry(number(text)).or_insert((ownership, redirect));
        self.having.entry(AccountId(account)).or_default().push(number(text));
    }

    /// Takes a number away from an account.
    pub(crate) fn take(&mut self, account: u32, text: &str) {
        self.having.entry(AccountId(account)).or_default().retain(|known| *known != number(text));
    }

    /// A person changes where a number leads.
    pub(crate) fn choose(&mut self, text: &str, redirect: Redirect) {
        self.settings.get_mut(&number(text)).unwrap().1 = redirect;
    }

    /// Refuses every write to a number.
    pub(crate) fn refuse(&mut self, text: &str) {
        self.refused.insert(number(text));
    }

    /// Refuses every write to a number through this account.
    pub(crate) fn refuse_through(&mut self, account: u32, text: &str) {
        self.refused_through.insert((AccountId(account), number(text)));
    }

    /// Refuses nothing any more.
    pub(crate) fn forgive(&mut self) {
        self.refused.clear();
    }

    pub(crate) fn give_group_right(&mut self, right: GroupRight) {
        self.group_right = right;
    }

    /// Returns where a number leads.
    pub(crate) fn shows(&self, text: &str) -> Redirect {
        self.settings[&number(text)].1.clone()
    }

    pub(super) fn records(&self, account: AccountId) -> Vec<RedirectRecord> {
        let record = |number: &CalledNumber| RedirectRecord {
            number: *number,
            ownership: self.settings[number].0,
            redirect: self.settings[number].1.clone(),
            last_mailbox: None,
            mailboxes: vec!["3".to_owned(), "4".to_owned()],
        };
        self.having.get(&account).into_iter().flatten().map(record).collect()
    }

    pub(super) fn write(
        &mut self,
        account: AccountId,
        number: CalledNumber,
        redirect: &Redirect,
        expect: Option<&Value>,
    ) -> Outcome {
        if !self.having.get(&account).is_some_and(|having| having.contains(&number)) {
            return Outcome::Refused { error: "unknown number".to_owned() };
        }
        let (ownership, shown) = self.settings.get_mut(&number).unwrap();
        let seen = |redirect: &Redirect| Some(Value::Redirect(number, redirect.clone()));
        let is_refused = self.refused.contains(&number) || self.refused_through.contains(&(account, number));
        if is_refused || (redirect.enabled && redirect.destination.is_empty()) {
            return Outcome::Refused { error: "not allowed".to_owned() };
        }
        if expect.is_some() && seen(shown).as_ref() != expect {
            return Outcome::Changed { seen: seen(shown) };
        }
        if *ownership == Ownership::Own || self.group_right == GroupRight::Given {
            *shown = redirect.clone();
        }
        Outcome::Done { seen: seen(shown) }
    }
}
