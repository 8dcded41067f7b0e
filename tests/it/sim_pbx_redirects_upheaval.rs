//! The simulated PBX: what faults, restarts, backups and deletions do to redirects.

use chrono::TimeDelta;
use serde_json::{Value, json};
use starface_calendar::rules::Redirect;
use starface_calendar::sim::Pbx;
use starface_calendar::sim::pbx::{By, Trigger};

use crate::sim::{ANNA, Answer, BEAT, Switchboard, call, person};
use crate::sim_pbx_redirects::{EXTERNAL, INTERNAL, SHARED, apply, number, record, shows, start, to, with};

#[tokio::test]
async fn a_deleted_account_takes_its_own_numbers_along_and_leaves_its_groups() {
    let board = start().await;
    apply(&board, 1, &[to(SHARED, "211"), to(INTERNAL, "211")]).await;
    board.pbx.delete_account(ANNA);
    assert!(board.pbx.redirect(number(INTERNAL), Trigger::Always).is_none());
    assert_eq!(shows(&board, SHARED), Redirect::to_number("211"));
    board.pbx.add_member(person(ANNA, "Andere"));
    let told = board.call("getRedirects", "one", 0, json!({ "accounts": "1010,1011" })).await.data;
    assert_eq!((&told["1010"], told["1011"].as_object().unwrap().len()), (&json!({}), 1));
}

#[tokio::test]
async fn a_restart_and_an_update_of_the_module_keep_redirects_and_forget_numbers_of_calls() {
    for upheaval in [Pbx::restart, Pbx::update_module] {
        let board = start().await;
        let kept = with(to(INTERNAL, "211"), back_of_nothing());
        apply(&board, 900, &[kept]).await;
        let mut changes = board.pbx.redirect_changes();
        upheaval(&board.pbx);
        assert_eq!(shows(&board, INTERNAL), Redirect::to_number("211"));
        assert!(changes.is_empty());
        assert!(board.pbx.redirect_back_table().is_empty());
        assert_eq!(apply(&board, 1, &[to(INTERNAL, "212")]).await[0]["ok"], "true");
        assert_eq!(changes.recv().await.unwrap().to, Redirect::to_number("212"));
    }
}

/// What puts the redirect of a number back to none.
fn back_of_nothing() -> Value {
    json!({
        "back.enabled": "false", "back.destinationType": "PHONENUMBER", "back.destination": "", "backAfter": "1",
    })
}

#[tokio::test]
async fn a_restored_backup_has_the_numbers_boxes_and_redirects_of_then() {
    let board = start().await;
    apply(&board, 1, &[to(INTERNAL, "211")]).await;
    board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Busy, &Redirect::to_number("213"));
    let backup = board.pbx.backup();
    apply(&board, 2, &[record(INTERNAL, "true", "VOICEMAIL", "3"), to(SHARED, "212")]).await;
    board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Busy, &Redirect::none());
    board.pbx.give_number(BEAT, number("220"));
    board.pbx.withdraw_mailbox(ANNA, "3");
    let mut changes = board.pbx.redirect_changes();
    board.pbx.restore_backup(&backup);
    let shown = board.pbx.redirect(number(INTERNAL), Trigger::Always).unwrap();
    assert_eq!(shown.redirect, Redirect::to_number("211"));
    assert_eq!((shown.last_number.as_str(), shown.last_mailbox.as_str()), ("211", ""));
    let busy = board.pbx.redirect(number(INTERNAL), Trigger::Busy).unwrap();
    assert_eq!(busy.redirect, Redirect::to_number("213"));
    assert_eq!(shows(&board, SHARED), Redirect::none());
    assert!(board.pbx.redirect(number("220"), Trigger::Always).is_none());
    for called in [SHARED, INTERNAL] {
        let change = changes.recv().await.unwrap();
        assert_eq!((change.account, change.field, change.by), (ANNA, number(called), By::Restart));
    }
    let told = board.call("getRedirects", "one", 0, json!({ "accounts": "1010" })).await.data;
    assert_eq!(told["1010"]["0"]["mailboxes"], json!({ "3": "Anna" }));
}

/// Posts a redirect of Anna's number and gives what came of it at the connection's level.
async fn put(board: &Switchboard, seq: u64) -> Result<Answer, reqwest::Error> {
    let params = json!({ "1010": { "0": to(INTERNAL, "211") } });
    board.post(call("applyRedirects", "one", seq, &params)).await
}

#[tokio::test]
async fn every_fault_of_a_writing_call_strikes_redirects_too() {
    let board = start().await;
    board.pbx.lose_answers(1);
    assert!(put(&board, 1).await.is_err());
    assert_eq!(shows(&board, INTERNAL), Redirect::to_number("211"));

    let board = start().await;
    let gate = board.pbx.hold_before_apply();
    let drops = async {
        gate.reached().await;
        drop(gate);
    };
    let (answer, ()) = tokio::join!(put(&board, 1), drops);
    assert!(answer.is_err());
    assert_eq!(shows(&board, INTERNAL), Redirect::none());

    let gate = board.pbx.hold_after_apply();
    let release = async {
        gate.reached().await;
        assert_eq!(shows(&board, INTERNAL), Redirect::to_number("211"));
        gate.release();
    };
    let (answer, ()) = tokio::join!(put(&board, 2), release);
    assert_eq!(answer.unwrap().status, 200);
}

#[tokio::test]
async fn a_late_redirect_lands_when_its_time_has_come_and_is_stale_after_a_later_one() {
    let board = start().await;
    board.pbx.land_late(2, TimeDelta::seconds(60));
    assert!(put(&board, 1).await.is_err());
    let external = json!({ "1010": { "0": to(EXTERNAL, "211") } });
    assert!(board.post(call("applyRedirects", "one", 2, &external)).await.is_err());
    assert_eq!(shows(&board, INTERNAL), Redirect::none());
    apply(&board, 3, &[to(INTERNAL, "212")]).await;
    let mut changes = board.pbx.redirect_changes();
    board.clock.advance(TimeDelta::seconds(60));
    assert_eq!(changes.recv().await.unwrap().field, number(EXTERNAL));
    for _ in 0..2 {
        board.post(call("info", "", 0, &json!({}))).await.unwrap();
    }
    assert_eq!(shows(&board, INTERNAL), Redirect::to_number("212"));
}
