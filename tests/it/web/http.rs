//! The status page's server on a real port, with a made-up engine behind it, under a simulated clock.

mod bounds;
mod events;
mod log_in;
mod refusals;
mod routes;
mod schemas;
mod tls;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde_json::Value;
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::engine::command::Whom;
use starface_calendar::engine::history::Change;
use starface_calendar::engine::report::explain::{EntryReport, Explanation};
use starface_calendar::engine::report::figures::Figures;
use starface_calendar::engine::report::{Governing, HoldReport, MemberReport, Problem, Words};
use starface_calendar::engine::{Command, Ended, Refusal, Report, Restored, Snapshot, Unrestored};
use starface_calendar::lifecycle::{Lifecycle, Systemd, Urgency};
use starface_calendar::meter::Meter;
use starface_calendar::secret::Secret;
use starface_calendar::web::http::{Config, Server, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// The token of every page here.
const TOKEN: &str = "WORT-ZUR-ANMELDUNG";

/// What only those may read who show the token.
const TITLE: &str = "GEHEIMER-TITEL";

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_020, 0).unwrap()
}

fn config() -> Config {
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        token: Some(Secret::new(TOKEN)),
        tls: None,
        behind_proxy: false,
        hosts: vec!["status.firma.example".to_owned()],
    }
}

/// The page, served until the value is dropped.
struct House {
    address: SocketAddr,
    clock: SimClock,
    snapshots: watch::Sender<Snapshot>,
    /// What the engine was asked to do, oldest first.
    done: Arc<Mutex<Vec<String>>>,
    /// How things stand there, which a test may change.
    report: Arc<Mutex<Report>>,
    /// Whether the engine is too busy to answer.
    hold: Arc<AtomicBool>,
    lifecycle: Lifecycle,
    _engine: JoinSet<()>,
}

impl Drop for House {
    fn drop(&mut self) {
        self.lifecycle.ask(Urgency::Soft);
    }
}

impl House {
    fn open() -> Self {
        Self::with(config())
    }

    fn with(config: Config) -> Self {
        let server = Server::bind(config).unwrap();
        let (commands, engine) = mpsc::channel(16);
        let ready = Snapshot { round: 7, at: Some(start()), members_known: true, ..Snapshot::default() };
        let mut house = Self {
            address: server.address(),
            clock: SimClock::new(start()),
            snapshots: watch::Sender::new(ready),
            done: Arc::default(),
            report: Arc::new(Mutex::new(report())),
            hold: Arc::default(),
            lifecycle: Lifecycle::new(Systemd::of_this_process()),
            _engine: JoinSet::new(),
        };
        let service = Service { commands, snapshots: house.snapshots.subscribe(), meter: Meter::default() };
        let answering = engine_of(engine, Arc::clone(&house.report), Arc::clone(&house.done), Arc::clone(&house.hold));
        house._engine.spawn(answering);
        house.lifecycle.spawn("page", server.serve(service, house.clock.clone(), house.lifecycle.stop()));
        house
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends exactly these bytes, and reads the answer.
    async fn say(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect().await;
        // The server may answer and hang up before everything is sent.
        drop(stream.write_all(bytes).await);
        Answer::read(&mut stream).await
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.say(request(method, path, headers, body).as_bytes()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "").await
    }

    /// Reads as somebody who shows the token.
    async fn read(&self, path: &str) -> Answer {
        self.ask("GET", path, &[BEARER], "").await
    }

    async fn log_in(&self, token: &str) -> Answer {
        self.ask("POST", "/login", &[], &format!("token={token}")).await
    }

    fn done(&self) -> Vec<String> {
        self.done.lock().unwrap().clone()
    }
}

const BEARER: (&str, &str) = ("Authorization", "Bearer WORT-ZUR-ANMELDUNG");

/// A request as a browser on this machine sends it, unless `headers` say otherwise.
fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        text.push_str("Host: localhost\r\n");
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{text}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    async fn read(stream: &mut (impl AsyncReadExt + Unpin)) -> Self {
        let mut bytes = Vec::new();
        // A connection that is cut ends what was read.
        drop(stream.read_to_end(&mut bytes).await);
        Self::of(&bytes)
    }

    /// Reads no answer at all as status 0.
    fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Self { status, headers, body: body.to_owned() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the cookie that is set, as a browser sends it back.
    fn cookie(&self) -> String {
        self.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }
}

fn whom(account: u32, name: &str) -> Whom {
    Whom {
        account,
        login: format!("{account}"),
        name: name.to_owned(),
        email: Some(format!("m{account}@firma.example")),
    }
}

/// Anna is in an appointment, Beat's calendar cannot be read.
fn report() -> Report {
    let hold = HoldReport {
        field: "text".to_owned(),
        number: None,
        since: "2026-11-18T12:00:00+01:00".to_owned(),
        entry: Some("0123456789ab".to_owned()),
        state: "held".to_owned(),
        under: "empty".to_owned(),
        put: TITLE.to_owned(),
    };
    let governing = Governing {
        entry: "0123456789ab".to_owned(),
        show_as: "busy".to_owned(),
        until: "2026-11-18T13:00:00+01:00".to_owned(),
        title: Some(TITLE.to_owned()),
    };
    let member = |account, name, governing, holds: Vec<HoldReport>| MemberReport {
        member: whom(account, name),
        mailbox: Some(format!("m{account}@firma.example")),
        calendar_age_seconds: Some(12),
        governing,
        holds,
        next_change_at: Some("2026-11-18T13:00:00+01:00".to_owned()),
        problems: Vec::new(),
    };
    Report {
        shadow: false,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: "2026-11-18T08:00:00+01:00".to_owned(),
        round: 7,
        members: vec![
            member(1010, "Anna Muster", Some(governing), vec![hold]),
            member(1011, "Beat Muster", None, vec![]),
        ],
        problems: vec![Problem {
            kind: "mailbox".to_owned(),
            member: Some(1011),
            since: "2026-11-18T08:00:00+01:00".to_owned(),
            text: "the calendar cannot be read".to_owned(),
            cause: "mailbox_unreadable".to_owned(),
        }],
        mails_unsent: 1,
    }
}

fn hidden(mut report: Report) -> Report {
    for member in &mut report.members {
        if let Some(governing) = &mut member.governing {
            governing.title = None;
        }
        member.holds.iter_mut().for_each(|hold| hold.put = "a text".to_owned());
    }
    report
}

fn explanation(account: u32, words: Words) -> Explanation {
    Explanation {
        shadow: false,
        member: whom(account, "Anna Muster"),
        now: "2026-11-18T12:07:00+01:00".to_owned(),
        calendar_age_seconds: Some(12),
        entries: vec![EntryReport {
            entry: "0123456789ab".to_owned(),
            start: "2026-11-18T12:00:00+01:00".to_owned(),
            end: "2026-11-18T13:00:00+01:00".to_owned(),
            all_day: false,
            show_as: "busy".to_owned(),
            private: false,
            title: (words == Words::Shown).then(|| TITLE.to_owned()),
            counts: true,
            reason: None,
            active: true,
            governs: true,
        }],
        wish: Some(BTreeMap::from([("presence".to_owned(), "AWAY".to_owned())])),
        holds: Vec::new(),
        problems: Vec::new(),
    }
}

fn changes(account: u32) -> Vec<Change> {
    let change = |field: &str, from: &str, to: &str| Change {
        at: "2026-11-18T12:00:00+01:00".to_owned(),
        account,
        field: field.to_owned(),
        number: None,
        from: from.to_owned(),
        to: to.to_owned(),
        why: "an entry is active".to_owned(),
        entry: Some("0123456789ab".to_owned()),
        outcome: "done".to_owned(),
    };
    vec![change("presence", "AVAILABLE", "AWAY"), change("text", "", TITLE)]
}

/// Answers as an engine does that knows two members.
async fn engine_of(
    mut commands: mpsc::Receiver<Command>,
    report: Arc<Mutex<Report>>,
    done: Arc<Mutex<Vec<String>>>,
    hold: Arc<AtomicBool>,
) {
    let mut held = Vec::new();
    let known = |member: &str| -> Result<u32, Refusal> {
        match member {
            "id:1010" => Ok(1010),
            "id:1011" => Ok(1011),
            _ => Err(Refusal::Unknown { text: member.to_owned() }),
        }
    };
    let did = |what: String| done.lock().unwrap().push(what);
    while let Some(command) = commands.recv().await {
        if hold.load(Ordering::Relaxed) {
            held.push(command);
            continue;
        }
        match command {
            Command::Status { words, reply } => {
                let report = report.lock().unwrap().clone();
                let told = if words == Words::Shown { report } else { hidden(report) };
                drop(reply.send(told));
            }
            Command::Explain { member, words, reply } => {
                drop(reply.send(known(&member).map(|account| explanation(account, words))));
            }
            Command::ExplainAll { accounts, words, reply } => {
                drop(reply.send(accounts.into_iter().map(|account| explanation(account.0, words)).collect()));
            }
            Command::Figures(reply) => drop(reply.send(Figures { members: 2, mails_unsent: 1, ..Figures::default() })),
            Command::Refresh(reply) => {
                did("refresh".to_owned());
                drop(reply.send(Ok(())));
            }
            Command::End { member, reply } => {
                did(format!("end {member}"));
                let ended = |account| Ended { member: whom(account, "Anna Muster"), entries: 1 };
                drop(reply.send(known(&member).map(ended)));
            }
            Command::Restore { member, reply } => {
                let member = member.unwrap();
                did(format!("restore {member}"));
                drop(reply.send(known(&member).map(restored)));
            }
            Command::History { member, since, reply } => {
                let member = member.unwrap();
                did(format!("history {member} since {since}"));
                drop(reply.send(known(&member).map(changes)));
            }
            Command::Problems { .. } => panic!("the page does not send mail"),
        }
    }
}

fn restored(account: u32) -> Restored {
    let left = Unrestored {
        member: whom(account, "Anna Muster"),
        field: "redirect".to_owned(),
        number: Some("210".to_owned()),
        why: "the PBX refused it".to_owned(),
    };
    Restored { entries: 1, fields: 2, left: vec![left] }
}

/// Where the certificates of a test lie.
fn files(folder: &tempfile::TempDir) -> (PathBuf, PathBuf) {
    (folder.path().join("web.pem"), folder.path().join("web.key"))
}
