//! Redirects: where calls to one called number go at once (trigger ALWAYS), and what the PBX says of such a record.
//!
//! BUSY and TIMEOUT redirects are no part of it: they are never touched. Nothing here fails.

use std::borrow::Cow;

use super::CalledNumber;

/// What kind of place a redirect leads to, by STARFACE's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DestinationKind {
    /// `PHONENUMBER`: the destination is a telephone number.
    Number,
    /// `VOICEMAIL`: the destination is the id of a voicemail box.
    Mailbox,
    /// A name that a later STARFACE may bring; kept so that it can be put back.
    Other(String),
}

impl DestinationKind {
    /// Returns STARFACE's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Number => "PHONENUMBER",
            Self::Mailbox => "VOICEMAIL",
            Self::Other(name) => name,
        }
    }

    /// Returns the kind with STARFACE's name, whatever its case.
    pub fn named(name: &str) -> Self {
        let name = name.trim();
        [Self::Number, Self::Mailbox]
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

/// The setting of one called number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Whether calls are redirected at all.
    pub enabled: bool,
    /// What kind of place they go to.
    pub kind: DestinationKind,
    /// The place itself, exactly as the PBX shows it; may be empty while nothing is redirected.
    pub destination: String,
}

impl Redirect {
    /// Makes one that sends calls to a telephone number.
    pub fn to_number(number: impl Into<String>) -> Self {
        Self { enabled: true, kind: DestinationKind::Number, destination: number.into() }
    }

    /// Makes one that sends calls to a voicemail box.
    pub fn to_mailbox(id: impl Into<String>) -> Self {
        Self { enabled: true, kind: DestinationKind::Mailbox, destination: id.into() }
    }

    /// Makes one that redirects nothing and leads nowhere.
    pub fn none() -> Self {
        Self { enabled: false, kind: DestinationKind::Number, destination: String::new() }
    }

    /// Returns whether both do the same to a call and look the same to a person.
    pub fn looks_like(&self, other: &Self) -> bool {
        self.enabled == other.enabled && self.kind == other.kind && self.normalised() == other.normalised()
    }

    /// Returns the redirect in words, for people to read.
    pub fn words(&self) -> String {
        let place = match (&self.kind, self.destination.trim()) {
            (_, "") => return if self.enabled { "on, without a destination" } else { "off" }.to_owned(),
            (DestinationKind::Number, number) => number.to_owned(),
            (DestinationKind::Mailbox, id) => format!("voicemail {id}"),
            (DestinationKind::Other(name), place) => format!("{name} {place}"),
        };
        if self.enabled { place } else { format!("off ({place})") }
    }

    /// The destination as it is compared: a number without what separates its digits and with `00` for `+`.
    fn normalised(&self) -> Cow<'_, str> {
        let trimmed = self.destination.trim();
        if self.kind != DestinationKind::Number {
            return trimmed.into();
        }
        let separates = |sign: char| sign.is_whitespace() || "()/.-".contains(sign);
        let bare: String = trimmed.chars().filter(|sign| !separates(*sign)).collect();
        match bare.strip_prefix('+') {
            Some(rest) => format!("00{rest}").into(),
            None => bare.into(),
        }
    }
}

/// Whose a called number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// The member's own.
    Own,
    /// A group's that the member belongs to.
    Group,
}

/// What the PBX showed of one called number of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectRecord {
    /// The called number.
    pub number: CalledNumber,
    /// Whose it is.
    pub ownership: Ownership,
    /// Its setting.
    pub redirect: Redirect,
    /// The voicemail box it led to last; the PBX keeps that by itself.
    pub last_mailbox: Option<String>,
    /// The ids of the voicemail boxes that the account may choose, ordered by their value, as the PBX gives them in no
    /// order.
    pub mailboxes: Vec<String>,
}

impl RedirectRecord {
    /// Returns the voicemail box for calls to this number: the one that the setting below ours points to, else the one
    /// pointed to last, else the first offered. A box that is not offered is passed over while any is.
    pub fn mailbox<'a>(&'a self, under: &'a Redirect) -> Option<&'a str> {
        let set = (under.kind == DestinationKind::Mailbox).then_some(under.destination.as_str());
        let mut known = [set, self.last_mailbox.as_deref()].into_iter().flatten().filter(|id| !id.trim().is_empty());
        if self.mailboxes.is_empty() {
            return known.next();
        }
        let is_offered = |id: &&str| self.mailboxes.iter().any(|offered| offered == id);
        known.find(is_offered).or(self.mailboxes.first().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(destination: &str) -> Redirect {
        Redirect::to_number(destination)
    }

    #[test]
    fn redirects_are_compared_by_what_they_do_to_a_call() {
        #[track_caller]
        fn case(one: &Redirect, two: &Redirect, alike: bool) {
            assert_eq!(one.looks_like(two), alike, "{} / {}", one.words(), two.words());
            assert_eq!(two.looks_like(one), alike, "{} / {}", two.words(), one.words());
        }
        case(&number("0041712345689"), &number("+41 71 234 56 89"), true);
        case(&number("0041712345689"), &number("0041 (71) 234-56/89 "), true);
        case(&number("0041712345689"), &number("0712345689"), false);
        case(&number("3"), &Redirect::to_mailbox("3"), false);
        case(&Redirect::to_mailbox("3"), &Redirect::to_mailbox(" 3 "), true);
        case(&number("210"), &Redirect { enabled: false, ..number("210") }, false);
        case(&number("210"), &number("211"), false);
        case(&Redirect::to_mailbox("3"), &Redirect::to_mailbox("4"), false);
        case(&Redirect::to_mailbox("3"), &Redirect::to_mailbox("(3)"), false);
        case(&Redirect::none(), &Redirect { enabled: false, ..number("") }, true);
    }

    #[test]
    fn a_redirect_is_told_in_words() {
        #[track_caller]
        fn case(redirect: &Redirect, words: &str) {
            assert_eq!(redirect.words(), words);
        }
        case(&number("0041712345689"), "0041712345689");
        case(&Redirect::to_mailbox("3"), "voicemail 3");
        case(&Redirect::none(), "off");
        case(&Redirect { enabled: false, ..number("210") }, "off (210)");
        case(&Redirect { enabled: false, ..Redirect::to_mailbox("3") }, "off (voicemail 3)");
        case(&number(""), "on, without a destination");
        let other = Redirect { kind: DestinationKind::named("FAX"), ..number("7") };
        case(&other, "FAX 7");
    }

    #[test]
    fn a_kind_is_known_by_its_name_in_any_case() {
        assert_eq!(DestinationKind::named(" phonenumber "), DestinationKind::Number);
        assert_eq!(DestinationKind::named("VOICEMAIL"), DestinationKind::Mailbox);
        assert_eq!(DestinationKind::named("Moon"), DestinationKind::Other("Moon".to_owned()));
    }

    #[test]
    fn the_mailbox_is_the_one_set_else_the_last_else_the_first_offered() {
        #[track_caller]
        fn case(under: &Redirect, last: Option<&str>, offered: &[&str], expected: Option<&str>) {
            let record = RedirectRecord {
                number: "210".parse().unwrap(),
                ownership: Ownership::Own,
                redirect: under.clone(),
                last_mailbox: last.map(str::to_owned),
                mailboxes: offered.iter().map(|id| (*id).to_owned()).collect(),
            };
            assert_eq!(record.mailbox(under), expected);
        }
        let off = Redirect { enabled: false, ..Redirect::to_mailbox("3") };
        case(&off, Some("4"), &["2", "3", "4"], Some("3"));
        case(&number("210"), Some("4"), &["2", "3", "4"], Some("4"));
        case(&number("210"), None, &["2", "3", "4"], Some("2"));
        case(&number("210"), Some(""), &["2"], Some("2"));
        case(&off, Some("4"), &["2", "4"], Some("4"));
        case(&off, Some("9"), &["2"], Some("2"));
        case(&off, Some("9"), &[], Some("3"));
        case(&number("210"), Some("9"), &[], Some("9"));
        case(&number("210"), None, &[], None);
    }
}
