//! Histories in which people choose for themselves, telephones ring, the PBX restarts, and writes are refused or land up
//! to a minute late: what a person chose last is what is shown at the end, and nothing of ours is left.
//!
//! A failing history prints as the list that [`replay`] takes, so that it can be pasted into a test of this file, as in
//! [`a_history_by_hand_is_replayed`].

use std::collections::BTreeSet;

use chrono::Duration;
use proptest::prelude::*;

use super::super::*;
use super::world::World;
use super::{ACCOUNT, MINUTES, at, before};
use Act::{
    CallBegins, CallEnds, Choose, Delete, Die, DieAfterWrite, DieBeforeWrite, EndEarly, LandLate, LoseAnswer,
    LoseWrite, OldText, Put, Refuse, RestartPbx,
};
use Choice::{Disturb, DndOff, DndOn, Free, Nothing, Offline, Words};

/// What happens at one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// The entry with this number lies from that minute on, for so many minutes.
    Put(u8, i64, i64),
    Delete(u8),
    /// The member ends what is active.
    EndEarly,
    Choose(Choice),
    /// A client sets the chat text to one of ours from before.
    OldText,
    CallBegins,
    CallEnds,
    RestartPbx,
    Refuse,
    LandLate,
    LoseAnswer,
    LoseWrite,
    Die,
    DieBeforeWrite,
    DieAfterWrite,
}

/// What a person chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Free,
    Disturb,
    Offline,
    Words,
    Nothing,
    DndOn,
    DndOff,
}

/// Whose choice stays where a person and an entry want different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drift {
    Reassert,
    Respect,
}

impl Choice {
    const ALL: [Self; 7] = [Free, Disturb, Offline, Words, Nothing, DndOn, DndOff];

    fn value(self) -> Value {
        match self {
            Free => Value::Presence(Presence::FreeForChat),
            Disturb => Value::Presence(Presence::DoNotDisturb),
            Offline => Value::Presence(Presence::Unavailable),
            Words => Value::Text(StatusText("Selbst gewählt".to_owned())),
            Nothing => Value::Text(StatusText::default()),
            DndOn => Value::Dnd(Dnd::On),
            DndOff => Value::Dnd(Dnd::Off),
        }
    }
}

/// The entry with this number; every second asks for the indicator, every third for DND.
fn entry(number: u8, start: i64, minutes: i64) -> Entry {
    let mut categories = Vec::new();
    if number.is_multiple_of(2) {
        categories.push("_SF_Funktionstasten_aktivieren".to_owned());
    }
    if number.is_multiple_of(3) {
        categories.push("_SF_DND_aktivieren".to_owned());
    }
    Entry {
        id: EntryId(format!("entry-{number}")),
        title: Title(format!("Title {number}")),
        span: Span::Timed { start: at(start), end: at(start + minutes) },
        categories,
        ..samples::entry("", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")
    }
}

/// What a person has, by the choices made and by what restarts and calls did to them.
struct Own {
    has: Seen,
    /// The fields that a restart took our put from, until it stands again.
    bare: BTreeSet<Field>,
}

impl Own {
    fn chooses(&mut self, value: Value) {
        match value {
            Value::Presence(presence) => self.has.presence = presence,
            Value::Text(text) => self.has.text = text,
            Value::Indicator(telephony) => self.has.telephony = Some(telephony),
            Value::Dnd(dnd) => self.has.dnd = Some(dnd),
            Value::Redirect(..) => {}
        }
    }

    /// What lay open is lost; what we hold comes back at the end, provided that our put stands again before.
    fn loses(&mut self, world: &World) {
        for field in Field::OF_STATE.into_iter().filter(|field| field.is_lost_by_restart()) {
            match world.hold(field).map(|hold| hold.phase) {
                Some(Phase::Putting | Phase::Held) => drop(self.bare.insert(field)),
                Some(Phase::Restoring | Phase::Yielded) | None => self.chooses(field.neutral()),
            }
        }
    }

    /// An entry that ends before its put stands again leaves what the restart left.
    fn looks_at(&mut self, world: &World) {
        for field in std::mem::take(&mut self.bare) {
            match world.hold(field).map(|hold| hold.phase) {
                Some(Phase::Putting) => drop(self.bare.insert(field)),
                Some(Phase::Held) => {}
                Some(Phase::Restoring | Phase::Yielded) | None => self.chooses(field.neutral()),
            }
        }
    }
}

/// Whether nobody can tell that this is a person's choice: it looks as what we put. DND alone has so few values.
fn looks_as_ours(world: &World, value: &Value) -> bool {
    world.hold(value.field()).is_some_and(|hold| hold.phase != Phase::Yielded && hold.has_put(value))
}

/// Does one act to the world and to what the person has.
fn act(world: &mut World, own: &mut Own, act: Act, minute: i64) {
    let now = at(minute);
    match act {
        Put(number, start, minutes) => world.apply(super::Event::Put(number, entry(number, start, minutes)), now),
        Delete(number) => world.apply(super::Event::Delete(number), now),
        EndEarly => world.apply(super::Event::EndEarly, now),
        Choose(choice) if looks_as_ours(world, &choice.value()) => {}
        // Until our put stands again, nothing that is shown counts as chosen.
        Choose(choice) if own.bare.contains(&choice.value().field()) => {}
        Choose(choice) => {
            own.chooses(choice.value());
            world.show(choice.value());
        }
        // A text of ours that nobody holds any more is the client's own affair.
        OldText if world.hold(Field::Text).is_some_and(|hold| hold.phase == Phase::Held) => {
            let text = world.texts_put[0].clone();
            world.show(Value::Text(text));
        }
        CallBegins => {
            world.shown.call = Call::UnderWay;
            world.show(Value::Indicator(Telephony::Active));
        }
        CallEnds if world.shown.call == Call::UnderWay => {
            world.shown.call = Call::None;
            world.show(Value::Indicator(Telephony::Available));
            own.chooses(Value::Indicator(Telephony::Available));
        }
        OldText | CallEnds => {}
        RestartPbx => {
            own.loses(world);
            world.restart_pbx(now);
        }
        Refuse => world.apply(super::Event::Refuse, now),
        LandLate => world.apply(super::Event::LandLate, now),
        LoseAnswer => world.apply(super::Event::LoseAnswer, now),
        LoseWrite => world.apply(super::Event::LoseWrite, now),
        Die => world.apply(super::Event::Die, now),
        DieBeforeWrite => world.apply(super::Event::DieBeforeWrite, now),
        DieAfterWrite => world.apply(super::Event::DieAfterWrite, now),
    }
}

/// Replays a history: at most one act a minute, in the order of the minutes.
fn replay(drift: Drift, acts: &[(i64, Act)]) -> Result<(), TestCaseError> {
    let mut world = World::new();
    world.policy.respected = match drift {
        Drift::Reassert => BTreeSet::new(),
        Drift::Respect => FieldKind::ALL.into_iter().collect(),
    };
    let mut own = Own { has: before(), bare: BTreeSet::new() };
    for minute in 0..MINUTES + 70 {
        for (_, one) in acts.iter().filter(|(when, _)| *when == minute) {
            act(&mut world, &mut own, *one, minute);
        }
        if minute == MINUTES {
            act(&mut world, &mut own, CallEnds, minute);
        }
        world.land();
        prop_assert!(world.settle(at(minute)), "minute {}: the plan after the plan is not empty", minute);
        own.looks_at(&world);
        nothing_of_ours_is_under(&world)?;
    }
    prop_assert_eq!(
        &world.shown,
        &own.has,
        "what the person chose last is shown at the end; text {:?}",
        world.shown.text.0
    );
    prop_assert!(world.durable.is_empty(), "nothing is held: {:?}", world.durable);
    prop_assert!(world.plan(at(MINUTES + 70) + Duration::minutes(1)).is_empty());
    Ok(())
}

/// No person of these histories is away, and texts of ours are nobody's own.
fn nothing_of_ours_is_under(world: &World) -> Result<(), TestCaseError> {
    for hold in &world.durable {
        prop_assert_eq!(hold.account, ACCOUNT);
        match &hold.under {
            Value::Presence(presence) => prop_assert_ne!(presence, &Presence::Away),
            Value::Text(text) => prop_assert!(!text.0.contains("Title"), "{}", text.0),
            Value::Indicator(_) | Value::Dnd(_) | Value::Redirect(..) => {}
        }
    }
    Ok(())
}

fn any_act() -> impl Strategy<Value = Act> {
    let number = 0..6_u8;
    prop_oneof![
        // Multiples of five make touching and equal boundaries common.
        8 => (number.clone(), 0..MINUTES / 5, 1..12_i64).prop_map(|(number, start, length)| Put(number, start * 5, length * 5)),
        2 => number.prop_map(Delete),
        1 => Just(EndEarly),
        8 => prop::sample::select(Choice::ALL.to_vec()).prop_map(Choose),
        2 => Just(OldText),
        2 => prop::sample::select(vec![CallBegins, CallEnds]),
        1 => Just(RestartPbx),
        6 => prop::sample::select(vec![
            Refuse, LandLate, LoseAnswer, LoseWrite, Die, DieBeforeWrite, DieAfterWrite,
        ]),
    ]
}

fn history() -> impl Strategy<Value = Vec<(i64, Act)>> {
    prop::collection::btree_map(0..MINUTES, any_act(), 1..40).prop_map(|acts| acts.into_iter().collect())
}

fn any_drift() -> impl Strategy<Value = Drift> {
    prop_oneof![Just(Drift::Reassert), Just(Drift::Respect)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_person_chose_last_is_shown_at_the_end_and_nothing_of_ours(drift in any_drift(), acts in history()) {
        replay(drift, &acts)?;
    }
}

/// The form in which a failing history is kept: paste what the property printed.
#[test]
fn a_history_by_hand_is_replayed() {
    let acts = [
        (1, Put(0, 5, 60)),
        (4, LandLate),
        (5, Choose(Words)),
        (10, CallBegins),
        (20, CallEnds),
        (25, OldText),
        (30, Choose(DndOff)),
        (40, DieAfterWrite),
        (41, Put(1, 40, 40)),
        (50, Refuse),
        (51, EndEarly),
    ];
    replay(Drift::Reassert, &acts).unwrap();
    replay(Drift::Respect, &acts).unwrap();
}

#[test]
fn a_write_refused_after_a_restart_does_not_make_what_the_restart_left_the_members_own() {
    let acts = [(0, Put(0, 140, 40)), (176, Refuse), (177, RestartPbx)];
    replay(Drift::Reassert, &acts).unwrap();
    replay(Drift::Respect, &acts).unwrap();
}

#[test]
fn a_choice_after_a_write_that_only_a_read_confirmed_since_a_restart_is_the_members_own() {
    let acts = [(0, Put(0, 125, 25)), (136, DieAfterWrite), (137, RestartPbx), (148, Choose(Disturb))];
    replay(Drift::Reassert, &acts).unwrap();
    replay(Drift::Respect, &acts).unwrap();
}
