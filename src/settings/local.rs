//! What this machine says: the file, the environment and the credentials. It is enough to reach the PBX, and, with what
//! the module's page says, for everything else.

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;

use crate::rules::AccountId;
use crate::rules::text::Language;

use super::alarm::Alarm;
use super::environment::{self, Sources};
use super::error::{Origin, Problem, SettingsError};
use super::file::{self, FILE_KEY, FileLayer, Readable};
use super::keys::{Keys, LIST};
use super::layer::{Layer, Tree};
use super::log::Log;
use super::member::{self, OwnLogin};
use super::page::{Field, Page};
use super::reader::Reader;
use super::rules::{RulesSource, read_source};
use super::starface::Starface;
use super::store::Store;
use super::web::Web;
use super::{Decided, Settings};

/// The settings of this machine, validated. Nothing in here ever comes from the module's page.
#[derive(Clone, Debug)]
pub struct Local {
    /// The PBX.
    pub starface: Starface,
    /// The journal.
    pub store: Store,
    /// The status page.
    pub web: Web,
    /// The log.
    pub log: Log,
    /// Members with a log-in of their own.
    pub members: Vec<OwnLogin>,
    /// Where the rules are decided.
    pub source: RulesSource,
    /// The group, as far as this machine names one; the page may name another.
    pub group: Option<AccountId>,
    /// The site's time zone, as far as this machine can tell, else the universal one; the page may name another.
    pub zone: Tz,
    /// The language, as far as this machine names one; the page may name another.
    pub language: Language,
    /// Who is told of problems, as far as this machine says; the page may say otherwise.
    pub alarm: Alarm,
    /// What can be used but deserves a look.
    pub warnings: Vec<Problem>,
    /// Where each secret comes from.
    pub(super) secrets: BTreeMap<String, Origin>,
    pub(super) sources: Sources,
    file: Layer,
    environment: Layer,
}

/// The parts that this machine alone decides.
struct Own {
    starface: Option<Starface>,
    store: Store,
    web: Web,
    log: Log,
    members: Vec<OwnLogin>,
    source: RulesSource,
}

impl Own {
    /// Every part is read before any is given up, so that the problems of all are noted.
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            starface: Starface::read(reader),
            store: Store::read(reader),
            web: Web::read(reader),
            log: Log::read(reader),
            members: member::read(reader),
            source: read_source(reader),
        }
    }
}

impl Local {
    /// Reads, merges and checks everything that this machine says. What the module's page may have is not missed where
    /// the rules are decided there.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong. If the file cannot be used, nothing is said of keys that it may hold.
    pub fn load(sources: &Sources) -> Result<Self, SettingsError> {
        let keys = known_keys();
        let (environment, mut problems) = environment::layer(sources, &keys);
        let file = match file::layer(&sources.file, &keys) {
            Ok(FileLayer { layer, problems: wrong, readable }) => {
                problems.extend(wrong);
                (layer, Some(readable))
            }
            Err(problem) => {
                problems.push(problem);
                (Layer::default(), None)
            }
        };
        Self::read(sources, file, environment, problems)
    }

    /// Reads and checks what stands in the environment of these sources alone, as the answers of somebody whose file is
    /// not written yet.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong or missing.
    pub fn of_answers(sources: &Sources) -> Result<Self, SettingsError> {
        let (environment, problems) = environment::layer(sources, &known_keys());
        Self::read(sources, (Layer::default(), Some(Readable::ByItsOwn)), environment, problems)
    }

    fn read(
        sources: &Sources,
        (file, readable): (Layer, Option<Readable>),
        environment: Layer,
        mut problems: Vec<Problem>,
    ) -> Result<Self, SettingsError> {
        let tree = Tree::merge(file.clone(), environment.clone(), None, &sources.file);
        let mut reader = Reader::new(sources, &tree);
        let own = Own::read(&mut reader);
        let (mut warnings, secrets) = (std::mem::take(&mut reader.warnings), reader.secrets.clone());
        // The rest is read for its problems, and read again when it is known whether there is a page.
        let decided = Decided::read(&mut reader);
        warnings.extend(exposure(&reader, readable));
        warnings.extend(own.store.exposure(reader.origin("store.path")));
        let is_missed = |problem: &Problem| match problem.source {
            Origin::NotGiven => readable.is_some() && !(own.source == RulesSource::Page && is_on_page(problem)),
            _ => true,
        };
        problems.extend(std::mem::take(&mut reader.problems).into_iter().filter(is_missed));
        let rules = decided.rules;
        match own.starface {
            Some(starface) if problems.is_empty() => Ok(Self {
                starface,
                store: own.store,
                web: own.web,
                log: own.log,
                members: own.members,
                source: own.source,
                group: rules.as_ref().and_then(|rules| rules.group),
                language: rules.as_ref().map_or(Language::German, |rules| rules.language),
                alarm: decided.alarm,
                zone: rules.map_or(Tz::UTC, |rules| rules.policy.zone),
                warnings,
                secrets,
                sources: sources.clone(),
                file,
                environment,
            }),
            _ => Err(SettingsError::new(problems)),
        }
    }

    /// Returns the settings of a site that decides everything on this machine.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong or missing.
    pub fn settings(&self) -> Result<Settings, SettingsError> {
        self.complete(None)
    }

    /// Returns the settings of a site that decides its rules on the module's page, of which these are the fields and the
    /// lists by their variables.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong or missing; of the page's fields in German, with the labels that the admin sees.
    pub fn settings_with(
        &self,
        fields: &BTreeMap<String, String>,
        lists: &BTreeMap<String, Vec<String>>,
    ) -> Result<Settings, SettingsError> {
        self.complete(Some(Page::new(fields, lists)))
    }

    /// Returns who is told of problems where the module's page has these fields and lists, also when another part of it
    /// cannot be used; nothing when this part cannot.
    pub fn alarm_with(
        &self,
        fields: &BTreeMap<String, String>,
        lists: &BTreeMap<String, Vec<String>>,
    ) -> Option<Alarm> {
        let page = Some(Page::new(fields, lists));
        let tree = Tree::merge(self.file.clone(), self.environment.clone(), page, &self.sources.file);
        let mut reader = Reader::new(&self.sources, &tree);
        let alarm = Alarm::read(&mut reader);
        reader.problems.is_empty().then_some(alarm)
    }

    /// Returns where a secret of this machine is given, by its key.
    pub fn secret_origin(&self, key: &str) -> &Origin {
        self.secrets.get(key).unwrap_or(&Origin::NotGiven)
    }

    fn complete(&self, page: Option<Page>) -> Result<Settings, SettingsError> {
        let tree = Tree::merge(self.file.clone(), self.environment.clone(), page, &self.sources.file);
        let mut reader = Reader::new(&self.sources, &tree);
        let decided = Decided::read(&mut reader);
        let problems = std::mem::take(&mut reader.problems);
        let settings = decided.settings(self).filter(|_| problems.is_empty());
        let mut settings = settings.ok_or_else(|| SettingsError::new(problems))?;
        settings.warnings = self.warnings.iter().cloned().chain(reader.warnings).collect();
        settings.warnings.sort();
        settings.secrets = self.secrets.clone();
        settings.secrets.extend(reader.secrets);
        Ok(settings)
    }
}

/// Returns what is wrong with one answer, whatever else is missing. A path in it begins at the folder of the settings file.
pub fn problem_of_answer(file: &Path, key: &str, answer: &str) -> Option<Problem> {
    let nobody = Sources::of_file(file);
    let mut layer = Layer::default();
    layer.set_variable(key.to_owned(), key, answer.to_owned());
    let tree = Tree::merge(Layer::default(), layer, None, &nobody.file);
    let mut reader = Reader::new(&nobody, &tree);
    Own::read(&mut reader);
    Decided::read(&mut reader);
    reader.problems.into_iter().find(|problem| problem.key == key && problem.source != Origin::NotGiven)
}

fn is_on_page(problem: &Problem) -> bool {
    Field::of_key(&problem.key).is_some()
}

/// A warning when a file that everybody can read holds a secret.
fn exposure(reader: &Reader<'_>, readable: Option<Readable>) -> Option<Problem> {
    let in_file = reader.secrets.keys().filter(|key| matches!(reader.origin(key), Origin::File { .. }));
    let path = &reader.sources.file;
    (in_file.count() > 0 && readable == Some(Readable::ByEverybody)).then(|| Problem {
        key: FILE_KEY.to_owned(),
        source: Origin::File { path: path.clone(), line: None },
        wrong: "holds a secret and can be read by every user of this machine".to_owned(),
        allowed: format!("run chmod o-r {}", path.display()),
    })
}

/// Learns the known keys by reading nothing: no file, no credential, no environment.
pub(super) fn known_keys() -> Keys {
    let nowhere = Sources::of_file("");
    let nothing = Tree::merge(Layer::default(), Layer::default(), None, &nowhere.file);
    let mut reader = Reader::new(&nowhere, &nothing);
    Own::read(&mut reader);
    Decided::read(&mut reader);
    member::read_one(&mut reader, LIST);
    Keys::new(reader.asked)
}
