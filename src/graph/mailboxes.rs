//! Dialogues with mailboxes that are named by their addresses.
//!
//! In most tenants people sign in with their address, so that it names the mailbox. Where that is not so, the address
//! answers 404; then it is looked up by mail address, and whoever is found is asked in the same go.

use std::sync::{MutexGuard, PoisonError};

use tracing::debug;

use super::PerMailbox;
use super::client::GraphClient;
use super::dialogue::Dialogue;
use super::directory::{Directory, Finding, User};
use super::error::GraphError;
use super::user::LookUp;
use crate::rules::Address;

impl GraphClient {
    /// Holds a dialogue with each of these mailboxes; `begin` gets the place of the address and who is meant by it. Gives
    /// one outcome per address, in their order; fails as a whole only when no mailbox was answered for.
    pub(super) async fn converse<D: Dialogue>(
        &self,
        addresses: &[Address],
        begin: impl Fn(usize, &User) -> D,
    ) -> PerMailbox<D::Outcome> {
        let outdated = self.directory().outdated(addresses, self.now());
        self.look_up(&outdated).await;
        let before = self.users(addresses);
        let mut outcomes = self.talk_with(addresses, |index| begin(index, &before[index])).await?;

        let is_absent = |index: &usize| outcomes[*index].as_ref().is_err_and(GraphError::is_not_found);
        let absent: Vec<usize> = (0..outcomes.len()).filter(is_absent).collect();
        let due = self.directory().due(absent.iter().map(|index| &addresses[*index]), self.now());
        self.look_up(&due).await;
        let after = self.users(addresses);
        let found: Vec<usize> = absent.into_iter().filter(|index| after[*index] != before[*index]).collect();
        let users: Vec<Address> = found.iter().map(|index| addresses[*index].clone()).collect();
        match self.talk_with(&users, |place| begin(found[place], &after[found[place]])).await {
            Ok(anew) => found.into_iter().zip(anew).for_each(|(index, outcome)| outcomes[index] = outcome),
            Err(error) => found.into_iter().for_each(|index| outcomes[index] = Err(error.clone())),
        }
        Ok(self.explained(addresses, outcomes))
    }

    /// Talks with those of these mailboxes that may be asked now; the others are refused as they were before.
    async fn talk_with<D: Dialogue>(
        &self,
        addresses: &[Address],
        begin: impl Fn(usize) -> D,
    ) -> PerMailbox<D::Outcome> {
        let now = self.now();
        let mut outcomes: Vec<Option<Result<D::Outcome, GraphError>>> =
            addresses.iter().map(|address| self.pauses.admit_mailbox(address, now).err().map(Err)).collect();
        let admitted: Vec<usize> = (0..outcomes.len()).filter(|index| outcomes[*index].is_none()).collect();
        let talked = self.talk(admitted.iter().map(|index| begin(*index)).collect()).await?;
        let now = self.now();
        for (index, outcome) in admitted.into_iter().zip(talked) {
            if let Err(error) = &outcome {
                self.pauses.note_mailbox(&addresses[index], error, now);
            }
            outcomes[index] = Some(outcome);
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    /// Asks who has these addresses as mail addresses. What cannot be found out changes nothing that is known.
    async fn look_up(&self, addresses: &[Address]) {
        let now = self.now();
        let is_admitted = |address: &&Address| self.look_up_pauses.admit_mailbox(address, now).is_ok();
        let addresses: Vec<Address> = addresses.iter().filter(is_admitted).cloned().collect();
        if addresses.is_empty() {
            return;
        }
        let looked_up = self.talk(addresses.iter().map(LookUp::new).collect()).await;
        let findings = looked_up.unwrap_or_else(|error| addresses.iter().map(|_| Err(error.clone())).collect());
        let found = findings.iter().filter(|finding| matches!(finding, Ok(Finding::User(_)))).count();
        debug!(addresses = addresses.len(), found, "Addresses that nobody signs in with were looked up.");
        let now = self.now();
        let mut directory = self.directory();
        for (address, finding) in addresses.iter().zip(findings) {
            if let Err(error) = &finding {
                self.look_up_pauses.note_mailbox(address, error, now);
            }
            directory.learn(address, finding, now);
        }
    }

    fn users(&self, addresses: &[Address]) -> Vec<User> {
        let directory = self.directory();
        addresses.iter().map(|address| directory.user(address)).collect()
    }

    /// Adds to every address that cannot be found what its look-up found.
    fn explained<T>(&self, addresses: &[Address], outcomes: Vec<Result<T, GraphError>>) -> Vec<Result<T, GraphError>> {
        let (directory, now) = (self.directory(), self.now());
        let explain = |(address, outcome): (&Address, Result<T, GraphError>)| {
            outcome.map_err(|error| error.after_look_up(directory.looked_up(address, now)))
        };
        addresses.iter().zip(outcomes).map(explain).collect()
    }

    /// Never held while something is waited for.
    fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
