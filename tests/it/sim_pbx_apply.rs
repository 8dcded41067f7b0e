//! The simulated PBX: `applyStates`, sentence by sentence.

use chrono::Duration;
use serde_json::{Value, json};
use starface_calendar::sim::pbx::{StateField, Write};

use crate::sim::{ANNA, BEAT, Outcome, Switchboard};

fn done(seen: &str) -> Value {
    json!({ "ok": "true", "error": "", "seen": seen })
}

fn failed(error: &str, seen: &str) -> Value {
    json!({ "ok": "false", "error": error, "seen": seen })
}

async fn away(board: &Switchboard, owner: &str, seq: u64) -> Outcome {
    let params = json!({ "1010": { "chatPresence": "AWAY" } });
    board.call("applyStates", owner, seq, params).await
}

#[tokio::test]
async fn a_write_takes_effect_and_is_remembered_in_order() {
    let board = Switchboard::start().await;
    let data = board
        .apply(
            7,
            json!({
                "1010": { "chatPresence": "AWAY", "chatPresenceMessage": "[Gebucht] Größe" },
                "1011": { "telephonyState": "ACTIVE", "doNotDisturb": "true" },
                "4711": { "chatPresence": "AWAY" },
            }),
        )
        .await;
    assert_eq!(
        data,
        json!({
            "1010": { "chatPresence": done("AWAY"), "chatPresenceMessage": done("[Gebucht] Größe") },
            "1011": { "telephonyState": done("ACTIVE"), "doNotDisturb": done("true") },
        })
    );
    let shown = board.pbx.shows(ANNA).unwrap();
    assert_eq!(shown.chat_presence_message, "[Gebucht] Größe");
    let writes = board.pbx.writes();
    let numbers: Vec<u64> = writes.iter().map(|write| write.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let Write { account, field, from, to, seq, owner, .. } = &writes[0];
    assert_eq!((*account, *field, *seq), (ANNA, StateField::ChatPresence, 7));
    assert_eq!((from.as_str(), to.as_str(), owner.as_str()), ("AVAILABLE", "AWAY", "one"));
}

#[tokio::test]
async fn nobody_else_writes_within_60_seconds_of_the_owners_last_call() {
    let board = Switchboard::start().await;
    away(&board, "one", 1).await;
    board.clock.advance(Duration::milliseconds(59_999));
    let refused = away(&board, "two", 1).await;
    assert_eq!((refused.success, refused.words.as_str()), (false, "owner one"));
    board.clock.advance(Duration::milliseconds(1));
    assert!(away(&board, "two", 1).await.success);
    assert_eq!(away(&board, "one", 2).await.words, "owner two");
}

#[tokio::test]
async fn every_call_of_the_owner_renews_ownership_and_those_of_others_do_not() {
    let board = Switchboard::start().await;
    away(&board, "one", 1).await;
    for caller in ["one", "two"] {
        board.clock.advance(Duration::seconds(40));
        board.call("getStates", caller, 2, json!({ "accounts": "1010" })).await;
    }
    // 40 seconds after the owner's reading call, 80 after the writing one.
    assert_eq!(away(&board, "two", 1).await.words, "owner one");
    board.clock.advance(Duration::seconds(20));
    assert!(away(&board, "two", 1).await.success);
}

#[tokio::test]
async fn only_a_writing_call_takes_ownership() {
    let board = Switchboard::start().await;
    board.call("info", "two", 1, json!({})).await;
    assert!(away(&board, "one", 1).await.success);
}

#[tokio::test]
async fn a_writer_says_who_it_is_and_counts() {
    let board = Switchboard::start().await;
    assert_eq!(away(&board, "", 1).await.words, "owner");
    assert!(board.pbx.writes().is_empty());
}

#[tokio::test]
async fn an_older_call_writes_nothing_on_an_account_that_a_newer_one_wrote() {
    let board = Switchboard::start().await;
    board.apply(9, json!({ "1010": { "chatPresence": "AWAY" } })).await;
    let both = json!({ "1010": { "chatPresence": "AVAILABLE" }, "1011": { "chatPresence": "AWAY" } });
    let data = board.apply(8, both).await;
    assert_eq!(data["1010"]["chatPresence"], failed("stale", "AWAY"));
    assert_eq!(data["1011"]["chatPresence"], done("AWAY"));
    let same = board.apply(9, json!({ "1010": { "chatPresence": "AVAILABLE" } })).await;
    assert_eq!(same["1010"]["chatPresence"], done("AVAILABLE"));
    assert_eq!(board.call("info", "one", 0, json!({})).await.data["lastSeq"], "9");
}

#[tokio::test]
async fn a_new_owner_counts_afresh() {
    let board = Switchboard::start().await;
    away(&board, "one", 900).await;
    board.clock.advance(Duration::seconds(60));
    let taken = away(&board, "two", 1).await;
    assert_eq!(taken.data["1010"]["chatPresence"], done("AWAY"));
    assert_eq!(board.call("info", "one", 0, json!({})).await.data["lastSeq"], "1");
}

#[tokio::test]
async fn a_write_that_expects_something_else_is_not_done() {
    let board = Switchboard::start().await;
    board.pbx.person_sets(ANNA, StateField::ChatPresenceMessage, "Mittag ");
    let data = board
        .apply(
            1,
            json!({ "1010": {
                "chatPresence": "AWAY",
                "expect.chatPresence": "AVAILABLE",
                "chatPresenceMessage": "weg",
                "expect.chatPresenceMessage": "Mittag",
            } }),
        )
        .await;
    assert_eq!(data["1010"]["chatPresence"], done("AWAY"));
    assert_eq!(data["1010"]["chatPresenceMessage"], failed("changed", "Mittag "));
    assert_eq!(board.pbx.writes().len(), 1);
}

#[tokio::test]
async fn what_the_pbx_does_not_know_or_refuses_has_its_own_error() {
    let board = Switchboard::start().await;
    board.pbx.refuse(BEAT, "no right");
    let data = board
        .apply(
            1,
            json!({
                "1010": { "chatPresence": "LUNCH", "doNotDisturb": "yes", "inCall": "true", "moon": "full" },
                "1011": { "chatPresence": "AWAY" },
            }),
        )
        .await;
    assert_eq!(
        data["1010"],
        json!({
            "chatPresence": failed("unknown value", "AVAILABLE"),
            "doNotDisturb": failed("unknown value", "false"),
            "inCall": failed("unknown field", ""),
            "moon": failed("unknown field", ""),
        })
    );
    assert_eq!(data["1011"]["chatPresence"], failed("no right", "AVAILABLE"));
    assert!(board.pbx.writes().is_empty());
    board.pbx.heal();
    let data = board.apply(2, json!({ "1011": { "chatPresence": "AWAY" } })).await;
    assert_eq!(data["1011"]["chatPresence"], done("AWAY"));
}

#[tokio::test]
async fn more_than_100_accounts_are_refused_as_a_whole() {
    let board = Switchboard::start().await;
    let accounts = |count: u32| -> Value {
        let wanted = || json!({ "chatPresence": "AWAY" });
        (1000..1000 + count).map(|account| (account.to_string(), wanted())).collect()
    };
    let refused = board.call("applyStates", "one", 1, accounts(101)).await;
    assert_eq!((refused.success, refused.words.as_str()), (false, "more than 100 accounts"));
    assert!(board.pbx.writes().is_empty());
    assert!(board.call("applyStates", "one", 1, accounts(100)).await.success);
}

#[tokio::test]
async fn the_way_back_is_kept_replaced_and_forgotten() {
    let board = Switchboard::start().await;
    let row = || {
        let table = board.pbx.back_table();
        let row = table.first()?;
        assert_eq!((table.len(), row.owner.as_str()), (1, "one"));
        Some((row.back.clone(), row.back_after.clone(), row.put.clone()))
    };
    let expected = |back: &str, after: &str, put: &str| Some((back.to_owned(), after.to_owned(), put.to_owned()));
    let apply = async |seq, wanted: Value| board.apply(seq, json!({ "1010": wanted })).await;

    apply(1, json!({ "chatPresence": "AWAY", "back.chatPresence": "AVAILABLE", "backAfter": "100" })).await;
    assert_eq!(row(), expected("AVAILABLE", "100", "AWAY"));
    // Without the field the row is replaced and nothing is written.
    let answer = apply(2, json!({ "back.chatPresence": "FREE_FOR_CHAT", "backAfter": "200" })).await;
    assert_eq!(answer, json!({ "1010": {} }));
    assert_eq!(row(), expected("FREE_FOR_CHAT", "200", "AWAY"));
    // A write that does not happen leaves it alone.
    apply(3, json!({ "chatPresence": "DO_NOT_DISTURB", "expect.chatPresence": "X", "back.chatPresence": "Y" })).await;
    assert_eq!(row(), expected("FREE_FOR_CHAT", "200", "AWAY"));
    apply(4, json!({ "forget.chatPresence": "true" })).await;
    assert_eq!(row(), None);
    apply(5, json!({ "chatPresence": "AWAY", "back.chatPresence": "AVAILABLE" })).await;
    apply(6, json!({ "chatPresence": "AVAILABLE" })).await;
    assert_eq!(row(), None);
    assert_eq!(board.pbx.writes().len(), 3);
}
