//! Connections that a simulated server can break: closed before the answer, or in the middle of it.
//!
//! HTTP libraries answer politely; a lost answer has to be made one layer below. Every accepted connection is a
//! [`Line`] that its handler, or the server's end, can cut.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Waker};

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::lock;

/// One connection, seen from the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Arc<Mutex<LineState>>);

#[derive(Debug, Default)]
struct LineState {
    cut: Cut,
    reader: Option<Waker>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Cut {
    /// Whole.
    #[default]
    Not,
    /// After so many bytes of the next answer's body.
    AfterBody(usize),
    /// Broken.
    Now,
}

impl Line {
    /// Breaks the connection: nothing is sent any more.
    pub(crate) fn cut(&self) {
        let mut state = lock(&self.0);
        state.cut = Cut::Now;
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
    }

    /// Breaks the connection after so many bytes of the next answer's body.
    pub(crate) fn cut_after_body(&self, bytes: usize) {
        lock(&self.0).cut = Cut::AfterBody(bytes);
    }
}

/// Every open connection of one server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<Weak<Mutex<LineState>>>>>);

impl Lines {
    /// Breaks them all.
    pub(crate) fn cut(&self) {
        for line in lock(&self.0).iter().filter_map(Weak::upgrade) {
            Line(line).cut();
        }
    }

    fn open(&self) -> Line {
        let line = Line::default();
        let mut lines = lock(&self.0);
        lines.retain(|line| line.strong_count() > 0);
        lines.push(Arc::downgrade(&line.0));
        line
    }
}

/// Accepts connections as [`Line`]s.
pub(crate) struct Listener {
    pub(crate) tcp: TcpListener,
    pub(crate) lines: Lines,
}

impl axum::serve::Listener for Listener {
    type Io = LineStream;
    type Addr = Line;

    async fn accept(&mut self) -> (LineStream, Line) {
        let (tcp, _): (TcpStream, SocketAddr) = axum::serve::Listener::accept(&mut self.tcp).await;
        let line = self.lines.open();
        let stream = LineStream { tcp, line: line.clone() };
        (stream, line)
    }

    fn local_addr(&self) -> io::Result<Line> {
        Ok(Line::default())
    }
}

impl Connected<IncomingStream<'_, Listener>> for Line {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// The bytes of one [`Line`].
pub(crate) struct LineStream {
    tcp: TcpStream,
    line: Line,
}

impl AsyncRead for LineStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        {
            let mut state = lock(&self.line.0);
            if state.cut == Cut::Now {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            state.reader = Some(context.waker().clone());
        }
        Pin::new(&mut self.tcp).poll_read(context, buffer)
    }
}

impl AsyncWrite for LineStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let cut = lock(&self.line.0).cut;
        let allowed = match cut {
            Cut::Not => bytes.len(),
            Cut::AfterBody(body) => bytes.len().min(head_length(bytes) + body),
            Cut::Now => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
        };
        let written = Pin::new(&mut self.tcp).poll_write(context, &bytes[..allowed]);
        if cut != Cut::Not && written.is_ready() {
            lock(&self.line.0).cut = Cut::Now;
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}

/// Returns the length of an answer's head; the first write of an answer begins with all of it.
fn head_length(bytes: &[u8]) -> usize {
    const END: &[u8] = b"\r\n\r\n";
    bytes.windows(END.len()).position(|window| window == END).map_or(0, |position| position + END.len())
}
