//! How the URL of a mail server is read, as `lettre` documents it.

use super::*;
use crate::alarm::Places;
use crate::rules::text::Language;
use crate::secret::Secret;

fn orders(url: &str) -> Orders {
    Orders {
        to: vec![],
        subject: String::new(),
        kinds: vec![],
        after: Duration::ZERO,
        repeat: Duration::ZERO,
        from: None,
        smtp_url: Secret::new(url),
        language: Language::German,
        zone: chrono_tz::UTC,
        places: Places::default(),
    }
}

#[test]
fn a_url_says_where_mail_is_handed_over_and_how() {
    #[track_caller]
    fn case(url: &str, host: &str, port: u16, security: Security, log_in: Option<(&str, &str)>) {
        let server = Server::of(&orders(url)).unwrap();
        assert_eq!((server.host.as_str(), server.port, server.security), (host, port, security), "{url}");
        let expected = log_in.map(|(user, password)| Credentials::new(user.to_owned(), password.to_owned()));
        assert_eq!(server.credentials, expected, "{url}");
    }
    case("smtp://127.0.0.1", "127.0.0.1", 25, Security::None, None);
    case("smtp://mail.example:2525", "mail.example", 2525, Security::None, None);
    case("smtp://mail.example?tls=required", "mail.example", 587, Security::Required, None);
    case("smtp://mail.example:25?tls=opportunistic", "mail.example", 25, Security::Opportunistic, None);
    case(
        "smtps://a%40b.example:w%2Frd@mail.example",
        "mail.example",
        465,
        Security::Wrapped,
        Some(("a@b.example", "w/rd")),
    );
    case("smtp://[::1]:25", "[::1]", 25, Security::None, None);
}

#[test]
fn a_url_that_cannot_be_used_is_no_server() {
    for url in ["", "mail.example", "smtp://host?tls=maybe", "smtp://user:%ff@host"] {
        assert!(matches!(Server::of(&orders(url)), Err(PostError::Settings(_))), "{url}");
    }
}
