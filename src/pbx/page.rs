//! The module's page, as the admin filled it in.
//!
//! Must not know what a field means.

use std::collections::BTreeMap;
use std::fmt;

/// What the admin entered on the module's page, by the variables' names. One of the fields is the app's secret, so
/// `Debug` shows no value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Which state of the page this is; another one after each change.
    pub revision: String,
    /// Texts, numbers, choices and boxes, as the page writes them.
    pub fields: BTreeMap<String, String>,
    /// Lists, each in its order.
    pub lists: BTreeMap<String, Vec<String>>,
}

impl fmt::Debug for Page {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Page")
            .field("revision", &self.revision)
            .field("fields", &self.fields.len())
            .field("lists", &self.lists.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_how_many_fields_there_are_and_none_of_them() {
        let fields = BTreeMap::from([("GUI_APP_SECRET".to_owned(), "geheim".to_owned())]);
        let lists = BTreeMap::from([("GUI_KATEGORIEN_ENTFERNEN".to_owned(), vec!["geheim".to_owned()])]);
        let page = Page { revision: "7".to_owned(), fields, lists };
        assert_eq!(format!("{page:?}"), "Page { revision: \"7\", fields: 1, lists: 1 }");
    }
}
