//! Settings files and environments of the largest size that is read, filled with whatever takes a reader the longest.

use std::fs;

use starface_calendar::settings::{Local, Sources};
use tempfile::TempDir;

/// A little less than the largest file that is read.
const BYTES: usize = 255 * 1024;

/// Returns what is wrong with a file.
fn wrong(file: impl AsRef<[u8]>) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, file).unwrap();
    Local::load(&Sources::of_file(path)).unwrap_err().to_string()
}

/// Fills a file with lines that differ by their number.
fn filled(line: impl Fn(usize) -> String) -> String {
    let mut file = String::new();
    for number in 0.. {
        let line = line(number);
        if file.len() + line.len() > BYTES {
            break;
        }
        file.push_str(&line);
    }
    file
}

#[track_caller]
fn case(file: &str, part: &str) {
    let wrong = wrong(file);
    assert!(wrong.contains(part), "{}", &wrong[..wrong.len().min(500)]);
    assert!(wrong.len() < 64 * 1024 && wrong.lines().count() <= 101, "what is wrong is told in a page");
}

#[test]
fn the_largest_files_of_any_shape_are_read_and_told_in_a_page() {
    case(&filled(|number| format!("k{number:040} = 1\n")), "unknown key");
    case(&filled(|number| format!("[t{number:040}]\n")), "unknown key");
    case(&filled(|number| format!("[a.b.c.d.e.f.g.h.t{number}]\nx=1\n")), "unknown key");
    case(&filled(|number| format!("a.b.c.d.e.f.k{number} = 1\n")), "unknown key");
    case(&filled(|_| "[[member]]\n".to_owned()), "starface.password (not given): is required");
    case(&filled(|_| "[[member]]\nlogin = [1]\n".to_owned()), "login");
    case(&format!("graph.k{} = 1", "x".repeat(BYTES)), "unknown key");
    case(&format!("log.level = \"{}\"", "é".repeat(BYTES / 2)), "log.level");
    case(&format!("log.level = \"{}\"", "\\u00e9".repeat(BYTES / 6)), "log.level");
    case(&format!("log.level = [{}]", "1,".repeat(BYTES / 2)), "log.level");
    case(&format!("log.level = {{{}}}", (0..20_000).map(|n| format!("k{n}=1,")).collect::<String>()), "log.level");
    case(&format!("web.allowed_hosts = [{}]", "\"\",".repeat(BYTES / 3)), "web.allowed_hosts");
    case(&"#".repeat(BYTES), "is required");
    case(&"\n".repeat(BYTES), "is required");
    case(&"'".repeat(BYTES), "is not TOML");
    case(&"\"\"\"".repeat(BYTES / 3), "is not TOML");
    case(&"[".repeat(BYTES), "is not TOML");
    case(&"a.".repeat(BYTES / 2), "is not TOML");
    case(&"{a=".repeat(BYTES / 3), "is not TOML");
    case(&format!("a={}", "{a=".repeat(BYTES / 3)), "is not TOML");
    case(&format!("log.level = {}", "9".repeat(BYTES)), "log.level");
    case(&format!("log.level = 0x{}", "f".repeat(BYTES)), "log.level");
    case(&format!("log.level = 1e{}", "9".repeat(BYTES)), "");
    case(&format!("log.level = 2026-11-23T09:00:00.{}Z", "9".repeat(BYTES)), "");
}
