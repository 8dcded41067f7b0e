//! The entries of one member as a table: when, how, what, whether each counts and why.

use maud::{Markup, html};

use crate::engine::report::explain::{EntryReport, Explanation};

use super::Viewer;
use super::instant::Teller;
use super::told::said;

/// Names an entry as far as the viewer may know. A private entry has no name for anybody.
pub(super) fn name_of(viewer: &Viewer, entry: &EntryReport) -> String {
    let words = viewer.words();
    match &entry.title {
        _ if entry.private => words.private.to_owned(),
        _ if !viewer.may_read() => words.hidden.to_owned(),
        Some(title) if !title.trim().is_empty() => title.clone(),
        Some(_) | None => words.untitled.to_owned(),
    }
}

/// Returns the title of an entry that the viewer may read.
pub(super) fn title_of<'a>(viewer: &Viewer, entry: Option<&EntryReport>, title: Option<&'a str>) -> Option<&'a str> {
    title.filter(|title| viewer.may_read() && !title.trim().is_empty() && entry.is_none_or(|entry| !entry.private))
}

/// Renders the entries.
pub(super) fn table(viewer: &Viewer, explanation: &Explanation, teller: Teller) -> Markup {
    let words = viewer.words();
    html! {
        section aria-labelledby="entries" {
            h2 #entries { (words.entries) }
            @if !viewer.may_read() { p.dim { (words.titles_need_login) } }
            @if explanation.entries.is_empty() {
                p { (words.entries_none) }
            } @else {
                div.wide role="region" aria-labelledby="entries" tabindex="0" { table {
                    caption.unseen { (words.entries) }
                    thead { tr {
                        @for head in [words.start, words.end_at, words.shown_as, words.title, words.counts] {
                            th scope="col" { (head) }
                        }
                    } }
                    tbody { @for entry in &explanation.entries { (row(viewer, entry, teller)) } }
                } }
            }
        }
    }
}

fn row(viewer: &Viewer, entry: &EntryReport, teller: Teller) -> Markup {
    let words = viewer.words();
    html! {
        tr.governs[entry.governs] {
            @if entry.all_day {
                td colspan="2" { (teller.days(&entry.start, &entry.end)) ", " (words.all_day) }
            } @else {
                td { (teller.on_its_day(&entry.start)) }
                td { (teller.after(&entry.start, &entry.end)) }
            }
            td { (said(words, &entry.show_as)) }
            td.dim[entry.private || !viewer.may_read()] { bdi { (name_of(viewer, entry)) } }
            td {
                @if entry.governs { strong.badge { (words.governs) } " " }
                @match (&entry.reason, entry.counts) {
                    (None, true) => (words.counts_yes),
                    (Some(reason), true) => { (words.counts_yes) ": " (said(words, reason)) },
                    (reason, false) => (not_counting(viewer, reason.as_deref().unwrap_or_default())),
                }
            }
        }
    }
}

fn not_counting(viewer: &Viewer, reason: &str) -> Markup {
    let words = viewer.words();
    let (before, after) = words.counts_no.split_once("{}").unwrap_or((words.counts_no, ""));
    html! { (before) (said(words, reason)) (after) }
}
