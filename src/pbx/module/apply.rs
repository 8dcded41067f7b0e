//! Writes, each only over what it expects, and what became of each.

use std::collections::BTreeMap;

use dxr::Value as Wire;
use futures_util::{StreamExt, stream};

use super::XmlRpc;
use super::call::{Params, text};
use super::data::Data;
use super::fuse::Fuse;
use crate::pbx::{Applied, CALLS_MAX};
use crate::rules::{AccountId, Back, Deed, Dnd, Field, Outcome, Presence, StatusText, Step, Telephony, Value};

/// The steps of one account with their places in the caller's list.
type Account<'a> = Vec<(usize, &'a Step)>;

/// Carries steps out. A call that was not answered is never made again here: whether it took effect is for the next
/// read to tell.
pub(super) async fn write(client: &XmlRpc, steps: &[Step]) -> Applied {
    let fuse = Fuse::default();
    let mut outcomes = vec![Outcome::NotSent; steps.len()];
    // One wave after the other: two calls on one account at a time could arrive in the wrong order.
    for wave in waves(steps) {
        let calls: Vec<_> =
            wave.chunks(client.portion.accounts()).map(|portion| one_call(client, portion, &fuse)).collect();
        let answered: Vec<Vec<(usize, Outcome)>> = stream::iter(calls).buffer_unordered(CALLS_MAX).collect().await;
        for (place, outcome) in answered.into_iter().flatten() {
            outcomes[place] = outcome;
        }
    }
    Applied { outcomes, errors: fuse.into_errors() }
}

/// Puts the steps of each account together, as far as one call has room: one step per field, and one instant after
/// which the module puts things back. What does not fit goes in a later wave.
fn waves(steps: &[Step]) -> Vec<Vec<Account<'_>>> {
    let mut waves: Vec<BTreeMap<AccountId, Account<'_>>> = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let fits = |wave: &BTreeMap<AccountId, Account<'_>>| {
            wave.get(&step.account).is_none_or(|others| others.iter().all(|(_, other)| may_share_a_call(step, other)))
        };
        let number = waves.iter().position(fits).unwrap_or(waves.len());
        if number == waves.len() {
            waves.push(BTreeMap::new());
        }
        waves[number].entry(step.account).or_default().push((place, step));
    }
    waves.into_iter().map(|wave| wave.into_values().collect()).collect()
}

fn may_share_a_call(one: &Step, other: &Step) -> bool {
    let after = |step: &Step| back(step).map(|back| back.after);
    let same_after = after(one).is_none() || after(other).is_none() || after(one) == after(other);
    one.field() != other.field() && same_after
}

fn back(step: &Step) -> Option<&Back> {
    match &step.deed {
        Deed::Write { back, .. } => back.as_ref(),
        Deed::Remember(back) => Some(back),
        Deed::Forget(_) => None,
    }
}

async fn one_call(client: &XmlRpc, accounts: &[Account<'_>], fuse: &Fuse) -> Vec<(usize, Outcome)> {
    let all_as = |outcome: Outcome| {
        let steps = accounts.iter().flatten();
        steps.map(|(place, _)| (*place, outcome.clone())).collect()
    };
    if fuse.is_blown() {
        return all_as(Outcome::NotSent);
    }
    let hidden: Vec<&str> = accounts.iter().flatten().flat_map(|(_, step)| texts(step)).collect();
    match client.call("applyStates", params(accounts), &hidden).await {
        Ok(data) => {
            client.portion.learn_success(accounts.len());
            outcomes(client, accounts, data)
        }
        Err(error) => {
            client.portion.learn_failure(&error, accounts.len());
            let outcome = if error.may_be_done() { Outcome::Unanswered } else { Outcome::NotSent };
            fuse.note(error);
            all_as(outcome)
        }
    }
}

fn params(accounts: &[Account<'_>]) -> Params {
    accounts
        .iter()
        .filter_map(|steps| Some((steps.first()?.1.account, steps)))
        .map(|(account, steps)| {
            let members = steps.iter().flat_map(|(_, step)| members(step));
            (account.to_string(), Wire::Struct(members.collect()))
        })
        .collect()
}

/// What a call says of one step.
fn members(step: &Step) -> Vec<(String, Wire)> {
    let name = wire_name(step.field());
    let mut members = Vec::new();
    match &step.deed {
        Deed::Write { value, expect, .. } => {
            members.push((name.to_owned(), text(words(value))));
            members.extend(expect.as_ref().map(|expect| (format!("expect.{name}"), text(words(expect)))));
        }
        Deed::Forget(_) => members.push((format!("forget.{name}"), text("true"))),
        Deed::Remember(_) => {}
    }
    if let Some(back) = back(step) {
        members.push((format!("back.{name}"), text(words(&back.value))));
        members.push(("backAfter".to_owned(), text(back.after.timestamp().to_string())));
    }
    members
}

fn outcomes(client: &XmlRpc, accounts: &[Account<'_>], data: Data) -> Vec<(usize, Outcome)> {
    let mut answers: BTreeMap<AccountId, Data> = data
        .into_members()
        .filter_map(|(account, value)| Some((account.parse().ok()?, Data::new(value, "an account").ok()?)))
        .collect();
    accounts
        .iter()
        .flat_map(|steps| {
            let account = steps.first().map(|(_, step)| step.account);
            let answer = account.and_then(|account| answers.remove(&account));
            let answered = answer.is_some();
            let mut fields: BTreeMap<String, Wire> = answer.unwrap_or_default().into_members().collect();
            steps
                .iter()
                .map(|(place, step)| {
                    let field = fields.remove(wire_name(step.field()));
                    // Nothing is said of what the module only remembers or forgets.
                    let quiet = step.written().is_none() && answered && field.is_none();
                    let outcome = if quiet { Outcome::Done { seen: None } } else { outcome(client, step, field) };
                    (*place, outcome)
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Reads one field's outcome. One that is missing or cannot be read leaves the matter open.
fn outcome(client: &XmlRpc, step: &Step, answer: Option<Wire>) -> Outcome {
    let read = || {
        let answer = Data::new(answer?, "an outcome").ok()?;
        let seen = answer.text("seen").ok()?;
        let seen = seen.and_then(|seen| value(step.field(), seen));
        if answer.flag("ok").ok()? {
            return Some(Outcome::Done { seen });
        }
        let error = answer.text("error").ok()?.unwrap_or_default();
        Some(match error.trim() {
            "changed" => Outcome::Changed { seen },
            "stale" => Outcome::Stale,
            words => Outcome::Refused { error: client.scrubbed(words, &texts(step)) },
        })
    };
    read().unwrap_or(Outcome::Unanswered)
}

/// Returns the status texts of a step, which no error may show.
fn texts(step: &Step) -> Vec<&str> {
    let (value, expect) = match &step.deed {
        Deed::Write { value, expect, .. } => (Some(value), expect.as_ref()),
        Deed::Remember(_) | Deed::Forget(_) => (None, None),
    };
    [value, expect, back(step).map(|back| &back.value)]
        .into_iter()
        .flatten()
        .filter_map(|value| match value {
            Value::Text(text) => Some(text.0.as_str()),
            Value::Presence(_) | Value::Indicator(_) | Value::Dnd(_) | Value::Redirect(..) => None,
        })
        .collect()
}

fn wire_name(field: Field) -> &'static str {
    match field {
        Field::Presence => "chatPresence",
        Field::Text => "chatPresenceMessage",
        Field::Indicator => "telephonyState",
        Field::Dnd => "doNotDisturb",
        Field::Redirect(_) => "redirect",
    }
}

fn words(value: &Value) -> &str {
    match value {
        Value::Presence(presence) => presence.name(),
        Value::Text(text) => &text.0,
        Value::Indicator(telephony) => telephony.name(),
        Value::Dnd(dnd) => dnd.word(),
        Value::Redirect(..) => "",
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
