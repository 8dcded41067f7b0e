//! Microsoft 365: the ports [`Calendars`] and [`MasterCategories`], and the real client behind both.
//!
//! [`GraphClient`] asks up to twenty mailboxes with one `$batch`, each answered for on its own: one mailbox that is
//! missing, throttled, huge or unreadable never takes the others' calendars away, and a calendar that was not read
//! whole is *unknown*, never empty. Nothing is written to the tenant but the list of categories in Outlook. A mailbox is
//! named by its address; one that answers 404 is looked up by mail address, once a day, where the app may.
//!
//! The text of an entry is asked for only while target tags are read, and goes no further than this room: what leaves it
//! is the tags. Where a text was not read, the tags are unknown, which again is not none.
//!
//! Must not know: the PBX, the journal, the engine. Every failure is a [`GraphError`]; what to do about it is its
//! verdict. No error, log line or `Debug` form holds a URL, a token, a secret or words of an entry.

use std::collections::BTreeSet;
use std::future::Future;

use chrono::{DateTime, Utc};

use crate::rules::{Address, Category, Edit, Entry, EntryId};

#[cfg(any(test, feature = "fuzzing"))]
pub mod attack;
mod batch;
mod body;
mod categories;
mod claims;
mod client;
mod dialogue;
mod directory;
mod endpoint;
pub mod error;
mod event;
mod heavy;
mod http;
mod imprint;
mod json;
mod mailboxes;
mod pace;
mod pauses;
mod reading;
mod reply;
mod round;
mod tls;
mod token;
mod user;
mod wire;

pub use body::text_of_html;
pub use client::{Bodies, Config, GraphClient};
pub use endpoint::EndpointFlaw;
pub use error::{Absent, Flaw, GraphError, LookedUp, Permission, Things, TokenProblem};
pub use imprint::Imprint;
pub use pace::batches_in_flight;
pub use reply::{Code, Reply, RequestId, Service};

/// The part of a calendar that is asked for: every occurrence that touches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub to: DateTime<Utc>,
}

/// One mailbox to read, and which part of its calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whose mailbox.
    pub address: Address,
    /// Which part.
    pub window: Window,
    /// The imprint of the last answer, if the same answer once more would say nothing new.
    pub last: Option<Imprint>,
}

/// What became of one mailbox: every entry of the window, or why they are not known. Unknown is not empty.
#[derive(Debug)]
pub struct Answer {
    /// Whose mailbox.
    pub address: Address,
    /// Its calendar.
    pub calendar: Result<Calendar, GraphError>,
    /// Those of the entries whose text was asked for and could not be read: what stands in them as their tags, none, is
    /// not known.
    pub tags_unknown: BTreeSet<EntryId>,
}

/// A calendar that was read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// The answer is the one whose imprint was asked with, to the last letter.
    Unchanged,
    /// It has these entries, in no order that matters.
    Read {
        /// The entries.
        entries: Vec<Entry>,
        /// By which the same answer can be known again; nothing when it came in several parts, or not everything of it is
        /// known.
        imprint: Option<Imprint>,
    },
}

impl Calendar {
    /// Returns the entries; none of a calendar that is unchanged, which only one who asks with an imprint is told.
    pub fn entries(&self) -> &[Entry] {
        match self {
            Self::Unchanged => &[],
            Self::Read { entries, .. } => entries,
        }
    }

    /// Returns the entries, as [`Calendar::entries`] does.
    pub fn into_entries(self) -> Vec<Entry> {
        match self {
            Self::Unchanged => Vec::new(),
            Self::Read { entries, .. } => entries,
        }
    }
}

impl From<Vec<Entry>> for Calendar {
    fn from(entries: Vec<Entry>) -> Self {
        Self::Read { entries, imprint: None }
    }
}

/// The calendars of a tenant.
pub trait Calendars: Send + Sync + 'static {
    /// Reads up to [`BATCH_MAX`] mailboxes in one go. Gives one answer per request, in the order of the requests;
    /// fails as a whole only when no mailbox was answered for (no token, no connection, everything throttled).
    /// The caller sees to it that no mailbox is in two calls at once.
    fn read(&self, requests: &[Request]) -> impl Future<Output = Result<Vec<Answer>, GraphError>> + Send;
}

/// What became of each mailbox, in the order in which they were asked; the error when none was answered for.
pub type PerMailbox<T> = Result<Vec<Result<T, GraphError>>, GraphError>;

/// What became of one change of a list of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It was made.
    Done,
    /// The list was like that already.
    AlreadySo,
}

/// The lists of categories that the mailboxes of a tenant offer in Outlook. The caller sees to it that no mailbox is in
/// two calls at once.
pub trait MasterCategories: Send + Sync + 'static {
    /// Lists the categories of up to [`BATCH_MAX`] mailboxes. A list that was not read whole is unknown.
    fn list(&self, addresses: &[Address]) -> impl Future<Output = PerMailbox<Vec<Category>>> + Send;

    /// Makes one change in each of up to [`BATCH_MAX`] mailboxes, none of which is named twice. A change of which nobody
    /// knows whether it was made may be made again.
    fn edit(&self, edits: &[(Address, Edit)]) -> impl Future<Output = PerMailbox<Edited>> + Send;
}

/// The most mailboxes in one call: Graph's limit for one `$batch`.
pub const BATCH_MAX: usize = 20;
