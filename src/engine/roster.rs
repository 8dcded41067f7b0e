//! Who is a member: the last believed list, and lists that need a second look before they count.
//!
//! Pure: takes lists and `now`, gives what to believe. A list is doubted when it is empty, when it lost more than half
//! of the members, or when it was read shortly after the PBX restarted: a PBX that has just started may answer before
//! it knows its groups, and taking every overlay off would be wrong.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use crate::rules::{AccountId, Address, Member};

/// How long after a doubted list the second one is read.
const SECOND_READ_AFTER: Duration = Duration::minutes(2);

/// How long after a restart of the PBX its lists are doubted.
const DOUBTED_FOR: Duration = Duration::minutes(5);

/// The believed members of the group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roster {
    members: BTreeMap<AccountId, Member>,
    by_address: BTreeMap<Address, Vec<AccountId>>,
    doubted: Option<Doubted>,
    believed_once: bool,
}

#[derive(Clone, Debug)]
struct Doubted {
    accounts: BTreeSet<AccountId>,
    read_at: DateTime<Utc>,
}

/// What became of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Learnt {
    /// It counts; these members joined, left or changed their login or address.
    Believed {
        /// Whom it concerns.
        changed: Vec<AccountId>,
    },
    /// It does not count unless a second read, then, gives the same accounts.
    Doubted {
        /// When to read again.
        again_at: DateTime<Utc>,
    },
}

impl Roster {
    /// Starts from the list that the journal kept.
    pub(crate) fn kept(members: Option<Vec<Member>>) -> Self {
        let mut roster = Self::default();
        if let Some(members) = members {
            roster.believe(members);
        }
        roster
    }

    /// Takes a list that was just read.
    pub(crate) fn learn(
        &mut self,
        members: Vec<Member>,
        now: DateTime<Utc>,
        restarted_at: Option<DateTime<Utc>>,
    ) -> Learnt {
        let accounts: BTreeSet<AccountId> = members.iter().map(|member| member.account).collect();
        if self.is_doubtful(&accounts, now, restarted_at) && !self.confirms(&accounts, now) {
            let again_at = now + SECOND_READ_AFTER;
            if self.doubted.as_ref().is_none_or(|doubted| doubted.accounts != accounts) {
                self.doubted = Some(Doubted { accounts, read_at: now });
            }
            return Learnt::Doubted { again_at };
        }
        let before = std::mem::take(&mut self.members);
        self.believe(members);
        let all = before.keys().chain(self.members.keys()).copied().collect::<BTreeSet<_>>();
        let changed = all.into_iter().filter(|account| before.get(account) != self.members.get(account)).collect();
        Learnt::Believed { changed }
    }

    /// Returns the member with this account.
    pub(crate) fn member(&self, account: AccountId) -> Option<&Member> {
        self.members.get(&account)
    }

    /// Returns every member, by account.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// Returns the accounts that share a mailbox.
    pub(crate) fn accounts_at(&self, address: &Address) -> &[AccountId] {
        self.by_address.get(address).map_or(&[], Vec::as_slice)
    }

    /// Returns every mailbox to follow.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.by_address.keys()
    }

    /// Returns how many mailboxes there are to follow.
    pub(crate) fn mailboxes(&self) -> usize {
        self.by_address.len()
    }

    /// Returns how many members there are.
    pub(crate) fn count(&self) -> usize {
        self.members.len()
    }

    /// Returns whether any list was ever believed, in this life or before.
    pub(crate) fn is_known(&self) -> bool {
        self.believed_once
    }

    fn believe(&mut self, members: Vec<Member>) {
        self.by_address.clear();
        for member in &members {
            if let Some(address) = &member.address {
                self.by_address.entry(address.clone()).or_default().push(member.account);
            }
        }
        self.members = members.into_iter().map(|member| (member.account, member)).collect();
        self.doubted = None;
        self.believed_once = true;
    }

    fn is_doubtful(
        &self,
        accounts: &BTreeSet<AccountId>,
        now: DateTime<Utc>,
        restarted_at: Option<DateTime<Utc>>,
    ) -> bool {
        let stayed = self.members.keys().filter(|account| accounts.contains(account)).count();
        let same = stayed == self.members.len() && accounts.len() == stayed && self.believed_once;
        let fresh_pbx = restarted_at.is_some_and(|at| now - at < DOUBTED_FOR);
        !same && (accounts.is_empty() || stayed * 2 < self.members.len() || fresh_pbx)
    }

    fn confirms(&self, accounts: &BTreeSet<AccountId>, now: DateTime<Utc>) -> bool {
        self.doubted
            .as_ref()
            .is_some_and(|doubted| doubted.accounts == *accounts && now - doubted.read_at >= SECOND_READ_AFTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Login;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    fn list(accounts: &[u32]) -> Vec<Member> {
        let member = |account: &u32| Member {
            account: AccountId(*account),
            login: Login(format!("{account:04}")),
            name: String::new(),
            address: format!("m{account}@firma.example").parse().ok(),
        };
        accounts.iter().map(member).collect()
    }

    fn accounts(roster: &Roster) -> Vec<u32> {
        roster.members().map(|member| member.account.0).collect()
    }

    fn believed(accounts: &[u32]) -> Learnt {
        Learnt::Believed { changed: accounts.iter().copied().map(AccountId).collect() }
    }

    #[test]
    fn a_first_list_counts_at_once() {
        let mut roster = Roster::default();
        assert!(!roster.is_known());
        assert_eq!(roster.learn(list(&[1, 2]), at(0), None), believed(&[1, 2]));
        assert!(roster.is_known());
    }

    #[test]
    fn an_empty_list_counts_only_when_a_second_read_agrees() {
        let mut roster = Roster::kept(Some(list(&[1, 2])));
        assert_eq!(roster.learn(vec![], at(0), None), Learnt::Doubted { again_at: at(2) });
        assert_eq!(accounts(&roster), [1, 2]);
        assert_eq!(roster.learn(vec![], at(1), None), Learnt::Doubted { again_at: at(3) });
        assert_eq!(roster.learn(vec![], at(2), None), believed(&[1, 2]));
        assert_eq!(accounts(&roster), [0_u32; 0]);
    }

    #[test]
    fn a_list_that_lost_more_than_half_counts_only_when_a_second_read_agrees() {
        let mut roster = Roster::kept(Some(list(&[1, 2, 3, 4, 5])));
        assert_eq!(roster.learn(list(&[1, 2]), at(0), None), Learnt::Doubted { again_at: at(2) });
        assert_eq!(roster.learn(list(&[1, 3]), at(2), None), Learnt::Doubted { again_at: at(4) });
        assert_eq!(roster.learn(list(&[1, 3]), at(4), None), believed(&[2, 4, 5]));
    }

    #[test]
    fn a_list_that_lost_half_counts_at_once() {
        let mut roster = Roster::kept(Some(list(&[1, 2, 3, 4])));
        assert_eq!(roster.learn(list(&[1, 2]), at(0), None), believed(&[3, 4]));
    }

    #[test]
    fn a_list_read_shortly_after_a_restart_counts_only_when_a_second_read_agrees() {
        let mut roster = Roster::kept(Some(list(&[1, 2, 3])));
        assert_eq!(roster.learn(list(&[1, 2]), at(4), Some(at(0))), Learnt::Doubted { again_at: at(6) });
        assert_eq!(roster.learn(list(&[1, 2, 3]), at(4), Some(at(0))), believed(&[]), "the same list needs no doubt");
        assert_eq!(roster.learn(list(&[1, 2]), at(5), Some(at(0))), believed(&[3]));
    }

    #[test]
    fn a_changed_address_is_a_changed_member() {
        let mut roster = Roster::kept(Some(list(&[1, 2])));
        let mut moved = list(&[1, 2]);
        moved[1].address = None;
        assert_eq!(roster.learn(moved, at(0), None), believed(&[2]));
        assert_eq!(roster.addresses().count(), 1);
    }

    #[test]
    fn two_members_with_one_address_share_its_calendar() {
        let mut both = list(&[1, 2]);
        both[1].address = both[0].address.clone();
        let roster = Roster::kept(Some(both));
        let address = roster.addresses().next().unwrap();
        assert_eq!(roster.accounts_at(address), [AccountId(1), AccountId(2)]);
    }
}
