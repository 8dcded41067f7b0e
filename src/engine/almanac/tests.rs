//! Tests of [`super`].

use super::*;
use crate::rules::{Location, Response, Sensitivity, ShowAs, Tags, Title};

mod company;
mod imprints;
mod lending;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn anna() -> Address {
    "anna@example.de".parse().unwrap()
}

/// A busy hour at nine with these tags.
pub(super) fn entry(id: &str, text: &str) -> Entry {
    Entry {
        id: EntryId(id.to_owned()),
        ical_uid: String::new(),
        title: Title::default(),
        location: Location::default(),
        span: Span::Timed { start: at("2026-11-23T09:00:00Z"), end: at("2026-11-23T10:00:00Z") },
        show_as: ShowAs::Busy,
        sensitivity: Sensitivity::Normal,
        response: Response::Organizer,
        cancelled: false,
        is_organizer: true,
        categories: Vec::new(),
        tags: Tags::find(text),
    }
}

/// An almanac that follows one mailbox.
fn almanac() -> Almanac {
    let mut almanac = Almanac::kept(BTreeMap::new(), Duration::from_secs(60), Pace::Steady);
    almanac.follow(&BTreeSet::from([anna()]), at("2026-11-23T08:00:00Z"));
    almanac
}

/// Reads the mailbox at a minute after eight: these entries, and the tags of these of them unknown.
fn read(almanac: &mut Almanac, minute: i64, entries: &[Entry], unknown: &[&str]) -> Lesson {
    let now = at("2026-11-23T08:00:00Z") + TimeDelta::minutes(minute);
    let requests = almanac.next_batch(now).unwrap();
    let tags_unknown = unknown.iter().map(|id| EntryId((*id).to_owned())).collect();
    let answer = Answer { address: anna(), calendar: Ok(entries.to_vec().into()), tags_unknown };
    almanac.learn(&requests, Ok(vec![answer]), now, Tz::Europe__Zurich).unwrap()
}

const TEXT: &str = "@@Extern: 0712345689";

#[test]
fn an_entry_whose_text_was_not_read_keeps_its_last_tags() {
    let mut almanac = almanac();
    read(&mut almanac, 0, &[entry("a", TEXT), entry("b", "")], &[]);
    let lesson = read(&mut almanac, 1, &[entry("a", ""), entry("b", ""), entry("c", "")], &["a", "b", "c"]);
    let expected = [entry("a", TEXT), entry("b", ""), entry("c", "")];
    assert_eq!(almanac.entries(&anna()), Some(&expected[..]));
    assert_eq!(lesson.changed, [anna()]);
    assert!(matches!(&lesson.records[..], [Record::Calendar(_, calendar)] if calendar.entries == expected));
}

#[test]
fn unknown_tags_alone_are_no_change() {
    let mut almanac = almanac();
    read(&mut almanac, 0, &[entry("a", TEXT)], &[]);
    let lesson = read(&mut almanac, 1, &[entry("a", "")], &["a"]);
    assert_eq!((lesson.changed, lesson.records.len()), (Vec::new(), 0));
}

#[test]
fn what_else_changed_in_such_an_entry_is_learnt() {
    let mut almanac = almanac();
    read(&mut almanac, 0, &[entry("a", TEXT)], &[]);
    let free = Entry { show_as: ShowAs::Free, ..entry("a", "") };
    read(&mut almanac, 1, std::slice::from_ref(&free), &["a"]);
    assert_eq!(almanac.entries(&anna()), Some(&[Entry { show_as: ShowAs::Free, ..entry("a", TEXT) }][..]));
}

#[test]
fn a_text_that_was_read_decides_its_tags() {
    let mut almanac = almanac();
    read(&mut almanac, 0, &[entry("a", TEXT), entry("b", TEXT)], &[]);
    let lesson = read(&mut almanac, 1, &[entry("a", ""), entry("b", "@@Extern: 210")], &[]);
    assert_eq!(almanac.entries(&anna()), Some(&[entry("a", ""), entry("b", "@@Extern: 210")][..]));
    assert_eq!(lesson.changed, [anna()]);
}

#[test]
fn the_last_tags_are_those_of_the_journal_after_a_start() {
    let kept = KnownCalendar { read_at: at("2026-11-23T07:00:00Z"), entries: vec![entry("b", TEXT), entry("a", TEXT)] };
    let mut almanac = Almanac::kept(BTreeMap::from([(anna(), kept)]), Duration::from_secs(60), Pace::Steady);
    almanac.follow(&BTreeSet::from([anna()]), at("2026-11-23T08:00:00Z"));
    read(&mut almanac, 0, &[entry("a", "")], &["a"]);
    assert_eq!(almanac.entries(&anna()), Some(&[entry("a", TEXT)][..]));
}
