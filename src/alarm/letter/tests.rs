//! The mails as people read them.

use std::time::Duration;

use chrono_tz::Europe::Zurich;

use super::*;
use crate::alarm::{Cause, EntryNamed, EntryTime, Kind, Whom};
use crate::rules::ShowAs;
use crate::secret::Secret;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn orders(language: Language) -> Orders {
    Orders {
        to: vec!["admin@firma.example".parse().unwrap()],
        subject: "Kalender Connector: Problem".to_owned(),
        kinds: vec![Kind::Connector, Kind::Redirect],
        after: Duration::from_secs(300),
        repeat: Duration::from_secs(86_400),
        from: None,
        smtp_url: Secret::new("smtp://user:Pa55wort@127.0.0.1"),
        language,
        zone: Zurich,
        places: Places {
            app: "11111111-2222-3333-4444-555555555555".to_owned(),
            app_secret: Given::Page("App-Secret".to_owned()),
            login: "0000".to_owned(),
            password: Given::Here("/etc/starface-calendar/config.toml line 4".to_owned()),
            module_key: Given::Unknown,
        },
    }
}

fn problem(cause: Cause) -> Problem {
    let text = "failed to get a token for app 11111111-2222-3333-4444-555555555555: its client secret has expired";
    let since = at("2026-11-23T08:55:00Z");
    Problem { cause, subject: Subject::Whole, whom: None, since, text: text.to_owned() }
}

fn of_anna(cause: Cause) -> Problem {
    let whom = Whom { account: 1010, login: "1010".to_owned(), name: "Anna Muster".to_owned() };
    Problem { whom: Some(whom), ..problem(cause) }
}

fn redirect() -> Problem {
    let time =
        EntryTime { start: at("2026-11-23T09:00:00Z"), end: at("2026-11-23T10:30:00Z"), show_as: ShowAs::OutOfOffice };
    let entry = EntryNamed { hash: "0123456789ab".to_owned(), time: Some(time) };
    let subject = Subject::Calls { side: "external".to_owned(), entry };
    let text = "external numbers are not redirected for entry 0123456789ab: the target is denied by \"0900*\"";
    Problem { subject, text: text.to_owned(), ..of_anna(Cause::TargetDenied) }
}

fn letter(language: Language, occasion: Occasion, problems: Vec<Problem>) -> String {
    let gone_at = (occasion == Occasion::Resolved).then(|| at("2026-11-23T11:00:00Z"));
    let cases = problems.into_iter().map(|problem| Case { problem, gone_at }).collect();
    let Letter { subject, text } =
        Letter::write(&News { occasion, cases }, at("2026-11-23T11:05:00Z"), &orders(language));
    format!("Subject: {subject}\n\n{text}")
}

#[test]
fn an_expired_app_secret_in_every_language() {
    for language in Language::ALL {
        let told = letter(language, Occasion::First, vec![problem(Cause::SecretExpired)]);
        insta::assert_snapshot!(format!("secret_expired_{}", language.code()), told);
    }
}

#[test]
fn a_denied_redirect_in_every_language() {
    for language in Language::ALL {
        let told = letter(language, Occasion::First, vec![redirect()]);
        insta::assert_snapshot!(format!("redirect_{}", language.code()), told);
    }
}

#[test]
fn a_reminder_and_an_end() {
    insta::assert_snapshot!(letter(Language::German, Occasion::Reminder, vec![problem(Cause::PbxLogin)]));
    insta::assert_snapshot!(letter(Language::German, Occasion::Resolved, vec![of_anna(Cause::MailboxMissing)]));
}

#[test]
fn many_at_once_are_one_bounded_list() {
    let many = (0..60_u32).map(|account| {
        let whom = Whom { account, login: format!("{account:04}"), name: "Anna Muster".to_owned() };
        Problem { whom: Some(whom), ..problem(Cause::MailboxForbidden) }
    });
    let told = letter(Language::German, Occasion::First, many.collect());
    let first: Vec<&str> = told.lines().take(20).collect();
    insta::assert_snapshot!(first.join("\n"));
    assert!(told.contains("- und 10 weitere\n"), "{told}");
    assert_eq!(told.lines().filter(|line| line.starts_with("- Anna")).count(), CASES_MAX);
}

#[test]
fn every_cause_is_told_in_every_language_without_a_gap() {
    for language in Language::ALL {
        for cause in Cause::ALL {
            let told = letter(language, Occasion::First, vec![of_anna(cause)]);
            assert!(!told.contains(['{', '}']), "{told}");
            assert!(!told.contains("Pa55wort"), "{told}");
            let said = (words(language).of)(cause);
            assert!(said.what.ends_with('.') && said.help.ends_with('.'), "{language:?} {cause:?}");
        }
    }
}

#[test]
fn no_two_causes_are_told_alike_and_each_has_a_name_of_its_own() {
    for language in Language::ALL {
        let told: std::collections::BTreeSet<_> = Cause::ALL.map(|cause| (words(language).of)(cause).what).into();
        assert_eq!(told.len(), Cause::ALL.len(), "{language:?}");
    }
    for cause in Cause::ALL {
        assert_eq!(serde_json::to_string(&cause).unwrap(), format!("\"{}\"", cause.name()));
    }
}

#[test]
fn a_text_of_another_side_is_one_bounded_line() {
    let text = format!("failed\r\nX-Header: a\u{7}{}", "ü".repeat(10_000));
    let told = letter(Language::German, Occasion::First, vec![Problem { text, ..problem(Cause::Pbx) }]);
    assert!(told.chars().count() < 2_500, "{told}");
    assert!(!told.contains("\nX-Header") && told.contains('…'), "{told}");
}
