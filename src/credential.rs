//! What the app proves itself with to Microsoft Entra: a client secret, a certificate with its key, or an assertion that
//! somebody else writes into a file.
//!
//! Must not know: who asks, where it was configured, how it is sent. Reads one file, the assertion's, each time it is
//! needed, as others renew it; everything else is a value. No error and no `Debug` form holds a secret, a key, an
//! assertion or a path.

use std::fmt;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

use crate::secret::Secret;

mod assertion;
mod certificate;

pub use assertion::{ASSERTION_BYTES_MAX, ASSERTION_LIFE};
pub use certificate::{AppCertificate, CertificateFlaw, Untimely};

/// What the app proves itself with.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// A secret of the app.
    Secret {
        /// Its value.
        secret: Secret,
        /// When it ends, if somebody said.
        ends_at: Option<DateTime<Utc>>,
    },
    /// A certificate of the app, with its key.
    Certificate(AppCertificate),
    /// A file with an assertion of another identity provider, which the app trusts.
    AssertionFile(PathBuf),
}

/// Which kind of credential it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A client secret.
    Secret,
    /// A certificate.
    Certificate,
    /// A federated assertion.
    Assertion,
}

/// Until when a credential is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// What ends.
    pub kind: Kind,
    /// When.
    pub at: DateTime<Utc>,
}

/// How many days before its end somebody is told of it, one time after the other.
pub const WARNING_DAYS: [u32; 4] = [30, 14, 7, 1];

impl End {
    /// Returns how far it has come: the smallest of [`WARNING_DAYS`] that is reached, also when it is over; nothing while
    /// there is time.
    pub fn warning(&self, now: DateTime<Utc>) -> Option<u32> {
        let is_reached = |days: &u32| self.at - now <= TimeDelta::days(i64::from(*days));
        WARNING_DAYS.into_iter().filter(is_reached).min()
    }

    /// Returns when the first warning is due.
    pub fn warned_from(&self) -> DateTime<Utc> {
        self.at - TimeDelta::days(i64::from(WARNING_DAYS[0]))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Secret => "client secret",
            Self::Certificate => "certificate",
            Self::Assertion => "federated assertion",
        })
    }
}

/// What goes with a request for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// As `client_secret`.
    Secret(Secret),
    /// As `client_assertion`.
    Assertion(Secret),
}

/// Why the app cannot prove itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// The certificate is not valid now.
    #[error("{0}")]
    Untimely(#[from] Untimely),
    /// The assertion could not be signed.
    #[error("the assertion could not be signed with the key in graph.key_file")]
    Unsigned,
    /// The file with the assertion cannot be read.
    #[error("the file in graph.assertion_file cannot be read: {0}")]
    Unreadable(std::io::ErrorKind),
    /// What is in the file is no assertion.
    #[error(
        "the file in graph.assertion_file holds no assertion; it must hold one signed JSON Web Token alone, of at most \
         {ASSERTION_BYTES_MAX} bytes"
    )]
    NoAssertion,
    /// What is in the file is over.
    #[error(
        "the assertion in graph.assertion_file has expired on {}; see to whatever writes that file",
        ended_at.format("%Y-%m-%d %H:%M UTC")
    )]
    Over {
        /// When it ended.
        ended_at: DateTime<Utc>,
    },
}

impl CredentialError {
    /// Returns whether it may pass by itself: somebody else writes the file.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unreadable(_) | Self::NoAssertion | Self::Over { .. })
    }
}

impl Credential {
    /// Returns a secret of which nobody said when it ends.
    pub fn secret(secret: Secret) -> Self {
        Self::Secret { secret, ends_at: None }
    }

    /// Returns which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Secret { .. } => Kind::Secret,
            Self::Certificate(_) => Kind::Certificate,
            Self::AssertionFile(_) => Kind::Assertion,
        }
    }

    /// Returns its end, as far as that is known and a person has to do something before.
    pub fn end(&self) -> Option<End> {
        let at = match self {
            Self::Secret { ends_at, .. } => (*ends_at)?,
            Self::Certificate(certificate) => certificate.ends_at(),
            Self::AssertionFile(_) => return None,
        };
        Some(End { kind: self.kind(), at })
    }

    /// Returns what proves the app to whoever gives tokens at `audience`, for the next few minutes.
    ///
    /// # Errors
    ///
    /// Fails with a certificate that is not valid now, and with a file in which no usable assertion is.
    pub fn proof(&self, audience: &str, client_id: &str, now: DateTime<Utc>) -> Result<Proof, CredentialError> {
        match self {
            Self::Secret { secret, .. } => Ok(Proof::Secret(secret.clone())),
            Self::Certificate(certificate) => {
                certificate.valid_at(now)?;
                assertion::sign(certificate, audience, client_id, now).map(Proof::Assertion)
            }
            Self::AssertionFile(path) => assertion::read(path, now).map(Proof::Assertion),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret { ends_at, .. } => formatter.debug_struct("Secret").field("ends_at", ends_at).finish(),
            Self::Certificate(certificate) => formatter.debug_tuple("Certificate").field(certificate).finish(),
            Self::AssertionFile(_) => formatter.write_str("AssertionFile(…)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_30_14_7_and_1_days_before_and_stays_told() {
        let end = End { kind: Kind::Secret, at: "2026-12-31T00:00:00Z".parse().unwrap() };
        let warning =
            |days: i64, seconds: i64| end.warning(end.at - TimeDelta::days(days) + TimeDelta::seconds(seconds));
        assert_eq!([warning(31, 0), warning(30, -1)], [None, None]);
        assert_eq!([warning(30, 0), warning(20, 0), warning(14, -1)], [Some(30); 3]);
        assert_eq!([warning(14, 0), warning(8, 0)], [Some(14); 2]);
        assert_eq!([warning(7, 0), warning(2, 0)], [Some(7); 2]);
        assert_eq!([warning(1, 0), warning(0, 0), warning(-400, 0)], [Some(1); 3]);
        assert_eq!(end.warning(end.warned_from()), Some(30));
    }

    #[test]
    fn debug_output_shows_no_secret_and_no_path() {
        let secret = Credential::secret(Secret::new("geheim"));
        let file = Credential::AssertionFile("/run/geheim".into());
        assert_eq!(format!("{secret:?} {file:?}"), "Secret { ends_at: None } AssertionFile(…)");
    }
}
