//! People and telephones: early ends, DND, calls, switches that are turned off, accounts that go or change hands.

use chrono::TimeDelta;
use starface_calendar::pbx::EventKind;
use starface_calendar::rules::policy::Service;
use starface_calendar::rules::{AccountId, Call, Dnd, Entry, Login, Member, Presence, Telephony};

use super::world::{Mood, World, entry, member};
use super::{NEUTRAL, shows};

const DND: &str = "_SF_DND_aktivieren";
const FUNCTION_KEYS: &str = "_SF_Funktionstasten_aktivieren";

fn with(category: &str, entry: Entry) -> Entry {
    Entry { categories: vec![category.to_owned()], ..entry }
}

#[tokio::test]
async fn a_member_who_ends_early_is_taken_off_and_the_entry_stays_ended_after_a_restart() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 2000));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.happen(EventKind::End(AccountId(1000)));
            running.until(101).await;
            shows(&world, 1000, NEUTRAL);
        })
        .await;
    // Also where the end has moved meanwhile; a new start counts again.
    world.tenant.put(1000, entry("Sitzung", 10, 3000));
    world
        .run(async |running| {
            running.until(400).await;
            shows(&world, 1000, NEUTRAL);
            world.tenant.put(1000, entry("Sitzung", 500, 3000));
            running.until(600).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
        })
        .await;
}

#[tokio::test]
async fn an_early_end_that_is_learnt_before_the_calendar_waits_for_it_also_over_a_restart() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", -100, 2000));
    world.tenant.be(Mood::Away);
    world
        .run(async |running| {
            running.until(50).await;
            world.pbx.happen(EventKind::End(AccountId(1000)));
            running.until(60).await;
        })
        .await;
    world.tenant.be(Mood::Well);
    world.run(async |running| running.until(400).await).await;
    assert_eq!(world.pbx.written(), [], "it was over before it was known");
}

#[tokio::test]
async fn a_service_that_is_stopped_between_two_lives_takes_everything_off() {
    let mut world = World::of(2);
    world.pbx.show(1000, Presence::FreeForChat, "Before");
    world.tenant.put(1000, entry("Sitzung", 10, 2000));
    world.run(async |running| running.until(60).await).await;
    world.policy.service = Service::Stopped;
    world.run(async |running| running.until(120).await).await;
    shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
    assert_eq!(world.journal.holds(), 0);
}

#[tokio::test]
async fn a_status_text_that_is_turned_off_between_two_lives_is_taken_off_and_presence_stays() {
    let mut world = World::of(1);
    world.pbx.show(1000, Presence::Available, "Before");
    world.tenant.put(1000, entry("Sitzung", 10, 2000));
    world.run(async |running| running.until(60).await).await;
    world.policy.text = None;
    world.run(async |running| running.until(120).await).await;
    shows(&world, 1000, ("AWAY", "Before"));
}

#[tokio::test]
async fn an_account_that_is_deleted_is_let_go_after_five_minutes_with_a_row_of_history() {
    let world = World::of(2);
    world.tenant.put(1000, entry("Sitzung", 10, 9000));
    world
        .run(async |running| {
            running.until(60).await;
            assert_eq!(world.journal.holds(), 2);
            world.pbx.delete(1000);
            running.until(850).await;
            assert_eq!(world.journal.holds(), 2, "the PBX may not know its accounts yet");
            running.until(1300).await;
        })
        .await;
    assert_eq!(world.journal.holds(), 0);
    let rows = world.journal.happenings.lock().unwrap().clone();
    assert_eq!(rows.iter().filter(|row| row.outcome == "left alone").count(), 2);
}

#[tokio::test]
async fn nothing_is_written_back_to_another_login_that_came_while_the_service_was_down() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::FreeForChat, "Hers");
    world.tenant.put(1000, entry("Sitzung", 10, 100));
    world.run(async |running| running.until(20).await).await;
    world.pbx.leave(1000);
    world.pbx.join(Member { login: Login("another".to_owned()), address: None, ..member(1000) });
    world.clock.set(super::world::at(200));
    let before = world.pbx.written().len();
    world.run(async |running| running.until(400).await).await;
    assert_eq!(world.pbx.written().len(), before, "the entry is over, and its text is not the other's");
    assert_eq!(world.journal.holds(), 0);
}

#[tokio::test]
async fn nothing_is_written_back_to_another_login_on_the_same_account() {
    let world = World::of(1);
    world.pbx.show(1000, Presence::FreeForChat, "Before");
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    world
        .run(async |running| {
            running.until(60).await;
            world.pbx.leave(1000);
            world.pbx.join(Member { login: Login("another".to_owned()), address: None, ..member(1000) });
            world.pbx.writes.lock().unwrap().clear();
            running.until(1500).await;
        })
        .await;
    assert_eq!(world.pbx.written(), []);
    assert_eq!(world.journal.holds(), 0);
    let rows = world.journal.happenings.lock().unwrap().clone();
    assert!(rows.iter().any(|row| row.outcome == "left alone"), "{rows:?}");
}

#[tokio::test]
async fn dnd_that_a_person_switches_off_stays_off_and_a_later_entry_switches_it_on_again() {
    let world = World::of(1);
    world.tenant.put(1000, with(DND, entry("First", 10, 1000)));
    world.tenant.put(1000, with(DND, entry("Second", 500, 600)));
    let dnd = |world: &World| world.pbx.seen(1000).dnd;
    world
        .run(async |running| {
            running.until(60).await;
            assert_eq!(dnd(&world), Some(Dnd::On));
            world.pbx.change(1000, |seen| seen.dnd = Some(Dnd::Off));
            running.until(450).await;
            assert_eq!(dnd(&world), Some(Dnd::Off), "the person's choice is respected");
            running.until(550).await;
            assert_eq!(dnd(&world), Some(Dnd::On), "an entry that begins later is a new reason");
            running.until(1100).await;
        })
        .await;
    assert_eq!(dnd(&world), Some(Dnd::Off));
    assert_eq!(world.journal.holds(), 0);
}

#[tokio::test]
async fn the_indicator_waits_for_the_end_of_a_call_and_is_put_on_after_it() {
    let world = World::of(1);
    world.tenant.put(1000, with(FUNCTION_KEYS, entry("Sitzung", 100, 1000)));
    let telephony = |world: &World| world.pbx.seen(1000).telephony.unwrap();
    world
        .run(async |running| {
            running.until(50).await;
            world.pbx.change(1000, |seen| (seen.call, seen.telephony) = (Call::UnderWay, Some(Telephony::Active)));
            running.until(300).await;
            assert!(!world.pbx.written().iter().any(|(_, _, value)| value == "ACTIVE"), "never during a call");
            world.pbx.change(1000, |seen| (seen.call, seen.telephony) = (Call::None, Some(Telephony::Available)));
            running.until(335).await;
            assert_eq!(telephony(&world), Telephony::Active);
            running.until(1100).await;
        })
        .await;
    assert_eq!(telephony(&world), Telephony::Available);
}

#[tokio::test]
async fn an_indicator_that_is_not_shown_back_is_written_every_five_minutes_and_taken_off() {
    let world = World::of(1);
    world.pbx.change(1000, |seen| (seen.call, seen.telephony) = (Call::Unknown, None));
    world.pbx.hide_telephony();
    world.tenant.put(1000, with(FUNCTION_KEYS, entry("Sitzung", 100, 1000)));
    world.run(async |running| running.until(1300).await).await;
    let of_indicator = |value: &str| {
        let writes = world.pbx.written().into_iter().filter(|(_, _, written)| written == value);
        writes.map(|(second, ..)| second).collect::<Vec<_>>()
    };
    let put = of_indicator("ACTIVE");
    assert_eq!(put.first(), Some(&100));
    assert!(put.windows(2).all(|pair| (300..=330).contains(&(pair[1] - pair[0]))), "{put:?}");
    assert_eq!(put.len(), 3, "{put:?}");
    assert_eq!(world.journal.holds(), 0);
}

#[tokio::test]
async fn presence_that_is_overwritten_twenty_times_in_a_row_is_contested_and_written_ever_more_rarely() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 50_000));
    world
        .run(async |running| {
            for round in 1..=(6 * 60) {
                running.until(10 + round * 20).await;
                world.pbx.change(1000, |seen| seen.presence = Presence::Available);
            }
        })
        .await;
    let puts = world.pbx.written().iter().filter(|(_, _, value)| value == "AWAY").count();
    assert!((20..40).contains(&puts), "{puts} in {}", TimeDelta::seconds(7200));
    assert!(world.journal.hold(1000, "presence").is_contested());
}
