//! Writes of redirects: `applyRedirects`, with a record for each called number.

use std::collections::{BTreeMap, BTreeSet};

use dxr::Value as Wire;

use super::{Call, EntryPoint, Item, back};
use crate::pbx::PbxError;
use crate::pbx::module::XmlRpc;
use crate::pbx::module::call::{Params, text};
use crate::pbx::module::data::Data;
use crate::pbx::module::portion::Portion;
use crate::pbx::module::redirects::{ALWAYS, Parts};
use crate::rules::{AccountId, Deed, Redirect, Step, Value};

/// `applyRedirects`.
pub(super) struct Redirects;

/// Makes calls about at most so many records each, from the steps on redirects. Of two steps on one called number only
/// the first counts, whosever they are: the second was decided on what the first is about to change.
pub(super) fn calls(steps: &[Step], records_max: usize) -> Vec<Call<'_>> {
    let mut numbers = BTreeSet::new();
    let is_first = |(_, step): &(usize, &Step)| step.field().number().is_some_and(|number| numbers.insert(number));
    let mut records: Vec<(usize, &Step)> = steps.iter().enumerate().filter(is_first).collect();
    // One account's side by side, so that few calls are about it.
    records.sort_by_key(|(_, step)| step.account);
    records.chunks(records_max).map(call).collect()
}

/// Makes one call, in which each account counts its records from 0.
fn call<'a>(records: &[(usize, &'a Step)]) -> Call<'a> {
    let mut indexes: BTreeMap<AccountId, usize> = BTreeMap::new();
    let item = |(place, step): &(usize, &'a Step)| {
        let index = indexes.entry(step.account).or_default();
        let name = index.to_string();
        *index += 1;
        Item { place: *place, step, name }
    };
    Call { items: records.iter().map(item).collect(), size: records.len() }
}

impl EntryPoint for Redirects {
    const NAME: &'static str = "applyRedirects";

    fn portion(client: &XmlRpc) -> &Portion {
        &client.portions.redirects_written
    }

    fn tell(item: &Item<'_>, account: &mut Params) {
        let number = item.step.field().number().map(|number| text(number.as_str()));
        let mut record: Params = number.into_iter().map(|number| ("calledNumber".to_owned(), number)).collect();
        record.insert("type".to_owned(), text(ALWAYS));
        match &item.step.deed {
            Deed::Write { value, expect, .. } => {
                record.extend(parts("", value));
                record.extend(expect.iter().flat_map(|expect| parts("expect.", expect)));
            }
            Deed::Forget(_) => record.extend([("forget".to_owned(), text("true"))]),
            Deed::Remember(_) => {}
        }
        if let Some(back) = back(item.step) {
            record.extend(parts("back.", &back.value));
            record.insert("backAfter".to_owned(), text(back.after.timestamp().to_string()));
        }
        account.insert(item.name.clone(), Wire::Struct(record));
    }

    fn seen(step: &Step, answer: &Data) -> Result<Option<Value>, PbxError> {
        let Some(number) = step.field().number() else { return Ok(None) };
        let shows = answer.text(Parts::SEEN.enabled)?.is_some_and(|enabled| !enabled.trim().is_empty());
        let seen = shows.then(|| Parts::SEEN.read(answer)).transpose()?;
        Ok(seen.map(|redirect| Value::Redirect(number, redirect)))
    }
}

fn parts(prefix: &str, value: &Value) -> Vec<(String, Wire)> {
    let Value::Redirect(_, Redirect { enabled, kind, destination }) = value else { return Vec::new() };
    let enabled = if *enabled { "true" } else { "false" };
    let Parts { enabled: of_enabled, kind: of_kind, destination: of_destination } = Parts::PLAIN;
    [(of_enabled, enabled), (of_kind, kind.name()), (of_destination, destination)]
        .map(|(name, words)| (format!("{prefix}{name}"), text(words)))
        .into()
}
