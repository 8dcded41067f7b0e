//! The accounts of a simulated PBX: who they are and what they show.

use crate::rules::AccountId;

/// A user of the PBX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account id.
    pub account: AccountId,
    /// The log-in name.
    pub login: String,
    /// The first name.
    pub first_name: String,
    /// The family name.
    pub family_name: String,
    /// The e-mail address; empty when the administrator entered none.
    pub email: String,
}

/// One field of an account's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateField {
    /// `chatPresence`
    ChatPresence,
    /// `chatPresenceMessage`
    ChatPresenceMessage,
    /// `telephonyState`
    TelephonyState,
    /// `doNotDisturb`
    DoNotDisturb,
    /// `inCall`; nobody writes it, calls do.
    InCall,
}

/// What an account shows, exactly as `getStates` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// `chatPresence`
    pub chat_presence: String,
    /// `chatPresenceMessage`
    pub chat_presence_message: String,
    /// `telephonyState`
    pub telephony_state: String,
    /// `doNotDisturb`
    pub do_not_disturb: String,
    /// `inCall`
    pub in_call: String,
}

const CHAT_PRESENCES: [&str; 6] =
    ["AVAILABLE", "AWAY", "DO_NOT_DISTURB", "EXTENDED_AWAY", "FREE_FOR_CHAT", "UNAVAILABLE"];

const TELEPHONY_STATES: [&str; 5] = ["ACTIVE", "AVAILABLE", "QUEUE_PAUSE", "RINGING", "UNAVAILABLE"];

impl StateField {
    /// Every field.
    pub const ALL: [Self; 5] =
        [Self::ChatPresence, Self::ChatPresenceMessage, Self::TelephonyState, Self::DoNotDisturb, Self::InCall];

    /// Returns the field's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChatPresence => "chatPresence",
            Self::ChatPresenceMessage => "chatPresenceMessage",
            Self::TelephonyState => "telephonyState",
            Self::DoNotDisturb => "doNotDisturb",
            Self::InCall => "inCall",
        }
    }

    /// Returns the field that `applyStates` may write under this name.
    pub(crate) fn writable(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name && *field != Self::InCall)
    }

    /// Returns whether a PBX knows this value.
    pub(crate) fn knows(self, value: &str) -> bool {
        match self {
            Self::ChatPresence => CHAT_PRESENCES.contains(&value),
            Self::ChatPresenceMessage => true,
            Self::TelephonyState => TELEPHONY_STATES.contains(&value),
            Self::DoNotDisturb | Self::InCall => ["true", "false"].contains(&value),
        }
    }
}

impl Shown {
    /// Returns what an account shows after a start of the PBX that remembers only do-not-disturb.
    pub(crate) fn fresh(do_not_disturb: &str) -> Self {
        Self {
            chat_presence: "AVAILABLE".to_owned(),
            chat_presence_message: String::new(),
            telephony_state: "AVAILABLE".to_owned(),
            do_not_disturb: do_not_disturb.to_owned(),
            in_call: "false".to_owned(),
        }
    }

    /// Returns the value of a field.
    pub fn value(&self, field: StateField) -> &str {
        match field {
            StateField::ChatPresence => &self.chat_presence,
            StateField::ChatPresenceMessage => &self.chat_presence_message,
            StateField::TelephonyState => &self.telephony_state,
            StateField::DoNotDisturb => &self.do_not_disturb,
            StateField::InCall => &self.in_call,
        }
    }

    /// Replaces the value of a field and returns the one before.
    pub(crate) fn replace(&mut self, field: StateField, value: &str) -> String {
        let place = match field {
            StateField::ChatPresence => &mut self.chat_presence,
            StateField::ChatPresenceMessage => &mut self.chat_presence_message,
            StateField::TelephonyState => &mut self.telephony_state,
            StateField::DoNotDisturb => &mut self.do_not_disturb,
            StateField::InCall => &mut self.in_call,
        };
        std::mem::replace(place, value.to_owned())
    }
}
