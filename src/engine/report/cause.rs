//! What errors of the edges are to whoever has to mend them.

use crate::alarm::Cause;
use crate::graph::{GraphError, TokenProblem};
use crate::pbx::PbxError;
use crate::rules::RedirectProblem;

/// Returns what a failed call to the PBX is.
pub(in crate::engine) fn of_pbx(error: &PbxError) -> Cause {
    match error {
        PbxError::Certificate { .. } | PbxError::NoAuthority => Cause::PbxCertificate,
        PbxError::Authentication | PbxError::TokenDenied(_) | PbxError::FreshTokenRefused => Cause::PbxLogin,
        PbxError::NoSuchMethod => Cause::Module,
        PbxError::WrongKey => Cause::ModuleKey,
        PbxError::OtherOwner { .. } => Cause::PbxOwned,
        PbxError::NoToken { source } => of_pbx(source),
        _ => Cause::Pbx,
    }
}

/// Returns what a call to the tenant is that failed as a whole.
pub(in crate::engine) fn of_tenant(error: &GraphError) -> Cause {
    match error {
        GraphError::TokenDenied { problem, .. } => match problem {
            TokenProblem::SecretExpired => Cause::SecretExpired,
            TokenProblem::SecretWrong => Cause::SecretWrong,
            TokenProblem::AppUnknown => Cause::AppUnknown,
            TokenProblem::TenantUnknown => Cause::TenantUnknown,
            TokenProblem::ScopeUnknown | TokenProblem::Other(_) => Cause::TenantRefused,
        },
        GraphError::TokenRefused { .. } | GraphError::Forbidden { .. } | GraphError::Refused { .. } => {
            Cause::TenantRefused
        }
        _ => Cause::Tenant,
    }
}

/// Returns what a mailbox is that cannot be read by itself.
pub(in crate::engine) fn of_mailbox(error: &GraphError) -> Cause {
    match error {
        GraphError::Forbidden { .. } => Cause::MailboxForbidden,
        GraphError::NotFound { .. } => Cause::MailboxMissing,
        _ => Cause::Mailbox,
    }
}

/// Returns what a redirect is that cannot be made.
pub(in crate::engine) fn of_redirect(problem: &RedirectProblem) -> Cause {
    match problem {
        RedirectProblem::Unclear => Cause::TargetUnreadable,
        RedirectProblem::Refused(_) => Cause::TargetDenied,
        RedirectProblem::NoDestination | RedirectProblem::NoMailbox => Cause::TargetMissing,
    }
}

/// Returns the kind under which a cause stands in the status.
pub(in crate::engine) fn kind(cause: Cause) -> &'static str {
    match cause {
        Cause::Pbx | Cause::PbxCertificate | Cause::PbxLogin | Cause::Module | Cause::ModuleKey | Cause::PbxOwned => {
            "pbx"
        }
        Cause::Tenant
        | Cause::SecretExpired
        | Cause::SecretWrong
        | Cause::AppUnknown
        | Cause::TenantUnknown
        | Cause::TenantRefused => "tenant",
        Cause::Journal => "journal",
        Cause::Settings => "settings",
        Cause::Categories => "categories",
        Cause::Mailbox | Cause::MailboxForbidden | Cause::MailboxMissing => "mailbox",
        Cause::AddressMissing => "address",
        Cause::TargetMissing | Cause::TargetUnreadable | Cause::TargetDenied | Cause::RedirectIneffective => "redirect",
        Cause::StatusRefused | Cause::RedirectRefused => "refused",
        Cause::StatusContested => "contested",
    }
}
