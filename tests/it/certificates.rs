//! Certificates of every kind that a PBX may show, and TLS in front of a server that speaks none.

use std::path::Path;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ResolvesServerCert;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// An authority that signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

/// A certificate that a server shows, with the key that the server has.
pub(crate) struct Shown {
    pub(crate) certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    CertificateParams::new(names).unwrap()
}

/// The address under which a server of a test is reached.
const HERE: &[&str] = &["127.0.0.1"];

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = params(&[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        self.certificate.der().clone()
    }

    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// As it should be.
    pub(crate) fn server(&self) -> Shown {
        self.signs(&params(HERE))
    }

    pub(crate) fn expired(&self) -> Shown {
        let mut params = params(HERE);
        params.not_after = date_time_ymd(2001, 1, 1);
        self.signs(&params)
    }

    pub(crate) fn of_the_future(&self) -> Shown {
        let mut params = params(HERE);
        params.not_before = date_time_ymd(4000, 1, 1);
        self.signs(&params)
    }

    pub(crate) fn for_another_name(&self) -> Shown {
        self.signs(&params(&["pbx.example.com"]))
    }

    pub(crate) fn for_clients_only(&self) -> Shown {
        let mut params = params(HERE);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.signs(&params)
    }

    fn signs(&self, params: &CertificateParams) -> Shown {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Shown { certificate: certificate.der().clone(), key }
    }
}

impl Shown {
    pub(crate) fn self_signed() -> Self {
        Self::signed_by_itself(&params(HERE))
    }

    /// CA:TRUE, as appliances make them.
    pub(crate) fn self_signed_authority() -> Self {
        let mut params = params(HERE);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self::signed_by_itself(&params)
    }

    /// Writes the certificate, as DER, and its key, as PEM.
    pub(crate) fn write(&self, certificate: &Path, key: &Path) {
        std::fs::write(certificate, &self.certificate).unwrap();
        std::fs::write(key, self.key.serialize_pem()).unwrap();
    }

    /// The same certificate at a server that does not have its key.
    pub(crate) fn with_another_key(self) -> Self {
        Self { key: KeyPair::generate().unwrap(), ..self }
    }

    fn signed_by_itself(params: &CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.der().clone(), key }
    }

    /// Whether the key fits is for the client to find out.
    fn resolver(&self) -> Arc<dyn ResolvesServerCert> {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).unwrap();
        let key = ring::sign::any_supported_type(&key).unwrap();
        Arc::new(SingleCertAndKey::from(CertifiedKey::new(vec![self.certificate.clone()], key)))
    }
}

/// TLS on a port of its own, in front of a server of this machine; ends with the value.
pub(crate) struct TlsFront {
    pub(crate) url: String,
    _tasks: JoinSet<()>,
}

impl TlsFront {
    pub(crate) async fn start(shown: &Shown, behind: &str) -> Self {
        Self::start_with(shown, rustls::ALL_VERSIONS, behind).await
    }

    pub(crate) async fn start_with(
        shown: &Shown,
        versions: &[&'static SupportedProtocolVersion],
        behind: &str,
    ) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(shown.resolver());
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let behind = behind.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((connection, _)) = listener.accept().await {
                connections.spawn(pass(acceptor.clone(), connection, behind.clone()));
            }
        });
        Self { url, _tasks: tasks }
    }
}

/// Passes a connection on; one whose client hangs up in the handshake ends there.
async fn pass(acceptor: TlsAcceptor, connection: TcpStream, behind: String) {
    let Ok(mut outside) = acceptor.accept(connection).await else {
        return;
    };
    let mut inside = TcpStream::connect(behind).await.unwrap();
    // Either side may break off.
    let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
}
