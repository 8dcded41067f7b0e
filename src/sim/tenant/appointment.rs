//! An appointment as Outlook keeps it, with sensible defaults.

use chrono::{DateTime, NaiveDate, Utc};

/// The id of an appointment: what `id` says to a reader who asks for immutable ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppointmentId(pub String);

/// When an appointment lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// From an instant to an instant.
    Timed {
        /// First instant.
        start: DateTime<Utc>,
        /// First instant after it.
        end: DateTime<Utc>,
    },
    /// Whole days in the mailbox's time zone.
    AllDay {
        /// First day.
        first: NaiveDate,
        /// First day after it.
        until: NaiveDate,
    },
}

/// `showAs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowAs {
    /// `unknown`
    Unknown,
    /// `free`
    Free,
    /// `tentative`
    Tentative,
    /// `busy`
    Busy,
    /// `oof`
    OutOfOffice,
    /// `workingElsewhere`
    WorkingElsewhere,
}

impl ShowAs {
    /// Returns Graph's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Free => "free",
            Self::Tentative => "tentative",
            Self::Busy => "busy",
            Self::OutOfOffice => "oof",
            Self::WorkingElsewhere => "workingElsewhere",
        }
    }
}

/// `sensitivity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// `normal`
    Normal,
    /// `personal`
    Personal,
    /// `private`
    Private,
    /// `confidential`
    Confidential,
}

impl Sensitivity {
    /// Returns Graph's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Personal => "personal",
            Self::Private => "private",
            Self::Confidential => "confidential",
        }
    }
}

/// `responseStatus.response`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// `none`
    None,
    /// `organizer`
    Organizer,
    /// `tentativelyAccepted`
    TentativelyAccepted,
    /// `accepted`
    Accepted,
    /// `declined`
    Declined,
    /// `notResponded`
    NotResponded,
}

impl Response {
    /// Returns Graph's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Organizer => "organizer",
            Self::TentativelyAccepted => "tentativelyAccepted",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::NotResponded => "notResponded",
        }
    }
}

/// The text of an appointment, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Plain text.
    Text(String),
    /// HTML.
    Html(String),
}

/// One appointment. Starts as a busy, normal one that its owner organises, without category, place or body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Its subject.
    pub subject: String,
    /// Its time.
    pub when: When,
    /// How its time is shown to others.
    pub show_as: ShowAs,
    /// Whom it is meant for.
    pub sensitivity: Sensitivity,
    /// What the owner answered.
    pub response: Response,
    /// Whether the owner organises it.
    pub is_organizer: bool,
    /// Whether its organizer cancelled it.
    pub is_cancelled: bool,
    /// Its categories' names.
    pub categories: Vec<String>,
    /// Its place.
    pub location: String,
    /// Its body.
    pub body: Body,
    /// The series of which it is an occurrence.
    pub series: Option<String>,
}

impl Appointment {
    /// Returns an appointment from an instant to an instant.
    pub fn timed(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self::at(When::Timed { start, end })
    }

    /// Returns an appointment of whole days, `until` not included.
    pub fn all_day(first: NaiveDate, until: NaiveDate) -> Self {
        Self::at(When::AllDay { first, until })
    }

    /// Gives it a subject.
    #[must_use]
    pub fn subject(self, subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), ..self }
    }

    /// Shows its time so.
    #[must_use]
    pub fn show_as(self, show_as: ShowAs) -> Self {
        Self { show_as, ..self }
    }

    /// Means it for these people.
    #[must_use]
    pub fn sensitivity(self, sensitivity: Sensitivity) -> Self {
        Self { sensitivity, ..self }
    }

    /// Makes it somebody else's invitation, answered so.
    #[must_use]
    pub fn invitation(self, response: Response) -> Self {
        Self { response, is_organizer: false, ..self }
    }

    /// Cancels it, as its organizer does.
    #[must_use]
    pub fn cancelled(self) -> Self {
        Self { is_cancelled: true, ..self }
    }

    /// Adds a category.
    #[must_use]
    pub fn category(mut self, name: impl Into<String>) -> Self {
        self.categories.push(name.into());
        self
    }

    /// Gives it a place.
    #[must_use]
    pub fn location(self, location: impl Into<String>) -> Self {
        Self { location: location.into(), ..self }
    }

    /// Gives it a body of plain text.
    #[must_use]
    pub fn body(self, text: impl Into<String>) -> Self {
        Self { body: Body::Text(text.into()), ..self }
    }

    /// Gives it a body of HTML.
    #[must_use]
    pub fn html_body(self, html: impl Into<String>) -> Self {
        Self { body: Body::Html(html.into()), ..self }
    }

    /// Makes it an occurrence of a series.
    #[must_use]
    pub fn occurrence_of(self, series: impl Into<String>) -> Self {
        Self { series: Some(series.into()), ..self }
    }

    fn at(when: When) -> Self {
        Self {
            subject: "Besprechung".to_owned(),
            when,
            show_as: ShowAs::Busy,
            sensitivity: Sensitivity::Normal,
            response: Response::Organizer,
            is_organizer: true,
            is_cancelled: false,
            categories: Vec::new(),
            location: String::new(),
            body: Body::Text(String::new()),
            series: None,
        }
    }
}
