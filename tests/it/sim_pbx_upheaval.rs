//! The simulated PBX: writes that land late, updates of the module, and restored backups.

use chrono::TimeDelta;
use serde_json::json;
use starface_calendar::rules::AccountId;
use starface_calendar::sim::pbx::{By, StateField};

use crate::sim::{ANNA, BEAT, Switchboard, call, person};

const CARL: AccountId = AccountId(1012);

/// Lets everything happen whose time has come: it runs in this test's own loop, before the answers of two calls.
async fn settle(board: &Switchboard) {
    for _ in 0..2 {
        board.post(call("info", "", 0, &json!({}))).await.unwrap();
    }
}

#[tokio::test]
async fn a_late_write_is_not_answered_and_takes_effect_when_its_time_has_come() {
    let board = Switchboard::start().await;
    board.pbx.land_late(1, TimeDelta::seconds(60));
    assert!(board.put_away(7).await.is_err());
    board.clock.advance(TimeDelta::milliseconds(59_999));
    // The module's timer and the write.
    board.clock.waiting(2).await;
    assert_eq!(board.presence(ANNA), "AVAILABLE");
    let mut changes = board.pbx.changes();
    board.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(changes.recv().await.unwrap().to, "AWAY");
    assert_eq!(board.pbx.writes()[0].seq, 7);
    // Only that one call was late.
    assert!(board.put_away(8).await.is_ok());
}

#[tokio::test]
async fn a_late_write_is_stale_after_a_later_one() {
    let board = Switchboard::start().await;
    board.pbx.land_late(2, TimeDelta::seconds(60));
    assert!(board.put_away(1).await.is_err());
    let on_beat = json!({ "1011": { "chatPresence": "AWAY" } });
    let late = board.post(call("applyStates", "one", 2, &on_beat)).await;
    assert!(late.is_err());
    board.apply(3, json!({ "1010": { "chatPresence": "FREE_FOR_CHAT" } })).await;
    let mut changes = board.pbx.changes();
    board.clock.advance(TimeDelta::seconds(60));
    // Beat was not written since, so only Anna's is stale.
    assert_eq!(changes.recv().await.unwrap().account, BEAT);
    settle(&board).await;
    assert_eq!(board.presence(ANNA), "FREE_FOR_CHAT");
}

#[tokio::test]
async fn a_late_write_of_one_who_is_no_longer_the_owner_is_refused() {
    let board = Switchboard::start().await;
    board.pbx.land_late(1, TimeDelta::seconds(90));
    assert!(board.put_away(1).await.is_err());
    board.clock.advance(TimeDelta::seconds(60));
    board.pbx.other_owner_writes().unwrap();
    board.clock.advance(TimeDelta::seconds(30));
    settle(&board).await;
    assert!(board.pbx.writes().is_empty());
}

#[tokio::test]
async fn a_late_write_to_a_deleted_instance_has_no_effect() {
    let board = Switchboard::start().await;
    board.pbx.land_late(1, TimeDelta::seconds(60));
    assert!(board.put_away(1).await.is_err());
    board.pbx.delete_instance();
    board.clock.advance(TimeDelta::seconds(60));
    settle(&board).await;
    assert!(board.pbx.writes().is_empty());
}

#[tokio::test]
async fn an_update_of_the_module_loses_its_memory_and_nothing_else() {
    let board = Switchboard::start().await;
    let away = json!({ "chatPresence": "AWAY", "back.chatPresence": "AVAILABLE", "backAfter": "1" });
    board.apply(900, json!({ "1010": away })).await;
    board.pbx.page_changes();
    let before = board.call("info", "", 0, json!({})).await.data;
    board.pbx.update_module();
    let after = board.call("info", "", 0, json!({})).await.data;
    assert_ne!(before["queue"], after["queue"]);
    assert_eq!((&after["eventSeq"], &after["owner"], &after["lastSeq"]), (&json!("0"), &json!(""), &json!("0")));
    assert_eq!(after["configRevision"], "2");
    assert!(board.pbx.back_table().is_empty());
    assert_eq!(board.presence(ANNA), "AWAY");
    // A lower number is good again, and from anybody.
    let other = board.call("applyStates", "two", 1, json!({ "1010": { "chatPresence": "AVAILABLE" } })).await;
    assert_eq!(other.data["1010"]["chatPresence"]["ok"], "true");
}

#[tokio::test]
async fn a_restored_backup_shows_what_was_shown_then() {
    let board = Switchboard::start().await;
    let old = json!({ "chatPresence": "AWAY", "chatPresenceMessage": "alt", "doNotDisturb": "true" });
    board.apply(1, json!({ "1010": old })).await;
    board.pbx.begin_call(ANNA);
    let backup = board.pbx.backup();
    board.pbx.end_call(ANNA);
    let new = json!({
        "chatPresence": "AVAILABLE", "chatPresenceMessage": "neu", "doNotDisturb": "false", "back.doNotDisturb": "true",
    });
    board.apply(2, json!({ "1010": new })).await;
    board.pbx.person_sets(BEAT, StateField::ChatPresence, "UNAVAILABLE");
    let queue = board.call("info", "", 0, json!({})).await.data["queue"].clone();
    let mut changes = board.pbx.changes();

    board.pbx.restore_backup(&backup);
    let shown = board.pbx.shows(ANNA).unwrap();
    assert_eq!((shown.chat_presence.as_str(), shown.chat_presence_message.as_str()), ("AWAY", "alt"));
    assert_eq!(shown.do_not_disturb, "true");
    // The call of that moment is over.
    assert_eq!((shown.telephony_state.as_str(), shown.in_call.as_str()), ("AVAILABLE", "false"));
    assert_eq!(board.presence(BEAT), "AVAILABLE");
    assert_eq!(changes.recv().await.unwrap().by, By::Restart);
    assert!(board.pbx.back_table().is_empty());
    let info = board.call("info", "", 0, json!({})).await.data;
    assert_ne!(info["queue"], queue);
    assert_eq!(info["owner"], "");
}

#[tokio::test]
async fn a_restored_backup_has_the_accounts_group_and_instance_of_then() {
    let board = Switchboard::start().await;
    let backup = board.pbx.backup();
    let mut renamed = person(ANNA, "Anna");
    renamed.login = "7777".to_owned();
    board.pbx.delete_account(ANNA);
    board.pbx.add_member(renamed);
    board.pbx.delete_account(BEAT);
    board.pbx.add_member(person(CARL, "Carl"));
    board.pbx.delete_instance();
    board.pbx.restore_backup(&backup);
    let params = json!({ "group": "2001", "from": "0", "count": "9" });
    let members = board.call("getMembers", "one", 0, params).await.data["members"].clone();
    assert_eq!(members.as_object().unwrap().keys().collect::<Vec<_>>(), ["1010", "1011"]);
    assert_eq!(members["1010"]["login"], "1010");
    assert!(board.pbx.shows(CARL).is_none());
}
