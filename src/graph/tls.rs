//! The HTTP client's trust in the other side: the roots of the host, or the built-in ones where it has none.

use std::sync::Arc;

use reqwest::{Certificate, Client, ClientBuilder};
use tracing::info;

use super::error::GraphError;

/// Builds a client from its settings, which are asked for once more when the host has no root certificates.
pub(super) fn client(settings: impl Fn() -> ClientBuilder) -> Result<Client, GraphError> {
    install_provider();
    settings()
        .build()
        .or_else(|_| {
            info!("The host offers no root certificates; the built-in ones are used.");
            settings().tls_certs_only(bundled_roots()).build()
        })
        .map_err(|error| GraphError::Tls(Arc::new(error)))
}

/// Makes ring the process's cryptography, unless one is there already.
fn install_provider() {
    // The error only says that somebody was first.
    drop(rustls::crypto::ring::default_provider().install_default());
}

fn bundled_roots() -> impl Iterator<Item = Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok())
}
