//! A simulated tenant of Microsoft 365: Entra's token endpoint and Graph's calendars on one loopback port.
//!
//! Simulated: tokens by client secret, certificate and federated assertion, `$batch`, `calendarView` with paging, `$select`, `$top` and `Prefer`, bodies in
//! both forms, `masterCategories` with paging and writing, users by mail address, the limits that a client can run into,
//! every per-mailbox refusal, and permissions that were not granted. Not simulated: recurrence rules (occurrences are put
//! in singly), `dependsOn`, writing of calendars, time zones but UTC.

use std::io;
use std::sync::Arc;

use chrono_tz::Tz;
use url::Url;

use super::server::{Port, Server};
use super::{Times, lock, now_of};
use crate::clock::Clock;
use crate::rules::Address;

pub mod appointment;
mod assertion;
mod batch;
mod body;
mod calendar_view;
pub mod categories;
mod directory;
mod event;
pub mod fault;
pub mod grant;
mod http;
pub mod mailbox;
pub mod recording;
mod reply;
mod route;
mod state;
pub mod token;

use super::gate::{Gate, gate};
pub use appointment::{Appointment, AppointmentId, Body, Response, Sensitivity, ShowAs, When};
pub use assertion::Federation;
pub use body::Bodies;
pub use categories::DuplicateStatus;
pub use fault::{Fault, Whom};
pub use grant::Grant;
pub use mailbox::Access;
pub use recording::{Asked, Counts, Kind, Resource};
pub use token::Credentials;

use categories::Category;
use mailbox::{Mailbox, Stored};
use state::{Shared, State};
use token::SecretAge;

/// A running tenant. Dropping it closes the port.
pub struct Tenant {
    shared: Arc<Shared>,
    server: Server,
}

impl Tenant {
    /// Starts an empty tenant on a free loopback port.
    ///
    /// # Errors
    /// No port can be opened.
    pub async fn start(clock: impl Clock) -> io::Result<Self> {
        let port = Port::open().await?;
        let shared = Arc::new(Shared {
            now: now_of(clock),
            base: port.url().clone(),
            tenant: std::sync::Mutex::new(State::at(port.url())),
        });
        let server = port.serve(http::router(Arc::clone(&shared)));
        Ok(Self { shared, server })
    }

    /// Returns the place of Graph, for `graph.endpoint`.
    pub fn endpoint(&self) -> Url {
        self.server.url().clone()
    }

    /// Returns the place of Entra, for `graph.login_endpoint`.
    pub fn login_endpoint(&self) -> Url {
        self.server.url().clone()
    }

    /// Returns what an app needs for a token.
    pub fn credentials(&self) -> Credentials {
        lock(&self.shared.tenant).issuer.credentials.clone()
    }

    /// Adds a mailbox whose owner lives in Zürich.
    pub fn add_mailbox(&self, address: &Address) {
        self.add_mailbox_in(address, Tz::Europe__Zurich);
    }

    /// Adds a mailbox with this time zone.
    pub fn add_mailbox_in(&self, address: &Address, zone: Tz) {
        lock(&self.shared.tenant).mailboxes.insert(address.clone(), Mailbox::new(address, zone));
    }

    /// Adds a mailbox whose owner signs in with another name than the mail address. `login` names it from then on.
    pub fn add_mailbox_of(&self, login: &Address, mail: &Address) {
        lock(&self.shared.tenant).mailboxes.insert(login.clone(), Mailbox::new(mail, Tz::Europe__Zurich));
    }

    /// Removes a mailbox with its calendar; its user is then unknown.
    pub fn remove_mailbox(&self, address: &Address) {
        lock(&self.shared.tenant).mailboxes.remove(address);
    }

    /// Says whether a mailbox may be read. An unknown mailbox stays unknown.
    pub fn restrict(&self, address: &Address, access: Access) {
        if let Some(mailbox) = lock(&self.shared.tenant).mailboxes.get_mut(address) {
            mailbox.access = access;
        }
    }

    /// Puts an appointment into a calendar; the mailbox is added where there is none.
    pub fn put(&self, address: &Address, appointment: Appointment) -> AppointmentId {
        let now = (self.shared.now)();
        let mut state = lock(&self.shared.tenant);
        state.appointments += 1;
        let id = AppointmentId(format!("AAkALgSim{:08}", state.appointments));
        let stored = Stored { appointment, revision: 1, created_at: now, changed_at: now };
        state
            .mailboxes
            .entry(address.clone())
            .or_insert_with(|| Mailbox::new(address, Tz::Europe__Zurich))
            .calendar
            .insert(id.clone(), stored);
        id
    }

    /// Changes an appointment, if it is still there.
    pub fn change(&self, id: &AppointmentId, change: impl FnOnce(&mut Appointment)) {
        let now = (self.shared.now)();
        let mut state = lock(&self.shared.tenant);
        let mut calendars = state.mailboxes.values_mut();
        if let Some(stored) = calendars.find_map(|mailbox| mailbox.calendar.get_mut(id)) {
            change(&mut stored.appointment);
            stored.revision += 1;
            stored.changed_at = now;
        }
    }

    /// Deletes an appointment.
    pub fn delete(&self, id: &AppointmentId) {
        for mailbox in lock(&self.shared.tenant).mailboxes.values_mut() {
            mailbox.calendar.remove(id);
        }
    }

    /// Says which bodies are given from now on.
    pub fn give_bodies(&self, bodies: Bodies) {
        lock(&self.shared.tenant).bodies = bodies;
    }

    /// Puts a category into a mailbox's list, as its owner does in Outlook; nothing happens where there is no mailbox.
    pub fn add_category(&self, address: &Address, name: &str) {
        if let Some(mailbox) = lock(&self.shared.tenant).mailboxes.get_mut(address) {
            mailbox.categories.push(Category::new(name, "preset0"));
        }
    }

    /// Returns the names and colours of a mailbox's categories, in their order.
    pub fn categories(&self, address: &Address) -> Vec<(String, String)> {
        let state = lock(&self.shared.tenant);
        let categories = state.mailboxes.get(address).map_or(&[][..], |mailbox| &mailbox.categories);
        categories.iter().map(|category| (category.name.clone(), category.color.clone())).collect()
    }

    /// Chooses how a category is refused whose name is there already.
    pub fn refuse_duplicates_with(&self, status: DuplicateStatus) {
        lock(&self.shared.tenant).duplicate_status = status;
    }

    /// Grants a permission to the app; at the beginning it has all of them.
    pub fn grant(&self, grant: Grant) {
        lock(&self.shared.tenant).granted.insert(grant);
    }

    /// Withdraws a permission from the app.
    pub fn withdraw(&self, grant: Grant) {
        lock(&self.shared.tenant).granted.remove(&grant);
    }

    /// Lets tokens that are given from now on name these permissions, as Entra's do; with none of them they name none, as
    /// where Exchange alone grants any. What the app may do does not depend on it. At the beginning tokens are opaque.
    pub fn name_roles(&self, roles: &[&str]) {
        lock(&self.shared.tenant).issuer.roles = Some(roles.iter().map(|role| (*role).to_owned()).collect());
    }

    /// Lets tokens that are given from now on live for so long.
    pub fn let_tokens_live_for(&self, life: chrono::Duration) {
        lock(&self.shared.tenant).issuer.tokens_live_for = life;
    }

    /// Makes every token that was given invalid.
    pub fn revoke_tokens(&self) {
        lock(&self.shared.tenant).issuer.revoke();
    }

    /// Registers a certificate of the app, in its DER form.
    pub fn register_certificate(&self, der: &[u8]) {
        lock(&self.shared.tenant).issuer.assertions.certificates.push(der.to_vec().into());
    }

    /// Forgets every certificate of the app.
    pub fn forget_certificates(&self) {
        lock(&self.shared.tenant).issuer.assertions.certificates.clear();
    }

    /// Lets the app trust another identity provider.
    pub fn trust(&self, federation: Federation) {
        lock(&self.shared.tenant).issuer.assertions.federations.push(federation);
    }

    /// Lets the app's secret reach its end.
    pub fn expire_secret(&self) {
        lock(&self.shared.tenant).issuer.secret_age = SecretAge::Expired;
    }

    /// Replaces what an app needs for a token; the old values become wrong.
    pub fn replace_credentials(&self, credentials: Credentials) {
        let mut state = lock(&self.shared.tenant);
        state.issuer.credentials = credentials;
        state.issuer.secret_age = SecretAge::Good;
    }

    /// Switches a fault on.
    pub fn fail(&self, whom: Whom, fault: Fault, times: Times) {
        lock(&self.shared.tenant).faults.add(whom, fault, times);
    }

    /// Holds the next so many calls about these people until the gate is released or dropped.
    pub fn hold(&self, whom: Whom, calls: u32) -> Gate {
        let (gate, door) = gate();
        self.fail(whom, Fault::Held(door), Times::Next(calls));
        gate
    }

    /// Switches every fault off; held calls stay held.
    pub fn heal(&self) {
        lock(&self.shared.tenant).faults.clear();
    }

    /// Returns what was asked, oldest first; only the latest 20 000 requests are remembered.
    pub fn asked(&self) -> Vec<Asked> {
        let state = lock(&self.shared.tenant);
        state.recording.asked.iter().cloned().collect()
    }

    /// Returns how much was asked since the start.
    pub fn counts(&self) -> Counts {
        lock(&self.shared.tenant).recording.counts
    }

    /// Returns how many calls, tokens excepted, are being worked on or held.
    pub fn in_flight(&self) -> usize {
        lock(&self.shared.tenant).recording.in_flight
    }

    /// Returns the most calls that worked on this mailbox at one time.
    pub fn busy_max(&self, address: &Address) -> usize {
        let state = lock(&self.shared.tenant);
        state.recording.busy_max.get(address).copied().unwrap_or(0)
    }
}
