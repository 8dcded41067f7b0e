//! The HTTP client of this room, built apart from every other: no proxy of the environment, no redirects, HTTP/1.1.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder};
use rustls::crypto::ring;

use crate::pbx::PbxError;

/// Servlet containers close an idle connection after 20 s; a call sent into a closing one is lost without an answer.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// Builds the client. A host without root certificates gets the built-in ones: without them not even plain HTTP to
/// loopback could be had.
pub(super) fn build(timeout: Duration) -> Result<Client, PbxError> {
    install_provider();
    bare(timeout)
        .build()
        .or_else(|_| with_built_in_roots(timeout).build())
        .map_err(|source| PbxError::Setup { source: source.without_url() })
}

fn bare(timeout: Duration) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("starface-calendar/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .no_proxy()
        .no_gzip()
        .http1_only()
        // Half, so that a connection that does not come about is told from an answer that does not.
        .connect_timeout(timeout / 2)
        .pool_idle_timeout(IDLE_TIMEOUT)
}

fn with_built_in_roots(timeout: Duration) -> ClientBuilder {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|root| Certificate::from_der(root).ok());
    bare(timeout).tls_certs_only(roots)
}

fn install_provider() {
    // An error says that a provider is there already, which is as good.
    let _ = ring::default_provider().install_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_roots_make_a_client() {
        install_provider();
        assert!(with_built_in_roots(Duration::from_secs(1)).build().is_ok());
    }

    #[test]
    fn a_second_client_finds_the_provider_installed() {
        assert!(build(Duration::from_secs(1)).is_ok());
        assert!(build(Duration::from_secs(1)).is_ok());
    }
}
