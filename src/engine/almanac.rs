//! What is known of every calendar, and which mailbox is to be read next.
//!
//! Pure: gives requests, takes answers. A mailbox is never in two requests at once, and one that hangs is asked alone. A calendar that could not be read
//! stays as it was last known: unknown is not empty. The same holds for the tags of an entry whose text was not read.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::time::Duration;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::agenda::Agenda;
use super::backoff::Backoff;
use super::report::{Trouble, cause};
use crate::graph::{Answer, BATCH_MAX, Calendar, GraphError, Imprint, Request, Window};
use crate::journal::{KnownCalendar, Record};
use crate::rules::{Address, Entry, EntryId, Span, Verdict};

mod company;
mod pace;
mod standing;

pub use pace::{Adaptive, Pace, ReadAhead};

use company::Company;
use pace::JustRead;
use standing::{Standing, Standings};

/// How far back every read goes: an all-day entry of another time zone may begin that much earlier.
const BACK: TimeDelta = TimeDelta::hours(14);

/// How far ahead every read goes.
const AHEAD: TimeDelta = TimeDelta::hours(25);

/// How far ahead the hourly read goes.
const WIDE_AHEAD: TimeDelta = TimeDelta::days(8);

/// How often the wide read is due.
const WIDE_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// How long, and how often in a row at least, the tenant must say that a mailbox does not exist before it is lost.
const LOST_AFTER: TimeDelta = TimeDelta::minutes(60);
const LOST_READS: u32 = 3;

/// How soon a mailbox is asked again that does not exist, or that the app may not read.
const SLOW_INTERVAL: Duration = Duration::from_secs(10 * 60);

/// The calendars of all followed mailboxes.
#[derive(Debug)]
pub(crate) struct Almanac {
    check_interval: Duration,
    pace: Pace,
    known: BTreeMap<Address, KnownCalendar>,
    followed: BTreeMap<Address, Following>,
    agenda: Agenda<Address>,
    /// The same of those that are asked alone.
    solitary: Agenda<Address>,
    /// Those that are being asked alone.
    alone_asked: BTreeSet<Address>,
    /// When the tenant last answered for any mailbox.
    heard_at: Option<DateTime<Utc>>,
    /// Mailboxes of which something else is being asked.
    lent: BTreeSet<Address>,
    /// Until when nobody is asked, by our own patience; over as soon as the tenant answers.
    paused_until: Option<DateTime<Utc>>,
    /// The same by the tenant's word, which counts whatever else it answers meanwhile.
    told_to_wait_until: Option<DateTime<Utc>>,
    pause: Backoff,
    /// How many followed mailboxes are of each standing.
    standings: Standings,
}

#[derive(Debug)]
struct Following {
    wide_at: Option<DateTime<Utc>>,
    trouble: Backoff,
    /// Since when, and why, it cannot be read.
    told: Option<Trouble>,
    wide_asked: bool,
    company: Company,
    /// Since when, and how often in a row, the tenant has said that there is no such mailbox.
    not_found: Option<(DateTime<Utc>, u32)>,
    /// The last answer, while what is known is what came of it.
    last: Option<LastAnswer>,
}

/// An answer that need not be understood again.
#[derive(Clone, Copy, Debug)]
struct LastAnswer {
    imprint: Imprint,
    /// When the first of the entries may begin that are known from an earlier, wider read: only until then the same answer
    /// says the same.
    valid_to: Option<DateTime<Utc>>,
}

/// What an answer of the tenant taught.
#[derive(Debug, Default)]
pub(crate) struct Lesson {
    /// Whether the tenant answered for anybody.
    pub(crate) heard: bool,
    /// Mailboxes whose entries are other ones than before, or are known for the first time.
    pub(crate) changed: Vec<Address>,
    /// What the journal is to keep.
    pub(crate) records: Vec<Record>,
    /// Mailboxes that can be read again after trouble.
    pub(crate) recovered: Vec<Address>,
    /// Mailboxes that cannot be read since now.
    pub(crate) troubled: Vec<(Address, GraphError)>,
}

impl Almanac {
    /// Starts from the calendars that the journal kept.
    pub(crate) fn kept(known: BTreeMap<Address, KnownCalendar>, check_interval: Duration, pace: Pace) -> Self {
        Self {
            check_interval,
            pace,
            known,
            followed: BTreeMap::new(),
            agenda: Agenda::default(),
            solitary: Agenda::default(),
            alone_asked: BTreeSet::new(),
            heard_at: None,
            lent: BTreeSet::new(),
            paused_until: None,
            told_to_wait_until: None,
            pause: Backoff::new(Duration::from_secs(1), Duration::from_secs(60)),
            standings: Standings::default(),
        }
    }

    /// Follows exactly these mailboxes from now on; returns those that were forgotten.
    pub(crate) fn follow(&mut self, addresses: &BTreeSet<Address>, now: DateTime<Utc>) -> Vec<Address> {
        for address in addresses {
            if !self.followed.contains_key(address) {
                let trouble = Backoff::new(self.check_interval, Duration::from_secs(600).max(self.check_interval));
                self.followed.insert(address.clone(), Following::new(trouble));
                self.standings.add(self.standing(address));
                self.set(address, now);
            }
        }
        let gone: Vec<Address> =
            self.followed.keys().chain(self.known.keys()).filter(|one| !addresses.contains(*one)).cloned().collect();
        for address in &gone {
            self.standings.remove(self.standing(address));
            self.followed.remove(address);
            self.known.remove(address);
            self.agenda.set(address.clone(), None);
            self.solitary.set(address.clone(), None);
        }
        gone
    }

    /// Returns the requests of the next batch that is due, and takes its mailboxes off the agenda until the answer.
    pub(crate) fn next_batch(&mut self, now: DateTime<Utc>) -> Option<Vec<Request>> {
        if self.is_paused(now) {
            return None;
        }
        loop {
            let mut due = self.agenda.take_due(now, BATCH_MAX);
            if due.is_empty() {
                return None;
            }
            // A call is made anyway, and those who are due soon need none of their own.
            let soon = now + self.pace.slack(self.check_interval);
            due.extend(self.agenda.take_due(soon, BATCH_MAX - due.len()));
            let requests: Vec<Request> = due.iter().filter_map(|address| self.request(address, now)).collect();
            if !requests.is_empty() {
                return Some(requests);
            }
        }
    }

    /// Returns what is to be asked of a mailbox that is followed and not lent.
    fn request(&mut self, address: &Address, now: DateTime<Utc>) -> Option<Request> {
        let following = self.followed.get_mut(address).filter(|_| !self.lent.contains(address))?;
        following.wide_asked = following.wide_at.is_none_or(|at| at <= now);
        let ahead = if following.wide_asked { WIDE_AHEAD } else { AHEAD };
        let window = Window { from: now - BACK, to: now + ahead };
        let last = following.last.filter(|last| last.valid_to.is_none_or(|at| at >= window.to));
        Some(Request { address: address.clone(), window, last: last.map(|last| last.imprint) })
    }

    fn is_paused(&self, now: DateTime<Utc>) -> bool {
        now < self.not_before_pause(now)
    }

    /// Returns an instant, or the end of the pause if that is later.
    fn not_before_pause(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        [self.paused_until, self.told_to_wait_until].into_iter().flatten().fold(at, DateTime::max)
    }

    /// Lends a mailbox to somebody who asks something else of it; until it is taken back its calendar is not read.
    /// Returns whether it could be lent: not while its calendar is due or being read.
    pub(crate) fn lend(&mut self, address: &Address, now: DateTime<Utc>) -> bool {
        let is_idle = !self.followed.contains_key(address) || self.due_at(address).is_some_and(|at| at > now);
        is_idle && self.lent.insert(address.clone())
    }

    /// Takes a mailbox back; if its calendar became due meanwhile, it is read now.
    pub(crate) fn take_back(&mut self, address: &Address, now: DateTime<Utc>) {
        self.lent.remove(address);
        if self.followed.contains_key(address) && self.due_at(address).is_none() {
            self.set(address, now);
        }
    }

    /// Returns when the next batch is due.
    pub(crate) fn next_at(&mut self) -> Option<DateTime<Utc>> {
        let due = self.agenda.next_at()?;
        Some(self.not_before_pause(due))
    }

    /// Reads every mailbox this often from now on.
    pub(crate) fn read_every(&mut self, check_interval: Duration, pace: Pace, now: DateTime<Utc>) {
        self.check_interval = check_interval;
        self.pace = pace;
        self.agenda.advance_all(now + delta(check_interval));
        self.solitary.advance_all(now + delta(check_interval));
    }

    /// Asks again for what was asked of a tenant that is not followed any more.
    pub(crate) fn ask_again(&mut self, requests: &[Request], now: DateTime<Utc>) {
        for request in requests {
            if self.followed.contains_key(&request.address) {
                self.set(&request.address, now);
            }
        }
    }

    /// Reads every mailbox afresh, as far as it is not being read: after the clock was set back to `now`, and of another
    /// tenant.
    pub(crate) fn read_afresh(&mut self, now: DateTime<Utc>) {
        self.paused_until = None;
        self.told_to_wait_until = None;
        self.heard_at = None;
        for following in self.followed.values_mut() {
            following.wide_at = None;
            following.last = None;
        }
        self.agenda.advance_all(now);
        self.solitary.advance_all(now);
    }

    /// Reads every mailbox as soon as may be, a week ahead; one that cannot be read keeps its distance between tries.
    pub(crate) fn read_soon(&mut self, now: DateTime<Utc>) {
        for (address, following) in &mut self.followed {
            following.wide_at = None;
            if following.told.is_none() && self.agenda.at(address).is_some() {
                self.agenda.advance(address.clone(), now);
            }
        }
    }

    /// Takes what became of a batch. `zone` tells where civil days lie.
    pub(crate) fn learn(
        &mut self,
        requests: &[Request],
        result: Result<Vec<Answer>, GraphError>,
        now: DateTime<Utc>,
        zone: Tz,
    ) -> Result<Lesson, GraphError> {
        let answers = match result {
            Ok(answers) => answers,
            Err(error) => {
                let hang = error.may_be_of_one().then(|| self.learn_hang(requests, &error, now)).flatten();
                return hang.ok_or_else(|| {
                    self.fail_as_a_whole(requests, &error, now);
                    error
                });
            }
        };
        self.heard_at = Some(now);
        self.paused_until = None;
        self.pause.succeed();
        let mut lesson = Lesson { heard: true, ..Lesson::default() };
        for (request, answer) in requests.iter().zip(answers) {
            match answer.calendar {
                Ok(Calendar::Unchanged) => self.changing(&request.address, |almanac| {
                    almanac.learn_unchanged(request, now, zone, &mut lesson);
                }),
                Ok(Calendar::Read { entries, imprint }) => {
                    let entries = self.with_last_tags(&request.address, entries, &answer.tags_unknown);
                    self.changing(&request.address, |almanac| {
                        almanac.learn_entries(request, (entries, imprint), now, zone, &mut lesson);
                    });
                }
                // Its batch did not answer, whoever of it is to blame.
                Err(GraphError::TimedOut { .. }) if requests.len() > 1 => self.part([request], now),
                Err(error) => self.changing(&request.address, |almanac| {
                    almanac.learn_trouble(request, error, now, &mut lesson);
                }),
            }
        }
        Ok(lesson)
    }

    /// Returns the entries of a mailbox, or `None` when they are not known.
    pub(crate) fn entries(&self, address: &Address) -> Option<&[Entry]> {
        self.known.get(address).map(|calendar| calendar.entries.as_slice())
    }

    /// Returns when a mailbox was last read.
    pub(crate) fn read_at(&self, address: &Address) -> Option<DateTime<Utc>> {
        self.known.get(address).map(|calendar| calendar.read_at)
    }

    /// Returns how many followed mailboxes were never read and are not in trouble either.
    pub(crate) fn unread(&self) -> usize {
        self.standings.unread
    }

    /// Returns since when, and why, a mailbox cannot be read.
    pub(crate) fn trouble(&self, address: &Address) -> Option<&Trouble> {
        self.followed.get(address)?.told.as_ref()
    }

    /// Returns how many followed mailboxes cannot be read.
    pub(crate) fn troubled(&self) -> usize {
        self.standings.troubled
    }

    /// Changes what is known of a mailbox, and keeps count.
    fn changing<T>(&mut self, address: &Address, change: impl FnOnce(&mut Self) -> T) -> T {
        self.standings.remove(self.standing(address));
        let changed = change(self);
        self.standings.add(self.standing(address));
        changed
    }

    /// Returns how things are with a mailbox; nothing when it is not followed.
    fn standing(&self, address: &Address) -> Option<Standing> {
        let following = self.followed.get(address)?;
        Some(match following.trouble.failures() {
            0 if self.known.contains_key(address) => Standing::Read,
            0 => Standing::Unread,
            _ => Standing::Troubled,
        })
    }

    /// Gives entries whose tags are not known those that they had when they were last known.
    fn with_last_tags(&self, address: &Address, mut read: Vec<Entry>, unknown: &BTreeSet<EntryId>) -> Vec<Entry> {
        if unknown.is_empty() {
            return read;
        }
        let known = self.entries(address).unwrap_or_default();
        let last: BTreeMap<_, _> = known.iter().map(|entry| (&entry.id, &entry.tags)).collect();
        for entry in read.iter_mut().filter(|entry| unknown.contains(&entry.id)) {
            entry.tags = last.get(&entry.id).map(|tags| (*tags).clone()).unwrap_or_default();
        }
        read
    }

    fn learn_entries(
        &mut self,
        request: &Request,
        (entries, imprint): (Vec<Entry>, Option<Imprint>),
        now: DateTime<Utc>,
        zone: Tz,
        lesson: &mut Lesson,
    ) {
        let address = &request.address;
        let Some(wide) = self.read_well(address, now, lesson) else { return };
        let before = self.known.get(address);
        let merged = merge(before.map_or(&[], |known| &known.entries), entries, request.window, zone);
        let changed = before.is_none_or(|known| known.entries != merged);
        let later = merged.iter().filter(|entry| lies_after(entry, request.window, zone));
        let valid_to = later.map(|entry| may_begin_at(&entry.span)).min();
        if let Some(following) = self.followed.get_mut(address) {
            following.last = imprint.map(|imprint| LastAnswer { imprint, valid_to });
        }
        let calendar = KnownCalendar { read_at: now, entries: merged };
        if changed {
            lesson.changed.push(address.clone());
        }
        if changed || wide {
            lesson.records.push(Record::Calendar(address.clone(), calendar.clone()));
        }
        self.known.insert(address.clone(), calendar);
        self.set_next(address, now, zone);
    }

    /// Takes in that the last answer came once more.
    fn learn_unchanged(&mut self, request: &Request, now: DateTime<Utc>, zone: Tz, lesson: &mut Lesson) {
        let address = &request.address;
        let Some(wide) = self.read_well(address, now, lesson) else { return };
        let Some(calendar) = self.known.get_mut(address) else { return };
        calendar.read_at = now;
        if wide {
            lesson.records.push(Record::Calendar(address.clone(), calendar.clone()));
        }
        self.set_next(address, now, zone);
    }

    /// Sets when a mailbox that was just read is read next.
    fn set_next(&mut self, address: &Address, now: DateTime<Utc>, zone: Tz) {
        let entries = self.entries(address).unwrap_or_default();
        let read = JustRead { now, entries, interval: self.check_interval, zone, spread: jitter(address, 0) };
        let next = self.pace.next_read(&read);
        self.set(address, next);
    }

    /// Notes that a mailbox was read. Returns whether the read was a wide one; nothing when
    /// the mailbox is not followed any more.
    fn read_well(&mut self, address: &Address, now: DateTime<Utc>, lesson: &mut Lesson) -> Option<bool> {
        let following = self.followed.get_mut(address)?;
        let wide = std::mem::take(&mut following.wide_asked);
        if wide {
            following.wide_at = Some(now + WIDE_INTERVAL);
        }
        following.not_found = None;
        following.told = None;
        if following.trouble.succeed() {
            lesson.recovered.push(address.clone());
        }
        following.company.read_well();
        Some(wide)
    }

    fn learn_trouble(&mut self, request: &Request, error: GraphError, now: DateTime<Utc>, lesson: &mut Lesson) {
        let address = &request.address;
        let Some(following) = self.followed.get_mut(address) else { return };
        let jitter = jitter(address, following.trouble.failures());
        let first = following.trouble.failures() == 0;
        Trouble::note(&mut following.told, now, cause::of_mailbox(&error), super::chain(&error));
        let wait = match error.verdict() {
            Verdict::Retry { after } => following.trouble.fail(after, jitter),
            Verdict::GiveUp | Verdict::NeedsHuman => following.trouble.fail(Some(SLOW_INTERVAL), jitter),
        };
        following.not_found = error.is_not_found().then(|| {
            let (since, count) = following.not_found.unwrap_or((now, 0));
            (since, count + 1)
        });
        let lost = following.not_found.is_some_and(|(since, count)| count >= LOST_READS && now - since >= LOST_AFTER);
        self.set(address, now + delta(wait));
        if lost {
            self.lose(address, now, lesson);
        }
        if first {
            lesson.troubled.push((address.clone(), error));
        }
    }

    /// The mailbox is lost: its calendar is known to be empty, until it is found again.
    fn lose(&mut self, address: &Address, now: DateTime<Utc>, lesson: &mut Lesson) {
        if let Some(following) = self.followed.get_mut(address) {
            following.last = None;
        }
        let lost = KnownCalendar { read_at: now, entries: Vec::new() };
        if self.known.insert(address.clone(), lost.clone()).is_none_or(|before| !before.entries.is_empty()) {
            lesson.changed.push(address.clone());
            lesson.records.push(Record::Calendar(address.clone(), lost));
        }
    }

    fn fail_as_a_whole(&mut self, requests: &[Request], error: &GraphError, now: DateTime<Utc>) {
        let jitter = requests.first().map_or(0, |request| jitter(&request.address, self.pause.failures()));
        let asked = match error.verdict() {
            Verdict::Retry { after } => after,
            Verdict::GiveUp | Verdict::NeedsHuman => Some(self.check_interval),
        };
        // Several batches in flight fail together; the first of them sets the pause.
        if self.paused_until.is_none_or(|until| until <= now) || asked.is_some() {
            let until = now + delta(self.pause.fail(asked, jitter));
            self.paused_until = self.paused_until.max(Some(until));
        }
        if let Verdict::Retry { after: Some(after) } = error.verdict() {
            self.told_to_wait_until = self.told_to_wait_until.max(Some(now + delta(after)));
        }
        for request in requests {
            if self.followed.contains_key(&request.address) {
                self.set(&request.address, now);
            }
        }
    }
}

impl Following {
    fn new(trouble: Backoff) -> Self {
        let company = Company::Others;
        Self { wide_at: None, trouble, told: None, wide_asked: false, company, not_found: None, last: None }
    }
}

/// Puts a fresh read of one window into what is known: inside the window the read decides, outside it what is known
/// stays, and an entry that the read has under the same id is the read's.
fn merge(known: &[Entry], read: Vec<Entry>, window: Window, zone: Tz) -> Vec<Entry> {
    let mut merged: BTreeMap<_, Entry> = BTreeMap::new();
    for entry in known.iter().filter(|entry| lies_after(entry, window, zone)) {
        merged.insert(entry.id.clone(), entry.clone());
    }
    for entry in read {
        merged.insert(entry.id.clone(), entry);
    }
    merged.into_values().collect()
}

/// Whether an entry begins so late that a read of the window says nothing about it. Graph selects all-day entries by
/// the instants of the zone they were made in, so near the window's end their absence means nothing yet.
fn lies_after(entry: &Entry, window: Window, zone: Tz) -> bool {
    let sure_to = match entry.span {
        Span::Timed { .. } => window.to,
        Span::AllDay { .. } => window.to - BACK,
    };
    entry.span.start(zone) >= sure_to
}

/// Returns the earliest instant at which a span may begin in any zone.
fn may_begin_at(span: &Span) -> DateTime<Utc> {
    match *span {
        Span::Timed { start, .. } => start,
        Span::AllDay { first, .. } => first.and_time(NaiveTime::MIN).and_utc() - BACK,
    }
}

fn delta(wait: Duration) -> TimeDelta {
    TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(1))
}

/// Spreads waits by subject; the same subject and count give the same value, so that a run can be repeated.
fn jitter(subject: &impl Hash, failures: u32) -> u8 {
    let mut hasher = DefaultHasher::new();
    (subject, failures).hash(&mut hasher);
    hasher.finish().to_le_bytes()[0]
}

#[cfg(test)]
mod tests;
