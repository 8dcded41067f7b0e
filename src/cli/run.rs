//! `run`: the service.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use futures_util::future::{Either, select};
use tokio::sync::watch;
use tracing::{info, warn};

use super::{Ending, wiring};
use crate::clock::{Clock, SystemClock};
use crate::engine::{Engine, Ports, Snapshot};
use crate::journal::{Journal, Opened, SqliteJournal};
use crate::lifecycle::{self, Lifecycle, Systemd};
use crate::pbx::Caller;
use crate::settings::{LogFormat, Settings};
use crate::telemetry::{self, Colours, Format, Reader};
use crate::web::control::Control;

/// How long background tasks may take to end.
const FINISH_MAX: Duration = Duration::from_secs(10);

/// Runs the service until SIGTERM or SIGINT. What is held stays held.
pub(super) async fn run(settings: Settings, colours: Colours) -> anyhow::Result<Ending> {
    telemetry::init(settings.log.level, format(settings.log.format), Reader::of_stderr(colours))?;
    let clock = SystemClock;
    let lifecycle = Lifecycle::with_signals(Systemd::of_this_process()).context("listen to signals")?;
    for warning in &settings.warnings {
        warn!(key = warning.key, wrong = warning.wrong, allowed = warning.allowed, "A setting deserves a look.");
    }
    let journal = open_journal(&settings, clock)?;
    let ended = serve(&settings, journal.clone(), clock, &lifecycle).await;
    let finished = lifecycle.finish(&clock, FINISH_MAX).await;
    journal.close().await.context("close the journal")?;
    ended?;
    Ok(match finished {
        lifecycle::Ending::Clean | lifecycle::Ending::GivenUp(_) => Ending::Well,
        lifecycle::Ending::Died(_) => Ending::Broken,
    })
}

fn format(format: LogFormat) -> Format {
    match format {
        LogFormat::Auto => Format::Auto,
        LogFormat::Text => Format::Text,
        LogFormat::Json => Format::Json,
    }
}

fn open_journal(settings: &Settings, clock: SystemClock) -> anyhow::Result<SqliteJournal> {
    let path = &settings.store.path;
    let (journal, opened) =
        SqliteJournal::open(path, clock.now()).with_context(|| format!("open the journal {}", path.display()))?;
    match opened {
        Opened::Begun => info!("A new journal was begun."),
        Opened::Found => info!("The journal was opened."),
    }
    Ok(journal)
}

/// Puts the rooms together and runs the engine until the end is asked for.
async fn serve(
    settings: &Settings,
    journal: SqliteJournal,
    clock: SystemClock,
    lifecycle: &Lifecycle,
) -> anyhow::Result<()> {
    let owner = journal.load().await.context("read the journal")?.owner;
    let first_seq = journal.reserve_seq(0).await.context("reserve numbers in the journal")?;
    let ports = Ports {
        calendars: Arc::new(wiring::calendars(settings, clock)?),
        pbx: Arc::new(wiring::pbx(settings, Caller::new(owner, first_seq), clock)?),
        journal,
        clock,
    };
    let engine = Engine::start(ports, wiring::orders(settings)).await.context("read the journal")?;
    match Control::bind(&settings.store.path) {
        Ok(control) => lifecycle.spawn("control socket", control.serve(engine.commands(), clock, lifecycle.stop())),
        // Appointments come before commands.
        Err(error) => warn!(%error, "The control socket cannot be made, so commands do not reach this service."),
    }
    let snapshots = engine.snapshots();
    let systemd = lifecycle.systemd().clone();
    lifecycle.spawn("sign of life", feed_watchdog(snapshots, systemd.clone()));
    systemd.ready();
    info!(version = env!("CARGO_PKG_VERSION"), "The service works.");
    let stop = lifecycle.stop();
    match select(pin!(engine.run(stop.soft())), pin!(stop.hard())).await {
        Either::Left((ended, _)) => Ok(ended?),
        Either::Right(((), _)) => Ok(()),
    }
}

/// Tells systemd of every completed round; ends with the engine.
async fn feed_watchdog(mut snapshots: watch::Receiver<Snapshot>, systemd: Systemd) {
    let mut said = String::new();
    while snapshots.changed().await.is_ok() {
        let status = status_line(&snapshots.borrow_and_update());
        systemd.alive();
        if status != said {
            systemd.status(&status);
            said = status;
        }
    }
}

fn status_line(snapshot: &Snapshot) -> String {
    if !snapshot.members_known {
        return "waits for the PBX to name the members".to_owned();
    }
    let trouble = match snapshot.troubled {
        0 => String::new(),
        troubled => format!(", {troubled} calendars cannot be read"),
    };
    format!("{} members, {} fields overlaid{trouble}", snapshot.members, snapshot.holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systemd_is_told_in_one_line_how_things_are() {
        let mut snapshot = Snapshot::default();
        assert_eq!(status_line(&snapshot), "waits for the PBX to name the members");
        snapshot = Snapshot { members_known: true, members: 12, holds: 4, ..snapshot };
        assert_eq!(status_line(&snapshot), "12 members, 4 fields overlaid");
        snapshot.troubled = 1;
        assert_eq!(status_line(&snapshot), "12 members, 4 fields overlaid, 1 calendars cannot be read");
    }
}
