//! Who is followed: a STARFACE user of the configured group and the mailbox found by the user's e-mail address.

use std::fmt;
use std::str::FromStr;

/// The integer account id that STARFACE gives a user, group or module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub u32);

impl fmt::Display for AccountId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for AccountId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim().parse().map(Self)
    }
}

/// The login id of a STARFACE user, such as `0001`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Login(pub String);

impl fmt::Display for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// An e-mail address, trimmed and in lower case, so that two spellings of one mailbox are one value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(String);

/// Says that a text is no e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl fmt::Display for NotAnAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not an e-mail address")
    }
}

impl std::error::Error for NotAnAddress {}

impl Address {
    /// Returns the address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    /// Accepts `local@domain` without blanks or control characters; what a mail system makes of it is its own affair.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnAddress)?;
        let clean = |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control());
        if clean(local) && clean(domain) { Ok(Self(text.to_lowercase())) } else { Err(NotAnAddress) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A STARFACE user of the configured group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The account that every call to the PBX names.
    pub account: AccountId,
    /// The login, which tells whether an account id still belongs to the same person.
    pub login: Login,
    /// First and family name, for people to read.
    pub name: String,
    /// The mailbox's address; without one there is no calendar to follow.
    pub address: Option<Address>,
}
