//! The status page of the service, from its settings.

use tokio::sync::{mpsc, watch};
use tracing::{info, warn};

use crate::clock::Clock;
use crate::engine::{Command, Snapshot};
use crate::lifecycle::Lifecycle;
use crate::meter::Meter;
use crate::settings::{Origin, Problem, SettingsError, Web};
use crate::web::http::{CertificateError, Config, HttpError, Server, Service, TlsFiles};

/// The status page, with its address but not yet serving.
pub(super) struct Front {
    server: Option<Server>,
    meter: Meter,
}

impl Front {
    /// Takes the address of the page, if it can be had: appointments come before pages.
    ///
    /// # Errors
    /// When the certificate that was asked for cannot be used.
    pub(super) fn new(web: &Web, meter: Meter) -> Result<Self, SettingsError> {
        let server = match config(web).map(Server::bind).transpose() {
            Ok(server) => server,
            Err(HttpError::Certificate(error)) => {
                return Err(SettingsError { problems: vec![problem(&error)], untold: 0 });
            }
            Err(error @ HttpError::Listen { .. }) => {
                let error = crate::engine::chain(&error);
                warn!(error, "The status page cannot be shown; the service works without it.");
                None
            }
        };
        Ok(Self { server, meter })
    }

    /// Returns what counts for the page.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Begins to serve.
    pub(super) fn open(
        self,
        commands: mpsc::Sender<Command>,
        snapshots: watch::Receiver<Snapshot>,
        clock: impl Clock,
        lifecycle: &Lifecycle,
    ) {
        let Some(server) = self.server else { return };
        info!(url = server.url(), "The status page can be opened.");
        let service = Service { commands, snapshots, meter: self.meter };
        lifecycle.spawn("status page", server.serve(service, clock, lifecycle.stop()));
    }
}

fn config(web: &Web) -> Option<Config> {
    let files = web.tls.as_ref();
    Some(Config {
        listen: web.listen?,
        token: web.token.clone(),
        tls: files.map(|files| TlsFiles { certificate: files.certificate.clone(), key: files.key.clone() }),
        behind_proxy: web.behind_proxy,
        hosts: web.hosts.clone(),
    })
}

/// Tells of a file as of any other setting that cannot be used.
fn problem(error: &CertificateError) -> Problem {
    let (key, path) = match error {
        CertificateError::Certificate { path, .. } => ("web.tls_cert_file", path),
        CertificateError::Key { path, .. } => ("web.tls_key_file", path),
        CertificateError::Pair { certificate, .. } => ("web.tls_cert_file", certificate),
    };
    Problem {
        key: key.to_owned(),
        source: Origin::File { path: path.clone(), line: None },
        wrong: format!("cannot be used: {}", error.cause()),
        allowed: error.help().to_owned(),
    }
}
