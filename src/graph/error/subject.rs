//! What an error is about: the permission that is missing, the look-up that was made, the list that is too long.

use std::fmt;

/// Whether an address that nobody signs in with was looked up, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedUp {
    /// It was not, or there is nothing to say about it.
    Not,
    /// The app may not.
    Forbidden,
    /// Nobody else has it as mail address.
    Nobody,
    /// Several have it.
    Several,
}

impl fmt::Display for LookedUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Not => "",
            Self::Forbidden => {
                "; somebody whose log-in name differs from the address is found only with the permission \
                 User.ReadBasic.All"
            }
            Self::Nobody => "; nobody with another log-in name has it as mail address either",
            Self::Several => "; several users have it as mail address, so that nobody knows who is meant",
        })
    }
}

/// What an app must have been granted; its `Display` form is the name in Microsoft Entra.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// To read calendars.
    Calendars,
    /// To list the categories of a mailbox.
    ListCategories,
    /// To create and remove categories of a mailbox.
    EditCategories,
    /// To find a user by mail address.
    Users,
}

impl Permission {
    /// Returns what cannot be done without it, after "failed to".
    pub(super) fn deed(self) -> &'static str {
        match self {
            Self::Calendars => "read the calendar",
            Self::ListCategories => "list the Outlook categories",
            Self::EditCategories => "change the Outlook categories",
            Self::Users => "find a user by mail address",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Calendars => "Calendars.ReadBasic.All or Calendars.Read for this mailbox",
            Self::ListCategories => {
                "MailboxSettings.Read for this mailbox, and to change them MailboxSettings.ReadWrite"
            }
            Self::EditCategories => "MailboxSettings.ReadWrite for this mailbox",
            Self::Users => "User.ReadBasic.All",
        })
    }
}

/// What a list is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Things {
    /// The entries of a calendar.
    Entries,
    /// The categories of a mailbox.
    Categories,
}

impl fmt::Display for Things {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Entries => "entries",
            Self::Categories => "categories",
        })
    }
}
