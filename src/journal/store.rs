//! The open state file: every read and every write of the journal, one after the other, on one connection.
//!
//! Must not know threads or tasks; the [writer](super::writer) owns it. A write that fails leaves nothing of itself
//! behind, and the store goes on working.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::columns::At;
use super::files::{self, Found, StateLock};
use super::{
    Happening, JournalError, Kept, Kind, Opened, Record, SEQ_BLOCK, alarms, calendars, categories, ends, history,
    holds, schema,
};

/// How long a write waits for somebody who holds the file with a tool of the database.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How much of the log beside the file is kept once it was written back; a burst may need more for a while.
const LOG_BYTES_KEPT: u32 = 16 << 20;

/// The open state file and the right to it, and to whatever must not be used beside it.
#[derive(Debug)]
pub(super) struct Store {
    /// Closed before the locks are given back.
    connection: Connection,
    path: PathBuf,
    _locks: Vec<StateLock>,
}

/// What is forgotten: everything of its kind from before an instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Horizon {
    pub(super) history: DateTime<Utc>,
    pub(super) texts: DateTime<Utc>,
    pub(super) puts: DateTime<Utc>,
}

impl Store {
    /// Opens the journal of this kind at this path, or begins one where none is. The rights are kept with it.
    pub(super) fn open(
        path: &Path,
        kind: Kind,
        mut locks: Vec<StateLock>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Opened), JournalError> {
        files::make_directory(path)?;
        locks.push(StateLock::take(path)?);
        let opened = match files::examine(path)? {
            Found::Nothing => begin(path, kind, now).map(|()| Opened::Begun)?,
            Found::Journal(found) if found == kind => Opened::Found,
            Found::Journal(found) => return Err(JournalError::OtherKind { path: path.into(), found }),
            Found::Foreign => return Err(JournalError::Foreign { path: path.into() }),
            Found::Torn => return Err(JournalError::Damaged { path: path.into() }),
        };
        let connection = prepare(path)?;
        files::make_own(path)?;
        let store = Self { connection, path: path.to_owned(), _locks: locks };
        Ok((store, opened))
    }

    /// Reads everything that was kept.
    pub(super) fn load(&mut self) -> Result<Kept, JournalError> {
        let path = &self.path;
        self.connection
            .transaction()
            .and_then(|transaction| kept(&transaction))
            .map_err(|error| read_error(path, error))
    }

    /// Writes all records, or none.
    pub(super) fn commit(&mut self, records: Vec<Record>) -> Result<(), JournalError> {
        self.write(|transaction| records.into_iter().try_for_each(|record| write(transaction, record)))
    }

    /// Reserves sequence numbers and returns the first.
    pub(super) fn reserve_seq(&mut self, above: u64) -> Result<u64, JournalError> {
        self.write(|transaction| reserve(transaction, above))?.ok_or(JournalError::SeqSpent { above })
    }

    /// Forgets what is older than the horizon and returns how many rows that concerned.
    pub(super) fn prune(&mut self, before: Horizon) -> Result<usize, JournalError> {
        self.write(|transaction| {
            let forgotten = history::forget(transaction, before.history)?;
            let hashed = history::hash_texts(transaction, before.texts)?;
            let puts = history::forget_texts_put(transaction, before.puts)?;
            Ok(forgotten + hashed + puts)
        })
    }

    /// Writes the log back into the file and gives the file free.
    pub(super) fn close(self) -> Result<(), JournalError> {
        let written = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
        let closed = self.connection.close().map_err(|(_, error)| error);
        written.and(closed).map_err(|error| write_error(&self.path, error))
    }

    /// Reads the oldest history since an instant.
    pub(super) fn history(&self, since: DateTime<Utc>, rows_max: usize) -> Result<Vec<Happening>, JournalError> {
        history::read(&self.connection, since, rows_max).map_err(|error| read_error(&self.path, error))
    }

    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, JournalError> {
        let path = &self.path;
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                let answer = work(&transaction)?;
                transaction.commit()?;
                Ok(answer)
            })
            .map_err(|error| write_error(path, error))
    }
}

/// Makes a new journal beside the path and gives it its name when it is whole, so that a crash leaves none by halves.
fn begin(path: &Path, kind: Kind, now: DateTime<Utc>) -> Result<(), JournalError> {
    let unfinished = files::beside(path, ".new");
    files::remove_leftovers(path)?;
    files::make_empty(&unfinished)?;
    connect(&unfinished)
        .and_then(|mut connection| {
            schema::begin(&mut connection, kind, now)?;
            connection.close().map_err(|(_, error)| error)
        })
        .map_err(|error| write_error(&unfinished, error))?;
    files::rename_durably(&unfinished, path)
}

/// Opens a file of which the header says that it is ours; it is written to only once it proved sound.
fn prepare(path: &Path) -> Result<Connection, JournalError> {
    let unread = |error| read_error(path, error);
    // A log that was there before stays as it is when the file is refused: closing must not write it back.
    let has_log = files::beside(path, "-wal").exists();
    let mut connection = connect(path).map_err(unread)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log).map_err(unread)?;
    let sound: String = connection.query_one("PRAGMA quick_check(1)", (), |row| row.get(0)).map_err(unread)?;
    if sound != "ok" {
        return Err(JournalError::Damaged { path: path.into() });
    }
    refuse_newer(path, schema::version(&connection).map_err(unread)?)?;
    configure(&connection)
        .and_then(|()| schema::migrate(&mut connection, schema::MIGRATIONS))
        .map_err(|error| write_error(path, error))?;
    Ok(connection)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Without `CREATE`: files are made by `files`, with their permissions.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // With less, the last commits may be lost when the power fails, and with them what a member had before.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
    // Texts that were forgotten are not to be found in the file either.
    connection.pragma_update(None, "secure_delete", "on")
}

pub(super) fn refuse_newer(path: &Path, version: u32) -> Result<(), JournalError> {
    if version <= schema::VERSION {
        return Ok(());
    }
    Err(JournalError::Newer { path: path.to_owned(), found: version, known: schema::VERSION })
}

pub(super) fn kept(transaction: &Transaction<'_>) -> rusqlite::Result<Kept> {
    let (owner, At(created_at)) =
        transaction.query_one("SELECT owner, created_at FROM meta", (), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Kept {
        owner,
        created_at,
        holds: holds::read(transaction)?,
        texts: holds::read_texts(transaction)?,
        calendars: calendars::read(transaction)?,
        queue: ends::read_queue(transaction)?,
        marks: ends::read_marks(transaction)?,
        ends: ends::read(transaction)?,
        members: calendars::read_members(transaction)?,
        alarms: alarms::read(transaction)?,
        mails: alarms::read_mails(transaction)?,
        categories_checked: categories::read(transaction)?,
    })
}

fn write(transaction: &Transaction<'_>, record: Record) -> rusqlite::Result<()> {
    match record {
        Record::Hold(hold) => holds::write(transaction, &hold),
        Record::Drop(account, field) => holds::remove(transaction, account, field),
        Record::TextPut { account, text, at } => holds::write_text(transaction, account, &text, at),
        Record::Calendar(address, calendar) => calendars::write(transaction, &address, calendar),
        Record::ForgetCalendar(address) => calendars::remove(transaction, &address),
        Record::Members(group, members) => calendars::write_members(transaction, group, members),
        Record::Queue(position) => ends::write_queue(transaction, &position),
        Record::Mark(account, mark) => ends::write_mark(transaction, account, &mark),
        Record::ForgetMark(account, entry) => ends::remove_mark(transaction, account, &entry),
        Record::End(account, at) => ends::write(transaction, account, at),
        Record::EndDone(account, at) => ends::remove(transaction, account, at),
        Record::CategoriesChecked(address, checked) => categories::write(transaction, &address, &checked),
        Record::ForgetCategories(address) => categories::remove(transaction, &address),
        Record::Alarm(alarm) => alarms::write(transaction, &alarm),
        Record::ForgetAlarm(key) => alarms::remove(transaction, &key),
        Record::Mail(mail) => alarms::write_mail(transaction, &mail),
        Record::ForgetMail(id) => alarms::remove_mail(transaction, &id),
        Record::Happening(happening) => history::write(transaction, &happening),
    }
}

/// Reserves a block, or returns nothing when the numbers that the file can hold are used up.
fn reserve(transaction: &Transaction<'_>, above: u64) -> rusqlite::Result<Option<u64>> {
    let next: i64 = transaction.query_one("SELECT next_seq FROM meta", (), |row| row.get(0))?;
    let first = above.saturating_add(1).max(next.unsigned_abs());
    let Some(after) = first.checked_add(SEQ_BLOCK).and_then(|after| i64::try_from(after).ok()) else {
        return Ok(None);
    };
    transaction.execute("UPDATE meta SET next_seq = ?1", [after])?;
    Ok(Some(first))
}

pub(super) fn read_error(path: &Path, error: rusqlite::Error) -> JournalError {
    let path = path.to_owned();
    if is_damage(&error) {
        return JournalError::Damaged { path };
    }
    let source = Box::new(error);
    JournalError::Read { path, source }
}

fn write_error(path: &Path, error: rusqlite::Error) -> JournalError {
    let path = path.to_owned();
    if is_damage(&error) {
        return JournalError::Damaged { path };
    }
    let source = Box::new(error);
    JournalError::Write { path, source }
}

/// Returns whether the file itself is to blame: its structure, or a row that means nothing.
fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::QueryReturnedNoRows => true,
        other => matches!(other.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)),
    }
}

#[cfg(test)]
mod tests;
