//! `run`: the service.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use futures_util::future::{Either, select};
use tokio::sync::{mpsc, watch};
use tracing::{info, warn};

use super::{Ending, wiring};
use crate::clock::{Clock, SystemClock};
use crate::engine::{Command, Engine, First, Instructions, Interpreter, Orders, Ports, Snapshot, Waiting};
use crate::graph::GraphClient;
use crate::journal::{Journal, Kept, Opened, SqliteJournal};
use crate::lifecycle::{self, Lifecycle, Systemd};
use crate::meter::Meter;
use crate::pbx::{Caller, Page, Pbx, XmlRpc};
use crate::settings::{Local, LogFormat, RulesSource};
use crate::telemetry::{self, Colours, Format, Reader};
use crate::web::control::Control;

mod alarm;
mod front;
mod page;
mod shadow;

use alarm::Alarms;
use front::Front;
use page::{FromPage, warn_of};

/// How long background tasks may take to end.
const FINISH_MAX: Duration = Duration::from_secs(10);

/// Arguments of `run`.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Run {
    /// Decide and record what would be done, and write nothing to the PBX
    #[arg(long)]
    shadow: bool,
}

/// Runs the service, or its shadow, until SIGTERM or SIGINT. What is held stays held.
pub(super) async fn run(arguments: Run, mut local: Local, colours: Colours) -> anyhow::Result<Ending> {
    telemetry::init(local.log.level, format(local.log.format), Reader::of_stderr(colours))?;
    let clock = SystemClock;
    let lifecycle = Lifecycle::with_signals(Systemd::of_this_process()).context("listen to signals")?;
    let journal = if arguments.shadow { shadow::open_journal(&mut local, clock) } else { open_journal(&local, clock) }?;
    let ended = if arguments.shadow {
        let begin = |pbx, kept: &Kept| shadow::begin(pbx, kept, journal.clone(), &lifecycle);
        serve(local, journal.clone(), clock, &lifecycle, begin).await
    } else {
        serve(local, journal.clone(), clock, &lifecycle, |pbx, _| Arc::new(pbx)).await
    };
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

fn open_journal(local: &Local, clock: SystemClock) -> anyhow::Result<SqliteJournal> {
    let path = &local.store.path;
    let (journal, opened) =
        SqliteJournal::open(path, clock.now()).with_context(|| format!("open the journal {}", path.display()))?;
    match opened {
        Opened::Begun => info!("A new journal was begun."),
        Opened::Found => info!("The journal was opened."),
    }
    Ok(journal)
}

/// The PBX as the service has it, or its shadow.
trait Served: Pbx {
    /// Whether nothing is written.
    const MODE: Mode;

    /// Returns the orders that are obeyed.
    fn obeyed(&self, orders: Orders) -> Orders;
}

/// Whether a service runs or its shadow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Service,
    Shadow,
}

impl Served for XmlRpc {
    const MODE: Mode = Mode::Service;

    fn obeyed(&self, orders: Orders) -> Orders {
        orders
    }
}

/// The engine over such a PBX.
type Service<P> = Engine<GraphClient, P, SqliteJournal, SystemClock>;

/// Puts the rooms together and runs the engine until the end is asked for.
async fn serve<P: Served>(
    local: Local,
    journal: SqliteJournal,
    clock: SystemClock,
    lifecycle: &Lifecycle,
    served: impl FnOnce(XmlRpc, &Kept) -> Arc<P>,
) -> anyhow::Result<()> {
    let meter = Meter::default();
    let front = Front::new(&local.web, meter.clone())?;
    let kept = journal.load().await.context("read the journal")?;
    let first_seq = journal.reserve_seq(0).await.context("reserve numbers in the journal")?;
    let caller = Caller::new(kept.owner.clone(), first_seq);
    let pbx = served(wiring::pbx(&local.starface, caller, clock, meter.clone())?, &kept);
    let engine = match local.source {
        RulesSource::File => by_file(&local, pbx, (journal, kept), clock, lifecycle, front).await?,
        RulesSource::Page => match by_page(local, pbx, (journal, kept), clock, lifecycle, front).await? {
            Some(engine) => engine,
            None => return Ok(()),
        },
    };
    let engine = engine.measured_by(meter);
    let engine = if P::MODE == Mode::Shadow { engine.in_shadow() } else { engine };
    let stop = lifecycle.stop();
    match select(pin!(engine.run(stop.soft())), pin!(stop.hard())).await {
        Either::Left((ended, _)) => Ok(ended?),
        Either::Right(((), _)) => Ok(()),
    }
}

/// Starts the engine with what this machine says.
async fn by_file<P: Served>(
    local: &Local,
    pbx: Arc<P>,
    (journal, kept): (SqliteJournal, Kept),
    clock: SystemClock,
    lifecycle: &Lifecycle,
    front: Front,
) -> anyhow::Result<Service<P>> {
    let meter = front.meter().clone();
    let settings = local.settings()?;
    warn_of(&settings.warnings);
    let calendars = Arc::new(wiring::calendars(&settings.graph, wiring::bodies(&settings), clock, meter.clone())?);
    let orders = pbx.obeyed(wiring::orders(&settings));
    let ports = Ports { calendars, pbx, journal: journal.clone(), clock };
    let engine = Engine::start(ports, orders).await.context("read the journal")?;
    if P::MODE == Mode::Service {
        let alarms = Alarms::new(kept, watch::channel(alarm::orders(local, &settings)).1);
        alarms.start(engine.commands(), journal, clock, lifecycle, meter);
    }
    attach::<P>(local, (engine.commands(), engine.snapshots()), clock, lifecycle, front);
    Ok(engine)
}

/// Waits for the module's page and starts the engine with what it says; nothing when the end is asked for before.
async fn by_page<P: Served>(
    local: Local,
    pbx: Arc<P>,
    (journal, kept): (SqliteJournal, Kept),
    clock: SystemClock,
    lifecycle: &Lifecycle,
    front: Front,
) -> anyhow::Result<Option<Service<P>>> {
    let meter = front.meter().clone();
    let waiting = Waiting::new(Arc::clone(&pbx), clock, local.zone);
    let mut waiting = if P::MODE == Mode::Shadow { waiting.in_shadow() } else { waiting };
    attach::<P>(&local, (waiting.commands(), waiting.snapshots()), clock, lifecycle, front);
    let page = FromPage::new(local, clock, meter.clone());
    if P::MODE == Mode::Service {
        let alarms = Alarms::new(kept, page.alarms());
        alarms.start(waiting.commands(), journal.clone(), clock, lifecycle, meter.clone());
    }
    let mut interpreter = Obeyed { page, pbx: Arc::clone(&pbx) };
    let Some(first) = waiting.first(&mut interpreter, lifecycle.stop().soft()).await else {
        info!("The service stops before it began; what is held stays held.");
        return Ok(None);
    };
    let First { instructions: Instructions { orders, calendars }, revision } = first;
    let ports = Ports { calendars, pbx, journal, clock };
    let engine = Engine::start(ports, orders).await.context("read the journal")?;
    Ok(Some(engine.after(waiting, Box::new(interpreter), revision)))
}

/// Makes orders of the module's page, as they are obeyed.
struct Obeyed<P> {
    page: FromPage<SystemClock>,
    pbx: Arc<P>,
}

impl<P: Served> Interpreter<GraphClient> for Obeyed<P> {
    fn interpret(&mut self, page: &Page) -> Result<Instructions<GraphClient>, Vec<String>> {
        let Instructions { orders, calendars } = self.page.interpret(page)?;
        Ok(Instructions { orders: self.pbx.obeyed(orders), calendars })
    }
}

/// Connects the service with those who ask it and with systemd.
fn attach<P: Served>(
    local: &Local,
    (commands, snapshots): (mpsc::Sender<Command>, watch::Receiver<Snapshot>),
    clock: SystemClock,
    lifecycle: &Lifecycle,
    front: Front,
) {
    front.open(commands.clone(), snapshots.clone(), clock, lifecycle);
    match Control::bind(&local.store.path) {
        Ok(control) => lifecycle.spawn("control socket", control.serve(commands, clock, lifecycle.stop())),
        // Appointments come before commands.
        Err(error) => warn!(%error, "The control socket cannot be made, so commands do not reach this service."),
    }
    let systemd = lifecycle.systemd().clone();
    lifecycle.spawn("sign of life", feed_watchdog(snapshots, P::MODE, systemd.clone()));
    systemd.ready();
    if P::MODE == Mode::Shadow {
        info!("This is a shadow run: nothing is written to the PBX.");
    }
    info!(version = env!("CARGO_PKG_VERSION"), "The service has started.");
}

/// Tells systemd of every completed round; ends with the engine.
async fn feed_watchdog(mut snapshots: watch::Receiver<Snapshot>, mode: Mode, systemd: Systemd) {
    let mut said = String::new();
    while snapshots.changed().await.is_ok() {
        let status = status_line(&snapshots.borrow_and_update());
        let status = if mode == Mode::Shadow { format!("shadow run, writes nothing: {status}") } else { status };
        systemd.alive();
        if status != said {
            systemd.status(&status);
            said = status;
        }
    }
}

fn status_line(snapshot: &Snapshot) -> String {
    let flaws = match snapshot.flaws {
        0 => String::new(),
        flaws => format!(", {flaws} fields of the module's page cannot be used"),
    };
    if !snapshot.members_known {
        return format!("waits for the PBX to name the members{flaws}");
    }
    let trouble = match snapshot.troubled {
        0 => String::new(),
        troubled => format!(", {troubled} calendars cannot be read"),
    };
    format!("{} members, {} fields overlaid{trouble}{flaws}", snapshot.members, snapshot.holds)
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
        snapshot = Snapshot { flaws: 2, ..Snapshot::default() };
        let flaws = "2 fields of the module's page cannot be used";
        assert_eq!(status_line(&snapshot), format!("waits for the PBX to name the members, {flaws}"));
        snapshot = Snapshot { members_known: true, ..snapshot };
        assert_eq!(status_line(&snapshot), format!("0 members, 0 fields overlaid, {flaws}"));
    }
}
