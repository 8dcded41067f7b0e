//! Everything that a plan is made of, read once: members, what they show, where their calls go, and their calendars.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};

use crate::cli::check::mailboxes;
use crate::cli::progress::Progress;
use crate::clock::{Clock, SystemClock};
use crate::engine::chain;
use crate::engine::command::only;
use crate::graph::{BATCH_MAX, Calendar, GraphClient, Request, Window};
use crate::journal::Kept;
use crate::pbx::Pbx;
use crate::rules::{AccountId, Address, Entry, Hold, Member, RedirectRecord, Seen, StatusText, Subject};
use crate::settings::Settings;

/// An entry that began before may still be under way; what is longer than this begins in the window that is read.
const BACK: TimeDelta = TimeDelta::hours(14);

/// What was read.
pub(super) struct Reading {
    /// When.
    pub(super) at: DateTime<Utc>,
    groups: BTreeMap<AccountId, Vec<Member>>,
    seen: BTreeMap<AccountId, Seen>,
    records: BTreeMap<AccountId, Vec<RedirectRecord>>,
    /// The calendars, or why they cannot be read.
    pub(super) calendars: BTreeMap<Address, Result<Vec<Entry>, String>>,
    /// Whether anybody's numbers were asked for.
    numbers_read: bool,
    kept: Option<Kept>,
}

impl Reading {
    /// Reads what these settings need, so far ahead.
    pub(super) async fn take(
        pbx: &impl Pbx,
        graph: &GraphClient,
        kept: Option<Kept>,
        all: &[&Settings],
        clock: SystemClock,
        ahead: TimeDelta,
    ) -> anyhow::Result<Self> {
        let asking = Progress::endless("asking the PBX");
        let mut groups = BTreeMap::new();
        for group in all.iter().map(|settings| settings.group).collect::<BTreeSet<_>>() {
            let members = pbx.members(group).await.with_context(|| format!("read the members of group {group}"))?;
            groups.insert(group, members);
        }
        let holds = kept.as_ref().map_or(&[][..], |kept| &kept.holds);
        let accounts: BTreeSet<AccountId> = groups
            .values()
            .flatten()
            .map(|member| member.account)
            .chain(holds.iter().map(|hold| hold.account))
            .collect();
        let accounts: Vec<AccountId> = accounts.into_iter().collect();
        let states = pbx.states(&accounts).await;
        let numbers_read = all.iter().any(|settings| settings.policy.may_redirect())
            || holds.iter().any(|hold| hold.field().number().is_some());
        let redirects = if numbers_read { pbx.redirects(&accounts).await } else { Default::default() };
        if let Some(error) = states.errors.into_iter().chain(redirects.errors).next() {
            return Err(error).context("read what the telephones show");
        }
        let addresses: BTreeSet<Address> =
            groups.values().flatten().filter_map(|member| member.address.clone()).collect();
        drop(asking);
        let at = clock.now();
        let calendars = calendars(graph, &addresses, Window { from: at - BACK, to: at + ahead }).await;
        Ok(Self { at, groups, seen: states.seen, records: redirects.seen, calendars: calendars?, numbers_read, kept })
    }

    /// The members of the group of these settings.
    pub(super) fn members(&self, settings: &Settings) -> &[Member] {
        self.groups.get(&settings.group).map_or(&[], Vec::as_slice)
    }

    /// The members that are told of: the one that is named, or all.
    pub(super) fn meant(&self, settings: &Settings, name: Option<&str>) -> anyhow::Result<Vec<&Member>> {
        let members = self.members(settings);
        Ok(match name {
            Some(name) => vec![only(members, name)?],
            None => members.iter().collect(),
        })
    }

    /// Everybody of whom enough is known: the members, and those who left and are still held.
    pub(super) fn subjects(&self, settings: &Settings) -> Vec<Subject> {
        let members = self.members(settings);
        let is_member = |account: AccountId| members.iter().any(|member| member.account == account);
        let left = |hold: &Hold| {
            let login = hold.login()?.clone();
            Some(Member { account: hold.account, login, name: String::new(), address: None })
        };
        let left: BTreeMap<AccountId, Member> = self
            .holds()
            .iter()
            .filter(|hold| !is_member(hold.account))
            .filter_map(|hold| Some((hold.account, left(hold)?)))
            .collect();
        members.iter().cloned().chain(left.into_values()).filter_map(|member| self.subject(member)).collect()
    }

    fn subject(&self, member: Member) -> Option<Subject> {
        let entries = match &member.address {
            Some(address) => self.calendars.get(address)?.as_ref().ok()?.clone(),
            None => Vec::new(),
        };
        let account = member.account;
        Some(Subject {
            entries,
            marks: self.marks(account),
            seen: self.seen.get(&account)?.clone(),
            records: self.records.get(&account).cloned().unwrap_or_default(),
            texts_put: self.texts_put(account),
            member,
        })
    }

    /// Whether the PBX says what a member shows, and where its calls go.
    pub(super) fn is_seen(&self, account: AccountId) -> bool {
        self.seen.contains_key(&account) && (!self.numbers_read || self.records.contains_key(&account))
    }

    /// The early ends of a member.
    pub(super) fn marks(&self, account: AccountId) -> Vec<crate::rules::Mark> {
        let marks = self.kept.iter().flat_map(|kept| &kept.marks);
        marks.filter(|(of, _)| *of == account).map(|(_, mark)| mark.clone()).collect()
    }

    fn texts_put(&self, account: AccountId) -> Vec<(DateTime<Utc>, StatusText)> {
        let texts = self.kept.iter().flat_map(|kept| &kept.texts);
        texts.filter(|(of, ..)| *of == account).map(|(_, text, at)| (*at, text.clone())).collect()
    }

    /// Everything that is held.
    pub(super) fn holds(&self) -> &[Hold] {
        self.kept.as_ref().map_or(&[], |kept| &kept.holds)
    }

    /// A journal that is not there would be begun now.
    pub(super) fn journal_began_at(&self) -> DateTime<Utc> {
        self.kept.as_ref().map_or(self.at, |kept| kept.created_at)
    }

    pub(super) fn restarted_at(&self) -> Option<DateTime<Utc>> {
        self.kept.as_ref()?.queue.as_ref()?.restarted_at
    }
}

/// Reads calendars batch by batch; one that cannot be read does not spoil the others.
async fn calendars(
    graph: &GraphClient,
    addresses: &BTreeSet<Address>,
    window: Window,
) -> anyhow::Result<BTreeMap<Address, Result<Vec<Entry>, String>>> {
    let addresses: Vec<&Address> = addresses.iter().collect();
    let mut calendars = BTreeMap::new();
    let reading = Progress::of(addresses.len(), "calendars");
    for batch in addresses.chunks(BATCH_MAX) {
        let requests: Vec<Request> =
            batch.iter().map(|address| Request { address: (*address).clone(), window, last: None }).collect();
        for answer in mailboxes::read(graph, &requests).await.context("read the calendars")? {
            calendars
                .insert(answer.address, answer.calendar.map(Calendar::into_entries).map_err(|error| chain(&error)));
        }
        reading.advance(batch.len());
    }
    Ok(calendars)
}
