//! The rows of problems that mail is, or was, about, and of mail that is not sent yet.
//!
//! A row that cannot be read is left out: then a problem is told once more, which does no harm.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::columns::{At, VALUE_BYTES_MAX, WORDS_BYTES_MAX, bounded};

/// What is known of a problem that mail is, or was, about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAlarm {
    /// The same for the same problem with the same subject.
    pub key: String,
    /// The problem, as whoever tells it writes it.
    pub about: String,
    /// Since when it lasts.
    pub since: DateTime<Utc>,
    /// Since when it is gone.
    pub gone_at: Option<DateTime<Utc>>,
    /// When it was last told, while it lasts.
    pub told_at: Option<DateTime<Utc>>,
    /// Since when it is over; it is remembered for a while in case that it comes back.
    pub resolved_at: Option<DateTime<Utc>>,
    /// How often it came back shortly after it was over.
    pub returns: u32,
}

/// A mail that no server has taken yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its unique id, also when it is sent twice.
    pub id: String,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Why it was written.
    pub occasion: Occasion,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Why a problem is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Occasion {
    /// For the first time.
    First,
    /// It still lasts.
    Reminder,
    /// It is over.
    Resolved,
}

impl Occasion {
    /// Every occasion.
    pub const ALL: [Self; 3] = [Self::First, Self::Reminder, Self::Resolved];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Reminder => "reminder",
            Self::Resolved => "resolved",
        }
    }
}

/// Writes a problem, over what was known of it.
pub(super) fn write(connection: &Connection, alarm: &KnownAlarm) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO alarms (key, about, since, gone_at, told_at, resolved_at, returns)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            bounded(&alarm.key, WORDS_BYTES_MAX),
            alarm.about,
            At(alarm.since),
            alarm.gone_at.map(At),
            alarm.told_at.map(At),
            alarm.resolved_at.map(At),
            alarm.returns,
        ])
        .map(drop)
}

/// Removes a problem, if it is there.
pub(super) fn remove(connection: &Connection, key: &str) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM alarms WHERE key = ?1")?.execute([bounded(key, WORDS_BYTES_MAX)]).map(drop)
}

/// Reads every problem that can be read.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<KnownAlarm>> {
    let mut statement = connection.prepare("SELECT * FROM alarms")?;
    let rows = statement.query_map((), |row| Ok(alarm(row).ok()))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Adds a mail.
pub(super) fn write_mail(connection: &Connection, mail: &Mail) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO mails (id, at, occasion, subject, text) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            mail.id,
            At(mail.at),
            mail.occasion.name(),
            bounded(&mail.subject, WORDS_BYTES_MAX),
            bounded(&mail.text, VALUE_BYTES_MAX),
        ])
        .map(drop)
}

/// Removes a mail, if it is there.
pub(super) fn remove_mail(connection: &Connection, id: &str) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM mails WHERE id = ?1")?.execute([id]).map(drop)
}

/// Reads the mails that can be read, the oldest first.
pub(super) fn read_mails(connection: &Connection) -> rusqlite::Result<Vec<Mail>> {
    let mut statement = connection.prepare("SELECT * FROM mails ORDER BY at, rowid")?;
    let rows = statement.query_map((), |row| Ok(mail(row).ok().flatten()))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn alarm(row: &Row<'_>) -> rusqlite::Result<KnownAlarm> {
    let instant = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<At>>(column)?.map(|At(at)| at));
    Ok(KnownAlarm {
        key: row.get("key")?,
        about: row.get("about")?,
        since: row.get::<_, At>("since")?.0,
        gone_at: instant("gone_at")?,
        told_at: instant("told_at")?,
        resolved_at: instant("resolved_at")?,
        returns: row.get("returns")?,
    })
}

fn mail(row: &Row<'_>) -> rusqlite::Result<Option<Mail>> {
    let name: String = row.get("occasion")?;
    let Some(occasion) = Occasion::ALL.into_iter().find(|occasion| occasion.name() == name) else { return Ok(None) };
    Ok(Some(Mail {
        id: row.get("id")?,
        at: row.get::<_, At>("at")?.0,
        occasion,
        subject: row.get("subject")?,
        text: row.get("text")?,
    }))
}
