//! The checks of the module that are written in Python, because nothing of this crate may prove itself in them.

use std::process::{Command, Stdio};

/// Runs a script to its end; what it said is shown where it fails.
#[track_caller]
fn passes(script: &str) {
    let output = Command::new("python3")
        .arg(script)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/peers"))
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("python3 is missing; scripts/test installs it: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}: {}\n{stdout}{stderr}", output.status);
    let last = stdout.lines().last().unwrap_or_default();
    assert!(
        last.ends_with(" passed, 0 failed") && !last.starts_with("0 "),
        "{script} checked nothing: {stdout}{stderr}"
    );
}

#[test]
fn the_files_of_the_module_agree_with_each_other() {
    passes("module_files.py");
}

#[test]
fn the_module_keeps_every_sentence_of_its_interface_in_starface_8_9_and_10() {
    passes("module_host.py");
}
