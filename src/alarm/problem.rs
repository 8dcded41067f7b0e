//! Problems: what is wrong, with what, and since when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::rules::ShowAs;

/// What is wrong, as far as it makes a difference to whoever has to mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The PBX cannot be reached, or answers with errors.
    Pbx,
    /// The PBX shows a certificate that is not trusted.
    PbxCertificate,
    /// The PBX refuses the log-in.
    PbxLogin,
    /// The PBX has no such module.
    Module,
    /// The module refuses the key.
    ModuleKey,
    /// Another sidecar writes to the PBX.
    PbxOwned,
    /// Microsoft 365 cannot be reached, or answers with errors.
    Tenant,
    /// The app's secret has expired.
    SecretExpired,
    /// The app's secret is wrong.
    SecretWrong,
    /// The app's certificate is not valid now.
    CertificateExpired,
    /// The tenant does not know the app's certificate.
    CertificateUnknown,
    /// The assertion that somebody else writes for the app cannot be used.
    AssertionUnusable,
    /// The app's secret or certificate ends soon, or has ended.
    CredentialEnds,
    /// The tenant does not know the app.
    AppUnknown,
    /// There is no such tenant.
    TenantUnknown,
    /// Microsoft 365 refuses the app in another way.
    TenantRefused,
    /// The journal cannot be written.
    Journal,
    /// A setting of the module's page cannot be used.
    Settings,
    /// Outlook categories cannot be looked after.
    Categories,
    /// A mailbox cannot be read.
    Mailbox,
    /// The app may not read a mailbox.
    MailboxForbidden,
    /// There is no such mailbox.
    MailboxMissing,
    /// A member has no e-mail address.
    AddressMissing,
    /// The PBX refuses a part of the status.
    StatusRefused,
    /// Another program sets the same status.
    StatusContested,
    /// Another presence synchronisation, or the original module, is at work.
    Conflict,
    /// A redirect has no target.
    TargetMissing,
    /// The target of a redirect is no number.
    TargetUnreadable,
    /// The target of a redirect must not be dialled.
    TargetDenied,
    /// The PBX refuses a redirect.
    RedirectRefused,
    /// The PBX takes a redirect and changes nothing.
    RedirectIneffective,
}

/// Which switch of the settings concerns a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of the connector itself; told when it lasts.
    Connector,
    /// Of a redirect; told at once.
    Redirect,
}

impl Kind {
    /// Returns its name, as it is counted.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connector => "connector",
            Self::Redirect => "redirect",
        }
    }
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 31] = [
        Self::Pbx,
        Self::PbxCertificate,
        Self::PbxLogin,
        Self::Module,
        Self::ModuleKey,
        Self::PbxOwned,
        Self::Tenant,
        Self::SecretExpired,
        Self::SecretWrong,
        Self::CertificateExpired,
        Self::CertificateUnknown,
        Self::AssertionUnusable,
        Self::CredentialEnds,
        Self::AppUnknown,
        Self::TenantUnknown,
        Self::TenantRefused,
        Self::Journal,
        Self::Settings,
        Self::Categories,
        Self::Mailbox,
        Self::MailboxForbidden,
        Self::MailboxMissing,
        Self::AddressMissing,
        Self::StatusRefused,
        Self::StatusContested,
        Self::Conflict,
        Self::TargetMissing,
        Self::TargetUnreadable,
        Self::TargetDenied,
        Self::RedirectRefused,
        Self::RedirectIneffective,
    ];

    /// Returns which switch concerns it.
    pub fn kind(self) -> Kind {
        match self {
            Self::TargetMissing
            | Self::TargetUnreadable
            | Self::TargetDenied
            | Self::RedirectRefused
            | Self::RedirectIneffective => Kind::Redirect,
            _ => Kind::Connector,
        }
    }

    /// Returns its name, which stands in the journal and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pbx => "pbx",
            Self::PbxCertificate => "pbx_certificate",
            Self::PbxLogin => "pbx_login",
            Self::Module => "module",
            Self::ModuleKey => "module_key",
            Self::PbxOwned => "pbx_owned",
            Self::Tenant => "tenant",
            Self::SecretExpired => "secret_expired",
            Self::SecretWrong => "secret_wrong",
            Self::CertificateExpired => "certificate_expired",
            Self::CertificateUnknown => "certificate_unknown",
            Self::AssertionUnusable => "assertion_unusable",
            Self::CredentialEnds => "credential_ends",
            Self::AppUnknown => "app_unknown",
            Self::TenantUnknown => "tenant_unknown",
            Self::TenantRefused => "tenant_refused",
            Self::Journal => "journal",
            Self::Settings => "settings",
            Self::Categories => "categories",
            Self::Mailbox => "mailbox",
            Self::MailboxForbidden => "mailbox_forbidden",
            Self::MailboxMissing => "mailbox_missing",
            Self::AddressMissing => "address_missing",
            Self::StatusRefused => "status_refused",
            Self::StatusContested => "status_contested",
            Self::Conflict => "conflict",
            Self::TargetMissing => "target_missing",
            Self::TargetUnreadable => "target_unreadable",
            Self::TargetDenied => "target_denied",
            Self::RedirectRefused => "redirect_refused",
            Self::RedirectIneffective => "redirect_ineffective",
        }
    }

    /// Returns whether it shows while nothing but the PBX was asked.
    fn shows_at_the_pbx(self) -> bool {
        matches!(
            self,
            Self::Pbx
                | Self::PbxCertificate
                | Self::PbxLogin
                | Self::Module
                | Self::ModuleKey
                | Self::PbxOwned
                | Self::Settings
        )
    }
}

/// From how many bytes on a text says enough.
const TEXT_BYTES_ENOUGH: usize = 2_000;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub cause: Cause,
    /// With what.
    pub subject: Subject,
    /// Whom it concerns; everybody when it is missing.
    pub whom: Option<Whom>,
    /// Since when.
    #[serde(with = "instant")]
    pub since: DateTime<Utc>,
    /// What is wrong in the words of the log: one line, in English.
    pub text: String,
}

/// A person, as people know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whom {
    /// The account.
    pub account: u32,
    /// The login.
    pub login: String,
    /// First and family name; empty for one who left.
    pub name: String,
}

/// What a problem is about, besides whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The one thing that its cause names.
    Whole,
    /// The calls from one side that an entry is to redirect.
    Calls {
        /// `internal` or `external`.
        side: String,
        /// For which entry.
        entry: EntryNamed,
    },
    /// A called number.
    Number(String),
    /// A part of the status, by the field's name.
    Field(String),
    /// Something that ends.
    End {
        /// `secret` or `certificate`.
        of: String,
        /// When.
        #[serde(with = "instant")]
        at: DateTime<Utc>,
        /// Within how many days; it is told anew with each smaller number.
        within_days: u32,
    },
}

/// An entry, named without any of its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryNamed {
    /// Its short hash.
    pub hash: String,
    /// From when until when it is and how it is shown; missing when the calendar does not have it any more.
    pub time: Option<EntryTime>,
}

/// The time and show-as of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryTime {
    /// Its beginning.
    #[serde(with = "instant")]
    pub start: DateTime<Utc>,
    /// Its end.
    #[serde(with = "instant")]
    pub end: DateTime<Utc>,
    /// How it is shown.
    #[serde(with = "show_as")]
    pub show_as: ShowAs,
}

impl Problem {
    /// Returns what it is told by: the same for the same thing that is wrong with the same subject.
    pub fn key(&self) -> String {
        let account = self.whom.as_ref().map_or_else(String::new, |whom| format!(":{}", whom.account));
        let cause = self.cause.name();
        match &self.subject {
            Subject::Whole | Subject::End { .. } => format!("{cause}{account}"),
            Subject::Calls { side, entry } => format!("{cause}{account}:{side}:{}", entry.hash),
            // Several may have a group's number; it is one number all the same.
            Subject::Number(number) => format!("{cause}:{number}"),
            Subject::Field(field) => format!("{cause}{account}:{field}"),
        }
    }
}

impl Problem {
    /// Returns whether this is the same as what is known, only nearer to its end.
    pub(super) fn is_nearer_than(&self, known: &Self) -> bool {
        match (&self.subject, &known.subject) {
            (Subject::End { within_days, .. }, Subject::End { within_days: before, .. }) => within_days < before,
            _ => false,
        }
    }

    /// Returns whether it is told by how near its end is, and not again each day.
    pub(super) fn is_told_by_stages(&self) -> bool {
        matches!(self.subject, Subject::End { .. })
    }

    /// Takes in what else was found of the same: what is asked in several ways fails in several ways.
    pub(super) fn take_in(&mut self, other: &Self) {
        self.since = self.since.min(other.since);
        if self.text.len() < TEXT_BYTES_ENOUGH && !self.text.contains(&other.text) {
            self.text = format!("{} | {}", self.text, other.text);
        }
    }
}

/// Everything that is not as it should be, as far as it can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    /// What was found.
    pub problems: Vec<Problem>,
    /// How far one could look.
    pub reach: Reach,
}

/// How far one could look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everywhere: what was not found is not there.
    Everywhere,
    /// Nothing but the PBX itself was asked yet; the rest is unknown, not well.
    PbxAlone,
}

impl Reach {
    /// Returns whether a problem with this cause would have been found.
    pub(super) fn covers(self, cause: Cause) -> bool {
        self == Self::Everywhere || cause.shows_at_the_pbx()
    }
}

/// Instants as RFC 3339.
mod instant {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&at.format("%+"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|_| de::Error::custom("not an instant"))
    }
}

/// How an entry is shown, by its name.
mod show_as {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::rules::ShowAs;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(super) fn serialize<S: Serializer>(show_as: &ShowAs, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(show_as.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ShowAs, D::Error> {
        let name = String::deserialize(deserializer)?;
        ShowAs::ALL.into_iter().find(|known| known.name() == name).ok_or_else(|| de::Error::custom("not a show-as"))
    }
}
