//! Which fields the PBX shows otherwise than they would be shown, and since when.
//!
//! Pure: it takes what is wanted and what is there, one look after the other. A difference is between one value and
//! another: when either becomes a third one, it ends and the next begins.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Difference, Turn};
use crate::rules::{AccountId, Field, Value};

/// Every difference that goes on.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    open: BTreeMap<Field, BTreeMap<AccountId, Open>>,
    /// When each field had been laid over last at the last look.
    laid_at: BTreeMap<(AccountId, Field), Option<DateTime<Utc>>>,
}

/// A difference that goes on.
#[derive(Debug)]
struct Open {
    wanted: Value,
    there: Value,
}

impl Ledger {
    /// Takes one look at one field: whose it is, what is wanted and what is there. What is wanted was laid over it at
    /// `laid_at`.
    pub(super) fn see(
        &mut self,
        (account, wanted, there): (AccountId, Value, Value),
        laid_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Vec<Difference> {
        let field = wanted.field();
        let before = self.laid_at.insert((account, field), laid_at);
        let open = self.open.entry(field).or_default();
        // A called number is one field, whoever has it.
        let holder = if field.number().is_some() { open.keys().next().copied().unwrap_or(account) } else { account };
        if open.get(&holder).is_some_and(|open| open.is(&wanted, &there)) {
            return Vec::new();
        }
        // What was laid over it since the last look has been wanted since then.
        let is_news = before.is_some_and(|before| before != laid_at);
        let at = laid_at.filter(|_| is_news).unwrap_or(now).min(now);
        let mut turns = Vec::new();
        if let Some(Open { wanted, there }) = open.remove(&holder) {
            turns.push(Difference { at, account: holder, there, wanted, turn: Turn::Ends });
        }
        if !wanted.looks_like(&there) {
            open.insert(account, Open { wanted: wanted.clone(), there: there.clone() });
            turns.push(Difference { at, account, there, wanted, turn: Turn::Begins });
        }
        turns
    }
}

impl Open {
    fn is(&self, wanted: &Value, there: &Value) -> bool {
        self.wanted.looks_like(wanted) && self.there.looks_like(there)
    }
}
