//! Tests of [`super`].

use super::*;

mod attacks;
mod properties;

/// Returns a tag that names this number.
pub(super) fn to(number: &str) -> Option<Tag> {
    Some(Tag::Target(Dialled::new(number).unwrap()))
}

/// The tags of a text are these, internal and external.
#[track_caller]
pub(super) fn case(text: &str, internal: Option<Tag>, external: Option<Tag>) {
    let found = Tags::find(text);
    let told = |tags: &Tags| Side::ALL.map(|side| tags.side(side).map(words));
    let expected = Tags { internal, external };
    assert_eq!(told(&found), told(&expected), "{text:?}");
}

/// Returns a tag with its number, which `Debug` hides.
fn words(tag: &Tag) -> String {
    match tag {
        Tag::Target(number) => format!("target {}", number.as_str()),
        Tag::Unclear => "unclear".to_owned(),
        Tag::Quoted => "quoted".to_owned(),
    }
}

#[test]
fn a_tag_is_found_however_its_word_is_written() {
    for word in ["@@Extern:", "@Extern:", "@@External:", "@external:", "@@EXTERN:", "@@eXTERNAL:"] {
        case(&format!("{word} 0712345689"), None, to("0712345689"));
        case(&format!("Bitte anrufen\r\n{word}0712345689\r\nDanke"), None, to("0712345689"));
    }
    for word in ["@@Intern:", "@Intern:", "@@Internal:", "@internal:"] {
        case(&format!("{word}\u{a0}+41712345689"), to("0041712345689"), None);
    }
}

#[test]
fn what_is_no_tag_is_none() {
    for text in [
        "",
        "Extern: 210",
        "@@Extern 210",
        "@@Extern : 210",
        "@@Externe: 210",
        "@@Ext ern: 210",
        "@@@Extern: 210",
        "@@ Extern: 210",
        "@@Extern： 210",
        "＠＠Extern: 210",
        "@@Ext\u{200b}ern: 210",
    ] {
        case(text, None, None);
    }
}

#[test]
fn a_tag_begins_a_line_or_a_word() {
    for before in ["", " ", "\t", "\u{a0}", "Umleitung ", "(", "siehe (", "„", "«", "\u{200b}", "\u{feff}", "\u{fffc}"]
    {
        let unclosed = matches!(before, "„" | "«");
        case(&format!("{before}@@Extern: 210"), None, to("210"));
        case(&format!("{before}@@Extern: 210{}", if unclosed { "" } else { ")" }), None, to("210"));
    }
    for before in ["a", "1", "@", ".", ":", "-", "/", "_", "ü", "a(", "a\u{200b}", "a\u{301}", ","] {
        case(&format!("{before}@@Extern: 210"), None, None);
    }
}

#[test]
fn two_tags_may_share_a_line() {
    for between in [" ", ", ", "; ", ",", ";", "", " und ", " bitte, "] {
        case(&format!("@@Extern: 0712345689{between}@@Intern: 210"), to("210"), to("0712345689"));
    }
    // One `@` right behind a number may be part of an address.
    case("@@Extern: 0712345689@intern: 210", None, to("0712345689"));
}

#[test]
fn the_first_tag_of_a_side_counts_good_or_bad() {
    case("@@Intern: 210\n@@Intern: 211", to("210"), None);
    case("@@Intern: Büro\n@@Intern: 211", Some(Tag::Unclear), None);
    case("@@Intern:\n211\n@@Intern: 212", Some(Tag::Unclear), None);
    case("@@Extern: 071\n@@Intern: 210\n@@Extern: 072", to("210"), to("071"));
}

#[test]
fn every_end_of_a_line_ends_a_number() {
    for end in ["\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
        case(&format!("@@Extern: 0712345{end}689"), None, to("0712345"));
        case(&format!("@@Extern:{end}0712345689"), None, Some(Tag::Unclear));
        case(&format!("Titel{end}@@Extern: 210"), None, to("210"));
    }
}

#[test]
fn a_tag_outside_a_quote_counts_before_one_within() {
    case("> @@Extern: 210", None, Some(Tag::Quoted));
    case("> @@Extern: 210\n@@Extern: 211", None, to("211"));
    case("@@Extern: 211\n> @@Extern: 210", None, to("211"));
    case("> @@Extern: 210\n@@Extern: ?", None, Some(Tag::Unclear));
    case("@@Intern: 211\n-----Original Message-----\n@@Extern: 210\n@@Intern: 212", to("211"), Some(Tag::Quoted));
}

#[test]
fn a_text_is_looked_at_to_its_limit_and_a_number_that_the_limit_cuts_is_unclear() {
    let filled = |length: usize, text: &str| format!("{}\n{text}", "x".repeat(length - 1));
    case(&filled(TEXT_CHARS_MAX, "@@Extern: 210"), None, None);
    case(&filled(TEXT_CHARS_MAX - 13, "@@Extern: 210"), None, to("210"));
    case(&filled(TEXT_CHARS_MAX - 13, "@@Extern: 2105"), None, Some(Tag::Unclear));
    case(&filled(TEXT_CHARS_MAX - 13, "@@Extern: 21 0"), None, Some(Tag::Unclear));
    case(&filled(TEXT_CHARS_MAX - 14, "@@Extern: 210\nx"), None, to("210"));
    case(&format!("@@Extern: 210 {}", "x".repeat(TEXT_CHARS_MAX)), None, to("210"));
}

#[test]
fn tags_do_not_show_their_numbers() {
    let tags = Tags::find("@@Extern: 0712345689\n@@Intern: 210");
    assert_eq!(format!("{tags:?}"), "Tags { internal: Some(Target(Dialled(…))), external: Some(Target(Dialled(…))) }");
}
