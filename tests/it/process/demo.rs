//! The demo, as somebody sees it who has never seen the product.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::site::program;

#[tokio::test]
async fn the_demo_tells_the_whole_story_and_ends_well() {
    let output = program(&["demo", "--seconds", "20"]).output().await.unwrap();
    let story = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{story}");
    for words in [
        "Status page of the service, while the demo runs: http://127.0.0.1:",
        "Log in with the token ",
        "AVAILABLE → AWAY",
        "[Gebucht] Muster AG",
        "[Ausser Haus] Kunde ABC",
        "[Gebucht] Privat",
        "Im Homeoffice ☕",
        "kill -9",
        "The service starts again",
        "an entry is active (\"Muster AG\")",
        "DND       false → true",
        "indicator AVAILABLE → ACTIVE",
        "found done, nothing to repeat",
        "no active entry wants the field any more",
        "Everything is as it was",
    ] {
        assert!(story.contains(words), "the story lacks {words:?}:\n{story}");
    }
    for hidden in ["Zahnarzt", "Werbung!"] {
        assert!(!story.contains(hidden), "the story shows {hidden:?}:\n{story}");
    }
}

#[tokio::test]
async fn the_simulation_alone_tells_the_settings_that_lead_to_it_and_ends_by_a_signal() {
    let mut simulation = program(&["demo", "--only-simulation"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(simulation.stdout.take().unwrap()).lines();
    let mut settings = BTreeMap::new();
    while let Some(line) = lines.next_line().await.unwrap().filter(|line| !line.starts_with('#')) {
        let (variable, value) = line.split_once('=').unwrap();
        settings.insert(variable.to_owned(), value.trim_matches('\'').to_owned());
    }
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, format!("[store]\npath = \"{}/state.db\"\n", folder.path().display())).unwrap();
    let check = program(&["check", "--config", file.to_str().unwrap()]).envs(&settings).output().await.unwrap();
    let words = String::from_utf8(check.stdout).unwrap();
    assert_eq!(check.status.code(), Some(0), "{words}");
    assert!(words.contains("5 of 5 can be read"), "{words}");

    let id = simulation.id().unwrap().to_string();
    assert!(Command::new("kill").arg(&id).status().await.unwrap().success());
    assert_eq!(simulation.wait().await.unwrap().code(), Some(0));
}
