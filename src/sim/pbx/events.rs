//! The module's event queue, and `drainEvents`, which may wait for an event.

use std::collections::VecDeque;
use std::pin::pin;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::select;
use uuid::Uuid;

use super::http::Shared;
use super::tree::Tree;
use crate::rules::AccountId;
use crate::sim::lock;

/// The most events that are kept; the oldest go first.
const EVENTS_MAX: usize = 1_000;

/// The longest that a call may ask to wait.
const WAIT_SECS_MAX: i64 = 25;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// A member dialled the number that ends an appointment early.
    End(AccountId),
    /// The module's page was changed.
    Config,
    /// The module put something of this member back.
    Back(AccountId),
}

/// The events since the module was loaded.
#[derive(Debug)]
pub(crate) struct Events {
    queue: String,
    seq: u64,
    kept: VecDeque<Event>,
}

#[derive(Debug)]
struct Event {
    seq: u64,
    kind: EventKind,
    at: DateTime<Utc>,
}

/// One call of `drainEvents`.
#[derive(Debug)]
pub(crate) struct Drain {
    queue: String,
    after: u64,
    until: DateTime<Utc>,
}

impl Default for Events {
    fn default() -> Self {
        Self { queue: Uuid::new_v4().simple().to_string(), seq: 0, kept: VecDeque::new() }
    }
}

impl Events {
    /// Adds an event.
    pub(crate) fn push(&mut self, kind: EventKind, at: DateTime<Utc>) {
        if self.kept.len() == EVENTS_MAX {
            self.kept.pop_front();
        }
        self.seq += 1;
        self.kept.push_back(Event { seq: self.seq, kind, at });
    }

    /// Returns the queue's random name.
    pub(crate) fn queue(&self) -> &str {
        &self.queue
    }

    /// Returns the number of the latest event; 0 before the first.
    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }
}

impl Event {
    fn tree(&self) -> Tree {
        let (kind, account) = match self.kind {
            EventKind::End(account) => ("end", account.to_string()),
            EventKind::Config => ("config", String::new()),
            EventKind::Back(account) => ("back", account.to_string()),
        };
        let (seq, at) = (self.seq.to_string(), self.at.timestamp_millis().to_string());
        Tree::leaves([("seq", seq.as_str()), ("kind", kind), ("account", &account), ("at", &at)])
    }
}

impl Drain {
    /// Reads a call, or names the parameter that is wrong. Without a queue it is of another one, and so never waits.
    pub(crate) fn read(params: &Tree, now: DateTime<Utc>) -> Result<Self, String> {
        let text = |name| params.leaf(name).filter(|text| !text.is_empty());
        let after = text("after").map_or(Ok(0), |text| text.parse().map_err(|_| "after"))?;
        let wait = text("wait").map_or(Ok(0), |text| text.parse().map_err(|_| "wait"))?;
        if !(0..=WAIT_SECS_MAX).contains(&wait) {
            return Err("wait".to_owned());
        }
        let queue = text("queue").unwrap_or_default().to_owned();
        Ok(Self { queue, after, until: now + TimeDelta::seconds(wait) })
    }

    /// Waits until there is something to tell, at most as long as was asked, and tells it.
    pub(crate) async fn wait(self, shared: &Shared) -> Tree {
        let too_late = shared.time.sleep_until(self.until);
        let news = async {
            let mut bell = lock(&shared.state).bell.subscribe();
            while !self.has_news(&lock(&shared.state).module.events) {
                bell.changed().await.expect("the state itself keeps the bell");
            }
        };
        select(pin!(news), pin!(too_late)).await;
        self.told(&lock(&shared.state).module.events)
    }

    fn is_of(&self, events: &Events) -> bool {
        self.queue == events.queue
    }

    fn has_news(&self, events: &Events) -> bool {
        !self.is_of(events) || self.after < events.seq
    }

    fn told(&self, events: &Events) -> Tree {
        let after = if self.is_of(events) { self.after } else { 0 };
        let fresh = events.kept.iter().filter(|event| event.seq > after);
        let fresh = fresh.enumerate().map(|(index, event)| (index.to_string(), event.tree())).collect();
        let members = [
            ("queue".to_owned(), Tree::Leaf(events.queue.clone())),
            ("seq".to_owned(), Tree::Leaf(events.seq.to_string())),
            ("events".to_owned(), fresh),
        ];
        members.into_iter().collect()
    }
}
