//! What people, their clients and another sidecar do to a simulated PBX.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::AbortHandle;

use super::account::StateField;
use super::apply::{Writer, take_ownership};
use super::events::EventKind;
use super::http::{self, Shared};
use super::state::{By, State, Telephony};
use super::{Pbx, lock};
use crate::rules::AccountId;

/// What the other sidecar calls itself.
const OTHER_OWNER: &str = "other-sidecar";

/// The shortest time between two overwrites of a client by itself, so that it never spins.
const OVERWRITE_INTERVAL_MIN: TimeDelta = TimeDelta::seconds(1);

/// The longest, so that its next instant can always be told.
const OVERWRITE_INTERVAL_MAX: TimeDelta = TimeDelta::days(365);

/// A STARFACE client that sets the chat status by itself.
#[derive(Debug)]
pub(crate) struct UccClient {
    presence: String,
    text: String,
    task: AbortHandle,
}

impl Pbx {
    /// Lets a person, or a person's client or call, change what the account shows.
    pub fn person_sets(&self, account: AccountId, field: StateField, value: &str) {
        let now = self.shared.time.now();
        lock(&self.shared.state).show(now, account, field, value, By::Person);
    }

    /// Lets a member dial the number that ends an appointment early.
    pub fn person_dials_end(&self, account: AccountId) {
        let now = self.shared.time.now();
        lock(&self.shared.state).happen(now, EventKind::End(account));
    }

    /// Begins a call, which makes the account's telephone busy.
    pub fn begin_call(&self, account: AccountId) {
        self.telephone(account, "true", "ACTIVE");
    }

    /// Ends the call, which makes the account's telephone available, whatever it showed before.
    pub fn end_call(&self, account: AccountId) {
        self.telephone(account, "false", "AVAILABLE");
    }

    /// Hides telephony from the module: whether an account is in a call, and its indicator, cannot be read any more.
    /// Both go on, and [`Pbx::shows`] tells of them.
    pub fn hide_telephony(&self) {
        lock(&self.shared.state).telephony = Telephony::Hidden;
    }

    /// Logs a client in that overwrites presence and text of its account, every so often by the clock (between a second
    /// and a year) and when it is told ([`Pbx::ucc_overwrites`]). It takes the place of one that is there.
    pub fn ucc_client(&self, account: AccountId, presence: &str, text: &str, every: Duration) {
        let interval = TimeDelta::from_std(every).unwrap_or(OVERWRITE_INTERVAL_MAX);
        let interval = interval.clamp(OVERWRITE_INTERVAL_MIN, OVERWRITE_INTERVAL_MAX);
        let first_at = self.shared.time.now() + interval;
        let task = http::spawn(&self.shared, overwrite_every(Arc::clone(&self.shared), account, first_at, interval));
        let client = UccClient { presence: presence.to_owned(), text: text.to_owned(), task };
        let before = lock(&self.shared.state).clients.insert(account, client);
        end(before);
    }

    /// Lets an account's client overwrite presence and text now.
    pub fn ucc_overwrites(&self, account: AccountId) {
        let now = self.shared.time.now();
        overwrite(&mut lock(&self.shared.state), account, now);
    }

    /// Logs an account's client off.
    pub fn ucc_client_leaves(&self, account: AccountId) {
        let client = lock(&self.shared.state).clients.remove(&account);
        end(client);
    }

    /// Lets another sidecar make a writing call, which takes ownership and writes nothing.
    ///
    /// # Errors
    /// The module's words, where the present owner has called within the last minute.
    pub fn other_owner_writes(&self) -> Result<(), String> {
        let writer = Writer { owner: OTHER_OWNER, seq: 1, now: self.shared.time.now() };
        take_ownership(&mut lock(&self.shared.state), &writer)
    }

    fn telephone(&self, account: AccountId, in_call: &str, telephony_state: &str) {
        let now = self.shared.time.now();
        let mut state = lock(&self.shared.state);
        state.show(now, account, StateField::InCall, in_call, By::Person);
        state.show(now, account, StateField::TelephonyState, telephony_state, By::Person);
    }
}

async fn overwrite_every(shared: Arc<Shared>, account: AccountId, first_at: DateTime<Utc>, interval: TimeDelta) {
    let mut next = first_at;
    loop {
        shared.time.sleep_until(next).await;
        let now = shared.time.now();
        overwrite(&mut lock(&shared.state), account, now);
        next = now + interval;
    }
}

fn overwrite(state: &mut State, account: AccountId, now: DateTime<Utc>) {
    let Some(UccClient { presence, text, .. }) = state.clients.get(&account) else {
        return;
    };
    let (presence, text) = (presence.clone(), text.clone());
    state.show(now, account, StateField::ChatPresence, &presence, By::Person);
    state.show(now, account, StateField::ChatPresenceMessage, &text, By::Person);
}

fn end(client: Option<UccClient>) {
    if let Some(client) = client {
        client.task.abort();
    }
}
