//! `getRedirects` and `applyRedirects`: what is shown of each number, and what becomes of each record.

use chrono::{DateTime, Utc};

use super::apply::{Writer, take_ownership};
use super::back::RedirectBackRow;
use super::methods::accounts;
use super::numbers::{GroupRight, Number, Trigger};
use super::state::{By, RedirectWrite, State};
use super::tree::Tree;
use crate::rules::{AccountId, CalledNumber, DestinationKind, Redirect};

/// The most records in one call.
const RECORDS_MAX: usize = 100;

/// The three parts of a redirect, which only count together.
const PARTS: [&str; 3] = ["enabled", "destinationType", "destination"];

/// Tells where calls to the numbers of accounts go at once.
pub(crate) fn redirects(state: &State, params: &Tree) -> Result<Tree, String> {
    let known = accounts(params)?.into_iter().filter(|account| state.people.contains_key(account));
    let of_account = |account: AccountId| {
        let numbers = state.numbers.all_of(account).map(|(number, _)| number).enumerate();
        let records = numbers.filter_map(|(index, number)| Some((index.to_string(), record(state, account, number)?)));
        (account.to_string(), records.collect())
    };
    Ok(known.map(of_account).collect())
}

fn record(state: &State, account: AccountId, number: CalledNumber) -> Option<Tree> {
    let known = state.numbers.number_of(account, number)?;
    let shown = known.always();
    let leaves = [
        ("calledNumber", number.as_str()),
        ("type", Trigger::Always.name()),
        ("groupRedirect", if known.is_of_a_group() { "true" } else { "false" }),
        ("lastDestinationNumber", &shown.last_number),
        ("lastDestinationMailbox", &shown.last_mailbox),
        // Of TIMEOUT only, and a number in any case.
        ("timeout", "0"),
    ];
    let leaves = leaves.map(|(name, text)| (name.to_owned(), Tree::Leaf(text.to_owned())));
    let mailboxes = ("mailboxes".to_owned(), Tree::leaves(state.numbers.boxes(account)));
    Some(leaves.into_iter().chain(parts("", &shown.redirect)).chain([mailboxes]).collect())
}

/// Carries the records of one call out, or refuses them all.
pub(crate) fn apply(state: &mut State, writer: &Writer<'_>, params: &Tree) -> Result<Tree, String> {
    let records: usize = params.members().values().map(|account| account.members().len()).sum();
    if records > RECORDS_MAX {
        return Err(format!("more than {RECORDS_MAX} redirects"));
    }
    take_ownership(state, writer)?;
    Ok(params
        .members()
        .iter()
        .filter_map(|(name, wanted)| {
            let account = name.parse().ok().filter(|account| state.people.contains_key(account))?;
            let answer = |(index, record): (&String, &Tree)| {
                Some((index.clone(), apply_record(state, writer, account, record)?))
            };
            Some((name.clone(), wanted.members().iter().filter_map(answer).collect()))
        })
        .collect())
}

/// Answers one record; nothing is said of one that only changes what would be put back.
fn apply_record(state: &mut State, writer: &Writer<'_>, account: AccountId, wanted: &Tree) -> Option<Tree> {
    let is_written = PARTS.iter().any(|part| wanted.members().contains_key(*part));
    let number = match number(state, account, wanted) {
        Ok(number) => number,
        Err(words) => return is_written.then(|| answer(state, None, Err(words.to_owned()))),
    };
    let last = state.module.redirects_applied.entry(number).or_default();
    if writer.seq < *last {
        return is_written.then(|| answer(state, Some(number), Err("stale".to_owned())));
    }
    *last = writer.seq;
    if !is_written {
        keep(state, writer, account, number, wanted);
        return None;
    }
    let written = write(state, writer, account, number, wanted);
    Some(answer(state, Some(number), written))
}

/// Finds the number that a record is about.
fn number(state: &State, account: AccountId, wanted: &Tree) -> Result<CalledNumber, &'static str> {
    if wanted.leaf("type") != Some(Trigger::Always.name()) {
        return Err("only ALWAYS is written");
    }
    let number = wanted.leaf("calledNumber").and_then(|number| number.parse().ok());
    number.filter(|number| state.numbers.number_of(account, *number).is_some()).ok_or("unknown number")
}

/// Says what became of a record, and what its number shows since.
fn answer(state: &State, number: Option<CalledNumber>, written: Result<(), String>) -> Tree {
    let leaf = |name: &str, text: &str| (name.to_owned(), Tree::Leaf(text.to_owned()));
    let ok = leaf("ok", if written.is_ok() { "true" } else { "false" });
    let error = leaf("error", &written.err().unwrap_or_default());
    let shown = number.and_then(|number| state.numbers.number(number));
    let unknown = || PARTS.map(|part| leaf(&format!("seen.{part}"), ""));
    let seen = shown.map_or_else(unknown, |shown| parts("seen.", &shown.always().redirect));
    seen.into_iter().chain([ok, error]).collect()
}

/// Writes a redirect, or says why not. What the PBX leaves undone without a word is not known to the module.
fn write(
    state: &mut State,
    writer: &Writer<'_>,
    account: AccountId,
    number: CalledNumber,
    wanted: &Tree,
) -> Result<(), String> {
    let refusal = state.refusals.get(&account).or_else(|| state.number_refusals.get(&(account, number)));
    if let Some(words) = refusal {
        return Err(words.clone());
    }
    let to = redirect("", wanted).ok_or("unknown value")?;
    let from = state.numbers.number(number).map(|known| known.always().redirect.clone()).ok_or("unknown number")?;
    let is_expected = |(name, shown): (String, Tree)| wanted.members().get(&name).is_none_or(|wanted| *wanted == shown);
    if !parts("expect.", &from).into_iter().all(is_expected) {
        return Err("changed".to_owned());
    }
    judge(state, account, &to)?;
    if is_heeded(state, number) {
        state.redirect(writer.now, account, number, &to, By::Connector);
        state.written += 1;
        let (owner, field, to) = (writer.owner.to_owned(), number, to.clone());
        let write =
            RedirectWrite { number: state.written, at: writer.now, account, field, from, to, seq: writer.seq, owner };
        state.remember_redirect(write);
    }
    state.module.redirects_back.remove(&number);
    keep_over(state, writer, account, number, wanted, to);
    Ok(())
}

/// Returns what the PBX has against a redirect.
fn judge(state: &State, account: AccountId, to: &Redirect) -> Result<(), &'static str> {
    let mut boxes = state.numbers.boxes(account);
    match (&to.kind, to.destination.as_str()) {
        (_, "") if to.enabled => Err("a destination is missing"),
        (_, "") => Ok(()),
        (DestinationKind::Mailbox, id) if boxes.all(|(known, _)| known != id) => Err("unknown mailbox"),
        (DestinationKind::Number, number) if number.contains('+') => Err("a number starts with 00, not with +"),
        _ => Ok(()),
    }
}

/// Returns whether the PBX does what it is asked for a number.
fn is_heeded(state: &State, number: CalledNumber) -> bool {
    let is_of_a_group = state.numbers.number(number).is_some_and(Number::is_of_a_group);
    !is_of_a_group || state.group_right == GroupRight::Granted
}

/// Replaces or forgets the row of a number to which nothing is written.
fn keep(state: &mut State, writer: &Writer<'_>, account: AccountId, number: CalledNumber, wanted: &Tree) {
    if wanted.members().contains_key("forget") {
        state.module.redirects_back.remove(&number);
    }
    // The row that is there says what was put: what is shown may be a person's.
    let put = state.module.redirects_back.get(&number).map(|row| row.put.clone());
    let shown = || state.numbers.number(number).map(|known| known.always().redirect.clone());
    if let Some(put) = put.or_else(shown) {
        keep_over(state, writer, account, number, wanted, put);
    }
}

/// Keeps what a record says is to be put back over what was put.
fn keep_over(
    state: &mut State,
    writer: &Writer<'_>,
    account: AccountId,
    number: CalledNumber,
    wanted: &Tree,
    put: Redirect,
) {
    let Some(back) = redirect("back.", wanted) else { return };
    let back_after = wanted.leaf("backAfter").unwrap_or_default().to_owned();
    let row = RedirectBackRow { account, field: number, back, back_after, owner: writer.owner.to_owned(), put };
    state.module.redirects_back.insert(number, row);
}

/// Carries a row of the table out and drops it; returns whether something was put back.
pub(crate) fn put_back(state: &mut State, now: DateTime<Utc>, row: &RedirectBackRow) -> bool {
    state.module.redirects_back.remove(&row.field);
    let stands = state.numbers.number(row.field).is_some_and(|known| known.always().redirect == row.put);
    let is_put_back = stands && judge(state, row.account, &row.back).is_ok() && is_heeded(state, row.field);
    if is_put_back {
        state.redirect(now, row.account, row.field, &row.back, By::Module);
    }
    is_put_back
}

/// Names and writes the three parts.
fn parts(prefix: &str, redirect: &Redirect) -> [(String, Tree); 3] {
    let [enabled, kind, destination] = PARTS.map(|part| format!("{prefix}{part}"));
    let word = if redirect.enabled { "true" } else { "false" };
    [
        (enabled, Tree::Leaf(word.to_owned())),
        (kind, Tree::Leaf(redirect.kind.name().to_owned())),
        (destination, Tree::Leaf(redirect.destination.clone())),
    ]
}

/// Reads the three parts; `None` when one is missing or unknown.
fn redirect(prefix: &str, tree: &Tree) -> Option<Redirect> {
    let [enabled, kind, destination] = PARTS.map(|part| tree.leaf(&format!("{prefix}{part}")));
    Some(Redirect {
        enabled: enabled?.parse().ok()?,
        kind: [DestinationKind::Number, DestinationKind::Mailbox]
            .into_iter()
            .find(|known| Some(known.name()) == kind)?,
        destination: destination?.to_owned(),
    })
}
