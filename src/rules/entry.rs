//! One calendar occurrence, as the rules need it. The body is never part of it.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};

use super::Tags;

/// The id of one occurrence in one mailbox; opaque.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub String);

impl EntryId {
    /// Returns a short, stable hash that may stand in logs and pages: the first 12 hex digits of its SHA-256.
    pub fn hash(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The subject of an entry. Its `Debug` form hides the words, so that no log can show them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Title(pub String);

impl fmt::Debug for Title {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Title(…)")
    }
}

/// The place of an entry. Hidden in `Debug` like the title.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Location(pub String);

impl fmt::Debug for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Location(…)")
    }
}

/// When an entry lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// From an instant to an instant, the end not included.
    Timed {
        /// First instant.
        start: DateTime<Utc>,
        /// First instant after the entry.
        end: DateTime<Utc>,
    },
    /// Whole civil days in the site's time zone.
    AllDay {
        /// First day.
        first: NaiveDate,
        /// First day after the entry.
        until: NaiveDate,
    },
}

/// How the owner shows the time to others. Ordered by how strongly it governs: the greatest governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ShowAs {
    /// Free.
    Free,
    /// Tentative.
    Tentative,
    /// Working elsewhere.
    WorkingElsewhere,
    /// Busy; also what a show-as that nobody knows is taken for.
    Busy,
    /// Out of office.
    OutOfOffice,
}

impl ShowAs {
    /// Every show-as.
    pub const ALL: [Self; 5] = [Self::Free, Self::Tentative, Self::WorkingElsewhere, Self::Busy, Self::OutOfOffice];

    /// Returns its name, as it stands in settings and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Tentative => "tentative",
            Self::WorkingElsewhere => "working_elsewhere",
            Self::Busy => "busy",
            Self::OutOfOffice => "out_of_office",
        }
    }
}

/// Whom the entry is meant for. Everything but `Normal` hides the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// For everybody to read.
    Normal,
    /// Personal, private or confidential, or a word that nobody knows.
    Private,
}

/// What the member answered to the invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// The member organises it.
    Organizer,
    /// Accepted, tentatively too.
    Accepted,
    /// Declined.
    Declined,
    /// No answer yet (`none`, `notResponded`).
    Unanswered,
}

/// One calendar occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The occurrence in this mailbox.
    pub id: EntryId,
    /// The occurrence across mailboxes.
    pub ical_uid: String,
    /// The subject.
    pub title: Title,
    /// The place.
    pub location: Location,
    /// When.
    pub span: Span,
    /// How the time is shown to others.
    pub show_as: ShowAs,
    /// Whether words may be shown.
    pub sensitivity: Sensitivity,
    /// What the member answered.
    pub response: Response,
    /// Cancelled by its organizer, and still in the calendar.
    pub cancelled: bool,
    /// Whether the member is the organizer.
    pub is_organizer: bool,
    /// The names of its Outlook categories, as written there.
    pub categories: Vec<String>,
    /// The target tags of its text.
    pub tags: Tags,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_hashed_to_the_first_12_digits_of_its_sha_256() {
        assert_eq!(EntryId("abc".to_owned()).hash(), "ba7816bf8f01");
    }

    #[test]
    fn words_of_an_entry_do_not_stand_in_debug() {
        assert_eq!(format!("{:?}", Title("Kunde ABC".to_owned())), "Title(…)");
        assert_eq!(format!("{:?}", Location("Wien".to_owned())), "Location(…)");
    }

    #[test]
    fn every_show_as_has_its_name() {
        let names = ["free", "tentative", "working_elsewhere", "busy", "out_of_office"];
        assert_eq!(ShowAs::ALL.map(ShowAs::name), names);
    }
}
