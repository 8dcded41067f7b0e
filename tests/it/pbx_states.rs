//! Reading: what is sent, what is made of the answers, and what one bad call does to the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dxr::Value as Wire;
use starface_calendar::pbx::{CALLS_MAX, Malformed, Pbx, PbxError};
use starface_calendar::rules::{AccountId, Presence};
use tokio::sync::Barrier;

use crate::pbx::{
    Calls, OWNER, accounts, answer, available, client, impatient_client, module, recorded, refusal, state, structure,
    success, text, text_of,
};

#[tokio::test]
async fn every_call_carries_key_owner_and_a_rising_number_as_strings() {
    let (server, calls) = recorded(|_| success(structure([("api", text("1"))]))).await;
    let client = client(&server.url);
    for _ in 0..3 {
        client.info().await.unwrap();
    }
    let calls = calls.lock().unwrap();
    let numbers: Vec<String> = calls.iter().map(|call| text_of(&call.input["Seq"])).collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    assert!(calls.iter().all(|call| call.method == "Kalender Connector.info"));
    assert!(calls.iter().all(|call| call.input["Key"] == text("Schlüssel")));
    assert!(calls.iter().all(|call| call.input["Owner"] == text(OWNER)));
    assert!(calls.iter().all(|call| call.input.len() == 4 && call.params().is_empty()));
}

#[tokio::test]
async fn info_is_read_whatever_types_the_pbx_made_of_it() {
    let (server, _) = recorded(|_| {
        success(structure([
            ("moduleVersion", text("1.2")),
            ("api", Wire::Integer(1)),
            ("instanceName", text("Kalender Connector")),
            ("starfaceVersion", Wire::Nil),
            ("queue", text("q")),
            ("owner", text("")),
            ("lastSeq", Wire::Double(4711.0)),
            ("more", Wire::Array(Vec::new())),
        ]))
    })
    .await;
    let info = client(&server.url).info().await.unwrap();
    assert_eq!((info.module_version.as_str(), info.api.as_str()), ("1.2", "1"));
    assert_eq!((info.starface_version.as_str(), info.queue.as_str()), ("", "q"));
    assert_eq!((info.owner, info.last_seq), (None, 4711));
}

#[tokio::test]
async fn numbers_go_on_above_what_the_module_has_applied_of_this_owner() {
    async fn case(owner: &str, expected: &str) {
        let owner = owner.to_owned();
        let (server, calls) =
            recorded(move |_| success(structure([("owner", text(&owner)), ("lastSeq", text("900"))]))).await;
        let client = client(&server.url);
        client.info().await.unwrap();
        client.info().await.unwrap();
        assert_eq!(calls.lock().unwrap()[1].input["Seq"], text(expected));
    }
    case(OWNER, "901").await;
    case("owner-2", "2").await;
}

#[tokio::test]
async fn two_hundred_and_fifty_accounts_are_three_calls() {
    let (server, calls) = recorded(available).await;
    let states = client(&server.url).states(&accounts(250)).await;
    assert_eq!(states.seen.len(), 250);
    assert!(states.errors.is_empty());
    let mut sizes: Vec<usize> = calls.lock().unwrap().iter().map(|call| call.accounts().len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [50, 100, 100]);
}

#[tokio::test]
async fn four_calls_are_in_flight_and_never_more() {
    // A call is answered only when four are there: fewer at once would never be answered.
    let four = Arc::new(Barrier::new(CALLS_MAX));
    let (flying, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let most_seen = Arc::clone(&most);
    let server = module(move |call| {
        let (four, flying, most) = (Arc::clone(&four), Arc::clone(&flying), Arc::clone(&most));
        async move {
            most.fetch_max(flying.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            four.wait().await;
            // A fifth would be on its way by now, so it is given the turns that it needs to get here.
            for _ in 0..2000 {
                tokio::task::yield_now().await;
            }
            flying.fetch_sub(1, Ordering::SeqCst);
            available(&call)
        }
    })
    .await;
    let states = client(&server.url).states(&accounts(800)).await;
    assert_eq!(states.seen.len(), 800);
    assert_eq!(most_seen.load(Ordering::SeqCst), CALLS_MAX);
}

#[tokio::test]
async fn a_call_that_fails_spoils_no_other() {
    let (server, _) = recorded(|call| match call.accounts().contains(&"1150".to_owned()) {
        true => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        false => available(call),
    })
    .await;
    let states = client(&server.url).states(&accounts(300)).await;
    assert_eq!(states.seen.len(), 200);
    assert!(!states.seen.contains_key(&AccountId(1150)));
    assert!(matches!(states.errors.as_slice(), [PbxError::Status(500)]));
}

#[tokio::test]
async fn an_account_whose_state_cannot_be_read_is_unknown_and_no_other_is() {
    let (server, _) = recorded(|_| {
        success(structure([
            ("1000", state("AWAY", "  kept as it is ")),
            ("1001", state("", "")),
            ("1002", structure([("chatPresence", text("AWAY"))])),
            ("1003", text("broken")),
            ("1004", state("SLEEPING", "")),
            ("9999", state("AWAY", "not asked for")),
            ("x", state("AWAY", "no account")),
        ]))
    })
    .await;
    let states = client(&server.url).states(&accounts(5)).await;
    let known: Vec<u32> = states.seen.keys().map(|account| account.0).collect();
    assert_eq!(known, [1000, 1004]);
    assert_eq!(states.seen[&AccountId(1000)].text.0, "  kept as it is ");
    let later = Presence::Other("SLEEPING".to_owned());
    assert_eq!(states.seen[&AccountId(1004)].presence, later);
}

#[tokio::test]
async fn a_read_that_was_too_much_is_made_in_halves_and_later_ones_are_smaller() {
    let (server, calls) = recorded(|call| match call.accounts().len() {
        51.. => "".into_response(),
        _ => available(call),
    })
    .await;
    let client = client(&server.url);
    let first = client.states(&accounts(100)).await;
    assert_eq!((first.seen.len(), first.errors.len()), (100, 0));
    let sizes =
        |calls: &Calls| -> Vec<usize> { calls.lock().unwrap().drain(..).map(|call| call.accounts().len()).collect() };
    assert_eq!(sizes(&calls), [100, 50, 50]);
    client.states(&accounts(100)).await;
    assert_eq!(sizes(&calls), [50, 50]);
}

#[tokio::test]
async fn a_read_that_times_out_is_made_in_halves_and_no_further() {
    let calls = Calls::default();
    let seen = Arc::clone(&calls);
    let server = module(move |call| {
        let is_stuck = call.accounts().contains(&"1001".to_owned());
        seen.lock().unwrap().push(call.clone());
        async move {
            if is_stuck {
                std::future::pending::<()>().await;
            }
            available(&call)
        }
    })
    .await;
    let states = impatient_client(&server.url).states(&accounts(100)).await;
    assert_eq!(states.seen.len(), 50, "the half without the stuck account");
    assert!(matches!(states.errors.as_slice(), [PbxError::TimedOut]));
    assert_eq!(calls.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_pbx_that_refuses_everything_is_asked_a_few_times_and_not_for_every_hundred() {
    async fn case(response: impl Fn() -> Response + Send + Sync + 'static) {
        let (server, calls) = recorded(move |_| response()).await;
        let states = client(&server.url).states(&accounts(10_000)).await;
        assert!(states.seen.is_empty());
        let made = calls.lock().unwrap().len();
        assert!((1..=4 * CALLS_MAX).contains(&made), "{made} calls");
        assert!((1..=made).contains(&states.errors.len()));
    }
    case(|| StatusCode::UNAUTHORIZED.into_response()).await;
    case(|| refusal("key")).await;
    case(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
}

#[tokio::test]
async fn nothing_to_do_makes_no_call() {
    let (server, calls) = recorded(available).await;
    let client = client(&server.url);
    assert!(client.states(&[]).await.seen.is_empty());
    assert!(client.apply(&[]).await.outcomes.is_empty());
    assert!(calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_with_an_unreadable_success_is_malformed() {
    let (server, _) = recorded(|_| answer(structure([("Success", text("maybe"))]))).await;
    let error = client(&server.url).info().await.unwrap_err();
    assert!(matches!(error, PbxError::Malformed(Malformed::Boolean)), "{error:?}");
}

#[tokio::test]
async fn an_account_that_spoils_every_call_with_it_keeps_nobody_else_unknown() {
    let spoils = |call: &crate::pbx::Call| call.accounts().contains(&"1150".to_owned());
    let (server, calls) = recorded(move |call| match spoils(call) {
        true => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        false => available(call),
    })
    .await;
    let client = client(&server.url);
    assert_eq!(client.states(&accounts(300)).await.seen.len(), 200, "nobody knows yet who it is");
    for _ in 0..3 {
        let states = client.states(&accounts(300)).await;
        assert_eq!((states.seen.len(), states.errors.len()), (299, 1));
        assert!(!states.seen.contains_key(&AccountId(1150)));
    }
    let sizes: Vec<usize> = calls.lock().unwrap().iter().map(|call| call.accounts().len()).collect();
    let of = |size: usize| sizes.iter().filter(|one| **one == size).count();
    assert_eq!(of(1), 100 + 1 + 1, "each of that call once alone, then only the one: {sizes:?}");
}

#[tokio::test]
async fn an_account_that_hangs_every_call_with_it_keeps_nobody_else_unknown() {
    let server = module(|call| async move {
        if call.accounts().contains(&"1007".to_owned()) {
            std::future::pending::<()>().await;
        }
        available(&call)
    })
    .await;
    let client = impatient_client(&server.url);
    // Forty, two halves of them, twelve, two halves of those: then it is no longer the number.
    client.states(&accounts(40)).await;
    client.states(&accounts(40)).await;
    let states = client.states(&accounts(40)).await;
    assert_eq!((states.seen.len(), states.errors.len()), (39, 1));
    assert!(!states.seen.contains_key(&AccountId(1007)));
}
