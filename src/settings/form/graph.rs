//! The ids of an app registration. A wrong one is never shown: in its place often stands the secret.

use super::super::words::both;
use super::Form;

/// Makes a form of application ids.
pub(crate) fn application() -> Form<String> {
    let allowed = both("the application (client) id, a GUID", "die Anwendungs-ID (Client), eine GUID");
    Form::new(allowed, |text| {
        if is_guid(text) { Ok(text.to_owned()) } else { Err(both("is not a GUID", "ist keine GUID").into()) }
    })
    .hidden()
}

/// Makes a form of tenants, by id or by one of their domains. It becomes part of a path, so nothing else may be in it.
pub(crate) fn tenant() -> Form<String> {
    let allowed = both(
        "the directory (tenant) id, a GUID, or a domain such as example.onmicrosoft.com",
        "die Verzeichnis-ID (Mandant), eine GUID, oder eine Domain wie example.onmicrosoft.com",
    );
    Form::new(allowed, |text| {
        if is_guid(text) || is_domain(text) {
            Ok(text.to_owned())
        } else {
            Err(both("is neither a GUID nor a domain", "ist weder eine GUID noch eine Domain").into())
        }
    })
    .hidden()
}

/// Returns whether a text has the form of a GUID.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn is_domain(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(|label| !label.is_empty() && label.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: bool) {
        assert_eq!(tenant().read(text).is_ok(), expected, "{text}");
    }

    #[test]
    fn a_tenant_is_a_guid_or_a_domain() {
        case("72f988bf-86f1-41af-91ab-2d7cd011db47", true);
        case("example.onmicrosoft.com", true);
        case("example", false);
        case("common", false);
        case("example.com/../x", false);
        case(".com", false);
        case("{72f988bf-86f1-41af-91ab-2d7cd011db4}", false);
        assert!(application().read("example.com").is_err());
    }
}
