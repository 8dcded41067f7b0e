//! The site's time zone.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::super::error::{bounded, shown};
use super::super::near::nearest;
use super::super::words::{Words, both};
use super::{Form, Refusal};

/// The word for the machine's own zone.
pub(crate) const SYSTEM: &str = "system";

/// Makes a form of IANA names; `system` means the machine's zone, which is given.
pub(crate) fn zone(machine_zone: Option<String>) -> Form<Tz> {
    let allowed = both(
        "an IANA name such as \"Europe/Zurich\", or \"system\"",
        "ein IANA-Name wie „Europe/Zurich“, oder „system“",
    );
    Form::new(allowed, move |text| match text {
        SYSTEM => machine(machine_zone.as_deref()),
        name => name.parse().map_err(|_| unknown(name)),
    })
}

fn machine(name: Option<&str>) -> Result<Tz, Refusal> {
    let refusal = |reason: Words| {
        Refusal::from(reason).instead(both(
            "set an IANA name such as \"Europe/Zurich\"",
            "tragen Sie einen IANA-Namen wie „Europe/Zurich“ ein",
        ))
    };
    let untold = || {
        both(
            "is set, but this machine does not tell its time zone",
            "gilt, aber der Rechner des Dienstes nennt seine Zeitzone nicht",
        )
    };
    let name = name.ok_or_else(|| refusal(untold()))?;
    name.parse().map_err(|_| {
        refusal(both(
            format!("is set, but this machine's {} is not an IANA name", shown(name)),
            format!("gilt, aber „{}“ des Rechners des Dienstes ist kein IANA-Name", bounded(name)),
        ))
    })
}

fn unknown(name: &str) -> Refusal {
    let refusal = Refusal::from(both("is not a known time zone", "ist keine bekannte Zeitzone"));
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = |zone: &str| zone.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name));
    match names().find(|zone| city(zone)).or_else(|| nearest(name, names())) {
        Some(near) => refusal.instead(both(format!("did you mean \"{near}\"?"), format!("meinten Sie „{near}“?"))),
        None => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::error::Origin;
    use super::*;

    #[track_caller]
    fn case(text: &str, machine: Option<&str>, expected: Result<Tz, &str>) {
        let read = zone(machine.map(str::to_owned)).read(text);
        let told = |words: &Words| words.told_of(&Origin::NotGiven);
        let read = read.map_err(|wrong| format!("{}; {}", told(&wrong.wrong), told(&wrong.allowed)));
        assert_eq!(read, expected.map_err(str::to_owned));
    }

    #[test]
    fn a_zone_is_the_machines_or_an_iana_name() {
        case("Europe/Zurich", None, Ok(Tz::Europe__Zurich));
        case("system", Some("Europe/Berlin"), Ok(Tz::Europe__Berlin));
        case(
            "system",
            None,
            Err(
                "\"system\" is set, but this machine does not tell its time zone; set an IANA name such as \"Europe/Zurich\"",
            ),
        );
        case(
            "system",
            Some("Localtime"),
            Err(
                "\"system\" is set, but this machine's \"Localtime\" is not an IANA name; set an IANA name such as \"Europe/Zurich\"",
            ),
        );
    }

    #[test]
    fn an_unknown_zone_gets_the_nearest() {
        let near = Err("\"Europe/Zürich\" is not a known time zone; did you mean \"Europe/Zurich\"?");
        case("Europe/Zürich", None, near);
        let near = Err("\"vienna\" is not a known time zone; did you mean \"Europe/Vienna\"?");
        case("vienna", None, near);
        case(
            "Middle-earth",
            None,
            Err(
                "\"Middle-earth\" is not a known time zone; allowed: an IANA name such as \"Europe/Zurich\", or \"system\"",
            ),
        );
    }
}
