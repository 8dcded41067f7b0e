//! Certificates that a PBX shows: by what they are told apart, and what can be wrong with one.
//!
//! Must not know: how one is judged. Nothing here fails.

use std::fmt;

use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};

/// The SHA-256 of a certificate's DER form, written as browsers and `openssl x509 -fingerprint -sha256` write it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Returns the fingerprint of a certificate.
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            let colon = if place == 0 { "" } else { ":" };
            write!(formatter, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// Why a certificate is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFlaw {
    /// No trusted authority stands behind it: one that the PBX made itself, or one of an unknown authority.
    #[error("no authority that is trusted has issued it")]
    UnknownIssuer,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time has not come.
    #[error("it is not valid yet (is this machine's clock right?)")]
    NotValidYet,
    /// Another name than the address has.
    #[error("it is made out to another name than the one in starface.url")]
    WrongName,
    /// CA:TRUE, as appliances like to sign their own.
    #[error("it is an authority's certificate (CA:TRUE) and not a server's")]
    AuthorityAsServer,
    /// Of a version before 3, which cannot be used even when it is known.
    #[error("it is of an X.509 version before 3, which cannot be used")]
    OldVersion,
    /// Another certificate than the one in the settings.
    #[error("it is not the one in starface.pin_sha256")]
    NotThePinned,
    /// For something other than servers.
    #[error("it is not made out for a server")]
    WrongPurpose,
    /// Anything else between it and an authority, such as a signature that does not fit.
    #[error("what authorities say of it cannot be verified")]
    Unverifiable,
    /// Whoever shows it does not have its key.
    #[error("the other side does not prove that it has its key")]
    KeyNotProved,
    /// Not even a certificate, or with something in it that nobody here understands.
    #[error("it cannot be read or used")]
    Unusable,
}

impl CertificateFlaw {
    /// Returns whether the certificate would be accepted if the settings named exactly this one.
    pub fn ends_by_pinning(self) -> bool {
        !matches!(self, Self::OldVersion | Self::KeyNotProved | Self::Unusable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_written_as_browsers_write_it() {
        let fingerprint = Fingerprint::of(&CertificateDer::from(b"abc".as_slice()));
        assert_eq!(
            fingerprint.to_string(),
            "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD"
        );
        assert_eq!(format!("{fingerprint:?}"), fingerprint.to_string());
    }
}
