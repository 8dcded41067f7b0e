//! What can go wrong with the PBX, by what a caller does differently.
//!
//! Must not know: how an answer is read. No variant carries a URL, a token, a key or a body; words of the PBX are
//! scrubbed and bounded by `words` before they get here.

use std::time::Duration;

use crate::rules::Verdict;

/// Why a call to the PBX failed.
#[derive(Debug, thiserror::Error)]
pub enum PbxError {
    /// The HTTP client could not be built.
    #[error("prepare the connection to the PBX")]
    Setup {
        /// What the TLS or HTTP library said.
        #[source]
        source: reqwest::Error,
    },
    /// The request could not be written as XML.
    #[error("write the request to the PBX as XML")]
    NotEncoded,
    /// No connection: refused, no such host, no answer to the handshake. The call never left.
    #[error("reach the PBX")]
    Unreachable {
        /// What the network said.
        #[source]
        source: reqwest::Error,
    },
    /// The PBX showed a certificate that is not trusted. The call never left.
    #[error("trust the PBX's certificate")]
    Certificate {
        /// What the TLS library said.
        #[source]
        source: reqwest::Error,
    },
    /// No whole answer in time.
    #[error("get an answer from the PBX in time")]
    TimedOut,
    /// The connection broke after the call may have left.
    #[error("get a whole answer from the PBX before the connection broke")]
    Lost {
        /// What the network said.
        #[source]
        source: reqwest::Error,
    },
    /// The PBX wants another log-in: 401, 403, or a log-in page in place of an answer.
    #[error("log in to the PBX (check login, password and starface.auth)")]
    Authentication,
    /// The PBX answered with an HTTP status that is none of the others.
    #[error("call the PBX: it answered HTTP status {0}")]
    Status(u16),
    /// The PBX has no such method.
    #[error(
        "find the module's entry point (is the module installed and active, and the instance named as in \
         starface.instance?)"
    )]
    NoSuchMethod,
    /// The module has another key than the settings.
    #[error("prove the key to the module (starface.module_key must be the page's Connector-Schlüssel)")]
    WrongKey,
    /// Another sidecar writes to this PBX.
    #[error("write to the PBX: another sidecar owns it, owner {id}")]
    OtherOwner {
        /// The owner that the module named.
        id: String,
    },
    /// The PBX answered 200 without a body, which it does when it cannot write its own answer.
    #[error("get an answer: the PBX could not serialise it and sent nothing")]
    NotSerialised,
    /// The answer is longer than is ever read.
    #[error("read the PBX's answer: longer than {BODY_MAX} bytes")]
    TooLarge,
    /// The answer is not what it should be.
    #[error("read the PBX's answer: {0}")]
    Malformed(Malformed),
    /// The PBX answered with a fault.
    #[error("call the PBX: fault {code}: {text}")]
    Fault {
        /// The PBX's number; 0 for most errors of Apache's server.
        code: i32,
        /// The PBX's words, scrubbed and bounded.
        text: String,
    },
    /// The module refused the whole call.
    #[error("call the module: it refused with \"{text}\"")]
    Refused {
        /// The module's words, scrubbed and bounded.
        text: String,
    },
    /// A write was asked of a client that only reads.
    #[error("write to the PBX in a run that only reads")]
    ReadOnly,
}

/// What is wrong with an answer. The words never repeat the answer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// The text ends before the document does.
    #[error("it ends too early")]
    Truncated,
    /// Something other than well-formed XML.
    #[error("it is not well-formed XML")]
    NotXml,
    /// A document type or entity is declared; XML-RPC needs none, and they can be made to grow without bound.
    #[error("it declares a document type")]
    Doctype,
    /// An entity is used that XML does not have by itself.
    #[error("it uses an entity that XML does not have")]
    Entity,
    /// A character reference that is no number.
    #[error("it has a character reference that is no number")]
    CharacterReference,
    /// The document is no XML-RPC answer.
    #[error("it is no XML-RPC answer")]
    NotAnAnswer,
    /// Text or an element stands where the dialect has none.
    #[error("it has text or an element in the wrong place")]
    Misplaced,
    /// There is more than one value.
    #[error("it has more than one value")]
    SecondValue,
    /// A value of a type that nobody knows.
    #[error("it has a value of an unknown type")]
    UnknownType,
    /// A member of a struct without name or value.
    #[error("it has a struct member without a name or a value")]
    Member,
    /// A whole number that is none, or too great.
    #[error("it has a whole number that is none")]
    Integer,
    /// A number that is none.
    #[error("it has a number that is none")]
    Double,
    /// A boolean that is neither true nor false.
    #[error("it has a boolean that is neither true nor false")]
    Boolean,
    /// Base64 that is none.
    #[error("it has base64 that is none")]
    Base64,
    /// Values in values in values.
    #[error("its values are nested too deeply")]
    TooDeep,
    /// More elements than are ever read.
    #[error("it has too many elements")]
    TooMany,
    /// A fault that is no struct.
    #[error("it has a fault without code and text")]
    Fault,
    /// A struct was expected.
    #[error("something other than a struct came in place of {0}")]
    Struct(&'static str),
    /// A text was expected.
    #[error("something other than a text came in place of {0}")]
    Leaf(&'static str),
    /// A field that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field that must be a number is none.
    #[error("{0} is no number")]
    Number(&'static str),
    /// The pages of a list do not add up to its total, twice in a row.
    #[error("the pages of the member list do not add up to its total")]
    Pages,
}

/// The most bytes of one answer: 500 members are 0.2 MB, 100 accounts with redirects 1 MB.
pub(super) const BODY_MAX: usize = 8 * 1024 * 1024;

impl From<Malformed> for PbxError {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl PbxError {
    /// Returns what to do about it.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Setup { .. } | Self::Certificate { .. } | Self::Authentication | Self::WrongKey => {
                Verdict::NeedsHuman
            }
            Self::NotEncoded | Self::NotSerialised | Self::TooLarge | Self::ReadOnly => Verdict::GiveUp,
            Self::OtherOwner { .. } => Verdict::Retry { after: Some(OWNED_FOR) },
            Self::Status(status) => status_verdict(*status),
            // A PBX that has just started faults until its modules run, so a missing method may come by itself.
            Self::NoSuchMethod
            | Self::Unreachable { .. }
            | Self::TimedOut
            | Self::Lost { .. }
            | Self::Malformed(_)
            | Self::Fault { .. }
            | Self::Refused { .. } => Verdict::Retry { after: None },
        }
    }

    /// Returns whether the PBX may have done what was asked, or may still do it, although this error came back.
    pub(super) fn may_be_done(&self) -> bool {
        match self {
            Self::TimedOut
            | Self::Lost { .. }
            | Self::NotSerialised
            | Self::TooLarge
            | Self::Malformed(_)
            | Self::Fault { .. } => true,
            // The servlet container answers 3xx and 4xx before the module sees anything.
            Self::Status(status) => *status < 300 || *status >= 500,
            Self::Setup { .. }
            | Self::NotEncoded
            | Self::Unreachable { .. }
            | Self::Certificate { .. }
            | Self::Authentication
            | Self::NoSuchMethod
            | Self::WrongKey
            | Self::OtherOwner { .. }
            | Self::Refused { .. }
            | Self::ReadOnly => false,
        }
    }

    /// Returns whether every other call of this moment would end the same way.
    pub(super) fn concerns_every_call(&self) -> bool {
        matches!(
            self,
            Self::Setup { .. }
                | Self::Unreachable { .. }
                | Self::Certificate { .. }
                | Self::Authentication
                | Self::NoSuchMethod
                | Self::WrongKey
                | Self::OtherOwner { .. }
                | Self::ReadOnly
        )
    }

    /// Returns whether a call about fewer accounts may go well.
    pub(super) fn may_go_well_in_parts(&self) -> bool {
        matches!(self, Self::TimedOut | Self::TooLarge | Self::NotSerialised)
    }
}

/// How long the module keeps others out after the last call of an owner.
const OWNED_FOR: Duration = Duration::from_secs(60);

fn status_verdict(status: u16) -> Verdict {
    match status {
        408 | 425 | 429 | 500.. => Verdict::Retry { after: None },
        _ => Verdict::NeedsHuman,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_whether_waiting_helps() {
        #[track_caller]
        fn case(error: &PbxError, expected: Verdict) {
            assert_eq!(error.verdict(), expected, "{error}");
        }
        let retry = Verdict::Retry { after: None };
        case(&PbxError::TimedOut, retry);
        case(&PbxError::NoSuchMethod, retry);
        case(&PbxError::Status(503), retry);
        case(&PbxError::Status(429), retry);
        case(&PbxError::Status(404), Verdict::NeedsHuman);
        case(&PbxError::Authentication, Verdict::NeedsHuman);
        case(&PbxError::WrongKey, Verdict::NeedsHuman);
        case(&PbxError::TooLarge, Verdict::GiveUp);
        case(&PbxError::OtherOwner { id: "x".into() }, Verdict::Retry { after: Some(Duration::from_secs(60)) });
    }

    #[test]
    fn only_an_error_after_the_request_left_leaves_the_outcome_open() {
        #[track_caller]
        fn case(error: &PbxError, expected: bool) {
            assert_eq!(error.may_be_done(), expected, "{error}");
        }
        case(&PbxError::TimedOut, true);
        case(&PbxError::NotSerialised, true);
        case(&PbxError::TooLarge, true);
        case(&PbxError::Malformed(Malformed::Truncated), true);
        case(&PbxError::Status(500), true);
        case(&PbxError::Status(504), true);
        case(&PbxError::Status(404), false);
        case(&PbxError::Authentication, false);
        case(&PbxError::WrongKey, false);
        case(&PbxError::OtherOwner { id: "x".into() }, false);
        case(&PbxError::ReadOnly, false);
    }

    #[test]
    fn an_error_fits_after_failed_to() {
        assert_eq!(
            format!("failed to {}", PbxError::Malformed(Malformed::Truncated)),
            "failed to read the PBX's answer: it ends too early"
        );
    }
}
