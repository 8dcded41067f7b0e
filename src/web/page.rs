//! The status page as HTML: pure functions from what the engine says to text.
//!
//! Must not know connections, cookies or commands. Everything from outside is escaped; nothing here fails.

use crate::engine::Report;
use crate::engine::history::Change;
use crate::engine::report::explain::Explanation;
use crate::rules::AccountId;

mod assets;
mod entries;
mod frame;
mod instant;
mod member;
mod overview;
mod plain;
mod problems;
mod selecting;
mod told;
mod week;
mod words;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

/// How old a calendar may be before the page warns; the service reads each one far more often.
const CALENDAR_AGE_SECS_MAX: i64 = 15 * 60;

/// How many members are on one page of the overview.
const MEMBERS_PER_PAGE: usize = 50;

/// How many changes a member's page shows; the command line shows all.
const CHANGES_SHOWN_MAX: usize = 200;

/// Who looks at the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Viewer {
    /// The language of the browser.
    pub(crate) language: Language,
    /// Whether and how the viewer is logged in.
    pub(crate) login: Login,
}

/// The languages of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// German.
    German,
    /// English.
    English,
}

/// Whether a viewer is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    /// No token is set, so nobody can be.
    Impossible,
    /// Not yet.
    Possible,
    /// Logged in; every form carries this in its hidden field `form_token`.
    Done {
        /// What proves that a form is of this page.
        form_token: String,
    },
}

/// What of the overview is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Part of a name, login, address or account (`q`).
    pub(crate) search: String,
    /// Which members (`show`).
    pub(crate) show: Show,
    /// Which page of them, counted from 1 (`page`).
    pub(crate) page: usize,
}

/// Which members are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Show {
    /// `all`
    #[default]
    All,
    /// `problems`: those with a problem.
    Problems,
    /// `active`: those with an active entry or a hold.
    Active,
}

/// The members on one page of the overview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Who, in order: those with problems first.
    pub(crate) accounts: Vec<AccountId>,
    /// How many fit the query in all.
    pub(crate) total: usize,
    /// Which page this is, counted from 1; within the pages that there are.
    pub(crate) page: usize,
    /// How many pages there are; at least 1.
    pub(crate) pages: usize,
}

/// What a log-in came to that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginFailure {
    /// The token is wrong.
    Wrong,
    /// There were too many tries; wait a minute.
    TooMany,
}

/// What was done by a button, told once above the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// So many entries were ended early.
    Ended(usize),
    /// So many fields were restored, and so many could not be.
    Restored(usize, usize),
    /// Everything is being read anew.
    Refreshing,
    /// It was refused.
    Refused,
}

/// Returns which members the overview shows.
pub(crate) fn select(report: &Report, query: &Query) -> Selection {
    selecting::select(report, query)
}

/// Renders the overview. `weeks` are the explanations of the selected members, in their order.
pub(crate) fn overview(
    viewer: &Viewer,
    report: &Report,
    query: &Query,
    selection: &Selection,
    weeks: &[Explanation],
    notice: Option<Notice>,
) -> String {
    overview::page(viewer, &overview::Shown { report, query, selection, weeks }, notice)
}

/// Renders one member's page.
pub(crate) fn member(viewer: &Viewer, explanation: &Explanation, history: &[Change], notice: Option<Notice>) -> String {
    member::page(viewer, explanation, history, notice)
}

/// Renders the log-in form, which posts `token` to `/login`.
pub(crate) fn login(viewer: &Viewer, failure: Option<LoginFailure>) -> String {
    plain::login(viewer, failure)
}

/// Renders what the viewer sees instead of a page: for HTTP status 400, 401, 403, 404, 429 and 503.
pub(crate) fn failure(viewer: &Viewer, status: u16) -> String {
    plain::failure(viewer, status)
}

/// Returns a style sheet, script or picture of the page by its path, with its content type.
pub(crate) fn asset(path: &str) -> Option<(&'static str, &'static [u8])> {
    assets::asset(path)
}

impl Viewer {
    fn words(&self) -> &'static words::Words {
        words::words(self.language)
    }

    /// Returns what proves a form, when the viewer may use one.
    fn form_token(&self) -> Option<&str> {
        match &self.login {
            Login::Done { form_token } => Some(form_token),
            Login::Impossible | Login::Possible => None,
        }
    }

    /// Returns whether the viewer may read the words of entries and of status texts. The engine leaves them out for
    /// everybody else; the page does not rely on it.
    fn may_read(&self) -> bool {
        self.form_token().is_some()
    }
}

impl Show {
    /// Every choice.
    const ALL: [Self; 3] = [Self::All, Self::Problems, Self::Active];

    /// Returns the choice's name in the address.
    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Problems => "problems",
            Self::Active => "active",
        }
    }
}
