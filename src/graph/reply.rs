//! Who answered, and how: the part of an answer that may stand in errors and logs.
//!
//! Words of the other side are kept only after a check of their letters, so that nothing else slips into a log.

use std::fmt;

/// Which of Microsoft's two services was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Microsoft Entra, which gives the token.
    Login,
    /// Microsoft Graph, which gives the calendars.
    Graph,
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Login => "the Microsoft Entra log-in",
            Self::Graph => "Microsoft Graph",
        })
    }
}

/// The id by which Microsoft finds one request again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

/// The error code of an answer, such as `ErrorAccessDenied`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(String);

impl RequestId {
    /// Takes an id; nothing when it is empty, long or made of other letters than an id.
    pub(super) fn new(text: &str) -> Option<Self> {
        word(text).map(Self)
    }
}

impl Code {
    /// Takes a code; nothing when it is empty, long or made of other letters than a code.
    pub(super) fn new(text: &str) -> Option<Self> {
        word(text).map(Self)
    }

    /// Returns whether this is the code, in whatever case.
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The most letters of an id or a code; a GUID has 36, the longest known code 40.
const WORD_MAX: usize = 64;

fn word(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let fits = !text.is_empty() && text.len() <= WORD_MAX && text.bytes().all(plain);
    fits.then(|| text.to_owned())
}

/// A refusal, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Who answered.
    pub service: Service,
    /// The HTTP status.
    pub status: u16,
    /// The error code, where there was one.
    pub code: Option<Code>,
    /// The id of the request, where there was one.
    pub request_id: Option<RequestId>,
}

impl fmt::Display for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} answered {}", self.service, self.status)?;
        if let Some(code) = &self.code {
            write!(formatter, " {code}")?;
        }
        match &self.request_id {
            Some(id) => write!(formatter, " (request {id})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_no_word_is_dropped() {
        #[track_caller]
        fn case(text: &str, kept: bool) {
            assert_eq!(Code::new(text).is_some(), kept, "{text}");
        }
        case("ErrorAccessDenied", true);
        case("Error.Access-Denied_2", true);
        case("", false);
        case("Kunde ABC", false);
        case("a\nb", false);
        case("https://login.example/?code=1", false);
        case(&"x".repeat(65), false);
    }

    #[test]
    fn a_reply_names_the_status_the_code_and_the_request() {
        let reply = Reply {
            service: Service::Graph,
            status: 403,
            code: Code::new("ErrorAccessDenied"),
            request_id: RequestId::new("94fb3b52-452a-4535-a601-69e0a90e3aa2"),
        };
        assert_eq!(
            reply.to_string(),
            "Microsoft Graph answered 403 ErrorAccessDenied \
             (request 94fb3b52-452a-4535-a601-69e0a90e3aa2)"
        );
    }
}
