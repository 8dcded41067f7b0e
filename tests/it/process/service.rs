//! The service from its start to its end.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use starface_calendar::sim::Times;
use starface_calendar::sim::pbx::{Calls, Dialect, Method};
use starface_calendar::sim::tenant::{Bodies, Body, Fault, Sensitivity, Whom};

use super::site::{ANNA, BEAT, Site};

#[tokio::test]
async fn sigterm_keeps_what_is_held_and_ends_with_0() {
    let site = Site::new().await;
    site.person_sets(ANNA, "AVAILABLE", "Before");
    let meeting = site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(site.pbx.shows(ANNA).unwrap().chat_presence_message, "Muster AG");
    site.tenant.delete(&meeting);
    let service = site.start();
    site.shows(ANNA, "AVAILABLE", "Before").await;
    service.terminate().await;
}

#[tokio::test]
async fn a_second_service_on_one_state_file_ends_with_1_and_says_why() {
    let site = Site::new().await;
    site.begin(ANNA, "Muster AG");
    let first = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let (code, log) = site.start().ended().await;
    assert_eq!(code, Some(1));
    assert!(log.contains("another"), "{log}");
    let (code, _) = first.terminate().await;
    assert_eq!(code, Some(0));
}

#[tokio::test]
async fn the_state_is_private_to_its_user() {
    let site = Site::new().await;
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let mode = |name: &str| fs::metadata(site.folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("state"), mode("state/state.db")), (0o700, 0o600));
    service.terminate().await;
}

#[tokio::test]
async fn settings_that_cannot_be_used_end_with_78_and_name_every_problem() {
    let site = Site::new().await;
    site.write_settings("[rules.tags]\nallow = [\"sideways\"]\n[alarm]\nafter = \"soon\"");
    let (code, log) = site.start().ended().await;
    assert_eq!(code, Some(78));
    assert!(log.contains("rules.tags.allow") && log.contains("alarm.after"), "{log}");
}

#[tokio::test]
async fn one_mailbox_that_cannot_be_read_stops_nobody_else() {
    let site = Site::new().await;
    let whom = Whom::Mailbox(super::site::address(ANNA));
    site.tenant.fail(whom, Fault::ItemStatus(503), Times::Always);
    site.begin(ANNA, "Unknown");
    site.begin(BEAT, "Known");
    let service = site.start();
    site.shows(BEAT, "AWAY", "Known").await;
    site.tenant.heal();
    site.shows(ANNA, "AWAY", "Unknown").await;
    let (_, log) = service.terminate().await;
    assert!(log.contains("A calendar cannot be read"), "{log}");
    assert!(log.contains("A calendar can be read again"), "{log}");
}

#[tokio::test]
async fn the_service_speaks_with_a_pbx_of_the_apache_dialect() {
    let site = Site::new().await;
    site.pbx.speak(Dialect::Apache);
    site.person_sets(ANNA, "AVAILABLE", "Zürich & <Bern> 😀");
    let meeting = site.begin(ANNA, "Sitzung \"Öl\" 🚀");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Sitzung \"Öl\" 🚀").await;
    site.tenant.delete(&meeting);
    site.shows(ANNA, "AVAILABLE", "Zürich & <Bern> 😀").await;
    service.terminate().await;
}

#[tokio::test]
async fn a_pbx_that_restarts_in_the_middle_costs_nobody_anything() {
    let site = Site::new().await;
    site.write_settings("[rules.drift]\nreassert_interval = \"1s\"");
    site.person_sets(ANNA, "FREE_FOR_CHAT", "Before");
    let meeting = site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.pbx.restart();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.tenant.delete(&meeting);
    site.shows(ANNA, "FREE_FOR_CHAT", "Before").await;
    service.terminate().await;
}

#[tokio::test]
async fn no_secret_title_or_text_reaches_the_log_at_any_level() {
    let site = Site::new().await;
    site.write_settings("[log]\nlevel = \"trace\"\n[rules.drift]\nreassert_interval = \"1s\"");
    site.person_sets(ANNA, "AVAILABLE", "PRIVATER-VORTEXT");
    let meeting = site.begin(ANNA, "GEHEIMER-TITEL");
    site.tenant.change(&meeting, |appointment| {
        appointment.location = "GEHEIMER-ORT".to_owned();
        appointment.body = Body::Text("GEHEIMER-TEXT\n@@Extern: 0712345689".to_owned());
    });
    let hidden = site.begin(BEAT, "PRIVATER-TITEL");
    site.tenant.change(&hidden, |appointment| appointment.sensitivity = Sensitivity::Private);
    let service = site.start();
    site.shows(ANNA, "AWAY", "GEHEIMER-TITEL").await;
    site.person_sets(ANNA, "DO_NOT_DISTURB", "PRIVATER-ZWISCHENTEXT");
    site.shows(ANNA, "AWAY", "GEHEIMER-TITEL").await;
    // Trouble is where things slip out: refused tokens, lost answers, log-in pages, garbage.
    site.tenant.revoke_tokens();
    site.tenant.fail(Whom::Everybody, Fault::Garbage, Times::Next(1));
    site.pbx.fail(
        starface_calendar::sim::pbx::Calls::All,
        starface_calendar::sim::pbx::Fault::LoginPage,
        Times::Next(1),
    );
    site.pbx.lose_answers(1);
    site.tenant.delete(&meeting);
    site.shows(ANNA, "DO_NOT_DISTURB", "PRIVATER-ZWISCHENTEXT").await;
    let setup = site.pbx.setup();
    let app = site.tenant.credentials();
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    let secrets = [
        setup.password.expose(),
        setup.key.expose(),
        app.client_secret.expose(),
        "de.vertico.starface",
        "sim-token",
        "Bearer",
        "GEHEIMER",
        "PRIVATER",
        "0712345689",
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "the log holds {secret}:\n{log}");
    }
    assert!(log.lines().count() > 10, "the log is not empty:\n{log}");
}

#[tokio::test]
async fn of_a_text_only_its_tags_are_kept() {
    let site = Site::new().await;
    for (account, text, html) in [
        (ANNA, "GEHEIMER-TEXT\n@@Extern: 071 234 56 89 GEHEIMER-REST", None),
        (BEAT, "", Some("<p>GEHEIMER-TEXT</p><p>@@Intern: 07<b>12</b>345680</p>")),
    ] {
        let meeting = site.begin(account, "Muster AG");
        let body = html.map_or_else(|| Body::Text(text.to_owned()), |html| Body::Html(html.to_owned()));
        site.tenant.change(&meeting, |appointment| appointment.body = body);
    }
    site.tenant.give_bodies(Bodies::Html);
    let service = site.start();
    for account in [ANNA, BEAT] {
        site.shows(account, "AWAY", "Muster AG").await;
    }
    assert_eq!(service.terminate().await.0, Some(0));
    let mut kept = String::new();
    for file in fs::read_dir(site.folder.path().join("state")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap_or_default();
        kept.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert!(kept.contains("\"0712345689\"") && kept.contains("\"0712345680\""), "the tags are kept");
    assert!(!kept.contains("GEHEIMER"), "the texts are not");
}

#[tokio::test]
async fn beside_another_owner_the_service_waits_and_says_so_once() {
    let site = Site::new().await;
    site.pbx.other_owner_writes().unwrap();
    site.begin(ANNA, "Muster AG");
    let first = site.pbx.hold(Calls::Of(Method::ApplyStates), 1);
    let service = site.start();
    first.reached().await;
    let second = site.pbx.hold(Calls::Of(Method::ApplyStates), 1);
    first.release();
    second.reached().await;
    second.release();
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(site.pbx.writes().is_empty());
    let said = log.lines().filter(|line| line.contains("The PBX cannot be used") && line.contains("owner")).count();
    assert_eq!(said, 1, "{log}");
}
