//! The journal in an SQLite file.
//!
//! The log of the database is written before its file (WAL) and reaches the disk before a commit is answered
//! (`synchronous=FULL`), so neither `kill -9` nor a power cut loses what was answered. Must not know what holds mean.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::files::{self, StateLock};
use super::store::{Horizon, Store};
use super::writer::{Question, Writer};
use super::{Happening, Journal, JournalError, Kept, Kind, Record, shadow_path};

/// What opening a journal found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A journal that was there.
    Found,
    /// None, so that a new one was begun. What members show may be ours without a hold that says so.
    Begun,
}

/// The journal in an SQLite file. Clones are one journal; when the last one is dropped, the file is closed and free.
///
/// A commit whose future is dropped may still be carried out. One that failed has left nothing behind, and a later one
/// may go well.
#[derive(Clone, Debug)]
pub struct SqliteJournal {
    writer: Arc<Writer>,
}

impl SqliteJournal {
    /// Opens the journal at this path, or begins one where there is none or an empty file. Waits for the disk.
    ///
    /// Takes the exclusive lock `<path>.lock` for as long as the journal is open. Refuses, without a change to it, a
    /// file that is no journal, that a later program wrote or that is damaged.
    pub fn open(path: &Path, now: DateTime<Utc>) -> Result<(Self, Opened), JournalError> {
        Self::open_kind(path, Kind::Service, now)
    }

    /// Opens the journal of the shadow run, which lies in a folder of its own beside this state file, or begins it, as
    /// [`SqliteJournal::open`] does. The state file itself is not touched, but its lock is taken too: a service and its
    /// shadow never run at once.
    pub fn open_shadow(state: &Path, now: DateTime<Utc>) -> Result<(Self, Opened), JournalError> {
        files::make_directory(state)?;
        let lock = StateLock::take(state)?;
        Self::open_with(&shadow_path(state), Kind::Shadow, vec![lock], now)
    }

    /// Opens the journal of this kind at this path, as [`SqliteJournal::open`] does the service's.
    pub fn open_kind(path: &Path, kind: Kind, now: DateTime<Utc>) -> Result<(Self, Opened), JournalError> {
        Self::open_with(path, kind, Vec::new(), now)
    }

    fn open_with(
        path: &Path,
        kind: Kind,
        locks: Vec<StateLock>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Opened), JournalError> {
        let (store, opened) = Store::open(path, kind, locks, now)?;
        let writer = Writer::start(store).map_err(|source| JournalError::Prepare { path: path.to_owned(), source })?;
        let journal = Self { writer: Arc::new(writer) };
        Ok((journal, opened))
    }

    /// Ends the journal after everything that was asked before: the log is written back, the file closed and free for
    /// another service. Every clone answers [`JournalError::Closed`] from then on.
    pub async fn close(self) -> Result<(), JournalError> {
        self.writer.ask(Question::Close).await
    }
}

impl Journal for SqliteJournal {
    async fn load(&self) -> Result<Kept, JournalError> {
        self.writer.ask(Question::Load).await
    }

    async fn commit(&self, records: Vec<Record>) -> Result<(), JournalError> {
        self.writer.ask(|answer| Question::Commit(records, answer)).await
    }

    async fn reserve_seq(&self, above: u64) -> Result<u64, JournalError> {
        self.writer.ask(|answer| Question::ReserveSeq(above, answer)).await
    }

    async fn prune(
        &self,
        history_before: DateTime<Utc>,
        texts_before: DateTime<Utc>,
        puts_before: DateTime<Utc>,
    ) -> Result<usize, JournalError> {
        let horizon = Horizon { history: history_before, texts: texts_before, puts: puts_before };
        self.writer.ask(|answer| Question::Prune(horizon, answer)).await
    }

    async fn history(&self, since: DateTime<Utc>, rows_max: usize) -> Result<Vec<Happening>, JournalError> {
        self.writer.ask(|answer| Question::History(since, rows_max, answer)).await
    }
}
