//! The members of a group, page by page.
//!
//! A list that is not whole is an error, never a shorter list: whoever is missing from it would have everything taken
//! off.

use std::collections::BTreeMap;

use dxr::Value;

use super::XmlRpc;
use super::call::{Params, text};
use super::data::Data;
use crate::pbx::PbxError;
use crate::pbx::error::Malformed;
use crate::rules::{AccountId, Login, Member};

/// The most members of a list: twice as many as one PBX has.
pub(super) const MEMBERS_MAX: usize = 20_000;

/// The longest login, name or address, in bytes; the PBX's own forms take a quarter of it.
pub(super) const TEXT_BYTES_MAX: usize = 1024;

/// The most members that one page is asked for.
const PAGE_MEMBERS_MAX: usize = 500;

/// The fewest, after pages that were too much for the PBX.
const PAGE_MEMBERS_MIN: usize = 50;

/// The most calls for one list: 10,000 members on pages a quarter full, twice over.
const CALLS_FOR_A_LIST_MAX: usize = 160;

/// How often a list is read whose pages do not add up: members may come and go between two pages.
const ATTEMPTS_MAX: usize = 2;

type Members = BTreeMap<AccountId, Member>;

/// Reads every member of a group, ordered by account id.
pub(super) async fn read(client: &XmlRpc, group: AccountId) -> Result<Vec<Member>, PbxError> {
    let mut list = List { client, group, page_members: PAGE_MEMBERS_MAX, calls_left: CALLS_FOR_A_LIST_MAX };
    for _ in 0..ATTEMPTS_MAX {
        if let Some(members) = list.read().await? {
            return Ok(members.into_values().collect());
        }
    }
    Err(Malformed::Pages.into())
}

struct List<'a> {
    client: &'a XmlRpc,
    group: AccountId,
    page_members: usize,
    calls_left: usize,
}

pub(super) struct Page {
    total: u64,
    pub(super) members: Members,
}

impl List<'_> {
    /// Reads all pages; `None` when they do not add up to the total that each of them names.
    async fn read(&mut self) -> Result<Option<Members>, PbxError> {
        let mut members = Members::new();
        let mut from = 0;
        let mut first_total = None;
        loop {
            let page = self.page(from).await?;
            let total = *first_total.get_or_insert(page.total);
            if total.max(from + page.members.len() as u64) > MEMBERS_MAX as u64 {
                return Err(Malformed::Members.into());
            }
            from += page.members.len() as u64;
            let is_last = page.members.is_empty() || from >= total;
            members.extend(page.members);
            if page.total != total || is_last {
                let adds_up = page.total == total && members.len() as u64 == total;
                return Ok(adds_up.then_some(members));
            }
        }
    }

    /// Reads the page from a position, asking for half as many after a page that was too much.
    async fn page(&mut self, from: u64) -> Result<Page, PbxError> {
        loop {
            self.calls_left = self.calls_left.checked_sub(1).ok_or(Malformed::Pages)?;
            let params = Params::from([
                ("group".to_owned(), text(self.group.to_string())),
                ("from".to_owned(), text(from.to_string())),
                ("count".to_owned(), text(self.page_members.to_string())),
            ]);
            match self.client.call("getMembers", params, &[]).await {
                Ok(data) => return page(data),
                Err(error) if error.may_go_well_in_parts() && self.page_members > PAGE_MEMBERS_MIN => {
                    self.page_members = (self.page_members / 2).max(PAGE_MEMBERS_MIN);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

pub(super) fn page(data: Data) -> Result<Page, PbxError> {
    let total = data.number("total")?.ok_or(Malformed::Missing("total"))?;
    let members = data
        .part("members")?
        .into_members()
        .map(|(account, value)| member(&account, value))
        .collect::<Result<Members, PbxError>>()?;
    Ok(Page { total, members })
}

fn member(account: &str, value: Value) -> Result<(AccountId, Member), PbxError> {
    let account: AccountId = account.parse().map_err(|_| Malformed::Number("a member's account"))?;
    let data = Data::new(value, "a member")?;
    let text = |name| data.text_within(name, TEXT_BYTES_MAX).map(Option::unwrap_or_default);
    let (first, family) = (text("firstName")?, text("familyName")?);
    let member = Member {
        account,
        login: Login(text("login")?),
        name: format!("{} {}", first.trim(), family.trim()).trim().to_owned(),
        // A member with a text that is no address is a member without a mailbox, not a reason to lose the list.
        address: text("email")?.parse().ok(),
    };
    Ok((account, member))
}
