//! Settings that are read and checked, but that nothing in this version acts on. Whoever turns one on is warned.

use super::Settings;
use super::reader::Reader;
use super::words::both;

/// Adds a warning for every such setting that asks for something.
pub(crate) fn warn(settings: &Settings, reader: &mut Reader<'_>) {
    let asked = [("alarm.to", !settings.alarm.to.is_empty())];
    for (key, _) in asked.into_iter().filter(|(_, is_asked)| *is_asked) {
        let wrong = both("has no effect in this version", "hat in dieser Version keine Wirkung");
        reader.warn(key, wrong, both("it is kept for a later one", "es bleibt für eine spätere erhalten"));
    }
}
