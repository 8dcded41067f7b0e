//! A shadow run: the service over a PBX that takes no writes, with a journal of its own.
//!
//! Nothing outside this machine is changed: neither the PBX nor Outlook's categories, and no mail is sent.

use std::sync::Arc;

use anyhow::Context;
use tracing::info;

use super::{Mode, Served};
use crate::clock::{Clock, SystemClock};
use crate::engine::Orders;
use crate::engine::shadow::Beside;
use crate::journal::{Kept, Opened, SqliteJournal, shadow_path};
use crate::lifecycle::Lifecycle;
use crate::pbx::{Shadow, XmlRpc};
use crate::rules::Upkeep;
use crate::rules::text::Traces;
use crate::settings::Local;

/// Opens the journal of the shadow run, which lives beside it from then on as the service does beside its own.
pub(super) fn open_journal(local: &mut Local, clock: SystemClock) -> anyhow::Result<SqliteJournal> {
    let path = shadow_path(&local.store.path);
    let (journal, opened) = SqliteJournal::open_shadow(&local.store.path, clock.now())
        .with_context(|| format!("open the journal of the shadow run {}", path.display()))?;
    match opened {
        Opened::Begun => info!(path = %path.display(), "A new journal was begun for the shadow run."),
        Opened::Found => info!(path = %path.display(), "The journal of the shadow run was opened."),
    }
    local.store.path = path;
    Ok(journal)
}

/// Lays what an earlier shadow run held over the PBX, and looks at the differences until the end.
pub(super) fn begin(
    pbx: XmlRpc,
    kept: &Kept,
    journal: SqliteJournal,
    lifecycle: &Lifecycle,
) -> Arc<Shadow<XmlRpc, SystemClock>> {
    let pbx = Arc::new(Shadow::over(pbx, &kept.holds, SystemClock));
    let beside = Beside::new(Arc::clone(&pbx), journal, SystemClock);
    let stop = lifecycle.stop();
    lifecycle.spawn("look at differences", beside.run(async move { stop.soft().await }));
    pbx
}

impl Served for Shadow<XmlRpc, SystemClock> {
    const MODE: Mode = Mode::Shadow;

    /// Has nothing written, in Outlook neither, and recognises the original module by the texts that it makes.
    fn obeyed(&self, orders: Orders) -> Orders {
        self.recognise(Traces::of(orders.policy.text.as_ref().map(|text| &text.template)));
        Orders { upkeep: Upkeep::default(), ..orders }
    }
}
