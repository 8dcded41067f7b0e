//! Who is logged in. Of a session's cookie only the digest is kept, so nothing that is read from here opens one.

use std::collections::VecDeque;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The most sessions; the oldest goes for a new one.
const SESSIONS_MAX: usize = 64;

/// How long a session lasts: a long working day.
pub(super) const SESSION_FOR: TimeDelta = TimeDelta::hours(12);

/// A digest of something secret.
#[derive(Clone, Copy)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Compares without telling by its time where the two differ.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Digest(…)")
    }
}

/// One session.
struct Session {
    cookie: Digest,
    form_token: String,
    ends_at: DateTime<Utc>,
}

/// All sessions, oldest first.
#[derive(Default)]
pub(super) struct Sessions {
    all: VecDeque<Session>,
}

impl Sessions {
    /// Begins a session, and returns its cookie.
    pub(super) fn begin(&mut self, now: DateTime<Utc>) -> String {
        if self.all.len() >= SESSIONS_MAX {
            self.all.pop_front();
        }
        let cookie = random();
        self.all.push_back(Session { cookie: Digest::of(&cookie), form_token: random(), ends_at: now + SESSION_FOR });
        cookie
    }

    /// Returns what the forms of the session with this cookie carry.
    pub(super) fn form_token(&mut self, cookie: &str, now: DateTime<Utc>) -> Option<String> {
        self.all.retain(|session| now < session.ends_at);
        let said = Digest::of(cookie);
        self.all.iter().find(|session| session.cookie.is(&said)).map(|session| session.form_token.clone())
    }

    /// Ends the session with this cookie.
    pub(super) fn end(&mut self, cookie: &str) {
        let said = Digest::of(cookie);
        self.all.retain(|session| !session.cookie.is(&said));
    }
}

/// Returns 256 random bits: a random UUID has 122.
fn random() -> String {
    let mut digest = Sha256::new();
    for _ in 0..3 {
        digest.update(Uuid::new_v4().as_bytes());
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seven() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    #[test]
    fn a_session_lasts_twelve_hours_unless_it_is_ended() {
        let mut sessions = Sessions::default();
        let (one, other) = (sessions.begin(seven()), sessions.begin(seven()));
        assert_eq!(one.len(), 64);
        assert_ne!(sessions.form_token(&one, seven()), sessions.form_token(&other, seven()));
        assert!(sessions.form_token("", seven()).is_none());
        sessions.end(&other);
        assert!(sessions.form_token(&other, seven()).is_none());
        assert!(sessions.form_token(&one, seven() + TimeDelta::minutes(719)).is_some());
        assert!(sessions.form_token(&one, seven() + TimeDelta::hours(12)).is_none());
        assert!(sessions.form_token(&one, seven()).is_none(), "what has ended does not begin again");
    }

    #[test]
    fn the_oldest_session_goes_for_the_sixty_fifth() {
        let mut sessions = Sessions::default();
        let cookies: Vec<_> = (0..65).map(|_| sessions.begin(seven())).collect();
        let is_there = |cookie: &String| sessions.form_token(cookie, seven()).is_some();
        let there: Vec<_> = cookies.iter().map(is_there).collect();
        assert!(!there[0] && there[1..].iter().all(|there| *there));
    }
}
