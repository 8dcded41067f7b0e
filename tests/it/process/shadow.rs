//! A shadow run as a process: nothing is written anywhere, it says so everywhere, and the service itself starts clean.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use chrono::TimeDelta;
use serde_json::Value;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::sim::tenant::Asked;

use super::site::{ANNA, Site};

/// The longest that something may take that has to happen; only a failing test waits that long.
const PATIENCE: TimeDelta = TimeDelta::seconds(60);

const SHADOW: [&str; 2] = ["run", "--shadow"];

async fn json(site: &Site, words: &[&str]) -> Value {
    let output = site.output(&[words, &["--json"]].concat()).await;
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn words(site: &Site, words: &[&str]) -> String {
    String::from_utf8(site.output(words).await.stdout).unwrap()
}

/// Asks again and again until the answer has so many rows.
async fn rows(site: &Site, words: &[&str], least: usize) -> Vec<Value> {
    let until = SystemClock.now() + PATIENCE;
    loop {
        // While it starts it has its journal, and cannot be asked yet.
        let output = site.output(&[words, &["--json"]].concat()).await;
        let answer: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if answer.len() >= least {
            return answer;
        }
        assert!(SystemClock.now() < until, "{words:?}: {output:?}");
    }
}

/// Where appointments act at once and everything is looked at each second.
async fn site() -> Site {
    let site = Site::new().await;
    site.write_settings("[rules.drift]\nreassert_interval = \"1s\"\n[rules.categories]\nenabled = true");
    site.person_sets(ANNA, "AVAILABLE", "Before");
    site
}

#[tokio::test]
async fn a_shadow_run_writes_nothing_says_so_everywhere_and_tells_what_it_found() {
    let site = site().await;
    site.begin(ANNA, "Muster AG");
    let shadow = site.start_as(&SHADOW);
    let writes = rows(&site, &["history", "--shadow", "--writes"], 2).await;
    let told = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let facts: Vec<_> = writes.iter().map(|one| (told(one, "field"), told(one, "to"), told(one, "outcome"))).collect();
    let shadowed = |field: &str, to: &str| (field.to_owned(), to.to_owned(), "shadow".to_owned());
    assert_eq!(facts, [shadowed("presence", "AWAY"), shadowed("text", "Muster AG")]);

    let status = words(&site, &["status"]).await;
    assert!(status.starts_with("SHADOW RUN: nothing is written to the PBX"), "{status}");
    assert_eq!(json(&site, &["status"]).await["shadow"], true);
    let explained = words(&site, &["explain", "id:1010"]).await;
    assert!(explained.starts_with("SHADOW RUN"), "{explained}");
    let checked = words(&site, &["check"]).await;
    assert!(checked.contains("shadow run") && checked.contains("nothing is written to the PBX"), "{checked}");

    for second in [&SHADOW[..], &["run"]] {
        let (code, log) = site.start_as(second).ended().await;
        assert_eq!(code, Some(1), "{log}");
        assert!(log.contains("another service or its shadow run has it"), "{log}");
    }
    // It holds its own until the end, so that it has looked again by then.
    let (code, log) = shadow.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("This is a shadow run") && !log.contains("Muster AG"), "{log}");
    let found = rows(&site, &["history", "--shadow", "--at-least", "0s"], 2).await;
    let facts: Vec<_> = found.iter().map(|one| (told(one, "wanted"), told(one, "there"))).collect();
    let differs = |wanted: &str, there: &str| (wanted.to_owned(), there.to_owned());
    assert_eq!(facts, [differs("AWAY", "AVAILABLE"), differs("Muster AG", "Before")]);
    let table = words(&site, &["history", "--shadow", "--at-least", "0s"]).await;
    assert!(table.contains("WE WOULD SHOW") && table.contains("\"Muster AG\""), "{table}");

    assert!(site.pbx.writes().is_empty(), "{:?}", site.pbx.writes());
    // `check` proves that it may write by deleting what is not there.
    let is_write = |one: &Asked| one.method != "GET" && one.address.is_some() && one.status != 404;
    let writes: Vec<Asked> = site.tenant.asked().into_iter().filter(is_write).collect();
    assert!(writes.is_empty(), "{writes:?}");
    assert_eq!(site.pbx.shows(ANNA).unwrap().chat_presence_message, "Before");
}

#[tokio::test]
async fn after_a_shadow_run_the_service_itself_starts_clean_and_gives_back_what_was_there() {
    let site = site().await;
    let meeting = site.begin(ANNA, "Muster AG");
    let shadow = site.start_as(&SHADOW);
    rows(&site, &["history", "--shadow", "--writes"], 2).await;
    shadow.terminate().await;
    let state = site.folder.path().join("state");
    let mode = |name: &str| fs::metadata(state.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("shadow"), mode("shadow/state.db")), (0o700, 0o600));
    assert!(!state.join("state.db").exists(), "the service's own journal was not begun");

    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.tenant.delete(&meeting);
    site.shows(ANNA, "AVAILABLE", "Before").await;
    service.terminate().await;
    let done = json(&site, &["history"]).await;
    assert!(done.as_array().unwrap().iter().all(|row| row["outcome"] == "done"), "{done}");
    assert_eq!(json(&site, &["history", "--shadow", "--writes"]).await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn neither_takes_the_other_s_state_file_for_its_own() {
    let site = site().await;
    site.begin(ANNA, "Muster AG");
    let shadow = site.start_as(&SHADOW);
    rows(&site, &["history", "--shadow", "--writes"], 2).await;
    shadow.terminate().await;
    let path = site.folder.path().join("state/shadow/state.db");
    let (code, log) = site.start_with(&[("STORE__PATH", path.to_str().unwrap())]).ended().await;
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("a shadow run wrote it"), "{log}");
    assert!(site.pbx.writes().is_empty());
}
