//! What a person is shown of settings that can be used: one line for each part, and the warnings.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use crate::rules::policy::Service;

use super::error::{Origin, Problem};
use super::form::duration::written;
use super::{Auth, Local, Settings, Starface, Store};

/// How a part of the settings is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It can be used.
    Fine,
    /// It can be used, but deserves a look.
    Warning,
}

/// One line about the settings. No line holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub health: Health,
    /// The part.
    pub subject: String,
    /// What is to be said of it.
    pub text: String,
}

impl Finding {
    fn fine(subject: &str, text: String) -> Self {
        Self { health: Health::Fine, subject: subject.to_owned(), text }
    }

    fn warning(warning: &Problem) -> Self {
        let Problem { key, source, wrong, allowed } = warning;
        let (subject, text) = match source {
            Origin::Page(label) => (*label, format!("{wrong} (Seite des Moduls); {allowed}")),
            source => (key.as_str(), format!("{wrong} ({source}); {allowed}")),
        };
        Self { health: Health::Warning, subject: subject.to_owned(), text }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let health = match self.health {
            Health::Fine => "ok",
            Health::Warning => "warning",
        };
        write!(formatter, "{health}: {}: {}", self.subject, self.text)
    }
}

impl Local {
    /// Returns one line for each part of this machine's settings, then the warnings.
    pub fn findings(&self) -> Vec<Finding> {
        let parts = [file_line(&self.sources.file), starface_line(&self.starface), store_line(&self.store)];
        parts.into_iter().chain(secrets(&self.secrets)).chain(warnings(&self.warnings)).collect()
    }
}

impl Settings {
    /// Returns one line for each part of the settings, then the warnings.
    pub fn findings(&self) -> Vec<Finding> {
        let parts = [
            file_line(&self.file),
            starface_line(&self.starface),
            self.graph_line(),
            self.rules_line(),
            store_line(&self.store),
        ];
        parts.into_iter().chain(secrets(&self.secrets)).chain(warnings(&self.warnings)).collect()
    }

    fn graph_line(&self) -> Finding {
        let graph = &self.graph;
        let text = format!(
            "tenant {}, app {}, calendars every {}",
            graph.tenant_id,
            graph.client_id,
            written(graph.check_interval)
        );
        Finding::fine("graph", text)
    }

    fn rules_line(&self) -> Finding {
        let service = match self.policy.service {
            Service::Started => "started",
            Service::Stopped => "stopped",
        };
        let (group, zone) = (self.group, self.policy.zone);
        let text = format!("service {service}, group {group}, time zone {zone}");
        Finding::fine("rules", text)
    }
}

fn file_line(file: &Path) -> Finding {
    Finding::fine("settings file", file.display().to_string())
}

fn starface_line(starface: &Starface) -> Finding {
    let auth = match &starface.auth {
        Auth::Sha512 => "sha512",
        Auth::Md5 => "md5",
        Auth::OAuth { .. } => "oauth",
        Auth::None => "none",
    };
    let text = format!("{} as {}, instance {}, log-in {auth}", starface.url, starface.login, starface.instance);
    Finding::fine("starface", text)
}

fn store_line(store: &Store) -> Finding {
    let history_for = written(store.history_for);
    let text = format!("{}, history for {history_for}", store.path.display());
    Finding::fine("store", text)
}

fn secrets(secrets: &BTreeMap<String, Origin>) -> impl Iterator<Item = Finding> {
    secrets.iter().map(|(key, origin)| Finding::fine(key, format!("given by {origin}")))
}

fn warnings(warnings: &[Problem]) -> impl Iterator<Item = Finding> {
    warnings.iter().map(Finding::warning)
}
