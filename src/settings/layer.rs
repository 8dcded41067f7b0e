//! One source's values by key, and all sources' values over each other.
//!
//! The values may be secrets: neither type shows them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use config::{Config, ConfigError, Map, Source, Value, ValueKind};

use super::error::Origin;
use super::keys::LIST;
use super::page::{Field, Page};

/// The values of one source: known keys only, each with a mark that tells where in the source it stands.
#[derive(Clone, Default)]
pub(crate) struct Layer(BTreeMap<String, Value>);

impl Layer {
    /// Adds what an environment variable says.
    pub(crate) fn set_variable(&mut self, key: String, name: &str, value: String) {
        self.set(key, name, ValueKind::String(value));
    }

    /// Adds what a line of the settings file says.
    pub(crate) fn set_line(&mut self, key: String, line: usize, kind: ValueKind) {
        self.set(key, &line.to_string(), kind);
    }

    /// Adds what a field of the module's page says, by its variable.
    pub(crate) fn set_field(&mut self, key: String, variable: &str, kind: ValueKind) {
        self.set(key, variable, kind);
    }

    fn set(&mut self, key: String, mark: &str, kind: ValueKind) {
        self.0.insert(key, Value::new(Some(&mark.to_owned()), kind));
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Layer(…)")
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone().into_iter().collect())
    }
}

/// The values of all sources, the later one first.
pub(crate) struct Tree {
    root: Value,
    file: PathBuf,
    /// The boxes of lists on the module's page by their variables; nothing without the page.
    boxes: Option<BTreeMap<&'static str, String>>,
}

impl Tree {
    /// Lays the environment over the file, and the module's page over both.
    pub(crate) fn merge(file: Layer, environment: Layer, page: Option<Page>, path: &Path) -> Self {
        let (page, boxes) = page.map_or_else(Default::default, |page| (page.layer, Some(page.boxes)));
        let merged = Config::builder()
            .add_source(file)
            .add_source(environment)
            .add_source(page)
            .build()
            .expect("a layer of plain values can always be collected");
        Self { root: merged.cache, file: path.to_owned(), boxes }
    }

    /// Returns the value of a key and where it comes from.
    pub(crate) fn at(&self, key: &str) -> Option<(&ValueKind, Origin)> {
        let value = key.split('.').try_fold(&self.root, step)?;
        Some((&value.kind, self.origin(value.origin()?)))
    }

    /// Returns what the page's box says that puts a word into a key's list, with the box's field.
    pub(crate) fn box_of(&self, key: &str, word: &str) -> Option<(&'static Field, &str)> {
        let field = Field::box_of(key, word)?;
        Some((field, self.boxes.as_ref()?.get(field.variable)?))
    }

    /// Returns where a key would have to be given that is not given anywhere.
    pub(crate) fn missing(&self, key: &str) -> Origin {
        let field = self.boxes.as_ref().and_then(|_| Field::of_key(key));
        field.map_or(Origin::NotGiven, |field| Origin::Page(field.label))
    }

    /// Returns how many tables the list has.
    pub(crate) fn list_len(&self) -> usize {
        match step(&self.root, LIST).map(|value| &value.kind) {
            Some(ValueKind::Array(items)) => items.len(),
            _ => 0,
        }
    }

    /// A line's mark is its number; a field's and a variable's are their names, which begin with letters, and no variable
    /// that is a setting bears a field's name.
    fn origin(&self, mark: &str) -> Origin {
        match (mark.parse(), Field::of_variable(mark)) {
            (Ok(line), _) => Origin::File { path: self.file.clone(), line: Some(line) },
            (Err(_), Some(field)) => Origin::Page(field.label),
            (Err(_), None) => Origin::Variable(mark.to_owned()),
        }
    }
}

/// Goes from a table to the value of a name in it, or for `name[3]` to that item of the list there.
fn step<'a>(value: &'a Value, segment: &str) -> Option<&'a Value> {
    let (name, index) = match segment.split_once('[') {
        Some((name, index)) => (name, Some(index.strip_suffix(']')?.parse::<usize>().ok()?)),
        None => (segment, None),
    };
    let ValueKind::Table(table) = &value.kind else {
        return None;
    };
    match (index, table.get(name)?) {
        (None, value) => Some(value),
        (Some(index), value) => match &value.kind {
            ValueKind::Array(items) => items.get(index),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_lies_over_the_environment_and_that_over_the_file_and_all_keep_their_place() {
        let text = |text: &str| ValueKind::String(text.to_owned());
        let mut file = Layer::default();
        file.set_line("a.one".to_owned(), 3, text("file"));
        file.set_line("a.two".to_owned(), 4, text("file"));
        file.set_line("rules.service".to_owned(), 5, text("file"));
        file.set_line("member[1].login".to_owned(), 9, text("second"));
        file.set_line("member[0].login".to_owned(), 7, text("first"));
        let mut environment = Layer::default();
        environment.set_variable("a.two".to_owned(), "X__A__TWO", "variable".to_owned());
        assert_eq!(format!("{environment:?}"), "Layer(…)");
        let fields = BTreeMap::from([("GUI_DIENST".to_owned(), "Stoppen".to_owned())]);
        let page = Page::new(&fields, &BTreeMap::new());

        let tree = Tree::merge(file, environment, Some(page), Path::new("f.toml"));
        let line = |line| Origin::File { path: PathBuf::from("f.toml"), line: Some(line) };
        assert_eq!(tree.at("a.one"), Some((&text("file"), line(3))));
        let variable = Origin::Variable("X__A__TWO".to_owned());
        assert_eq!(tree.at("a.two"), Some((&text("variable"), variable)));
        assert_eq!(tree.at("rules.service"), Some((&text("Stoppen"), Origin::Page("Dienst"))));
        assert_eq!(tree.missing("rules.group"), Origin::Page("Office365 Gruppe"));
        assert_eq!(tree.missing("starface.login"), Origin::NotGiven);
        assert_eq!(tree.at("member[1].login"), Some((&text("second"), line(9))));
        assert_eq!(tree.list_len(), 2);
        assert_eq!(tree.at("member[2].login"), None);
        assert_eq!(tree.at("a"), None);
    }
}
