//! Reading redirects: what is sent, what is made of the answers, and what one bad record does to the others.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dxr::Value as Wire;
use starface_calendar::pbx::{Pbx, PbxError, ReadOnly};
use starface_calendar::rules::{
    AccountId, CalledNumber, DestinationKind, Outcome, Ownership, Redirect, RedirectRecord, Step, Value,
};

use crate::pbx::{Call, Calls, accounts, client, impatient_client, module, recorded, structure, success, text};

/// A called number.
pub(crate) fn number(text: &str) -> CalledNumber {
    text.parse().unwrap()
}

/// A redirect that is switched off and leads to a number.
pub(crate) fn off(destination: &str) -> Redirect {
    Redirect { enabled: false, ..Redirect::to_number(destination) }
}

/// A step that redirects a number to another, from which nothing was redirected.
pub(crate) fn redirect_step(account: u32, called: &str, to: &str) -> Step {
    let value = |redirect| Value::Redirect(number(called), redirect);
    Step::write(AccountId(account), value(Redirect::to_number(to)), Some(value(Redirect::none())))
}

/// A record as `getRedirects` tells it, with some of its members replaced; one that is [`Wire::Nil`] is left away.
fn record(called: &str, replaced: &[(&str, Wire)]) -> Wire {
    let mut members: Vec<(&str, Wire)> = vec![
        ("calledNumber", text(called)),
        ("type", text("ALWAYS")),
        ("enabled", text("false")),
        ("groupRedirect", text("false")),
        ("destinationType", text("PHONENUMBER")),
        ("destination", text("")),
        ("lastDestinationNumber", text("0041717271818")),
        ("lastDestinationMailbox", text("")),
        ("timeout", text("0")),
        ("mailboxes", structure::<&str>([])),
    ];
    for (name, value) in replaced {
        members.retain(|(known, _)| known != name);
        members.push((name, value.clone()));
    }
    structure(members.into_iter().filter(|(_, value)| *value != Wire::Nil))
}

/// The records of an account, counted from 0.
fn records(records: impl IntoIterator<Item = Wire>) -> Wire {
    structure(records.into_iter().enumerate().map(|(index, record)| (index.to_string(), record)))
}

/// The answer that shows one number of every account.
fn shown(call: &Call) -> Response {
    success(structure(call.accounts().into_iter().map(|account| {
        let numbers = records([record(&account, &[])]);
        (account, numbers)
    })))
}

/// Answers for account 1000 with this, and returns what is made of it.
async fn read(shown: Wire) -> Option<Vec<RedirectRecord>> {
    let (server, _) = recorded(move |_| success(structure([("1000", shown.clone())]))).await;
    let redirects = client(&server.url).redirects(&accounts(1)).await;
    assert!(redirects.errors.is_empty(), "{:?}", redirects.errors);
    redirects.seen.get(&AccountId(1000)).cloned()
}

#[tokio::test]
async fn accounts_are_asked_for_once_and_in_order() {
    let (server, calls) = recorded(shown).await;
    let twice = [1002, 1000, 1002].map(AccountId);
    let redirects = client(&server.url).redirects(&twice).await;
    assert_eq!(redirects.seen.keys().map(|account| account.0).collect::<Vec<_>>(), [1000, 1002]);
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].method, "Kalender Connector.getRedirects");
    assert_eq!(Wire::Struct(calls[0].params()), structure([("accounts", text("1000,1002"))]));
}

#[tokio::test]
async fn a_record_is_read_with_everything_that_decides_where_calls_may_go() {
    let boxes = structure([("10", text("Zentrale")), ("9", text("Anna")), ("7b", text("Fax"))]);
    let own = record("210", &[("lastDestinationMailbox", text("9")), ("mailboxes", boxes)]);
    let group = record(
        "0041712345600",
        &[
            ("enabled", text("true")),
            ("groupRedirect", text("true")),
            ("destinationType", text("VOICEMAIL")),
            ("destination", text("3")),
            ("lastDestinationMailbox", Wire::Nil),
        ],
    );
    let expected = [
        RedirectRecord {
            number: number("0041712345600"),
            ownership: Ownership::Group,
            redirect: Redirect::to_mailbox("3"),
            last_mailbox: None,
            mailboxes: Vec::new(),
        },
        RedirectRecord {
            number: number("210"),
            ownership: Ownership::Own,
            redirect: Redirect::none(),
            last_mailbox: Some("9".to_owned()),
            mailboxes: ["9", "10", "7b"].map(str::to_owned).into(),
        },
    ];
    assert_eq!(read(records([own, group])).await.unwrap(), expected);
}

#[tokio::test]
async fn a_setting_is_kept_as_it_is_shown_so_that_it_can_be_expected() {
    async fn case(kind: &str, destination: &str, expected: Redirect) {
        let shown = [("destinationType", text(kind)), ("destination", text(destination))];
        let seen = read(records([record("210", &shown)])).await.unwrap();
        assert_eq!(seen[0].redirect, expected);
    }
    case("PHONENUMBER", " 0041 71 / 234 ", off(" 0041 71 / 234 ")).await;
    case("PHONENUMBER", &"7".repeat(255), off(&"7".repeat(255))).await;
    let other = DestinationKind::Other("FAX".to_owned());
    case("FAX", "ü 😀", Redirect { kind: other, ..off("ü 😀") }).await;
}

#[tokio::test]
async fn a_record_is_read_whatever_types_the_pbx_made_of_it() {
    let typed = record(
        "210",
        &[
            ("calledNumber", Wire::Integer(210)),
            ("enabled", Wire::Boolean(true)),
            ("groupRedirect", Wire::Boolean(true)),
            ("destination", Wire::Double(211.0)),
            ("lastDestinationMailbox", Wire::Integer(3)),
            ("mailboxes", text("")),
        ],
    );
    let seen = read(records([typed])).await.unwrap();
    let [record] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((record.number, record.ownership), (number("210"), Ownership::Group));
    assert_eq!((&record.redirect, record.last_mailbox.as_deref()), (&Redirect::to_number("211"), Some("3")));
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_left_out_and_no_other_is() {
    async fn case(bad: Wire) {
        let seen = read(records([record("210", &[]), bad.clone(), record("212", &[])])).await.unwrap();
        let numbers: Vec<CalledNumber> = seen.iter().map(|record| record.number).collect();
        assert_eq!(numbers, [number("210"), number("212")], "{bad:?}");
    }
    let spoilt = |name: &'static str, value: Wire| record("211", &[(name, value)]);
    case(text("broken")).await;
    case(Wire::Array(Vec::new())).await;
    case(structure::<&str>([])).await;
    case(spoilt("calledNumber", Wire::Nil)).await;
    case(spoilt("calledNumber", text("anonymous"))).await;
    case(spoilt("calledNumber", text("2".repeat(32)))).await;
    for trigger in ["BUSY", "TIMEOUT", "", "NEVER"] {
        case(spoilt("type", text(trigger))).await;
    }
    for name in ["enabled", "groupRedirect"] {
        case(spoilt(name, Wire::Nil)).await;
        case(spoilt(name, text("perhaps"))).await;
    }
    for name in ["destination", "destinationType"] {
        case(spoilt(name, text("7".repeat(256)))).await;
        case(spoilt(name, text("0041\n71"))).await;
        case(spoilt(name, structure::<&str>([]))).await;
    }
    case(spoilt("mailboxes", Wire::Array(Vec::new()))).await;
}

#[tokio::test]
async fn two_records_of_one_number_are_both_left_out() {
    let seen = read(records([record("210", &[]), record("211", &[]), record("210", &[("enabled", text("true"))])]));
    let numbers: Vec<CalledNumber> = seen.await.unwrap().iter().map(|record| record.number).collect();
    assert_eq!(numbers, [number("211")]);
}

#[tokio::test]
async fn an_account_that_is_not_told_of_is_unknown_and_one_without_numbers_is_not() {
    let (server, _) = recorded(|_| {
        success(structure([
            ("1000", records([record("210", &[])])),
            ("1001", text("")),
            ("1002", text("broken")),
            ("9999", records([record("219", &[])])),
            ("x", records([])),
        ]))
    })
    .await;
    let redirects = client(&server.url).redirects(&accounts(4)).await;
    let known: Vec<(u32, usize)> = redirects.seen.iter().map(|(account, records)| (account.0, records.len())).collect();
    assert_eq!(known, [(1000, 1), (1001, 0)]);
}

#[tokio::test]
async fn two_hundred_and_fifty_accounts_are_three_calls() {
    let (server, calls) = recorded(shown).await;
    let redirects = client(&server.url).redirects(&accounts(250)).await;
    assert_eq!((redirects.seen.len(), redirects.errors.len()), (250, 0));
    let mut sizes = sizes(&calls);
    sizes.sort_unstable();
    assert_eq!(sizes, [50, 100, 100]);
}

/// Returns how many accounts each call asked for, and forgets the calls.
fn sizes(calls: &Calls) -> Vec<usize> {
    calls.lock().unwrap().drain(..).map(|call| call.accounts().len()).collect()
}

#[tokio::test]
async fn a_read_that_was_too_much_is_made_in_halves_and_later_ones_of_redirects_are_smaller() {
    let (server, calls) = recorded(|call| match (call.method.as_str(), call.accounts().len()) {
        ("Kalender Connector.getRedirects", 51..) => "".into_response(),
        _ => shown(call),
    })
    .await;
    let client = client(&server.url);
    let first = client.redirects(&accounts(100)).await;
    assert_eq!((first.seen.len(), first.errors.len()), (100, 0));
    assert_eq!(sizes(&calls), [100, 50, 50]);
    client.redirects(&accounts(100)).await;
    assert_eq!(sizes(&calls), [50, 50]);
    // What is too much of redirects need not be too much of states.
    client.states(&accounts(100)).await;
    assert_eq!(sizes(&calls), [100]);
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
            shown(&call)
        }
    })
    .await;
    let redirects = impatient_client(&server.url).redirects(&accounts(100)).await;
    assert_eq!(redirects.seen.len(), 50, "the half without the stuck account");
    assert!(matches!(redirects.errors.as_slice(), [PbxError::TimedOut]));
    assert_eq!(sizes(&calls), [100, 50, 50]);
}

#[tokio::test]
async fn a_call_that_fails_spoils_no_other() {
    let (server, _) = recorded(|call| match call.accounts().contains(&"1150".to_owned()) {
        true => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        false => shown(call),
    })
    .await;
    let redirects = client(&server.url).redirects(&accounts(300)).await;
    assert_eq!(redirects.seen.len(), 200);
    assert!(!redirects.seen.contains_key(&AccountId(1150)));
    assert!(matches!(redirects.errors.as_slice(), [PbxError::Status(500)]));
}

#[tokio::test]
async fn a_dry_run_reads_redirects_and_never_writes_them() {
    let (server, calls) = recorded(shown).await;
    let dry = ReadOnly(client(&server.url));
    assert_eq!(dry.redirects(&accounts(2)).await.seen.len(), 2);
    let applied = dry.apply(&[redirect_step(1000, "210", "211")]).await;
    assert_eq!(applied.outcomes, [Outcome::NotSent]);
    assert_eq!(sizes(&calls), [2]);
}

#[tokio::test]
async fn nothing_to_read_makes_no_call() {
    let (server, calls) = recorded(shown).await;
    assert!(client(&server.url).redirects(&[]).await.seen.is_empty());
    assert!(calls.lock().unwrap().is_empty());
}
