//! What a token says of itself. Microsoft asks to treat tokens as opaque, so nothing is ever decided by it: it is advice
//! for people only, and a token that says nothing is as good as any other.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::json;

/// The most permissions that are looked at; apps have some.
const ROLES_MAX: usize = 100;

/// The longest name of a permission.
const NAME_MAX: usize = 80;

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    roles: Vec<String>,
}

/// Returns the permissions for the whole tenant that a token names; nothing when it cannot be read. Names that are none,
/// as they would be shown to people, are left out.
pub(super) fn roles(token: &str) -> Option<BTreeSet<String>> {
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let claims = json::decode::<Claims>(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    Some(claims.roles.into_iter().take(ROLES_MAX).filter(|name| is_name(name)).collect())
}

fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !text.is_empty() && text.len() <= NAME_MAX && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("eyJ0eXAiOiJKV1QifQ.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(claims))
    }

    #[track_caller]
    fn case(token: &str, expected: Option<&[&str]>) {
        let expected = expected.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(roles(token), expected, "{token}");
    }

    #[test]
    fn a_token_names_the_permissions_for_the_whole_tenant() {
        case(&token(r#"{"aud":"x","roles":["Mail.Read","Calendars.Read"]}"#), Some(&["Calendars.Read", "Mail.Read"]));
        case(&token(r#"{"aud":"x"}"#), Some(&[]));
    }

    #[test]
    fn a_token_that_cannot_be_read_says_nothing() {
        for token in ["", "opaque", "eyJsim.0123", "a.b.c.d", "a.!.c", "a.e30", "..", "a.bm8.c"] {
            case(token, None);
        }
        case(&token(r#"{"roles":"Mail.Read"}"#), None);
        case(&token("["), None);
    }

    #[test]
    fn what_is_no_name_of_a_permission_is_left_out_and_the_rest_bounded() {
        let long = "x".repeat(NAME_MAX + 1);
        case(&token(&format!(r#"{{"roles":["a b","\u001b[2J","","{long}","Mail.Read"]}}"#)), Some(&["Mail.Read"]));
        let many: Vec<String> = (0..1000).map(|number| format!("R{number}")).collect();
        let many = token(&serde_json::json!({ "roles": many }).to_string());
        assert_eq!(roles(&many).map(|names| names.len()), Some(ROLES_MAX));
    }
}
