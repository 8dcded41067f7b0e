//! What members show right now.

use dxr::Value;

use super::XmlRpc;
use super::data::Data;
use super::question::Question;
use crate::pbx::States;
use crate::rules::{AccountId, Call, Dnd, Presence, Seen, StatusText, Telephony};

/// Reads the state of accounts.
pub(super) async fn read(client: &XmlRpc, accounts: &[AccountId]) -> States {
    let question = Question { client, method: "getStates", portion: &client.portions.states, read: seen };
    let (seen, errors) = question.ask(accounts).await;
    States { seen, errors }
}

pub(super) fn seen(value: Value) -> Option<Seen> {
    let state = Data::new(value, "a state").ok()?;
    let presence = state.text("chatPresence").ok()??;
    let text = state.text("chatPresenceMessage").ok()??;
    if presence.trim().is_empty() {
        return None;
    }
    let telephony = state.text("telephonyState").ok()?.filter(|name| !name.trim().is_empty());
    let in_call = state.text("inCall").ok()?.unwrap_or_default();
    Some(Seen {
        presence: Presence::named(&presence),
        text: StatusText(text),
        telephony: telephony.map(|name| Telephony::named(&name)),
        dnd: state.text("doNotDisturb").ok()?.and_then(|word| Dnd::worded(&word)),
        call: match in_call.trim() {
            "true" => Call::UnderWay,
            "false" => Call::None,
            _ => Call::Unknown,
        },
    })
}
