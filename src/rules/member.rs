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

/// Returns the account that `id:1010` names.
pub fn account_named(text: &str) -> Option<AccountId> {
    text.trim().strip_prefix("id:")?.parse().ok()
}

/// Returns the members that a text names: by `id:1010`, or by their login or e-mail address. More than one may bear the
/// same address, or one's login be spelt like another's address.
pub fn named<'a>(members: impl IntoIterator<Item = &'a Member>, text: &str) -> Vec<&'a Member> {
    let text = text.trim();
    let account = account_named(text);
    let address: Option<Address> = text.parse().ok();
    let is_meant = |member: &&Member| match account {
        Some(account) => member.account == account,
        None => member.login.0 == text || (address.is_some() && member.address == address),
    };
    members.into_iter().filter(is_meant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(account: u32, login: &str, address: &str) -> Member {
        let (account, login) = (AccountId(account), Login(login.to_owned()));
        Member { account, login, name: String::new(), address: address.parse().ok() }
    }

    #[track_caller]
    fn case(text: &str, accounts: &[u32]) {
        let members = [
            member(1010, "0010", "anna@firma.example"),
            member(1011, "0011", "empfang@firma.example"),
            member(1012, "1010", "Empfang@Firma.example"),
            member(1013, "0013", ""),
        ];
        let found: Vec<u32> = named(&members, text).iter().map(|member| member.account.0).collect();
        assert_eq!(found, accounts, "{text}");
    }

    #[test]
    fn a_member_is_named_by_login_address_or_account() {
        case("0010", &[1010]);
        case(" 0013 ", &[1013]);
        case("Anna@firma.EXAMPLE", &[1010]);
        case("id:1011", &[1011]);
    }

    #[test]
    fn a_login_that_looks_like_an_account_is_a_login() {
        case("1010", &[1012]);
        case("id:1010", &[1010]);
    }

    #[test]
    fn an_address_that_two_members_share_names_both() {
        case("empfang@firma.example", &[1011, 1012]);
    }

    #[test]
    fn whatever_else_is_said_names_nobody() {
        case("", &[]);
        case("anna", &[]);
        case("10", &[]);
        case("id:", &[]);
        case("id:-1", &[]);
        case("id:0010x", &[]);
    }

    #[test]
    fn accounts_logins_and_addresses_are_written_as_they_are_named() {
        let anna = member(1010, "0010", " Anna@Firma.example ");
        assert_eq!(anna.account.to_string(), "1010");
        assert_eq!(anna.login.to_string(), "0010");
        let address = anna.address.unwrap();
        assert_eq!((address.to_string().as_str(), address.as_str()), ("anna@firma.example", "anna@firma.example"));
        assert_eq!(" 1010 ".parse(), Ok(AccountId(1010)));
    }

    #[test]
    fn what_is_no_address_is_refused_in_words() {
        for text in ["", "anna", "@firma.example", "anna@", "an na@firma.example", "anna@firma\u{7}.example"] {
            assert_eq!(text.parse::<Address>().unwrap_err().to_string(), "not an e-mail address", "{text:?}");
        }
    }
}
