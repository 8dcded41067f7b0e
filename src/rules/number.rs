//! Called numbers: the numbers of a member or a group that calls arrive at.
//!
//! Must not know what a redirect is. A text that no number can be is refused when the value is made.

use std::fmt;
use std::str::FromStr;

/// Where a call comes from, and so which of a member's numbers it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Numbers with few digits, which colleagues dial.
    Internal,
    /// All others.
    External,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Internal, Self::External];

    /// Returns the side's name, as it stands in settings, pages and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
        }
    }
}

/// A number at which calls arrive, letter by letter as the PBX writes it: it names the record that is written back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CalledNumber {
    bytes: [u8; CalledNumber::BYTES_MAX],
    len: u8,
}

/// Says that a text is no called number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACalledNumber;

impl fmt::Display for NotACalledNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a called number")
    }
}

impl std::error::Error for NotACalledNumber {}

impl CalledNumber {
    /// The longest, in bytes. A number has at most 17 digits; the rest is room for how a PBX may write it.
    pub const BYTES_MAX: usize = 31;

    /// Returns the number as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }

    /// Returns which side's calls arrive at it: a number with at most `internal_digits_max` digits is internal.
    pub fn side(&self, internal_digits_max: u32) -> Side {
        let digits = self.as_str().bytes().filter(u8::is_ascii_digit).count();
        let is_internal = u32::try_from(digits).is_ok_and(|digits| digits <= internal_digits_max);
        if is_internal { Side::Internal } else { Side::External }
    }
}

impl FromStr for CalledNumber {
    type Err = NotACalledNumber;

    /// Accepts any short text with a digit in it and without control characters.
    fn from_str(text: &str) -> Result<Self, NotACalledNumber> {
        let is_number = text.bytes().any(|byte| byte.is_ascii_digit()) && !text.chars().any(char::is_control);
        if !is_number || text.len() > Self::BYTES_MAX {
            return Err(NotACalledNumber);
        }
        let mut bytes = [0; Self::BYTES_MAX];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes, len: u8::try_from(text.len()).map_err(|_| NotACalledNumber)? })
    }
}

impl fmt::Display for CalledNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for CalledNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CalledNumber({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_called_number_is_kept_letter_by_letter() {
        #[track_caller]
        fn case(text: &str, is_number: bool) {
            let number = text.parse::<CalledNumber>();
            assert_eq!(number.is_ok(), is_number, "{text}");
            if let Ok(number) = number {
                assert_eq!(number.as_str(), text);
                assert_eq!(number.to_string(), text);
            }
        }
        case("210", true);
        case("0041712345689", true);
        case("+41 (71) 234-56-89", true);
        case(" 210 ", true);
        case("*97", true);
        case("", false);
        case("zentrale", false);
        case("21\n0", false);
        case(&"1".repeat(CalledNumber::BYTES_MAX), true);
        case(&"1".repeat(CalledNumber::BYTES_MAX + 1), false);
        case(&format!("1{}", "ü".repeat(15)), true);
        case(&format!("1{}", "ü".repeat(16)), false);
    }

    #[test]
    fn a_called_number_stands_in_debug_and_its_error_in_words() {
        assert_eq!(format!("{:?}", "210".parse::<CalledNumber>().unwrap()), "CalledNumber(210)");
        assert_eq!("zentrale".parse::<CalledNumber>().unwrap_err().to_string(), "not a called number");
        assert_eq!(Side::ALL.map(Side::name), ["internal", "external"]);
    }

    #[test]
    fn the_number_of_digits_decides_the_side() {
        #[track_caller]
        fn case(text: &str, internal_digits_max: u32, side: Side) {
            let number: CalledNumber = text.parse().unwrap();
            assert_eq!(number.side(internal_digits_max), side, "{text}");
        }
        case("210", 3, Side::Internal);
        case("2100", 3, Side::External);
        case("2100", 4, Side::Internal);
        case("2-1 0", 3, Side::Internal);
        case("0041712345689", 3, Side::External);
    }

    #[test]
    fn numbers_sort_and_compare_as_their_texts_do() {
        let number = |text: &str| text.parse::<CalledNumber>().unwrap();
        assert!(number("210") < number("211"));
        assert!(number("21") < number("210"));
        assert_ne!(number("210"), number("0210"));
        assert_eq!(number("210"), number("210"));
    }
}
