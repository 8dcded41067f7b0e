//! The fields of a member that an overlay can cover, and their values.

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{CalledNumber, Redirect};

#[cfg(test)]
mod tests;

/// One field of a member. Its name is the one in logs, pages, metrics and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Chat presence.
    Presence,
    /// Status text.
    Text,
    /// The function-key colour that others see.
    Indicator,
    /// Do not disturb.
    Dnd,
    /// Where calls to this number go at once. A number that several members share is one field of them all.
    Redirect(CalledNumber),
}

/// A kind of fields; each called number is a field of its own, and of one kind with all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldKind {
    /// Of [`Field::Presence`].
    Presence,
    /// Of [`Field::Text`].
    Text,
    /// Of [`Field::Indicator`].
    Indicator,
    /// Of [`Field::Dnd`].
    Dnd,
    /// Of every [`Field::Redirect`].
    Redirect,
}

impl FieldKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Presence, Self::Text, Self::Indicator, Self::Dnd, Self::Redirect];
}

impl Field {
    /// The fields of a member's state, which are read and written together, in the order in which they are written.
    pub const OF_STATE: [Self; 4] = [Self::Presence, Self::Text, Self::Indicator, Self::Dnd];

    /// Returns the field's name; every called number's is the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Text => "text",
            Self::Indicator => "indicator",
            Self::Dnd => "dnd",
            Self::Redirect(_) => "redirect",
        }
    }

    /// Returns the field's kind.
    pub fn kind(self) -> FieldKind {
        match self {
            Self::Presence => FieldKind::Presence,
            Self::Text => FieldKind::Text,
            Self::Indicator => FieldKind::Indicator,
            Self::Dnd => FieldKind::Dnd,
            Self::Redirect(_) => FieldKind::Redirect,
        }
    }

    /// Returns the called number of a redirect.
    pub fn number(self) -> Option<CalledNumber> {
        match self {
            Self::Redirect(number) => Some(number),
            _ => None,
        }
    }

    /// Returns whether a restart of the PBX loses what the field showed. DND and redirects are in its database.
    pub fn is_lost_by_restart(self) -> bool {
        !matches!(self, Self::Dnd | Self::Redirect(_))
    }

    /// Returns the field with this name, and this called number if it is a redirect.
    pub fn named(name: &str, number: Option<&str>) -> Option<Self> {
        match number {
            None => Self::OF_STATE.into_iter().find(|field| field.name() == name),
            Some(number) => Some(Self::Redirect(number.parse().ok()?)).filter(|field| field.name() == name),
        }
    }

    /// Returns what a member shows whose own value nobody knows: available, no text, DND off, and no redirect.
    pub fn neutral(self) -> Value {
        match self {
            Self::Presence => Value::Presence(Presence::Available),
            Self::Text => Value::Text(StatusText::default()),
            Self::Indicator => Value::Indicator(Telephony::Available),
            Self::Dnd => Value::Dnd(Dnd::Off),
            Self::Redirect(number) => Value::Redirect(number, Redirect::none()),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())?;
        match self.number() {
            Some(number) => write!(formatter, " of {number}"),
            None => Ok(()),
        }
    }
}

/// Chat presence, by STARFACE's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// `AVAILABLE`
    Available,
    /// `AWAY`
    Away,
    /// `DO_NOT_DISTURB`
    DoNotDisturb,
    /// `EXTENDED_AWAY`
    ExtendedAway,
    /// `FREE_FOR_CHAT`
    FreeForChat,
    /// `UNAVAILABLE`
    Unavailable,
    /// A name that a later STARFACE may bring; kept so that it can be put back.
    Other(String),
}

impl Presence {
    /// Returns STARFACE's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Away => "AWAY",
            Self::DoNotDisturb => "DO_NOT_DISTURB",
            Self::ExtendedAway => "EXTENDED_AWAY",
            Self::FreeForChat => "FREE_FOR_CHAT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Other(name) => name,
        }
    }

    /// Returns the presence with STARFACE's name, whatever its case.
    pub fn named(name: &str) -> Self {
        let known =
            [Self::Available, Self::Away, Self::DoNotDisturb, Self::ExtendedAway, Self::FreeForChat, Self::Unavailable];
        let name = name.trim();
        known
            .into_iter()
            .find(|presence| presence.name().eq_ignore_ascii_case(name))
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

/// Telephony state, by STARFACE's names; the indicator is one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Telephony {
    /// `ACTIVE`: in a call; function keys are red.
    Active,
    /// `AVAILABLE`
    Available,
    /// `QUEUE_PAUSE`: function keys are blue in the client.
    QueuePause,
    /// `RINGING`
    Ringing,
    /// `UNAVAILABLE`
    Unavailable,
    /// A name that a later STARFACE may bring.
    Other(String),
}

impl Telephony {
    /// Returns STARFACE's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Active => "ACTIVE",
            Self::Available => "AVAILABLE",
            Self::QueuePause => "QUEUE_PAUSE",
            Self::Ringing => "RINGING",
            Self::Unavailable => "UNAVAILABLE",
            Self::Other(name) => name,
        }
    }

    /// Returns the state with STARFACE's name, whatever its case.
    pub fn named(name: &str) -> Self {
        let known = [Self::Active, Self::Available, Self::QueuePause, Self::Ringing, Self::Unavailable];
        let name = name.trim();
        known
            .into_iter()
            .find(|state| state.name().eq_ignore_ascii_case(name))
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

/// Do not disturb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dnd {
    /// No telephone rings.
    On,
    /// Calls come through.
    Off,
}

impl Dnd {
    /// Returns the word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::On => "true",
            Self::Off => "false",
        }
    }

    /// Returns the value with this word, whatever its case.
    pub fn worded(word: &str) -> Option<Self> {
        let word = word.trim();
        [Self::On, Self::Off].into_iter().find(|value| value.word().eq_ignore_ascii_case(word))
    }
}

/// Whether a member is in a call, where the PBX can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Call {
    /// Nobody knows.
    #[default]
    Unknown,
    /// In a call.
    UnderWay,
    /// In none.
    None,
}

/// A status text exactly as the PBX shows it. Hidden in `Debug`: it may hold an entry's title.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct StatusText(pub String);

impl StatusText {
    /// Returns the text as people see it: NFC, runs of blanks as one blank, ends trimmed.
    pub fn normalised(&self) -> Cow<'_, str> {
        if self.is_normal() {
            return Cow::Borrowed(&self.0);
        }
        let composed: String = self.0.nfc().collect();
        Cow::Owned(composed.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Whether it is as people see it already, as nearly every text is, as far as a quick look tells.
    fn is_normal(&self) -> bool {
        let mut before = ' ';
        for sign in self.0.chars() {
            if sign.is_whitespace() && (sign != ' ' || before == ' ') {
                return false;
            }
            before = sign;
        }
        (before != ' ' || self.0.is_empty()) && (self.0.is_ascii() || is_nfc_quick(self.0.chars()) == IsNormalized::Yes)
    }
}

impl fmt::Debug for StatusText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() { "StatusText(empty)" } else { "StatusText(…)" })
    }
}

/// The value of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Of [`Field::Presence`].
    Presence(Presence),
    /// Of [`Field::Text`].
    Text(StatusText),
    /// Of [`Field::Indicator`].
    Indicator(Telephony),
    /// Of [`Field::Dnd`].
    Dnd(Dnd),
    /// Of [`Field::Redirect`].
    Redirect(CalledNumber, Redirect),
}

impl Value {
    /// Returns the field that has such values.
    pub fn field(&self) -> Field {
        match self {
            Self::Presence(_) => Field::Presence,
            Self::Text(_) => Field::Text,
            Self::Indicator(_) => Field::Indicator,
            Self::Dnd(_) => Field::Dnd,
            Self::Redirect(number, _) => Field::Redirect(*number),
        }
    }

    /// Returns the value in words, for people to read.
    pub fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Presence(presence) => presence.name().into(),
            Self::Text(text) => text.0.as_str().into(),
            Self::Indicator(telephony) => telephony.name().into(),
            Self::Dnd(Dnd::On) => "on".into(),
            Self::Dnd(Dnd::Off) => "off".into(),
            Self::Redirect(_, redirect) => redirect.words().into(),
        }
    }

    /// Returns whether both look the same to a person: texts and destinations are compared normalised, the rest exactly.
    pub fn looks_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => one == two || one.normalised() == two.normalised(),
            (Self::Redirect(one, here), Self::Redirect(two, there)) => one == two && here.looks_like(there),
            (one, two) => one == two,
        }
    }
}

/// What the PBX showed of one member in one read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Chat presence.
    pub presence: Presence,
    /// Status text.
    pub text: StatusText,
    /// Telephony state; `None` where the PBX cannot tell.
    pub telephony: Option<Telephony>,
    /// Do not disturb; `None` where the PBX did not say.
    pub dnd: Option<Dnd>,
    /// Whether the member is in a call.
    pub call: Call,
}

impl Seen {
    /// Returns the value of a field; `None` when it is not known. Redirects are read apart.
    pub fn value(&self, field: Field) -> Option<Value> {
        match field {
            Field::Presence => Some(Value::Presence(self.presence.clone())),
            Field::Text => Some(Value::Text(self.text.clone())),
            Field::Indicator => self.telephony.clone().map(Value::Indicator),
            Field::Dnd => self.dnd.map(Value::Dnd),
            Field::Redirect(_) => None,
        }
    }
}
