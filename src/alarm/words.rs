//! The words of the mails in each language.

use super::problem::Cause;
use crate::rules::text::Language;

mod english;
mod french;
mod german;
mod italian;

/// The words of one language.
pub(super) struct Words {
    pub(super) what: &'static str,
    pub(super) whom: &'static str,
    pub(super) about: &'static str,
    pub(super) since: &'static str,
    pub(super) until: &'static str,
    pub(super) tried: &'static str,
    pub(super) help: &'static str,
    pub(super) details: &'static str,
    pub(super) everybody: &'static str,
    pub(super) login: &'static str,
    /// `{}` is the number.
    pub(super) number: &'static str,
    pub(super) internal: &'static str,
    pub(super) external: &'static str,
    pub(super) entry: &'static str,
    pub(super) reminder: &'static str,
    pub(super) resolved: &'static str,
    pub(super) opening_first: &'static str,
    pub(super) opening_reminder: &'static str,
    pub(super) opening_resolved: &'static str,
    /// `{}` is the time of writing.
    pub(super) closing: &'static str,
    /// `{}` is how many.
    pub(super) more: &'static str,
    /// `{}` is the label of a field of the module's page.
    pub(super) on_page: &'static str,
    /// `{}` is a time.
    pub(super) secret_ends: &'static str,
    /// `{}` is a time.
    pub(super) certificate_ends: &'static str,
    /// How a time is written.
    pub(super) date: &'static str,
    /// The name of a field of the status.
    pub(super) field: fn(&str) -> &'static str,
    /// What was tried.
    pub(super) tries: fn(Cause) -> &'static str,
    /// What is wrong and what helps.
    pub(super) of: fn(Cause) -> Said,
}

/// What is said of a cause.
#[derive(Clone, Copy)]
pub(super) struct Said {
    /// What is wrong, as a sentence.
    pub(super) what: &'static str,
    /// What to do. May hold `{app}`, `{app_secret}`, `{login}`, `{password}` and `{module_key}`.
    pub(super) help: &'static str,
}

const fn said(what: &'static str, help: &'static str) -> Said {
    Said { what, help }
}

/// What is tried about a cause.
enum Try {
    /// The PBX is asked again.
    Pbx,
    /// The calendars are read again.
    Calendars,
    /// The journal is written again.
    Journal,
    /// The last good settings stay in force.
    Settings,
    /// The lists are looked at again once a day.
    Categories,
    /// A status is written again, or left to the other.
    Status,
    /// The rest of the entry applies, without the redirect.
    Redirect,
    /// Nothing can be tried.
    Nothing,
}

fn tried(cause: Cause) -> Try {
    match cause {
        Cause::Pbx | Cause::PbxCertificate | Cause::PbxLogin | Cause::Module | Cause::ModuleKey | Cause::PbxOwned => {
            Try::Pbx
        }
        Cause::Tenant
        | Cause::SecretExpired
        | Cause::SecretWrong
        | Cause::CertificateExpired
        | Cause::CertificateUnknown
        | Cause::AssertionUnusable
        | Cause::AppUnknown
        | Cause::TenantUnknown
        | Cause::TenantRefused
        | Cause::Mailbox
        | Cause::MailboxForbidden
        | Cause::MailboxMissing => Try::Calendars,
        Cause::Journal => Try::Journal,
        Cause::Settings => Try::Settings,
        Cause::Categories => Try::Categories,
        Cause::StatusRefused | Cause::StatusContested | Cause::Conflict => Try::Status,
        Cause::TargetMissing
        | Cause::TargetUnreadable
        | Cause::TargetDenied
        | Cause::RedirectRefused
        | Cause::RedirectIneffective => Try::Redirect,
        Cause::AddressMissing | Cause::CredentialEnds => Try::Nothing,
    }
}

/// Returns the words of a language.
pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::German => &german::WORDS,
        Language::English => &english::WORDS,
        Language::French => &french::WORDS,
        Language::Italian => &italian::WORDS,
    }
}
