//! Events: asked for, waited for, and beside every other call.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use starface_calendar::clock::{Clock, SimClock, SystemClock};
use starface_calendar::pbx::{Caller, Config, EventKind, Pbx as _, PbxError, ReadOnly, XmlRpc};
use starface_calendar::rules::AccountId;
use starface_calendar::sim::pbx::{Calls, Dialect, Fault, Method, Setup};
use starface_calendar::sim::{Pbx, Times};

use crate::pbx::{OWNER, away_step, client, impatient_client, module, recorded, structure, success, text};
use crate::sim::{ANNA, Switchboard, at, http, person};

/// The longest wait that the module allows.
const LONG: Duration = Duration::from_secs(25);

/// A simulated PBX with one member, and a client that fits it.
pub(crate) async fn start() -> (SimClock, Pbx, XmlRpc) {
    let clock = SimClock::new(at("2026-11-23T08:00:00Z"));
    let pbx = Pbx::start(clock.clone(), Setup::default()).await.unwrap();
    pbx.add_member(person(ANNA, "Anna"));
    let client = XmlRpc::new(config(&pbx), Caller::new(OWNER, 1), SystemClock).unwrap();
    (clock, pbx, client)
}

fn config(pbx: &Pbx) -> Config {
    let Setup { instance, login, password, key, .. } = pbx.setup();
    let fitting = crate::pbx::config(pbx.url().as_str());
    Config { instance, login, password, module_key: key, ..fitting }
}

#[tokio::test]
async fn events_are_read_from_the_start_and_then_after_the_last() {
    for dialect in [Dialect::Tagged, Dialect::Apache] {
        let (clock, pbx, client) = start().await;
        pbx.speak(dialect);
        pbx.person_dials_end(ANNA);
        clock.advance(TimeDelta::milliseconds(1500));
        pbx.page_changes();
        let first = client.drain(None, 0, LONG).await.unwrap();
        let found: Vec<_> = first.events.iter().map(|event| (event.seq, event.kind, event.at)).collect();
        let (end, config) = (at("2026-11-23T08:00:00Z"), at("2026-11-23T08:00:01.500Z"));
        assert_eq!(found, [(1, EventKind::End(ANNA), end), (2, EventKind::Config, config)]);
        assert_eq!((first.seq, first.skipped), (2, 0));
        let second = client.drain(Some(first.queue.clone()), first.seq, Duration::ZERO).await.unwrap();
        assert_eq!((second.queue, second.seq, second.events.len()), (first.queue, 2, 0));
    }
}

#[tokio::test]
async fn a_waiting_call_hears_of_an_event_and_holds_up_no_other_call() {
    let (clock, pbx, client) = start().await;
    let queue = client.info().await.unwrap().queue;
    let others = async {
        // The module's timer and the call.
        clock.waiting(2).await;
        assert!(client.apply(&[away_step(ANNA.0)]).await.errors.is_empty());
        assert_eq!(client.states(&[ANNA]).await.seen.len(), 1);
        pbx.person_dials_end(ANNA);
    };
    let (drained, ()) = tokio::join!(client.drain(Some(queue), 0, LONG), others);
    assert_eq!(drained.unwrap().events[0].kind, EventKind::End(ANNA));
}

#[tokio::test]
async fn a_restart_of_the_module_is_told_by_another_queue() {
    let (clock, pbx, client) = start().await;
    let queue = client.info().await.unwrap().queue;
    let update = async {
        clock.waiting(2).await;
        pbx.update_module();
    };
    let (drained, ()) = tokio::join!(client.drain(Some(queue.clone()), 0, LONG), update);
    assert_ne!(drained.unwrap().queue, queue);
}

#[tokio::test]
async fn the_queue_the_number_and_the_wait_go_out_as_strings_within_the_bounds() {
    async fn case(queue: Option<&str>, wait: Duration, expected: (&str, &str)) {
        let (server, calls) = recorded(|_| success(structure([("queue", text("q")), ("seq", text("9"))]))).await;
        client(&server.url).drain(queue.map(str::to_owned), 7, wait).await.unwrap();
        let calls = calls.lock().unwrap();
        assert_eq!(calls[0].method, "Kalender Connector.drainEvents");
        let sent = ["queue", "after", "wait"].map(|name| calls[0].param(name));
        assert_eq!(sent, [expected.0, "7", expected.1]);
        assert_eq!(calls[0].params().len(), 3);
    }
    case(Some("q"), LONG, ("q", "25")).await;
    case(None, Duration::ZERO, ("", "0")).await;
    case(Some("q"), Duration::from_secs(3600), ("q", "25")).await;
    case(Some("q"), Duration::from_millis(1999), ("q", "1")).await;
}

#[tokio::test]
async fn an_answer_that_is_held_back_for_the_wait_is_no_time_out_and_one_that_never_comes_is() {
    let (clock, pbx, _) = start().await;
    let impatient = Config { timeout: Duration::from_millis(200), ..config(&pbx) };
    let client = XmlRpc::new(impatient, Caller::new(OWNER, 1), SystemClock).unwrap();
    let queue = client.info().await.unwrap().queue;
    let gate = pbx.hold(Calls::Of(Method::Info), 1);
    let others = async {
        clock.waiting(2).await;
        // One whole time-out passes.
        assert!(matches!(client.info().await, Err(PbxError::TimedOut)));
        pbx.page_changes();
    };
    let (drained, ()) = tokio::join!(client.drain(Some(queue), 0, LONG), others);
    assert_eq!(drained.unwrap().events.len(), 1);
    drop(gate);

    let server = module(|_| std::future::pending()).await;
    let error = impatient_client(&server.url).drain(None, 0, Duration::ZERO).await.unwrap_err();
    assert!(matches!(error, PbxError::TimedOut), "{error:?}");
}

#[tokio::test]
async fn a_failed_drain_says_why() {
    let (_, pbx, client) = start().await;
    let fails = async |fault| {
        pbx.fail(Calls::Of(Method::DrainEvents), fault, Times::Next(1));
        client.drain(None, 0, LONG).await.unwrap_err()
    };
    assert!(matches!(fails(Fault::Gone).await, PbxError::Lost { .. }));
    assert!(matches!(fails(Fault::LoginPage).await, PbxError::Authentication));
    assert!(matches!(fails(Fault::Status(503)).await, PbxError::Status(503)));
    pbx.delete_instance();
    assert!(matches!(client.drain(None, 0, LONG).await, Err(PbxError::NoSuchMethod)));
}

#[tokio::test]
async fn a_dry_run_hears_of_events_too() {
    let (_, pbx, client) = start().await;
    pbx.page_changes();
    let drained = ReadOnly(client).drain(None, 0, Duration::ZERO).await.unwrap();
    assert_eq!(drained.events.len(), 1);
}

#[tokio::test]
async fn the_back_event_tells_whose_values_the_module_has_put_back() {
    let (clock, pbx, client) = start().await;
    let board = Switchboard { clock, pbx, http: http() };
    let away = json!({ "chatPresence": "AWAY", "back.chatPresence": "AVAILABLE", "backAfter": "0" });
    board.apply(1, json!({ "1010": away })).await;
    board.clock.advance(TimeDelta::minutes(15));
    board.pbx.tick(board.clock.now());
    let drained = client.drain(None, 0, Duration::ZERO).await.unwrap();
    assert_eq!(drained.events[0].kind, EventKind::Back(AccountId(1010)));
}
