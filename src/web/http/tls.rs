//! The certificate that the page is served with, from its files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::TlsFiles;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// There is no certificate in its file.
    #[error("read the certificate of the status page from {}: {source}; {}", path.display(), self.help())]
    Certificate {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: pem::Error,
    },
    /// There is no key in its file.
    #[error("read the key of the status page from {}: {source}; {}", path.display(), self.help())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: pem::Error,
    },
    /// They do not go together, or are of a kind that nothing here can use.
    #[error("use the certificate {} with the key {}: {source}; {}", certificate.display(), key.display(), self.help())]
    Pair {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong.
        source: rustls::Error,
    },
}

impl CertificateError {
    /// Returns what is wrong, in words that hold nothing of a key.
    pub fn cause(&self) -> String {
        match self {
            Self::Certificate { source, .. } | Self::Key { source, .. } => source.to_string(),
            Self::Pair { key, source, .. } => format!("{source} (with the key {})", key.display()),
        }
    }

    /// Returns what helps.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Certificate { source: pem::Error::Io(_), .. } | Self::Key { source: pem::Error::Io(_), .. } => {
                "the file must be there, and the service's user must be able to read it"
            }
            Self::Certificate { .. } => "the file must hold the certificate and its chain as PEM (BEGIN CERTIFICATE)",
            Self::Key { .. } => "the file must hold a private key without a password as PEM (BEGIN PRIVATE KEY)",
            Self::Pair { .. } => "the first certificate of the file must be the server's own and belong to the key",
        }
    }
}

/// Reads the files.
///
/// # Errors
/// When they hold nothing that can be served with.
pub(super) fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, CertificateError> {
    let (chain, key) = (chain(&files.certificate)?, key(&files.key)?);
    let pair =
        |source| CertificateError::Pair { certificate: files.certificate.clone(), key: files.key.clone(), source };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(pair)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(pair)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let read = || {
        let chain: Vec<_> = CertificateDer::pem_file_iter(path)?.collect::<Result<_, _>>()?;
        if chain.is_empty() { Err(pem::Error::NoItemsFound) } else { Ok(chain) }
    };
    read().map_err(|source| CertificateError::Certificate { path: path.to_owned(), source })
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, CertificateError> {
    PrivateKeyDer::from_pem_file(path).map_err(|source| CertificateError::Key { path: path.to_owned(), source })
}
