//! Tests of [`super`].

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::graph::error::Absent;

fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

/// Reads the answer for each of so many mailboxes.
fn read(count: usize, answer: &Value) -> Vec<Result<Page, GraphError>> {
    let items = sort(count, answer.to_string().as_bytes()).unwrap();
    items.into_iter().map(|item| item.page(now(), Permission::Calendars)).collect()
}

/// Reads the answer of a single mailbox, which is refused.
fn refusal(status: u16, headers: &Value, body: &str) -> GraphError {
    let body: Value = serde_json::from_str(body).unwrap();
    let item = json!({"id": "1", "status": status, "headers": headers, "body": body});
    let mut pages = read(1, &json!({"responses": [item]}));
    pages.remove(0).err().unwrap()
}

#[track_caller]
fn assert_flaw(page: &Result<Page, GraphError>, expected: Flaw) {
    match page {
        Err(GraphError::Malformed { flaw, .. }) => assert_eq!(*flaw, expected),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a page"),
    }
}

#[test]
fn answers_are_told_apart_by_their_ids_in_whatever_order() {
    let item = |id: &str, mark: i32| json!({"id": id, "status": 200, "body": {"value": [mark]}});
    let answer = json!({"responses": [item("3", 30), item("1", 10), item("2", 20)]});
    let pages = read(3, &answer).into_iter().map(|page| page.ok().unwrap());
    let marks: Vec<String> = pages.map(|page| page.value[0].get().to_owned()).collect();
    assert_eq!(marks, ["10", "20", "30"]);
}

#[test]
fn a_mailbox_that_is_not_answered_exactly_once_is_unknown() {
    let item = |id: &str| json!({"id": id, "status": 200, "body": {"value": []}});
    let responses = json!([
        item("1"), item("3"), item("3"), item("3"), item("0"), item("5"), item("x"),
        {"id": 4, "status": 200, "body": {"value": []}},
        {"status": 200, "body": {"value": []}},
        null,
    ]);
    let pages = read(4, &json!({ "responses": responses }));
    assert!(pages[0].is_ok());
    assert_flaw(&pages[1], Flaw::Missing);
    assert_flaw(&pages[2], Flaw::Repeated);
    assert_flaw(&pages[3], Flaw::Missing);
}

#[test]
fn a_page_without_a_list_is_malformed_and_not_empty() {
    #[track_caller]
    fn case(body: &Value) {
        let item = json!({"id": "1", "status": 200, "body": body});
        let pages = read(1, &json!({"responses": [item]}));
        assert_flaw(&pages[0], Flaw::NoList);
    }
    case(&json!(null));
    case(&json!({}));
    case(&json!({"value": null}));
    case(&json!({"value": {}}));
    case(&json!("eyJ2YWx1ZSI6W119"));
}

#[test]
fn what_is_no_answer_to_a_batch_is_told() {
    #[track_caller]
    fn case(body: &[u8]) {
        assert_eq!(sort(1, body).err(), Some(Flaw::NotJson));
    }
    case(b"");
    case(b"<html>Sign in</html>");
    case(b"{}");
    case(br#"{"responses": null}"#);
    case(br#"{"responses": [{"id": "1", "sta"#);
}

#[test]
fn a_throttled_mailbox_says_how_long_to_wait_in_a_header_of_any_case() {
    #[track_caller]
    fn case(headers: &Value) {
        let body = include_str!("../../../tests/data/graph/throttling.01.response.json");
        match refusal(429, headers, body) {
            GraphError::Throttled { reply, after } => {
                assert_eq!(after, Some(Duration::from_millis(2128)));
                assert_eq!(reply.code, Code::new("TooManyRequests"));
                let id = RequestId::new("94fb3b52-452a-4535-a601-69e0a90e3aa2");
                assert_eq!(reply.request_id, id);
            }
            other => panic!("{other}"),
        }
    }
    case(&json!({"Retry-After": "2.128"}));
    case(&json!({"RETRY-AFTER": "2.128"}));
    case(&json!({"retry-after": 2.128}));
}

#[test]
fn a_mailbox_with_too_many_calls_is_throttled_without_a_time() {
    let body = include_str!("../../../tests/data/graph/extra.error-mailbox-concurrency.json");
    let error = refusal(429, &Value::Null, body);
    assert!(
        matches!(&error, GraphError::Throttled { after: None, reply }
            if reply.code == Code::new("ApplicationThrottled") && reply.request_id.is_none()),
        "{error}"
    );
}

#[test]
fn a_user_without_a_mailbox_is_not_found() {
    let body = include_str!("../../../tests/data/graph/extra.error-no-mailbox.json");
    let error = refusal(404, &json!({}), body);
    let absent = Absent::Mailbox;
    assert!(matches!(error, GraphError::NotFound { absent: found, .. } if found == absent));
}

#[test]
fn the_request_id_in_the_headers_comes_first() {
    let body = include_str!("../../../tests/data/graph/throttling.01.response.json");
    let error = refusal(500, &json!({"Request-Id": "in-the-headers"}), body);
    assert_eq!(error.request_id(), RequestId::new("in-the-headers").as_ref());
}

#[test]
fn an_error_without_a_code_is_understood_by_its_status() {
    let body = include_str!("../../../tests/data/graph/errors.02.body.json");
    let error = refusal(403, &json!({}), body);
    assert!(matches!(error, GraphError::Forbidden { reply, .. } if reply.code.is_none()));
}

#[test]
fn microsofts_sample_of_mixed_answers_is_sorted() {
    let sample = include_str!("../../../tests/data/graph/extra.batch-mixed-errors.json");
    let pages = read(3, &serde_json::from_str(sample).unwrap());
    assert_eq!(pages[0].as_ref().ok().unwrap().value.len(), 1);
    assert_flaw(&pages[1], Flaw::Missing);
    let error = pages[2].as_ref().err().unwrap();
    assert_eq!(
        error.to_string(),
        "read the calendar: Microsoft Graph answered 403 Authorization_RequestDenied \
         (request 93b6f17e-c05d-4f45-ad2a-6665c708d8a0); the app needs the permission \
         Calendars.ReadBasic.All or Calendars.Read for this mailbox"
    );
}

#[test]
fn microsofts_sample_of_other_statuses_is_sorted() {
    let sample = include_str!("../../../tests/data/graph/json-batching.02.body.json");
    let items = sort(4, sample.as_bytes()).unwrap();
    let refusals: Vec<bool> = items.iter().map(Item::refuses_token).collect();
    assert_eq!(refusals, [false, false, true, false]);
    let pages = read(4, &serde_json::from_str(sample).unwrap());
    assert!(matches!(pages[0], Err(GraphError::Refused { .. })));
    assert!(matches!(&pages[1], Ok(page) if page.value.is_empty()));
    assert!(matches!(pages[2], Err(GraphError::TokenRefused { .. })));
    assert!(matches!(pages[3], Err(GraphError::Refused { .. })));
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_of_batches_panic(bytes: Vec<u8>) {
        let _ = sort(3, &bytes);
    }

    #[test]
    fn no_items_make_the_reader_of_batches_panic(
        id in "[0-9x-]{0,22}", status: i64, header in ".{0,9}", body in r#"null|\{\}|"x"|\{"error":[0-9]\}"#,
    ) {
        let body: Value = serde_json::from_str(&body).unwrap();
        let item = json!({"id": id, "status": status, "headers": {"Retry-After": header}, "body": body});
        let two = json!({"responses": [item, item]});
        let one = json!({"responses": [item]});
        drop(read(3, &two));
        drop(read(3, &one));
    }
}
