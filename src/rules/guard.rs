//! The guard against toll fraud: which numbers calls may be sent to.
//!
//! An appointment can be placed by an outsider, and a redirect to a premium-rate number costs money with every call.
//! Nothing here fails or guesses: a target passes, or there is a [`Denial`].

use std::collections::BTreeSet;
use std::fmt;

use super::Dialled;

/// Digits with at most one `*` at the end, which stands for any further digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetPattern(String);

impl TargetPattern {
    /// The most digits, as many as the longest code that is ever dialled.
    pub const DIGITS_MAX: usize = 20;

    /// Takes a pattern.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.strip_suffix('*').unwrap_or(text);
        let plain = digits.len() <= Self::DIGITS_MAX && digits.bytes().all(|digit| digit.is_ascii_digit());
        (plain && !text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// Returns the pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn matches(&self, digits: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(beginning) => digits.starts_with(beginning),
            None => digits == self.0,
        }
    }
}

/// Premium-rate, directory and satellite numbers of Switzerland, Germany, Austria and Liechtenstein. They concern only
/// numbers longer than internal ones, also where an admin writes them out: colleagues may have such numbers.
pub const DENIED_TARGETS: [&str; 12] =
    ["0900*", "0901*", "0906*", "0190*", "0137*", "0930*", "0931*", "0939*", "118*", "00870*", "0088*", "00979*"];

/// Emergency numbers, which nobody's calls are ever sent to.
const EMERGENCY: [&str; 7] = ["110", "112", "117", "118", "144", "147", "1414"];

/// Which numbers calls may be sent to, as an admin decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Targets that are allowed.
    pub allowed: Vec<TargetPattern>,
    /// Targets that are denied, also if they are allowed.
    pub denied: Vec<TargetPattern>,
    /// Service codes that may be a target, literally.
    pub service_codes: BTreeSet<Dialled>,
    /// The most digits of an internal number.
    pub internal_digits_max: u32,
}

impl Default for Guard {
    fn default() -> Self {
        let patterns = |texts: &[&str]| texts.iter().filter_map(|text| TargetPattern::new(text)).collect();
        Self {
            allowed: patterns(&["*"]),
            denied: patterns(&DENIED_TARGETS),
            service_codes: BTreeSet::new(),
            internal_digits_max: 3,
        }
    }
}

/// Why calls are not sent to a target.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Denial {
    /// What is configured is no number that can be understood.
    Unreadable,
    /// It is a service code that is not listed.
    ServiceCode,
    /// It is an emergency number.
    Emergency,
    /// It is one of the member's own numbers.
    OwnNumber,
    /// Calls would come back to the member.
    Loop,
    /// It is denied by this pattern.
    Denied(TargetPattern),
    /// No pattern allows it.
    NotAllowed,
}

impl fmt::Display for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => formatter.write_str("the target is no number that can be understood"),
            Self::ServiceCode => {
                formatter.write_str("the target is a service code that redirect.service_codes does not list")
            }
            Self::Emergency => formatter.write_str("the target is an emergency number"),
            Self::OwnNumber => formatter.write_str("the target is the member's own number"),
            Self::Loop => formatter.write_str("calls would come back to the member"),
            Self::Denied(pattern) => write!(formatter, "the target is denied by \"{}\"", pattern.as_str()),
            Self::NotAllowed => formatter.write_str("redirect.allowed_targets does not allow the target"),
        }
    }
}

impl Guard {
    /// Judges a target by its digits alone.
    pub fn judge(&self, target: &Dialled) -> Result<(), Denial> {
        if target.is_service_code() {
            return if self.service_codes.contains(target) { Ok(()) } else { Err(Denial::ServiceCode) };
        }
        let forms = target.forms();
        if forms.iter().any(|form| is_emergency(form)) {
            return Err(Denial::Emergency);
        }
        let matches = |pattern: &&TargetPattern| forms.iter().any(|form| pattern.matches(form));
        let denies = |pattern: &&TargetPattern| self.concerns(pattern, target) && matches(pattern);
        if let Some(pattern) = self.denied.iter().find(denies) {
            return Err(Denial::Denied(pattern.clone()));
        }
        if self.allowed.iter().any(|pattern| matches(&pattern)) { Ok(()) } else { Err(Denial::NotAllowed) }
    }

    /// Whether a denied pattern concerns numbers of this length.
    fn concerns(&self, pattern: &TargetPattern, target: &Dialled) -> bool {
        let is_internal = u32::try_from(target.as_str().len()).is_ok_and(|digits| digits <= self.internal_digits_max);
        !is_internal || !DENIED_TARGETS.contains(&pattern.as_str())
    }
}

/// Whether a number reaches help: also behind the digit for an outside line, or as if it were an international one.
fn is_emergency(digits: &str) -> bool {
    let outside = digits.strip_prefix('0').unwrap_or(digits);
    let international = outside.strip_prefix('0').unwrap_or(outside);
    [digits, outside, international].iter().any(|form| EMERGENCY.contains(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard::default()
    }

    fn number(text: &str) -> Dialled {
        Dialled::new(text).unwrap()
    }

    fn denied(pattern: &str) -> Result<(), Denial> {
        Err(Denial::Denied(TargetPattern::new(pattern).unwrap()))
    }

    #[track_caller]
    fn case(target: &str, expected: &Result<(), Denial>) {
        assert_eq!(guard().judge(&number(target)), *expected, "{target}");
    }

    #[test]
    fn ordinary_numbers_pass() {
        for target in ["0041712345689", "0712345689", "00498912345678", "210", "0900", "090", "1180", "22"] {
            let expected = if target == "1180" {
                denied("118*")
            } else if target == "0900" {
                denied("0900*")
            } else {
                Ok(())
            };
            case(target, &expected);
        }
    }

    #[test]
    fn premium_numbers_are_refused_in_every_form() {
        for (digits, pattern) in [
            ("900123456", "0900*"),
            ("901123456", "0901*"),
            ("906123456", "0906*"),
            ("190123456", "0190*"),
            ("137123456", "0137*"),
            ("930123456", "0930*"),
            ("931123456", "0931*"),
            ("939123456", "0939*"),
        ] {
            for code in ["0041", "0043", "0049", "00423", "0"] {
                case(&format!("{code}{digits}"), &denied(pattern));
            }
        }
    }

    #[test]
    fn directory_and_satellite_numbers_are_refused() {
        case("11833", &denied("118*"));
        case("1180", &denied("118*"));
        case("00870773123456", &denied("00870*"));
        case("008812345678", &denied("0088*"));
        case("00979123456", &denied("00979*"));
    }

    #[test]
    fn emergency_numbers_are_refused_whatever_is_before_them() {
        for digits in EMERGENCY {
            for before in ["", "0", "00", "0041", "0049", "0043", "00423"] {
                case(&format!("{before}{digits}"), &Err(Denial::Emergency));
            }
        }
        let open = Guard { denied: Vec::new(), internal_digits_max: 4, ..guard() };
        assert_eq!(open.judge(&number("112")), Err(Denial::Emergency));
        assert_eq!(open.judge(&number("1414")), Err(Denial::Emergency));
    }

    #[test]
    fn the_built_in_patterns_leave_internal_numbers_alone() {
        let guard = Guard { internal_digits_max: 4, ..guard() };
        assert_eq!(guard.judge(&number("1180")), Ok(()));
        assert_eq!(guard.judge(&number("0900")), Ok(()));
        assert_eq!(guard.judge(&number("11800")), denied("118*"));
    }

    #[test]
    fn a_pattern_of_the_admins_concerns_internal_numbers_too() {
        let guard = Guard { denied: TargetPattern::new("21*").into_iter().collect(), ..guard() };
        assert_eq!(guard.judge(&number("210")), denied("21*"));
        assert_eq!(guard.judge(&number("220")), Ok(()));
        assert_eq!(guard.judge(&number("0900123456")), Ok(()), "the admin's list replaces the built-in one");
    }

    #[test]
    fn only_allowed_targets_pass_in_either_form_and_denied_wins() {
        let patterns = |texts: &[&str]| texts.iter().map(|text| TargetPattern::new(text).unwrap()).collect();
        let guard = Guard { allowed: patterns(&["00417*", "210"]), denied: patterns(&["0041799*"]), ..guard() };
        assert_eq!(guard.judge(&number("0041712345689")), Ok(()));
        assert_eq!(guard.judge(&number("0041799999999")), denied("0041799*"));
        assert_eq!(guard.judge(&number("210")), Ok(()));
        assert_eq!(guard.judge(&number("2100")), Err(Denial::NotAllowed));
        assert_eq!(guard.judge(&number("0049712345689")), Err(Denial::NotAllowed));
        let national = Guard { allowed: patterns(&["071*"]), ..guard };
        assert_eq!(national.judge(&number("0041712345689")), Ok(()));
    }

    #[test]
    fn a_service_code_passes_only_when_it_is_listed_literally() {
        let listed = Guard { service_codes: [number("*97")].into(), ..guard() };
        assert_eq!(listed.judge(&number("*97")), Ok(()));
        assert_eq!(listed.judge(&number("*98")), Err(Denial::ServiceCode));
        case("*97", &Err(Denial::ServiceCode));
        case("*21*0900123456#", &Err(Denial::ServiceCode));
    }

    #[test]
    fn every_denial_has_its_words() {
        assert_eq!(denied("0900*").unwrap_err().to_string(), "the target is denied by \"0900*\"");
        for denial in [Denial::Unreadable, Denial::ServiceCode, Denial::Emergency, Denial::OwnNumber, Denial::Loop] {
            assert!(!denial.to_string().contains(char::is_numeric), "{denial}");
        }
    }
}
