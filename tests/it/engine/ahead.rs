//! What is read before a boundary, so that nothing has to be read when it comes.

use starface_calendar::rules::{Call, Presence};

use super::world::{World, entry};

/// How often the PBX was asked what members show.
fn reads(world: &World) -> usize {
    world.pbx.calls.lock().unwrap().get("states").copied().unwrap_or_default()
}

/// A member with an entry from 100 to 200.
fn world() -> World {
    let world = World::of(1);
    world.pbx.show(1000, Presence::Available, "Bin da");
    world.tenant.put(1000, entry("Sitzung", 100, 200));
    world
}

#[tokio::test]
async fn nothing_is_read_when_a_boundary_comes() {
    let world = world();
    world
        .run(async |running| {
            running.until(97).await;
            let before = reads(&world);
            running.until(99).await;
            assert_eq!(reads(&world), before + 1);
            running.until(100).await;
            assert_eq!(reads(&world), before + 1);
            assert_eq!(world.pbx.shows(1000), ("AWAY".to_owned(), "Sitzung".to_owned()));
        })
        .await;
}

#[tokio::test]
async fn what_a_person_changes_in_the_last_second_comes_back_at_the_end() {
    let world = world();
    world
        .run(async |running| {
            running.until(99).await;
            world.pbx.show(1000, Presence::DoNotDisturb, "Nicht stören");
            running.until(110).await;
            assert_eq!(world.pbx.shows(1000), ("AWAY".to_owned(), "Sitzung".to_owned()));
            running.until(210).await;
            assert_eq!(world.pbx.shows(1000), ("DO_NOT_DISTURB".to_owned(), "Nicht stören".to_owned()));
            assert_eq!(world.journal.holds(), 0);
        })
        .await;
}

#[tokio::test]
async fn what_a_person_changes_in_the_last_second_of_an_entry_stays() {
    let world = world();
    world
        .run(async |running| {
            running.until(199).await;
            world.pbx.show(1000, Presence::DoNotDisturb, "Nicht stören");
            running.until(210).await;
            assert_eq!(world.pbx.shows(1000), ("DO_NOT_DISTURB".to_owned(), "Nicht stören".to_owned()));
            assert_eq!(world.journal.holds(), 0);
        })
        .await;
}

#[tokio::test]
async fn whoever_was_in_a_call_is_read_again_when_the_boundary_comes() {
    let world = world();
    world.pbx.change(1000, |seen| seen.call = Call::UnderWay);
    world
        .run(async |running| {
            running.until(99).await;
            let before = reads(&world);
            running.until(100).await;
            assert_eq!(reads(&world), before + 1);
            assert_eq!(world.pbx.shows(1000), ("AWAY".to_owned(), "Sitzung".to_owned()));
        })
        .await;
}

#[tokio::test]
async fn members_who_are_looked_at_again_soon_are_looked_at_together() {
    let world = World::of(2);
    world.tenant.put(1000, entry("a", 100, 600));
    world.tenant.put(1001, entry("b", 103, 600));
    world
        .run(async |running| {
            running.until(127).await;
            let before = reads(&world);
            // The one was looked at at 98, the other at 101, so they are due at 128 and 131; from then on both come together.
            running.until(139).await;
            assert_eq!(reads(&world), before + 1);
            running.until(169).await;
            assert_eq!(reads(&world), before + 2);
        })
        .await;
}
