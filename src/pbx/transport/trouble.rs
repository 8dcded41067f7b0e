//! What the HTTP library's errors mean for a call: whether it left, and what helps.

use std::error::Error;

use crate::pbx::PbxError;

/// Tells what an error before the answer's first line means.
pub(super) fn of_sending(error: reqwest::Error) -> PbxError {
    let source = error.without_url();
    if source.is_connect() && concerns_a_certificate(&source) {
        PbxError::Certificate { source }
    } else if source.is_connect() || source.is_builder() {
        PbxError::Unreachable { source }
    } else if source.is_timeout() {
        PbxError::TimedOut
    } else {
        PbxError::Lost { source }
    }
}

/// Tells what an error in the middle of an answer means.
pub(super) fn of_reading(error: reqwest::Error) -> PbxError {
    if error.is_timeout() { PbxError::TimedOut } else { PbxError::Lost { source: error.without_url() } }
}

fn concerns_a_certificate(error: &(dyn Error + 'static)) -> bool {
    let tls = error.downcast_ref::<rustls::Error>();
    let is_refused = matches!(tls, Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented));
    // An I/O error does not name what it wraps as its source.
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
        .map(|inner| inner as &(dyn Error + 'static));
    is_refused || wrapped.or_else(|| error.source()).is_some_and(concerns_a_certificate)
}

#[cfg(test)]
mod tests {
    use rustls::CertificateError;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn a_certificate_error_is_found_under_its_wrappers() {
        #[track_caller]
        fn case(error: rustls::Error, expected: bool) {
            let error = Outer(std::io::Error::other(std::io::Error::other(error)));
            assert_eq!(concerns_a_certificate(&error), expected, "{error:?}");
        }
        case(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer), true);
        case(rustls::Error::HandshakeNotComplete, false);
    }
}
