//! The simulated PBX: the module's event queue.

use chrono::TimeDelta;
use serde_json::{Value, json};
use starface_calendar::clock::Clock;
use starface_calendar::sim::Pbx;

use crate::sim::{ANNA, BEAT, Outcome, Switchboard};

async fn queue_of(board: &Switchboard) -> Value {
    board.call("info", "one", 0, json!({})).await.data["queue"].clone()
}

async fn drain(board: &Switchboard, queue: &Value, after: &str, wait: &str) -> Outcome {
    let params = json!({ "queue": queue, "after": after, "wait": wait });
    board.call("drainEvents", "one", 0, params).await
}

fn seqs(drained: &Outcome) -> Vec<String> {
    let events = drained.data["events"].as_object().unwrap().values();
    let mut seqs: Vec<u64> = events.map(|event| event["seq"].as_str().unwrap().parse().unwrap()).collect();
    seqs.sort_unstable();
    seqs.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn an_event_is_told_with_its_number_kind_account_and_instant() {
    let board = Switchboard::start().await;
    let queue = queue_of(&board).await;
    board.pbx.person_dials_end(ANNA);
    board.clock.advance(TimeDelta::milliseconds(1500));
    board.pbx.page_changes();
    let drained = drain(&board, &queue, "0", "25").await;
    let expected = json!({
        "queue": queue,
        "seq": "2",
        "events": {
            "0": { "seq": "1", "kind": "end", "account": "1010", "at": "1795420800000" },
            "1": { "seq": "2", "kind": "config", "account": "", "at": "1795420801500" },
        },
    });
    assert_eq!(drained.data, expected);
    assert_eq!(seqs(&drain(&board, &queue, "1", "25").await), ["2"]);
    assert_eq!(drain(&board, &queue, "2", "0").await.data, json!({ "queue": queue, "seq": "2", "events": {} }));
    let info = board.call("info", "one", 0, json!({})).await.data;
    assert_eq!((&info["eventSeq"], &info["configRevision"]), (&json!("2"), &json!("2")));
    assert_eq!(board.call("getConfig", "one", 0, json!({})).await.data["revision"], "2");
}

#[tokio::test]
async fn a_call_that_waits_is_answered_as_soon_as_something_happens_and_holds_up_no_other() {
    let board = Switchboard::start().await;
    let queue = queue_of(&board).await;
    let happens = async {
        // The module's timer and the call.
        board.clock.waiting(2).await;
        assert!(board.put_away(1).await.is_ok());
        board.pbx.person_dials_end(BEAT);
    };
    let (drained, ()) = tokio::join!(drain(&board, &queue, "0", "25"), happens);
    assert_eq!(seqs(&drained), ["1"]);
}

#[tokio::test]
async fn a_call_that_waits_in_vain_is_answered_after_the_time_it_asked_for() {
    let board = Switchboard::start().await;
    let queue = queue_of(&board).await;
    let started = board.clock.now();
    let passes = async {
        board.clock.waiting(2).await;
        assert_eq!(board.clock.advance_to_next(), Some(started + TimeDelta::seconds(25)));
    };
    let (drained, ()) = tokio::join!(drain(&board, &queue, "0", "25"), passes);
    assert_eq!(drained.data, json!({ "queue": queue, "seq": "0", "events": {} }));
}

#[tokio::test]
async fn a_caller_of_another_queue_is_told_everything_at_once() {
    let board = Switchboard::start().await;
    board.pbx.page_changes();
    board.pbx.page_changes();
    for other in ["", "of-before"] {
        let drained = drain(&board, &json!(other), "700", "25").await;
        assert_eq!(seqs(&drained), ["1", "2"]);
        assert_eq!(drained.data["queue"], queue_of(&board).await);
    }
}

#[tokio::test]
async fn a_waiting_call_hears_at_once_that_the_module_was_loaded_anew() {
    let board = Switchboard::start().await;
    let queue = queue_of(&board).await;
    for upheaval in [Pbx::restart, Pbx::update_module] {
        let queue = queue_of(&board).await;
        let happens = async {
            board.clock.waiting(2).await;
            upheaval(&board.pbx);
        };
        let (drained, ()) = tokio::join!(drain(&board, &queue, "0", "25"), happens);
        assert_ne!(drained.data["queue"], queue);
        assert_eq!(drained.data["seq"], "0");
    }
    assert_ne!(queue_of(&board).await, queue);
}

#[tokio::test]
async fn of_more_than_1000_events_the_oldest_are_lost() {
    let board = Switchboard::start().await;
    for _ in 0..1003 {
        board.pbx.page_changes();
    }
    let drained = drain(&board, &json!(""), "0", "0").await;
    let seqs = seqs(&drained);
    assert_eq!((seqs.len(), seqs[0].as_str(), seqs[999].as_str()), (1000, "4", "1003"));
}

#[tokio::test]
async fn a_wait_out_of_bounds_is_refused() {
    let board = Switchboard::start().await;
    let queue = queue_of(&board).await;
    for wait in ["26", "-1", "soon"] {
        assert_eq!(drain(&board, &queue, "0", wait).await.words, "wait", "{wait}");
    }
    assert_eq!(drain(&board, &queue, "x", "0").await.words, "after");
}

#[tokio::test]
async fn the_owners_waiting_call_renews_its_ownership_when_it_begins() {
    let board = Switchboard::start().await;
    let queue = queue_of(&board).await;
    board.apply(1, json!({})).await;
    board.clock.advance(TimeDelta::seconds(59));
    drain(&board, &queue, "0", "0").await;
    board.clock.advance(TimeDelta::seconds(59));
    assert_eq!(board.call("applyStates", "two", 1, json!({})).await.words, "owner one");
}
