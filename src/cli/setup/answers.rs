//! What was answered so far: by options, by the environment, on the terminal; and the settings that it makes.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::PathBuf;

use super::questions::QUESTIONS;
use crate::secret::Secret;
use crate::settings::environment::variable;
use crate::settings::{Local, SettingsError, Sources};

/// What was answered so far, by the key in the settings. An empty answer leaves the key out.
#[derive(Debug)]
pub(super) struct Answers {
    /// The settings file that will be written: relative paths begin at its folder.
    file: PathBuf,
    machine_zone: Option<String>,
    given: BTreeMap<&'static str, Secret>,
}

impl Answers {
    /// Takes what is given before anything is asked: options win over the environment.
    pub(super) fn given(sources: &Sources, options: Vec<(&'static str, String)>) -> Self {
        let of_environment = |key: &'static str| {
            let value = sources.environment.get(OsStr::new(&variable(key)))?;
            Some((key, Secret::new(value.to_str()?)))
        };
        let mut given: BTreeMap<_, _> = QUESTIONS.iter().filter_map(|one| of_environment(one.key)).collect();
        given.extend(options.into_iter().map(|(key, answer)| (key, Secret::new(answer))));
        Self { file: sources.file.clone(), machine_zone: sources.machine_zone.clone(), given }
    }

    /// Returns the file that will be written.
    pub(super) fn file(&self) -> &PathBuf {
        &self.file
    }

    /// Returns an answer; nothing where there is none, or an empty one.
    pub(super) fn get(&self, key: &str) -> Option<&Secret> {
        self.given.get(key).filter(|answer| !answer.is_empty())
    }

    /// Returns whether a question was answered, if only with nothing.
    pub(super) fn has(&self, key: &str) -> bool {
        self.given.contains_key(key)
    }

    /// Takes an answer.
    pub(super) fn set(&mut self, key: &'static str, answer: Secret) {
        self.given.insert(key, answer);
    }

    /// Forgets answers that turned out to be wrong.
    pub(super) fn forget(&mut self, keys: &[&str]) {
        self.given.retain(|key, _| !keys.contains(key));
    }

    /// Returns the settings that the answers make, of which these are other than answered.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong or missing.
    pub(super) fn local(&self, others: &[(&'static str, &str)]) -> Result<Local, SettingsError> {
        let other_keys: BTreeSet<&str> = others.iter().map(|(key, _)| *key).collect();
        let kept = self.given.iter().filter(|(key, answer)| !other_keys.contains(*key) && !answer.is_empty());
        let all = kept.map(|(key, answer)| (*key, answer.expose())).chain(others.iter().copied());
        let environment = all.filter(|(_, answer)| !answer.is_empty());
        let environment = environment.map(|(key, answer)| (variable(key).into(), answer.into())).collect();
        Local::of_answers(&Sources { file: self.file.clone(), environment, machine_zone: self.machine_zone.clone() })
    }
}
