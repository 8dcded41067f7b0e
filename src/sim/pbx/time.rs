//! The PBX's time: a [`Clock`] without its type.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::clock::Clock;
use crate::sim::{Now, now_of};

/// Waits until an instant.
type SleepUntil = Arc<dyn Fn(DateTime<Utc>) -> BoxFuture<'static, ()> + Send + Sync>;

/// Tells the time and waits for it, whatever the clock behind it.
#[derive(Clone)]
pub(crate) struct Time {
    now: Now,
    sleep_until: SleepUntil,
}

impl Time {
    /// Takes the time from this clock.
    pub(crate) fn of(clock: impl Clock) -> Self {
        let now = now_of(clock.clone());
        let sleep_until = move |at| {
            let clock = clock.clone();
            async move { clock.sleep_until(at).await }.boxed()
        };
        Self { now, sleep_until: Arc::new(sleep_until) }
    }

    /// Returns the present instant.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// Waits until the clock shows this instant or later.
    pub(crate) async fn sleep_until(&self, at: DateTime<Utc>) {
        (self.sleep_until)(at).await;
    }
}
