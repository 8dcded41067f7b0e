//! The mails that no server has taken yet, and when each is tried next. Pure.
//!
//! Mails go in the order in which they were written. While the server cannot be used all wait, at growing distances; one
//! that is refused by itself waits alone, and the others go past it. When there are too many, the oldest that is no
//! first news is dropped, as a first one is the only word of its problem.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::journal::{Mail, Occasion, Record};
use crate::rules::Address;

/// The most mails that wait; a mail of a calm service is sent within seconds.
pub const MAILS_MAX: usize = 500;

/// How long everything waits after a failure of the server, at first and at most.
const SERVER_WAITS: [Duration; 2] = [Duration::from_secs(15), Duration::from_secs(15 * 60)];

/// How long a mail waits that is refused by itself, at first and at most.
const MAIL_WAITS: [Duration; 2] = [Duration::from_secs(15 * 60), Duration::from_secs(6 * 3600)];

/// What waits to be sent.
#[derive(Debug, Default)]
pub struct Outbox {
    mails: Vec<Mail>,
    /// Mails that were refused, and those of which some have gone.
    apart: BTreeMap<String, Apart>,
    failures: u32,
    server_at: Option<DateTime<Utc>>,
    unsaved: BTreeSet<String>,
}

/// What is known of a mail that does not simply go.
#[derive(Debug, Default)]
struct Apart {
    refusals: u32,
    at: Option<DateTime<Utc>>,
    /// Who has it already.
    had_by: BTreeSet<Address>,
}

impl Outbox {
    /// Takes over what the journal kept.
    pub fn kept(mails: Vec<Mail>) -> Self {
        Self { mails, ..Self::default() }
    }

    /// Adds a mail; returns how many were dropped for it.
    pub fn add(&mut self, mail: Mail) -> usize {
        self.unsaved.insert(mail.id.clone());
        self.mails.push(mail);
        let surplus = self.mails.len().saturating_sub(MAILS_MAX);
        for _ in 0..surplus {
            let lesser = self.mails.iter().position(|mail| mail.occasion != Occasion::First);
            let id = self.mails[lesser.unwrap_or_default()].id.clone();
            self.done(&id);
        }
        surplus
    }

    /// Forgets every mail; returns how many there were.
    pub fn clear(&mut self) -> usize {
        let ids: Vec<String> = self.mails.iter().map(|mail| mail.id.clone()).collect();
        ids.iter().for_each(|id| self.done(id));
        ids.len()
    }

    /// Returns how many mails wait.
    pub fn count(&self) -> usize {
        self.mails.len()
    }

    /// Returns the next mail to be sent, and who has it already.
    pub fn next(&self, now: DateTime<Utc>) -> Option<(&Mail, BTreeSet<Address>)> {
        if self.server_at.is_some_and(|at| at > now) {
            return None;
        }
        let is_due = |mail: &&Mail| self.mail_at(mail).is_none_or(|at| at <= now);
        let mail = self.mails.iter().find(is_due)?;
        let had_by = self.apart.get(&mail.id).map(|apart| apart.had_by.clone()).unwrap_or_default();
        Some((mail, had_by))
    }

    /// Returns when something can be sent next; nothing when nothing waits.
    pub fn next_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = self.mails.iter().map(|mail| self.mail_at(mail).unwrap_or(now)).min()?;
        Some(self.server_at.map_or(first, |at| at.max(first)))
    }

    /// A mail is sent, or dropped.
    pub fn done(&mut self, id: &str) {
        self.mails.retain(|mail| mail.id != id);
        self.apart.remove(id);
        self.unsaved.insert(id.to_owned());
    }

    /// One of those who are to have a mail has it.
    pub fn had_by(&mut self, id: &str, address: Address) {
        self.apart.entry(id.to_owned()).or_default().had_by.insert(address);
    }

    /// The server can be used; returns whether it could not before.
    pub fn server_works(&mut self) -> bool {
        self.server_at = None;
        std::mem::take(&mut self.failures) > 0
    }

    /// The server cannot be used; returns whether that is news. `jitter` shortens the wait by up to a quarter.
    pub fn server_fails(&mut self, now: DateTime<Utc>, jitter: u8) -> bool {
        self.server_at = Some(now + wait(SERVER_WAITS, self.failures, jitter));
        self.failures = self.failures.saturating_add(1);
        self.failures == 1
    }

    /// A mail is refused by itself; returns whether that is news.
    pub fn refuse(&mut self, id: &str, now: DateTime<Utc>, jitter: u8) -> bool {
        let apart = self.apart.entry(id.to_owned()).or_default();
        apart.at = Some(now + wait(MAIL_WAITS, apart.refusals, jitter));
        apart.refusals = apart.refusals.saturating_add(1);
        apart.refusals == 1
    }

    /// Tries everything at once: another server may take it, and a clock that was set back set all deadlines too late.
    pub fn try_at_once(&mut self) {
        self.server_at = None;
        for apart in self.apart.values_mut() {
            apart.at = None;
        }
    }

    /// Returns what the journal is to be told.
    pub fn unsaved(&self) -> Vec<Record> {
        let record = |id: &String| match self.mails.iter().find(|mail| mail.id == *id) {
            Some(mail) => Record::Mail(mail.clone()),
            None => Record::ForgetMail(id.clone()),
        };
        self.unsaved.iter().map(record).collect()
    }

    /// Notes that the journal knows everything.
    pub fn saved(&mut self) {
        self.unsaved.clear();
    }

    fn mail_at(&self, mail: &Mail) -> Option<DateTime<Utc>> {
        self.apart.get(&mail.id)?.at
    }
}

/// The doubled wait after so many failures, shortened by up to a quarter.
fn wait([first, longest]: [Duration; 2], failures: u32, jitter: u8) -> TimeDelta {
    let grown = first.saturating_mul(1 << failures.min(20)).min(longest);
    let shortened = grown - grown.mul_f64(f64::from(jitter) / 1024.0);
    TimeDelta::from_std(shortened).unwrap_or(TimeDelta::days(1))
}

#[cfg(test)]
mod tests;
