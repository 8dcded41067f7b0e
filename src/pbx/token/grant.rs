//! One question to the token service of STARFACE 10, and its answer.
//!
//! Must not know: when a token is needed. Passwords, tokens and what the service says stay in here.

use std::time::Duration;

use reqwest::StatusCode;
use serde::Deserialize;
use tracing::{debug, instrument};
use url::{Url, form_urlencoded};

use crate::pbx::error::{Malformed, TokenProblem};
use crate::pbx::transport::below;
use crate::pbx::transport::http::{Http, read};
use crate::pbx::{Config, PbxError};
use crate::secret::Secret;

/// STARFACE's client for services.
const CLIENT: &str = "rest-client-headless";

/// How long a token lives that does not say so; STARFACE's live as long.
const LIFE_DEFAULT: Duration = Duration::from_secs(300);

/// The longest life that is believed: a day.
pub(super) const LIFE_MAX: Duration = Duration::from_secs(24 * 3600);

/// The largest answer of the token service; real ones have a few kilobytes.
const ANSWER_MAX: usize = 64 * 1024;

/// Who asks.
pub(super) struct Account {
    url: Url,
    login: String,
    password: Secret,
    client_secret: Secret,
}

/// By what a token is asked for.
#[derive(Clone, Copy)]
pub(super) enum Grant<'a> {
    /// Login and password.
    Password,
    /// The refresh token that came with the last token.
    Refresh(&'a Secret),
}

/// What the service gave.
pub(super) struct Granted {
    pub(super) access_token: Secret,
    pub(super) access_life: Duration,
    pub(super) refresh_token: Option<Secret>,
    /// None when the service does not say.
    pub(super) refresh_life: Option<Duration>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    expires_in: Option<u64>,
    refresh_token: Option<String>,
    refresh_expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Account {
    /// Takes from the settings who asks, and whom.
    pub(super) fn new(config: &Config, client_secret: Secret) -> Self {
        Self {
            url: below(&config.url, "auth/realms/pbx/oauth2/token"),
            login: config.login.clone(),
            password: config.password.clone(),
            client_secret,
        }
    }

    /// Returns the client's secret, so that it can be kept out of what people read.
    pub(super) fn client_secret(&self) -> &Secret {
        &self.client_secret
    }

    /// Asks for a token. A refusal is [`PbxError::TokenDenied`].
    #[instrument(name = "pbx.token", level = "debug", skip_all)]
    pub(super) async fn ask(&self, http: &Http, grant: Grant<'_>) -> Result<Granted, PbxError> {
        let granted = self.exchange(http, grant).await.map_err(PbxError::of_token)?;
        debug!(expires_in_secs = granted.access_life.as_secs(), "The PBX gave a token.");
        Ok(granted)
    }

    async fn exchange(&self, http: &Http, grant: Grant<'_>) -> Result<Granted, PbxError> {
        let url = self.url.clone();
        let response = http.post(url, "application/x-www-form-urlencoded", self.form(grant)).await?;
        let status = response.status();
        let body = read(response, ANSWER_MAX).await.map_err(|error| match error {
            PbxError::TooLarge => PbxError::Malformed(Malformed::NoToken),
            other => other,
        })?;
        match status {
            StatusCode::OK => granted(&body).ok_or(PbxError::Malformed(Malformed::NoToken)),
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(PbxError::TokenDenied(problem(&body)))
            }
            StatusCode::NOT_FOUND => Err(PbxError::TokenDenied(TokenProblem::NoService)),
            status => Err(PbxError::Status(status.as_u16())),
        }
    }

    fn form(&self, grant: Grant<'_>) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("client_id", CLIENT).append_pair("client_secret", self.client_secret.expose());
        match grant {
            Grant::Password => form
                .append_pair("grant_type", "password")
                .append_pair("scope", "login")
                .append_pair("username", &self.login)
                .append_pair("password", self.password.expose()),
            Grant::Refresh(token) => {
                form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token.expose())
            }
        };
        form.finish()
    }
}

/// Reads an answer. A token that cannot stand in a URL as it is given is none.
pub(super) fn granted(body: &[u8]) -> Option<Granted> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let refresh_token = answer.refresh_token.filter(|token| is_usable(token));
    is_usable(&answer.access_token).then(|| Granted {
        access_token: Secret::new(answer.access_token),
        access_life: answer.expires_in.map_or(LIFE_DEFAULT, Duration::from_secs).min(LIFE_MAX),
        refresh_token: refresh_token.map(Secret::new),
        // Services of this kind write 0 for a refresh token without an end.
        refresh_life: answer
            .refresh_expires_in
            .filter(|life| *life > 0)
            .map(|life| LIFE_MAX.min(Duration::from_secs(life))),
    })
}

fn is_usable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Sorts a refusal by its word. STARFACE answers 401 for a wrong secret as for a missing right, so both are named.
pub(super) fn problem(body: &[u8]) -> TokenProblem {
    let refusal = serde_json::from_slice::<Refusal>(body).ok();
    match refusal.as_ref().map(|refusal| refusal.error.as_str()) {
        Some("invalid_client" | "unauthorized_client") => TokenProblem::Client,
        Some("invalid_grant" | "access_denied") => TokenProblem::Login,
        _ => TokenProblem::Unsaid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_what_it_leaves_out() {
        #[track_caller]
        fn case(body: &str, expected: (u64, Option<&str>, Option<u64>)) {
            let granted = granted(body.as_bytes()).unwrap();
            assert_eq!(granted.access_token.expose(), "ey.J");
            let refresh = granted.refresh_token.as_ref().map(Secret::expose);
            let refresh_life = granted.refresh_life.map(|life| life.as_secs());
            assert_eq!((granted.access_life.as_secs(), refresh, refresh_life), expected, "{body}");
        }
        case(
            r#"{"access_token": "ey.J", "expires_in": 300, "refresh_token": "ey.R", "refresh_expires_in": 21600,
                "token_type": "Bearer", "scope": "login"}"#,
            (300, Some("ey.R"), Some(21_600)),
        );
        case(r#"{"access_token": "ey.J"}"#, (300, None, None));
        case(r#"{"access_token": "ey.J", "expires_in": 0}"#, (0, None, None));
        case(r#"{"access_token": "ey.J", "expires_in": 99999999999}"#, (86_400, None, None));
        case(r#"{"access_token": "ey.J", "refresh_token": "a b", "refresh_expires_in": 0}"#, (300, None, None));
    }

    #[test]
    fn what_holds_no_token_is_no_answer() {
        #[track_caller]
        fn case(body: &str) {
            assert!(granted(body.as_bytes()).is_none(), "{body}");
        }
        case("");
        case("<html>");
        case("{}");
        case(r#"{"access_token": ""}"#);
        case(r#"{"access_token": "a b"}"#);
        case(r#"{"access_token": "ä"}"#);
        case(r#"{"access_token": 1}"#);
    }

    #[test]
    fn a_refusal_is_sorted_by_its_word() {
        #[track_caller]
        fn case(body: &str, expected: TokenProblem) {
            assert_eq!(problem(body.as_bytes()), expected, "{body}");
        }
        case(r#"{"error": "invalid_client", "error_description": "x"}"#, TokenProblem::Client);
        case(r#"{"error": "unauthorized_client"}"#, TokenProblem::Client);
        case(r#"{"error": "invalid_grant"}"#, TokenProblem::Login);
        case(r#"{"error": "access_denied"}"#, TokenProblem::Login);
        case(r#"{"error": "something_new"}"#, TokenProblem::Unsaid);
        case("", TokenProblem::Unsaid);
        case("<html>", TokenProblem::Unsaid);
    }
}
