//! The readers of the token service's answers, for [`crate::pbx::attack`].

use super::grant::{LIFE_MAX, granted, problem};

/// Reads a body as a token and as a refusal. Returns whether there is a token in it.
pub fn token(body: &[u8]) -> bool {
    let _ = problem(body);
    let Some(granted) = granted(body) else { return false };
    let lives = [Some(granted.access_life), granted.refresh_life];
    assert!(lives.into_iter().flatten().all(|life| life <= LIFE_MAX), "no life is longer than is believed");
    let tokens = [Some(&granted.access_token), granted.refresh_token.as_ref()];
    for token in tokens.into_iter().flatten() {
        assert!(!token.expose().is_empty(), "a token is a word");
        assert!(token.expose().bytes().all(|byte| byte.is_ascii_graphic()), "a token can stand in a URL");
    }
    true
}
