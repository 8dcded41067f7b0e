//! The commands that talk with the running service, or work without one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use serde_json::Value;
use starface_calendar::sim::pbx::Person;
use starface_calendar::sim::tenant::Whom;

use super::site::{ANNA, BEAT, Site, address};

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", out(output), err(output)))
}

#[tokio::test]
async fn status_tells_how_the_running_service_is_doing() {
    let site = Site::new().await;
    site.begin(ANNA, "GEHEIMER-TITEL");
    let service = site.start();
    site.shows(ANNA, "AWAY", "GEHEIMER-TITEL").await;
    let output = site.output(&["status", "--json"]).await;
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    let status = json(&output);
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    let anna = &status["members"][0];
    assert_eq!(
        (&anna["account"], &anna["login"], &anna["name"]),
        (&1010.into(), &"1010".into(), &"Anna Muster".into())
    );
    assert_eq!((&anna["email"], &anna["mailbox"]), (&"m1010@firma.example".into(), &"m1010@firma.example".into()));
    assert_eq!(anna["governing"]["show_as"], "busy");
    let fields: Vec<_> = anna["holds"].as_array().unwrap().iter().map(|hold| hold["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["presence", "text"]);
    assert!(status["members"][1]["governing"].is_null());
    assert_eq!(status["problems"], Value::Array(vec![]));
    let words = out(&site.output(&["status"]).await);
    assert!(words.contains("No problems.") && words.contains("Anna Muster"), "{words}");
    assert!(!words.contains("GEHEIM") && !out(&output).contains("GEHEIM"), "{words}");
    service.terminate().await;
}

#[tokio::test]
async fn without_a_service_status_and_end_say_so_and_exit_1() {
    let site = Site::new().await;
    for words in [&["status"][..], &["end", "1010"]] {
        let output = site.output(words).await;
        assert_eq!(code(&output), Some(1));
        assert!(err(&output).contains("it does not run"), "{}", err(&output));
        assert!(err(&output).contains("\nwhat helps: start it with systemctl"), "{}", err(&output));
    }
}

#[tokio::test]
async fn end_takes_a_member_by_login_address_or_account_and_lists_those_whom_it_cannot_tell_apart() {
    let site = Site::new().await;
    site.pbx.add_member(Person {
        account: starface_calendar::rules::AccountId(1012),
        login: "1012".to_owned(),
        first_name: "Zweite".to_owned(),
        family_name: "Anna".to_owned(),
        email: address(ANNA).to_string(),
    });
    site.begin(BEAT, "Muster AG");
    let service = site.start();
    site.shows(BEAT, "AWAY", "Muster AG").await;
    let output = site.output(&["end", "M1011@firma.example"]).await;
    assert_eq!(
        (code(&output), out(&output)),
        (Some(0), "Beat Muster (1011): 1 active entry was ended early; everything is taken off.\n".to_owned())
    );
    site.shows(BEAT, "AVAILABLE", "").await;
    for member in ["1011", "id:1011"] {
        let output = site.output(&["end", member]).await;
        assert_eq!(code(&output), Some(0));
        assert!(out(&output).contains("no active entry; nothing was done"), "{}", out(&output));
    }
    let output = site.output(&["end", "m1010@firma.example"]).await;
    assert_eq!(code(&output), Some(2));
    assert!(err(&output).contains("id:1010") && err(&output).contains("id:1012"), "{}", err(&output));
    let output = site.output(&["end", "nobody"]).await;
    assert_eq!(code(&output), Some(1));
    assert!(err(&output).contains("login, e-mail address or an account such as id:1010"), "{}", err(&output));
    assert_eq!(code(&site.output(&["end"]).await), Some(2), "usage");
    service.terminate().await;
}

#[tokio::test]
async fn what_was_ended_early_stays_ended_over_a_kill() {
    let site = Site::new().await;
    site.person_sets(ANNA, "AVAILABLE", "Before");
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    assert_eq!(code(&site.output(&["end", "1010"]).await), Some(0));
    site.shows(ANNA, "AVAILABLE", "Before").await;
    service.kill().await;
    let service = site.start();
    // Whoever is put on after the restart proves that the calendars were acted on.
    site.begin(BEAT, "Later");
    site.shows(BEAT, "AWAY", "Later").await;
    assert_eq!(site.pbx.shows(ANNA).unwrap().chat_presence_message, "Before");
    site.begin(ANNA, "New");
    site.shows(ANNA, "AWAY", "New").await;
    service.terminate().await;
}

#[tokio::test]
async fn a_call_to_the_end_number_ends_the_entry_early_and_graph_is_not_needed_for_a_command() {
    let site = Site::new().await;
    site.begin(ANNA, "Muster AG");
    site.begin(BEAT, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.shows(BEAT, "AWAY", "Muster AG").await;
    let gate = site.tenant.hold(Whom::Everybody, 100);
    gate.reached().await;
    site.pbx.person_dials_end(ANNA);
    site.shows(ANNA, "AVAILABLE", "").await;
    assert_eq!(code(&site.output(&["end", "id:1011"]).await), Some(0));
    site.shows(BEAT, "AVAILABLE", "").await;
    drop(gate);
    service.terminate().await;
}

#[tokio::test]
async fn restore_on_a_running_service_takes_everything_off_and_it_stays_off() {
    let site = Site::new().await;
    site.person_sets(ANNA, "FREE_FOR_CHAT", "Before");
    site.begin(ANNA, "Muster AG");
    site.begin(BEAT, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.shows(BEAT, "AWAY", "Muster AG").await;
    let output = site.output(&["restore", "--member", "1010"]).await;
    assert_eq!(
        (code(&output), out(&output)),
        (Some(0), "1 active entry was ended early.\n2 fields are as before.\n".to_owned())
    );
    let shown =
        |account| site.pbx.shows(account).map(|shown| (shown.chat_presence, shown.chat_presence_message)).unwrap();
    assert_eq!(shown(ANNA), ("FREE_FOR_CHAT".to_owned(), "Before".to_owned()));
    assert_eq!(shown(BEAT), ("AWAY".to_owned(), "Muster AG".to_owned()));
    assert_eq!(code(&site.output(&["restore"]).await), Some(0));
    assert_eq!(shown(BEAT), ("AVAILABLE".to_owned(), String::new()));
    let again = site.output(&["restore"]).await;
    assert_eq!((code(&again), out(&again)), (Some(0), "Nothing is held.\n".to_owned()));
    service.terminate().await;
}

#[tokio::test]
async fn restore_names_what_the_pbx_refuses_with_and_without_a_service() {
    let site = Site::new().await;
    site.begin(ANNA, "Muster AG");
    site.begin(BEAT, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.shows(BEAT, "AWAY", "Muster AG").await;
    site.pbx.refuse(ANNA, "kein Recht");
    let refused = async || {
        let output = site.output(&["restore"]).await;
        assert_eq!(code(&output), Some(1), "{}", err(&output));
        let words = out(&output);
        let lines: Vec<_> = words.lines().filter(|line| line.contains("kein Recht")).collect();
        assert_eq!(lines.len(), 2, "{words}");
        assert!(lines[0].contains("presence") && lines[1].contains("text") && lines[0].contains("Anna"), "{words}");
    };
    refused().await;
    assert_eq!(site.pbx.shows(BEAT).unwrap().chat_presence, "AVAILABLE");
    service.terminate().await;
    refused().await;
}

#[tokio::test]
async fn restore_and_history_work_without_a_service_and_never_begin_a_journal() {
    let site = Site::new().await;
    let output = site.output(&["restore"]).await;
    assert_eq!((code(&output), out(&output)), (Some(0), "Nothing is held.\n".to_owned()));
    assert_eq!(json(&site.output(&["history", "--json"]).await), Value::Array(vec![]));
    assert!(!site.folder.path().join("state").exists());
    site.person_sets(ANNA, "FREE_FOR_CHAT", "Before");
    site.begin(ANNA, "Muster AG");
    site.begin(BEAT, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.shows(BEAT, "AWAY", "Muster AG").await;
    service.terminate().await;
    let output = site.output(&["restore", "--member", "m1010@firma.example"]).await;
    assert_eq!((code(&output), out(&output)), (Some(0), "2 fields are as before.\n".to_owned()), "{}", err(&output));
    assert_eq!(site.pbx.shows(ANNA).unwrap().chat_presence_message, "Before");
    assert_eq!(site.pbx.shows(BEAT).unwrap().chat_presence_message, "Muster AG");
    assert_eq!(code(&site.output(&["restore", "--member", "nobody"]).await), Some(1));
    assert_eq!(code(&site.output(&["restore"]).await), Some(0));
    assert_eq!(site.pbx.shows(BEAT).unwrap().chat_presence_message, "");
    let history = json(&site.output(&["history", "--json", "--member", "id:1010"]).await);
    let texts: Vec<_> = history.as_array().unwrap().iter().filter(|row| row["field"] == "text").collect();
    assert_eq!(texts.len(), 2, "{history}");
    assert_eq!((&texts[1]["from"], &texts[1]["to"]), (&"Muster AG".into(), &"Before".into()));
}

#[tokio::test]
async fn history_of_a_running_service_tells_what_was_changed_and_why() {
    let site = Site::new().await;
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    assert_eq!(code(&site.output(&["end", "1010"]).await), Some(0));
    site.shows(ANNA, "AVAILABLE", "").await;
    // Status is answered after the round whose rows are asked for.
    site.output(&["status"]).await;
    let output = site.output(&["history", "--member", "1010", "--since", "1h", "--json"]).await;
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    let rows = json(&output);
    let rows: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["to"].as_str().unwrap(), row["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(rows, [("AWAY", "done"), ("Muster AG", "done"), ("AVAILABLE", "done"), ("", "done")]);
    let words = out(&site.output(&["history"]).await);
    assert!(words.contains("an entry is active") && words.contains("\"Muster AG\""), "{words}");
    assert_eq!(json(&site.output(&["history", "--member", "1011", "--json"]).await), Value::Array(vec![]));
    assert_eq!(code(&site.output(&["history", "--since", "yesterday"]).await), Some(2));
    assert_eq!(code(&site.output(&["history", "--member", "nobody"]).await), Some(1));
    service.terminate().await;
}

#[tokio::test]
async fn the_socket_is_private_outlives_a_second_service_and_goes_with_its_own() {
    let site = Site::new().await;
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let socket = site.folder.path().join("state/control.sock");
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    let (second, _) = site.start().ended().await;
    assert_eq!(second, Some(1));
    assert_eq!(code(&site.output(&["status"]).await), Some(0));
    service.terminate().await;
    assert!(!socket.exists());
    let service = site.start();
    site.begin(BEAT, "Muster AG");
    site.shows(BEAT, "AWAY", "Muster AG").await;
    service.kill().await;
    assert!(socket.exists(), "a killed service leaves its socket");
    assert_eq!(code(&site.output(&["status"]).await), Some(1));
    assert_eq!(code(&site.output(&["history"]).await), Some(0));
}
