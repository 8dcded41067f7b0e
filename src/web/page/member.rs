//! One member's page: how things stand, why, and what was done.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::engine::history::Change;
use crate::engine::report::HoldReport;
use crate::engine::report::explain::{EntryReport, Explanation};

use super::entries::{self, title_of};
use super::frame::{Content, Liveness, command, frame};
use super::instant::{Teller, wall};
use super::overview::calendar;
use super::told::{field, said, value};
use super::words::fill;
use super::{CHANGES_SHOWN_MAX, Login, Notice, Viewer, problems, week};

/// Renders a member's page.
pub(super) fn page(viewer: &Viewer, explanation: &Explanation, changes: &[Change], notice: Option<Notice>) -> String {
    let words = viewer.words();
    let teller = Teller { language: viewer.language, now: wall(&explanation.now) };
    let name = &explanation.member.name;
    let main = html! {
        p.back { a href="/" { "← " (words.overview) } }
        h1 { bdi { (name) } }
        @if explanation.shadow { (problems::shadow(viewer)) }
        (head(viewer, explanation))
        (problems::own(viewer, &explanation.problems))
        (state(viewer, explanation, teller))
        (actions(viewer, explanation.member.account))
        section aria-labelledby="week" {
            h2 #week { (words.week) }
            (week::large(viewer, explanation))
            (week::legend(viewer))
        }
        (holds(viewer, &explanation.holds, teller))
        (wanted(viewer, explanation.wish.as_ref()))
        (entries::table(viewer, explanation, teller))
        (history(viewer, changes, teller))
    };
    frame(viewer, &Content { title: name.clone(), main, foot: None, liveness: Liveness::Live }, notice)
}

fn head(viewer: &Viewer, explanation: &Explanation) -> Markup {
    let (words, whom) = (viewer.words(), &explanation.member);
    html! {
        dl.head {
            div { dt { (words.login) } dd { (whom.login) } }
            div { dt { (words.account) } dd { (whom.account) } }
            div { dt { (words.mailbox) } dd { (whom.email.as_deref().unwrap_or(words.mailbox_none)) } }
            div { dt { (words.calendar) } dd { (calendar(words, explanation.calendar_age_seconds)) } }
        }
    }
}

fn state(viewer: &Viewer, explanation: &Explanation, teller: Teller) -> Markup {
    let words = viewer.words();
    let governing = explanation.entries.iter().find(|entry| entry.governs);
    html! {
        section.state aria-labelledby="state" {
            h2 #state { (words.now) }
            @match governing {
                Some(entry) => (in_force(viewer, entry, teller)),
                None if explanation.calendar_age_seconds.is_none() => p { (words.state_unknown) },
                None => p { (words.state_none) },
            }
        }
    }
}

fn in_force(viewer: &Viewer, entry: &EntryReport, teller: Teller) -> Markup {
    let words = viewer.words();
    html! {
        p { (fill(words.state_entry, &[words.known(&entry.show_as), &teller.at(&entry.end)])) }
        @if entry.private {
            p.dim { (words.private) }
        } @else if let Some(title) = title_of(viewer, Some(entry), entry.title.as_deref()) {
            p.title { bdi { (title) } }
        }
    }
}

fn actions(viewer: &Viewer, account: u32) -> Markup {
    let words = viewer.words();
    html! {
        @match &viewer.login {
            Login::Done { form_token } => section.actions aria-labelledby="actions" {
                h2 #actions { (words.actions) }
                (command(&format!("/members/{account}/end"), form_token, words.end, words.end_says))
                (command(&format!("/members/{account}/restore"), form_token, words.restore, words.restore_says))
            },
            Login::Possible => p.dim { (words.actions_need_login) },
            Login::Impossible => {},
        }
    }
}

fn holds(viewer: &Viewer, holds: &[HoldReport], teller: Teller) -> Markup {
    let words = viewer.words();
    let row = |hold: &HoldReport| {
        html! {
            tr {
                th scope="row" { (words.known(&hold.field)) }
                td { (hold.number.as_deref().unwrap_or("–")) }
                td { (teller.at(&hold.since)) }
                td { bdi { (value(viewer, &hold.field, &hold.put)) } }
                td { bdi { (value(viewer, &hold.field, &hold.under)) } }
                td { (said(words, &hold.state)) }
            }
        }
    };
    let heads = [words.field, words.number, words.since, words.put, words.under, words.state];
    let rows: Vec<Markup> = holds.iter().map(row).collect();
    table("holds", words.held, &heads, &rows, words.holds_none)
}

fn wanted(viewer: &Viewer, wish: Option<&BTreeMap<String, String>>) -> Markup {
    let words = viewer.words();
    html! {
        section aria-labelledby="wanted" {
            h2 #wanted { (words.wanted) }
            @match wish {
                None => p { (words.wanted_unknown) },
                Some(wish) if wish.is_empty() => p { (words.wanted_nothing) },
                Some(wish) => ul { @for (name, wanted) in wish {
                    @let (name, number) = split(name);
                    li { (field(words, name, number)) ": " bdi { (value(viewer, name, wanted)) } }
                } },
            }
        }
    }
}

/// Takes `redirect of 210` apart.
fn split(name: &str) -> (&str, Option<&str>) {
    match name.strip_prefix("redirect of ") {
        Some(number) => ("redirect", Some(number)),
        None => (name, None),
    }
}

fn history(viewer: &Viewer, changes: &[Change], teller: Teller) -> Markup {
    let words = viewer.words();
    let row = |change: &Change| {
        html! {
            tr {
                td { (teller.at(&change.at)) }
                th scope="row" { (field(words, &change.field, change.number.as_deref())) }
                td { bdi { (value(viewer, &change.field, &change.from)) } }
                td { bdi { (value(viewer, &change.field, &change.to)) } }
                td { (said(words, &change.why)) }
                td { (said(words, &change.outcome)) }
            }
        }
    };
    // The history comes oldest first.
    let rows: Vec<Markup> = changes.iter().rev().take(CHANGES_SHOWN_MAX).map(row).collect();
    let heads = [words.at, words.field, words.from, words.to, words.why, words.outcome];
    let shown = html! {
        @if changes.len() > rows.len() { p.dim { (fill(words.history_shown, &[&rows.len().to_string()])) } }
    };
    html! { (table("history", words.history, &heads, &rows, words.history_none)) (shown) }
}

/// Renders a table that may be wider than the screen, below its heading.
fn table(id: &str, heading: &str, heads: &[&str], rows: &[Markup], none: &str) -> Markup {
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (heading) }
            @if rows.is_empty() {
                p { (none) }
            } @else {
                div.wide role="region" aria-labelledby=(id) tabindex="0" { table {
                    caption.unseen { (heading) }
                    thead { tr { @for head in heads { th scope="col" { (head) } } } }
                    tbody { @for row in rows { (row) } }
                } }
            }
        }
    }
}
