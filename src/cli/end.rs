//! `end`: ends a member's active entries early, by the running service.

use clap::Args;

use super::Ending;
use super::printing::{count, say};
use crate::clock::SystemClock;
use crate::engine::Ended;
use crate::settings::Local;
use crate::web::control::{Ask, Client};

/// Arguments of `end`.
#[derive(Clone, Debug, Args)]
pub(super) struct End {
    /// A login, an e-mail address, or an account such as id:1010
    member: String,
}

/// Asks the service, and says what ended.
pub(super) async fn end(arguments: End, local: &Local) -> anyhow::Result<Ending> {
    let ask = Ask::End { member: arguments.member };
    let ended: Ended = Client::new(&local.store.path, SystemClock).ask(&ask).await?;
    say(&words(&ended))?;
    Ok(Ending::Well)
}

fn words(ended: &Ended) -> String {
    let whom = format!("{} ({})", ended.member.name, ended.member.login);
    match ended.entries {
        0 => format!("{whom} has no active entry; nothing was done.\n"),
        entries => {
            let entries = count(entries, "active entry was", "active entries were");
            format!("{whom}: {entries} ended early; everything is taken off.\n")
        }
    }
}
