//! The token of the app: fetched with what the app proves itself with, kept, and fetched anew before it ends.
//!
//! One fetch at a time: whoever needs a token while it runs waits for it and shares its outcome. The token is opaque:
//! what the app may do shows only in the answers of Graph, and what the token says of it is for people alone.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;
use tracing::{debug, instrument};
use url::Url;

use super::claims;
use super::error::{Flaw, GraphError, TokenProblem};
use super::http::{Http, Received};
use super::json;
use super::reply::{Code, Reply, RequestId, Service};
use super::wire::{TokenAnswer, TokenRefusal};
use crate::credential::{Credential, Proof};
use crate::secret::Secret;

/// How long before its end a token is replaced; half its life when that is shorter.
const MARGIN: Duration = Duration::from_secs(300);

/// The longest life that is believed: tokens that can be revoked live up to 28 hours.
pub(super) const LIFE_MAX: Duration = Duration::from_secs(28 * 3600);

/// The wait after an early fetch that failed, while the old token still lives.
const EARLY_RETRY: Duration = Duration::from_secs(60);

/// The largest answer of the token endpoint; real ones have a few kilobytes.
const ANSWER_MAX: usize = 64 * 1024;

/// What an assertion is to the token endpoint.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A token for one call.
#[derive(Clone, Debug)]
pub(super) struct Bearer {
    secret: Secret,
    /// Which fetch it came from.
    fetch: u64,
}

impl Bearer {
    /// Returns the words, for the header.
    pub(super) fn expose(&self) -> &str {
        self.secret.expose()
    }
}

/// What asks for a token.
#[derive(Debug)]
pub(super) struct App {
    pub(super) client_id: String,
    pub(super) credential: Credential,
    pub(super) url: Url,
    pub(super) scope: String,
}

/// The kept token.
#[derive(Debug)]
pub(super) struct Tokens {
    app: App,
    kept: Mutex<Kept>,
    /// The number of fetches that ended.
    fetches: AtomicU64,
}

#[derive(Debug, Default)]
struct Kept {
    token: Option<Token>,
    /// Why the last fetch failed, if it did.
    failure: Option<GraphError>,
}

#[derive(Debug)]
pub(super) struct Token {
    bearer: Bearer,
    refresh_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

/// A token that was just fetched.
struct Fetched {
    bearer: Bearer,
    answered_at: Option<DateTime<Utc>>,
}

impl Tokens {
    /// Begins without a token.
    pub(super) fn new(app: App) -> Self {
        Self { app, kept: Mutex::default(), fetches: AtomicU64::new(0) }
    }

    /// Returns a token that lives, fetched now if need be. While an old one still lives, a fetch that fails is tried
    /// again later.
    pub(super) async fn bearer(&self, http: &Http) -> Result<Bearer, GraphError> {
        let before = self.fetches.load(Ordering::Acquire);
        let mut kept = self.kept.lock().await;
        let now = http.now();
        if let Some(token) = kept.token.as_ref().filter(|token| now < token.refresh_at) {
            return Ok(token.bearer.clone());
        }
        let waited = self.fetches.load(Ordering::Acquire) != before;
        if let Some(failure) = kept.failure.as_ref().filter(|_| waited) {
            return Err(failure.clone());
        }
        match self.fetch_into(&mut kept, http).await {
            Ok(fetched) => Ok(fetched.bearer),
            Err(error) => kept.put_off(now).ok_or(error),
        }
    }

    /// Fetches a token, whatever is kept; returns what time it was on the other side.
    pub(super) async fn renew(&self, http: &Http) -> Result<Option<DateTime<Utc>>, GraphError> {
        let mut kept = self.kept.lock().await;
        self.fetch_into(&mut kept, http).await.map(|fetched| fetched.answered_at)
    }

    /// Returns the permissions for the whole tenant that the kept token names; nothing without a token, or
    /// when it cannot be read.
    pub(super) async fn roles(&self) -> Option<BTreeSet<String>> {
        let kept = self.kept.lock().await;
        claims::roles(kept.token.as_ref()?.bearer.expose())
    }

    /// Drops a token that was refused, unless it was replaced already.
    pub(super) async fn forget(&self, refused: &Bearer) {
        let mut kept = self.kept.lock().await;
        if let Some(token) = &kept.token
            && token.bearer.fetch == refused.fetch
        {
            kept.token = None;
        }
    }

    async fn fetch_into(&self, kept: &mut Kept, http: &Http) -> Result<Fetched, GraphError> {
        let fetched = self.fetch(http).await;
        let fetch = self.fetches.fetch_add(1, Ordering::AcqRel) + 1;
        match fetched {
            Ok((answer, answered_at)) => {
                let token = Token::new(answer, fetch, http.now());
                let bearer = token.bearer.clone();
                *kept = Kept { token: Some(token), failure: None };
                Ok(Fetched { bearer, answered_at })
            }
            Err(error) => {
                kept.failure = Some(error.clone());
                Err(error)
            }
        }
    }

    #[instrument(level = "debug", name = "graph.token", skip_all, err(level = "debug"))]
    async fn fetch(&self, http: &Http) -> Result<(TokenAnswer, Option<DateTime<Utc>>), GraphError> {
        let proof = self.app.proof(http.now())?;
        let mut form = vec![("grant_type", "client_credentials"), ("client_id", self.app.client_id.as_str())];
        match &proof {
            Proof::Secret(secret) => form.push(("client_secret", secret.expose())),
            Proof::Assertion(assertion) => {
                form.extend([("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion.expose())]);
            }
        }
        form.push(("scope", &self.app.scope));
        let request = http.post(self.app.url.clone()).form(&form);
        let received = http.send(Service::Login, request, ANSWER_MAX).await?;
        if received.status != 200 {
            return Err(refusal(received, &self.app.client_id));
        }
        let answer = answer(&received.body).ok_or(GraphError::Malformed {
            service: Service::Login,
            flaw: Flaw::NotJson,
            request_id: received.request_id,
        })?;
        debug!(expires_in_secs = answer.expires_in, "Microsoft Entra gave a token.");
        Ok((answer, received.answered_at))
    }
}

impl App {
    /// Returns what proves it at the place that gives tokens.
    fn proof(&self, now: DateTime<Utc>) -> Result<Proof, GraphError> {
        let unproved = |problem| GraphError::Unproved { client_id: self.client_id.clone(), problem };
        self.credential.proof(self.url.as_str(), &self.client_id, now).map_err(unproved)
    }
}

impl Kept {
    /// Returns the old token if it still lives, and leaves it alone for a while.
    fn put_off(&mut self, now: DateTime<Utc>) -> Option<Bearer> {
        let token = self.token.as_mut().filter(|token| now < token.expires_at)?;
        token.refresh_at = (now + EARLY_RETRY).min(token.expires_at);
        Some(token.bearer.clone())
    }
}

impl Token {
    pub(super) fn new(answer: TokenAnswer, fetch: u64, now: DateTime<Utc>) -> Self {
        let life = Duration::from_secs(answer.expires_in).min(LIFE_MAX);
        let expires_at = now + life;
        Self {
            bearer: Bearer { secret: Secret::new(answer.access_token), fetch },
            refresh_at: expires_at - MARGIN.min(life / 2),
            expires_at,
        }
    }
}

/// Reads an answer; nothing when there is no token in it.
pub(super) fn answer(body: &[u8]) -> Option<TokenAnswer> {
    json::decode::<TokenAnswer>(body).ok().filter(is_usable)
}

/// A token that cannot stand in a header is none.
fn is_usable(answer: &TokenAnswer) -> bool {
    !answer.access_token.is_empty() && answer.access_token.bytes().all(|b| b.is_ascii_graphic())
}

/// Sorts a refusal by the word in `error`; Microsoft asks not to act on the AADSTS number, which only chooses the words
/// for people.
pub(super) fn refusal(received: Received, client_id: &str) -> GraphError {
    let refusal = json::decode::<TokenRefusal>(&received.body).ok();
    let trace_id = refusal.as_ref().and_then(|refusal| refusal.trace_id.as_deref());
    let request_id = trace_id.and_then(RequestId::new).or(received.request_id);
    let word = refusal.as_ref().map(|refusal| refusal.error.as_str());
    let reply = Reply { service: Service::Login, status: received.status, code: word.and_then(Code::new), request_id };
    let after = received.retry_after;
    match (received.status, refusal) {
        (429, _) => GraphError::Throttled { reply, after },
        (500.., _) => GraphError::Failed { reply, after },
        (_, None) => GraphError::Refused { reply },
        (_, Some(refusal)) if is_passing(&refusal.error) => GraphError::Failed { reply, after },
        (_, Some(refusal)) => GraphError::TokenDenied {
            client_id: client_id.to_owned(),
            problem: problem(&refusal.error_codes),
            request_id: reply.request_id,
        },
    }
}

fn is_passing(error: &str) -> bool {
    matches!(error, "temporarily_unavailable" | "server_error")
}

fn problem(numbers: &[u32]) -> TokenProblem {
    let known = numbers.iter().find_map(|number| match number {
        7000222 => Some(TokenProblem::SecretExpired),
        7000215 => Some(TokenProblem::SecretWrong),
        700027 => Some(TokenProblem::CertificateUnknown),
        700024 => Some(TokenProblem::AssertionUntimely),
        70021 | 700211..=700213 => Some(TokenProblem::FederationUnknown),
        700016 => Some(TokenProblem::AppUnknown),
        90002 => Some(TokenProblem::TenantUnknown),
        70011 | 500011 => Some(TokenProblem::ScopeUnknown),
        _ => None,
    });
    known.unwrap_or(TokenProblem::Other(numbers.first().copied()))
}

#[cfg(test)]
mod tests;
