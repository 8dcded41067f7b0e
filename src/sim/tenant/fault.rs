//! The faults of a tenant that a test can switch on.

use crate::rules::Address;
use crate::sim::gate::Door;

/// Whom a fault strikes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Requests for a token.
    Token,
    /// Every calendar.
    Everybody,
    /// The calendar of one mailbox; for a fault of a whole call, every call that asks for it.
    Mailbox(Address),
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The mailbox answers 429 `ApplicationThrottled` with this `Retry-After`, such as `2.128`.
    ItemThrottled(String),
    /// The mailbox answers with this status.
    ItemStatus(u16),
    /// The mailbox answers 200 with something that is no page of events.
    ItemGarbage,
    /// The whole call answers 429 `TooManyRequests` with this `Retry-After`.
    Throttled(String),
    /// The whole call answers with this status.
    Status(u16),
    /// The whole call answers 200 with something that is no JSON.
    Garbage,
    /// The answer breaks off in its middle.
    Truncated,
    /// The connection is closed after the request was read and worked on.
    AnswerLost,
    /// The connection is closed before anything is done.
    Gone,
    /// The call waits at the gate.
    Held(Door),
}

impl Fault {
    /// Returns whether it concerns one mailbox's answer, not the whole call.
    pub(crate) fn is_of_an_item(&self) -> bool {
        matches!(self, Self::ItemThrottled(_) | Self::ItemStatus(_) | Self::ItemGarbage)
    }
}
