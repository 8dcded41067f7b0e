//! What can go wrong with Microsoft 365, by what a caller does differently.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::endpoint::EndpointFlaw;
use super::reply::{Code, Reply, RequestId, Service};
use crate::credential::CredentialError;
use crate::rules::Verdict;

mod subject;

pub use subject::{LookedUp, Permission, Things};

/// Why a token or a calendar is not known. No variant carries a URL, a body, a token or words of an entry.
///
/// It can be cloned, as one failed call is the answer for each of its mailboxes.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GraphError {
    /// An address in the settings cannot be used.
    #[error("use the address of {service}: {flaw}")]
    Endpoint {
        /// Whose address.
        service: Service,
        /// What is wrong with it.
        flaw: EndpointFlaw,
    },
    /// The HTTP client could not be built.
    #[error("prepare encrypted connections")]
    Tls(#[source] Arc<reqwest::Error>),
    /// No connection, or it broke before an answer began.
    #[error("reach {service}")]
    Unreachable {
        /// Who was to be reached.
        service: Service,
        /// The cause, without the URL.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// No whole answer in time.
    #[error("get an answer from {service} in time")]
    TimedOut {
        /// Who was asked.
        service: Service,
    },
    /// Asked too often; nothing may be asked before the time given.
    #[error("get an answer without a pause: {reply}")]
    Throttled {
        /// The refusal.
        reply: Reply,
        /// How long to wait.
        after: Option<Duration>,
    },
    /// The service itself is in trouble.
    #[error("get an answer: {reply}")]
    Failed {
        /// The refusal.
        reply: Reply,
        /// How long to wait.
        after: Option<Duration>,
    },
    /// The token endpoint gives no token for these settings.
    #[error("get a token for app {client_id}: {problem}{request}", request = Bracketed(request_id.as_ref()))]
    TokenDenied {
        /// The app that asked.
        client_id: String,
        /// What is wrong, and what helps.
        problem: TokenProblem,
        /// Entra's trace id.
        request_id: Option<RequestId>,
    },
    /// The app has nothing with which it could ask for a token.
    #[error("get a token for app {client_id}: {problem}")]
    Unproved {
        /// The app.
        client_id: String,
        /// What is wrong, and what helps.
        problem: CredentialError,
    },
    /// A fresh token was refused, too.
    #[error("use a fresh token: {reply}; endpoint and login_endpoint must belong to the same Microsoft cloud")]
    TokenRefused {
        /// The refusal.
        reply: Reply,
    },
    /// The app may not do this.
    #[error("{}: {reply}; the app needs the permission {needs}", needs.deed())]
    Forbidden {
        /// What it lacks.
        needs: Permission,
        /// The refusal.
        reply: Reply,
    },
    /// Nobody or no mailbox has this address.
    #[error("find {absent}: {reply}{looked_up}")]
    NotFound {
        /// What is missing.
        absent: Absent,
        /// Whether somebody was found who has it as mail address.
        looked_up: LookedUp,
        /// The refusal.
        reply: Reply,
    },
    /// Refused in a way that asking again does not change.
    #[error("have the request accepted: {reply}")]
    Refused {
        /// The refusal.
        reply: Reply,
    },
    /// An answer that means nothing; what it was about is unknown, not empty.
    #[error("understand the answer of {service}: {flaw}{request}", request = Bracketed(request_id.as_ref()))]
    Malformed {
        /// Who answered.
        service: Service,
        /// What is wrong with it.
        flaw: Flaw,
        /// The id of the request, where there was one.
        request_id: Option<RequestId>,
    },
    /// More than is read of one answer.
    #[error("read an answer of {service} that is larger than {max} bytes")]
    TooLarge {
        /// Who answered.
        service: Service,
        /// The most that is read.
        max: usize,
    },
    /// More than is read of one mailbox.
    #[error("read a list of more than {pages} pages or {items} {things}")]
    TooMany {
        /// What is in the list.
        things: Things,
        /// The most pages that are read.
        pages: usize,
        /// The most of them that are read.
        items: usize,
    },
}

impl GraphError {
    /// Returns what to do about it.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Throttled { after, .. } | Self::Failed { after, .. } => Verdict::Retry { after: *after },
            Self::Unreachable { .. } | Self::TimedOut { .. } | Self::Malformed { .. } => Verdict::Retry { after: None },
            Self::Unproved { problem, .. } if problem.may_pass() => Verdict::Retry { after: None },
            Self::NotFound { .. } | Self::TooLarge { .. } | Self::TooMany { .. } => Verdict::GiveUp,
            Self::Endpoint { .. }
            | Self::Tls(_)
            | Self::TokenDenied { .. }
            | Self::Unproved { .. }
            | Self::TokenRefused { .. }
            | Self::Forbidden { .. }
            | Self::Refused { .. } => Verdict::NeedsHuman,
        }
    }

    /// Returns whether the address was answered with 404: read after read of these, a mailbox is lost.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// Returns whether the app lacks a permission.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden { .. })
    }

    /// Returns whether one mailbox may be why a whole call failed: it hangs, also for what stands before it and gives up
    /// waiting, or Graph stumbles over it. Others that are asked without it may fare better.
    pub fn may_be_of_one(&self) -> bool {
        match self {
            Self::TimedOut { service } => *service == Service::Graph,
            Self::Failed { reply, after: None } | Self::Refused { reply } => {
                reply.service == Service::Graph && matches!(reply.status, 400 | 500 | 504)
            }
            _ => false,
        }
    }

    /// Returns the id by which Microsoft finds the request again.
    pub fn request_id(&self) -> Option<&RequestId> {
        match self {
            Self::TokenDenied { request_id, .. } | Self::Malformed { request_id, .. } => request_id.as_ref(),
            Self::Throttled { reply, .. }
            | Self::Failed { reply, .. }
            | Self::TokenRefused { reply }
            | Self::Forbidden { reply, .. }
            | Self::NotFound { reply, .. }
            | Self::Refused { reply } => reply.request_id.as_ref(),
            _ => None,
        }
    }

    /// Adds the id of the call to an error that has none of its own.
    pub(super) fn in_call(mut self, call: Option<&RequestId>) -> Self {
        let own = match &mut self {
            Self::Malformed { request_id, .. } => request_id,
            Self::Throttled { reply, .. }
            | Self::Failed { reply, .. }
            | Self::TokenRefused { reply }
            | Self::Forbidden { reply, .. }
            | Self::NotFound { reply, .. }
            | Self::Refused { reply } => &mut reply.request_id,
            _ => return self,
        };
        if own.is_none() {
            *own = call.cloned();
        }
        self
    }

    /// Adds what a look-up has to say to an error about an address that cannot be found.
    pub(super) fn after_look_up(mut self, made: LookedUp) -> Self {
        if let Self::NotFound { looked_up, .. } = &mut self {
            *looked_up = made;
        }
        self
    }

    /// Reads the refusal of a whole call for which the app needs this permission. A 404 is then about the address of the
    /// service, not about a mailbox.
    pub(super) fn from_call(reply: Reply, after: Option<Duration>, needs: Permission) -> Self {
        match reply.status {
            401 => Self::TokenRefused { reply },
            403 => Self::Forbidden { needs, reply },
            429 => Self::Throttled { reply, after },
            503 if after.is_some() => Self::Throttled { reply, after },
            // 424 is what an older Graph gives for a request in a throttled batch.
            408 | 424 | 425 | 500..=599 => Self::Failed { reply, after },
            _ => Self::Refused { reply },
        }
    }

    /// Reads the refusal of one mailbox in a batch.
    pub(super) fn from_item(reply: Reply, after: Option<Duration>, needs: Permission) -> Self {
        if reply.status != 404 {
            return Self::from_call(reply, after, needs);
        }
        let is_about_user = |code: &Code| USER_CODES.iter().any(|name| code.is(name));
        let absent = if reply.code.as_ref().is_some_and(is_about_user) { Absent::User } else { Absent::Mailbox };
        Self::NotFound { absent, looked_up: LookedUp::Not, reply }
    }
}

/// The codes of a 404 that say that nobody in the tenant has the address.
const USER_CODES: [&str; 4] = ["Request_ResourceNotFound", "ResourceNotFound", "ErrorInvalidUser", "ErrorUserNotFound"];

/// What a 404 says is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Nobody in the tenant signs in with this address.
    User,
    /// There is such a user, without a mailbox in Microsoft 365.
    Mailbox,
}

impl fmt::Display for Absent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::User => "a user with this address in the tenant",
            Self::Mailbox => "a mailbox in Microsoft 365 with this address",
        })
    }
}

/// Why there is no token, as a person needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// AADSTS7000222.
    SecretExpired,
    /// AADSTS7000215.
    SecretWrong,
    /// AADSTS700027.
    CertificateUnknown,
    /// AADSTS700024.
    AssertionUntimely,
    /// AADSTS70021, AADSTS700211 to AADSTS700213.
    FederationUnknown,
    /// AADSTS700016.
    AppUnknown,
    /// AADSTS90002.
    TenantUnknown,
    /// AADSTS70011, AADSTS500011.
    ScopeUnknown,
    /// Any other refusal; with its AADSTS number where there was one.
    Other(Option<u32>),
}

impl fmt::Display for TokenProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SecretExpired => {
                "its client secret has expired; create a new one in the Entra admin center under App \
                 registrations, this app, Certificates & secrets, and put its value into graph.client_secret"
            }
            Self::SecretWrong => {
                "the client secret is wrong; graph.client_secret must be the secret's value, not its id"
            }
            Self::CertificateUnknown => {
                "the tenant does not know its certificate; upload the one in graph.certificate_file in the Entra admin \
                 center under App registrations, this app, Certificates & secrets (it counts after some minutes), and \
                 see that it has not expired there"
            }
            Self::AssertionUntimely => {
                "the tenant takes its assertion for one of another time; see that this machine's clock is right"
            }
            Self::FederationUnknown => {
                "the tenant does not trust the assertion in graph.assertion_file; compare its issuer, subject and audience \
                 with the federated credentials of the app registration"
            }
            Self::AppUnknown => {
                "the tenant does not know the app; compare graph.client_id and graph.tenant_id with the app \
                 registration"
            }
            Self::TenantUnknown => {
                "the tenant does not exist in this Microsoft cloud; compare graph.tenant_id and \
                 graph.login_endpoint with the directory"
            }
            Self::ScopeUnknown => {
                "the tenant does not know the service behind graph.endpoint; compare it with the Microsoft cloud of \
                 the tenant"
            }
            Self::Other(None) => "the log-in was refused",
            Self::Other(Some(number)) => {
                return write!(formatter, "the log-in was refused with AADSTS{number}");
            }
        })
    }
}

/// What is wrong with an answer that means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It broke off.
    CutOff,
    /// It is not the JSON that was to come.
    NotJson,
    /// It has more values in it than are ever read.
    TooManyValues,
    /// A mailbox is not in the batch's answer.
    Missing,
    /// A mailbox is in the batch's answer more than once.
    Repeated,
    /// A page without the list that it should hold.
    NoList,
    /// So many entries without an id or with times that cannot be read.
    Entries(usize),
    /// So many categories without an id.
    Categories(usize),
    /// The next page lies somewhere else than Microsoft Graph.
    ForeignLink,
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::CutOff => "it broke off",
            Self::NotJson => "it is not the JSON that was expected",
            Self::TooManyValues => "it has more values in it than are ever read",
            Self::Missing => "the mailbox is missing from it",
            Self::Repeated => "the mailbox is in it more than once",
            Self::NoList => "it holds no list",
            Self::Entries(1) => "an entry has no id or times that cannot be read",
            Self::Entries(count) => {
                return write!(formatter, "{count} entries have no id or times that cannot be read");
            }
            Self::Categories(count) => return write!(formatter, "{count} of its categories have no id"),
            Self::ForeignLink => "its next page lies outside Microsoft Graph",
        })
    }
}

/// A request id at the end of a sentence.
struct Bracketed<'a>(Option<&'a RequestId>);

impl fmt::Display for Bracketed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |id| write!(formatter, " (request {id})"))
    }
}

#[cfg(test)]
mod tests;
