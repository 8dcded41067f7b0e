//! STARFACE's log-in tokens.

use std::fmt::Write as _;

use sha2::{Digest, Sha512};

use super::{Auth, Config};
use crate::secret::Secret;

/// Returns the token that goes into the query of every request, if this kind of log-in has one.
pub(super) fn token(config: &Config) -> Option<Secret> {
    match config.auth {
        Auth::Sha512 => Some(sha512(&config.login, &config.password)),
        Auth::None => None,
    }
}

/// `login:H(login*H(password))`, as STARFACE 6.4.2.19 and later have it. Every one of the 128 digits counts: leading
/// zeros too, which samples in circulation drop.
fn sha512(login: &str, password: &Secret) -> Secret {
    let inner = Secret::new(hex_digest(password.expose()));
    let salted = Secret::new(format!("{login}*{}", inner.expose()));
    Secret::new(format!("{login}:{}", hex_digest(salted.expose())))
}

fn hex_digest(text: &str) -> String {
    let digest = Sha512::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes every text");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sha512_token_equals_the_published_one() {
        let token = sha512("123", &Secret::new("Pass123"));
        assert_eq!(
            token.expose(),
            "123:81d8af78c98b153485f7d48e3437eb735ba37f0f013c5e06ba74536776c5945694e7cde71e2effbed7b5a1d1a4566fadcd847\
             ef4098c234052fdfd288e8b6ced"
        );
    }

    #[test]
    fn leading_zeros_of_a_digest_are_kept() {
        // One digest in sixteen starts with a zero, so among 64 there is one.
        let tokens: Vec<String> =
            (0..64).map(|password| sha512("1", &Secret::new(password.to_string())).expose().to_owned()).collect();
        assert!(tokens.iter().all(|token| token.len() == "1:".len() + 128));
        assert!(tokens.iter().any(|token| token.starts_with("1:0")));
    }
}
