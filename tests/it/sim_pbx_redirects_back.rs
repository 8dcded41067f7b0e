//! The simulated PBX: redirects in the table for a dead sidecar, and when they are put back.

use chrono::TimeDelta;
use serde_json::{Value, json};
use starface_calendar::clock::Clock;
use starface_calendar::rules::Redirect;
use starface_calendar::sim::pbx::{By, RedirectBackRow, Trigger};

use crate::sim::{ANNA, BEAT, Switchboard};
use crate::sim_pbx_redirects::{EXTERNAL, INTERNAL, SHARED, apply, number, record, shows, start, to, with};

/// What Anna had before: a number that is not switched on.
fn before() -> Redirect {
    Redirect { enabled: false, ..Redirect::to_number("219") }
}

/// What puts that back, so many seconds from now.
fn back(board: &Switchboard, seconds: i64) -> Value {
    back_to(board, seconds, "PHONENUMBER", "219")
}

fn back_to(board: &Switchboard, seconds: i64, kind: &str, destination: &str) -> Value {
    let after = (board.clock.now().timestamp() + seconds).to_string();
    json!({
        "back.enabled": "false", "back.destinationType": kind, "back.destination": destination, "backAfter": after,
    })
}

/// Redirects one of Anna's numbers to 211, with a way back.
async fn put(board: &Switchboard, seq: u64, called: &str, seconds: i64) {
    let answers = apply(board, seq, &[with(to(called, "211"), back(board, seconds))]).await;
    assert_eq!(answers[0]["ok"], "true");
}

/// A record that names a number and nothing to write.
fn only(called: &str, more: Value) -> Value {
    with(json!({ "calledNumber": called, "type": "ALWAYS" }), more)
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

fn rows(board: &Switchboard) -> Vec<RedirectBackRow> {
    board.pbx.redirect_back_table()
}

#[tokio::test]
async fn a_redirect_is_put_back_once_it_is_due_and_its_owner_is_dead() {
    let board = start().await;
    put(&board, 1, INTERNAL, 3600).await;
    // Dead for long, and not due.
    pass(&board, 3599);
    assert_eq!(shows(&board, INTERNAL), Redirect::to_number("211"));
    let mut changes = board.pbx.redirect_changes();
    pass(&board, 1);
    assert_eq!(shows(&board, INTERNAL), before());
    let change = changes.recv().await.unwrap();
    assert_eq!((change.account, change.field, change.by), (ANNA, number(INTERNAL), By::Module));
    assert!(rows(&board).is_empty());
    assert_eq!(events(&board).await, [(json!("back"), json!("1010"))]);
    // Due for long, and the owner alive: any of its calls counts.
    put(&board, 2, INTERNAL, 60).await;
    for _ in 0..3 {
        pass(&board, 899);
        assert_eq!(shows(&board, INTERNAL), Redirect::to_number("211"));
        board.call("getRedirects", "one", 0, json!({ "accounts": "1010" })).await;
    }
    pass(&board, 900);
    assert_eq!(shows(&board, INTERNAL), before());
}

#[tokio::test]
async fn the_timer_strikes_every_minute_by_itself() {
    let board = start().await;
    put(&board, 1, INTERNAL, 0).await;
    let mut changes = board.pbx.redirect_changes();
    board.clock.waiting(1).await;
    board.clock.advance(TimeDelta::minutes(16));
    assert_eq!(changes.recv().await.unwrap().to, before());
}

#[tokio::test]
async fn what_a_person_has_changed_since_is_left_alone_and_its_row_dropped() {
    async fn case(theirs: Redirect) {
        let board = start().await;
        put(&board, 1, INTERNAL, 0).await;
        board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Always, &theirs);
        pass(&board, 3600);
        assert_eq!(shows(&board, INTERNAL), theirs);
        assert!(rows(&board).is_empty());
        assert!(events(&board).await.is_empty());
    }
    case(Redirect { enabled: false, ..Redirect::to_number("211") }).await;
    case(Redirect::to_mailbox("211")).await;
    case(Redirect::to_number("212")).await;
}

#[tokio::test]
async fn a_row_is_replaced_without_a_write_and_still_tells_what_was_put() {
    let board = start().await;
    put(&board, 1, INTERNAL, 0).await;
    board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Always, &Redirect::to_number("212"));
    let longer = only(INTERNAL, back_to(&board, 60, "VOICEMAIL", "3"));
    assert!(apply(&board, 2, &[longer]).await.is_empty(), "nothing is said of what is not written");
    let [row] = rows(&board).try_into().unwrap();
    assert_eq!((row.account, row.field, row.owner.as_str()), (ANNA, number(INTERNAL), "one"));
    assert_eq!(
        (row.put, row.back),
        (Redirect::to_number("211"), Redirect { enabled: false, ..Redirect::to_mailbox("3") })
    );
    pass(&board, 3600);
    assert_eq!(shows(&board, INTERNAL), Redirect::to_number("212"));
    assert_eq!(board.pbx.redirect_writes().len(), 1);
}

#[tokio::test]
async fn a_row_is_forgotten_when_asked_and_by_a_write_without_a_way_back() {
    let board = start().await;
    put(&board, 1, INTERNAL, 0).await;
    put(&board, 2, EXTERNAL, 0).await;
    put(&board, 3, SHARED, 0).await;
    assert_eq!(rows(&board).len(), 3);
    apply(&board, 4, &[only(INTERNAL, json!({ "forget": "true" })), to(EXTERNAL, "212")]).await;
    let left: Vec<_> = rows(&board).iter().map(|row| row.field).collect();
    assert_eq!(left, [number(SHARED)]);
    pass(&board, 900);
    assert_eq!(shows(&board, INTERNAL), Redirect::to_number("211"));
    assert_eq!(shows(&board, SHARED), before());
}

#[tokio::test]
async fn a_write_that_does_not_happen_leaves_its_row_alone() {
    async fn case(seq: u64, spoilt: Value) {
        let board = start().await;
        put(&board, 5, INTERNAL, 0).await;
        let kept = rows(&board);
        let other = with(spoilt, back_to(&board, 60, "VOICEMAIL", "3"));
        apply(&board, seq, &[other]).await;
        assert_eq!(rows(&board), kept);
    }
    case(6, with(to(INTERNAL, "212"), json!({ "expect.enabled": "false" }))).await;
    case(6, to(INTERNAL, "+41")).await;
    case(6, record(INTERNAL, "true", "VOICEMAIL", "9")).await;
    case(4, to(INTERNAL, "212")).await;
    // Too old to replace the row, and to forget it.
    case(4, only(INTERNAL, json!({}))).await;
    case(4, only(INTERNAL, json!({ "forget": "true" }))).await;
}

#[tokio::test]
async fn the_silence_of_a_rows_own_owner_counts() {
    let board = start().await;
    put(&board, 1, INTERNAL, 0).await;
    board.clock.advance(TimeDelta::seconds(60));
    let of_beat = json!({ "1011": { "0": with(to(SHARED, "211"), back(&board, 0)) } });
    assert!(board.call("applyRedirects", "two", 1, of_beat).await.success);
    // The first owner goes on reading, the second falls silent.
    pass(&board, 500);
    board.call("getStates", "one", 0, json!({ "accounts": "1010" })).await;
    pass(&board, 400);
    assert_eq!((shows(&board, INTERNAL), shows(&board, SHARED)), (Redirect::to_number("211"), before()));
    pass(&board, 500);
    assert_eq!(shows(&board, INTERNAL), before());
}

#[tokio::test]
async fn states_and_redirects_of_one_member_are_put_back_with_one_event() {
    let board = start().await;
    let after = board.clock.now().timestamp().to_string();
    let away = json!({ "chatPresence": "AWAY", "back.chatPresence": "AVAILABLE", "backAfter": after });
    board.apply(1, json!({ "1010": away })).await;
    put(&board, 2, INTERNAL, 0).await;
    put(&board, 3, EXTERNAL, 0).await;
    pass(&board, 900);
    assert_eq!(board.presence(ANNA), "AVAILABLE");
    assert_eq!((shows(&board, INTERNAL), shows(&board, EXTERNAL)), (before(), before()));
    assert_eq!(events(&board).await, [(json!("back"), json!("1010"))]);
}

#[tokio::test]
async fn what_cannot_be_put_back_is_left_as_it_is_and_its_row_dropped() {
    async fn case(back: impl Fn(&Switchboard) -> Value) {
        let board = start().await;
        apply(&board, 1, &[with(to(INTERNAL, "211"), back(&board))]).await;
        pass(&board, 3600);
        assert_eq!(shows(&board, INTERNAL), Redirect::to_number("211"));
        assert!(events(&board).await.is_empty());
    }
    case(|board| back_to(board, 0, "VOICEMAIL", "9")).await;
    case(|board| back_to(board, 0, "PHONENUMBER", "+41")).await;
    case(|board| back_to(board, 0, "FAX", "7")).await;
    case(|board| with(back(board, 0), json!({ "backAfter": "" }))).await;
    // Half a way back is none.
    case(|_| json!({ "back.enabled": "false", "backAfter": "0" })).await;
}

#[tokio::test]
async fn a_group_redirect_is_put_back_only_by_one_who_has_the_right() {
    let board = start().await;
    put(&board, 1, SHARED, 0).await;
    board.pbx.withdraw_group_right();
    pass(&board, 900);
    assert_eq!(shows(&board, SHARED), Redirect::to_number("211"));
    assert!(events(&board).await.is_empty());
    // What was never put on is not taken off either.
    board.pbx.person_redirects(BEAT, number(SHARED), Trigger::Always, &Redirect::to_number("212"));
    put(&board, 2, SHARED, 0).await;
    board.pbx.grant_group_right();
    pass(&board, 900);
    assert_eq!(shows(&board, SHARED), Redirect::to_number("212"));
}

#[tokio::test]
async fn a_deleted_instance_puts_redirects_back_at_once() {
    let board = start().await;
    put(&board, 1, INTERNAL, 3600).await;
    board.pbx.delete_instance();
    assert_eq!(shows(&board, INTERNAL), before());
    assert!(rows(&board).is_empty());
}

#[tokio::test]
async fn a_number_that_is_gone_is_not_put_back() {
    let board = start().await;
    put(&board, 1, INTERNAL, 0).await;
    board.pbx.delete_account(ANNA);
    board.pbx.give_number(BEAT, number(INTERNAL));
    pass(&board, 900);
    assert_eq!(shows(&board, INTERNAL), Redirect::none());
    assert!(rows(&board).is_empty());
}
