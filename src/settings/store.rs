//! `[store]`: where the journal lies and how long it remembers.

use std::path::PathBuf;
use std::time::Duration;

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
