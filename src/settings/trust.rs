//! `starface.ca_file` and `starface.pin_sha256`: which certificates the PBX may show.

use std::fmt;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::file;
use super::form::{Form, line};
use super::reader::Reader;

/// Which certificates the PBX may show.
#[derive(Clone, PartialEq, Eq)]
pub enum Trust {
    /// Those that this machine trusts.
    System,
    /// Those of these authorities, and these themselves: at least one.
    CaFile(Vec<CertificateDer<'static>>),
    /// Exactly the one with this SHA-256 of its DER form.
    PinSha256([u8; 32]),
}

impl fmt::Debug for Trust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => formatter.write_str("System"),
            Self::CaFile(certificates) => write!(formatter, "CaFile({} certificates)", certificates.len()),
            Self::PinSha256(_) => formatter.write_str("PinSha256(…)"),
        }
    }
}

const CA_FILE: &str = "starface.ca_file";
const PIN: &str = "starface.pin_sha256";

/// The longest file of certificates: those of every public authority together are a quarter of it.
const CA_FILE_BYTES_MAX: usize = 1024 * 1024;

const CA_FILE_ALLOWED: &str = "allowed: the path, absolute or from the settings file's folder, of a PEM file of at \
                               most 1 MiB with one certificate or more";

impl Trust {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let authorities = read_authorities(reader);
        let pin = reader.optional(PIN, &fingerprint());
        if reader.is_given(CA_FILE) && reader.is_given(PIN) {
            reader.refuse(PIN, "is given beside starface.ca_file", "set one of the two");
        }
        match (authorities, pin) {
            (_, Some(pin)) => Self::PinSha256(pin),
            (Some(certificates), None) => Self::CaFile(certificates),
            (None, None) => Self::System,
        }
    }
}

fn read_authorities(reader: &mut Reader<'_>) -> Option<Vec<CertificateDer<'static>>> {
    let path = reader.optional(CA_FILE, &line(super::PATH_CHARS_MAX))?;
    let read = certificates(&reader.sources.resolve(&path));
    read.map_err(|wrong| reader.refuse(CA_FILE, wrong, CA_FILE_ALLOWED)).ok()
}

/// Reads a file of certificates; other things in it, such as keys, are passed over.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let content =
        file::read(path, CA_FILE_BYTES_MAX).map_err(|error| format!("names a file that cannot be read: {error}"))?;
    let certificates = CertificateDer::pem_slice_iter(&content.bytes)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| "names a file that is not PEM")?;
    if certificates.is_empty() {
        return Err("names a file without a certificate".to_owned());
    }
    let mut roots = RootCertStore::empty();
    if certificates.iter().any(|certificate| roots.add(certificate.clone()).is_err()) {
        return Err("names a file with something broken in place of a certificate".to_owned());
    }
    Ok(certificates)
}

fn fingerprint() -> Form<[u8; 32]> {
    let allowed = "the SHA-256 of the certificate, 64 hex digits, also with a colon after every two";
    Form::new(allowed, |text| parsed_fingerprint(text).ok_or_else(|| "is not a SHA-256 in hex".into())).hidden()
}

fn parsed_fingerprint(text: &str) -> Option<[u8; 32]> {
    let pairs: Vec<&[u8]> = match text.contains(':') {
        true => text.split(':').map(str::as_bytes).collect(),
        false => text.as_bytes().chunks(2).collect(),
    };
    let bytes = pairs.into_iter().map(byte).collect::<Option<Vec<u8>>>()?;
    bytes.try_into().ok()
}

fn byte(pair: &[u8]) -> Option<u8> {
    let &[high, low] = pair else {
        return None;
    };
    let digit = |letter: u8| char::from(letter).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_with_and_without_colons() {
        #[track_caller]
        fn case(text: &str, expected: Option<[u8; 32]>) {
            assert_eq!(parsed_fingerprint(text), expected, "{text}");
        }
        let expected = Some(std::array::from_fn(|_| 0xA5));
        case(&"a5".repeat(32), expected);
        case(&"A5".repeat(32), expected);
        case(&vec!["a5"; 32].join(":"), expected);
        case(&vec!["A5"; 32].join(":"), expected);
        case("", None);
        case(&"a5".repeat(31), None);
        case(&"a5".repeat(33), None);
        case(&"a5".repeat(32)[1..], None);
        case(&"g5".repeat(32), None);
        case(&"+5".repeat(32), None);
        case(&vec!["a5a5"; 16].join(":"), None);
        case(&format!("{}:", "a5".repeat(32)), None);
        case(&"ä".repeat(32), None);
    }
}
