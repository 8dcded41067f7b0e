//! The client and the simulated tenant, under one simulated clock.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use starface_calendar::clock::SimClock;
use starface_calendar::graph::{Bodies, Config, GraphClient};
use starface_calendar::meter::Meter;
use starface_calendar::rules::Address;
use starface_calendar::sim::Tenant;
use starface_calendar::sim::tenant::Resource;

/// Both sides.
pub(super) struct Simulated {
    pub(super) clock: SimClock,
    pub(super) tenant: Tenant,
    pub(super) client: GraphClient,
}

impl Simulated {
    /// Starts a tenant with so many mailboxes.
    pub(super) async fn start(count: usize) -> Self {
        let now: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().unwrap();
        let clock = SimClock::new(now);
        let tenant = Tenant::start(clock.clone()).await.unwrap();
        mailboxes(count).iter().for_each(|address| tenant.add_mailbox(address));
        let app = tenant.credentials();
        let config = Config {
            bodies: Bodies::NotRead,
            meter: Meter::default(),
            tenant_id: app.tenant_id,
            client_id: app.client_id,
            credential: starface_calendar::credential::Credential::secret(app.client_secret),
            endpoint: tenant.endpoint(),
            login_endpoint: tenant.login_endpoint(),
            request_timeout: Duration::from_secs(60),
        };
        let client = GraphClient::new(config, clock.clone()).unwrap();
        Self { clock, tenant, client }
    }

    /// Returns how many items of this kind each batch had that had any.
    pub(super) fn items_per_batch(&self, resource: Resource) -> Vec<usize> {
        let mut calls: BTreeMap<u64, usize> = BTreeMap::new();
        for asked in self.tenant.asked().iter().filter(|asked| asked.resource == resource) {
            *calls.entry(asked.call).or_default() += 1;
        }
        calls.into_values().collect()
    }
}

/// The address of a mailbox by its number.
pub(super) fn mailbox(number: usize) -> Address {
    format!("m{number}@example.de").parse().unwrap()
}

/// The addresses of so many mailboxes.
pub(super) fn mailboxes(count: usize) -> Vec<Address> {
    (0..count).map(mailbox).collect()
}
