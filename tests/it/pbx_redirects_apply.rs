//! Writing redirects: what is sent, and what became of each record, whatever comes back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use dxr::Value as Wire;
use starface_calendar::pbx::{CALLS_MAX, Pbx, PbxError, RECORDS_MAX};
use starface_calendar::rules::{AccountId, Back, Deed, DestinationKind, Field, Outcome, Redirect, Step, Value};
use tokio::sync::Barrier;

use crate::pbx::{
    Call, Calls, away_step, client, impatient_client, module, recorded, refusal, serve, structure, success, text,
    text_of,
};
use crate::pbx_redirects::{number, off, redirect_step};

/// What the module says of a record.
fn outcome(ok: &str, error: &str, seen: Option<(&str, &str, &str)>) -> Wire {
    let mut members = vec![("ok", text(ok)), ("error", text(error))];
    if let Some((enabled, kind, destination)) = seen {
        members.push(("seen.enabled", text(enabled)));
        members.push(("seen.destinationType", text(kind)));
        members.push(("seen.destination", text(destination)));
    }
    structure(members)
}

/// The records of a call: account, index and called number of each.
fn records(call: &Call) -> Vec<(String, String, String)> {
    let members = |value: &Wire| match value {
        Wire::Struct(members) => members.clone(),
        other => panic!("no struct: {other:?}"),
    };
    let of_account = |(account, records): (String, Wire)| {
        let numbered = |(index, record)| (account.clone(), index, text_of(&members(&record)["calledNumber"]));
        members(&records).into_iter().map(numbered).collect::<Vec<_>>()
    };
    call.params().into_iter().flat_map(of_account).collect()
}

/// Answers every record by what the function says of its account and number.
fn answered(call: &Call, answer: impl Fn(&str, &str) -> Wire) -> Response {
    let accounts = call.params().into_keys().map(|account| {
        let own = records(call).into_iter().filter(|(of, ..)| *of == account);
        let answers = structure(own.map(|(_, index, called)| (index, answer(&account, &called))));
        (account, answers)
    });
    success(structure(accounts.collect::<Vec<_>>()))
}

fn done(call: &Call) -> Response {
    answered(call, |_, _| outcome("true", "", None))
}

fn sizes(calls: &Calls) -> Vec<usize> {
    calls.lock().unwrap().drain(..).map(|call| records(&call).len()).collect()
}

/// Steps on one number of each of so many accounts, the last account first.
fn steps(count: u32) -> Vec<Step> {
    (1000..1000 + count).rev().map(|account| redirect_step(account, &format!("5{account}"), "211")).collect()
}

fn back(called: &str, to: Redirect, after: i64) -> Back {
    let after = DateTime::from_timestamp(after, 0).unwrap();
    Back { value: Value::Redirect(number(called), to), after }
}

/// A step that puts a mailbox over what was shown, which the module is to put back.
fn put(account: u32, called: &str, shown: Redirect, after: i64) -> Step {
    let value = Value::Redirect(number(called), Redirect::to_mailbox("3"));
    let expect = Some(Value::Redirect(number(called), shown.clone()));
    Step { account: AccountId(account), deed: Deed::Write { value, expect, back: Some(back(called, shown, after)) } }
}

#[tokio::test]
async fn a_call_is_exactly_this_document() {
    let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&bodies);
    let handler = move |body: String| {
        kept.lock().unwrap().push(body);
        async { success(structure::<&str>([])) }
    };
    let server = serve(Router::new().fallback(handler)).await;
    client(&server.url).apply(&[put(1010, "0041712345689", off("+41 71 <2>"), 1_800_000_900)]).await;
    let member = |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    let structure = |members: &[String]| format!("<struct>{}</struct>", members.concat());
    let string = |text: &str| format!("<string>{text}</string>");
    let record = structure(&[
        member("back.destination", &string("+41 71 &lt;2&gt;")),
        member("back.destinationType", &string("PHONENUMBER")),
        member("back.enabled", &string("false")),
        member("backAfter", &string("1800000900")),
        member("calledNumber", &string("0041712345689")),
        member("destination", &string("3")),
        member("destinationType", &string("VOICEMAIL")),
        member("enabled", &string("true")),
        member("expect.destination", &string("+41 71 &lt;2&gt;")),
        member("expect.destinationType", &string("PHONENUMBER")),
        member("expect.enabled", &string("false")),
        member("type", &string("ALWAYS")),
    ]);
    let input = structure(&[
        member("Key", &string("Schlüssel")),
        member("Owner", &string("owner-1")),
        member("Params", &structure(&[member("1010", &structure(&[member("0", &record)]))])),
        member("Seq", &string("1")),
    ]);
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodCall><methodName>Kalender Connector.applyRedirects\
         </methodName><params><param><value>{input}</value></param></params></methodCall>"
    );
    assert_eq!(*bodies.lock().unwrap(), [expected]);
}

#[tokio::test]
async fn what_is_remembered_or_forgotten_names_the_record_and_writes_nothing() {
    let (server, calls) = recorded(|_| success(structure([("1000", structure::<&str>([]))]))).await;
    let other = Redirect { kind: DestinationKind::Other("FAX".to_owned()), ..Redirect::to_number("7") };
    let remember = Step { account: AccountId(1000), deed: Deed::Remember(back("210", other, 1_800_000_900)) };
    let forget = |account| Step { account: AccountId(account), deed: Deed::Forget(Field::Redirect(number("211"))) };
    let unanswered = Step { account: AccountId(1001), deed: Deed::Forget(Field::Redirect(number("212"))) };
    let applied = client(&server.url).apply(&[remember, forget(1000), unanswered]).await;
    let done = Outcome::Done { seen: None };
    assert_eq!(applied.outcomes, [done.clone(), done, Outcome::Unanswered]);
    let remembered = structure([
        ("calledNumber", text("210")),
        ("type", text("ALWAYS")),
        ("back.enabled", text("true")),
        ("back.destinationType", text("FAX")),
        ("back.destination", text("7")),
        ("backAfter", text("1800000900")),
    ]);
    let forgotten =
        |called| structure([("calledNumber", text(called)), ("type", text("ALWAYS")), ("forget", text("true"))]);
    let sent = Wire::Struct(calls.lock().unwrap()[0].params());
    let first = structure([("0", remembered), ("1", forgotten("211"))]);
    assert_eq!(sent, structure([("1000", first), ("1001", structure([("0", forgotten("212"))]))]));
}

#[tokio::test]
async fn redirects_never_share_a_call_with_states() {
    let (server, calls) = recorded(|call| match call.method.as_str() {
        "Kalender Connector.applyRedirects" => done(call),
        _ => success(structure::<&str>([])),
    })
    .await;
    let steps = [redirect_step(1000, "210", "211"), away_step(1000), redirect_step(1001, "220", "211")];
    let applied = client(&server.url).apply(&steps).await;
    let calls = calls.lock().unwrap();
    let methods: Vec<&str> = calls.iter().map(|call| call.method.rsplit('.').next().unwrap()).collect();
    assert_eq!(methods, ["applyStates", "applyRedirects"]);
    let away = structure([("chatPresence", text("AWAY")), ("expect.chatPresence", text("AVAILABLE"))]);
    assert_eq!(Wire::Struct(calls[0].params()), structure([("1000", away)]));
    let names = |account: &str, called: &str| (account.to_owned(), "0".to_owned(), called.to_owned());
    assert_eq!(records(&calls[1]), [names("1000", "210"), names("1001", "220")]);
    let done = Outcome::Done { seen: None };
    assert_eq!(applied.outcomes, [done.clone(), Outcome::Unanswered, done]);
}

#[tokio::test]
async fn the_outcome_of_each_record_comes_to_its_step_over_many_calls() {
    // Each refusal repeats whose it is, so that a mistaken place shows. One account has more than ten numbers, so that
    // the order of texts is not that of indexes.
    let (server, calls) =
        recorded(|call| answered(call, |account, called| outcome("false", &format!("{account} {called}"), None))).await;
    let numbers = |account: u32| (0..25).map(move |index| (account, format!("{account}{index:02}")));
    let mut wanted: Vec<(u32, String)> = (1000..1010).flat_map(numbers).collect();
    // Out of order, and the same each time: 7 and 250 have no divisor in common.
    wanted = (0..wanted.len()).map(|place| wanted[place * 7 % wanted.len()].clone()).collect();
    let steps: Vec<Step> = wanted.iter().map(|(account, called)| redirect_step(*account, called, "211")).collect();
    let applied = client(&server.url).apply(&steps).await;
    for ((account, called), outcome) in wanted.iter().zip(&applied.outcomes) {
        assert_eq!(*outcome, Outcome::Refused { error: format!("{account} {called}") });
    }
    let calls = calls.lock().unwrap();
    let accounts: Vec<usize> = calls.iter().map(|call| call.params().len()).collect();
    assert_eq!((calls.len(), accounts.iter().sum::<usize>()), (3, 10), "few calls are about one account");
}

#[tokio::test]
async fn two_hundred_and_fifty_records_are_three_calls() {
    let (server, calls) = recorded(done).await;
    let applied = client(&server.url).apply(&steps(250)).await;
    assert!(applied.outcomes.iter().all(|outcome| *outcome == Outcome::Done { seen: None }));
    let mut sizes = sizes(&calls);
    sizes.sort_unstable();
    assert_eq!(sizes, [50, RECORDS_MAX, RECORDS_MAX]);
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
            done(&call)
        }
    })
    .await;
    let applied = client(&server.url).apply(&steps(800)).await;
    assert!(applied.errors.is_empty());
    assert_eq!(most_seen.load(Ordering::SeqCst), CALLS_MAX);
}

#[tokio::test]
async fn of_two_steps_on_one_number_the_second_is_not_sent_whosever_it_is() {
    let (server, calls) = recorded(done).await;
    let first = redirect_step(1001, "0041712345600", "211");
    let second = redirect_step(1000, "0041712345600", "212");
    let other = redirect_step(1000, "0712345600", "213");
    let applied = client(&server.url).apply(&[first.clone(), second, other, first]).await;
    let done = Outcome::Done { seen: None };
    assert_eq!(applied.outcomes, [done.clone(), Outcome::NotSent, done, Outcome::NotSent]);
    let sent: Vec<String> = records(&calls.lock().unwrap()[0]).into_iter().map(|(_, _, called)| called).collect();
    assert_eq!(sent, ["0712345600", "0041712345600"]);
}

/// Answers the one record of a call with this, and returns what is made of it.
async fn made_of(step: Step, answer: Option<Wire>) -> Outcome {
    let account = step.account.to_string();
    let (server, _) = recorded(move |_| {
        let records = structure(answer.clone().map(|answer| ("0", answer)));
        success(structure([(account.clone(), records)]))
    })
    .await;
    let applied = client(&server.url).apply(&[step]).await;
    assert!(applied.errors.is_empty());
    applied.outcomes.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_record_comes_with_what_the_pbx_showed_and_why_it_was_not_written() {
    async fn case(ok: &str, error: &str, seen: Option<(&str, &str, &str)>, expected: Outcome) {
        let outcome = made_of(redirect_step(1000, "210", "211"), Some(outcome(ok, error, seen))).await;
        assert_eq!(outcome, expected);
    }
    let seen = |redirect| Some(Value::Redirect(number("210"), redirect));
    let put = Redirect::to_number("211");
    case("true", "", Some(("true", "PHONENUMBER", "211")), Outcome::Done { seen: seen(put) }).await;
    // Ok, and as it was before: for the reader to tell.
    case("true", "", Some(("false", "PHONENUMBER", "")), Outcome::Done { seen: seen(Redirect::none()) }).await;
    case("true", "", Some(("", "", "")), Outcome::Done { seen: None }).await;
    case("true", "", None, Outcome::Done { seen: None }).await;
    let theirs = Redirect::to_mailbox(" 3");
    case("false", "changed", Some(("true", "VOICEMAIL", " 3")), Outcome::Changed { seen: seen(theirs) }).await;
    case("false", " changed ", None, Outcome::Changed { seen: None }).await;
    case("false", "stale", Some(("true", "VOICEMAIL", "3")), Outcome::Stale).await;
    let refused = |error: &str| Outcome::Refused { error: error.to_owned() };
    case("false", "unknown mailbox", Some(("false", "PHONENUMBER", "")), refused("unknown mailbox")).await;
    case(
        "false",
        "POST http://pbx/xml-rpc?a=1 failed for 0041712345689",
        None,
        refused("POST (…) failed for 0041712345689"),
    )
    .await;
}

#[tokio::test]
async fn a_record_without_a_readable_outcome_is_open() {
    async fn case(answer: Option<Wire>) {
        let outcome = made_of(redirect_step(1000, "210", "211"), answer.clone()).await;
        assert_eq!(outcome, Outcome::Unanswered, "{answer:?}");
    }
    case(None).await;
    case(Some(text("true"))).await;
    case(Some(structure::<&str>([]))).await;
    case(Some(outcome("perhaps", "", None))).await;
    case(Some(outcome("true", "", Some(("perhaps", "PHONENUMBER", "211"))))).await;
    case(Some(outcome("true", "", Some(("true", "PHONENUMBER", &"7".repeat(256)))))).await;
    case(Some(structure([("ok", text("true")), ("seen.enabled", Wire::Array(Vec::new()))]))).await;
}

#[tokio::test]
async fn a_record_that_is_refused_or_missing_spoils_no_other() {
    let (server, _) = recorded(|_| {
        let numbers = [("0", outcome("true", "", None)), ("2", outcome("false", "unknown number", None))];
        success(structure([("1000", structure(numbers)), ("1001", text("broken"))]))
    })
    .await;
    let steps = [
        redirect_step(1001, "220", "211"),
        redirect_step(1000, "210", "211"),
        redirect_step(1000, "212", "211"),
        redirect_step(1000, "213", "211"),
    ];
    let applied = client(&server.url).apply(&steps).await;
    let refused = Outcome::Refused { error: "unknown number".to_owned() };
    let expected = [Outcome::Unanswered, Outcome::Done { seen: None }, Outcome::Unanswered, refused];
    assert_eq!(applied.outcomes, expected);
}

#[tokio::test]
async fn a_write_that_is_not_answered_is_open_and_the_next_one_of_redirects_is_smaller() {
    let calls = Calls::default();
    let seen = Arc::clone(&calls);
    let server = module(move |call| {
        let is_stuck = call.method.ends_with("applyRedirects");
        seen.lock().unwrap().push(call.clone());
        async move {
            if is_stuck {
                std::future::pending::<()>().await;
            }
            success(structure::<&str>([]))
        }
    })
    .await;
    let client = impatient_client(&server.url);
    for expected in [vec![100], vec![50, 50]] {
        let applied = client.apply(&steps(100)).await;
        assert!(applied.outcomes.iter().all(|outcome| *outcome == Outcome::Unanswered));
        assert_eq!(applied.errors.len(), expected.len());
        assert_eq!(sizes(&calls), expected);
    }
    // What is too much of redirects need not be too much of states.
    let away: Vec<Step> = (1000..1100).map(away_step).collect();
    client.apply(&away).await;
    assert_eq!(calls.lock().unwrap().len(), 1);
}

/// Answers a whole call with this, and returns what becomes of its one record and the error.
async fn whole_call(response: impl Fn() -> Response + Send + Sync + 'static) -> (Option<Outcome>, PbxError) {
    let (server, calls) = recorded(move |_| response()).await;
    let mut applied = client(&server.url).apply(&[redirect_step(1000, "210", "211")]).await;
    assert_eq!(calls.lock().unwrap().len(), 1, "a write is never made again here");
    let error = applied.errors.pop().unwrap();
    (applied.outcomes.pop(), error)
}

#[tokio::test]
async fn a_call_that_failed_as_a_whole_was_not_sent_or_is_open() {
    let (outcome, error) = whole_call(|| refusal("owner 0b5c-77")).await;
    assert!(matches!(error, PbxError::OtherOwner { id } if id == "0b5c-77"));
    assert_eq!(outcome, Some(Outcome::NotSent));
    let (outcome, error) = whole_call(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
    assert!(matches!(error, PbxError::Status(500)));
    assert_eq!(outcome, Some(Outcome::Unanswered));
}

#[tokio::test]
async fn a_pbx_that_refuses_the_states_is_not_asked_for_redirects_too() {
    let (server, calls) = recorded(|_| refusal("key")).await;
    let applied = client(&server.url).apply(&[redirect_step(1000, "210", "211"), away_step(1000)]).await;
    assert_eq!(applied.outcomes, [Outcome::NotSent, Outcome::NotSent]);
    assert!(matches!(applied.errors.as_slice(), [PbxError::WrongKey]));
    assert_eq!(calls.lock().unwrap().len(), 1);
}
