//! `restore`: takes everything off, by the running service or, where none holds the journal, by itself.

use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use super::printing::{count, field_of, say};
use super::progress::Progress;
use super::screen::Screen;
use super::{Ending, wiring};
use crate::clock::{Clock, SystemClock};
use crate::engine::{Engine, Ports, Restored, Unrestored};
use crate::journal::{Journal, SqliteJournal};
use crate::meter::Meter;
use crate::pbx::Caller;
use crate::settings::Local;
use crate::web::control::{Ask, Client, ControlError};

/// Arguments of `restore`.
#[derive(Clone, Debug, Args)]
pub(super) struct Restore {
    /// Only this one: a login, an e-mail address, or an account such as id:1010
    #[arg(long)]
    member: Option<String>,
}

/// Takes off, and names what could not be restored.
pub(super) async fn restore(arguments: Restore, local: &Local, screen: Screen) -> anyhow::Result<Ending> {
    let words_meanwhile = "Everything is taken off; with a PBX that does not answer this may take a minute …";
    let progress = Progress::endless(words_meanwhile);
    let ask = Ask::Restore { member: arguments.member.clone() };
    let restored = match Client::new(&local.store.path, SystemClock).ask(&ask).await {
        Err(ControlError::NotRunning { .. }) => restore_alone(arguments.member.as_deref(), local).await?,
        answered => answered?,
    };
    drop(progress);
    say(&words(&restored, screen))?;
    Ok(if restored.left.is_empty() { Ending::Well } else { Ending::Broken })
}

async fn restore_alone(member: Option<&str>, local: &Local) -> anyhow::Result<Restored> {
    let clock = SystemClock;
    let path = &local.store.path;
    // A journal begun here would belong to whoever runs this, and the service could not write it.
    if !path.try_exists().with_context(|| format!("look for the journal {}", path.display()))? {
        return Ok(Restored::default());
    }
    let (journal, _) =
        SqliteJournal::open(path, clock.now()).with_context(|| format!("open the journal {}", path.display()))?;
    let restored = take_off(member, local, journal.clone(), clock).await;
    journal.close().await.context("close the journal")?;
    restored
}

async fn take_off(
    member: Option<&str>,
    local: &Local,
    journal: SqliteJournal,
    clock: SystemClock,
) -> anyhow::Result<Restored> {
    let owner = journal.load().await.context("read the journal")?.owner;
    let first_seq = journal.reserve_seq(0).await.context("reserve numbers in the journal")?;
    let pbx = wiring::pbx(&local.starface, Caller::new(owner, first_seq), clock, Meter::default())?;
    let settings = wiring::settings(local, &pbx).await?;
    let calendars = Arc::new(wiring::calendars(&settings.graph, wiring::bodies(&settings), clock, Meter::default())?);
    let ports = Ports { calendars, pbx: Arc::new(pbx), journal, clock };
    let engine = Engine::start(ports, wiring::orders(&settings)).await.context("read the journal")?;
    Ok(engine.take_off(member).await?)
}

fn words(restored: &Restored, screen: Screen) -> String {
    let mut words = String::new();
    if restored.entries > 0 {
        words += &format!("{} ended early.\n", count(restored.entries, "active entry was", "active entries were"));
    }
    words += &match restored.fields {
        0 if restored.left.is_empty() => "Nothing is held.\n".to_owned(),
        fields => format!("{} as before.\n", count(fields, "field is", "fields are")),
    };
    if !restored.left.is_empty() {
        words += "Could not be restored:\n";
        words += &screen.table(&restored.left.iter().map(row).collect::<Vec<_>>());
    }
    words
}

fn row(left: &Unrestored) -> Vec<String> {
    let field = field_of(&left.field, left.number.as_deref());
    vec![left.member.login.clone(), left.member.name.clone(), field, left.why.clone()]
}
