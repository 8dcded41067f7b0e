//! The token in a call's URL.

use std::fmt::Write;

use sha2::{Digest, Sha512};
use url::form_urlencoded;

/// The parameter that carries it.
const PARAMETER: &str = "de.vertico.starface.auth";

/// Returns whether a URL's query carries the token of this log-in.
pub(crate) fn fits(query: &str, login: &str, password: &str) -> bool {
    let expected = format!("{login}:{}", hex(&format!("{login}*{}", hex(password))));
    form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == PARAMETER && value == expected)
}

/// Returns all 128 digits of a text's SHA-512.
fn hex(text: &str) -> String {
    let digest = Sha512::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_token_fits_and_nothing_else() {
        let token = "123%3A81d8af78c98b153485f7d48e3437eb735ba37f0f013c5e06ba74536776c5945694e7cde71e2effbed7b5a1d1a4\
                     566fadcd847ef4098c234052fdfd288e8b6ced";
        let query = format!("de.vertico.starface.auth={token}");
        assert!(fits(&query, "123", "Pass123"));
        assert!(!fits(&query, "123", "Pass124"));
        assert!(!fits(token, "123", "Pass123"));
        assert!(!fits("", "123", "Pass123"));
    }
}
