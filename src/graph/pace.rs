//! How fast Graph may be asked: batches in flight, and what `Retry-After` says.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::BATCH_MAX;

/// What one batch of twenty mailboxes takes: Graph asks the mailboxes four at a time, so five rounds.
const BATCH_MILLIS: u128 = 1500;

/// Returns how many batches are to be in flight so that every member is read once per `check_interval`: between 2, as
/// one slow batch must not hold up the rest, and 16, as more would only meet the limits of Graph.
pub fn batches_in_flight(members: usize, check_interval: Duration) -> usize {
    let work = members as u128 * BATCH_MILLIS;
    let room = (BATCH_MAX as u128 * check_interval.as_millis()).max(1);
    usize::try_from(work.div_ceil(room)).map_or(16, |batches| batches.clamp(2, 16))
}

/// The longest wait that is believed: the window over which Outlook counts requests.
pub(super) const RETRY_AFTER_MAX: Duration = Duration::from_secs(600);

/// Reads `Retry-After`: seconds, perhaps with a fraction, or an HTTP date. Nothing when it says nothing, then the
/// caller's own back-off counts.
pub(super) fn retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    let wait = match text.parse::<f64>() {
        Ok(seconds) => seconds_of(seconds)?,
        Err(_) => (DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now).to_std().ok()?,
    };
    (!wait.is_zero()).then(|| wait.min(RETRY_AFTER_MAX))
}

fn seconds_of(seconds: f64) -> Option<Duration> {
    if seconds > RETRY_AFTER_MAX.as_secs_f64() {
        return Some(RETRY_AFTER_MAX);
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_in_flight_follow_the_number_of_members_and_the_interval() {
        #[track_caller]
        fn case(members: usize, seconds: u64, expected: usize) {
            let found = batches_in_flight(members, Duration::from_secs(seconds));
            assert_eq!(found, expected, "{members} in {seconds} s");
        }
        case(0, 60, 2);
        case(10, 60, 2);
        case(1600, 60, 2);
        case(1601, 60, 3);
        case(10_000, 300, 3);
        case(10_000, 60, 13);
        case(100_000, 60, 16);
        case(100, 0, 16);
        case(usize::MAX, 1, 16);
    }

    #[test]
    fn a_retry_after_is_seconds_a_fraction_or_a_date_and_bounded() {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        let case = |text: &str, expected: Option<u64>| {
            let found = retry_after(text, now);
            assert_eq!(found, expected.map(Duration::from_millis), "{text}");
        };
        case("5", Some(5_000));
        case(" 2.128 ", Some(2_128));
        case("0.5", Some(500));
        case("601", Some(600_000));
        case("1e300", Some(600_000));
        case("inf", Some(600_000));
        case("Mon, 23 Nov 2026 09:00:30 GMT", Some(30_000));
        case("Mon, 23 Nov 2026 23:00:00 GMT", Some(600_000));
        case("Mon, 23 Nov 2026 08:00:00 GMT", None);
        case("0", None);
        case("-1", None);
        case("NaN", None);
        case("soon", None);
        case("", None);
    }
}
