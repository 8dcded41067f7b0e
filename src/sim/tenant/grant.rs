//! What the app was granted besides reading calendars, which it always may.

use super::reply::Refusal;

/// A permission that a test may withdraw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// `MailboxSettings.Read`: lists of categories.
    ReadMailboxSettings,
    /// `MailboxSettings.ReadWrite`: lists of categories, and changes of them.
    WriteMailboxSettings,
    /// `User.ReadBasic.All`: who has a mail address.
    ReadUsers,
}

impl Grant {
    /// Everything that the program can make use of.
    pub(crate) const ALL: [Self; 3] = [Self::ReadMailboxSettings, Self::WriteMailboxSettings, Self::ReadUsers];
}

/// Refuses what was not granted.
pub(crate) fn refused() -> Refusal {
    Refusal::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}
