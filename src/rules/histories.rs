//! Random histories: calendars that change, a PBX that loses answers, a process that dies at any point.
//!
//! A small PBX and a small engine carry out what [`decide`] says, minute by minute. The properties are those of the
//! product: a plan after the plan is empty, nothing flickers, and at the end everything is as it was. [`people`] has the
//! histories in which people choose for themselves, telephones ring and the PBX restarts.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Europe::Zurich;
use proptest::prelude::*;

use super::*;

mod people;
mod world;

use world::World;

const ACCOUNT: AccountId = AccountId(1010);

/// How long one history is, in minutes.
const MINUTES: i64 = 240;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_900_000, 0).unwrap() + Duration::minutes(minute)
}

fn policy() -> Policy {
    Policy { zone: Zurich, ..samples::policy() }
}

/// What happens at one minute.
#[derive(Clone, Debug)]
enum Event {
    /// An entry appears, or the one with this number is replaced.
    Put(u8, Entry),
    /// The entry with this number is deleted.
    Delete(u8),
    /// The next write is carried out and its answer lost.
    LoseAnswer,
    /// The next write is lost before it arrives.
    LoseWrite,
    /// The next write takes effect up to a minute later, and nobody hears of it.
    LandLate,
    /// The next write is refused.
    Refuse,
    /// The member ends the active entries early.
    EndEarly,
    /// The process dies after recording, before the write.
    DieBeforeWrite,
    /// The process dies after the write, before it is confirmed.
    DieAfterWrite,
    /// The process dies between two rounds.
    Die,
}

impl Event {
    fn disturbs(&self) -> bool {
        !matches!(self, Self::Put(..) | Self::Delete(_))
    }
}

fn entry(number: u8) -> impl Strategy<Value = Entry> {
    let shown = prop_oneof![Just(ShowAs::Busy), Just(ShowAs::OutOfOffice), Just(ShowAs::Tentative), Just(ShowAs::Free)];
    let response =
        prop_oneof![4 => Just(Response::Organizer), 1 => Just(Response::Unanswered), 1 => Just(Response::Declined)];
    (0..MINUTES, 0..60_i64, shown, response, any::<bool>(), 0..8_u8).prop_map(
        move |(start, length, show_as, response, private, kind)| Entry {
            id: EntryId(format!("entry-{number}")),
            ical_uid: String::new(),
            title: Title(format!("Title {number}")),
            location: Location::default(),
            // Multiples of five make touching and equal boundaries common.
            span: Span::Timed { start: at(start / 5 * 5), end: at(start / 5 * 5 + length / 5 * 5) },
            show_as,
            sensitivity: if private { Sensitivity::Private } else { Sensitivity::Normal },
            response,
            cancelled: kind == 0,
            is_organizer: response == Response::Organizer,
            categories: match kind {
                1 => vec!["_sf_ignorieren ".to_owned()],
                2 | 3 => vec!["_SF_DND_aktivieren".to_owned(), "_SF_Funktionstasten_aktivieren".to_owned()],
                _ => vec![],
            },
            tags: Tags::default(),
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let number = 0..6_u8;
    prop_oneof![
        6 => number.clone().prop_flat_map(|number| entry(number).prop_map(move |entry| Event::Put(number, entry))),
        2 => number.prop_map(Event::Delete),
        1 => Just(Event::LoseAnswer),
        1 => Just(Event::LoseWrite),
        1 => Just(Event::DieBeforeWrite),
        1 => Just(Event::DieAfterWrite),
        1 => Just(Event::Die),
    ]
}

fn history() -> impl Strategy<Value = Vec<(i64, Event)>> {
    prop::collection::vec((0..MINUTES, event()), 1..30).prop_map(|mut events| {
        events.sort_by_key(|(minute, _)| *minute);
        events
    })
}

/// What the member shows before anything happens.
fn before() -> Seen {
    Seen {
        presence: Presence::FreeForChat,
        text: StatusText("Im Homeoffice ☕".to_owned()),
        telephony: Some(Telephony::QueuePause),
        dnd: Some(Dnd::Off),
        call: Call::None,
    }
}

/// Runs a history and returns what the PBX showed at the end of every minute.
fn run(events: &[(i64, Event)]) -> Result<(World, Vec<Seen>), TestCaseError> {
    let mut world = World::new();
    let mut shown = Vec::new();
    for minute in 0..MINUTES + 70 {
        let now = at(minute);
        for (_, event) in events.iter().filter(|(when, _)| *when == minute) {
            world.apply(event.clone(), now);
        }
        prop_assert!(world.settle(now), "minute {minute}: the plan after the plan is not empty");
        shown.push(world.shown.clone());
    }
    Ok((world, shown))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn when_the_last_overlay_has_ended_the_pbx_shows_what_was_there(events in history()) {
        let (world, shown) = run(&events)?;
        prop_assert_eq!(shown.last(), Some(&before()));
        prop_assert!(world.durable.is_empty(), "nothing is held: {:?}", world.durable);
    }

    #[test]
    fn at_every_minute_the_pbx_shows_what_the_active_entries_want_or_what_was_there(events in history()) {
        let mut world = World::new();
        for minute in 0..MINUTES {
            let now = at(minute);
            for (_, event) in events.iter().filter(|(when, _)| *when == minute) {
                world.apply(event.clone(), now);
            }
            prop_assert!(world.settle(now));
            for field in Field::OF_STATE {
                let wanted = world.wish(now).and_then(|wish| wish.value(field).cloned());
                prop_assert_eq!(world.shown.value(field), wanted.or(before().value(field)), "minute {}", minute);
            }
        }
    }

    #[test]
    fn faults_and_deaths_at_any_step_change_nothing_that_anybody_sees(events in history()) {
        let calm: Vec<_> = events.iter().filter(|(_, event)| !event.disturbs()).cloned().collect();
        prop_assert_eq!(run(&events)?.1, run(&calm)?.1);
    }

    #[test]
    fn nothing_flickers_between_entries_that_touch_or_overlap(events in history()) {
        let calm: Vec<_> = events.into_iter().filter(|(_, event)| !event.disturbs()).collect();
        let mut world = World::new();
        for minute in 0..MINUTES {
            let now = at(minute);
            for (_, event) in calm.iter().filter(|(when, _)| *when == minute) {
                world.apply(event.clone(), now);
            }
            let wish = world.wish(now);
            world.writes.clear();
            prop_assert!(world.settle(now));
            for (_, value) in &world.writes {
                let wanted = wish.as_ref().and_then(|wish| wish.value(value.field()).cloned());
                let expected = wanted.or(before().value(value.field()));
                prop_assert_eq!(Some(value), expected.as_ref(), "minute {}", minute);
            }
            prop_assert!(world.writes.len() <= Field::OF_STATE.len(), "each field is written once: {:?}", world.writes);
        }
    }

    #[test]
    fn the_order_of_entries_and_holds_does_not_matter(events in history(), minute in 0..MINUTES) {
        let mut world = World::new();
        for (_, event) in events.into_iter().filter(|(when, event)| *when <= minute && !event.disturbs()) {
            world.apply(event, at(minute));
        }
        let once = world.plan(at(minute));
        world.entries.reverse();
        prop_assert_eq!(&once, &world.plan(at(minute)));
        prop_assert!(world.settle(at(minute)));
        world.apply(Event::Delete(0), at(minute));
        let once = world.plan(at(minute));
        world.durable.reverse();
        prop_assert_eq!(&once, &world.plan(at(minute)));
    }
}
