//! One HTTP server on a free loopback port, for as long as its handle lives.

use std::io;
use std::net::Ipv4Addr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;

use super::connection::{Line, Lines, Listener};

/// A port that is open and not served yet: its address is known before its answers are.
pub(crate) struct Port {
    tcp: TcpListener,
    url: Url,
}

/// A running server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct Server {
    url: Url,
    lines: Lines,
    // Ends the task when it is dropped.
    _tasks: JoinSet<()>,
}

impl Port {
    /// Opens a free port.
    pub(crate) async fn open() -> io::Result<Self> {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = tcp.local_addr()?.port();
        let url = Url::parse(&format!("http://127.0.0.1:{port}")).expect("a loopback address with a port is a URL");
        Ok(Self { tcp, url })
    }

    /// Returns the server's address.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Serves the port.
    pub(crate) fn serve(self, router: Router) -> Server {
        let lines = Lines::default();
        let listener = Listener { tcp: self.tcp, lines: lines.clone() };
        let service = router.into_make_service_with_connect_info::<Line>();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            // Serving ends only with the task: the listener tries again after errors.
            let _ = axum::serve(listener, service).await;
        });
        Server { url: self.url, lines, _tasks: tasks }
    }
}

impl Server {
    /// Returns the server's address.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.lines.cut();
    }
}
