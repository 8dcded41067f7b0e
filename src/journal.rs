//! Durable state: holds, last known calendars, members, texts put, history, problems that were told, unsent mail.
//!
//! The port is [`Journal`]; [`SqliteJournal`] keeps it in one file for one service. Nothing is written to the PBX
//! before its hold is here. Must not know: Graph, the PBX, the engine, nor what a hold is good for. Every failure is a
//! [`JournalError`]; a calendar or a member list that cannot be read is no failure but unknown.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::future::Future;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::rules::{AccountId, Address, Entry, EntryId, Field, Hold, Mark, Member, StatusText, Value};

mod alarms;
#[cfg(any(test, feature = "fuzzing"))]
pub mod attack;
mod calendars;
mod categories;
mod columns;
mod ends;
pub mod error;
mod files;
mod history;
mod holds;
mod look;
mod schema;
mod sqlite;
mod store;
mod wire;
mod writer;

pub use alarms::{KnownAlarm, Mail, Occasion};
pub use error::JournalError;
pub use look::look;
pub use sqlite::{Opened, SqliteJournal};

/// Whose a journal is. What a shadow run holds must never be taken for what a service holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of the service.
    Service,
    /// Of a shadow run, which writes nothing to the PBX.
    Shadow,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Service, Self::Shadow];

    fn words(self) -> &'static str {
        match self {
            Self::Service => "the service",
            Self::Shadow => "a shadow run",
        }
    }
}

/// Returns where the state file of the shadow run lies: by the same name in the folder `shadow` beside the service's,
/// so that nothing of both is in one folder.
pub fn shadow_path(state: &Path) -> PathBuf {
    state.with_file_name("shadow").join(state.file_name().unwrap_or(OsStr::new("state.db")))
}

/// A calendar as it was last read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCalendar {
    /// When it was read.
    pub read_at: DateTime<Utc>,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// When a mailbox's list of categories was last looked after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoriesChecked {
    /// When.
    pub at: DateTime<Utc>,
    /// A mark of what was wanted then.
    pub mark: String,
}

/// One row of the history: a change that was made, or tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: DateTime<Utc>,
    /// To whom.
    pub account: AccountId,
    /// From what.
    pub from: Value,
    /// To what.
    pub to: Value,
    /// Why, in words; never those of an entry, a title least of all.
    pub why: String,
    /// For which entry.
    pub entry: Option<EntryId>,
    /// What became of it, in words.
    pub outcome: String,
}

/// How far the module's event queue was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuePosition {
    /// Which queue; another one tells of a restart of the module or the PBX.
    pub id: String,
    /// The last event that was taken.
    pub seq: u64,
    /// When the PBX or the module was last seen to have restarted.
    pub restarted_at: Option<DateTime<Utc>>,
}

/// One change of the durable state. A list of them is one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A hold as it is from now on, over the one with the same account and field.
    Hold(Hold),
    /// The hold on this field is no more; on a called number, through whichever account it was held.
    Drop(AccountId, Field),
    /// A text that is about to be put on this member. For 24 hours it is known as ours.
    TextPut {
        /// On whom.
        account: AccountId,
        /// What.
        text: StatusText,
        /// When.
        at: DateTime<Utc>,
    },
    /// A calendar as it was just read, over the last one.
    Calendar(Address, KnownCalendar),
    /// This mailbox concerns nobody any more.
    ForgetCalendar(Address),
    /// The believed members of a group, over the last list of that group.
    Members(AccountId, Vec<Member>),
    /// How far the module's event queue was read.
    Queue(QueuePosition),
    /// An entry was ended early, over an earlier mark on it.
    Mark(AccountId, Mark),
    /// The mark on this entry is of no use any more.
    ForgetMark(AccountId, EntryId),
    /// A member asked, at this instant, for an early end; it is kept until the calendar of that instant is known.
    End(AccountId, DateTime<Utc>),
    /// That early end is done.
    EndDone(AccountId, DateTime<Utc>),
    /// A mailbox's list of categories was looked after, over the last time.
    CategoriesChecked(Address, CategoriesChecked),
    /// The categories of this mailbox are nobody's business any more.
    ForgetCategories(Address),
    /// What is known of a problem that mail is about, over what was known before.
    Alarm(KnownAlarm),
    /// The problem with this key is of no interest any more.
    ForgetAlarm(String),
    /// A mail that is to be sent.
    Mail(Mail),
    /// The mail with this id was sent, or is not to be.
    ForgetMail(String),
    /// A row of history.
    Happening(Happening),
}

/// Everything that was kept, as it is when the service starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Random id of this journal, by which the module tells its owner.
    pub owner: String,
    /// When this journal was begun. What a member showed before may be ours without a hold that says so.
    pub created_at: DateTime<Utc>,
    /// Every hold.
    pub holds: Vec<Hold>,
    /// Every text put that was not pruned, oldest first.
    pub texts: Vec<(AccountId, StatusText, DateTime<Utc>)>,
    /// The last known calendars.
    pub calendars: BTreeMap<Address, KnownCalendar>,
    /// How far the module's event queue was read.
    pub queue: Option<QueuePosition>,
    /// Entries that were ended early.
    pub marks: Vec<(AccountId, Mark)>,
    /// Early ends that wait for the calendar of their moment, the oldest first.
    pub ends: Vec<(AccountId, DateTime<Utc>)>,
    /// The believed members, per group.
    pub members: BTreeMap<AccountId, Vec<Member>>,
    /// The problems that mail is, or was, about.
    pub alarms: Vec<KnownAlarm>,
    /// Mail that was not sent yet, the oldest first.
    pub mails: Vec<Mail>,
    /// When the lists of categories were last looked after.
    pub categories_checked: BTreeMap<Address, CategoriesChecked>,
}

/// The durable state.
pub trait Journal: Clone + Send + Sync + 'static {
    /// Reads everything that was kept.
    fn load(&self) -> impl Future<Output = Result<Kept, JournalError>> + Send;

    /// Makes all records durable, or none; returns after the disk has them.
    fn commit(&self, records: Vec<Record>) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Reserves [`SEQ_BLOCK`] sequence numbers above both everything reserved before and `above`, durably, and
    /// returns the first. A number once given is never given again, whatever crashes.
    fn reserve_seq(&self, above: u64) -> impl Future<Output = Result<u64, JournalError>> + Send;

    /// Forgets history older than `history_before`, turns status texts of history older than `texts_before` into
    /// their hash, and forgets texts put before `puts_before`. Returns how many rows it touched: at most some thousand,
    /// so that no commit waits long behind it. The rest is the next call's.
    fn prune(
        &self,
        history_before: DateTime<Utc>,
        texts_before: DateTime<Utc>,
        puts_before: DateTime<Utc>,
    ) -> impl Future<Output = Result<usize, JournalError>> + Send;

    /// Reads history since an instant, oldest first, at most `rows_max`.
    fn history(
        &self,
        since: DateTime<Utc>,
        rows_max: usize,
    ) -> impl Future<Output = Result<Vec<Happening>, JournalError>> + Send;
}

/// How many sequence numbers one start reserves: more than a process can use up in its life.
pub const SEQ_BLOCK: u64 = 1 << 32;
