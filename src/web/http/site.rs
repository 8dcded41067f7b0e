//! What all requests share.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::connection::Caller;
use super::desk::Desk;
use super::door::{Door, Visitor, Way};
use super::events::Hub;
use super::{Config, Service, language};
use crate::clock::Clock;
use crate::engine::Snapshot;
use crate::meter::Meter;
use crate::web::page::{Login, Viewer};

/// The page, as every request finds it.
pub(super) struct Site<K> {
    pub(super) access: Access,
    pub(super) desk: Desk<K>,
    pub(super) snapshots: watch::Receiver<Snapshot>,
    pub(super) meter: Meter,
    pub(super) hub: Hub,
    pub(super) clock: K,
    behind_proxy: bool,
    door: Mutex<Door>,
}

/// From where the page is reached, and what that asks for.
pub(super) struct Access {
    /// Whether names and absences are for those alone who show the token, as others than this machine's users call.
    pub(super) is_closed: bool,
    /// Whether strangers call from this machine alone.
    pub(super) is_local: bool,
    /// Whether TLS is spoken here.
    pub(super) has_tls: bool,
    /// Further names of this page.
    pub(super) hosts: Vec<String>,
}

impl<K: Clock> Site<K> {
    pub(super) fn new(config: &Config, service: Service, clock: K) -> Self {
        let is_loopback = config.listen.ip().to_canonical().is_loopback();
        let has_tls = config.tls.is_some();
        let way = if has_tls || config.behind_proxy { Way::Encrypted } else { Way::Plain };
        Self {
            access: Access {
                is_closed: !is_loopback,
                is_local: is_loopback && !config.behind_proxy,
                has_tls,
                hosts: config.hosts.clone(),
            },
            desk: Desk::new(service.commands, clock.clone()),
            snapshots: service.snapshots,
            meter: service.meter,
            hub: Hub::default(),
            clock,
            behind_proxy: config.behind_proxy,
            door: Mutex::new(Door::new(config.token.as_ref(), way)),
        }
    }

    /// Returns the door, which is never kept open over a wait.
    pub(super) fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Returns who called the proxy if there is one: it appends that itself, so only the last name is its word.
    pub(super) fn caller(&self, caller: &Caller, headers: &HeaderMap) -> IpAddr {
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
        let named = forwarded.filter(|_| self.behind_proxy).and_then(|value| value.to_str().ok());
        let named = named.and_then(|all| all.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
        named.map_or(caller.address, |address| address.to_canonical())
    }

    /// Returns how a page is shown to this visitor.
    pub(super) fn viewer(&self, headers: &HeaderMap, visitor: &Visitor) -> Viewer {
        let login = match visitor {
            Visitor::Stranger if self.door().has_token() => Login::Possible,
            Visitor::Stranger => Login::Impossible,
            // What a script shows with each request proves each request.
            Visitor::Script => Login::Done { form_token: String::new() },
            Visitor::Browser { form_token } => Login::Done { form_token: form_token.clone() },
        };
        Viewer { language: language::of(headers), login }
    }
}
