//! Asks the engine, with a bound for the wait.

use std::pin::pin;

use axum::http::StatusCode;
use chrono::TimeDelta;
use futures_util::future::{Either, select};
use tokio::sync::{mpsc, oneshot};

use super::answer::Denied;
use crate::clock::Clock;
use crate::engine::{Command, Refusal};

/// How long the engine may take, so that there is time to say that it took too long.
const ENGINE_TIMEOUT: TimeDelta = TimeDelta::seconds(20);

/// Where the engine is asked.
pub(super) struct Desk<K> {
    commands: mpsc::Sender<Command>,
    clock: K,
}

impl<K: Clock> Desk<K> {
    pub(super) fn new(commands: mpsc::Sender<Command>, clock: K) -> Self {
        Self { commands, clock }
    }

    /// Returns the engine's answer.
    ///
    /// # Errors
    /// When it gives none in time, as when it ends.
    pub(super) async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, Denied> {
        let (reply, answer) = oneshot::channel();
        let asking = async {
            self.commands.send(command(reply)).await.ok()?;
            answer.await.ok()
        };
        let late = self.clock.sleep_until(self.clock.now() + ENGINE_TIMEOUT);
        let unavailable = |why: &str| Denied::new(StatusCode::SERVICE_UNAVAILABLE, why);
        match select(pin!(asking), pin!(late)).await {
            Either::Left((Some(answer), _)) => Ok(answer),
            Either::Left((None, _)) => Err(unavailable("the service is about to end; ask again in a moment")),
            Either::Right(_) => {
                Err(unavailable("the service is busy and has not answered in time; what was asked may still be done"))
            }
        }
    }

    /// Does the same with what the engine may refuse.
    pub(super) async fn ask_for<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<T, Refusal>>) -> Command,
    ) -> Result<T, Denied> {
        self.ask(command).await?.map_err(|refusal| Denied::from(&refusal))
    }
}

/// Returns the name under which the engine knows an account.
pub(super) fn name_of(account: u32) -> String {
    format!("id:{account}")
}
