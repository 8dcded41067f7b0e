//! What the HTTP library's errors mean for a call: whether it left, and what helps.

use std::error::Error;
use std::sync::Arc;

use rustls::{CertificateError, OtherError};

use super::judge::Untrusted;
use crate::pbx::PbxError;

/// Tells what an error before the answer's first line means.
pub(super) fn of_sending(error: reqwest::Error) -> PbxError {
    let error = error.without_url();
    if error.is_connect()
        && let Some(Untrusted { fingerprint, flaw }) = untrusted(&error)
    {
        return PbxError::Certificate { fingerprint, flaw };
    }
    let source = Arc::new(error);
    if source.is_connect() || source.is_builder() {
        PbxError::Unreachable { source }
    } else if source.is_timeout() {
        PbxError::TimedOut
    } else {
        PbxError::Lost { source }
    }
}

/// Tells what an error in the middle of an answer means.
pub(super) fn of_reading(error: reqwest::Error) -> PbxError {
    if error.is_timeout() { PbxError::TimedOut } else { PbxError::Lost { source: Arc::new(error.without_url()) } }
}

/// Returns the judgement of a certificate, if that is what lies under an error.
fn untrusted(error: &(dyn Error + 'static)) -> Option<Untrusted> {
    if let Some(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(refusal)))) = error.downcast_ref()
    {
        return refusal.downcast_ref().copied();
    }
    // An I/O error does not name what it wraps as its source.
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
        .map(|inner| inner as &(dyn Error + 'static));
    wrapped.or_else(|| error.source()).and_then(untrusted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pbx::{CertificateFlaw, Fingerprint};

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn the_judgement_of_a_certificate_is_found_under_its_wrappers() {
        #[track_caller]
        fn case(error: rustls::Error, expected: Option<CertificateFlaw>) {
            let error = Outer(std::io::Error::other(std::io::Error::other(error)));
            assert_eq!(untrusted(&error).map(|untrusted| untrusted.flaw), expected, "{error:?}");
        }
        let judged = Untrusted { fingerprint: Fingerprint([7; 32]), flaw: CertificateFlaw::WrongName };
        let refusal = CertificateError::Other(OtherError(Arc::new(judged)));
        case(refusal.into(), Some(CertificateFlaw::WrongName));
        case(CertificateError::Other(OtherError(Arc::new(std::fmt::Error))).into(), None);
        case(rustls::Error::HandshakeNotComplete, None);
    }
}
