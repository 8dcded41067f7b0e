//! The others that the engine shares the site with: a second sidecar, and a tenant that refuses single mailboxes.

use starface_calendar::graph::GraphError;
use starface_calendar::rules::Presence;

use super::world::{World, entry, refused};
use super::{NEUTRAL, shows};

#[tokio::test]
async fn while_another_sidecar_owns_the_pbx_nothing_is_lost_and_all_goes_on_when_it_is_silent() {
    let world = World::of(2);
    world.pbx.show(1000, Presence::FreeForChat, "Before");
    world.tenant.put(1000, entry("Held", 10, 400));
    world.tenant.put(1001, entry("New", 100, 5000));
    world
        .run(async |running| {
            running.until(60).await;
            world.pbx.belong_to_another();
            running.until(1000).await;
            shows(&world, 1000, ("AWAY", "Held"));
            shows(&world, 1001, NEUTRAL);
            assert!(world.pbx.calls.lock().unwrap()["apply"] < 100, "{:?}", world.pbx.calls.lock().unwrap());
            world.pbx.belong_to_us();
            running.until(1100).await;
            shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
            shows(&world, 1001, ("AWAY", "New"));
        })
        .await;
}

#[tokio::test]
async fn a_mailbox_is_lost_after_three_404s_that_lie_an_hour_apart_and_not_before() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 50_000));
    world
        .run(async |running| {
            running.until(60).await;
            world.tenant.refuse(1000, || refused(404));
            running.until(3500).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            running.until(6000).await;
            shows(&world, 1000, NEUTRAL);
            world.tenant.forgive();
            running.until(8000).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
        })
        .await;
}

#[tokio::test]
async fn a_mailbox_that_is_forbidden_throttled_or_broken_is_never_lost() {
    async fn case(error: fn() -> GraphError) {
        let world = World::of(1);
        world.tenant.put(1000, entry("Sitzung", 10, 50_000));
        world
            .run(async |running| {
                running.until(60).await;
                world.tenant.refuse(1000, error);
                running.until(20_000).await;
            })
            .await;
        assert_eq!(world.pbx.shows(1000).1, "Sitzung", "{}", error());
    }
    case(|| refused(403)).await;
    case(|| refused(429)).await;
    case(|| refused(503)).await;
}
