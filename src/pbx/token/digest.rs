//! STARFACE's own log-in tokens, made of login and password. Leading zeros of a digest count, which samples in
//! circulation drop.

use std::fmt::Write as _;

use md5::Md5;
use sha2::{Digest, Sha512};

use crate::secret::Secret;

/// `login:H(login*H(password))`, as STARFACE 6.4.2.19 and later have it.
pub(super) fn sha512(login: &str, password: &Secret) -> Secret {
    let inner = Secret::new(hex_digest::<Sha512>(password.expose()));
    let salted = Secret::new(format!("{login}*{}", inner.expose()));
    Secret::new(format!("{login}:{}", hex_digest::<Sha512>(salted.expose())))
}

/// `H(login*password)`, as STARFACE up to 6.4.2.12 has it; the login goes beside it.
pub(super) fn md5(login: &str, password: &Secret) -> Secret {
    let salted = Secret::new(format!("{login}*{}", password.expose()));
    Secret::new(hex_digest::<Md5>(salted.expose()))
}

fn hex_digest<D: Digest>(text: &str) -> String {
    let digest = D::digest(text.as_bytes());
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
    fn the_md5_token_equals_one_computed_elsewhere() {
        assert_eq!(md5("265", &Secret::new("Geheim")).expose(), "c39083417b2146e4d0b8a63d7697cd16");
    }

    #[test]
    fn leading_zeros_of_a_digest_are_kept() {
        // One digest in sixteen starts with a zero, so among 64 there is one.
        let passwords = || (0..64).map(|password| Secret::new(password.to_string()));
        let sha512: Vec<Secret> = passwords().map(|password| sha512("1", &password)).collect();
        assert!(sha512.iter().all(|token| token.expose().len() == "1:".len() + 128));
        assert!(sha512.iter().any(|token| token.expose().starts_with("1:0")));
        let md5: Vec<Secret> = passwords().map(|password| md5("1", &password)).collect();
        assert!(md5.iter().all(|token| token.expose().len() == 32));
        assert!(md5.iter().any(|token| token.expose().starts_with('0')));
    }
}
