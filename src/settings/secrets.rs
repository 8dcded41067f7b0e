//! Secrets: on the module's page, in place, in a file of their own, or as a systemd credential. None is ever part of a problem.

use std::io;
use std::path::Path;

use config::ValueKind;
use zeroize::Zeroizing;

use crate::secret::Secret;

use super::error::Origin;
use super::file::{self, Content, Readable};
use super::form::{Wrong, has_control_character, is_empty, is_too_long};
use super::reader::Reader;
use super::words::{Words, both};

/// The longest secret: many times what a key, a password or a token has.
const SECRET_BYTES_MAX: usize = 4096;

/// What is allowed for the file of a secret.
const FILE_ALLOWED: &str = "allowed: the path, absolute or from the settings file's folder, of a file of at most 4096 \
                            bytes that holds the secret alone";

/// One place that a secret was found in.
struct Found {
    key: String,
    origin: Origin,
    secret: Result<Secret, Wrong>,
}

impl Reader<'_> {
    /// Reads a secret that may be missing: `key` in place, `key_file`, or the systemd credential `key`.
    pub(crate) fn secret(&mut self, key: &str) -> Option<Secret> {
        let credential = self.credential(key);
        self.one_of(key, credential)
    }

    /// Reads a secret that must be given.
    pub(crate) fn required_secret(&mut self, key: &str) -> Option<Secret> {
        let credential = self.credential(key);
        let is_missing = credential.is_none() && !self.is_given(key) && !self.is_given(&file_key(key));
        let secret = self.one_of(key, credential);
        if is_missing {
            let ways = both(ways(key), "tragen Sie den Wert des Geheimnisses ein");
            self.refuse(key, both("is required", "fehlt"), ways);
        }
        secret
    }

    /// Reads a secret that has no credential of its own, as there may be several of it: `key` in place or `key_file`.
    pub(crate) fn required_secret_of_list(&mut self, key: &str) -> Option<Secret> {
        let secret = self.one_of(key, None);
        if !self.is_given(key) && !self.is_given(&file_key(key)) {
            let name = name_of(key);
            self.refuse(key, "is required", format!("set {name} or {name}_file"));
        }
        secret
    }

    fn one_of(&mut self, key: &str, credential: Option<Found>) -> Option<Secret> {
        let (in_place, in_file) = (self.in_place(key), self.in_file(key));
        let found = match in_place {
            // The page decides over file, environment and credential.
            Some(Found { origin: Origin::Page(_), .. }) => [in_place, None, None],
            in_place => [in_place, in_file, credential],
        };
        let mut found: Vec<Found> = found.into_iter().flatten().collect();
        if found.len() > 1 {
            let origins: Vec<String> = found.iter().map(|found| found.origin.to_string()).collect();
            let wrong = format!("is given more than once: {}", origins.join(", "));
            self.refuse(key, wrong, ways(key));
        }
        let first = found.drain(..).next()?;
        self.secrets.insert(key.to_owned(), first.origin.clone());
        self.noted(&first.key, first.origin, first.secret)
    }

    fn in_place(&mut self, key: &str) -> Option<Found> {
        self.asked.insert(key.to_owned());
        let (kind, origin) = self.tree.at(key)?;
        let secret = match kind {
            ValueKind::String(text) => checked(text),
            _ => Err(wrong("is not a text in quotes".into())),
        };
        Some(Found { key: key.to_owned(), origin, secret })
    }

    fn in_file(&mut self, key: &str) -> Option<Found> {
        let key = file_key(key);
        self.asked.insert(key.clone());
        let (kind, origin) = self.tree.at(&key)?;
        let secret = match kind {
            ValueKind::String(path) if !path.is_empty() => {
                let path = self.sources.resolve(path);
                let content = file::read(&path, SECRET_BYTES_MAX);
                self.warn_if_exposed(&key, &path, &content);
                content_of(content)
            }
            _ => Err(Wrong { wrong: "is not a path in quotes".into(), allowed: FILE_ALLOWED.into() }),
        };
        Some(Found { key, origin, secret })
    }

    /// systemd sees to it that nobody else reads a credential.
    fn credential(&mut self, key: &str) -> Option<Found> {
        let path = self.sources.credentials()?.join(key);
        let content = match file::read(&path, SECRET_BYTES_MAX) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            content => content,
        };
        Some(Found { key: key.to_owned(), origin: Origin::Credential(key.to_owned()), secret: content_of(content) })
    }

    pub(super) fn warn_if_exposed(&mut self, key: &str, path: &Path, content: &io::Result<Content>) {
        if content.as_ref().is_ok_and(|content| content.readable == Readable::ByEverybody) {
            let wrong = format!("{} can be read by every user of this machine", path.display());
            self.warn(key, wrong, format!("run chmod o-r {}", path.display()));
        }
    }
}

/// The path is not told: people put the secret itself where its file belongs.
fn content_of(content: io::Result<Content>) -> Result<Secret, Wrong> {
    let bytes = content.map(|content| content.bytes).map_err(|error| Wrong {
        wrong: format!("names a file that cannot be read: {error}").into(),
        allowed: FILE_ALLOWED.into(),
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong("is not UTF-8".into()))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    checked(text.strip_suffix('\r').unwrap_or(text))
}

fn checked(text: &str) -> Result<Secret, Wrong> {
    let text = Zeroizing::new(text.to_owned());
    if text.trim().is_empty() {
        return Err(wrong(is_empty()));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong(has_control_character()));
    }
    if text.len() > SECRET_BYTES_MAX {
        return Err(wrong(is_too_long()));
    }
    Ok(Secret::new(text.as_str()))
}

fn wrong(wrong: Words) -> Wrong {
    let allowed = both(
        format!("allowed: a text on one line of at most {SECRET_BYTES_MAX} bytes"),
        format!("erlaubt: ein Text auf einer Zeile mit höchstens {SECRET_BYTES_MAX} Bytes"),
    );
    Wrong { wrong, allowed }
}

fn file_key(key: &str) -> String {
    format!("{key}_file")
}

fn name_of(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, name)| name)
}

fn ways(key: &str) -> String {
    let name = name_of(key);
    format!("set one of {name}, {name}_file and the systemd credential {key}")
}
