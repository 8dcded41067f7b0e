//! The PBX: the port [`Pbx`], its real client [`XmlRpc`], [`ReadOnly`] for dry runs, and [`Shadow`] for runs that
//! write nothing and go on as if they had.
//!
//! Must not know: Graph, the journal, the engine. The URL with its token never leaves this room; no error, `Debug`
//! output or log of it carries a secret, a URL, a body or a status text. Errors are returned, never logged here.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::rules::{AccountId, Member, Outcome, RedirectRecord, Seen, Step};

#[cfg(any(test, feature = "fuzzing"))]
pub mod attack;
mod caller;
pub mod certificate;
mod codec;
pub mod config;
pub mod error;
mod module;
mod page;
pub mod readonly;
pub mod shadow;
mod token;
mod transport;
mod words;

pub use caller::Caller;
pub use certificate::{CertificateFlaw, Fingerprint};
pub use config::{Auth, Config, Trust};
pub use error::{Malformed, PbxError, TokenProblem};
pub use module::XmlRpc;
pub use page::Page;
pub use readonly::ReadOnly;
pub use shadow::Shadow;

/// What the module says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleInfo {
    /// The module's version.
    pub module_version: String,
    /// The version of the entry points; `1`.
    pub api: String,
    /// Which instance of the module.
    pub instance_id: String,
    /// The instance's name, which is the prefix of its methods.
    pub instance_name: String,
    /// The PBX's version.
    pub starface_version: String,
    /// The revision of the module's page; another one than before tells of a change.
    pub config_revision: String,
    /// The event queue; another one than before tells of a restart of the module or the PBX.
    pub queue: String,
    /// The owner that wrote last, if any.
    pub owner: Option<String>,
    /// The highest sequence number applied of that owner.
    pub last_seq: u64,
}

/// The PBX, on behalf of any member.
pub trait Pbx: Send + Sync + 'static {
    /// Asks the module for itself; also proves address, log-in and key. Later calls are numbered above the highest
    /// number that the module has applied of the same owner.
    fn info(&self) -> impl Future<Output = Result<ModuleInfo, PbxError>> + Send;

    /// Reads what the admin entered on the module's page: all of it, or it is an error. A field that is missing here is
    /// not on that module's page.
    fn page(&self) -> impl Future<Output = Result<Page, PbxError>> + Send;

    /// Reads every member of a group, page by page, ordered by account id, each once. A list that cannot be read to
    /// its end is an error, never a shorter list. A member with a text that is no address has none.
    fn members(&self, group: AccountId) -> impl Future<Output = Result<Vec<Member>, PbxError>> + Send;

    /// Reads the state of accounts, at most [`ACCOUNTS_MAX`] a call and four calls in flight. An account that the PBX
    /// does not know, or whose call failed, is absent: one bad account never spoils the others. A call that was too
    /// much for the PBX is made once more in halves; when the PBX cannot be had at all, the calls left are not made.
    fn states(&self, accounts: &[AccountId]) -> impl Future<Output = States> + Send;

    /// Reads the redirects of accounts, as [`Pbx::states`] reads states: of every number at which calls for them
    /// arrive, also of groups, with trigger ALWAYS. An account that the PBX does not know, or whose call failed, is
    /// absent, and so is a record that cannot be read.
    fn redirects(&self, accounts: &[AccountId]) -> impl Future<Output = Redirects> + Send;

    /// Carries steps out and gives one outcome per step, in the order of the steps; four calls are in flight. No write
    /// is ever made again here: without a clear answer it is [`Outcome::Unanswered`], and when the PBX cannot be had at
    /// all, the calls left are not made.
    ///
    /// States come first, at most [`ACCOUNTS_MAX`] accounts a call and all steps of one account in one: only a second
    /// step for one field, or one with another instant to put back, goes in a later call. Then come redirects, at most
    /// [`RECORDS_MAX`] a call; of two steps for one called number the second is [`Outcome::NotSent`], also where they
    /// are of two accounts.
    fn apply(&self, steps: &[Step]) -> impl Future<Output = Applied> + Send;

    /// Returns what has happened after `after` in the module's event queue: at once when there is something, else
    /// after `wait`, of which at most [`WAIT_MAX`] counts. Another `queue` than the module's, or none, gives
    /// everything that is kept. It goes over connections of its own, so that it holds no other call up.
    fn drain(
        &self,
        queue: Option<String>,
        after: u64,
        wait: Duration,
    ) -> impl Future<Output = Result<Drained, PbxError>> + Send;
}

/// What the PBX showed, and what went wrong.
#[derive(Debug, Default)]
pub struct States {
    /// What each account showed. An account that is missing here is unknown, not empty.
    pub seen: BTreeMap<AccountId, Seen>,
    /// Errors of whole calls, at most one per call.
    pub errors: Vec<PbxError>,
}

/// Where calls go, and what went wrong.
#[derive(Debug, Default)]
pub struct Redirects {
    /// The records of each account, ordered by called number. An account that is missing here is unknown, not without
    /// numbers.
    pub seen: BTreeMap<AccountId, Vec<RedirectRecord>>,
    /// Errors of whole calls, at most one per call.
    pub errors: Vec<PbxError>,
}

/// What became of the steps.
#[derive(Debug, Default)]
pub struct Applied {
    /// One outcome per step, in the order of the steps.
    pub outcomes: Vec<Outcome>,
    /// Errors of whole calls, at most one per call.
    pub errors: Vec<PbxError>,
}

/// What the module's event queue gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drained {
    /// The queue; another one than before tells of a restart of the module or the PBX.
    pub queue: String,
    /// Where to go on from: the next call's `after`.
    pub seq: u64,
    /// What happened, in its order; at most [`EVENTS_MAX`].
    pub events: Vec<Event>,
    /// How many events could not be read and are left out.
    pub skipped: usize,
}

/// Something that happened on the PBX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number in the queue.
    pub seq: u64,
    /// What happened.
    pub kind: EventKind,
    /// When it happened, which may be long before it is learnt.
    pub at: DateTime<Utc>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A member ended its appointment early.
    End(AccountId),
    /// The module's page was changed.
    Config,
    /// The module put something of this member back by itself, as its sidecar had fallen silent.
    Back(AccountId),
    /// A kind that a later module may bring.
    Unknown,
}

/// The most accounts in one call.
pub const ACCOUNTS_MAX: usize = 100;

/// The most records of redirects in one call that writes them.
pub const RECORDS_MAX: usize = 100;

/// The most calls in flight.
pub const CALLS_MAX: usize = 4;

/// The most events of one call; the module keeps no more.
pub const EVENTS_MAX: usize = 1_000;

/// The longest that the module waits for an event.
pub const WAIT_MAX: Duration = Duration::from_secs(25);
