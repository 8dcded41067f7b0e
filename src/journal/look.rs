//! A look at a journal that a service may hold at this moment: everything that was kept, and nothing is changed.

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};

use super::files::{self, Found};
use super::store::{BUSY_TIMEOUT, kept, read_error, refuse_newer};
use super::{Journal, JournalError, Kept, SqliteJournal, schema};

/// Reads what the journal at this path keeps; nothing where there is none. A service that holds it is not disturbed:
/// SQLite's log lets others read beside it.
///
/// # Errors
/// When the file cannot be read, or is no journal of this version.
pub async fn look(path: &Path, now: DateTime<Utc>) -> Result<Option<Kept>, JournalError> {
    if files::examine(path)? == Found::Nothing {
        return Ok(None);
    }
    match SqliteJournal::open(path, now) {
        Err(JournalError::InUse { .. }) => beside_a_service(path).map(Some),
        Err(error) => Err(error),
        Ok((journal, _)) => {
            let kept = journal.load().await;
            journal.close().await?;
            kept.map(Some)
        }
    }
}

fn beside_a_service(path: &Path) -> Result<Kept, JournalError> {
    let unread = |error| read_error(path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(unread)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(unread)?;
    refuse_newer(path, schema::version(&connection).map_err(unread)?)?;
    connection.transaction().and_then(|transaction| kept(&transaction)).map_err(unread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Record;
    use crate::rules::{AccountId, EntryId, Mark};

    fn now() -> DateTime<Utc> {
        "2026-11-23T09:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn where_no_journal_is_none_is_begun() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        assert_eq!(look(&path, now()).await.unwrap(), None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn what_a_running_service_has_just_written_is_seen_and_it_goes_on_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let (journal, _) = SqliteJournal::open(&path, now()).unwrap();
        for number in 1..=3 {
            let mark = Mark { entry: EntryId(format!("entry {number}")), at: now() };
            journal.commit(vec![Record::Mark(AccountId(1010), mark)]).await.unwrap();
            assert_eq!(look(&path, now()).await.unwrap().unwrap().marks.len(), number);
        }
        let kept = journal.load().await.unwrap();
        journal.close().await.unwrap();
        assert_eq!(look(&path, now()).await.unwrap(), Some(kept));
    }
}
