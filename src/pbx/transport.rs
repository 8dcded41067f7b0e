//! One XML-RPC document to the PBX and one back, over HTTP.
//!
//! The URL with its token never leaves this file. Must not know: what the documents say. Every way in which a PBX, a
//! proxy or a network can answer something other than a document is an error of its own, without URL and body.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Client, Response, StatusCode};
use url::Url;

use super::error::BODY_MAX;
use super::token::token;
use super::{Config, PbxError};
use crate::secret::Secret;

mod client;
mod trouble;

/// Sends documents to one PBX.
pub(super) struct Transport {
    client: Client,
    /// Holds the token, so it is never shown.
    endpoint: Url,
    token: Option<Secret>,
    timeout: Duration,
}

impl Transport {
    /// Prepares the connection; connects to nothing yet.
    pub(super) fn new(config: &Config) -> Result<Self, PbxError> {
        let token = token(config);
        Ok(Self {
            client: client::build(config.timeout)?,
            endpoint: endpoint(&config.url, token.as_ref()),
            token,
            timeout: config.timeout,
        })
    }

    /// Sends a document and returns the one that came back.
    pub(super) async fn exchange(&self, document: String) -> Result<Vec<u8>, PbxError> {
        let request = self
            .client
            .post(self.endpoint.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=UTF-8"))
            .timeout(self.timeout)
            .body(document);
        let response = request.send().await.map_err(trouble::of_sending)?;
        check_status(&response)?;
        let body = read(response).await?;
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(PbxError::NotSerialised);
        }
        if is_page(&body) {
            return Err(PbxError::Authentication);
        }
        Ok(body)
    }

    /// Returns the token, so that it can be kept out of what people read.
    pub(super) fn token(&self) -> Option<&Secret> {
        self.token.as_ref()
    }
}

fn endpoint(url: &Url, token: Option<&Secret>) -> Url {
    let mut endpoint = url.clone();
    endpoint.set_path(&format!("{}/xml-rpc", url.path().trim_end_matches('/')));
    endpoint.set_fragment(None);
    endpoint.set_query(None);
    if let Some(token) = token {
        endpoint.query_pairs_mut().append_pair("de.vertico.starface.auth", token.expose());
    }
    endpoint
}

fn check_status(response: &Response) -> Result<(), PbxError> {
    match response.status() {
        StatusCode::OK => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(PbxError::Authentication),
        status if status.is_redirection() && !leads_to_the_endpoint(response) => Err(PbxError::Authentication),
        status => Err(PbxError::Status(status.as_u16())),
    }
}

/// A redirect to the same path, such as from HTTP to HTTPS, is a wrong address; every other leads to a log-in page.
fn leads_to_the_endpoint(response: &Response) -> bool {
    response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| location.split(['?', '#']).next())
        .is_some_and(|path| path.ends_with("/xml-rpc"))
}

/// Reads piece by piece, so that an endless answer ends at the bound.
async fn read(mut response: Response) -> Result<Vec<u8>, PbxError> {
    if response.content_length().is_some_and(|length| length > BODY_MAX as u64) {
        return Err(PbxError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(trouble::of_reading)? {
        if body.len() + piece.len() > BODY_MAX {
            return Err(PbxError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Returns whether the body is a web page: the log-in page comes with status 200 too.
fn is_page(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&body[..body.len().min(PAGE_HEAD)]).to_lowercase();
    let head = text.find("<methodresponse").map_or(text.as_str(), |answer| &text[..answer]);
    head.contains("<html") || head.contains("<!doctype html")
}

/// How far into a body a page is looked for: past a declaration and a comment or two.
const PAGE_HEAD: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_encoded_into_the_query() {
        #[track_caller]
        fn case(url: &str, token: Option<&str>, expected: &str) {
            let url = Url::parse(url).unwrap();
            let token = token.map(Secret::new);
            assert_eq!(endpoint(&url, token.as_ref()).as_str(), expected);
        }
        case("https://pbx", None, "https://pbx/xml-rpc");
        case("https://pbx:8443/", None, "https://pbx:8443/xml-rpc");
        case("http://127.0.0.1/prefix/", None, "http://127.0.0.1/prefix/xml-rpc");
        case("https://pbx", Some("0001:ff"), "https://pbx/xml-rpc?de.vertico.starface.auth=0001%3Aff");
        case("https://pbx?a=b#c", Some("a&b=ü:1"), "https://pbx/xml-rpc?de.vertico.starface.auth=a%26b%3D%C3%BC%3A1");
    }

    #[test]
    fn a_page_is_told_from_an_answer() {
        #[track_caller]
        fn case(body: &str, expected: bool) {
            assert_eq!(is_page(body.as_bytes()), expected, "{body}");
        }
        case("<!DOCTYPE html><html><body>Login</body></html>", true);
        case("\n<HTML>", true);
        case("<?xml version=\"1.0\"?><!-- x --><html xmlns=\"…\">", true);
        case("<methodResponse><params/></methodResponse>", false);
        case(
            "<methodResponse><params><param><value><![CDATA[<html>]]></value></param></params></methodResponse>",
            false,
        );
    }
}
