//! One XML-RPC document to the PBX and one back, over HTTP.
//!
//! The URL with its token never leaves this file. Must not know: what the documents say. Every way in which a PBX, a
//! proxy or a network can answer something other than a document is an error of its own, without URL and body.

use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::{Response, StatusCode};
use url::Url;

use super::error::BODY_MAX;
use super::token::{Token, Tokens};
use super::{Config, PbxError};
use crate::clock::Clock;
use crate::secret::Secret;

pub(super) mod http;
mod judge;
mod trouble;

use http::Http;

/// Sends documents to one PBX.
pub(super) struct Transport {
    http: Http,
    /// For calls that the PBX holds back: a connection of theirs is never one that another call waits for.
    held_http: Http,
    url: Url,
    tokens: Tokens,
    timeout: Duration,
}

impl Transport {
    /// Prepares the connection; connects to nothing yet.
    pub(super) fn new(config: &Config, clock: impl Clock) -> Result<Self, PbxError> {
        Ok(Self {
            http: Http::new(config)?,
            held_http: Http::new(config)?,
            url: config.url.clone(),
            tokens: Tokens::new(config, clock),
            timeout: config.timeout,
        })
    }

    /// Sends a document and returns the one that came back. One that was refused for its token is sent once more when
    /// another token can be had: nothing was done with it.
    pub(super) async fn exchange(&self, document: String) -> Result<Vec<u8>, PbxError> {
        self.exchange_over(&self.http, document, self.timeout).await
    }

    /// Sends a document whose answer the PBX may hold back for `wait`, apart from all others.
    pub(super) async fn exchange_held(&self, document: String, wait: Duration) -> Result<Vec<u8>, PbxError> {
        self.exchange_over(&self.held_http, document, self.timeout + wait).await
    }

    /// Returns everything that proves the log-in, so that it can be kept out of what people read.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        self.tokens.secrets()
    }

    async fn exchange_over(&self, http: &Http, document: String, timeout: Duration) -> Result<Vec<u8>, PbxError> {
        let Tokens::Fetched(tokens) = &self.tokens else {
            return self.send(http, document, self.tokens.fixed(), timeout).await;
        };
        let token = tokens.token(&self.http).await?;
        match self.send(http, document.clone(), Some(&token), timeout).await {
            Err(PbxError::Authentication) => tokens.forget(&token),
            answer => return answer,
        }
        let token = tokens.token(&self.http).await?;
        self.send(http, document, Some(&token), timeout).await.map_err(|error| match error {
            PbxError::Authentication => PbxError::FreshTokenRefused,
            other => other,
        })
    }

    async fn send(
        &self,
        http: &Http,
        document: String,
        token: Option<&Token>,
        timeout: Duration,
    ) -> Result<Vec<u8>, PbxError> {
        let endpoint = endpoint(&self.url, token);
        let response = http.post_within(endpoint, "text/xml; charset=UTF-8", document, timeout).await?;
        check_status(&response)?;
        let body = http::read(response, BODY_MAX).await?;
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(PbxError::NotSerialised);
        }
        if is_page(&body) {
            return Err(PbxError::Authentication);
        }
        Ok(body)
    }
}

fn endpoint(url: &Url, token: Option<&Token>) -> Url {
    let mut endpoint = below(url, "xml-rpc");
    if let Some(token) = token {
        endpoint.query_pairs_mut().extend_pairs(token.parameters());
    }
    endpoint
}

/// Returns the address of a path below the PBX's own.
pub(super) fn below(url: &Url, path: &str) -> Url {
    let mut below = url.clone();
    below.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
    below.set_fragment(None);
    below.set_query(None);
    below
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
        fn case(url: &str, token: Option<&Token>, expected: &str) {
            let url = Url::parse(url).unwrap();
            assert_eq!(endpoint(&url, token).as_str(), expected);
        }
        let digest = |words: &str| Token::digest(Secret::new(words));
        case("https://pbx", None, "https://pbx/xml-rpc");
        case("https://pbx:8443/", None, "https://pbx:8443/xml-rpc");
        case("http://127.0.0.1/prefix/", None, "http://127.0.0.1/prefix/xml-rpc");
        case("https://pbx", Some(&digest("0001:ff")), "https://pbx/xml-rpc?de.vertico.starface.auth=0001%3Aff");
        case(
            "https://pbx?a=b#c",
            Some(&digest("a&b=ü:1")),
            "https://pbx/xml-rpc?de.vertico.starface.auth=a%26b%3D%C3%BC%3A1",
        );
        case(
            "https://pbx",
            Some(&Token::digest_beside_login("a b", Secret::new("ff"))),
            "https://pbx/xml-rpc?de.vertico.starface.user=a+b&de.vertico.starface.auth=ff",
        );
        case(
            "https://pbx",
            Some(&Token::access(Secret::new("ey.J"), 1)),
            "https://pbx/xml-rpc?de.vertico.starface.jwt=ey.J",
        );
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
