//! The access token of STARFACE 10: fetched by password, kept, and refreshed before it ends.
//!
//! One question at a time: whoever needs a token while it is asked for waits, and shares what comes of it. So a wrong
//! password is tried once for all the calls of a round, not once for each, and nobody is locked out for it.

use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tracing::debug;

use super::Token;
use super::grant::{Account, Grant, Granted};
use crate::clock::Clock;
use crate::pbx::PbxError;
use crate::pbx::transport::http::Http;
use crate::secret::Secret;

/// How long before its end a token is replaced; half its life when that is shorter.
const MARGIN: Duration = Duration::from_secs(60);

/// The wait after an early question that failed, while the old token still lives.
const EARLY_RETRY: Duration = Duration::from_secs(15);

/// The tokens of one login.
pub(in crate::pbx) struct AccessTokens {
    account: Account,
    now: Box<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Held by whoever asks the PBX.
    turn: tokio::sync::Mutex<()>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    access: Option<Access>,
    refresh: Option<Refresh>,
    /// Why the last question failed, if it did.
    failure: Option<PbxError>,
    /// The number of questions that ended.
    fetches: u64,
}

struct Access {
    token: Token,
    refresh_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

struct Refresh {
    token: Secret,
    expires_at: Option<DateTime<Utc>>,
}

impl AccessTokens {
    /// Begins without a token. Of the clock only the present is used.
    pub(super) fn new(account: Account, clock: impl Clock) -> Self {
        let now = Box::new(move || clock.now());
        Self { account, now, turn: tokio::sync::Mutex::default(), kept: Mutex::default() }
    }

    /// Returns a token that lives, asked for now if need be. While an old one still lives, a question that fails is
    /// asked again later.
    pub(in crate::pbx) async fn token(&self, http: &Http) -> Result<Token, PbxError> {
        let before = self.kept().fetches;
        if let Some(token) = self.kept().fresh((self.now)()) {
            return Ok(token);
        }
        let _turn = self.turn.lock().await;
        if let Some(token) = self.kept().fresh((self.now)()) {
            return Ok(token);
        }
        if let Some(failure) = self.kept().failure_since(before) {
            return Err(failure);
        }
        let granted = self.ask(http).await;
        self.kept().learn(granted, (self.now)())
    }

    /// Drops a token that was refused, unless it was replaced already. What refreshes it may be as void as it is, so
    /// the next one is asked for by password.
    pub(in crate::pbx) fn forget(&self, refused: &Token) {
        let mut kept = self.kept();
        if kept.access.as_ref().is_some_and(|access| access.token.fetch == refused.fetch) {
            kept.access = None;
            kept.refresh = None;
        }
    }

    /// Returns the tokens that are kept and the client's secret.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        let kept = self.kept();
        let access = kept.access.as_ref().map(|access| access.token.secret.clone());
        let refresh = kept.refresh.as_ref().map(|refresh| refresh.token.clone());
        access.into_iter().chain(refresh).chain([self.account.client_secret().clone()]).collect()
    }

    /// Refreshes, or asks by password where there is nothing to refresh or the PBX does not want to.
    async fn ask(&self, http: &Http) -> Result<Granted, PbxError> {
        let refresh = self.kept().refresh_token((self.now)());
        if let Some(token) = refresh {
            match self.account.ask(http, Grant::Refresh(&token)).await {
                Err(PbxError::TokenDenied(_)) => {
                    debug!("The PBX does not refresh its token, so one is asked for by password.");
                    self.kept().refresh = None;
                }
                asked => return asked,
            }
        }
        self.account.ask(http, Grant::Password).await
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().expect("nobody panics while looking at the tokens")
    }
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AccessTokens")
    }
}

impl Kept {
    /// Returns the token unless it is time to replace it.
    fn fresh(&self, now: DateTime<Utc>) -> Option<Token> {
        self.access.as_ref().filter(|access| now < access.refresh_at).map(|access| access.token.clone())
    }

    /// Returns why a question failed that ended after so many others.
    fn failure_since(&self, fetches: u64) -> Option<PbxError> {
        self.failure.clone().filter(|_| self.fetches != fetches)
    }

    /// Returns what refreshes the token; drops it when it is over.
    fn refresh_token(&mut self, now: DateTime<Utc>) -> Option<Secret> {
        self.refresh = self.refresh.take().filter(|refresh| refresh.expires_at.is_none_or(|end| now < end));
        self.refresh.as_ref().map(|refresh| refresh.token.clone())
    }

    /// Keeps what came of a question, and returns the token to use.
    fn learn(&mut self, granted: Result<Granted, PbxError>, now: DateTime<Utc>) -> Result<Token, PbxError> {
        self.fetches += 1;
        match granted {
            Ok(granted) => Ok(self.keep(granted, now)),
            Err(error) => {
                self.failure = Some(error.clone());
                self.put_off(now).ok_or(error)
            }
        }
    }

    /// Each refresh token is good for once, so the new one takes the place of the old. A service that gives none lets
    /// the old one count on.
    fn keep(&mut self, granted: Granted, now: DateTime<Utc>) -> Token {
        let token = Token::access(granted.access_token, self.fetches);
        let expires_at = now + granted.access_life;
        let refresh_at = expires_at - MARGIN.min(granted.access_life / 2);
        self.access = Some(Access { token: token.clone(), refresh_at, expires_at });
        if let Some(token) = granted.refresh_token {
            self.refresh = Some(Refresh { token, expires_at: granted.refresh_life.map(|life| now + life) });
        }
        self.failure = None;
        token
    }

    /// Returns the old token if it still lives, and leaves it alone for a while.
    fn put_off(&mut self, now: DateTime<Utc>) -> Option<Token> {
        let access = self.access.as_mut().filter(|access| now < access.expires_at)?;
        access.refresh_at = (now + EARLY_RETRY).min(access.expires_at);
        Some(access.token.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn granted(access_life: u64) -> Granted {
        Granted {
            access_token: Secret::new("ey.J"),
            access_life: Duration::from_secs(access_life),
            refresh_token: None,
            refresh_life: None,
        }
    }

    #[test]
    fn a_token_is_replaced_a_minute_before_its_end_or_after_half_its_life() {
        #[track_caller]
        fn case(access_life: u64, refresh_at: &str, expires_at: &str) {
            let mut kept = Kept::default();
            kept.keep(granted(access_life), at("2026-11-23T09:00:00Z"));
            let access = kept.access.unwrap();
            assert_eq!((access.refresh_at, access.expires_at), (at(refresh_at), at(expires_at)), "{access_life}");
        }
        case(300, "2026-11-23T09:04:00Z", "2026-11-23T09:05:00Z");
        case(60, "2026-11-23T09:00:30Z", "2026-11-23T09:01:00Z");
        case(0, "2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z");
    }

    #[test]
    fn no_debug_output_shows_a_token() {
        let token = Kept::default().keep(granted(300), at("2026-11-23T09:00:00Z"));
        assert!(!format!("{token:?}").contains("ey.J"));
    }
}
