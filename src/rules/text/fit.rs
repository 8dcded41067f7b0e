//! Makes a text fit for a telephone's display: one line, single blanks, not too long.

use unicode_segmentation::UnicodeSegmentation;

/// Returns the text with every run of control characters, line breaks and blanks as one blank, and none at the ends.
pub(super) fn one_line(text: String) -> String {
    if is_one_line(&text) {
        return text;
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split(is_gap).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Whether a text is one line already, as nearly every one is.
fn is_one_line(text: &str) -> bool {
    let mut before = ' ';
    for sign in text.chars() {
        if is_gap(sign) && (sign != ' ' || before == ' ') {
            return false;
        }
        before = sign;
    }
    before != ' ' || text.is_empty()
}

/// Returns the text cut to at most `chars_max` Unicode scalar values, with `…` in place of what is missing. No
/// grapheme is torn: a letter keeps its accents, a flag both its halves.
pub(super) fn cut(text: String, chars_max: usize) -> String {
    // No text has more characters than bytes.
    if text.len() <= chars_max || text.chars().count() <= chars_max {
        return text;
    }
    let Some(mut room) = chars_max.checked_sub(1) else {
        return String::new();
    };
    let fits = |grapheme| {
        room = room.checked_sub(str::chars(grapheme).count())?;
        Some(grapheme)
    };
    let kept: String = text.graphemes(true).map_while(fits).collect();
    kept + "…"
}

/// The last two can stand in a title but in no XML, so one of them would spoil the call for everybody in it.
fn is_gap(character: char) -> bool {
    character.is_whitespace() || character.is_control() || matches!(character, '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_run_of_control_characters_line_breaks_and_blanks_becomes_one_blank() {
        #[track_caller]
        fn case(text: &str, expected: &str) {
            assert_eq!(one_line(text.to_owned()), expected);
        }
        case("Kunde   ABC", "Kunde ABC");
        case("Kunde\r\nABC", "Kunde ABC");
        case("Kunde \t\u{7} \n ABC", "Kunde ABC");
        case("Kunde\u{85}ABC", "Kunde ABC");
        case("Kunde\u{2028}\u{2029}ABC", "Kunde ABC");
        case("Kunde\u{a0}\u{2009}\u{3000}ABC", "Kunde ABC");
        case("Kunde\0ABC\u{1b}[31m", "Kunde ABC [31m");
        case("Kunde\u{FFFF}\u{FFFE}ABC", "Kunde ABC");
    }

    #[test]
    fn the_ends_are_trimmed() {
        assert_eq!(one_line(" \n Kunde ABC\u{a0}\u{0} ".to_owned()), "Kunde ABC");
        assert_eq!(one_line(" \r\n\t ".to_owned()), "");
        assert_eq!(one_line(String::new()), "");
    }

    #[test]
    fn joined_emoji_are_not_torn_apart_by_the_cleaning() {
        assert_eq!(one_line("👨\u{200d}👩\u{200d}👧".to_owned()), "👨\u{200d}👩\u{200d}👧");
    }

    #[track_caller]
    fn cut_case(text: &str, chars_max: usize, expected: &str) {
        assert_eq!(cut(text.to_owned(), chars_max), expected);
    }

    #[test]
    fn a_text_that_fits_is_not_cut() {
        cut_case("Kunde", 5, "Kunde");
        cut_case("", 0, "");
        cut_case("öäü", 3, "öäü");
    }

    #[test]
    fn a_longer_text_is_cut_to_at_most_that_many_scalar_values_including_the_ellipsis() {
        cut_case("Kunde ABC", 8, "Kunde A…");
        cut_case("Kunde ABC", 2, "K…");
        cut_case("Kunde ABC", 1, "…");
        cut_case("Kunde ABC", 0, "");
        cut_case("ööööö", 4, "ööö…");
    }

    #[test]
    fn a_text_is_cut_after_the_last_whole_grapheme_that_fits() {
        // An e with its accent apart: two scalar values, one grapheme.
        cut_case("ne\u{301}e", 3, "n…");
        cut_case("ne\u{301}ee", 4, "ne\u{301}…");
        // A flag is two scalar values, a family five.
        cut_case("A🇦🇹BC", 3, "A…");
        cut_case("A🇦🇹BC", 4, "A🇦🇹…");
        cut_case("👨\u{200d}👩\u{200d}👧 daheim", 5, "…");
        cut_case("👨\u{200d}👩\u{200d}👧 daheim", 6, "👨\u{200d}👩\u{200d}👧…");
    }

    proptest! {
        #[test]
        fn a_cut_text_is_never_too_long_and_begins_like_the_whole(
            text in any::<String>(),
            chars_max in 0..40_usize,
        ) {
            let short = cut(text.clone(), chars_max);
            prop_assert!(short.chars().count() <= chars_max);
            prop_assert!(short == text || text.starts_with(short.trim_end_matches('…')));
        }

        #[test]
        fn a_cleaned_text_is_one_line_and_stays_as_it_is(text in any::<String>()) {
            let line = one_line(text);
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert_eq!(line.trim(), &line);
            prop_assert!(!line.contains("  "));
            prop_assert_eq!(one_line(line.clone()), line);
        }
    }
}
