//! The commands on a terminal: as wide as it is, in colour, and with progress; and in a pipe, where there is none of it.

use std::process::Output;

use tokio::process::Command;
use unicode_width::UnicodeWidthStr;

use super::site::{Site, program};

/// Runs a command on a terminal of its own with so many columns, and prints what came out there.
const TERMINAL: &str = r#"
import fcntl, os, pty, struct, subprocess, sys, termios
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, int(sys.argv[1]), 0, 0))
child = subprocess.Popen(sys.argv[2:], stdin=theirs, stdout=theirs, stderr=theirs)
os.close(theirs)
while True:
    try:
        piece = os.read(ours, 65536)
    except OSError:
        break
    if not piece:
        break
    sys.stdout.buffer.write(piece)
sys.exit(child.wait())
"#;

/// What came out on a terminal.
struct Shown {
    code: Option<i32>,
    text: String,
}

impl Shown {
    /// Returns the text without colours, and without what was written over.
    fn plain(&self) -> String {
        let mut plain = String::new();
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find('\u{1b}') {
            plain += &rest[..at];
            let sequence = &rest[at + 1..];
            let end = sequence.find(|c: char| c.is_ascii_alphabetic()).map_or(sequence.len(), |end| end + 1);
            rest = &sequence[end..];
        }
        plain += rest;
        let last = |line: &str| line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default().to_owned();
        plain.split('\n').map(last).collect::<Vec<_>>().join("\n")
    }
}

async fn on_terminal(site: &Site, columns: u16, words: &[&str], environment: &[(&str, &str)]) -> Shown {
    let mut command = Command::new("python3");
    command.args(["-c", TERMINAL, &columns.to_string(), env!("CARGO_BIN_EXE_starface-calendar")]).args(words);
    command.arg("--config").arg(site.settings_file());
    for name in ["NO_COLOR", "TERM"] {
        command.env_remove(name);
    }
    let output = command.envs(environment.iter().copied()).kill_on_drop(true).output().await.unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Shown { code: output.status.code(), text: String::from_utf8(output.stdout).unwrap() }
}

fn all(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const GREEN_OK: &str = "\u{1b}[32mok\u{1b}[0m";
const RED: &str = "\u{1b}[31m";

#[tokio::test]
async fn check_is_coloured_on_a_terminal_and_shows_how_far_it_is() {
    let site = Site::new().await;
    let shown = on_terminal(&site, 100, &["check"], &[("TERM", "xterm")]).await;
    assert_eq!(shown.code, Some(0), "{}", shown.text);
    assert!(shown.text.contains(GREEN_OK), "{:?}", shown.text);
    assert!(shown.text.contains("mailboxes [") && shown.text.contains("of 2"), "{:?}", shown.text);
    let plain = shown.plain();
    assert!(!plain.contains("mailboxes ["), "the progress is wiped away: {plain}");
    site.tenant.expire_secret();
    let shown = on_terminal(&site, 100, &["check"], &[("TERM", "xterm")]).await;
    assert_eq!(shown.code, Some(3));
    assert!(shown.text.contains(&format!("{RED}failed\u{1b}[0m")), "{:?}", shown.text);
}

#[tokio::test]
async fn whoever_wants_no_colours_gets_none_and_still_sees_progress() {
    let site = Site::new().await;
    for environment in [&[("NO_COLOR", "1"), ("TERM", "xterm")][..], &[("TERM", "dumb")]] {
        let shown = on_terminal(&site, 100, &["check"], environment).await;
        assert_eq!(shown.code, Some(0));
        assert!(!shown.text.contains("\u{1b}[3"), "{environment:?}: {:?}", shown.text);
        assert!(shown.plain().contains("ok       token"), "{}", shown.text);
    }
    let shown = on_terminal(&site, 100, &["check"], &[("NO_COLOR", "1"), ("TERM", "xterm")]).await;
    assert!(shown.text.contains("mailboxes ["), "{:?}", shown.text);
}

#[tokio::test]
async fn a_pipe_gets_no_colours_no_progress_and_whole_lines() {
    let site = Site::new().await;
    for words in
        [&["check"][..], &["check", "--json"], &["history"], &["restore"], &["categories", "list"], &["status"]]
    {
        let text = all(&site.output(words).await);
        assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{words:?}: {text:?}");
        assert!(!text.contains("mailboxes ["), "{words:?}: {text:?}");
    }
}

#[tokio::test]
async fn a_table_is_no_wider_than_the_terminal() {
    let site = Site::new().await;
    for columns in [60_u16, 80, 100] {
        let words = ["categories", "list"];
        let shown = on_terminal(&site, columns, &words, &[("TERM", "xterm"), ("NO_COLOR", "1")]).await;
        assert_eq!(shown.code, Some(0), "{}", shown.text);
        let plain = shown.plain();
        let widest = plain.lines().map(UnicodeWidthStr::width).max().unwrap_or_default();
        assert!(widest <= columns.into(), "{widest} of {columns} columns:\n{plain}");
        assert!(plain.lines().count() > 3, "{plain}");
    }
}

#[tokio::test]
async fn a_status_on_a_terminal_shows_problems_in_red_and_none_in_green() {
    let site = Site::new().await;
    site.begin(super::site::ANNA, "Muster AG");
    let service = site.start();
    site.shows(super::site::ANNA, "AWAY", "Muster AG").await;
    let shown = on_terminal(&site, 70, &["status"], &[("TERM", "xterm")]).await;
    assert_eq!(shown.code, Some(0), "{}", shown.text);
    let text = &shown.text;
    assert!(text.contains("\u{1b}[32mNo problems.") || text.contains(&format!("{RED}Problems")), "{text:?}");
    let plain = shown.plain();
    assert!(plain.lines().skip(1).all(|line| line.width() <= 70), "{plain}");
    service.terminate().await;
}

#[tokio::test]
async fn completions_are_there_for_every_shell_and_bash_understands_its_own() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = program(&["completions", shell]).output().await.unwrap();
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        for command in ["run", "check", "status", "restore", "history", "categories", "completions", "man"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
    assert_eq!(program(&["completions", "tcsh"]).output().await.unwrap().status.code(), Some(2));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("completions.bash");
    std::fs::write(&file, program(&["completions", "bash"]).output().await.unwrap().stdout).unwrap();
    let parsed = Command::new("bash").arg("-n").arg(&file).output().await.unwrap();
    assert!(parsed.status.success() && parsed.stderr.is_empty(), "{}", all(&parsed));
    // What is completed after the program's name is its commands.
    let script = r#"
        source "$0"
        complete=$(complete -p starface-calendar | sed 's/.* -F \([^ ]*\) .*/\1/')
        COMP_WORDS=(starface-calendar ca) COMP_CWORD=1
        "$complete" starface-calendar ca starface-calendar
        echo "${COMPREPLY[*]}"
    "#;
    let completed = Command::new("bash").args(["-c", script]).arg(&file).output().await.unwrap();
    assert_eq!(all(&completed).trim(), "categories");
}

#[tokio::test]
async fn the_manual_page_is_printed_and_read_without_a_warning_where_there_is_a_reader() {
    let output = program(&["man"]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0));
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains(".SH \"EXIT STATUS\"") && page.contains(".SS categories"), "{page}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("starface-calendar.8");
    std::fs::write(&file, page).unwrap();
    let reader = Command::new("groff").args(["-man", "-Tutf8", "-ww", "-Kutf8", "-z"]).arg(&file).output().await;
    // A machine without groff has nobody to ask.
    if let Ok(read) = reader {
        assert_eq!(all(&read), "");
    }
}
