//! Redirects through the whole engine: calls go where the appointment says, and come back exactly.

use starface_calendar::engine::Report;
use starface_calendar::rules::policy::{Groups, Service};
use starface_calendar::rules::{Dialled, Entry, Redirect, Tag, Tags};

use super::world::lines::GroupRight;
use super::world::{Mood, World, at, entry};

const AUL_EXTERNAL: &str = "_SF_AUL_extern_aktivieren";
const AUL_INTERNAL: &str = "_SF_AUL_intern_aktivieren";
const VOICEMAIL_EXTERNAL: &str = "_SF_Voicemail_extern_aktivieren";
const VOICEMAIL_INTERNAL: &str = "_SF_Voicemail_intern_aktivieren";

/// The five numbers of member 1000 with what each shows before anything is put on.
fn five() -> Vec<(&'static str, Redirect)> {
    vec![
        ("210", Redirect::none()),
        ("211", Redirect { enabled: false, ..Redirect::to_number("230") }),
        ("0041712345610", Redirect { enabled: false, ..Redirect::to_mailbox("4") }),
        ("0041712345611", Redirect::to_number("0041788888888")),
        ("0041712345612", Redirect { enabled: false, ..Redirect::to_number("+41 78 888 88 88") }),
    ]
}

fn world() -> World {
    let world = World::of(3);
    for (number, redirect) in five() {
        world.pbx.lines().own(1000, number, redirect);
    }
    world
}

fn categorised(entry: Entry, categories: &[&str]) -> Entry {
    Entry { categories: categories.iter().map(|name| (*name).to_owned()).collect(), ..entry }
}

fn tagged(entry: Entry, external: &str) -> Entry {
    let tags = Tags { internal: None, external: Dialled::new(external).map(Tag::Target) };
    Entry { tags, ..categorised(entry, &[AUL_EXTERNAL]) }
}

fn shown(world: &World) -> Vec<(&'static str, Redirect)> {
    five().into_iter().map(|(number, _)| (number, world.pbx.lines().shows(number))).collect()
}

#[track_caller]
fn external_lead_to(world: &World, target: &str) {
    for number in ["0041712345610", "0041712345611", "0041712345612"] {
        assert_eq!(world.pbx.lines().shows(number), Redirect::to_number(target), "{number}");
    }
}

#[track_caller]
fn all_is_as_before(world: &World) {
    assert_eq!(shown(world), five());
    assert_eq!(world.journal.held(), [""; 0]);
}

async fn problems(running: &super::world::Running<'_>) -> Vec<String> {
    let report: Report = running.ask(super::world::status).await;
    report.problems.into_iter().map(|problem| format!("{}: {}", problem.kind, problem.text)).collect()
}

#[tokio::test]
async fn the_worked_example_sends_external_calls_to_voicemail_and_internal_ones_to_the_tags_number() {
    let world = world();
    let tags = Tags { internal: Dialled::new("0041712345689").map(Tag::Target), external: None };
    let kunde = categorised(entry("Kunde ABC", 60, 120), &[VOICEMAIL_EXTERNAL, AUL_INTERNAL]);
    world.tenant.put(1000, Entry { tags, ..kunde });
    world
        .run(async |running| {
            running.until(59).await;
            assert_eq!(shown(&world), five());
            running.until(60).await;
            for number in ["210", "211"] {
                assert_eq!(world.pbx.lines().shows(number), Redirect::to_number("0041712345689"));
            }
            assert_eq!(world.pbx.lines().shows("0041712345610"), Redirect::to_mailbox("4"), "the box set there");
            assert_eq!(world.pbx.lines().shows("0041712345611"), Redirect::to_mailbox("3"), "the first box offered");
            assert_eq!(problems(&running).await, [""; 0]);
            running.until(120).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn redirects_are_switched_at_the_boundary_with_one_read_and_one_write_call() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 120), "0041799999999"));
    world
        .run(async |running| {
            running.until(59).await;
            let calls = world.pbx.calls.lock().unwrap().clone();
            running.until(60).await;
            let after = world.pbx.calls.lock().unwrap().clone();
            assert_eq!(after["redirects"], calls["redirects"] + 1);
            assert_eq!(after["apply"], calls.get("apply").copied().unwrap_or_default() + 1);
        })
        .await;
}

#[tokio::test]
async fn two_overlapping_entries_with_different_targets_never_let_a_call_through_between_them() {
    let world = world();
    world.tenant.put(1000, tagged(entry("one", 60, 180), "0041791111111"));
    world.tenant.put(1000, tagged(entry("two", 120, 240), "0041792222222"));
    world
        .run(async |running| {
            running.until(60).await;
            external_lead_to(&world, "0041791111111");
            running.until(120).await;
            external_lead_to(&world, "0041792222222");
            running.until(180).await;
            external_lead_to(&world, "0041792222222");
            running.until(240).await;
            all_is_as_before(&world);
        })
        .await;
    let first = world.pbx.writes.lock().unwrap().iter().filter(|(second, ..)| *second == 180).count();
    assert_eq!(first, 0, "nothing is written while another entry keeps the numbers");
}

#[tokio::test]
async fn back_to_back_entries_with_one_target_write_nothing_at_the_boundary_between() {
    let world = world();
    world.tenant.put(1000, tagged(entry("one", 60, 120), "0041791111111"));
    world.tenant.put(1000, tagged(entry("two", 120, 180), "0041791111111"));
    world
        .run(async |running| {
            running.until(119).await;
            let before = world.pbx.writes.lock().unwrap().len();
            running.until(121).await;
            let redirects = world.pbx.written().split_off(before);
            assert!(redirects.iter().all(|(_, _, words)| !words.starts_with("0041")), "{redirects:?}");
            running.until(180).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn an_entry_that_is_recategorised_while_active_goes_from_its_target_to_voicemail_and_back_exactly() {
    let world = world();
    let first = tagged(entry("a", 60, 600), "0041791111111");
    world.tenant.put(1000, first.clone());
    world
        .run(async |running| {
            running.until(70).await;
            external_lead_to(&world, "0041791111111");
            world.tenant.put(1000, categorised(first.clone(), &[VOICEMAIL_EXTERNAL, VOICEMAIL_INTERNAL]));
            running.until(130).await;
            assert_eq!(world.pbx.lines().shows("0041712345612"), Redirect::to_mailbox("3"));
            assert_eq!(world.pbx.lines().shows("210"), Redirect::to_mailbox("3"));
            world.tenant.put(1000, categorised(first.clone(), &[]));
            running.until(200).await;
            all_is_as_before_but_for_the_rest(&world);
            running.until(600).await;
            all_is_as_before(&world);
        })
        .await;
}

/// Every number is as it was, while presence and text are still held.
#[track_caller]
fn all_is_as_before_but_for_the_rest(world: &World) {
    assert_eq!(shown(world), five());
}

#[tokio::test]
async fn the_ignore_category_put_on_while_active_takes_every_redirect_off() {
    let world = world();
    let first = tagged(entry("a", 60, 600), "0041791111111");
    world.tenant.put(1000, first.clone());
    world
        .run(async |running| {
            running.until(70).await;
            external_lead_to(&world, "0041791111111");
            world.tenant.put(1000, categorised(first.clone(), &[AUL_EXTERNAL, "_SF_Ignorieren"]));
            running.until(130).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn a_tag_that_is_edited_while_active_changes_the_target_and_the_first_setting_comes_back() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 600), "0041791111111"));
    world
        .run(async |running| {
            running.until(70).await;
            world.tenant.put(1000, tagged(entry("a", 60, 600), "0041792222222"));
            running.until(130).await;
            external_lead_to(&world, "0041792222222");
            world.tenant.put(1000, tagged(entry("a", 60, 600), "0041900123456"));
            running.until(190).await;
            assert_eq!(shown(&world), five(), "a refused target redirects nothing");
            assert!(problems(&running).await[0].contains("denied by \"0900*\""));
            world.tenant.put(1000, tagged(entry("a", 60, 600), "0041791111111"));
            running.until(250).await;
            external_lead_to(&world, "0041791111111");
            assert_eq!(problems(&running).await, [""; 0]);
            running.until(600).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn a_person_who_changes_one_of_five_numbers_keeps_it_and_gets_the_other_four_back() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 600), "0041791111111"));
    world
        .run(async |running| {
            running.until(70).await;
            let chosen = Redirect::to_number("250");
            world.pbx.lines().choose("0041712345611", chosen.clone());
            running.until(400).await;
            assert_eq!(world.pbx.lines().shows("0041712345611"), chosen);
            assert_eq!(world.pbx.lines().shows("0041712345610"), Redirect::to_number("0041791111111"));
            running.until(600).await;
            let mut expected = five();
            expected[3].1 = chosen;
            assert_eq!(shown(&world), expected);
            assert_eq!(world.journal.held(), [""; 0]);
        })
        .await;
}

#[tokio::test]
async fn the_next_entry_puts_on_afresh_over_what_the_person_chose() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 600), "0041791111111"));
    world.tenant.put(1000, tagged(entry("b", 300, 700), "0041792222222"));
    world
        .run(async |running| {
            running.until(70).await;
            let chosen = Redirect { enabled: false, ..Redirect::to_number("250") };
            world.pbx.lines().choose("0041712345611", chosen.clone());
            running.until(300).await;
            external_lead_to(&world, "0041792222222");
            running.until(700).await;
            assert_eq!(world.pbx.lines().shows("0041712345611"), chosen);
            assert_eq!(world.journal.held(), [""; 0]);
        })
        .await;
}

#[tokio::test]
async fn a_number_that_the_pbx_refuses_spoils_no_other_of_the_five() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 600), "0041791111111"));
    world.pbx.lines().refuse("0041712345611");
    world
        .run(async |running| {
            running.until(70).await;
            assert_eq!(world.pbx.lines().shows("0041712345610"), Redirect::to_number("0041791111111"));
            assert_eq!(world.pbx.lines().shows("0041712345612"), Redirect::to_number("0041791111111"));
            assert_eq!(world.pbx.lines().shows("0041712345611"), five()[3].1);
            assert!(problems(&running).await.iter().any(|text| text.contains("0041712345611")));
            world.pbx.lines().forgive();
            running.until(400).await;
            external_lead_to(&world, "0041791111111");
            running.until(600).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn a_number_that_the_pbx_refuses_to_give_back_is_tried_until_it_does() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 120), "0041791111111"));
    world
        .run(async |running| {
            running.until(70).await;
            world.pbx.lines().refuse("0041712345611");
            running.until(130).await;
            assert_eq!(world.journal.holds(), 1);
            world.pbx.lines().forgive();
            running.until(900).await;
            all_is_as_before(&world);
        })
        .await;
}

/// Three members of a group; two of them redirect its number.
fn group(one: (i64, i64), two: (i64, i64)) -> World {
    let mut world = World::of(3);
    world.policy.redirects.groups = Groups::Included;
    for account in [1000, 1001, 1002] {
        world.pbx.lines().join(account, "0041712345600", Redirect::to_mailbox("9"));
    }
    world.tenant.put(1000, tagged(entry("one", one.0, one.1), "0041791111111"));
    world.tenant.put(1001, tagged(entry("two", two.0, two.1), "0041792222222"));
    world
}

#[track_caller]
fn leads(world: &World, redirect: &Redirect) {
    assert_eq!(world.pbx.lines().shows("0041712345600"), *redirect);
}

#[tokio::test]
async fn a_groups_number_held_by_two_members_comes_back_when_the_last_lets_go_in_every_order_of_ends() {
    let (first, second) = (Redirect::to_number("0041791111111"), Redirect::to_number("0041792222222"));
    // The later start governs; then whoever is left.
    for (one, two, between) in [
        ((60, 200), (90, 300), &second),
        ((60, 300), (90, 200), &first),
        ((90, 200), (60, 300), &second),
        ((90, 300), (60, 200), &first),
    ] {
        let world = group(one, two);
        world
            .run(async |running| {
                running.until(91).await;
                leads(&world, if one.0 > two.0 { &first } else { &second });
                running.until(201).await;
                leads(&world, between);
                running.until(301).await;
                leads(&world, &Redirect::to_mailbox("9"));
                assert_eq!(world.journal.held(), [""; 0]);
            })
            .await;
    }
}

#[tokio::test]
async fn a_groups_number_comes_back_when_both_end_at_one_instant() {
    let world = group((60, 200), (90, 200));
    world
        .run(async |running| {
            running.until(201).await;
            leads(&world, &Redirect::to_mailbox("9"));
            assert_eq!(world.journal.held(), [""; 0]);
        })
        .await;
}

#[tokio::test]
async fn a_groups_number_comes_back_although_the_member_who_wrote_it_was_deleted() {
    let world = group((60, 400), (90, 800));
    world
        .run(async |running| {
            running.until(70).await;
            world.pbx.delete(1000);
            running.until(700).await;
            leads(&world, &Redirect::to_number("0041792222222"));
            running.until(1_600).await;
            leads(&world, &Redirect::to_mailbox("9"));
            assert_eq!(world.journal.held(), [""; 0]);
        })
        .await;
}

#[tokio::test]
async fn a_groups_number_comes_back_through_another_member_where_the_pbx_refuses_the_one_who_wrote_it() {
    let world = group((60, 200), (90, 100));
    world
        .run(async |running| {
            running.until(150).await;
            world.pbx.lines().refuse_through(1000, "0041712345600");
            running.until(400).await;
            leads(&world, &Redirect::to_mailbox("9"));
            assert_eq!(world.journal.held(), [""; 0]);
        })
        .await;
}

#[tokio::test]
async fn a_groups_number_is_left_alone_where_groups_are_not_included() {
    let mut world = group((60, 200), (90, 300));
    world.policy.redirects.groups = Groups::LeftAlone;
    world
        .run(async |running| {
            running.until(100).await;
            leads(&world, &Redirect::to_mailbox("9"));
        })
        .await;
}

#[tokio::test]
async fn a_write_without_effect_is_a_problem_and_is_not_tried_again_for_a_quarter_of_an_hour() {
    let world = group((60, 3_600), (4_000, 4_100));
    world.pbx.lines().give_group_right(GroupRight::Missing);
    world
        .run(async |running| {
            running.until(100).await;
            let text = problems(&running).await.join("\n");
            assert!(text.contains("redirect of 0041712345600: STARFACE took it and changed nothing"), "{text}");
            running.until(955).await;
            let tries = || {
                let writes = world.pbx.written();
                writes.iter().filter(|(_, _, words)| words.starts_with("0041712345600")).count()
            };
            assert_eq!(tries(), 1);
            running.until(1_000).await;
            assert_eq!(tries(), 2);
            world.pbx.lines().give_group_right(GroupRight::Given);
            running.until(2_000).await;
            leads(&world, &Redirect::to_number("0041791111111"));
            assert_eq!(problems(&running).await, [""; 0]);
            running.until(3_601).await;
            leads(&world, &Redirect::to_mailbox("9"));
        })
        .await;
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_reading() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 300), "0041791111111"));
    world.pbx.lose_answers(1);
    world
        .run(async |running| {
            running.until(70).await;
            external_lead_to(&world, "0041791111111");
            world.pbx.lose_answers(1);
            running.until(500).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn a_service_that_ends_in_the_middle_finds_and_gives_back_what_was_there() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 600), "0041791111111"));
    world.run(async |running| running.until(100).await).await;
    external_lead_to(&world, "0041791111111");
    world.clock.set(at(700));
    world
        .run(async |running| {
            running.until(800).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn redirects_that_cannot_be_read_change_nothing_and_hold_nothing_else_up() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 300), "0041791111111"));
    world.pbx.fail("redirects");
    world
        .run(async |running| {
            running.until(120).await;
            assert_eq!(shown(&world), five());
            assert_eq!(world.pbx.shows(1000), ("AWAY".to_owned(), "a".to_owned()));
            world.pbx.failing.lock().unwrap().clear();
            running.until(160).await;
            external_lead_to(&world, "0041791111111");
            running.until(400).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn a_member_who_leaves_gets_every_number_back() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 9_000), "0041791111111"));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.leave(1000);
            running.until(1_300).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn a_number_that_is_taken_from_the_member_is_let_go_and_never_written_again() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 3_000), "0041791111111"));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.lines().take(1000, "0041712345611");
            running.until(2_900).await;
            assert!(!world.journal.held().contains(&"redirect of 0041712345611".to_owned()));
            running.until(3_100).await;
            assert_eq!(world.pbx.lines().shows("0041712345611"), Redirect::to_number("0041791111111"));
            assert_eq!(world.pbx.lines().shows("0041712345610"), five()[2].1);
        })
        .await;
}

#[tokio::test]
async fn stopping_the_service_on_the_page_takes_redirects_off() {
    let mut world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 9_000), "0041791111111"));
    world.run(async |running| running.until(100).await).await;
    world.policy.service = Service::Stopped;
    world.clock.set(at(200));
    world
        .run(async |running| {
            running.until(300).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn everything_is_taken_off_on_demand_without_a_running_service() {
    let world = group((60, 9_000), (90, 9_000));
    world.run(async |running| running.until(100).await).await;
    let restored = world.take_off(None).await.unwrap();
    assert_eq!(restored.left, []);
    leads(&world, &Redirect::to_mailbox("9"));
    assert_eq!(world.journal.held(), [""; 0]);
}

#[tokio::test]
async fn a_call_to_the_module_ends_the_redirect_early() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 9_000), "0041791111111"));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.happen(starface_calendar::pbx::EventKind::End(starface_calendar::rules::AccountId(1000)));
            running.until(102).await;
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn no_number_is_read_where_no_entry_could_ever_redirect() {
    let mut world = world();
    world.policy.categories.enabled = false;
    world.tenant.put(1000, tagged(entry("a", 60, 120), "0041791111111"));
    world
        .run(async |running| {
            running.until(200).await;
            assert_eq!(world.pbx.calls.lock().unwrap().get("redirects"), None);
            all_is_as_before(&world);
        })
        .await;
}

#[tokio::test]
async fn a_problem_is_a_row_of_history_that_names_the_number_and_changes_nothing() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 120), "117"));
    world
        .run(async |running| {
            running.until(100).await;
            let happenings = world.journal.happenings.lock().unwrap().clone();
            let rows: Vec<_> = happenings.iter().filter(|row| row.outcome == "not redirected").collect();
            assert_eq!(rows.len(), 3, "one for each external number");
            assert!(rows.iter().all(|row| row.why == "the target is an emergency number" && row.from == row.to));
            running.until(130).await;
            assert_eq!(problems(&running).await, [""; 0]);
        })
        .await;
}

#[tokio::test]
async fn a_pbx_that_is_away_at_the_start_gets_the_redirect_when_it_is_back() {
    let world = world();
    world.tenant.put(1000, tagged(entry("a", 60, 600), "0041791111111"));
    world
        .run(async |running| {
            running.until(50).await;
            world.pbx.be(Mood::Away);
            running.until(100).await;
            world.pbx.be(Mood::Well);
            running.until(200).await;
            external_lead_to(&world, "0041791111111");
            running.until(601).await;
            all_is_as_before(&world);
        })
        .await;
}
