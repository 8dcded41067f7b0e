//! Where the PBX differed from a shadow run, from its history.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{AGREES, DIFFERS, SHADOWED};
use crate::engine::history::Change;

/// A time in which the PBX showed something else than the service would have had it show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differing {
    /// Whose account.
    pub account: u32,
    /// Which field.
    pub field: String,
    /// The called number of a redirect.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub number: Option<String>,
    /// From when.
    pub from: String,
    /// Until when; nothing while it goes on, or when the shadow run ended before it.
    pub until: Option<String>,
    /// What the service would have had it show.
    pub wanted: String,
    /// What was there.
    pub there: String,
    /// The short hash of the entry that would have been acted on last.
    pub entry: Option<String>,
}

/// A field, as history names it.
type Key<'a> = (u32, &'a str, Option<&'a str>);

fn key(change: &Change) -> Key<'_> {
    // A called number is one field, whoever has it.
    let account = if change.number.is_some() { 0 } else { change.account };
    (account, change.field.as_str(), change.number.as_deref())
}

/// Returns the differences of a history, in the order of their beginning.
pub fn differences(changes: &[Change]) -> Vec<Differing> {
    let mut found: Vec<Differing> = Vec::new();
    let mut open: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    let mut written: BTreeMap<Key<'_>, &Change> = BTreeMap::new();
    for change in changes {
        let key = key(change);
        match change.outcome.as_str() {
            SHADOWED => {
                // It is answered a moment after it was laid over the field, so it may stand behind what it brought about.
                if let Some(one) =
                    open.get(&key).and_then(|index| found.get_mut(*index)).filter(|one| one.is_of(change))
                {
                    one.entry.clone_from(&change.entry);
                }
                written.insert(key, change);
            }
            DIFFERS => {
                // The end of the one before was not seen: another life of the shadow run began.
                let before = open.insert(key, found.len());
                close(&mut found, before, &change.at);
                found.push(Differing {
                    account: change.account,
                    field: change.field.clone(),
                    number: change.number.clone(),
                    from: change.at.clone(),
                    until: None,
                    wanted: change.to.clone(),
                    there: change.from.clone(),
                    entry: written.get(&key).filter(|one| one.to == change.to).and_then(|one| one.entry.clone()),
                });
            }
            AGREES => close(&mut found, open.remove(&key), &change.at),
            _ => {}
        }
    }
    found
}

fn close(found: &mut [Differing], open: Option<usize>, at: &str) {
    if let Some(one) = open.and_then(|index| found.get_mut(index)) {
        one.until = Some(at.to_owned());
    }
}

/// By how much a write may stand behind the difference that it brought about.
const WRITTEN_WITHIN: TimeDelta = TimeDelta::seconds(15);

fn instant(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok()
}

impl Differing {
    /// Returns whether what would have been written just then is what was wanted here.
    fn is_of(&self, written: &Change) -> bool {
        let distance = instant(&written.at).zip(instant(&self.from)).map(|(written, from)| written - from);
        self.wanted == written.to && distance.is_some_and(|distance| distance <= WRITTEN_WITHIN)
    }

    /// Returns how long it lasted; nothing where its end was not seen.
    pub fn lasted(&self) -> Option<TimeDelta> {
        Some(instant(self.until.as_deref()?)? - instant(&self.from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(second: u32, account: u32, outcome: &str, (from, to): (&str, &str)) -> Change {
        Change {
            at: format!("2026-11-23T09:00:{second:02}+01:00"),
            account,
            field: "presence".to_owned(),
            number: None,
            from: from.to_owned(),
            to: to.to_owned(),
            why: String::new(),
            entry: (outcome == SHADOWED).then(|| "0123456789ab".to_owned()),
            outcome: outcome.to_owned(),
        }
    }

    #[test]
    fn a_difference_has_a_beginning_and_an_end_and_the_entry_that_was_acted_on() {
        let (shown, back) = (("AVAILABLE", "AWAY"), ("AWAY", "AVAILABLE"));
        let changes = [
            change(0, 1010, SHADOWED, shown),
            change(0, 1010, DIFFERS, shown),
            change(1, 1011, DIFFERS, back),
            change(30, 1010, AGREES, shown),
        ];
        let found = differences(&changes);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].wanted.as_str(), found[0].there.as_str()), ("AWAY", "AVAILABLE"));
        assert_eq!(found[0].entry.as_deref(), Some("0123456789ab"));
        assert_eq!(found[0].lasted(), Some(TimeDelta::seconds(30)));
        assert_eq!((found[1].account, found[1].lasted(), &found[1].entry), (1011, None, &None));
    }

    #[test]
    fn one_whose_end_nobody_saw_ends_when_the_next_begins() {
        let shown = ("AVAILABLE", "AWAY");
        let found = differences(&[change(0, 1010, DIFFERS, shown), change(40, 1010, DIFFERS, shown)]);
        assert_eq!(found[0].lasted(), Some(TimeDelta::seconds(40)));
        assert_eq!(found[1].until, None);
    }

    #[test]
    fn a_group_s_number_is_one_field_whoever_has_it() {
        let with_number = |change: Change| Change {
            field: "redirect".to_owned(),
            number: Some("0041712345600".to_owned()),
            ..change
        };
        let shown = ("off", "voicemail 3");
        let changes = [change(0, 1010, DIFFERS, shown), change(9, 1011, AGREES, shown)].map(with_number);
        assert_eq!(differences(&changes)[0].lasted(), Some(TimeDelta::seconds(9)));
    }
}
