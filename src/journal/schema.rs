//! The tables of the journal and how they came to be.
//!
//! The version of a file is its `user_version`: how many of [`MIGRATIONS`] it has seen. A migration that was released
//! is never edited; a change is one more at the end. Fails with the database's own errors.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

use super::Kind;
use super::columns::At;

/// What brings a file from each version to the next.
pub(super) const MIGRATIONS: &[&str] = &[FIRST, REDIRECTS, CATEGORIES_CHECKED, ALARMS];

/// The newest version that this program knows.
pub(super) const VERSION: u32 = MIGRATIONS.len() as u32;

const FIRST: &str = "
    CREATE TABLE meta (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        owner TEXT NOT NULL,
        created_at TEXT NOT NULL,
        next_seq INTEGER NOT NULL,
        queue TEXT,
        event_seq INTEGER NOT NULL DEFAULT 0,
        restarted_at TEXT
    ) STRICT;
    CREATE TABLE marks (
        account INTEGER NOT NULL,
        entry TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (account, entry)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE ends (
        account INTEGER NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (account, at)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE holds (
        account INTEGER NOT NULL,
        field TEXT NOT NULL,
        under TEXT NOT NULL,
        put TEXT NOT NULL,
        earlier TEXT NOT NULL,
        phase TEXT NOT NULL,
        claimants TEXT NOT NULL,
        since TEXT NOT NULL,
        written_at TEXT,
        unanswered_at TEXT,
        back_after TEXT,
        yielded TEXT NOT NULL,
        sight TEXT NOT NULL,
        rewrites INTEGER NOT NULL,
        PRIMARY KEY (account, field)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE texts_put (
        account INTEGER NOT NULL,
        text TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (account, text)
    ) STRICT;
    CREATE INDEX texts_put_at ON texts_put (at);
    CREATE TABLE calendars (
        address TEXT PRIMARY KEY,
        read_at TEXT NOT NULL,
        version INTEGER NOT NULL,
        entries TEXT NOT NULL
    ) STRICT;
    CREATE TABLE members (
        group_account INTEGER PRIMARY KEY,
        version INTEGER NOT NULL,
        members TEXT NOT NULL
    ) STRICT;
    CREATE TABLE history (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        account INTEGER NOT NULL,
        field TEXT NOT NULL,
        value_from TEXT NOT NULL,
        value_to TEXT NOT NULL,
        why TEXT NOT NULL,
        entry TEXT,
        outcome TEXT NOT NULL,
        hashed INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX history_at ON history (at);
    CREATE INDEX history_texts ON history (at) WHERE field = 'text' AND hashed = 0;
";

/// A hold on a redirect names its called number, of which there is one hold whoever claims it.
const REDIRECTS: &str = "
    CREATE TABLE holds_with_number (
        account INTEGER NOT NULL,
        field TEXT NOT NULL,
        number TEXT NOT NULL,
        under TEXT NOT NULL,
        put TEXT NOT NULL,
        earlier TEXT NOT NULL,
        phase TEXT NOT NULL,
        claimants TEXT NOT NULL,
        since TEXT NOT NULL,
        written_at TEXT,
        unanswered_at TEXT,
        back_after TEXT,
        yielded TEXT NOT NULL,
        sight TEXT NOT NULL,
        rewrites INTEGER NOT NULL,
        PRIMARY KEY (account, field, number)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO holds_with_number
        SELECT account, field, '', under, put, earlier, phase, claimants, since, written_at, unanswered_at, back_after,
            yielded, sight, rewrites
        FROM holds;
    DROP TABLE holds;
    ALTER TABLE holds_with_number RENAME TO holds;
    CREATE UNIQUE INDEX holds_number ON holds (number) WHERE number <> '';
    ALTER TABLE history ADD COLUMN number TEXT NOT NULL DEFAULT '';
";

/// When the list of categories of each mailbox was last looked after.
const CATEGORIES_CHECKED: &str = "
    CREATE TABLE categories_checked (
        address TEXT PRIMARY KEY,
        at TEXT NOT NULL,
        mark TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// The problems that mail is, or was, about, and mail that was not sent yet.
const ALARMS: &str = "
    CREATE TABLE alarms (
        key TEXT PRIMARY KEY,
        about TEXT NOT NULL,
        since TEXT NOT NULL,
        gone_at TEXT,
        told_at TEXT,
        resolved_at TEXT,
        returns INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE mails (
        id TEXT PRIMARY KEY,
        at TEXT NOT NULL,
        occasion TEXT NOT NULL,
        subject TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
";

/// Makes a new journal of an empty file. It has no log beside it yet, so that the file is whole by itself.
pub(super) fn begin(connection: &mut Connection, kind: Kind, now: DateTime<Utc>) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", kind.application_id())?;
    migrate(connection, MIGRATIONS)?;
    connection.execute(
        "INSERT INTO meta (id, owner, created_at, next_seq) VALUES (1, ?1, ?2, 1)",
        (Uuid::new_v4().to_string(), At(now)),
    )?;
    Ok(())
}

/// Returns the version of a file.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings a file to the newest version, in one transaction.
pub(super) fn migrate(connection: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let seen = version(&transaction)? as usize;
    for (version, migration) in (1_u32..).zip(migrations).skip(seen) {
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", version)?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::holds;
    use crate::rules::{AccountId, Dnd, Field, Value};

    fn journal() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        begin(&mut connection, Kind::Service, DateTime::default()).unwrap();
        connection
    }

    #[test]
    fn an_older_file_is_brought_up_with_its_rows() {
        let mut connection = journal();
        let owner = "SELECT owner FROM meta";
        let before: String = connection.query_one(owner, (), |row| row.get(0)).unwrap();
        let later = "ALTER TABLE meta ADD COLUMN site TEXT NOT NULL DEFAULT 'Bern'";
        migrate(&mut connection, &[MIGRATIONS, &[later]].concat()).unwrap();
        assert_eq!(version(&connection).unwrap(), VERSION + 1);
        let after: (String, String) =
            connection.query_one("SELECT owner, site FROM meta", (), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(after, (before, "Bern".to_owned()));
    }

    #[test]
    fn holds_of_the_first_version_are_kept_when_called_numbers_come() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        let row = "INSERT INTO holds VALUES (1010, 'dnd', 'false', 'true', '[]', 'held', '[]', '2026-03-02T07:00:00Z',
            NULL, NULL, NULL, '[]', 'clear', 0)";
        connection.execute(row, ()).unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        let hold = holds::read(&connection).unwrap().remove(0);
        assert_eq!((hold.account, hold.field(), hold.under), (AccountId(1010), Field::Dnd, Value::Dnd(Dnd::Off)));
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let mut connection = journal();
        let good = "ALTER TABLE meta ADD COLUMN site TEXT";
        let bad = "ALTER TABLE nowhere ADD COLUMN site TEXT";
        assert!(migrate(&mut connection, &[MIGRATIONS, &[good, bad]].concat()).is_err());
        assert_eq!(version(&connection).unwrap(), VERSION);
        assert!(connection.prepare("SELECT site FROM meta").is_err());
    }

    #[test]
    fn every_released_version_is_brought_to_the_newest() {
        for seen in 1..MIGRATIONS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate(&mut connection, &MIGRATIONS[..seen]).unwrap();
            migrate(&mut connection, MIGRATIONS).unwrap();
            let new = journal();
            let tables = |connection: &Connection| -> Vec<String> {
                let mut statement =
                    connection.prepare("SELECT sql FROM sqlite_schema WHERE sql > '' ORDER BY name").unwrap();
                statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
            };
            assert_eq!(tables(&connection), tables(&new), "version {seen}");
        }
    }

    #[test]
    fn a_file_of_the_newest_version_is_left_alone() {
        let mut connection = journal();
        migrate(&mut connection, MIGRATIONS).unwrap();
        assert_eq!(version(&connection).unwrap(), VERSION);
    }

    #[test]
    fn two_journals_never_have_one_owner() {
        let owner = |connection: Connection| -> String {
            let read = |row: &rusqlite::Row<'_>| row.get(0);
            connection.query_one("SELECT owner FROM meta", (), read).unwrap()
        };
        assert_ne!(owner(journal()), owner(journal()));
    }
}
