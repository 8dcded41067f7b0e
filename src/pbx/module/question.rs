//! One thing that is asked of many accounts: in calls of some accounts each, a few at a time.
//!
//! Must not know: what is asked. An account whose part of an answer cannot be read, or whose call failed, is unknown
//! and spoils no other's.

use std::collections::BTreeMap;

use dxr::Value;
use futures_util::{StreamExt, stream};

use super::XmlRpc;
use super::call::{Params, text};
use super::data::Data;
use super::fuse::Fuse;
use super::portion::Portion;
use crate::pbx::{CALLS_MAX, PbxError};
use crate::rules::AccountId;

/// A question and how its answers are read.
pub(super) struct Question<'a, T> {
    pub(super) client: &'a XmlRpc,
    /// The entry point.
    pub(super) method: &'static str,
    pub(super) portion: &'a Portion,
    /// Reads what an answer says of one account.
    pub(super) read: fn(Value) -> Option<T>,
}

/// What was answered of each account that is known, and the errors of whole calls.
pub(super) type Answers<T> = (Known<T>, Vec<PbxError>);

type Known<T> = BTreeMap<AccountId, T>;

impl<T> Question<'_, T> {
    /// Asks of accounts, of each once.
    pub(super) async fn ask(&self, accounts: &[AccountId]) -> Answers<T> {
        let mut accounts = accounts.to_vec();
        accounts.sort_unstable();
        accounts.dedup();
        let fuse = Fuse::default();
        // Those who may be why a call failed come last and alone, so that the others have their answers by then.
        let (suspects, others): (Vec<_>, Vec<_>) =
            accounts.into_iter().partition(|account| self.portion.is_suspect(*account));
        let calls = others.chunks(self.portion.items()).chain(suspects.chunks(1));
        let portions: Vec<_> = calls.map(|portion| self.portion_with_halves(portion, &fuse)).collect();
        let known: Vec<Known<T>> = stream::iter(portions).buffer_unordered(CALLS_MAX).collect().await;
        (known.into_iter().flatten().collect(), fuse.into_errors())
    }

    /// Asks of accounts in one call, or, where that was too much for the PBX, once more in two. What fails then is
    /// unknown this time: more tries would hold up everybody else.
    async fn portion_with_halves(&self, accounts: &[AccountId], fuse: &Fuse) -> Known<T> {
        if fuse.is_blown() {
            return Known::new();
        }
        match self.one_call(accounts).await {
            Ok(known) => known,
            Err(error) if error.may_go_well_in_parts() && accounts.len() > 1 => {
                fuse.count(&error);
                let mut known = Known::new();
                for half in accounts.chunks(accounts.len().div_ceil(2)) {
                    known.extend(self.half(half, fuse).await);
                }
                known
            }
            Err(error) => {
                self.portion.suspect(&error, accounts);
                fuse.note(error);
                Known::new()
            }
        }
    }

    async fn half(&self, accounts: &[AccountId], fuse: &Fuse) -> Known<T> {
        if fuse.is_blown() {
            return Known::new();
        }
        self.one_call(accounts).await.unwrap_or_else(|error| {
            self.portion.suspect(&error, accounts);
            fuse.note(error);
            Known::new()
        })
    }

    async fn one_call(&self, accounts: &[AccountId]) -> Result<Known<T>, PbxError> {
        let list: Vec<String> = accounts.iter().map(ToString::to_string).collect();
        let params = Params::from([("accounts".to_owned(), text(list.join(",")))]);
        let answer = self.client.call(self.method, params, &[]).await;
        match &answer {
            Ok(_) => {
                self.portion.learn_success(accounts.len());
                self.portion.clear(accounts.iter().copied());
            }
            Err(error) => self.portion.learn_failure(error, accounts.len()),
        }
        Ok(self.known(answer?, accounts))
    }

    /// Takes what was asked for.
    fn known(&self, data: Data, accounts: &[AccountId]) -> Known<T> {
        data.into_members()
            .filter_map(|(account, value)| Some((account.parse().ok()?, (self.read)(value)?)))
            .filter(|(account, _)| accounts.contains(account))
            .collect()
    }
}
