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
            TokenProblem::CertificateUnknown => Cause::CertificateUnknown,
            TokenProblem::FederationUnknown => Cause::AssertionUnusable,
            TokenProblem::AppUnknown => Cause::AppUnknown,
            TokenProblem::TenantUnknown => Cause::TenantUnknown,
            TokenProblem::ScopeUnknown | TokenProblem::AssertionUntimely | TokenProblem::Other(_) => {
                Cause::TenantRefused
            }
        },
        GraphError::Unproved { problem, .. } if problem.may_pass() => Cause::AssertionUnusable,
        GraphError::Unproved { .. } => Cause::CertificateExpired,
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
        | Cause::CertificateExpired
        | Cause::CertificateUnknown
        | Cause::AssertionUnusable
        | Cause::CredentialEnds
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
        Cause::Conflict => "conflict",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::Kind;
    use crate::credential::{CredentialError, Untimely};
    use crate::graph::{Absent, LookedUp, Permission, Reply, Service};
    use crate::rules::Denial;

    fn reply(status: u16) -> Reply {
        Reply { service: Service::Graph, status, code: None, request_id: None }
    }

    #[test]
    fn a_log_in_at_the_tenant_says_what_is_wrong_with_which_secret() {
        let denied =
            |problem| of_tenant(&GraphError::TokenDenied { client_id: String::new(), problem, request_id: None });
        assert_eq!(denied(TokenProblem::SecretExpired), Cause::SecretExpired);
        assert_eq!(denied(TokenProblem::SecretWrong), Cause::SecretWrong);
        assert_eq!(denied(TokenProblem::AppUnknown), Cause::AppUnknown);
        assert_eq!(denied(TokenProblem::CertificateUnknown), Cause::CertificateUnknown);
        assert_eq!(denied(TokenProblem::FederationUnknown), Cause::AssertionUnusable);
        let unproved = |problem| of_tenant(&GraphError::Unproved { client_id: String::new(), problem });
        let ended_at = chrono::DateTime::UNIX_EPOCH;
        assert_eq!(unproved(CredentialError::Untimely(Untimely::Expired { ended_at })), Cause::CertificateExpired);
        assert_eq!(unproved(CredentialError::NoAssertion), Cause::AssertionUnusable);
        assert_eq!(denied(TokenProblem::TenantUnknown), Cause::TenantUnknown);
        assert_eq!(denied(TokenProblem::Other(None)), Cause::TenantRefused);
        assert_eq!(of_tenant(&GraphError::TokenRefused { reply: reply(401) }), Cause::TenantRefused);
        assert_eq!(of_tenant(&GraphError::TimedOut { service: Service::Login }), Cause::Tenant);
    }

    #[test]
    fn a_mailbox_is_missing_or_forbidden_or_in_trouble() {
        let missing = GraphError::NotFound { absent: Absent::User, looked_up: LookedUp::Not, reply: reply(404) };
        assert_eq!(of_mailbox(&missing), Cause::MailboxMissing);
        let forbidden = GraphError::Forbidden { needs: Permission::Calendars, reply: reply(403) };
        assert_eq!(of_mailbox(&forbidden), Cause::MailboxForbidden);
        assert_eq!(of_mailbox(&GraphError::Failed { reply: reply(500), after: None }), Cause::Mailbox);
    }

    #[test]
    fn the_pbx_is_told_apart_by_what_has_to_be_mended() {
        assert_eq!(of_pbx(&PbxError::TimedOut), Cause::Pbx);
        assert_eq!(of_pbx(&PbxError::Authentication), Cause::PbxLogin);
        assert_eq!(of_pbx(&PbxError::FreshTokenRefused), Cause::PbxLogin);
        assert_eq!(of_pbx(&PbxError::NoToken { source: PbxError::Authentication.into() }), Cause::PbxLogin);
        assert_eq!(of_pbx(&PbxError::NoSuchMethod), Cause::Module);
        assert_eq!(of_pbx(&PbxError::WrongKey), Cause::ModuleKey);
        assert_eq!(of_pbx(&PbxError::OtherOwner { id: String::new() }), Cause::PbxOwned);
        assert_eq!(of_pbx(&PbxError::NoAuthority), Cause::PbxCertificate);
    }

    #[test]
    fn what_stands_as_a_redirect_in_the_status_is_told_as_one_by_mail() {
        assert_eq!(of_redirect(&RedirectProblem::Unclear), Cause::TargetUnreadable);
        assert_eq!(of_redirect(&RedirectProblem::Refused(Denial::Loop)), Cause::TargetDenied);
        assert_eq!(of_redirect(&RedirectProblem::NoMailbox), Cause::TargetMissing);
        for cause in Cause::ALL.into_iter().filter(|cause| kind(*cause) == "redirect") {
            assert_eq!(cause.kind(), Kind::Redirect, "{cause:?}");
        }
    }
}
