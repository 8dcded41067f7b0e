//! What people ask of the engine: status, early ends, take-offs and history.

use chrono_tz::Europe::Zurich;
use starface_calendar::clock::Clock;
use starface_calendar::engine::history::{self, CHANGES_MAX, Change};
use starface_calendar::engine::report::MemberReport;
use starface_calendar::engine::{Command, Ended, Refusal, Report, Restored};
use starface_calendar::journal::Happening;
use starface_calendar::rules::{AccountId, Dnd, Field, Presence, Value};

use super::world::{self, Mood, Running, World, entry, member};
use super::{NEUTRAL, shows};

async fn end(running: &Running<'_>, text: &str) -> Result<Ended, Refusal> {
    let member = text.to_owned();
    running.ask(|reply| Command::End { member, reply }).await
}

async fn restore(running: &Running<'_>, text: Option<&str>) -> Restored {
    let member = text.map(str::to_owned);
    running.ask(|reply| Command::Restore { member, reply }).await.unwrap()
}

async fn status(running: &Running<'_>) -> Report {
    running.ask(super::world::status).await
}

async fn changes(running: &Running<'_>, text: Option<&str>, since: i64) -> Result<Vec<Change>, Refusal> {
    let (member, since) = (text.map(str::to_owned), world::at(since));
    running.ask(|reply| Command::History { member, since, reply }).await
}

/// What is left, as (login, field, why).
fn left(restored: &Restored) -> Vec<(&str, &str, &str)> {
    restored.left.iter().map(|one| (one.member.login.as_str(), one.field.as_str(), one.why.as_str())).collect()
}

#[tokio::test]
async fn an_early_end_takes_off_at_once_and_only_a_new_entry_puts_on_again() {
    let world = World::of(2);
    world.pbx.show(1000, Presence::Available, "Before");
    world.tenant.put(1000, entry("Sitzung", 50, 900));
    world.tenant.put(1001, entry("Other", 50, 900));
    world.tenant.put(1000, entry("Later", 500, 600));
    world
        .run(async |running| {
            running.until(100).await;
            let ended = end(&running, "01000").await.unwrap();
            assert_eq!((ended.entries, ended.member.account), (1, 1000));
            running.until(101).await;
            shows(&world, 1000, ("AVAILABLE", "Before"));
            shows(&world, 1001, ("AWAY", "Other"));
            running.until(499).await;
            shows(&world, 1000, ("AVAILABLE", "Before"));
            running.until(550).await;
            shows(&world, 1000, ("AWAY", "Later"));
            running.until(650).await;
            shows(&world, 1000, ("AVAILABLE", "Before"));
        })
        .await;
}

#[tokio::test]
async fn an_early_end_with_nothing_active_does_nothing() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Later", 500, 600));
    world
        .run(async |running| {
            running.until(100).await;
            assert_eq!(end(&running, "m1000@firma.example").await.unwrap().entries, 0);
            running.until(550).await;
            shows(&world, 1000, ("AWAY", "Later"));
        })
        .await;
}

#[tokio::test]
async fn an_early_end_needs_no_graph() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 50, 900));
    world
        .run(async |running| {
            running.until(100).await;
            world.tenant.be(Mood::Hangs);
            running.until(200).await;
            assert_eq!(end(&running, "id:1000").await.unwrap().entries, 1);
            running.until(201).await;
            shows(&world, 1000, NEUTRAL);
        })
        .await;
}

#[tokio::test]
async fn a_name_that_fits_nobody_or_several_is_refused() {
    let world = World::of(2);
    let mut twin = member(1002);
    twin.address = member(1000).address;
    world.pbx.join(twin);
    world
        .run(async |running| {
            running.until(10).await;
            assert_eq!(end(&running, "anna").await, Err(Refusal::Unknown { text: "anna".to_owned() }));
            let Err(Refusal::Ambiguous { members, .. }) = end(&running, "m1000@firma.example").await else {
                panic!("it fits two");
            };
            assert_eq!(members.iter().map(|one| one.account).collect::<Vec<_>>(), [1000, 1002]);
        })
        .await;
}

#[tokio::test]
async fn before_the_pbx_has_named_the_members_nobody_can_be_meant() {
    let world = World::of(1);
    world.pbx.be(Mood::Away);
    world
        .run(async |running| {
            running.until(10).await;
            assert_eq!(end(&running, "01000").await, Err(Refusal::MembersUnknown));
        })
        .await;
}

#[tokio::test]
async fn restore_takes_everybody_off_and_nothing_comes_back_before_a_new_entry() {
    let world = World::of(3);
    for account in 1000..1003 {
        world.pbx.show(account, Presence::FreeForChat, "Before");
        world.tenant.put(account, entry("Sitzung", 50, 900));
    }
    world.tenant.put(1002, entry("Later", 500, 900));
    world
        .run(async |running| {
            running.until(100).await;
            let restored = restore(&running, None).await;
            assert_eq!((restored.entries, restored.fields, left(&restored)), (3, 6, vec![]));
            for account in 1000..1003 {
                shows(&world, account, ("FREE_FOR_CHAT", "Before"));
            }
            assert_eq!(world.journal.holds(), 0);
            running.until(700).await;
            shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
            shows(&world, 1002, ("AWAY", "Later"));
            let again = restore(&running, Some("01000")).await;
            assert_eq!(again, Restored::default(), "there is nothing left to take off");
        })
        .await;
}

#[tokio::test]
async fn restore_of_one_member_touches_nobody_else() {
    let world = World::of(2);
    world.tenant.put(1000, entry("Sitzung", 50, 900));
    world.tenant.put(1001, entry("Sitzung", 50, 900));
    world
        .run(async |running| {
            running.until(100).await;
            assert_eq!(restore(&running, Some("01000")).await.fields, 2);
            running.until(200).await;
            shows(&world, 1000, NEUTRAL);
            shows(&world, 1001, ("AWAY", "Sitzung"));
        })
        .await;
}

#[tokio::test]
async fn restore_names_the_field_that_the_pbx_refuses_and_why() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 50, 900));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.refuse_field(Field::Text);
            let restored = restore(&running, None).await;
            assert_eq!(restored.fields, 1);
            assert_eq!(left(&restore(&running, None).await), left(&restored), "it is tried again at once");
            assert_eq!(left(&restored), [("01000", "text", "the PBX refused it with \"not allowed\"")]);
            shows(&world, 1000, ("AVAILABLE", "Sitzung"));
            let problems = status(&running).await.problems;
            assert!(
                problems.iter().any(|one| one.kind == "refused" && one.text.contains("not allowed")),
                "{problems:?}"
            );
        })
        .await;
}

#[tokio::test]
async fn restore_says_what_is_left_when_the_pbx_does_not_answer_and_it_is_taken_off_as_soon_as_it_does() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 50, 900));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.be(Mood::Away);
            let restored = restore(&running, None).await;
            assert_eq!(restored.fields, 0);
            let fields: Vec<_> = restored.left.iter().map(|one| one.field.as_str()).collect();
            assert_eq!(fields, ["presence", "text"]);
            assert!(restored.left[0].why.contains("failed to get an answer from the PBX"), "{restored:?}");
            world.pbx.be(Mood::Well);
            running.until(200).await;
            shows(&world, 1000, NEUTRAL);
        })
        .await;
}

#[tokio::test]
async fn a_take_off_whose_answer_was_lost_counts_once_a_read_has_shown_it() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 50, 900));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.lose_answers(1);
            let restored = restore(&running, None).await;
            assert_eq!((restored.fields, left(&restored)), (2, vec![]));
            shows(&world, 1000, NEUTRAL);
            assert_eq!(world.journal.holds(), 2, "they are kept while the write may land late");
        })
        .await;
}

#[tokio::test]
async fn one_who_left_and_is_still_held_is_named_by_login() {
    let world = World::of(3);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    world
        .run(async |running| {
            running.until(20).await;
            world.pbx.leave(1000);
            world.pbx.fail("apply");
            running.until(700).await;
            let report = status(&running).await;
            let left = report.members.iter().find(|one| one.member.account == 1000).unwrap();
            assert_eq!((left.member.login.as_str(), left.holds.len()), ("01000", 2));
            assert_eq!(restore(&running, Some("01000")).await.left.len(), 2);
        })
        .await;
}

#[tokio::test]
async fn status_tells_of_every_member_what_governs_and_what_is_held() {
    let world = World::of(2);
    world.tenant.put(1000, entry("GEHEIM", 50, 900));
    world
        .run(async |running| {
            running.until(100).await;
            let report = status(&running).await;
            assert_eq!((report.members.len(), &report.problems), (2, &vec![]));
            let [anna, beat] = &report.members[..] else { panic!("two members") };
            assert_eq!(anna.mailbox.as_deref(), Some("m1000@firma.example"));
            assert!(anna.calendar_age_seconds.unwrap() <= 60, "{anna:?}");
            assert_eq!(anna.governing.as_ref().unwrap().show_as, "busy");
            assert_eq!(anna.next_change_at, anna.governing.as_ref().map(|one| one.until.clone()));
            let holds: Vec<_> = anna.holds.iter().map(|hold| (hold.field.as_str(), hold.state.as_str())).collect();
            assert_eq!(holds, [("presence", "held"), ("text", "held")]);
            assert_eq!(anna.holds[0].entry, anna.governing.as_ref().map(|one| one.entry.clone()));
            let calm = MemberReport { holds: vec![], governing: None, next_change_at: None, ..beat.clone() };
            assert_eq!(*beat, calm);
            assert!(!serde_json::to_string(&report).unwrap().contains("GEHEIM"), "no title");
        })
        .await;
}

#[tokio::test]
async fn status_tells_since_when_what_is_broken_and_forgets_what_is_mended() {
    let world = World::of(2);
    let mut nowhere = member(1002);
    nowhere.address = None;
    world.pbx.join(nowhere);
    world.tenant.put(1000, entry("Sitzung", 200, 900));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.be(Mood::Away);
            world.tenant.be(Mood::Away);
            world.journal.be(Mood::Away);
            running.until(250).await;
            let report = status(&running).await;
            let problems: Vec<_> = report.problems.iter().map(|one| (one.kind.as_str(), one.member)).collect();
            assert_eq!(problems, [("pbx", None), ("tenant", None), ("address", Some(1002))]);
            let tenant = report.problems[1].clone();
            assert!(tenant.text.starts_with("failed to "), "{tenant:?}");
            world.pbx.be(Mood::Well);
            running.until(400).await;
            let report = status(&running).await;
            let kinds: Vec<_> = report.problems.iter().map(|one| one.kind.as_str()).collect();
            assert_eq!(kinds, ["tenant", "journal", "address"]);
            assert_eq!(report.problems[0].since, tenant.since);
            world.tenant.be(Mood::Well);
            world.journal.be(Mood::Well);
            running.until(600).await;
            assert_eq!(status(&running).await.problems.len(), 1);
        })
        .await;
}

#[tokio::test]
async fn status_tells_of_a_program_that_sets_the_status_again_and_again() {
    let world = World::of(1);
    world.tenant.put(1000, entry("Sitzung", 10, 80_000));
    world
        .run(async |running| {
            running.until(20).await;
            for step in 2..700 {
                world.pbx.show(1000, Presence::Available, "Von einem anderen Programm");
                running.until(step * 10).await;
            }
            let problems = status(&running).await.problems;
            let texts: Vec<_> = problems.iter().map(|one| one.text.as_str()).collect();
            assert_eq!(texts, ["presence: another program sets this status", "text: another program sets this status"]);
        })
        .await;
}

#[tokio::test]
async fn history_tells_what_was_changed_of_whom_since_when() {
    let world = World::of(2);
    world.tenant.put(1000, entry("Sitzung", 50, 100));
    world.tenant.put(1001, entry("Sitzung", 150, 900));
    world
        .run(async |running| {
            running.until(200).await;
            let facts = |changes: Vec<Change>| -> Vec<_> {
                changes.into_iter().map(|one| (one.account, one.from, one.to, one.outcome)).collect()
            };
            let done = |account, from: &str, to: &str| (account, from.to_owned(), to.to_owned(), "done".to_owned());
            assert_eq!(changes(&running, None, 0).await.unwrap().len(), 6);
            let anna = facts(changes(&running, Some("id:1000"), 60).await.unwrap());
            assert_eq!(anna, [done(1000, "AWAY", "AVAILABLE"), done(1000, "Sitzung", "")]);
            let beat = facts(changes(&running, Some("01001"), 0).await.unwrap());
            assert_eq!(beat, [done(1001, "AVAILABLE", "AWAY"), done(1001, "", "Sitzung")]);
            assert_eq!(changes(&running, Some("nobody"), 0).await, Err(Refusal::Unknown { text: "nobody".to_owned() }));
            assert_eq!(changes(&running, Some("id:9"), 0).await, Ok(vec![]), "one who left has a history too");
        })
        .await;
}

#[tokio::test]
async fn a_long_history_is_read_in_pages_each_row_once_and_no_longer_than_allowed() {
    let world = World::of(0);
    let row = |number: i64| Happening {
        at: world::at(number / 1500),
        account: AccountId(if number % 3 == 0 { 1000 } else { 1001 }),
        from: Value::Dnd(Dnd::Off),
        to: Value::Dnd(Dnd::On),
        why: number.to_string(),
        entry: None,
        outcome: "done".to_owned(),
    };
    world.journal.happenings.lock().unwrap().extend((0..18_000).map(row));
    let read = async |account| history::read(&world.journal, account, world::at(0), Zurich).await.unwrap();
    let of_one: Vec<_> = read(Some(AccountId(1000))).await.into_iter().map(|change| change.why).collect();
    assert_eq!(of_one, (0..18_000).step_by(3).map(|number| number.to_string()).collect::<Vec<_>>());
    let of_all: Vec<_> = read(None).await.into_iter().map(|change| change.why).collect();
    assert_eq!(of_all, (0..10_000).map(|number| number.to_string()).collect::<Vec<_>>());
    assert_eq!(of_all.len(), CHANGES_MAX);
}

/// A world whose service ended while these members were held.
async fn held(accounts: &[u32]) -> World {
    let world = World::of(3);
    for account in accounts {
        world.pbx.show(*account, Presence::FreeForChat, "Before");
        world.tenant.put(*account, entry("Sitzung", 50, 900));
    }
    world.run(async |running| running.until(100).await).await;
    world
}

#[tokio::test]
async fn without_a_service_everything_is_taken_off_at_once() {
    let world = held(&[1000, 1001]).await;
    let restored = world.take_off(None).await.unwrap();
    assert_eq!((restored.fields, left(&restored)), (4, vec![]));
    shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
    shows(&world, 1001, ("FREE_FOR_CHAT", "Before"));
    assert_eq!(world.journal.holds(), 0);
    assert_eq!(world.pbx.written().last().unwrap().0, 100, "nobody waits for anything");
    assert_eq!(world.take_off(None).await.unwrap(), Restored::default());
}

#[tokio::test]
async fn without_a_service_the_holds_of_others_stay_untouched() {
    let world = held(&[1000, 1001]).await;
    let restored = world.take_off(Some("m1001@firma.example")).await.unwrap();
    assert_eq!(restored.fields, 2);
    shows(&world, 1000, ("AWAY", "Sitzung"));
    shows(&world, 1001, ("FREE_FOR_CHAT", "Before"));
    assert_eq!(world.journal.holds(), 2);
    assert!(matches!(world.take_off(Some("nobody")).await, Err(Refusal::Unknown { .. })));
}

#[tokio::test]
async fn without_a_service_a_refused_field_is_named_at_once() {
    let world = held(&[1000]).await;
    world.pbx.refuse_field(Field::Presence);
    let before = world.clock.now();
    let restored = world.take_off(None).await.unwrap();
    assert_eq!(left(&restored), [("01000", "presence", "the PBX refused it with \"not allowed\"")]);
    assert_eq!(world.clock.now(), before);
    assert_eq!(world.journal.holds(), 1, "the next service tries again");
    assert_eq!(left(&world.take_off(None).await.unwrap()), left(&restored));
    assert_eq!(world.clock.now(), before, "it is tried again at once");
}

#[tokio::test]
async fn without_a_service_a_pbx_that_is_away_is_given_up_after_a_while_and_one_that_comes_back_is_not() {
    let world = held(&[1000]).await;
    world.pbx.be(Mood::Away);
    let before = world.clock.now();
    let restored = world.take_off(None).await.unwrap();
    assert_eq!(restored.left.len(), 2);
    assert_eq!((world.clock.now() - before).num_seconds(), 20);
    world.pbx.be(Mood::Well);
    assert_eq!(world.take_off(None).await.unwrap().fields, 2);
    shows(&world, 1000, ("FREE_FOR_CHAT", "Before"));
}

#[tokio::test]
async fn without_a_service_a_lost_answer_is_waited_for_until_no_write_may_land_any_more() {
    let world = held(&[1000]).await;
    world.pbx.lose_answers(1);
    let before = world.clock.now();
    let restored = world.take_off(None).await.unwrap();
    assert_eq!((restored.fields, left(&restored)), (2, vec![]));
    assert_eq!(world.journal.holds(), 0, "what may land late was waited for");
    let waited = (world.clock.now() - before).num_seconds();
    assert!((60..80).contains(&waited), "{waited} s");
}
