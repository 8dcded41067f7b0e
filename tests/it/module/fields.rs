//! The module's list of its fields against the table that makes settings of them.

use std::collections::BTreeMap;

use starface_calendar::settings::page::{FIELDS, Field, MODULES_OWN, Widget};
use toml::de::DeTable;

const LIST: &str = include_str!("../../../module-descriptor/fields.toml");

type Row = DeTable<'static>;

/// Every row of the page that has a variable, by its name; the others are headlines and hints.
pub(super) fn rows() -> BTreeMap<String, Row> {
    let page = DeTable::parse(LIST).unwrap().into_inner();
    let rows = page["row"].get_ref().as_array().unwrap().iter();
    let rows = rows.map(|row| row.get_ref().as_table().unwrap()).filter(|row| row.get("setting").is_some());
    let mut by_name = BTreeMap::new();
    for row in rows {
        let name = text(row, "id").to_owned();
        let twice = by_name.insert(name.clone(), row.clone());
        assert!(twice.is_none(), "{name} stands twice");
    }
    by_name
}

pub(super) fn text<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).and_then(|value| value.get_ref().as_str()).unwrap_or_default()
}

fn texts<'a>(row: &'a Row, name: &str) -> Vec<&'a str> {
    let all = row.get(name).and_then(|value| value.get_ref().as_array());
    all.map_or_else(Vec::new, |all| all.iter().map(|one| one.get_ref().as_str().unwrap()).collect())
}

/// The widgets of the page that may stand for a widget of the table.
fn widgets(field: &Field) -> &'static [&'static str] {
    match field.widget {
        Widget::Text | Widget::Commas => &["textInput"],
        Widget::Password => &["passwordInput"],
        Widget::Number => &["numberInput", "groupSelection"],
        Widget::Seconds => &["numberInput"],
        Widget::Choice(_) => &["textChoice"],
        Widget::Box | Widget::BoxOf(_) => &["checkbox"],
        Widget::List => &["textList"],
    }
}

#[test]
fn the_page_of_the_module_and_the_mapping_of_the_settings_name_the_same_fields() {
    let page: Vec<[String; 4]> = rows()
        .iter()
        .map(|(variable, row)| [variable, text(row, "de"), text(row, "setting"), text(row, "item")].map(str::to_owned))
        .collect();
    let mapped = FIELDS.iter().map(|field| {
        let item = if let Widget::BoxOf(item) = field.widget { item } else { "" };
        [field.variable, field.label, field.key, item]
    });
    let own = MODULES_OWN.iter().map(|(variable, label)| [*variable, *label, "", ""]);
    let mut expected: Vec<[&str; 4]> = mapped.chain(own).collect();
    expected.sort_unstable();
    assert_eq!(page, expected);
}

#[test]
fn each_field_is_filled_in_as_the_mapping_reads_it() {
    let rows = rows();
    for field in &FIELDS {
        let row = &rows[field.variable];
        let widget = text(row, "widget");
        assert!(widgets(field).contains(&widget), "{}: {widget} is no {:?}", field.variable, field.widget);
        let on_page: Vec<(&str, &str)> = texts(row, "choices").into_iter().zip(texts(row, "values")).collect();
        assert_eq!(texts(row, "choices").len(), texts(row, "values").len(), "{}", field.variable);
        let mapped = if let Widget::Choice(choices) = field.widget { choices } else { &[] };
        assert_eq!(on_page, mapped, "{}", field.variable);
    }
}
