//! Spans of time, such as `90s`, `10m`, `24h` or `90d`.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::super::words::both;
use super::Form;

/// One minute.
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
/// One hour.
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
/// One day of 24 hours.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The shortest span that any setting takes.
pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// The units, the larger first.
const UNITS: [(&str, Duration); 5] =
    [("d", DAY), ("h", HOUR), ("ms", Duration::from_millis(1)), ("m", MINUTE), ("s", SECOND)];

/// Makes a form of spans. The module's page has them in seconds.
pub(crate) fn duration(range: RangeInclusive<Duration>) -> Form<Duration> {
    let (start, end) = (*range.start(), *range.end());
    let allowed = both(
        format!("a duration from {} to {}, such as \"90s\", \"10m\", \"24h\" or \"90d\"", written(start), written(end)),
        format!("eine ganze Zahl von {} bis {}", start.as_secs(), end.as_secs()),
    );
    Form::new(allowed, move |text| {
        let duration = parse(text).ok_or_else(|| both("is not a duration", "ist keine Anzahl von Sekunden"))?;
        if duration < *range.start() {
            return Err(both("is too short", "ist zu klein").into());
        }
        if duration > *range.end() {
            return Err(both("is too long", "ist zu gross").into());
        }
        Ok(duration)
    })
}

/// Returns a span the way the settings write it, in its largest whole unit.
pub(crate) fn written(duration: Duration) -> String {
    let seconds = duration.as_secs();
    UNITS
        .iter()
        .filter(|(_, unit)| unit.as_secs() > 0)
        .find(|(_, unit)| seconds >= unit.as_secs() && seconds.is_multiple_of(unit.as_secs()))
        .map_or_else(
            || format!("{}ms", duration.as_millis()),
            |(name, unit)| format!("{}{name}", seconds / unit.as_secs()),
        )
}

fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (count, name) = text.split_at(digits);
    let (_, unit) = UNITS.iter().find(|(unit, _)| *unit == name)?;
    unit.checked_mul(count.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: Option<Duration>) {
        assert_eq!(parse(text), expected);
    }

    #[test]
    fn a_duration_is_a_whole_number_and_a_unit() {
        case("500ms", Some(Duration::from_millis(500)));
        case("60s", Some(MINUTE));
        case("10m", Some(MINUTE * 10));
        case("24h", Some(DAY));
        case("90d", Some(DAY * 90));
        case("", None);
        case("60", None);
        case("s", None);
        case("1.5h", None);
        case("-1s", None);
        case("60 s", None);
        case("60S", None);
        case("99999999999999999999s", None);
        case("4294967295d", Some(DAY * u32::MAX));
    }

    #[test]
    fn a_duration_is_written_in_its_largest_whole_unit() {
        assert_eq!(written(DAY * 90), "90d");
        assert_eq!(written(HOUR), "1h");
        assert_eq!(written(Duration::from_secs(90)), "90s");
        assert_eq!(written(Duration::from_millis(500)), "500ms");
    }
}
