//! What goes wrong round a boundary, a restart or a clock: nobody's appointment is missed, and nothing is lost.

use std::io;
use std::sync::{Arc, Mutex};

use starface_calendar::rules::Presence;
use starface_calendar::rules::policy::Service;

use super::world::{self, Mood, World, entry};
use super::{NEUTRAL, shows};

#[tokio::test]
async fn an_entry_that_passes_while_the_pbx_is_away_leaves_nothing_to_try_again() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 100, 200));
    world
        .run(async |running| {
            running.until(50).await;
            world.pbx.be(Mood::Away);
            running.until(600).await;
            world.pbx.be(Mood::Well);
            running.until(700).await;
        })
        .await;
    assert_eq!(world.pbx.written(), []);
}

#[tokio::test]
async fn an_entry_that_begins_while_a_write_is_under_way_is_not_missed() {
    let world = World::of(1);
    world.tenant.put(1000, entry("First", 50, 100));
    world.tenant.put(1000, entry("Second", 103, 900));
    world
        .run(async |running| {
            running.until(95).await;
            world.pbx.apply_takes(5);
            running.until(120).await;
            shows(&world, 1000, ("AWAY", "Second"));
        })
        .await;
}

#[tokio::test]
async fn a_take_off_that_was_refused_and_then_lost_waits_for_the_late_write_without_turning() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::Available, "Before");
    world.tenant.put(1000, entry("Sitzung", 50, 100));
    world
        .run(async |running| {
            running.until(90).await;
            world.pbx.refuse(1);
            running.until(110).await;
            world.pbx.lose_answers(1);
            running.until(400).await;
        })
        .await;
    shows(&world, 1000, ("AVAILABLE", "Before"));
    assert_eq!(world.journal.holds(), 0);
    assert!(world.pbx.calls.lock().unwrap()["states"] < 20, "{:?}", world.pbx.calls.lock().unwrap());
}

#[tokio::test]
async fn an_entry_that_is_prolonged_while_its_take_off_may_still_land_goes_on_again_at_once() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 50, 100));
    world
        .run(async |running| {
            running.until(90).await;
            world.pbx.lose_answers(1);
            running.until(110).await;
            shows(&world, 1000, NEUTRAL);
            world.tenant.put(1000, entry("Sitzung", 50, 900));
            running.until(121).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
        })
        .await;
}

#[tokio::test]
async fn a_restart_of_the_pbx_is_remembered_by_a_service_that_ends_before_it_has_put_on_again() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::FreeForChat, "Before");
    world.tenant.put(1000, entry("Sitzung", 10, 1000));
    world
        .run(async |running| {
            running.until(20).await;
            world.pbx.restart();
            world.pbx.fail("apply");
            running.until(60).await;
        })
        .await;
    world.pbx.failing.lock().unwrap().clear();
    world.run(async |running| running.until(1100).await).await;
    shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
}

#[tokio::test]
async fn what_a_pbx_shows_that_does_not_say_whether_it_restarted_is_nobodys_wish_yet() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::FreeForChat, "Before");
    world.tenant.put(1000, entry("Sitzung", 10, 1000));
    world
        .run(async |running| {
            running.until(20).await;
            world.pbx.restart();
            world.pbx.fail("info");
            running.until(100).await;
            world.pbx.failing.lock().unwrap().clear();
            running.until(200).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            running.until(1100).await;
        })
        .await;
    shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
}

#[tokio::test]
async fn a_clock_that_is_set_back_stops_nothing() {
    let world = World::of(2);
    world.tenant.put(1000, entry("Held", 10_000, 20_000));
    world
        .run(async |running| {
            running.until(10_100).await;
            shows(&world, 1000, ("AWAY", "Held"));
            world.clock.set(world::at(1_000));
            world.tenant.put(1001, entry("Sitzung", 1_130, 1_200));
            running.until(1_010).await;
            shows(&world, 1000, NEUTRAL);
            running.until(1_170).await;
            shows(&world, 1001, ("AWAY", "Sitzung"));
            running.until(1_300).await;
            shows(&world, 1001, NEUTRAL);
        })
        .await;
}

#[tokio::test]
async fn a_service_that_is_stopped_takes_everything_off_also_where_no_calendar_is_known() {
    let mut world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 1000));
    world.run(async |running| running.until(20).await).await;
    world.journal.forget_calendars();
    world.tenant.be(Mood::Away);
    world.policy.service = Service::Stopped;
    world.run(async |running| running.until(60).await).await;
    shows(&world, 1000, NEUTRAL);
}

#[tokio::test]
async fn a_pbx_that_answers_reads_and_refuses_writes_is_complained_of_once() {
    let log = Log::default();
    let listening = log.listen();
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    world.pbx.fail("apply");
    world.run(async |running| running.until(600).await).await;
    drop(listening);
    let text = log.text();
    assert_eq!(text.matches("The PBX cannot be used").count(), 1, "{text}");
    assert_eq!(text.matches("The PBX can be used again").count(), 0, "{text}");
}

#[tokio::test]
async fn a_pbx_that_wants_another_log_in_is_not_asked_every_few_seconds() {
    let world = World::of(1);
    world.pbx.be(Mood::Refuses);
    world.run(async |running| running.until(600).await).await;
    let asked = world.pbx.calls.lock().unwrap()["info"];
    assert!((5..=11).contains(&asked), "{asked} times in 600 s");
}

/// What was logged.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Takes down what this thread logs, until the guard is dropped.
    pub(super) fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        tracing::subscriber::set_default(tracing_subscriber::fmt().with_writer(move || writer.clone()).finish())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
