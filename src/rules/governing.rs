//! Which of the active entries governs.
//!
//! Must not know what the governing entry is asked for. Nothing here fails. The order is total over the entries of one
//! calendar, whose ids are all different, so the order in which they were read is irrelevant.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::counting::{Counting, Mark, Weight, counting, is_active};
use super::{Entry, EntryId, Policy, ShowAs};

/// An entry that counts and is active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Active<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// For how much it counts.
    pub weight: Weight,
}

/// Returns the active entries in governing order: the first governs.
pub fn active<'a>(now: DateTime<Utc>, entries: &'a [Entry], policy: &Policy, marks: &[Mark]) -> Vec<Active<'a>> {
    let mut active: Vec<_> = entries
        .iter()
        .filter(|entry| is_active(entry, now, policy.zone))
        .filter_map(|entry| match counting(entry, policy, marks) {
            Counting::Counts(weight) => Some(Active { entry, weight }),
            Counting::Not(_) => None,
        })
        .collect();
    active.sort_by_cached_key(|active| Rank::of(active.entry, policy.zone));
    active
}

/// Where an entry stands: the lesser governs. The stronger show-as governs, then the later start, then the earlier end,
/// then the smaller id in byte order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(Reverse<ShowAs>, Reverse<DateTime<Utc>>, DateTime<Utc>, EntryId);

impl Rank {
    /// Returns where an entry stands.
    pub fn of(entry: &Entry, zone: Tz) -> Self {
        let span = entry.span;
        Self(Reverse(entry.show_as), Reverse(span.start(zone)), span.end(zone), entry.id.clone())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::samples::{all_day, any_entries, any_marks, at, entry, policy, quarter, unanswered};

    fn ids(entries: &[Entry]) -> Vec<&str> {
        active(at("2026-11-23T09:30:00Z"), entries, &policy(), &[])
            .iter()
            .map(|active| active.entry.id.0.as_str())
            .collect()
    }

    /// Whichever of the two comes first in the calendar, `first` governs.
    #[track_caller]
    fn case(first: &Entry, second: &Entry) {
        let expected = [first.id.0.as_str(), second.id.0.as_str()];
        assert_eq!(ids(&[first.clone(), second.clone()]), expected);
        assert_eq!(ids(&[second.clone(), first.clone()]), expected);
    }

    fn shown_as(id: &str, show_as: ShowAs) -> Entry {
        Entry { show_as, ..entry(id, "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z") }
    }

    #[test]
    fn the_stronger_show_as_governs() {
        case(&shown_as("b", ShowAs::OutOfOffice), &shown_as("a", ShowAs::Busy));
        case(&shown_as("b", ShowAs::Busy), &shown_as("a", ShowAs::WorkingElsewhere));
        case(&shown_as("b", ShowAs::WorkingElsewhere), &shown_as("a", ShowAs::Tentative));
    }

    #[test]
    fn free_is_the_weakest_show_as() {
        let policy = Policy { ignore: [].into(), ..policy() };
        let entries = [shown_as("a", ShowAs::Free), shown_as("b", ShowAs::Tentative)];
        let active = active(quarter(6), &entries, &policy, &[]);
        assert_eq!(active[0].entry.show_as, ShowAs::Tentative);
        assert_eq!(active[1].entry.show_as, ShowAs::Free);
    }

    #[test]
    fn the_show_as_decides_before_the_start() {
        let away = Entry { show_as: ShowAs::OutOfOffice, ..entry("b", "2026-11-23T06:00:00Z", "2026-11-23T18:00:00Z") };
        case(&away, &entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"));
    }

    #[test]
    fn of_the_same_show_as_the_later_start_governs() {
        case(
            &entry("b", "2026-11-23T09:15:00Z", "2026-11-23T12:00:00Z"),
            &entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"),
        );
        case(&entry("b", "2026-11-23T09:15:00Z", "2026-11-23T12:00:00Z"), &all_day("a", "2026-11-23", "2026-11-24"));
    }

    #[test]
    fn of_the_same_start_the_earlier_end_governs() {
        case(
            &entry("b", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"),
            &entry("a", "2026-11-23T09:00:00Z", "2026-11-23T11:00:00Z"),
        );
        case(&all_day("b", "2026-11-23", "2026-11-24"), &all_day("a", "2026-11-23", "2026-11-25"));
    }

    #[test]
    fn of_the_same_span_the_smaller_id_in_byte_order_governs() {
        let same = |id| entry(id, "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z");
        case(&same("AAMk1"), &same("AAMk2"));
        case(&same("Z"), &same("a"));
        case(&same("AAMk1"), &same("AAMk10"));
    }

    #[test]
    fn an_entry_that_does_not_count_is_not_among_the_active_ones() {
        let cancelled = Entry { cancelled: true, ..shown_as("a", ShowAs::OutOfOffice) };
        assert_eq!(ids(&[cancelled, shown_as("b", ShowAs::Busy)]), ["b"]);
    }

    #[test]
    fn only_what_has_started_and_not_ended_is_active() {
        let over = entry("a", "2026-11-23T08:00:00Z", "2026-11-23T09:30:00Z");
        let on = entry("b", "2026-11-23T09:30:00Z", "2026-11-23T10:00:00Z");
        let to_come = entry("c", "2026-11-23T09:30:01Z", "2026-11-23T10:00:00Z");
        assert_eq!(ids(&[over, on, to_come]), ["b"]);
    }

    #[test]
    fn an_unanswered_invitation_governs_like_any_other_entry() {
        let invited = unanswered(entry("b", "2026-11-23T09:15:00Z", "2026-11-23T10:00:00Z"));
        let own = entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z");
        let entries = [own, invited];
        let active = active(at("2026-11-23T09:30:00Z"), &entries, &policy(), &[]);
        assert_eq!(active[0].weight, Weight::StatusOnly);
        assert_eq!(active[1].weight, Weight::Full);
    }

    proptest! {
        #[test]
        fn the_order_of_the_calendar_is_irrelevant(
            (calendar, shuffled) in any_entries()
                .prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
            marks in any_marks(),
            now in (0..24_i64).prop_map(quarter),
        ) {
            let policy = policy();
            prop_assert_eq!(
                active(now, &calendar, &policy, &marks),
                active(now, &shuffled, &policy, &marks)
            );
        }
    }
}
