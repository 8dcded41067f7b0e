//! The settings: built-in defaults, the file, the environment and systemd's credentials, made into one validated value.
//!
//! Must not know: any other room but the rules' types. It reads files and, in one place, the environment; it never
//! reaches over the network and logs nothing.
//!
//! A value that cannot be used is an error, never a guess, and all errors are told at once: each with its key, where
//! the value comes from, what is wrong and what is allowed. No error, warning or `Debug` form shows a secret, the
//! value of an unknown key, or a URL that was refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::rules::{AccountId, Policy};

pub mod alarm;
pub mod categories;
pub mod drift;
pub mod environment;
pub mod error;
pub mod examine;
mod file;
mod form;
pub mod graph;
mod keys;
mod layer;
pub mod log;
pub mod member;
mod near;
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
mod without_effect;

pub use alarm::Alarm;
pub use categories::CategoryRules;
pub use drift::{DriftPolicy, DriftRules};
pub use environment::Sources;
pub use error::{Origin, Problem, SettingsError};
pub use examine::{Finding, Health};
pub use graph::Graph;
pub use log::{Log, LogFormat};
pub use member::OwnLogin;
pub use redirect::{RedirectRules, TagRules};
pub use rules::{Indicator, RulesSource};
pub use starface::{Auth, Mode, Starface};
pub use store::Store;
pub use trust::Trust;
pub use web::{TlsFiles, Web};

use file::{FILE_KEY, FileLayer, Readable};
use keys::{Keys, LIST};
use layer::{Layer, Tree};
use reader::Reader;

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
    /// Reads, merges and checks all sources.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong. If the file cannot be used, nothing is said of keys that it may hold.
    pub fn load(sources: &Sources) -> Result<Self, SettingsError> {
        let keys = known_keys();
        let (environment, mut problems) = environment::layer(sources, &keys);
        let (file, readable) = match file::layer(&sources.file, &keys) {
            Ok(FileLayer { layer, problems: wrong, readable }) => {
                problems.extend(wrong);
                (layer, Some(readable))
            }
            Err(problem) => {
                problems.push(problem);
                (Layer::default(), None)
            }
        };
        let tree = Tree::merge(file, environment, &sources.file);
        let mut reader = Reader::new(sources, &tree);
        let settings = Self::read(&mut reader);
        reader.problems.retain(|problem| readable.is_some() || problem.source != Origin::NotGiven);
        problems.append(&mut reader.problems);
        match settings {
            Some(settings) if problems.is_empty() => Ok(settings.with_warnings(reader, readable)),
            _ => Err(SettingsError::new(problems)),
        }
    }

    /// Every part is read before any is given up, so that the problems of all are noted.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let starface = Starface::read(reader);
        let graph = Graph::read(reader);
        let rules = rules::Rules::read(reader);
        let alarm = Alarm::read(reader);
        let store = Store::read(reader);
        let web = Web::read(reader);
        let log = Log::read(reader);
        let members = member::read(reader);
        let rules = rules?;
        Some(Self {
            starface: starface?,
            graph: graph?,
            policy: rules.policy,
            source: rules.source,
            group: rules.group,
            internal_number_length: rules.internal_number_length,
            function_key_indicator: rules.function_key_indicator,
            categories: rules.categories,
            tags: rules.tags,
            redirect: rules.redirect,
            drift: rules.drift,
            alarm,
            store,
            web,
            log,
            members,
            warnings: Vec::new(),
            file: reader.sources.file.clone(),
            secrets: BTreeMap::new(),
        })
    }

    fn with_warnings(mut self, mut reader: Reader<'_>, readable: Option<Readable>) -> Self {
        let in_file = reader.secrets.keys().filter(|key| matches!(reader.origin(key), Origin::File { .. }));
        if in_file.count() > 0 && readable == Some(Readable::ByEverybody) {
            reader.warnings.push(Problem {
                key: FILE_KEY.to_owned(),
                source: Origin::File { path: self.file.clone(), line: None },
                wrong: "holds a secret and can be read by every user of this machine".to_owned(),
                allowed: format!("run chmod o-r {}", self.file.display()),
            });
        }
        without_effect::warn(&self, &mut reader);
        reader.warnings.sort();
        self.warnings = reader.warnings;
        self.secrets = reader.secrets;
        self
    }
}

/// Learns the known keys by reading nothing: no file, no credential, no environment.
fn known_keys() -> Keys {
    let nowhere = Sources::of_file("");
    let nothing = Tree::merge(Layer::default(), Layer::default(), &nowhere.file);
    let mut reader = Reader::new(&nowhere, &nothing);
    Settings::read(&mut reader);
    member::read_one(&mut reader, LIST);
    Keys::new(reader.asked)
}
