//! A server that answers whatever a test says, byte by byte, and counts how much of it was taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// More than any reader takes. A client that takes so much has no bound.
pub(super) const ENDLESS: u64 = 256 << 20;

/// What the two sockets on the way may hold without the client having taken it.
pub(super) const ON_THE_WAY: u64 = 16 << 20;

/// What is sent: once, and then again and again.
#[derive(Clone)]
pub(super) struct Flood {
    before: Vec<u8>,
    piece: Vec<u8>,
}

impl Flood {
    /// Sends the one, then the other without an end.
    pub(super) fn new(before: impl AsRef<[u8]>, piece: impl AsRef<[u8]>) -> Self {
        // Sent in large parts, or the sending would take the time.
        let piece = piece.as_ref().repeat((64 * 1024 / piece.as_ref().len()).max(1));
        Self { before: before.as_ref().to_vec(), piece }
    }

    /// Does the same one piece at a time.
    pub(super) fn slow(before: impl AsRef<[u8]>, piece: impl AsRef<[u8]>) -> Self {
        Self { before: before.as_ref().to_vec(), piece: piece.as_ref().to_vec() }
    }
}

/// The server. It ends with this value.
pub(super) struct Server {
    pub(super) url: String,
    taken: Arc<AtomicU64>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Answers every request with a flood, but gives a token to whoever asks for one of Microsoft's.
    pub(super) async fn of_graph(flood: Flood) -> Self {
        let token = r#"{"access_token":"t","expires_in":3600,"token_type":"Bearer"}"#;
        let token = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{token}", token.len());
        Self::start(Some(token), flood).await
    }

    /// Answers every request with a flood.
    pub(super) async fn new(flood: Flood) -> Self {
        Self::start(None, flood).await
    }

    /// Returns how many bytes of floods were taken, or are on their way.
    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Ordering::SeqCst)
    }

    async fn start(token: Option<String>, flood: Flood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let taken = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&taken);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                serve(connection, token.as_deref(), &flood, &counter).await;
            }
        });
        Self { url, taken, _tasks: tasks }
    }
}

async fn serve(mut connection: TcpStream, token: Option<&str>, flood: &Flood, taken: &AtomicU64) {
    let head = head(&mut connection).await;
    if let Some(token) = token.filter(|_| head.contains("/oauth2/")) {
        drop(connection.write_all(token.as_bytes()).await);
        return;
    }
    let mut piece = &flood.before;
    while taken.load(Ordering::SeqCst) < ENDLESS {
        if connection.write_all(piece).await.is_err() {
            return;
        }
        taken.fetch_add(piece.len() as u64, Ordering::SeqCst);
        piece = &flood.piece;
    }
}

async fn head(connection: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut piece = [0; 4096];
        match connection.read(&mut piece).await {
            Ok(length) if length > 0 => head.extend_from_slice(&piece[..length]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}
