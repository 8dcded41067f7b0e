//! The only place that reads time, and the only one that waits for it.
//!
//! Everything else takes `now` as a value or a [`Clock`], so that a test of any room can run on a [`SimClock`] and is
//! over as fast as the machine computes. Must not know any other room. Nothing here fails: a clock always answers.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// Tells the time and waits for it.
pub trait Clock: Clone + Send + Sync + 'static {
    /// Returns the present instant.
    fn now(&self) -> DateTime<Utc>;

    /// Waits until the clock shows `at` or later; at once when it already does. A clock that is set meanwhile is
    /// noticed within [`SLICE`], and one that then shows less than at the beginning ends the wait, as nobody knows how
    /// far off `at` has become.
    fn sleep_until(&self, at: DateTime<Utc>) -> impl Future<Output = ()> + Send;
}

/// The longest single wait before the wall clock is looked at again, as somebody may have set it.
pub const SLICE: Duration = Duration::from_secs(5);

/// The machine's own clock; waits with the runtime's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that waits")]
    async fn sleep_until(&self, at: DateTime<Utc>) {
        let began_at = self.now();
        let mut now = began_at;
        while began_at <= now && now < at {
            let left = (at - now).to_std().unwrap_or_default();
            tokio::time::sleep(left.min(SLICE)).await;
            now = self.now();
        }
    }
}

/// A clock that stands still until a test moves it. Clones are one clock.
///
/// A test lets the code under test run until it waits ([`SimClock::waiting`]), looks at how things stand, and moves on
/// ([`SimClock::advance`], or [`SimClock::advance_to_next`] to jump over the time in which nothing is due). Whoever
/// waits for an instant that has come is woken; nobody is woken earlier.
#[derive(Clone, Debug)]
pub struct SimClock {
    dial: Arc<watch::Sender<Dial>>,
}

/// What a simulated clock shows, and who waits for it.
#[derive(Debug)]
struct Dial {
    now: DateTime<Utc>,
    /// One instant per wait under way, in no order.
    waits: Vec<DateTime<Utc>>,
}

impl SimClock {
    /// Makes a clock that shows this instant.
    pub fn new(now: DateTime<Utc>) -> Self {
        let waits = Vec::new();
        Self { dial: Arc::new(watch::Sender::new(Dial { now, waits })) }
    }

    /// Sets the clock, also backwards, as people do with the machine's.
    pub fn set(&self, now: DateTime<Utc>) {
        self.dial.send_modify(|dial| dial.now = now);
    }

    /// Moves the clock on.
    pub fn advance(&self, span: TimeDelta) {
        self.dial.send_modify(|dial| dial.now += span);
    }

    /// Moves the clock on to the earliest instant that somebody waits for, and returns it; leaves it where it is, and
    /// returns nothing, when nobody waits.
    pub fn advance_to_next(&self) -> Option<DateTime<Utc>> {
        let mut next = None;
        self.dial.send_modify(|dial| {
            next = dial.waits.iter().min().copied();
            dial.now = next.map_or(dial.now, |at| at.max(dial.now));
        });
        next
    }

    /// Returns the earliest instant that somebody waits for and that has not come.
    pub fn next_wait(&self) -> Option<DateTime<Utc>> {
        let dial = self.dial.borrow();
        dial.waits.iter().filter(|at| **at > dial.now).min().copied()
    }

    /// Waits until at least so many waits are under way whose instant has not come: then whoever made them has done
    /// everything there was to do.
    pub async fn waiting(&self, count: usize) {
        let pending = |dial: &Dial| dial.waits.iter().filter(|at| **at > dial.now).count();
        self.dial
            .subscribe()
            .wait_for(|dial| pending(dial) >= count)
            .await
            .expect("this clock itself keeps the sender");
    }
}

impl Clock for SimClock {
    fn now(&self) -> DateTime<Utc> {
        self.dial.borrow().now
    }

    async fn sleep_until(&self, at: DateTime<Utc>) {
        let began_at = self.now();
        if at <= began_at {
            return;
        }
        let _wait = Wait::begin(self, at);
        let over = |dial: &Dial| dial.now >= at || dial.now < began_at;
        self.dial.subscribe().wait_for(over).await.expect("this clock itself keeps the sender");
    }
}

/// One wait under way; it is taken off the dial also when the waiting future is dropped.
struct Wait<'a> {
    clock: &'a SimClock,
    at: DateTime<Utc>,
}

impl<'a> Wait<'a> {
    fn begin(clock: &'a SimClock, at: DateTime<Utc>) -> Self {
        clock.dial.send_modify(|dial| dial.waits.push(at));
        Self { clock, at }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.clock.dial.send_modify(|dial| {
            if let Some(mine) = dial.waits.iter().position(|at| *at == self.at) {
                dial.waits.swap_remove(mine);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn seven() -> SimClock {
        SimClock::new(at("2026-03-02T07:00:00Z"))
    }

    #[tokio::test]
    async fn an_instant_that_has_come_is_not_waited_for() {
        let clock = seven();
        let come = clock.sleep_until(clock.now());
        assert!(come.now_or_never().is_some());
        let long_past = SystemClock.sleep_until(at("2000-01-01T00:00:00Z"));
        assert!(long_past.now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_wait_ends_when_the_clock_shows_its_instant_and_not_before() {
        let clock = seven();
        let mut wait = Box::pin(clock.sleep_until(at("2026-03-02T07:01:00Z")));
        assert!(wait.as_mut().now_or_never().is_none());
        clock.advance(TimeDelta::seconds(59));
        assert!(wait.as_mut().now_or_never().is_none());
        clock.advance(TimeDelta::seconds(1));
        assert!(wait.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn the_clock_jumps_to_the_earliest_instant_that_somebody_waits_for() {
        let clock = seven();
        let (one, two) = (at("2026-03-02T09:00:00Z"), at("2026-03-02T08:00:00Z"));
        let mut later = Box::pin(clock.sleep_until(one));
        let mut sooner = Box::pin(clock.sleep_until(two));
        assert!(later.as_mut().now_or_never().is_none());
        assert!(sooner.as_mut().now_or_never().is_none());
        assert_eq!(clock.advance_to_next(), Some(two));
        assert_eq!(clock.now(), two);
        assert!(sooner.as_mut().now_or_never().is_some());
        assert_eq!(clock.advance_to_next(), Some(one));
    }

    #[tokio::test]
    async fn a_wait_that_was_given_up_is_not_jumped_to() {
        let clock = seven();
        let mut wait = Box::pin(clock.sleep_until(at("2026-03-02T08:00:00Z")));
        assert!(wait.as_mut().now_or_never().is_none());
        drop(wait);
        assert_eq!(clock.advance_to_next(), None);
        assert_eq!(clock.now(), at("2026-03-02T07:00:00Z"));
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_ends_waits_that_would_last_too_long() {
        let clock = seven();
        let mut wait = Box::pin(clock.sleep_until(at("2026-03-02T07:01:00Z")));
        assert!(wait.as_mut().now_or_never().is_none());
        clock.set(at("2026-03-02T07:00:30Z"));
        assert!(wait.as_mut().now_or_never().is_none());
        clock.set(at("2026-03-02T06:59:59Z"));
        assert!(wait.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_test_sees_when_everybody_waits() {
        let clock = seven();
        let sleeper = clock.sleep_until(at("2026-03-02T08:00:00Z"));
        assert!(clock.waiting(1).now_or_never().is_none());
        let mut sleeper = Box::pin(sleeper);
        assert!(sleeper.as_mut().now_or_never().is_none());
        assert!(clock.waiting(1).now_or_never().is_some());
        clock.advance(TimeDelta::hours(1));
        assert!(clock.waiting(1).now_or_never().is_none());
    }
}
