//! Tests of [`super`] that need no server.

use rustls::pki_types::ServerName;

use super::*;

/// Self-signed, of X.509 version 1, for 127.0.0.1.
const VERSION_1: &[u8] = include_bytes!("../../../../tests/data/tls/version-1.der");

fn judged(trust: &Trust, certificate: &CertificateDer<'_>) -> Result<(), CertificateFlaw> {
    let judge = Judge::new(trust, &Arc::new(ring::default_provider())).unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_800_000_000));
    match judge.verify_server_cert(certificate, &[], &name, &[], at) {
        Ok(_) => Ok(()),
        Err(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(error)))) => {
            let untrusted = error.downcast_ref::<Untrusted>().unwrap();
            assert_eq!(untrusted.fingerprint, Fingerprint::of(certificate));
            Err(untrusted.flaw)
        }
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_certificate_of_an_old_version_is_refused_as_that_also_when_it_is_known() {
    let certificate = CertificateDer::from(VERSION_1);
    let known = Trust::CaFile(vec![certificate.clone()]);
    let pinned = Trust::PinSha256(Fingerprint::of(&certificate).0);
    for trust in [Trust::System, known, pinned] {
        assert_eq!(judged(&trust, &certificate), Err(CertificateFlaw::OldVersion), "{trust:?}");
    }
}

#[test]
fn what_is_no_certificate_is_refused_also_when_it_is_pinned() {
    let nonsense = CertificateDer::from(b"nonsense".as_slice());
    assert_eq!(judged(&Trust::System, &nonsense), Err(CertificateFlaw::Unusable));
    let pinned = Trust::PinSha256(Fingerprint::of(&nonsense).0);
    assert_eq!(judged(&pinned, &nonsense), Err(CertificateFlaw::Unusable));
}

#[test]
fn every_flaw_that_pinning_cannot_mend_is_known_as_such() {
    assert!(!CertificateFlaw::OldVersion.ends_by_pinning());
    assert!(!CertificateFlaw::Unusable.ends_by_pinning());
    assert!(!CertificateFlaw::KeyNotProved.ends_by_pinning());
    assert!(CertificateFlaw::Expired.ends_by_pinning());
}

#[test]
fn authorities_that_cannot_be_read_make_no_client() {
    let nonsense = Trust::CaFile(vec![CertificateDer::from(b"nonsense".as_slice())]);
    assert!(matches!(tls(&nonsense), Err(PbxError::NoAuthority)));
}

#[test]
fn the_built_in_authorities_can_be_read() {
    let built_in = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
    assert!(built_in.len() > 50);
    assert_eq!(roots(built_in.iter().cloned()).len(), built_in.len());
}
