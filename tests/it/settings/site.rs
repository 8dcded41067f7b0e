//! A folder with a settings file, and the sources that name it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use starface_calendar::settings::{Local, Settings, SettingsError, Sources};
use tempfile::TempDir;

/// The least that every site needs, one key a line, so that a test can give one of them anew.
const LEAST: [&str; 7] = [
    "starface.password = \"starface-word\"",
    "starface.module_key = \"module-word\"",
    "graph.tenant_id = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"",
    "graph.client_id = \"11111111-2222-3333-4444-555555555555\"",
    "graph.client_secret = \"graph-word\"",
    "rules.source = \"file\"",
    "rules.group = 1000",
];

/// A site of one test.
pub(crate) struct Site {
    folder: TempDir,
    sources: Sources,
}

impl Site {
    /// Makes a site whose file is this, and nothing else.
    pub(crate) fn of(file: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut sources = Sources::of_file(folder.path().join("config.toml"));
        sources.machine_zone = Some("Europe/Zurich".to_owned());
        let site = Self { folder, sources };
        site.file("config.toml", file)
    }

    /// Makes a site that can be used, whose file begins with these lines. They stand in place of the least's own.
    pub(crate) fn with(lines: &str) -> Self {
        let key = |line: &str| line.split_once(" = ").map(|(key, _)| key.to_owned());
        let given: Vec<Option<String>> = lines.lines().map(key).collect();
        let least: Vec<&str> = LEAST.into_iter().filter(|line| !given.contains(&key(line))).collect();
        Self::of(format!("{lines}\n{}\n", least.join("\n")))
    }

    /// Makes a site that can be used, but for what is left out.
    pub(crate) fn without(keys: &[&str]) -> Self {
        let least: Vec<&str> = LEAST.into_iter().filter(|line| !keys.iter().any(|key| line.starts_with(key))).collect();
        Self::of(least.join("\n"))
    }

    /// Adds a file to the folder, or replaces one. Only its owner can read it.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), content).expect("a file in it");
        self.readable(name, 0o600)
    }

    /// Sets who can read a file.
    pub(crate) fn readable(self, name: &str, mode: u32) -> Self {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).expect("its mode");
        self
    }

    /// Adds an environment variable.
    pub(crate) fn variable(self, name: &str, value: impl Into<OsString>) -> Self {
        self.raw_variable(name.into(), value.into())
    }

    /// Adds an environment variable whose name is any bytes.
    pub(crate) fn raw_variable(mut self, name: OsString, value: OsString) -> Self {
        self.sources.environment.insert(name, value);
        self
    }

    /// Adds a systemd credential.
    pub(crate) fn credential(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = self.path("credentials");
        fs::create_dir_all(&folder).expect("a folder in it");
        fs::write(folder.join(name), content).expect("a credential");
        self.variable("CREDENTIALS_DIRECTORY", folder)
    }

    /// Names another settings file.
    pub(crate) fn named(mut self, name: &str) -> Self {
        self.sources.file = self.path(name);
        self
    }

    /// Changes what the machine says of its time zone.
    pub(crate) fn machine_zone(mut self, zone: Option<&str>) -> Self {
        self.sources.machine_zone = zone.map(str::to_owned);
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    pub(crate) fn load(&self) -> Result<Settings, SettingsError> {
        self.local()?.settings()
    }

    /// Returns what the site's machine says.
    pub(crate) fn local(&self) -> Result<Local, SettingsError> {
        Local::load(&self.sources)
    }

    /// Returns the settings; fails with what is wrong.
    #[track_caller]
    pub(crate) fn settings(&self) -> Settings {
        match self.load() {
            Ok(settings) => settings,
            Err(error) => panic!("failed to load settings:\n{error}"),
        }
    }

    /// Returns what is wrong, with `/site` for the folder.
    #[track_caller]
    pub(crate) fn wrong(&self) -> String {
        match self.load() {
            Ok(_) => panic!("nothing is wrong with the settings"),
            Err(error) => self.neutral(&error.to_string()),
        }
    }

    /// Returns the warnings, with `/site` for the folder.
    #[track_caller]
    pub(crate) fn warnings(&self) -> Vec<String> {
        let settings = self.settings();
        let warnings = settings.warnings.iter();
        warnings.map(|warning| self.neutral(&warning.to_string())).collect()
    }

    pub(crate) fn neutral(&self, text: &str) -> String {
        text.replace(&shown(self.folder.path()), "/site")
    }
}

/// Proves what is said of one wrong first line of a file that is right otherwise.
#[track_caller]
pub(crate) fn file(line: &str, key: &str, expected: &str) {
    let expected = format!("{key} (/site/config.toml line 1): {expected}");
    assert_eq!(Site::with(line).wrong(), expected);
}

/// Proves what is said of one wrong environment variable over a file that is right.
#[track_caller]
pub(crate) fn variable(name: &str, value: &str, key: &str, expected: &str) {
    let name = format!("STARFACE_CALENDAR__{name}");
    let expected = format!("{key} (environment variable {name}): {expected}");
    assert_eq!(Site::with("").variable(&name, value).wrong(), expected);
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
