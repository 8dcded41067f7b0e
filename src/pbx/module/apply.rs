//! Writes, each only over what it expects, and what became of each.
//!
//! States and redirects go to entry points of their own. A call that was not answered is never made again here:
//! whether it took effect is for the next read to tell.

use std::collections::{BTreeMap, BTreeSet};

use dxr::Value as Wire;
use futures_util::{StreamExt, stream};

use super::XmlRpc;
use super::call::Params;
use super::data::Data;
use super::fuse::Fuse;
use super::portion::Portion;
use crate::pbx::{Applied, CALLS_MAX, PbxError};
use crate::rules::{AccountId, Back, Deed, Outcome, Step, Value};

mod redirects;
mod states;

/// An entry point that writes.
trait EntryPoint {
    /// Its name.
    const NAME: &'static str;

    /// Returns what tells how much goes into one call.
    fn portion(client: &XmlRpc) -> &Portion;

    /// Adds what a call says of an item to what it says of the item's account.
    fn tell(item: &Item<'_>, account: &mut Params);

    /// Reads what the PBX showed after a step; `None` when it does not say.
    fn seen(step: &Step, answer: &Data) -> Result<Option<Value>, PbxError>;
}

/// One step of a call.
struct Item<'a> {
    /// Its place in the caller's list.
    place: usize,
    step: &'a Step,
    /// What it is called in its account's part of the call and of the answer.
    name: String,
}

/// One call.
struct Call<'a> {
    items: Vec<Item<'a>>,
    /// How much of a portion it is.
    size: usize,
}

/// Carries steps out.
pub(super) async fn write(client: &XmlRpc, steps: &[Step]) -> Applied {
    let mut round = Round { client, fuse: Fuse::default(), outcomes: vec![Outcome::NotSent; steps.len()] };
    // One wave after the other: two calls on one account at a time could arrive in the wrong order.
    for wave in states::waves(steps) {
        let portion = &client.portions.states;
        let is_suspect = |items: &Vec<Item<'_>>| items.iter().any(|item| portion.is_suspect(item.step.account));
        let (suspects, others): (Vec<_>, Vec<_>) = wave.into_iter().partition(is_suspect);
        let mut calls = states::calls(others, portion.items());
        calls.extend(states::calls(suspects, 1));
        round.make::<states::States>(calls).await;
    }
    round.make::<redirects::Redirects>(redirects::calls(steps, client.portions.redirects_written.items())).await;
    Applied { outcomes: round.outcomes, errors: round.fuse.into_errors() }
}

/// The calls of one list of steps, and what became of its steps so far.
struct Round<'a> {
    client: &'a XmlRpc,
    fuse: Fuse,
    outcomes: Vec<Outcome>,
}

impl Round<'_> {
    /// Makes calls, a few at a time.
    async fn make<E: EntryPoint>(&mut self, calls: Vec<Call<'_>>) {
        let calls: Vec<_> = calls.into_iter().map(|call| self.one_call::<E>(call)).collect();
        let answered: Vec<Vec<(usize, Outcome)>> = stream::iter(calls).buffer_unordered(CALLS_MAX).collect().await;
        for (place, outcome) in answered.into_iter().flatten() {
            self.outcomes[place] = outcome;
        }
    }

    async fn one_call<E: EntryPoint>(&self, Call { items, size }: Call<'_>) -> Vec<(usize, Outcome)> {
        let all_as = |outcome: Outcome| items.iter().map(|item| (item.place, outcome.clone())).collect();
        if self.fuse.is_blown() {
            return all_as(Outcome::NotSent);
        }
        let portion = E::portion(self.client);
        let hidden: Vec<&str> = items.iter().flat_map(|item| texts(item.step)).collect();
        match self.client.call(E::NAME, params::<E>(&items), &hidden).await {
            Ok(data) => {
                portion.learn_success(size);
                portion.clear(items.iter().map(|item| item.step.account));
                let mut answers = data.into_accounts();
                let outcome = |item: &Item<'_>| outcome::<E>(self.client, item, &mut answers);
                items.iter().map(|item| item.place).zip(items.iter().map(outcome)).collect()
            }
            Err(error) => {
                portion.learn_failure(&error, size);
                let accounts: BTreeSet<AccountId> = items.iter().map(|item| item.step.account).collect();
                portion.suspect(&error, &Vec::from_iter(accounts));
                let outcome = if error.may_be_done() { Outcome::Unanswered } else { Outcome::NotSent };
                self.fuse.note(error);
                all_as(outcome)
            }
        }
    }
}

fn params<E: EntryPoint>(items: &[Item<'_>]) -> Params {
    let mut accounts: BTreeMap<AccountId, Params> = BTreeMap::new();
    for item in items {
        E::tell(item, accounts.entry(item.step.account).or_default());
    }
    accounts.into_iter().map(|(account, members)| (account.to_string(), Wire::Struct(members))).collect()
}

/// Finds and reads what became of one item. An answer that is missing or cannot be read leaves the matter open; nothing
/// is said of what the module only remembers or forgets.
fn outcome<E: EntryPoint>(client: &XmlRpc, item: &Item<'_>, answers: &mut BTreeMap<AccountId, Data>) -> Outcome {
    let Some(account) = answers.get_mut(&item.step.account) else { return Outcome::Unanswered };
    match account.take(&item.name) {
        Some(answer) => read_outcome::<E>(client, item.step, answer).unwrap_or(Outcome::Unanswered),
        None if item.step.written().is_none() => Outcome::Done { seen: None },
        None => Outcome::Unanswered,
    }
}

fn read_outcome<E: EntryPoint>(client: &XmlRpc, step: &Step, answer: Wire) -> Result<Outcome, PbxError> {
    let answer = Data::new(answer, "an outcome")?;
    let seen = E::seen(step, &answer)?;
    if answer.flag("ok")? {
        return Ok(Outcome::Done { seen });
    }
    let error = answer.text("error")?.unwrap_or_default();
    Ok(match error.trim() {
        "changed" => Outcome::Changed { seen },
        "stale" => Outcome::Stale,
        words => Outcome::Refused { error: client.scrubbed(words, &texts(step)) },
    })
}

/// Returns what the module would put back after a step.
fn back(step: &Step) -> Option<&Back> {
    match &step.deed {
        Deed::Write { back, .. } => back.as_ref(),
        Deed::Remember(back) => Some(back),
        Deed::Forget(_) => None,
    }
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
