//! `[store]`: where the journal lies and how long it remembers.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use super::error::{Origin, Problem};
use super::form::duration::{DAY, SECOND, duration};
use super::form::line;
use super::reader::Reader;

/// The journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Its file.
    pub path: PathBuf,
    /// How long history is kept.
    pub history_for: Duration,
}

impl Store {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let path = "/var/lib/starface-calendar/state.db".to_owned();
        let path = reader.or("store.path", &line(super::PATH_CHARS_MAX), path);
        let history_for = duration(SECOND..=DAY * 3650);
        Self {
            path: reader.sources.resolve(&path),
            history_for: reader.or("store.history_for", &history_for, DAY * 90),
        }
    }
}

impl Store {
    /// A warning when every user of the machine can look into the folder of the journal, or write into it. The service
    /// makes it for itself alone, so that somebody else made it, or opened it.
    pub(super) fn exposure(&self, source: Origin) -> Option<Problem> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty())?;
        let mode = fs::metadata(folder).ok()?.permissions().mode();
        let can = match (mode & 0o004, mode & 0o002) {
            (0, 0) => return None,
            (_, 0) => "be read",
            (0, _) => "be written to",
            (_, _) => "be read and written to",
        };
        Some(Problem {
            key: "store.path".to_owned(),
            source,
            wrong: format!("lies in a folder that can {can} by every user of this machine"),
            allowed: format!("give it a folder of its own, or run chmod o-rwx {}", folder.display()),
        })
    }
}
