//! Appointments as people make them. Tenant and model are each told of them in their own words.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use starface_calendar::rules::{
    Dialled, Entry, EntryId, Location, Response, Sensitivity, ShowAs, Span, Tag, Tags, Title,
};

/// The site's time zone.
pub(crate) const ZONE: Tz = chrono_tz::Europe::Zurich;

/// A target that everybody may be sent to, and one that costs the caller money.
pub(crate) const TARGETS: [&str; 4] = ["0041791110001", "0041791110002", "0041791110003", "0049171222333"];
pub(crate) const PREMIUM: &str = "0041900123456";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Timed { start: DateTime<Utc>, end: DateTime<Utc> },
    Days { first: NaiveDate, until: NaiveDate, start: DateTime<Utc>, end: DateTime<Utc> },
}

impl When {
    pub(crate) fn days(first: NaiveDate, until: NaiveDate) -> Self {
        Self::Days { first, until, start: midnight(first), end: midnight(until) }
    }
}

/// What the member has to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Own,
    Accepted,
    Unanswered,
    Declined,
}

/// Outlook categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    Ignore,
    Keys,
    Dnd,
    RedirectExternal,
    VoicemailExternal,
    RedirectInternal,
    VoicemailInternal,
}

impl Category {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ignore => "_SF_Ignorieren",
            Self::Keys => "_SF_Funktionstasten_aktivieren",
            Self::Dnd => "_sf_dnd_aktivieren ",
            Self::RedirectExternal => "_SF_AUL_extern_aktivieren",
            Self::VoicemailExternal => "_SF_Voicemail_extern_aktiviern",
            Self::RedirectInternal => "_SF_AUL_intern_aktivieren",
            Self::VoicemailInternal => "_SF_Voicemail_intern_aktivieren",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meeting {
    pub(crate) id: String,
    pub(crate) member: u32,
    pub(crate) when: When,
    pub(crate) show_as: ShowAs,
    pub(crate) private: bool,
    pub(crate) part: Part,
    pub(crate) cancelled: bool,
    pub(crate) categories: BTreeSet<Category>,
    /// The number in its text, for calls from outside and from inside.
    pub(crate) external: Option<&'static str>,
    pub(crate) internal: Option<&'static str>,
    /// When the member ended it by telephone.
    pub(crate) ended: Option<DateTime<Utc>>,
}

/// The first instant of a day.
pub(crate) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_hms_opt(0, 0, 0).unwrap();
    // In Europe no midnight is lost or doubled.
    ZONE.from_local_datetime(&midnight).unwrap().to_utc()
}

impl Meeting {
    pub(crate) fn start(&self) -> DateTime<Utc> {
        match self.when {
            When::Timed { start, .. } | When::Days { start, .. } => start,
        }
    }

    pub(crate) fn end(&self) -> DateTime<Utc> {
        match self.when {
            When::Timed { end, .. } | When::Days { end, .. } => end,
        }
    }

    /// Its subject, which nobody else's has.
    pub(crate) fn title(&self) -> String {
        format!("Termin {} – Größe & <Co> 😀", self.id)
    }

    /// The occurrence as the tenant tells it.
    pub(crate) fn entry(&self) -> Entry {
        let tag = |number: Option<&str>| number.map(|number| Dialled::new(number).map(Tag::Target).unwrap());
        Entry {
            id: EntryId(self.id.clone()),
            ical_uid: format!("uid-{}", self.id),
            title: Title(self.title()),
            location: Location::default(),
            span: match self.when {
                When::Timed { start, end } => Span::Timed { start, end },
                When::Days { first, until, .. } => Span::AllDay { first, until },
            },
            show_as: self.show_as,
            sensitivity: if self.private { Sensitivity::Private } else { Sensitivity::Normal },
            response: match self.part {
                Part::Own => Response::Organizer,
                Part::Accepted => Response::Accepted,
                Part::Unanswered => Response::Unanswered,
                Part::Declined => Response::Declined,
            },
            cancelled: self.cancelled,
            is_organizer: self.part == Part::Own,
            categories: self.categories.iter().map(|category| category.name().to_owned()).collect(),
            tags: Tags { external: tag(self.external), internal: tag(self.internal) },
        }
    }

    /// Moves its start and end.
    pub(crate) fn shift(&mut self, by: TimeDelta) {
        if let When::Timed { start, end } = &mut self.when {
            (*start, *end) = (*start + by, *end + by);
        }
    }
}

/// Meetings by their ids, which begin with the member's account.
pub(crate) type Meetings = BTreeMap<String, Meeting>;

/// The meetings of one member.
pub(crate) fn of(meetings: &Meetings, member: u32) -> impl Iterator<Item = &Meeting> {
    meetings.range(format!("{member}-")..format!("{member}.")).map(|(_, meeting)| meeting)
}
