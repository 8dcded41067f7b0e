//! The control socket beside the state file: one JSON line in, one JSON document out.
//!
//! Only the service's user and root reach it. Everything is bounded: callers at a time, the line, the wait for it, and
//! the answer by the number of members and [`CHANGES_MAX`]. A caller that says nothing is cut off by the clock, one that
//! says nonsense is told so. Only making the socket can fail.
//!
//! [`CHANGES_MAX`]: crate::engine::history::CHANGES_MAX

use std::ffi::OsString;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::pin::pin;

use chrono::{DateTime, TimeDelta};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};
use tracing::{debug, warn};

use crate::clock::Clock;
use crate::engine::report::Words;
use crate::engine::{Command, Refusal};
use crate::lifecycle::Stop;

pub mod client;

pub use client::{Client, ControlError};

/// The longest line that is read.
const LINE_BYTES_MAX: u64 = 4096;

/// The most callers at a time; the next ones wait.
const CALLERS_MAX: usize = 8;

/// How long a caller may take to say its line, and to take its answer.
const CALLER_TIMEOUT: TimeDelta = TimeDelta::seconds(10);

/// How long to wait after the system gave no connection, as when there are too many open files.
const ACCEPT_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// What is asked: one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Ask {
    /// How things stand.
    Status,
    /// Why things are as they are with one member.
    Explain {
        /// Login, e-mail address or `id:1010`.
        member: String,
    },
    /// End a member's active entries early.
    End {
        /// Login, e-mail address or `id:1010`.
        member: String,
    },
    /// End active entries early, and take everything off.
    Restore {
        /// Whose; everybody's when it is missing.
        member: Option<String>,
    },
    /// What was changed.
    History {
        /// Whose; everybody's when it is missing.
        member: Option<String>,
        /// Since when, in milliseconds of the epoch.
        since: i64,
    },
}

/// What is answered: one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer<T> {
    /// This is what was asked for.
    Done(T),
    /// It was not done.
    Refused(Refusal),
    /// The line was no command.
    NotUnderstood,
}

impl<T> From<Result<T, Refusal>> for Answer<T> {
    fn from(result: Result<T, Refusal>) -> Self {
        match result {
            Ok(done) => Self::Done(done),
            Err(refusal) => Self::Refused(refusal),
        }
    }
}

/// Returns where the control socket lies.
pub fn path_beside(state: &Path) -> PathBuf {
    state.with_file_name("control.sock")
}

/// The socket, as the service has it. Nobody finds it any more when this is dropped.
#[derive(Debug)]
pub struct Control {
    listener: UnixListener,
    path: PathBuf,
}

impl Control {
    /// Makes the socket beside the state file, over one that an earlier service left. The journal's lock must be ours by
    /// then, or it would be taken from a service that works. Needs a runtime.
    pub fn bind(state: &Path) -> io::Result<Self> {
        let path = path_beside(state);
        // Bound where nobody else can look, and moved when it is private: at no instant may others reach it.
        let hidden = hidden_directory(&path);
        let _ = fs::remove_dir_all(&hidden);
        DirBuilder::new().mode(0o700).create(&hidden)?;
        let bound = bind_in(&hidden, &path);
        let _ = fs::remove_dir_all(&hidden);
        Ok(Self { listener: bound?, path })
    }

    /// Hands what callers ask to the engine, until the program is asked to end.
    pub async fn serve(self, commands: mpsc::Sender<Command>, clock: impl Clock, stop: Stop) {
        let callers = stream::unfold((), async |()| Some((self.accept(&clock).await, ())));
        let serving = callers.for_each_concurrent(CALLERS_MAX, async |caller| {
            if let Err(error) = answer(caller, &commands, &clock).await {
                debug!(%error, "A caller of the control socket was not answered.");
            }
        });
        select(pin!(serving), pin!(stop.soft())).await;
    }

    async fn accept(&self, clock: &impl Clock) -> UnixStream {
        loop {
            match self.listener.accept().await {
                Ok((caller, _)) => return caller,
                Err(error) => {
                    warn!(%error, "The control socket cannot be used; it is tried again.");
                    clock.sleep_until(clock.now() + ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        // A socket that stays behind is replaced by the next service.
        let _ = fs::remove_file(&self.path);
    }
}

fn hidden_directory(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    path.with_file_name(name)
}

fn bind_in(hidden: &Path, path: &Path) -> io::Result<UnixListener> {
    let socket = hidden.join("s");
    let listener = UnixListener::bind(&socket)?;
    fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    fs::rename(&socket, path)?;
    Ok(listener)
}

async fn answer(caller: UnixStream, commands: &mpsc::Sender<Command>, clock: &impl Clock) -> io::Result<()> {
    let (reader, mut writer) = caller.into_split();
    let mut line = Vec::new();
    let mut reader = BufReader::new(reader.take(LINE_BYTES_MAX));
    in_time(clock, reader.read_until(b'\n', &mut line)).await?;
    let mut document = match serde_json::from_slice::<Ask>(&line) {
        Ok(ask) => carry_out(ask, commands).await?,
        Err(_) => document(&Answer::<()>::NotUnderstood)?,
    };
    document.push(b'\n');
    in_time(clock, writer.write_all(&document)).await?;
    in_time(clock, writer.shutdown()).await
}

/// Has the engine do what was asked, and returns its answer as JSON.
async fn carry_out(ask: Ask, commands: &mpsc::Sender<Command>) -> io::Result<Vec<u8>> {
    match ask {
        Ask::Status => {
            let report = engine(commands, |reply| Command::Status { words: Words::WithoutTexts, reply }).await?;
            document(&Answer::Done(report))
        }
        Ask::Explain { member } => {
            let ask = |reply| Command::Explain { member, words: Words::WithoutTexts, reply };
            document(&Answer::from(engine(commands, ask).await?))
        }
        Ask::End { member } => {
            let ended = engine(commands, |reply| Command::End { member, reply }).await?;
            document(&Answer::from(ended))
        }
        Ask::Restore { member } => {
            let restored = engine(commands, |reply| Command::Restore { member, reply }).await?;
            document(&Answer::from(restored))
        }
        Ask::History { member, since } => {
            let Some(since) = DateTime::from_timestamp_millis(since) else {
                return document(&Answer::<()>::NotUnderstood);
            };
            let changes = engine(commands, |reply| Command::History { member, since, reply }).await?;
            document(&Answer::from(changes))
        }
    }
}

async fn engine<T>(
    commands: &mpsc::Sender<Command>,
    command: impl FnOnce(oneshot::Sender<T>) -> Command,
) -> io::Result<T> {
    let (reply, answer) = oneshot::channel();
    commands.send(command(reply)).await.map_err(io::Error::other)?;
    answer.await.map_err(io::Error::other)
}

fn document<T: Serialize>(answer: &Answer<T>) -> io::Result<Vec<u8>> {
    Ok(serde_json::to_vec(answer)?)
}

/// Waits for something that a caller has to do, for as long as a caller may take.
async fn in_time<T>(clock: &impl Clock, doing: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let too_late = clock.sleep_until(clock.now() + CALLER_TIMEOUT);
    match select(pin!(doing), pin!(too_late)).await {
        Either::Left((done, _)) => done,
        Either::Right(((), _)) => Err(io::ErrorKind::TimedOut.into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn case(line: &str, ask: impl Into<Option<Ask>>) {
        assert_eq!(serde_json::from_str::<Ask>(line).ok(), ask.into(), "{line}");
    }

    #[test]
    fn a_line_is_a_command_or_it_is_not() {
        case(r#"{"command":"status"}"#, Ask::Status);
        case(r#"{"command":"end","member":"0010"}"#, Ask::End { member: "0010".to_owned() });
        case(r#"{"command":"restore"}"#, Ask::Restore { member: None });
        case(r#"{"command":"history","since":0}"#, Ask::History { member: None, since: 0 });
        case(r#"{"command":"end"}"#, None);
        case(r#"{"command":"reboot"}"#, None);
        case("", None);
        case("status", None);
    }

    proptest! {
        #[test]
        fn what_is_asked_is_what_is_heard(member in ".{0,40}", since in any::<i64>()) {
            for ask in [
                Ask::Status,
                Ask::End { member: member.clone() },
                Ask::Explain { member: member.clone() },
                Ask::Restore { member: Some(member.clone()) },
                Ask::History { member: Some(member.clone()), since },
            ] {
                let line = serde_json::to_vec(&ask).unwrap();
                prop_assert!(!line.contains(&b'\n'));
                prop_assert_eq!(serde_json::from_slice::<Ask>(&line).unwrap(), ask);
            }
        }
    }
}
