//! How things stand, for people and scripts: members, what is held over what, and every problem known.
//!
//! Made when somebody asks, not with each round. Holds a title or a status text only for whoever may read them.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::command::Whom;
use super::{Engine, Mode};
use crate::alarm::{self, Cause};
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;
use crate::rules::governing::active;
use crate::rules::text::Language;
use crate::rules::{Entry, EntryId, Hold, Member, Sensitivity, Value};

pub(super) mod cause;
pub mod explain;
pub mod figures;
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
    /// Whether this is a shadow run: what is told as set is not, and nothing is written to the PBX.
    #[serde(default)]
    pub shadow: bool,
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
    /// Its title, for whoever may read it; never a private entry's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
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
    /// What was there before, and comes back at the end.
    #[serde(default)]
    pub under: String,
    /// What was put over it.
    #[serde(default)]
    pub put: String,
}

/// Whether whoever asks may read the words of entries and of status texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// The asker is known.
    Shown,
    /// Titles and texts are nobody's business here; the asker has the right to this machine.
    WithoutTexts,
    /// Anybody may be listening, so it is not told either where calls go.
    Hidden,
}

impl Words {
    /// Returns the title of an entry that may be read.
    fn title(self, entry: &Entry) -> Option<String> {
        (self == Self::Shown && entry.sensitivity == Sensitivity::Normal).then(|| entry.title.0.clone())
    }

    /// Returns a value in words; of a hidden text only whether there is one.
    fn of(self, value: &Value) -> String {
        match (self, value) {
            (_, Value::Text(text)) if text.0.is_empty() => "empty".to_owned(),
            (Self::Hidden | Self::WithoutTexts, Value::Text(_)) => "a text".to_owned(),
            (Self::Hidden, Value::Redirect(..)) => without_place(&value.words()).to_owned(),
            _ => value.words().into_owned(),
        }
    }
}

/// Returns a redirect in words without the place where calls go, which may stand in an entry's text.
pub fn without_place(redirect: &str) -> &'static str {
    match redirect.split([' ', ',']).next() {
        Some("off") => "off",
        Some("on") => "on, without a destination",
        Some("voicemail") => "voicemail",
        _ => "a number",
    }
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind it is: `pbx`, `tenant`, `journal`, `settings`, `categories`, `mailbox`, `address`, `redirect`, `refused`,
    /// `contested` or `conflict`.
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

    /// Returns what is wrong in one sentence, as mails say it; nothing for a cause that this version does not know.
    pub(crate) fn sentence(&self, language: Language) -> Option<&'static str> {
        alarm::sentence(&self.cause, language)
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
    pub(super) fn report(&self, words: Words) -> Report {
        let now = self.ports.clock.now();
        let zone = self.orders.policy.zone;
        let told = |problem: &alarm::Problem| Problem::told(problem, zone);
        let mut problems: Vec<Problem> = self.common_problems().iter().map(told).collect();
        let mut members = Vec::new();
        for member in self.people() {
            let own: Vec<Problem> = self.problems_of(&member).iter().map(told).collect();
            members.push(self.report_of(&member, &own, now, words));
            problems.extend(own);
        }
        Report {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.told(self.started_at),
            round: self.state.round,
            members,
            problems,
            mails_unsent: self.mails_unsent,
            shadow: self.mode == Mode::Shadow,
        }
    }

    fn report_of(&self, member: &Member, problems: &[Problem], now: DateTime<Utc>, words: Words) -> MemberReport {
        let holds = self.state.holds_for(member.account).into_iter();
        MemberReport {
            member: Whom::from(member),
            mailbox: member.address.as_ref().map(ToString::to_string),
            calendar_age_seconds: self.calendar_age(member, now),
            governing: self.governing(member, now, words),
            holds: holds.map(|hold| self.report_hold(hold, words)).collect(),
            next_change_at: self.state.boundary(member.account, now, &self.orders).map(|at| self.told(at)),
            problems: problems.iter().map(|problem| problem.text.clone()).collect(),
        }
    }

    fn calendar_age(&self, member: &Member, now: DateTime<Utc>) -> Option<i64> {
        let read_at = self.state.almanac.read_at(member.address.as_ref()?)?;
        Some((now - read_at).max(TimeDelta::zero()).num_seconds())
    }

    fn governing(&self, member: &Member, now: DateTime<Utc>, words: Words) -> Option<Governing> {
        let entries = self.state.almanac.entries(member.address.as_ref()?)?;
        let policy = &self.orders.policy;
        let governing = active(now, entries, policy, self.state.marks(member.account)).into_iter().next()?.entry;
        Some(Governing {
            entry: governing.id.hash(),
            show_as: governing.show_as.name().to_owned(),
            until: self.told(governing.span.end(policy.zone)),
            title: words.title(governing),
        })
    }

    fn report_hold(&self, hold: &Hold, words: Words) -> HoldReport {
        let entry = hold.claimants.first().map(|claimant| &claimant.entry).or(hold.yielded.first());
        HoldReport {
            field: hold.field().name().to_owned(),
            number: hold.field().number().map(|number| number.to_string()),
            since: self.told(hold.since),
            entry: entry.map(EntryId::hash),
            state: hold.phase.name().to_owned(),
            under: words.of(&hold.under),
            put: words.of(&hold.put),
        }
    }

    fn told(&self, at: DateTime<Utc>) -> String {
        told(at, self.orders.policy.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Redirect, StatusText};

    #[test]
    fn whoever_may_be_anybody_learns_neither_texts_nor_where_calls_go() {
        let value = |redirect: Redirect| Value::Redirect("0041712345610".parse().unwrap(), redirect);
        let off = Redirect { enabled: false, ..Redirect::to_number("0041791112233") };
        let nowhere = Redirect { enabled: true, ..Redirect::none() };
        let values = [Redirect::to_number("0041791112233"), Redirect::to_mailbox("3"), off, nowhere].map(value);
        assert_eq!(
            values.each_ref().map(|value| Words::Hidden.of(value)),
            ["a number", "voicemail", "off", "on, without a destination"]
        );
        let shown = ["0041791112233", "voicemail 3", "off (0041791112233)", "on, without a destination"];
        assert_eq!(values.each_ref().map(|value| Words::WithoutTexts.of(value)), shown);
        let text = |text: &str| Value::Text(StatusText(text.to_owned()));
        assert_eq!([Words::Hidden, Words::WithoutTexts].map(|words| words.of(&text("Muster AG"))), ["a text"; 2]);
        assert_eq!(Words::Shown.of(&text("Muster AG")), "Muster AG");
        assert_eq!(Words::Hidden.of(&text("")), "empty");
    }
}
