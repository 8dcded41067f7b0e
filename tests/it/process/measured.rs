//! Figures of the status page with many members; run by hand, they assert nothing about time.
//!
//! `cargo test --release --test it process::measured -- --ignored --nocapture`. The simulated tenant and PBX run in the same
//! process as the test, the service in one of its own.

use std::net::TcpListener;

use chrono::TimeDelta;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::rules::AccountId;
use starface_calendar::sim::pbx::Person;
use starface_calendar::sim::tenant::Appointment;
use tokio::process::Command;

use super::site::{Site, address};

const MEMBERS: u32 = 2_000;
const ENTRIES_A_DAY: i64 = 8;

/// A site of so many members with a week of eight entries a day each.
async fn site() -> Site {
    let site = Site::new().await;
    let today = SystemClock.now();
    for account in (2_000..2_000 + MEMBERS).map(AccountId) {
        site.tenant.add_mailbox(&address(account));
        site.pbx.add_member(Person {
            account,
            login: account.0.to_string(),
            first_name: "Anna-Maria".to_owned(),
            family_name: format!("Mustermann-{account}"),
            email: address(account).to_string(),
        });
        for entry in 0..7 * ENTRIES_A_DAY {
            let start = today + TimeDelta::hours(entry / ENTRIES_A_DAY * 24 + entry % ENTRIES_A_DAY);
            let appointment = Appointment::timed(start, start + TimeDelta::minutes(45));
            site.tenant.put(&address(account), appointment.subject("Besprechung mit der Muster AG"));
        }
    }
    site
}

/// Asks ten times and prints the size and the median time to the first byte.
async fn measure(name: &str, url: &str, headers: &[&str]) {
    let mut times = Vec::new();
    let mut size = String::new();
    for _ in 0..10 {
        let mut curl = Command::new("curl");
        curl.args(["-s", "-o", "/dev/null", "-w", "%{size_download} %{time_starttransfer}", url]);
        for header in headers {
            curl.args(["-H", header]);
        }
        let output = String::from_utf8(curl.output().await.unwrap().stdout).unwrap();
        let (bytes, seconds) = output.split_once(' ').unwrap();
        bytes.clone_into(&mut size);
        times.push(seconds.parse::<f64>().unwrap());
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{name:<28} {size:>9} bytes   first byte after {:.1} ms (median), {:.1} ms (max)",
        times[5] * 1e3,
        times[9] * 1e3
    );
}

/// Waits until every calendar was read, some minutes at the most.
async fn until_ready(url: &str) {
    for _ in 0..300 {
        let asked = Command::new("curl").args(["-s", "-f", "-o", "/dev/null", url]).status().await.unwrap();
        if asked.success() {
            return;
        }
        SystemClock.sleep_until(SystemClock.now() + TimeDelta::seconds(1)).await;
    }
    panic!("the service is not ready");
}

#[tokio::test]
#[ignore = "prints figures; run it by hand in release mode"]
async fn the_page_of_two_thousand_members() {
    let site = site().await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    // Nobody reads the log here, and a pipe that is full would stop whoever writes into it.
    let settings = [
        ("WEB__LISTEN", listen.as_str()),
        ("WEB__TOKEN", "token"),
        ("GRAPH__CHECK_INTERVAL", "60s"),
        ("LOG__LEVEL", "error"),
    ];
    let service = site.start_with(&settings);
    let url = |path: &str| format!("http://{listen}{path}");
    until_ready(&url("/readyz")).await;
    let token = ["Authorization: Bearer token"];
    measure("overview, guest", &url("/"), &[]).await;
    measure("overview, logged in", &url("/"), &token).await;
    measure("overview, last page", &url("/?page=41"), &token).await;
    measure("search of one member", &url("/?q=Mustermann-3999"), &token).await;
    measure("member", &url("/members/3999"), &token).await;
    measure("/api/status", &url("/api/status"), &token).await;
    measure("/metrics", &url("/metrics"), &[]).await;
    service.terminate().await;
}
