//! The other end of the control socket: what commands use to ask the running service.
//!
//! Tells a service that does not run from one that the caller may not reach. Every wait ends by the clock.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;

use chrono::TimeDelta;
use futures_util::future::{Either, select};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::{Answer, Ask, path_beside};
use crate::clock::Clock;
use crate::engine::Refusal;

/// How long the service may take; three rounds with a PBX that does not answer take less.
const ANSWER_TIMEOUT: TimeDelta = TimeDelta::seconds(120);

/// More than the status of ten thousand members, or as many changes, takes up.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Asks the running service.
#[derive(Clone, Debug)]
pub struct Client<K> {
    path: PathBuf,
    clock: K,
}

/// Why the running service gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// There is no service behind the socket, or no socket.
    #[error("reach the service: it does not run (nobody answers at {})", path.display())]
    NotRunning {
        /// The socket.
        path: PathBuf,
    },
    /// The socket is another user's.
    #[error("reach the service at {}: permission denied; ask as root, or as the user that it runs as", path.display())]
    NoPermission {
        /// The socket.
        path: PathBuf,
    },
    /// The connection broke.
    #[error("get an answer from the service")]
    Broken(#[source] io::Error),
    /// The service ended, or took too long.
    #[error("get an answer from the service: it has just ended, or is too busy")]
    NoAnswer,
    /// The answer makes no sense, as between two versions.
    #[error("understand the service's answer: it may be of another version; restart it")]
    NotUnderstood,
    /// The service refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl<K: Clock> Client<K> {
    /// Asks the service that has this state file.
    pub fn new(state: &Path, clock: K) -> Self {
        Self { path: path_beside(state), clock }
    }

    /// Asks, and waits for the answer.
    pub async fn ask<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, ControlError> {
        let too_late = self.clock.sleep_until(self.clock.now() + ANSWER_TIMEOUT);
        let document = match select(pin!(self.exchange(ask)), pin!(too_late)).await {
            Either::Left((exchanged, _)) => exchanged?,
            Either::Right(((), _)) => return Err(ControlError::NoAnswer),
        };
        if document.is_empty() {
            return Err(ControlError::NoAnswer);
        }
        match serde_json::from_slice(&document) {
            Ok(Answer::Done(done)) => Ok(done),
            Ok(Answer::Refused(refusal)) => Err(refusal.into()),
            Ok(Answer::NotUnderstood) | Err(_) => Err(ControlError::NotUnderstood),
        }
    }

    async fn exchange(&self, ask: &Ask) -> Result<Vec<u8>, ControlError> {
        let mut line = serde_json::to_vec(ask).map_err(|error| ControlError::Broken(error.into()))?;
        line.push(b'\n');
        let mut service = UnixStream::connect(&self.path).await.map_err(|error| self.unreachable(error))?;
        service.write_all(&line).await.map_err(ControlError::Broken)?;
        let mut document = Vec::new();
        service.take(ANSWER_BYTES_MAX).read_to_end(&mut document).await.map_err(ControlError::Broken)?;
        Ok(document)
    }

    fn unreachable(&self, error: io::Error) -> ControlError {
        let path = self.path.clone();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => ControlError::NotRunning { path },
            io::ErrorKind::PermissionDenied => ControlError::NoPermission { path },
            _ => ControlError::Broken(error),
        }
    }
}
