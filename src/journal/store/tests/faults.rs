//! What is too much, damaged or in the way.

use super::*;

#[test]
fn a_calendar_or_member_list_that_cannot_be_read_is_unknown_and_stops_nothing() {
    let mut bench = Bench::new();
    let calendar = KnownCalendar { read_at: at(1), entries: vec![entry("a")] };
    let addresses = ["a", "b", "c", "d"].map(|name| address(&format!("{name}@example.test")));
    let mut records: Vec<_> =
        addresses.iter().map(|address| Record::Calendar(address.clone(), calendar.clone())).collect();
    records.extend([5, 6].map(|group| Record::Members(AccountId(group), Vec::new())));
    bench.store.commit(records).unwrap();
    bench
        .store
        .connection
        .execute_batch(
            "UPDATE calendars SET entries = '[{\"id\":' WHERE address = 'a@example.test';
             UPDATE calendars SET version = 99 WHERE address = 'b@example.test';
             UPDATE calendars SET address = 'nobody' WHERE address = 'c@example.test';
             UPDATE members SET members = 'Jörg' WHERE group_account = 5;",
        )
        .unwrap();
    let kept = bench.store.load().unwrap();
    assert_eq!(kept.calendars, [(addresses[3].clone(), calendar)].into());
    assert_eq!(kept.members, [(AccountId(6), Vec::new())].into());
}

#[test]
fn a_hold_that_cannot_be_read_is_damage_and_shows_nothing_of_itself() {
    let mut bench = Bench::new();
    let hold = hold(1010, text("Mittag"), text("Kunde ABC"));
    bench.store.commit(vec![Record::Hold(hold)]).unwrap();
    bench.store.connection.execute_batch("UPDATE holds SET phase = 'Kunde ABC'").unwrap();
    let error = bench.store.load().unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }));
    assert!(!format!("{error:?}").contains("Kunde"));
}

#[test]
fn a_calendar_that_is_too_large_leaves_the_last_one_and_the_rest_of_the_commit() {
    let mut bench = Bench::new();
    let mailbox = address("a@example.test");
    let small = KnownCalendar { read_at: at(1), entries: vec![entry("a")] };
    let large = KnownCalendar { read_at: at(2), entries: vec![entry("b"); 40_000] };
    let hold = hold(1010, presence("AVAILABLE"), presence("AWAY"));
    bench.store.commit(vec![Record::Calendar(mailbox.clone(), small.clone())]).unwrap();
    bench.store.commit(vec![Record::Calendar(mailbox.clone(), large), Record::Hold(hold.clone())]).unwrap();
    let kept = bench.kept_after_restart();
    assert_eq!(kept.calendars, [(mailbox, small)].into());
    assert_eq!(kept.holds, [hold]);
}

#[test]
fn words_from_outside_are_kept_up_to_a_limit() {
    let mut bench = Bench::new();
    let endless = "ü".repeat(1 << 20);
    let mut long = happening(0, text(&endless), text(""));
    long.why = endless.clone();
    long.outcome = endless.clone();
    let mut big = entry("a");
    big.title = Title(endless.clone());
    let calendar = KnownCalendar { read_at: at(0), entries: vec![big] };
    let mailbox = address("a@example.test");
    bench
        .store
        .commit(vec![
            Record::Happening(long),
            Record::Calendar(mailbox.clone(), calendar),
            Record::Hold(hold(1010, text(&endless), text("Gebucht"))),
        ])
        .unwrap();
    let row = bench.store.history(at(0), 1).unwrap().remove(0);
    assert_eq!((row.why.len(), row.outcome.len()), (4096, 4096));
    assert_eq!(texts(&[row])[0].0.len(), 65536);
    let kept = bench.kept_after_restart();
    assert_eq!(kept.calendars[&mailbox].entries[0].title.0.len(), 4096);
    assert_eq!(kept.holds[0].under, text(&endless[..65536]));
}

#[test]
fn a_claim_above_all_numbers_is_an_error_and_uses_none_up() {
    let mut bench = Bench::new();
    for above in [u64::MAX, i64::MAX as u64, i64::MAX as u64 - SEQ_BLOCK] {
        let error = bench.store.reserve_seq(above).unwrap_err();
        assert!(matches!(error, JournalError::SeqSpent { above: said } if said == above));
    }
    assert_eq!(bench.store.reserve_seq(0).unwrap(), 1);
}

#[test]
fn a_commit_on_a_full_disk_leaves_nothing_and_a_later_one_goes_well() {
    let mut bench = Bench::new();
    let kept_before = hold(1010, presence("AVAILABLE"), presence("AWAY"));
    bench.store.commit(vec![Record::Hold(kept_before.clone())]).unwrap();
    let pages = "PRAGMA page_count";
    let connection = &bench.store.connection;
    let full: u32 = connection.query_one(pages, (), |row| row.get(0)).unwrap();
    let limit = |store: &Store, pages: u32| {
        let ignore = |_: &rusqlite::Row<'_>| Ok(());
        let connection = &store.connection;
        connection.pragma_update_and_check(None, "max_page_count", pages, ignore).unwrap();
    };
    limit(&bench.store, full);
    let records = || {
        let mut records = vec![Record::Drop(AccountId(1010), Field::Presence)];
        let members = |group| Record::Members(AccountId(group), Vec::new());
        records.extend((0..10_000).map(members));
        records
    };
    let error = bench.store.commit(records()).unwrap_err();
    assert!(matches!(error, JournalError::Write { .. }));
    assert_eq!(error.verdict(), crate::rules::Verdict::Retry { after: None });
    assert_eq!(bench.store.load().unwrap().holds, [kept_before]);
    assert!(bench.store.load().unwrap().members.is_empty());
    limit(&bench.store, u32::MAX / 2);
    bench.store.commit(records()).unwrap();
    let kept = bench.kept_after_restart();
    assert_eq!((kept.holds.len(), kept.members.len()), (0, 10_000));
}

#[test]
fn a_file_that_somebody_else_holds_is_written_once_it_is_free() {
    let mut bench = Bench::new();
    bench.store.connection.busy_timeout(Duration::ZERO).unwrap();
    let somebody = Connection::open(bench.directory.path().join("state.db")).unwrap();
    somebody.execute_batch("BEGIN IMMEDIATE").unwrap();
    let hold = hold(1010, presence("AVAILABLE"), presence("AWAY"));
    let record = || vec![Record::Hold(hold.clone())];
    let error = bench.store.commit(record()).unwrap_err();
    assert!(matches!(error, JournalError::Write { .. }));
    somebody.execute_batch("ROLLBACK").unwrap();
    bench.store.commit(record()).unwrap();
    assert_eq!(bench.store.load().unwrap().holds, [hold]);
}

#[test]
fn every_commit_waits_for_the_disk() {
    let bench = Bench::new();
    let pragma = |name: &str| -> String {
        let read = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
        let connection = &bench.store.connection;
        format!("{:?}", connection.pragma_query_value(None, name, read).unwrap())
    };
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("synchronous"), "Integer(2)");
}

#[test]
fn one_record_that_fails_takes_the_whole_commit_with_it() {
    let mut bench = Bench::new();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON history
                  BEGIN SELECT RAISE(ABORT, 'for this test'); END";
    bench.store.connection.execute_batch(refuse).unwrap();
    let hold = hold(1010, presence("AVAILABLE"), presence("AWAY"));
    let row = happening(0, presence("AVAILABLE"), presence("AWAY"));
    let records = || vec![Record::Hold(hold.clone()), Record::Happening(row.clone())];
    let error = bench.store.commit(records()).unwrap_err();
    assert!(matches!(error, JournalError::Write { .. }));
    assert!(bench.store.load().unwrap().holds.is_empty());
    let allow = "DROP TRIGGER refuse";
    bench.store.connection.execute_batch(allow).unwrap();
    bench.store.commit(records()).unwrap();
    assert_eq!(bench.kept_after_restart().holds, [hold]);
}
