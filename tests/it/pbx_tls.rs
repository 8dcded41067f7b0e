//! Which certificates of a PBX are accepted by which settings, each with its message, over real TLS.

use std::sync::Arc;

use axum::Router;
use starface_calendar::pbx::{CertificateFlaw, Config, Fingerprint, Pbx, PbxError, Trust};
use starface_calendar::rules::{Outcome, Verdict};

use crate::certificates::{Authority, Shown, TlsFront};
use crate::pbx::{Server, away_step, client_of, config, serve, structure, success, text};

async fn pbx() -> Server {
    serve(Router::new().fallback(|| async { success(structure([("api", text("1"))])) })).await
}

/// Calls a PBX that shows this certificate.
async fn call(front: &TlsFront, trust: &Trust) -> Result<(), PbxError> {
    let config = Config { trust: trust.clone(), ..config(&front.url) };
    client_of(config).info().await.map(drop)
}

/// Proves what each of the settings makes of one certificate: the host's authorities, an own authority, the
/// certificate itself as authority, its pin, and the pin of another.
async fn row(authority: &Authority, shown: Shown, by_system: CertificateFlaw, by_ca_file: Option<CertificateFlaw>) {
    let pbx = pbx().await;
    let front = TlsFront::start(&shown, &pbx.url).await;
    let fingerprint = Fingerprint::of(&shown.certificate);
    let case = async |trust: Trust, expected: Option<CertificateFlaw>| match (call(&front, &trust).await, expected) {
        (Ok(()), None) => {}
        (Err(error), Some(flaw)) => {
            let message = format!("trust the PBX's certificate: {flaw} (SHA-256 {fingerprint})");
            assert_eq!(error.to_string(), message, "{trust:?}");
            assert_eq!(error.verdict(), Verdict::NeedsHuman);
        }
        (result, expected) => panic!("{trust:?}: {result:?}, not {expected:?}"),
    };
    case(Trust::System, Some(by_system)).await;
    case(Trust::CaFile(vec![authority.certificate()]), by_ca_file).await;
    case(Trust::CaFile(vec![shown.certificate.clone()]), None).await;
    case(Trust::PinSha256(fingerprint.0), None).await;
    case(Trust::PinSha256([7; 32]), Some(CertificateFlaw::NotThePinned)).await;
}

#[tokio::test]
async fn a_certificate_of_an_own_authority_is_accepted_by_the_authority_and_by_itself() {
    let authority = Authority::new("Own");
    row(&authority, authority.server(), CertificateFlaw::UnknownIssuer, None).await;
}

#[tokio::test]
async fn a_self_signed_certificate_is_accepted_by_itself_alone() {
    let unknown = CertificateFlaw::UnknownIssuer;
    row(&Authority::new("Own"), Shown::self_signed(), unknown, Some(unknown)).await;
}

#[tokio::test]
async fn a_self_signed_authority_as_server_is_accepted_by_itself_alone() {
    let authority = CertificateFlaw::AuthorityAsServer;
    row(&Authority::new("Own"), Shown::self_signed_authority(), authority, Some(authority)).await;
}

#[tokio::test]
async fn an_expired_certificate_is_accepted_by_itself_alone() {
    let authority = Authority::new("Own");
    let expired = CertificateFlaw::Expired;
    row(&authority, authority.expired(), expired, Some(expired)).await;
}

#[tokio::test]
async fn a_certificate_of_the_future_is_accepted_by_itself_alone() {
    let authority = Authority::new("Own");
    let early = CertificateFlaw::NotValidYet;
    row(&authority, authority.of_the_future(), early, Some(early)).await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_accepted_by_itself_alone() {
    let authority = Authority::new("Own");
    let shown = authority.for_another_name();
    row(&authority, shown, CertificateFlaw::UnknownIssuer, Some(CertificateFlaw::WrongName)).await;
}

#[tokio::test]
async fn a_certificate_that_is_not_for_servers_is_accepted_by_itself_alone() {
    let authority = Authority::new("Own");
    let shown = authority.for_clients_only();
    row(&authority, shown, CertificateFlaw::WrongPurpose, Some(CertificateFlaw::WrongPurpose)).await;
}

#[tokio::test]
async fn another_authority_of_the_same_name_is_not_trusted() {
    let (own, other) = (Authority::new("Own"), Authority::new("Own"));
    let pbx = pbx().await;
    let front = TlsFront::start(&other.server(), &pbx.url).await;
    let error = call(&front, &Trust::CaFile(vec![own.certificate()])).await.unwrap_err();
    // The name leads to a key that did not sign it.
    assert!(matches!(error, PbxError::Certificate { flaw: CertificateFlaw::Unverifiable, .. }), "{error:?}");
    let both = Trust::CaFile(vec![own.certificate(), other.certificate()]);
    assert!(call(&front, &both).await.is_ok());
}

/// A certificate is no secret: whoever stands in between can show it too.
#[tokio::test]
async fn a_known_certificate_is_worth_nothing_without_its_key() {
    let pbx = pbx().await;
    let copied = Shown::self_signed().with_another_key();
    let known = Trust::CaFile(vec![copied.certificate.clone()]);
    let pinned = Trust::PinSha256(Fingerprint::of(&copied.certificate).0);
    for versions in [&[&rustls::version::TLS13], &[&rustls::version::TLS12]] {
        let front = TlsFront::start_with(&copied, versions, &pbx.url).await;
        for trust in [&known, &pinned] {
            let error = call(&front, trust).await.unwrap_err();
            assert!(matches!(error, PbxError::Certificate { flaw: CertificateFlaw::KeyNotProved, .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn both_versions_of_tls_are_spoken() {
    let pbx = pbx().await;
    let shown = Shown::self_signed();
    let pinned = Trust::PinSha256(Fingerprint::of(&shown.certificate).0);
    for versions in [&[&rustls::version::TLS13], &[&rustls::version::TLS12]] {
        let front = TlsFront::start_with(&shown, versions, &pbx.url).await;
        assert!(call(&front, &pinned).await.is_ok(), "{versions:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_is_not_trusted() {
    let called = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = Arc::clone(&called);
    let pbx = serve(Router::new().fallback(move || async move {
        seen.store(true, std::sync::atomic::Ordering::Relaxed);
        success(structure([("api", text("1"))]))
    }))
    .await;
    let front = TlsFront::start(&Shown::self_signed(), &pbx.url).await;
    let applied = client_of(config(&front.url)).apply(&[away_step(1)]).await;
    assert_eq!(applied.outcomes, [Outcome::NotSent]);
    assert!(!called.load(std::sync::atomic::Ordering::Relaxed));
}
