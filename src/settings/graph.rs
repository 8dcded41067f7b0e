//! `[graph]`: the tenant and the app registration that reads its calendars.

use std::time::Duration;

use url::Url;

use crate::credential::Credential;
use crate::rules::Address;

use super::credential;
use super::form::address::address;
use super::form::duration::{HOUR, MINUTE, SECOND, duration};
use super::form::graph::{application, tenant};
use super::form::server::server;
use super::pace::Pace;
use super::reader::Reader;

/// Microsoft 365.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The directory, by id or domain.
    pub tenant_id: String,
    /// The app registration.
    pub client_id: String,
    /// What it proves itself with.
    pub credential: Credential,
    /// Where Graph is.
    pub endpoint: Url,
    /// Where tokens are given.
    pub login_endpoint: Url,
    /// How often calendars are read.
    pub check_interval: Duration,
    /// What changes that.
    pub pace: Pace,
    /// A mailbox that the app must not be able to read.
    pub expect_scoped: Option<Address>,
}

impl Graph {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let tenant_id = reader.required("graph.tenant_id", &tenant());
        let client_id = reader.required("graph.client_id", &application());
        let credential = credential::read(reader);
        let endpoint = reader.or("graph.endpoint", &server(), url("https://graph.microsoft.com"));
        let login_endpoint = url("https://login.microsoftonline.com");
        let login_endpoint = reader.or("graph.login_endpoint", &server(), login_endpoint);
        let interval = duration(SECOND..=HOUR);
        let check_interval = reader.or("graph.check_interval", &interval, MINUTE);
        let pace = Pace::read(reader);
        let expect_scoped = reader.optional("graph.expect_scoped", &address());
        Some(Self {
            tenant_id: tenant_id?,
            client_id: client_id?,
            credential: credential?,
            endpoint,
            login_endpoint,
            check_interval,
            pace,
            expect_scoped,
        })
    }
}

impl Graph {
    /// Returns whether these and other settings reach the same tenant as the same app.
    pub fn reaches_as(&self, other: &Self) -> bool {
        let way = |graph: &Self| {
            let Self { tenant_id, client_id, credential, endpoint, login_endpoint, .. } = graph.clone();
            (tenant_id, client_id, credential, endpoint, login_endpoint)
        };
        way(self) == way(other)
    }
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("the built-in address is a URL")
}
