//! What has happened on the PBX: the module's event queue.
//!
//! One event that cannot be read costs no other: it is left out and counted.

use std::time::Duration;

use chrono::DateTime;
use dxr::Value;

use super::XmlRpc;
use super::call::{Params, text};
use super::data::Data;
use crate::pbx::error::Malformed;
use crate::pbx::{Drained, EVENTS_MAX, Event, EventKind, PbxError, WAIT_MAX};
use crate::rules::{AccountId, zone};

/// Asks for the events after a number, and lets the module wait for one.
pub(super) async fn drain(
    client: &XmlRpc,
    queue: Option<String>,
    after: u64,
    wait: Duration,
) -> Result<Drained, PbxError> {
    let wait = Duration::from_secs(wait.min(WAIT_MAX).as_secs());
    let params = Params::from([
        ("queue".to_owned(), text(queue.unwrap_or_default())),
        ("after".to_owned(), text(after.to_string())),
        ("wait".to_owned(), text(wait.as_secs().to_string())),
    ]);
    drained(client.held_call("drainEvents", params, wait).await?)
}

pub(super) fn drained(data: Data) -> Result<Drained, PbxError> {
    let queue = data.text("queue")?.filter(|queue| !queue.is_empty()).ok_or(Malformed::Missing("queue"))?;
    let seq = data.number("seq")?.ok_or(Malformed::Missing("seq"))?;
    let told: Vec<Option<Event>> =
        data.part("events")?.into_members().map(|(_, value)| event(value).ok().flatten()).collect();
    let skipped = told.iter().filter(|event| event.is_none()).count();
    let mut events: Vec<Event> = told.into_iter().flatten().collect();
    events.sort_by_key(|event| event.seq);
    if events.len() > EVENTS_MAX {
        events.truncate(EVENTS_MAX);
        // The next call goes on behind the last one that was taken.
        let last = events.last().map_or(seq, |event| event.seq);
        return Ok(Drained { queue, seq: last, events, skipped });
    }
    Ok(Drained { queue, seq, events, skipped })
}

/// Reads an event; nothing where something of it is missing.
fn event(value: Value) -> Result<Option<Event>, PbxError> {
    let event = Data::new(value, "an event")?;
    let account = || -> Result<Option<AccountId>, PbxError> {
        Ok(event.text("account")?.and_then(|account| account.trim().parse().ok()))
    };
    let kind = match event.text("kind")?.unwrap_or_default().trim() {
        "end" => account()?.map(EventKind::End),
        "back" => account()?.map(EventKind::Back),
        "config" => Some(EventKind::Config),
        "" => None,
        _ => Some(EventKind::Unknown),
    };
    let at = event.number("at")?.and_then(|at| DateTime::from_timestamp_millis(i64::try_from(at).ok()?));
    let at = at.filter(zone::is_usable);
    let seq = event.number("seq")?;
    Ok(seq.zip(kind).zip(at).map(|((seq, kind), at)| Event { seq, kind, at }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn structure<const N: usize>(members: [(&str, Value); N]) -> Value {
        Value::Struct(members.map(|(name, value)| (name.to_owned(), value)).into())
    }

    fn told<const N: usize>(leaves: [(&str, &str); N]) -> Value {
        structure(leaves.map(|(name, leaf)| (name, text(leaf))))
    }

    fn queue_with(events: Vec<Value>) -> Data {
        let events = events.into_iter().enumerate().map(|(index, event)| (index.to_string(), event)).collect();
        let data = [("queue", text("q")), ("seq", text("5000")), ("events", Value::Struct(events))];
        Data::new(structure(data), "x").unwrap()
    }

    #[test]
    fn an_event_is_read_whatever_types_the_pbx_made_of_it() {
        #[track_caller]
        fn case(told: Value, expected: Option<EventKind>) {
            let shown = format!("{told:?}");
            let drained = drained(queue_with(vec![told])).unwrap();
            assert_eq!(drained.events.first().map(|event| event.kind), expected, "{shown}");
            assert_eq!(drained.skipped, usize::from(expected.is_none()), "{shown}");
        }
        let anna = AccountId(1010);
        let whole = |kind, account| told([("seq", "7"), ("kind", kind), ("account", account), ("at", "1795000020123")]);
        case(whole("end", "1010"), Some(EventKind::End(anna)));
        case(whole("back", "1010"), Some(EventKind::Back(anna)));
        case(whole("config", ""), Some(EventKind::Config));
        case(whole("moon", "1010"), Some(EventKind::Unknown));
        let mapped = [("seq", Value::Integer(7)), ("kind", text("end")), ("account", Value::Integer(1010))];
        let at = ("at", Value::Long(1_795_000_020_123));
        let [seq, kind, account] = mapped;
        case(structure([seq, kind, account, at]), Some(EventKind::End(anna)));
        case(whole("end", ""), None);
        case(whole("back", "x"), None);
        case(whole("", "1010"), None);
        case(told([("seq", "7"), ("kind", "config")]), None);
        case(told([("kind", "config"), ("at", "1795000020123")]), None);
        case(told([("seq", "-7"), ("kind", "config"), ("at", "1795000020123")]), None);
        case(told([("seq", "7"), ("kind", "config"), ("at", "18446744073709551615")]), None);
        case(told([("seq", "7"), ("kind", "config"), ("at", "8210266876799999")]), None);
        case(structure([("seq", Value::Array(Vec::new()))]), None);
        case(text("broken"), None);
    }

    #[test]
    fn events_come_in_the_order_of_their_numbers_with_their_instants() {
        let end = |seq: &str, at: &str| told([("seq", seq), ("kind", "end"), ("account", "1010"), ("at", at)]);
        let drained = drained(queue_with(vec![end("10", "2000"), text("broken"), end("9", "1000")])).unwrap();
        let found: Vec<(u64, i64)> =
            drained.events.iter().map(|event| (event.seq, event.at.timestamp_millis())).collect();
        assert_eq!(found, [(9, 1000), (10, 2000)]);
        assert_eq!((drained.queue.as_str(), drained.seq, drained.skipped), ("q", 5000, 1));
    }

    #[test]
    fn more_events_than_are_taken_are_left_for_the_next_call() {
        let config = |seq: usize| told([("seq", seq.to_string().as_str()), ("kind", "config"), ("at", "0")]);
        let drained = drained(queue_with((1..=EVENTS_MAX + 3).map(config).collect())).unwrap();
        assert_eq!((drained.events.len(), drained.seq, drained.skipped), (EVENTS_MAX, EVENTS_MAX as u64, 0));
    }

    #[test]
    fn a_queue_without_its_name_or_number_is_malformed() {
        #[track_caller]
        fn case(data: Value, missing: &'static str) {
            let error = drained(Data::new(data, "x").unwrap()).unwrap_err();
            assert_eq!(error.to_string(), PbxError::from(Malformed::Missing(missing)).to_string());
        }
        case(told([("seq", "1")]), "queue");
        case(told([("seq", "1"), ("queue", "")]), "queue");
        case(told([("queue", "q")]), "seq");
        let no_events = told([("queue", "q"), ("seq", "1"), ("events", "")]);
        assert!(drained(Data::new(no_events, "x").unwrap()).unwrap().events.is_empty());
    }
}
