//! What the alarms are told to do.

use std::time::Duration;

use chrono_tz::Tz;

use crate::rules::Address;
use crate::rules::text::Language;
use crate::secret::Secret;

use super::problem::Kind;

/// Who is told of what, how often, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orders {
    /// Who is told; nobody when empty.
    pub to: Vec<Address>,
    /// How the subject of every mail begins.
    pub subject: String,
    /// The kinds that are told.
    pub kinds: Vec<Kind>,
    /// How long a problem of the connector must last before it is told. Also how long any problem must be gone before it
    /// counts as over.
    pub after: Duration,
    /// How long until a reminder.
    pub repeat: Duration,
    /// The sender; `None` is the program's name at this machine.
    pub from: Option<Address>,
    /// The mail server. A secret, as it may hold a password.
    pub smtp_url: Secret,
    /// The language of the mails.
    pub language: Language,
    /// The zone in which people read times.
    pub zone: Tz,
    /// Where things are that have to be mended.
    pub places: Places,
}

impl Orders {
    /// Returns whether problems of this kind are told to anybody.
    pub fn tells(&self, kind: Kind) -> bool {
        !self.to.is_empty() && self.kinds.contains(&kind)
    }
}

/// Where things are that have to be mended.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Places {
    /// The id of the app in Microsoft Entra.
    pub app: String,
    /// Where the app's secret is given.
    pub app_secret: Given,
    /// The PBX's login.
    pub login: String,
    /// Where its password is given.
    pub password: Given,
    /// Where the module's key is given.
    pub module_key: Given,
}

/// Where a value is given.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Given {
    /// Nobody says.
    #[default]
    Unknown,
    /// In the field with this label on the module's page.
    Page(String),
    /// On this machine, such as `/etc/starface-calendar/config.toml line 7`.
    Here(String),
}
