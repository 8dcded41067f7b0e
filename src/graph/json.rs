//! Reading JSON as Exchange writes it.
//!
//! Outlook cuts a subject after so many UTF-16 units, and half an emoji at its end comes as a lone surrogate escape,
//! which is no valid JSON. One such title must not take twenty mailboxes away, so it is mended.
//!
//! A value takes many times its text's size in memory, so values are counted before any is made.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::error::Flaw;

/// The most values and names of one document: twice what the largest answer of whole calendars has. In the worst form
/// they take up a hundred megabytes.
pub(super) const VALUES_MAX: usize = 500_000;

/// Decodes an answer, or tells that it is not what it should be, or has more in it than is ever read.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Flaw> {
    serde_json::from_str(&text(bytes)?).map_err(|_| Flaw::NotJson)
}

/// Returns an answer as a text in which every part that is JSON can be read, or tells that it has more in it than is ever
/// read.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Flaw> {
    if !has_few_values(bytes) {
        return Err(Flaw::TooManyValues);
    }
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) if !has_surrogates(text) => Cow::Borrowed(text),
        _ => Cow::Owned(mended(bytes)),
    })
}

/// Whether there is an escape that stands for half a sign, as far as a quick look tells.
fn has_surrogates(text: &str) -> bool {
    text.contains("\\ud") || text.contains("\\uD")
}

/// Counts what begins or parts values: brackets that open, commas and colons outside of texts. What is no JSON is counted
/// somehow; no value is made of it either.
fn has_few_values(bytes: &[u8]) -> bool {
    let mut marks = 0;
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'[' | b'{' | b',' | b':' => marks += 1,
            b'"' => pass_text(&mut rest),
            _ => {}
        }
        if marks > VALUES_MAX {
            return false;
        }
    }
    true
}

fn pass_text(rest: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = rest.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(rest.next()),
            _ => {}
        }
    }
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
    use serde_json::Value;

    use super::*;

    #[test]
    fn half_an_emoji_in_a_title_is_replaced_and_the_rest_is_read() {
        #[track_caller]
        fn case(json: &[u8], expected: &str) {
            assert_eq!(decode::<String>(json).as_deref(), Ok(expected));
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
        assert_eq!(decode::<String>(b"<html>"), Err(Flaw::NotJson));
        assert_eq!(decode::<String>(br#""\"#), Err(Flaw::NotJson));
        assert_eq!(decode::<String>(br#""\ud83"#), Err(Flaw::NotJson));
    }

    #[test]
    fn a_document_of_more_values_than_are_ever_read_is_refused_before_one_is_made() {
        #[track_caller]
        fn case(document: &str, expected: Result<(), Flaw>) {
            assert_eq!(decode::<Value>(document.as_bytes()).map(drop), expected);
        }
        let list = |item: &str, count: usize| format!("[{}{item}]", format!("{item},").repeat(count - 1));
        case(&list("0", VALUES_MAX), Ok(()));
        case(&list("0", VALUES_MAX + 1), Err(Flaw::TooManyValues));
        case(&list(r#"{"":0}"#, VALUES_MAX / 3), Ok(()));
        case(&list(r#"{"":0}"#, VALUES_MAX / 3 + 1), Err(Flaw::TooManyValues));
        case(&list("[]", VALUES_MAX / 2 + 1), Err(Flaw::TooManyValues));
        // Marks within a text are none, whatever stands before the quote that seems to end it.
        case(&format!(r#"["\"{}\\"]"#, ",:[{".repeat(VALUES_MAX)), Ok(()));
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
            let _ = decode::<String>(&bytes);
        }
    }
}
