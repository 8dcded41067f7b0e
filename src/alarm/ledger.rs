//! Which problem is told when. Pure: problems and `now` go in, news come out.
//!
//! A problem lasts from when it is first seen until it was gone for [`Orders::after`] without a break; shorter gaps do
//! not count, so neither a problem that comes and goes nor a restart of the service makes it a new one. While it is
//! there it is told once it has lasted long enough (one of a redirect at once), and again each [`Orders::repeat`]. Once it
//! was gone long enough it is told to be over, if it was ever told.
//!
//! One that returns within `repeat` after it was over is told again, and from then on its every end is believed twice as
//! late as the last one, up to `repeat`. So one that comes and goes all day makes a handful of mails, not a flood.
//!
//! What ends some day is told when it comes near, and again each time that it is nearer by a stage, in place of each
//! `repeat`.
//!
//! What cannot be seen stays as it is: it is neither there nor gone. What is switched off is forgotten without a word.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::orders::Orders;
use super::problem::{Cause, Findings, Kind, Problem};
use crate::journal::{KnownAlarm, Occasion, Record};

/// The most problems that are followed; more than the members of one service have.
const PROBLEMS_MAX: usize = 20_000;

/// From how many on the same news about the same cause are one mail.
const GATHERED_FROM: usize = 4;

/// What is to be told in one mail: the same of one problem or of several with one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Why it is told.
    pub occasion: Occasion,
    /// What is told; at least one.
    pub cases: Vec<Case>,
}

/// One problem that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The problem.
    pub problem: Problem,
    /// Since when it is gone, if it is.
    pub gone_at: Option<DateTime<Utc>>,
}

/// What is known of every problem.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    known: BTreeMap<String, Known>,
    /// What the journal does not know yet.
    unsaved: BTreeSet<String>,
}

/// What is known of one problem.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    problem: Problem,
    /// Since when it lasts.
    since: DateTime<Utc>,
    /// Since when it is not there.
    gone_at: Option<DateTime<Utc>>,
    /// When it was last told, while it lasts.
    told_at: Option<DateTime<Utc>>,
    /// Since when it is over; it is remembered for a while in case that it comes back.
    resolved_at: Option<DateTime<Utc>>,
    /// How often it came back shortly after it was over.
    returns: u32,
}

impl Ledger {
    /// Takes over what the journal kept. What cannot be read is left out: then it is told once more.
    pub fn kept(alarms: Vec<KnownAlarm>) -> Self {
        let known = alarms.into_iter().filter_map(|alarm| {
            let problem = serde_json::from_str(&alarm.about).ok()?;
            let KnownAlarm { key, since, gone_at, told_at, resolved_at, returns, .. } = alarm;
            Some((key, Known { problem, since, gone_at, told_at, resolved_at, returns }))
        });
        Self { known: known.collect(), unsaved: BTreeSet::new() }
    }

    /// Takes the problems as they are now, and returns what is to be told.
    pub fn turn(&mut self, findings: Findings, now: DateTime<Utc>, orders: &Orders) -> Vec<News> {
        let reach = findings.reach;
        self.forget_untold(orders);
        self.heed_clock(now);
        let mut there: BTreeMap<String, Problem> = BTreeMap::new();
        for problem in findings.problems.into_iter().filter(|problem| orders.tells(problem.cause.kind())) {
            let key = problem.key();
            let is_full = there.len() >= PROBLEMS_MAX;
            match there.get_mut(&key) {
                Some(known) => known.take_in(&problem),
                None if is_full => {}
                None => drop(there.insert(key, problem)),
            }
        }
        let missing: Vec<String> = self
            .known
            .iter()
            .filter(|(key, known)| !there.contains_key(*key) && reach.covers(known.problem.cause))
            .map(|(key, _)| key.clone())
            .collect();
        let mut told = Vec::new();
        for (key, problem) in there {
            told.extend(self.see(key, problem, now, orders));
        }
        for key in missing {
            told.extend(self.miss(&key, now, orders));
        }
        gathered(told)
    }

    /// Returns what the journal is to be told.
    pub fn unsaved(&self) -> Vec<Record> {
        let record = |key: &String| match self.known.get(key) {
            Some(known) => known.record(key).map(Record::Alarm),
            None => Some(Record::ForgetAlarm(key.clone())),
        };
        self.unsaved.iter().filter_map(record).collect()
    }

    /// Notes that the journal knows everything.
    pub fn saved(&mut self) {
        self.unsaved.clear();
    }

    /// A problem is there.
    fn see(&mut self, key: String, problem: Problem, now: DateTime<Utc>, orders: &Orders) -> Option<(Occasion, Case)> {
        let fresh = || Known {
            problem: problem.clone(),
            since: now,
            gone_at: None,
            told_at: None,
            resolved_at: None,
            returns: 0,
        };
        let known = self.known.entry(key.clone()).or_insert_with(|| {
            self.unsaved.insert(key.clone());
            fresh()
        });
        let before = known.clone();
        if known.is_over() {
            *known = Known { returns: known.returns.saturating_add(1), ..fresh() };
        }
        known.gone_at = None;
        let is_nearer = problem.is_nearer_than(&known.problem);
        if problem.is_told_by_stages() {
            known.problem.subject = problem.subject;
        }
        known.problem.text = problem.text;
        let occasion = match known.due(now, orders) {
            None if is_nearer && known.told_at.is_some() => Some(Occasion::Reminder),
            due => due,
        };
        if occasion.is_some() {
            known.told_at = Some(now);
        }
        // Other words alone are not worth a write.
        if (Known { problem: before.problem.clone(), ..known.clone() }) != before {
            self.unsaved.insert(key);
        }
        occasion.map(|occasion| (occasion, Case { problem: known.problem.clone(), gone_at: None }))
    }

    /// A problem is not there.
    fn miss(&mut self, key: &str, now: DateTime<Utc>, orders: &Orders) -> Option<(Occasion, Case)> {
        let known = self.known.get_mut(key)?;
        if let Some(at) = known.resolved_at {
            if now - at >= delta(orders.repeat) {
                self.forget(key);
            }
            return None;
        }
        if known.gone_at.is_none() {
            known.gone_at = Some(now);
            self.unsaved.insert(key.to_owned());
        }
        let gone_at = known.gone_at?;
        if now - gone_at < believed_after(known.returns, orders) {
            return None;
        }
        let was_told = known.told_at.take().is_some();
        if !was_told && known.returns == 0 {
            self.forget(key);
            return None;
        }
        known.resolved_at = Some(now);
        self.unsaved.insert(key.to_owned());
        let case = Case { problem: known.problem.clone(), gone_at: Some(gone_at) };
        was_told.then_some((Occasion::Resolved, case))
    }

    fn forget(&mut self, key: &str) {
        self.known.remove(key);
        self.unsaved.insert(key.to_owned());
    }

    /// Forgets what is switched off.
    fn forget_untold(&mut self, orders: &Orders) {
        let untold = |known: &&String| !orders.tells(self.known[*known].problem.cause.kind());
        let keys: Vec<String> = self.known.keys().filter(untold).cloned().collect();
        for key in keys {
            self.forget(&key);
        }
    }

    /// Keeps no instant that a clock showed that has been set back since.
    fn heed_clock(&mut self, now: DateTime<Utc>) {
        for known in self.known.values_mut() {
            known.since = known.since.min(now);
            for at in [&mut known.gone_at, &mut known.told_at, &mut known.resolved_at].into_iter().flatten() {
                *at = (*at).min(now);
            }
        }
    }
}

impl Known {
    fn is_over(&self) -> bool {
        self.resolved_at.is_some()
    }

    /// Returns why it is told now, if it is, while it is there.
    fn due(&self, now: DateTime<Utc>, orders: &Orders) -> Option<Occasion> {
        match self.told_at {
            Some(_) if self.problem.is_told_by_stages() => None,
            Some(at) => (now - at >= delta(orders.repeat)).then_some(Occasion::Reminder),
            None => {
                let at_once = self.problem.cause.kind() == Kind::Redirect;
                (at_once || now - self.since >= delta(orders.after)).then_some(Occasion::First)
            }
        }
    }

    fn record(&self, key: &str) -> Option<KnownAlarm> {
        Some(KnownAlarm {
            key: key.to_owned(),
            about: serde_json::to_string(&self.problem).ok()?,
            since: self.since,
            gone_at: self.gone_at,
            told_at: self.told_at,
            resolved_at: self.resolved_at,
            returns: self.returns,
        })
    }
}

/// How long a problem that came back so often must be gone before that is believed.
fn believed_after(returns: u32, orders: &Orders) -> TimeDelta {
    let grown = orders.after.saturating_mul(1 << returns.min(20));
    delta(grown.min(orders.repeat.max(orders.after)))
}

/// Makes one piece of news of the same about the same cause, where there is much of it.
fn gathered(told: Vec<(Occasion, Case)>) -> Vec<News> {
    let mut piles: BTreeMap<(Occasion, Cause), Vec<Case>> = BTreeMap::new();
    for (occasion, case) in told {
        piles.entry((occasion, case.problem.cause)).or_default().push(case);
    }
    let mut news = Vec::new();
    for ((occasion, _), cases) in piles {
        if cases.len() < GATHERED_FROM {
            news.extend(cases.into_iter().map(|case| News { occasion, cases: vec![case] }));
        } else {
            news.push(News { occasion, cases });
        }
    }
    news
}

fn delta(span: Duration) -> TimeDelta {
    TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests;
