//! `[graph]`: the tenant and the app registration that reads its calendars.

use std::time::Duration;

use url::Url;

use crate::rules::Address;
use crate::secret::Secret;

use super::form::address::address;
use super::form::duration::{HOUR, MINUTE, SECOND, duration};
use super::form::graph::{application, is_guid, tenant};
use super::form::server::server;
use super::reader::Reader;
use super::words::both;

/// Microsoft 365.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The directory, by id or domain.
    pub tenant_id: String,
    /// The app registration.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// Where Graph is.
    pub endpoint: Url,
    /// Where tokens are given.
    pub login_endpoint: Url,
    /// How often calendars are read.
    pub check_interval: Duration,
    /// A mailbox that the app must not be able to read.
    pub expect_scoped: Option<Address>,
}

const CLIENT_SECRET: &str = "graph.client_secret";

impl Graph {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let tenant_id = reader.required("graph.tenant_id", &tenant());
        let client_id = reader.required("graph.client_id", &application());
        let client_secret = reader.required_secret(CLIENT_SECRET);
        for key in ["graph.certificate_file", "graph.key_file"] {
            reader.unavailable(key, "remove it and set graph.client_secret");
        }
        let endpoint = reader.or("graph.endpoint", &server(), url("https://graph.microsoft.com"));
        let login_endpoint = url("https://login.microsoftonline.com");
        let login_endpoint = reader.or("graph.login_endpoint", &server(), login_endpoint);
        let interval = duration(SECOND..=HOUR);
        let check_interval = reader.or("graph.check_interval", &interval, MINUTE);
        let expect_scoped = reader.optional("graph.expect_scoped", &address());
        let client_secret = client_secret?;
        warn_of_secret_id(reader, &client_secret);
        Some(Self {
            tenant_id: tenant_id?,
            client_id: client_id?,
            client_secret,
            endpoint,
            login_endpoint,
            check_interval,
            expect_scoped,
        })
    }
}

impl Graph {
    /// Returns whether these and other settings reach the same tenant as the same app.
    pub fn reaches_as(&self, other: &Self) -> bool {
        let way = |graph: &Self| {
            let Self { tenant_id, client_id, client_secret, endpoint, login_endpoint, .. } = graph.clone();
            (tenant_id, client_id, client_secret, endpoint, login_endpoint)
        };
        way(self) == way(other)
    }
}

/// Entra shows a secret's id beside its value, and people copy the wrong one.
fn warn_of_secret_id(reader: &mut Reader<'_>, secret: &Secret) {
    if is_guid(secret.expose()) {
        let wrong = both(
            "looks like the id of a secret, as it is a GUID",
            "sieht aus wie die ID eines Geheimnisses, denn es ist eine GUID",
        );
        let help = both(
            "set the secret's value, which Entra shows once",
            "tragen Sie den Wert des Geheimnisses ein, den Entra einmal zeigt",
        );
        reader.warn(CLIENT_SECRET, wrong, help);
    }
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("the built-in address is a URL")
}
