//! Who proves an app without its secret: the app's own certificates, and other identity providers that it trusts.
//!
//! The judge shares nothing with the signer: the signature is verified with the certificate as TLS verifies one, and the
//! claims are read as Microsoft describes them.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use rustls::SignatureScheme;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use serde_json::Value;
use sha2::{Digest, Sha256};
use webpki::EndEntityCert;

/// Another identity provider that the app trusts for one subject.
#[derive(Clone, Debug)]
pub struct Federation {
    /// Who issues its assertions.
    pub issuer: String,
    /// Of whom they tell.
    pub subject: String,
    /// The certificate of the key that signs them.
    pub certificate: CertificateDer<'static>,
}

/// What every federated assertion is made out to.
const EXCHANGE: &str = "api://AzureADTokenExchange";

/// What an assertion must be sent as.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// By how much clocks may differ.
const SLACK: TimeDelta = TimeDelta::minutes(5);

/// The most ids of assertions that are remembered.
const IDS_MAX: usize = 1_000;

/// Who may prove the app.
#[derive(Debug, Default)]
pub(crate) struct Assertions {
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    pub(crate) federations: Vec<Federation>,
    ids: BTreeSet<String>,
}

/// Why an assertion is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No certificate of the app has signed it.
    UnknownKey,
    /// It is for another time.
    Untimely,
    /// Nobody who is trusted has issued it.
    NotFederated,
    /// It is none, or made out to somebody else.
    Invalid(&'static str),
}

/// An assertion in its parts.
struct Parts<'a> {
    header: Value,
    claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn of(assertion: &'a str) -> Option<Self> {
        let (signed, signature) = assertion.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        Some(Self {
            header: json(header)?,
            claims: json(claims)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    fn claim(&self, name: &str) -> &str {
        self.claims[name].as_str().unwrap_or_default()
    }

    fn instant(&self, name: &str) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.claims[name].as_i64()?, 0)
    }

    /// Returns whether the key of this certificate has signed it, with the algorithm that its header names.
    fn is_signed_by(&self, certificate: &CertificateDer<'_>) -> bool {
        let scheme = match self.header["alg"].as_str() {
            Some("PS256") => SignatureScheme::RSA_PSS_SHA256,
            Some("RS256") => SignatureScheme::RSA_PKCS1_SHA256,
            _ => return false,
        };
        let known = default_provider().signature_verification_algorithms.mapping;
        let fitting = known.iter().filter(|(known, _)| *known == scheme).flat_map(|(_, algorithms)| algorithms.iter());
        let Ok(certificate) = EndEntityCert::try_from(certificate) else { return false };
        let verifies = |algorithm: &&'static dyn rustls::pki_types::SignatureVerificationAlgorithm| {
            certificate.verify_signature(*algorithm, self.signed.as_bytes(), &self.signature).is_ok()
        };
        fitting.into_iter().any(verifies)
    }

    fn examine_time(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        let (begins_at, ends_at) = (self.instant("nbf"), self.instant("exp"));
        let is_now = ends_at.is_some_and(|at| now < at + SLACK) && begins_at.is_none_or(|at| at - SLACK <= now);
        if is_now { Ok(()) } else { Err(Refused::Untimely) }
    }
}

impl Assertions {
    /// Judges an assertion that came with its type.
    pub(crate) fn examine(
        &mut self,
        (kind, assertion): (&str, &str),
        audience: &str,
        client_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        if kind != ASSERTION_TYPE {
            return Err(Refused::Invalid("client_assertion_type"));
        }
        let parts = Parts::of(assertion).ok_or(Refused::Invalid("form"))?;
        if parts.claim("aud") == EXCHANGE {
            return self.examine_federated(&parts, now);
        }
        self.examine_own(&parts, audience, client_id, now)
    }

    fn examine_own(
        &mut self,
        parts: &Parts<'_>,
        audience: &str,
        client_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        let thumbprint = |certificate: &CertificateDer<'_>| URL_SAFE_NO_PAD.encode(Sha256::digest(certificate));
        let named = parts.header["x5t#S256"].as_str().unwrap_or_default();
        let certificate = self.certificates.iter().find(|certificate| thumbprint(certificate) == named);
        let certificate = certificate.ok_or(Refused::UnknownKey)?;
        if parts.header["alg"] != "PS256" || parts.header["typ"] != "JWT" || !parts.is_signed_by(certificate) {
            return Err(Refused::Invalid("signature"));
        }
        if parts.claim("aud") != audience {
            return Err(Refused::Invalid("aud"));
        }
        if parts.claim("iss") != client_id || parts.claim("sub") != client_id {
            return Err(Refused::Invalid("iss or sub"));
        }
        parts.examine_time(now)?;
        let id = parts.claim("jti");
        if self.ids.len() >= IDS_MAX {
            self.ids.clear();
        }
        if id.is_empty() || !self.ids.insert(id.to_owned()) {
            return Err(Refused::Invalid("jti"));
        }
        Ok(())
    }

    fn examine_federated(&self, parts: &Parts<'_>, now: DateTime<Utc>) -> Result<(), Refused> {
        let is_trusted = |federation: &&Federation| {
            federation.issuer == parts.claim("iss") && federation.subject == parts.claim("sub")
        };
        let federation = self.federations.iter().find(is_trusted).ok_or(Refused::NotFederated)?;
        if !parts.is_signed_by(&federation.certificate) {
            return Err(Refused::Invalid("signature"));
        }
        parts.examine_time(now)
    }
}
