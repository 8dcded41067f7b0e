//! What every page has around its content: head, log-in, the notice, and what has been lost.

use maud::{DOCTYPE, Markup, html};

use super::assets::{ICON, SCRIPT, STYLE};
use super::words::Words;
use super::{Login, Notice, Viewer};

/// What is between head and foot.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) title: String,
    pub(super) main: Markup,
    /// What stands at the foot.
    pub(super) foot: Option<String>,
    pub(super) liveness: Liveness,
}

/// Whether a page changes by itself while it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Liveness {
    /// It does, where scripts run.
    Live,
    /// It does not: what is being typed would be lost.
    Still,
}

/// Renders a whole page. Notices stand outside of what the script replaces, so they stay until the page is left.
pub(super) fn frame(viewer: &Viewer, content: &Content, notice: Option<Notice>) -> String {
    let words = viewer.words();
    let page = html! {
        (DOCTYPE)
        html lang=(words.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (content.title) " – " (words.product) }
                link rel="icon" href=(ICON) type="image/svg+xml";
                link rel="stylesheet" href=(STYLE);
                @if content.liveness == Liveness::Live { script src=(SCRIPT) defer {} }
            }
            body {
                a.skip href="#main" { (words.skip) }
                header {
                    a.product href="/" { img src=(ICON) alt="" width="24" height="24"; (words.product) }
                    (log_in_or_out(viewer))
                }
                div.notices role="status" aria-live="polite" {
                    @if let Some(notice) = notice { (tell(words, notice)) }
                    @if content.liveness == Liveness::Live { p.notice.bad #broken hidden { (words.broken) } }
                }
                main #main tabindex="-1" { (content.main) }
                @if let Some(foot) = &content.foot { footer { (foot) } }
            }
        }
    };
    page.into_string()
}

/// Renders a form of one button that does something, with what it does in a sentence.
pub(super) fn command(action: &str, form_token: &str, button: &str, says: &str) -> Markup {
    html! {
        form.command method="post" action=(action) {
            (proof(form_token))
            button type="submit" { (button) }
            p { (says) }
        }
    }
}

fn log_in_or_out(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    match &viewer.login {
        Login::Impossible => html! {},
        Login::Possible => html! { a.login href="/login" { (words.log_in) } },
        Login::Done { form_token } => html! {
            form method="post" action="/logout" {
                (proof(form_token))
                button.quiet type="submit" { (words.log_out) }
            }
        },
    }
}

fn proof(form_token: &str) -> Markup {
    html! { input type="hidden" name="form_token" value=(form_token); }
}

fn tell(words: &Words, notice: Notice) -> Markup {
    let (is_good, text) = match notice {
        Notice::Ended(0) => (true, words.ended_none.to_owned()),
        Notice::Ended(entries) => (true, words.ended.of(entries)),
        Notice::Restored(0, 0) => (true, words.restored_none.to_owned()),
        Notice::Restored(fields, 0) => (true, words.restored.of(fields)),
        Notice::Restored(0, left) => (false, words.unrestored.of(left)),
        Notice::Restored(fields, left) => {
            (false, format!("{} {}", words.restored.of(fields), words.unrestored.of(left)))
        }
        Notice::Refreshing => (true, words.refreshing.to_owned()),
        Notice::Refused => (false, words.refused.to_owned()),
    };
    html! { p.notice.good[is_good].bad[!is_good] { (text) } }
}
