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
    /// The function-key colour that others see.
    Indicator,
    /// Do not disturb.
    Dnd,
}

impl Field {
    /// Every field, in the order in which steps of one member are written.
    pub const ALL: [Self; 4] = [Self::Presence, Self::Text, Self::Indicator, Self::Dnd];

    /// Returns the field's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Text => "text",
            Self::Indicator => "indicator",
            Self::Dnd => "dnd",
        }
    }

    /// Returns whether a restart of the PBX loses what the field showed. DND is in its database.
    pub fn is_lost_by_restart(self) -> bool {
        self != Self::Dnd
    }

    /// Returns the field with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Returns what a member shows whose own value nobody knows: available, no text, and DND off.
    pub fn neutral(self) -> Value {
        match self {
            Self::Presence => Value::Presence(Presence::Available),
            Self::Text => Value::Text(StatusText::default()),
            Self::Indicator => Value::Indicator(Telephony::Available),
            Self::Dnd => Value::Dnd(Dnd::Off),
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
    /// Of [`Field::Indicator`].
    Indicator(Telephony),
    /// Of [`Field::Dnd`].
    Dnd(Dnd),
}

impl Value {
    /// Returns the field that has such values.
    pub fn field(&self) -> Field {
        match self {
            Self::Presence(_) => Field::Presence,
            Self::Text(_) => Field::Text,
            Self::Indicator(_) => Field::Indicator,
            Self::Dnd(_) => Field::Dnd,
        }
    }

    /// Returns the value in words, for people to read.
    pub fn words(&self) -> &str {
        match self {
            Self::Presence(presence) => presence.name(),
            Self::Text(text) => &text.0,
            Self::Indicator(telephony) => telephony.name(),
            Self::Dnd(Dnd::On) => "on",
            Self::Dnd(Dnd::Off) => "off",
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
    /// Telephony state; `None` where the PBX cannot tell.
    pub telephony: Option<Telephony>,
    /// Do not disturb; `None` where the PBX did not say.
    pub dnd: Option<Dnd>,
    /// Whether the member is in a call.
    pub call: Call,
}

impl Seen {
    /// Returns the value of a field; `None` when it is not known.
    pub fn value(&self, field: Field) -> Option<Value> {
        match field {
            Field::Presence => Some(Value::Presence(self.presence.clone())),
            Field::Text => Some(Value::Text(self.text.clone())),
            Field::Indicator => self.telephony.clone().map(Value::Indicator),
            Field::Dnd => self.dnd.map(Value::Dnd),
        }
    }
}
