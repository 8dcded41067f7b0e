//! Writes, each only over what it expects, and what became of each.

use std::collections::BTreeMap;

use dxr::Value as Wire;
use futures_util::{StreamExt, stream};

use super::XmlRpc;
use super::call::{Params, text};
use super::data::Data;
use super::fuse::Fuse;
use crate::pbx::{Applied, CALLS_MAX};
use crate::rules::{AccountId, Field, Outcome, Presence, StatusText, Step, Value};

/// The steps of one account with their places in the caller's list.
type Account<'a> = Vec<(usize, &'a Step)>;

/// Carries steps out. A call that was not answered is never made again here: whether it took effect is for the next
/// read to tell.
pub(super) async fn write(client: &XmlRpc, steps: &[Step]) -> Applied {
    let accounts = by_account(steps);
    let fuse = Fuse::default();
    let calls: Vec<_> =
        accounts.chunks(client.portion.accounts()).map(|portion| one_call(client, portion, &fuse)).collect();
    let answered: Vec<Vec<(usize, Outcome)>> = stream::iter(calls).buffer_unordered(CALLS_MAX).collect().await;
    let mut outcomes = vec![Outcome::NotSent; steps.len()];
    for (place, outcome) in answered.into_iter().flatten() {
        outcomes[place] = outcome;
    }
    Applied { outcomes, errors: fuse.into_errors() }
}

/// Puts the steps of each account together. A call has room for one step per field; a second one stays unsent.
fn by_account(steps: &[Step]) -> Vec<Account<'_>> {
    let mut accounts: BTreeMap<AccountId, Account<'_>> = BTreeMap::new();
    for (place, step) in steps.iter().enumerate() {
        let account = accounts.entry(step.account).or_default();
        let field = step.value.field();
        if account.iter().all(|(_, earlier)| earlier.value.field() != field) {
            account.push((place, step));
        }
    }
    accounts.into_values().collect()
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
            let fields = steps.iter().flat_map(|(_, step)| {
                let name = wire_name(step.value.field());
                [(name.to_owned(), text(words(&step.value))), (format!("expect.{name}"), text(words(&step.expect)))]
            });
            (account.to_string(), Wire::Struct(fields.collect()))
        })
        .collect()
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
            let mut fields: BTreeMap<String, Wire> = answer.unwrap_or_default().into_members().collect();
            steps
                .iter()
                .map(|(place, step)| {
                    let field = fields.remove(wire_name(step.value.field()));
                    (*place, outcome(client, step, field))
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
        let seen = seen.and_then(|seen| value(step.value.field(), seen));
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
    [&step.value, &step.expect]
        .into_iter()
        .filter_map(|value| match value {
            Value::Text(text) => Some(text.0.as_str()),
            Value::Presence(_) => None,
        })
        .collect()
}

fn wire_name(field: Field) -> &'static str {
    match field {
        Field::Presence => "chatPresence",
        Field::Text => "chatPresenceMessage",
    }
}

fn words(value: &Value) -> &str {
    match value {
        Value::Presence(presence) => presence.name(),
        Value::Text(text) => &text.0,
    }
}

fn value(field: Field, seen: String) -> Option<Value> {
    match field {
        Field::Presence if seen.trim().is_empty() => None,
        Field::Presence => Some(Value::Presence(Presence::named(&seen))),
        Field::Text => Some(Value::Text(StatusText(seen))),
    }
}
