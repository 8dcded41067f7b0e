//! Reads typed values out of the merged sources and collects everything that is wrong with them.
//!
//! No method gives up: a wrong value is noted and the reading goes on, so that all problems are told at once.

use std::collections::{BTreeMap, BTreeSet};

use config::{Value, ValueKind};

use super::environment::Sources;
use super::error::{Origin, Problem};
use super::form::{Form, Kind, Wrong, choice, flag};
use super::layer::Tree;
use super::page::Field;
use super::words::{Words, both};

/// One reading of all settings.
pub(crate) struct Reader<'a> {
    pub(super) sources: &'a Sources,
    pub(super) tree: &'a Tree,
    pub(super) asked: BTreeSet<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    /// Where each secret comes from, for people to read.
    pub(super) secrets: BTreeMap<String, Origin>,
}

impl<'a> Reader<'a> {
    /// Begins a reading.
    pub(crate) fn new(sources: &'a Sources, tree: &'a Tree) -> Self {
        Self {
            sources,
            tree,
            asked: BTreeSet::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
            secrets: BTreeMap::new(),
        }
    }

    /// Reads a value that may be missing.
    pub(crate) fn optional<T>(&mut self, key: &str, form: &Form<T>) -> Option<T> {
        self.asked.insert(key.to_owned());
        let (kind, origin) = self.tree.at(key)?;
        let read = match (&origin, kind, Field::of_key(key)) {
            (Origin::Page(_), ValueKind::String(entered), Some(field)) => field.read(entered, form),
            _ => text_of(kind, &origin, form.kind())
                .map_err(|wrong| wrong_kind(wrong, form))
                .and_then(|text| form.read(&text)),
        };
        self.noted(key, origin, read)
    }

    /// Reads a value that has a default. A wrong value gives the default too, and a problem.
    pub(crate) fn or<T>(&mut self, key: &str, form: &Form<T>, default: T) -> T {
        self.optional(key, form).unwrap_or(default)
    }

    /// Reads a value that must be given.
    pub(crate) fn required<T>(&mut self, key: &str, form: &Form<T>) -> Option<T> {
        let value = self.optional(key, form);
        if !self.is_given(key) {
            self.refuse(key, both("is required", "fehlt"), form.allowed().clone());
        }
        value
    }

    /// Reads a list, in the environment separated by commas. Every wrong item is a problem.
    pub(crate) fn list<T>(&mut self, key: &str, form: &Form<T>) -> Option<Vec<T>> {
        self.asked.insert(key.to_owned());
        let (kind, origin) = self.tree.at(key)?;
        let items = match kind {
            ValueKind::Array(items) => items.iter().map(|item| item_text(item, form)).collect(),
            ValueKind::String(text) if matches!(origin, Origin::Variable(_)) => split(text),
            other => vec![Err(Wrong {
                wrong: format!("is {}, not a list", described(other)).into(),
                allowed: form.allowed().clone().before(", as a list in square brackets"),
            })],
        };
        let read: Vec<Option<T>> = items
            .into_iter()
            .map(|item| item.and_then(|text| form.read(&text)))
            .map(|item| self.noted(key, origin.clone(), item))
            .collect();
        read.into_iter().collect()
    }

    /// Reads a list of words, of which each counts once. The module's page has a box for each, which puts it in or takes it
    /// out whatever the other sources say.
    pub(crate) fn words<T: Ord + Clone + 'static, const N: usize>(
        &mut self,
        key: &str,
        words: [(&'static str, T); N],
        default: impl IntoIterator<Item = T>,
    ) -> BTreeSet<T> {
        let listed = self.list(key, &choice(words.clone()));
        let mut set: BTreeSet<T> = listed.map_or_else(|| default.into_iter().collect(), BTreeSet::from_iter);
        for (word, meaning) in words {
            let Some((field, entered)) = self.tree.box_of(key, word) else { continue };
            let read = field.read(entered, &flag());
            match self.noted(key, Origin::Page(field.label), read) {
                Some(true) => drop(set.insert(meaning)),
                Some(false) => drop(set.remove(&meaning)),
                None => {}
            }
        }
        set
    }

    /// Notes a problem with the value of a key.
    pub(crate) fn refuse(&mut self, key: &str, wrong: impl Into<Words>, allowed: impl Into<Words>) {
        let wrong = Wrong { wrong: wrong.into(), allowed: allowed.into() };
        self.problems.push(wrong.of(key, self.origin(key)));
    }

    /// Notes a warning about the value of a key.
    pub(crate) fn warn(&mut self, key: &str, wrong: impl Into<Words>, allowed: impl Into<Words>) {
        let wrong = Wrong { wrong: wrong.into(), allowed: allowed.into() };
        self.warnings.push(wrong.of(key, self.origin(key)));
    }

    /// Returns whether a source gives the key.
    pub(crate) fn is_given(&self, key: &str) -> bool {
        self.tree.at(key).is_some()
    }

    /// Returns where the value of a key comes from, or, where it is missing, has to come from.
    pub(super) fn origin(&self, key: &str) -> Origin {
        self.tree.at(key).map_or_else(|| self.tree.missing(key), |(_, origin)| origin)
    }

    /// Keeps a value, or its problem.
    pub(super) fn noted<T>(&mut self, key: &str, source: Origin, read: Result<T, Wrong>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.problems.push(wrong.of(key, source));
                None
            }
        }
    }
}

/// Returns a value as text if it is written as its form wants it, else what it is instead.
fn text_of(kind: &ValueKind, origin: &Origin, wanted: Kind) -> Result<String, &'static str> {
    match (kind, wanted) {
        (ValueKind::String(text), Kind::Text) => Ok(text.clone()),
        (ValueKind::String(text), _) if matches!(origin, Origin::Variable(_)) => Ok(text.clone()),
        (ValueKind::I128(number), Kind::Number) => Ok(number.to_string()),
        (ValueKind::Boolean(flag), Kind::Flag) => Ok(flag.to_string()),
        (other, _) => Err(described(other)),
    }
}

fn wrong_kind<T>(described: &str, form: &Form<T>) -> Wrong {
    let wanted = match form.kind() {
        Kind::Text => "a text in quotes",
        Kind::Number => "a whole number",
        Kind::Flag => "true or false",
    };
    Wrong { wrong: format!("is {described}, not {wanted}").into(), allowed: form.allowed().clone() }
}

fn item_text<T>(item: &Value, form: &Form<T>) -> Result<String, Wrong> {
    match &item.kind {
        ValueKind::String(text) => Ok(text.clone()),
        other => Err(Wrong {
            wrong: format!("holds {}, not only texts in quotes", described(other)).into(),
            allowed: form.allowed().clone(),
        }),
    }
}

fn split(text: &str) -> Vec<Result<String, Wrong>> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    text.split(',').map(|item| Ok(item.trim().to_owned())).collect()
}

fn described(kind: &ValueKind) -> &'static str {
    match kind {
        ValueKind::Boolean(_) => "true or false",
        ValueKind::Float(_) => "a decimal number",
        ValueKind::String(_) => "a text",
        ValueKind::Array(_) => "a list",
        ValueKind::Nil | ValueKind::Table(_) => "a table",
        ValueKind::I64(_) | ValueKind::I128(_) | ValueKind::U64(_) | ValueKind::U128(_) => "a whole number",
    }
}
