//! Words of the PBX that people may read: bounded, on one line, without secrets, addresses and status texts.
//!
//! Fault texts of a PBX may repeat the request's URL with its token, or the value that could not be written.

/// The most characters that are kept of what a PBX says.
pub(super) const CHARS_MAX: usize = 200;

/// The longest words, in bytes, that are looked at; real ones have some hundred. Of longer ones nothing is shown: to cut
/// them could leave half a secret at the end.
const BYTES_MAX: usize = 64 * 1024;

/// The shortest run of letters and digits, with a digit in it, that may be a token or a digest.
const TOKEN_CHARS_MIN: usize = 24;

/// What stands for everything that is left out.
const LEFT_OUT: &str = "(…)";

/// Returns what may be shown of `text`: without each of the `hidden` texts, URLs, and whatever looks like a token.
pub(super) fn scrub<'a>(text: &str, hidden: impl IntoIterator<Item = &'a str>) -> String {
    if text.len() > BYTES_MAX {
        return LEFT_OUT.to_owned();
    }
    let mut hidden: Vec<&str> = hidden.into_iter().filter(|text| !text.is_empty()).collect();
    // The longest first, so that a text inside another does not leave the other's rest behind; each once, as what
    // stands for it may hold it again.
    hidden.sort_by_key(|text| (std::cmp::Reverse(text.len()), *text));
    hidden.dedup();
    let bare = hidden.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret, LEFT_OUT));
    let words: Vec<&str> = bare
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| if is_telling(word) { LEFT_OUT } else { word })
        .collect();
    bounded(&words.join(" "))
}

fn bounded(text: &str) -> String {
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn is_telling(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.contains("://")
        || lower.contains("%3a%2f%2f")
        || lower.contains("de.vertico.starface.")
        || lower.contains("xml-rpc?")
        || looks_like_a_token(word)
}

fn looks_like_a_token(word: &str) -> bool {
    word.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=_%".contains(c)))
        .any(|run| run.len() >= TOKEN_CHARS_MIN && run.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shown_without_secrets_urls_and_tokens() {
        #[track_caller]
        fn case(text: &str, expected: &str) {
            assert_eq!(scrub(text, ["geheim", "geheim2", "[13:00] Kunde"]), expected);
        }
        case("No such handler: Kalender Connector.info", "No such handler: Kalender Connector.info");
        case("java.lang.NullPointerException", "java.lang.NullPointerException");
        case("bad password geheim.", "bad password (…).");
        case("geheim2", "(…)");
        case("cannot set [13:00] Kunde", "cannot set (…)");
        case("POST http://pbx/xml-rpc?de.vertico.starface.auth=1%3Aff failed", "POST (…) failed");
        case("at /xml-rpc?de.vertico.starface.jwt=x", "at (…)");
        case("token 81d8af78c98b153485f7d48e3437eb735ba37f0f013c5e06", "token (…)");
        case("jwt eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0", "jwt (…)");
        case("one\ntwo\u{7}\u{1b}[31m three", "one two [31m three");
    }

    #[test]
    fn words_that_nobody_would_read_are_left_out_as_a_whole() {
        let longest = "ab ".repeat(BYTES_MAX / 3);
        assert!(scrub(&longest, []).starts_with("ab ab "));
        assert_eq!(scrub(&format!("{longest}ab"), []), LEFT_OUT);
    }

    #[test]
    fn texts_that_stand_in_their_own_place_do_not_make_words_grow_without_end() {
        let hidden = ["(", ")", "…", "(…)"].into_iter().cycle().take(1000);
        let shown = scrub(&"(".repeat(BYTES_MAX), hidden);
        assert!(shown.chars().count() <= CHARS_MAX + 1);
    }

    #[test]
    fn words_are_bounded() {
        let shown = scrub(&"ü ".repeat(10_000), []);
        assert_eq!(shown.chars().count(), CHARS_MAX + 1);
    }
}
