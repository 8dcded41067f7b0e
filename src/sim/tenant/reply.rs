//! One answer of Graph, whether alone or an item of a batch, and the error envelope.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Value,
}

/// Why something is refused: status, code and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) retry_after: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    /// Returns the error that Graph gives with a server's status.
    pub(crate) fn of_status(status: u16) -> Self {
        let (code, message) = match status {
            403 => ("ErrorAccessDenied", "Access is denied. Check credentials and try again."),
            503 => ("ServiceUnavailable", "The service is temporarily unavailable."),
            504 => ("GatewayTimeout", "The server did not receive a timely response."),
            _ => ("InternalServerError", "An internal server error occurred."),
        };
        Self::new(status, code, message)
    }

    /// Returns a 429 of the whole application.
    pub(crate) fn too_many_requests(retry_after: &str) -> Self {
        Self {
            retry_after: Some(retry_after.to_owned()),
            ..Self::new(429, "TooManyRequests", "Please retry again later.")
        }
    }

    /// Returns a 429 of one mailbox.
    pub(crate) fn mailbox_busy(retry_after: &str) -> Self {
        Self {
            retry_after: Some(retry_after.to_owned()),
            ..Self::new(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.")
        }
    }

    /// Writes the refusal down.
    pub(crate) fn reply(self, now: DateTime<Utc>, client_request_id: Option<&str>) -> Reply {
        let request_id = Uuid::new_v4().to_string();
        let body = json!({
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    "date": now.format("%Y-%m-%dT%H:%M:%S").to_string(),
                    "request-id": request_id,
                    "client-request-id": client_request_id.unwrap_or(&request_id),
                },
            },
        });
        let mut headers = json_headers();
        headers.push(("request-id".to_owned(), request_id));
        if let Some(seconds) = self.retry_after {
            headers.push(("Retry-After".to_owned(), seconds));
        }
        Reply { status: self.status, headers, body }
    }
}

impl Reply {
    /// Returns an answer with status 200.
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, headers: json_headers(), body }
    }

    /// Returns an answer with status 201.
    pub(crate) fn created(body: Value) -> Self {
        Self { status: 201, ..Self::ok(body) }
    }

    /// Returns an answer with status 204, without a body.
    pub(crate) fn nothing() -> Self {
        Self { status: 204, headers: Vec::new(), body: Value::Null }
    }
}

fn json_headers() -> Vec<(String, String)> {
    vec![("Content-Type".to_owned(), "application/json".to_owned())]
}
