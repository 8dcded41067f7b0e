//! Answers, and what every one of them carries.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

use super::door::Shut;
use super::route::Lost;
use crate::engine::Refusal;
use crate::web::page::{self, Viewer};

/// What every answer carries. Nothing inline runs or shows, nobody frames the page, and no other page reads it.
#[rustfmt::skip]
const PROTECTION: [(&str, &str); 6] = [
    ("content-security-policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// A year, during which browsers reach this page by TLS alone.
const ONLY_TLS: &str = "max-age=31536000";

/// Puts on what every answer carries.
pub(super) fn protect(headers: &mut HeaderMap, has_tls: bool) {
    for (name, value) in PROTECTION {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if has_tls {
        headers.insert("strict-transport-security", HeaderValue::from_static(ONLY_TLS));
    }
}

/// What an answer is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// For people.
    Page,
    /// For scripts.
    Json,
    /// For monitors.
    Text,
}

impl Style {
    /// Returns what the answers under a path are written in.
    pub(super) fn of(path: &str) -> Self {
        let is_below =
            |outer: &str| path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if is_below("/api") {
            Self::Json
        } else if ["/healthz", "/readyz", "/metrics", "/events", "/assets"].into_iter().any(is_below) {
            Self::Text
        } else {
            Self::Page
        }
    }
}

/// Why a request is not answered with what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Denied {
    pub(super) status: StatusCode,
    why: String,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Denied {
    pub(super) fn new(status: StatusCode, why: impl Into<String>) -> Self {
        Self { status, why: why.into(), header: None }
    }

    /// The token is missing.
    pub(super) fn unknown() -> Self {
        let scheme = HeaderValue::from_static("Bearer");
        let denied = Self::new(StatusCode::UNAUTHORIZED, "log in, or show the token as Authorization: Bearer");
        Self { header: Some((WWW_AUTHENTICATE, scheme)), ..denied }
    }

    /// Nothing is there.
    pub(super) fn nowhere() -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is nothing here")
    }

    fn with(self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        Self { header: Some((name, value.into())), ..self }
    }

    /// Writes it down.
    pub(super) fn answer(self, style: Style, viewer: &Viewer) -> Response {
        let Self { status, why, header } = self;
        let mut response = match style {
            Style::Json => json(status, &json!({ "error": why })),
            Style::Page if has_page(status) => html(status, page::failure(viewer, status.as_u16())),
            Style::Page | Style::Text => text(status, why),
        };
        response.headers_mut().extend(header);
        response
    }
}

/// Returns whether there is a page for this failure.
fn has_page(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 401 | 403 | 404 | 429 | 503)
}

impl From<Shut> for Denied {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Wrong => Self { why: "the token is wrong".to_owned(), ..Self::unknown() },
            Shut::TooMany(wait) => {
                let denied =
                    Self::new(StatusCode::TOO_MANY_REQUESTS, "there were too many wrong tokens; wait a minute");
                denied.with(RETRY_AFTER, seconds(wait))
            }
        }
    }
}

/// Rounds up, as whoever comes a moment too early has to wait again.
pub(super) fn seconds(wait: chrono::TimeDelta) -> i64 {
    (wait.num_milliseconds() + 999) / 1000
}

impl From<Lost> for Denied {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Nowhere => Self::nowhere(),
            Lost::Method(allowed) => {
                let denied = Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("this takes {allowed}"));
                denied.with(ALLOW, HeaderValue::from_static(allowed))
            }
        }
    }
}

impl From<&Refusal> for Denied {
    fn from(refusal: &Refusal) -> Self {
        let status = match refusal {
            Refusal::Unknown { .. } => StatusCode::NOT_FOUND,
            Refusal::Ambiguous { .. } => StatusCode::CONFLICT,
            Refusal::MembersUnknown | Refusal::NoOrders | Refusal::Journal { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, format!("failed to {refusal}"))
    }
}

/// A page.
pub(super) fn html(status: StatusCode, text: String) -> Response {
    with_type(status, "text/html; charset=utf-8", text.into())
}

/// A short text.
pub(super) fn text(status: StatusCode, text: impl Into<String>) -> Response {
    let mut text = text.into();
    text.push('\n');
    with_type(status, "text/plain; charset=utf-8", text.into())
}

/// A document.
pub(super) fn json<T: Serialize>(status: StatusCode, document: &T) -> Response {
    match serde_json::to_vec(document) {
        Ok(bytes) => with_type(status, "application/json", bytes.into()),
        // Only keys that are no texts could be the reason, and there are none.
        Err(_) => text(StatusCode::INTERNAL_SERVER_ERROR, "this cannot be written as JSON"),
    }
}

/// Sends a browser on.
pub(super) fn see_other(path: &str) -> Response {
    let mut response = text(StatusCode::SEE_OTHER, "see other");
    if let Ok(location) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Any body.
pub(super) fn with_type(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
