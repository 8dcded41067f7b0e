//! Kinds of signs in a text, by what they mean for tags.

/// Stands for something of a text that is no text, such as a picture, or for what was cut off: the object replacement
/// character.
pub(super) const UNREADABLE: char = '\u{fffc}';

/// Returns whether a line ends here, by any of Unicode's ways.
pub(super) fn ends_line(sign: char) -> bool {
    matches!(sign, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns whether it is a blank within a line: a space of any width, also one that does not break, or a tab.
pub(super) fn is_blank(sign: char) -> bool {
    sign.is_whitespace() && !ends_line(sign)
}

/// Returns whether it may stand between the digits of a number.
pub(super) fn separates(sign: char) -> bool {
    matches!(sign, '(' | ')' | '/' | '.' | '-')
}

/// Returns whether a number ends here, and nothing behind it belongs to it.
pub(super) fn ends_number(sign: char) -> bool {
    sign.is_alphabetic() || matches!(sign, ',' | ';' | '@')
}

/// Returns whether it opens a bracket or a quote.
pub(super) fn opens(sign: char) -> bool {
    matches!(sign, '(' | '[' | '{' | '<' | '"' | '\'' | '„' | '‚' | '“' | '‘' | '«' | '»' | '‹' | '›')
}

/// Returns whether nobody sees it.
pub(super) fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') || turns_order(sign)
}

/// Returns whether it can make the signs behind it be shown in another order than they are read here.
pub(super) fn turns_order(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
