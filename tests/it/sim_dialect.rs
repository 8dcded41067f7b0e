//! The simulated PBX's two dialects, read by a client that nobody here wrote: Python's `xmlrpc`.

use std::process::Output;

use serde_json::{Value, json};
use starface_calendar::sim::pbx::{Auth, Dialect, StateField};
use tokio::process::Command;

use crate::sim::{ANNA, Switchboard, call};

/// Reads Anna's state and prints the text, or the parser's complaint.
const SCRIPT: &str = r#"
import json, sys, xmlrpc.client
server = xmlrpc.client.ServerProxy(sys.argv[1])
argument = {"Key": "sim-module-key", "Owner": "", "Seq": "0", "Params": {"accounts": "1010", "group": "2001"}}
try:
    print(json.dumps(getattr(server, "Kalender Connector." + sys.argv[2])(argument)))
except xmlrpc.client.Fault as fault:
    print(json.dumps({"code": fault.faultCode, "words": fault.faultString}))
"#;

async fn python(board: &Switchboard, method: &str) -> Output {
    board.pbx.ask_for(Auth::None);
    let url = format!("{}xml-rpc", board.pbx.url());
    Command::new("python3")
        .args(["-c", SCRIPT, &url, method])
        .output()
        .await
        .expect("python3 is installed where the tests run")
}

async fn python_reads(board: &Switchboard, method: &str) -> Value {
    let output = python(board, method).await;
    let complaint = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{complaint}"))
}

#[tokio::test]
async fn python_reads_the_usual_dialect_with_every_character() {
    let board = Switchboard::start().await;
    let text = "Größe <&> \"😀\"\nzwei";
    board.pbx.person_sets(ANNA, StateField::ChatPresenceMessage, text);
    let answer = python_reads(&board, "getStates").await;
    assert_eq!(answer["Success"], true);
    assert_eq!(answer["Data"]["1010"]["chatPresenceMessage"], text);
    let fault = python_reads(&board, "getMoon").await;
    assert_eq!(fault, json!({ "code": 1, "words": "No such handler: Kalender Connector.getMoon" }));
}

#[tokio::test]
async fn python_reads_the_apache_dialect_with_umlauts_and_entities() {
    let board = Switchboard::start().await;
    board.pbx.speak(Dialect::Apache);
    let text = "Größe <&> Büro";
    board.pbx.person_sets(ANNA, StateField::ChatPresenceMessage, text);
    let answer = python_reads(&board, "getStates").await;
    assert_eq!(answer["Data"]["1010"]["chatPresenceMessage"], text);
    let config = python_reads(&board, "getConfig").await;
    assert_eq!(config["Data"], json!({ "revision": "1", "fields": {}, "lists": {} }));
    let fault = python_reads(&board, "getMoon").await;
    assert_eq!(fault["code"], 0);
}

#[tokio::test]
async fn python_refuses_the_surrogate_references_of_the_apache_dialect() {
    let board = Switchboard::start().await;
    board.pbx.speak(Dialect::Apache);
    board.pbx.person_sets(ANNA, StateField::ChatPresenceMessage, "😀");
    let output = python(&board, "getStates").await;
    assert!(!output.status.success());
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(complaint.contains("reference to invalid character number"), "{complaint}");
}

#[tokio::test]
async fn the_apache_dialect_leaves_strings_bare_and_sets_a_session_cookie() {
    let board = Switchboard::start().await;
    let read = call("getStates", "", 0, &json!({ "accounts": "1010" }));
    let tagged = board.post(read.clone()).await.unwrap();
    assert!(tagged.text.contains("<value><string>AVAILABLE</string></value>"));
    assert_eq!(tagged.header("set-cookie"), None);
    board.pbx.speak(Dialect::Apache);
    let bare = board.post(read).await.unwrap();
    assert!(bare.text.contains("<value>AVAILABLE</value>"));
    assert!(!bare.text.contains("<string>"));
    assert!(bare.header("set-cookie").unwrap().starts_with("JSESSIONID="));
}
