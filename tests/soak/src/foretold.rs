//! A week in which nobody changes anything and nothing fails: what the service does is what was foretold.

use std::collections::BTreeMap;
use std::pin::pin;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{Either, select};
use starface_calendar::clock::SimClock;
use starface_calendar::engine::{self, Engine};
use starface_calendar::pbx::Pbx;
use starface_calendar::rules::{AccountId, Field, Forecast, Horizon, Subject, Value, forecast};

use super::act::{Act, Choice, Edit};
use super::fuse::Fuse;
use super::idle::Idle;
use super::journal::{Disk, Holding};
use super::meeting::{self, Meeting, Meetings};
use super::outside::{Outside, Set};
use super::play;
use super::policy::policy;
use super::ports::{Ports, member};
use super::scenario::{self, GROUP_NUMBER, Scenario};
use super::tenant::address;

/// A change of one field, in words: when, whose, to what. A number is nobody's alone.
type Change = (DateTime<Utc>, Option<AccountId>, Field, Value);

/// How long the service runs before it has seen everything.
const AT_FIRST: TimeDelta = TimeDelta::seconds(2);

/// A site as it is at the beginning of the week.
struct Site {
    clock: SimClock,
    fuse: Fuse,
    holding: Holding,
    ports: Ports,
    meetings: Meetings,
    members: Vec<u32>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Site {
    /// Everything that people would do in that week is done before it.
    fn new(seed: u64, members: u32, days: u32) -> Self {
        let scenario = Scenario::new(seed, members, days);
        let (clock, fuse, holding) = (SimClock::new(scenario.from), Fuse::default(), Holding::default());
        let ports = Ports::new(&clock, &fuse, &holding);
        for member in &scenario.members {
            ports.hire(*member, &scenario::boxes(*member));
            let nowhere = super::model::Way::nowhere();
            ports.give(&scenario::external(*member), &[*member], &nowhere);
            ports.give(&scenario::internal(*member), &[*member], &nowhere);
        }
        ports.give(GROUP_NUMBER, scenario::group(&scenario.members), &super::model::Way::to_number("0041712349999"));
        let mut meetings = Meetings::new();
        for (_, act) in scenario.script {
            match act {
                Act::Calendar(edit) => edited(&mut meetings, edit),
                Act::Person(member, Choice::Presence(presence)) => ports.set(member, Set::Presence(presence)),
                Act::Person(member, Choice::Text(text)) => ports.set(member, Set::Text(text)),
                Act::Person(member, Choice::Dnd(on)) => ports.set(member, Set::Dnd(on)),
                Act::Redirect(number, way) => ports.lead(&number, &[], &way),
                Act::Person(..) | Act::Trouble(_) | Act::Calm => {}
            }
        }
        meetings.values().for_each(|meeting| ports.put(meeting));
        let (from, until) = (scenario.from, scenario.to);
        Self { clock, fuse, holding, ports, meetings, members: scenario.members, from, until }
    }

    async fn foretell(&self) -> Forecast {
        let accounts: Vec<AccountId> = self.members.iter().copied().map(AccountId).collect();
        let (_, pbx) = self.ports.ports("nobody".to_owned(), 0);
        let (states, redirects) = (pbx.states(&accounts).await, pbx.redirects(&accounts).await);
        let subject = |account: &u32| Subject {
            member: member(*account, address(*account)),
            entries: meeting::of(&self.meetings, *account).map(Meeting::entry).collect(),
            marks: Vec::new(),
            seen: states.seen[&AccountId(*account)].clone(),
            records: redirects.seen[&AccountId(*account)].clone(),
            texts_put: Vec::new(),
        };
        let subjects: Vec<Subject> = self.members.iter().map(subject).collect();
        let (from, until) = (self.from, self.until);
        let horizon = Horizon { from, until, journal_began_at: from, restarted_at: None };
        forecast(&horizon, &subjects, &[], &policy())
    }

    /// Runs the service for the week, and tells what it wrote.
    async fn run(&self, idle: &Idle) -> Vec<Change> {
        let folder = play::folder();
        let path = folder.path().join("state.db");
        let disk = Disk::open(path, self.from, self.fuse.clone(), self.holding.clone());
        let (calendars, pbx) = self.ports.ports(disk.owner(), 1);
        let ports = engine::Ports { calendars, pbx, journal: disk.clone(), clock: self.clock.clone() };
        let service = Engine::start(ports, play::orders()).await.unwrap().run(std::future::pending());
        let passing = async {
            loop {
                self.ports.calm(idle).await;
                let Some(next) = self.clock.next_wait().filter(|next| *next < self.until) else { return };
                self.clock.set(next);
                self.ports.minute();
            }
        };
        match select(pin!(service), pin!(passing)).await {
            Either::Left((ended, _)) => panic!("the service ended by itself: {ended:?}"),
            Either::Right(((), _)) => {}
        }
        disk.close();
        let written = self.ports.written();
        assert_eq!(written.wrongs, Vec::<String>::new());
        let change = |(at, step): (DateTime<Utc>, starface_calendar::rules::Step)| {
            let value = step.written()?.clone();
            Some((at, whose(step.account, value.field()), value.field(), value))
        };
        written.steps.into_iter().filter_map(change).collect()
    }
}

fn edited(meetings: &mut Meetings, edit: Edit) {
    match edit {
        Edit::Put(meeting) => {
            meetings.insert(meeting.id.clone(), meeting);
        }
        Edit::Delete(id) => {
            meetings.remove(&id);
        }
        Edit::Cancel(id) => changed(meetings, &id, |meeting| meeting.cancelled = true),
        Edit::Move(id, by) => changed(meetings, &id, |meeting| meeting.shift(by)),
        Edit::Recategorise(id, category) => changed(meetings, &id, |meeting| {
            meeting.categories.insert(category);
        }),
        Edit::DeleteAll => {}
    }
}

fn changed(meetings: &mut Meetings, id: &str, change: impl FnOnce(&mut Meeting)) {
    if let Some(meeting) = meetings.get_mut(id) {
        change(meeting);
    }
}

fn whose(account: AccountId, field: Field) -> Option<AccountId> {
    field.number().is_none().then_some(account)
}

/// Puts what was done in an order; at the beginning, the service first has to read everything, number by number.
fn ordered(mut changes: Vec<Change>, from: DateTime<Utc>) -> Vec<Change> {
    for (at, ..) in &mut changes {
        *at = if *at <= from + AT_FIRST { from } else { *at };
    }
    changes.sort_by_key(|(at, account, field, _)| (*at, *account, *field));
    changes
}

#[track_caller]
fn what_is_foretold_happens(seed: u64, members: u32, days: u32) {
    let idle = Idle::default();
    let (foretold, done) = idle.runtime().block_on(async {
        let site = Site::new(seed, members, days);
        // A read takes a moment of the simulated time, and the forecast is made before it passes.
        let mut foretelling = pin!(site.foretell());
        let foretold = loop {
            if let Some(foretold) = futures_util::FutureExt::now_or_never(foretelling.as_mut()) {
                break foretold;
            }
            site.ports.calm(&idle).await;
            site.clock.advance(TimeDelta::milliseconds(50));
        };
        site.clock.set(site.from);
        let done = site.run(&idle).await;
        (foretold, ordered(done, site.from))
    });
    let turns = foretold.turns.into_iter();
    let foretold: Vec<Change> =
        turns.map(|turn| (turn.at, whose(turn.account, turn.to.field()), turn.to.field(), turn.to)).collect();
    assert!(foretold.len() > 20, "seed {seed} foretells nothing: {}", foretold.len());
    let (missing, surprising) = (without(&foretold, &done), without(&done, &foretold));
    assert!(
        missing.is_empty() && surprising.is_empty(),
        "seed {seed}\nforetold and not done:\n{}\ndone and not foretold:\n{}",
        told(&missing),
        told(&surprising)
    );
    assert_eq!(foretold.len(), done.len(), "seed {seed}");
}

/// Returns what of the one is not in the other.
fn without(one: &[Change], other: &[Change]) -> Vec<Change> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for change in other {
        *counts.entry(key(change)).or_default() += 1;
    }
    let is_missing = |change: &&Change| match counts.get_mut(&key(change)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    one.iter().filter(is_missing).cloned().collect()
}

fn key((at, account, field, value): &Change) -> String {
    format!("{at} {account:?} {field} {}", value.words())
}

fn told(changes: &[Change]) -> String {
    changes.iter().take(20).map(|change| key(change) + "\n").collect()
}

#[test]
fn a_week_goes_as_it_was_foretold_when_nobody_changes_anything_and_nothing_fails() {
    for seed in 1..=3 {
        what_is_foretold_happens(seed, 5, 7);
    }
}
