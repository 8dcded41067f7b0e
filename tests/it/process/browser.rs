//! The status page of the running service, used in Chromium.
//!
//! `tests/browser/run.mjs` drives it and fails where a console, another origin or axe-core has anything to say. What a
//! button does is seen at the simulated PBX.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use starface_calendar::clock::{Clock, SystemClock};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::site::{ANNA, BEAT, Service, Site, address};

const TOKEN: &str = "a-token-of-the-tests";

/// A site with its page: Anna is in a meeting, Beat has one tomorrow.
struct Shown {
    site: Site,
    service: Service,
    url: String,
}

impl Shown {
    async fn new() -> Self {
        let site = Site::new().await;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        site.begin(ANNA, "Muster AG");
        let tomorrow = SystemClock.now() + chrono::TimeDelta::days(1);
        let later =
            starface_calendar::sim::tenant::Appointment::timed(tomorrow, tomorrow + chrono::TimeDelta::hours(1));
        site.tenant.put(&address(BEAT), later.subject("Kunde ABC"));
        let listen = format!("127.0.0.1:{port}");
        let service = site.start_with(&[("WEB__LISTEN", &listen), ("WEB__TOKEN", TOKEN)]);
        site.shows(ANNA, "AWAY", "Muster AG").await;
        Self { site, service, url: format!("http://127.0.0.1:{port}") }
    }

    fn browser(&self, scenario: &str, environment: &[(&str, &str)]) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/run.mjs");
        let mut command = Command::new("node");
        command.arg(script).args([scenario, &self.url, TOKEN]).envs(environment.iter().copied());
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Plays a scenario, which must find nothing wrong.
    async fn play(&self, scenario: &str, environment: &[(&str, &str)]) {
        let output = self.browser(scenario, environment).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Plays scenarios that change nothing.
async fn plays(scenarios: &[&str]) {
    let shown = Shown::new().await;
    for scenario in scenarios {
        shown.play(scenario, &[]).await;
    }
    let (code, _) = shown.service.terminate().await;
    assert_eq!(code, Some(0));
}

#[tokio::test]
async fn members_are_overlooked_searched_and_opened() {
    plays(&["overview", "search", "member", "timeline"]).await;
}

#[tokio::test]
async fn a_viewer_logs_in_and_out() {
    plays(&["login"]).await;
}

#[tokio::test]
async fn both_schemes_are_shown_on_wide_and_narrow_screens() {
    let shown = Shown::new().await;
    let folder = shown.site.folder.path().join("screenshots");
    let pictures = option_env!("SCREENSHOTS").map_or(folder, Into::into);
    shown.play("dark", &[("SCREENSHOTS", pictures.to_str().unwrap())]).await;
    assert!(std::fs::read_dir(&pictures).unwrap().count() >= 4);
    shown.service.terminate().await;
}

/// Plays a scenario in which Anna's entry is ended by its button, and looks at her telephone.
async fn ends_annas_entry(scenario: &str) {
    let shown = Shown::new().await;
    shown.play(scenario, &[("MEMBER", "1010")]).await;
    shown.site.shows(ANNA, "AVAILABLE", "").await;
    shown.service.terminate().await;
}

#[tokio::test]
async fn the_button_ends_an_entry_early_and_the_telephone_is_as_it_was() {
    ends_annas_entry("end").await;
}

#[tokio::test]
async fn without_scripts_everything_can_be_done_too() {
    ends_annas_entry("noscript").await;
}

#[tokio::test]
async fn what_changes_is_shown_without_a_reload() {
    let shown = Shown::new().await;
    let mut browser = shown.browser("live", &[("TEXT", "Neues Treffen")]);
    let mut browser = browser.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(browser.stdout.take().unwrap()).lines();
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("watching"));
    shown.site.begin(BEAT, "Neues Treffen");
    let output = browser.wait_with_output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    shown.service.terminate().await;
}
