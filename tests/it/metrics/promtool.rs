//! Prometheus' own judge of texts and rules; `scripts/test` installs it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs `promtool` in the folder of the rules, with this on its standard input.
pub(super) fn promtool(arguments: &[&str], input: &str) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("resources/prometheus");
    let mut promtool = Command::new("promtool")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool, of the package prometheus");
    promtool.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    promtool.wait_with_output().unwrap()
}

/// What it said.
pub(super) fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn prometheus_has_nothing_to_complain_of_in_the_text() {
    let output = promtool(&["check", "metrics"], &super::full());
    assert_eq!((output.status.code(), words(&output).as_str()), (Some(0), ""));
}

#[test]
fn the_judge_complains_of_a_text_that_is_wrong() {
    let output = promtool(&["check", "metrics"], "# TYPE steps counter\nsteps 1\n");
    assert_ne!(output.status.code(), Some(0));
    assert!(words(&output).contains("_total"), "{}", words(&output));
}

#[test]
fn the_alert_rules_are_valid_and_fire_when_they_should() {
    let output = promtool(&["check", "rules", "alerts.yml"], "");
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let output = promtool(&["test", "rules", "alerts.test.yml"], "");
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
}
