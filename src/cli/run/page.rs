//! Makes the engine's orders of the module's page, by the settings.

use std::sync::Arc;

use tokio::sync::watch;
use tracing::warn;

use super::alarm::orders_in_need;
use crate::alarm;
use crate::cli::wiring;
use crate::clock::Clock;
use crate::engine::{Instructions, Interpreter};
use crate::graph::{Bodies, GraphClient};
use crate::meter::Meter;
use crate::pbx::Page;
use crate::settings::{Graph, Local, Problem, SettingsError};

/// What the page completes, and what was made of it last.
pub(super) struct FromPage<K> {
    local: Local,
    clock: K,
    /// Where the clients count.
    meter: Meter,
    /// The client in use, for which tenant and app, and whether it reads texts.
    calendars: Option<(Graph, Bodies, Arc<GraphClient>)>,
    warned: Vec<Problem>,
    /// Where the alarms take their orders from.
    alarms: watch::Sender<alarm::Orders>,
}

impl<K: Clock> FromPage<K> {
    /// Takes what this machine says, and says at once what of it deserves a look: the page may be long in coming.
    pub(super) fn new(local: Local, clock: K, meter: Meter) -> Self {
        let alarms = watch::Sender::new(orders_in_need(&local, &local.alarm));
        warn_of(&local.warnings);
        let warned = local.warnings.clone();
        Self { local, clock, meter, calendars: None, warned, alarms }
    }

    /// Returns what the alarms are told to do, now and later.
    pub(super) fn alarms(&self) -> watch::Receiver<alarm::Orders> {
        self.alarms.subscribe()
    }

    /// Tells the alarms what to do, if it is news.
    fn tell_alarms(&self, orders: alarm::Orders) {
        self.alarms.send_if_modified(|before| {
            let is_news = *before != orders;
            *before = orders;
            is_news
        });
    }

    /// Returns the client in use while tenant and app are the same, as it has a token and knows the tenant's pace.
    fn calendars(&mut self, graph: &Graph, bodies: Bodies) -> anyhow::Result<Arc<GraphClient>> {
        if let Some((before, read, calendars)) = &self.calendars
            && before.reaches_as(graph)
            && *read == bodies
        {
            return Ok(Arc::clone(calendars));
        }
        let calendars = Arc::new(wiring::calendars(graph, bodies, self.clock.clone(), self.meter.clone())?);
        self.calendars = Some((graph.clone(), bodies, Arc::clone(&calendars)));
        Ok(calendars)
    }
}

impl<K: Clock> Interpreter<GraphClient> for FromPage<K> {
    fn interpret(&mut self, page: &Page) -> Result<Instructions<GraphClient>, Vec<String>> {
        let settings = self.local.settings_with(&page.fields, &page.lists).map_err(|error| {
            // Whoever is to be told of a page that cannot be used may stand on it. Later, the last good settings say so.
            if self.calendars.is_none()
                && let Some(alarm) = self.local.alarm_with(&page.fields, &page.lists)
            {
                self.tell_alarms(orders_in_need(&self.local, &alarm));
            }
            lines(&error)
        })?;
        let read = self.calendars(&settings.graph, wiring::bodies(&settings));
        let calendars = read.map_err(|error| vec![format!("failed to {error:#}")])?;
        warn_of(settings.warnings.iter().filter(|warning| !self.warned.contains(warning)));
        let orders = wiring::orders(&settings);
        self.tell_alarms(super::alarm::orders(&self.local, &settings));
        self.warned = settings.warnings;
        Ok(Instructions { orders, calendars })
    }
}

/// Says what can be used but deserves a look.
pub(super) fn warn_of<'a>(warnings: impl IntoIterator<Item = &'a Problem>) {
    for warning in warnings {
        warn!(key = warning.key, wrong = warning.wrong, allowed = warning.allowed, "A setting deserves a look.");
    }
}

fn lines(error: &SettingsError) -> Vec<String> {
    let more = (error.untold > 0).then(|| format!("and {} more", error.untold));
    error.problems.iter().map(ToString::to_string).chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::settings::Sources;

    fn interpreter() -> FromPage<SystemClock> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let machine =
            "rules.time_zone = \"Europe/Zurich\"\nstarface.password = \"word\"\nstarface.module_key = \"word\"\n";
        std::fs::write(&file, machine).unwrap();
        FromPage::new(Local::load(&Sources::of_file(file)).unwrap(), SystemClock, Meter::default())
    }

    fn page(more: &[(&str, &str)]) -> Page {
        let least = [
            ("GUI_O365_GRUPPE", "2001"),
            ("GUI_TENANT_ID", "firma.example"),
            ("GUI_APP_ID", "11111111-2222-3333-4444-555555555555"),
            ("GUI_APP_SECRET", "word"),
        ];
        let fields = least.iter().chain(more).map(|(variable, value)| ((*variable).to_owned(), (*value).to_owned()));
        Page { fields: fields.collect(), ..Page::default() }
    }

    #[test]
    fn the_client_with_its_token_stays_while_tenant_and_app_do() {
        let mut interpreter = interpreter();
        let mut calendars = |more: &[(&str, &str)]| interpreter.interpret(&page(more)).unwrap().calendars;
        let first = calendars(&[]);
        assert!(Arc::ptr_eq(&first, &calendars(&[("GUI_DIENST", "Stoppen"), ("GUI_CHECK_INTERVALL", "90")])));
        for another in [("GUI_TENANT_ID", "andere.example"), ("GUI_APP_SECRET", "another"), ("GUI_KAT_AKTIV", "false")]
        {
            assert!(!Arc::ptr_eq(&first, &calendars(&[another])), "{another:?}");
        }
    }

    #[test]
    fn a_wrong_page_is_told_line_by_line_and_changes_nothing() {
        let mut interpreter = interpreter();
        let first = interpreter.interpret(&page(&[])).unwrap().calendars;
        let wrong = page(&[("GUI_DIENST", "an"), ("GUI_APP_ID", "word"), ("GUI_APP_SECRET", "another")]);
        let flaws = interpreter.interpret(&wrong).unwrap_err();
        assert_eq!(
            flaws,
            [
                "App-ID (Seite des Moduls): ist keine GUID; erlaubt: die Anwendungs-ID (Client), eine GUID",
                "Dienst (Seite des Moduls): „an“ ist keine der Möglichkeiten; erlaubt: Starten, Stoppen",
            ]
        );
        assert!(Arc::ptr_eq(&first, &interpreter.interpret(&page(&[])).unwrap().calendars));
    }
}
