//! The module's page as a source of settings: which of its fields is which key, and how it writes a value.
//!
//! A filled field decides over file and environment. An empty text, number, choice or list overrides nothing, and
//! neither does a field that is not there; `-` in a text is none; a box decides either way. What a field holds is checked
//! as if it stood in the file, and what is wrong with it is said in German, with the label that the admin sees.

use std::collections::BTreeMap;

use config::{Value, ValueKind};

use super::form::{Form, Wrong};
use super::layer::Layer;
use super::words::both;

mod fields;

pub use fields::{FIELDS, MODULES_OWN};

/// One field of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name of its variable.
    pub variable: &'static str,
    /// What the admin reads beside it.
    pub label: &'static str,
    /// The setting that it is.
    pub key: &'static str,
    /// How it is filled in.
    pub widget: Widget,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Widget {
    /// A text.
    Text,
    /// A text that is not shown.
    Password,
    /// A number, or an account that is chosen from a list.
    Number,
    /// A number of seconds.
    Seconds,
    /// One of these texts, each with the word that the settings have for it.
    Choice(&'static [(&'static str, &'static str)]),
    /// A box.
    Box,
    /// A box that puts this word into the setting's list, or takes it out.
    BoxOf(&'static str),
    /// Several texts in one, separated by commas.
    Commas,
    /// A list of texts.
    List,
}

/// What stands in a text field for none.
const NONE: &str = "-";

impl Field {
    /// Returns the field that is a setting as a whole.
    pub(crate) fn of_key(key: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.key == key && !matches!(field.widget, Widget::BoxOf(_)))
    }

    /// Returns the box that puts a word into a setting's list.
    pub(crate) fn box_of(key: &str, word: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.key == key && matches!(field.widget, Widget::BoxOf(one) if one == word))
    }

    /// Returns the field of a variable.
    pub(crate) fn of_variable(variable: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.variable == variable)
    }

    /// Reads what was entered.
    pub(crate) fn read<T>(&self, entered: &str, form: &Form<T>) -> Result<T, Wrong> {
        let entered = entered.trim();
        form.read_as(&self.widget.written(entered)?, entered)
    }
}

impl Widget {
    /// Returns what was entered the way the settings write it. What is no choice is refused here; everything else is the
    /// form's to judge.
    fn written(self, entered: &str) -> Result<String, Wrong> {
        Ok(match self {
            Self::Choice(choices) => chosen(choices, entered)?.to_owned(),
            Self::Number => whole(entered).unwrap_or_else(|| entered.to_owned()),
            Self::Seconds => whole(entered).map_or_else(|| entered.to_owned(), |seconds| format!("{seconds}s")),
            Self::Box | Self::BoxOf(_) => ticked(entered).to_owned(),
            Self::Text | Self::Password | Self::Commas | Self::List => unless_none(entered).to_owned(),
        })
    }
}

fn chosen(choices: &[(&'static str, &'static str)], entered: &str) -> Result<&'static str, Wrong> {
    let found = choices.iter().find(|(shown, _)| *shown == entered);
    found.map(|(_, word)| *word).ok_or_else(|| {
        let shown: Vec<&str> = choices.iter().map(|(shown, _)| *shown).collect();
        let shown = shown.join(", ");
        Wrong {
            wrong: both("is none of the choices", "ist keine der Möglichkeiten").of_value(entered),
            allowed: both(format!("allowed: {shown}"), format!("erlaubt: {shown}")),
        }
    })
}

/// Returns a whole number as its digits: the PBX keeps numbers as decimal ones, so that 3 may come as `3.0`.
fn whole(text: &str) -> Option<String> {
    if let Ok(number) = text.parse::<i128>() {
        return Some(number.to_string());
    }
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && number.fract() == 0.0).then(|| format!("{number:.0}"))
}

/// A box that nobody ever ticked may be empty; the admin sees it without its tick.
fn ticked(entered: &str) -> &str {
    match entered {
        "" | "0" => "false",
        "1" => "true",
        word if word.eq_ignore_ascii_case("true") => "true",
        word if word.eq_ignore_ascii_case("false") => "false",
        other => other,
    }
}

fn unless_none(entered: &str) -> &str {
    if entered == NONE { "" } else { entered }
}

/// What the page says.
#[derive(Clone)]
pub(crate) struct Page {
    /// The fields that override something, but for the boxes of lists.
    pub(super) layer: Layer,
    /// The boxes of lists, by their variables.
    pub(super) boxes: BTreeMap<&'static str, String>,
}

impl Page {
    /// Takes what was entered, by variables. A variable that nobody knows is a newer module's, and overrides nothing.
    pub(crate) fn new(fields: &BTreeMap<String, String>, lists: &BTreeMap<String, Vec<String>>) -> Self {
        let mut page = Self { layer: Layer::default(), boxes: BTreeMap::new() };
        for field in &FIELDS {
            let entered = fields.get(field.variable);
            let filled = entered.filter(|text| !text.trim().is_empty());
            match field.widget {
                Widget::List => page.enter_list(field, lists.get(field.variable).into_iter().flatten()),
                Widget::Commas => page.enter_list(field, filled.iter().flat_map(|text| text.split(','))),
                Widget::BoxOf(_) => page.boxes.extend(entered.map(|text| (field.variable, text.clone()))),
                Widget::Box => page.enter(field, entered.cloned()),
                // A secret is read without its field, so it comes as it is.
                Widget::Password => page.enter(field, filled.map(|text| unless_none(text.trim()).to_owned())),
                Widget::Text | Widget::Number | Widget::Seconds | Widget::Choice(_) => {
                    page.enter(field, filled.cloned());
                }
            }
        }
        page
    }

    fn enter(&mut self, field: &Field, entered: Option<String>) {
        if let Some(text) = entered {
            self.layer.set_field(field.key.to_owned(), field.variable, ValueKind::String(text));
        }
    }

    /// Blank items, as after a last comma, do not count.
    fn enter_list<T: AsRef<str>>(&mut self, field: &Field, items: impl Iterator<Item = T>) {
        let items: Vec<String> =
            items.map(|item| item.as_ref().trim().to_owned()).filter(|item| !item.is_empty()).collect();
        if items.is_empty() {
            return;
        }
        let items = if items == [NONE] { Vec::new() } else { items };
        let items = items.into_iter().map(|item| Value::new(None, ValueKind::String(item))).collect();
        self.layer.set_field(field.key.to_owned(), field.variable, ValueKind::Array(items));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_fields_have_one_variable_label_or_setting() {
        let own = MODULES_OWN.iter().map(|(variable, label)| (*variable, *label));
        let named: Vec<(&str, &str)> = FIELDS.iter().map(|field| (field.variable, field.label)).chain(own).collect();
        let variables: BTreeSet<&str> = named.iter().map(|(variable, _)| *variable).collect();
        let labels: BTreeSet<&str> = named.iter().map(|(_, label)| *label).collect();
        assert_eq!((variables.len(), labels.len()), (named.len(), named.len()));
        let word = |field: &Field| if let Widget::BoxOf(word) = field.widget { word } else { "" };
        let settings: BTreeSet<(&str, &str)> = FIELDS.iter().map(|field| (field.key, word(field))).collect();
        assert_eq!(settings.len(), FIELDS.len());
    }

    #[test]
    fn a_whole_number_may_come_as_a_decimal_one() {
        #[track_caller]
        fn case(text: &str, expected: Option<&str>) {
            assert_eq!(whole(text).as_deref(), expected, "{text}");
        }
        case("3", Some("3"));
        case("3.0", Some("3"));
        case("-3.0", Some("-3"));
        case("1.2345678E7", Some("12345678"));
        case("4294967296.0", Some("4294967296"));
        case("007", Some("7"));
        case("3.5", None);
        case("3,0", None);
        case("drei", None);
        case("", None);
        case("inf", None);
        case("NaN", None);
    }

    #[test]
    fn a_box_is_read_in_every_way_that_the_pbx_writes_it() {
        assert_eq!(["true", "TRUE", "1"].map(ticked), ["true"; 3]);
        assert_eq!(["false", "False", "0", ""].map(ticked), ["false"; 4]);
        assert_eq!(ticked("ja"), "ja");
    }
}
