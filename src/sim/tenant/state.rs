//! The tenant's state and what it answers to one item; knows nothing of HTTP connections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde_json::json;
use url::Url;

use super::batch::Item;
use super::body::Bodies;
use super::calendar_view::{View, window};
use super::event::Preferences;
use super::fault::{Fault, Whom};
use super::mailbox::{Access, Mailbox};
use super::recording::{Asked, Kind, Recording};
use super::reply::{Refusal, Reply};
use super::route::Route;
use super::token::Issuer;
use crate::rules::Address;
use crate::sim::faults::Faults;
use crate::sim::{Now, lock};

/// The most calls that may work on one mailbox at one time.
const MAILBOX_CALLS_MAX: usize = 4;

/// What the handle and the server share.
pub(crate) struct Shared {
    pub(crate) now: Now,
    pub(crate) base: Url,
    pub(crate) tenant: Mutex<State>,
}

/// Everything that the tenant knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) issuer: Issuer,
    pub(crate) mailboxes: BTreeMap<Address, Mailbox>,
    pub(crate) faults: Faults<Whom, Fault>,
    pub(crate) recording: Recording,
    pub(crate) appointments: u64,
    pub(crate) bodies: Bodies,
}

/// A call that is being worked on; it leaves its mailboxes when it is dropped, answered or not.
pub(crate) struct Visit {
    shared: Arc<Shared>,
    entered: BTreeSet<Address>,
    pub(crate) call: u64,
    pub(crate) user_agent: Option<String>,
    pub(crate) kind: Kind,
}

impl Visit {
    /// Begins to work on a call.
    pub(crate) fn begin(shared: &Arc<Shared>, kind: Kind, user_agent: Option<String>, items: &[Item]) -> Self {
        let mut state = lock(&shared.tenant);
        let call = state.recording.call();
        state.recording.begin();
        if kind == Kind::Item {
            state.recording.counts.batches += 1;
        }
        let State { mailboxes, recording, .. } = &mut *state;
        let entered = addresses(items)
            .into_iter()
            .filter(|address| mailboxes.contains_key(address) && recording.enter(address, MAILBOX_CALLS_MAX))
            .collect();
        Self { shared: Arc::clone(shared), entered, call, user_agent, kind }
    }

    /// Answers one item and remembers it.
    pub(crate) fn answer(&self, item: &Item) -> Reply {
        let now = (self.shared.now)();
        let mut state = lock(&self.shared.tenant);
        let route = Route::of(&item.url);
        let reply = self
            .work(&mut state, item, &route)
            .unwrap_or_else(|refusal| refusal.reply(now, item.header("client-request-id")));
        state.recording.remember(self.asked(item, &route, now, reply.status));
        reply
    }

    fn work(&self, state: &mut State, item: &Item, route: &Route) -> Result<Reply, Refusal> {
        let address = match route {
            Route::CalendarView { address, .. } if item.method == "GET" => address,
            Route::Unknown => {
                return Err(Refusal::new(400, "BadRequest", "Resource not found for the segment."));
            }
            Route::CalendarView { .. } | Route::Forbidden => {
                return Err(Refusal::new(
                    403,
                    "Authorization_RequestDenied",
                    "Insufficient privileges to complete the operation.",
                ));
            }
        };
        let unknown = || Refusal::new(404, "ErrorInvalidUser", "The requested user is invalid.");
        let address = address.as_ref().ok_or_else(unknown)?;
        let fault = state.faults.strike(|whom, fault| fault.is_of_an_item() && strikes(whom, address));
        match fault {
            Some(Fault::ItemThrottled(after)) => return Err(Refusal::mailbox_busy(&after)),
            Some(Fault::ItemStatus(status)) => return Err(Refusal::of_status(status)),
            Some(Fault::ItemGarbage) => return Ok(Reply::ok(json!({ "value": "~" }))),
            _ => {}
        }
        let mailbox = state.mailboxes.get(address).ok_or_else(unknown)?;
        if !self.entered.contains(address) {
            return Err(Refusal::mailbox_busy("1.5"));
        }
        readable(mailbox)?;
        let preferences = Preferences::of(item.header("prefer"))?;
        let page = View::of(route)?.page(&self.shared.base, address, mailbox, preferences, state.bodies)?;
        Ok(Reply::ok(page))
    }

    fn asked(&self, item: &Item, route: &Route, at: DateTime<Utc>, status: u16) -> Asked {
        let parameter = |name| route.parameter(name).map(str::to_owned);
        Asked {
            call: self.call,
            at,
            kind: self.kind,
            address: route.address().cloned(),
            window: window(route),
            select: parameter("$select"),
            top: parameter("$top"),
            prefer: item.header("prefer").map(str::to_owned),
            user_agent: self.user_agent.clone(),
            status,
        }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.tenant);
        state.recording.in_flight -= 1;
        for address in &self.entered {
            state.recording.leave(address);
        }
    }
}

/// Returns whether a fault of these people strikes a mailbox.
pub(crate) fn strikes(whom: &Whom, address: &Address) -> bool {
    match whom {
        Whom::Token => false,
        Whom::Everybody => true,
        Whom::Mailbox(one) => one == address,
    }
}

/// Returns whose calendars the items ask for.
pub(crate) fn addresses(items: &[Item]) -> BTreeSet<Address> {
    items.iter().filter_map(|item| Route::of(&item.url).address().cloned()).collect()
}

fn readable(mailbox: &Mailbox) -> Result<(), Refusal> {
    match mailbox.access {
        Access::Open => Ok(()),
        Access::Denied => Err(Refusal::new(
            403,
            "ErrorAccessDenied",
            "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
        )),
        Access::NotEnabled => {
            Err(Refusal::new(404, "MailboxNotEnabledForRESTAPI", "REST API is not yet supported for this mailbox."))
        }
    }
}
