//! A simulated STARFACE with the module in it, on one loopback port.
//!
//! Simulated: the token in the URL, the log-in page for a wrong one, the entry points for members and states with key,
//! owner, sequence number and expectations, restarts, and two dialects of XML-RPC. The table for a dead sidecar is
//! kept and can be read, but nothing is put back by itself. Not simulated: redirects, events, the module's page, UCI
//! and REST.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use tokio::sync::broadcast;
use tokio::task::JoinSet;
use url::Url;

use super::gate::{Gate, gate};
use super::server::{Port, Server};
use super::{Times, lock, now_of};
use crate::clock::Clock;
use crate::rules::AccountId;

pub mod account;
mod apply;
pub mod codec;
pub mod fault;
mod http;
pub mod methods;
pub mod state;
mod token;
mod tree;

pub use account::{Person, Shown, StateField};
pub use codec::Dialect;
pub use fault::{Calls, Fault};
pub use methods::Method;
pub use state::{Auth, BackRow, By, Change, Setup, Write};

use http::Shared;
use state::State;

/// A running PBX. Dropping it closes the port and ends held calls.
pub struct Pbx {
    shared: Arc<Shared>,
    server: Server,
}

impl Pbx {
    /// Starts a PBX without users on a free loopback port.
    ///
    /// # Errors
    /// No port can be opened.
    pub async fn start(clock: impl Clock, setup: Setup) -> io::Result<Self> {
        let port = Port::open().await?;
        let shared = Arc::new(Shared {
            now: now_of(clock),
            state: Mutex::new(State::new(setup)),
            tasks: Mutex::new(JoinSet::new()),
        });
        let server = port.serve(http::router(Arc::clone(&shared)));
        Ok(Self { shared, server })
    }

    /// Returns the PBX's place, for `starface.url`.
    pub fn url(&self) -> Url {
        self.server.url().clone()
    }

    /// Returns how it is set up.
    pub fn setup(&self) -> Setup {
        lock(&self.shared.state).setup.clone()
    }

    /// Replaces how it is set up, as an administrator would.
    pub fn set_up_anew(&self, setup: Setup) {
        lock(&self.shared.state).setup = setup;
    }

    /// Adds a user to the PBX and to the group; available, without a status text. One that exists is only renamed
    /// and put into the group.
    pub fn add_member(&self, person: Person) {
        let mut state = lock(&self.shared.state);
        let account = person.account;
        state.group.insert(account);
        state
            .people
            .entry(account)
            .and_modify(|(known, _)| known.clone_from(&person))
            .or_insert_with(|| (person, Shown::fresh("false")));
    }

    /// Takes a user out of the group; the account stays.
    pub fn remove_member(&self, account: AccountId) {
        lock(&self.shared.state).group.remove(&account);
    }

    /// Deletes an account.
    pub fn delete_account(&self, account: AccountId) {
        let mut state = lock(&self.shared.state);
        state.group.remove(&account);
        state.people.remove(&account);
    }

    /// Lets a person, or a person's client or call, change what the account shows.
    pub fn person_sets(&self, account: AccountId, field: StateField, value: &str) {
        let now = (self.shared.now)();
        lock(&self.shared.state).show(now, account, field, value, By::Person);
    }

    /// Returns what an account shows.
    pub fn shows(&self, account: AccountId) -> Option<Shown> {
        let state = lock(&self.shared.state);
        state.people.get(&account).map(|(_, shown)| shown.clone())
    }

    /// Returns every write that took effect, in order, also those that changed nothing; only the latest 100 000 are
    /// remembered.
    pub fn writes(&self) -> Vec<Write> {
        lock(&self.shared.state).writes.iter().cloned().collect()
    }

    /// Returns how often each entry point was called; `unknown` for everything else.
    pub fn calls(&self) -> BTreeMap<&'static str, u64> {
        lock(&self.shared.state).calls.clone()
    }

    /// Returns the table for a dead sidecar.
    pub fn back_table(&self) -> Vec<BackRow> {
        let state = lock(&self.shared.state);
        state.module.back.values().cloned().collect()
    }

    /// Follows every change of what an account shows, from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        lock(&self.shared.state).feed.subscribe()
    }

    /// Starts the PBX again: presence, text, indicator and the module's memory are lost; it never stops answering.
    pub fn restart(&self) {
        let now = (self.shared.now)();
        lock(&self.shared.state).restart(now);
    }

    /// Speaks this dialect from now on.
    pub fn speak(&self, dialect: Dialect) {
        lock(&self.shared.state).dialect = dialect;
    }

    /// Asks for a token, or does not.
    pub fn ask_for(&self, auth: Auth) {
        lock(&self.shared.state).auth = auth;
    }

    /// Gives the log-in page this status; 200 from the start.
    pub fn answer_login_page_with(&self, status: u16) {
        lock(&self.shared.state).login_page_status = status;
    }

    /// Refuses every write to an account with these words until all is healed.
    pub fn refuse(&self, account: AccountId, words: &str) {
        let mut state = lock(&self.shared.state);
        state.refusals.insert(account, words.to_owned());
    }

    /// Switches a fault on.
    pub fn fail(&self, calls: Calls, fault: Fault, times: Times) {
        lock(&self.shared.state).faults.add(calls, fault, times);
    }

    /// Loses the answers of the next so many writing calls, which take effect.
    pub fn lose_answers(&self, calls: u32) {
        let writing = Calls::Of(Method::ApplyStates);
        self.fail(writing, Fault::AnswerLost, Times::Next(calls));
    }

    /// Holds the next writing call before it takes effect. Released, it takes effect and is answered; dropped, it
    /// never does.
    pub fn hold_before_apply(&self) -> Gate {
        let (gate, door) = gate();
        let writing = Calls::Of(Method::ApplyStates);
        self.fail(writing, Fault::HeldBefore(door), Times::Next(1));
        gate
    }

    /// Holds the next writing call after it took effect. Released, it is answered; dropped, its connection is closed.
    pub fn hold_after_apply(&self) -> Gate {
        let (gate, door) = gate();
        let writing = Calls::Of(Method::ApplyStates);
        self.fail(writing, Fault::HeldAfter(door), Times::Next(1));
        gate
    }

    /// Holds the next so many calls before they take effect.
    pub fn hold(&self, calls: Calls, times: u32) -> Gate {
        let (gate, door) = gate();
        self.fail(calls, Fault::HeldBefore(door), Times::Next(times));
        gate
    }

    /// Switches every fault and refusal off; held calls stay held.
    pub fn heal(&self) {
        let mut state = lock(&self.shared.state);
        state.faults.clear();
        state.refusals.clear();
    }
}

impl Drop for Pbx {
    fn drop(&mut self) {
        lock(&self.shared.tasks).abort_all();
    }
}
