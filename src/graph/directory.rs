//! Which user an address belongs to, for tenants whose log-in names differ from the addresses.
//!
//! Pure: takes what look-ups found, tells who is to be looked up. Each address is looked up at most once a day, and only
//! after it answered 404; what was found is asked for anew every day, as an address may pass to somebody else. A look-up
//! that failed changes nothing that is known.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::endpoint::segment;
use super::error::{GraphError, LookedUp};
use crate::rules::{Address, Verdict};

/// How long a finding counts, and how long nobody is asked without the permission.
const LOOK_UP_INTERVAL: TimeDelta = TimeDelta::days(1);

/// How soon a look-up is tried again that failed for a reason that passes.
const RETRY_AFTER: TimeDelta = TimeDelta::minutes(10);

/// The most addresses that are remembered; beyond it those that nobody asked for the longest are forgotten.
const KNOWN_MAX: usize = 20_000;

/// What names a user in a path, escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User(String);

impl User {
    /// Names a user by the address, which is the log-in name in most tenants.
    pub(super) fn by_address(address: &Address) -> Self {
        Self(segment(address.as_str()))
    }

    /// Names a user by the id.
    pub(super) fn by_id(id: &str) -> Self {
        Self(segment(id))
    }

    /// Returns the segment of a path.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a look-up found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// This user has the address as mail address.
    User(User),
    /// Nobody has it, or only whoever signs in with it.
    Nobody,
    /// Several have it, so nobody knows who is meant.
    Several,
}

#[derive(Debug)]
struct Known {
    finding: Option<Finding>,
    due_at: DateTime<Utc>,
}

/// What is known of the addresses that answered 404.
#[derive(Debug, Default)]
pub(super) struct Directory {
    known: BTreeMap<Address, Known>,
    forbidden_until: Option<DateTime<Utc>>,
}

impl Directory {
    /// Returns who is meant by an address.
    pub(super) fn user(&self, address: &Address) -> User {
        match self.known.get(address).and_then(|known| known.finding.as_ref()) {
            Some(Finding::User(user)) => user.clone(),
            _ => User::by_address(address),
        }
    }

    /// Returns which of the addresses belong to a user who was found so long ago that the look-up is to be made anew.
    pub(super) fn outdated(&self, addresses: &[Address], now: DateTime<Utc>) -> Vec<Address> {
        let is_found = |address: &&Address| {
            self.known.get(*address).is_some_and(|known| matches!(known.finding, Some(Finding::User(_))))
        };
        self.due(addresses.iter().filter(is_found), now)
    }

    /// Returns which of the addresses, all of which answered 404, are to be looked up now.
    pub(super) fn due<'a>(&self, addresses: impl IntoIterator<Item = &'a Address>, now: DateTime<Utc>) -> Vec<Address> {
        if self.is_forbidden(now) {
            return Vec::new();
        }
        let is_due = |address: &&Address| self.known.get(*address).is_none_or(|known| has_come(known.due_at, now));
        addresses.into_iter().filter(is_due).cloned().collect()
    }

    /// Takes what a look-up found, or why it found nothing.
    pub(super) fn learn(&mut self, address: &Address, found: Result<Finding, GraphError>, now: DateTime<Utc>) {
        let (finding, due_at) = match found {
            Ok(finding) => (Some(finding), now + LOOK_UP_INTERVAL),
            Err(error) => {
                if error.is_forbidden() {
                    self.forbidden_until = Some(now + LOOK_UP_INTERVAL);
                }
                let before = self.known.get(address).and_then(|known| known.finding.clone());
                (before, now + wait(&error))
            }
        };
        if self.known.len() >= KNOWN_MAX && !self.known.contains_key(address) {
            self.forget_the_oldest();
        }
        self.known.insert(address.clone(), Known { finding, due_at });
    }

    /// Returns what there is to say about the look-up of an address that cannot be found.
    pub(super) fn looked_up(&self, address: &Address, now: DateTime<Utc>) -> LookedUp {
        match self.known.get(address).and_then(|known| known.finding.as_ref()) {
            Some(Finding::Nobody) => LookedUp::Nobody,
            Some(Finding::Several) => LookedUp::Several,
            None if self.is_forbidden(now) => LookedUp::Forbidden,
            Some(Finding::User(_)) | None => LookedUp::Not,
        }
    }

    fn is_forbidden(&self, now: DateTime<Utc>) -> bool {
        self.forbidden_until.is_some_and(|until| !has_come(until, now))
    }

    fn forget_the_oldest(&mut self) {
        let oldest = self.known.iter().min_by_key(|(_, known)| known.due_at).map(|(address, _)| address.clone());
        if let Some(address) = oldest {
            self.known.remove(&address);
        }
    }
}

/// Returns whether an instant has come. None that was set lies further off than a look-up's interval, unless the clock
/// has been set back since.
fn has_come(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at <= now || at - now > LOOK_UP_INTERVAL
}

fn wait(error: &GraphError) -> TimeDelta {
    match error.verdict() {
        Verdict::Retry { after } => {
            let asked = after.and_then(|after| TimeDelta::from_std(after).ok());
            asked.map_or(RETRY_AFTER, |asked| asked.max(RETRY_AFTER))
        }
        Verdict::GiveUp | Verdict::NeedsHuman => LOOK_UP_INTERVAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::error::Permission;
    use crate::graph::{Reply, Service};

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    fn anna() -> Address {
        "anna@example.de".parse().unwrap()
    }

    fn beat() -> Address {
        "beat@example.de".parse().unwrap()
    }

    fn found() -> Result<Finding, GraphError> {
        Ok(Finding::User(User::by_id("u-1")))
    }

    fn forbidden() -> GraphError {
        let reply = Reply { service: Service::Graph, status: 403, code: None, request_id: None };
        GraphError::Forbidden { needs: Permission::Users, reply }
    }

    fn late() -> GraphError {
        GraphError::TimedOut { service: Service::Graph }
    }

    #[test]
    fn an_address_belongs_to_whom_a_look_up_found_and_else_to_whom_signs_in_with_it() {
        let mut directory = Directory::default();
        assert_eq!(directory.user(&anna()).as_str(), "anna@example.de");
        directory.learn(&anna(), found(), at(0));
        assert_eq!(directory.user(&anna()).as_str(), "u-1");
        assert_eq!(directory.user(&beat()).as_str(), "beat@example.de");
    }

    #[test]
    fn nobody_is_looked_up_more_than_once_a_day() {
        let mut directory = Directory::default();
        assert_eq!(directory.due([&anna()], at(0)), [anna()]);
        assert_eq!(directory.looked_up(&anna(), at(0)), LookedUp::Not);
        for finding in [Finding::Nobody, Finding::Several] {
            directory.learn(&anna(), Ok(finding), at(0));
            assert_eq!(directory.due([&anna(), &beat()], at(23)), [beat()]);
            assert_eq!(directory.due([&anna()], at(24)), [anna()]);
        }
        assert_eq!(directory.looked_up(&anna(), at(1)), LookedUp::Several);
    }

    #[test]
    fn whoever_was_found_is_looked_up_anew_after_a_day_and_stays_known_until_then() {
        let mut directory = Directory::default();
        directory.learn(&anna(), found(), at(0));
        directory.learn(&beat(), Ok(Finding::Nobody), at(0));
        assert_eq!(directory.outdated(&[anna(), beat()], at(23)), []);
        assert_eq!(directory.outdated(&[anna(), beat()], at(24)), [anna()], "a calendar that is read needs no look-up");
        directory.learn(&anna(), Err(late()), at(24));
        assert_eq!(directory.user(&anna()).as_str(), "u-1", "unknown is not nobody");
        assert_eq!(directory.outdated(&[anna()], at(24)), []);
        assert_eq!(directory.outdated(&[anna()], at(25)), [anna()]);
        directory.learn(&anna(), Ok(Finding::Nobody), at(25));
        assert_eq!(directory.user(&anna()).as_str(), "anna@example.de");
    }

    #[test]
    fn without_the_permission_nobody_at_all_is_looked_up_for_a_day() {
        let mut directory = Directory::default();
        directory.learn(&anna(), Err(forbidden()), at(0));
        assert_eq!(directory.due([&anna(), &beat()], at(23)), []);
        assert_eq!(directory.looked_up(&beat(), at(23)), LookedUp::Forbidden);
        assert_eq!(directory.due([&anna(), &beat()], at(24)), [anna(), beat()]);
        assert_eq!(directory.looked_up(&beat(), at(24)), LookedUp::Not);
    }

    #[test]
    fn a_look_up_that_failed_is_tried_again_soon_and_not_at_once() {
        let mut directory = Directory::default();
        directory.learn(&anna(), Err(late()), at(0));
        assert_eq!(directory.due([&anna()], at(0) + TimeDelta::minutes(9)), []);
        assert_eq!(directory.due([&anna()], at(0) + TimeDelta::minutes(10)), [anna()]);
    }

    #[test]
    fn a_clock_that_is_set_back_puts_no_look_up_off_for_more_than_a_day() {
        let mut directory = Directory::default();
        directory.learn(&anna(), Ok(Finding::Nobody), at(1000));
        assert_eq!(directory.due([&anna()], at(1000)), []);
        assert_eq!(directory.due([&anna()], at(0)), [anna()]);
        directory.learn(&anna(), Err(forbidden()), at(1000));
        assert_eq!(directory.due([&beat()], at(1000)), []);
        assert_eq!(directory.due([&beat()], at(0)), [beat()]);
    }

    #[test]
    fn what_is_known_is_bounded_and_the_oldest_goes_first() {
        let mut directory = Directory::default();
        directory.learn(&anna(), Ok(Finding::Nobody), at(0));
        for number in 0..KNOWN_MAX {
            directory.learn(&format!("m{number}@example.de").parse().unwrap(), Ok(Finding::Nobody), at(1));
        }
        assert_eq!(directory.known.len(), KNOWN_MAX);
        assert_eq!(directory.due([&anna()], at(2)), [anna()], "it is as if it had never been looked up");
    }
}
