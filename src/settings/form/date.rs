//! Instants, as a day or to the second.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::Form;

/// Makes a form of instants. A day is its first instant in the universal time, so that what ends then is never believed
/// to be good too long.
pub(crate) fn instant() -> Form<DateTime<Utc>> {
    Form::new("a day such as \"2027-05-31\", or an instant such as \"2027-05-31T12:00:00Z\"", |text| {
        let day = || Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc());
        let instant = || DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
        day().or_else(instant).ok_or_else(|| "is neither a day nor an instant".into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_a_day_or_to_the_second() {
        #[track_caller]
        fn case(text: &str, expected: Option<&str>) {
            let read = instant().read(text).ok().map(|at| at.to_rfc3339());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
        case("2027-05-31", Some("2027-05-31T00:00:00+00:00"));
        case("2027-05-31T12:00:00+02:00", Some("2027-05-31T10:00:00+00:00"));
        case("31.05.2027", None);
        case("2027-02-30", None);
        case("soon", None);
    }
}
