//! The control socket, with whoever answers behind it, under a simulated clock. The status page is in `http`.

mod http;

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::PathBuf;
use std::pin::pin;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{Either, select};
use proptest::prelude::*;
use starface_calendar::clock::SimClock;
use starface_calendar::engine::{Command, Ended, Refusal};
use starface_calendar::lifecycle::{Lifecycle, Systemd, Urgency};
use starface_calendar::web::control::{Ask, Client, Control, ControlError};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::mpsc;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_020, 0).unwrap()
}

/// A control socket with an engine behind it that knows nobody.
struct Desk {
    folder: TempDir,
    clock: SimClock,
}

impl Desk {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), clock: SimClock::new(start()) }
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state.db")
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("control.sock")
    }

    fn client(&self) -> Client<SimClock> {
        Client::new(&self.state(), self.clock.clone())
    }

    /// Serves while `script` goes on.
    async fn open<T>(&self, script: impl AsyncFnOnce() -> T) -> T {
        let control = Control::bind(&self.state()).unwrap();
        let (commands, engine) = mpsc::channel(16);
        let lifecycle = Lifecycle::new(Systemd::of_this_process());
        let serving = async {
            tokio::join!(control.serve(commands, self.clock.clone(), lifecycle.stop()), knows_nobody(engine));
        };
        let script = async {
            let result = script().await;
            lifecycle.ask(Urgency::Soft);
            result
        };
        tokio::join!(serving, script).1
    }

    /// Says something, and returns what is answered.
    async fn say(&self, bytes: &[u8]) -> Vec<u8> {
        let mut caller = UnixStream::connect(self.socket()).await.unwrap();
        let (mut reader, mut writer) = caller.split();
        // The service may hang up on a line that is too long.
        drop(writer.write_all(bytes).await);
        drop(writer.shutdown().await);
        let mut answer = Vec::new();
        drop(reader.read_to_end(&mut answer).await);
        answer
    }
}

/// Answers early ends only.
async fn knows_nobody(mut engine: mpsc::Receiver<Command>) {
    while let Some(command) = engine.recv().await {
        if let Command::End { member, reply } = command {
            drop(reply.send(Err(Refusal::Unknown { text: member })));
        }
    }
}

fn end(member: &str) -> Ask {
    Ask::End { member: member.to_owned() }
}

#[tokio::test]
async fn what_is_asked_reaches_the_engine_and_its_answer_comes_back() {
    let desk = Desk::new();
    let answer = desk.open(async || desk.client().ask::<Ended>(&end("Zürich\n\"0010\"")).await).await;
    let Err(ControlError::Refused(refusal)) = answer else { panic!("{answer:?}") };
    assert_eq!(refusal, Refusal::Unknown { text: "Zürich\n\"0010\"".to_owned() });
}

#[tokio::test]
async fn only_its_user_reaches_the_socket_and_nothing_stays_behind() {
    let desk = Desk::new();
    desk.open(async || {
        let metadata = fs::metadata(desk.socket()).unwrap();
        assert!(metadata.file_type().is_socket());
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    })
    .await;
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_socket_that_a_killed_service_left_is_replaced() {
    let desk = Desk::new();
    drop(std::os::unix::net::UnixListener::bind(desk.socket()).unwrap());
    let before = desk.client().ask::<Ended>(&end("x")).await;
    assert!(matches!(before, Err(ControlError::NotRunning { .. })), "{before:?}");
    let answer = desk.open(async || desk.client().ask::<Ended>(&end("x")).await).await;
    assert!(matches!(answer, Err(ControlError::Refused(_))), "{answer:?}");
}

#[tokio::test]
async fn without_a_socket_no_service_runs() {
    let desk = Desk::new();
    let answer = desk.client().ask::<Ended>(&end("x")).await;
    assert!(matches!(answer, Err(ControlError::NotRunning { .. })), "{answer:?}");
}

#[tokio::test]
async fn an_engine_that_has_ended_gives_no_answer() {
    let desk = Desk::new();
    // Everything but an early end is dropped unanswered by this engine.
    let answer = desk.open(async || desk.client().ask::<Ended>(&Ask::Status).await).await;
    assert!(matches!(answer, Err(ControlError::NoAnswer)), "{answer:?}");
}

#[tokio::test]
async fn a_caller_who_says_nothing_is_cut_off_by_the_clock() {
    let desk = Desk::new();
    desk.open(async || {
        let mut silent = UnixStream::connect(desk.socket()).await.unwrap();
        desk.clock.waiting(1).await;
        desk.clock.advance(TimeDelta::seconds(10));
        let mut answer = Vec::new();
        silent.read_to_end(&mut answer).await.unwrap();
        assert!(answer.is_empty());
    })
    .await;
}

#[tokio::test]
async fn callers_beyond_the_eighth_wait_for_their_turn() {
    let desk = Desk::new();
    desk.open(async || {
        let mut silent = Vec::new();
        for _ in 0..8 {
            silent.push(UnixStream::connect(desk.socket()).await.unwrap());
        }
        desk.clock.waiting(8).await;
        let client = desk.client();
        let ask = end("x");
        let ninth = pin!(client.ask::<Ended>(&ask));
        let others_are_cut_off = pin!(async {
            // The ninth waits with a time-out of its own.
            desk.clock.waiting(9).await;
            assert_eq!(desk.clock.next_wait(), Some(start() + TimeDelta::seconds(10)));
            desk.clock.advance(TimeDelta::seconds(10));
            std::future::pending::<()>().await;
        });
        let Either::Left((answer, _)) = select(ninth, others_are_cut_off).await else { panic!("that never ends") };
        assert!(matches!(answer, Err(ControlError::Refused(_))), "{answer:?}");
    })
    .await;
}

#[tokio::test]
async fn a_line_that_is_no_command_is_told_so_and_harms_nobody() {
    let desk = Desk::new();
    desk.open(async || {
        assert_eq!(desk.say(b"hello\n").await, b"\"not_understood\"\n");
        assert_eq!(desk.say(b"").await, b"\"not_understood\"\n");
        assert_eq!(desk.say(br#"{"command":"history","since":9223372036854775807}"#).await, b"\"not_understood\"\n");
        desk.say(&vec![b' '; 1 << 20]).await;
        let answer = desk.client().ask::<Ended>(&end("x")).await;
        assert!(matches!(answer, Err(ControlError::Refused(_))), "{answer:?}");
    })
    .await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_bytes_come_the_next_caller_is_served(lines in prop::collection::vec(any::<Vec<u8>>(), 1..4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = Desk::new();
            desk.open(async || {
                for line in &lines {
                    desk.say(line).await;
                }
                let answer = desk.client().ask::<Ended>(&end("x")).await;
                assert!(matches!(answer, Err(ControlError::Refused(_))), "{answer:?}");
            })
            .await;
        });
    }
}
