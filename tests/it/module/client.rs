//! The service's own client against the module's own Java: every entry point over real HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha512};
use starface_calendar::pbx::{ACCOUNTS_MAX, Config, Event, EventKind, Pbx, PbxError, XmlRpc};
use starface_calendar::rules::{
    AccountId, Back, Deed, Dnd, Field, Outcome, Ownership, Presence, Redirect, StatusText, Step, Telephony, Value,
};
use starface_calendar::secret::Secret;

use super::host::{ANNA, BEAT, GROUP, Host, INSTANCE, KEY, LOGIN, PASSWORD};
use crate::pbx::{OWNER, away_step, client_of, text_step};
use crate::pbx_redirects::number;

/// Where the stand-in's clock is set to: 2026-11-23 09:20:00 UTC.
const NOW: i64 = 1_795_425_600_000;

const MINUTE: i64 = 60_000;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(NOW).unwrap()
}

fn presence(presence: Presence) -> Value {
    Value::Presence(presence)
}

fn text(text: &str) -> Value {
    Value::Text(StatusText(text.to_owned()))
}

fn done(seen: Value) -> Outcome {
    Outcome::Done { seen: Some(seen) }
}

async fn made_of(client: &XmlRpc, step: Step) -> Outcome {
    let applied = client.apply(&[step]).await;
    assert!(applied.errors.is_empty(), "{:?}", applied.errors);
    applied.outcomes.into_iter().next().unwrap()
}

async fn shows(client: &XmlRpc, account: AccountId) -> (Presence, String) {
    let states = client.states(&[account]).await;
    assert!(states.errors.is_empty(), "{:?}", states.errors);
    let seen = &states.seen[&account];
    (seen.presence.clone(), seen.text.0.clone())
}

/// Moves the stand-in's clock and strikes the module's timer.
fn pass(host: &Host, millis: i64) {
    host.tell(&["advance", &millis.to_string()]);
    host.tell(&["tick"]);
}

/// A host whose clock stands.
fn standing() -> Host {
    let host = Host::start();
    host.tell(&["clock", &NOW.to_string()]);
    host
}

#[tokio::test]
async fn the_module_tells_of_itself_and_of_its_page() {
    let host = Host::start();
    host.tell(&["field", "GUI_STATUSTEXT", "!title! – Größe & <Co> 😀"]);
    host.tell(&["field", "GUI_KATEGORIEN_ENTFERNEN", "a@firma.example", "ü@firma.example"]);
    let info = host.client().info().await.unwrap();
    assert_eq!((info.api.as_str(), info.instance_name.as_str(), info.owner), ("1", INSTANCE, None));
    let page = host.client().page().await.unwrap();
    assert_eq!(page.revision, info.config_revision);
    assert_eq!(page.fields["GUI_STATUSTEXT"], "!title! – Größe & <Co> 😀");
    assert_eq!(page.lists["GUI_KATEGORIEN_ENTFERNEN"], ["a@firma.example", "ü@firma.example"]);
    assert!(!page.fields.values().any(|value| value == KEY), "the key stays in the module");
    host.tell(&["field", "GUI_STATUSTEXT", "-"]);
    assert_ne!(host.client().info().await.unwrap().config_revision, info.config_revision);
}

#[tokio::test]
async fn a_group_of_many_pages_is_read_whole_and_in_order() {
    let host = Host::start();
    let accounts: Vec<String> = (5000..5650_u32).map(|account| account.to_string()).collect();
    for account in &accounts {
        host.tell(&["user", account, account, "Jürg", "Weiß 😀", &format!("m{account}@firma.example")]);
    }
    let group: Vec<&str> = ["group", "2002"].into_iter().chain(accounts.iter().map(String::as_str)).collect();
    host.tell(&group);
    let members = host.client().members(AccountId(2002)).await.unwrap();
    let read: Vec<String> = members.iter().map(|member| member.account.to_string()).collect();
    assert_eq!(read, accounts);
    assert!(members.iter().all(|member| member.name.contains("Jürg") && member.name.contains("Weiß 😀")));
    assert_eq!(members[649].address.as_ref().unwrap().as_str(), "m5649@firma.example");
    assert!(
        host.client().members(AccountId(4711)).await.is_err(),
        "a group that is not there has no members to follow"
    );
}

#[tokio::test]
async fn a_hundred_accounts_are_written_and_read_and_one_that_throws_spoils_no_other() {
    let host = Host::start();
    let accounts: Vec<AccountId> = (5000..).map(AccountId).take(ACCOUNTS_MAX).collect();
    for account in &accounts {
        host.tell(&["user", &account.to_string(), &account.to_string(), "A", "B", ""]);
    }
    host.tell(&["break", "5050", "internal error"]);
    host.tell(&["refuse", "5051", "no right"]);
    let words = |account: &AccountId| format!("[09:20-10:15] Größe 😀 {account}");
    let steps: Vec<Step> =
        accounts.iter().flat_map(|account| [away_step(account.0), text_step(account.0, &words(account))]).collect();
    let client = host.client();
    let applied = client.apply(&steps).await;
    assert!(applied.errors.is_empty(), "{:?}", applied.errors);
    let states = client.states(&accounts).await;
    for (pair, account) in applied.outcomes.chunks(2).zip(&accounts) {
        match account.0 {
            5050 => {
                assert!(pair.iter().all(|outcome| matches!(outcome, Outcome::Refused { .. })), "{pair:?}");
                assert!(!states.seen.contains_key(account), "what cannot be read is unknown");
            }
            5051 => assert!(pair.iter().all(|outcome| matches!(outcome, Outcome::Refused { .. })), "{pair:?}"),
            _ => {
                assert_eq!(pair, [done(presence(Presence::Away)), done(text(&words(account)))], "{account}");
                let seen = &states.seen[account];
                assert_eq!((&seen.presence, &seen.text.0), (&Presence::Away, &words(account)));
            }
        }
    }
    assert_eq!(states.seen.len(), ACCOUNTS_MAX - 1);
}

#[tokio::test]
async fn every_field_of_a_state_is_written_and_read_and_one_who_is_not_there_is_unknown() {
    let host = Host::start();
    let write = |value, expect| Step::write(ANNA, value, Some(expect));
    let steps = [
        write(presence(Presence::DoNotDisturb), presence(Presence::Available)),
        write(text("weg"), text("")),
        write(Value::Indicator(Telephony::Active), Value::Indicator(Telephony::Available)),
        write(Value::Dnd(Dnd::On), Value::Dnd(Dnd::Off)),
    ];
    let client = host.client();
    let applied = client.apply(&steps).await;
    for (step, outcome) in steps.iter().zip(&applied.outcomes) {
        assert_eq!(*outcome, done(step.written().unwrap().clone()));
    }
    let shown = host.shows(ANNA);
    assert_eq!((&shown["presence"], &shown["text"]), (&"DO_NOT_DISTURB".into(), &"weg".into()));
    assert_eq!((&shown["lamp"], &shown["dnd"]), (&"ACTIVE".into(), &true.into()));
    let states = client.states(&[ANNA, AccountId(4711)]).await;
    assert_eq!(states.seen.len(), 1);
    assert_eq!(states.seen[&ANNA].dnd, Some(Dnd::On));
}

#[tokio::test]
async fn with_a_wrong_key_nothing_is_told_and_nothing_is_done() {
    let host = Host::start();
    let client = client_of(Config { module_key: Secret::new("Schlüssel-18"), ..host.config() });
    let wrong = |error: &PbxError| matches!(error, PbxError::WrongKey);
    assert!(wrong(&client.info().await.unwrap_err()));
    assert!(wrong(&client.page().await.unwrap_err()));
    assert!(wrong(&client.members(GROUP).await.unwrap_err()));
    assert!(wrong(&client.drain(None, 0, Duration::ZERO).await.unwrap_err()));
    assert!(client.states(&[ANNA]).await.errors.iter().all(wrong));
    assert!(client.redirects(&[ANNA]).await.errors.iter().all(wrong));
    let applied = client.apply(&[away_step(ANNA.0)]).await;
    assert_eq!(applied.outcomes, [Outcome::NotSent]);
    assert!(applied.errors.iter().all(wrong) && applied.errors.len() == 1, "{:?}", applied.errors);
    assert_eq!(host.shows(ANNA)["presence"], "AVAILABLE");
}

#[tokio::test]
async fn a_wrong_password_meets_the_log_in_page_and_is_told_as_such() {
    let host = Host::start();
    let client = client_of(Config { password: Secret::new("Passwort"), ..host.config() });
    assert!(matches!(client.info().await, Err(PbxError::Authentication)));
}

#[tokio::test]
async fn a_call_whose_members_are_missing_is_refused_and_does_no_harm() {
    let host = Host::start();
    let key = format!("<member><name>Key</name><value><string>{KEY}</string></value></member>");
    for (name, members, words) in [
        ("applyStates", "", "key"),
        ("applyStates", &key, "seq"),
        ("getStates", &key, "accounts"),
        ("info", &key, "moduleVersion"),
    ] {
        let answer = posted(&host, name, members);
        assert!(
            answer.contains(&format!("<value>{words}</value>")) || answer.contains(&format!("<name>{words}<")),
            "{answer}"
        );
    }
    assert_eq!(host.client().info().await.unwrap().owner, None);
}

/// Calls an entry point with exactly these members of its struct, as the service's own client never would.
fn posted(host: &Host, name: &str, members: &str) -> String {
    let body = format!(
        "<methodCall><methodName>{INSTANCE}.{name}</methodName><params><param><value><struct>{members}</struct></value>\
         </param></params></methodCall>"
    );
    let token = format!("{LOGIN}:{}", hex(&format!("{LOGIN}*{}", hex(PASSWORD))));
    let head = format!(
        "POST /xml-rpc?de.vertico.starface.auth={token} HTTP/1.1\r\nHost: pbx\r\nContent-Type: text/xml\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut connection = TcpStream::connect(host.url().trim_start_matches("http://")).unwrap();
    connection.write_all((head + &body).as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

fn hex(text: &str) -> String {
    Sha512::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn another_owner_writes_nothing_until_the_first_has_been_silent_for_a_minute() {
    let host = standing();
    let (first, second) = (host.client(), host.client_as("owner-2", 1));
    assert_eq!(made_of(&first, away_step(ANNA.0)).await, done(presence(Presence::Away)));
    host.tell(&["advance", "59999"]);
    let applied = second.apply(&[away_step(BEAT.0)]).await;
    assert_eq!(applied.outcomes, [Outcome::NotSent]);
    assert!(matches!(&applied.errors[..], [PbxError::OtherOwner { id }] if id == OWNER), "{:?}", applied.errors);
    assert_eq!(host.shows(BEAT)["presence"], "AVAILABLE");
    host.tell(&["advance", "1"]);
    assert_eq!(made_of(&second, away_step(BEAT.0)).await, done(presence(Presence::Away)));
    assert_eq!(second.info().await.unwrap().owner.as_deref(), Some("owner-2"));
}

#[tokio::test]
async fn what_comes_late_with_a_lower_number_is_stale_and_changes_nothing() {
    let host = Host::start();
    let (early, late) = (host.client_at(3), host.client_at(900));
    assert_eq!(made_of(&late, text_step(ANNA.0, "neu")).await, done(text("neu")));
    let stale = Step::write(ANNA, text("alt"), Some(text("neu")));
    assert_eq!(made_of(&early, stale).await, Outcome::Stale);
    assert_eq!(shows(&late, ANNA).await.1, "neu");
    let info = early.info().await.unwrap();
    assert_eq!((info.owner.as_deref(), info.last_seq), (Some(OWNER), 900));
    let again = Step::write(ANNA, text("neuer"), Some(text("neu")));
    assert_eq!(made_of(&early, again).await, done(text("neuer")), "who has asked goes on above");
}

#[tokio::test]
async fn what_a_person_changed_meanwhile_is_told_and_not_written_over() {
    let host = Host::start();
    host.tell(&["text", "1010", "Mittag 😀 bis 13:00"]);
    let client = host.client();
    let outcome = made_of(&client, text_step(ANNA.0, "Termin")).await;
    assert_eq!(outcome, Outcome::Changed { seen: Some(text("Mittag 😀 bis 13:00")) });
    assert_eq!(shows(&client, ANNA).await.1, "Mittag 😀 bis 13:00");
}

/// A write over what is shown, to be put back at this instant.
fn put(value: Value, over: Value, after: DateTime<Utc>) -> Step {
    let back = Some(Back { value: over.clone(), after });
    Step { account: ANNA, deed: Deed::Write { value, expect: Some(over), back } }
}

#[tokio::test]
async fn the_module_puts_back_at_the_instant_not_before_and_only_once() {
    let host = standing();
    let client = host.client();
    let queue = client.info().await.unwrap().queue;
    let hour = now() + TimeDelta::hours(1);
    let step = put(presence(Presence::Away), presence(Presence::Available), hour);
    assert_eq!(made_of(&client, step).await, done(presence(Presence::Away)));
    pass(&host, 60 * MINUTE - 1);
    assert_eq!(host.shows(ANNA)["presence"], "AWAY", "before");
    pass(&host, 1);
    assert_eq!(host.shows(ANNA)["presence"], "AVAILABLE", "at the instant");
    let drained = client.drain(Some(queue), 0, Duration::ZERO).await.unwrap();
    let at = now() + TimeDelta::hours(1);
    assert_eq!(drained.events, [Event { seq: 1, kind: EventKind::Back(ANNA), at }]);
    host.tell(&["presence", "1010", "AWAY"]);
    pass(&host, 60 * MINUTE);
    assert_eq!(host.shows(ANNA)["presence"], "AWAY", "after");
}

#[tokio::test]
async fn the_module_puts_nothing_back_while_its_owner_calls_nor_what_is_forgotten() {
    let host = standing();
    let client = host.client();
    made_of(&client, put(presence(Presence::Away), presence(Presence::Available), now())).await;
    for _ in 0..3 {
        pass(&host, 14 * MINUTE);
        client.info().await.unwrap();
        assert_eq!(host.shows(ANNA)["presence"], "AWAY");
    }
    client.apply(&[Step { account: ANNA, deed: Deed::Forget(Field::Presence) }]).await;
    pass(&host, 60 * MINUTE);
    assert_eq!(host.shows(ANNA)["presence"], "AWAY");
}

#[tokio::test]
async fn redirects_are_read_written_and_put_back() {
    let host = standing();
    for words in [["number", "1010", "21"], ["number", "1010", "0041712345621"], ["group-number", "2001", "90"]] {
        host.tell(&words);
    }
    host.tell(&["mailbox", "1010", "7", "Box Müller"]);
    host.tell(&["redirect", "1010", "21", "true", "PHONENUMBER", "0041790000000"]);
    let client = host.client();
    let redirects = client.redirects(&[ANNA, AccountId(4711)]).await;
    let records = &redirects.seen[&ANNA];
    let read: Vec<_> = records.iter().map(|record| (record.number.as_str(), record.ownership)).collect();
    let expected = [("0041712345621", Ownership::Own), ("21", Ownership::Own), ("90", Ownership::Group)];
    assert_eq!((read.as_slice(), redirects.seen.len()), (&expected[..], 1));
    let before = Redirect::to_number("0041790000000");
    assert_eq!((&records[1].redirect, &records[1].mailboxes[..]), (&before, &["7".to_owned()][..]));

    let value = |called, redirect| Value::Redirect(number(called), redirect);
    let (mailbox, target) = (value("21", Redirect::to_mailbox("7")), value("90", Redirect::to_number("55")));
    let on_group = put(target, value("90", Redirect::none()), now());
    let applied = client.apply(&[put(mailbox.clone(), value("21", before.clone()), now()), on_group]).await;
    let quiet = done(value("90", Redirect::none()));
    assert_eq!(applied.outcomes, [done(mailbox), quiet], "without the right STARFACE silently changes nothing");
    pass(&host, 16 * MINUTE);
    let shown = host.shows(ANNA);
    assert_eq!(shown["redirects"]["21 ALWAYS"]["destination"], "0041790000000");
}

#[tokio::test]
async fn a_call_to_the_modules_number_and_a_saved_page_are_told_at_once() {
    let host = standing();
    let client = host.client();
    let queue = client.info().await.unwrap().queue;
    let waiting = client.drain(Some(queue.clone()), 0, Duration::from_secs(25));
    let dialling = async {
        while host.tell(&["dump"])["waiting"] != 1 {
            tokio::task::yield_now().await;
        }
        host.tell(&["dial-end", "channel-1", "1011"]);
    };
    let (drained, ()) = tokio::join!(waiting, dialling);
    let end = Event { seq: 1, kind: EventKind::End(BEAT), at: now() };
    assert_eq!(drained.unwrap().events, [end]);
    host.tell(&["save"]);
    let drained = client.drain(Some(queue.clone()), 1, Duration::ZERO).await.unwrap();
    assert_eq!(drained.events, [Event { seq: 2, kind: EventKind::Config, at: now() }]);
    host.tell(&["update"]);
    let drained = client.drain(Some(queue.clone()), 2, Duration::from_secs(25)).await.unwrap();
    assert!(drained.queue != queue && drained.events.is_empty(), "another queue tells of an update");
}
