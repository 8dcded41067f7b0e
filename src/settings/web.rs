//! `[web]`: where the status page listens, and what protects it.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::secret::Secret;

use super::form::server::{host_name, listener};
use super::form::{flag, line};
use super::reader::Reader;

/// The files of the status page's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate with its chain, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
}

/// The status page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// Where it listens, if anywhere.
    pub listen: Option<SocketAddr>,
    /// What a reader must show to see titles and to give commands.
    pub token: Option<Secret>,
    /// What it serves TLS with.
    pub tls: Option<TlsFiles>,
    /// Whether a proxy in front of it serves TLS.
    pub behind_proxy: bool,
    /// Further names that the `Host` header may bear, in lower case.
    pub hosts: Vec<String>,
}

const LISTEN: &str = "web.listen";
const CERTIFICATE: &str = "web.tls_cert_file";
const KEY: &str = "web.tls_key_file";

impl Web {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 8765));
        let web = Self {
            listen: reader.or(LISTEN, &listener(), Some(loopback)),
            token: reader.secret("web.token"),
            tls: read_tls(reader),
            behind_proxy: reader.or("web.behind_proxy", &flag(), false),
            hosts: reader.list("web.hosts", &host_name()).unwrap_or_default(),
        };
        web.refuse_if_open(reader);
        web
    }

    /// Off this machine, a page without token or encryption would give titles and commands to everybody.
    fn refuse_if_open(&self, reader: &mut Reader<'_>) {
        let is_loopback = |address: SocketAddr| address.ip().is_loopback();
        if self.listen.is_none_or(is_loopback) {
            return;
        }
        if self.token.is_none() {
            let wrong = "is no loopback address, and there is no token";
            reader.refuse(LISTEN, wrong, "set web.token or web.token_file");
        }
        if self.tls.is_none() && !self.behind_proxy {
            let wrong = "is no loopback address, and nothing encrypts";
            let allowed = "set web.tls_cert_file and web.tls_key_file, or web.behind_proxy = true";
            reader.refuse(LISTEN, wrong, allowed);
        }
    }
}

fn read_tls(reader: &mut Reader<'_>) -> Option<TlsFiles> {
    let path = line(super::PATH_CHARS_MAX);
    let certificate = reader.optional(CERTIFICATE, &path);
    let key = reader.optional(KEY, &path);
    for (given, missing) in [(CERTIFICATE, KEY), (KEY, CERTIFICATE)] {
        if reader.is_given(given) && !reader.is_given(missing) {
            let wrong = format!("is required beside {given}");
            reader.refuse(missing, wrong, "set both or none");
        }
    }
    Some(TlsFiles { certificate: reader.sources.resolve(&certificate?), key: reader.sources.resolve(&key?) })
}
