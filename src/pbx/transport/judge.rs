//! Judges the certificate that a PBX shows, and says of one that is not trusted which it is and what is wrong with it.
//!
//! That the PBX holds the certificate's key is proved in every handshake, whatever is trusted.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};

use crate::pbx::{CertificateFlaw, Fingerprint, PbxError, Trust};

/// A certificate that was refused, as an error that passes through the libraries unchanged.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{flaw} (SHA-256 {fingerprint})")]
pub(super) struct Untrusted {
    pub(super) fingerprint: Fingerprint,
    pub(super) flaw: CertificateFlaw,
}

/// Returns a client's side of TLS that trusts what the settings say.
pub(super) fn tls(trust: &Trust) -> Result<ClientConfig, PbxError> {
    let provider = Arc::new(ring::default_provider());
    let judge = Judge::new(trust, &provider)?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(judge))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Decides whether a certificate is trusted.
#[derive(Debug)]
struct Judge {
    /// Certificates that are trusted themselves, whatever they say.
    known: Vec<Fingerprint>,
    /// Who judges all others; without one they are refused.
    authorities: Option<Arc<WebPkiServerVerifier>>,
    signatures: WebPkiSupportedAlgorithms,
}

impl Judge {
    fn new(trust: &Trust, provider: &Arc<CryptoProvider>) -> Result<Self, PbxError> {
        let (known, roots) = match trust {
            Trust::System => (Vec::new(), Some(roots_of_this_machine())),
            Trust::CaFile(certificates) => {
                (certificates.iter().map(Fingerprint::of).collect(), Some(roots(certificates.iter().cloned())))
            }
            Trust::PinSha256(pin) => (vec![Fingerprint(*pin)], None),
        };
        let verifier =
            |roots| WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
        Ok(Self {
            known,
            authorities: roots.map(verifier).transpose().map_err(|_| PbxError::NoAuthority)?,
            signatures: provider.signature_verification_algorithms,
        })
    }
}

fn roots(certificates: impl IntoIterator<Item = CertificateDer<'static>>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    roots
}

/// A host without root certificates gets the built-in ones.
fn roots_of_this_machine() -> RootCertStore {
    let own = roots(rustls_native_certs::load_native_certs().certs);
    if own.is_empty() { roots(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned()) } else { own }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // Without this, the signature of the handshake could not be looked at, also of a known certificate.
        ParsedCertificate::try_from(certificate).map_err(|error| named(certificate, error, flaw_of_itself))?;
        if self.known.contains(&Fingerprint::of(certificate)) {
            return Ok(ServerCertVerified::assertion());
        }
        let Some(authorities) = &self.authorities else {
            return Err(refusal(certificate, CertificateFlaw::NotThePinned));
        };
        authorities
            .verify_server_cert(certificate, intermediates, name, ocsp_response, now)
            .map_err(|error| named(certificate, error, flaw_to_authorities))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.signatures)
            .map_err(|error| named(certificate, error, flaw_of_key))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.signatures)
            .map_err(|error| named(certificate, error, flaw_of_key))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signatures.supported_schemes()
    }
}

/// Adds to an error about a certificate which one it is; every other stays what it is.
fn named(
    certificate: &CertificateDer<'_>,
    error: rustls::Error,
    flaw: impl Fn(&CertificateError) -> CertificateFlaw,
) -> rustls::Error {
    match error {
        rustls::Error::InvalidCertificate(error) => refusal(certificate, flaw(&error)),
        other => other,
    }
}

fn refusal(certificate: &CertificateDer<'_>, flaw: CertificateFlaw) -> rustls::Error {
    let untrusted = Untrusted { fingerprint: Fingerprint::of(certificate), flaw };
    rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(untrusted))))
}

fn flaw_of_itself(error: &CertificateError) -> CertificateFlaw {
    match unnamed(error) {
        Some(webpki::Error::UnsupportedCertVersion) => CertificateFlaw::OldVersion,
        _ => CertificateFlaw::Unusable,
    }
}

fn flaw_to_authorities(error: &CertificateError) -> CertificateFlaw {
    match error {
        CertificateError::UnknownIssuer => CertificateFlaw::UnknownIssuer,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateFlaw::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => CertificateFlaw::NotValidYet,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateFlaw::WrongName
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            CertificateFlaw::WrongPurpose
        }
        other => match unnamed(other) {
            Some(webpki::Error::CaUsedAsEndEntity) => CertificateFlaw::AuthorityAsServer,
            _ => CertificateFlaw::Unverifiable,
        },
    }
}

fn flaw_of_key(error: &CertificateError) -> CertificateFlaw {
    match error {
        CertificateError::BadSignature => CertificateFlaw::KeyNotProved,
        _ => CertificateFlaw::Unusable,
    }
}

/// Returns the error beneath one that has no name here.
fn unnamed(error: &CertificateError) -> Option<&webpki::Error> {
    match error {
        CertificateError::Other(OtherError(error)) => error.downcast_ref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
