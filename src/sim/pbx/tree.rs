//! What the module's entry points take and give: structs of structs whose leaves are all strings.

use std::collections::BTreeMap;

use dxr::Value;

/// A struct, or a leaf of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree {
    Leaf(String),
    Node(BTreeMap<String, Tree>),
}

impl Tree {
    /// Returns an empty struct.
    pub(crate) fn empty() -> Self {
        Self::Node(BTreeMap::new())
    }

    /// Returns a struct of leaves.
    pub(crate) fn leaves<'a>(leaves: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        leaves.into_iter().map(|(name, leaf)| (name.to_owned(), Self::Leaf(leaf.to_owned()))).collect()
    }

    /// Reads a value, or names its type where that is neither struct nor string.
    pub(crate) fn read(value: &Value) -> Result<Self, &'static str> {
        match value {
            Value::String(text) => Ok(Self::Leaf(text.clone())),
            Value::Struct(members) => {
                members.iter().map(|(name, value)| Ok((name.clone(), Self::read(value)?))).collect()
            }
            Value::Array(_) => Err("array"),
            Value::Nil => Err("nil"),
            Value::Boolean(_) => Err("boolean"),
            _ => Err("number, date or base64"),
        }
    }

    /// Writes the tree as a value.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Leaf(text) => Value::String(text.clone()),
            Self::Node(members) => {
                Value::Struct(members.iter().map(|(name, tree)| (name.clone(), tree.value())).collect())
            }
        }
    }

    /// Returns the leaf of this name.
    pub(crate) fn leaf(&self, name: &str) -> Option<&str> {
        match self.members().get(name)? {
            Self::Leaf(text) => Some(text),
            Self::Node(_) => None,
        }
    }

    /// Returns the members; a leaf has none.
    pub(crate) fn members(&self) -> &BTreeMap<String, Tree> {
        static NONE: BTreeMap<String, Tree> = BTreeMap::new();
        match self {
            Self::Leaf(_) => &NONE,
            Self::Node(members) => members,
        }
    }
}

impl FromIterator<(String, Tree)> for Tree {
    fn from_iter<T: IntoIterator<Item = (String, Tree)>>(members: T) -> Self {
        Self::Node(members.into_iter().collect())
    }
}
