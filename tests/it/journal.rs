//! The journal as a file on a disk: who may open it, what is refused, and what a crash leaves.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use starface_calendar::journal::{
    Happening, Journal, JournalError, Kind, Opened, Record, SEQ_BLOCK, SqliteJournal, shadow_path,
};
use starface_calendar::rules::{AccountId, Claimant, EntryId, Hold, Login, Phase, Presence, Sight, StatusText, Value};
use tempfile::TempDir;

fn now() -> DateTime<Utc> {
    "2026-03-02T07:00:00Z".parse().unwrap()
}

/// A directory for a state file, and its path in there.
fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    (directory, path)
}

fn open(path: &Path) -> SqliteJournal {
    SqliteJournal::open(path, now()).unwrap().0
}

#[track_caller]
fn refused(path: &Path) -> JournalError {
    SqliteJournal::open(path, now()).err().unwrap()
}

fn hold(account: u32) -> Hold {
    let text = |words: &str| Value::Text(StatusText(words.to_owned()));
    Hold {
        account: AccountId(account),
        under: text("Grüße 👋"),
        put: text("[07:00-12:00] [Gebucht] Kunde ABC"),
        earlier: vec![text("")],
        phase: Phase::Held,
        claimants: vec![Claimant {
            account: AccountId(account),
            login: Login("0001".to_owned()),
            entry: EntryId("AAMk1".to_owned()),
        }],
        since: now(),
        written_at: Some(now() + TimeDelta::milliseconds(7)),
        unanswered_at: None,
        back_after: None,
        yielded: vec![],
        sight: Sight::Clear,
        rewrites: 3,
    }
}

fn happening(outcome: &str) -> Happening {
    Happening {
        at: now(),
        account: AccountId(1010),
        from: Value::Presence(Presence::Available),
        to: Value::Presence(Presence::Other("ON_THE_MOON".to_owned())),
        why: "the entry began".to_owned(),
        entry: None,
        outcome: outcome.to_owned(),
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Every file of a directory with its content.
fn files(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|ending| ending != "lock"))
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_new_journal_says_that_it_was_begun_and_is_found_the_next_time() {
    let (_directory, path) = place();
    let (journal, opened) = SqliteJournal::open(&path, now()).unwrap();
    assert_eq!(opened, Opened::Begun);
    let begun = journal.load().await.unwrap();
    assert_eq!(begun.created_at, now());
    assert!(!begun.owner.is_empty());
    assert!(begun.holds.is_empty() && begun.texts.is_empty());
    assert!(begun.calendars.is_empty() && begun.members.is_empty());
    journal.close().await.unwrap();

    let later = now() + TimeDelta::days(1);
    let (journal, opened) = SqliteJournal::open(&path, later).unwrap();
    assert_eq!(opened, Opened::Found);
    let found = journal.load().await.unwrap();
    assert_eq!((found.owner, found.created_at), (begun.owner, now()));
}

#[tokio::test]
async fn an_empty_file_is_begun_like_none() {
    let (_directory, path) = place();
    fs::write(&path, "").unwrap();
    let opened = SqliteJournal::open(&path, now()).unwrap().1;
    assert_eq!(opened, Opened::Begun);
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_restart() {
    let (_directory, path) = place();
    let journal = open(&path);
    let rows = vec![Record::Hold(hold(1010)), Record::Happening(happening("ok"))];
    journal.commit(rows).await.unwrap();
    assert_eq!(journal.reserve_seq(0).await.unwrap(), 1);
    drop(journal);

    let journal = open(&path);
    assert_eq!(journal.load().await.unwrap().holds, [hold(1010)]);
    assert_eq!(journal.history(now(), 10).await.unwrap(), [happening("ok")]);
    assert_eq!(journal.reserve_seq(0).await.unwrap(), 1 + SEQ_BLOCK);
    let forgotten = now() + TimeDelta::days(1);
    let pruned = journal.prune(forgotten, forgotten, forgotten).await;
    assert_eq!(pruned.unwrap(), 1);
}

#[tokio::test]
async fn a_shadow_run_and_the_service_never_run_at_once_and_never_open_each_other_s_file() {
    let (_directory, path) = place();
    let (shadow, opened) = SqliteJournal::open_shadow(&path, now()).unwrap();
    assert_eq!(opened, Opened::Begun);
    assert!(matches!(refused(&path), JournalError::InUse { .. }));
    assert!(!path.exists(), "the service's file is not begun");
    shadow.commit(vec![Record::Hold(hold(1010))]).await.unwrap();
    drop(shadow);

    let of_service = open(&path);
    assert_eq!(of_service.load().await.unwrap().holds, [], "what a shadow run held is not held");
    assert!(matches!(SqliteJournal::open_shadow(&path, now()), Err(JournalError::InUse { .. })));
    let beside = shadow_path(&path);
    let read = SqliteJournal::open_kind(&beside, Kind::Shadow, now()).unwrap().0;
    assert_eq!(read.load().await.unwrap().holds, [hold(1010)], "it can be read while the service runs");
    drop((of_service, read));

    assert!(matches!(refused(&beside), JournalError::OtherKind { found: Kind::Shadow, .. }));
    let wrong = SqliteJournal::open_kind(&path, Kind::Shadow, now());
    assert!(matches!(wrong, Err(JournalError::OtherKind { found: Kind::Service, .. })));
    let there = SqliteJournal::open_shadow(&path, now()).unwrap().0;
    assert_eq!(there.load().await.unwrap().holds, [hold(1010)]);
}

/// The files as they are while the service lives are what `kill -9` leaves.
#[tokio::test]
async fn what_was_answered_survives_a_kill() {
    let (_directory, path) = place();
    let journal = open(&path);
    let (elsewhere, copy) = place();
    for account in 1..=50 {
        journal.commit(vec![Record::Hold(hold(account))]).await.unwrap();
        let first = journal.reserve_seq(0).await.unwrap();
        for ending in ["", "-wal"] {
            let from = path.with_file_name(format!("state.db{ending}"));
            fs::copy(&from, copy.with_file_name(from.file_name().unwrap())).unwrap();
        }
        let left = open(&copy);
        assert_eq!(left.load().await.unwrap().holds.len(), account as usize);
        assert_eq!(left.reserve_seq(0).await.unwrap(), first + SEQ_BLOCK);
        left.close().await.unwrap();
    }
    drop(elsewhere);
}

/// An end between two files of a beginning: the journal is not there yet, what was begun is thrown away.
#[tokio::test]
async fn a_beginning_that_was_interrupted_is_begun_again() {
    let (_directory, path) = place();
    fs::write(path.with_file_name("state.db.new"), "half a file").unwrap();
    let opened = SqliteJournal::open(&path, now()).unwrap().1;
    assert_eq!(opened, Opened::Begun);
    assert!(!path.with_file_name("state.db.new").exists());
}

/// Somebody moved `state.db` away and left its log, which must not be replayed over the new file.
#[tokio::test]
async fn the_log_of_a_file_that_is_gone_does_not_come_back() {
    let (_directory, path) = place();
    let journal = open(&path);
    journal.commit(vec![Record::Hold(hold(1010))]).await.unwrap();
    let log = path.with_file_name("state.db-wal");
    let left = fs::read(&log).unwrap();
    assert!(!left.is_empty());
    drop(journal);
    fs::remove_file(&path).unwrap();
    fs::write(&log, left).unwrap();
    let (journal, opened) = SqliteJournal::open(&path, now()).unwrap();
    assert_eq!(opened, Opened::Begun);
    assert!(journal.load().await.unwrap().holds.is_empty());
}

#[tokio::test]
async fn a_second_service_on_one_file_is_refused_until_the_first_has_ended() {
    let (_directory, path) = place();
    let first = open(&path);
    let clone = first.clone();
    let error = refused(&path);
    assert!(matches!(&error, JournalError::InUse { path: said } if *said == path));
    drop(first);
    assert!(matches!(refused(&path), JournalError::InUse { .. }));
    drop(clone);
    open(&path);
}

#[tokio::test]
async fn a_closed_journal_is_free_for_others_and_answers_no_more() {
    let (directory, path) = place();
    let journal = open(&path);
    let clone = journal.clone();
    journal.commit(vec![Record::Hold(hold(1010))]).await.unwrap();
    journal.close().await.unwrap();
    // The log was written back: the file is whole by itself.
    let names: Vec<_> = files(directory.path()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, std::slice::from_ref(&path));
    open(&path);
    let closed = clone.load().await.unwrap_err();
    assert!(matches!(closed, JournalError::Closed));
    let closed = clone.commit(Vec::new()).await.unwrap_err();
    assert!(matches!(closed, JournalError::Closed));
}

#[tokio::test]
async fn questions_that_were_asked_before_the_end_are_answered() {
    let (_directory, path) = place();
    let journal = open(&path);
    let asked = (1..=100).map(|account| journal.commit(vec![Record::Hold(hold(account))]));
    for answer in futures_util::future::join_all(asked).await {
        answer.unwrap();
    }
    journal.close().await.unwrap();
    let kept = open(&path).load().await.unwrap();
    assert_eq!(kept.holds.len(), 100);
}

#[tokio::test]
async fn a_newer_file_is_refused_with_both_versions_and_not_touched() {
    let (directory, path) = place();
    open(&path).close().await.unwrap();
    let later = Connection::open(&path).unwrap();
    later.pragma_update(None, "user_version", 7).unwrap();
    later.close().unwrap();
    let before = files(directory.path());
    let error = refused(&path);
    assert!(matches!(error, JournalError::Newer { found: 7, known, .. } if known < 7));
    assert_eq!(files(directory.path()), before);
}

/// The later program was killed: its version stands in the log only.
#[tokio::test]
async fn a_newer_version_that_stands_in_the_log_is_refused_and_the_log_kept() {
    let (_directory, path) = place();
    open(&path).close().await.unwrap();
    let later = Connection::open(&path).unwrap();
    later.pragma_update(None, "user_version", 7).unwrap();
    let (_elsewhere, copy) = place();
    let copied_log = copy.with_file_name("state.db-wal");
    fs::copy(&path, &copy).unwrap();
    fs::copy(path.with_file_name("state.db-wal"), &copied_log).unwrap();
    let content = || (fs::read(&copy).unwrap(), fs::read(&copied_log).unwrap());
    let before = content();
    assert_ne!(before.0[60..64], [0, 0, 0, 7], "the file itself has the version of before");
    assert!(matches!(refused(&copy), JournalError::Newer { found: 7, .. }));
    assert!(content() == before, "the files were changed");
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_refused_and_not_touched() {
    let (directory, path) = place();
    fs::write(&path, "[starface]\nlogin = \"0001\"\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let before = files(directory.path());
    assert!(matches!(refused(&path), JournalError::Foreign { .. }));
    assert_eq!(files(directory.path()), before);
    assert_eq!(mode(&path), 0o644);
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_not_touched() {
    let (directory, path) = place();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE meta (owner TEXT, created_at TEXT, next_seq INTEGER)").unwrap();
    other.close().unwrap();
    let before = files(directory.path());
    assert!(matches!(refused(&path), JournalError::Foreign { .. }));
    assert_eq!(files(directory.path()), before);
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_not_touched() {
    let damages: [fn(&mut Vec<u8>); 3] = [
        // Garbage in a page of a table, the header being whole.
        |bytes| bytes[4096..8192].fill(0xa5),
        // The end is missing.
        |bytes| bytes.truncate(5000),
        // No more than the first words.
        |bytes| bytes.truncate(40),
    ];
    for damage in damages {
        let (directory, path) = place();
        let journal = open(&path);
        let rows = (0..200).map(|account| Record::Hold(hold(account)));
        journal.commit(rows.collect()).await.unwrap();
        journal.close().await.unwrap();
        let mut bytes = fs::read(&path).unwrap();
        damage(&mut bytes);
        fs::write(&path, bytes).unwrap();
        let before = files(directory.path());
        assert!(matches!(refused(&path), JournalError::Damaged { .. }));
        assert_eq!(files(directory.path()), before);
    }
}

#[tokio::test]
async fn a_refused_file_is_not_kept_locked() {
    let (_directory, path) = place();
    fs::write(&path, "something else").unwrap();
    refused(&path);
    fs::remove_file(&path).unwrap();
    open(&path);
}

#[tokio::test]
async fn state_is_private_to_its_user() {
    let (directory, _) = place();
    let inner = directory.path().join("lib/starface-calendar");
    let path = inner.join("state.db");
    let journal = open(&path);
    journal.commit(vec![Record::Hold(hold(1010))]).await.unwrap();
    assert_eq!(mode(&inner), 0o700);
    for name in ["state.db", "state.db-wal", "state.db-shm", "state.db.lock"] {
        assert_eq!(mode(&inner.join(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_file_that_everybody_could_read_is_made_private() {
    let (_directory, path) = place();
    open(&path).close().await.unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let _journal = open(&path);
    assert_eq!(mode(&path), 0o600);
}

#[tokio::test]
async fn a_place_where_no_file_can_be_is_named() {
    let (directory, _) = place();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = refused(&file.join("state.db"));
    assert!(matches!(error, JournalError::Prepare { .. }));
    assert!(error.to_string().contains(file.to_str().unwrap()));
    let error = refused(directory.path());
    assert!(matches!(error, JournalError::Prepare { .. }));
}

/// Nobody waits for the answer any more, as when a round is given up; the journal goes on.
#[tokio::test]
async fn a_question_that_nobody_waits_for_stops_nothing() {
    use futures_util::FutureExt;

    let (_directory, path) = place();
    let journal = open(&path);
    drop(journal.commit(vec![Record::Hold(hold(1))]).now_or_never());
    journal.commit(vec![Record::Hold(hold(2))]).await.unwrap();
    let holds = journal.load().await.unwrap().holds;
    assert!(holds.contains(&hold(2)));
}
