//! Any values on the module's page, one a line, the last of them as rows of the list: settings or what is wrong with
//! them, in a page.
#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use starface_calendar::settings::page::FIELDS;
use starface_calendar::settings::{Local, Sources};
use tempfile::TempDir;

const LEAST: &str = "starface.password = \"word\"\nstarface.module_key = \"word\"\n";

static LOCAL: LazyLock<Local> = LazyLock::new(|| {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("config.toml");
    fs::write(&path, LEAST).expect("a file in it");
    Local::load(&Sources::of_file(path)).expect("this is enough")
});

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n').map(str::to_owned);
    let fields: BTreeMap<String, String> =
        FIELDS.iter().zip(&mut lines).map(|(field, value)| (field.variable.to_owned(), value)).collect();
    let rows: Vec<String> = lines.collect();
    let lists = FIELDS.iter().map(|field| (field.variable.to_owned(), rows.clone())).collect();
    let error = LOCAL.settings_with(&fields, &lists).err();
    let told = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(told.lines().count() <= 101, "what is wrong is told in a page");
});
