//! The member list, page by page: whole or an error, never shorter than it is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::response::{IntoResponse, Response};
use dxr::Value as Wire;
use starface_calendar::pbx::{Malformed, Pbx, PbxError};
use starface_calendar::rules::{AccountId, Login, Member};

use crate::pbx::{Call, Server, client, module, structure, success, text};

fn member(account: u32) -> Wire {
    structure([
        ("login", text(format!("{account:04}"))),
        ("firstName", text("Anna")),
        ("familyName", text("Bär")),
        ("email", text(format!("a{account}@example.com"))),
    ])
}

fn page(total: usize, accounts: impl Iterator<Item = u32>) -> Response {
    let members = structure(accounts.map(|account| (account.to_string(), member(account))));
    success(structure([("total", text(total.to_string())), ("members", members)]))
}

/// Serves a group of so many members, at most `page_max` at once; counts the calls.
async fn group(members: usize, page_max: usize) -> (Server, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let made = Arc::clone(&calls);
    let server = module(move |call| {
        made.fetch_add(1, Ordering::SeqCst);
        let (from, count) = (number(&call, "from"), number(&call, "count").min(page_max));
        async move { page(members, (1000..).take(members).skip(from).take(count)) }
    })
    .await;
    (server, calls)
}

fn number(call: &Call, name: &str) -> usize {
    call.param(name).parse().unwrap()
}

#[tokio::test]
async fn every_page_is_read_until_the_total_is_there() {
    async fn case(members: usize, page_max: usize, expected_calls: usize) {
        let (server, calls) = group(members, page_max).await;
        let read = client(&server.url).members(AccountId(7)).await.unwrap();
        let accounts: Vec<u32> = read.iter().map(|member| member.account.0).collect();
        assert_eq!(accounts, (1000..).take(members).collect::<Vec<_>>());
        assert_eq!(calls.load(Ordering::SeqCst), expected_calls);
    }
    case(0, 500, 1).await;
    case(1, 500, 1).await;
    case(500, 500, 1).await;
    case(501, 500, 2).await;
    case(1203, 500, 3).await;
    // A module may give less than it is asked for.
    case(250, 100, 3).await;
}

#[tokio::test]
async fn the_group_is_named_and_pages_have_at_most_five_hundred() {
    let server = module(|call| async move {
        assert_eq!((call.param("group"), call.param("count")), ("7".into(), "500".into()));
        page(0, std::iter::empty())
    })
    .await;
    assert!(client(&server.url).members(AccountId(7)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_list_that_changes_between_two_pages_is_read_again() {
    // The first time through, a member has gone and another come when the second page is asked for.
    let calls = Arc::new(AtomicUsize::new(0));
    let server = module(move |call| {
        let is_first_time = calls.fetch_add(1, Ordering::SeqCst) < 2;
        let from = number(&call, "from");
        async move {
            match (is_first_time, from) {
                (_, 0) => page(600, 1000..1500),
                (true, _) => page(600, 1499..1599),
                (false, _) => page(600, 1500..1600),
            }
        }
    })
    .await;
    let members = client(&server.url).members(AccountId(7)).await.unwrap();
    assert_eq!(members.len(), 600);
}

#[tokio::test]
async fn a_list_that_never_adds_up_is_an_error_and_not_a_shorter_list() {
    async fn case(second_page: fn() -> Response) {
        let calls = Arc::new(AtomicUsize::new(0));
        let made = Arc::clone(&calls);
        let server = module(move |call| {
            made.fetch_add(1, Ordering::SeqCst);
            async move {
                match number(&call, "from") {
                    0 => page(600, 1000..1500),
                    _ => second_page(),
                }
            }
        })
        .await;
        let error = client(&server.url).members(AccountId(7)).await.unwrap_err();
        assert!(matches!(error, PbxError::Malformed(Malformed::Pages)), "{error:?}");
        assert_eq!(calls.load(Ordering::SeqCst), 4);
    }
    case(|| page(600, std::iter::empty())).await;
    case(|| page(600, 1400..1500)).await;
    case(|| page(599, 1500..1599)).await;
}

#[tokio::test]
async fn a_module_that_gives_one_member_a_page_is_not_asked_for_ever() {
    let (server, calls) = group(10_000, 1).await;
    let error = client(&server.url).members(AccountId(7)).await.unwrap_err();
    assert!(matches!(error, PbxError::Malformed(Malformed::Pages)), "{error:?}");
    assert_eq!(calls.load(Ordering::SeqCst), 160);
}

#[tokio::test]
async fn a_page_that_was_too_much_is_asked_for_in_smaller_ones() {
    let counts = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&counts);
    let server = module(move |call| {
        let (from, count) = (number(&call, "from"), number(&call, "count"));
        asked.lock().unwrap().push(count);
        async move {
            match count {
                201.. => "".into_response(),
                _ => page(300, (1000..1300).skip(from).take(count)),
            }
        }
    })
    .await;
    let members = client(&server.url).members(AccountId(7)).await.unwrap();
    assert_eq!(members.len(), 300);
    assert_eq!(*counts.lock().unwrap(), [500, 250, 125, 125, 125]);
}

#[tokio::test]
async fn a_page_that_is_always_too_much_is_given_up() {
    let server = module(|_| async { "".into_response() }).await;
    let error = client(&server.url).members(AccountId(7)).await.unwrap_err();
    assert!(matches!(error, PbxError::NotSerialised), "{error:?}");
}

#[tokio::test]
async fn a_member_is_read_as_far_as_it_can_be() {
    async fn case(fields: Wire, expected: (&str, &str, Option<&str>)) {
        let server = module(move |_| {
            let members = structure([("1010", fields.clone())]);
            let data = structure([("total", Wire::Integer(1)), ("members", members)]);
            async move { success(data) }
        })
        .await;
        let (login, name, address) = expected;
        let expected = Member {
            account: AccountId(1010),
            login: Login(login.to_owned()),
            name: name.to_owned(),
            address: address.map(|address| address.parse().unwrap()),
        };
        assert_eq!(client(&server.url).members(AccountId(7)).await.unwrap(), [expected]);
    }
    case(member(1010), ("1010", "Anna Bär", Some("a1010@example.com"))).await;
    case(structure([("login", Wire::Integer(1010))]), ("1010", "", None)).await;
    let email = |email: &str| structure([("login", text("1")), ("email", text(email))]);
    case(email(" A@Example.com "), ("1", "", Some("a@example.com"))).await;
    case(email("no address"), ("1", "", None)).await;
    case(structure([("login", text("1")), ("familyName", text(" Bär "))]), ("1", "Bär", None)).await;
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_an_error() {
    async fn case(data: Wire, expected: Malformed) {
        let server = module(move |_| {
            let data = data.clone();
            async move { success(data) }
        })
        .await;
        let error = client(&server.url).members(AccountId(7)).await.unwrap_err();
        assert!(matches!(error, PbxError::Malformed(found) if found == expected), "{error:?}");
    }
    let with = |members: Wire| structure([("total", text("1")), ("members", members)]);
    case(structure::<&str>([]), Malformed::Missing("total")).await;
    case(structure([("total", text("many"))]), Malformed::Number("total")).await;
    case(with(Wire::Array(Vec::new())), Malformed::Struct("members")).await;
    case(with(structure([("x", member(1))])), Malformed::Number("a member's account")).await;
    case(with(structure([("1", Wire::Integer(1))])), Malformed::Struct("a member")).await;
    let odd = structure([("login", structure::<&str>([]))]);
    case(with(structure([("1", odd)])), Malformed::Leaf("login")).await;
}

#[tokio::test]
async fn a_group_larger_than_any_is_an_error_after_the_first_page() {
    let (server, calls) = group(20_001, 500).await;
    let error = client(&server.url).members(AccountId(7)).await.unwrap_err();
    assert!(matches!(error, PbxError::Malformed(Malformed::Members)), "{error:?}");
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}
