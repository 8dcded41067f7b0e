//! The token endpoint: a secret or an assertion in, a token with an end out, opaque or not, or Entra's error.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use super::assertion::{Assertions, Refused};
use super::reply::{Refusal, Reply};
use crate::secret::Secret;

/// What an app needs for a token.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The directory.
    pub tenant_id: String,
    /// The app.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: Secret,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            tenant_id: "5f0c2a5e-0000-4000-8000-00000000d3a1".to_owned(),
            client_id: "a9b1c4d7-0000-4000-8000-00000000c11e".to_owned(),
            client_secret: Secret::new("sim~client~secret~8Q"),
        }
    }
}

/// Whether the app's secret is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretAge {
    Good,
    Expired,
}

/// Gives tokens and knows them again.
#[derive(Debug)]
pub(crate) struct Issuer {
    /// Where this endpoint is: it begins every audience.
    pub(crate) base: String,
    pub(crate) credentials: Credentials,
    pub(crate) secret_age: SecretAge,
    pub(crate) tokens_live_for: Duration,
    /// What tokens say that the app may do; without it they are opaque.
    pub(crate) roles: Option<Vec<String>>,
    /// Who else than the app's secret may prove the app.
    pub(crate) assertions: Assertions,
    issued: VecDeque<(String, DateTime<Utc>)>,
}

/// The most tokens that are known at one time; older ones are forgotten.
const ISSUED_MAX: usize = 1_000;

/// An error of the token endpoint.
struct TokenError {
    status: u16,
    error: &'static str,
    number: u32,
    words: String,
}

impl Default for Issuer {
    fn default() -> Self {
        Self {
            base: String::new(),
            credentials: Credentials::default(),
            secret_age: SecretAge::Good,
            tokens_live_for: Duration::seconds(3599),
            roles: None,
            assertions: Assertions::default(),
            issued: VecDeque::new(),
        }
    }
}

impl Issuer {
    /// Answers a request for a token.
    pub(crate) fn answer(&mut self, tenant: &str, form: &[u8], now: DateTime<Utc>) -> Reply {
        let fields: BTreeMap<Cow<'_, str>, Cow<'_, str>> = form_urlencoded::parse(form).collect();
        let field = |name: &str| fields.get(name).map_or("", |value| value.as_ref());
        match self.examine(tenant, field, now) {
            Ok(()) => Reply::ok(self.issue(now)),
            Err(error) => error.reply(now),
        }
    }

    /// Forgets every token, as if all had been revoked.
    pub(crate) fn revoke(&mut self) {
        self.issued.clear();
    }

    /// Accepts an `Authorization` header or says why not.
    pub(crate) fn accept(&self, authorization: Option<&str>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let refuse = |words| Err(Refusal::new(401, "InvalidAuthenticationToken", words));
        let Some(token) = authorization.and_then(|header| header.strip_prefix("Bearer ")) else {
            return refuse("Access token is empty.");
        };
        match self.issued.iter().find(|(issued, _)| issued == token) {
            None => refuse("Invalid access token."),
            Some((_, ends_at)) if *ends_at <= now => refuse("Lifetime validation failed, the token is expired."),
            Some(_) => Ok(()),
        }
    }

    fn examine<'a>(
        &mut self,
        tenant: &str,
        field: impl Fn(&str) -> &'a str,
        now: DateTime<Utc>,
    ) -> Result<(), TokenError> {
        let Credentials { tenant_id, client_id, client_secret } = &self.credentials;
        if !tenant.eq_ignore_ascii_case(tenant_id) {
            return Err(TokenError::unknown_tenant(tenant));
        }
        if field("grant_type") != "client_credentials" {
            return Err(TokenError::grant(field("grant_type")));
        }
        if !field("client_id").eq_ignore_ascii_case(client_id) {
            return Err(TokenError::unknown_app(field("client_id"), tenant));
        }
        if !field("client_assertion").is_empty() || !field("client_assertion_type").is_empty() {
            let audience = format!("{}{tenant}/oauth2/v2.0/token", self.base);
            let given = (field("client_assertion_type"), field("client_assertion"));
            let examined = self.assertions.examine(given, &audience, client_id, now);
            examined.map_err(|refused| TokenError::assertion(&refused, client_id))?;
        } else if field("client_secret") != client_secret.expose() {
            return Err(TokenError::wrong_secret(client_id));
        } else if self.secret_age == SecretAge::Expired {
            return Err(TokenError::expired_secret(client_id));
        }
        if !field("scope").ends_with("/.default") || field("scope").contains(' ') {
            return Err(TokenError::scope(field("scope")));
        }
        Ok(())
    }

    fn token(&self) -> String {
        let id = Uuid::new_v4().simple().to_string();
        let Some(roles) = &self.roles else { return format!("eyJsim.{id}") };
        let claims = match roles.as_slice() {
            [] => json!({ "appid": self.credentials.client_id, "uti": id }),
            roles => json!({ "appid": self.credentials.client_id, "uti": id, "roles": roles }),
        };
        format!("{}.{}.{id}", part(&json!({ "typ": "JWT", "alg": "RS256" })), part(&claims))
    }

    fn issue(&mut self, now: DateTime<Utc>) -> Value {
        let token = self.token();
        if self.issued.len() == ISSUED_MAX {
            self.issued.pop_front();
        }
        self.issued.push_back((token.clone(), now + self.tokens_live_for));
        let seconds = self.tokens_live_for.num_seconds();
        json!({
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": token,
        })
    }
}

/// Returns a part of a token that can be read, as it stands in it.
fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// Returns the answer of a token endpoint that is out of order.
pub(crate) fn out_of_order(refusal: &Refusal, now: DateTime<Utc>) -> Reply {
    let error = TokenError {
        status: refusal.status,
        error: "temporarily_unavailable",
        number: 90_033,
        words: "A transient error has occurred. Please try again.".to_owned(),
    };
    let mut reply = error.reply(now);
    if let Some(seconds) = &refusal.retry_after {
        reply.headers.push(("Retry-After".to_owned(), seconds.clone()));
    }
    reply
}

impl TokenError {
    fn unknown_tenant(tenant: &str) -> Self {
        Self {
            status: 400,
            error: "invalid_request",
            number: 90_002,
            words: format!(
                "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into \
                 the correct cloud."
            ),
        }
    }

    fn unknown_app(app: &str, tenant: &str) -> Self {
        Self {
            status: 400,
            error: "unauthorized_client",
            number: 700_016,
            words: format!(
                "Application with identifier '{app}' was not found in the directory '{tenant}'. This can happen if \
                 the application has not been installed by the administrator of the tenant."
            ),
        }
    }

    fn wrong_secret(app: &str) -> Self {
        Self {
            status: 401,
            error: "invalid_client",
            number: 7_000_215,
            words: format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret \
                 value, not the client secret ID, for a secret added to app '{app}'."
            ),
        }
    }

    fn expired_secret(app: &str) -> Self {
        Self {
            status: 401,
            error: "invalid_client",
            number: 7_000_222,
            words: format!(
                "The provided client secret keys for app '{app}' are expired. Visit the Azure portal to create new \
                 keys for your app."
            ),
        }
    }

    fn assertion(refused: &Refused, app: &str) -> Self {
        let (number, words) = match refused {
            Refused::UnknownKey => (
                700_027,
                format!(
                    "The certificate with identifier used to sign the client assertion is not registered on application '{app}'."
                ),
            ),
            Refused::Untimely => (700_024, "Client assertion is not within its valid time range.".to_owned()),
            Refused::NotFederated => {
                (700_213, "No matching federated identity record found for presented assertion subject.".to_owned())
            }
            Refused::Invalid(what) => (50_027, format!("JWT token is invalid or malformed: {what}.")),
        };
        Self { status: 401, error: "invalid_client", number, words }
    }

    fn scope(scope: &str) -> Self {
        Self {
            status: 400,
            error: "invalid_scope",
            number: 70_011,
            words: format!(
                "The provided value for the input parameter 'scope' isn't valid. The scope {scope} isn't valid."
            ),
        }
    }

    fn grant(grant: &str) -> Self {
        Self {
            status: 400,
            error: "unsupported_grant_type",
            number: 70_003,
            words: format!("The app requested an unsupported grant type '{grant}'."),
        }
    }

    fn reply(self, now: DateTime<Utc>) -> Reply {
        let Self { status, error, number, words } = self;
        let (trace, correlation) = (Uuid::new_v4(), Uuid::new_v4());
        let timestamp = now.format("%Y-%m-%d %H:%M:%SZ");
        let body = json!({
            "error": error,
            "error_description": format!(
                "AADSTS{number}: {words}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\n\
                 Timestamp: {timestamp}"
            ),
            "error_codes": [number],
            "timestamp": timestamp.to_string(),
            "trace_id": trace.to_string(),
            "correlation_id": correlation.to_string(),
            "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
        });
        Reply { status, ..Reply::ok(body) }
    }
}
