//! What it takes to make a round durable, and how the file grows in a year.

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::journal::{Happening, Journal, Record, SqliteJournal};
use starface_calendar::rules::{AccountId, EntryId, StatusText, Value};
use starface_calendar_bench::work::decisions;
use tempfile::TempDir;

use super::quantiles::Quantiles;
use super::table::{Reach, Table};

/// How many holds a round has, and how many rounds are measured.
const HOLDS: u32 = 1_000;
const ROUNDS: u32 = 25;

/// Who is followed through the year, and for how many days history is kept.
const MEMBERS: u32 = 20;
const DAYS: i64 = 365;
const KEPT_FOR: TimeDelta = TimeDelta::days(90);

/// Measures commits.
pub(crate) async fn commit(table: &mut Table) {
    let folder = TempDir::new().unwrap();
    let (journal, _) = SqliteJournal::open(&folder.path().join("state.db"), SystemClock.now()).unwrap();
    let holds: Vec<Record> = (0..HOLDS).map(|account| Record::Hold(decisions::hold(AccountId(account)))).collect();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let records = holds.clone();
        let began_at = SystemClock.now();
        journal.commit(records).await.unwrap();
        times.push(SystemClock.now() - began_at);
    }
    let times = Quantiles::of(times);
    let what = format!("B7 one commit of {HOLDS} holds");
    table.add(what, times.to_string(), times.at(50), &Reach::AtMost(20.0, "ms p50"));
    journal.close().await.unwrap();
}

/// Measures the file through a year of eight entries a member and day.
pub(crate) async fn growth(table: &mut Table) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state.db");
    let begin = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let (journal, _) = SqliteJournal::open(&path, begin).unwrap();
    let mut sizes = Vec::new();
    for day in 0..DAYS {
        for hour in 8..16 {
            let now = begin + TimeDelta::days(day) + TimeDelta::hours(hour);
            journal
                .commit((0..MEMBERS).flat_map(|account| of_an_entry(AccountId(account), now)).collect())
                .await
                .unwrap();
        }
        let now = begin + TimeDelta::days(day + 1);
        let texts_before = now - TimeDelta::days(7);
        while journal.prune(now - KEPT_FOR, texts_before, now - TimeDelta::days(1)).await.unwrap() > 0 {}
        if [90, 180, DAYS - 1].contains(&day) {
            let written =
                |suffix: &str| std::fs::metadata(format!("{}{suffix}", path.display())).map_or(0, |file| file.len());
            sizes.push(format!("{:.1} MB on day {}", written("") as f64 / 1e6, day + 1));
        }
    }
    journal.close().await.unwrap();
    table.add(
        format!("B7 state file, {MEMBERS} members, 8 entries a day, history kept 90 days"),
        sizes.join(", "),
        0.0,
        &Reach::None,
    );
}

/// What the history has of one entry: presence and text at its start and at its end.
fn of_an_entry(account: AccountId, now: DateTime<Utc>) -> Vec<Record> {
    let hold = decisions::hold(account);
    let text = StatusText(format!("[{}] [Gebucht] Besprechung mit der Muster AG", now.format("%H:%M")));
    let free = StatusText(String::new());
    let happening = |from: &Value, to: &Value, at: DateTime<Utc>| {
        Record::Happening(Happening {
            at,
            account,
            from: from.clone(),
            to: to.clone(),
            why: "an entry is active".to_owned(),
            entry: Some(EntryId(format!("AAMkAGI2TG93AAA{:060}=", now.timestamp()))),
            outcome: "done".to_owned(),
        })
    };
    let end = now + TimeDelta::minutes(45);
    vec![
        Record::Hold(hold.clone()),
        Record::TextPut { account, text: text.clone(), at: now },
        happening(&hold.under, &hold.put, now),
        happening(&Value::Text(free.clone()), &Value::Text(text.clone()), now),
        happening(&hold.put, &hold.under, end),
        happening(&Value::Text(text), &Value::Text(free), end),
        Record::Drop(account, hold.field()),
    ]
}
