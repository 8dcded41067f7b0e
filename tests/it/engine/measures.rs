//! What the engine counts and times, on the simulated clock.

use starface_calendar::rules::Presence;

use super::world::{Mood, World, entry};
use crate::metrics::value;

#[tokio::test]
async fn steps_and_their_lateness_are_counted_at_both_ends_of_an_entry() {
    let world = World::of(2);
    world.tenant.put(1000, entry("Sitzung", 100, 200));
    world
        .run(async |running| {
            running.until(50).await;
            assert_eq!(value(&world.meter, "transition_lateness_seconds_count"), 0.0);
            running.until(300).await;
        })
        .await;
    let of = |series| value(&world.meter, series);
    assert_eq!(of("steps_total{field=\"presence\",outcome=\"done\"}"), 2.0);
    assert_eq!(of("steps_total{field=\"text\",outcome=\"done\"}"), 2.0);
    assert_eq!(of("steps_total{field=\"dnd\",outcome=\"done\"}"), 0.0);
    assert_eq!(of("transition_lateness_seconds_count"), 4.0);
    assert_eq!(of("transition_lateness_seconds_sum"), 0.0);
    assert!(of("round_duration_seconds_count") > 4.0);
    assert!(of("journal_commits_total") >= 4.0);
}

#[tokio::test]
async fn a_pbx_that_takes_its_time_makes_steps_late_and_rounds_long() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 100, 900));
    world
        .run(async |running| {
            running.until(95).await;
            world.pbx.apply_takes(5);
            running.until(120).await;
        })
        .await;
    assert_eq!(value(&world.meter, "transition_lateness_seconds_count"), 2.0);
    assert_eq!(value(&world.meter, "transition_lateness_seconds_sum"), 10.0);
    assert_eq!(
        value(&world.meter, "round_duration_seconds_bucket{le=\"2.5\"}") + 1.0,
        value(&world.meter, "round_duration_seconds_count")
    );
}

#[tokio::test]
async fn a_machine_that_slept_past_a_boundary_is_late_by_that() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 100, 900));
    world
        .run(async |running| {
            running.until(95).await;
            running.sleep_until(130).await;
            running.until(140).await;
        })
        .await;
    assert_eq!(value(&world.meter, "transition_lateness_seconds_sum"), 60.0, "thirty seconds for each of two fields");
}

#[tokio::test]
async fn what_has_nothing_to_do_with_a_boundary_is_counted_and_not_late() {
    let world = World::of(1);
    let late = || value(&world.meter, "transition_lateness_seconds_count");
    let done = || value(&world.meter, "steps_total{field=\"presence\",outcome=\"done\"}");
    world
        .run(async |running| {
            running.until(10).await;
            // Learnt while it is active.
            world.tenant.put(1000, entry("Spontan", 0, 9_000));
            running.until(70).await;
            assert_eq!((done(), late()), (1.0, 0.0));
            // Overwritten by something else.
            world.pbx.show(1000, Presence::Available, "");
            running.until(400).await;
            assert!(done() > 1.0);
            assert_eq!(late(), 0.0);
            // Lost by a PBX that restarts.
            let before = done();
            world.pbx.restart();
            running.until(800).await;
            assert!(done() > before);
            assert_eq!(late(), 0.0);
        })
        .await;
}

#[tokio::test]
async fn a_step_that_fails_is_counted_by_how_and_its_retry_is_not_late() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 100, 900));
    world
        .run(async |running| {
            running.until(95).await;
            world.pbx.fail("apply");
            running.until(110).await;
            world.pbx.failing.lock().unwrap().clear();
            running.until(200).await;
        })
        .await;
    let of = |series| value(&world.meter, series);
    let failed = of("steps_total{field=\"text\",outcome=\"not_sent\"}")
        + of("steps_total{field=\"text\",outcome=\"unanswered\"}");
    assert!(failed >= 1.0);
    assert_eq!(of("steps_total{field=\"text\",outcome=\"done\"}"), 1.0);
    assert_eq!(of("transition_lateness_seconds_count"), 0.0);
}

#[tokio::test]
async fn rounds_that_end_in_errors_are_counted_and_commits_that_fail_are_not() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 100, 900));
    world
        .run(async |running| {
            running.until(50).await;
            world.pbx.be(Mood::Away);
            world.journal.be(Mood::Away);
            let rounds = value(&world.meter, "round_duration_seconds_count");
            let commits = value(&world.meter, "journal_commits_total");
            running.until(300).await;
            assert!(value(&world.meter, "round_duration_seconds_count") > rounds);
            assert_eq!(value(&world.meter, "journal_commits_total"), commits);
        })
        .await;
}
