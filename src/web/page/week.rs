//! A week of entries as a picture: small in the overview, one row a day on a member's page.
//!
//! Places are times on the wall, so every day begins at midnight and is 24 hours wide, also when the clocks change. The
//! small picture is drawn in few long paths: fifty of them must not weigh more than the page they are in.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use maud::{Markup, html};

use crate::engine::report::explain::{EntryReport, Explanation};

use super::Viewer;
use super::entries::name_of;
use super::instant::{Teller, midnight, wall};
use super::words::fill;

/// How many days a week's picture shows, from today.
pub(super) const DAYS: i64 = 7;

/// How many appointments of today are told in words.
const TOLD_MAX: usize = 8;

/// Minutes that one unit of the small picture is wide.
const UNIT_MINUTES: i64 = 15;

/// How high the rows of a day are together, in the units of the large picture.
const DAY_HEIGHT: usize = 24;

/// The show-as names, the weakest first, each with its class and how high its bar is: colour alone would not tell them
/// apart for everybody.
pub(super) const KINDS: [(&str, &str, u8); 5] = [
    ("free", "f", 8),
    ("tentative", "t", 10),
    ("working_elsewhere", "w", 12),
    ("busy", "b", 14),
    ("out_of_office", "o", 16),
];

/// One entry within a picture, in minutes since its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar<'a> {
    pub(super) entry: &'a EntryReport,
    pub(super) from: i64,
    pub(super) until: i64,
}

impl<'a> Bar<'a> {
    fn of(entry: &'a EntryReport, start: NaiveDateTime) -> Option<Self> {
        let from = (wall(&entry.start)? - start).num_minutes();
        let until = (wall(&entry.end)? - start).num_minutes();
        Some(Self { entry, from, until: until.max(from + 1) })
    }
}

/// Returns the entries between an instant on the wall and so many minutes later, cut to them. An entry that is over before
/// it begins, by the clock that is set back in it or by its own mistake, keeps a minute.
pub(super) fn bars(entries: &[EntryReport], start: NaiveDateTime, minutes: i64) -> Vec<Bar<'_>> {
    let within = |bar: &Bar<'_>| bar.from < minutes && bar.until > 0;
    let known = entries.iter().filter_map(|entry| Bar::of(entry, start)).filter(within);
    known.map(|bar| Bar { from: bar.from.max(0), until: bar.until.min(minutes), ..bar }).collect()
}

/// Draws the week of a member from today, with what it says in words.
pub(super) fn small(viewer: &Viewer, explanation: &Explanation) -> Markup {
    let Some(now) = wall(&explanation.now) else { return html! {} };
    let (start, width) = (midnight(now.date()), DAYS * 24 * 60);
    let bars = bars(&explanation.entries, start, width);
    let now_at = (now - start).num_minutes() / UNIT_MINUTES;
    html! {
        svg role="img" viewBox={ "0 0 " (width / UNIT_MINUTES) " 16" } preserveAspectRatio="none" {
            title { (summary(viewer, explanation, now, &bars)) }
            @for (name, class, height) in KINDS {
                @let path = counting_path(&bars, name, height);
                @if !path.is_empty() { path class=(class) d=(path) {} }
            }
            @let path = other_path(&bars);
            @if !path.is_empty() { path.n d=(path) {} }
            path.now d={ "M" (now_at) " 0v16" } {}
        }
    }
}

/// Draws the week of a member, one row a day.
pub(super) fn large(viewer: &Viewer, explanation: &Explanation) -> Markup {
    let Some(now) = wall(&explanation.now) else { return html! {} };
    let teller = Teller { language: viewer.language, now: Some(now) };
    html! {
        div.days {
            div.hours aria-hidden="true" { @for hour in (0..24).step_by(3) { span { (hour) } } }
            ol { @for day in days(now.date()) {
                li { span.day { (teller.day(day)) } (whole_day(viewer, explanation, day, now)) }
            } }
        }
    }
}

/// Tells what each look of a bar means.
pub(super) fn legend(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    html! {
        ul.legend aria-label=(words.legend) {
            @for (name, class, _) in KINDS.iter().rev() {
                li { span class={ "swatch " (class) } {} (words.known(name)) }
            }
            li { span.swatch.n {} (words.not_counting) }
            li { span.swatch.now {} (words.now) }
        }
    }
}

/// Returns the days of the week from one.
pub(super) fn days(first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take(DAYS as usize)
}

fn counting_path(bars: &[Bar<'_>], name: &str, height: u8) -> String {
    let shown = bars.iter().filter(|bar| bar.entry.counts && kind(bar.entry).0 == name);
    // A line as thick as the bar is high takes less text than its outline; it stands on the ground.
    let middle = 16 - height / 2;
    shown.fold(String::new(), |mut path, bar| {
        let (from, width) = units(bar);
        let _ = write!(path, "M{from} {middle}h{width}");
        path
    })
}

fn other_path(bars: &[Bar<'_>]) -> String {
    bars.iter().filter(|bar| !bar.entry.counts).fold(String::new(), |mut path, bar| {
        let (from, width) = units(bar);
        let _ = write!(path, "M{from} 4h{width}v11h-{width}z");
        path
    })
}

fn units(bar: &Bar<'_>) -> (i64, i64) {
    let from = bar.from / UNIT_MINUTES;
    (from, (bar.until + UNIT_MINUTES - 1) / UNIT_MINUTES - from)
}

/// Returns how an entry is drawn; a show-as of a later version like a busy one.
fn kind(entry: &EntryReport) -> (&'static str, &'static str, u8) {
    KINDS.into_iter().find(|(name, ..)| *name == entry.show_as).unwrap_or(KINDS[3])
}

fn whole_day(viewer: &Viewer, explanation: &Explanation, day: NaiveDate, now: NaiveDateTime) -> Markup {
    let start = midnight(day);
    let bars = bars(&explanation.entries, start, 24 * 60);
    let (lanes, lanes_used) = lanes(&bars);
    let height = DAY_HEIGHT / lanes_used;
    html! {
        svg role="img" viewBox={ "0 0 1440 " (DAY_HEIGHT) } preserveAspectRatio="none" {
            title { (told_day(viewer, &bars, start)) }
            @for (bar, lane) in bars.iter().zip(lanes) {
                rect class=(if bar.entry.counts { kind(bar.entry).1 } else { "n" })
                    x=(bar.from) y=(lane * height) width=((bar.until - bar.from).max(6)) height=(height) {
                    title { (told_bar(viewer, bar, start)) " " (name_of(viewer, bar.entry)) }
                }
            }
            @if day == now.date() { path.now d={ "M" ((now - start).num_minutes()) " 0v" (DAY_HEIGHT) } {} }
        }
    }
}

/// Gives each bar a lane in which nothing else is at that time, and returns how many lanes there are.
fn lanes(bars: &[Bar<'_>]) -> (Vec<usize>, usize) {
    let mut free_from: Vec<i64> = Vec::new();
    let lanes = bars.iter().map(|bar| {
        let lane = free_from.iter().position(|free| *free <= bar.from).unwrap_or(free_from.len());
        match free_from.get_mut(lane) {
            Some(free) => *free = bar.until,
            // Beyond what can be drawn, bars lie over each other.
            None if lane >= DAY_HEIGHT => return DAY_HEIGHT - 1,
            None => free_from.push(bar.until),
        }
        lane
    });
    let lanes = lanes.collect();
    (lanes, free_from.len().max(1))
}

fn summary(viewer: &Viewer, explanation: &Explanation, now: NaiveDateTime, bars: &[Bar<'_>]) -> String {
    let words = viewer.words();
    let counting = bars.iter().filter(|bar| bar.entry.counts).count();
    let first = Teller { language: viewer.language, now: Some(now) }.day(now.date());
    let start = midnight(now.date());
    let today = told_day(viewer, &self::bars(&explanation.entries, start, 24 * 60), start);
    let (counts, not) = (words.week_counts.of(counting), words.week_not.of(bars.len() - counting));
    fill(words.week_from, &[&first, &counts, &not, &today])
}

/// Tells the counting entries of a day; those that follow each other without a gap and are shown alike as one.
fn told_day(viewer: &Viewer, bars: &[Bar<'_>], start: NaiveDateTime) -> String {
    let mut joined: Vec<Bar<'_>> = Vec::new();
    for bar in bars.iter().filter(|bar| bar.entry.counts) {
        match joined.last_mut() {
            Some(last) if last.until == bar.from && last.entry.show_as == bar.entry.show_as => last.until = bar.until,
            _ => joined.push(*bar),
        }
    }
    if joined.is_empty() {
        return viewer.words().day_none.to_owned();
    }
    let mut told: Vec<String> = joined.iter().take(TOLD_MAX).map(|bar| told_bar(viewer, bar, start)).collect();
    if joined.len() > TOLD_MAX {
        told.push("…".to_owned());
    }
    told.join(", ")
}

fn told_bar(viewer: &Viewer, bar: &Bar<'_>, start: NaiveDateTime) -> String {
    let words = viewer.words();
    let shown = words.known(&bar.entry.show_as);
    let time = |minutes: i64| match minutes {
        1440 => "24:00".to_owned(),
        _ => (start + TimeDelta::minutes(minutes)).format("%H:%M").to_string(),
    };
    match (bar.from, bar.until) {
        (0, 1440) => format!("{} {shown}", words.all_day),
        (from, until) => format!("{}–{} {shown}", time(from), time(until)),
    }
}
