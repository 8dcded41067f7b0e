//! How late the service is: from a boundary until the simulated PBX has carried the step out.
//!
//! One service, one day's calendars: first everybody at one instant, four times, then everybody within a minute, twice. The
//! PBX takes no time at all, then five milliseconds a call and two more for each record of a redirect.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::rules::AccountId;
use starface_calendar::sim::pbx::Pace;
use starface_calendar::sim::tenant::Appointment;

use super::Options;
use super::quantiles::Quantiles;
use super::site::{Site, address};
use super::table::{Reach, Table};

/// How long each appointment lasts, and where a slow PBX takes that long for ten thousand redirects.
const LONG: TimeDelta = TimeDelta::seconds(6);
const VERY_LONG: TimeDelta = TimeDelta::seconds(40);

/// How long one scene is over before the next begins.
const GAP: TimeDelta = TimeDelta::seconds(4);

/// Over how long appointments are spread.
const SPREAD: TimeDelta = TimeDelta::minutes(1);

/// A PBX that takes time.
const SLOW: Pace = Pace { call: TimeDelta::milliseconds(5), record: TimeDelta::milliseconds(2) };

/// What an appointment changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fields {
    /// Presence and text.
    Two,
    /// Presence, text, indicator and the redirects of two numbers.
    Five,
}

/// When everybody's appointment begins, and how fast the PBX is then.
struct Scene {
    begins_at: DateTime<Utc>,
    spread: TimeDelta,
    long: TimeDelta,
    /// Who changes how much.
    fields: fn(u32) -> Fields,
    pace: Pace,
}

impl Scene {
    fn start(&self, index: u32, members: u32) -> DateTime<Utc> {
        let share = i64::from(index) * self.spread.num_milliseconds() / i64::from(members);
        self.begins_at + TimeDelta::milliseconds(share)
    }

    fn ends_at(&self) -> DateTime<Utc> {
        self.begins_at + self.spread + self.long
    }

    /// When everything is surely done.
    fn over_at(&self) -> DateTime<Utc> {
        self.ends_at() + self.long - GAP / 2
    }
}

/// The scenes of one run, the first of which begins at this instant.
fn scenes(members: u32, quick: bool, mut at: DateTime<Utc>) -> Vec<Scene> {
    let two: fn(u32) -> Fields = |_| Fields::Two;
    let five: fn(u32) -> Fields = |_| Fields::Five;
    let mixed: fn(u32) -> Fields = |index| if index.is_multiple_of(2) { Fields::Two } else { Fields::Five };
    let none = TimeDelta::zero();
    let mut plan =
        vec![(none, two, Pace::default()), (none, five, Pace::default()), (none, two, SLOW), (none, five, SLOW)];
    if members > 1 && !quick {
        plan.extend([(SPREAD, mixed, Pace::default()), (SPREAD, mixed, SLOW)]);
    }
    let mut scenes = Vec::new();
    for (spread, fields, pace) in plan {
        let takes_long = members > 1_000 && pace == SLOW && fields(1) == Fields::Five;
        let long = if takes_long { VERY_LONG } else { LONG };
        let scene = Scene { begins_at: at, spread, long, fields, pace };
        at = scene.over_at() + GAP;
        scenes.push(scene);
    }
    scenes
}

fn appointment(start: DateTime<Utc>, long: TimeDelta, index: u32, fields: Fields) -> Appointment {
    let appointment = Appointment::timed(start, start + long).subject("Besprechung mit der Muster AG");
    match fields {
        Fields::Two => appointment,
        Fields::Five => appointment
            .category("_SF_Funktionstasten_aktivieren")
            .category("_SF_AUL_intern_aktivieren")
            .category("_SF_AUL_extern_aktivieren")
            .body(format!("@@Extern: +4144{index:07}\n@@Intern: +4143{index:07}")),
    }
}

/// Measures one site.
pub(crate) async fn measure(options: &Options, members: u32, table: &mut Table) {
    let site = Site::new(members, "60s").await;
    // Everything must have been read by then.
    let lead = TimeDelta::seconds(5 + i64::from(members) / 400);
    let begin = DateTime::from_timestamp((SystemClock.now() + lead).timestamp(), 0).unwrap_or_default();
    let scenes = scenes(members, options.quick, begin);
    for (index, account) in (0..).zip(site.accounts()) {
        for scene in &scenes {
            let appointment = appointment(scene.start(index, members), scene.long, index, (scene.fields)(index));
            site.tenant.put(&address(account), appointment);
        }
    }
    let service = site.start(&options.program);
    site.is_ready().await;
    assert!(SystemClock.now() < begin, "the calendars of {members} members are read too late");
    for scene in scenes {
        site.pbx.take_time(scene.pace);
        SystemClock.sleep_until(scene.over_at()).await;
        tell(&site, &scene, table);
    }
    service.kill().await;
}

/// Tells of the writes of one scene.
fn tell(site: &Site, scene: &Scene, table: &mut Table) {
    let mut late: BTreeMap<(bool, bool), Vec<TimeDelta>> = BTreeMap::new();
    let mut expected: BTreeMap<bool, usize> = BTreeMap::new();
    let begun: BTreeMap<AccountId, (DateTime<Utc>, bool)> = (0..)
        .zip(site.accounts())
        .map(|(index, account)| {
            let is_five = (scene.fields)(index) == Fields::Five;
            *expected.entry(is_five).or_default() += if is_five { 5 } else { 2 };
            (account, (scene.start(index, site.members), is_five))
        })
        .collect();
    let states = site.pbx.writes().into_iter().map(|write| (write.account, write.at));
    let redirects = site.pbx.redirect_writes().into_iter().map(|write| (write.account, write.at));
    for (account, at) in states.chain(redirects).filter(|(_, at)| *at >= scene.begins_at) {
        let (start, is_five) = begun[&account];
        let is_end = at >= start + scene.long;
        let boundary = if is_end { start + scene.long } else { start };
        late.entry((is_five, is_end)).or_default().push(at - boundary);
    }
    for ((is_five, is_end), times) in late {
        let times = Quantiles::of(times);
        let count = expected[&is_five];
        let missing = if times.len() == count { String::new() } else { format!(", {} of {count} writes", times.len()) };
        let what = format!(
            "B1 lateness, {} members {}, {} at the {}, PBX {}",
            site.members,
            if scene.spread.is_zero() { "at one instant" } else { "within a minute" },
            if is_five { "five fields" } else { "presence and text" },
            if is_end { "end" } else { "start" },
            if scene.pace == SLOW { "5 ms a call + 2 ms a record" } else { "0 ms" },
        );
        table.add(what, format!("{times}{missing}"), times.at(99), &reach(site.members, scene, is_five));
    }
}

fn reach(members: u32, scene: &Scene, is_five: bool) -> Reach {
    match (members, is_five) {
        _ if scene.pace == SLOW => Reach::None,
        (1_000, false) => Reach::AtMost(60.0, "ms p99"),
        (1_000, true) => Reach::AtMost(150.0, "ms p99"),
        (10_000, false) => Reach::AtMost(400.0, "ms p99"),
        (10_000, true) => Reach::AtMost(1_000.0, "ms p99"),
        _ => Reach::None,
    }
}
