//! How long the PBX takes for a call: none at all from the start, as a test has no time to lose.

use chrono::TimeDelta;
use dxr::Value;

use super::methods::{Method, accounts};
use super::state::State;
use super::tree::Tree;

/// What a call takes, by the PBX's clock, before it takes effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// For every call, whatever is in it.
    pub call: TimeDelta,
    /// In addition for every record of a redirect that it reads or writes.
    pub record: TimeDelta,
}

impl Pace {
    /// Returns what this call takes.
    pub(crate) fn of(self, state: &State, method: Option<Method>, arguments: &[Value]) -> TimeDelta {
        if self == Self::default() {
            return TimeDelta::zero();
        }
        let count = i32::try_from(records(state, method, arguments)).unwrap_or(i32::MAX);
        self.call + self.record * count
    }
}

/// Counts the records of redirects that a call is about.
fn records(state: &State, method: Option<Method>, arguments: &[Value]) -> usize {
    let Some(Ok(call)) = arguments.first().map(Tree::read) else { return 0 };
    let Some(params) = call.members().get("Params") else { return 0 };
    match method {
        Some(Method::GetRedirects) => {
            let of_account = |account| state.numbers.all_of(account).count();
            accounts(params).unwrap_or_default().into_iter().map(of_account).sum()
        }
        Some(Method::ApplyRedirects) => params.members().values().map(|account| account.members().len()).sum(),
        _ => 0,
    }
}
