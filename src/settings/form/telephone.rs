//! Telephone targets and service codes, as the guard against toll fraud compares them.

use crate::rules::Dialled;
use crate::rules::guard::TargetPattern;

use super::super::words::both;
use super::Form;

/// Makes a form of patterns.
pub(crate) fn target() -> Form<TargetPattern> {
    let allowed = both(
        "digits with one * at the end for any further digits, such as \"0900*\"",
        "Ziffern mit einem * am Ende für beliebige weitere, etwa „0900*“",
    );
    Form::new(allowed, |text| {
        let wrong = || both("is not a pattern of digits", "ist kein Muster aus Ziffern").into();
        TargetPattern::new(text).ok_or_else(wrong)
    })
}

/// Makes a form of service codes.
pub(crate) fn service_code() -> Form<Dialled> {
    Form::new("digits with * or #, such as \"*97\"", |text| {
        let code = Dialled::new(text).filter(Dialled::is_service_code);
        code.ok_or_else(|| "is not a service code".into())
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
