//! The simulated PBX: every fault that can be switched on, seen from the caller.

use serde_json::json;
use starface_calendar::sim::Times;
use starface_calendar::sim::pbx::{Auth, Calls, Fault, Method};
use tokio::sync::broadcast::error::RecvError;

use crate::sim::{ANNA, Switchboard, call};

#[tokio::test]
async fn an_answer_is_lost_after_the_write_took_effect() {
    let board = Switchboard::start().await;
    board.pbx.lose_answers(1);
    assert!(board.put_away(1).await.is_err());
    assert_eq!(board.presence(ANNA), "AWAY");
    assert_eq!(board.put_away(2).await.unwrap().status, 200);
}

#[tokio::test]
async fn only_answers_to_writing_calls_are_lost() {
    let board = Switchboard::start().await;
    board.pbx.lose_answers(1);
    assert!(board.call("info", "", 0, json!({})).await.success);
    assert!(board.put_away(1).await.is_err());
}

#[tokio::test]
async fn a_call_held_before_it_takes_effect_does_so_when_released() {
    let board = Switchboard::start().await;
    let gate = board.pbx.hold_before_apply();
    let release = async {
        gate.reached().await;
        assert_eq!(board.presence(ANNA), "AVAILABLE");
        gate.release();
    };
    let (answer, ()) = tokio::join!(board.put_away(1), release);
    assert_eq!(answer.unwrap().status, 200);
    assert_eq!(board.presence(ANNA), "AWAY");
}

#[tokio::test]
async fn a_call_held_before_it_takes_effect_never_does_when_the_gate_is_dropped() {
    let board = Switchboard::start().await;
    let gate = board.pbx.hold_before_apply();
    let drops = async {
        gate.reached().await;
        drop(gate);
    };
    let (answer, ()) = tokio::join!(board.put_away(1), drops);
    assert!(answer.is_err());
    assert_eq!(board.presence(ANNA), "AVAILABLE");
    // Only that one call was held.
    assert_eq!(board.put_away(2).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_call_held_after_it_took_effect_is_answered_when_released() {
    let board = Switchboard::start().await;
    let gate = board.pbx.hold_after_apply();
    let release = async {
        gate.reached().await;
        assert_eq!(board.presence(ANNA), "AWAY");
        gate.release();
    };
    let (answer, ()) = tokio::join!(board.put_away(1), release);
    assert!(answer.unwrap().text.contains("<string>true</string>"));
}

#[tokio::test]
async fn a_call_held_after_it_took_effect_is_not_answered_when_the_gate_is_dropped() {
    let board = Switchboard::start().await;
    let gate = board.pbx.hold_after_apply();
    let drops = async {
        gate.reached().await;
        drop(gate);
    };
    let (answer, ()) = tokio::join!(board.put_away(1), drops);
    assert!(answer.is_err());
    assert_eq!(board.presence(ANNA), "AWAY");
}

#[tokio::test]
async fn a_write_lands_late_though_its_caller_is_dead() {
    let board = Switchboard::start().await;
    let mut changes = board.pbx.changes();
    let gate = board.pbx.hold_before_apply();
    tokio::select! {
        _ = board.put_away(1) => panic!("a held call is not answered"),
        // The caller's side of the connection is closed with the future.
        () = gate.reached() => {}
    }
    // Two turns over the same loop: by then the server has seen the connection's end.
    board.call("info", "", 0, json!({})).await;
    board.call("info", "", 0, json!({})).await;
    assert_eq!(board.presence(ANNA), "AVAILABLE");
    gate.release();
    assert_eq!(changes.recv().await.unwrap().to, "AWAY");
}

#[tokio::test]
async fn answers_can_break_off_be_garbage_or_empty_after_the_write_took_effect() {
    for fault in [Fault::Truncated, Fault::Garbage, Fault::Empty] {
        let board = Switchboard::start().await;
        board.pbx.fail(Calls::All, fault.clone(), Times::Next(1));
        let answer = board.put_away(1).await;
        match fault {
            Fault::Truncated => assert!(answer.is_err()),
            Fault::Garbage => assert!(!answer.unwrap().text.contains("methodResponse")),
            _ => {
                let answer = answer.unwrap();
                assert_eq!((answer.status, answer.text.as_str()), (200, ""));
                assert_eq!(answer.header("content-length"), Some("0"));
            }
        }
        assert_eq!(board.presence(ANNA), "AWAY", "{fault:?}");
    }
}

#[tokio::test]
async fn a_call_can_be_refused_without_effect() {
    let board = Switchboard::start().await;
    let refused = async |fault: Fault, seq| {
        board.pbx.fail(Calls::All, fault, Times::Next(1));
        board.put_away(seq).await
    };
    assert_eq!(refused(Fault::Status(503), 1).await.unwrap().status, 503);
    let page = refused(Fault::LoginPage, 2).await.unwrap();
    assert_eq!(page.status, 200);
    assert!(page.text.contains("j_security_check"));
    let words = refused(Fault::Words("out of memory".to_owned()), 3).await.unwrap();
    let fault = dxr::FaultResponse::from_xml(&words.text).unwrap().fault;
    assert_eq!((fault.code(), fault.string()), (1, "out of memory"));
    assert!(refused(Fault::Gone, 4).await.is_err());
    assert!(board.pbx.writes().is_empty());
    assert_eq!(board.put_away(5).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_fault_of_one_entry_point_spares_the_others_until_all_is_healed() {
    let board = Switchboard::start().await;
    let reads = Calls::Of(Method::GetStates);
    board.pbx.fail(reads, Fault::Status(500), Times::Always);
    let read = || call("getStates", "", 0, &json!({ "accounts": "1010" }));
    assert_eq!(board.post(read()).await.unwrap().status, 500);
    assert_eq!(board.put_away(1).await.unwrap().status, 200);
    board.pbx.heal();
    assert_eq!(board.post(read()).await.unwrap().status, 200);
}

#[tokio::test]
async fn any_call_can_be_held() {
    let board = Switchboard::start().await;
    let gate = board.pbx.hold(Calls::Of(Method::Info), 1);
    let release = async {
        gate.reached().await;
        gate.release();
    };
    let (info, ()) = tokio::join!(board.call("info", "", 0, json!({})), release);
    assert!(info.success);
}

#[tokio::test]
async fn a_dropped_pbx_ends_the_calls_that_it_holds() {
    let Switchboard { pbx, http, .. } = Switchboard::start().await;
    pbx.ask_for(Auth::None);
    let mut changes = pbx.changes();
    let gate = pbx.hold_before_apply();
    let url = format!("{}xml-rpc", pbx.url());
    let params = json!({ "1010": { "chatPresence": "AWAY" } });
    let held = http.post(&url).body(call("applyStates", "one", 1, &params)).send();
    let drops = async {
        gate.reached().await;
        drop(pbx);
    };
    let (answer, ()) = tokio::join!(held, drops);
    assert!(answer.is_err());
    // Nobody is left who could change anything, although the gate still stands.
    assert_eq!(changes.recv().await, Err(RecvError::Closed));
    gate.release();
    assert!(http.post(&url).send().await.is_err());
}
