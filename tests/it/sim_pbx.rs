//! The simulated PBX: who is let in, and what can be read.

use serde_json::{Value, json};
use starface_calendar::rules::AccountId;
use starface_calendar::secret::Secret;
use starface_calendar::sim::pbx::{Auth, By, Setup, StateField};

use crate::sim::{ANNA, Answer, BEAT, Switchboard, call, call_with, method_call, person, to_value};

async fn fault_of(board: &Switchboard, body: String) -> String {
    let answer = board.post(body).await.unwrap();
    assert_eq!(answer.status, 200);
    let fault = dxr::FaultResponse::from_xml(&answer.text).unwrap();
    fault.fault.string().to_owned()
}

#[tokio::test]
async fn a_call_without_the_right_token_gets_the_log_in_page() {
    let board = Switchboard::start().await;
    let post = async |query: &str| {
        let url = format!("{}xml-rpc{query}", board.pbx.url());
        let body = call("info", "", 0, &json!({}));
        Answer::of(board.http.post(url).body(body)).await.unwrap()
    };
    for query in ["", "?de.vertico.starface.auth=0001%3Awrong"] {
        let answer = post(query).await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").unwrap().starts_with("text/html"));
        assert!(answer.text.contains("<form"));
    }
    board.pbx.answer_login_page_with(401);
    assert_eq!(post("").await.status, 401);
    board.pbx.ask_for(Auth::None);
    let answer = post("").await;
    assert_eq!(answer.header("content-type"), Some("text/xml"));
}

#[tokio::test]
async fn a_wrong_key_is_refused_whatever_the_entry_point() {
    let board = Switchboard::start().await;
    let refused = async |key: &str, name: &str| {
        let params = json!({ "1010": { "chatPresence": "AWAY" } });
        let answer = board.post(call_with(key, name, "one", 1, &params)).await.unwrap();
        answer.text.contains("<string>key</string>") && answer.text.contains("<boolean>0</boolean>")
    };
    for name in ["info", "getConfig", "getMembers", "getStates", "applyStates", "drainEvents"] {
        assert!(refused("", name).await, "{name}");
        assert!(refused("sim-module-keyx", name).await, "{name}");
        assert!(refused("sim-module-kez", name).await, "{name}");
    }
    assert!(board.pbx.writes().is_empty());
    board.pbx.set_up_anew(Setup { key: Secret::new(""), ..Setup::default() });
    assert!(refused("", "info").await);
}

#[tokio::test]
async fn what_is_no_entry_point_or_no_single_struct_of_strings_is_a_fault() {
    let board = Switchboard::start().await;
    let argument = to_value(&json!({ "Key": "sim-module-key" }));
    let unknown = method_call("Kalender Connector.getMoon", vec![argument.clone()]);
    assert_eq!(fault_of(&board, unknown).await, "No such handler: Kalender Connector.getMoon");
    let other = method_call("Other.info", vec![argument.clone()]);
    assert_eq!(fault_of(&board, other).await, "No such handler: Other.info");
    let info = |arguments| method_call("Kalender Connector.info", arguments);
    let single = "exactly one struct is expected";
    assert_eq!(fault_of(&board, info(vec![])).await, single);
    assert_eq!(fault_of(&board, info(vec![argument.clone(), argument])).await, single);
    let number = dxr::Value::Struct([("Seq".to_owned(), dxr::Value::Integer(1))].into());
    let words = "a string or struct is expected, not number, date or base64";
    assert_eq!(fault_of(&board, info(vec![number])).await, words);
    assert_eq!(fault_of(&board, "~".to_owned()).await, "Failed to parse XML-RPC request");
    let calls = board.pbx.calls();
    assert_eq!((calls["unknown"], calls["info"]), (3, 3));
}

#[tokio::test]
async fn the_module_tells_of_itself() {
    let board = Switchboard::start().await;
    let info = board.call("info", "one", 1, json!({})).await;
    assert!(info.success);
    assert_eq!(info.data["api"], "1");
    assert_eq!(info.data["instanceName"], "Kalender Connector");
    assert_eq!((&info.data["owner"], &info.data["lastSeq"]), (&json!(""), &json!("0")));
    board.apply(41, json!({})).await;
    let info = board.call("info", "two", 1, json!({})).await.data;
    assert_eq!((&info["owner"], &info["lastSeq"]), (&json!("one"), &json!("41")));
    let config = board.call("getConfig", "one", 1, json!({})).await;
    assert_eq!(config.data, json!({ "revision": "1", "fields": {}, "lists": {} }));
    let events = board.call("drainEvents", "one", 1, json!({ "wait": "25" })).await;
    assert_eq!(events.data["queue"], info["queue"]);
    assert_eq!(events.data["events"], json!({}));
}

#[tokio::test]
async fn members_come_page_by_page_in_the_order_of_their_accounts() {
    let board = Switchboard::start().await;
    board.pbx.add_member(person(AccountId(999), "Carl"));
    let page = async |from: &str, count: &str| {
        let params = json!({ "group": "2001", "from": from, "count": count });
        board.call("getMembers", "one", 1, params).await
    };
    let names = |data: &Value| {
        let members = data["members"].as_object().unwrap();
        members.keys().cloned().collect::<Vec<_>>()
    };
    let first = page("0", "2").await.data;
    assert_eq!(first["total"], "3");
    assert_eq!(names(&first), ["1010", "999"]);
    assert_eq!(
        first["members"]["1010"],
        json!({ "login": "1010", "firstName": "Anna", "familyName": "Müller", "email": "anna@example.com" })
    );
    assert_eq!(names(&page("2", "2").await.data), ["1011"]);
    assert_eq!(names(&page("3", "2").await.data), Vec::<String>::new());
    assert_eq!(page("0", "501").await.words, "count");
    assert_eq!(page("-1", "2").await.words, "from");
    board.pbx.remove_member(ANNA);
    assert_eq!(names(&page("0", "9").await.data), ["1011", "999"]);
    let other = json!({ "group": "7", "from": "0", "count": "1" });
    assert_eq!(board.call("getMembers", "one", 1, other).await.words, "unknown group");
}

#[tokio::test]
async fn states_of_unknown_accounts_are_absent() {
    let board = Switchboard::start().await;
    board.pbx.person_sets(ANNA, StateField::ChatPresenceMessage, "im Büro 😀");
    board.pbx.remove_member(ANNA);
    let states = async |accounts: &str| {
        let params = json!({ "accounts": accounts });
        board.call("getStates", "one", 1, params).await
    };
    let fresh = |text: &str| {
        json!({
            "chatPresence": "AVAILABLE",
            "chatPresenceMessage": text,
            "telephonyState": "AVAILABLE",
            "doNotDisturb": "false",
            "inCall": "false",
        })
    };
    // One who left the group still has an account; one who was deleted has none.
    let seen = states("1010,1011,4711,x").await.data;
    assert_eq!(seen, json!({ "1010": fresh("im Büro 😀"), "1011": fresh("") }));
    board.pbx.delete_account(BEAT);
    assert_eq!(states("1011").await.data, json!({}));
    let hundred = vec!["1010"; 100].join(",");
    assert!(states(&hundred).await.success);
    assert_eq!(states(&format!("{hundred},1010")).await.words, "more than 100 accounts");
}

#[tokio::test]
async fn a_restart_loses_presence_text_and_the_modules_memory() {
    let board = Switchboard::start().await;
    let queue = async || board.call("info", "", 0, json!({})).await.data["queue"].clone();
    let before = queue().await;
    board.pbx.person_sets(ANNA, StateField::DoNotDisturb, "true");
    let away = json!({
        "chatPresence": "AWAY",
        "chatPresenceMessage": "weg",
        "back.chatPresence": "AVAILABLE",
    });
    board.apply(5, json!({ "1010": away })).await;
    let mut changes = board.pbx.changes();
    board.pbx.restart();
    let shown = board.pbx.shows(ANNA).unwrap();
    assert_eq!((shown.chat_presence.as_str(), shown.chat_presence_message.as_str()), ("AVAILABLE", ""));
    assert_eq!(shown.do_not_disturb, "true");
    assert!(board.pbx.back_table().is_empty());
    assert_ne!(queue().await, before);
    let info = board.call("info", "", 0, json!({})).await.data;
    assert_eq!((&info["owner"], &info["lastSeq"]), (&json!(""), &json!("0")));
    assert_eq!(changes.recv().await.unwrap().by, By::Restart);
    // A lower number is good again, and from anybody.
    let result = board.call("applyStates", "two", 1, json!({ "1010": { "chatPresence": "AWAY" } })).await;
    assert_eq!(result.data["1010"]["chatPresence"]["ok"], "true");
}

#[tokio::test]
async fn changes_are_told_as_they_happen_and_only_when_something_changed() {
    let board = Switchboard::start().await;
    let mut changes = board.pbx.changes();
    board.pbx.person_sets(ANNA, StateField::ChatPresence, "AVAILABLE");
    board.pbx.person_sets(ANNA, StateField::ChatPresence, "AWAY");
    board.apply(1, json!({ "1010": { "chatPresence": "AWAY", "chatPresenceMessage": "weg" } })).await;
    let first = changes.recv().await.unwrap();
    assert_eq!((first.field, first.by), (StateField::ChatPresence, By::Person));
    assert_eq!((first.from.as_str(), first.to.as_str()), ("AVAILABLE", "AWAY"));
    let second = changes.recv().await.unwrap();
    assert_eq!((second.field, second.by), (StateField::ChatPresenceMessage, By::Connector));
    assert_eq!((second.account, second.to.as_str()), (ANNA, "weg"));
    assert!(changes.is_empty());
}
