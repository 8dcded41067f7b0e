//! How soon a service that held everybody is back after a crash.

use chrono::TimeDelta;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::journal::{Journal, SqliteJournal};
use starface_calendar::sim::tenant::Appointment;

use super::Options;
use super::site::{Site, address};
use super::table::{Reach, Table};

/// How many accounts one call to the PBX is about.
const ACCOUNTS_A_CALL: u64 = 100;

/// How long anything is waited for.
const PATIENCE: TimeDelta = TimeDelta::minutes(3);

/// Measures one site in which everybody has an appointment.
pub(crate) async fn measure(options: &Options, members: u32, table: &mut Table) {
    let site = Site::new(members, "60s").await;
    let now = SystemClock.now();
    for account in site.accounts() {
        let appointment = Appointment::timed(now - TimeDelta::minutes(1), now + TimeDelta::hours(2));
        site.tenant.put(&address(account), appointment.subject("Besprechung mit der Muster AG"));
    }
    let service = site.start(&options.program);
    let all = 2 * members as usize;
    until(|| site.pbx.writes().len() >= all).await;
    site.is_ready().await;
    service.kill().await;

    let copy = site.folder.path().join("copy.db");
    for suffix in ["", "-wal"] {
        let beside = |path: &std::path::Path| format!("{}{suffix}", path.display());
        let _ = std::fs::copy(beside(&site.state_file()), beside(&copy));
    }
    let began_at = SystemClock.now();
    let (journal, _) = SqliteJournal::open(&copy, began_at).unwrap();
    let opened = (SystemClock.now() - began_at).as_seconds_f64();
    let kept = journal.load().await.unwrap();
    let loaded = (SystemClock.now() - began_at).as_seconds_f64();
    table.add(
        format!("B6 journal of {} holds and {} calendars", kept.holds.len(), kept.calendars.len()),
        format!("opened after {:.0} ms, read after {:.0} ms", opened * 1e3, loaded * 1e3),
        loaded,
        &Reach::AtMost(0.2, "s"),
    );

    let calls = || site.pbx.calls().get("getStates").copied().unwrap_or_default();
    let wanted = calls() + u64::from(members).div_ceil(ACCOUNTS_A_CALL);
    let began_at = SystemClock.now();
    let service = site.start(&options.program);
    until(|| calls() >= wanted).await;
    // It is answered between two rounds.
    let path = format!("/api/members/{}", site.accounts().next().unwrap());
    while !site.page(&path).await.starts_with("HTTP/1.1 200") {}
    let took = (SystemClock.now() - began_at).as_seconds_f64();
    service.kill().await;
    let what = format!("B6 restart, {members} members held: until the first round is complete");
    table.add(what, format!("{took:.2} s"), took, &Reach::AtMost(1.5, "s"));
}

async fn until(is_so: impl Fn() -> bool) {
    let late = SystemClock.now() + PATIENCE;
    while !is_so() {
        assert!(SystemClock.now() < late, "it takes too long");
        SystemClock.sleep_until(SystemClock.now() + TimeDelta::milliseconds(2)).await;
    }
}
