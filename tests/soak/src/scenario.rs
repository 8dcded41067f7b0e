//! What happens in one simulated time, by its seed: calendars as people keep them, what people do, and what goes wrong.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use starface_calendar::rules::ShowAs;

use super::act::{Act, Choice, Edit, Script, Trouble};
use super::chance::Chance;
use super::meeting::{Category, Meeting, PREMIUM, Part, TARGETS, When, ZONE, midnight};
use super::model::Way;
use super::{pbx, tenant};

/// What people choose as presence, as text, and as the place of their calls.
pub(crate) const PRESENCES: [&str; 5] =
    ["AVAILABLE", "FREE_FOR_CHAT", "EXTENDED_AWAY", "UNAVAILABLE", "DO_NOT_DISTURB"];
pub(crate) const TEXTS: [&str; 5] = ["", "Im Büro", "Homeoffice 😀", "  Mittag  ", "zurück um 3"];
const PLACES: [&str; 3] = ["0041781110001", "0041781110002", "0049301234567"];

/// One simulated time.
pub(crate) struct Scenario {
    pub(crate) chance: Chance,
    pub(crate) members: Vec<u32>,
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
    pub(crate) script: Script,
}

/// The number of a group that the first two members have, and who they are.
pub(crate) const GROUP_NUMBER: &str = "0041712340000";
const GROUP_SIZE: usize = 2;

pub(crate) fn external(member: u32) -> String {
    format!("004171234{member}")
}

pub(crate) fn internal(member: u32) -> String {
    format!("{}", member % 1_000 + 200)
}

pub(crate) fn boxes(member: u32) -> Vec<String> {
    vec![format!("{member}1"), format!("{member}2")]
}

/// Whose calls arrive at a number.
pub(crate) fn group(members: &[u32]) -> &[u32] {
    &members[..GROUP_SIZE]
}

impl Scenario {
    /// Makes the time of so many days for so many members.
    pub(crate) fn new(seed: u64, members: u32, days: u32) -> Self {
        let mut chance = Chance::new(seed);
        let first = first_day(&mut chance, days);
        let members: Vec<u32> = (1_100..1_100 + members).collect();
        let (from, to) = (midnight(first) - TimeDelta::hours(1), midnight(first + Days::new(u64::from(days))));
        let mut scenario = Self { chance, members, from, to, script: Vec::new() };
        for day in (0..days).map(|day| first + Days::new(u64::from(day))) {
            scenario.calendars(day);
            scenario.people(day);
            scenario.storms(day);
        }
        scenario.add(to, Act::Calendar(Edit::DeleteAll));
        // A time that is set or lost finds its acts in this order.
        scenario.script.sort_by_key(|(at, _)| *at);
        scenario
    }

    fn add(&mut self, at: DateTime<Utc>, act: Act) {
        self.script.push((at, act));
    }

    fn calendars(&mut self, day: NaiveDate) {
        for place in 0..self.members.len() {
            let (member, in_group) = (self.members[place], place < GROUP_SIZE);
            for count in 0..self.chance.between(3, 9) {
                let id = format!("{member}-{day}-{count}");
                let meeting = meeting(&mut self.chance, id, member, day, in_group);
                self.keep(day, meeting);
            }
            let mut standup = own(format!("{member}-{day}-standup"), member, local(day, 9 * 60 + 30), 15);
            match day.day() % 7 {
                3 => standup.shift(TimeDelta::minutes(45)),
                5 => standup.cancelled = true,
                _ => {}
            }
            self.add(self.from, Act::Calendar(Edit::Put(standup)));
        }
    }

    /// Puts a meeting into the calendar, long before or on the day, and perhaps changes it.
    fn keep(&mut self, day: NaiveDate, meeting: Meeting) {
        let id = meeting.id.clone();
        let at = if self.chance.one_in(5) { local(day, self.chance.between(6 * 60, 16 * 60)) } else { self.from };
        self.add(at, Act::Calendar(Edit::Put(meeting)));
        if self.chance.one_in(8) {
            let edit = match self.chance.below(5) {
                0 => Edit::Cancel(id),
                1 => Edit::Delete(id),
                2 => Edit::Recategorise(id, *self.chance.pick(&[Category::Keys, Category::Dnd, Category::Ignore])),
                _ => Edit::Move(id, TimeDelta::minutes(self.chance.between(-90, 90))),
            };
            let at = local(day, self.chance.between(7 * 60, 18 * 60)) + TimeDelta::seconds(self.chance.between(0, 60));
            self.add(at, Act::Calendar(edit));
        }
    }

    fn people(&mut self, day: NaiveDate) {
        for member in self.members.clone() {
            let mut chance = self.chance.fork();
            let at = |chance: &mut Chance| {
                local(day, chance.between(6 * 60, 20 * 60)) + TimeDelta::seconds(chance.between(0, 60))
            };
            for _ in 0..2 {
                let presence = Choice::Presence(chance.pick::<&str>(&PRESENCES));
                self.add(at(&mut chance), Act::Person(member, presence));
                let text = Choice::Text(chance.pick::<&str>(&TEXTS));
                self.add(at(&mut chance), Act::Person(member, text));
            }
            let begins = at(&mut chance);
            self.add(begins, Act::Person(member, Choice::CallBegins));
            self.add(begins + TimeDelta::seconds(chance.between(5, 900)), Act::Person(member, Choice::CallEnds));
            let dnd = Choice::Dnd(chance.one_in(3));
            self.add(at(&mut chance), Act::Person(member, dnd));
            let way = way(&mut chance, member);
            let number = if chance.one_in(3) { internal(member) } else { external(member) };
            self.add(at(&mut chance), Act::Redirect(number, way));
            self.rarely(&mut chance, day, member);
        }
        let mut chance = self.chance.fork();
        let way = way(&mut chance, self.members[0]);
        self.add(local(day, chance.between(6 * 60, 20 * 60)), Act::Redirect(GROUP_NUMBER.to_owned(), way));
    }

    /// What not everybody does every day.
    fn rarely(&mut self, chance: &mut Chance, day: NaiveDate, member: u32) {
        if chance.one_in(2) {
            self.add(local(day, chance.between(8 * 60, 18 * 60)), Act::Person(member, Choice::DialEnd));
        }
        if chance.one_in(4) {
            let from = local(day, chance.between(8 * 60, 17 * 60));
            for count in 0..chance.between(3, 30) {
                self.add(from + TimeDelta::seconds(37 * count), Act::Person(member, Choice::Client));
            }
        }
        if chance.one_in(8) {
            let leaves = local(day, chance.between(8 * 60, 14 * 60));
            self.add(leaves, Act::Person(member, Choice::LeaveGroup));
            let returns = leaves + TimeDelta::minutes(chance.between(5, 240));
            self.add(returns, Act::Person(member, Choice::ReturnToGroup));
        }
    }

    /// Times in which things go wrong, with calm between them.
    fn storms(&mut self, day: NaiveDate) {
        let mut minute = self.chance.between(6 * 60, 9 * 60);
        while minute < 19 * 60 {
            let is_long = self.chance.one_in(6);
            let length = if is_long { self.chance.between(60, 200) } else { self.chance.between(3, 40) };
            for _ in 0..self.chance.between(1, 6) {
                let trouble = trouble(&mut self.chance, length);
                let at = local(day, minute + self.chance.between(0, length))
                    + TimeDelta::seconds(self.chance.between(0, 60));
                self.add(at, Act::Trouble(trouble));
            }
            self.add(local(day, minute + length + 1), Act::Calm);
            minute += length + self.chance.between(60, 150);
        }
    }
}

/// A day of the coming year; every third time one of those that the clocks change in, and every ninth the last one too.
fn first_day(chance: &mut Chance, days: u32) -> NaiveDate {
    let changes = [NaiveDate::from_ymd_opt(2026, 10, 25), NaiveDate::from_ymd_opt(2027, 3, 28)].map(Option::unwrap);
    if chance.one_in(3) {
        let before = u64::try_from(chance.below(usize::try_from(days).unwrap().min(7))).unwrap();
        return *chance.pick(&changes) - Days::new(before);
    }
    let mut day = changes[0] + Days::new(u64::try_from(chance.below(330)).unwrap());
    while day.weekday() != Weekday::Mon {
        day = day + Days::new(1);
    }
    day
}

/// The instant at so many minutes on the clock of that day; of two it is the first, of none an hour later.
fn local(day: NaiveDate, minutes: i64) -> DateTime<Utc> {
    let wall = day.and_hms_opt(0, 0, 0).unwrap() + TimeDelta::minutes(minutes);
    let skipped = || ZONE.from_local_datetime(&(wall + TimeDelta::hours(1))).earliest();
    ZONE.from_local_datetime(&wall).earliest().or_else(skipped).unwrap().to_utc()
}

fn own(id: String, member: u32, start: DateTime<Utc>, minutes: i64) -> Meeting {
    Meeting {
        id,
        member,
        when: When::Timed { start, end: start + TimeDelta::minutes(minutes) },
        show_as: ShowAs::Busy,
        private: false,
        part: Part::Own,
        cancelled: false,
        categories: BTreeSet::new(),
        external: None,
        internal: None,
        ended: None,
    }
}

/// Any meeting of that day.
fn meeting(chance: &mut Chance, id: String, member: u32, day: NaiveDate, in_group: bool) -> Meeting {
    // Many begin at the same instants; some at none that anybody else has.
    let minute = if chance.one_in(10) { chance.between(0, 24 * 60) } else { chance.between(7 * 12, 19 * 12) * 5 };
    let length = *chance.pick(&[1, 5, 15, 30, 30, 45, 60, 60, 90, 120, 300]);
    let mut meeting = own(id, member, local(day, minute), length);
    if chance.one_in(10) {
        meeting.shift(TimeDelta::seconds(chance.between(0, 60)));
    }
    if chance.one_in(10) {
        let nights = *chance.pick(&[1, 1, 1, 2, 3, 40]);
        meeting.when = When::days(day, day + Days::new(nights));
    }
    meeting.show_as = *chance.pick(&[
        ShowAs::Busy,
        ShowAs::Busy,
        ShowAs::Busy,
        ShowAs::Tentative,
        ShowAs::OutOfOffice,
        ShowAs::WorkingElsewhere,
        ShowAs::Free,
    ]);
    meeting.private = chance.one_in(6);
    meeting.part = *chance.pick(&[Part::Own, Part::Own, Part::Accepted, Part::Unanswered, Part::Declined]);
    meeting.cancelled = chance.one_in(20);
    for category in [Category::Keys, Category::Dnd] {
        if chance.one_in(3) {
            meeting.categories.insert(category);
        }
    }
    if chance.one_in(20) {
        meeting.categories.insert(Category::Ignore);
    }
    send_calls(chance, &mut meeting, in_group);
    meeting
}

/// Perhaps sends the member's calls elsewhere while it lasts.
fn send_calls(chance: &mut Chance, meeting: &mut Meeting, in_group: bool) {
    use Category::{RedirectExternal, RedirectInternal, VoicemailExternal, VoicemailInternal};
    for (redirect, voicemail, is_internal) in
        [(RedirectExternal, VoicemailExternal, false), (RedirectInternal, VoicemailInternal, true)]
    {
        if chance.one_in(2) {
            meeting.categories.insert(redirect);
        }
        if chance.one_in(5) {
            meeting.categories.insert(voicemail);
        }
        let target = *chance.pick(&TARGETS);
        let is_shared = in_group && !is_internal;
        // Of two members who claim a number, each must say clearly where it leads.
        let tag = match chance.below(4) {
            0 if !is_shared => None,
            1 if !is_shared => Some(PREMIUM),
            _ => Some(target),
        };
        if is_shared && meeting.part == Part::Accepted {
            meeting.part = Part::Own;
        }
        *if is_internal { &mut meeting.internal } else { &mut meeting.external } = tag;
    }
}

fn way(chance: &mut Chance, member: u32) -> Way {
    match chance.below(5) {
        0 => Way::nowhere(),
        1 => Way { is_on: false, ..Way::to_number(chance.pick::<&str>(&PLACES)) },
        2 => Way { is_on: chance.one_in(2), ..Way::to_box(chance.pick::<String>(&boxes(member))) },
        _ => Way::to_number(chance.pick::<&str>(&PLACES)),
    }
}

fn trouble(chance: &mut Chance, minutes: i64) -> Trouble {
    use pbx::Mood as P;
    use tenant::Mood as T;
    let down = TimeDelta::minutes(chance.between(0, minutes));
    match chance.below(16) {
        0 | 1 => Trouble::Tenant(*chance.pick(&[T::Away, T::Locked, T::Throttling, T::Half, T::Absent])),
        2..=4 => Trouble::Pbx(*chance.pick(&[
            P::Away,
            P::Mute,
            P::Late,
            P::Half,
            P::Refusing,
            P::Ineffective,
            P::Foreign,
            P::Shrunken,
        ])),
        5 => Trouble::PbxRestarts,
        6 => Trouble::ModuleIsUpdated,
        7 => Trouble::Backup,
        8 => Trouble::DiskFails,
        9 => Trouble::ClockIsSet(TimeDelta::seconds(chance.between(-600, 1_200))),
        10 => Trouble::Stopped { down: down.min(TimeDelta::minutes(5)) },
        11 => Trouble::Killed { down, journal_is_lost: chance.one_in(4) },
        _ => Trouble::CrashAt(1 + chance.below(40)),
    }
}
