//! One HTTP call: sent with a time limit, read up to a size, its failure sorted.
//!
//! Knows nothing of calendars. Redirects are not followed, as a token or a secret would go along.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, Url};

use super::error::{Flaw, GraphError};
use super::pace::retry_after;
use super::reply::{RequestId, Service};
use super::tls;
use crate::clock::Clock;
use crate::meter::Meter;

/// What the program calls itself; administrators allow or block applications by it.
const USER_AGENT: &str = concat!("starface-calendar/", env!("CARGO_PKG_VERSION"));

/// How long a connection may take to come about, within the time for the whole call.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Whether calls may go through the proxy that the host's environment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proxy {
    /// As the host says.
    AsConfigured,
    /// Never, as the other side is this machine.
    Bypassed,
}

/// Makes calls.
pub(super) struct Http {
    client: Client,
    now: Box<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    meter: Meter,
}

impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Http")
    }
}

/// An answer of whatever status.
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) request_id: Option<RequestId>,
    pub(super) retry_after: Option<Duration>,
    /// When the other side says it answered.
    pub(super) answered_at: Option<DateTime<Utc>>,
    /// What was sent; empty for a refusal that is too large to be one.
    pub(super) body: Vec<u8>,
}

impl Http {
    /// Builds the client. Of the clock only the present is used.
    pub(super) fn new(
        request_timeout: Duration,
        proxy: Proxy,
        clock: impl Clock,
        meter: Meter,
    ) -> Result<Self, GraphError> {
        let settings = || {
            let builder = Client::builder()
                .user_agent(USER_AGENT)
                .redirect(Policy::none())
                .referer(false)
                .connect_timeout(CONNECT_TIMEOUT.min(request_timeout))
                .timeout(request_timeout);
            match proxy {
                Proxy::AsConfigured => builder,
                Proxy::Bypassed => builder.no_proxy(),
            }
        };
        Ok(Self { client: tls::client(settings)?, now: Box::new(move || clock.now()), meter })
    }

    /// Returns the present instant.
    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// Returns where requests are counted.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Begins a POST.
    pub(super) fn post(&self, url: Url) -> RequestBuilder {
        self.client.post(url)
    }

    /// Sends a request and reads the answer, at most `max` bytes of it.
    pub(super) async fn send(
        &self,
        service: Service,
        request: RequestBuilder,
        max: usize,
    ) -> Result<Received, GraphError> {
        let sent = request.send().await;
        let status = sent.as_ref().ok().map(|response| response.status().as_u16());
        self.meter.graph_request(counted_as(service), status);
        let response = sent.map_err(|error| lost(service, error))?;
        let status = response.status();
        let request_id = request_id(response.headers());
        let retry_after = self.retry_after(response.headers());
        let answered_at = answered_at(response.headers());
        let body = match read(response, max).await {
            Ok(Some(body)) => body,
            Ok(None) if status.is_success() => return Err(GraphError::TooLarge { service, max }),
            Ok(None) => Vec::new(),
            Err(error) => return Err(cut_off(service, request_id, &error)),
        };
        Ok(Received { status: status.as_u16(), request_id, retry_after, answered_at, body })
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<Duration> {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
        retry_after(text, self.now())
    }
}

/// Everything but tokens is asked for in batches.
fn counted_as(service: Service) -> &'static str {
    match service {
        Service::Login => "token",
        Service::Graph => "batch",
    }
}

fn request_id(headers: &HeaderMap) -> Option<RequestId> {
    let named = |name| headers.get(name)?.to_str().ok().and_then(RequestId::new);
    named("request-id").or_else(|| named("x-ms-request-id"))
}

pub(super) fn answered_at(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let text = headers.get(DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|at| at.to_utc())
}

/// Reads a body piece by piece, as its declared length may be absent, wrong, or that of the compressed form. Nothing
/// when it is larger than `max`.
async fn read(mut response: Response, max: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > max {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Sorts a call that got no answer. A time-out while connecting is no slow answer: nobody was asked.
fn lost(service: Service, error: reqwest::Error) -> GraphError {
    if error.is_timeout() && !error.is_connect() {
        return GraphError::TimedOut { service };
    }
    GraphError::Unreachable { service, source: Arc::new(error.without_url()) }
}

fn cut_off(service: Service, request_id: Option<RequestId>, error: &reqwest::Error) -> GraphError {
    if error.is_timeout() {
        return GraphError::TimedOut { service };
    }
    GraphError::Malformed { service, flaw: Flaw::CutOff, request_id }
}
