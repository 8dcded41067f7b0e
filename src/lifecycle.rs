//! How the program begins, lives and ends: signals, systemd, background tasks.
//!
//! The only place that listens to signals, talks to systemd and starts tasks. Must not know what the tasks do. A first
//! SIGTERM or SIGINT asks everybody to finish what is under way; a second one ends the waiting. A task that dies asks
//! for the end as well, and [`Lifecycle::finish`] then tells of it, so that the program does not live on by halves.
//! Without systemd everything said to it is said to nobody. Only listening to signals can fail.

use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;

mod systemd;

pub use systemd::Systemd;

/// How urgently the program is asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Not at all.
    Running,
    /// Finish what is under way and begin nothing new.
    Soft,
    /// Wait for nothing any more.
    Hard,
}

/// How the program ended, for its exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything came to its end by itself.
    Clean,
    /// These tasks had to be given up, since they did not end in time or a second signal came.
    GivenUp(Vec<&'static str>),
    /// This task died; the log says why.
    Died(&'static str),
}

/// Tells that the program should end. Clones tell the same.
#[derive(Clone, Debug)]
pub struct Stop {
    urgency: watch::Receiver<Urgency>,
}

impl Stop {
    /// Waits until the program is asked to end, softly or hard.
    pub async fn soft(&self) {
        self.reached(Urgency::Soft).await;
    }

    /// Waits until the program is asked to end at once.
    pub async fn hard(&self) {
        self.reached(Urgency::Hard).await;
    }

    /// Returns how urgently the program is asked to end.
    pub fn urgency(&self) -> Urgency {
        *self.urgency.borrow()
    }

    async fn reached(&self, urgency: Urgency) {
        let mut told = self.urgency.clone();
        // An error says that the lifecycle itself is over, which is as urgent as it can be.
        drop(told.wait_for(|now| *now >= urgency).await);
    }
}

/// The life of the program.
#[derive(Debug)]
pub struct Lifecycle {
    shared: Arc<Shared>,
    tasks: Mutex<Vec<Task>>,
    systemd: Systemd,
}

/// What every task may reach.
#[derive(Debug)]
struct Shared {
    urgency: watch::Sender<Urgency>,
    died: Mutex<Option<&'static str>>,
}

/// A task under way.
#[derive(Debug)]
struct Task {
    name: &'static str,
    handle: JoinHandle<()>,
}

impl Lifecycle {
    /// Begins a life that only [`Lifecycle::ask`] and the death of a task end.
    pub fn new(systemd: Systemd) -> Self {
        let shared = Shared { urgency: watch::Sender::new(Urgency::Running), died: Mutex::new(None) };
        Self { shared: Arc::new(shared), tasks: Mutex::new(Vec::new()), systemd }
    }

    /// Begins a life that SIGTERM and SIGINT end too. Needs a runtime.
    pub fn with_signals(systemd: Systemd) -> io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        let lifecycle = Self::new(systemd);
        let shared = Arc::clone(&lifecycle.shared);
        // Ends with the runtime; it is no task to wait for.
        drop(start(listen(shared, terminate, interrupt)));
        Ok(lifecycle)
    }

    /// Asks the program to end, once more at least as urgently as before.
    pub fn ask(&self, urgency: Urgency) {
        self.shared.ask(urgency);
    }

    /// Returns what tells of the end.
    pub fn stop(&self) -> Stop {
        Stop { urgency: self.shared.urgency.subscribe() }
    }

    /// Returns systemd's side: readiness, status and watchdog.
    pub fn systemd(&self) -> &Systemd {
        &self.systemd
    }

    /// Starts one of the few background tasks of the program. It is meant to end when [`Stop::soft`] tells; when it
    /// dies before, the program is asked to end.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let shared = Arc::clone(&self.shared);
        let handle = start(async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                shared.bury(name);
            }
        });
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|task| !task.handle.is_finished());
        tasks.push(Task { name, handle });
    }

    /// Tells systemd and every task that the end has come, and waits for the tasks: at most so long by this clock, and
    /// no longer than until a second signal. Tasks that have not ended then are given up.
    pub async fn finish(self, clock: &impl Clock, wait_max: Duration) -> Ending {
        self.ask(Urgency::Soft);
        self.systemd.stopping();
        let mut tasks = self.tasks.into_inner().unwrap_or_else(PoisonError::into_inner);
        let stop = Stop { urgency: self.shared.urgency.subscribe() };
        tokio::select! {
            () = all(&mut tasks) => {}
            () = clock.sleep_until(clock.now() + wait_max) => {}
            () = stop.hard() => {}
        }
        let given_up = give_up(tasks);
        match self.shared.died() {
            Some(name) => Ending::Died(name),
            None if given_up.is_empty() => Ending::Clean,
            None => Ending::GivenUp(given_up),
        }
    }
}

impl Shared {
    fn ask(&self, urgency: Urgency) {
        self.urgency.send_if_modified(|now| std::mem::replace(now, urgency.max(*now)) < urgency);
    }

    fn bury(&self, name: &'static str) {
        tracing::error!(task = name, "A task has died; the program ends, to be started anew.");
        let mut died = self.died.lock().unwrap_or_else(PoisonError::into_inner);
        died.get_or_insert(name);
        drop(died);
        self.ask(Urgency::Soft);
    }

    fn died(&self) -> Option<&'static str> {
        *self.died.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn listen(shared: Arc<Shared>, mut terminate: Signal, mut interrupt: Signal) {
    for urgency in [Urgency::Soft, Urgency::Hard] {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!(?urgency, "A signal asks the program to end.");
        shared.ask(urgency);
    }
}

async fn all(tasks: &mut [Task]) {
    for task in tasks {
        // An error is a task that was cancelled with the runtime; a death was caught inside.
        drop((&mut task.handle).await);
    }
}

fn give_up(tasks: Vec<Task>) -> Vec<&'static str> {
    let late = tasks.into_iter().filter(|task| !task.handle.is_finished());
    late.map(|task| {
        task.handle.abort();
        task.name
    })
    .collect()
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that starts tasks")]
fn start(task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(task)
}

#[cfg(test)]
mod tests;
