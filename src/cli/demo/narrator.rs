//! Tells what happens, as it happens.

use std::collections::BTreeMap;

use tokio::sync::{broadcast, mpsc};

use super::service::LogLine;
use super::stage::{FIELDS, NUMBERS, PEOPLE};
use crate::clock::{Clock, SystemClock};
use crate::rules::Why;
use crate::sim::pbx::{Change, RedirectChange, StateField};

/// Something to tell.
#[derive(Debug)]
pub(super) enum Heard {
    /// The PBX shows something else.
    Change(Change),
    /// A called number leads somewhere else.
    Redirect(RedirectChange),
    /// The service said something.
    Log(LogLine),
    /// The demo itself did something.
    Aside(String),
}

/// Passes the PBX's changes on; ends when either side does.
pub(super) async fn follow<Of: Clone>(
    mut changes: broadcast::Receiver<Of>,
    told: fn(Of) -> Heard,
    heard: mpsc::Sender<Heard>,
) {
    loop {
        match changes.recv().await {
            Ok(change) => {
                if heard.send(told(change)).await.is_err() {
                    return;
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// Prints everything that is heard.
pub(super) async fn narrate(mut hearing: mpsc::Receiver<Heard>, appointments: BTreeMap<String, &'static str>) {
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
            Heard::Redirect(change) => {
                let (from, to) = (change.from.words(), change.to.words());
                let (at, whom) = (super::time(change.at), name(change.account.0));
                println!("{at}  {whom:<14} calls to {:<14} {from} → {to}", change.field.as_str());
            }
            Heard::Log(line) => {
                let Some(words) = reason(&line, &appointments) else { continue };
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

/// What a telephone shows, in one line: presence and text, and what is not as usual of the rest.
pub(super) fn line(shows: &[String]) -> String {
    let [presence, text, telephony, dnd, ..] = shows else { return String::new() };
    let key = if telephony == "ACTIVE" { "  red key" } else { "" };
    let dnd = if dnd == "true" { "  DND" } else { "" };
    format!("{presence:<15} {}{key}{dnd}", quoted(text))
}

/// Where a person's numbers led, as the page "Umleitung: Immer" shows it: a row for each number.
pub(super) fn redirect_page(before: &[String], during: &[String], after: &[String]) -> String {
    let leads = |shows: &[String], number: usize| shows.get(FIELDS.len() + number).cloned().unwrap_or_default();
    let row = |cells: [&str; 4]| format!("    {:<15} {:<12} {:<15} {}\n", cells[0], cells[1], cells[2], cells[3]);
    let mut page = row(["calls to", "before", "during", "after"]);
    for (index, number) in NUMBERS.iter().enumerate() {
        page += &row([number, &leads(before, index), &leads(during, index), &leads(after, index)]);
    }
    page
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
fn reason(line: &LogLine, appointments: &BTreeMap<String, &'static str>) -> Option<String> {
    let entry = line.entry.as_ref().and_then(|hash| appointments.get(hash));
    match (&line.why, entry, line.level.as_str()) {
        (Some(why), Some(entry), "INFO") => Some(format!("why: {why} ({entry})")),
        (Some(why), None, "INFO") => Some(format!("why: {why}")),
        // After its death the service finds the write done that it never heard of, and does not repeat it.
        (Some(why), ..) if why == Why::Settles.words() => Some(format!("found done, nothing to repeat: {why}")),
        (_, _, "WARN" | "ERROR") => Some(line.message.clone()),
        _ => None,
    }
}
