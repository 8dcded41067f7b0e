//! A day of a site, from a seed: everybody's entries between 8 and 17 h, and what is changed in them meanwhile.

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::rules::{Entry, EntryId, Span, Tag, Tags, Title};
use starface_calendar_bench::work::decisions;

use super::world::World;

/// What kind of day it is.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) members: u32,
    /// Entries and the gaps between them are so many times shorter than half an hour and fifty minutes, and as many more.
    pub(super) dense: i32,
    /// So many in a hundred entries are moved, cancelled or renamed, each at some moment between the morning and its end.
    pub(super) edited: u64,
}

impl Kind {
    /// A site of a thousand with some six entries each.
    pub(super) fn usual() -> Self {
        Self { members: 1_000, dense: 1, edited: 0 }
    }
}

/// What is changed.
#[derive(Clone, Copy)]
enum Edit {
    Move(TimeDelta),
    Cancel,
    Rename,
}

/// Everybody's entries, and what becomes of them.
pub(super) struct Day {
    begins_at: DateTime<Utc>,
    members: u32,
    entries: Vec<(u32, Entry)>,
    /// When, which entry, and how; the last comes first.
    edits: Vec<(DateTime<Utc>, usize, Edit)>,
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut roll = self.0;
        roll = (roll ^ (roll >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        roll = (roll ^ (roll >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        roll ^ (roll >> 31)
    }

    /// Returns some time of whole seconds between two.
    fn between(&mut self, least: TimeDelta, most: TimeDelta) -> TimeDelta {
        let range = (most - least).num_seconds().unsigned_abs() + 1;
        least + TimeDelta::seconds(i64::try_from(self.roll() % range).unwrap_or_default())
    }
}

/// The account of the first member.
const FIRST: u32 = 10_000;

impl Day {
    pub(super) fn new(seed: u64, Kind { members, dense, edited }: Kind) -> Self {
        // Midnight in Zurich.
        let begins_at = DateTime::from_timestamp(1_795_388_400, 0).unwrap_or_default();
        let mut day = Self { begins_at, members, entries: Vec::new(), edits: Vec::new() };
        let mut dice = Dice(seed);
        let (opens_at, closes_at) = (begins_at + TimeDelta::hours(8), begins_at + TimeDelta::hours(17));
        for account in day.members() {
            let mut start = opens_at + dice.between(TimeDelta::zero(), TimeDelta::minutes(80) / dense);
            loop {
                let end = start + dice.between(TimeDelta::minutes(15) / dense, TimeDelta::minutes(60) / dense);
                if end > closes_at {
                    break;
                }
                if dice.roll() % 100 < edited {
                    let at = opens_at + dice.between(TimeDelta::zero(), end - opens_at);
                    let edit = match dice.roll() % 3 {
                        0 => Edit::Move(dice.between(TimeDelta::minutes(-10), TimeDelta::minutes(10))),
                        1 => Edit::Cancel,
                        _ => Edit::Rename,
                    };
                    day.edits.push((at, day.entries.len(), edit));
                }
                day.entries.push((account, entry(account, day.entries.len(), start, end)));
                start = end + dice.between(TimeDelta::minutes(20) / dense, TimeDelta::minutes(80) / dense);
            }
        }
        day.edits.sort_by_key(|(at, index, _)| std::cmp::Reverse((*at, *index)));
        day
    }

    pub(super) fn begins_at(&self) -> DateTime<Utc> {
        self.begins_at
    }

    pub(super) fn ends_at(&self) -> DateTime<Utc> {
        self.begins_at + TimeDelta::days(1)
    }

    pub(super) fn members(&self) -> std::ops::Range<u32> {
        FIRST..FIRST + self.members
    }

    pub(super) fn entries(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn put_all(&self, world: &World) {
        for (account, entry) in &self.entries {
            world.put(*account, entry.clone());
        }
    }

    pub(super) fn next_edit_at(&self) -> Option<DateTime<Utc>> {
        self.edits.last().map(|(at, ..)| *at)
    }

    /// Makes the changes whose time has come.
    pub(super) fn edit(&mut self, world: &World, now: DateTime<Utc>) {
        while let Some((_, index, edit)) = self.edits.pop_if(|(at, ..)| *at <= now) {
            let (account, entry) = &mut self.entries[index];
            match edit {
                Edit::Move(by) => {
                    if let Span::Timed { start, end } = entry.span {
                        entry.span = Span::Timed { start: start + by, end: end + by };
                    }
                }
                Edit::Cancel => entry.cancelled = true,
                Edit::Rename => entry.title.0.push('!'),
            }
            world.put(*account, entry.clone());
        }
    }
}

/// An entry of which every second member's changes five fields, and the others' two.
fn entry(account: u32, index: usize, start: DateTime<Utc>, end: DateTime<Utc>) -> Entry {
    let sample = decisions::entries().remove(0);
    let to = |number: &str| starface_calendar::rules::Dialled::new(number).map(Tag::Target);
    let is_five = super::judge::changes_five(account);
    let tags =
        if is_five { Tags { internal: to("0041431112233"), external: to("0041441112233") } } else { Tags::default() };
    let categories = if is_five {
        ["_SF_Funktionstasten_aktivieren", "_SF_AUL_intern_aktivieren", "_SF_AUL_extern_aktivieren"]
            .map(str::to_owned)
            .to_vec()
    } else {
        Vec::new()
    };
    Entry {
        id: EntryId(format!("AAMkAGI2TG93AAA{index:060}=")),
        title: Title(format!("Termin {index}")),
        span: Span::Timed { start, end },
        categories,
        tags,
        ..sample
    }
}
