//! The XML-RPC client against servers that nobody here wrote: Python's and Perl's.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::DateTime;
use starface_calendar::pbx::{CertificateFlaw, Config, Event, EventKind, Pbx, PbxError, Trust, XmlRpc};
use starface_calendar::rules::{
    AccountId, Back, Deed, Outcome, Ownership, Presence, Redirect, RedirectRecord, StatusText, Step, Value,
};
use starface_calendar::secret::Secret;

use crate::pbx::{away_step, client_of, config, text_step};

/// A server as a process of its own; ends with the value.
struct Peer {
    process: Child,
    port: u16,
    instance: &'static str,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Peer {
    fn python() -> Self {
        Self::start("python3", &["xmlrpc_peer.py"], "Kalender Connector")
    }

    fn python_with_tls() -> Self {
        Self::start("python3", &["xmlrpc_peer.py", "--tls"], "Kalender Connector")
    }

    fn perl() -> Self {
        Self::start("perl", &["xmlrpc_peer.pl"], "Kalender_Connector")
    }

    #[track_caller]
    fn start(program: &str, arguments: &[&str], instance: &'static str) -> Self {
        let mut process = Command::new(program)
            .args(arguments)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/peers"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} is missing; scripts/test installs it: {error}"));
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let port = line
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("{program} {arguments:?} did not start; scripts/test installs what it needs"));
        Self { process, port, instance }
    }

    fn config(&self) -> Config {
        Config { instance: self.instance.to_owned(), ..config(&format!("http://127.0.0.1:{}", self.port)) }
    }

    fn client(&self) -> XmlRpc {
        client_of(self.config())
    }
}

/// Everything that has ever been lost between two XML-RPC implementations, except CR, which these two do not send.
const TEXTS: [&str; 12] = [
    "",
    "plain",
    "Jürg Müller, Zürich",
    "lunch 😀 and 👩‍👩‍👧‍👦",
    "a < b && c > d",
    "]]> <![CDATA[x]]> <!-- y -->",
    "  blanks at both ends  ",
    "   ",
    "line one\nline two\ttab",
    "\"quoted\" and 'quoted'",
    "&amp; &#252; &lt;",
    "0049721",
];

async fn every_text_goes_there_and_back(peer: Peer, texts: &[&str]) {
    let client = peer.client();
    let accounts: Vec<AccountId> = (2000..).map(AccountId).take(texts.len()).collect();
    let steps: Vec<_> = accounts
        .iter()
        .zip(texts)
        .flat_map(|(account, text)| [away_step(account.0), text_step(account.0, text)])
        .collect();

    let applied = client.apply(&steps).await;
    assert!(applied.errors.is_empty(), "{:?}", applied.errors);
    for (step, outcome) in steps.iter().zip(&applied.outcomes) {
        let seen = step.written().cloned();
        assert!(*outcome == Outcome::Done { seen }, "{step:?}: {outcome:?}");
    }

    let states = client.states(&accounts).await;
    assert!(states.errors.is_empty(), "{:?}", states.errors);
    for (account, text) in accounts.iter().zip(texts) {
        let seen = &states.seen[account];
        assert_eq!((seen.presence.clone(), seen.text.0.as_str()), (Presence::Away, *text));
    }
}

#[tokio::test]
async fn python_understands_every_text_and_is_understood() {
    every_text_goes_there_and_back(Peer::python(), &TEXTS).await;
}

#[tokio::test]
async fn perl_understands_every_text_and_is_understood() {
    // This server turns digits into a number, and so loses leading zeros before they get here.
    every_text_goes_there_and_back(Peer::perl(), &TEXTS[..11]).await;
}

async fn carriage_return_arrives(peer: Peer, spelt: &str) {
    // The peers spell out what account 13 was given.
    let applied = peer.client().apply(&[text_step(13, "a\r\nü😀")]).await;
    let seen = Some(Value::Text(StatusText(spelt.to_owned())));
    assert!(applied.outcomes == [Outcome::Done { seen }], "{applied:?}");
}

#[tokio::test]
async fn a_carriage_return_arrives_at_python() {
    carriage_return_arrives(Peer::python(), "'a\\r\\n\\xfc\\U0001f600'").await;
}

#[tokio::test]
async fn a_carriage_return_arrives_at_perl() {
    carriage_return_arrives(Peer::perl(), "U+0061 U+000D U+000A U+00FC U+1F600").await;
}

async fn expectation_that_fails_changes_nothing(peer: Peer) {
    let client = peer.client();
    client.apply(&[text_step(2000, "first")]).await;
    let second = client.apply(&[text_step(2000, "second"), away_step(2000)]).await;
    let seen = |text: &str| Some(Value::Text(StatusText(text.to_owned())));
    assert!(second.outcomes[0] == Outcome::Changed { seen: seen("first") });
    assert!(matches!(second.outcomes[1], Outcome::Done { .. }));
    let states = client.states(&[AccountId(2000), AccountId(2001)]).await;
    assert_eq!(states.seen[&AccountId(2000)].text.0, "first");
    assert!(!states.seen.contains_key(&AccountId(2001)), "an unknown account is unknown");
}

#[tokio::test]
async fn an_expectation_that_fails_changes_nothing_at_python() {
    expectation_that_fails_changes_nothing(Peer::python()).await;
}

#[tokio::test]
async fn an_expectation_that_fails_changes_nothing_at_perl() {
    expectation_that_fails_changes_nothing(Peer::perl()).await;
}

async fn redirects_go_there_and_back(peer: Peer, zeros: &str, destinations: &[&str]) {
    let client = peer.client();
    let accounts: Vec<AccountId> = (2000..).map(AccountId).take(destinations.len()).collect();
    let value = |account: &AccountId, redirect: Redirect| {
        let number = format!("{zeros}{account}").parse().unwrap();
        Value::Redirect(number, redirect)
    };
    let put = |account: &AccountId, destination: &str| {
        let back = Some(Back { value: value(account, Redirect::none()), after: DateTime::UNIX_EPOCH });
        let expect = Some(value(account, Redirect::none()));
        Deed::Write { value: value(account, Redirect::to_number(destination)), expect, back }
    };
    let steps: Vec<Step> = accounts
        .iter()
        .zip(destinations)
        .map(|(account, destination)| Step { account: *account, deed: put(account, destination) })
        .collect();

    let shown = |account: &AccountId, redirect: Redirect| RedirectRecord {
        number: format!("{zeros}{account}").parse().unwrap(),
        ownership: Ownership::Own,
        redirect,
        last_mailbox: Some("10".to_owned()),
        mailboxes: ["9", "10"].map(str::to_owned).into(),
    };
    let first = client.redirects(&accounts).await;
    assert!(first.errors.is_empty(), "{:?}", first.errors);
    assert!(accounts.iter().all(|account| first.seen[account] == [shown(account, Redirect::none())]));

    let seen: Vec<_> = steps.iter().map(|step| step.written().cloned()).collect();
    let done: Vec<Outcome> = seen.iter().map(|seen| Outcome::Done { seen: seen.clone() }).collect();
    assert_eq!(client.apply(&steps).await.outcomes, done);
    let changed: Vec<Outcome> = seen.into_iter().map(|seen| Outcome::Changed { seen }).collect();
    assert_eq!(client.apply(&steps).await.outcomes, changed);

    let second = client.redirects(&accounts).await;
    for (account, destination) in accounts.iter().zip(destinations) {
        assert_eq!(second.seen[account], [shown(account, Redirect::to_number(*destination))]);
    }
}

const DESTINATIONS: [&str; 5] = ["", " 0041 71 / 234-56 ", "ü 😀 <&>", "*97#", "0041712345689"];

#[tokio::test]
async fn redirects_go_to_python_and_back() {
    redirects_go_there_and_back(Peer::python(), "00", &DESTINATIONS).await;
}

#[tokio::test]
async fn redirects_go_to_perl_and_back() {
    // This server turns digits into a number, and so loses leading zeros before they get here.
    redirects_go_there_and_back(Peer::perl(), "", &DESTINATIONS[..4]).await;
}

async fn members_are_read_up_to_the_bound(peer: Peer) {
    let client = peer.client();
    let small = client.members(AccountId(1)).await.unwrap();
    assert_eq!(small.len(), 10);
    assert_eq!(small[0].account, AccountId(1010));
    assert_eq!(small[0].login.0, "1010");
    assert_eq!(small[0].name, "Jürg 😀");
    assert_eq!(small[0].address, None);

    // The same members, each with a note of a hundred thousand letters, which nobody asked for.
    assert_eq!(client.members(AccountId(2)).await.unwrap(), small);

    assert!(matches!(client.members(AccountId(3)).await, Err(PbxError::TooLarge)));
}

#[tokio::test]
async fn an_answer_of_a_megabyte_is_read_and_one_above_the_bound_refused_from_python() {
    members_are_read_up_to_the_bound(Peer::python()).await;
}

#[tokio::test]
async fn an_answer_of_a_megabyte_is_read_and_one_above_the_bound_refused_from_perl() {
    members_are_read_up_to_the_bound(Peer::perl()).await;
}

async fn fault_comes_with_code_and_words(peer: Peer) {
    let error = peer.client().members(AccountId(4)).await.unwrap_err();
    let PbxError::Fault { code, text } = error else {
        panic!("{error:?}");
    };
    assert_eq!((code, text.as_str()), (42, "Gruppe <4> fehlt & Ähnliches 😀"));
}

#[tokio::test]
async fn a_fault_comes_with_code_and_words_from_python() {
    fault_comes_with_code_and_words(Peer::python()).await;
}

#[tokio::test]
async fn a_fault_comes_with_code_and_words_from_perl() {
    fault_comes_with_code_and_words(Peer::perl()).await;
}

async fn events_are_read_and_then_there_are_none(peer: Peer) {
    let client = peer.client();
    let first = client.drain(None, 0, Duration::ZERO).await.unwrap();
    let at = DateTime::from_timestamp_millis(1_795_420_800_123).unwrap();
    assert_eq!(first.events, [Event { seq: 1, kind: EventKind::End(AccountId(1010)), at }]);
    assert_eq!((first.seq, first.skipped), (1, 0));
    let second = client.drain(Some(first.queue), first.seq, Duration::ZERO).await.unwrap();
    assert_eq!((second.queue.as_str(), second.seq, second.events.len(), second.skipped), ("q", 1, 0, 0));
}

#[tokio::test]
async fn events_are_read_from_python() {
    events_are_read_and_then_there_are_none(Peer::python()).await;
}

#[tokio::test]
async fn events_are_read_from_perl() {
    events_are_read_and_then_there_are_none(Peer::perl()).await;
}

async fn wrong_settings_are_told_apart(peer: Peer) {
    assert_eq!(peer.client().info().await.unwrap().api, "1");
    let wrong_key = Config { module_key: Secret::new("another"), ..peer.config() };
    let error = client_of(wrong_key).info().await.unwrap_err();
    assert!(matches!(error, PbxError::WrongKey), "{error:?}");
    let wrong_instance = Config { instance: "Another".to_owned(), ..peer.config() };
    let error = client_of(wrong_instance).info().await.unwrap_err();
    assert!(matches!(error, PbxError::NoSuchMethod), "{error:?}");
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_instance_are_told_apart_at_python() {
    wrong_settings_are_told_apart(Peer::python()).await;
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_instance_are_told_apart_at_perl() {
    wrong_settings_are_told_apart(Peer::perl()).await;
}

#[tokio::test]
async fn a_token_that_python_computes_otherwise_is_an_authentication_error() {
    let peer = Peer::python();
    let wrong_password = Config { password: Secret::new("another"), ..peer.config() };
    let error = client_of(wrong_password).info().await.unwrap_err();
    assert!(matches!(error, PbxError::Authentication), "{error:?}");
}

/// `openssl req -x509` makes its own certificates authorities, as appliances do.
#[tokio::test]
async fn a_certificate_that_openssl_signed_itself_is_accepted_by_its_fingerprint_alone() {
    let peer = Peer::python_with_tls();
    let with_tls = Config { url: format!("https://127.0.0.1:{}", peer.port).parse().unwrap(), ..peer.config() };
    let error = client_of(with_tls.clone()).info().await.unwrap_err();
    let PbxError::Certificate { fingerprint, flaw } = error else {
        panic!("{error:?}");
    };
    assert_eq!(flaw, CertificateFlaw::AuthorityAsServer);
    let pinned = Config { trust: Trust::PinSha256(fingerprint.0), ..with_tls };
    assert_eq!(client_of(pinned).info().await.unwrap().api, "1");
}
