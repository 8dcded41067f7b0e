//! What the tenant was asked, for tests to look at; bounded.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

use crate::rules::Address;

/// The most requests that are remembered; the oldest go first.
const ASKED_MAX: usize = 20_000;

/// One request for a token or for one mailbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The HTTP call that carried it, counted from 1.
    pub call: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// How it came.
    pub kind: Kind,
    /// What for.
    pub resource: Resource,
    /// The method.
    pub method: String,
    /// Whose mailbox, by log-in name; for a look-up the mail address that is looked up.
    pub address: Option<Address>,
    /// Which part of it; none for a further page.
    pub window: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// `$select`, as given.
    pub select: Option<String>,
    /// `$top`, as given.
    pub top: Option<String>,
    /// `Prefer`, as given.
    pub prefer: Option<String>,
    /// `User-Agent` of the call.
    pub user_agent: Option<String>,
    /// The status of the answer.
    pub status: u16,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A token.
    Token,
    /// A calendar.
    Calendar,
    /// A list of categories, or one of them.
    Categories,
    /// Who has a mail address.
    Users,
    /// Something else.
    Other,
}

/// How a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A token.
    Token,
    /// An item of a batch.
    Item,
    /// A request outside a batch.
    Single,
}

/// How much was asked, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls of any kind.
    pub calls: u64,
    /// Requests for a token.
    pub tokens: u64,
    /// Batches.
    pub batches: u64,
    /// Items of batches.
    pub items: u64,
    /// Requests outside batches.
    pub singles: u64,
    /// Bytes of the bodies of answers, before any compression.
    pub bytes: u64,
    /// The most calls, tokens excepted, that were worked on at one time.
    pub in_flight_max: usize,
}

/// Everything that was asked, and what is being worked on.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    pub(crate) asked: VecDeque<Asked>,
    pub(crate) counts: Counts,
    pub(crate) busy: BTreeMap<Address, usize>,
    pub(crate) busy_max: BTreeMap<Address, usize>,
    pub(crate) in_flight: usize,
}

impl Recording {
    /// Counts a call and gives its number.
    pub(crate) fn call(&mut self) -> u64 {
        self.counts.calls += 1;
        self.counts.calls
    }

    /// Remembers a request.
    pub(crate) fn remember(&mut self, asked: Asked) {
        match asked.kind {
            Kind::Token => self.counts.tokens += 1,
            Kind::Item => self.counts.items += 1,
            Kind::Single => self.counts.singles += 1,
        }
        if self.asked.len() == ASKED_MAX {
            self.asked.pop_front();
        }
        self.asked.push_back(asked);
    }

    /// Counts a mailbox as worked on, unless `limit` calls do so already.
    pub(crate) fn enter(&mut self, address: &Address, limit: usize) -> bool {
        let busy = self.busy.entry(address.clone()).or_default();
        if *busy == limit {
            return false;
        }
        *busy += 1;
        let most = self.busy_max.entry(address.clone()).or_default();
        *most = (*most).max(*busy);
        true
    }

    /// Counts a mailbox as left.
    pub(crate) fn leave(&mut self, address: &Address) {
        if let Some(busy) = self.busy.get_mut(address) {
            *busy -= 1;
            if *busy == 0 {
                self.busy.remove(address);
            }
        }
    }

    /// Counts a call as worked on.
    pub(crate) fn begin(&mut self) {
        self.in_flight += 1;
        self.counts.in_flight_max = self.counts.in_flight_max.max(self.in_flight);
    }
}
