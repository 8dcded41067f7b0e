//! What members show right now.

use std::collections::BTreeMap;

use dxr::Value;
use futures_util::{StreamExt, stream};

use super::XmlRpc;
use super::call::{Params, text};
use super::data::Data;
use super::fuse::Fuse;
use crate::pbx::{CALLS_MAX, PbxError, States};
use crate::rules::{AccountId, Call, Dnd, Presence, Seen, StatusText, Telephony};

type Shown = BTreeMap<AccountId, Seen>;

/// Reads the state of accounts, each once.
pub(super) async fn read(client: &XmlRpc, accounts: &[AccountId]) -> States {
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    accounts.dedup();
    let fuse = Fuse::default();
    let portions: Vec<_> =
        accounts.chunks(client.portion.accounts()).map(|portion| portion_with_halves(client, portion, &fuse)).collect();
    let shown: Vec<Shown> = stream::iter(portions).buffer_unordered(CALLS_MAX).collect().await;
    States { seen: shown.into_iter().flatten().collect(), errors: fuse.into_errors() }
}

/// Reads accounts in one call, or, where that was too much for the PBX, once more in two. What fails then is unknown
/// this time: more tries would hold up everybody else.
async fn portion_with_halves(client: &XmlRpc, accounts: &[AccountId], fuse: &Fuse) -> Shown {
    if fuse.is_blown() {
        return Shown::new();
    }
    match one_call(client, accounts).await {
        Ok(shown) => shown,
        Err(error) if error.may_go_well_in_parts() && accounts.len() > 1 => {
            fuse.count(&error);
            let mut shown = Shown::new();
            for half in accounts.chunks(accounts.len().div_ceil(2)) {
                shown.extend(half_of(client, half, fuse).await);
            }
            shown
        }
        Err(error) => {
            fuse.note(error);
            Shown::new()
        }
    }
}

async fn half_of(client: &XmlRpc, accounts: &[AccountId], fuse: &Fuse) -> Shown {
    if fuse.is_blown() {
        return Shown::new();
    }
    one_call(client, accounts).await.unwrap_or_else(|error| {
        fuse.note(error);
        Shown::new()
    })
}

async fn one_call(client: &XmlRpc, accounts: &[AccountId]) -> Result<Shown, PbxError> {
    let list: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    let params = Params::from([("accounts".to_owned(), text(list.join(",")))]);
    let answer = client.call("getStates", params, &[]).await;
    match &answer {
        Ok(_) => client.portion.learn_success(accounts.len()),
        Err(error) => client.portion.learn_failure(error, accounts.len()),
    }
    Ok(shown(answer?, accounts))
}

/// Takes what was asked for; an account whose state cannot be read is unknown, and spoils no other's.
fn shown(data: Data, accounts: &[AccountId]) -> Shown {
    data.into_members()
        .filter_map(|(account, value)| Some((account.parse().ok()?, seen(value)?)))
        .filter(|(account, _)| accounts.contains(account))
        .collect()
}

fn seen(value: Value) -> Option<Seen> {
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
