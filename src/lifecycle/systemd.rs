//! What is said to systemd: ready, stopping, status, and that the program still gets on.
//!
//! Must not know who says it. Without systemd nothing is said; when it does not listen, the log says so once, and
//! the program goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sd_notify::NotifyState;

/// The longest status line, in characters; systemd shows one line.
const STATUS_CHARS_MAX: usize = 200;

/// The way to systemd, if it has started the program. Clones are one way.
#[derive(Clone, Debug)]
pub struct Systemd {
    /// How long systemd waits for a sign of life, if it does.
    watchdog: Option<Duration>,
    complained: Arc<AtomicBool>,
}

impl Systemd {
    /// Finds out, once, what systemd expects of this process.
    pub fn of_this_process() -> Self {
        Self { watchdog: sd_notify::watchdog_enabled(), complained: Arc::default() }
    }

    /// Says that the service works.
    pub fn ready(&self) {
        self.say(NotifyState::Ready);
    }

    /// Says that the service is about to end.
    pub fn stopping(&self) {
        self.say(NotifyState::Stopping);
    }

    /// Says in one line what the service does.
    pub fn status(&self, text: &str) {
        self.say(NotifyState::Status(&one_line(text)));
    }

    /// Says that a round was completed. A loop that hangs does not get here, and systemd starts the service anew.
    pub fn alive(&self) {
        if self.watchdog.is_some() {
            self.say(NotifyState::Watchdog);
        }
    }

    /// Returns how often at least [`Systemd::alive`] has to be called, if at all: twice in the time that systemd waits.
    pub fn alive_interval(&self) -> Option<Duration> {
        self.watchdog.map(|waits| waits / 2)
    }

    fn say(&self, state: NotifyState<'_>) {
        let Err(error) = sd_notify::notify(&[state]) else {
            return;
        };
        if !self.complained.swap(true, Ordering::Relaxed) {
            tracing::warn!(%error, "systemd cannot be told how the service does; this is said only once.");
        }
    }
}

/// A line break in a status would begin another message to systemd.
fn one_line(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(STATUS_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_one_bounded_line() {
        assert_eq!(one_line("12 members\nREADY=1"), "12 members READY=1");
        assert_eq!(one_line(&"ü".repeat(1000)), "ü".repeat(200));
    }

    #[test]
    fn a_sign_of_life_is_due_twice_in_the_time_that_systemd_waits() {
        let systemd = |watchdog| Systemd { watchdog, complained: Arc::default() };
        let waits = Some(Duration::from_secs(30));
        assert_eq!(systemd(waits).alive_interval(), Some(Duration::from_secs(15)));
        assert_eq!(systemd(None).alive_interval(), None);
    }
}
