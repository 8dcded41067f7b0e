//! The engine with everything outside it in memory, under a simulated clock.

mod ahead;
mod alarms;
mod attacks;
mod categories;
mod commands;
mod hanging;
mod histories;
mod measures;
mod neighbours;
mod outlook;
mod page;
mod people;
mod readiness;
mod redirects;
mod seed;
mod shadow;
mod trouble;
mod world;

use starface_calendar::rules::Presence;
use world::{Mood, World, entry, member};

const NEUTRAL: (&str, &str) = ("AVAILABLE", "");

#[track_caller]
fn shows(world: &World, account: u32, expected: (&str, &str)) {
    let (presence, text) = world.pbx.shows(account);
    assert_eq!((presence.as_str(), text.as_str()), expected, "account {account}");
}

#[tokio::test]
async fn an_entry_is_put_on_at_its_start_and_taken_off_at_its_end() {
    let world = World::of(2);
    world.pbx.show(1000, Presence::FreeForChat, "Im Homeoffice");
    world.tenant.put(1000, entry("Sitzung", 100, 200));
    world
        .run(async |running| {
            running.until(99).await;
            shows(&world, 1000, ("FREE_FOR_CHAT", "Im Homeoffice"));
            running.until(150).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            running.until(300).await;
        })
        .await;
    shows(&world, 1000, ("FREE_FOR_CHAT", "Im Homeoffice"));
    let written: Vec<_> = world.pbx.written().into_iter().map(|(second, account, _)| (second, account)).collect();
    assert_eq!(written, [(100, 1000), (100, 1000), (200, 1000), (200, 1000)], "at the boundary, and nobody else");
    assert_eq!(world.journal.holds(), 0);
}

#[tokio::test]
async fn an_entry_that_is_learnt_while_it_is_active_acts_at_once_and_one_deleted_is_taken_off() {
    let world = World::of(1);
    world
        .run(async |running| {
            running.until(10).await;
            world.tenant.put(1000, entry("Spontan", 0, 600));
            running.until(70).await;
            shows(&world, 1000, ("AWAY", "Spontan"));
            world.tenant.delete(1000, "Spontan");
            running.until(130).await;
            shows(&world, 1000, NEUTRAL);
        })
        .await;
}

#[tokio::test]
async fn entries_that_touch_change_the_text_and_never_show_what_was_before() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::Available, "Before");
    world.tenant.put(1000, entry("First", 50, 100));
    world.tenant.put(1000, entry("Second", 100, 150));
    world.run(async |running| running.until(200).await).await;
    let texts: Vec<_> = world.pbx.written().into_iter().map(|(second, _, value)| (second, value)).collect();
    let expected = [(50, "AWAY"), (50, "First"), (100, "Second"), (150, "AVAILABLE"), (150, "Before")];
    assert_eq!(texts, expected.map(|(second, value)| (second, value.to_owned())));
}

#[tokio::test]
async fn a_stopped_service_keeps_its_overlays_and_the_next_one_takes_them_off() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::Available, "Before");
    world.tenant.put(1000, entry("Sitzung", 50, 100));
    world.run(async |running| running.until(60).await).await;
    shows(&world, 1000, ("AWAY", "Sitzung"));
    world.clock.set(world::at(150));
    world.run(async |running| running.until(151).await).await;
    shows(&world, 1000, ("AVAILABLE", "Before"));
}

#[tokio::test]
async fn with_graph_away_the_last_known_calendar_goes_on_working_also_after_a_restart() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 500, 600));
    world.run(async |running| running.until(30).await).await;
    world.tenant.be(Mood::Away);
    world
        .run(async |running| {
            running.until(550).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            running.until(650).await;
        })
        .await;
    shows(&world, 1000, NEUTRAL);
}

#[tokio::test]
async fn a_graph_that_hangs_delays_no_boundary() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 100, 200));
    world
        .run(async |running| {
            running.until(30).await;
            world.tenant.be(Mood::Hangs);
            running.until(250).await;
        })
        .await;
    let seconds: Vec<_> = world.pbx.written().into_iter().map(|(second, ..)| second).collect();
    assert_eq!(seconds, [100, 100, 200, 200]);
}

#[tokio::test]
async fn the_service_waits_for_a_pbx_that_is_away() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 100, 2000));
    world.pbx.be(Mood::Away);
    world
        .run(async |running| {
            running.until(500).await;
            assert!(!running.snapshot().members_known);
            assert!(running.snapshot().round > 10, "rounds that end in errors are completed rounds");
            world.pbx.be(Mood::Well);
            running.until(560).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            world.pbx.be(Mood::Away);
            running.until(2100).await;
            world.pbx.be(Mood::Well);
            running.until(2140).await;
        })
        .await;
    shows(&world, 1000, NEUTRAL);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_settled_by_reading() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::Available, "Before");
    world.tenant.put(1000, entry("Sitzung", 100, 200));
    world
        .run(async |running| {
            running.until(50).await;
            world.pbx.lose_answers(1);
            running.until(150).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            world.pbx.lose_answers(1);
            running.until(400).await;
        })
        .await;
    shows(&world, 1000, ("AVAILABLE", "Before"));
    assert_eq!(world.pbx.written().len(), 4, "nothing is written twice: {:?}", world.pbx.written());
    assert_eq!(world.journal.holds(), 0);
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_stops_what_is_put_on_and_never_what_is_taken_off() {
    let world = World::of(2);
    world.tenant.put(1000, entry("Held", 50, 200));
    world.tenant.put(1001, entry("New", 150, 400));
    world
        .run(async |running| {
            running.until(100).await;
            world.journal.be(Mood::Away);
            running.until(300).await;
            shows(&world, 1000, NEUTRAL);
            shows(&world, 1001, NEUTRAL);
            world.journal.be(Mood::Well);
            running.until(340).await;
            shows(&world, 1001, ("AWAY", "New"));
        })
        .await;
    assert_eq!(world.journal.holds(), 2, "what was taken off meanwhile is off in the journal too");
}

#[tokio::test]
async fn one_who_leaves_the_group_is_taken_off_and_nobody_else_is_touched() {
    let world = World::of(3);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    world.tenant.put(1001, entry("Sitzung", 10, 5000));
    world
        .run(async |running| {
            running.until(20).await;
            world.pbx.leave(1000);
            running.until(700).await;
            shows(&world, 1000, NEUTRAL);
            shows(&world, 1001, ("AWAY", "Sitzung"));
        })
        .await;
}

#[tokio::test]
async fn an_empty_member_list_takes_nothing_off_before_it_is_read_again() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    world
        .run(async |running| {
            running.until(20).await;
            world.pbx.leave(1000);
            running.until(700).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            world.pbx.join(member(1000));
            running.until(1500).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            world.pbx.leave(1000);
            running.until(2500).await;
            shows(&world, 1000, NEUTRAL);
        })
        .await;
}

#[tokio::test]
async fn after_a_restart_of_the_pbx_overlays_go_on_again_over_what_was_before_it() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::FreeForChat, "Before");
    world.tenant.put(1000, entry("Sitzung", 10, 1000));
    world
        .run(async |running| {
            running.until(20).await;
            world.pbx.restart();
            running.until(100).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            running.until(1100).await;
        })
        .await;
    shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
}

#[tokio::test]
async fn a_restart_of_the_pbx_while_the_service_is_down_is_noticed_too() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::FreeForChat, "Before");
    world.tenant.put(1000, entry("Sitzung", 10, 1000));
    world.run(async |running| running.until(20).await).await;
    world.pbx.restart();
    world.clock.set(world::at(200));
    world.run(async |running| running.until(1100).await).await;
    shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
}

#[tokio::test]
async fn what_something_else_overwrites_is_put_on_again_and_what_it_wrote_comes_back_at_the_end() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 1000));
    world
        .run(async |running| {
            running.until(20).await;
            world.pbx.show(1000, Presence::DoNotDisturb, "Nicht stören");
            running.until(100).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            running.until(1100).await;
        })
        .await;
    shows(&world, 1000, ("DO_NOT_DISTURB", "Nicht stören"));
}

#[tokio::test]
async fn a_thousand_members_at_one_instant_cost_one_read_before_it_and_three_portions_of_writes() {
    let world = World::of(1000);
    for account in 1000..2000 {
        world.tenant.put(account, entry("Sitzung", 100, 200));
    }
    world
        .run(async |running| {
            running.until(95).await;
            world.pbx.calls.lock().unwrap().clear();
            *world.journal.commits.lock().unwrap() = 0;
            running.until(101).await;
        })
        .await;
    let calls = world.pbx.calls.lock().unwrap().clone();
    assert_eq!(calls.into_iter().collect::<Vec<_>>(), [("apply", 3), ("drain", 1), ("states", 1)]);
    assert_eq!(*world.journal.commits.lock().unwrap(), 4, "one for each portion, one for what became of all");
    assert_eq!(world.pbx.written().len(), 2000);
}

#[tokio::test]
async fn calendars_are_read_every_interval_and_eight_days_ahead_once_an_hour() {
    let world = World::of(1);
    world.run(async |running| running.until(3700).await).await;
    let reads = world.tenant.reads.lock().unwrap().clone();
    assert!((61..=63).contains(&reads.len()), "{} reads in 3700 s", reads.len());
    let wide = reads.iter().filter(|window| (window.to - window.from).num_hours() == 8 * 24 + 14).count();
    let usual = reads.iter().filter(|window| (window.to - window.from).num_hours() == 25 + 14).count();
    assert_eq!((wide, usual), (2, reads.len() - 2));
}

#[tokio::test]
async fn every_change_has_a_row_of_history() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 20));
    world.run(async |running| running.until(30).await).await;
    let rows = world.journal.happenings.lock().unwrap().clone();
    let facts: Vec<_> = rows.iter().map(|row| (row.to.field().name(), row.outcome.as_str())).collect();
    assert_eq!(facts, [("presence", "done"), ("text", "done"), ("presence", "done"), ("text", "done")]);
}
