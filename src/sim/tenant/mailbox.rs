//! A mailbox: whose it is, whether it may be read, its time zone, its calendar and its categories.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::appointment::{Appointment, AppointmentId, When};
use super::categories::Category;
use crate::rules::Address;

/// Whether a mailbox may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It may.
    Open,
    /// The administrator keeps the app out: 403 `ErrorAccessDenied`.
    Denied,
    /// There is no mailbox in Exchange Online: 404 `MailboxNotEnabledForRESTAPI`.
    NotEnabled,
}

/// One mailbox.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox {
    /// The id of its user.
    pub(crate) user_id: String,
    /// The mail address of its user, who may sign in with another name.
    pub(crate) mail: Address,
    pub(crate) access: Access,
    pub(crate) zone: Tz,
    pub(crate) calendar: BTreeMap<AppointmentId, Stored>,
    pub(crate) categories: Vec<Category>,
}

/// An appointment as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) appointment: Appointment,
    /// Rises with every change.
    pub(crate) revision: u32,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) changed_at: DateTime<Utc>,
}

impl Mailbox {
    pub(crate) fn new(mail: &Address, zone: Tz) -> Self {
        Self {
            user_id: Uuid::new_v4().to_string(),
            mail: mail.clone(),
            access: Access::Open,
            zone,
            calendar: BTreeMap::new(),
            categories: Vec::new(),
        }
    }

    /// Returns the appointments that touch the window, by start.
    pub(crate) fn view(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(&AppointmentId, &Stored)> {
        let mut found: Vec<_> = self
            .calendar
            .iter()
            .map(|(id, stored)| (self.instants(stored.appointment.when), id, stored))
            .filter(|((start, end), _, _)| *start < to && (*end > from || start == end && *start >= from))
            .collect();
        found.sort_by_key(|((start, _), id, _)| (*start, *id));
        found.into_iter().map(|(_, id, stored)| (id, stored)).collect()
    }

    /// Returns the stored instants: those of whole days are midnights in the mailbox's zone.
    fn instants(&self, when: When) -> (DateTime<Utc>, DateTime<Utc>) {
        match when {
            When::Timed { start, end } => (start, end),
            When::AllDay { first, until } => (self.midnight(first), self.midnight(until)),
        }
    }

    fn midnight(&self, day: NaiveDate) -> DateTime<Utc> {
        let local = day.and_time(NaiveTime::MIN);
        self.zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |instant| instant.to_utc())
    }
}
