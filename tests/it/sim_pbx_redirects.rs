//! The simulated PBX: `getRedirects` and `applyRedirects`, sentence by sentence.

use chrono::Duration;
use serde_json::{Value, json};
use starface_calendar::rules::{AccountId, CalledNumber, Redirect};
use starface_calendar::sim::pbx::{By, RedirectWrite, Trigger};

use crate::sim::{ANNA, BEAT, Switchboard};

/// Anna's own numbers, and one that she shares with Beat.
pub(crate) const INTERNAL: &str = "210";
pub(crate) const EXTERNAL: &str = "0041712345689";
pub(crate) const SHARED: &str = "0041712345600";

pub(crate) fn number(text: &str) -> CalledNumber {
    text.parse().unwrap()
}

/// A switchboard with numbers and boxes.
pub(crate) async fn start() -> Switchboard {
    let board = Switchboard::start().await;
    board.pbx.give_number(ANNA, number(INTERNAL));
    board.pbx.give_number(ANNA, number(EXTERNAL));
    board.pbx.give_group_number(&[ANNA, BEAT], number(SHARED));
    board.pbx.offer_mailbox(ANNA, "3", "Anna");
    board.pbx.offer_mailbox(BEAT, "4", "Beat");
    board
}

/// A record as it is written.
pub(crate) fn record(called: &str, enabled: &str, kind: &str, destination: &str) -> Value {
    json!({
        "calledNumber": called, "type": "ALWAYS",
        "enabled": enabled, "destinationType": kind, "destination": destination,
    })
}

/// The record with further members.
pub(crate) fn with(mut record: Value, more: Value) -> Value {
    match (&mut record, more) {
        (Value::Object(members), Value::Object(more)) => members.extend(more),
        other => panic!("no struct: {other:?}"),
    }
    record
}

/// A record that redirects a number to another.
pub(crate) fn to(called: &str, destination: &str) -> Value {
    record(called, "true", "PHONENUMBER", destination)
}

/// Applies records of Anna's as owner `one`, and gives the answer of each.
pub(crate) async fn apply(board: &Switchboard, seq: u64, records: &[Value]) -> Vec<Value> {
    let records: Value = records.iter().enumerate().map(|(index, one)| (index.to_string(), one.clone())).collect();
    let result = board.call("applyRedirects", "one", seq, json!({ "1010": records })).await;
    assert_eq!((result.success, result.words.as_str()), (true, ""));
    let answers = result.data["1010"].as_object().unwrap();
    (0..records.as_object().unwrap().len()).filter_map(|index| answers.get(&index.to_string()).cloned()).collect()
}

pub(crate) fn shows(board: &Switchboard, called: &str) -> Redirect {
    board.pbx.redirect(number(called), Trigger::Always).unwrap().redirect
}

/// An answer; with what is shown as its kind and destination, switched on unless there is none.
fn answer(ok: &str, error: &str, (enabled, kind, destination): (&str, &str, &str)) -> Value {
    json!({
        "ok": ok, "error": error,
        "seen.enabled": enabled, "seen.destinationType": kind, "seen.destination": destination,
    })
}

const OFF: (&str, &str, &str) = ("false", "PHONENUMBER", "");

#[tokio::test]
async fn every_number_at_which_calls_arrive_is_told_of_and_only_what_strikes_always() {
    let board = start().await;
    board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Always, &Redirect::to_mailbox("3"));
    board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Busy, &Redirect::to_number("211"));
    let data = board.call("getRedirects", "one", 0, json!({ "accounts": "1011,1010,4711,x" })).await.data;
    let told = |called: &str, group: &str, shown: (&str, &str, &str), last: &str, boxes: Value| {
        json!({
            "calledNumber": called, "type": "ALWAYS", "groupRedirect": group, "timeout": "0",
            "enabled": shown.0, "destinationType": shown.1, "destination": shown.2,
            "lastDestinationNumber": "", "lastDestinationMailbox": last, "mailboxes": boxes,
        })
    };
    let anna = json!({ "3": "Anna" });
    let expected = json!({
        "1010": {
            "0": told(SHARED, "true", OFF, "", anna.clone()),
            "1": told(EXTERNAL, "false", OFF, "", anna.clone()),
            "2": told(INTERNAL, "false", ("true", "VOICEMAIL", "3"), "3", anna),
        },
        "1011": { "0": told(SHARED, "true", OFF, "", json!({ "4": "Beat" })) },
    });
    assert_eq!(data, expected);
    let many = vec!["1010"; 101].join(",");
    let refused = board.call("getRedirects", "one", 0, json!({ "accounts": many })).await;
    assert_eq!(refused.words, "more than 100 accounts");
}

#[tokio::test]
async fn a_write_takes_effect_is_read_back_and_remembered_in_order() {
    let board = start().await;
    board.apply(6, json!({ "1010": { "chatPresence": "AWAY" } })).await;
    let mut changes = board.pbx.redirect_changes();
    let records = [to(EXTERNAL, "0041791234567"), record(INTERNAL, "true", "VOICEMAIL", "3")];
    let answers = apply(&board, 7, &records).await;
    let seen = [("true", "PHONENUMBER", "0041791234567"), ("true", "VOICEMAIL", "3")];
    assert_eq!(answers, seen.map(|seen| answer("true", "", seen)));
    assert_eq!(shows(&board, INTERNAL), Redirect::to_mailbox("3"));
    let writes = board.pbx.redirect_writes();
    // Counted together with states, so that the order of all writes can be told.
    assert_eq!(writes.iter().map(|write| write.number).collect::<Vec<_>>(), [2, 3]);
    let RedirectWrite { account, field, from, to, seq, owner, .. } = &writes[0];
    assert_eq!((*account, *field, *seq, owner.as_str()), (ANNA, number(EXTERNAL), 7, "one"));
    assert_eq!((from, to), (&Redirect::none(), &Redirect::to_number("0041791234567")));
    let change = changes.recv().await.unwrap();
    assert_eq!((change.account, change.field, change.by), (ANNA, number(EXTERNAL), By::Connector));
    assert_eq!((change.from, change.to), (Redirect::none(), Redirect::to_number("0041791234567")));
}

#[tokio::test]
async fn the_pbx_remembers_by_itself_where_a_number_led_last() {
    let board = start().await;
    let last = |board: &Switchboard| {
        let shown = board.pbx.redirect(number(INTERNAL), Trigger::Always).unwrap();
        (shown.last_number, shown.last_mailbox)
    };
    let expected = |number: &str, mailbox: &str| (number.to_owned(), mailbox.to_owned());
    assert_eq!(last(&board), expected("", ""));
    apply(&board, 1, &[to(INTERNAL, "211")]).await;
    assert_eq!(last(&board), expected("211", ""));
    apply(&board, 2, &[record(INTERNAL, "true", "VOICEMAIL", "3")]).await;
    assert_eq!(last(&board), expected("211", "3"));
    apply(&board, 3, &[record(INTERNAL, "false", "PHONENUMBER", "")]).await;
    assert_eq!(last(&board), expected("211", "3"));
}

#[tokio::test]
async fn busy_and_timeout_redirects_never_change() {
    let board = start().await;
    let busy = |trigger| board.pbx.redirect(number(INTERNAL), trigger).unwrap().redirect;
    board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Busy, &Redirect::to_number("211"));
    board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Timeout, &Redirect::to_mailbox("3"));
    let others = ["BUSY", "TIMEOUT", "always", ""].map(|trigger| with(to(INTERNAL, "212"), json!({ "type": trigger })));
    let refused = answer("false", "only ALWAYS is written", ("", "", ""));
    assert_eq!(apply(&board, 1, &others).await, vec![refused; 4]);
    apply(&board, 2, &[to(INTERNAL, "212")]).await;
    assert_eq!(shows(&board, INTERNAL), Redirect::to_number("212"));
    assert_eq!((busy(Trigger::Busy), busy(Trigger::Timeout)), (Redirect::to_number("211"), Redirect::to_mailbox("3")));
}

#[tokio::test]
async fn what_the_pbx_does_not_take_is_refused_with_words_and_spoils_no_other() {
    async fn case(bad: Value, words: &str, seen: (&str, &str, &str)) {
        let board = start().await;
        let answers = apply(&board, 1, &[bad, to(EXTERNAL, "211")]).await;
        let good = answer("true", "", ("true", "PHONENUMBER", "211"));
        assert_eq!(answers, [answer("false", words, seen), good]);
        assert_eq!(board.pbx.redirect_writes().len(), 1);
    }
    case(to(INTERNAL, ""), "a destination is missing", OFF).await;
    case(record(INTERNAL, "true", "VOICEMAIL", ""), "a destination is missing", OFF).await;
    case(record(INTERNAL, "true", "VOICEMAIL", "4"), "unknown mailbox", OFF).await;
    case(record(INTERNAL, "false", "VOICEMAIL", "4"), "unknown mailbox", OFF).await;
    case(to(INTERNAL, "+41791234567"), "a number starts with 00, not with +", OFF).await;
    case(to("219", "211"), "unknown number", ("", "", "")).await;
    case(to("zentrale", "211"), "unknown number", ("", "", "")).await;
    case(record(INTERNAL, "yes", "PHONENUMBER", "211"), "unknown value", OFF).await;
    case(record(INTERNAL, "true", "FAX", "211"), "unknown value", OFF).await;
    let partly = json!({ "calledNumber": INTERNAL, "type": "ALWAYS", "enabled": "true" });
    case(partly, "unknown value", OFF).await;
}

#[tokio::test]
async fn nobody_writes_to_a_number_at_which_calls_for_somebody_else_arrive() {
    let board = start().await;
    let records = json!({ "1011": { "0": to(INTERNAL, "211"), "1": to(SHARED, "211") } });
    let data = board.call("applyRedirects", "one", 1, records).await.data;
    assert_eq!(data["1011"]["0"]["error"], "unknown number");
    assert_eq!(data["1011"]["1"]["ok"], "true");
    // A group's number has one redirect, whoever writes it.
    assert_eq!(shows(&board, SHARED), Redirect::to_number("211"));
    let told = board.call("getRedirects", "one", 0, json!({ "accounts": "1010" })).await.data;
    assert_eq!(told["1010"]["0"]["destination"], "211");
    // An unknown account is absent.
    let unknown = board.call("applyRedirects", "one", 2, json!({ "4711": { "0": to(INTERNAL, "211") } })).await;
    assert_eq!(unknown.data, json!({}));
}

#[tokio::test]
async fn a_group_redirect_without_the_right_is_silently_left_undone() {
    let board = start().await;
    board.pbx.withdraw_group_right();
    let mut changes = board.pbx.redirect_changes();
    let answers = apply(&board, 1, &[to(SHARED, "211"), to(INTERNAL, "211")]).await;
    assert_eq!(answers[0], answer("true", "", OFF));
    assert_eq!(answers[1], answer("true", "", ("true", "PHONENUMBER", "211")));
    assert_eq!(changes.recv().await.unwrap().field, number(INTERNAL));
    assert_eq!(board.pbx.redirect_writes().len(), 1);
    board.pbx.grant_group_right();
    apply(&board, 2, &[to(SHARED, "211")]).await;
    assert_eq!(shows(&board, SHARED), Redirect::to_number("211"));
}

#[tokio::test]
async fn a_record_is_written_only_over_exactly_what_is_expected_or_not_at_all() {
    async fn case(expected: Value, is_written: bool) {
        let board = start().await;
        let shown = Redirect { enabled: false, ..Redirect::to_number("0041 71 234") };
        board.pbx.person_redirects(ANNA, number(INTERNAL), Trigger::Always, &shown);
        let answers = apply(&board, 1, &[with(to(INTERNAL, "211"), expected.clone())]).await;
        let seen = ("false", "PHONENUMBER", "0041 71 234");
        let (done, changed) = (answer("true", "", ("true", "PHONENUMBER", "211")), answer("false", "changed", seen));
        assert_eq!(answers, [if is_written { done } else { changed }], "{expected}");
    }
    let expect = |enabled: &str, kind: &str, destination: &str| {
        json!({
            "expect.enabled": enabled, "expect.destinationType": kind, "expect.destination": destination,
        })
    };
    case(json!({}), true).await;
    case(expect("false", "PHONENUMBER", "0041 71 234"), true).await;
    case(expect("true", "PHONENUMBER", "0041 71 234"), false).await;
    case(expect("false", "VOICEMAIL", "0041 71 234"), false).await;
    case(expect("false", "PHONENUMBER", "004171234"), false).await;
}

#[tokio::test]
async fn an_older_call_writes_nothing_on_a_number_that_a_newer_one_wrote() {
    let board = start().await;
    apply(&board, 9, &[to(SHARED, "211")]).await;
    let answers = apply(&board, 8, &[to(SHARED, "212"), to(INTERNAL, "212")]).await;
    assert_eq!(answers[0], answer("false", "stale", ("true", "PHONENUMBER", "211")));
    assert_eq!(answers[1]["ok"], "true");
    // The number counts, not who writes it.
    let by_beat = json!({ "1011": { "0": to(SHARED, "212") } });
    let data = board.call("applyRedirects", "one", 8, by_beat).await.data;
    assert_eq!(data["1011"]["0"]["error"], "stale");
    assert_eq!(apply(&board, 9, &[to(SHARED, "213")]).await[0]["ok"], "true");
    // States of the account are counted apart.
    assert_eq!(
        board.apply(1, json!({ "1010": { "chatPresence": "AWAY" } })).await["1010"]["chatPresence"]["ok"],
        "true"
    );
    assert_eq!(board.call("info", "one", 0, json!({})).await.data["lastSeq"], "9");
}

#[tokio::test]
async fn nobody_else_writes_within_60_seconds_and_a_new_owner_counts_afresh() {
    let board = start().await;
    apply(&board, 900, &[to(INTERNAL, "211")]).await;
    let other = async || board.call("applyRedirects", "two", 1, json!({ "1010": { "0": to(INTERNAL, "212") } })).await;
    board.clock.advance(Duration::milliseconds(59_999));
    let refused = other().await;
    assert_eq!((refused.success, refused.words.as_str()), (false, "owner one"));
    board.clock.advance(Duration::milliseconds(1));
    assert_eq!(other().await.data["1010"]["0"]["ok"], "true");
    assert_eq!(board.call("applyStates", "one", 901, json!({})).await.words, "owner two");
}

#[tokio::test]
async fn more_than_100_records_are_refused_as_a_whole() {
    let board = start().await;
    let records = |count: usize| -> Value { (0..count).map(|index| (index.to_string(), to(SHARED, "211"))).collect() };
    let over = json!({ "1010": records(60), "1011": records(41) });
    let refused = board.call("applyRedirects", "one", 1, over).await;
    assert_eq!((refused.success, refused.words.as_str()), (false, "more than 100 redirects"));
    assert!(board.pbx.redirect_writes().is_empty());
    let full = json!({ "1010": records(60), "1011": records(40) });
    assert!(board.call("applyRedirects", "one", 1, full).await.success);
    assert_eq!(board.pbx.redirect_writes().len(), 100);
}

#[tokio::test]
async fn an_account_or_one_of_its_numbers_can_be_refused_until_all_is_healed() {
    let board = start().await;
    board.pbx.refuse_number(ANNA, number(SHARED), "no group right");
    board.pbx.refuse(BEAT, "no right");
    let answers = apply(&board, 1, &[to(SHARED, "211"), to(INTERNAL, "211")]).await;
    assert_eq!(answers[0], answer("false", "no group right", OFF));
    assert_eq!(answers[1]["ok"], "true");
    let of_beat =
        async |seq| board.call("applyRedirects", "one", seq, json!({ "1011": { "0": to(SHARED, "211") } })).await;
    assert_eq!(of_beat(2).await.data["1011"]["0"], answer("false", "no right", OFF));
    board.pbx.heal();
    assert_eq!(of_beat(3).await.data["1011"]["0"]["ok"], "true");
    assert_eq!(apply(&board, 4, &[to(SHARED, "212")]).await[0]["ok"], "true");
}

#[tokio::test]
async fn a_person_changes_a_redirect_by_hand_and_is_heard() {
    let board = start().await;
    let mut changes = board.pbx.redirect_changes();
    let theirs = Redirect::to_number("212");
    board.pbx.person_redirects(BEAT, number(SHARED), Trigger::Busy, &theirs);
    board.pbx.person_redirects(BEAT, number(SHARED), Trigger::Always, &Redirect::none());
    board.pbx.person_redirects(BEAT, number(SHARED), Trigger::Always, &theirs);
    let change = changes.recv().await.unwrap();
    assert_eq!((change.account, change.field, change.by), (BEAT, number(SHARED), By::Person));
    assert_eq!((change.from, change.to), (Redirect::none(), theirs));
    assert!(changes.is_empty(), "only where calls go at once, and only what changed");
    assert!(board.pbx.redirect_writes().is_empty());
}

#[tokio::test]
async fn a_withdrawn_box_stays_where_it_is_set_and_is_offered_no_more() {
    let board = start().await;
    apply(&board, 1, &[record(INTERNAL, "true", "VOICEMAIL", "3")]).await;
    board.pbx.withdraw_mailbox(ANNA, "3");
    assert_eq!(shows(&board, INTERNAL), Redirect::to_mailbox("3"));
    let told = board.call("getRedirects", "one", 0, json!({ "accounts": "1010" })).await.data;
    assert_eq!(told["1010"]["2"]["mailboxes"], json!({}));
    let answers = apply(&board, 2, &[record(EXTERNAL, "true", "VOICEMAIL", "3")]).await;
    assert_eq!(answers[0]["error"], "unknown mailbox");
}

#[tokio::test]
async fn an_account_that_left_the_group_can_still_be_read_and_written() {
    let board = start().await;
    board.pbx.remove_member(ANNA);
    assert_eq!(apply(&board, 1, &[to(INTERNAL, "211")]).await[0]["ok"], "true");
    let told = board.call("getRedirects", "one", 0, json!({ "accounts": AccountId(1010).to_string() })).await.data;
    assert_eq!(told["1010"]["2"]["destination"], "211");
}
