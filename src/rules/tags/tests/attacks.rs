//! Texts that would have calls sent to a number that nobody asked for, or that a person reads as another.

use super::{case, to};
use crate::rules::{Tag, Tags};

#[test]
fn a_tag_in_a_quoted_reply_does_not_count() {
    case(
        "Ja, passt.\n\nVon: Max <max@example.com>\nGesendet: Montag, 23. November 2026 09:00\nAn: Anna\n\n@@Extern: 0900123456",
        None,
        Some(Tag::Quoted),
    );
    case("Am 23.11.2026 um 09:00 schrieb Max:\n> @@Extern: 0900123456\n", None, Some(Tag::Quoted));
    case(
        "________________________________\r\nFrom: Max\r\nSent: Monday\r\n@@Extern: 0900123456",
        None,
        Some(Tag::Quoted),
    );
}

#[test]
fn a_quote_within_the_line_of_a_number_does_not_make_another_number() {
    case("@@Extern: 071234\n> 5689", None, to("071234"));
    case("@@Extern: 0712345689\n-----Original Message-----\n@@Extern: 0900123456", None, to("0712345689"));
}

#[test]
fn digits_of_other_scripts_are_no_digits() {
    case("@@Extern: 071٢٣٤5689", None, Some(Tag::Unclear));
    case("@@Extern: ０７１2345689", None, Some(Tag::Unclear));
    case("@@Extern: 071234568𝟗", None, Some(Tag::Unclear));
    case("@@Extern: 071234568९", None, Some(Tag::Unclear));
}

#[test]
fn a_number_hidden_by_signs_without_width_is_unclear() {
    case("@@Extern: 071\u{200b}2345689", None, Some(Tag::Unclear));
    case("@@Extern: \u{feff}0712345689", None, Some(Tag::Unclear));
    case("@@Extern: 0712345689\u{2060}", None, Some(Tag::Unclear));
    case("@@Extern: 071\u{ad}2345689", None, Some(Tag::Unclear));
}

#[test]
fn a_number_that_is_shown_backwards_is_unclear() {
    case("@@Extern: \u{202e}9865432170", None, Some(Tag::Unclear));
    case("\u{202e}@@Extern: 9865432170", None, Some(Tag::Unclear));
    case("\u{2067}Text @@Extern: 071 234", None, Some(Tag::Unclear));
    // The turn ends with its line.
    case("\u{202e}Text\n@@Extern: 0712345689", None, to("0712345689"));
}

#[test]
fn no_part_of_an_address_or_a_link_is_a_tag() {
    for text in [
        "max@extern:0900123456",
        "Max <max@extern:0900123456>",
        "mailto:max@@Extern:0900123456",
        "https://example.com/@@Extern:0900123456",
        "https://example.com/?q=(@@Extern:0900123456)",
        "https://example.com/maps/@extern:0900123456",
        "sip:210@intern:5060",
        "user:word@internal:8080",
        "foo@@Extern: 0900123456",
    ] {
        case(text, None, None);
    }
}

#[test]
fn a_long_row_of_the_same_sign_does_not_keep_the_tag_below_it_from_being_found() {
    for sign in ["@", "(", "( ", "(0 ", "> ", "-", "\n", "von:\n", "am \n", "@@extern:", "@@extern:(", "<tel:", "_"] {
        let row = sign.repeat(60_000 / sign.len());
        for text in [format!("{row}\n@@Intern: 210"), format!("@@Extern: {row}\n@@Intern: 210")] {
            assert_eq!(Tags::find(&text).internal, to("210"), "{sign:?}");
        }
    }
}
