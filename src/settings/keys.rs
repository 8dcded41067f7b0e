//! The table of known keys. It is drawn from the readers themselves, so that a key cannot be known without being read,
//! or read without being known.

use std::collections::BTreeSet;

use super::near::nearest;

/// The one list of tables in the settings, `[[member]]`.
pub(crate) const LIST: &str = "member";

/// Every known key with its table, such as `graph.tenant_id`.
pub(crate) struct Keys(BTreeSet<String>);

impl Keys {
    /// Takes the keys that the readers asked for.
    pub(crate) fn new(asked: BTreeSet<String>) -> Self {
        Self(asked)
    }

    /// Returns whether a setting has this key.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.0.contains(key)
    }

    /// Returns whether the key names a table.
    pub(crate) fn is_table(&self, key: &str) -> bool {
        self.below(key).next().is_some()
    }

    /// Returns whether the key is [`LIST`] or stands in one of its tables.
    pub(crate) fn is_of_list(&self, key: &str) -> bool {
        key.split('.').next() == Some(LIST)
    }

    /// Returns every key, sorted.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Returns what to say of an unknown key: the one that was probably meant, else those that its table has. `spelt`
    /// writes a key the way the source does.
    pub(crate) fn hint(&self, key: &str, spelt: impl Fn(&str) -> String) -> String {
        if let Some(near) = self.near(key) {
            return format!("did you mean {}?", spelt(&near));
        }
        match table_of(key) {
            table if table.is_empty() || self.is_table(table) => self.choice(table),
            _ => self.choice("").replace("known here", "known tables"),
        }
    }

    /// Returns the names that a table has.
    pub(crate) fn choice(&self, table: &str) -> String {
        let names: Vec<&str> = self.names(table).into_iter().collect();
        format!("known here: {}", names.join(", "))
    }

    /// Returns the key that was probably meant: one in the same table with nearly this name, else one elsewhere with
    /// exactly this name.
    fn near(&self, key: &str) -> Option<String> {
        let (table, name) = (table_of(key), name_of(key));
        if let Some(near) = nearest(name, self.names(table)) {
            return Some(join(table, near));
        }
        self.0.iter().find(|known| name_of(known) == name && !self.is_of_list(known)).cloned()
    }

    /// Returns the names that stand directly in a table; with an empty `table` the tables themselves.
    fn names(&self, table: &str) -> BTreeSet<&str> {
        self.below(table).filter_map(|rest| rest.split('.').next()).collect()
    }

    fn below(&self, table: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(move |key| {
            if table.is_empty() {
                return Some(key.as_str());
            }
            key.strip_prefix(table)?.strip_prefix('.')
        })
    }
}

/// Returns the key of a name in a table.
pub(crate) fn join(table: &str, name: &str) -> String {
    if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") }
}

fn table_of(key: &str) -> &str {
    key.rsplit_once('.').map_or("", |(table, _)| table)
}

fn name_of(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        let known = ["graph.client_id", "graph.tenant_id", "rules.drift.dnd"];
        Keys::new(known.into_iter().map(str::to_owned).collect())
    }

    #[track_caller]
    fn case(key: &str, expected: &str) {
        assert_eq!(keys().hint(key, str::to_owned), expected);
    }

    #[test]
    fn an_unknown_key_gets_the_nearest_else_the_choice() {
        case("graph.tenantid", "did you mean graph.tenant_id?");
        case("rules.dnd", "did you mean rules.drift.dnd?");
        case("grpah", "did you mean graph?");
        case("graph.colour", "known here: client_id, tenant_id");
        case("colour", "known here: graph, rules");
        case("colour.red", "known tables: graph, rules");
    }

    #[test]
    fn a_table_is_what_keys_stand_in() {
        assert!(keys().is_table("rules"));
        assert!(keys().is_table("rules.drift"));
        assert!(!keys().is_table("rules.drift.dnd"));
        assert!(!keys().is_table("rul"));
        assert!(keys().knows("rules.drift.dnd"));
        assert!(!keys().knows("rules.drift"));
    }
}
