//! A certificate of the app, with the key that belongs to it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use ring::rsa::KeyPair;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

/// A certificate and its RSA key. Two are equal when their certificates are.
#[derive(Clone)]
pub struct AppCertificate(Arc<Parts>);

struct Parts {
    thumbprint: [u8; 32],
    subject: String,
    begins_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    key: KeyPair,
}

/// Why a certificate and a key cannot be used, whatever the time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFlaw {
    /// There is no certificate in its file.
    #[error("holds no certificate in PEM form")]
    NoCertificate,
    /// The certificate cannot be read.
    #[error("holds a certificate that cannot be read")]
    BadCertificate,
    /// There is no key in its file.
    #[error("holds no private key in PEM form")]
    NoKey,
    /// The key is locked with a password.
    #[error("holds a key that is encrypted with a password")]
    KeyEncrypted,
    /// The key is no RSA key.
    #[error("holds a key that is not an RSA key")]
    NotRsa,
    /// The key is too short or too long.
    #[error("holds an RSA key that is not of 2048 to 4096 bits")]
    KeySize,
    /// The key is damaged.
    #[error("holds an RSA key that is damaged or not sound")]
    BadKey,
    /// The key is another certificate's.
    #[error("holds a key that does not belong to the certificate")]
    Mismatch,
}

impl CertificateFlaw {
    /// Returns whether the file of the key is to blame, and not the certificate's.
    pub fn is_of_key(self) -> bool {
        !matches!(self, Self::NoCertificate | Self::BadCertificate)
    }
}

/// Why a certificate is not valid at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untimely {
    /// Its time is over.
    #[error(
        "the certificate in graph.certificate_file has expired on {}; make a new one, upload it in the Entra admin center \
         under App registrations, this app, Certificates & secrets, and put it and its key into graph.certificate_file and \
         graph.key_file",
        ended_at.format("%Y-%m-%d %H:%M UTC")
    )]
    Expired {
        /// When it ended.
        ended_at: DateTime<Utc>,
    },
    /// Its time has not come.
    #[error(
        "the certificate in graph.certificate_file is not valid before {}; see that this machine's clock is right, or use \
         the old certificate until then",
        begins_at.format("%Y-%m-%d %H:%M UTC")
    )]
    NotYetValid {
        /// When it begins.
        begins_at: DateTime<Utc>,
    },
}

/// A certificate as far as it is read.
struct Read {
    thumbprint: [u8; 32],
    subject: String,
    begins_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// The RSA public key as PKCS #1 writes it; empty for a key of another kind.
    public_key: Vec<u8>,
}

impl AppCertificate {
    /// Reads the certificate and the key from the bytes of their two files, which may be one. Of several certificates
    /// it is the one to which the key belongs.
    ///
    /// # Errors
    ///
    /// Fails when either cannot be used, or when they do not belong together.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, CertificateFlaw> {
        let certificates: Vec<CertificateDer<'_>> = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<_, _>>()
            .map_err(|_| CertificateFlaw::BadCertificate)?;
        if certificates.is_empty() {
            return Err(CertificateFlaw::NoCertificate);
        }
        let read: Vec<Read> = certificates.iter().map(read).collect::<Result<_, _>>()?;
        let key = read_key(key)?;
        let belongs = |one: &Read| one.public_key == key.public().as_ref();
        let one = read.into_iter().find(belongs).ok_or(CertificateFlaw::Mismatch)?;
        let Read { thumbprint, subject, begins_at, ends_at, .. } = one;
        Ok(Self(Arc::new(Parts { thumbprint, subject, begins_at, ends_at, key })))
    }

    /// Returns the SHA-256 of its DER form.
    pub fn thumbprint(&self) -> &[u8; 32] {
        &self.0.thumbprint
    }

    /// Returns whom it names.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Returns its first instant.
    pub fn begins_at(&self) -> DateTime<Utc> {
        self.0.begins_at
    }

    /// Returns its last instant.
    pub fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }

    /// Says whether it is valid at an instant.
    ///
    /// # Errors
    ///
    /// Fails when it is over or has not begun.
    pub fn valid_at(&self, now: DateTime<Utc>) -> Result<(), Untimely> {
        let (begins_at, ended_at) = (self.0.begins_at, self.0.ends_at);
        if now > ended_at {
            Err(Untimely::Expired { ended_at })
        } else if now < begins_at {
            Err(Untimely::NotYetValid { begins_at })
        } else {
            Ok(())
        }
    }

    pub(super) fn key(&self) -> &KeyPair {
        &self.0.key
    }
}

impl PartialEq for AppCertificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.thumbprint == other.0.thumbprint
    }
}

impl Eq for AppCertificate {}

impl fmt::Debug for AppCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", Thumbprint(&self.0.thumbprint))
    }
}

/// A thumbprint as Entra shows it: in hex, without colons.
struct Thumbprint<'a>(&'a [u8; 32]);

impl fmt::Display for Thumbprint<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02X}"))
    }
}

impl fmt::Display for AppCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (SHA-256 {})", self.0.subject, Thumbprint(&self.0.thumbprint))
    }
}

/// The most characters of a certificate's name that are kept.
const SUBJECT_CHARS_MAX: usize = 100;

fn read(der: &CertificateDer<'_>) -> Result<Read, CertificateFlaw> {
    let (rest, certificate) = X509Certificate::from_der(der).map_err(|_| CertificateFlaw::BadCertificate)?;
    let instant = |at: i64| DateTime::from_timestamp(at, 0).ok_or(CertificateFlaw::BadCertificate);
    if !rest.is_empty() {
        return Err(CertificateFlaw::BadCertificate);
    }
    let validity = certificate.validity();
    let subject = certificate.subject().to_string();
    let harmless = subject.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter });
    Ok(Read {
        thumbprint: Sha256::digest(der).into(),
        subject: harmless.take(SUBJECT_CHARS_MAX).collect(),
        begins_at: instant(validity.not_before.timestamp())?,
        ends_at: instant(validity.not_after.timestamp())?,
        public_key: certificate.public_key().subject_public_key.data.to_vec(),
    })
}

fn read_key(pem: &[u8]) -> Result<KeyPair, CertificateFlaw> {
    let is_encrypted = pem.windows(ENCRYPTED.len()).any(|window| window == ENCRYPTED);
    let missing = if is_encrypted { CertificateFlaw::KeyEncrypted } else { CertificateFlaw::NoKey };
    let rejected = |rejected: ring::error::KeyRejected| match rejected.to_string().as_str() {
        "TooSmall" | "TooLarge" => CertificateFlaw::KeySize,
        "WrongAlgorithm" => CertificateFlaw::NotRsa,
        _ if is_encrypted => CertificateFlaw::KeyEncrypted,
        _ => CertificateFlaw::BadKey,
    };
    match PrivateKeyDer::from_pem_slice(pem).map_err(|_| missing)? {
        PrivateKeyDer::Pkcs8(key) => KeyPair::from_pkcs8(key.secret_pkcs8_der()).map_err(rejected),
        PrivateKeyDer::Pkcs1(key) => KeyPair::from_der(key.secret_pkcs1_der()).map_err(rejected),
        _ => Err(CertificateFlaw::NotRsa),
    }
}

/// What stands in the PEM form of a key that is locked.
const ENCRYPTED: &[u8] = b"ENCRYPTED";
