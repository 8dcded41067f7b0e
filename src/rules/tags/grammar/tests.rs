//! Tests of [`super`].

use super::*;

/// What follows a colon is this number, or unclear.
#[track_caller]
fn case(rest: &str, expected: Option<&str>) {
    let found = target(rest);
    assert_eq!(found.as_ref().map(Dialled::as_str), expected, "{rest:?}");
}

#[test]
fn digits_with_separators_between_are_a_number() {
    case("210", Some("210"));
    case(" 210 ", Some("210"));
    case("21", Some("21"));
    case("071 234 56 89", Some("0712345689"));
    case("071/234-56.89", Some("0712345689"));
    case("(071) 234 56 89", Some("0712345689"));
    case("(071)2345689", Some("0712345689"));
    case("071 (234) (56) 89", Some("0712345689"));
    case("071\u{a0}234\u{202f}56\u{2009}89", Some("0712345689"));
    case("\u{a0}071\t2345689\u{3000}", Some("0712345689"));
    case("071-/234", Some("071234"));
    case("071 -234- 56", Some("07123456"));
}

#[test]
fn a_plus_is_two_zeros() {
    case("+41712345689", Some("0041712345689"));
    case(" + 41 71 234 56 89", Some("0041712345689"));
    case("(+41) 71 234 56 89", Some("0041712345689"));
    case("0041 71 234 56 89", Some("0041712345689"));
    case("++41712345689", None);
    case("+41+712345689", None);
    case("0041 +712345689", None);
    case("+-41712345689", None);
    case("071+", None);
    case("+", None);
    case("+4", None);
}

#[test]
fn no_countrys_code_begins_with_a_zero() {
    case("+0712345689", None);
    case("+0041712345689", None);
    case("+ (0)712345689", None);
}

#[test]
fn a_zero_in_brackets_is_dropped_behind_a_country_code_and_unclear_elsewhere() {
    case("+41 (0)71 234 56 89", Some("0041712345689"));
    case("+41(0)712345689", Some("0041712345689"));
    case("+41 (0) 71 234 56 89", Some("0041712345689"));
    case("+423(0)2345678", Some("004232345678"));
    case("(+41) (0)71 2345689", Some("0041712345689"));
    case("(0)71 234 56 89", None);
    case("0041 (0)71 234 56 89", None);
    case("071 (0) 234", None);
    case("+4171 (0) 2345689", None);
    case("+41(0)(0)712345689", None);
    case("+41 (0)", None);
    case("+41 ( 0 ) 71 2345689", None);
    case("+41 (0 )71 2345689", None);
    case("+41 - (0)71 2345689", None);
    // Other zeros are digits like any.
    case("+41 (071) 2345689", Some("00410712345689"));
    case("(00)41 712345689", Some("0041712345689"));
}

#[test]
fn punctuation_at_the_end_is_dropped() {
    case("071 234 56 89.", Some("0712345689"));
    case("0712345689)", Some("0712345689"));
    case("0712345689 -", Some("0712345689"));
    case("0712345689 - ", Some("0712345689"));
    case("0712345689...", Some("0712345689"));
    case("0712345689/, 210", Some("0712345689"));
    case("0712345689!", None);
    case("0712345689?", None);
}

#[test]
fn punctuation_before_the_first_digit_is_unclear_but_a_round_bracket() {
    case("-071", None);
    case(".071", None);
    case("/ 071", None);
    case(") 071", None);
    case("((071) 23", Some("07123"));
}

#[test]
fn a_letter_a_comma_a_semicolon_or_an_at_ends_a_number() {
    case("+41712345689 bitte", Some("0041712345689"));
    case("+41712345689 bis 17 Uhr", Some("0041712345689"));
    case("+41712345689 - Sekretariat", Some("0041712345689"));
    case("0712345689bitte", Some("0712345689"));
    case("0712345689 пожалуйста", Some("0712345689"));
    case("0712345689, 210", Some("0712345689"));
    case("0712345689;210", Some("0712345689"));
    case("0712345689 @@Intern: 210", Some("0712345689"));
    case("0712345689@@Intern: 210", Some("0712345689"));
    case("0712345689 Raum 2", Some("0712345689"));
    case("0712345689 Raum2", Some("0712345689"));
    case("Büro", None);
    case("Tel. 0712345689", None);
    case(", 0712345689", None);
    case("@0712345689", None);
}

#[test]
fn a_letter_that_people_read_as_a_digit_makes_a_number_unclear() {
    case("07123456O9", None);
    case("0712345O", None);
    case("071234568l", None);
    case("071 234 O6 89", None);
    case("071 234 l23", None);
    case("0712345xx", None);
    case("0712345x89", None);
    case("0712345abc89", None);
    case("0712345-O", None);
    // A Cyrillic О, a Greek Ο, Roman and Chinese numerals, a combining letter.
    case("0712345О", None);
    case("0712345Ο89", None);
    case("071 234 О9", None);
    case("071 Ⅷ", None);
    case("071 〇二", None);
    case("071 二三", None);
    case("0712345\u{345}", None);
    case("0712345Ⓞ", None);
}

#[test]
fn any_other_sign_makes_a_number_unclear() {
    for other in [
        ':', '[', ']', '{', '}', '<', '>', '"', '\'', '|', '_', '=', '&', '%', '!', '?', '\\', '~', '\0', '\u{1b}',
        '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{180e}', '\u{200e}', '\u{200f}',
        '\u{202a}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{fffc}', '\u{fffd}', '\u{301}',
        '\u{20e3}', '–', '—', '‐', '‑', '−', '／', '．', '（', '）', '＋', '١', '１', '𝟙', '²', '①', '½', '☎', '📞',
    ] {
        case(&format!("071{other}2345689"), None);
        case(&format!("{other}0712345689"), None);
        case(&format!("0712345689{other}"), None);
        case(&format!("0712345689 {other} bitte"), None);
    }
}

#[test]
fn separators_with_blanks_on_both_sides_may_part_two_numbers() {
    case("071 - 234", None);
    case("071 / 234", None);
    case("071 . 234", None);
    case("071 -/ 234", None);
    case("071 ( 234 )", None);
    case("071 ) ( 234", None);
    case("071 - (234)", None);
    case("071\u{a0}-\u{a0}234", None);
    case("071- 234", Some("071234"));
    case("071 -234", Some("071234"));
}

#[test]
fn a_number_has_two_to_seventeen_digits() {
    case("1", None);
    case("12", Some("12"));
    case("123456789012345", Some("123456789012345"));
    case("1234567890123456", None);
    case("00123456789012345", Some("00123456789012345"));
    case("001234567890123456", None);
    case("+123456789012345", Some("00123456789012345"));
    case("+1234567890123456", None);
    case(&"1".repeat(100_000), None);
    case("", None);
    case("   ", None);
    case("()", None);
}

#[test]
fn a_service_code_is_one_only_when_it_stands_alone() {
    case("*97", Some("*97"));
    case(" #21# ", Some("#21#"));
    case("*21*0041712345689#", Some("*21*0041712345689#"));
    case("*97 bitte", None);
    case("*97.", None);
    case("* 97", None);
    case("0712345689 *97", None);
    case("+41*97", None);
    case("*97@@Extern: 071", None);
    case("*21*00417123456890#12", None);
}

#[test]
fn a_link_to_the_same_number_as_exchange_writes_it_belongs_to_the_number() {
    case("+41 71 234 56 89<tel:+41712345689>", Some("0041712345689"));
    case("071 234 56 89<tel:+41%20712345689>", None);
    case("071 234 56 89<TEL:+41712345689> bitte", Some("0712345689"));
    case("071 234 56 89<tel:0712345688>", None);
    case("071 234<tel:071234> 56", None);
    case("071 234<tel:071234>O", None);
    case("071 234 56 89<tel:+41712345689", None);
    case("071 234 56 89<https://example.com>", None);
    case("<tel:+41712345689>", None);
    case("071<tel:071><tel:071>", None);
    case("071 Büro <tel:0712345689>", Some("071"));
}

#[test]
fn a_bare_number_is_a_number_as_a_whole() {
    #[track_caller]
    fn case(text: &str, expected: Option<&str>) {
        assert_eq!(number(text).as_ref().map(Dialled::as_str), expected, "{text:?}");
    }
    case("+41 71 234 56 89", Some("0041712345689"));
    case(" 210\n", Some("210"));
    case("*97", Some("*97"));
    case("210 Büro", None);
    case("210, 211", None);
    case("210@example.com", None);
    case("210\n211", None);
    case("210\u{2028}211", None);
    case("", None);
}
