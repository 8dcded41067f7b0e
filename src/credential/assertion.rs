//! Assertions: signed with the app's own key, or read from the file that another identity provider's agent writes.
//!
//! The form is Microsoft's: <https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials>.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ring::rand::SystemRandom;
use ring::signature::RSA_PSS_SHA256;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::CredentialError;
use super::certificate::AppCertificate;
use crate::secret::Secret;

/// How long an assertion of ours is good: Microsoft asks for five to ten minutes at most.
pub const ASSERTION_LIFE: Duration = Duration::from_secs(600);

/// The longest assertion that is read; real ones have one or two kilobytes.
pub const ASSERTION_BYTES_MAX: usize = 16 * 1024;

/// Signs an assertion: whoever sends it is the app, to this audience, for a few minutes.
pub(super) fn sign(
    certificate: &AppCertificate,
    audience: &str,
    client_id: &str,
    now: DateTime<Utc>,
) -> Result<Secret, CredentialError> {
    let header = json!({
        "alg": "PS256",
        "typ": "JWT",
        "x5t#S256": URL_SAFE_NO_PAD.encode(certificate.thumbprint()),
    });
    let claims = json!({
        "aud": audience,
        "iss": client_id,
        "sub": client_id,
        "jti": Uuid::new_v4().to_string(),
        "nbf": now.timestamp(),
        "iat": now.timestamp(),
        "exp": (now + ASSERTION_LIFE).timestamp(),
    });
    let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let key = certificate.key();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .map_err(|_| CredentialError::Unsigned)?;
    Ok(Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

/// Reads an assertion that somebody else signed.
pub(super) fn read(path: &Path, now: DateTime<Utc>) -> Result<Secret, CredentialError> {
    let mut text = Zeroizing::new(String::new());
    let limit = ASSERTION_BYTES_MAX as u64 + 2;
    let file = File::open(path).map_err(|error| CredentialError::Unreadable(error.kind()))?;
    file.take(limit).read_to_string(&mut text).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => CredentialError::NoAssertion,
        kind => CredentialError::Unreadable(kind),
    })?;
    let text = text.trim();
    let parts: Vec<&str> = text.split('.').collect();
    let is_part = |part: &&str| !part.is_empty() && part.bytes().all(is_of_base64);
    if text.len() > ASSERTION_BYTES_MAX || parts.len() != 3 || !parts.iter().all(is_part) {
        return Err(CredentialError::NoAssertion);
    }
    match end(parts[1]) {
        Some(ended_at) if ended_at <= now => Err(CredentialError::Over { ended_at }),
        _ => Ok(Secret::new(text)),
    }
}

fn is_of_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// What is read of an assertion of others.
#[derive(Deserialize)]
struct Claims {
    exp: Option<i64>,
}

/// Returns when an assertion ends; whether it is one at all is for Entra to judge.
fn end(claims: &str) -> Option<DateTime<Utc>> {
    let claims = Zeroizing::new(URL_SAFE_NO_PAD.decode(claims).ok()?);
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    DateTime::from_timestamp(claims.exp?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assertion(claims: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(claims))
    }

    fn now() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn read_back(text: &str) -> Result<Secret, CredentialError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read(file.path(), now())
    }

    #[test]
    fn an_assertion_in_a_file_is_taken_as_it_stands_there() {
        for claims in ["{\"exp\":1795435201}", "{}", "no claims"] {
            let text = assertion(claims);
            assert_eq!(read_back(&format!("{text}\n")).unwrap().expose(), text, "{claims}");
        }
    }

    #[test]
    fn what_is_over_or_no_assertion_is_told_without_its_words() {
        #[track_caller]
        fn case(text: &str, expected: &str) {
            let told = read_back(text).unwrap_err().to_string();
            assert!(told.contains(expected), "{told}");
            assert!(text.trim().is_empty() || !told.contains(text.trim()), "{told}");
        }
        let over = now().timestamp();
        case(&assertion(&format!("{{\"exp\":{over}}}")), "has expired on 2026-11-23 10:00 UTC");
        case("", "holds no assertion");
        case("a.b", "holds no assertion");
        case("a.b.c d", "holds no assertion");
        case("a.b.", "holds no assertion");
        case(&"a.b.c".repeat(ASSERTION_BYTES_MAX), "holds no assertion");
        let missing = read(Path::new("/nowhere/geheim"), now()).unwrap_err().to_string();
        assert_eq!(missing, "the file in graph.assertion_file cannot be read: entity not found");
    }
}
