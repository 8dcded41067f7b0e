//! What can be answered: each question with its key in the settings, in the order in which the file has them.

/// How a value is written in the settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// A whole number, true or false.
    Bare,
    /// Texts, in the answer separated by commas.
    List,
}

/// Whether what is typed may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Echo {
    Shown,
    Hidden,
}

/// One question.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// The key in the settings.
    pub(super) key: &'static str,
    /// What is asked, and what stands above the value in the file.
    pub(super) words: &'static str,
    /// What is taken when nothing is answered; the empty one leaves the key out of the file.
    pub(super) default: Option<&'static str>,
    pub(super) shape: Shape,
    pub(super) echo: Echo,
}

const fn text(key: &'static str, words: &'static str, default: Option<&'static str>) -> Question {
    Question { key, words, default, shape: Shape::Text, echo: Echo::Shown }
}

const fn secret(key: &'static str, words: &'static str, default: Option<&'static str>) -> Question {
    Question { key, words, default, shape: Shape::Text, echo: Echo::Hidden }
}

const fn shaped(key: &'static str, words: &'static str, default: Option<&'static str>, shape: Shape) -> Question {
    Question { key, words, default, shape, echo: Echo::Shown }
}

/// Every question. Those that are only answered by options stand here too, as the file is written by this list.
#[rustfmt::skip]
pub(super) const QUESTIONS: [Question; 32] = [
    text("starface.url", "Address of the PBX: scheme, host and port", Some("https://127.0.0.1")),
    text("starface.instance", "Name of the module instance in STARFACE", Some("Kalender Connector")),
    text("starface.login", "STARFACE login that the service uses", Some("0001")),
    secret("starface.password", "Password of that login", None),
    text("starface.password_file", "File with the password of that login", None),
    text("starface.auth", "How the service proves who it is: auto, oauth, sha512, md5 or none", Some("auto")),
    secret("starface.client_secret", "Secret of the REST API, with OAuth on STARFACE 10 only", Some("")),
    text("starface.client_secret_file", "File with the secret of the REST API", None),
    secret("starface.module_key", "The module's \"Connector-Schlüssel\"", None),
    text("starface.module_key_file", "File with the module's \"Connector-Schlüssel\"", None),
    text("starface.ca_file", "PEM file with the authority of the PBX's certificate", Some("")),
    text("starface.pin_sha256", "SHA-256 of the one certificate that the PBX may show", None),
    text("graph.tenant_id", "Directory (tenant) id, or a domain of the tenant", None),
    text("graph.client_id", "Application (client) id", None),
    secret("graph.client_secret", "Value of the client secret (not its id)", None),
    text("graph.client_secret_file", "File with the value of the client secret", None),
    text("graph.client_secret_expires_at", "Day on which the secret ends, such as 2027-05-31", Some("")),
    text("graph.certificate_file", "PEM file with the app's certificate", Some("graph.pem")),
    text("graph.key_file", "PEM file with the certificate's key", Some("graph.key")),
    text("graph.assertion_file", "File with the federated assertion", None),
    text("graph.endpoint", "Where Microsoft Graph is", None),
    text("graph.login_endpoint", "Where Microsoft Entra gives tokens", None),
    text("graph.expect_scoped", "Mailbox outside of the group that the app must not be able to read", Some("")),
    text("rules.source", "Where the rules are decided: on the module's page in STARFACE (page) or here (file)", Some("page")),
    shaped("rules.group", "Account id of the STARFACE group whose members are followed", None, Shape::Bare),
    text("rules.time_zone", "Time zone of the site, or system for this machine's", None),
    text("rules.language", "Language of status texts and mails: de, en, fr or it", Some("de")),
    shaped("rules.categories.create", "Create the categories in the members' Outlook: true or false", Some("true"), Shape::Bare),
    shaped("alarm.to", "Who is told of problems by mail, separated by commas", Some(""), Shape::List),
    text("alarm.smtp_url", "Mail server", Some("smtp://127.0.0.1:25")),
    text("store.path", "State file", None),
    text("web.listen", "Where the status page listens", None),
];

/// Returns the question about a key.
pub(super) fn question(key: &str) -> &'static Question {
    QUESTIONS.iter().find(|question| question.key == key).expect("every key that is asked for has its question")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::problem_of_answer;

    #[test]
    fn every_default_is_an_answer_that_the_settings_take() {
        for question in &QUESTIONS {
            let needs_a_file = question.key.ends_with("_file");
            let default = question.default.filter(|default| !default.is_empty() && !needs_a_file);
            let problem =
                default.and_then(|default| problem_of_answer(Path::new("config.toml"), question.key, default));
            assert_eq!(problem, None, "{}", question.key);
        }
    }

    #[test]
    fn every_question_is_about_a_key_of_the_settings() {
        let known = include_str!("../../../resources/config.example.toml");
        for question in &QUESTIONS {
            let name = question.key.rsplit('.').next().unwrap_or_default();
            assert!(known.contains(&format!("{name} = ")), "{}", question.key);
        }
    }
}
