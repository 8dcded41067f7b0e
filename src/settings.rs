//! The settings: built-in defaults, the file, the environment, systemd's credentials and the module's page, made into
//! one validated value.
//!
//! Must not know: any other room but the rules' types. It reads files and, in one place, the environment; it never
//! reaches over the network and logs nothing. What the module's page says comes as plain maps, so it is loaded in two
//! steps: [`Local`] is enough to read the page, and with it becomes [`Settings`].
//!
//! A value that cannot be used is an error, never a guess, and all errors are told at once: each with its key, where
//! the value comes from, what is wrong and what is allowed. No error, warning or `Debug` form shows a secret, the
//! value of an unknown key, or a URL that was refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::rules::text::Language;
use crate::rules::{AccountId, Policy};

pub mod alarm;
pub mod categories;
mod credential;
pub mod drift;
pub mod environment;
pub mod error;
pub mod examine;
mod file;
mod form;
pub mod graph;
mod keys;
mod layer;
pub mod local;
pub mod log;
pub mod member;
mod near;
mod pace;
pub mod page;
mod reader;
pub mod redirect;
pub mod rules;
mod secrets;
pub mod starface;
pub mod store;
#[cfg(test)]
mod tests;
pub mod trust;
pub mod web;
mod words;

pub use alarm::Alarm;
pub use categories::CategoryRules;
pub use drift::{DriftPolicy, DriftRules};
pub use environment::Sources;
pub use error::{Origin, Problem, SettingsError};
pub use examine::{Finding, Health};
pub use graph::Graph;
pub use local::{Local, problem_of_answer};
pub use log::{Log, LogFormat};
pub use member::OwnLogin;
pub use pace::Pace;
pub use redirect::{RedirectRules, TagRules};
pub use rules::{Indicator, RulesSource};
pub use starface::{Auth, Mode, Starface};
pub use store::Store;
pub use trust::Trust;
pub use web::{TlsFiles, Web};

use reader::Reader;
use rules::Rules;

/// The longest path that the settings take, as long as Linux takes one.
const PATH_CHARS_MAX: usize = 4096;

/// Everything that an admin decides, validated.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The PBX.
    pub starface: Starface,
    /// Microsoft 365.
    pub graph: Graph,
    /// What appointments do.
    pub policy: Policy,
    /// The language of status texts and mails.
    pub language: Language,
    /// Where the rules are decided.
    pub source: RulesSource,
    /// The group whose members are followed.
    pub group: AccountId,
    /// The longest internal number, in digits.
    pub internal_number_length: u32,
    /// The function-key colour of an active entry; `None` leaves it alone.
    pub function_key_indicator: Option<Indicator>,
    /// What there is about categories besides the policy.
    pub categories: CategoryRules,
    /// What target tags may do.
    pub tags: TagRules,
    /// Which telephone targets are allowed.
    pub redirect: RedirectRules,
    /// What happens to overwritten values.
    pub drift: DriftRules,
    /// Mail about problems.
    pub alarm: Alarm,
    /// The journal.
    pub store: Store,
    /// The status page.
    pub web: Web,
    /// The log.
    pub log: Log,
    /// Members with a log-in of their own.
    pub members: Vec<OwnLogin>,
    /// What can be used but deserves a look, sorted.
    pub warnings: Vec<Problem>,
    file: PathBuf,
    secrets: BTreeMap<String, Origin>,
}

impl Settings {
    /// Returns where a secret is given, by its key.
    pub fn secret_origin(&self, key: &str) -> &Origin {
        self.secrets.get(key).unwrap_or(&Origin::NotGiven)
    }
}

/// The parts that the module's page may decide; nothing where a part cannot be used.
struct Decided {
    graph: Option<Graph>,
    rules: Option<Rules>,
    alarm: Alarm,
}

impl Decided {
    /// Every part is read before any is given up, so that the problems of all are noted.
    fn read(reader: &mut Reader<'_>) -> Self {
        Self { graph: Graph::read(reader), rules: Rules::read(reader), alarm: Alarm::read(reader) }
    }

    fn settings(self, local: &Local) -> Option<Settings> {
        let rules = self.rules?;
        Some(Settings {
            starface: local.starface.clone(),
            graph: self.graph?,
            policy: rules.policy,
            language: rules.language,
            source: local.source,
            group: rules.group?,
            internal_number_length: rules.internal_number_length,
            function_key_indicator: rules.function_key_indicator,
            categories: rules.categories,
            tags: rules.tags,
            redirect: rules.redirect,
            drift: rules.drift,
            alarm: self.alarm,
            store: local.store.clone(),
            web: local.web.clone(),
            log: local.log,
            members: local.members.clone(),
            warnings: Vec::new(),
            file: local.sources.file.clone(),
            secrets: BTreeMap::new(),
        })
    }
}
