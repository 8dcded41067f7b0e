//! How large the service is, and what it costs while nothing happens but reading.

use chrono::TimeDelta;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::sim::tenant::Appointment;

use super::Options;
use super::probe::Probe;
use super::site::{Site, address};
use super::table::{Reach, Table};

/// How long the service settles after everything was read, and for how long it is then watched.
const SETTLES: TimeDelta = TimeDelta::seconds(30);
const WATCHED: TimeDelta = TimeDelta::seconds(90);

const MEBIBYTE: f64 = 1_048_576.0;

/// Measures one site of eight entries a member and day, none of which begins or ends meanwhile.
pub(crate) async fn measure(options: &Options, members: u32, table: &mut Table) {
    let site = Site::new(members, "60s").await;
    let now = SystemClock.now();
    for account in site.accounts() {
        for index in 0..8 {
            let start = now + TimeDelta::minutes(120 + 70 * index);
            let appointment = Appointment::timed(start, start + TimeDelta::minutes(40));
            site.tenant.put(&address(account), appointment.subject("Besprechung mit der Muster AG"));
        }
    }
    let service = site.start(&options.program);
    site.is_ready().await;
    let settled_at = SystemClock.now() + if options.quick { TimeDelta::seconds(5) } else { SETTLES };
    SystemClock.sleep_until(settled_at).await;
    let before = (Probe::of(&service.child), SystemClock.now(), site.tenant.counts());
    SystemClock.sleep_until(before.1 + if options.quick { TimeDelta::seconds(60) } else { WATCHED }).await;
    let (after, took) = (Probe::of(&service.child), (SystemClock.now() - before.1).as_seconds_f64());
    let counts = site.tenant.counts();
    service.kill().await;

    let of = |what: &str| format!("B4 {what}, {members} members of 8 entries, read every 60 s");
    let reach = |most: f64, unit| if members == 10_000 { Reach::AtMost(most, unit) } else { Reach::None };
    let resident = after.resident as f64 / MEBIBYTE;
    let peak = after.resident_max as f64 / MEBIBYTE;
    table.add(of("memory"), format!("{resident:.1} MiB, {peak:.1} MiB at its largest"), peak, &reach(80.0, "MiB"));
    table.add(of("threads"), after.threads.to_string(), after.threads as f64, &reach(8.0, "threads"));
    let share = 100.0 * (after.cpu_seconds - before.0.cpu_seconds) / took;
    let words = format!("{share:.2} % of one core, {:.0} s an hour", share * 36.0);
    table.add(of("idle CPU"), words, share, &reach(2.0, "%"));
    let hours = f64::from(members) * took / 3600.0;
    let rate = |count: u64| count as f64 / hours;
    let batches = counts.batches - before.2.batches;
    let words = format!(
        "{:.2} reads, {:.3} HTTP calls, {:.1} kB a member and hour",
        rate(counts.items - before.2.items),
        rate(batches),
        rate(counts.bytes - before.2.bytes) / 1e3
    );
    table.add(of("cost of calendars"), words, rate(batches), &Reach::AtMost(3.0, "calls"));
}
