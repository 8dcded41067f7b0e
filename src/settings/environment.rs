//! Where settings come from: the path of the file, the environment, the machine's time zone.
//!
//! This is the only place of the program that reads the process environment. Everything after it takes [`Sources`],
//! a plain value.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use super::error::{Origin, Problem, bounded};
use super::keys::Keys;
use super::layer::Layer;

/// The settings file when neither the command line nor the environment names another.
pub const DEFAULT_FILE: &str = "/etc/starface-calendar/config.toml";

/// The environment variable that names the settings file.
pub const FILE_VARIABLE: &str = "STARFACE_CALENDAR_CONFIG";

/// What the name of an environment variable begins with that is a setting.
pub const PREFIX: &str = "STARFACE_CALENDAR__";

/// systemd's variable for the folder of the service's credentials.
const CREDENTIALS_VARIABLE: &str = "CREDENTIALS_DIRECTORY";

/// Everything that settings are made from.
#[derive(Clone, PartialEq, Eq)]
pub struct Sources {
    /// The settings file.
    pub file: PathBuf,
    /// The environment.
    pub environment: BTreeMap<OsString, OsString>,
    /// The machine's time zone, if it can be told.
    pub machine_zone: Option<String>,
}

impl Sources {
    /// Names a settings file and nothing else.
    pub fn of_file(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), environment: BTreeMap::new(), machine_zone: None }
    }

    /// Takes the environment of this process and the time zone of this machine. The settings file is the one from the
    /// command line, else the one that the environment names, else [`DEFAULT_FILE`].
    pub fn of_process(file: Option<PathBuf>) -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        let environment: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
        Self {
            file: file.unwrap_or_else(|| named_file(&environment)),
            environment,
            machine_zone: iana_time_zone::get_timezone().ok(),
        }
    }

    /// Returns the folder of the systemd credentials, if the service was started with some.
    pub(crate) fn credentials(&self) -> Option<&Path> {
        let folder = self.environment.get(OsStr::new(CREDENTIALS_VARIABLE))?;
        (!folder.is_empty()).then(|| Path::new(folder))
    }

    /// Returns the path that a path in the settings means: a relative one starts at the settings file's folder.
    pub(crate) fn resolve(&self, path: &str) -> PathBuf {
        self.file.parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
    }
}

/// The environment may hold secrets: only the names of our own variables are shown.
impl fmt::Debug for Sources {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = variables(&self.environment).map(|(name, _)| name).collect();
        formatter
            .debug_struct("Sources")
            .field("file", &self.file)
            .field("variables", &names)
            .field("machine_zone", &self.machine_zone)
            .finish()
    }
}

fn named_file(environment: &BTreeMap<OsString, OsString>) -> PathBuf {
    environment
        .get(OsStr::new(FILE_VARIABLE))
        .filter(|path| !path.is_empty())
        .map_or_else(|| PathBuf::from(DEFAULT_FILE), PathBuf::from)
}

/// Returns the settings that the environment holds.
pub(crate) fn layer(sources: &Sources, keys: &Keys) -> (Layer, Vec<Problem>) {
    let mut layer = Layer::default();
    let mut problems = Vec::new();
    for (name, value) in variables(&sources.environment) {
        match checked(&name, value, keys) {
            Ok((key, value)) => layer.set_variable(key, &name, value),
            Err(problem) => problems.push(problem),
        }
    }
    (layer, problems)
}

fn variables(environment: &BTreeMap<OsString, OsString>) -> impl Iterator<Item = (String, &OsString)> {
    environment
        .iter()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value))
        .filter(|(name, _)| name.starts_with(PREFIX))
}

fn checked(name: &str, value: &OsStr, keys: &Keys) -> Result<(String, String), Problem> {
    let key = name[PREFIX.len()..].to_ascii_lowercase().replace("__", ".");
    let problem = |wrong: &str, allowed: String| Problem {
        key: bounded(&key),
        source: Origin::Variable(bounded(name)),
        wrong: wrong.to_owned(),
        allowed,
    };
    if keys.is_of_list(&key) {
        let allowed = "use [[member]] in the settings file".to_owned();
        return Err(problem("cannot be set from the environment", allowed));
    }
    if keys.is_table(&key) {
        return Err(problem("is a table, not a value", keys.choice(&key)));
    }
    if !keys.knows(&key) {
        return Err(problem("unknown key", keys.hint(&key, variable)));
    }
    if variable(&key) != name {
        let allowed = format!("did you mean {}?", variable(&key));
        return Err(problem("unknown key", allowed));
    }
    match value.to_str() {
        Some(value) => Ok((key, value.to_owned())),
        None => Err(problem("is not UTF-8", "allowed: UTF-8 text".to_owned())),
    }
}

/// Returns the name of the environment variable that sets a key.
pub fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_settings_file_when_the_command_line_does_not() {
        let of = |value: &str| named_file(&BTreeMap::from([(FILE_VARIABLE.into(), value.into())]));
        assert_eq!(of("/srv/other.toml"), Path::new("/srv/other.toml"));
        assert_eq!(of(""), Path::new(DEFAULT_FILE));
        assert_eq!(named_file(&BTreeMap::new()), Path::new(DEFAULT_FILE));
        let given = Sources::of_process(Some(PathBuf::from("given.toml")));
        assert_eq!(given.file, Path::new("given.toml"));
    }

    #[test]
    fn debug_output_shows_names_of_our_variables_and_no_value() {
        let mut sources = Sources::of_file("config.toml");
        sources.environment = BTreeMap::from([
            ("STARFACE_CALENDAR__WEB__TOKEN".into(), "geheim".into()),
            ("OTHER".into(), "geheim".into()),
        ]);
        assert_eq!(
            format!("{sources:?}"),
            "Sources { file: \"config.toml\", variables: [\"STARFACE_CALENDAR__WEB__TOKEN\"], machine_zone: None }"
        );
    }

    #[test]
    fn a_relative_path_starts_at_the_folder_of_the_settings_file() {
        let sources = Sources::of_file("/etc/product/config.toml");
        assert_eq!(sources.resolve("key"), Path::new("/etc/product/key"));
        assert_eq!(sources.resolve("/run/key"), Path::new("/run/key"));
        assert_eq!(Sources::of_file("config.toml").resolve("key"), Path::new("key"));
    }
}
