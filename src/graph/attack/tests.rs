//! Answers that Graph never gives: broken, of other types, of other times, without measure, leading elsewhere.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::graph::json::VALUES_MAX;

const NEXT: &str = "https://graph.microsoft.com/v1.0/users/a/calendarView?$skip=1";

fn event() -> Value {
    let moment = |time: &str| json!({"dateTime": time, "timeZone": "UTC"});
    json!({
        "id": "AAMk1",
        "iCalUId": "0400",
        "type": "singleInstance",
        "subject": "Kunde ABC",
        "location": {"displayName": "Zürich"},
        "start": moment("2026-11-23T09:00:00.0000000"),
        "end": moment("2026-11-23T10:00:00.0000000"),
        "isAllDay": false,
        "showAs": "busy",
        "sensitivity": "normal",
        "isCancelled": false,
        "isOrganizer": true,
        "responseStatus": {"response": "organizer"},
        "categories": ["_SF_Ignorieren"],
        "body": {"contentType": "html", "content": "<p>@@Extern: 210</p>"},
    })
}

/// Everything that a batch's items may be: a page of each kind of list with a next one, and a refusal.
fn everything() -> Value {
    let mut user = event();
    user["userPrincipalName"] = json!("am@corp.example");
    user["displayName"] = json!("Rot");
    json!({"responses": [
        {"id": "1", "status": 200, "headers": {"Retry-After": "5"},
         "body": {"value": [user], "@odata.nextLink": NEXT}},
        {"id": "2", "status": 429, "headers": {"Retry-After": "5", "request-id": "94fb3b52"},
         "body": {"error": {"code": "ApplicationThrottled", "message": "x", "innerError": {"request-id": "94fb3b52"}}}},
    ]})
}

fn read(answer: &Value) -> Result<(), Flaw> {
    batch(answer.to_string().as_bytes())
}

fn of_one_mailbox(body: &Value) -> Value {
    json!({"responses": [{"id": "1", "status": 200, "body": body}]})
}

fn calendar(events: &Value) -> Vec<Entry> {
    let body = of_one_mailbox(&json!({"value": events})).to_string();
    let window = Window { from: now(), to: now() };
    let user = User::by_address(&anna());
    heard(body.as_bytes(), || Reading::new(&user, window, Texts::Asked))
        .into_iter()
        .flat_map(|whole| whole.calendar.into_entries())
        .collect()
}

#[test]
fn an_answer_cut_after_any_byte_is_no_answer() {
    let whole = everything().to_string();
    assert_eq!(batch(whole.as_bytes()), Ok(()));
    for end in 0..whole.len() {
        assert_eq!(batch(&whole.as_bytes()[..end]), Err(Flaw::NotJson), "{end}");
    }
}

#[test]
fn an_answer_in_another_encoding_is_no_answer_and_a_wrong_byte_costs_only_a_letter() {
    let text = everything().to_string();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(batch(&little), Err(Flaw::NotJson));
    assert_eq!(batch(&[&[0xff, 0xfe], &little[..]].concat()), Err(Flaw::NotJson));
    assert_eq!(batch(&[&[0xef, 0xbb, 0xbf], text.as_bytes()].concat()), Err(Flaw::NotJson));
    let latin = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect::<Vec<u8>>();
    assert_eq!(batch(&latin), Ok(()));
}

#[test]
fn an_answer_nested_deeper_than_any_is_no_answer_for_its_mailbox_alone() {
    #[track_caller]
    fn case(levels: usize) {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        for (open, close) in [(open, close), ("{\"a\":".repeat(levels), "}".repeat(levels))] {
            let inner = if open.starts_with('{') { "0" } else { "" };
            let deep = format!("{open}{inner}{close}");
            for body in [&deep, &format!(r#"{{"value": [{deep}]}}"#), &format!(r#"{{"value": [{{"id": {deep}}}]}}"#)] {
                let item = |id: u8, body: &str| format!(r#"{{"id": "{id}", "status": 200, "body": {body}}}"#);
                let answer = format!(r#"{{"responses": [{}, {}]}}"#, item(1, body), item(2, r#"{"value": []}"#));
                assert_eq!(batch(answer.as_bytes()), Ok(()), "{levels}");
                assert_eq!(calendars(answer.as_bytes()), Ok(vec![Vec::new()]), "{levels}");
            }
        }
    }
    case(100);
    case(130);
    case(200_000);
}

#[test]
fn an_answer_of_more_values_than_are_ever_read_is_refused_with_its_own_flaw() {
    for piece in ["0,", "[],", "{},", "{\"a\":0},", "\"\","] {
        let answer = format!(r#"{{"responses": [{}0]}}"#, piece.repeat(VALUES_MAX));
        assert_eq!(batch(answer.as_bytes()), Err(Flaw::TooManyValues), "{piece}");
    }
    assert_eq!(Flaw::TooManyValues.to_string(), "it has more values in it than are ever read");
}

#[test]
fn whatever_stands_in_place_of_any_part_of_an_answer_or_is_missing_every_reader_stays_within_its_bounds() {
    let strangers = || {
        let mut deep = json!(1);
        for _ in 0..50 {
            deep = json!([deep]);
        }
        vec![
            json!(null),
            json!(true),
            json!(-1),
            json!(u64::MAX),
            json!(1e300),
            json!(""),
            json!("\u{0}\u{202e}"),
            json!("x".repeat(20_000)),
            json!("9999-12-31T23:59:59"),
            json!("+262142-12-31T23"),
            json!([]),
            json!({}),
            json!(["a", 1, null]),
            json!({"dateTime": "0000-01-01T00:00:00", "timeZone": "UTC"}),
            json!({"value": [{}], "@odata.nextLink": "https://evil.example/v1.0/x"}),
            deep,
        ]
    };
    let mut tried = 0;
    changed_somewhere(&everything(), &strangers(), &mut |answer| {
        tried += 1;
        let _ = read(answer);
    });
    assert!(tried > 800, "{tried}");
}

/// Hands out the value with each of its parts in turn replaced by each stranger, and left out.
fn changed_somewhere(value: &Value, strangers: &[Value], each: &mut dyn FnMut(&Value)) {
    strangers.iter().for_each(&mut *each);
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                let mut whole = members.clone();
                changed_somewhere(inner, strangers, &mut |inner| {
                    whole.insert(name.clone(), inner.clone());
                    each(&Value::Object(whole.clone()));
                });
                whole.remove(name);
                each(&Value::Object(whole));
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                changed_somewhere(inner, strangers, &mut |inner| {
                    let mut whole = items.clone();
                    whole[index] = inner.clone();
                    each(&Value::Array(whole));
                });
            }
        }
        _ => {}
    }
}

#[test]
fn an_event_of_another_time_than_that_of_calendars_is_unreadable_and_not_overflowed() {
    #[track_caller]
    fn case(start: &str, end: &str, all_day: bool, expected: usize) {
        let mut event = event();
        event["start"]["dateTime"] = json!(start);
        event["end"]["dateTime"] = json!(end);
        event["isAllDay"] = json!(all_day);
        assert_eq!(calendar(&json!([event])).len(), expected, "{start} {end}");
    }
    case("0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999", false, 1);
    case("0001-01-01T00:00:00", "9999-12-31T00:00:00", true, 1);
    case("0000-12-31T23:59:59", "2026-11-23T10:00:00", false, 0);
    case("2026-11-23T10:00:00", "+10000-01-01T00:00:00", false, 0);
    case("-262143-01-01T00:00:00", "+262142-12-31T23:59:59", false, 0);
    case("-262143-01-01T00:", "+262142-12-31T00:", true, 0);
    case("2026-11-23T23:59:60", "2026-11-24T00:00:00", false, 1);
    case("2026-02-30T00:00:00", "2026-03-01T00:00:00", false, 0);
    case("", "", false, 0);
}

#[test]
fn words_of_an_entry_are_kept_up_to_a_bound_and_an_id_without_measure_is_unreadable() {
    let long = "ü".repeat(100_000);
    let mut changed = event();
    changed["subject"] = json!(long);
    changed["location"]["displayName"] = json!(long);
    changed["categories"] = json!(vec!["a"; 1000]);
    changed["categories"][0] = json!(long);
    let entry = calendar(&json!([changed])).remove(0);
    assert_eq!((entry.title.0.len(), entry.location.0.len()), (TEXT_BYTES_MAX, TEXT_BYTES_MAX));
    // A name that was cut would be another's.
    assert_eq!(entry.categories, vec!["a"; 100]);
    changed["id"] = json!("x".repeat(1025));
    assert!(calendar(&json!([changed])).is_empty());
}

#[test]
fn pages_lead_nowhere_but_to_graph() {
    for link in [
        NEXT,
        "https://evil.example/v1.0/users",
        "https://graph.microsoft.com.evil.example/v1.0/users",
        "https://graph.microsoft.com@evil.example/v1.0/users",
        "https://graph.microsoft.com\\@evil.example/v1.0/users",
        "//evil.example/v1.0/users",
        "https://graph.microsoft.com/v1.0//evil.example/users",
        "https://graph.microsoft.com/v1.0/\\evil.example",
        "https://graph.microsoft.com/v1.0/%2e%2e/beta",
        "https://graph.microsoft.com/v1.0/../../etc",
        "file:///v1.0/users",
        "",
    ] {
        header(link);
        assert_eq!(read(&of_one_mailbox(&json!({"value": [], "@odata.nextLink": link}))), Ok(()));
    }
}

#[test]
fn a_wait_is_a_bounded_number_of_seconds_whatever_the_header_says() {
    for text in [
        "1e999",
        "-1e999",
        "nan",
        "+5",
        "0x10",
        "99999999999999999999999",
        " ",
        "5;6",
        "5, 6",
        "1_000",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 31 Dec 99999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "Mon, 23 Nov 2026 09:00:30 +9999",
        "Mon, 99 Nov 2026 09:00:30 GMT",
    ] {
        header(text);
    }
}

#[test]
fn a_token_of_any_form_has_a_life_that_is_believed_or_is_none() {
    #[track_caller]
    fn case(body: &str, expected: bool) {
        assert_eq!(token(body.as_bytes()), expected, "{}", &body[..40.min(body.len())]);
    }
    case(r#"{"access_token": "a", "expires_in": 18446744073709551615}"#, true);
    case(r#"{"access_token": "a", "expires_in": 18446744073709551616}"#, false);
    case(r#"{"access_token": "a", "expires_in": -1}"#, false);
    case(r#"{"access_token": "a"}"#, false);
    case(r#"{"access_token": "a", "access_token": "b", "expires_in": 1}"#, false);
    case(r#"{"access_token": "a\r\nx: y", "expires_in": 1}"#, false);
    case(
        &format!(r#"{{"error": "{}", "error_codes": [4294967295], "trace_id": "\u0000"}}"#, "x".repeat(60_000)),
        false,
    );
    case(&format!(r#"{{"error": "a", "error_codes": [{}0]}}"#, "0,".repeat(30_000)), false);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!(NEXT)),
        Just(event()),
    ];
    let name = prop::sample::select(
        &[
            "id",
            "status",
            "headers",
            "body",
            "value",
            "@odata.nextLink",
            "error",
            "code",
            "start",
            "dateTime",
            "timeZone",
            "categories",
            "Retry-After",
        ][..],
    );
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6).prop_map(|members: BTreeMap<&str, Value>| {
                Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic_or_leave_its_bounds(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = batch(&body);
        token(&body);
        header(&String::from_utf8_lossy(&body));
    }

    #[test]
    fn no_change_of_a_few_bytes_makes_a_reader_panic_or_leave_its_bounds(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut body = everything().to_string().into_bytes();
        for (place, byte) in changes {
            let place = place.index(body.len());
            body[place] = byte;
        }
        let _ = batch(&body);
    }

    #[test]
    fn no_answer_for_a_mailbox_makes_a_reader_panic_or_leave_its_bounds(body in any_json(), status in any::<u16>()) {
        let _ = read(&of_one_mailbox(&body));
        let _ = read(&json!({"responses": [{"id": "1", "status": status, "headers": body, "body": body}]}));
        let _ = read(&json!({"responses": [body]}));
    }

    #[test]
    fn no_header_makes_a_reader_panic_or_leave_its_bounds(
        text in "[0-9]{1,2} (Jan|Dec) [+-]?[0-9]{1,7} [0-9:]{0,8} [+-]?[0-9A-Z]{0,5}|-?[0-9]{0,30}[.e]?-?[0-9]{0,5}|\\PC{0,30}",
    ) {
        header(&text);
        header(&format!("Mon, {text}"));
        header(&format!("https://graph.microsoft.com/v1.0/{text}"));
        header(&format!("https://graph.microsoft.com/v1.0{text}/x"));
    }
}
