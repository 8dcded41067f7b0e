//! What the reads beside the loop taught: the members of the group, and the calendars.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use tracing::{debug, info, warn};

use super::almanac::Lesson;
use super::report::{Trouble, cause};
use super::roster::Learnt;
use super::{Asked, Engine, Group, asked_wait, chain, delta};
use crate::clock::Clock;
use crate::graph::{Answer, Calendars, GraphError, Request};
use crate::journal::{Journal, Record};
use crate::pbx::{Pbx, PbxError, Redirects};
use crate::rules::{AccountId, Member};

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    pub(super) async fn learn_members(&mut self, group: AccountId, result: Result<Group, PbxError>) {
        if group != self.orders.group {
            // It was asked for before another group was chosen, whose members are asked for too.
            return;
        }
        let now = self.ports.clock.now();
        self.members_asked = Asked::Once;
        let Group { module, members, redirects } = match result {
            Ok(read) => read,
            Err(error) => {
                let wait = self.members_trouble.fail(asked_wait(&error), 0);
                self.members_due_at = Some(now + delta(wait));
                self.pbx_answered("members", std::slice::from_ref(&error));
                return;
            }
        };
        self.members_trouble.succeed();
        self.pbx_answered("members", &[]);
        self.learn_revision(&module);
        self.learn_queue(&module.queue);
        let list = members.clone();
        let first = !self.state.roster.is_known();
        match self.state.roster.learn(members, now, self.state.restarted_at) {
            Learnt::Doubted { again_at } => {
                warn!(
                    members = list.len(),
                    "The PBX gave a doubtful list of members, so it is read again before it counts."
                );
                self.members_due_at = Some(again_at);
            }
            Learnt::Believed { changed } => {
                self.members_due_at = Some(now + delta(self.orders.members_interval));
                if first || !changed.is_empty() {
                    self.follow(&changed, list, now).await;
                }
            }
        }
        if let Some(redirects) = redirects {
            self.learn_numbers(&redirects, now);
        }
    }

    /// Takes the members' numbers as they are now; whoever has other ones than before is looked at.
    fn learn_numbers(&mut self, redirects: &Redirects, now: DateTime<Utc>) {
        self.pbx_answered("redirects", &redirects.errors);
        let members: BTreeSet<AccountId> = self.state.roster.members().map(|member| member.account).collect();
        self.state.numbers.follow(&members);
        for (account, records) in &redirects.seen {
            if members.contains(account) && self.state.numbers.learn(*account, records) {
                self.state.numbers.ask_again(*account);
                self.state.agenda.advance(*account, now);
            }
        }
    }

    /// Follows the members as they are now: new ones are looked at, those who left are taken off.
    async fn follow(&mut self, changed: &[AccountId], list: Vec<Member>, now: DateTime<Utc>) {
        info!(members = list.len(), changed = changed.len(), "The members of the group are known.");
        let addresses: BTreeSet<_> = self.state.roster.addresses().cloned().collect();
        self.state.groups.insert(self.orders.group, list.clone());
        let mut records = vec![Record::Members(self.orders.group, list)];
        records.extend(self.state.almanac.follow(&addresses, now).into_iter().map(Record::ForgetCalendar));
        records.extend(self.follow_categories(now));
        self.record(records).await;
        for account in changed {
            self.state.agenda.advance(*account, now);
        }
        for (account, _) in self.state.holds.keys().copied().collect::<Vec<_>>() {
            self.state.agenda.advance(account, now);
        }
    }

    pub(super) async fn learn_calendars(&mut self, requests: &[Request], result: Result<Vec<Answer>, GraphError>) {
        let now = self.ports.clock.now();
        self.calendars_asked = Asked::Once;
        match self.state.almanac.learn(requests, result, now, self.orders.policy.zone) {
            Err(error) => {
                let text = chain(&error);
                if self.calendars_trouble.is_none() {
                    warn!(error = text, "No calendar can be read; the last known ones go on working.");
                }
                Trouble::note(&mut self.calendars_trouble, now, cause::of_tenant(&error), text);
            }
            Ok(lesson) => {
                if lesson.heard && self.calendars_trouble.take().is_some() {
                    info!("Calendars can be read again.");
                }
                self.learn_lesson(lesson, now).await;
            }
        }
    }

    async fn learn_lesson(&mut self, lesson: Lesson, now: DateTime<Utc>) {
        for (address, error) in &lesson.troubled {
            for account in self.state.roster.accounts_at(address) {
                warn!(
                    member.id = account.0,
                    error = %chain(error),
                    "A calendar cannot be read; the last known one goes on working."
                );
            }
        }
        for account in lesson.recovered.iter().flat_map(|address| self.state.roster.accounts_at(address)) {
            info!(member.id = account.0, "A calendar can be read again.");
        }
        self.end_what_waited(now).await;
        for address in &lesson.changed {
            for account in self.state.roster.accounts_at(address).to_vec() {
                debug!(member.id = account.0, "The calendar of a member has changed.");
                self.state.agenda.advance(account, now);
            }
        }
        if !lesson.records.is_empty() {
            self.record(lesson.records).await;
        }
    }
}
