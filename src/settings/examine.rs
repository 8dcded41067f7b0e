//! What a person is shown of settings that can be used: one line for each part, and the warnings.

use std::fmt;

use crate::rules::policy::Service;

use super::error::{Origin, Problem};
use super::form::duration::written;
use super::{Auth, Settings};

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
        Self {
            health: Health::Warning,
            subject: warning.key.clone(),
            text: format!("{} ({}); {}", warning.wrong, warning.source, warning.allowed),
        }
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

impl Settings {
    /// Returns one line for each part of the settings, then the warnings.
    pub fn findings(&self) -> Vec<Finding> {
        let secrets = self.secrets.iter().map(|(key, origin)| secret(key, origin));
        let warnings = self.warnings.iter().map(Finding::warning);
        [
            Finding::fine("settings file", self.file.display().to_string()),
            self.starface_line(),
            self.graph_line(),
            self.rules_line(),
            self.store_line(),
        ]
        .into_iter()
        .chain(secrets)
        .chain(warnings)
        .collect()
    }

    fn starface_line(&self) -> Finding {
        let starface = &self.starface;
        let auth = match &starface.auth {
            Auth::Sha512 => "sha512",
            Auth::Md5 => "md5",
            Auth::OAuth { .. } => "oauth",
            Auth::None => "none",
        };
        let text = format!("{} as {}, instance {}, log-in {auth}", starface.url, starface.login, starface.instance);
        Finding::fine("starface", text)
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

    fn store_line(&self) -> Finding {
        let history_for = written(self.store.history_for);
        let text = format!("{}, history for {history_for}", self.store.path.display());
        Finding::fine("store", text)
    }
}

fn secret(key: &str, origin: &Origin) -> Finding {
    Finding::fine(key, format!("given by {origin}"))
}
