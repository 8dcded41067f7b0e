//! Which room may know which: the table of the architecture, enforced on the words of the source.
//!
//! The source is read as words, without comments and literals. That finds every path that is written out; what a
//! macro of another crate makes up is not seen.

use std::fs;
use std::path::{Path, PathBuf};

mod tests;
mod words;

use words::{Word, paths, words};

/// A room of the crate.
struct Room {
    name: &'static str,
    /// The other rooms that it may use.
    may_use: &'static [&'static str],
}

/// The two files that are no room: they put the rooms together.
const ROOTS: [&str; 2] = ["lib", "main"];

/// The rooms. One that is not built yet stands here and does no harm; one that is built must stand here.
#[rustfmt::skip]
const ROOMS: [Room; 15] = [
    Room { name: "rules", may_use: &[] },
    Room { name: "secret", may_use: &[] },
    Room { name: "credential", may_use: &["secret"] },
    Room { name: "clock", may_use: &[] },
    Room { name: "meter", may_use: &[] },
    Room { name: "lifecycle", may_use: &["clock"] },
    Room { name: "telemetry", may_use: &["clock"] },
    Room { name: "graph", may_use: &["rules", "clock", "secret", "credential", "meter"] },
    Room { name: "pbx", may_use: &["rules", "clock", "secret", "meter"] },
    Room { name: "journal", may_use: &["rules", "clock", "secret", "meter"] },
    Room { name: "settings", may_use: &["rules", "secret", "credential"] },
    Room { name: "alarm", may_use: &["rules", "journal", "clock", "secret", "credential", "meter"] },
    Room { name: "engine", may_use: &["rules", "graph", "pbx", "journal", "alarm", "settings", "clock", "secret", "credential", "meter", "lifecycle"] },
    Room { name: "web", may_use: &["rules", "engine", "clock", "secret", "meter", "lifecycle"] },
    Room { name: "sim", may_use: &["rules", "clock", "secret", "lifecycle"] },
];

/// The room that may use all others; nobody but `main` may use it.
const COMMANDS: &str = "cli";

/// What of the rules the simulation may use: values, by the modules that define them. What an entry does to a
/// telephone it must not know, or it would prove the rules with themselves.
const VALUES: [&str; 9] = ["entry", "field", "member", "number", "policy", "redirect", "step", "text", "verdict"];

/// Something outside of the crate that only some rooms may use.
struct Outside {
    path: &'static str,
    rooms: &'static [&'static str],
}

/// Everything that must not be everywhere. `main` belongs to `cli` here.
#[rustfmt::skip]
const OUTSIDE: [Outside; 25] = [
    Outside { path: "rusqlite", rooms: &["journal"] },
    Outside { path: "sd_notify", rooms: &["lifecycle"] },
    Outside { path: "tokio::signal", rooms: &["lifecycle"] },
    Outside { path: "tracing_subscriber", rooms: &["telemetry"] },
    Outside { path: "ring::rsa", rooms: &["credential"] },
    Outside { path: "ring::signature", rooms: &["credential"] },
    Outside { path: "x509_parser", rooms: &["credential"] },
    Outside { path: "console", rooms: &["cli"] },
    Outside { path: "lettre", rooms: &["alarm"] },
    Outside { path: "prometheus", rooms: &["meter"] },
    Outside { path: "indicatif", rooms: &["cli"] },
    Outside { path: "config", rooms: &["settings"] },
    Outside { path: "anyhow", rooms: &["cli"] },
    Outside { path: "clap", rooms: &["cli"] },
    Outside { path: "axum", rooms: &["web", "sim"] },
    Outside { path: "hyper", rooms: &["web"] },
    Outside { path: "hyper_util", rooms: &["web"] },
    Outside { path: "tokio_rustls", rooms: &["web"] },
    Outside { path: "dxr", rooms: &["pbx", "sim"] },
    Outside { path: "quick_xml", rooms: &["pbx", "sim"] },
    Outside { path: "reqwest", rooms: &["graph", "pbx", "cli"] },
    Outside { path: "std::env", rooms: &["settings", "cli"] },
    Outside { path: "tokio::time::sleep", rooms: &["clock"] },
    Outside { path: "tokio::time::sleep_until", rooms: &["clock"] },
    Outside { path: "tokio::time::interval", rooms: &["clock"] },
];

/// What the rules must not know: anything that waits, reads, writes, logs or is different each time.
#[rustfmt::skip]
const NOT_IN_RULES: [&str; 20] = [
    "tokio", "futures_util", "reqwest", "rusqlite", "rustls", "axum", "dxr", "quick_xml", "tracing", "serde",
    "serde_json", "uuid", "iana_time_zone", "anyhow", "std::fs", "std::net", "std::env", "std::io", "std::process",
    "std::thread",
];

/// What reads time, wherever it was imported from.
const READERS_OF_TIME: [&str; 4] = ["Utc::now", "Local::now", "Instant", "SystemTime"];

/// The rooms that may wait for several things at once.
const WAITING_ROOMS: [&str; 2] = ["engine", "lifecycle"];

/// More than a reader keeps in mind.
const LINES_MAX: usize = 600;

#[test]
fn every_room_knows_only_what_the_architecture_lets_it_know() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files(&source);
    assert!(files.len() > 10, "the source was not found");
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(&source).unwrap().to_str().unwrap();
        found.extend(violations(name, &fs::read_to_string(&file).unwrap()));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap();
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Returns what is wrong with a file, by its path below `src`.
fn violations(file: &str, source: &str) -> Vec<String> {
    let room = file.split('/').next().unwrap_or_default();
    let room = room.strip_suffix(".rs").unwrap_or(room);
    let words = words(source);
    let paths = paths(&words, depth(file));
    let mut found = shape(file, source);
    found.extend(paths.iter().filter_map(|path| match path.as_slice() {
        [first, rest @ ..] if first == "crate" => inside(room, rest),
        // A single word may be a variable; whoever uses a crate names something in it.
        [_] => None,
        [first, ..] if declares(&words, first) => None,
        _ => outside(room, &path.join("::")),
    }));
    found.extend(waiting(room, &words));
    found.sort();
    found.dedup();
    found.into_iter().map(|what| format!("src/{file}: {what}")).collect()
}

/// Returns whether a file has a module of its own with this name, which then is no crate.
fn declares(words: &[Word], name: &str) -> bool {
    words.windows(2).any(|pair| pair[0].is("mod") && pair[1].is(name))
}

/// How many modules deep a file lies: `super`, said so often in it, is the crate.
fn depth(file: &str) -> usize {
    file.split('/').count()
}

fn shape(file: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    if file.ends_with("mod.rs") {
        found.push("a module's file bears its name, not mod.rs".to_owned());
    }
    if !source.starts_with("//!") {
        found.push("it does not begin with what it is for".to_owned());
    }
    let lines = source.lines().count();
    if lines > LINES_MAX {
        found.push(format!("it has {lines} lines, more than {LINES_MAX}"));
    }
    found
}

/// Judges a path into the crate.
fn inside(room: &str, path: &[String]) -> Option<String> {
    let (other, rest) = path.split_first()?;
    if ROOTS.contains(&room) || other == room || !is_room(other) {
        return None;
    }
    if room == COMMANDS {
        return None;
    }
    let Some(known) = ROOMS.iter().find(|known| known.name == room) else {
        return Some(format!("the room {room} is not in the table"));
    };
    if !known.may_use.contains(&other.as_str()) {
        return Some(format!("{room} must not know {other}"));
    }
    let item = rest.first()?;
    let is_value = item.starts_with(char::is_uppercase) || VALUES.contains(&item.as_str());
    (room == "sim" && other == "rules" && !is_value).then(|| format!("sim must not know the rules' decisions: {item}"))
}

fn is_room(name: &str) -> bool {
    name == COMMANDS || ROOMS.iter().any(|room| room.name == name)
}

/// Judges a path out of the crate.
fn outside(room: &str, path: &str) -> Option<String> {
    let within = |outer: &str| path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    let acting = if room == "main" { COMMANDS } else { room };
    if room == "rules" && NOT_IN_RULES.into_iter().any(within) {
        return Some(format!("rules must not know {path}"));
    }
    let reads = |reader: &str| format!("::{path}::").contains(&format!("::{reader}::"));
    if READERS_OF_TIME.into_iter().any(reads) && room != "clock" {
        return Some(format!("only clock may read time: {path}"));
    }
    let kept = OUTSIDE.iter().find(|outside| within(outside.path))?;
    (!kept.rooms.contains(&acting)).then(|| {
        let rooms = kept.rooms.join(", ");
        format!("{} belongs to {rooms}, not to {room}", kept.path)
    })
}

/// Judges words that wait.
fn waiting(room: &str, words: &[Word]) -> Vec<String> {
    let mut found = Vec::new();
    let selects = words.windows(2).any(|pair| pair[0].is("select") && pair[1].is("!"));
    if selects && !WAITING_ROOMS.contains(&room) {
        found.push(format!("select! belongs to the engine, not to {room}"));
    }
    let waits = words.iter().any(|word| word.is("async") || word.is("await"));
    if waits && room == "rules" {
        found.push("rules must not wait".to_owned());
    }
    found
}
