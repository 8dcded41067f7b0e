//! The only place that reads time, and the only one that waits for it.
//!
//! Everything else takes `now` as a value or a [`Clock`], so that a test of any room can run on a [`SimClock`] and is
//! over as fast as the machine computes. Must not know any other room. Nothing here fails: a clock always answers.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

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
    dial: Arc<Mutex<Dial>>,
}

/// What a simulated clock shows, and who waits for it.
#[derive(Debug)]
struct Dial {
    now: DateTime<Utc>,
    /// The waits under way, in the order in which they began.
    waits: BTreeMap<u64, Wait>,
    begun: u64,
    /// Who looks on.
    lookers: Vec<Waker>,
}

/// One wait under way.
#[derive(Debug)]
struct Wait {
    began_at: DateTime<Utc>,
    at: DateTime<Utc>,
    waker: Waker,
}

impl Wait {
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        now >= self.at || now < self.began_at
    }
}

impl Dial {
    /// Wakes those whose time has come, always in the same order, so that a simulation can be played again.
    fn turn(&mut self, now: DateTime<Utc>) {
        self.now = now;
        let mut over: Vec<_> = self.waits.iter().filter(|(_, wait)| wait.is_over(now)).collect();
        over.sort_by_key(|(id, wait)| (wait.at, **id));
        over.into_iter().for_each(|(_, wait)| wait.waker.wake_by_ref());
        self.show();
    }

    fn show(&mut self) {
        self.lookers.drain(..).for_each(Waker::wake);
    }

    /// Returns the instants that are waited for and have not come.
    fn to_come(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.waits.values().map(|wait| wait.at).filter(|at| *at > self.now)
    }
}

impl SimClock {
    /// Makes a clock that shows this instant.
    pub fn new(now: DateTime<Utc>) -> Self {
        let dial = Dial { now, waits: BTreeMap::new(), begun: 0, lookers: Vec::new() };
        Self { dial: Arc::new(Mutex::new(dial)) }
    }

    /// Sets the clock, also backwards, as people do with the machine's.
    pub fn set(&self, now: DateTime<Utc>) {
        self.dial().turn(now);
    }

    /// Moves the clock on.
    pub fn advance(&self, span: TimeDelta) {
        let mut dial = self.dial();
        let now = dial.now + span;
        dial.turn(now);
    }

    /// Moves the clock on to the earliest instant that somebody waits for, and returns it; leaves it where it is, and
    /// returns nothing, when nobody waits.
    pub fn advance_to_next(&self) -> Option<DateTime<Utc>> {
        let mut dial = self.dial();
        let next = dial.waits.values().map(|wait| wait.at).min()?;
        let now = next.max(dial.now);
        dial.turn(now);
        Some(next)
    }

    /// Returns the earliest instant that somebody waits for and that has not come.
    pub fn next_wait(&self) -> Option<DateTime<Utc>> {
        self.dial().to_come().min()
    }

    /// Waits until at least so many waits are under way, and none of which the instant has come: then whoever made them has
    /// done everything there was to do.
    pub async fn waiting(&self, count: usize) {
        poll_fn(|context| {
            let mut dial = self.dial();
            if dial.waits.values().all(|wait| !wait.is_over(dial.now)) && dial.waits.len() >= count {
                return Poll::Ready(());
            }
            dial.lookers.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn dial(&self) -> MutexGuard<'_, Dial> {
        self.dial.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SimClock {
    fn now(&self) -> DateTime<Utc> {
        self.dial().now
    }

    async fn sleep_until(&self, at: DateTime<Utc>) {
        let began_at = self.now();
        if at > began_at {
            Sleep { clock: self, began_at, at, id: None }.await;
        }
    }
}

/// A wait; it is taken off the dial also when it is dropped.
struct Sleep<'a> {
    clock: &'a SimClock,
    began_at: DateTime<Utc>,
    at: DateTime<Utc>,
    id: Option<u64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut dial = self.clock.dial();
        let wait = Wait { began_at: self.began_at, at: self.at, waker: context.waker().clone() };
        if wait.is_over(dial.now) {
            return Poll::Ready(());
        }
        let id = self.id.unwrap_or_else(|| {
            dial.begun += 1;
            dial.begun
        });
        if dial.waits.insert(id, wait).is_none() {
            dial.show();
        }
        drop(dial);
        self.id = Some(id);
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            let mut dial = self.clock.dial();
            dial.waits.remove(&id);
            dial.show();
        }
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
    async fn who_waits_for_one_instant_is_woken_in_the_order_in_which_they_came() {
        let clock = seven();
        let mut waits = tokio::task::JoinSet::new();
        for one in 0..20 {
            let clock = clock.clone();
            waits.spawn(async move {
                clock.sleep_until(at("2026-03-02T08:00:00Z")).await;
                one
            });
        }
        clock.waiting(20).await;
        clock.advance(TimeDelta::hours(1));
        let mut woken = Vec::new();
        while let Some(one) = waits.join_next().await {
            woken.push(one.unwrap());
        }
        assert_eq!(woken, Vec::from_iter(0..20));
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
