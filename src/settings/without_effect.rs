//! Settings that are read and checked, but that nothing in this version acts on. Whoever turns one on is warned.

use super::Settings;
use super::reader::Reader;

/// Adds a warning for every such setting that asks for something.
pub(crate) fn warn(settings: &Settings, reader: &mut Reader<'_>) {
    let categories = &settings.categories;
    let asked = [
        ("alarm.to", !settings.alarm.to.is_empty()),
        ("rules.categories.include_group_redirects", categories.include_group_redirects),
        ("rules.categories.redirect_internal_always", categories.redirect_internal_always),
        ("rules.categories.redirect_external_always", categories.redirect_external_always),
        ("rules.categories.voicemail_internal_always", categories.voicemail_internal_always),
        ("rules.categories.voicemail_external_always", categories.voicemail_external_always),
        ("rules.categories.remove_from", !categories.remove_from.is_empty()),
        ("rules.tags.from_invitations", settings.tags.from_invitations),
    ];
    for (key, _) in asked.into_iter().filter(|(_, is_asked)| *is_asked) {
        reader.warn(key, "has no effect in this version", "it is kept for a later one");
    }
}
