//! The overview: what is wrong, how many there are, and every member in a row.

use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use crate::engine::Report;
use crate::engine::report::explain::Explanation;
use crate::engine::report::{Governing, HoldReport, MemberReport};

use super::entries::title_of;
use super::frame::{Content, Liveness, command, frame};
use super::instant::{Teller, wall};
use super::selecting::{is_active, is_shown};
use super::told::{age, field, is_old, over, said};
use super::words::{Words, fill};
use super::{MEMBERS_PER_PAGE, Notice, Query, Selection, Show, Viewer, problems, week};

/// What the overview shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub(super) report: &'a Report,
    pub(super) query: &'a Query,
    pub(super) selection: &'a Selection,
    pub(super) weeks: &'a [Explanation],
}

/// A member of the overview, with what is known of the week.
#[derive(Clone, Copy, Debug)]
struct Row<'a> {
    viewer: &'a Viewer,
    report: &'a Report,
    member: &'a MemberReport,
    explanation: Option<&'a Explanation>,
    teller: Teller,
}

/// Renders the overview.
pub(super) fn page(viewer: &Viewer, shown: &Shown<'_>, notice: Option<Notice>) -> String {
    let words = viewer.words();
    let report = shown.report;
    let teller = Teller { language: viewer.language, now: shown.weeks.first().and_then(|week| wall(&week.now)) };
    let main = html! {
        h1 { (words.overview) }
        @if report.shadow { (problems::shadow(viewer)) }
        (problems::common(viewer, report, teller))
        div.top {
            p.summary { (summary(words, report)) }
            @if let Some(form_token) = viewer.form_token() {
                (command("/refresh", form_token, words.refresh, words.refresh_says))
            }
        }
        div.choice { (search(words, shown.query)) (filters(words, shown)) }
        (members(viewer, shown, teller))
        (pager(words, shown))
    };
    let title = match report.problems.len() {
        0 => words.overview.to_owned(),
        problems => words.title_problems.of(problems),
    };
    let foot = fill(words.version, &[&report.version, &teller.at(&report.started_at)]);
    frame(viewer, &Content { title, main, foot: Some(foot), liveness: Liveness::Live }, notice)
}

fn summary(words: &Words, report: &Report) -> String {
    let active = report.members.iter().filter(|member| is_active(member)).count();
    let mut parts = vec![
        words.members.of(report.members.len()),
        words.active_now.of(active),
        words.fields_held.of(fields_held(report)),
        words.problems_known.of(report.problems.len()),
    ];
    if report.mails_unsent > 0 {
        parts.push(words.mails_unsent.of(report.mails_unsent));
    }
    parts.join(" · ")
}

/// Counts what is held; a group's number stands with everybody who claims it, and is one.
fn fields_held(report: &Report) -> usize {
    let mut numbers: Vec<&str> = Vec::new();
    let mut own = 0;
    for hold in report.members.iter().flat_map(|member| &member.holds) {
        match &hold.number {
            Some(number) => numbers.push(number),
            None => own += 1,
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    own + numbers.len()
}

fn search(words: &Words, query: &Query) -> Markup {
    html! {
        form.search role="search" method="get" action="/" {
            label for="q" { (words.search) }
            input #q type="search" name="q" value=(query.search) maxlength="200" aria-describedby="q-hint"
                autocomplete="off";
            @if query.show != Show::All { input type="hidden" name="show" value=(query.show.name()); }
            button type="submit" { (words.find) }
            p.dim #q-hint { (words.search_hint) }
        }
    }
}

fn filters(words: &Words, shown: &Shown<'_>) -> Markup {
    html! {
        nav.filters aria-label=(words.show) {
            @for show in Show::ALL {
                @let name = match show {
                    Show::All => words.show_all,
                    Show::Problems => words.show_problems,
                    Show::Active => words.show_active,
                };
                @let fit = shown.report.members.iter().filter(|member| is_shown(member, show)).count();
                a href=(address(&shown.query.search, show, 1))
                    aria-current=[(shown.query.show == show).then_some("page")] { (name) " " span { (fit) } }
            }
        }
    }
}

fn members(viewer: &Viewer, shown: &Shown<'_>, teller: Teller) -> Markup {
    let (words, selection) = (viewer.words(), shown.selection);
    if selection.accounts.is_empty() {
        let nobody = if shown.report.members.is_empty() { words.no_members } else { words.nobody };
        return html! { p.empty { (nobody) } };
    }
    let first = (selection.page - 1) * MEMBERS_PER_PAGE + 1;
    let last = first + selection.accounts.len() - 1;
    let numbers = [first, last, selection.total].map(|number| number.to_string());
    html! {
        // The roles keep a table a table where narrow screens show each row as a card.
        table.members role="table" {
            caption { (fill(words.table_shows, &[&numbers[0], &numbers[1], &numbers[2]])) }
            thead role="rowgroup" { tr role="row" {
                @for head in [words.member, words.now, words.held, words.next_change] {
                    th role="columnheader" scope="col" { (head) }
                }
                th role="columnheader" scope="col" { span.unseen { (words.week) } (week_head(shown, teller)) }
            } }
            tbody role="rowgroup" {
                @for account in &selection.accounts {
                    @if let Some(member) = shown.report.members.iter().find(|one| one.member.account == account.0) {
                        @let explanation = shown.weeks.iter().find(|week| week.member.account == account.0);
                        (row(&Row { viewer, report: shown.report, member, explanation, teller }))
                    }
                }
            }
        }
        (week::legend(viewer))
    }
}

fn week_head(shown: &Shown<'_>, teller: Teller) -> Markup {
    let today = shown.weeks.first().and_then(|week| wall(&week.now)).map(|now| now.date());
    html! {
        span.weekdays aria-hidden="true" {
            @for day in today.into_iter().flat_map(week::days) { span { (teller.weekday(chrono::Datelike::weekday(&day))) } }
        }
    }
}

fn row(row: &Row<'_>) -> Markup {
    let Row { viewer, member, teller, .. } = *row;
    let words = viewer.words();
    let label = |text| html! { small { (text) ": " } };
    html! {
        tr role="row" {
            th role="rowheader" scope="row" {
                a href={ "/members/" (member.member.account) } { bdi { (member.member.name) } }
                span { (member.member.login) }
            }
            td role="cell" { (problems::of_member(viewer, row.report, member)) (state(row)) }
            td role="cell" { (label(words.held)) (held(viewer, &member.holds)) }
            td role="cell" {
                (label(words.next_change))
                @match &member.next_change_at { Some(at) => (teller.at(at)), None => span.dim { (words.no_change) } }
                p { (words.calendar) ": " (calendar(words, member.calendar_age_seconds)) }
            }
            td role="cell" { @if let Some(explanation) = row.explanation { (week::small(viewer, explanation)) } }
        }
    }
}

fn state(row: &Row<'_>) -> Markup {
    let words = row.viewer.words();
    match &row.member.governing {
        Some(governing) => governs(row, governing),
        None if row.member.calendar_age_seconds.is_none() => html! { span.dim { (words.calendar_unknown) } },
        None => html! { span.dim { (words.no_entry) } },
    }
}

fn governs(row: &Row<'_>, governing: &Governing) -> Markup {
    let words = row.viewer.words();
    let entry = row.explanation.and_then(|week| week.entries.iter().find(|entry| entry.entry == governing.entry));
    let until = fill(words.until, &["", &row.teller.at(&governing.until)]);
    html! {
        strong { (said(words, &governing.show_as)) } (until)
        @if let Some(title) = title_of(row.viewer, entry, governing.title.as_deref()) { span.title { bdi { (title) } } }
    }
}

fn held(viewer: &Viewer, holds: &[HoldReport]) -> Markup {
    let words = viewer.words();
    html! {
        @if holds.is_empty() {
            span.dim { (words.nothing_held) }
        } @else {
            ul { @for hold in holds {
                li {
                    (field(words, &hold.field, hold.number.as_deref())) ": " (over(viewer, hold))
                    @if hold.state != "held" { " (" (said(words, &hold.state)) ")" }
                }
            } }
        }
    }
}

/// Tells how long ago a calendar was read, and warns when it was too long.
pub(super) fn calendar(words: &Words, seconds: Option<i64>) -> Markup {
    let told = age(words, seconds);
    html! {
        @match (is_old(seconds), seconds) {
            (false, _) => (told),
            (true, None) => span.warn { "⚠\u{a0}" (told) },
            (true, Some(_)) => span.warn { "⚠\u{a0}" (told) ", " (words.read_too_old) },
        }
    }
}

fn pager(words: &Words, shown: &Shown<'_>) -> Markup {
    let Selection { page, pages, .. } = *shown.selection;
    let to = |page| address(&shown.query.search, shown.query.show, page);
    let numbers = [page.to_string(), pages.to_string()];
    html! {
        @if pages > 1 {
            nav.pager aria-label=(words.pages) {
                @if page > 1 { a rel="prev" href=(to(page - 1)) { (words.page_previous) } }
                span { (fill(words.page_of, &[&numbers[0], &numbers[1]])) }
                @if page < pages { a rel="next" href=(to(page + 1)) { (words.page_next) } }
            }
        }
    }
}

/// Returns the address of an overview. What is asked for anyway is left out.
fn address(search: &str, show: Show, page: usize) -> String {
    let mut query = Serializer::new(String::new());
    if !search.is_empty() {
        query.append_pair("q", search);
    }
    if show != Show::All {
        query.append_pair("show", show.name());
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
}
