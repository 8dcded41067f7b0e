//! Writing: what is sent, and what became of each step, whatever comes back.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dxr::Value as Wire;
use starface_calendar::pbx::{ACCOUNTS_MAX, CALLS_MAX, Malformed, Pbx, PbxError, ReadOnly};
use starface_calendar::rules::{
    AccountId, Back, Deed, Dnd, Field, Outcome, Presence, StatusText, Step, Telephony, Value,
};

use crate::pbx::{
    Calls, accounts, answer, available, away_step, client, impatient_client, module, recorded, refusal, structure,
    success, text, text_step,
};

fn outcome(ok: &str, error: &str, seen: &str) -> Wire {
    structure([("ok", text(ok)), ("error", text(error)), ("seen", text(seen))])
}

#[tokio::test]
async fn steps_of_one_account_go_in_one_call_with_what_they_expect() {
    let (server, calls) = recorded(|_| success(structure::<&str>([]))).await;
    let steps = [away_step(1000), text_step(1001, "b"), text_step(1000, "a")];
    client(&server.url).apply(&steps).await;
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 1);
    let expected = structure([
        (
            "1000",
            structure([
                ("chatPresence", text("AWAY")),
                ("expect.chatPresence", text("AVAILABLE")),
                ("chatPresenceMessage", text("a")),
                ("expect.chatPresenceMessage", text("")),
            ]),
        ),
        ("1001", structure([("chatPresenceMessage", text("b")), ("expect.chatPresenceMessage", text(""))])),
    ]);
    assert_eq!(Wire::Struct(calls[0].params()), expected);
}

/// Answers the one step of a call with this, and returns what is made of it.
async fn made_of(step: Step, answered: Option<Wire>) -> Outcome {
    let field = match step.field() {
        Field::Presence => "chatPresence",
        Field::Text => "chatPresenceMessage",
        Field::Indicator => "telephonyState",
        Field::Dnd => "doNotDisturb",
        Field::Redirect(number) => panic!("{number} is no field of a state"),
    };
    let account = step.account.to_string();
    let (server, _) = recorded(move |_| {
        let fields = structure(answered.clone().map(|answered| (field, answered)));
        success(structure([(account.clone(), fields)]))
    })
    .await;
    let applied = client(&server.url).apply(&[step]).await;
    assert!(applied.errors.is_empty());
    applied.outcomes.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_written_field_comes_with_what_the_pbx_showed_afterwards() {
    async fn case(step: Step, seen: &str, expected: Option<Value>) {
        let outcome = made_of(step, Some(outcome("true", "", seen))).await;
        assert!(outcome == Outcome::Done { seen: expected }, "{outcome:?}");
    }
    case(away_step(1), "AWAY", Some(Value::Presence(Presence::Away))).await;
    case(away_step(1), "", None).await;
    case(text_step(1, "a"), " a", Some(Value::Text(shown(" a")))).await;
    case(text_step(1, "a"), "", Some(Value::Text(shown("")))).await;
}

#[tokio::test]
async fn a_field_that_was_not_written_says_why() {
    async fn case(step: Step, error: &str, seen: &str, expected: Outcome) {
        let outcome = made_of(step, Some(outcome("false", error, seen))).await;
        assert!(outcome == expected, "{outcome:?}, not {expected:?}");
    }
    let changed = |seen| Outcome::Changed { seen: Some(seen) };
    let away = Value::Presence(Presence::Away);
    case(away_step(1), "changed", "AWAY", changed(away)).await;
    let text = Value::Text(shown("b"));
    case(text_step(1, "a"), "changed", "b", changed(text)).await;
    case(away_step(1), "stale", "", Outcome::Stale).await;
    let refused = |error: &str| Outcome::Refused { error: error.to_owned() };
    case(away_step(1), "no account", "", refused("no account")).await;
    let title = "Kunde ABC";
    case(text_step(1, title), "bad Kunde ABC", "", refused("bad (…)")).await;
}

#[tokio::test]
async fn a_field_without_a_readable_outcome_is_open() {
    async fn case(answered: Option<Wire>) {
        assert_eq!(made_of(away_step(1), answered).await, Outcome::Unanswered);
    }
    case(None).await;
    case(Some(text("true"))).await;
    case(Some(structure::<&str>([]))).await;
    case(Some(outcome("perhaps", "", ""))).await;
    case(Some(structure([("ok", Wire::Array(Vec::new()))]))).await;
}

fn shown(text: &str) -> StatusText {
    StatusText(text.to_owned())
}

#[tokio::test]
async fn outcomes_come_in_the_order_of_the_steps_over_many_calls() {
    let (server, calls) = recorded(|call| {
        let accounts = call.params().into_keys();
        success(structure(accounts.map(|account| {
            let stale = structure([("chatPresence", outcome("false", "stale", ""))]);
            let done = structure([("chatPresence", outcome("true", "", "AWAY"))]);
            let is_even = account.ends_with(['0', '2', '4', '6', '8']);
            (account, if is_even { stale } else { done })
        })))
    })
    .await;
    let steps: Vec<Step> = (1000..1250).rev().map(away_step).collect();
    let applied = client(&server.url).apply(&steps).await;
    assert_eq!(calls.lock().unwrap().len(), 3);
    assert!(calls.lock().unwrap().iter().all(|call| call.params().len() <= ACCOUNTS_MAX));
    for (step, outcome) in steps.iter().zip(&applied.outcomes) {
        assert_eq!(*outcome == Outcome::Stale, step.account.0 % 2 == 0, "{step:?}");
    }
}

#[tokio::test]
async fn a_second_step_for_one_field_goes_in_a_later_call() {
    let (server, calls) = recorded(|_| {
        let done = structure([("chatPresenceMessage", outcome("true", "", "a"))]);
        success(structure([("1000", done)]))
    })
    .await;
    let applied = client(&server.url).apply(&[text_step(1000, "a"), text_step(1000, "b")]).await;
    assert!(matches!(applied.outcomes.as_slice(), [Outcome::Done { .. }, Outcome::Done { .. }]));
    assert_eq!(calls.lock().unwrap().len(), 2);
}

fn put(account: u32, value: Value, ends_at: i64) -> Step {
    let after = chrono::DateTime::from_timestamp(ends_at, 0).unwrap();
    let back = Some(Back { value: value.field().neutral(), after });
    let expect = Some(value.field().neutral());
    Step { account: AccountId(account), deed: Deed::Write { value, expect, back } }
}

#[tokio::test]
async fn what_the_module_puts_back_later_goes_along_and_each_call_has_one_instant_for_it() {
    let (server, calls) = recorded(|_| success(structure([("1000", Wire::Struct(Default::default()))]))).await;
    let away = put(1000, Value::Presence(Presence::Away), 1_800_000_900);
    let red = put(1000, Value::Indicator(Telephony::Active), 1_800_000_300);
    let dnd = put(1000, Value::Dnd(Dnd::On), 1_800_000_900);
    client(&server.url).apply(&[away, red, dnd]).await;
    let calls = calls.lock().unwrap();
    let sent: Vec<Wire> = calls.iter().map(|call| Wire::Struct(call.params())).collect();
    let first = structure([
        ("chatPresence", text("AWAY")),
        ("expect.chatPresence", text("AVAILABLE")),
        ("back.chatPresence", text("AVAILABLE")),
        ("doNotDisturb", text("true")),
        ("expect.doNotDisturb", text("false")),
        ("back.doNotDisturb", text("false")),
        ("backAfter", text("1800000900")),
    ]);
    let second = structure([
        ("telephonyState", text("ACTIVE")),
        ("expect.telephonyState", text("AVAILABLE")),
        ("back.telephonyState", text("AVAILABLE")),
        ("backAfter", text("1800000300")),
    ]);
    assert_eq!(sent, [structure([("1000", first)]), structure([("1000", second)])]);
}

#[tokio::test]
async fn what_the_module_is_only_told_to_remember_or_forget_is_done_when_the_account_is_answered() {
    let (server, calls) = recorded(|_| success(structure([("1000", Wire::Struct(Default::default()))]))).await;
    let after = chrono::DateTime::from_timestamp(1_800_000_900, 0).unwrap();
    let back = Back { value: Value::Dnd(Dnd::Off), after };
    let remember = Step { account: AccountId(1000), deed: Deed::Remember(back) };
    let forget = Step { account: AccountId(1000), deed: Deed::Forget(Field::Text) };
    let unanswered = Step { account: AccountId(1001), deed: Deed::Forget(Field::Text) };
    let applied = client(&server.url).apply(&[remember, forget, unanswered]).await;
    let done = Outcome::Done { seen: None };
    assert_eq!(applied.outcomes, [done.clone(), done, Outcome::Unanswered]);
    let told = structure([
        ("back.doNotDisturb", text("false")),
        ("backAfter", text("1800000900")),
        ("forget.chatPresenceMessage", text("true")),
    ]);
    let other = structure([("forget.chatPresenceMessage", text("true"))]);
    let sent = Wire::Struct(calls.lock().unwrap()[0].params());
    assert_eq!(sent, structure([("1000", told), ("1001", other)]));
}

/// Answers a whole call with this, and returns what becomes of its one step and the error.
async fn whole_call(response: impl Fn() -> Response + Send + Sync + 'static) -> (Option<Outcome>, String) {
    let (server, calls) = recorded(move |_| response()).await;
    let mut applied = client(&server.url).apply(&[away_step(1000)]).await;
    let made = calls.lock().unwrap().len();
    assert_eq!(made, 1, "a write is never made again here");
    let error = applied.errors.pop().unwrap();
    (applied.outcomes.pop(), error.to_string())
}

fn fault(words: &str) -> Response {
    let fault = dxr::Fault::new(0, words.to_owned());
    let xml = dxr::FaultResponse { fault }.to_xml().unwrap();
    xml.into_response()
}

#[tokio::test]
async fn a_call_that_was_refused_as_a_whole_was_not_sent() {
    async fn case(response: impl Fn() -> Response + Send + Sync + 'static, expected: PbxError) {
        let (outcome, error) = whole_call(response).await;
        assert_eq!(error, expected.to_string());
        assert_eq!(outcome, Some(Outcome::NotSent));
    }
    let id = "0b5c-77".to_owned();
    let text = "not now".to_owned();
    let unauthorized = || StatusCode::UNAUTHORIZED.into_response();
    case(|| refusal("key"), PbxError::WrongKey).await;
    case(|| refusal("owner 0b5c-77"), PbxError::OtherOwner { id }).await;
    case(|| refusal("not now"), PbxError::Refused { text }).await;
    case(unauthorized, PbxError::Authentication).await;
    case(|| fault("No such handler: x"), PbxError::NoSuchMethod).await;
}

#[tokio::test]
async fn while_another_sidecar_owns_the_pbx_no_step_is_sent_and_few_calls_are_made() {
    let name = format!("0b5c-77 <b>{}", "x".repeat(500));
    let (server, calls) = recorded(move |_| refusal(&format!("owner {name}"))).await;
    let steps: Vec<Step> = (1000..2000).map(away_step).collect();
    let applied = client(&server.url).apply(&steps).await;
    assert_eq!(applied.outcomes, vec![Outcome::NotSent; 1000]);
    assert!(calls.lock().unwrap().len() <= CALLS_MAX);
    let ids = applied.errors.iter().map(|error| match error {
        PbxError::OtherOwner { id } => id.clone(),
        other => panic!("{other:?}"),
    });
    let expected = format!("0b5c-77b{}", "x".repeat(56));
    assert!(ids.into_iter().all(|id| id == expected));
    assert!(!applied.errors.is_empty());
}

#[tokio::test]
async fn a_call_without_a_clear_answer_is_open() {
    async fn case(response: impl Fn() -> Response + Send + Sync + 'static, expected: PbxError) {
        let (outcome, error) = whole_call(response).await;
        assert_eq!(error, expected.to_string());
        assert_eq!(outcome, Some(Outcome::Unanswered));
    }
    let (code, text) = (0, "broken".to_owned());
    let failed = || StatusCode::INTERNAL_SERVER_ERROR.into_response();
    let missing = Malformed::Missing("Success");
    case(|| fault("broken"), PbxError::Fault { code, text }).await;
    case(failed, PbxError::Status(500)).await;
    case(|| "".into_response(), PbxError::NotSerialised).await;
    case(|| answer(Wire::Nil), PbxError::Malformed(missing)).await;
}

#[tokio::test]
async fn a_write_that_is_not_answered_is_open_and_the_next_one_is_smaller() {
    let calls = Calls::default();
    let seen = Arc::clone(&calls);
    let server = module(move |call| {
        seen.lock().unwrap().push(call);
        std::future::pending()
    })
    .await;
    let client = impatient_client(&server.url);
    let steps: Vec<Step> = (1000..1100).map(away_step).collect();
    for expected in [1, 2] {
        let applied = client.apply(&steps).await;
        assert!(applied.outcomes.iter().all(|outcome| *outcome == Outcome::Unanswered));
        assert_eq!(applied.errors.len(), expected);
        assert_eq!(calls.lock().unwrap().drain(..).count(), expected);
    }
}

#[tokio::test]
async fn a_write_to_a_closed_port_was_not_sent() {
    let applied = client("http://127.0.0.1:1").apply(&[away_step(1), text_step(1, "a")]).await;
    assert_eq!(applied.outcomes, [Outcome::NotSent, Outcome::NotSent]);
    assert!(matches!(applied.errors.as_slice(), [PbxError::Unreachable { .. }]));
}

#[tokio::test]
async fn a_dry_run_reads_and_never_writes() {
    let (server, calls) = recorded(available).await;
    let dry = ReadOnly(client(&server.url));
    assert_eq!(dry.states(&accounts(2)).await.seen.len(), 2);
    let applied = dry.apply(&[away_step(1)]).await;
    assert_eq!(applied.outcomes, [Outcome::NotSent]);
    let methods: BTreeSet<String> = calls.lock().unwrap().iter().map(|call| call.method.clone()).collect();
    assert_eq!(methods, BTreeSet::from(["Kalender Connector.getStates".to_owned()]));
}
