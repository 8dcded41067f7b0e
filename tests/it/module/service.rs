//! The whole: the built program by the module's page, between a simulated tenant and the module's own Java in a
//! stand-in for STARFACE 10.

use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::rules::AccountId;
use starface_calendar::sim::tenant::{Appointment, AppointmentId};

use super::host::{ANNA, BEAT, GROUP, Host, KEY, PASSWORD};
use crate::process::site::{Site, address};

/// How often the stand-in is asked, and how many times before a test fails. It tells of no change by itself.
const PAUSE: TimeDelta = TimeDelta::milliseconds(20);
const LOOKS_MAX: u32 = 3_000;

/// What the stand-in shows of a member: presence, text, lamp, do not disturb.
fn state(shown: &Json) -> Json {
    json!([shown["presence"], shown["text"], shown["lamp"], shown["dnd"]])
}

/// A tenant, the program's settings and the stand-in with its page filled in.
struct World {
    site: Site,
    host: Host,
}

impl World {
    async fn new() -> Self {
        let (site, host) = (Site::new().await, Host::start());
        site.replace_settings(&format!(
            "[starface]\nurl = \"{}\"\npassword = \"{PASSWORD}\"\nmodule_key = \"{KEY}\"\ntimeout = \"10s\"\n\
             [graph]\nendpoint = \"{}\"\nlogin_endpoint = \"{}\"\ncheck_interval = \"1s\"\n[web]\nlisten = \"\"\n[store]\npath = \"{}\"\n",
            host.url(),
            site.tenant.endpoint(),
            site.tenant.login_endpoint(),
            site.folder.path().join("state/state.db").display(),
        ));
        let world = Self { site, host };
        let app = world.site.tenant.credentials();
        world.save(&[
            ("GUI_DIENST", "Starten"),
            ("GUI_O365_GRUPPE", &GROUP.to_string()),
            ("GUI_CHECK_INTERVALL", ""),
            ("GUI_ZEITZONE", "Europe/Zurich"),
            ("GUI_STATUSTEXT", "!title!"),
            ("GUI_CHATINDIKATOR", "Abwesend"),
            ("GUI_FUNKTIONSTASTEN", "Rot"),
            ("GUI_KAT_AKTIV", "true"),
            ("GUI_TENANT_ID", &app.tenant_id),
            ("GUI_APP_ID", &app.client_id),
            ("GUI_APP_SECRET", app.client_secret.expose()),
        ]);
        world
    }

    /// Enters this on the page and saves it.
    fn save(&self, entered: &[(&str, &str)]) {
        for (variable, value) in entered {
            self.host.tell(&["field", variable, value]);
        }
        self.host.tell(&["save"]);
    }

    /// Puts an appointment that is active now and for an hour.
    fn begin(&self, account: AccountId, change: impl FnOnce(Appointment) -> Appointment) -> AppointmentId {
        let now = SystemClock.now();
        let appointment = Appointment::timed(now - TimeDelta::minutes(1), now + TimeDelta::hours(1));
        self.site.tenant.put(&address(account), change(appointment))
    }

    /// Waits until the stand-in shows this of a member.
    async fn shows(&self, account: AccountId, expected: Json) {
        self.sees(account, state, expected).await;
    }

    /// Waits until what is looked at of a member is this.
    async fn sees(&self, account: AccountId, look: impl Fn(&Json) -> Json, expected: Json) {
        let mut seen = Json::Null;
        for _ in 0..LOOKS_MAX {
            seen = look(&self.host.shows(account));
            if seen == expected {
                return;
            }
            SystemClock.sleep_until(SystemClock.now() + PAUSE).await;
        }
        panic!("{account} shows {seen}, not {expected}\n{}", self.host.tell(&["dump"])["log"]);
    }
}

#[tokio::test]
async fn an_appointment_goes_on_and_comes_off_through_the_modules_own_java() {
    let world = World::new().await;
    world.host.tell(&["number", "1010", "0041712345621"]);
    world.host.tell(&["presence", "1010", "FREE_FOR_CHAT"]);
    world.host.tell(&["text", "1010", "Größe 😀"]);
    let service = world.site.start();
    let before = json!(["FREE_FOR_CHAT", "Größe 😀", "AVAILABLE", false]);
    let appointment = world.begin(ANNA, |appointment| {
        let categories = ["_SF_Funktionstasten_aktivieren", "_SF_DND_aktivieren", "_SF_AUL_extern_aktivieren"];
        let appointment = categories.into_iter().fold(appointment, Appointment::category);
        appointment.subject("Muster AG – Zürich 😀").body("@@Extern: +41 79 123 45 67")
    });
    world.shows(ANNA, json!(["AWAY", "Muster AG – Zürich 😀", "ACTIVE", true])).await;
    let redirect = |shown: &Json| shown["redirects"]["0041712345621 ALWAYS"]["destination"].clone();
    let enabled = |shown: &Json| shown["redirects"]["0041712345621 ALWAYS"]["enabled"].clone();
    world.sees(ANNA, redirect, json!("0041791234567")).await;
    world.sees(ANNA, enabled, json!(true)).await;
    world.site.tenant.delete(&appointment);
    world.shows(ANNA, before).await;
    world.sees(ANNA, enabled, json!(false)).await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    for secret in [KEY, PASSWORD, "Muster AG", world.site.tenant.credentials().client_secret.expose()] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn an_end_call_ends_an_appointment_early_and_a_changed_page_acts_without_a_restart() {
    let world = World::new().await;
    let service = world.site.start();
    for account in [ANNA, BEAT] {
        world.begin(account, |appointment| appointment.subject("Kunde ABC"));
    }
    let at_work = json!(["AWAY", "Kunde ABC", "AVAILABLE", false]);
    let before = json!(["AVAILABLE", "", "AVAILABLE", false]);
    world.shows(ANNA, at_work.clone()).await;
    world.shows(BEAT, at_work.clone()).await;
    world.host.tell(&["dial-end", "channel-1", &ANNA.to_string()]);
    world.shows(ANNA, before.clone()).await;
    assert_eq!(state(&world.host.shows(BEAT)), at_work, "nobody else's ends");
    world.save(&[("GUI_CHATINDIKATOR", "DND"), ("GUI_STATUSTEXT", "-"), ("GUI_KAT_FUNKTIONSTASTEN_IMMER", "true")]);
    world.shows(BEAT, json!(["DO_NOT_DISTURB", "", "ACTIVE", false])).await;
    assert_eq!(state(&world.host.shows(ANNA)), before, "what was ended stays ended");
    world.save(&[("GUI_DIENST", "Stoppen")]);
    world.shows(BEAT, before).await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
}
