//! How things stand, for people and scripts: members, what is held over what, and every problem known.
//!
//! Made when somebody asks, not with each round. Holds no title and no status text.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Engine;
use super::command::Whom;
use crate::alarm::{self, Cause};
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;
use crate::rules::governing::active;
use crate::rules::{EntryId, Hold, Member};

pub(super) mod cause;
pub(super) mod problems;

/// How things stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The program's version.
    pub version: String,
    /// Since when it runs.
    pub started_at: String,
    /// How many rounds are complete.
    pub round: u64,
    /// Every member, by account; also those who left and are still held.
    pub members: Vec<MemberReport>,
    /// Everything that is not as it should be.
    pub problems: Vec<Problem>,
    /// How many mails about problems wait to be sent.
    #[serde(default)]
    pub mails_unsent: usize,
}

/// How things stand with one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberReport {
    /// Who it is.
    #[serde(flatten)]
    pub member: Whom,
    /// The mailbox that is read.
    pub mailbox: Option<String>,
    /// How long ago the calendar was read; nothing when it never was.
    pub calendar_age_seconds: Option<i64>,
    /// The entry that governs now.
    pub governing: Option<Governing>,
    /// What is held.
    pub holds: Vec<HoldReport>,
    /// When what the entries want may change next.
    pub next_change_at: Option<String>,
    /// The texts of the problems that concern this member.
    pub problems: Vec<String>,
}

/// The entry that governs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Governing {
    /// Its short hash.
    pub entry: String,
    /// How it is shown.
    pub show_as: String,
    /// Its end.
    pub until: String,
}

/// One field that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldReport {
    /// Which.
    pub field: String,
    /// The called number of a redirect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Since when.
    pub since: String,
    /// The short hash of the entry that it is held for.
    pub entry: Option<String>,
    /// The phase's name.
    pub state: String,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind it is: `pbx`, `tenant`, `journal`, `settings`, `categories`, `mailbox`, `address`, `redirect`, `refused`
    /// or `contested`.
    pub kind: String,
    /// The account that it concerns; missing when it concerns everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<u32>,
    /// Since when.
    pub since: String,
    /// What is wrong.
    pub text: String,
    /// What is wrong in one word, more exactly than its kind, such as `secret_expired`.
    #[serde(default)]
    pub cause: String,
}

impl Problem {
    /// Returns a problem as the status tells it to people of this zone.
    pub(super) fn told(problem: &alarm::Problem, zone: Tz) -> Self {
        Self {
            kind: cause::kind(problem.cause).to_owned(),
            member: problem.whom.as_ref().map(|whom| whom.account),
            since: told(problem.since, zone),
            text: problem.text.clone(),
            cause: problem.cause.name().to_owned(),
        }
    }
}

/// Something that is broken, said in the log once and not with every try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) since: DateTime<Utc>,
    pub(crate) text: String,
    pub(crate) cause: Cause,
}

impl Trouble {
    /// Notes what is wrong now; it is wrong since it was first noted.
    pub(crate) fn note(noted: &mut Option<Self>, now: DateTime<Utc>, cause: Cause, text: String) {
        let since = noted.as_ref().map_or(now, |before| before.since);
        *noted = Some(Self { since, text, cause });
    }
}

/// Returns an instant as people of this zone write it, with the offset.
pub(super) fn told(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    pub(super) fn report(&self) -> Report {
        let now = self.ports.clock.now();
        let zone = self.orders.policy.zone;
        let told = |problem: &alarm::Problem| Problem::told(problem, zone);
        let mut problems: Vec<Problem> = self.common_problems().iter().map(told).collect();
        let mut members = Vec::new();
        for member in self.people() {
            let own: Vec<Problem> = self.problems_of(&member).iter().map(told).collect();
            members.push(self.report_of(&member, &own, now));
            problems.extend(own);
        }
        Report {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.told(self.started_at),
            round: self.state.round,
            members,
            problems,
            mails_unsent: self.mails_unsent,
        }
    }

    fn report_of(&self, member: &Member, problems: &[Problem], now: DateTime<Utc>) -> MemberReport {
        let address = member.address.as_ref();
        let read_at = address.and_then(|address| self.state.almanac.read_at(address));
        MemberReport {
            member: Whom::from(member),
            mailbox: address.map(ToString::to_string),
            calendar_age_seconds: read_at.map(|at| (now - at).max(TimeDelta::zero()).num_seconds()),
            governing: self.governing(member, now),
            holds: self.state.holds_for(member.account).into_iter().map(|hold| self.report_hold(hold)).collect(),
            next_change_at: self.state.boundary(member.account, now, &self.orders).map(|at| self.told(at)),
            problems: problems.iter().map(|problem| problem.text.clone()).collect(),
        }
    }

    fn governing(&self, member: &Member, now: DateTime<Utc>) -> Option<Governing> {
        let entries = self.state.almanac.entries(member.address.as_ref()?)?;
        let policy = &self.orders.policy;
        let governing = active(now, entries, policy, self.state.marks(member.account)).into_iter().next()?.entry;
        Some(Governing {
            entry: governing.id.hash(),
            show_as: governing.show_as.name().to_owned(),
            until: self.told(governing.span.end(policy.zone)),
        })
    }

    fn report_hold(&self, hold: &Hold) -> HoldReport {
        let entry = hold.claimants.first().map(|claimant| &claimant.entry).or(hold.yielded.first());
        HoldReport {
            field: hold.field().name().to_owned(),
            number: hold.field().number().map(|number| number.to_string()),
            since: self.told(hold.since),
            entry: entry.map(EntryId::hash),
            state: hold.phase.name().to_owned(),
        }
    }

    fn told(&self, at: DateTime<Utc>) -> String {
        told(at, self.orders.policy.zone)
    }
}
