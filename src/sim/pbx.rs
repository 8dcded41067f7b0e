//! A simulated STARFACE with the module in it, on one loopback port.
//!
//! Simulated: the tokens in the URL and the service that gives them, the log-in page for a wrong one, the entry points
//! for members, states and redirects with key, owner, sequence number and expectations, numbers of people and groups,
//! voicemail boxes, the module's page, the event queue, the table for a dead sidecar with the timer that carries it out,
//! calls, clients that overwrite the chat status, restarts, updates and backups, and two dialects of XML-RPC. Not
//! simulated: where calls really go, UCI and REST.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use url::Url;

use super::gate::{Gate, gate};
use super::server::{Port, Server};
use super::{Times, lock};
use crate::clock::Clock;
use crate::rules::AccountId;

pub mod account;
mod apply;
pub mod back;
pub mod codec;
mod events;
pub mod fault;
mod http;
pub mod methods;
pub mod numbers;
pub mod pace;
pub mod page;
mod people;
mod redirects;
pub mod state;
mod time;
pub mod token;
mod tree;
pub mod upheaval;

pub use account::{Person, Shown, StateField};
pub use back::{BackRow, RedirectBackRow};
pub use codec::Dialect;
pub use fault::{Calls, Fault};
pub use methods::Method;
pub use numbers::{ShownRedirect, Trigger};
pub use pace::Pace;
pub use page::Page;
pub use state::{Auth, By, Change, RedirectChange, RedirectWrite, Setup, Write};
pub use token::Grants;
pub use upheaval::Backup;

use http::Shared;
use state::State;
use time::Time;

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
            time: Time::of(clock),
            state: Mutex::new(State::new(setup)),
            tasks: Mutex::new(JoinSet::new()),
        });
        let server = port.serve(http::router(Arc::clone(&shared)));
        http::spawn(&shared, strike_every_minute(Arc::clone(&shared)));
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

    /// Deletes an account with its own numbers and boxes.
    pub fn delete_account(&self, account: AccountId) {
        let mut state = lock(&self.shared.state);
        state.group.remove(&account);
        state.people.remove(&account);
        state.numbers.forget(account);
    }

    /// Returns what an account shows.
    pub fn shows(&self, account: AccountId) -> Option<Shown> {
        let state = lock(&self.shared.state);
        state.people.get(&account).map(|(_, shown)| shown.clone())
    }

    /// Returns every write of a state that took effect, in order, also those that changed nothing; only the latest
    /// 100 000 are remembered.
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

    /// Speaks this dialect from now on.
    pub fn speak(&self, dialect: Dialect) {
        lock(&self.shared.state).dialect = dialect;
    }

    /// Takes this long for each call from now on.
    pub fn take_time(&self, pace: Pace) {
        lock(&self.shared.state).pace = pace;
    }

    /// Asks for this kind of token.
    pub fn ask_for(&self, auth: Auth) {
        lock(&self.shared.state).auth = auth;
    }

    /// Returns how often access tokens were given.
    pub fn grants(&self) -> Grants {
        lock(&self.shared.state).issuer.grants()
    }

    /// Forgets every access and refresh token, as a start of the PBX does.
    pub fn revoke_tokens(&self) {
        lock(&self.shared.state).issuer.revoke();
    }

    /// Lets access tokens live this long; five minutes from the start.
    pub fn let_tokens_live_for(&self, life: TimeDelta) {
        lock(&self.shared.state).issuer.access_life = life;
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
        self.fail(Calls::Writing, Fault::AnswerLost, Times::Next(calls));
    }

    /// Closes the connections of the next so many writing calls at once, and lets each take effect so much later by the
    /// clock, where the module does not find it stale or of another owner by then.
    pub fn land_late(&self, calls: u32, by: TimeDelta) {
        self.fail(Calls::Writing, Fault::Late(by), Times::Next(calls));
    }

    /// Holds the next writing call before it takes effect. Released, it takes effect and is answered; dropped, it
    /// never does.
    pub fn hold_before_apply(&self) -> Gate {
        let (gate, door) = gate();
        self.fail(Calls::Writing, Fault::HeldBefore(door), Times::Next(1));
        gate
    }

    /// Holds the next writing call after it took effect. Released, it is answered; dropped, its connection is closed.
    pub fn hold_after_apply(&self) -> Gate {
        let (gate, door) = gate();
        self.fail(Calls::Writing, Fault::HeldAfter(door), Times::Next(1));
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
        state.number_refusals.clear();
    }
}

/// The module's timer.
async fn strike_every_minute(shared: Arc<Shared>) {
    loop {
        let next = shared.time.now() + back::TIMER_INTERVAL;
        shared.time.sleep_until(next).await;
        back::tick(&mut lock(&shared.state), shared.time.now());
    }
}

impl Drop for Pbx {
    fn drop(&mut self) {
        lock(&self.shared.tasks).abort_all();
    }
}
