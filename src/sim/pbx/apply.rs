//! `applyStates`: who may write, which call is too old, and what becomes of each field.

use chrono::{DateTime, Duration, Utc};

use super::account::StateField;
use super::back;
use super::methods::ACCOUNTS_MAX;
use super::state::{By, Module, Owner, State, Write};
use super::tree::Tree;
use crate::rules::AccountId;

/// For how long after an owner's last call nobody else may write.
const OWNER_FOR: Duration = Duration::seconds(60);

/// The writing call, apart from what it writes.
pub(crate) struct Writer<'a> {
    pub(crate) owner: &'a str,
    pub(crate) seq: u64,
    pub(crate) now: DateTime<Utc>,
}

/// Carries the writes of one call out, or refuses them all.
pub(crate) fn apply(state: &mut State, writer: &Writer<'_>, params: &Tree) -> Result<Tree, String> {
    if params.members().len() > ACCOUNTS_MAX {
        return Err(format!("more than {ACCOUNTS_MAX} accounts"));
    }
    take_ownership(state, writer)?;
    Ok(params
        .members()
        .iter()
        .filter_map(|(name, wanted)| {
            let account = name.parse().ok()?;
            let answers = apply_account(state, writer, account, wanted)?;
            Some((name.clone(), answers))
        })
        .collect())
}

/// Makes the writer the owner, or refuses it with the present owner's id.
pub(crate) fn take_ownership(state: &mut State, writer: &Writer<'_>) -> Result<(), String> {
    if writer.owner.is_empty() {
        return Err("owner".to_owned());
    }
    let Module { owner, heard, applied, redirects_applied, .. } = &mut state.module;
    let is_awake = |owner: &Owner| heard.get(&owner.id).is_some_and(|at| writer.now - at < OWNER_FOR);
    match owner {
        Some(owner) if owner.id == writer.owner => owner.last_seq = owner.last_seq.max(writer.seq),
        Some(owner) if is_awake(owner) => return Err(format!("owner {}", owner.id)),
        _ => {
            applied.clear();
            redirects_applied.clear();
            *owner = Some(Owner { id: writer.owner.to_owned(), last_seq: writer.seq });
        }
    }
    heard.insert(writer.owner.to_owned(), writer.now);
    Ok(())
}

/// Answers field by field; an unknown account is absent from the answer.
fn apply_account(state: &mut State, writer: &Writer<'_>, account: AccountId, wanted: &Tree) -> Option<Tree> {
    if !state.people.contains_key(&account) {
        return None;
    }
    let last = state.module.applied.entry(account).or_default();
    if writer.seq < *last {
        return Some(answers(wanted, |field| Err(("stale".to_owned(), seen(state, account, field)))));
    }
    *last = writer.seq;
    let answers = answers(wanted, |field| apply_field(state, writer, account, field, wanted));
    for field in StateField::ALL {
        let answer = answers.members().get(field.name());
        // A write that did not happen leaves its row as it was.
        if answer.and_then(|answer| answer.leaf("ok")) != Some("false") {
            back::keep(state, writer, account, field, wanted);
        }
    }
    Some(answers)
}

/// What was seen after a write, or why there was none and what is seen instead.
type FieldAnswer = Result<String, (String, String)>;

/// Answers every field that is to be written; what rides along with it has a dot in its name.
fn answers(wanted: &Tree, mut answer: impl FnMut(StateField) -> FieldAnswer) -> Tree {
    wanted
        .members()
        .keys()
        .filter(|name| !name.contains('.') && *name != "backAfter")
        .map(|name| {
            let answer = match StateField::writable(name) {
                Some(field) => answer(field),
                None => Err(("unknown field".to_owned(), String::new())),
            };
            let tree = match answer {
                Ok(seen) => Tree::leaves([("ok", "true"), ("error", ""), ("seen", &seen)]),
                Err((error, seen)) => Tree::leaves([("ok", "false"), ("error", &error), ("seen", &seen)]),
            };
            (name.clone(), tree)
        })
        .collect()
}

fn apply_field(
    state: &mut State,
    writer: &Writer<'_>,
    account: AccountId,
    field: StateField,
    wanted: &Tree,
) -> FieldAnswer {
    let to = wanted.leaf(field.name()).unwrap_or_default();
    let before = seen(state, account, field);
    if let Some(words) = state.refusals.get(&account) {
        return Err((words.clone(), before));
    }
    if !field.knows(to) {
        return Err(("unknown value".to_owned(), before));
    }
    let expected = wanted.leaf(&format!("expect.{}", field.name()));
    if expected.is_some_and(|expected| expected != before) {
        return Err(("changed".to_owned(), before));
    }
    let from = state.people.get(&account).map_or_else(String::new, |(_, shown)| shown.value(field).to_owned());
    state.show(writer.now, account, field, to, By::Connector);
    state.written += 1;
    state.remember(Write {
        number: state.written,
        at: writer.now,
        account,
        field,
        from,
        to: to.to_owned(),
        seq: writer.seq,
        owner: writer.owner.to_owned(),
    });
    // A write without a way back forgets the old one; `back::keep` adds the new one.
    state.module.back.remove(&(account, field));
    Ok(seen(state, account, field))
}

/// Returns what the module reads.
fn seen(state: &State, account: AccountId, field: StateField) -> String {
    state.read(account, field).unwrap_or_default().to_owned()
}
