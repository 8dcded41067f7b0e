//! The event stream: tells pages that what they show has changed.
//!
//! A round says nothing of whether anything has changed, and one is completed for every question. So the status is asked
//! for once a second at most, while somebody listens, and compared by its digest; all streams share what comes of it.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{Either, select};
use futures_util::stream;
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};

use super::answer::{Denied, with_type};
use super::connection::{STREAM_FOR, Stage};
use super::site::Site;
use crate::clock::Clock;
use crate::engine::report::Words;
use crate::engine::{Command, Report};

/// The most streams at a time.
const STREAMS_MAX: usize = 32;

/// How long to wait between two looks at the status.
const LOOK_INTERVAL: TimeDelta = TimeDelta::seconds(1);

/// How often a stream says that it is there, so that proxies do not take it for dead.
const SIGN_INTERVAL: TimeDelta = TimeDelta::seconds(15);

/// The beginning of a stream: how soon a browser comes again that has lost it, so that its end is hardly seen.
const GREETING: &str = "retry: 1000\n\n";

/// Where the streams hear of changes.
pub(super) struct Hub {
    /// The round of the last change.
    news: watch::Sender<u64>,
    listener: Notify,
    places: Arc<Semaphore>,
}

impl Default for Hub {
    fn default() -> Self {
        let places = Arc::new(Semaphore::new(STREAMS_MAX));
        Self { news: watch::Sender::new(0), listener: Notify::new(), places }
    }
}

/// Tells the streams of changes; never ends.
pub(super) async fn tell_of_changes<K: Clock>(site: &Site<K>) {
    loop {
        site.hub.listener.notified().await;
        look_while_somebody_listens(site).await;
    }
}

async fn look_while_somebody_listens<K: Clock>(site: &Site<K>) {
    let mut snapshots = site.snapshots.clone();
    let mut known = None;
    while site.hub.news.receiver_count() > 0 {
        snapshots.mark_unchanged();
        // One that does not answer has nothing new to say.
        if let Ok(report) = site.desk.ask(|reply| Command::Status { words: Words::Shown, reply }).await {
            let round = report.round;
            let seen = digest(report);
            if known.replace(seen).is_some_and(|before| before != seen) {
                site.hub.news.send_replace(round);
            }
        }
        site.clock.sleep_until(site.now() + LOOK_INTERVAL).await;
        let moment = site.clock.sleep_until(site.now() + SIGN_INTERVAL);
        select(pin!(snapshots.changed()), pin!(moment)).await;
    }
}

/// Digests what the status says, without what is different each time. An answer is never so long that its text could
/// not be made.
fn digest(mut report: Report) -> [u8; 32] {
    report.round = 0;
    for member in &mut report.members {
        member.calendar_age_seconds = member.calendar_age_seconds.map(|_| 0);
    }
    Sha256::digest(serde_json::to_vec(&report).unwrap_or_default()).into()
}

/// One stream.
struct Listener<K> {
    news: watch::Receiver<u64>,
    clock: K,
    sign_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    _place: OwnedSemaphorePermit,
}

/// Begins a stream.
///
/// # Errors
/// When there are too many.
pub(super) fn stream<K: Clock>(site: &Site<K>, stage: &watch::Sender<Stage>) -> Result<Response, Denied> {
    let too_many = |_| Denied::new(StatusCode::SERVICE_UNAVAILABLE, "there are too many event streams");
    let place = Arc::clone(&site.hub.places).try_acquire_owned().map_err(too_many)?;
    let now = site.now();
    let listener = Listener {
        news: site.hub.news.subscribe(),
        clock: site.clock.clone(),
        sign_at: now + SIGN_INTERVAL,
        ends_at: now + STREAM_FOR,
        _place: place,
    };
    site.hub.listener.notify_one();
    stage.send_replace(Stage::Stream);
    let greeting = stream::iter([Ok::<_, Infallible>(Bytes::from(GREETING))]);
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(event)), listener))
    });
    let body = Body::from_stream(futures_util::StreamExt::chain(greeting, events));
    Ok(with_type(StatusCode::OK, "text/event-stream", body))
}

impl<K: Clock> Listener<K> {
    /// Waits for what to send next; nothing when the stream has lasted long enough.
    async fn next(&mut self) -> Option<String> {
        let sign = self.clock.sleep_until(self.sign_at.min(self.ends_at));
        let event = match select(pin!(self.news.changed()), pin!(sign)).await {
            Either::Left((Ok(()), _)) => None,
            Either::Left((Err(_), _)) => return None,
            Either::Right(_) => Some(":\n\n".to_owned()),
        };
        let now = self.clock.now();
        if now >= self.ends_at {
            return None;
        }
        self.sign_at = now + SIGN_INTERVAL;
        let round = || *self.news.borrow();
        Some(event.unwrap_or_else(|| format!("event: changed\ndata: {}\n\n", round())))
    }
}
