//! The rules' part of the settings: everything an admin decides about what appointments do.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use chrono_tz::Tz;

use super::field::{FieldKind, Presence, Telephony};
use super::guard::Guard;
use super::text::{Language, Template, TimeFormat};
use super::{ShowAs, Side};

#[cfg(test)]
mod tests;

/// What an admin decided, validated.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Whether anything is overlaid at all; when stopped, everything is taken off.
    pub service: Service,
    /// The site's time zone: civil dates and shown times.
    pub zone: Tz,
    /// Entries shown as one of these do not count.
    pub ignore: BTreeSet<ShowAs>,
    /// An entry longer than this many days does not count.
    pub entry_days_max: u32,
    /// What an invitation is worth that the member has not answered.
    pub unanswered: Unanswered,
    /// The chat presence of an active entry; `None` leaves presence alone.
    pub presence: Option<Presence>,
    /// How the status text is made; `None` leaves it alone.
    pub text: Option<TextPolicy>,
    /// The function-key colour of an active entry that asks for it; `None` leaves it alone.
    pub indicator: Option<Telephony>,
    /// Which entries ask for the indicator.
    pub indicated: Indicated,
    /// What Outlook categories may do.
    pub categories: Categories,
    /// Where calls may be sent.
    pub redirects: RedirectPolicy,
    /// The fields in which a person's change is respected; in all others what was put is written again.
    pub respected: BTreeSet<FieldKind>,
    /// How long to wait before a value that something else overwrote is written again.
    pub reassert_interval: Duration,
}

impl Policy {
    /// Returns whether any entry could ever send calls elsewhere.
    pub fn may_redirect(&self) -> bool {
        let mut switches = Side::ALL.into_iter().flat_map(|side| [Switch::redirect(side), Switch::voicemail(side)]);
        self.service == Service::Started && switches.any(|switch| self.may_be_set(switch))
    }

    /// Returns whether the number that any entry's text names could ever be dialled.
    pub fn may_follow_tags(&self) -> bool {
        self.redirects.tags_allowed.iter().any(|side| self.may_be_set(Switch::redirect(*side)))
    }

    fn may_be_set(&self, switch: Switch) -> bool {
        let by_category = self.categories.enabled && self.categories.allowed.contains(&switch);
        by_category || self.redirects.always.contains(&switch)
    }
}

/// Where appointments may send calls.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RedirectPolicy {
    /// Which targets are dialled at all, and how long an internal number is.
    pub guard: Guard,
    /// Whether numbers of groups take part.
    pub groups: Groups,
    /// The redirect and voicemail switches that every active entry sets.
    pub always: BTreeSet<Switch>,
    /// The sides whose tags are read.
    pub tags_allowed: BTreeSet<Side>,
    /// Whether tags count in entries that somebody else organises.
    pub tags_from_invitations: bool,
}

/// Whether numbers of groups take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Groups {
    /// They do, where a category asks for it.
    Included,
    /// They never do.
    #[default]
    LeftAlone,
}

/// Which entries ask for the indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indicated {
    /// Every active entry.
    All,
    /// Those with the category *function keys*.
    ByCategory,
}

/// Whether the service works or has been stopped on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// `start`
    Started,
    /// `stop`
    Stopped,
}

/// What an entry counts for that someone else organises and the member has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// `status`: presence and indicator only, without words an outsider chose.
    Status,
    /// `ignore`: it does not count.
    Ignore,
    /// `full`: like any other.
    Full,
}

/// How status texts are made.
#[derive(Clone, Debug, PartialEq)]
pub struct TextPolicy {
    /// The template with its variables.
    pub template: Template,
    /// How a time of day is written.
    pub time_format: TimeFormat,
    /// How a day is written.
    pub date_format: TimeFormat,
    /// The language of the words for show-as, private and all day.
    pub language: Language,
    /// The longest text, in Unicode scalar values.
    pub chars_max: usize,
}

/// One thing that an Outlook category can switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Switch {
    /// The entry does not count.
    Ignore,
    /// The indicator is set.
    FunctionKeys,
    /// DND is on.
    Dnd,
    /// Internal numbers are redirected.
    RedirectInternal,
    /// External numbers are redirected.
    RedirectExternal,
    /// Internal numbers go to voicemail.
    VoicemailInternal,
    /// External numbers go to voicemail.
    VoicemailExternal,
}

impl Switch {
    /// Every switch.
    pub const ALL: [Self; 7] = [
        Self::Ignore,
        Self::FunctionKeys,
        Self::Dnd,
        Self::RedirectInternal,
        Self::RedirectExternal,
        Self::VoicemailInternal,
        Self::VoicemailExternal,
    ];

    /// Returns the switch's name in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::FunctionKeys => "function_keys",
            Self::Dnd => "dnd",
            Self::RedirectInternal => "redirect_internal",
            Self::RedirectExternal => "redirect_external",
            Self::VoicemailInternal => "voicemail_internal",
            Self::VoicemailExternal => "voicemail_external",
        }
    }

    /// Returns the category names accepted by default; the first is the one created in Outlook.
    pub fn default_names(self) -> &'static [&'static str] {
        match self {
            Self::Ignore => &["_SF_Ignorieren"],
            Self::FunctionKeys => &["_SF_Funktionstasten_aktivieren"],
            Self::Dnd => &["_SF_DND_aktivieren"],
            Self::RedirectInternal => &["_SF_AUL_intern_aktivieren"],
            Self::RedirectExternal => &["_SF_AUL_extern_aktivieren"],
            Self::VoicemailInternal => &["_SF_Voicemail_intern_aktivieren"],
            // The second is how the original module spelt it; it is still on many entries.
            Self::VoicemailExternal => &["_SF_Voicemail_extern_aktivieren", "_SF_Voicemail_extern_aktiviern"],
        }
    }
}

/// What Outlook categories may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Categories {
    /// Whether categories are read at all.
    pub enabled: bool,
    /// The switches that a category may set.
    pub allowed: BTreeSet<Switch>,
    /// The names accepted for each switch.
    pub names: BTreeMap<Switch, Vec<String>>,
}

impl Categories {
    /// Returns whether one of an entry's categories sets the switch, and is allowed to.
    pub fn set(&self, switch: Switch, categories: &[String]) -> bool {
        self.enabled
            && self.allowed.contains(&switch)
            && self.names.get(&switch).is_some_and(|names| {
                names.iter().any(|name| categories.iter().any(|category| is_same_name(name, category)))
            })
    }
}

/// Returns whether two names mean one category: case and surrounding blanks do not matter.
pub fn is_same_name(one: &str, two: &str) -> bool {
    let (one, two) = (one.trim(), two.trim());
    // Most are, and then nothing has to be allocated.
    if one.is_ascii() && two.is_ascii() {
        return one.eq_ignore_ascii_case(two);
    }
    one.to_lowercase() == two.to_lowercase()
}

impl Default for Categories {
    fn default() -> Self {
        let names = |switch: Switch| switch.default_names().iter().map(|name| (*name).to_owned()).collect();
        Self {
            enabled: true,
            allowed: Switch::ALL.into_iter().collect(),
            names: Switch::ALL.into_iter().map(|switch| (switch, names(switch))).collect(),
        }
    }
}
