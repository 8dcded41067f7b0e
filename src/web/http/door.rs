//! Who is let in: the token, the sessions of those who showed it, and how often somebody may be wrong.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use chrono::{DateTime, TimeDelta, Utc};

use super::sessions::{Digest, SESSION_FOR, Sessions};
use super::throttle::Failures;
use crate::secret::Secret;

/// Who asks.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Visitor {
    /// Somebody.
    Stranger,
    /// A script that showed the token.
    Script,
    /// A browser that is logged in.
    Browser {
        /// What the forms of its pages carry.
        form_token: String,
    },
}

impl Visitor {
    /// Returns whether the token was shown, now or at the log-in.
    pub(super) fn is_known(&self) -> bool {
        *self != Self::Stranger
    }
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shut {
    /// The token is wrong.
    Wrong,
    /// There were too many wrong ones; it opens again after this time.
    TooMany(TimeDelta),
}

/// How the cookie is named and protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Over plain HTTP, on this machine.
    Plain,
    /// Over TLS, here or at a proxy.
    Encrypted,
}

impl Way {
    /// With the prefix, a browser takes the cookie from nobody but this very host.
    fn cookie(self) -> &'static str {
        match self {
            Self::Plain => "starface_calendar_session",
            Self::Encrypted => "__Host-starface_calendar_session",
        }
    }
}

/// The door.
pub(super) struct Door {
    token: Option<Digest>,
    way: Way,
    sessions: Sessions,
    failures: Failures,
}

impl Door {
    /// Makes a door that opens with this token, or never.
    pub(super) fn new(token: Option<&Secret>, way: Way) -> Self {
        let token = token.filter(|token| !token.is_empty()).map(|token| Digest::of(token.expose()));
        Self { token, way, sessions: Sessions::default(), failures: Failures::default() }
    }

    /// Returns whether anybody can be let in.
    pub(super) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Returns who asks: by the `Authorization` header if there is one, else by the cookie. A right token is never made
    /// to wait, so nobody can lock a script out.
    ///
    /// # Errors
    /// When there is a header with anything but the token.
    pub(super) fn visitor(&mut self, headers: &HeaderMap, from: IpAddr, now: DateTime<Utc>) -> Result<Visitor, Shut> {
        let Some(authorization) = headers.get(AUTHORIZATION) else { return Ok(self.browser(headers, now)) };
        let token = authorization.to_str().ok().and_then(|said| said.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        if token.is_some_and(|token| self.is_token(token)) {
            return Ok(Visitor::Script);
        }
        Err(self.wrong(from, now))
    }

    /// Returns who asks by the cookie alone.
    pub(super) fn browser(&mut self, headers: &HeaderMap, now: DateTime<Utc>) -> Visitor {
        let form_token = self.cookie_of(headers).and_then(|cookie| self.sessions.form_token(&cookie, now));
        form_token.map_or(Visitor::Stranger, |form_token| Visitor::Browser { form_token })
    }

    /// Logs a browser in, and returns the cookie to set.
    ///
    /// # Errors
    /// When the token is wrong, or there were too many wrong ones; then even the right one has to wait.
    pub(super) fn enter(&mut self, token: &str, from: IpAddr, now: DateTime<Utc>) -> Result<String, Shut> {
        if let Some(wait) = self.failures.wait(from, now) {
            return Err(Shut::TooMany(wait));
        }
        if !self.is_token(token) {
            return Err(self.wrong(from, now));
        }
        let cookie = self.sessions.begin(now);
        Ok(self.set_cookie(&cookie, SESSION_FOR))
    }

    /// Logs a browser out, and returns the cookie to set.
    pub(super) fn leave(&mut self, headers: &HeaderMap) -> String {
        if let Some(cookie) = self.cookie_of(headers) {
            self.sessions.end(&cookie);
        }
        self.set_cookie("", TimeDelta::zero())
    }

    fn wrong(&mut self, from: IpAddr, now: DateTime<Utc>) -> Shut {
        if let Some(wait) = self.failures.wait(from, now) {
            return Shut::TooMany(wait);
        }
        self.failures.note(from, now);
        Shut::Wrong
    }

    fn is_token(&self, said: &str) -> bool {
        let said = Digest::of(said);
        self.token.is_some_and(|token| token.is(&said))
    }

    fn cookie_of(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.way.cookie()).map(|(_, value)| value.to_owned())
    }

    fn set_cookie(&self, value: &str, lasts: TimeDelta) -> String {
        let (name, seconds) = (self.way.cookie(), lasts.num_seconds());
        let secure = match self.way {
            Way::Plain => "",
            Way::Encrypted => "; Secure",
        };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
    }
}
