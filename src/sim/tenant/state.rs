//! The tenant's state and what it answers to one item; knows nothing of HTTP connections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde_json::json;
use url::Url;

use super::batch::Item;
use super::body::Bodies;
use super::calendar_view::{View, window};
use super::categories::{DuplicateStatus, List};
use super::directory;
use super::event::Preferences;
use super::fault::{Fault, Whom};
use super::grant::{self, Grant};
use super::mailbox::{Access, Mailbox};
use super::recording::{Asked, Kind, Recording, Resource};
use super::reply::{Refusal, Reply};
use super::route::{Place, Route};
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
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) issuer: Issuer,
    pub(crate) granted: BTreeSet<Grant>,
    pub(crate) duplicate_status: DuplicateStatus,
    /// By the name with which the owner signs in.
    pub(crate) mailboxes: BTreeMap<Address, Mailbox>,
    pub(crate) faults: Faults<Whom, Fault>,
    pub(crate) recording: Recording,
    pub(crate) appointments: u64,
    pub(crate) bodies: Bodies,
}

impl Default for State {
    fn default() -> Self {
        Self {
            issuer: Issuer::default(),
            granted: Grant::ALL.into(),
            duplicate_status: DuplicateStatus::default(),
            mailboxes: BTreeMap::new(),
            faults: Faults::default(),
            recording: Recording::default(),
            appointments: 0,
            bodies: Bodies::default(),
        }
    }
}

impl State {
    /// The state of a tenant at this place.
    pub(crate) fn at(base: &Url) -> Self {
        let mut state = Self::default();
        state.issuer.base = base.to_string();
        state
    }

    /// Returns the log-in names of those whom the items ask for, whether they are known or not.
    pub(crate) fn addresses(&self, items: &[Item]) -> BTreeSet<Address> {
        items.iter().filter_map(|item| self.address(&Route::of(&item.url))).collect()
    }

    /// The same without those who are only looked up, in whose mailboxes nobody works.
    fn visited(&self, items: &[Item]) -> BTreeSet<Address> {
        let routes = items.iter().map(|item| Route::of(&item.url)).filter(|route| route.user().is_some());
        routes.filter_map(|route| self.address(&route)).collect()
    }

    /// Returns the log-in name of whom is asked for; for a look-up the mail address.
    fn address(&self, route: &Route) -> Option<Address> {
        if route.place == Place::Users {
            return directory::mail_of(route.parameter("$filter")).ok();
        }
        let user = route.user()?;
        let by_id =
            || self.mailboxes.iter().find(|(_, mailbox)| mailbox.user_id == user).map(|(login, _)| login.clone());
        user.parse().ok().or_else(by_id)
    }

    fn demand(&self, any_of: &[Grant]) -> Result<(), Refusal> {
        if any_of.iter().any(|grant| self.granted.contains(grant)) { Ok(()) } else { Err(grant::refused()) }
    }
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
        let visited = state.visited(items);
        let State { mailboxes, recording, .. } = &mut *state;
        let entered = visited
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
        let asked = self.asked(item, &route, state.address(&route), now, reply.status);
        state.recording.remember(asked);
        reply
    }

    fn work(&self, state: &mut State, item: &Item, route: &Route) -> Result<Reply, Refusal> {
        may(state, item, route)?;
        let unknown = || Refusal::new(404, "ErrorInvalidUser", "The requested user is invalid.");
        let address = match route.place {
            Place::Users => directory::mail_of(route.parameter("$filter"))?,
            _ => state.address(route).ok_or_else(unknown)?,
        };
        let fault = state.faults.strike(|whom, fault| fault.is_of_an_item() && strikes(whom, &address));
        match fault {
            Some(Fault::ItemThrottled(after)) => return Err(Refusal::mailbox_busy(&after)),
            Some(Fault::ItemStatus(status)) => return Err(Refusal::of_status(status)),
            Some(Fault::ItemGarbage) => return Ok(Reply::ok(json!({ "value": "~" }))),
            _ => {}
        }
        if route.place == Place::Users {
            return directory::users(&self.shared.base, &state.mailboxes, &address, route.parameter("$select"));
        }
        let mailbox = state.mailboxes.get_mut(&address).ok_or_else(unknown)?;
        if !self.entered.contains(&address) {
            return Err(Refusal::mailbox_busy("1.5"));
        }
        readable(mailbox)?;
        if let Place::Categories { category, .. } = &route.place {
            let list = List { base: &self.shared.base, owner: &address, mailbox };
            return of_categories(list, category.as_deref(), item, route, state.duplicate_status);
        }
        let preferences = Preferences::of(item.header("prefer"))?;
        let page = View::of(route)?.page(&self.shared.base, &address, mailbox, preferences, state.bodies)?;
        Ok(Reply::ok(page))
    }

    fn asked(&self, item: &Item, route: &Route, address: Option<Address>, at: DateTime<Utc>, status: u16) -> Asked {
        let parameter = |name| route.parameter(name).map(str::to_owned);
        Asked {
            call: self.call,
            at,
            kind: self.kind,
            resource: match route.place {
                Place::CalendarView { .. } => Resource::Calendar,
                Place::Categories { .. } => Resource::Categories,
                Place::Users => Resource::Users,
                Place::Forbidden | Place::Unknown => Resource::Other,
            },
            method: item.method.clone(),
            address,
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

/// Refuses what does not exist, and what the app was not granted.
fn may(state: &State, item: &Item, route: &Route) -> Result<(), Refusal> {
    const WRITE: Grant = Grant::WriteMailboxSettings;
    match (&route.place, item.method.as_str()) {
        (Place::Unknown, _) => Err(Refusal::new(400, "BadRequest", "Resource not found for the segment.")),
        (Place::CalendarView { .. }, "GET") => Ok(()),
        (Place::Categories { .. }, "GET") => state.demand(&[Grant::ReadMailboxSettings, WRITE]),
        (Place::Categories { .. }, _) => state.demand(&[WRITE]),
        (Place::Users, "GET") => state.demand(&[Grant::ReadUsers]),
        _ => Err(grant::refused()),
    }
}

fn of_categories(
    mut list: List<'_>,
    category: Option<&str>,
    item: &Item,
    route: &Route,
    duplicate: DuplicateStatus,
) -> Result<Reply, Refusal> {
    match (item.method.as_str(), category) {
        ("GET", None) => list.page(route.parameter("$top"), route.parameter("$skip")),
        ("POST", None) => list.create(&item.body, duplicate),
        ("GET", Some(id)) => list.one(id),
        ("PATCH", Some(id)) => list.change(id, &item.body),
        ("DELETE", Some(id)) => list.remove(id),
        _ => Err(Refusal::new(405, "Request_BadRequest", "The method is not allowed here.")),
    }
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
