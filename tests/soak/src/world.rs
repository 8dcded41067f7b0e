//! Everything outside the service, and the model beside it: each act is done to both.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::rules::{Field, Step};

use super::act::{Choice, Edit};
use super::fuse::Fuse;
use super::journal::Holding;
use super::meeting::{self, Meeting, PREMIUM, Part};
use super::model::{self, Chosen, Model, Person, Way};
use super::outside::{Outside, Set};
use super::scenario::{self, GROUP_NUMBER};

/// How long the service may take to learn of a change in a calendar, to write again what something overwrote, and to
/// learn who is in the group.
const LEARNT_WITHIN: TimeDelta = TimeDelta::seconds(100);
const REWRITTEN_WITHIN: TimeDelta = TimeDelta::minutes(6);
const GROUP_WITHIN: TimeDelta = TimeDelta::minutes(16);

/// How long after a trouble everything is as if it had never been.
const SETTLED_WITHIN: TimeDelta = TimeDelta::minutes(35);

/// After how long a mailbox that is not there is lost, and what was decided over its meetings with it.
const LOST_AFTER: TimeDelta = TimeDelta::minutes(55);

/// How long after the end of everything the module has put back what a dead service held.
const BACK_WITHIN: TimeDelta = TimeDelta::minutes(20);

/// How close to a boundary nobody decides over what a meeting wants, as it would be a matter of seconds who was first.
const CLOSE: TimeDelta = TimeDelta::minutes(2);

pub(crate) struct World<O> {
    pub(crate) clock: SimClock,
    pub(crate) fuse: Fuse,
    pub(crate) holding: Holding,
    pub(crate) outside: O,
    pub(crate) model: Model,
    /// Every place that a person has ever let a number lead to, or a meeting may have.
    pub(crate) places: BTreeMap<String, BTreeSet<String>>,
    /// Until when a trouble may show.
    pub(crate) stormy_until: DateTime<Utc>,
    pub(crate) in_storm: bool,
    /// When it began.
    storm_since: DateTime<Utc>,
}

impl<O: Outside> World<O> {
    pub(crate) fn new(members: &[u32], clock: SimClock, fuse: Fuse, holding: Holding, outside: O) -> Self {
        let now = clock.now();
        let mut world = Self {
            outside,
            model: Model::default(),
            places: BTreeMap::new(),
            stormy_until: now,
            in_storm: false,
            storm_since: now,
            clock,
            fuse,
            holding,
        };
        for account in members {
            world.hire(*account);
        }
        world.give(GROUP_NUMBER, false, scenario::group(members), &Way::to_number("0041712349999"));
        world
    }

    fn hire(&mut self, account: u32) {
        self.outside.hire(account, &scenario::boxes(account));
        self.model.people.insert(
            account,
            Person {
                in_group: true,
                in_call: false,
                presence: Chosen::new("AVAILABLE".to_owned()),
                text: Chosen::new(String::new()),
                dnd: Chosen::new(false),
                boxes: scenario::boxes(account),
                settled_at: self.clock.now(),
                lamp_settled_at: self.clock.now(),
                lamp_forgotten_until: self.clock.now(),
            },
        );
        self.give(&scenario::external(account), false, &[account], &Way::nowhere());
        self.give(&scenario::internal(account), true, &[account], &Way::nowhere());
    }

    fn give(&mut self, number: &str, is_internal: bool, members: &[u32], way: &Way) {
        self.outside.give(number, members, way);
        let line = model::Line { is_internal, members: members.to_vec(), way: Chosen::new(way.clone()) };
        self.model.lines.insert(number.to_owned(), line);
        self.places.entry(number.to_owned()).or_default().insert(way.place.clone());
        for account in members {
            self.places.entry(number.to_owned()).or_default().extend(scenario::boxes(*account));
        }
    }

    /// Whether nothing has gone wrong for long enough that nothing may be wrong any more.
    pub(crate) fn is_calm(&self) -> bool {
        !self.in_storm && self.stormy_until <= self.clock.now()
    }

    fn is_close_to_a_boundary(&self, members: &[u32]) -> bool {
        let now = self.clock.now();
        let close = |at: DateTime<Utc>| (at - now).abs() < CLOSE;
        let mut mine = members.iter().flat_map(|member| meeting::of(&self.model.meetings, *member));
        mine.any(|meeting| close(meeting.start()) || close(meeting.end()))
    }

    /// When the last of the meetings that members are in now is over.
    fn all_end_at(&self, members: &[u32]) -> DateTime<Utc> {
        let now = self.clock.now();
        let active = members.iter().flat_map(|member| self.model.active(*member, now));
        active.map(Meeting::end).max().unwrap_or(now) + LEARNT_WITHIN
    }

    pub(crate) fn edit(&mut self, edit: &Edit) {
        let mut meeting = match edit {
            Edit::DeleteAll => {
                for id in self.model.meetings.keys().cloned().collect::<Vec<_>>() {
                    self.edit(&Edit::Delete(id));
                }
                return;
            }
            Edit::Put(meeting) => meeting.clone(),
            Edit::Move(id, _) | Edit::Cancel(id) | Edit::Delete(id) | Edit::Recategorise(id, _) => {
                match self.model.meetings.get(id) {
                    Some(meeting) => meeting.clone(),
                    None => return,
                }
            }
        };
        let before = meeting.end();
        match edit {
            Edit::Put(_) | Edit::Delete(_) | Edit::DeleteAll => {}
            Edit::Move(_, by) => meeting.shift(*by),
            Edit::Cancel(_) => meeting.cancelled = true,
            Edit::Recategorise(_, category) => {
                meeting.categories.insert(*category);
            }
        }
        self.yields_are_unsure(&meeting, before);
        let (id, member) = (meeting.id.clone(), meeting.member);
        let now = self.clock.now();
        let person = self.model.people.get_mut(&member).unwrap();
        person.settled_at = person.settled_at.max(now + LEARNT_WITHIN);
        if matches!(edit, Edit::Delete(_)) {
            self.model.meetings.remove(&id);
            self.outside.delete(&meeting);
            return;
        }
        for (number, line) in &self.model.lines {
            let tag = if line.is_internal { meeting.internal } else { meeting.external };
            // Nobody else's tag counts, and nobody's calls ever go where they cost money.
            let tag = tag.filter(|tag| meeting.part == Part::Own && *tag != PREMIUM);
            if line.members.contains(&member) {
                self.places.entry(number.clone()).or_default().extend(tag.map(str::to_owned));
            }
        }
        self.outside.put(&meeting);
        self.model.meetings.insert(id, meeting);
    }

    /// Whether a person's decision over a meeting still stands when the meeting changes is not said here. What may have
    /// looked like one, as when the PBX is put back to a backup, lasts as long as the meeting does now.
    fn yields_are_unsure(&mut self, meeting: &Meeting, before: DateTime<Utc>) {
        let until = before.max(meeting.end()) + LEARNT_WITHIN;
        let now = self.clock.now();
        let person = self.model.people.get_mut(&meeting.member).unwrap();
        if person.dnd.has_yielded_to(&meeting.id) || person.dnd.was_touched(now) {
            person.dnd.be_unsure_until(until);
        }
        for line in self.model.lines.values_mut().filter(|line| line.members.contains(&meeting.member)) {
            if line.way.has_yielded_to(&meeting.id) || line.way.was_touched(now) {
                line.way.be_unsure_until(until);
            }
        }
    }

    pub(crate) fn choose(&mut self, account: u32, choice: &Choice) {
        let now = self.clock.now();
        match choice {
            Choice::Presence(presence) => self.chat(account, Some((*presence).to_owned()), None),
            Choice::Text(text) => self.chat(account, None, Some((*text).to_owned())),
            Choice::Client => {
                let person = &self.model.people[&account];
                let (presence, text) = (person.presence.first().clone(), person.text.first().clone());
                self.chat(account, Some(presence), Some(text));
            }
            Choice::Dnd(on) => self.disturb(account, *on),
            // Who has not been learnt to be a member yet, or in a storm, may dial in vain.
            Choice::DialEnd if self.may_end_early(account) => self.end_early(account),
            Choice::DialEnd => {}
            Choice::CallBegins | Choice::CallEnds => {
                let in_call = matches!(choice, Choice::CallBegins);
                self.outside.set(account, Set::Call(in_call));
                let person = self.model.people.get_mut(&account).unwrap();
                person.in_call = in_call;
                person.lamp_settled_at = now + REWRITTEN_WITHIN;
            }
            Choice::LeaveGroup | Choice::ReturnToGroup => {
                let in_group = matches!(choice, Choice::ReturnToGroup);
                // Who leaves is forgotten, and what was decided over meetings with it.
                self.decisions_are_unsure();
                if in_group {
                    self.outside.join(account)
                } else {
                    self.outside.leave(account)
                }
                let person = self.model.people.get_mut(&account).unwrap();
                person.in_group = in_group;
                person.settled_at = person.settled_at.max(now + GROUP_WITHIN);
            }
        }
    }

    /// A person, or the client, sets presence or text.
    fn chat(&mut self, account: u32, presence: Option<String>, text: Option<String>) {
        let (is_calm, now) = (self.is_calm() && self.has_settled(account), self.clock.now());
        let person = self.model.people.get_mut(&account).unwrap();
        let note = |chosen: &mut Chosen<String>, value: String| {
            if is_calm {
                chosen.choose(value, now)
            } else {
                chosen.perhaps(value)
            }
            chosen.be_unsure_until(now + REWRITTEN_WITHIN);
        };
        if let Some(presence) = presence {
            self.outside.set(account, Set::Presence(&presence));
            note(&mut person.presence, presence);
        }
        if let Some(text) = text {
            self.outside.set(account, Set::Text(&text));
            note(&mut person.text, text);
        }
    }

    fn disturb(&mut self, account: u32, on: bool) {
        if self.is_close_to_a_boundary(&[account]) {
            return;
        }
        let now = self.clock.now();
        let wanting = self.model.wanting_dnd(account, now);
        let is_calm = self.is_calm() && self.has_settled(account);
        let unsure_until = self.all_end_at(&[account]);
        let is_change = self.outside.shown(account).dnd != on;
        self.outside.set(account, Set::Dnd(on));
        let chosen = &mut self.model.people.get_mut(&account).unwrap().dnd;
        if !is_calm {
            chosen.perhaps(on);
            chosen.be_unsure_until(unsure_until);
        } else if is_change || wanting.is_empty() {
            chosen.choose_over(on, now, wanting);
            chosen.be_unsure_until(now + TimeDelta::seconds(1));
        }
    }

    pub(crate) fn lead(&mut self, number: &str, to: &Way) {
        let members = self.model.lines[number].members.clone();
        if self.is_close_to_a_boundary(&members) {
            return;
        }
        let now = self.clock.now();
        let wanting: Vec<String> = self.model.deciding(number, now).iter().map(|meeting| meeting.id.clone()).collect();
        let is_calm = self.is_calm() && members.iter().all(|member| self.has_settled(*member));
        let unsure_until = self.all_end_at(&members);
        let is_change = self.outside.way(number) != *to;
        self.outside.lead(number, &members, to);
        self.places.get_mut(number).unwrap().insert(to.place.clone());
        let chosen = &mut self.model.lines.get_mut(number).unwrap().way;
        if !is_calm {
            chosen.perhaps(to.clone());
            chosen.be_unsure_until(unsure_until);
        } else if wanting.is_empty() {
            chosen.choose(to.clone(), now);
        } else if is_change {
            // A meeting that asked in vain holds nothing, so that what a person chooses lies under it or not.
            chosen.choose_over(to.clone(), now, wanting);
            chosen.be_unsure_until(unsure_until);
        }
    }

    fn may_end_early(&self, account: u32) -> bool {
        self.is_calm() && self.has_settled(account) && !self.is_close_to_a_boundary(&[account])
    }

    fn end_early(&mut self, account: u32) {
        let now = self.clock.now();
        let active: Vec<String> = self.model.active(account, now).iter().map(|meeting| meeting.id.clone()).collect();
        for id in active {
            self.model.meetings.get_mut(&id).unwrap().ended = Some(now);
        }
        self.outside.dial_end(account);
        let person = self.model.people.get_mut(&account).unwrap();
        person.settled_at = person.settled_at.max(now + TimeDelta::seconds(5));
    }

    /// Something goes wrong from now on.
    pub(crate) fn storm(&mut self) {
        if std::mem::replace(&mut self.in_storm, true) {
            return;
        }
        let now = self.clock.now();
        self.storm_since = now;
        for person in self.model.people.values_mut() {
            person.presence.shake(now, REWRITTEN_WITHIN);
            person.text.shake(now, REWRITTEN_WITHIN);
            person.dnd.shake(now, REWRITTEN_WITHIN);
        }
        for line in self.model.lines.values_mut() {
            line.way.shake(now, REWRITTEN_WITHIN);
        }
    }

    /// What goes wrong is over, or will be then.
    pub(crate) fn calm(&mut self, over_at: DateTime<Utc>) {
        self.in_storm = false;
        if over_at - self.storm_since >= LOST_AFTER {
            self.decisions_are_unsure();
        }
        self.stormy_until = self.stormy_until.max(over_at + SETTLED_WITHIN);
    }

    /// People's decisions over what meetings want may be forgotten.
    pub(crate) fn decisions_are_unsure(&mut self) {
        for account in self.model.people.keys().copied().collect::<Vec<_>>() {
            let until = self.all_end_at(&[account]);
            self.model.people.get_mut(&account).unwrap().dnd.be_unsure_until(until);
        }
        for number in self.model.lines.keys().cloned().collect::<Vec<_>>() {
            let until = self.all_end_at(&self.model.lines[&number].members);
            self.model.lines.get_mut(&number).unwrap().way.be_unsure_until(until);
        }
    }

    /// Presence, text and lamps are gone in the PBX; who was held gets back what was there before.
    pub(crate) fn restart(&mut self) {
        self.outside.restart();
        for person in self.model.people.values_mut() {
            person.presence.perhaps("AVAILABLE".to_owned());
            person.text.perhaps(String::new());
            person.in_call = false;
        }
    }

    /// Which meetings were ended early may be forgotten.
    pub(crate) fn forget_ends(&mut self) {
        let now = self.clock.now();
        for meeting in self.model.meetings.values().filter(|meeting| meeting.ended.is_some() && meeting.end() > now) {
            let person = self.model.people.get_mut(&meeting.member).unwrap();
            person.settled_at = person.settled_at.max(meeting.end() + LEARNT_WITHIN);
        }
    }

    /// From now on what is shown may be what lies under everything.
    pub(crate) fn forget_what_was_before(&mut self) {
        for account in self.model.people.keys().copied().collect::<Vec<_>>() {
            let shown = self.outside.shown(account);
            let until = self.all_end_at(&[account]);
            let person = self.model.people.get_mut(&account).unwrap();
            for presence in [shown.presence, "AVAILABLE".to_owned()] {
                person.presence.perhaps(presence);
            }
            for text in [shown.text, String::new()] {
                person.text.perhaps(text);
            }
            person.dnd.perhaps(shown.dnd);
            person.dnd.be_unsure_until(until);
            if shown.is_red {
                person.lamp_forgotten_until = until + BACK_WITHIN;
            }
        }
        for number in self.model.lines.keys().cloned().collect::<Vec<_>>() {
            let until = self.all_end_at(&self.model.lines[&number].members);
            let shown = self.outside.way(&number);
            let chosen = &mut self.model.lines.get_mut(&number).unwrap().way;
            for place in [shown, Way::nowhere()] {
                chosen.perhaps(place);
            }
            chosen.be_unsure_until(until);
        }
    }
}

/// What the checks ask.
impl<O> World<O> {
    /// Whether the service has had the time to learn what was changed about a member.
    pub(crate) fn has_settled(&self, member: u32) -> bool {
        self.model.people[&member].settled_at <= self.clock.now()
    }

    pub(crate) fn lamp_has_settled(&self, member: u32) -> bool {
        self.model.people[&member].lamp_settled_at <= self.clock.now()
    }

    /// Whether a person or a call changed the field not long ago.
    pub(crate) fn was_touched(&self, step: &Step, now: DateTime<Utc>) -> bool {
        let person = &self.model.people[&step.account.0];
        match step.field() {
            Field::Presence => person.presence.was_touched(now),
            Field::Text => person.text.was_touched(now),
            Field::Dnd => person.dnd.was_touched(now),
            Field::Indicator => person.in_call || !self.lamp_has_settled(step.account.0),
            Field::Redirect(number) => self.model.lines[number.as_str()].way.was_touched(now),
        }
    }
}
