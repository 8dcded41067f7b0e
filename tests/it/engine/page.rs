//! The module's page: what an admin changes there acts at once and without a restart, and what is wrong there changes
//! nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use starface_calendar::engine::report::Problem;
use starface_calendar::engine::{Command, Instructions, Interpreter, Orders, Refusal};
use starface_calendar::pbx::Page;
use starface_calendar::rules::Presence;
use starface_calendar::settings::{Local, Sources};

use super::trouble::Log;
use super::world::{Mood, Running, Tenant, World, entry, member};
use super::{NEUTRAL, shows};

const FILE: &str = "starface.password = \"word\"\nstarface.module_key = \"word\"\ngraph.client_id = \
                    \"11111111-2222-3333-4444-555555555555\"\ngraph.client_secret = \"word\"\nrules.status_text = \
                    \"!title!\"\nrules.time_zone = \"Europe/Zurich\"\n";

/// The real settings, over these tenants by their ids; what no page decides is as in the world.
struct BySettings {
    local: Local,
    orders: Orders,
    tenants: BTreeMap<&'static str, Arc<Tenant>>,
}

impl BySettings {
    fn new(world: &World, tenants: impl IntoIterator<Item = (&'static str, Arc<Tenant>)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, FILE).unwrap();
        let local = Local::load(&Sources::of_file(file)).unwrap();
        Self { local, orders: world.orders(), tenants: tenants.into_iter().collect() }
    }
}

impl Interpreter<Tenant> for BySettings {
    fn interpret(&mut self, page: &Page) -> Result<Instructions<Tenant>, Vec<String>> {
        let settings = self.local.settings_with(&page.fields, &page.lists);
        let settings = settings.map_err(|error| error.problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let orders = Orders {
            group: settings.group,
            policy: settings.policy,
            check_interval: settings.graph.check_interval,
            ..self.orders.clone()
        };
        Ok(Instructions { orders, calendars: Arc::clone(&self.tenants[settings.graph.tenant_id.as_str()]) })
    }
}

/// A world whose page names group and tenant.
fn world(members: u32) -> World {
    let world = World::of(members);
    world.pbx.change_page("GUI_O365_GRUPPE", "2001");
    world.pbx.change_page("GUI_TENANT_ID", "firma.example");
    world
}

async fn run(world: &World, script: impl AsyncFnOnce(Running<'_>)) {
    world.run_by_page(BySettings::new(world, [("firma.example", Arc::clone(&world.tenant))]), script).await;
}

async fn problems(running: &Running<'_>) -> Vec<Problem> {
    running.ask(super::world::status).await.problems
}

/// The kinds and texts of everything that is wrong.
async fn wrong(running: &Running<'_>) -> Vec<(String, String)> {
    problems(running).await.into_iter().map(|problem| (problem.kind, problem.text)).collect()
}

fn calls(world: &World, method: &str) -> usize {
    world.pbx.calls.lock().unwrap().get(method).copied().unwrap_or_default()
}

#[tokio::test]
async fn a_changed_field_acts_at_once_and_without_a_restart() {
    let world = world(1);
    world.pbx.show(1000, Presence::Available, "Before");
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    run(&world, async |running| {
        running.until(100).await;
        shows(&world, 1000, ("AWAY", "Sitzung"));
        world.pbx.save_page("GUI_STATUSTEXT", "!type!: !title!");
        running.until(101).await;
        shows(&world, 1000, ("AWAY", "Gebucht: Sitzung"));
        world.pbx.save_page("GUI_CHATINDIKATOR", "Offline");
        running.until(102).await;
        shows(&world, 1000, ("UNAVAILABLE", "Gebucht: Sitzung"));
        world.pbx.save_page("GUI_STATUSTEXT", "-");
        running.until(103).await;
        shows(&world, 1000, ("UNAVAILABLE", "Before"));
        world.pbx.save_page("GUI_DIENST", "Stoppen");
        running.until(104).await;
        shows(&world, 1000, ("AVAILABLE", "Before"));
        world.pbx.save_page("GUI_DIENST", "Starten");
        running.until(105).await;
        shows(&world, 1000, ("UNAVAILABLE", "Before"));
    })
    .await;
    assert_eq!(calls(&world, "page"), 6, "once at the start and once for each change");
}

#[tokio::test]
async fn a_wrong_field_keeps_the_last_good_settings_and_is_named_until_it_is_mended() {
    let log = Log::default();
    let listening = log.listen();
    let world = world(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    world.tenant.put(1000, entry("Later", 5000, 6000));
    let flaw = "Statustextformat (Seite des Moduls): „!nix!“ hat die unbekannte Variable !nix!; \
                erlaubt: ein Text mit !time! !start! !end! !title! !type! !location!, oder „-“ für keinen";
    run(&world, async |running| {
        running.until(100).await;
        world.pbx.save_page("GUI_STATUSTEXT", "!nix!");
        running.until(200).await;
        world.pbx.save_page("GUI_CHATINDIKATOR", "Fort");
        running.until(5100).await;
        shows(&world, 1000, ("AWAY", "Later"));
        let problems = problems(&running).await;
        assert!(problems.iter().all(|problem| problem.kind == "settings" && problem.member.is_none()), "{problems:?}");
        let texts: Vec<&str> = problems.iter().map(|problem| problem.text.as_str()).collect();
        let choice = "Chatindikator (Seite des Moduls): „Fort“ ist keine der Möglichkeiten; erlaubt: Abwesend, DND, \
                      Offline, -";
        assert_eq!(texts, [choice, flaw]);
        assert!(problems[0].since > problems[1].since, "each since it is there: {problems:?}");
        assert_eq!(running.snapshot().flaws, 2);
        world.pbx.save_page("GUI_STATUSTEXT", "");
        world.pbx.save_page("GUI_CHATINDIKATOR", "DND");
        running.until(5101).await;
        shows(&world, 1000, ("DO_NOT_DISTURB", "Later"));
        assert_eq!(wrong(&running).await, []);
        assert_eq!(running.snapshot().flaws, 0);
    })
    .await;
    drop(listening);
    let text = log.text();
    assert_eq!(text.matches("unbekannte Variable").count(), 1, "{text}");
    assert_eq!(text.matches("The module's page can be used again").count(), 1, "{text}");
}

#[tokio::test]
async fn another_group_counts_at_once() {
    let world = world(3);
    for account in [1000, 1001, 1002, 1003] {
        world.tenant.put(account, entry("Sitzung", 10, 5000));
    }
    world.pbx.join_group(3000, member(1000));
    world.pbx.join_group(3000, member(1003));
    run(&world, async |running| {
        running.until(100).await;
        shows(&world, 1002, ("AWAY", "Sitzung"));
        shows(&world, 1003, NEUTRAL);
        world.pbx.save_page("GUI_O365_GRUPPE", "3000");
        running.until(101).await;
        shows(&world, 1000, ("AWAY", "Sitzung"));
        shows(&world, 1001, NEUTRAL);
        shows(&world, 1002, NEUTRAL);
        shows(&world, 1003, ("AWAY", "Sitzung"));
        world.pbx.save_page("GUI_O365_GRUPPE", "2001");
        running.until(102).await;
        shows(&world, 1001, ("AWAY", "Sitzung"));
        shows(&world, 1003, NEUTRAL);
    })
    .await;
    let of_first = world.pbx.written().into_iter().filter(|(_, account, _)| *account == 1000);
    assert_eq!(of_first.count(), 2, "who is in both groups is not touched");
}

#[tokio::test]
async fn a_group_that_cannot_be_read_takes_nothing_off() {
    let world = world(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    world.pbx.join_group(3000, member(1001));
    run(&world, async |running| {
        running.until(100).await;
        world.pbx.fail("members");
        world.pbx.save_page("GUI_O365_GRUPPE", "3000");
        running.until(200).await;
        shows(&world, 1000, ("AWAY", "Sitzung"));
        world.pbx.failing.lock().unwrap().clear();
        running.until(260).await;
        shows(&world, 1000, NEUTRAL);
    })
    .await;
}

#[tokio::test]
async fn another_tenant_is_asked_at_once_and_what_the_former_still_answers_does_not_count() {
    let world = world(1);
    let other = Arc::new(Tenant::default());
    world.tenant.put(1000, entry("Former", 10, 5000));
    other.put(1000, entry("Present", 10, 5000));
    world.tenant.be(Mood::Away);
    let tenants = [("firma.example", Arc::clone(&world.tenant)), ("andere.example", Arc::clone(&other))];
    world
        .run_by_page(BySettings::new(&world, tenants), async |running| {
            running.until(100).await;
            shows(&world, 1000, NEUTRAL);
            world.pbx.save_page("GUI_TENANT_ID", "andere.example");
            running.until(101).await;
            shows(&world, 1000, ("AWAY", "Present"));
            world.tenant.be(Mood::Well);
            assert_eq!(wrong(&running).await, []);
            let reads = world.tenant.reads.lock().unwrap().len();
            running.until(400).await;
            assert_eq!(world.tenant.reads.lock().unwrap().len(), reads);
        })
        .await;
}

#[tokio::test]
async fn a_read_under_way_when_the_tenant_changes_is_made_again_of_the_other() {
    let world = world(1);
    let other = Arc::new(Tenant::default());
    other.put(1000, entry("Present", 10, 5000));
    world.tenant.put(1000, entry("Former", 10, 5000));
    let tenants = [("firma.example", Arc::clone(&world.tenant)), ("andere.example", Arc::clone(&other))];
    world
        .run_by_page(BySettings::new(&world, tenants), async |running| {
            let answer = world.tenant.hold_answers();
            running.until(50).await;
            shows(&world, 1000, NEUTRAL);
            world.pbx.save_page("GUI_TENANT_ID", "andere.example");
            running.until(51).await;
            drop(answer);
            running.until(52).await;
            shows(&world, 1000, ("AWAY", "Present"));
        })
        .await;
    assert!(!world.pbx.written().iter().any(|(_, _, value)| value == "Former"), "{:?}", world.pbx.written());
}

#[tokio::test]
async fn a_shorter_interval_of_reading_calendars_counts_at_once() {
    let world = world(1);
    world.pbx.change_page("GUI_CHECK_INTERVALL", "3600");
    run(&world, async |running| {
        running.until(100).await;
        world.pbx.save_page("GUI_CHECK_INTERVALL", "10.0");
        running.until(101).await;
        world.tenant.put(1000, entry("Spontan", 0, 5000));
        running.until(111).await;
        shows(&world, 1000, ("AWAY", "Spontan"));
    })
    .await;
}

#[tokio::test]
async fn a_change_that_nobody_told_of_is_noticed_by_its_revision() {
    let world = world(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    run(&world, async |running| {
        running.until(100).await;
        world.pbx.change_page("GUI_CHATINDIKATOR", "DND");
        running.until(550).await;
        shows(&world, 1000, ("AWAY", "Sitzung"));
        running.until(650).await;
        shows(&world, 1000, ("DO_NOT_DISTURB", "Sitzung"));
    })
    .await;
    assert_eq!(calls(&world, "page"), 2);
}

#[tokio::test]
async fn after_a_restart_of_the_module_the_page_is_read_again() {
    let world = world(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    run(&world, async |running| {
        running.until(100).await;
        world.pbx.change_page("GUI_CHATINDIKATOR", "DND");
        world.pbx.restart();
        running.until(130).await;
        shows(&world, 1000, ("DO_NOT_DISTURB", "Sitzung"));
    })
    .await;
}

#[tokio::test]
async fn a_page_that_cannot_be_read_changes_nothing_and_is_read_when_it_can() {
    let world = world(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    run(&world, async |running| {
        running.until(100).await;
        world.pbx.fail("page");
        world.pbx.save_page("GUI_CHATINDIKATOR", "DND");
        running.until(200).await;
        shows(&world, 1000, ("AWAY", "Sitzung"));
        let wrong = wrong(&running).await;
        assert_eq!(wrong, [("pbx".to_owned(), "failed to get an answer from the PBX in time".to_owned())]);
        world.pbx.failing.lock().unwrap().clear();
        running.until(240).await;
        shows(&world, 1000, ("DO_NOT_DISTURB", "Sitzung"));
    })
    .await;
}

#[tokio::test]
async fn a_service_that_starts_waits_for_an_absent_pbx_ever_longer_and_ends_when_it_is_told_to() {
    let world = world(1);
    world.pbx.be(Mood::Away);
    run(&world, async |running| {
        running.until(300).await;
        assert_eq!(wrong(&running).await.len(), 1);
        assert!((10..=20).contains(&calls(&world, "page")), "{} times in 300 s", calls(&world, "page"));
        assert!(running.snapshot().round > 20, "a watchdog hears of it");
    })
    .await;
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    run(&world, async |running| {
        running.until(320).await;
        world.pbx.be(Mood::Well);
        running.until(360).await;
        shows(&world, 1000, ("AWAY", "Sitzung"));
        assert_eq!(wrong(&running).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_service_that_starts_with_a_wrong_page_waits_says_what_is_wrong_and_works_when_it_is_mended() {
    let log = Log::default();
    let listening = log.listen();
    let world = world(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    world.pbx.change_page("GUI_O365_GRUPPE", "");
    world.pbx.change_page("GUI_MAX_TAGE", "viele");
    run(&world, async |running| {
        running.until(100).await;
        let settings = |text: &str| ("settings".to_owned(), text.to_owned());
        let expected = [
            settings("Office365 Gruppe (Seite des Moduls): fehlt; erlaubt: eine Gruppe aus der Liste"),
            settings(
                "Maximale Terminlänge [Tage] (Seite des Moduls): „viele“ ist keine ganze Zahl; \
                 erlaubt: eine ganze Zahl von 1 bis 366",
            ),
        ];
        assert_eq!(wrong(&running).await, expected);
        assert_eq!(running.snapshot().flaws, 2);
        let member = "1000".to_owned();
        let refused = running.ask(|reply| Command::End { member, reply }).await;
        assert_eq!(refused, Err(Refusal::NoOrders));
        let refused = running.ask(|reply| Command::Restore { member: None, reply }).await;
        assert_eq!(refused, Err(Refusal::NoOrders));
        let since = super::world::at(0);
        let refused = running.ask(|reply| Command::History { member: None, since, reply }).await;
        assert_eq!(refused, Err(Refusal::NoOrders));
        assert!(calls(&world, "page") < 10, "{} times in 100 s", calls(&world, "page"));
        world.pbx.change_page("GUI_MAX_TAGE", "31");
        world.pbx.save_page("GUI_O365_GRUPPE", "2001");
        running.until(106).await;
        shows(&world, 1000, ("AWAY", "Sitzung"));
        assert_eq!(wrong(&running).await, []);
    })
    .await;
    drop(listening);
    let text = log.text();
    assert_eq!(text.matches("ist keine ganze Zahl").count(), 1, "{text}");
}

#[tokio::test]
async fn what_an_earlier_life_holds_stays_held_while_the_page_is_wrong() {
    let world = world(1);
    world.tenant.put(1000, entry("Sitzung", 10, 5000));
    run(&world, async |running| running.until(100).await).await;
    world.pbx.change_page("GUI_DIENST", "vielleicht");
    run(&world, async |running| {
        running.until(200).await;
        shows(&world, 1000, ("AWAY", "Sitzung"));
        world.pbx.save_page("GUI_DIENST", "Stoppen");
        running.until(210).await;
        shows(&world, 1000, NEUTRAL);
    })
    .await;
    assert_eq!(world.journal.holds(), 0);
}

#[tokio::test]
async fn a_saved_page_has_the_members_read_again_also_where_the_page_decides_nothing() {
    let world = World::of(1);
    world.tenant.put(1001, entry("Sitzung", 10, 5000));
    world
        .run(async |running| {
            running.until(100).await;
            world.pbx.join(member(1001));
            world.pbx.save_page("GUI_CHATINDIKATOR", "DND");
            running.until(101).await;
            shows(&world, 1001, ("AWAY", "Sitzung"));
        })
        .await;
    assert_eq!(calls(&world, "page"), 0);
}
