//! What the whole of the settings does with the shipped files: nothing here touches the process or another file.

use std::collections::BTreeSet;

use super::local::known_keys;
use super::page::FIELDS;

const EXAMPLE: &str = include_str!("../../resources/config.example.toml");

#[test]
fn the_example_file_names_every_key() {
    // Keys stand at the start of a line, alone or behind "# ".
    let mut table = String::new();
    let mut named = BTreeSet::new();
    for line in EXAMPLE.lines() {
        let line = line.trim_start_matches("# ");
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_matches(['[', ']']).to_owned();
        } else if let Some((name, _)) = line.split_once(" = ") {
            named.insert(format!("{table}.{name}"));
        }
    }
    // A secret's file is named beside the secret, but for the one with a default.
    named.insert("alarm.smtp_url_file".to_owned());
    named.insert("member.password".to_owned());
    let keys = known_keys();
    let unnamed: Vec<&str> = keys.iter().filter(|key| !named.contains(*key)).collect();
    assert_eq!(unnamed, Vec::<&str>::new());
}

#[test]
fn no_key_is_a_table_of_another() {
    let keys = known_keys();
    let both: Vec<&str> = keys.iter().filter(|key| keys.is_table(key)).collect();
    assert_eq!(both, Vec::<&str>::new());
    assert!(keys.iter().count() > 80);
}

#[test]
fn learning_the_keys_needs_no_file_and_finds_each_secret_in_two_forms() {
    let keys = known_keys();
    for key in [
        "starface.password",
        "starface.client_secret",
        "starface.module_key",
        "graph.client_secret",
        "web.token",
        "member.password",
    ] {
        assert!(keys.knows(key), "{key}");
        assert!(keys.knows(&format!("{key}_file")), "{key}_file");
    }
}

#[test]
fn every_field_of_the_page_is_a_known_setting() {
    let keys = known_keys();
    let unknown: Vec<&str> = FIELDS.iter().map(|field| field.key).filter(|key| !keys.knows(key)).collect();
    assert_eq!(unknown, Vec::<&str>::new());
}

#[test]
fn the_example_file_says_of_every_key_whether_the_page_has_it() {
    let mut table = String::new();
    let (mut said, mut marked) = (BTreeSet::new(), false);
    for line in EXAMPLE.lines().map(|line| line.trim_start_matches("# ")) {
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_matches(['[', ']']).to_owned();
        } else if let Some((name, _)) = line.split_once(" = ").filter(|(name, _)| !name.contains(' ')) {
            if std::mem::take(&mut marked) {
                said.insert(format!("{table}.{name}"));
            }
        } else {
            // The comment above a key, of which the last line has the mark.
            marked = line.ends_with("PAGE") || line.starts_with("REQUIRED, PAGE");
        }
    }
    let on_page: BTreeSet<String> = FIELDS.iter().map(|field| field.key.to_owned()).collect();
    assert_eq!(said, on_page);
}
