//! What `check` says of what the app logs in with at Microsoft Entra, and of its end.

use chrono::{DateTime, Utc};

use super::{Health, Line};
use crate::credential::{Credential, End};

const SUBJECT: &str = "credential";

const RENEW: &str = "create a new one in the Entra admin center under App registrations, this app, Certificates & secrets, \
                     enter it, and restart the service";

const WRITER: &str = "see to whatever writes that file, and that the service can read it";

/// Returns the line.
pub(in crate::cli) fn line(credential: &Credential, now: DateTime<Utc>) -> Line {
    match credential {
        // What nobody is sent proves nothing, so it does not matter to whom it is made out.
        Credential::AssertionFile(path) => match credential.proof("", "", now) {
            Ok(_) => Line::ok(SUBJECT, format!("federated assertion, read from {} for each token", path.display())),
            Err(error) => failed(error.to_string(), Some(WRITER)),
        },
        Credential::Certificate(certificate) => match certificate.valid_at(now) {
            // It says itself what helps.
            Err(untimely) => failed(untimely.to_string(), None),
            Ok(()) => ending(&format!("certificate {certificate}"), credential.end(), now),
        },
        Credential::Secret { .. } => match credential.end() {
            Some(end) => ending("client secret", Some(end), now),
            None => {
                let text = "client secret; nobody said when it ends, so nobody will be warned before";
                let helps = "enter the day that Entra shows beside it as client_secret_expires_at in [graph]";
                Line { helps: Some(helps.to_owned()), ..Line::ok(SUBJECT, text) }
            }
        },
    }
}

fn failed(text: String, helps: Option<&str>) -> Line {
    Line { subject: SUBJECT.to_owned(), health: Health::Failed, text, helps: helps.map(str::to_owned) }
}

fn ending(named: &str, end: Option<End>, now: DateTime<Utc>) -> Line {
    let Some(end) = end else { return Line::ok(SUBJECT, named) };
    let on = end.at.format("%Y-%m-%d");
    if end.at <= now {
        return failed(format!("{named} has ended on {on}"), Some(RENEW));
    }
    let days = (end.at - now).num_days();
    let text = format!("{named}, until {on}, for {days} more days");
    match end.warning(now) {
        Some(_) => Line::warning(SUBJECT, text, RENEW),
        None => Line::ok(SUBJECT, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::screen::Screen;
    use crate::secret::Secret;

    #[test]
    fn the_end_of_a_secret_is_told_as_it_comes_near() {
        #[track_caller]
        fn case(ends_at: Option<&str>, expected: &str) {
            let ends_at = ends_at.map(|text| text.parse().unwrap());
            let secret = Credential::Secret { secret: Secret::new("geheim"), ends_at };
            let told = line(&secret, "2026-11-23T10:00:00Z".parse().unwrap()).words(Screen::PLAIN);
            assert!(told.contains(expected), "{told}");
            assert!(!told.contains("geheim"), "{told}");
        }
        case(None, "ok       credential             client secret; nobody said when it ends");
        case(
            Some("2027-11-23T10:00:00Z"),
            "ok       credential             client secret, until 2027-11-23, for 365 more days",
        );
        case(
            Some("2026-12-23T10:00:00Z"),
            "warning  credential             client secret, until 2026-12-23, for 30 more days",
        );
        case(Some("2026-11-23T10:00:00Z"), "failed   credential             client secret has ended on 2026-11-23");
    }
}
