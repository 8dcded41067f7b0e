//! One connection: the handshake, one request, its answer; cut off by the clock.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;

use axum::body::Body;
use chrono::TimeDelta;
use futures_util::future::{Either, select};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tracing::debug;

use super::gate;
use super::site::Site;
use crate::clock::Clock;

/// The longest head that is read, in bytes and in lines.
const HEAD_BYTES_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;

/// How much of a connection is kept in memory for each direction.
const BUFFER_BYTES_MAX: usize = 64 * 1024;

/// How long a handshake, and how long a head may take.
const HEAD_TIMEOUT: TimeDelta = TimeDelta::seconds(10);

/// How long a request and the taking of its answer may take together.
const ANSWER_TIMEOUT: TimeDelta = TimeDelta::seconds(30);

/// How long an event stream lasts; browsers come again by themselves.
pub(super) const STREAM_FOR: TimeDelta = TimeDelta::minutes(15);

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The head is being read.
    Head,
    /// The request is being answered.
    Answer,
    /// The answer is an event stream.
    Stream,
}

/// Who calls.
pub(super) struct Caller {
    /// The caller's address, or the proxy's.
    pub(super) address: IpAddr,
    /// The address of this machine that was called.
    pub(super) called: Option<IpAddr>,
    /// How far the connection has come.
    pub(super) stage: watch::Sender<Stage>,
}

/// Serves one connection to its end.
pub(super) async fn serve<K: Clock>(site: &Site<K>, stream: TcpStream, caller: SocketAddr, tls: Option<TlsAcceptor>) {
    let called = stream.local_addr().ok().map(|address| address.ip().to_canonical());
    let caller = Caller { address: caller.ip().to_canonical(), called, stage: watch::Sender::new(Stage::Head) };
    // An answer is written at once; waiting for more to send would only delay it.
    drop(stream.set_nodelay(true));
    let Some(tls) = tls else { return converse(site, stream, caller).await };
    let late = site.clock.sleep_until(site.clock.now() + HEAD_TIMEOUT);
    match select(pin!(tls.accept(stream)), pin!(late)).await {
        Either::Left((Ok(stream), _)) => converse(site, stream, caller).await,
        Either::Left((Err(error), _)) => debug!(%error, "A caller of the status page does not speak TLS with it."),
        Either::Right(_) => debug!("A caller of the status page took too long to begin."),
    }
}

async fn converse<K: Clock>(site: &Site<K>, stream: impl AsyncRead + AsyncWrite + Unpin, caller: Caller) {
    let patience = patience(&site.clock, caller.stage.subscribe());
    let service = service_fn(async |request: Request<Incoming>| {
        caller.stage.send_replace(Stage::Answer);
        Ok::<_, Infallible>(gate::answer(site, &caller, request.map(Body::new)).await)
    });
    let conversation = http1::Builder::new()
        .keep_alive(false)
        .max_headers(HEADERS_MAX)
        .max_header_size(HEAD_BYTES_MAX)
        .max_buf_size(BUFFER_BYTES_MAX)
        // The clock of this room does it.
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), service);
    match select(pin!(conversation), pin!(patience)).await {
        Either::Left((Ok(()), _)) => {}
        Either::Left((Err(error), _)) => debug!(%error, "A caller of the status page broke off, or sent no request."),
        Either::Right(_) => debug!("A caller of the status page took too long."),
    }
}

/// Waits for as long as the connection may last.
async fn patience(clock: &impl Clock, mut stage: watch::Receiver<Stage>) {
    let begun = clock.now();
    let late = clock.sleep_until(begun + HEAD_TIMEOUT);
    if let Either::Right(_) = select(pin!(stage.wait_for(|stage| *stage != Stage::Head)), pin!(late)).await {
        return;
    }
    clock.sleep_until(begun + ANSWER_TIMEOUT).await;
    let is_stream = *stage.borrow() == Stage::Stream;
    if is_stream {
        clock.sleep_until(begun + STREAM_FOR + ANSWER_TIMEOUT).await;
    }
}
