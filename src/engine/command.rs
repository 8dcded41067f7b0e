//! What people ask of a running engine, and what it answers.
//!
//! Commands are taken between two rounds. None makes the loop wait longer than a round does: what needs rounds is
//! answered after them, and what needs the journal is read beside the loop. Whoever asked may be gone by then, which is
//! no fault. Must not know who asks, nor over what.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use tracing::info;

use super::history::{self, Change};
use super::report::Words;
use super::report::explain::Explanation;
use super::report::figures::Figures;
use super::{Engine, Errand, Report};
use crate::alarm::Findings;
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;
use crate::rules::{AccountId, Member, account_named, named};

/// How many commands may wait for the engine; whoever asks more waits to ask.
pub(super) const COMMANDS_MAX: usize = 16;

/// What is asked, and where the answer goes.
#[derive(Debug)]
pub enum Command {
    /// How things stand.
    Status {
        /// Whether titles may stand in the answer.
        words: Words,
        /// Where the answer goes.
        reply: oneshot::Sender<Report>,
    },
    /// Why things are as they are with one member.
    Explain {
        /// Login, e-mail address or `id:1010`.
        member: String,
        /// Whether titles may stand in the answer.
        words: Words,
        /// Where the answer goes.
        reply: oneshot::Sender<Result<Explanation, Refusal>>,
    },
    /// The same of several; those who are unknown are left out.
    ExplainAll {
        /// Whose, and in which order.
        accounts: Vec<AccountId>,
        /// Whether titles may stand in the answer.
        words: Words,
        /// Where the answer goes.
        reply: oneshot::Sender<Vec<Explanation>>,
    },
    /// A few numbers, for those who draw curves.
    Figures(oneshot::Sender<Figures>),
    /// Read the members and all calendars now.
    Refresh(oneshot::Sender<Result<(), Refusal>>),
    /// Everything that is not as it should be, for those who tell of it by mail.
    Problems {
        /// How many mails about problems wait to be sent.
        mails_unsent: usize,
        /// Where the answer goes.
        reply: oneshot::Sender<Findings>,
    },
    /// End a member's active entries early.
    End {
        /// Login, e-mail address or `id:1010`.
        member: String,
        /// Where the answer goes.
        reply: oneshot::Sender<Result<Ended, Refusal>>,
    },
    /// End active entries early, and take everything off.
    Restore {
        /// Whose; everybody's when it is missing.
        member: Option<String>,
        /// Where the answer goes.
        reply: oneshot::Sender<Result<Restored, Refusal>>,
    },
    /// What was changed.
    History {
        /// Whose; everybody's when it is missing.
        member: Option<String>,
        /// Since when.
        since: DateTime<Utc>,
        /// Where the answer goes.
        reply: oneshot::Sender<Result<Vec<Change>, Refusal>>,
    },
}

/// A member, as people know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whom {
    /// The account.
    pub account: u32,
    /// The login.
    pub login: String,
    /// First and family name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
}

/// What ended early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Whose.
    pub member: Whom,
    /// How many entries; none when none was active.
    pub entries: usize,
}

/// What was taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// How many entries ended early for it.
    pub entries: usize,
    /// How many fields are as they were before.
    pub fields: usize,
    /// What could not be restored.
    pub left: Vec<Unrestored>,
}

/// A field that could not be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unrestored {
    /// Whose.
    pub member: Whom,
    /// Which.
    pub field: String,
    /// The called number of a redirect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Why not, in words.
    pub why: String,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody is named so.
    #[error(
        "find a member called \"{text}\": name one by login, e-mail address or an account such as id:1010; `status` lists \
         them all"
    )]
    Unknown {
        /// What was asked for.
        text: String,
    },
    /// Several are named so.
    #[error("tell who is meant by \"{text}\": it fits {} members", members.len())]
    Ambiguous {
        /// What was asked for.
        text: String,
        /// Who they are.
        members: Vec<Whom>,
    },
    /// The PBX has not named the members yet.
    #[error("find a member: the PBX has not named the members of the group yet; `check` says why")]
    MembersUnknown,
    /// The module's page could not be read or used since the service was started.
    #[error("do that yet: the service waits for the module's page; `status` says why")]
    NoOrders,
    /// The journal cannot be read.
    #[error("read the journal: {text}")]
    Journal {
        /// The error with its causes.
        text: String,
    },
}

impl From<&Member> for Whom {
    fn from(member: &Member) -> Self {
        Self {
            account: member.account.0,
            login: member.login.0.clone(),
            name: member.name.clone(),
            email: member.address.as_ref().map(ToString::to_string),
        }
    }
}

/// Returns the one member that a text names.
///
/// # Errors
/// When it names nobody, or several.
pub fn only<'a>(members: &'a [Member], text: &str) -> Result<&'a Member, Refusal> {
    match named(members, text).as_slice() {
        [member] => Ok(member),
        [] => Err(Refusal::Unknown { text: text.to_owned() }),
        several => Err(Refusal::Ambiguous {
            text: text.to_owned(),
            members: several.iter().map(|member| Whom::from(*member)).collect(),
        }),
    }
}

/// Returns the account that a text names: a member's, or any that `id:1010` gives, as one who left has a history too.
///
/// # Errors
/// When it names nobody, or several.
pub fn account_of(members: &[Member], text: &str) -> Result<AccountId, Refusal> {
    account_named(text).map_or_else(|| only(members, text).map(|member| member.account), Ok)
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    pub(super) async fn obey(&mut self, command: Command) {
        // Whoever asked may have gone; then nobody hears the answer.
        match command {
            Command::Status { words, reply } => drop(reply.send(self.report(words))),
            Command::Explain { member, words, reply } => drop(reply.send(self.explain_named(&member, words))),
            Command::ExplainAll { accounts, words, reply } => drop(reply.send(self.explain_all(&accounts, words))),
            Command::Figures(reply) => drop(reply.send(self.figures())),
            Command::Refresh(reply) => drop(reply.send(self.refresh())),
            Command::Problems { mails_unsent, reply } => {
                self.mails_unsent = mails_unsent;
                drop(reply.send(self.findings()));
            }
            Command::End { member, reply } => drop(reply.send(self.end(&member).await)),
            Command::Restore { member, reply } => self.begin_restore(member.as_deref(), reply).await,
            Command::History { member, since, reply } => self.tell_history(member.as_deref(), since, reply),
        }
    }

    /// Reads everything as soon as there is room for it; what has to wait, as for a `Retry-After`, still waits.
    fn refresh(&mut self) -> Result<(), Refusal> {
        let now = self.ports.clock.now();
        info!("An administrator has members and calendars read.");
        self.members_due_at = self.members_due_at.map(|_| now);
        self.state.almanac.read_soon(now);
        Ok(())
    }

    async fn end(&mut self, text: &str) -> Result<Ended, Refusal> {
        let member = self.member_named(text)?;
        let now = self.ports.clock.now();
        let entries = self.end_early(member.account, now, now).await;
        info!(member.id = member.account.0, entries, "An administrator ends the active entries of a member early.");
        Ok(Ended { member: Whom::from(&member), entries })
    }

    fn tell_history(
        &mut self,
        text: Option<&str>,
        since: DateTime<Utc>,
        reply: oneshot::Sender<Result<Vec<Change>, Refusal>>,
    ) {
        let account = match text.map(|text| account_of(&self.people(), text)).transpose() {
            Ok(account) => account,
            Err(refusal) => return drop(reply.send(Err(refusal))),
        };
        let (journal, zone) = (self.ports.journal.clone(), self.orders.policy.zone);
        self.errands.spawn(async move {
            drop(reply.send(history::read(&journal, account, since, zone).await));
            Errand::Told
        });
    }

    /// Returns the one that a text names, of the members and of those who left and are still held.
    pub(super) fn member_named(&self, text: &str) -> Result<Member, Refusal> {
        match only(&self.people(), text) {
            Err(Refusal::Unknown { .. }) if !self.state.roster.is_known() => Err(Refusal::MembersUnknown),
            found => found.cloned(),
        }
    }

    /// Returns the members, and those who left and are still held.
    pub(super) fn people(&self) -> Vec<Member> {
        let mut people: BTreeMap<AccountId, Member> =
            self.state.roster.members().map(|member| (member.account, member.clone())).collect();
        let held: BTreeSet<AccountId> = self.state.holds.keys().map(|key| key.0).collect();
        for account in held {
            if let Some(login) = self.state.login(account, &self.state.holds_of(account)) {
                let left = Member { account, login, name: String::new(), address: None };
                people.entry(account).or_insert(left);
            }
        }
        people.into_values().collect()
    }
}
