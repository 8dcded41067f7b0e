//! Writes of states: `applyStates`, with all fields of one account in one call.

use std::collections::BTreeMap;

use dxr::Value as Wire;

use super::{Call, EntryPoint, Item, back};
use crate::pbx::PbxError;
use crate::pbx::module::XmlRpc;
use crate::pbx::module::call::{Params, text};
use crate::pbx::module::data::Data;
use crate::pbx::module::portion::Portion;
use crate::rules::{AccountId, Deed, Dnd, Field, Presence, StatusText, Step, Telephony, Value};

/// `applyStates`.
pub(super) struct States;

/// The items of one account.
type Account<'a> = Vec<Item<'a>>;

/// Accounts whose items may be under way at one time.
pub(super) type Wave<'a> = Vec<Account<'a>>;

/// Puts the steps on states of each account together, as far as one call has room: one step per field, and one instant
/// after which the module puts things back. What does not fit goes in a later wave.
pub(super) fn waves(steps: &[Step]) -> Vec<Wave<'_>> {
    let mut waves: Vec<BTreeMap<AccountId, Account<'_>>> = Vec::new();
    for item in steps.iter().enumerate().filter_map(|(place, step)| item(place, step)) {
        let fits = |wave: &BTreeMap<AccountId, Account<'_>>| {
            let others = wave.get(&item.step.account);
            others.is_none_or(|others| others.iter().all(|other| may_share_a_call(&item, other)))
        };
        let number = waves.iter().position(fits).unwrap_or(waves.len());
        if number == waves.len() {
            waves.push(BTreeMap::new());
        }
        waves[number].entry(item.step.account).or_default().push(item);
    }
    waves.into_iter().map(|wave| wave.into_values().collect()).collect()
}

/// Makes calls about at most so many accounts each.
pub(super) fn calls(wave: Wave<'_>, accounts_max: usize) -> Vec<Call<'_>> {
    let mut accounts = wave.into_iter();
    let calls = std::iter::from_fn(|| {
        let portion: Wave<'_> = accounts.by_ref().take(accounts_max).collect();
        let size = portion.len();
        (size > 0).then(|| Call { items: portion.into_iter().flatten().collect(), size })
    });
    calls.collect()
}

/// Takes a step; `None` when it is on a redirect.
fn item(place: usize, step: &Step) -> Option<Item<'_>> {
    Some(Item { place, step, name: name(step.field())?.to_owned() })
}

fn may_share_a_call(one: &Item<'_>, other: &Item<'_>) -> bool {
    let after = |item: &Item<'_>| back(item.step).map(|back| back.after);
    let same_after = after(one).is_none() || after(other).is_none() || after(one) == after(other);
    one.name != other.name && same_after
}

impl EntryPoint for States {
    const NAME: &'static str = "applyStates";

    fn portion(client: &XmlRpc) -> &Portion {
        &client.portions.states
    }

    fn tell(item: &Item<'_>, account: &mut Params) {
        let name = &item.name;
        match &item.step.deed {
            Deed::Write { value, expect, .. } => {
                account.extend(member(name.clone(), value));
                account.extend(expect.as_ref().and_then(|expect| member(format!("expect.{name}"), expect)));
            }
            Deed::Forget(_) => account.extend([(format!("forget.{name}"), text("true"))]),
            Deed::Remember(_) => {}
        }
        if let Some(back) = back(item.step) {
            account.extend(member(format!("back.{name}"), &back.value));
            account.insert("backAfter".to_owned(), text(back.after.timestamp().to_string()));
        }
    }

    fn seen(step: &Step, answer: &Data) -> Result<Option<Value>, PbxError> {
        Ok(answer.text("seen")?.and_then(|seen| value(step.field(), seen)))
    }
}

/// Returns a field's name on the wire; a redirect has none here.
fn name(field: Field) -> Option<&'static str> {
    match field {
        Field::Presence => Some("chatPresence"),
        Field::Text => Some("chatPresenceMessage"),
        Field::Indicator => Some("telephonyState"),
        Field::Dnd => Some("doNotDisturb"),
        Field::Redirect(_) => None,
    }
}

fn member(name: String, value: &Value) -> Option<(String, Wire)> {
    Some((name, text(words(value)?)))
}

fn words(value: &Value) -> Option<&str> {
    match value {
        Value::Presence(presence) => Some(presence.name()),
        Value::Text(text) => Some(&text.0),
        Value::Indicator(telephony) => Some(telephony.name()),
        Value::Dnd(dnd) => Some(dnd.word()),
        Value::Redirect(..) => None,
    }
}

/// Reads a value; an empty state is not shown back.
fn value(field: Field, seen: String) -> Option<Value> {
    match field {
        Field::Text => Some(Value::Text(StatusText(seen))),
        _ if seen.trim().is_empty() => None,
        Field::Presence => Some(Value::Presence(Presence::named(&seen))),
        Field::Indicator => Some(Value::Indicator(Telephony::named(&seen))),
        Field::Dnd => Dnd::worded(&seen).map(Value::Dnd),
        Field::Redirect(_) => None,
    }
}
