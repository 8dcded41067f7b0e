//! Each flaw of a certificate and a key, with its message.

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::credential::{AppCertificate, CertificateFlaw, Credential};

use super::openssl::{Pair, openssl};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn content(path: std::path::PathBuf) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

#[test]
fn a_certificate_is_good_from_its_first_to_its_last_instant_and_says_so_else() {
    let pair = Pair::new("rsa:2048").between(at("2026-03-01T00:00:00Z"), at("2026-09-01T00:00:00Z"));
    let credential = Credential::Certificate(pair.read());
    let proves = |now| credential.proof("https://login", "app", now).map(drop).map_err(|error| error.to_string());
    assert_eq!(proves(at("2026-03-01T00:00:00Z")), Ok(()));
    assert_eq!(proves(at("2026-09-01T00:00:00Z")), Ok(()));
    assert_eq!(
        proves(at("2026-09-01T00:00:01Z")).unwrap_err(),
        "the certificate in graph.certificate_file has expired on 2026-09-01 00:00 UTC; make a new one, upload it in the \
         Entra admin center under App registrations, this app, Certificates & secrets, and put it and its key into \
         graph.certificate_file and graph.key_file"
    );
    assert_eq!(
        proves(at("2026-02-28T23:59:59Z")).unwrap_err(),
        "the certificate in graph.certificate_file is not valid before 2026-03-01 00:00 UTC; see that this machine's \
         clock is right, or use the old certificate until then"
    );
    let end = credential.end().unwrap();
    assert_eq!(end.warning(end.at - TimeDelta::days(7)), Some(7));
}

#[test]
fn a_pair_that_cannot_be_used_says_why() {
    let (one, two) = (Pair::new("rsa:2048"), Pair::new("rsa:2048"));
    let case = |certificate: &[u8], key: &[u8], expected: CertificateFlaw| {
        assert_eq!(AppCertificate::from_pem(certificate, key).unwrap_err(), expected);
    };
    let (certificate, key) = (content(one.certificate()), content(one.key()));
    case(&certificate, &content(two.key()), CertificateFlaw::Mismatch);
    case(b"", &key, CertificateFlaw::NoCertificate);
    case(&key, &key, CertificateFlaw::NoCertificate);
    case(&certificate, b"", CertificateFlaw::NoKey);
    case(&certificate, &certificate, CertificateFlaw::NoKey);
    case(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &key, CertificateFlaw::BadCertificate);
    let damaged = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    case(&certificate, damaged.as_bytes(), CertificateFlaw::BadKey);
    let path = one.key();
    let from = |words: &[&str]| openssl(&[&["pkey", "-in", path.to_str().unwrap()], words].concat());
    case(&certificate, &from(&["-aes256", "-passout", "pass:geheim"]), CertificateFlaw::KeyEncrypted);
    let locked = from(&["-traditional", "-aes256", "-passout", "pass:geheim"]);
    case(&certificate, &locked, CertificateFlaw::KeyEncrypted);
    let elliptic = openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    case(&certificate, &elliptic, CertificateFlaw::NotRsa);
    let sec1 = openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout"]);
    case(&certificate, &sec1, CertificateFlaw::NotRsa);
    let short = openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    case(&certificate, &short, CertificateFlaw::KeySize);
}

#[test]
fn both_forms_of_a_key_and_a_file_with_everything_are_read() {
    let (pair, other) = (Pair::new("rsa:2048"), Pair::new("rsa:2048"));
    let (certificate, key) = (content(pair.certificate()), content(pair.key()));
    let traditional = openssl(&["pkey", "-in", pair.key().to_str().unwrap(), "-traditional"]);
    assert!(String::from_utf8_lossy(&traditional).contains("BEGIN RSA PRIVATE KEY"));
    assert_eq!(AppCertificate::from_pem(&certificate, &traditional).unwrap(), pair.read());
    let together = [content(other.certificate()), certificate, key].concat();
    let read = AppCertificate::from_pem(&together, &together).unwrap();
    assert_eq!(read, pair.read(), "of several certificates it is the key's");
    assert_ne!(read, other.read());
    assert!(!format!("{read:?}").contains("PRIVATE"));
}
