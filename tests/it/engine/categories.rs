//! Lists of categories in Outlook, looked after beside what appointments do.

use chrono::TimeDelta;
use starface_calendar::engine::Report;
use starface_calendar::graph::Permission;
use starface_calendar::rules::policy::{Service, Switch};
use starface_calendar::rules::{Address, Upkeep};

use super::outlook::forbidden;
use super::shows;
use super::world::{Mood, Running, World, address, at, entry, member, refused};

const DAY: i64 = 86_400;

/// A world in which two switches are allowed and missing categories are created.
fn world(members: u32) -> World {
    let mut world = World::of(members);
    world.policy.categories.allowed = [Switch::Ignore, Switch::Dnd].into();
    world.upkeep.create = true;
    world
}

const OURS: [&str; 2] = ["_SF_Ignorieren", "_SF_DND_aktivieren"];

fn gone() -> Address {
    "gone@firma.example".parse().unwrap()
}

async fn report(running: &Running<'_>) -> Report {
    running.ask(super::world::status).await
}

/// The texts of the problems of this kind.
async fn problems(running: &Running<'_>) -> Vec<String> {
    let problems = report(running).await.problems.into_iter().filter(|problem| problem.kind == "categories");
    problems.map(|problem| problem.text).collect()
}

/// Lets the machine sleep until half a minute before that second, and then goes on.
async fn awake(running: &Running<'_>, second: i64) {
    running.sleep_until(second - 30).await;
    running.until(second).await;
}

#[tokio::test]
async fn what_is_missing_is_created_when_a_member_is_new_and_what_is_there_stays() {
    let world = world(2);
    world.tenant.outlook.put(&address(1000), &["Rot", "_sf_ignorieren "]);
    world.run(async |running| running.until(30).await).await;
    assert_eq!(world.tenant.outlook.names(1000), ["Rot", "_sf_ignorieren ", "_SF_DND_aktivieren"]);
    assert_eq!(world.tenant.outlook.names(1001), OURS);
    assert_eq!(world.tenant.outlook.listed(), (2, 1), "both with one call");
    assert_eq!(world.journal.categories_checked(), [address(1000), address(1001)]);
}

#[tokio::test]
async fn a_list_is_looked_after_once_a_day_also_over_a_restart() {
    let world = world(1);
    world
        .run(async |running| {
            running.until(30).await;
            awake(&running, DAY - 60).await;
            assert_eq!(world.tenant.outlook.listed().0, 1);
        })
        .await;
    world
        .run(async |running| {
            awake(&running, DAY - 30).await;
            assert_eq!(world.tenant.outlook.listed().0, 1, "a start costs no request");
            awake(&running, DAY + 60).await;
            assert_eq!(world.tenant.outlook.listed().0, 2);
        })
        .await;
}

#[tokio::test]
async fn a_member_who_joins_is_looked_after_and_one_who_leaves_is_forgotten() {
    let world = world(1);
    world
        .run(async |running| {
            running.until(30).await;
            world.pbx.join(member(1001));
            running.until(700).await;
            assert_eq!(world.tenant.outlook.names(1001), OURS);
            assert_eq!(world.tenant.outlook.listed().0, 2, "nobody else is asked again");
            world.pbx.leave(1000);
            running.until(1500).await;
        })
        .await;
    assert_eq!(world.journal.categories_checked(), [address(1001)]);
    assert_eq!(world.tenant.outlook.names(1000), OURS, "what was created stays");
}

#[tokio::test]
async fn more_mailboxes_than_fit_into_a_batch_are_looked_after_one_batch_after_the_other() {
    let world = world(45);
    world.run(async |running| running.until(60).await).await;
    assert_eq!(world.tenant.outlook.listed(), (45, 3));
    let edited: Vec<usize> = world.tenant.outlook.edited.lock().unwrap().iter().map(Vec::len).collect();
    assert_eq!(edited, [20, 20, 20, 20, 5, 5], "one change of a mailbox in a call");
    for account in 1000..1045 {
        assert_eq!(world.tenant.outlook.names(account), OURS);
    }
}

#[tokio::test]
async fn mailboxes_on_the_removal_list_lose_ours_and_are_not_filled_members_or_not() {
    let mut world = world(2);
    world.upkeep.remove_from = [address(1000), gone()].into();
    let theirs = ["Rot", "_SF_DND_aktivieren", "_SF_AUL_intern_aktivieren"];
    world.tenant.outlook.put(&address(1000), &theirs);
    world.tenant.outlook.put(&gone(), &theirs);
    world
        .run(async |running| {
            running.until(30).await;
            awake(&running, DAY + 60).await;
        })
        .await;
    assert_eq!(world.tenant.outlook.names(1000), ["Rot"], "also of a switch that is not allowed");
    assert_eq!(world.tenant.outlook.names_at(&gone()), ["Rot"]);
    assert_eq!(world.tenant.outlook.names(1001), OURS);
    assert_eq!(world.tenant.outlook.listed().0, 6, "three mailboxes on two days");
    assert_eq!(world.journal.categories_checked(), [gone(), address(1000), address(1001)]);
}

#[tokio::test]
async fn what_is_wanted_anew_acts_at_the_next_start_and_not_a_day_later() {
    let mut world = world(1);
    world.run(async |running| running.until(30).await).await;
    world.policy.categories.allowed.insert(Switch::FunctionKeys);
    world.run(async |running| running.until(60).await).await;
    assert_eq!(world.tenant.outlook.names(1000).len(), 3);
    world.upkeep.remove_from.insert(address(1000));
    world.run(async |running| running.until(90).await).await;
    assert_eq!(world.tenant.outlook.names(1000), [""; 0]);
    world.upkeep = Upkeep { create: true, ..Upkeep::default() };
    world.run(async |running| running.until(120).await).await;
    assert_eq!(world.tenant.outlook.names(1000).len(), 3, "taken off the removal list it is filled again");
    assert_eq!(world.tenant.outlook.listed().0, 4);
}

#[tokio::test]
async fn nothing_is_created_where_it_is_not_wanted() {
    async fn case(change: fn(&mut World)) {
        let mut world = world(1);
        change(&mut world);
        world.run(async |running| awake(&running, DAY).await).await;
        assert_eq!(world.tenant.outlook.listed(), (0, 0));
        assert_eq!(world.tenant.outlook.names(1000), [""; 0]);
    }
    case(|world| world.upkeep.create = false).await;
    case(|world| world.policy.categories.enabled = false).await;
    case(|world| world.policy.service = Service::Stopped).await;
}

#[tokio::test]
async fn a_missing_permission_is_one_problem_said_once_and_asked_for_again_once_a_day() {
    let world = world(3);
    for account in 1000..1003 {
        world.tenant.outlook.refuse(&address(account), || forbidden(Permission::ListCategories));
    }
    world.tenant.put(1000, entry("Sitzung", 100, 200));
    world
        .run(async |running| {
            running.until(150).await;
            shows(&world, 1000, ("AWAY", "Sitzung"));
            let told = problems(&running).await;
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with("the Outlook categories of 3 mailboxes stay as they are: "), "{told:?}");
            assert!(told[0].contains("MailboxSettings.Read "), "{told:?}");
            awake(&running, DAY - 60).await;
            assert_eq!(world.tenant.outlook.listed(), (3, 1));
            awake(&running, DAY + 60).await;
            assert_eq!(world.tenant.outlook.listed(), (6, 2));
            assert_eq!(problems(&running).await, told);
            assert!(world.journal.categories_checked().is_empty());
            world.tenant.outlook.forgive();
            awake(&running, 2 * DAY + 60).await;
            assert_eq!(problems(&running).await, [""; 0]);
        })
        .await;
    assert_eq!(world.tenant.outlook.names(1002), OURS);
}

#[tokio::test]
async fn without_the_permission_a_large_site_is_asked_at_growing_distances() {
    let world = world(100);
    for account in 1000..1100 {
        world.tenant.outlook.refuse(&address(account), || forbidden(Permission::ListCategories));
    }
    world
        .run(async |running| {
            running.until(50).await;
            assert_eq!(world.tenant.outlook.listed(), (20, 1));
            running.until(300).await;
            assert_eq!(world.tenant.outlook.listed(), (60, 3));
            running.until(1000).await;
            assert_eq!(world.tenant.outlook.listed(), (100, 5));
        })
        .await;
}

#[tokio::test]
async fn one_mailbox_that_is_forbidden_keeps_no_other_from_being_looked_after() {
    let world = world(60);
    world.tenant.outlook.refuse(&address(1000), || forbidden(Permission::EditCategories));
    world.tenant.outlook.refuse(&address(1001), || refused(404));
    world
        .run(async |running| {
            running.until(120).await;
            let told = problems(&running).await;
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with("the Outlook categories of one mailbox stay"), "{told:?}");
        })
        .await;
    assert_eq!(world.journal.categories_checked().len(), 58);
    assert_eq!(world.tenant.outlook.names(1059), OURS);
}

#[tokio::test]
async fn an_address_on_the_removal_list_that_nobody_has_is_told() {
    let mut world = world(0);
    world.upkeep.remove_from = [gone()].into();
    world.tenant.outlook.refuse(&gone(), || refused(404));
    world
        .run(async |running| {
            running.until(60).await;
            let told = problems(&running).await;
            assert_eq!(told.len(), 1);
            assert!(told[0].contains("find a mailbox"), "{told:?}");
            awake(&running, DAY - 60).await;
            assert_eq!(world.tenant.outlook.listed().0, 1);
        })
        .await;
}

#[tokio::test]
async fn what_passes_is_tried_again_soon_and_told_only_when_it_does_not_pass() {
    let world = world(2);
    world.tenant.outlook.refuse(&address(1000), || refused(503));
    world
        .run(async |running| {
            running.until(60).await;
            assert_eq!(world.tenant.outlook.names(1001), OURS);
            assert_eq!(problems(&running).await, [""; 0]);
            running.until(1200).await;
            assert_eq!(problems(&running).await.len(), 1);
            assert!(world.tenant.outlook.listed().0 < 6, "{:?}", world.tenant.outlook.listed());
            world.tenant.outlook.forgive();
            awake(&running, 3 * 3600).await;
            assert_eq!(problems(&running).await, [""; 0]);
        })
        .await;
    assert_eq!(world.tenant.outlook.names(1000), OURS);
}

#[tokio::test]
async fn a_tenant_that_is_away_is_asked_at_growing_distances_and_everything_is_made_up_for() {
    let world = world(2);
    world.tenant.outlook.be(Mood::Away);
    world
        .run(async |running| {
            running.until(1200).await;
            let calls = world.tenant.outlook.listed().1;
            assert!((4..=6).contains(&calls), "{calls} calls in twenty minutes");
            assert_eq!(problems(&running).await, [""; 0], "that the tenant is away is said elsewhere");
            world.tenant.outlook.be(Mood::Well);
            awake(&running, DAY).await;
        })
        .await;
    assert_eq!(world.tenant.outlook.names(1001), OURS);
}

#[tokio::test]
async fn lists_that_hang_delay_no_boundary_and_keep_no_other_calendar_from_being_read() {
    let world = world(21);
    world.tenant.outlook.be(Mood::Hangs);
    world.tenant.put(1000, entry("Known", 100, 200));
    world
        .run(async |running| {
            running.until(90).await;
            world.tenant.put(1020, entry("Spontan", 0, 600));
            running.until(300).await;
            shows(&world, 1020, ("AWAY", "Spontan"));
        })
        .await;
    let seconds: Vec<_> =
        world.pbx.written().into_iter().filter(|(_, account, _)| *account == 1000).map(|(second, ..)| second).collect();
    assert_eq!(seconds, [100, 100, 200, 200]);
    assert_eq!(world.tenant.outlook.listed(), (20, 1));
}

#[tokio::test]
async fn nothing_is_written_before_the_pbx_has_named_the_members_in_this_life() {
    let world = world(1);
    world.run(async |running| running.until(30).await).await;
    world.clock.set(at(2 * DAY));
    world.pbx.be(Mood::Hangs);
    world.run(async |running| awake(&running, 2 * DAY + 600).await).await;
    assert_eq!(world.tenant.outlook.listed().0, 1);
}

#[tokio::test]
async fn a_clock_that_is_set_back_puts_no_list_off_for_more_than_a_day() {
    let world = world(1);
    world.clock.set(at(30 * DAY));
    world
        .run(async |running| {
            awake(&running, 30 * DAY + 60).await;
            assert_eq!(world.tenant.outlook.listed().0, 1);
            world.clock.set(at(0));
            running.until(30).await;
            awake(&running, DAY - 60).await;
            assert_eq!(world.tenant.outlook.listed().0, 1);
            awake(&running, DAY + 60).await;
            assert_eq!(world.tenant.outlook.listed().0, 2);
        })
        .await;
    // What the journal kept by the later clock is as good as kept now.
    world.clock.set(at(-30 * DAY) + TimeDelta::seconds(1));
    world.run(async |running| awake(&running, -29 * DAY + 60).await).await;
    assert_eq!(world.tenant.outlook.listed().0, 3);
}
