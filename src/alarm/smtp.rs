//! The mail server, spoken to with `lettre`.
//!
//! One connection for each mail, every wait bounded, so a server that hangs costs this room a minute and nobody else
//! anything. Who refuses matters: a server that cannot be reached or does not take the log-in stops every mail, a mail
//! that is refused stops itself alone. No error carries the server's own words, as they repeat addresses, nor any part
//! of the URL.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Message, transport};
use rustls::pki_types::CertificateDer;
use url::Url;

use super::orders::Orders;
use crate::clock::Clock;
use crate::journal::Mail;
use crate::rules::Address;

/// How long reaching the server, and each of its answers, may take.
const STEP_TIMEOUT: Duration = Duration::from_secs(20);

/// Takes mails for others.
pub trait Post: Send + Sync {
    /// Hands over a mail for everybody who is told and does not have it yet.
    ///
    /// # Errors
    /// When nobody more has it than those that the error names.
    fn send(
        &self,
        mail: &Mail,
        had_by: &BTreeSet<Address>,
        orders: &Orders,
    ) -> impl Future<Output = Result<Sent, PostError>> + Send;
}

/// What became of a mail that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sent {
    /// How many of those who are told were refused by the server.
    pub refused: usize,
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The settings cannot be used.
    #[error("use alarm.smtp_url: {0}")]
    Settings(&'static str),
    /// The server cannot be reached, or the connection broke.
    #[error("reach the mail server: {0}")]
    Unreachable(Arc<transport::smtp::Error>),
    /// TLS failed.
    #[error("encrypt the connection to the mail server: {0}")]
    Tls(Arc<transport::smtp::Error>),
    /// The server did not answer in time.
    #[error("get an answer from the mail server in time")]
    TimedOut,
    /// What the server says is no SMTP.
    #[error("understand the mail server")]
    Garbled,
    /// The server answers with an error before any mail.
    #[error("use the mail server: it answered {0}")]
    Unwilling(u16),
    /// The server does not take the log-in.
    #[error("log in to the mail server: it answered {0} (check user and password in alarm.smtp_url)")]
    LogIn(u16),
    /// The server offers no way to log in, or not the encryption that is asked for.
    #[error("use the mail server: it does not offer {0}")]
    NotOffered(&'static str),
    /// The server cannot take this mail now. Those named have it.
    #[error("hand a mail over: the server answered {code}, for now")]
    Later {
        /// The server's code.
        code: u16,
        /// Who has it.
        had_by: BTreeSet<Address>,
    },
    /// The server refuses this mail.
    #[error("hand a mail over: the server refused it with {0} (check alarm.to and alarm.from)")]
    Refused(u16),
    /// An address cannot stand in a mail.
    #[error("write a mail: an address in alarm.to or alarm.from cannot be used")]
    Address,
}

impl PostError {
    /// Returns whether other mails may go all the same.
    pub fn concerns_one_mail(&self) -> bool {
        matches!(self, Self::Later { .. } | Self::Refused(_) | Self::Address)
    }
}

/// Whose certificates are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// Those of this machine; the built-in ones where it has none.
    System,
    /// These alone.
    Only(Vec<CertificateDer<'static>>),
}

/// The real server.
#[derive(Clone, Debug)]
pub struct Smtp<K> {
    roots: Roots,
    clock: K,
}

impl<K: Clock> Smtp<K> {
    /// Trusts these roots, and waits by this clock.
    pub fn new(roots: Roots, clock: K) -> Self {
        Self { roots, clock }
    }

    fn tls(&self, host: &str) -> Result<TlsParameters, PostError> {
        let own = match &self.roots {
            Roots::Only(certificates) => Some(certificates.clone()),
            Roots::System if rustls_native_certs::load_native_certs().certs.is_empty() => {
                Some(webpki_root_certs::TLS_SERVER_ROOT_CERTS.to_vec())
            }
            Roots::System => None,
        };
        // An IPv6 address stands in brackets in a URL only.
        let mut builder = TlsParameters::builder(host.trim_matches(['[', ']']).to_owned());
        if let Some(certificates) = own {
            builder = builder.certificate_store(CertificateStore::None);
            for certificate in certificates {
                builder = builder.add_root_certificate(Certificate::from_der(certificate.to_vec()).map_err(tls)?);
            }
        }
        builder.build().map_err(tls)
    }

    async fn connect(&self, server: &Server) -> Result<AsyncSmtpConnection, PostError> {
        let hello = ClientId::default();
        let host = server.host.trim_matches(['[', ']']);
        let wrapped = if server.security == Security::Wrapped { Some(self.tls(&server.host)?) } else { None };
        let connecting = AsyncSmtpConnection::connect_tokio1((host, server.port), None, &hello, wrapped, None);
        let mut connection = self.in_time(connecting).await?.map_err(unusable)?;
        let upgrades = match server.security {
            Security::Required if !connection.can_starttls() => return Err(PostError::NotOffered("STARTTLS")),
            Security::Required => true,
            Security::Opportunistic => connection.can_starttls(),
            Security::None | Security::Wrapped => false,
        };
        if upgrades {
            self.in_time(connection.starttls(self.tls(&server.host)?, &hello)).await?.map_err(unusable)?;
        }
        if let Some(credentials) = &server.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            let logged_in = self.in_time(connection.auth(&mechanisms, credentials)).await?;
            logged_in.map_err(|error| match code(&error) {
                Some(code) => PostError::LogIn(code),
                None if error.is_client() => PostError::NotOffered("a way to log in, at least not without encryption"),
                None => unusable(error),
            })?;
        }
        Ok(connection)
    }

    /// Bounds a step.
    async fn in_time<T>(&self, step: impl Future<Output = T>) -> Result<T, PostError> {
        let patience = self.clock.sleep_until(self.clock.now() + STEP_TIMEOUT);
        match select(pin!(step), pin!(patience)).await {
            Either::Left((done, _)) => Ok(done),
            Either::Right(_) => Err(PostError::TimedOut),
        }
    }

    /// Hands one mail over for these people on a connection of its own.
    async fn hand_over(&self, server: &Server, envelope: &Envelope, message: &[u8]) -> Result<(), PostError> {
        let mut connection = self.connect(server).await?;
        let answer = self.in_time(connection.send(envelope, message)).await?;
        answer.map_err(|error| match code(&error) {
            // It closes the connection, which says nothing of the mail.
            Some(421) => PostError::Unwilling(421),
            Some(code) if error.is_permanent() => PostError::Refused(code),
            Some(code) => PostError::Later { code, had_by: BTreeSet::new() },
            None if error.is_client() => PostError::Address,
            None => unusable(error),
        })?;
        // The mail is taken, however the connection ends.
        drop(self.in_time(connection.quit()).await);
        Ok(())
    }
}

impl<K: Clock> Post for Smtp<K> {
    async fn send(&self, mail: &Mail, had_by: &BTreeSet<Address>, orders: &Orders) -> Result<Sent, PostError> {
        let server = Server::of(orders)?;
        let (from, to) = parties(orders)?;
        let message = message(mail, &from, &to)?.formatted();
        let left: Vec<&Mailbox> = to
            .iter()
            .zip(&orders.to)
            .filter(|(_, address)| !had_by.contains(*address))
            .map(|(mailbox, _)| mailbox)
            .collect();
        if left.is_empty() {
            return Ok(Sent::default());
        }
        let whole = envelope(&from, left.iter().copied())?;
        let code = match self.hand_over(&server, &whole, &message).await {
            Ok(()) => return Ok(Sent::default()),
            Err(PostError::Refused(code) | PostError::Later { code, .. }) if left.len() > 1 => code,
            Err(error) => return Err(error),
        };
        // One of them may be the only one who is refused.
        let (mut has, mut refused, mut later) = (had_by.clone(), 0, None);
        for (mailbox, address) in to.iter().zip(&orders.to).filter(|(_, address)| !had_by.contains(*address)) {
            let alone = envelope(&from, [mailbox])?;
            match self.hand_over(&server, &alone, &message).await {
                Ok(()) => drop(has.insert(address.clone())),
                Err(PostError::Refused(_)) => refused += 1,
                Err(PostError::Later { code, .. }) => later = Some(code),
                Err(error) if has.is_empty() => return Err(error),
                Err(_) => later = Some(421),
            }
        }
        match later {
            Some(code) => Err(PostError::Later { code, had_by: has }),
            None if has.is_empty() => Err(PostError::Refused(code)),
            None => Ok(Sent { refused }),
        }
    }
}

/// Where mail is handed over, and how.
struct Server {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    None,
    /// After STARTTLS, where the server offers it.
    Opportunistic,
    /// After STARTTLS.
    Required,
    /// From the first byte.
    Wrapped,
}

impl Server {
    /// Reads the URL as `lettre` documents it.
    fn of(orders: &Orders) -> Result<Self, PostError> {
        let url = Url::parse(orders.smtp_url.expose()).map_err(|_| PostError::Settings("it is not a URL"))?;
        let wish = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (security, port) = match (url.scheme(), wish.as_deref()) {
            ("smtps", _) => (Security::Wrapped, 465),
            ("smtp", None) => (Security::None, 25),
            ("smtp", Some("required")) => (Security::Required, 587),
            ("smtp", Some("opportunistic")) => (Security::Opportunistic, 587),
            _ => return Err(PostError::Settings("tls is neither required nor opportunistic")),
        };
        let decoded = |text: &str| {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
            decoded.map(std::borrow::Cow::into_owned).map_err(|_| PostError::Settings("its log-in is not UTF-8"))
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        let host = url.host_str().ok_or(PostError::Settings("it has no host"))?.to_owned();
        Ok(Self { host, port: url.port().unwrap_or(port), security, credentials })
    }
}

/// Says that a mail was written by a program, so that no other program answers it.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn message(mail: &Mail, from: &Mailbox, to: &[Mailbox]) -> Result<Message, PostError> {
    let mut builder = Message::builder()
        .from(from.clone())
        .subject(mail.subject.clone())
        .date(mail.at.into())
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .header(AutoSubmitted);
    for mailbox in to {
        builder = builder.to(mailbox.clone());
    }
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text.clone());
    builder.singlepart(text).map_err(|_| PostError::Address)
}

/// Returns the sender and those who are told.
fn parties(orders: &Orders) -> Result<(Mailbox, Vec<Mailbox>), PostError> {
    let mailbox = |text: &str| -> Result<Mailbox, PostError> {
        let address: lettre::Address = text.parse().map_err(|_| PostError::Address)?;
        Ok(Mailbox::new(None, address))
    };
    let from = match &orders.from {
        Some(address) => mailbox(address.as_str())?,
        None => mailbox(&format!("starface-calendar@{}", ClientId::default()))
            .or_else(|_| mailbox("starface-calendar@localhost"))?,
    };
    let to = orders.to.iter().map(|address| mailbox(address.as_str())).collect::<Result<_, _>>()?;
    Ok((from, to))
}

fn envelope<'a>(from: &Mailbox, to: impl IntoIterator<Item = &'a Mailbox>) -> Result<Envelope, PostError> {
    let to = to.into_iter().map(|mailbox| mailbox.email.clone()).collect();
    Envelope::new(Some(from.email.clone()), to).map_err(|_| PostError::Address)
}

/// What an error means that says nothing of a mail.
fn unusable(error: transport::smtp::Error) -> PostError {
    match code(&error) {
        Some(code) => PostError::Unwilling(code),
        None if error.is_response() => PostError::Garbled,
        None if error.is_timeout() => PostError::TimedOut,
        None if error.is_tls() => tls(error),
        None => PostError::Unreachable(Arc::new(error)),
    }
}

fn tls(error: transport::smtp::Error) -> PostError {
    PostError::Tls(Arc::new(error))
}

fn code(error: &transport::smtp::Error) -> Option<u16> {
    error.status().map(Into::into)
}

#[cfg(test)]
mod tests;
