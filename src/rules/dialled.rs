//! What can be dialled: a telephone number as the PBX takes it, or a service code.
//!
//! Where a text becomes one is for others to say; a value of another shape cannot be made. A number that stands in an
//! entry's text is hidden in `Debug`.

use std::fmt;

/// A target of a redirect: digits, an international number beginning with `00`; or a service code with `*` or `#`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dialled(String);

/// The countries whose numbers are also known in their national form, with the leading `0` in place of these digits.
const HOME_CODES: [&str; 4] = ["0041", "0043", "0049", "00423"];

impl Dialled {
    /// The fewest digits of a number.
    pub const DIGITS_MIN: usize = 2;

    /// The most digits of a number that begins with `00`: those of the longest international number behind it.
    pub const DIGITS_MAX: usize = 17;

    /// The most digits of any other number.
    pub const NATIONAL_DIGITS_MAX: usize = 15;

    /// The most signs of a service code.
    pub const CODE_SIGNS_MAX: usize = 20;

    /// Takes digits, or digits with `*` and `#`; nothing else, and nothing too long.
    pub fn new(text: &str) -> Option<Self> {
        let is_dialled = if text.bytes().all(|sign| sign.is_ascii_digit()) {
            let max = if text.starts_with("00") { Self::DIGITS_MAX } else { Self::NATIONAL_DIGITS_MAX };
            (Self::DIGITS_MIN..=max).contains(&text.len())
        } else {
            let plain = |sign: u8| sign.is_ascii_digit() || matches!(sign, b'*' | b'#');
            text.len() <= Self::CODE_SIGNS_MAX && text.bytes().all(plain)
        };
        is_dialled.then(|| Self(text.to_owned()))
    }

    /// Returns what is dialled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether it is a service code.
    pub fn is_service_code(&self) -> bool {
        self.0.contains(['*', '#'])
    }

    /// Returns the forms in which the same number may be written: as it is, and the national form of an international
    /// one of the countries around.
    pub fn forms(&self) -> Vec<String> {
        let national = HOME_CODES.iter().find_map(|code| self.0.strip_prefix(code)).map(|rest| format!("0{rest}"));
        std::iter::once(self.0.clone()).chain(national).collect()
    }

    /// Returns whether both are one number, in whichever of the known forms.
    pub fn is_same(&self, other: &Self) -> bool {
        let others = other.forms();
        self.forms().iter().any(|form| others.contains(form))
    }
}

impl fmt::Debug for Dialled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Dialled(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_and_service_codes_are_dialled() {
        #[track_caller]
        fn case(text: &str, is_dialled: bool) {
            assert_eq!(Dialled::new(text).is_some(), is_dialled, "{text}");
        }
        case("21", true);
        case("2", false);
        case("0041712345689", true);
        case("00123456789012345", true);
        case("001234567890123456", false);
        case("123456789012345", true);
        case("1234567890123456", false);
        case("*97", true);
        case("#", true);
        case("*21*0041712345689#", true);
        case("*21*00417123456890#12", false);
        case("", false);
        case("+41712345689", false);
        case("071 234", false);
        case("١٢٣", false);
    }

    #[test]
    fn a_number_is_the_same_in_its_international_and_its_national_form() {
        #[track_caller]
        fn case(one: &str, two: &str, same: bool) {
            let (one, two) = (Dialled::new(one).unwrap(), Dialled::new(two).unwrap());
            assert_eq!(one.is_same(&two), same, "{} {}", one.as_str(), two.as_str());
            assert_eq!(two.is_same(&one), same, "{} {}", two.as_str(), one.as_str());
        }
        case("0041712345689", "0712345689", true);
        case("0049891234567", "0891234567", true);
        case("004311234567", "011234567", true);
        case("004232345678", "02345678", true);
        case("0042071234567", "071234567", false);
        case("0041712345689", "0049712345689", true);
        case("0033112345678", "0112345678", false);
        case("210", "210", true);
        case("210", "0210", false);
    }

    #[test]
    fn a_number_does_not_stand_in_debug() {
        assert_eq!(format!("{:?}", Dialled::new("0041712345689").unwrap()), "Dialled(…)");
    }
}
