//! The service by the module's page, as a process: nothing in its settings but the way to the PBX.

use serde_json::Value;
use starface_calendar::sim::Times;
use starface_calendar::sim::pbx::{Calls, Fault, Method, Page};

use super::site::{ANNA, BEAT, Site};

/// A site whose page has everything, and whose settings file only what this machine knows.
pub(super) async fn site() -> Site {
    let site = Site::new().await;
    let setup = site.pbx.setup();
    let text = format!(
        "[starface]\nurl = \"{}\"\npassword = \"{}\"\nmodule_key = \"{}\"\ntimeout = \"5s\"\n\
         [graph]\nendpoint = \"{}\"\nlogin_endpoint = \"{}\"\ncheck_interval = \"1s\"\n[web]\nlisten = \"\"\n[store]\npath = \"{}\"\n",
        site.pbx.url(),
        setup.password.expose(),
        setup.key.expose(),
        site.tenant.endpoint(),
        site.tenant.login_endpoint(),
        site.folder.path().join("state/state.db").display(),
    );
    site.replace_settings(&text);
    let app = site.tenant.credentials();
    site.pbx.save_page(|page| {
        page.set("GUI_DIENST", "Starten").set("GUI_O365_GRUPPE", &setup.group.to_string());
        page.set("GUI_TENANT_ID", &app.tenant_id).set("GUI_APP_ID", &app.client_id);
        page.set("GUI_APP_SECRET", app.client_secret.expose()).set("GUI_CONNECTOR_KEY", setup.key.expose());
        page.set("GUI_STATUSTEXT", "!title!").set("GUI_ZEITZONE", "Europe/Zurich").set("GUI_MAX_TAGE", "31.0")
    });
    site
}

fn set<'a>(variable: &'a str, value: &'a str) -> impl FnOnce(&mut Page) -> &mut Page + 'a {
    move |page| page.set(variable, value)
}

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Waits until the service's status has so many problems, and returns their texts.
pub(super) async fn problems(site: &Site, count: usize) -> Vec<String> {
    loop {
        let output = site.output(&["status", "--json"]).await;
        let status: Value = serde_json::from_str(&stdout(&output)).unwrap_or_default();
        let problems = status["problems"].as_array().cloned().unwrap_or_default();
        if output.status.success() && problems.len() == count {
            return problems.iter().map(|problem| problem["text"].as_str().unwrap().to_owned()).collect();
        }
    }
}

#[tokio::test]
async fn the_page_alone_runs_the_service_and_what_is_saved_there_acts_without_a_restart() {
    let site = site().await;
    site.person_sets(ANNA, "AVAILABLE", "Before");
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.pbx.save_page(set("GUI_CHATINDIKATOR", "DND"));
    site.shows(ANNA, "DO_NOT_DISTURB", "Muster AG").await;
    site.pbx.save_page(set("GUI_STATUSTEXT", "!wer!"));
    let flaw = problems(&site, 1).await.remove(0);
    assert!(flaw.starts_with("Statustextformat (Seite des Moduls): „!wer!“ hat die unbekannte Variable"), "{flaw}");
    site.begin(BEAT, "Kunde ABC");
    site.shows(BEAT, "DO_NOT_DISTURB", "Kunde ABC").await;
    site.pbx.save_page(|page| page.set("GUI_STATUSTEXT", "-").set("GUI_CHATINDIKATOR", "Offline"));
    site.shows(ANNA, "UNAVAILABLE", "Before").await;
    assert_eq!(problems(&site, 0).await, [""; 0]);
    site.pbx.save_page(set("GUI_DIENST", "Stoppen"));
    site.shows(ANNA, "AVAILABLE", "Before").await;
    site.shows(BEAT, "AVAILABLE", "").await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(log.matches("The module's page cannot be used").count(), 1, "{log}");
    let (app, setup) = (site.tenant.credentials(), site.pbx.setup());
    for secret in [app.client_secret.expose(), setup.key.expose(), setup.password.expose()] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn a_service_that_starts_waits_for_a_page_that_can_be_used_and_ends_by_sigterm() {
    let site = site().await;
    site.pbx.save_page(set("GUI_O365_GRUPPE", ""));
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    let missing = "Office365 Gruppe (Seite des Moduls): fehlt; erlaubt: eine Gruppe aus der Liste";
    assert_eq!(problems(&site, 1).await, [missing]);
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(site.pbx.writes().is_empty());
    let service = site.start();
    assert_eq!(problems(&site, 1).await, [missing]);
    site.pbx.save_page(set("GUI_O365_GRUPPE", &site.pbx.setup().group.to_string()));
    site.shows(ANNA, "AWAY", "Muster AG").await;
    service.terminate().await;
}

#[tokio::test]
async fn a_service_that_starts_waits_for_a_pbx_that_is_not_there_yet() {
    let site = site().await;
    site.pbx.fail(Calls::All, Fault::Gone, Times::Always);
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    let problem = problems(&site, 1).await.remove(0);
    assert!(problem.contains("the PBX"), "{problem}");
    site.pbx.heal();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(log.matches("The module's page cannot be read").count(), 1, "{log}");
}

#[tokio::test]
async fn a_wrong_app_secret_is_mended_on_the_page_without_a_restart() {
    let site = site().await;
    site.pbx.save_page(set("GUI_APP_SECRET", "wrong"));
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    assert_eq!(problems(&site, 1).await.len(), 1);
    site.pbx.save_page(set("GUI_APP_SECRET", site.tenant.credentials().client_secret.expose()));
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let (_, log) = service.terminate().await;
    assert!(log.contains("Calendars can be read again."), "{log}");
}

#[tokio::test]
async fn check_examines_the_page_field_by_field() {
    let site = site().await;
    let output = site.output(&["check"]).await;
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("page                   revision 2 with 8 fields"), "{text}");
    assert!(text.contains("given by the field App-Secret of the module's page"), "{text}");
    assert!(text.contains("mailboxes              2 of 2 can be read"), "{text}");
    site.pbx.save_page(|page| page.set("GUI_MAX_TAGE", "viele").set("GUI_FUNKTIONSTASTEN", "Rosa"));
    let output = site.output(&["check"]).await;
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(3), "{text}");
    let failed: Vec<&str> = text.lines().filter(|line| line.starts_with("failed")).collect();
    assert_eq!(
        failed,
        [
            "failed   page                   Funktionstastenindikator (Seite des Moduls): „Rosa“ ist keine der Möglichkeiten",
            "failed   page                   Maximale Terminlänge [Tage] (Seite des Moduls): „viele“ ist keine ganze Zahl",
        ]
    );
    assert!(text.contains("what helps: erlaubt: Rot, Blau, -"), "{text}");
    site.pbx.fail(Calls::Of(Method::GetConfig), Fault::Status(500), Times::Always);
    let output = site.output(&["check"]).await;
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("failed   page "), "{}", stdout(&output));
}

#[tokio::test]
async fn offline_the_page_is_left_out_and_that_is_said() {
    let site = site().await;
    let output = site.output(&["check", "--offline"]).await;
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("ok       page                   not examined"), "{text}");
    assert!(site.pbx.calls().is_empty() && site.tenant.counts().calls == 0);
}

#[tokio::test]
async fn restore_and_history_work_by_the_page_also_when_the_service_does_not_run() {
    let site = site().await;
    site.person_sets(ANNA, "AVAILABLE", "Before");
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    service.terminate().await;
    let history = site.output(&["history", "--member", "1010", "--json"]).await;
    assert_eq!(history.status.code(), Some(0));
    assert!(stdout(&history).contains("AWAY"), "{}", stdout(&history));
    site.pbx.save_page(set("GUI_MAX_TAGE", "viele"));
    let refused = site.output(&["restore"]).await;
    assert_eq!(refused.status.code(), Some(78));
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains("Maximale Terminlänge [Tage] (Seite des Moduls): „viele“"), "{words}");
    site.pbx.save_page(set("GUI_MAX_TAGE", "31"));
    let restored = site.output(&["restore"]).await;
    assert_eq!(restored.status.code(), Some(0), "{}", stdout(&restored));
    site.shows(ANNA, "AVAILABLE", "Before").await;
}
