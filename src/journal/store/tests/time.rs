//! History, and what time takes away.

use super::*;

#[test]
fn a_text_put_twice_counts_from_the_later_time() {
    let mut bench = Bench::new();
    let put = |words: &str, seconds| Record::TextPut {
        account: AccountId(1010),
        text: StatusText(words.to_owned()),
        at: at(seconds),
    };
    bench.store.commit(vec![put("Gebucht", 30), put("Gebucht", 10), put("👩‍👩‍👧", 20), put("", 5)]).unwrap();
    let texts = bench.kept_after_restart().texts;
    let texts: Vec<_> = texts.iter().map(|(account, text, at)| (account.0, text.0.as_str(), *at)).collect();
    assert_eq!(texts, [(1010, "", at(5)), (1010, "👩‍👩‍👧", at(20)), (1010, "Gebucht", at(30))]);
}

#[test]
fn history_is_read_oldest_first_from_an_instant_and_at_most_so_many_rows() {
    let mut bench = Bench::new();
    let rows = [3, 1, 2, 0].map(|seconds| {
        let to = text(&format!("{seconds}"));
        Record::Happening(happening(seconds, text(""), to))
    });
    bench.store.commit(rows.into()).unwrap();
    let read = |since, rows_max| -> Vec<String> {
        let rows = bench.store.history(at(since), rows_max).unwrap();
        texts(&rows).iter().map(|row| row.1.to_owned()).collect()
    };
    assert_eq!(read(0, 10), ["0", "1", "2", "3"]);
    assert_eq!(read(1, 10), ["1", "2", "3"]);
    assert_eq!(read(1, 2), ["1", "2"]);
    assert_eq!(read(0, usize::MAX).len(), 4);
    assert!(read(4, 10).is_empty());
    assert!(read(0, 0).is_empty());
}

#[test]
fn a_row_of_history_keeps_every_field() {
    let mut bench = Bench::new();
    let mut nobody = happening(1, presence("AWAY"), presence("ON_THE_MOON"));
    nobody.entry = None;
    let rows = [happening(0, text("Mittag"), text("Grüße 👋")), nobody];
    let records = rows.clone().map(Record::Happening);
    bench.store.commit(records.into()).unwrap();
    assert_eq!(bench.store.history(at(0), 10).unwrap(), rows);
}

#[test]
fn time_turns_texts_of_history_into_hashes_then_removes_the_rows() {
    let mut bench = Bench::new();
    let rows = [
        happening(0, text("a"), text("b")),
        happening(10, text(""), text("Kunde ABC")),
        happening(11, presence("AVAILABLE"), presence("AWAY")),
        happening(20, text("Kunde ABC"), text("")),
    ];
    bench.store.commit(rows.map(Record::Happening).into()).unwrap();
    let horizon = Horizon { history: at(10), texts: at(20), puts: at(0) };
    assert_eq!(bench.store.prune(horizon).unwrap(), 2);
    let after = bench.store.history(at(0), 10).unwrap();
    assert_eq!(texts(&after), [("", "sha256:96c77a58c05a"), ("AVAILABLE", "AWAY"), ("Kunde ABC", "")]);
    // A hash is not hashed again.
    assert_eq!(bench.store.prune(horizon).unwrap(), 0);
    assert_eq!(bench.store.history(at(0), 10).unwrap(), after);
}

#[test]
fn texts_put_are_forgotten_with_time() {
    let mut bench = Bench::new();
    let put = |account, seconds| Record::TextPut {
        account: AccountId(account),
        text: StatusText("Gebucht".to_owned()),
        at: at(seconds),
    };
    bench.store.commit(vec![put(1, 9), put(2, 10)]).unwrap();
    let horizon = Horizon { history: at(0), texts: at(0), puts: at(10) };
    assert_eq!(bench.store.prune(horizon).unwrap(), 1);
    assert_eq!(bench.kept_after_restart().texts[0].0, AccountId(2));
}

#[test]
fn one_prune_touches_a_bounded_number_of_rows_and_the_next_the_rest() {
    let mut bench = Bench::new();
    let row = || Record::Happening(happening(0, presence("AWAY"), presence("AVAILABLE")));
    let count = history::PRUNE_ROWS_MAX + 5;
    bench.store.commit((0..count).map(|_| row()).collect()).unwrap();
    let horizon = Horizon { history: at(1), texts: at(1), puts: at(1) };
    assert_eq!(bench.store.prune(horizon).unwrap(), history::PRUNE_ROWS_MAX);
    assert_eq!(bench.store.prune(horizon).unwrap(), 5);
}

#[test]
fn what_was_forgotten_is_not_in_the_file_any_more() {
    let mut bench = Bench::new();
    let row = || Record::Happening(happening(0, text("Geheimer Kunde"), text("")));
    let rows = (0..100).map(|_| row()).collect();
    bench.store.commit(rows).unwrap();
    let path = bench.directory.path().join("state.db");
    let file_tells = |store: &Store| {
        let write_back = "PRAGMA wal_checkpoint(TRUNCATE)";
        let connection = &store.connection;
        connection.query_one(write_back, (), |_| Ok(())).unwrap();
        String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains("Geheimer")
    };
    assert!(file_tells(&bench.store));
    let horizon = Horizon { history: at(1), texts: at(1), puts: at(0) };
    bench.store.prune(horizon).unwrap();
    assert!(!file_tells(&bench.store));
}
