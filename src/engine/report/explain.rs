//! Why things are as they are with one member: every entry that is known, whether it counts and why, what governs, what
//! is wanted, and what is held over what.
//!
//! Titles and status texts stand in it only for whoever may read them, and the title of a private entry never does.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HoldReport, Words};
use crate::clock::Clock;
use crate::engine::command::{Refusal, Whom};
use crate::engine::state::Want;
use crate::engine::{Engine, Mode};
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;
use crate::rules::counting::{Counting, Weight, counting, is_active};
use crate::rules::governing::active;
use crate::rules::{AccountId, Entry, EntryId, Field, Member, Sensitivity, Span, Switchboard};

/// Why things are as they are with one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Who it is.
    #[serde(flatten)]
    pub member: Whom,
    /// The instant that is explained.
    pub now: String,
    /// How long ago the calendar was read; nothing when it never was.
    pub calendar_age_seconds: Option<i64>,
    /// Every entry that is known, from some hours ago to a week ahead, by start.
    pub entries: Vec<EntryReport>,
    /// What is wanted now, by field; a redirect as `redirect of 210`. Nothing while calendar or members are unknown.
    pub wish: Option<BTreeMap<String, String>>,
    /// What is held over what.
    pub holds: Vec<HoldReport>,
    /// The texts of the problems that concern this member.
    pub problems: Vec<String>,
    /// Whether this is a shadow run: what is told as held is not, and nothing is written to the PBX.
    #[serde(default)]
    pub shadow: bool,
}

/// One entry of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryReport {
    /// Its short hash.
    pub entry: String,
    /// Its first instant.
    pub start: String,
    /// The first instant after it.
    pub end: String,
    /// Whether it takes whole days.
    pub all_day: bool,
    /// How it is shown.
    pub show_as: String,
    /// Whether its title is nobody's business.
    pub private: bool,
    /// Its title, for whoever may read it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// Whether it counts.
    pub counts: bool,
    /// Why it does not count, or counts only as status.
    pub reason: Option<String>,
    /// Whether it is under way, and counts.
    pub active: bool,
    /// Whether it governs now.
    pub governs: bool,
}

/// What is said of an invitation that nobody answered.
const STATUS_ONLY: &str = "the member has not answered the invitation, so it shows as away and nothing else";

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    pub(in crate::engine) fn explain_named(&self, text: &str, words: Words) -> Result<Explanation, Refusal> {
        let member = self.member_named(text)?;
        Ok(self.explain(&member, &self.board(self.ports.clock.now()), words))
    }

    /// Explains those of the accounts that are members, or are still held.
    pub(in crate::engine) fn explain_all(&self, accounts: &[AccountId], words: Words) -> Vec<Explanation> {
        let people = self.people();
        let known = |account: &AccountId| people.iter().find(|member| member.account == *account);
        let board = self.board(self.ports.clock.now());
        accounts.iter().filter_map(known).map(|member| self.explain(member, &board, words)).collect()
    }

    fn explain(&self, member: &Member, board: &Switchboard, words: Words) -> Explanation {
        let now = self.ports.clock.now();
        let problems = self.problems_of(member).into_iter().map(|problem| problem.text).collect();
        Explanation {
            member: Whom::from(member),
            now: self.told(now),
            calendar_age_seconds: self.calendar_age(member, now),
            entries: self.entries_of(member, now, words),
            wish: self.wish_of(member, board, now, words),
            holds: self.state.holds_for(member.account).into_iter().map(|hold| self.report_hold(hold, words)).collect(),
            problems,
            shadow: self.mode == Mode::Shadow,
        }
    }

    fn entries_of(&self, member: &Member, now: DateTime<Utc>, words: Words) -> Vec<EntryReport> {
        let (policy, marks) = (&self.orders.policy, self.state.marks(member.account));
        let known = member.address.as_ref().and_then(|address| self.state.almanac.entries(address));
        let known = known.unwrap_or_default();
        let governing = active(now, known, policy, marks).first().map(|one| &one.entry.id);
        let mut entries: Vec<&Entry> = known.iter().collect();
        entries.sort_by_key(|entry| (entry.span.start(policy.zone), entry.span.end(policy.zone), &entry.id));
        entries
            .into_iter()
            .map(|entry| self.report_entry(entry, counting(entry, policy, marks), governing, now, words))
            .collect()
    }

    fn report_entry(
        &self,
        entry: &Entry,
        counting: Counting,
        governing: Option<&EntryId>,
        now: DateTime<Utc>,
        words: Words,
    ) -> EntryReport {
        let zone = self.orders.policy.zone;
        let reason = match counting {
            Counting::Not(reason) => Some(reason.words().to_owned()),
            Counting::Counts(Weight::StatusOnly) => Some(STATUS_ONLY.to_owned()),
            Counting::Counts(Weight::Full) => None,
        };
        let counts = matches!(counting, Counting::Counts(_));
        EntryReport {
            entry: entry.id.hash(),
            start: self.told(entry.span.start(zone)),
            end: self.told(entry.span.end(zone)),
            all_day: matches!(entry.span, Span::AllDay { .. }),
            show_as: entry.show_as.name().to_owned(),
            private: entry.sensitivity != Sensitivity::Normal,
            title: words.title(entry),
            counts,
            reason,
            active: counts && is_active(entry, now, zone),
            governs: governing == Some(&entry.id),
        }
    }

    fn wish_of(
        &self,
        member: &Member,
        board: &Switchboard,
        now: DateTime<Utc>,
        words: Words,
    ) -> Option<BTreeMap<String, String>> {
        let Want::Known(wish) = self.state.want(member.account, now, &self.orders.policy) else { return None };
        let fields = Field::OF_STATE.into_iter().filter_map(|field| {
            let value = wish.as_ref()?.value(field)?;
            Some((field.name().to_owned(), words.of(value)))
        });
        let records = self.state.numbers.of(member.account).unwrap_or_default();
        let numbers = records.iter().filter_map(|record| {
            let first = board.claims(record.number).first()?;
            Some((format!("redirect of {}", record.number), words.of(&first.claim.value)))
        });
        Some(fields.chain(numbers).collect())
    }
}
