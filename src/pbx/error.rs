//! What can go wrong with the PBX, by what a caller does differently.
//!
//! Must not know: how an answer is read. No variant carries a URL, a token, a key or a body; words of the PBX are
//! scrubbed and bounded by `words` before they get here.

use std::sync::Arc;
use std::time::Duration;

use super::certificate::{CertificateFlaw, Fingerprint};
use crate::rules::Verdict;

/// Why a call to the PBX failed. Everybody who waits for one token shares its error, so errors can be cloned.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PbxError {
    /// The HTTP client could not be built.
    #[error("prepare the connection to the PBX")]
    Setup {
        /// What the TLS or HTTP library said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// None of the certificates in the settings can be an authority.
    #[error("find a certificate in starface.ca_file that can be trusted")]
    NoAuthority,
    /// The request could not be written as XML.
    #[error("write the request to the PBX as XML")]
    NotEncoded,
    /// No connection: refused, no such host, no answer to the handshake. The call never left.
    #[error("reach the PBX")]
    Unreachable {
        /// What the network said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// The PBX showed a certificate that is not trusted. The call never left.
    #[error("trust the PBX's certificate: {flaw} (SHA-256 {fingerprint})")]
    Certificate {
        /// Which certificate.
        fingerprint: Fingerprint,
        /// What is wrong with it.
        flaw: CertificateFlaw,
    },
    /// No whole answer in time.
    #[error("get an answer from the PBX in time")]
    TimedOut,
    /// The connection broke after the call may have left.
    #[error("get a whole answer from the PBX before the connection broke")]
    Lost {
        /// What the network said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// The PBX wants another log-in: 401, 403, or a log-in page in place of an answer.
    #[error("log in to the PBX (check login, password and starface.auth)")]
    Authentication,
    /// The PBX refuses to give a token. The call never left.
    #[error("get a token from the PBX: {0}")]
    TokenDenied(TokenProblem),
    /// No token could be had for another reason. The call never left.
    #[error("get a token from the PBX")]
    NoToken {
        /// What happened to the request for it.
        #[source]
        source: Arc<PbxError>,
    },
    /// The PBX gave a token and does not take it.
    #[error(
        "log in to the PBX: it refuses the token that it has just given (check that the login has the right \
         \"{RIGHT}\", and starface.auth)"
    )]
    FreshTokenRefused,
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

/// The right that a login needs for `oauth`, as the PBX's admin page names it.
const RIGHT: &str = "API Zugriff mit OAuth Password Grant";

/// Why the PBX gives no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenProblem {
    /// It does not take the client.
    #[error(
        "it refuses the client (check starface.client_secret, which is under Admin → Server → Status → REST-API, and \
         that the login has the right \"{RIGHT}\")"
    )]
    Client,
    /// It does not take the login.
    #[error("it refuses the login (check starface.login and its password, and that it has the right \"{RIGHT}\")")]
    Login,
    /// It does not say what is wrong.
    #[error(
        "it refuses and does not say why (check that starface.login has the right \"{RIGHT}\", its password, and \
         starface.client_secret, which is under Admin → Server → Status → REST-API)"
    )]
    Unsaid,
    /// It has no such service.
    #[error("it has no service for tokens, as STARFACE before version 10 (set starface.auth = \"sha512\")")]
    NoService,
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
    /// A text that is longer than any, or has control characters.
    #[error("{0} is too long or has control characters")]
    Text(&'static str),
    /// A field that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field that must be a number is none.
    #[error("{0} is no number")]
    Number(&'static str),
    /// Something other than the JSON with a token.
    #[error("it is not the JSON with a token")]
    NoToken,
    /// The module's page has more on it than is ever read.
    #[error("the module's page has more or longer fields than are ever read")]
    Page,
    /// A list of members that is longer than any.
    #[error("the group has more members than are ever read")]
    Members,
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
            Self::Setup { .. }
            | Self::NoAuthority
            | Self::Certificate { .. }
            | Self::Authentication
            | Self::TokenDenied(_)
            | Self::FreshTokenRefused
            | Self::WrongKey => Verdict::NeedsHuman,
            Self::NoToken { source } => source.verdict(),
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

    /// Returns the error as one of few words, for counting.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Setup { .. } | Self::NoAuthority | Self::NotEncoded | Self::ReadOnly => "not_sent",
            Self::Unreachable { .. } => "unreachable",
            Self::Certificate { .. } => "certificate",
            Self::TimedOut => "timed_out",
            Self::Lost { .. } => "lost",
            Self::Authentication | Self::TokenDenied(_) | Self::FreshTokenRefused => "log_in",
            Self::NoToken { .. } => "no_token",
            Self::Status(_) => "status",
            Self::NoSuchMethod => "no_method",
            Self::WrongKey => "key",
            Self::OtherOwner { .. } => "owner",
            Self::NotSerialised | Self::TooLarge | Self::Malformed(_) => "unreadable",
            Self::Fault { .. } => "fault",
            Self::Refused { .. } => "refused",
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
            | Self::NoAuthority
            | Self::NotEncoded
            | Self::Unreachable { .. }
            | Self::Certificate { .. }
            | Self::Authentication
            | Self::TokenDenied(_)
            | Self::NoToken { .. }
            | Self::FreshTokenRefused
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
                | Self::NoAuthority
                | Self::Unreachable { .. }
                | Self::Certificate { .. }
                | Self::Authentication
                | Self::TokenDenied(_)
                | Self::NoToken { .. }
                | Self::FreshTokenRefused
                | Self::NoSuchMethod
                | Self::WrongKey
                | Self::OtherOwner { .. }
                | Self::ReadOnly
        )
    }

    /// Tells what this error of a request for a token means for the call that needed the token. Whether the PBX can be
    /// reached and trusted is as true of the call itself.
    pub(super) fn of_token(self) -> Self {
        match self {
            Self::Unreachable { .. } | Self::Certificate { .. } | Self::TokenDenied(_) => self,
            other => Self::NoToken { source: Arc::new(other) },
        }
    }

    /// Returns whether a call about fewer accounts may go well.
    pub(super) fn may_go_well_in_parts(&self) -> bool {
        matches!(self, Self::TimedOut | Self::TooLarge | Self::NotSerialised | Self::Malformed(Malformed::TooMany))
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
mod tests;
