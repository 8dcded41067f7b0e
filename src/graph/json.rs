//! Reading JSON as Exchange writes it.
//!
//! Outlook cuts a subject after so many UTF-16 units, and half an emoji at its end comes as a lone surrogate escape,
//! which is no valid JSON. One such title must not take twenty mailboxes away, so it is mended.

use serde::de::DeserializeOwned;

/// Decodes an answer; nothing when it is not what it should be.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).or_else(|_| serde_json::from_str(&mended(bytes))).ok()
}

/// The letter that stands for an unreadable one, as an escape.
const REPLACEMENT: &str = "\\ufffd";

/// The length of one escaped UTF-16 unit.
const UNIT_LEN: usize = 6;

/// Returns the text with every lone surrogate escape and every byte that is no UTF-8 replaced.
fn mended(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut mended = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        mended.push_str(plain);
        let (kept, len) = escaped(escape);
        mended.push_str(kept);
        rest = &escape[len..];
    }
    mended.push_str(rest);
    mended
}

/// Returns what becomes of the escape at the beginning of the text, and how long it was.
fn escaped(text: &str) -> (&str, usize) {
    let len = match unit(text) {
        Some(0xD800..=0xDBFF) if is_low(&text[UNIT_LEN..]) => 2 * UNIT_LEN,
        Some(0xD800..=0xDFFF) => return (REPLACEMENT, UNIT_LEN),
        Some(_) => UNIT_LEN,
        None => text.chars().take(2).map(char::len_utf8).sum(),
    };
    (&text[..len], len)
}

fn is_low(text: &str) -> bool {
    matches!(unit(text), Some(0xDC00..=0xDFFF))
}

fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_an_emoji_in_a_title_is_replaced_and_the_rest_is_read() {
        #[track_caller]
        fn case(json: &[u8], expected: &str) {
            assert_eq!(decode::<String>(json).as_deref(), Some(expected));
        }
        case(br#""plain""#, "plain");
        case(br#""cut \ud83d""#, "cut \u{fffd}");
        case(br#""\ude00 low""#, "\u{fffd} low");
        case(br#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}");
        case(br#""\ud83dx\n\u0041""#, "\u{fffd}x\nA");
        case(br#""\\ud83d \ud83d""#, "\\ud83d \u{fffd}");
        case(b"\"bad \xff byte\"", "bad \u{fffd} byte");
    }

    #[test]
    fn what_is_no_json_is_not_decoded() {
        assert_eq!(decode::<String>(b"<html>"), None);
        assert_eq!(decode::<String>(br#""\"#), None);
        assert_eq!(decode::<String>(br#""\ud83"#), None);
    }

    proptest! {
        #[test]
        fn mending_leaves_valid_json_alone(text in ".*") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(mended(json.as_bytes()), json);
        }

        #[test]
        fn no_bytes_make_the_decoder_panic(bytes: Vec<u8>, tail in r#"[\\ud8cé"0-9]*"#) {
            let bytes = [bytes, tail.into_bytes()].concat();
            drop(decode::<String>(&bytes));
        }
    }
}
