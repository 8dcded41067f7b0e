//! Whether the service is ready, in how few numbers it can be told, and reading everything when a person asks for it.

use starface_calendar::engine::{Command, Unready};
use starface_calendar::rules::Field;

use super::world::{Mood, World, entry, lock, refused};
use super::{NEUTRAL, shows};

#[tokio::test]
async fn a_service_is_ready_once_members_and_calendars_were_read() {
    let world = World::of(2);
    world.pbx.be(Mood::Away);
    let answers = world.tenant.hold_answers();
    world
        .run(async |running| {
            running.until(5).await;
            assert_eq!(running.snapshot().unready, Some(Unready::MembersUnknown));
            world.pbx.be(Mood::Well);
            running.until(60).await;
            assert_eq!(running.snapshot().unready, Some(Unready::CalendarsUnread));
            // An engine that has nothing to do is heard of every fifteen seconds.
            assert!(running.snapshot().at.is_some_and(|at| at > super::world::at(40)));
            drop(answers);
            running.until(61).await;
            assert_eq!(running.snapshot().unready, None);
        })
        .await;
}

#[tokio::test]
async fn one_broken_mailbox_does_not_matter_and_another_owner_does() {
    let world = World::of(2);
    world.tenant.refuse(1000, || refused(403));
    world
        .run(async |running| {
            running.until(5).await;
            assert_eq!(running.snapshot().unready, None);
            world.pbx.belong_to_another();
            world.tenant.put(1001, entry("Sitzung", 50, 900));
            running.until(100).await;
            assert_eq!(running.snapshot().unready, Some(Unready::OtherOwner));
        })
        .await;
}

#[tokio::test]
async fn how_things_stand_is_told_in_a_few_numbers() {
    let world = World::of(2);
    world.tenant.put(1000, entry("Sitzung", 50, 900));
    world
        .run(async |running| {
            running.until(100).await;
            let figures = running.ask(Command::Figures).await;
            assert_eq!((figures.members, figures.calendar_age_seconds), (2, Some(40)));
            let held: Vec<_> = figures.holds.into_iter().collect();
            assert_eq!(held, [(Field::Presence.name(), 1), (Field::Text.name(), 1)]);
        })
        .await;
}

#[tokio::test]
async fn a_person_who_asks_for_it_has_every_calendar_read_at_once() {
    let world = World::of(1);
    world
        .run(async |running| {
            running.until(65).await;
            world.tenant.put(1000, entry("Sitzung", 50, 900));
            running.until(70).await;
            shows(&world, 1000, NEUTRAL);
            running.ask(Command::Refresh).await.unwrap();
            running.until(71).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
        })
        .await;
}

#[tokio::test]
async fn a_mailbox_that_cannot_be_read_keeps_its_distance_also_then() {
    let world = World::of(1);
    world.tenant.refuse(1000, || refused(429));
    world
        .run(async |running| {
            running.until(10).await;
            let before = lock(&world.tenant.reads).len();
            running.ask(Command::Refresh).await.unwrap();
            running.until(11).await;
            assert_eq!(lock(&world.tenant.reads).len(), before);
        })
        .await;
}
