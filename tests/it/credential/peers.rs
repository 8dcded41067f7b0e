//! Assertions verified by implementations that nobody here wrote: OpenSSL's command line, and Python's `cryptography`.

use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use starface_calendar::credential::{Credential, Proof};

use super::openssl::{Pair, openssl};

const AUDIENCE: &str = "https://login.microsoftonline.com/firma.example/oauth2/v2.0/token";

const APP: &str = "11111111-2222-3333-4444-555555555555";

fn now() -> DateTime<Utc> {
    // A certificate of a test begins when the test does.
    use starface_calendar::clock::{Clock, SystemClock};
    SystemClock.now()
}

fn assertion(pair: &Pair, now: DateTime<Utc>) -> String {
    match Credential::Certificate(pair.read()).proof(AUDIENCE, APP, now).unwrap() {
        Proof::Assertion(assertion) => assertion.expose().to_owned(),
        Proof::Secret(_) => panic!("a certificate gives an assertion"),
    }
}

fn json_of(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn verifies_with_openssl(pair: &Pair, signed: &str, signature: &[u8]) -> bool {
    let folder = pair.folder.path();
    let (data, sign) = (folder.join("data"), folder.join("signature"));
    std::fs::write(&data, signed).unwrap();
    std::fs::write(&sign, signature).unwrap();
    let output = Command::new("openssl")
        .args(["dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-verify"])
        .arg(pair.public_key())
        .arg("-signature")
        .args([&sign, &data])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.trim() == "Verified OK", output.status.success(), "{said}");
    output.status.success()
}

#[track_caller]
fn case(key: &str, signature_bytes: usize) {
    let (pair, now) = (Pair::new(key), now());
    let assertion = assertion(&pair, now);
    let [header, claims, signature] = assertion.split('.').collect::<Vec<_>>()[..] else { panic!("{assertion}") };
    let thumbprint =
        openssl(&["x509", "-in", pair.certificate().to_str().unwrap(), "-noout", "-fingerprint", "-sha256"]);
    let thumbprint = String::from_utf8(thumbprint).unwrap();
    let hex: String = thumbprint.rsplit('=').next().unwrap().trim().replace(':', "");
    assert_eq!(pair.read().to_string(), format!("CN=starface-calendar (SHA-256 {hex})"));
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let expected = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": URL_SAFE_NO_PAD.encode(bytes) });
    assert_eq!(json_of(header), expected);
    let claims_json = json_of(claims);
    let (begins, ends) = (now.timestamp(), now.timestamp() + 600);
    let jti = claims_json["jti"].as_str().unwrap();
    let expected = json!({
        "aud": AUDIENCE, "iss": APP, "sub": APP, "jti": jti, "nbf": begins, "iat": begins, "exp": ends,
    });
    assert_eq!(claims_json, expected);
    assert!(uuid::Uuid::parse_str(jti).is_ok());
    let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    assert_eq!(bytes.len(), signature_bytes);
    let signed = format!("{header}.{claims}");
    assert!(verifies_with_openssl(&pair, &signed, &bytes));
    assert!(!verifies_with_openssl(&pair, &format!("{signed}x"), &bytes), "another text is not what was signed");
    python_verifies(&pair, &assertion);
}

/// Verifies signature, thumbprint and audience, and that a changed text does not pass.
const PYTHON: &str = r#"
import base64, json, sys
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
certificate = x509.load_pem_x509_certificate(open(sys.argv[1], "rb").read())
decode = lambda part: base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
header, claims, signature = sys.stdin.read().split(".")
said = json.loads(decode(header))
assert said["alg"] == "PS256", said
assert decode(said["x5t#S256"]) == certificate.fingerprint(hashes.SHA256()), said
pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
verify = lambda text: certificate.public_key().verify(decode(signature), text.encode(), pss, hashes.SHA256())
verify(header + "." + claims)
try:
    verify(header + "." + claims + "x")
    sys.exit("a changed text passes")
except InvalidSignature:
    print("verified", certificate.public_key().key_size)
"#;

#[track_caller]
fn python_verifies(pair: &Pair, assertion: &str) {
    use std::io::Write;
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", PYTHON])
        .arg(pair.certificate())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(assertion.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("verified"), "{output:?}");
}

#[test]
fn openssl_and_python_verify_an_assertion_signed_with_2048_bits() {
    case("rsa:2048", 256);
}

#[test]
fn openssl_and_python_verify_an_assertion_signed_with_4096_bits() {
    case("rsa:4096", 512);
}

#[test]
fn no_two_assertions_are_alike() {
    let (pair, now) = (Pair::new("rsa:2048"), now());
    assert_ne!(assertion(&pair, now), assertion(&pair, now));
}
