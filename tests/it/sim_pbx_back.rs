//! The simulated PBX: the table for a dead sidecar, and when it is carried out.

use chrono::TimeDelta;
use serde_json::{Value, json};
use starface_calendar::clock::Clock;
use starface_calendar::sim::pbx::{By, StateField};

use crate::sim::{ANNA, BEAT, Switchboard, person};

/// Puts `AWAY` on Anna with a way back that is due so many seconds from now.
async fn put(board: &Switchboard, seq: u64, seconds: i64) {
    let away =
        json!({ "chatPresence": "AWAY", "back.chatPresence": "FREE_FOR_CHAT", "backAfter": after(board, seconds) });
    board.apply(seq, json!({ "1010": away })).await;
}

fn after(board: &Switchboard, seconds: i64) -> String {
    (board.clock.now().timestamp() + seconds).to_string()
}

/// Lets so many seconds pass, and the timer strike then.
fn pass(board: &Switchboard, seconds: i64) {
    board.clock.advance(TimeDelta::seconds(seconds));
    board.pbx.tick(board.clock.now());
}

async fn events(board: &Switchboard) -> Vec<(Value, Value)> {
    let drained = board.call("drainEvents", "none", 0, json!({})).await;
    let events = drained.data["events"].as_object().unwrap();
    events.values().map(|event| (event["kind"].clone(), event["account"].clone())).collect()
}

#[tokio::test]
async fn what_was_put_is_put_back_once_it_is_due_and_its_owner_is_dead() {
    #[track_caller]
    fn stands(board: &Switchboard) {
        assert_eq!(board.presence(ANNA), "AWAY");
    }
    let board = Switchboard::start().await;
    put(&board, 1, 3600).await;
    // Dead for long, and not due.
    pass(&board, 3599);
    stands(&board);
    let mut changes = board.pbx.changes();
    pass(&board, 1);
    assert_eq!(board.presence(ANNA), "FREE_FOR_CHAT");
    assert_eq!(changes.recv().await.unwrap().by, By::Module);
    assert!(board.pbx.back_table().is_empty());
    assert_eq!(events(&board).await, [(json!("back"), json!("1010"))]);
    // Due for long, and the owner alive.
    put(&board, 2, 60).await;
    for _ in 0..3 {
        pass(&board, 899);
        stands(&board);
        board.call("info", "one", 0, json!({})).await;
    }
    pass(&board, 900);
    assert_eq!(board.presence(ANNA), "FREE_FOR_CHAT");
}

#[tokio::test]
async fn the_timer_strikes_every_minute_by_itself() {
    let board = Switchboard::start().await;
    put(&board, 1, 0).await;
    let mut changes = board.pbx.changes();
    board.clock.waiting(1).await;
    assert_eq!(board.clock.next_wait(), Some(board.clock.now() + TimeDelta::minutes(1)));
    board.clock.advance(TimeDelta::minutes(16));
    assert_eq!(changes.recv().await.unwrap().to, "FREE_FOR_CHAT");
}

#[tokio::test]
async fn what_a_person_has_changed_since_is_left_alone_and_its_row_dropped() {
    let board = Switchboard::start().await;
    put(&board, 1, 0).await;
    board.pbx.person_sets(ANNA, StateField::ChatPresence, "UNAVAILABLE");
    pass(&board, 3600);
    assert_eq!(board.presence(ANNA), "UNAVAILABLE");
    assert!(board.pbx.back_table().is_empty());
    assert!(events(&board).await.is_empty());
}

#[tokio::test]
async fn a_row_that_is_replaced_without_a_write_still_tells_what_was_put() {
    let board = Switchboard::start().await;
    put(&board, 1, 0).await;
    board.pbx.person_sets(ANNA, StateField::ChatPresence, "UNAVAILABLE");
    let longer = json!({ "back.chatPresence": "AVAILABLE", "backAfter": after(&board, 60) });
    board.apply(2, json!({ "1010": longer })).await;
    assert_eq!(board.pbx.back_table()[0].put, "AWAY");
    pass(&board, 3600);
    assert_eq!(board.presence(ANNA), "UNAVAILABLE");
}

#[tokio::test]
async fn a_forgotten_row_is_not_put_back() {
    let board = Switchboard::start().await;
    put(&board, 1, 0).await;
    board.apply(2, json!({ "1010": { "forget.chatPresence": "true" } })).await;
    pass(&board, 3600);
    assert_eq!(board.presence(ANNA), "AWAY");
}

#[tokio::test]
async fn the_silence_of_a_rows_own_owner_counts() {
    let board = Switchboard::start().await;
    put(&board, 1, 0).await;
    board.clock.advance(TimeDelta::seconds(60));
    let on_beat = json!({ "1011": {
        "chatPresence": "AWAY", "back.chatPresence": "AVAILABLE", "backAfter": after(&board, 0),
    } });
    assert!(board.call("applyStates", "two", 1, on_beat).await.success);
    // The first owner goes on reading, the second falls silent.
    pass(&board, 500);
    board.call("getStates", "one", 0, json!({ "accounts": "1010" })).await;
    assert_eq!((board.presence(ANNA).as_str(), board.presence(BEAT).as_str()), ("AWAY", "AWAY"));
    pass(&board, 400);
    assert_eq!((board.presence(ANNA).as_str(), board.presence(BEAT).as_str()), ("AWAY", "AVAILABLE"));
    pass(&board, 500);
    assert_eq!(board.presence(ANNA), "FREE_FOR_CHAT");
}

#[tokio::test]
async fn all_fields_of_one_member_are_put_back_with_one_event() {
    let board = Switchboard::start().await;
    let wanted = json!({
        "chatPresence": "AWAY", "back.chatPresence": "AVAILABLE",
        "chatPresenceMessage": "weg", "back.chatPresenceMessage": "da",
        "doNotDisturb": "true", "back.doNotDisturb": "false",
        "telephonyState": "QUEUE_PAUSE", "back.telephonyState": "AVAILABLE",
        "backAfter": after(&board, 0),
    });
    board.apply(1, json!({ "1010": wanted })).await;
    pass(&board, 900);
    let shown = board.pbx.shows(ANNA).unwrap();
    assert_eq!((shown.chat_presence.as_str(), shown.chat_presence_message.as_str()), ("AVAILABLE", "da"));
    assert_eq!((shown.do_not_disturb.as_str(), shown.telephony_state.as_str()), ("false", "AVAILABLE"));
    assert_eq!(events(&board).await, [(json!("back"), json!("1010"))]);
}

async fn put_red(board: &Switchboard) {
    let red = json!({ "telephonyState": "ACTIVE", "back.telephonyState": "QUEUE_PAUSE", "backAfter": after(board, 0) });
    board.apply(1, json!({ "1010": red })).await;
}

fn indicator(board: &Switchboard) -> String {
    board.pbx.shows(ANNA).unwrap().telephony_state
}

#[tokio::test]
async fn the_indicator_is_skipped_during_a_call_whose_end_then_does_it() {
    let board = Switchboard::start().await;
    put_red(&board).await;
    board.pbx.begin_call(ANNA);
    pass(&board, 900);
    assert_eq!(indicator(&board), "ACTIVE");
    board.pbx.end_call(ANNA);
    pass(&board, 60);
    assert_eq!(indicator(&board), "AVAILABLE");
    assert!(board.pbx.back_table().is_empty());
}

#[tokio::test]
async fn an_indicator_that_is_not_shown_back_is_put_back_unseen() {
    let board = Switchboard::start().await;
    board.pbx.hide_telephony();
    put_red(&board).await;
    pass(&board, 900);
    assert_eq!(indicator(&board), "QUEUE_PAUSE");
}

#[tokio::test]
async fn a_row_without_an_instant_or_with_an_unknown_value_changes_nothing() {
    let board = Switchboard::start().await;
    let wanted = json!({
        "1010": { "chatPresence": "AWAY", "back.chatPresence": "AVAILABLE" },
        "1011": { "chatPresence": "AWAY", "back.chatPresence": "LUNCH", "backAfter": after(&board, 0) },
    });
    board.apply(1, wanted).await;
    pass(&board, 3600);
    assert_eq!((board.presence(ANNA).as_str(), board.presence(BEAT).as_str()), ("AWAY", "AWAY"));
}

#[tokio::test]
async fn a_deleted_instance_puts_back_at_once_and_answers_no_more() {
    let board = Switchboard::start().await;
    put(&board, 1, 3600).await;
    board.pbx.delete_account(BEAT);
    board.pbx.delete_instance();
    assert_eq!(board.presence(ANNA), "FREE_FOR_CHAT");
    let answer = board.put_away(2).await.unwrap();
    let fault = dxr::FaultResponse::from_xml(&answer.text).unwrap().fault;
    assert_eq!(fault.string(), "No such handler: Kalender Connector.applyStates");
}

#[tokio::test]
async fn an_account_that_is_gone_is_not_put_back() {
    let board = Switchboard::start().await;
    put(&board, 1, 0).await;
    board.pbx.delete_account(ANNA);
    pass(&board, 900);
    assert!(board.pbx.back_table().is_empty());
    board.pbx.add_member(person(ANNA, "Andere"));
    pass(&board, 900);
    assert_eq!(board.presence(ANNA), "AVAILABLE");
}
