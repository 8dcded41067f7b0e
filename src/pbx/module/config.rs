//! What the admin entered on the module's page.
//!
//! A part of it that cannot be read is an error for the whole: half a page would be other settings than the admin's.

use std::collections::BTreeMap;

use dxr::Value;

use super::XmlRpc;
use super::call::Params;
use super::data::Data;
use crate::pbx::codec::leaf_text;
use crate::pbx::error::Malformed;
use crate::pbx::{Page, PbxError};

/// The most fields, and the most lists: many times what the page has.
pub(super) const FIELDS_MAX: usize = 500;

/// The most items of one list: a mailbox for everybody on the largest PBX.
pub(super) const ITEMS_MAX: usize = 10_000;

/// The longest value, in bytes: many times what anybody types into a field.
pub(super) const VALUE_BYTES_MAX: usize = 16 * 1024;

/// Asks the module for its page.
pub(super) async fn read(client: &XmlRpc) -> Result<Page, PbxError> {
    page(client.call("getConfig", Params::new(), &[]).await?)
}

pub(super) fn page(data: Data) -> Result<Page, PbxError> {
    let revision = data.text("revision")?.ok_or(Malformed::Missing("revision"))?;
    let (fields, lists) = data.parts("fields", "lists")?;
    Ok(Page { revision: bounded(revision)?, fields: self::fields(fields)?, lists: self::lists(lists)? })
}

fn fields(data: Data) -> Result<BTreeMap<String, String>, PbxError> {
    let fields: Vec<(String, Value)> = data.into_members().collect();
    within(fields.len(), FIELDS_MAX)?;
    fields.into_iter().map(|(variable, value)| Ok((bounded(variable)?, text(&value, "a field of the page")?))).collect()
}

fn lists(data: Data) -> Result<BTreeMap<String, Vec<String>>, PbxError> {
    let lists: Vec<(String, Value)> = data.into_members().collect();
    within(lists.len(), FIELDS_MAX)?;
    lists.into_iter().map(|(variable, value)| Ok((bounded(variable)?, items(value)?))).collect()
}

/// Reads a list in the order of its indexes, of which `10` comes after `9`.
fn items(value: Value) -> Result<Vec<String>, PbxError> {
    let mut items = Vec::new();
    for (index, value) in Data::new(value, "a list of the page")?.into_members() {
        let index: u64 = index.trim().parse().map_err(|_| Malformed::Number("an index in a list of the page"))?;
        items.push((index, text(&value, "an item in a list of the page")?));
    }
    within(items.len(), ITEMS_MAX)?;
    items.sort_by_key(|(index, _)| *index);
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

/// Nothing in place of a text is an empty one.
fn text(value: &Value, name: &'static str) -> Result<String, PbxError> {
    match value {
        Value::Nil => Ok(String::new()),
        value => bounded(leaf_text(value).ok_or(Malformed::Leaf(name))?),
    }
}

fn bounded(text: String) -> Result<String, PbxError> {
    within(text.len(), VALUE_BYTES_MAX).map(|()| text)
}

fn within(count: usize, most: usize) -> Result<(), PbxError> {
    if count > most { Err(Malformed::Page.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    fn structure<N: Into<String>>(members: impl IntoIterator<Item = (N, Value)>) -> Value {
        Value::Struct(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    fn read(fields: Value, lists: Value) -> Result<Page, String> {
        let answer = structure([("revision", string("12")), ("fields", fields), ("lists", lists)]);
        page(Data::new(answer, "x").unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_page_is_read_whatever_types_the_pbx_made_of_it() {
        let fields = structure([
            ("GUI_STATUSTEXT", string(" !title! ")),
            ("GUI_LAENGE_INTERN", Value::Double(3.0)),
            ("GUI_O365_GRUPPE", Value::Integer(2001)),
            ("GUI_IGN_FREE", Value::Boolean(true)),
            ("GUI_ZEITZONE", Value::Nil),
        ]);
        let ten = (0..11).map(|index| (index.to_string(), string(&format!("item {index}"))));
        let page = read(fields, structure([("GUI_KATEGORIEN_ENTFERNEN", structure(ten))])).unwrap();
        let expected = [
            ("GUI_IGN_FREE", "true"),
            ("GUI_LAENGE_INTERN", "3"),
            ("GUI_O365_GRUPPE", "2001"),
            ("GUI_STATUSTEXT", " !title! "),
            ("GUI_ZEITZONE", ""),
        ];
        let fields: Vec<(&str, &str)> =
            page.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(fields, expected);
        let items: Vec<String> = (0..11).map(|index| format!("item {index}")).collect();
        assert_eq!(page.lists, BTreeMap::from([("GUI_KATEGORIEN_ENTFERNEN".to_owned(), items)]));
        assert_eq!(page.revision, "12");
    }

    #[test]
    fn an_empty_page_is_a_page() {
        let page = read(Value::Nil, string("")).unwrap();
        assert_eq!((page.fields.len(), page.lists.len()), (0, 0));
        let page = read(Value::Nil, structure([("GUI_KATEGORIEN_ENTFERNEN", string(""))])).unwrap();
        assert_eq!(page.lists["GUI_KATEGORIEN_ENTFERNEN"], [""; 0]);
    }

    #[test]
    fn a_page_that_cannot_be_read_whole_is_an_error() {
        #[track_caller]
        fn case(fields: Value, lists: Value, expected: &str) {
            assert_eq!(read(fields, lists).unwrap_err(), format!("read the PBX's answer: {expected}"));
        }
        let text = "something other than a text came in place of";
        let long = string(&"x".repeat(VALUE_BYTES_MAX + 1));
        let too_much = "the module's page has more or longer fields than are ever read";
        let many = |count: usize| structure((0..count).map(|number| (number.to_string(), string("x"))));
        case(
            structure([("GUI_X", structure([("a", string("b"))]))]),
            Value::Nil,
            &format!("{text} a field of the page"),
        );
        case(structure([("GUI_X", long.clone())]), Value::Nil, too_much);
        case(many(FIELDS_MAX + 1), Value::Nil, too_much);
        case(Value::Nil, structure([("GUI_X", many(ITEMS_MAX + 1))]), too_much);
        case(Value::Nil, structure([("GUI_X", structure([("0", long)]))]), too_much);
        case(
            Value::Nil,
            structure([("GUI_X", structure([("first", string("x"))]))]),
            "an index in a list of the page is no number",
        );
        case(
            Value::Nil,
            structure([("GUI_X", structure([("0", Value::Array(Vec::new()))]))]),
            &format!("{text} an item in a list of the page"),
        );
        case(
            Value::Nil,
            structure([("GUI_X", Value::Integer(1))]),
            "something other than a struct came in place of a list of the page",
        );
        case(Value::Array(Vec::new()), Value::Nil, "something other than a struct came in place of fields");
    }

    #[test]
    fn a_page_without_revision_is_malformed() {
        let answer = Data::new(structure([("fields", structure([("GUI_X", string("x"))]))]), "x").unwrap();
        assert_eq!(page(answer).unwrap_err().to_string(), "read the PBX's answer: revision is missing");
    }
}
