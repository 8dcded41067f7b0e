//! Tells what happens, as it happens.

use tokio::sync::{broadcast, mpsc};

use super::service::LogLine;
use super::stage::PEOPLE;
use crate::clock::{Clock, SystemClock};
use crate::sim::pbx::{Change, StateField};

/// Something to tell.
#[derive(Debug)]
pub(super) enum Heard {
    /// The PBX shows something else.
    Change(Change),
    /// The service said something.
    Log(LogLine),
    /// The demo itself did something.
    Aside(String),
}

/// Passes the PBX's changes on; ends when either side does.
pub(super) async fn follow(mut changes: broadcast::Receiver<Change>, heard: mpsc::Sender<Heard>) {
    loop {
        match changes.recv().await {
            Ok(change) => {
                if heard.send(Heard::Change(change)).await.is_err() {
                    return;
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// Prints everything that is heard.
pub(super) async fn narrate(mut hearing: mpsc::Receiver<Heard>) {
    let mut told = None;
    while let Some(heard) = hearing.recv().await {
        match heard {
            Heard::Change(change) => {
                let (from, to) = (quoted(&change.from), quoted(&change.to));
                println!(
                    "{}  {:<14} {:<9} {from} → {to}",
                    super::time(change.at),
                    name(change.account.0),
                    field(&change)
                );
            }
            Heard::Log(line) => {
                let Some(words) = reason(&line) else { continue };
                // Presence and text change together and for one reason; it is told once.
                let whom = line.member.map(name).unwrap_or_default();
                let reason = (line.round, format!("{whom:<14} {words}"));
                if told.as_ref() != Some(&reason) {
                    println!("{:>10}{}", "", reason.1);
                    told = Some(reason);
                }
            }
            Heard::Aside(words) => println!("{}  {words}", super::time(SystemClock.now())),
        }
    }
}

/// A value in quotes, or that there is none.
pub(super) fn quoted(value: &str) -> String {
    if value.is_empty() { "(no text)".to_owned() } else { value.to_owned() }
}

fn name(account: u32) -> String {
    let person = PEOPLE.iter().find(|(known, ..)| *known == account);
    person.map_or_else(|| account.to_string(), |(_, first_name, family_name)| format!("{first_name} {family_name}"))
}

fn field(change: &Change) -> &'static str {
    match change.field {
        StateField::ChatPresence => "presence",
        StateField::ChatPresenceMessage => "text",
        StateField::TelephonyState => "indicator",
        StateField::DoNotDisturb => "DND",
        StateField::InCall => "call",
    }
}

/// What a log line adds to the story: why a field was changed, and whatever went wrong.
fn reason(line: &LogLine) -> Option<String> {
    match (&line.why, line.level.as_str()) {
        (Some(why), _) => Some(format!("why: {why}")),
        (None, "WARN" | "ERROR") => Some(line.message.clone()),
        (None, _) => None,
    }
}
