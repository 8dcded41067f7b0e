//! The alarms beside the engine: what they are told to do, and whom they ask.

use chrono_tz::Tz;
use tokio::sync::{mpsc, oneshot, watch};

use crate::alarm::{Findings, Given, Kind, Orders, Places, Roots, Smtp, Sources, Watch};
use crate::clock::Clock;
use crate::engine::Command;
use crate::journal::{Journal, Kept, KnownAlarm, Mail};
use crate::lifecycle::Lifecycle;
use crate::meter::Meter;
use crate::rules::text::Language;
use crate::settings::{Alarm, Local, Origin, Settings};

/// What the journal kept of alarms, and where their orders come from.
pub(super) struct Alarms {
    alarms: Vec<KnownAlarm>,
    mails: Vec<Mail>,
    orders: watch::Receiver<Orders>,
}

impl Alarms {
    /// Takes what the journal kept; the orders may change later.
    pub(super) fn new(kept: Kept, orders: watch::Receiver<Orders>) -> Self {
        Self { alarms: kept.alarms, mails: kept.mails, orders }
    }

    /// Starts the task, which asks over this line.
    pub(super) fn start(
        self,
        commands: mpsc::Sender<Command>,
        journal: impl Journal,
        clock: impl Clock,
        lifecycle: &Lifecycle,
        meter: Meter,
    ) {
        let post = Smtp::new(Roots::System, clock.clone());
        let watch = Watch::new(journal, (self.alarms, self.mails), clock, post, self.orders).measured_by(meter);
        let stop = lifecycle.stop();
        lifecycle.spawn("alarms", watch.run(FromEngine(commands), async move { stop.soft().await }));
    }
}

/// Asks the engine, between two rounds.
struct FromEngine(mpsc::Sender<Command>);

impl Sources for FromEngine {
    async fn findings(&mut self, mails_unsent: usize) -> Option<Findings> {
        let (reply, answer) = oneshot::channel();
        self.0.send(Command::Problems { mails_unsent, reply }).await.ok()?;
        answer.await.ok()
    }
}

/// Returns what the whole settings tell the alarms to do.
pub(super) fn orders(local: &Local, settings: &Settings) -> Orders {
    let app_secret = given(settings.secret_origin("graph.client_secret"));
    let places = Places { app: settings.graph.client_id.clone(), app_secret, ..places(local) };
    made(&settings.alarm, settings.language, settings.policy.zone, places)
}

/// Returns what is known without the rules: who is told is decided by this machine, or by this part of a page of which
/// another cannot be used.
pub(super) fn orders_in_need(local: &Local, alarm: &Alarm) -> Orders {
    made(alarm, local.language, local.zone, places(local))
}

fn made(alarm: &Alarm, language: Language, zone: Tz, places: Places) -> Orders {
    let kinds = [(Kind::Connector, alarm.connector), (Kind::Redirect, alarm.redirect)];
    Orders {
        to: alarm.to.clone(),
        subject: alarm.subject.clone(),
        kinds: kinds.into_iter().filter(|(_, is_on)| *is_on).map(|(kind, _)| kind).collect(),
        after: alarm.after,
        repeat: alarm.repeat,
        from: alarm.from.clone(),
        smtp_url: alarm.smtp_url.clone(),
        language,
        zone,
        places,
    }
}

fn places(local: &Local) -> Places {
    Places {
        login: local.starface.login.0.clone(),
        password: given(local.secret_origin("starface.password")),
        module_key: given(local.secret_origin("starface.module_key")),
        ..Places::default()
    }
}

fn given(origin: &Origin) -> Given {
    match origin {
        Origin::NotGiven => Given::Unknown,
        Origin::Page(label) => Given::Page((*label).to_owned()),
        here => Given::Here(here.to_string()),
    }
}
