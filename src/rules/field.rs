//! The fields of a member that an overlay can cover, and their values.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// One field of a member. Its name is the one in logs, pages, metrics and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Chat presence.
    Presence,
    /// Status text.
    Text,
}

impl Field {
    /// Every field, in the order in which steps of one member are written.
    pub const ALL: [Self; 2] = [Self::Presence, Self::Text];

    /// Returns the field's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Text => "text",
        }
    }

    /// Returns the field with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Returns what a member shows whose own value nobody knows: available, and no text.
    pub fn neutral(self) -> Value {
        match self {
            Self::Presence => Value::Presence(Presence::Available),
            Self::Text => Value::Text(StatusText::default()),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
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

/// A status text exactly as the PBX shows it. Hidden in `Debug`: it may hold an entry's title.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct StatusText(pub String);

impl StatusText {
    /// Returns the text as people see it: NFC, runs of blanks as one blank, ends trimmed.
    pub fn normalised(&self) -> String {
        let composed: String = self.0.nfc().collect();
        composed.split_whitespace().collect::<Vec<_>>().join(" ")
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
}

impl Value {
    /// Returns the field that has such values.
    pub fn field(&self) -> Field {
        match self {
            Self::Presence(_) => Field::Presence,
            Self::Text(_) => Field::Text,
        }
    }

    /// Returns whether both look the same to a person: texts are compared normalised, the rest exactly.
    pub fn looks_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => one == two || one.normalised() == two.normalised(),
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
}

impl Seen {
    /// Returns the value of a field.
    pub fn value(&self, field: Field) -> Value {
        match field {
            Field::Presence => Value::Presence(self.presence.clone()),
            Field::Text => Value::Text(self.text.clone()),
        }
    }
}
