//! The simulated PBX: calls, clients that overwrite the chat status, and another sidecar.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use starface_calendar::clock::Clock;
use starface_calendar::sim::pbx::StateField;

use crate::sim::{ANNA, BEAT, Switchboard};

async fn telephony(board: &Switchboard) -> (Value, Value) {
    let states = board.call("getStates", "one", 0, json!({ "accounts": "1010" })).await.data;
    (states["1010"]["telephonyState"].clone(), states["1010"]["inCall"].clone())
}

fn text(board: &Switchboard) -> String {
    board.pbx.shows(ANNA).unwrap().chat_presence_message
}

#[tokio::test]
async fn a_call_makes_the_telephone_busy_and_its_end_makes_it_available() {
    let board = Switchboard::start().await;
    board.pbx.person_sets(ANNA, StateField::TelephonyState, "QUEUE_PAUSE");
    board.pbx.begin_call(ANNA);
    assert_eq!(telephony(&board).await, (json!("ACTIVE"), json!("true")));
    // The indicator is an event: it can be sent during a call, too, and the call's end replaces it.
    board.apply(1, json!({ "1010": { "telephonyState": "QUEUE_PAUSE" } })).await;
    assert_eq!(telephony(&board).await, (json!("QUEUE_PAUSE"), json!("true")));
    board.pbx.end_call(ANNA);
    assert_eq!(telephony(&board).await, (json!("AVAILABLE"), json!("false")));
    assert_eq!(board.pbx.shows(BEAT).unwrap().in_call, "false");
}

#[tokio::test]
async fn hidden_telephony_is_written_and_never_read_back() {
    let board = Switchboard::start().await;
    board.pbx.hide_telephony();
    board.pbx.begin_call(ANNA);
    assert_eq!(telephony(&board).await, (json!(""), json!("")));
    let wanted = json!({ "telephonyState": "QUEUE_PAUSE", "doNotDisturb": "true" });
    let data = board.apply(1, json!({ "1010": wanted })).await;
    assert_eq!(data["1010"]["telephonyState"], json!({ "ok": "true", "error": "", "seen": "" }));
    assert_eq!(data["1010"]["doNotDisturb"]["seen"], "true");
    assert_eq!(board.pbx.shows(ANNA).unwrap().telephony_state, "QUEUE_PAUSE");
    assert_eq!(board.pbx.writes()[1].from, "ACTIVE");
    // Nobody can expect what cannot be seen.
    let wanted = json!({ "telephonyState": "ACTIVE", "expect.telephonyState": "QUEUE_PAUSE" });
    let data = board.apply(2, json!({ "1010": wanted })).await;
    assert_eq!(data["1010"]["telephonyState"], json!({ "ok": "false", "error": "changed", "seen": "" }));
}

#[tokio::test]
async fn unknown_values_of_indicator_and_dnd_are_refused() {
    let board = Switchboard::start().await;
    async fn case(board: &Switchboard, field: &str, value: &str, seen: &str) {
        let data = board.apply(1, json!({ "1010": { field: value } })).await;
        let refused = json!({ "ok": "false", "error": "unknown value", "seen": seen });
        assert_eq!(data["1010"][field], refused, "{field} {value}");
    }
    case(&board, "telephonyState", "BUSY", "AVAILABLE").await;
    case(&board, "telephonyState", "", "AVAILABLE").await;
    case(&board, "telephonyState", "active", "AVAILABLE").await;
    case(&board, "doNotDisturb", "1", "false").await;
    case(&board, "doNotDisturb", "", "false").await;
    assert!(board.pbx.writes().is_empty());
}

#[tokio::test]
async fn a_client_overwrites_presence_and_text_when_it_is_told() {
    let board = Switchboard::start().await;
    board.pbx.ucc_client(ANNA, "AVAILABLE", "[Gebucht] von vorhin", Duration::from_secs(3600));
    board.put_away(1).await.unwrap();
    assert_eq!((board.presence(ANNA).as_str(), text(&board).as_str()), ("AWAY", ""));
    board.pbx.ucc_overwrites(ANNA);
    assert_eq!((board.presence(ANNA).as_str(), text(&board).as_str()), ("AVAILABLE", "[Gebucht] von vorhin"));
    board.put_away(2).await.unwrap();
    board.pbx.ucc_client_leaves(ANNA);
    board.pbx.ucc_overwrites(ANNA);
    assert_eq!(board.presence(ANNA), "AWAY");
}

#[tokio::test]
async fn a_client_overwrites_every_so_often_until_another_takes_its_place() {
    let board = Switchboard::start().await;
    let started = board.clock.now();
    board.pbx.ucc_client(ANNA, "FREE_FOR_CHAT", "eins", Duration::from_secs(25));
    let mut changes = board.pbx.changes();
    for round in 1..=2 {
        // The module's timer and the client.
        board.clock.waiting(2).await;
        assert_eq!(board.clock.advance_to_next(), Some(started + TimeDelta::seconds(25 * round)));
        let presence = changes.recv().await.unwrap();
        assert_eq!((presence.to.as_str(), presence.at), ("FREE_FOR_CHAT", board.clock.now()));
        assert_eq!(changes.recv().await.unwrap().to, "eins");
        board.pbx.person_sets(ANNA, StateField::ChatPresence, "AWAY");
        board.pbx.person_sets(ANNA, StateField::ChatPresenceMessage, "");
        changes = board.pbx.changes();
    }
    board.pbx.ucc_client(ANNA, "DO_NOT_DISTURB", "zwei", Duration::ZERO);
    board.clock.advance(TimeDelta::seconds(1));
    assert_eq!(changes.recv().await.unwrap().to, "DO_NOT_DISTURB");
    board.pbx.ucc_client_leaves(ANNA);
    board.clock.advance(TimeDelta::seconds(20));
    board.call("info", "", 0, json!({})).await;
    // Only the module's timer, which has struck, waits on.
    assert_eq!(board.clock.next_wait(), Some(started + TimeDelta::seconds(71 + 60)));
}

#[tokio::test]
async fn another_sidecar_takes_ownership_only_from_one_that_has_been_silent_for_a_minute() {
    let board = Switchboard::start().await;
    board.put_away(1).await.unwrap();
    board.clock.advance(TimeDelta::seconds(59));
    assert_eq!(board.pbx.other_owner_writes(), Err("owner one".to_owned()));
    board.clock.advance(TimeDelta::seconds(1));
    assert_eq!(board.pbx.other_owner_writes(), Ok(()));
    let refused = board.call("applyStates", "one", 2, json!({ "1010": { "chatPresence": "AVAILABLE" } })).await;
    assert_eq!((refused.success, refused.words.as_str()), (false, "owner other-sidecar"));
    assert_eq!(board.presence(ANNA), "AWAY");
    // Its calls renew its ownership.
    board.clock.advance(TimeDelta::seconds(59));
    assert_eq!(board.pbx.other_owner_writes(), Ok(()));
    board.clock.advance(TimeDelta::seconds(59));
    assert!(!board.call("applyStates", "one", 3, json!({})).await.success);
    board.clock.advance(TimeDelta::seconds(1));
    assert!(board.call("applyStates", "one", 4, json!({})).await.success);
}
