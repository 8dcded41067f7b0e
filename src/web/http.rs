//! The status page and its interface over HTTP, for browsers, scripts and monitors.
//!
//! Everything that a caller can make big or slow is bounded: connections at a time, head, body, the wait for both, the
//! time that an answer may take, event streams, sessions, and wrong tokens in a minute. One caller's fault or panic is
//! that caller's. A connection carries one request: pages are small, and a bound on time then holds for everything.
//! Must not know what a command does, nor how a page looks.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::future::{join, select};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tracing::{error, warn};

use self::connection::serve;
use self::site::Site;
use crate::clock::Clock;
use crate::engine::{Command, Snapshot};
use crate::lifecycle::Stop;
use crate::meter::Meter;
use crate::secret::Secret;

mod answer;
mod api;
mod body;
mod connection;
mod desk;
mod door;
mod events;
mod forms;
mod gate;
mod host;
mod language;
mod pages;
mod route;
mod sessions;
mod site;
mod throttle;
mod tls;

pub use tls::CertificateError;

/// The most connections at a time; the next ones wait to be accepted.
const CONNECTIONS_MAX: usize = 128;

/// How long to wait after the system gave no connection, as when there are too many open files.
const ACCEPT_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// Where to listen, and what protects it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// What a reader must show to see titles and to give commands; without one nobody can.
    pub token: Option<Secret>,
    /// What to serve TLS with.
    pub tls: Option<TlsFiles>,
    /// Whether a proxy in front serves TLS and tells who calls.
    pub behind_proxy: bool,
    /// Further names that the `Host` header may bear, in lower case.
    pub hosts: Vec<String>,
}

/// The files of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate with its chain, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
}

/// The running service, as far as the page reaches it.
#[derive(Clone, Debug)]
pub struct Service {
    /// Where commands go.
    pub commands: mpsc::Sender<Command>,
    /// What each round says.
    pub snapshots: watch::Receiver<Snapshot>,
    /// What is counted.
    pub meter: Meter,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address cannot be had. The service works without its page.
    #[error("listen on {address} for the status page: is another program there? web.listen names another address")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The certificate or its key cannot be used. A page without the protection that was asked for must not be.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// The server, with its address but not yet serving.
pub struct Server {
    config: Config,
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("config", &self.config).field("address", &self.address).finish()
    }
}

impl Server {
    /// Reads the certificate and takes the address. Needs a runtime.
    ///
    /// # Errors
    /// When the certificate cannot be used, or the address cannot be had.
    pub fn bind(config: Config) -> Result<Self, HttpError> {
        let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
        let address = config.listen;
        let (listener, address) = listen(address).map_err(|source| HttpError::Listen { address, source })?;
        Ok(Self { config, listener, address, tls })
    }

    /// Returns the address with its port, also when the port was left to the system.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns where a browser finds the page.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/", self.address)
    }

    /// Serves until the program is asked to end.
    pub async fn serve(self, service: Service, clock: impl Clock, stop: Stop) {
        let site = Arc::new(Site::new(&self.config, service, clock));
        let telling = events::tell_of_changes(&site);
        let serving = join(self.accept_all(&site), telling);
        select(pin!(serving), pin!(stop.soft())).await;
    }

    /// Each connection is a task: one that panics takes nobody along. All end with the server.
    async fn accept_all<K: Clock>(&self, site: &Arc<Site<K>>) {
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut connections = JoinSet::new();
        loop {
            // Never closed, so there always is one in the end.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let (stream, caller) = self.accept(&site.clock).await;
            while let Some(ended) = connections.try_join_next() {
                if ended.is_err() {
                    error!("A request of the status page failed for a fault in this program; the service goes on.");
                }
            }
            let (site, tls) = (Arc::clone(site), self.tls.clone());
            connections.spawn(async move {
                serve(&site, stream, caller, tls).await;
                drop(place);
            });
        }
    }

    async fn accept(&self, clock: &impl Clock) -> (TcpStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok(accepted) => return accepted,
                Err(error) => {
                    warn!(%error, "The status page cannot take connections; it is tried again.");
                    clock.sleep_until(clock.now() + ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = StdListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((TcpListener::from_std(listener)?, address))
}
