//! Keys and certificates made by OpenSSL's command line, and certificates of other days for such a key.

use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, Datelike, Utc};
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use starface_calendar::credential::AppCertificate;
use tempfile::TempDir;

/// A folder with a certificate and its key.
pub(crate) struct Pair {
    pub(crate) folder: TempDir,
}

/// Runs a command of OpenSSL; it must succeed.
#[track_caller]
pub(crate) fn openssl(words: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(words).output().unwrap();
    assert!(output.status.success(), "openssl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Pair {
    /// A pair as the documentation tells admins to make one.
    pub(crate) fn new(key: &str) -> Self {
        let pair = Self { folder: TempDir::new().unwrap() };
        openssl(&[
            "req",
            "-x509",
            "-newkey",
            key,
            "-nodes",
            "-sha256",
            "-days",
            "730",
            "-subj",
            "/CN=starface-calendar",
            "-keyout",
            text(&pair.key()),
            "-out",
            text(&pair.certificate()),
        ]);
        pair
    }

    /// The same key with a certificate that is good between two days.
    pub(crate) fn between(&self, first: DateTime<Utc>, last: DateTime<Utc>) -> Self {
        let other = Self { folder: TempDir::new().unwrap() };
        let key = std::fs::read_to_string(self.key()).unwrap();
        let day = |at: DateTime<Utc>| date_time_ymd(at.year(), at.month() as u8, at.day() as u8);
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "starface-calendar");
        (params.not_before, params.not_after) = (day(first), day(last));
        let certificate = params.self_signed(&KeyPair::from_pem(&key).unwrap()).unwrap();
        std::fs::write(other.certificate(), certificate.pem()).unwrap();
        std::fs::write(other.key(), key).unwrap();
        other
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("graph.pem")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("graph.key")
    }

    /// The certificate's DER form, by OpenSSL.
    pub(crate) fn der(&self) -> Vec<u8> {
        openssl(&["x509", "-in", text(&self.certificate()), "-outform", "DER"])
    }

    /// The certificate's public key, by OpenSSL.
    pub(crate) fn public_key(&self) -> PathBuf {
        let path = self.folder.path().join("public.pem");
        std::fs::write(&path, openssl(&["x509", "-in", text(&self.certificate()), "-noout", "-pubkey"])).unwrap();
        path
    }

    pub(crate) fn read(&self) -> AppCertificate {
        let content = |path: PathBuf| std::fs::read(path).unwrap();
        AppCertificate::from_pem(&content(self.certificate()), &content(self.key())).unwrap()
    }

    /// Signs a JSON Web Token with RS256, as another identity provider does.
    pub(crate) fn token(&self, claims: &serde_json::Value) -> String {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let header = serde_json::json!({ "alg": "RS256", "typ": "JWT" });
        let signed = format!("{}.{}", part(&header), part(claims));
        let path = self.folder.path().join("signed");
        std::fs::write(&path, &signed).unwrap();
        let signature = openssl(&["dgst", "-sha256", "-sign", text(&self.key()), text(&path)]);
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
