//! A shadow run beside the original module: nothing is written, what it would do is what the service does, and the
//! differences are those that there are. And the same original beside the service itself: it is called a rival.

use chrono_tz::Europe::Zurich;
use starface_calendar::alarm::Findings;
use starface_calendar::engine::command::Command;
use starface_calendar::engine::history;
use starface_calendar::engine::shadow::{AGREES, DIFFERS, Differing, SHADOWED, differences};
use starface_calendar::rules::{Presence, StatusText};
use tokio::sync::{mpsc, oneshot};

use super::world::{World, at, lock};

mod original;
mod week;

use original::Original;
use week::{DAY, WEEK, Week, with_differences};

fn original() -> Original {
    Original::that_forgets_dnd_after("Stille")
}

/// The changes of history with these outcomes, each as second, account, field, from, to and why.
fn changes(world: &World, outcomes: &[&str]) -> Vec<String> {
    let rows = lock(&world.journal.happenings);
    let told = rows.iter().filter(|row| outcomes.contains(&row.outcome.as_str())).map(|row| {
        let second = (row.at - at(0)).num_seconds();
        let (from, to) = (row.from.words(), row.to.words());
        format!("{second} {} {}: {from} -> {to}; {}", row.account, row.to.field(), row.why)
    });
    told.collect()
}

async fn found(world: &World) -> Vec<Differing> {
    differences(&history::read(&world.journal, None, at(0), Zurich).await.unwrap())
}

/// A difference as `account field: wanted / there`.
fn told(one: &Differing) -> String {
    format!("{} {}: {} / {}", one.account, one.field, one.wanted, one.there)
}

fn second(instant: &str) -> i64 {
    (instant.parse::<chrono::DateTime<chrono::Utc>>().unwrap() - at(0)).num_seconds()
}

/// The original polls each minute, and the shadow run looks each half minute.
const LATE: i64 = 90;

/// A shadow run beside the original; it is started anew in the middle of everybody's meeting.
async fn shadow_week() -> World {
    let mut week = with_differences(Some(original()));
    week.shadow_until(3 * DAY + 2000).await;
    week.shadow_until(WEEK).await;
    week.world
}

/// The service alone, in the same week.
async fn week_alone() -> World {
    let mut week = with_differences(None);
    week.service_until(3 * DAY + 2000, async |_| {}).await;
    week.service_until(WEEK, async |_| {}).await;
    week.world
}

#[tokio::test]
async fn a_week_beside_the_original_writes_nothing_decides_as_the_service_and_lists_the_differences_rightly() {
    let world = &shadow_week().await;
    assert_eq!(world.pbx.written(), []);
    assert!(!lock(&world.pbx.calls).contains_key("apply"));
    assert_eq!(world.journal.held(), [""; 0]);

    let all = found(world).await;
    let (long, short): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| one.lasted().is_none_or(|lasted| lasted.num_seconds() > LATE));
    let facts: Vec<String> = long.iter().map(told).collect();
    let kaffee = long.iter().find(|one| one.account == 1001 && one.field == "text").unwrap();
    assert!(kaffee.there.ends_with("] [Frei] Kaffee"), "{}", kaffee.there);
    let vielleicht = long.iter().find(|one| one.account == 1002 && one.field == "text").unwrap();
    assert!(vielleicht.wanted.ends_with("] [Mit Vorbehalt] Vielleicht"), "{}", vielleicht.wanted);
    assert_eq!(
        facts,
        [
            "1001 presence: AVAILABLE / AWAY".to_owned(),
            format!("1001 text:  / {}", kaffee.there),
            "1002 presence: AWAY / AVAILABLE".to_owned(),
            format!("1002 text: {} / ", vielleicht.wanted),
            "1003 dnd: off / on".to_owned(),
            "1000 redirect: voicemail 3 / off (0041788888888)".to_owned(),
        ]
    );
    // What the original does begins and ends with its polls; what it does not do, with the appointment.
    let times: Vec<(i64, i64)> =
        long.iter().map(|one| (second(&one.from), second(one.until.as_deref().unwrap()))).collect();
    let exact = [
        (1, 10_000, 13_600),
        (1, 10_000, 13_600),
        (2, 10_000, 13_600),
        (2, 10_000, 13_600),
        (3, 13_600, 15_000),
        (4, 10_000, 13_600),
    ];
    for ((from, until), (day, starts, ends)) in times.iter().zip(exact) {
        assert!((0..=LATE).contains(&(from - day * DAY - starts)), "{times:?}");
        assert!((0..=LATE).contains(&(until - day * DAY - ends)), "{times:?}");
    }
    assert_eq!(&times[2..4], [(2 * DAY + 10_000, 2 * DAY + 13_600); 2], "what is wanted changes at the boundary");
    assert_eq!(times[5], (4 * DAY + 10_000, 4 * DAY + 13_600));
    assert!(long[2].entry.is_some() && long[5].entry.is_some(), "the entry is named that is acted on");
    // All others are those of a module that polls: the original is late by up to a minute at every boundary.
    assert!(short.len() > 100, "{}", short.len());

    // What it would have written is what the service writes where it is alone, at the same instants.
    let alone = week_alone().await;
    let (would, did) = (changes(world, &[SHADOWED]), changes(&alone, &["done"]));
    assert!(did.len() > 100, "{}", did.len());
    assert_eq!(would, did);
    assert_eq!(changes(&alone, &[SHADOWED, DIFFERS, AGREES]), [""; 0]);
}

async fn problems(commands: mpsc::Sender<Command>) -> Findings {
    let (reply, answer) = oneshot::channel();
    commands.send(Command::Problems { mails_unsent: 0, reply }).await.unwrap();
    answer.await.unwrap()
}

fn conflicts(findings: &Findings) -> Vec<&str> {
    let is_conflict = |problem: &&starface_calendar::alarm::Problem| problem.cause.name() == "conflict";
    findings.problems.iter().filter(is_conflict).map(|problem| problem.text.as_str()).collect()
}

#[tokio::test]
async fn the_original_at_work_beside_the_service_is_named_as_a_conflict_without_any_text() {
    let mut week = Week::new(Some(original()));
    // It shows other words than this service, so that its texts can be told from ours.
    week.world.policy.text.as_mut().unwrap().language = starface_calendar::rules::text::Language::French;
    let findings = week.service_until(7000, problems).await;
    let conflicts = conflicts(&findings);
    assert_eq!(conflicts.len(), 1, "{:?}", findings.problems);
    let text = conflicts[0];
    assert!(text.contains("texts in the original module's format appear"), "{text}");
    assert!(text.contains("text or DND is changed within seconds"), "{text}");
    assert!(text.contains("a field is overwritten again and again"), "{text}");
    assert!(text.contains("01000 Member 1000"), "{text}");
    assert!(!text.contains("Sitzung") && !text.contains("Gebucht"), "{text}");
}

#[tokio::test]
async fn one_who_changes_the_own_presence_twice_in_a_meeting_is_no_conflict() {
    let mut week = Week::new(None);
    for second in [1200, 1500] {
        week.does(second, |pbx| {
            pbx.change(1000, |seen| {
                seen.presence = Presence::FreeForChat;
                seen.text = StatusText("Bin da".to_owned());
            });
        });
    }
    let findings = week.service_until(4000, problems).await;
    assert_eq!(findings.problems, []);
}
