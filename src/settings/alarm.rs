//! `[alarm]`: who is told of problems, and how.

use std::time::Duration;

use crate::rules::Address;
use crate::secret::Secret;

use super::form::address::{address, optional_address};
use super::form::duration::{DAY, MINUTE, SECOND, duration};
use super::form::server::mail_server;
use super::form::{flag, line};
use super::reader::Reader;

/// Mail about problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Who is told; nobody when empty.
    pub to: Vec<Address>,
    /// The subject of every mail.
    pub subject: String,
    /// Whether problems of the connector are told.
    pub connector: bool,
    /// Whether problems of redirects are told.
    pub redirect: bool,
    /// How long a problem of the connector must last.
    pub after: Duration,
    /// How long until a reminder.
    pub repeat: Duration,
    /// The sender; `None` is the program's name at this machine.
    pub from: Option<Address>,
    /// The mail server. A secret, as it may hold a password.
    pub smtp_url: Secret,
}

const SMTP_URL: &str = "alarm.smtp_url";

impl Alarm {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let subject = "Kalender Connector: Problem".to_owned();
        Self {
            to: reader.list("alarm.to", &address()).unwrap_or_default(),
            subject: reader.or("alarm.subject", &line(200), subject),
            connector: reader.or("alarm.connector", &flag(), true),
            redirect: reader.or("alarm.redirect", &flag(), true),
            after: reader.or("alarm.after", &duration(SECOND..=DAY), MINUTE * 5),
            repeat: reader.or("alarm.repeat", &duration(SECOND..=DAY * 30), DAY),
            from: reader.or("alarm.from", &optional_address(), None),
            smtp_url: read_smtp_url(reader),
        }
    }
}

fn read_smtp_url(reader: &mut Reader<'_>) -> Secret {
    let default = || Secret::new("smtp://127.0.0.1:25");
    let Some(url) = reader.secret(SMTP_URL) else {
        return default();
    };
    if let Err(wrong) = mail_server().read(url.expose()) {
        reader.refuse(SMTP_URL, wrong.wrong, wrong.allowed);
    }
    url
}
