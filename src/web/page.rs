//! The status page as HTML: pure functions from what the engine says to text.
//!
//! Must not know connections, cookies or commands. Everything from outside is escaped; nothing here fails.

use crate::engine::Report;
use crate::engine::history::Change;
use crate::engine::report::explain::Explanation;
use crate::rules::AccountId;

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
pub(crate) fn select(_report: &Report, _query: &Query) -> Selection {
    Selection { pages: 1, page: 1, ..Selection::default() }
}

/// Renders the overview. `weeks` are the explanations of the selected members, in their order.
pub(crate) fn overview(
    _viewer: &Viewer,
    _report: &Report,
    _query: &Query,
    _selection: &Selection,
    _weeks: &[Explanation],
    _notice: Option<Notice>,
) -> String {
    "<!doctype html><title>Kalender Connector</title><main>overview</main>".to_owned()
}

/// Renders one member's page.
pub(crate) fn member(
    _viewer: &Viewer,
    _explanation: &Explanation,
    _history: &[Change],
    _notice: Option<Notice>,
) -> String {
    "<!doctype html><title>Kalender Connector</title><main>member</main>".to_owned()
}

/// Renders the log-in form, which posts `token` to `/login`.
pub(crate) fn login(_viewer: &Viewer, _failure: Option<LoginFailure>) -> String {
    "<!doctype html><title>Kalender Connector</title><main><form method=post action=/login><input name=token></form></main>"
        .to_owned()
}

/// Renders what the viewer sees instead of a page: for HTTP status 400, 401, 403, 404, 429 and 503.
pub(crate) fn failure(_viewer: &Viewer, status: u16) -> String {
    format!("<!doctype html><title>Kalender Connector</title><main>{status}</main>")
}

/// Returns a style sheet, script or picture of the page by its path, with its content type.
pub(crate) fn asset(_path: &str) -> Option<(&'static str, &'static [u8])> {
    None
}
