//! Where calls to the numbers of members go right now.

use std::collections::BTreeMap;

use dxr::Value;
use futures_util::{StreamExt, stream};

use super::XmlRpc;
use super::call::{Params, text};
use super::data::Data;
use super::fuse::Fuse;
use crate::pbx::{CALLS_MAX, PbxError, Redirects};
use crate::rules::{AccountId, DestinationKind, Ownership, Redirect, RedirectRecord};

type Shown = BTreeMap<AccountId, Vec<RedirectRecord>>;

/// Reads the redirects of accounts, each account once.
pub(super) async fn read(client: &XmlRpc, accounts: &[AccountId]) -> Redirects {
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    accounts.dedup();
    let fuse = Fuse::default();
    let calls: Vec<_> =
        accounts.chunks(client.portion.accounts()).map(|portion| one_call(client, portion, &fuse)).collect();
    let shown: Vec<Shown> = stream::iter(calls).buffer_unordered(CALLS_MAX).collect().await;
    Redirects { seen: shown.into_iter().flatten().collect(), errors: fuse.into_errors() }
}

async fn one_call(client: &XmlRpc, accounts: &[AccountId], fuse: &Fuse) -> Shown {
    if fuse.is_blown() {
        return Shown::new();
    }
    let list: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    let params = Params::from([("accounts".to_owned(), text(list.join(",")))]);
    match client.call("getRedirects", params, &[]).await {
        Ok(data) => {
            client.portion.learn_success(accounts.len());
            shown(data, accounts)
        }
        Err(error) => {
            client.portion.learn_failure(&error, accounts.len());
            fuse.note(error);
            Shown::new()
        }
    }
}

fn shown(data: Data, accounts: &[AccountId]) -> Shown {
    data.into_members()
        .filter_map(|(account, value)| Some((account.parse().ok()?, records(value)?)))
        .filter(|(account, _)| accounts.contains(account))
        .collect()
}

/// Reads the records of one account. One that cannot be read is left out, and so never written.
fn records(value: Value) -> Option<Vec<RedirectRecord>> {
    let records = Data::new(value, "an account").ok()?;
    Some(records.into_members().filter_map(|(_, record)| read_record(record).ok().flatten()).collect())
}

fn read_record(value: Value) -> Result<Option<RedirectRecord>, PbxError> {
    let record = Data::new(value, "a redirect")?;
    let part = |name| record.text(name).map(Option::unwrap_or_default);
    let Ok(number) = part("calledNumber")?.parse() else { return Ok(None) };
    if !part("type")?.trim().eq_ignore_ascii_case("ALWAYS") {
        return Ok(None);
    }
    let redirect = Redirect {
        enabled: record.flag("enabled")?,
        kind: DestinationKind::named(&part("destinationType")?),
        destination: part("destination")?,
    };
    let ownership = if record.flag("groupRedirect")? { Ownership::Group } else { Ownership::Own };
    let last_mailbox = Some(part("lastDestinationMailbox")?).filter(|id| !id.trim().is_empty());
    let mailboxes = record.part("mailboxes")?.into_members().map(|(id, _)| id).collect();
    Ok(Some(RedirectRecord { number, ownership, redirect, last_mailbox, mailboxes }))
}
