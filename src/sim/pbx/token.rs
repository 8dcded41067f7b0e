//! The tokens in a call's URL: digests of login and password, and access tokens with the endpoint that gives them.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;

use axum::http::StatusCode;
use chrono::{DateTime, Duration, Utc};
use md5::Md5;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};
use url::form_urlencoded;
use uuid::Uuid;

use super::state::Setup;

/// Where access tokens are given.
pub(crate) const PATH: &str = "/auth/realms/pbx/oauth2/token";

/// How long a refresh token lives.
const REFRESH_LIFE: Duration = Duration::hours(6);

/// The most tokens of one kind that are known at one time; older ones are forgotten.
const KNOWN_MAX: usize = 1_000;

/// Returns whether a URL's query carries the SHA-512 token.
pub(crate) fn fits_sha512(query: &str, setup: &Setup) -> bool {
    let Setup { login, password, .. } = setup;
    let expected = format!("{login}:{}", hex::<Sha512>(&format!("{login}*{}", hex::<Sha512>(password.expose()))));
    parameter(query, "de.vertico.starface.auth") == Some(expected)
}

/// Returns whether a URL's query carries the MD5 token and the login.
pub(crate) fn fits_md5(query: &str, setup: &Setup) -> bool {
    let Setup { login, password, .. } = setup;
    let expected = hex::<Md5>(&format!("{login}*{}", password.expose()));
    parameter(query, "de.vertico.starface.auth") == Some(expected)
        && parameter(query, "de.vertico.starface.user").as_ref() == Some(login)
}

/// How often access tokens were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// By login and password.
    pub by_password: u64,
    /// By a refresh token.
    pub by_refresh: u64,
}

/// Gives access tokens and knows them again.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) access_life: Duration,
    access: VecDeque<Issued>,
    refresh: VecDeque<Issued>,
    grants: Grants,
}

#[derive(Debug)]
struct Issued {
    token: String,
    ends_at: DateTime<Utc>,
}

impl Default for Issuer {
    fn default() -> Self {
        Self {
            access_life: Duration::minutes(5),
            access: VecDeque::new(),
            refresh: VecDeque::new(),
            grants: Grants::default(),
        }
    }
}

impl Issuer {
    /// Answers a request for a token.
    pub(crate) fn answer(&mut self, setup: &Setup, form: &[u8], now: DateTime<Utc>) -> (StatusCode, Value) {
        let fields: BTreeMap<String, String> = form_urlencoded::parse(form).into_owned().collect();
        let field = |name: &str| fields.get(name).map_or("", String::as_str);
        if field("client_id") != "rest-client-headless" || field("client_secret") != setup.client_secret.expose() {
            return refusal(StatusCode::UNAUTHORIZED, "invalid_client");
        }
        match field("grant_type") {
            "password" if field("scope") != "login" => return refusal(StatusCode::BAD_REQUEST, "invalid_scope"),
            "password" if (field("username"), field("password")) == (&setup.login, setup.password.expose()) => {
                self.grants.by_password += 1;
            }
            "refresh_token" if self.spend(field("refresh_token"), now) => self.grants.by_refresh += 1,
            "password" | "refresh_token" => return refusal(StatusCode::UNAUTHORIZED, "invalid_grant"),
            _ => return refusal(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        }
        (StatusCode::OK, self.issue(now))
    }

    /// Forgets every token.
    pub(crate) fn revoke(&mut self) {
        self.access.clear();
        self.refresh.clear();
    }

    /// Returns whether a URL's query carries an access token that lives.
    pub(crate) fn fits(&self, query: &str, now: DateTime<Utc>) -> bool {
        let given = parameter(query, "de.vertico.starface.jwt");
        given.is_some_and(|given| self.access.iter().any(|issued| issued.token == given && now < issued.ends_at))
    }

    /// Returns how often tokens were given.
    pub(crate) fn grants(&self) -> Grants {
        self.grants
    }

    /// Takes a refresh token, which is good for once.
    fn spend(&mut self, token: &str, now: DateTime<Utc>) -> bool {
        let place = self.refresh.iter().position(|issued| issued.token == token);
        place.and_then(|place| self.refresh.remove(place)).is_some_and(|issued| now < issued.ends_at)
    }

    fn issue(&mut self, now: DateTime<Utc>) -> Value {
        json!({
            "access_token": keep(&mut self.access, now + self.access_life),
            "expires_in": self.access_life.num_seconds(),
            "refresh_token": keep(&mut self.refresh, now + REFRESH_LIFE),
            "refresh_expires_in": REFRESH_LIFE.num_seconds(),
            "token_type": "Bearer",
            "scope": "login",
        })
    }
}

/// Makes up a token in the form of a JWT, and keeps it.
fn keep(known: &mut VecDeque<Issued>, ends_at: DateTime<Utc>) -> String {
    let token = format!("eyJsim.{}.{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    if known.len() == KNOWN_MAX {
        known.pop_front();
    }
    known.push_back(Issued { token: token.clone(), ends_at });
    token
}

fn refusal(status: StatusCode, error: &str) -> (StatusCode, Value) {
    (status, json!({ "error": error, "error_description": "refused by the simulated PBX" }))
}

fn parameter(query: &str, wanted: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

/// Returns all digits of a text's digest.
fn hex<D: Digest>(text: &str) -> String {
    let digest = D::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn setup(login: &str, password: &str) -> Setup {
        Setup { login: login.to_owned(), password: Secret::new(password), ..Setup::default() }
    }

    #[test]
    fn the_published_token_fits_and_nothing_else() {
        let token = "123%3A81d8af78c98b153485f7d48e3437eb735ba37f0f013c5e06ba74536776c5945694e7cde71e2effbed7b5a1d1a4\
                     566fadcd847ef4098c234052fdfd288e8b6ced";
        let query = format!("de.vertico.starface.auth={token}");
        assert!(fits_sha512(&query, &setup("123", "Pass123")));
        assert!(!fits_sha512(&query, &setup("123", "Pass124")));
        assert!(!fits_sha512(token, &setup("123", "Pass123")));
        assert!(!fits_sha512("", &setup("123", "Pass123")));
    }

    #[test]
    fn the_md5_token_fits_beside_the_login_only() {
        let auth = "de.vertico.starface.auth=c39083417b2146e4d0b8a63d7697cd16";
        let setup = setup("265", "Geheim");
        assert!(fits_md5(&format!("de.vertico.starface.user=265&{auth}"), &setup));
        assert!(!fits_md5(auth, &setup));
        assert!(!fits_md5(&format!("de.vertico.starface.user=266&{auth}"), &setup));
    }

    #[test]
    fn a_refresh_token_is_good_for_once_and_an_access_token_until_its_end() {
        let setup = Setup::default();
        let mut issuer = Issuer::default();
        let now: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().unwrap();
        let client = "client_id=rest-client-headless&client_secret=rest-client-headless-sim";
        let password = format!("{client}&grant_type=password&scope=login&username=0001&password=sim-password");
        let (status, given) = issuer.answer(&setup, password.as_bytes(), now);
        assert_eq!(status, StatusCode::OK);
        let query = format!("de.vertico.starface.jwt={}", given["access_token"].as_str().unwrap());
        assert!(issuer.fits(&query, now));
        assert!(!issuer.fits(&query, now + Duration::minutes(5)));
        let token = given["refresh_token"].as_str().unwrap();
        let refresh = format!("{client}&grant_type=refresh_token&refresh_token={token}");
        assert_eq!(issuer.answer(&setup, refresh.as_bytes(), now).0, StatusCode::OK);
        assert_eq!(issuer.answer(&setup, refresh.as_bytes(), now).0, StatusCode::UNAUTHORIZED);
        assert_eq!(issuer.grants(), Grants { by_password: 1, by_refresh: 1 });
        issuer.revoke();
        assert!(!issuer.fits(&query, now));
    }

    #[test]
    fn who_is_not_known_gets_no_token() {
        #[track_caller]
        fn case(form: &str, status: StatusCode, error: &str) {
            let now = DateTime::<Utc>::UNIX_EPOCH;
            let (answered, body) = Issuer::default().answer(&Setup::default(), form.as_bytes(), now);
            assert_eq!((answered, body["error"].as_str().unwrap()), (status, error), "{form}");
        }
        let client = "client_id=rest-client-headless&client_secret=rest-client-headless-sim";
        case("client_id=rest-client-headless&client_secret=x", StatusCode::UNAUTHORIZED, "invalid_client");
        case(client, StatusCode::BAD_REQUEST, "unsupported_grant_type");
        case(&format!("{client}&grant_type=password"), StatusCode::BAD_REQUEST, "invalid_scope");
        case(
            &format!("{client}&grant_type=password&scope=login&username=0001&password=x"),
            StatusCode::UNAUTHORIZED,
            "invalid_grant",
        );
    }
}
