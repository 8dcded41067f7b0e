//! What the service of a root sees: the simulated tenant and PBX, and how an unattended installation is told of them.

use crate::process::site::{ANNA, Site};

/// A site whose page has the group; Anna has an appointment now.
pub(crate) async fn site() -> Site {
    let site = Site::new().await;
    let group = site.pbx.setup().group.0.to_string();
    site.pbx.save_page(|page| page.set("GUI_O365_GRUPPE", &group));
    site.begin(ANNA, "Kunde ABC");
    site
}

/// The settings as assignments before a command of the shell.
pub(crate) fn environment(site: &Site) -> String {
    let (setup, app) = (site.pbx.setup(), site.tenant.credentials());
    let settings = [
        ("STARFACE__URL", site.pbx.url().to_string()),
        ("STARFACE__LOGIN", setup.login),
        ("STARFACE__PASSWORD", setup.password.expose().to_owned()),
        ("STARFACE__MODULE_KEY", setup.key.expose().to_owned()),
        ("GRAPH__TENANT_ID", app.tenant_id),
        ("GRAPH__CLIENT_ID", app.client_id),
        ("GRAPH__CLIENT_SECRET", app.client_secret.expose().to_owned()),
        ("GRAPH__ENDPOINT", site.tenant.endpoint().to_string()),
        ("GRAPH__LOGIN_ENDPOINT", site.tenant.login_endpoint().to_string()),
    ];
    settings.iter().map(|(key, value)| format!("STARFACE_CALENDAR__{key}='{value}' ")).collect()
}

/// The secrets of the site, none of which may be in an output.
pub(crate) fn secrets(site: &Site) -> [String; 3] {
    let (setup, app) = (site.pbx.setup(), site.tenant.credentials());
    [setup.password, setup.key, app.client_secret].map(|secret| secret.expose().to_owned())
}

/// What Anna's telephone shows: whether it is away, as an appointment makes it.
pub(crate) fn anna_is_away(site: &Site) -> bool {
    site.pbx.shows(ANNA).is_some_and(|shown| shown.chat_presence == "AWAY")
}

/// Waits until an appointment makes Anna's telephone away.
pub(crate) async fn until_anna_is_away(site: &Site) {
    site.until(|| anna_is_away(site), || format!("{:?}", site.pbx.shows(ANNA))).await;
}

/// Anna's telephone shows what it showed before.
#[track_caller]
pub(crate) fn anna_is_as_before(site: &Site) {
    let shown = site.pbx.shows(ANNA).unwrap();
    assert_eq!((&*shown.chat_presence, &*shown.chat_presence_message), ("AVAILABLE", ""));
}
