//! The page over TLS with its own certificate.

use std::fs;
use std::sync::Arc;

use chrono::TimeDelta;
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use starface_calendar::web::http::{Config, Server, TlsFiles};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsConnector;

use super::{Answer, House, TOKEN, config, files, request};

/// Writes a certificate and its key, and returns settings that name them.
fn certified(folder: &TempDir) -> (Config, CertificateDer<'static>) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = files(folder);
    fs::write(&certificate, cert.pem()).unwrap();
    fs::write(&key, signing_key.serialize_pem()).unwrap();
    (Config { tls: Some(TlsFiles { certificate, key }), ..config() }, cert.der().clone())
}

async fn ask(house: &House, certificate: &CertificateDer<'static>, text: &str) -> Answer {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(client)).connect(name, house.connect().await).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    Answer::read(&mut stream).await
}

#[tokio::test]
async fn over_tls_the_page_insists_on_tls_and_its_cookie_is_secure() {
    let folder = TempDir::new().unwrap();
    let (config, certificate) = certified(&folder);
    let house = House::with(config);
    let page = ask(&house, &certificate, &request("GET", "/", &[], "")).await;
    assert_eq!((page.status, page.header("strict-transport-security")), (200, Some("max-age=31536000")));
    let logged_in = ask(&house, &certificate, &request("POST", "/login", &[], &format!("token={TOKEN}"))).await;
    let cookie = logged_in.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-") && cookie.ends_with("; Secure"), "{cookie}");
    assert_eq!(house.get("/").await.status, 0, "plain HTTP is not answered");
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_cut_off_after_ten_seconds() {
    let folder = TempDir::new().unwrap();
    let house = House::with(certified(&folder).0);
    let mut silent = house.connect().await;
    house.clock.waiting(1).await;
    house.clock.advance(TimeDelta::seconds(10));
    assert_eq!(Answer::read(&mut silent).await.status, 0);
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named_with_what_helps() {
    let folder = TempDir::new().unwrap();
    let (config, _) = certified(&folder);
    let (certificate, key) = files(&folder);
    let refused = || Server::bind(config.clone()).unwrap_err().to_string();
    let whole = fs::read_to_string(&key).unwrap();
    let other = KeyPair::generate().unwrap().serialize_pem();
    for (text, words) in
        [(other.as_str(), "belong to the key"), ("", "BEGIN PRIVATE KEY"), ("-----BEGIN", "BEGIN PRIVATE KEY")]
    {
        fs::write(&key, text).unwrap();
        let told = refused();
        assert!(told.contains("web.key") && told.contains(words), "{told}");
    }
    fs::remove_file(&key).unwrap();
    let told = refused();
    assert!(told.contains("web.key") && told.contains("must be there"), "{told}");
    fs::write(&key, whole).unwrap();
    fs::write(&certificate, "no certificate").unwrap();
    let told = refused();
    assert!(told.contains("web.pem") && told.contains("BEGIN CERTIFICATE"), "{told}");
}
