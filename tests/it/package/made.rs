//! The packages that the tests install: made by `scripts/package` of the program that is tested anyway.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

/// The version number before this one.
pub(crate) const BEFORE: &str = "0.0.9";

/// This version number.
pub(crate) const NOW: &str = env!("CARGO_PKG_VERSION");

/// What the packages are made of, besides the program.
const SOURCES: [&str; 6] = ["Cargo.toml", "README.md", "resources", "scripts", "module-descriptor", "Cargo.lock"];

/// Returns the folder with the packages of both versions; makes them when something is newer.
pub(crate) fn packages() -> PathBuf {
    let folder = repository().join("target/package/test");
    let fresh = fingerprint();
    let mark = folder.join("made-of");
    if fs::read_to_string(&mark).is_ok_and(|made_of| made_of == fresh) {
        return folder;
    }
    drop(fs::remove_dir_all(&folder));
    for version in [BEFORE, NOW] {
        let output = Command::new("scripts/package")
            .args(["--fast", "--version", version, "--output"])
            .arg(folder.join(version))
            .arg("--binary")
            .arg(program())
            .current_dir(repository())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    fs::write(&mark, fresh).unwrap();
    folder
}

/// The program that is packed: this build's, or one that was made before for older machines.
#[expect(clippy::disallowed_methods, reason = "a person chooses another program for one run of the tests")]
fn program() -> PathBuf {
    let chosen = std::env::var_os("STARFACE_CALENDAR_TEST_PROGRAM");
    chosen.map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_starface-calendar")), PathBuf::from)
}

pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What everything was made of: each file with its size and when it changed.
fn fingerprint() -> String {
    let mut files = Vec::new();
    collect(&program(), &mut files);
    SOURCES.iter().for_each(|source| collect(&repository().join(source), &mut files));
    files.sort();
    files.join("\n")
}

fn collect(path: &Path, files: &mut Vec<String>) {
    let metadata = fs::metadata(path).unwrap();
    if metadata.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| collect(&entry.unwrap().path(), files));
        return;
    }
    let changed = metadata.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    files.push(format!("{} {} {changed}", path.display(), metadata.len()));
}
