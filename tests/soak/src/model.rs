//! What should be visible, computed in the simplest possible way and without the rules.
//!
//! The model knows what people did and what stands in the calendars now, and nothing of holds, steps or what the service
//! has read. It says what the PBX must show once the service has had the time to learn of everything. Where the order of
//! things that happened together decides (a person who changes something while the PBX restarts), it says each of the
//! values that are right, or that it cannot say.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::rules::ShowAs;

use super::meeting::{self, Category, Meeting, Meetings, PREMIUM, Part};

/// Where calls to a number go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Way {
    pub(crate) is_on: bool,
    /// A box of voicemail, or a telephone number.
    pub(crate) is_box: bool,
    pub(crate) place: String,
}

impl Way {
    pub(crate) fn nowhere() -> Self {
        Self { is_on: false, is_box: false, place: String::new() }
    }

    pub(crate) fn to_number(place: &str) -> Self {
        Self { is_on: true, is_box: false, place: place.to_owned() }
    }

    pub(crate) fn to_box(place: &str) -> Self {
        Self { is_on: true, is_box: true, place: place.to_owned() }
    }
}

/// What people chose for something, and since when the model cannot say.
#[derive(Clone, Debug)]
pub(crate) struct Chosen<T> {
    /// Every value that may be the right one; one, as a rule.
    values: BTreeSet<T>,
    /// Meetings that wanted it when a person decided otherwise, which is respected until they end.
    yielded: BTreeSet<String>,
    /// Until then nothing is said.
    unsure_until: DateTime<Utc>,
    /// When a person chose last, and what may have been right before that.
    chosen_at: DateTime<Utc>,
    before: BTreeSet<T>,
}

impl<T: Ord + Clone> Chosen<T> {
    pub(crate) fn new(value: T) -> Self {
        let never = DateTime::<Utc>::MIN_UTC;
        let before = BTreeSet::new();
        Self { values: [value].into(), yielded: BTreeSet::new(), unsure_until: never, chosen_at: never, before }
    }

    /// A person chose this.
    pub(crate) fn choose(&mut self, value: T, now: DateTime<Utc>) {
        self.before = std::mem::replace(&mut self.values, [value].into());
        self.chosen_at = now;
    }

    /// Something goes wrong from now on: what was chosen just before may never have been seen.
    pub(crate) fn shake(&mut self, now: DateTime<Utc>, seen_within: TimeDelta) {
        if now - self.chosen_at < seen_within {
            self.values.extend(self.before.iter().cloned());
        }
    }

    /// This may be what is right from now on, or what was right before.
    pub(crate) fn perhaps(&mut self, value: T) {
        self.values.insert(value);
    }

    /// A person chose this over what these meetings wanted.
    pub(crate) fn choose_over(&mut self, value: T, now: DateTime<Utc>, meetings: impl IntoIterator<Item = String>) {
        self.choose(value, now);
        self.yielded.extend(meetings);
    }

    pub(crate) fn has_yielded_to(&self, meeting: &str) -> bool {
        self.yielded.contains(meeting)
    }

    /// Whether it was changed not long ago, so that nothing is said of it.
    pub(crate) fn was_touched(&self, now: DateTime<Utc>) -> bool {
        now < self.unsure_until
    }

    /// One of the values that may be right.
    pub(crate) fn first(&self) -> &T {
        self.values.first().unwrap()
    }

    pub(crate) fn be_unsure_until(&mut self, until: DateTime<Utc>) {
        self.unsure_until = self.unsure_until.max(until);
    }
}

/// A member.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) in_group: bool,
    pub(crate) in_call: bool,
    pub(crate) presence: Chosen<String>,
    pub(crate) text: Chosen<String>,
    pub(crate) dnd: Chosen<bool>,
    pub(crate) boxes: Vec<String>,
    /// Something about this member was changed; the service may learn of it until then.
    pub(crate) settled_at: DateTime<Utc>,
    /// A call came or went; the lamp may be late until then.
    pub(crate) lamp_settled_at: DateTime<Utc>,
    /// Nobody but the module may know of a red lamp until then: the journal is lost, and who leaves the group is not looked
    /// at by the next service.
    pub(crate) lamp_forgotten_until: DateTime<Utc>,
}

/// A called number.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) is_internal: bool,
    /// Whose calls arrive there; several where it is a group's.
    pub(crate) members: Vec<u32>,
    pub(crate) way: Chosen<Way>,
}

/// Everything that people did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) people: BTreeMap<u32, Person>,
    pub(crate) lines: BTreeMap<String, Line>,
    pub(crate) meetings: Meetings,
}

/// Values of which one must be shown; nothing where the model cannot say.
pub(crate) type Right<T> = Option<BTreeSet<T>>;

impl Model {
    /// The meetings of a member that count now, the one that governs first.
    pub(crate) fn active(&self, member: u32, now: DateTime<Utc>) -> Vec<&Meeting> {
        let is_member = self.people[&member].in_group;
        let counts = |meeting: &&Meeting| {
            let is_ended = meeting.ended.is_some_and(|at| meeting.start() <= at);
            is_member
                && (meeting.start()..meeting.end()).contains(&now)
                && meeting.end() - meeting.start() <= TimeDelta::days(31)
                && !meeting.cancelled
                && meeting.part != Part::Declined
                && meeting.show_as != ShowAs::Free
                && !meeting.categories.contains(&Category::Ignore)
                && !is_ended
        };
        let mut active: Vec<&Meeting> = meeting::of(&self.meetings, member).filter(counts).collect();
        active.sort_by_key(|meeting| order(meeting));
        active
    }

    pub(crate) fn presence(&self, member: u32, now: DateTime<Utc>) -> Right<String> {
        let chosen = &self.people[&member].presence;
        if self.active(member, now).is_empty() || chosen.was_touched(now) {
            return said(chosen, now);
        }
        Some(["AWAY".to_owned()].into())
    }

    pub(crate) fn text(&self, member: u32, now: DateTime<Utc>) -> Right<String> {
        let chosen = &self.people[&member].text;
        match self.active(member, now).first() {
            Some(meeting) if !chosen.was_touched(now) => Some([words(meeting)].into()),
            _ => said(chosen, now),
        }
    }

    /// Whether the function keys of colleagues are red; nothing is said during a call.
    pub(crate) fn is_red(&self, member: u32, now: DateTime<Utc>) -> Option<bool> {
        let person = &self.people[&member];
        let asks = |meeting: &&Meeting| meeting.categories.contains(&Category::Keys);
        let is_forgotten = !person.in_group && now < person.lamp_forgotten_until;
        (!person.in_call && !is_forgotten).then(|| self.active(member, now).iter().any(asks))
    }

    /// The meetings that want *do not disturb* now.
    pub(crate) fn wanting_dnd(&self, member: u32, now: DateTime<Utc>) -> BTreeSet<String> {
        let wants =
            |meeting: &&&Meeting| meeting.part != Part::Unanswered && meeting.categories.contains(&Category::Dnd);
        self.active(member, now).iter().filter(wants).map(|meeting| meeting.id.clone()).collect()
    }

    pub(crate) fn dnd(&self, member: u32, now: DateTime<Utc>) -> Right<bool> {
        let chosen = &self.people[&member].dnd;
        let wanting = self.wanting_dnd(member, now);
        if now < chosen.unsure_until {
            return None;
        }
        if wanting.difference(&chosen.yielded).next().is_some() { Some([true].into()) } else { said(chosen, now) }
    }

    /// The meetings that decide where calls to a number go now: of each member the first that asks for anything.
    pub(crate) fn deciding(&self, number: &str, now: DateTime<Utc>) -> Vec<&Meeting> {
        let line = &self.lines[number];
        let first =
            |member: &u32| self.active(*member, now).into_iter().find(|meeting| asks(meeting, line.is_internal));
        let mut deciding: Vec<&Meeting> = line.members.iter().filter_map(first).collect();
        deciding.sort_by_key(|meeting| order(meeting));
        deciding
    }

    pub(crate) fn way(&self, number: &str, now: DateTime<Utc>) -> Right<Way> {
        let line = &self.lines[number];
        let deciding = self.deciding(number, now);
        if now < line.way.unsure_until {
            return None;
        }
        let yielded = deciding.iter().filter(|meeting| line.way.yielded.contains(&meeting.id)).count();
        match deciding.first() {
            // Where one of two was put off by a person, the other goes by what it found.
            Some(_) if yielded > 0 && yielded < deciding.len() => None,
            Some(meeting) if yielded == 0 => {
                let boxes = &self.people[&meeting.member].boxes;
                Some(line.way.values.iter().flat_map(|under| led(meeting, line.is_internal, under, boxes)).collect())
            }
            _ => said(&line.way, now),
        }
    }
}

fn said<T: Ord + Clone>(chosen: &Chosen<T>, now: DateTime<Utc>) -> Right<T> {
    (chosen.unsure_until <= now).then(|| chosen.values.clone())
}

/// Out of office before busy before elsewhere before tentative; then who starts later, ends earlier, is named first.
fn order(meeting: &Meeting) -> impl Ord + use<> {
    let rank = match meeting.show_as {
        ShowAs::OutOfOffice => 0,
        ShowAs::Busy => 1,
        ShowAs::WorkingElsewhere => 2,
        ShowAs::Tentative => 3,
        ShowAs::Free => 4,
    };
    (rank, Reverse(meeting.start()), meeting.end(), meeting.id.clone())
}

fn words(meeting: &Meeting) -> String {
    match (meeting.private, meeting.part, meeting.show_as) {
        (true, ..) => "Privat".to_owned(),
        (false, Part::Unanswered, ShowAs::OutOfOffice) => "Ausser Haus".to_owned(),
        (false, Part::Unanswered, ShowAs::Busy) => "Gebucht".to_owned(),
        (false, Part::Unanswered, ShowAs::WorkingElsewhere) => "An anderem Ort tätig".to_owned(),
        (false, Part::Unanswered, ShowAs::Tentative) => "Mit Vorbehalt".to_owned(),
        _ => meeting.title(),
    }
}

fn switches(is_internal: bool) -> (Category, Category) {
    if is_internal {
        (Category::RedirectInternal, Category::VoicemailInternal)
    } else {
        (Category::RedirectExternal, Category::VoicemailExternal)
    }
}

fn asks(meeting: &Meeting, is_internal: bool) -> bool {
    let (redirect, voicemail) = switches(is_internal);
    let is_asked = meeting.categories.contains(&redirect) || meeting.categories.contains(&voicemail);
    meeting.part != Part::Unanswered && is_asked
}

/// Where a meeting may lead a number that leads there without it.
fn led(meeting: &Meeting, is_internal: bool, under: &Way, boxes: &[String]) -> Vec<Way> {
    let (redirect, voicemail) = switches(is_internal);
    let tag = if is_internal { meeting.internal } else { meeting.external };
    // A tag in somebody else's meeting is as if it were not there.
    let tag = tag.filter(|_| meeting.part == Part::Own && meeting.categories.contains(&redirect));
    if let Some(number) = tag.filter(|number| *number != PREMIUM) {
        return vec![Way::to_number(number)];
    }
    if meeting.categories.contains(&voicemail) {
        if under.is_box && boxes.contains(&under.place) {
            return vec![Way::to_box(&under.place)];
        }
        // Which of them, the PBX itself remembers.
        return boxes.iter().map(|place| Way::to_box(place)).collect();
    }
    if tag.is_none() && !under.place.is_empty() {
        return vec![Way { is_on: true, ..under.clone() }];
    }
    vec![under.clone()]
}
