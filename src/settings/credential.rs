//! What the app in `[graph]` proves itself with: a secret, a certificate with its key, or a file with an assertion.
//!
//! Exactly one of the three is given. A secret on the module's page decides over the others, as every filled field of the
//! page does; then a warning says that they are not used.

use chrono::{DateTime, Utc};

use crate::credential::{AppCertificate, Credential};
use crate::secret::Secret;

use super::error::Origin;
use super::file;
use super::form::date::instant;
use super::form::graph::is_guid;
use super::form::line;
use super::reader::Reader;
use super::words::both;

pub(crate) const CLIENT_SECRET: &str = "graph.client_secret";
const SECRET_END: &str = "graph.client_secret_expires_at";
const CERTIFICATE_FILE: &str = "graph.certificate_file";
const KEY_FILE: &str = "graph.key_file";
const ASSERTION_FILE: &str = "graph.assertion_file";

/// The longest file of a certificate or a key: many times what a chain of certificates has.
const PEM_BYTES_MAX: usize = 64 * 1024;

const CERTIFICATE_ALLOWED: &str = "allowed: the path, absolute or from the settings file's folder, of a PEM file of at \
                                   most 64 KiB with the certificate that is uploaded in Microsoft Entra";

const KEY_ALLOWED: &str = "allowed: the path, absolute or from the settings file's folder, of a PEM file of at most 64 KiB \
                           with the certificate's RSA key of 2048 to 4096 bits, without a password (openssl pkey takes \
                           one off)";

/// What is given of the three ways.
struct Given {
    secret: Option<Secret>,
    ends_at: Option<DateTime<Utc>>,
    certificate: Option<AppCertificate>,
    assertion: Option<Credential>,
    /// The first key of each way that is given, also of one that cannot be used.
    ways: Vec<&'static str>,
}

/// Reads what the app proves itself with.
pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Credential> {
    let given = Given::read(reader);
    match given.ways.as_slice() {
        [] => {
            let ways = both(
                "set one of client_secret, client_secret_file and the systemd credential graph.client_secret; or \
                 certificate_file with key_file; or assertion_file",
                "tragen Sie den Wert des Geheimnisses ein",
            );
            reader.refuse(CLIENT_SECRET, both("is required", "fehlt"), ways);
            None
        }
        [_] => given.only(reader),
        [CLIENT_SECRET, others @ ..] if matches!(reader.secrets.get(CLIENT_SECRET), Some(Origin::Page(_))) => {
            for key in others {
                let help = "empty that field, or remove this key";
                reader.warn(key, "is not used, as the field App-Secret of the module's page is filled in", help);
            }
            given.secret(reader)
        }
        [first, others @ ..] => {
            for key in others {
                let help = "set one of client_secret, certificate_file with key_file, and assertion_file";
                reader.refuse(key, format!("is given beside {first}"), help);
            }
            None
        }
    }
}

impl Given {
    fn read(reader: &mut Reader<'_>) -> Self {
        let secret = reader.secret(CLIENT_SECRET);
        let ends_at = reader.optional(SECRET_END, &instant());
        let certificate = read_certificate(reader);
        let path = reader.optional(ASSERTION_FILE, &line(super::PATH_CHARS_MAX));
        let assertion = path.map(|path| Credential::AssertionFile(reader.sources.resolve(&path)));
        let has_certificate = reader.is_given(CERTIFICATE_FILE) || reader.is_given(KEY_FILE);
        let ways = [
            (CLIENT_SECRET, reader.secrets.contains_key(CLIENT_SECRET)),
            (CERTIFICATE_FILE, has_certificate),
            (ASSERTION_FILE, reader.is_given(ASSERTION_FILE)),
        ];
        let ways = ways.into_iter().filter(|(_, is_given)| *is_given).map(|(key, _)| key).collect();
        Self { secret, ends_at, certificate, assertion, ways }
    }

    /// Returns the one way that is given.
    fn only(self, reader: &mut Reader<'_>) -> Option<Credential> {
        if self.ways != [CLIENT_SECRET] && reader.is_given(SECRET_END) {
            reader.warn(SECRET_END, "is not used, as there is no client secret", "remove it");
        }
        match self.ways.first() {
            Some(&CLIENT_SECRET) => self.secret(reader),
            Some(&CERTIFICATE_FILE) => self.certificate.map(Credential::Certificate),
            _ => self.assertion,
        }
    }

    fn secret(self, reader: &mut Reader<'_>) -> Option<Credential> {
        let secret = self.secret?;
        warn_of_secret_id(reader, &secret);
        Some(Credential::Secret { secret, ends_at: self.ends_at })
    }
}

/// Reads the certificate with its key; what is wrong is told of the file that is to blame.
fn read_certificate(reader: &mut Reader<'_>) -> Option<AppCertificate> {
    let certificate = reader.optional(CERTIFICATE_FILE, &line(super::PATH_CHARS_MAX));
    let key = reader.optional(KEY_FILE, &line(super::PATH_CHARS_MAX));
    let missing = match (reader.is_given(CERTIFICATE_FILE), reader.is_given(KEY_FILE)) {
        (true, false) => Some((KEY_FILE, CERTIFICATE_FILE, KEY_ALLOWED)),
        (false, true) => Some((CERTIFICATE_FILE, KEY_FILE, CERTIFICATE_ALLOWED)),
        _ => None,
    };
    if let Some((missing, beside, allowed)) = missing {
        reader.refuse(missing, format!("is required beside {beside}"), allowed);
    }
    let certificates = content(reader, CERTIFICATE_FILE, &certificate?, CERTIFICATE_ALLOWED);
    let key = content(reader, KEY_FILE, &key?, KEY_ALLOWED);
    match AppCertificate::from_pem(&certificates?, &key?) {
        Ok(certificate) => Some(certificate),
        Err(flaw) => {
            let (key, allowed) =
                if flaw.is_of_key() { (KEY_FILE, KEY_ALLOWED) } else { (CERTIFICATE_FILE, CERTIFICATE_ALLOWED) };
            reader.refuse(key, flaw.to_string(), allowed);
            None
        }
    }
}

fn content(
    reader: &mut Reader<'_>,
    key: &'static str,
    path: &str,
    allowed: &str,
) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let path = reader.sources.resolve(path);
    let content = file::read(&path, PEM_BYTES_MAX);
    if key == KEY_FILE {
        reader.warn_if_exposed(key, &path, &content);
    }
    match content {
        Ok(content) => Some(content.bytes),
        Err(error) => {
            reader.refuse(key, format!("names a file that cannot be read: {error}"), allowed);
            None
        }
    }
}

/// Entra shows a secret's id beside its value, and people copy the wrong one.
fn warn_of_secret_id(reader: &mut Reader<'_>, secret: &Secret) {
    if is_guid(secret.expose()) {
        let wrong = both(
            "looks like the id of a secret, as it is a GUID",
            "sieht aus wie die ID eines Geheimnisses, denn es ist eine GUID",
        );
        let help = both(
            "set the secret's value, which Entra shows once",
            "tragen Sie den Wert des Geheimnisses ein, den Entra einmal zeigt",
        );
        reader.warn(CLIENT_SECRET, wrong, help);
    }
}
