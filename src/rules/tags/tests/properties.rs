//! What holds for every text.

use proptest::prelude::*;

use super::super::signs::{ends_line, ends_number, is_blank, separates};
use super::{Dialled, Tag, Tags};

/// A number as a person writes it, and as it is dialled.
#[derive(Clone, Debug)]
struct Written {
    text: String,
    dialled: String,
}

/// What people set between digits. None has blanks on both sides of a separator.
const BETWEEN: [&str; 12] = ["", "", "", " ", "\u{a0}", "-", "/", ".", "- ", ") ", " (", ")("];

fn written() -> impl Strategy<Value = Written> {
    let between = prop::sample::select(&BETWEEN[..]);
    let digit = (prop::char::range('0', '9'), between);
    let plus = prop::sample::select(&["", "+", "00"][..]);
    (plus, prop::char::range('1', '9'), prop::collection::vec(digit, 1..14))
        .prop_map(|(plus, first, more)| {
            let mut text = format!("{plus}{first}");
            let mut dialled = format!("{}{first}", if plus.is_empty() { "" } else { "00" });
            for (digit, between) in more {
                text.extend([between, digit.encode_utf8(&mut [0; 4])]);
                dialled.push(digit);
            }
            Written { text, dialled }
        })
        // A lone zero in brackets has a meaning of its own.
        .prop_filter("no zero alone in brackets", |written| !written.text.contains("(0)"))
}

/// Returns whether no number or service code has this sign, and nothing ends with it; or it is a letter and a numeral.
fn is_other(sign: char) -> bool {
    let is_numeral = sign.is_alphabetic() && sign.is_numeric();
    let is_known = sign.is_ascii_digit() || matches!(sign, '+' | '*' | '#') || is_blank(sign) || separates(sign);
    is_numeral || !(is_known || ends_number(sign) || ends_line(sign))
}

fn other() -> impl Strategy<Value = char> {
    any::<char>().prop_filter("another sign", |&sign| is_other(sign))
}

fn external(text: &str) -> Option<Tag> {
    Tags::find(text).external
}

fn to(number: &str) -> Option<Tag> {
    Some(Tag::Target(Dialled::new(number).unwrap()))
}

/// Splits a text at one of its characters, or at its end.
fn split<'a>(text: &'a str, index: &prop::sample::Index) -> (&'a str, &'a str) {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    text.split_at(*index.get(&ends))
}

/// The same as the property below, of one number and all signs that there are: planes that have none are left out.
#[test]
fn no_sign_of_unicode_but_its_own_is_passed_over_in_a_number() {
    let mut others = 0;
    let signs = ('\0'..='\u{3ffff}').chain('\u{e0000}'..='\u{e0fff}');
    for sign in signs.filter(|&sign| is_other(sign)) {
        let text = ["071", sign.encode_utf8(&mut [0; 4]), "2345"].concat();
        assert_eq!(super::super::grammar::target(&text), None, "{sign:?}");
        others += 1;
    }
    assert!(others > 100_000, "{others}");
}

proptest! {
    #[test]
    fn no_text_makes_the_search_panic(text in any::<String>(), tail in r"[@>(0 )+*\-:\n]{0,40}", word in "(?i)@?@(in|ex)tern(al)?:") {
        drop(Tags::find(&text));
        drop(Tags::find(&format!("{text}\n{word}{tail}{text}")));
        drop(Tags::find(&format!("{tail}{word}{text}{word}{tail}")));
        drop(super::super::number(&text));
        drop(super::super::number(&tail));
    }

    #[test]
    fn the_number_of_a_tag_is_the_one_written(
        number in written(),
        before in r"([a-z ]{0,12}[ \n])?\(?",
        after in prop::sample::select(&["", " ", "\n89", ", 89", "; 89", " bitte 89", ".", ") ", " @@Intern: 89"][..]),
    ) {
        let text = format!("{before}@@Extern: {}{after}", number.text);
        prop_assume!(!text.contains("(0)"));
        prop_assert_eq!(external(&text), to(&number.dialled), "{}", text);
        prop_assert_eq!(super::super::number(&number.text).map(Tag::Target), to(&number.dialled));
    }

    /// The property that keeps a number from being silently another: whatever is put into it that is neither of its own
    /// signs nor an end of it makes it unclear.
    #[test]
    fn another_sign_anywhere_in_a_number_makes_it_unclear(number in written(), sign in other(), at: prop::sample::Index) {
        let (before, behind) = split(&number.text, &at);
        let text = format!("@@Extern: {before}{sign}{behind}");
        prop_assert_eq!(external(&text), Some(Tag::Unclear), "{:?}", text);
        let whole = format!("{before}{sign}{behind}");
        prop_assert_eq!(super::super::number(&whole), None, "{:?}", whole);
    }

    /// A letter leaves the digits before it, or nothing clear.
    #[test]
    fn a_letter_in_a_number_never_makes_another_one(number in written(), word in r"\p{L}\PC{0,4}", at: prop::sample::Index) {
        let (before, behind) = split(&number.text, &at);
        let digits = super::super::number(before).map(Tag::Target);
        let found = external(&format!("@@Extern: {before}{word}{behind}"));
        prop_assert!(found == Some(Tag::Unclear) || found == digits, "{before}{word}{behind}");
    }

    /// A star or a hash makes a service code of digits at most, which another rule has to allow.
    #[test]
    fn a_star_or_a_hash_in_a_number_never_makes_another_number(
        number in written(),
        sign in prop::sample::select(&['*', '#'][..]),
        at: prop::sample::Index,
    ) {
        let (before, behind) = split(&number.text, &at);
        match external(&format!("@@Extern: {before}{sign}{behind}")) {
            Some(Tag::Target(target)) => prop_assert!(target.is_service_code()),
            other => prop_assert_eq!(other, Some(Tag::Unclear)),
        }
    }

    /// Whatever stands around it, a quote takes a tag away or leaves it as it is.
    #[test]
    fn quoting_never_makes_another_number(lines in prop::collection::vec("(> |Von: |Gesendet: |Am |schrieb: |-----Original-----|x)?", 0..6), number in written(), at: prop::sample::Index) {
        let mut lines = lines;
        let place = at.index(lines.len() + 1);
        lines.insert(place, format!("@@Extern: {}", number.text));
        let found = external(&lines.join("\n"));
        prop_assert!(found == to(&number.dialled) || found == Some(Tag::Quoted), "{lines:?}");
    }
}
