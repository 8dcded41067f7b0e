//! `[rules.categories]`: what Outlook categories may do, and what happens without one.

use std::collections::BTreeMap;

use crate::rules::Address;
use crate::rules::policy::{Categories, Switch};

use super::form::address::address;
use super::form::{flag, line};
use super::reader::Reader;

/// What there is about categories besides the rules' own [`Categories`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryRules {
    /// Whether missing categories are created in Outlook.
    pub create: bool,
    /// Whether every active entry sets the indicator.
    pub function_keys_always: bool,
    /// Whether numbers of groups are redirected too.
    pub include_group_redirects: bool,
    /// Whether every active entry redirects internal numbers.
    pub redirect_internal_always: bool,
    /// Whether every active entry redirects external numbers.
    pub redirect_external_always: bool,
    /// Whether every active entry sends internal numbers to voicemail.
    pub voicemail_internal_always: bool,
    /// Whether every active entry sends external numbers to voicemail.
    pub voicemail_external_always: bool,
    /// The mailboxes that lose all accepted categories and are not filled again.
    pub remove_from: Vec<Address>,
}

/// The longest name that Outlook gives a category.
const NAME_CHARS_MAX: usize = 255;

impl CategoryRules {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let form = flag();
        let mut switch = |name: &str, default| reader.or(&format!("rules.categories.{name}"), &form, default);
        let rules = Self {
            create: switch("create", true),
            function_keys_always: switch("function_keys_always", false),
            include_group_redirects: switch("include_group_redirects", false),
            redirect_internal_always: switch("redirect_internal_always", false),
            redirect_external_always: switch("redirect_external_always", false),
            voicemail_internal_always: switch("voicemail_internal_always", false),
            voicemail_external_always: switch("voicemail_external_always", false),
            remove_from: Vec::new(),
        };
        let remove_from = reader.list("rules.categories.remove_from", &address());
        Self { remove_from: remove_from.unwrap_or_default(), ..rules }
    }
}

/// Reads the part that the rules decide by.
pub(crate) fn read_policy(reader: &mut Reader<'_>) -> Categories {
    let default = Categories::default();
    let switches = Switch::ALL.map(|switch| (switch.name(), switch));
    let allowed = reader.words("rules.categories.allow", switches, default.allowed);
    let names: BTreeMap<Switch, Vec<String>> =
        default.names.into_iter().map(|(switch, names)| (switch, read_names(reader, switch, names))).collect();
    Categories { enabled: reader.or("rules.categories.enabled", &flag(), default.enabled), allowed, names }
}

fn read_names(reader: &mut Reader<'_>, switch: Switch, default: Vec<String>) -> Vec<String> {
    let key = format!("rules.categories.names.{}", switch.name());
    let names = reader.list(&key, &line(NAME_CHARS_MAX)).unwrap_or(default);
    if names.is_empty() {
        let allowed = "give a name, or take the switch out of rules.categories.allow";
        reader.refuse(&key, "is an empty list", allowed);
    }
    names
}
