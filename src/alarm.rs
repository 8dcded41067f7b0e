//! Mail about problems: who is told of what, how often, in which words, and over which server.
//!
//! A pure [`Ledger`] decides what is told: problems go in, mails come out, and nothing waits, reads or writes.
//! The [`Watch`] asks for the problems every few seconds, has the decisions kept by the journal, and hands one mail
//! after the other to the mail server. It runs beside the engine and never in front of a step. What cannot be sent is
//! kept and tried again, over restarts too.
//!
//! No mail, log or error holds a secret, or a word of an entry: an entry is named by its time and its show-as. Must not
//! know: Graph, the PBX, the engine, the settings.

use crate::rules::text::Language;

mod ledger;
mod letter;
mod orders;
mod outbox;
mod problem;
mod smtp;
mod watch;
mod words;

pub use ledger::{Case, Ledger, News};
pub use letter::Letter;
pub use orders::{Given, Orders, Places};
pub use outbox::{MAILS_MAX, Outbox};
pub use problem::{Cause, EntryNamed, EntryTime, Findings, Kind, Problem, Reach, Subject, Whom};
pub use smtp::{Post, PostError, Roots, Sent, Smtp};
pub use watch::{Sources, Watch};

/// Returns in one sentence what is wrong, by the name of its cause; nothing for a name that is not known.
pub(crate) fn sentence(cause: &str, language: Language) -> Option<&'static str> {
    let cause = Cause::ALL.into_iter().find(|known| known.name() == cause)?;
    Some((words::words(language).of)(cause).what)
}
