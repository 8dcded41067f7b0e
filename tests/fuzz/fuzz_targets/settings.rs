//! Any settings file, and any value of one variable of the environment: settings or what is wrong with them, in a page.
#![no_main]

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use starface_calendar::settings::{Local, Sources};
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a temporary folder"));

fuzz_target!(|file: &[u8]| {
    let path = FOLDER.path().join("config.toml");
    fs::write(&path, file).expect("a file in it");
    let mut sources = Sources::of_file(path);
    let (name, value) = file.split_at(file.iter().position(|byte| *byte == b'=').unwrap_or_default());
    let name = [b"STARFACE_CALENDAR__", name].concat();
    sources.environment.insert(OsString::from_vec(name), OsString::from_vec(value.to_vec()));
    let error = match Local::load(&sources) {
        Ok(local) => local.settings().err(),
        Err(error) => Some(error),
    };
    let told = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(told.lines().count() <= 101, "what is wrong is told in a page");
});
