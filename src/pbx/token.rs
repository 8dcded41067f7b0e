//! What proves the log-in in the URL of a call: a digest that stays the same, or an access token that is fetched.
//!
//! Must not know: what the calls are about. No error, `Debug` output or log shows a token.

use super::{Auth, Config};
use crate::clock::Clock;
use crate::secret::Secret;

#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod attack;
mod digest;
mod grant;
mod oauth;

use digest::{md5, sha512};
use grant::Account;
use oauth::AccessTokens;

/// What goes into the query of one call.
#[derive(Clone, Debug)]
pub(super) struct Token {
    user: Option<String>,
    name: &'static str,
    secret: Secret,
    /// Which fetch it came from; 0 for a digest.
    fetch: u64,
}

impl Token {
    /// Makes one of a digest.
    pub(super) fn digest(secret: Secret) -> Self {
        Self { user: None, name: "de.vertico.starface.auth", secret, fetch: 0 }
    }

    /// Makes one of a digest that does not name the login itself.
    pub(super) fn digest_beside_login(login: &str, secret: Secret) -> Self {
        Self { user: Some(login.to_owned()), ..Self::digest(secret) }
    }

    /// Makes one of an access token.
    pub(super) fn access(secret: Secret, fetch: u64) -> Self {
        Self { user: None, name: "de.vertico.starface.jwt", secret, fetch }
    }

    /// Returns the parameters of the query.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let user = self.user.as_deref().map(|user| ("de.vertico.starface.user", user));
        user.into_iter().chain([(self.name, self.secret.expose())])
    }
}

/// Where tokens come from.
pub(super) enum Tokens {
    /// No token.
    None,
    /// One that never changes.
    Fixed(Token),
    /// From the PBX, each for a few minutes.
    Fetched(Box<AccessTokens>),
}

impl Tokens {
    /// Begins without asking anybody.
    pub(super) fn new(config: &Config, clock: impl Clock) -> Self {
        let Config { login, password, .. } = config;
        match &config.auth {
            Auth::Sha512 => Self::Fixed(Token::digest(sha512(login, password))),
            Auth::Md5 => Self::Fixed(Token::digest_beside_login(login, md5(login, password))),
            Auth::OAuth { client_secret } => {
                let account = Account::new(config, client_secret.clone());
                Self::Fetched(Box::new(AccessTokens::new(account, clock)))
            }
            Auth::None => Self::None,
        }
    }

    /// Returns the one that never changes.
    pub(super) fn fixed(&self) -> Option<&Token> {
        match self {
            Self::Fixed(token) => Some(token),
            Self::None | Self::Fetched(_) => None,
        }
    }

    /// Returns everything secret that this room may send because of the log-in.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::None => Vec::new(),
            Self::Fixed(token) => vec![token.secret.clone()],
            Self::Fetched(tokens) => tokens.secrets(),
        }
    }
}
