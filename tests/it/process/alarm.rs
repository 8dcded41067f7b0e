//! Alarms of the service as a process, to a mail server that nobody here wrote.

use serde_json::Value;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::secret::Secret;
use starface_calendar::sim::Times;
use starface_calendar::sim::pbx::{Calls, Fault};
use starface_calendar::sim::tenant::{Appointment, Credentials};

use super::page;
use super::site::{ANNA, Site, address};
use crate::alarm::peer::{Peer, text};

const SECRET: &str = "GEHEIMER-TITEL";

/// Settings under which every problem is told at once.
fn settings(port: u16, more: &str) -> String {
    format!("[alarm]\nto = [\"admin@firma.example\"]\nafter = \"1s\"\nsmtp_url = \"smtp://127.0.0.1:{port}\"\n{more}")
}

/// Nothing may be in a mail or a log that is nobody's business.
#[track_caller]
fn nothing_secret(site: &Site, told: &str) {
    let (app, setup) = (site.tenant.credentials(), site.pbx.setup());
    for word in [app.client_secret.expose(), setup.key.expose(), setup.password.expose(), SECRET] {
        assert!(!told.contains(word), "{told}");
    }
}

fn with_secret(site: &Site, secret: &str) -> Credentials {
    Credentials { client_secret: Secret::new(secret), ..site.tenant.credentials() }
}

#[tokio::test]
async fn an_app_secret_that_is_replaced_in_entra_is_told_by_mail_and_later_that_it_is_mended() {
    let site = Site::new().await;
    let mut peer = Peer::plain().await;
    site.write_settings(&settings(peer.port, ""));
    site.begin(ANNA, SECRET);
    let given = site.tenant.credentials();
    site.tenant.replace_credentials(with_secret(&site, "another-secret-word"));
    let service = site.start();
    let first = peer.mail().await;
    assert_eq!(text(&first, "subject"), "Kalender Connector: Problem – Das App-Secret ist falsch");
    assert_eq!(first["to"], Value::from(vec!["admin@firma.example"]));
    assert_eq!(first["headers"]["auto-submitted"], "auto-generated");
    let said = text(&first, "text");
    let file = site.settings_file();
    let app = &given.client_id;
    assert!(said.contains(&format!("App-Registrierungen > {app} > Zertifikate & Geheimnisse")), "{said}");
    assert!(said.contains(&format!("(graph.client_secret, {} line", file.display())), "{said}");
    site.tenant.replace_credentials(given.clone());
    site.shows(ANNA, "AWAY", SECRET).await;
    let resolved = peer.mail().await;
    assert_eq!(text(&resolved, "subject"), "Kalender Connector: Problem – Behoben: Das App-Secret ist falsch");
    assert_ne!(first["headers"]["message-id"], resolved["headers"]["message-id"]);
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    for told in [said, text(&resolved, "raw"), text(&first, "raw"), log.as_str()] {
        nothing_secret(&site, told);
    }
    assert!(!log.contains("admin@firma.example"), "{log}");
}

#[tokio::test]
async fn a_redirect_that_must_not_be_made_is_told_at_once_by_the_time_of_its_entry() {
    let site = Site::new().await;
    let mut peer = Peer::plain().await;
    site.write_settings(&settings(peer.port, ""));
    site.pbx.give_number(ANNA, "0041712345610".parse().unwrap());
    let now = SystemClock.now();
    let appointment = Appointment::timed(now - chrono::TimeDelta::minutes(1), now + chrono::TimeDelta::hours(1));
    let appointment = appointment.subject(SECRET).category("_SF_AUL_extern_aktivieren");
    site.tenant.put(&address(ANNA), appointment.body(format!("@@Extern: 0900123456\n{SECRET}")));
    let service = site.start();
    let mail = peer.mail().await;
    let title = "Das Ziel einer Umleitung ist nicht zugelassen";
    assert_eq!(text(&mail, "subject"), format!("Kalender Connector: Problem – {title}"));
    let said = text(&mail, "text");
    assert!(said.contains("Anna Muster (Login 1010)"), "{said}");
    assert!(said.contains("externe Anrufe; Termin ") && said.contains(", Gebucht"), "{said}");
    nothing_secret(&site, said);
    let (_, log) = service.terminate().await;
    nothing_secret(&site, &log);
}

#[tokio::test]
async fn what_cannot_be_sent_is_counted_in_the_status_and_sent_by_the_next_life() {
    let site = Site::new().await;
    site.write_settings(&settings(closed_port().await, ""));
    site.tenant.replace_credentials(with_secret(&site, "another-secret-word"));
    let service = site.start();
    loop {
        let output = site.output(&["status"]).await;
        let status = String::from_utf8(output.stdout).unwrap();
        if status.contains("1 mail about problems waits to be sent; the log says why.") {
            break;
        }
    }
    let (_, log) = service.terminate().await;
    assert_eq!(log.matches("Mail cannot be sent; it is kept and tried again.").count(), 1, "{log}");
    let mut peer = Peer::plain().await;
    site.write_settings(&settings(peer.port, ""));
    let service = site.start();
    let mail = peer.mail().await;
    assert_eq!(text(&mail, "subject"), "Kalender Connector: Problem – Das App-Secret ist falsch");
    let (_, log) = service.terminate().await;
    assert_eq!(log.matches("A mail tells of a problem.").count(), 0, "it is told once: {log}");
}

/// A port on which nobody listens.
async fn closed_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn who_is_told_is_decided_on_the_page_and_changes_without_a_restart() {
    let site = page::site().await;
    let mut peer = Peer::plain().await;
    let more = format!("[alarm]\nafter = \"1s\"\nsmtp_url = \"smtp://127.0.0.1:{}\"\n", peer.port);
    let file = std::fs::read_to_string(site.settings_file()).unwrap();
    site.replace_settings(&format!("{file}{more}"));
    site.pbx.save_page(|page| page.set("GUI_APP_SECRET", "wrong"));
    let service = site.start();
    page::problems(&site, 1).await;
    site.pbx.save_page(|page| page.set("GUI_ALARM_MAIL", "boss@firma.example").set("GUI_SPRACHE", "English"));
    let mail = peer.mail().await;
    assert_eq!(mail["to"], Value::from(vec!["boss@firma.example"]));
    assert_eq!(text(&mail, "subject"), "Kalender Connector: Problem – The app secret is wrong");
    let said = text(&mail, "text");
    assert!(said.contains("(graph.client_secret, field \"App-Secret\" on the module's page)"), "{said}");
    // A page that cannot be used any more is told to whom the last good one names.
    site.pbx.save_page(|page| page.set("GUI_MAX_TAGE", "viele"));
    let mail = peer.mail().await;
    assert_eq!(text(&mail, "subject"), "Kalender Connector: Problem – A setting on the module's page cannot be used");
    let (_, log) = service.terminate().await;
    nothing_secret(&site, &log);
}

#[tokio::test]
async fn a_service_that_never_reached_the_pbx_tells_whom_its_own_file_names() {
    let site = page::site().await;
    let mut peer = Peer::plain().await;
    let file = std::fs::read_to_string(site.settings_file()).unwrap();
    site.replace_settings(&format!("{file}{}", settings(peer.port, "")));
    site.pbx.fail(Calls::All, Fault::Gone, Times::Always);
    let service = site.start();
    let mail = peer.mail().await;
    let title = "Die STARFACE ist nicht erreichbar oder antwortet mit Fehlern";
    assert_eq!(text(&mail, "subject"), format!("Kalender Connector: Problem – {title}"));
    site.pbx.heal();
    let mail = peer.mail().await;
    assert_eq!(text(&mail, "subject"), format!("Kalender Connector: Problem – Behoben: {title}"));
    service.terminate().await;
}
