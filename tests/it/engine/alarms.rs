//! What the engine tells those who mail: causes and subjects, not texts, and nothing of an entry but its time.

use starface_calendar::alarm::{Cause, Findings, Problem, Reach, Subject};
use starface_calendar::engine::Command;
use starface_calendar::rules::{Dialled, Entry, Redirect, ShowAs, Tag, Tags};

use super::world::{Mood, Running, World, at, entry, member, refused};

async fn findings(running: &Running<'_>) -> Findings {
    running.ask(|reply| Command::Problems { mails_unsent: 7, reply }).await
}

fn keys(findings: &Findings) -> Vec<String> {
    findings.problems.iter().map(Problem::key).collect()
}

fn redirected(target: &str) -> Entry {
    let tags = Tags { internal: None, external: Dialled::new(target).map(Tag::Target) };
    let categories = vec!["_SF_AUL_extern_aktivieren".to_owned()];
    Entry { tags, categories, show_as: ShowAs::OutOfOffice, ..entry("GEHEIM", 60, 120) }
}

#[tokio::test]
async fn a_redirect_that_is_denied_names_its_member_its_side_and_the_time_of_its_entry() {
    let world = World::of(2);
    world.pbx.lines().own(1000, "0041712345610", Redirect::none());
    world.tenant.put(1000, redirected("0900123456"));
    world
        .run(async |running| {
            running.until(59).await;
            assert_eq!(findings(&running).await.problems, []);
            running.until(61).await;
            let found = findings(&running).await;
            let [problem] = found.problems.as_slice() else { panic!("{found:?}") };
            assert_eq!((problem.cause, problem.since), (Cause::TargetDenied, at(60)));
            assert_eq!(problem.whom.as_ref().map(|whom| whom.account), Some(1000));
            let Subject::Calls { side, entry } = &problem.subject else { panic!("{problem:?}") };
            let time = entry.time.unwrap();
            assert_eq!((side.as_str(), time.start, time.end), ("external", at(60), at(120)));
            assert_eq!(time.show_as, ShowAs::OutOfOffice);
            assert!(!format!("{found:?}").contains("GEHEIM"), "{found:?}");
            assert_eq!(running.ask(super::world::status).await.mails_unsent, 7);
            running.until(200).await;
            assert_eq!(findings(&running).await.problems, []);
        })
        .await;
}

#[tokio::test]
async fn a_tenant_that_is_away_is_one_problem_of_everybody() {
    let world = World::of(3);
    world
        .run(async |running| {
            running.until(10).await;
            world.tenant.be(Mood::Away);
            running.until(200).await;
            assert_eq!(keys(&findings(&running).await), ["tenant"]);
            world.tenant.be(Mood::Well);
            running.until(400).await;
            assert_eq!(keys(&findings(&running).await), [""; 0]);
        })
        .await;
}

#[tokio::test]
async fn problems_of_members_are_told_apart_by_member() {
    let world = World::of(2);
    let mut nowhere = member(1002);
    nowhere.address = None;
    world.pbx.join(nowhere);
    world.tenant.refuse(1001, || refused(403));
    world
        .run(async |running| {
            running.until(100).await;
            let found = findings(&running).await;
            assert_eq!(keys(&found), ["mailbox_forbidden:1001", "address_missing:1002"]);
            assert_eq!(found.reach, Reach::Everywhere);
        })
        .await;
}

#[tokio::test]
async fn before_the_tenant_was_heard_of_nobody_says_that_it_is_well() {
    let world = World::of(1);
    world.tenant.be(Mood::Hangs);
    world
        .run(async |running| {
            running.until(5).await;
            assert_eq!(findings(&running).await.reach, Reach::PbxAlone);
        })
        .await;
}

#[tokio::test]
async fn before_the_members_were_asked_for_nothing_else_is_known() {
    let world = World::of(1);
    world.pbx.be(Mood::Hangs);
    world
        .run(async |running| {
            running.until(1).await;
            assert_eq!(findings(&running).await.reach, Reach::PbxAlone);
        })
        .await;
}
