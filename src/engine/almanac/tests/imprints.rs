//! Tests of answers that are known again.

use super::*;

/// Asks at this minute after eight; whether the request says which answer would say nothing new.
fn ask(almanac: &mut Almanac, minute: i64) -> (Vec<Request>, DateTime<Utc>) {
    let now = at("2026-11-23T08:00:00Z") + TimeDelta::minutes(minute);
    (almanac.next_batch(now).unwrap(), now)
}

fn hear(almanac: &mut Almanac, (requests, now): (Vec<Request>, DateTime<Utc>), calendar: Calendar) -> Lesson {
    let answer = Answer { address: anna(), calendar: Ok(calendar), tags_unknown: BTreeSet::new() };
    almanac.learn(&requests, Ok(vec![answer]), now, Tz::Europe__Zurich).unwrap()
}

fn calendar(entries: &[Entry], word: &str) -> Calendar {
    Calendar::Read { entries: entries.to_vec(), imprint: Some(Imprint::of_word(word)) }
}

/// An entry so many minutes after eight.
fn later(id: &str, minutes: i64) -> Entry {
    let start = at("2026-11-23T08:00:00Z") + TimeDelta::minutes(minutes);
    Entry { span: Span::Timed { start, end: start + TimeDelta::hours(1) }, ..entry(id, "") }
}

fn ids(almanac: &Almanac) -> Vec<&str> {
    almanac.entries(&anna()).unwrap().iter().map(|entry| entry.id.0.as_str()).collect()
}

#[test]
fn an_answer_that_is_known_again_leaves_the_calendar_as_it_is() {
    let mut almanac = almanac();
    let first = ask(&mut almanac, 0);
    assert_eq!(first.0[0].last, None);
    hear(&mut almanac, first, calendar(&[entry("a", "")], "one"));
    let second = ask(&mut almanac, 1);
    assert_eq!(second.0[0].last, Some(Imprint::of_word("one")));
    let lesson = hear(&mut almanac, second, Calendar::Unchanged);
    assert_eq!((lesson.changed.len(), lesson.records.len()), (0, 0));
    assert_eq!(ids(&almanac), ["a"]);
    assert_eq!(almanac.read_at(&anna()), Some(at("2026-11-23T08:01:00Z")));
    assert_eq!(almanac.next_at(), Some(at("2026-11-23T08:02:00Z")));
}

#[test]
fn the_last_answer_says_nothing_of_an_entry_that_comes_into_the_window() {
    let mut almanac = almanac();
    let day_and_half_hour = 25 * 60 + 30;
    let first = ask(&mut almanac, 0);
    hear(&mut almanac, first, calendar(&[entry("a", ""), later("b", day_and_half_hour)], "wide"));
    let second = ask(&mut almanac, 1);
    hear(&mut almanac, second, calendar(&[entry("a", "")], "narrow"));
    assert_eq!(ids(&almanac), ["a", "b"]);
    let third = ask(&mut almanac, 29);
    assert_eq!(third.0[0].last, Some(Imprint::of_word("narrow")), "the other entry lies beyond the window");
    hear(&mut almanac, third, Calendar::Unchanged);
    let fourth = ask(&mut almanac, 31);
    assert_eq!(fourth.0[0].last, None, "it lies within it by now, so its absence means something");
    hear(&mut almanac, fourth, calendar(&[entry("a", "")], "narrow"));
    assert_eq!(ids(&almanac), ["a"]);
}

#[test]
fn after_another_tenant_or_a_lost_mailbox_every_answer_is_read() {
    let mut almanac = almanac();
    let first = ask(&mut almanac, 0);
    hear(&mut almanac, first, calendar(&[entry("a", "")], "one"));
    almanac.read_afresh(at("2026-11-23T08:01:00Z"));
    let second = ask(&mut almanac, 1);
    assert_eq!(second.0[0].last, None);
    hear(&mut almanac, second, calendar(&[entry("a", "")], "one"));
    almanac.lose(&anna(), at("2026-11-23T08:01:30Z"), &mut Lesson::default());
    assert_eq!(ask(&mut almanac, 2).0[0].last, None);
}

#[test]
fn unread_and_troubled_mailboxes_are_counted_as_they_change() {
    let mut almanac = almanac();
    let beat: Address = "beat@example.de".parse().unwrap();
    almanac.follow(&BTreeSet::from([anna(), beat.clone()]), at("2026-11-23T08:00:00Z"));
    assert_eq!((almanac.unread(), almanac.troubled()), (2, 0));
    let (requests, now) = ask(&mut almanac, 0);
    let failed = || GraphError::TimedOut { service: crate::graph::Service::Graph };
    let answer = |request: &Request| {
        let calendar = if request.address == beat { Err(failed()) } else { Ok(Vec::new().into()) };
        Answer { address: request.address.clone(), calendar, tags_unknown: BTreeSet::new() }
    };
    let answers = requests.iter().map(answer).collect();
    almanac.learn(&requests, Ok(answers), now, Tz::UTC).unwrap();
    // Whoever may have made its batch late is asked alone first.
    assert_eq!((almanac.unread(), almanac.troubled()), (1, 0));
    let alone = almanac.next_alone(now).unwrap();
    almanac.end_alone(&alone);
    almanac.learn(&alone, Err(failed()), now, Tz::UTC).unwrap();
    assert_eq!((almanac.unread(), almanac.troubled()), (0, 1));
    almanac.follow(&BTreeSet::from([anna()]), now);
    assert_eq!((almanac.unread(), almanac.troubled()), (0, 0));
}
