//! The units, by systemd's own judgement.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::made::repository;

const HARDENED: &str = "resources/starface-calendar.service";
const PLAIN: &str = "resources/packaging/plain.service";

/// Runs `systemd-analyze` on a unit whose program exists on any machine; returns everything that it says.
fn analyze(words: &[&str], unit: &str) -> (bool, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("starface-calendar.service");
    let text = fs::read_to_string(repository().join(unit)).unwrap();
    assert!(text.contains("\nExecStart=/usr/bin/starface-calendar run\n"));
    fs::write(&path, text.replace("/usr/bin/starface-calendar run", "/bin/true")).unwrap();
    let output = Command::new("systemd-analyze").args(words).arg(&path).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    for unit in [HARDENED, PLAIN] {
        // It prints what it does not like and still ends well, so that any word is a failure.
        assert_eq!(analyze(&["verify", "--man=no"], unit), (true, String::new()), "{unit}");
    }
}

#[test]
fn the_hardened_unit_exposes_little() {
    let (is_below, words) = analyze(&["security", "--offline=true", "--threshold=15"], HARDENED);
    assert!(is_below, "the exposure is above 1.5:\n{words}");
}

#[test]
fn the_plain_unit_has_nothing_that_an_old_systemd_takes_for_something_else() {
    let text = fs::read_to_string(repository().join(PLAIN)).unwrap();
    // 219 reads unknown groups as an almost empty list of allowed system calls, and knows no state folders.
    for key in ["SystemCallFilter", "StateDirectory", "DynamicUser", "LoadCredential", "ProtectSystem=strict"] {
        assert!(!text.lines().any(|line| line.starts_with(key)), "{key}");
    }
}
