//! Telephone targets and service codes, as the guard against toll fraud compares them.

use super::Form;

/// Digits with at most one `*` at the end, which stands for any further digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetPattern(String);

impl TargetPattern {
    /// Wraps a pattern of the program's own.
    pub(crate) fn of(pattern: &str) -> Self {
        Self(pattern.to_owned())
    }

    /// Returns the pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A service code such as `*97`, to be compared literally.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCode(String);

impl ServiceCode {
    /// Returns the code as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The longest number with its code, as long as the longest that the PBX is ever sent.
const DIGITS_MAX: usize = 20;

/// Makes a form of patterns.
pub(crate) fn target() -> Form<TargetPattern> {
    Form::new("digits with one * at the end for any further digits, such as \"0900*\"", |text| {
        let digits = text.strip_suffix('*').unwrap_or(text);
        let plain = digits.len() <= DIGITS_MAX && digits.bytes().all(|digit| digit.is_ascii_digit());
        if plain && !text.is_empty() {
            Ok(TargetPattern(text.to_owned()))
        } else {
            Err("is not a pattern of digits".into())
        }
    })
}

/// Makes a form of service codes.
pub(crate) fn service_code() -> Form<ServiceCode> {
    Form::new("digits with * or #, such as \"*97\"", |text| {
        let plain = |sign: char| sign.is_ascii_digit() || matches!(sign, '*' | '#');
        if text.contains(['*', '#']) && text.len() <= DIGITS_MAX && text.chars().all(plain) {
            Ok(ServiceCode(text.to_owned()))
        } else {
            Err("is not a service code".into())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, is_target: bool, is_code: bool) {
        assert_eq!(target().read(text).is_ok(), is_target, "target {text}");
        assert_eq!(service_code().read(text).is_ok(), is_code, "code {text}");
    }

    #[test]
    fn a_target_is_digits_and_a_service_code_has_a_star_or_a_hash() {
        case("*", true, true);
        case("0900*", true, true);
        case("112", true, false);
        case("", false, false);
        case("09*00", false, true);
        case("**", false, true);
        case("*97", false, true);
        case("#21#", false, true);
        case("+41*", false, false);
        case("0900 *", false, false);
        case(&"1".repeat(21), false, false);
    }
}
