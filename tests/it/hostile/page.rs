//! The module's page with lists of thousands of rows and fields of whatever length.

use std::collections::BTreeMap;
use std::fs;

use starface_calendar::settings::page::{FIELDS, Widget};
use starface_calendar::settings::{Local, Settings, SettingsError, Sources};
use tempfile::TempDir;

/// The most rows of a list, and the longest text, that the PBX's client lets through.
const ROWS: usize = 10_000;
const TEXT_BYTES: usize = 16 * 1024;

fn local() -> Local {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    let least = "starface.password = \"word\"\nstarface.module_key = \"word\"\n\
                 graph.tenant_id = \"example.com\"\ngraph.client_id = \"11111111-2222-3333-4444-555555555555\"\n\
                 graph.client_secret = \"word\"\nrules.source = \"file\"\nrules.group = 1000\nrules.time_zone = \"UTC\"\n";
    fs::write(&path, least).unwrap();
    Local::load(&Sources::of_file(path)).unwrap()
}

fn with_list(rows: impl Iterator<Item = String>) -> Result<Settings, SettingsError> {
    let lists = BTreeMap::from([("GUI_KATEGORIEN_ENTFERNEN".to_owned(), rows.collect::<Vec<_>>())]);
    local().settings_with(&BTreeMap::new(), &lists)
}

#[track_caller]
fn told_in_a_page(error: &SettingsError) {
    let told = error.to_string();
    assert!(told.len() < 64 * 1024 && told.lines().count() <= 101, "{} bytes", told.len());
}

#[test]
fn a_list_of_ten_thousand_rows_is_read_as_it_is() {
    let settings = with_list((0..ROWS).map(|row| format!("a{row}@example.com"))).unwrap();
    assert_eq!(settings.categories.remove_from.len(), ROWS);
}

#[test]
fn a_list_of_ten_thousand_wrong_rows_is_told_in_a_page() {
    told_in_a_page(&with_list((0..ROWS).map(|row| format!("{row}{}", "x".repeat(500)))).unwrap_err());
}

#[test]
fn fields_of_the_greatest_length_are_read_or_refused_in_a_page_whatever_is_in_them() {
    let local = local();
    for piece in ["x", "9", "!title!", "!", "'", ",", "a@b.ch,", "0900*,", "é", "\u{301}", "\u{0}", "-", "H", "1e", " "]
    {
        let text = piece.repeat(TEXT_BYTES / piece.len());
        let fields = FIELDS.iter().filter(|field| field.widget != Widget::List);
        let fields: BTreeMap<String, String> = fields.map(|field| (field.variable.to_owned(), text.clone())).collect();
        if let Err(error) = local.settings_with(&fields, &BTreeMap::new()) {
            told_in_a_page(&error);
        }
        for (variable, text) in fields {
            if let Err(error) = local.settings_with(&BTreeMap::from([(variable, text)]), &BTreeMap::new()) {
                told_in_a_page(&error);
            }
        }
    }
}
