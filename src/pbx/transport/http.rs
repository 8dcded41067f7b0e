//! The HTTP client of this room, built apart from every other: no proxy of the environment, no redirects, HTTP/1.1.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use super::{judge, trouble};
use crate::pbx::{Config, PbxError};

/// Servlet containers close an idle connection after 20 s; a call sent into a closing one is lost without an answer.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests to one PBX.
pub(in crate::pbx) struct Http {
    client: Client,
    timeout: Duration,
}

impl Http {
    /// Builds the client; connects to nothing yet.
    pub(super) fn new(config: &Config) -> Result<Self, PbxError> {
        let client = Client::builder()
            .user_agent(concat!("starface-calendar/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .no_gzip()
            .http1_only()
            // Half, so that a connection that does not come about is told from an answer that does not.
            .connect_timeout(config.timeout / 2)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tls_backend_preconfigured(judge::tls(&config.trust)?)
            .build()
            .map_err(|source| PbxError::Setup { source: Arc::new(source.without_url()) })?;
        Ok(Self { client, timeout: config.timeout })
    }

    /// Sends a body and returns the beginning of what comes back, whatever its status.
    pub(in crate::pbx) async fn post(
        &self,
        url: Url,
        content_type: &'static str,
        body: String,
    ) -> Result<Response, PbxError> {
        self.post_within(url, content_type, body, self.timeout).await
    }

    /// Does the same with another time-out.
    pub(in crate::pbx) async fn post_within(
        &self,
        url: Url,
        content_type: &'static str,
        body: String,
        timeout: Duration,
    ) -> Result<Response, PbxError> {
        let request = self.client.post(url).header(CONTENT_TYPE, content_type).timeout(timeout).body(body);
        request.send().await.map_err(trouble::of_sending)
    }
}

/// Reads a body piece by piece, so that an endless answer ends at the bound.
pub(in crate::pbx) async fn read(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, PbxError> {
    if response.content_length().is_some_and(|length| length > bytes_max as u64) {
        return Err(PbxError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(trouble::of_reading)? {
        if body.len() + piece.len() > bytes_max {
            return Err(PbxError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
