//! Section by section: what counts, in the order in which it is tested.

use super::Counting::Not;
use super::*;
use crate::rules::ShowAs;
use crate::rules::samples::{all_day, at, entry, policy, unanswered};

const COUNTS: Counting = Counting::Counts(Weight::Full);

fn meeting() -> Entry {
    entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")
}

fn counted(entry: &Entry) -> Counting {
    counting(entry, &policy(), &[])
}

fn mark(id: &str, instant: &str) -> Mark {
    Mark { entry: EntryId(id.to_owned()), at: at(instant) }
}

/// An entry that every reason applies to, under [`strictest`] and a mark.
fn hopeless() -> Entry {
    Entry {
        cancelled: true,
        response: Response::Declined,
        is_organizer: false,
        categories: vec!["_SF_Ignorieren".to_owned()],
        show_as: ShowAs::Free,
        ..entry("a", "2026-01-01T09:00:00Z", "2026-03-01T09:00:00Z")
    }
}

fn strictest() -> Policy {
    Policy { unanswered: Unanswered::Ignore, ..policy() }
}

#[test]
fn an_entry_counts_unless_a_reason_applies() {
    assert_eq!(counted(&meeting()), COUNTS);
    assert_eq!(counted(&all_day("a", "2026-11-23", "2026-11-24")), COUNTS);
}

#[test]
fn a_cancelled_entry_does_not_count() {
    let entry = Entry { cancelled: true, ..meeting() };
    assert_eq!(counted(&entry), Not(Reason::Cancelled));
}

#[test]
fn an_entry_that_the_member_declined_does_not_count() {
    let entry = Entry { response: Response::Declined, is_organizer: false, ..meeting() };
    assert_eq!(counted(&entry), Not(Reason::Declined));
}

#[test]
fn an_entry_with_the_ignore_category_does_not_count_whatever_the_case_and_blanks_of_its_name() {
    #[track_caller]
    fn case(category: &str, expected: Counting) {
        let entry = Entry { categories: vec!["Kunde".to_owned(), category.to_owned()], ..meeting() };
        assert_eq!(counted(&entry), expected, "{category}");
    }
    case("_SF_Ignorieren", Not(Reason::IgnoredByCategory));
    case("_sf_IGNORIEREN", Not(Reason::IgnoredByCategory));
    case("  _SF_Ignorieren ", Not(Reason::IgnoredByCategory));
    case("SF_Ignorieren", COUNTS);
    case("_SF_Ignorieren 2", COUNTS);
    case("_SF_DND_aktivieren", COUNTS);
}

#[test]
fn every_accepted_name_of_the_ignore_category_works() {
    let mut policy = policy();
    let names = vec!["Telefon aus".to_owned(), "ÜBERSEHEN".to_owned()];
    policy.categories.names.insert(Switch::Ignore, names);
    let entry = Entry { categories: vec!["übersehen".to_owned()], ..meeting() };
    assert_eq!(counting(&entry, &policy, &[]), Not(Reason::IgnoredByCategory));
}

#[test]
fn the_ignore_category_does_nothing_when_it_is_not_allowed() {
    let entry = Entry { categories: vec!["_SF_Ignorieren".to_owned()], ..meeting() };
    let mut policy = policy();
    policy.categories.allowed.remove(&Switch::Ignore);
    assert_eq!(counting(&entry, &policy, &[]), COUNTS);
}

#[test]
fn categories_work_only_when_they_are_enabled() {
    let entry = Entry { categories: vec!["_SF_Ignorieren".to_owned()], ..meeting() };
    let mut policy = policy();
    policy.categories.enabled = false;
    assert_eq!(counting(&entry, &policy, &[]), COUNTS);
}

#[test]
fn only_free_is_ignored_by_default() {
    #[track_caller]
    fn case(show_as: ShowAs, expected: Counting) {
        let entry = Entry { show_as, ..meeting() };
        assert_eq!(counted(&entry), expected, "{show_as:?}");
    }
    case(ShowAs::Free, Not(Reason::IgnoredShowAs));
    case(ShowAs::Tentative, COUNTS);
    case(ShowAs::WorkingElsewhere, COUNTS);
    case(ShowAs::Busy, COUNTS);
    case(ShowAs::OutOfOffice, COUNTS);
}

#[test]
fn every_show_as_on_the_ignore_list_does_not_count_and_every_other_does() {
    let policy = Policy { ignore: [ShowAs::OutOfOffice, ShowAs::Tentative].into(), ..policy() };
    let case = |show_as| {
        let entry = Entry { show_as, ..meeting() };
        counting(&entry, &policy, &[])
    };
    assert_eq!(case(ShowAs::OutOfOffice), Not(Reason::IgnoredShowAs));
    assert_eq!(case(ShowAs::Tentative), Not(Reason::IgnoredShowAs));
    assert_eq!(case(ShowAs::Free), COUNTS);
    assert_eq!(case(ShowAs::Busy), COUNTS);
}

#[test]
fn an_all_day_entry_is_measured_in_civil_days() {
    let count = |first, until| counted(&all_day("a", first, until));
    // October has 31 days and, in Vienna, one hour more than 31 times 24.
    assert_eq!(count("2026-10-01", "2026-11-01"), COUNTS);
    assert_eq!(count("2026-10-01", "2026-11-02"), Not(Reason::TooLong));
    // March has 31 days and one hour less; a day more is a day too many all the same.
    assert_eq!(count("2026-03-01", "2026-04-02"), Not(Reason::TooLong));
}

#[test]
fn a_timed_entry_is_measured_in_elapsed_time() {
    let count = |end| counted(&entry("a", "2026-10-01T08:00:00Z", end));
    assert_eq!(count("2026-11-01T08:00:00Z"), COUNTS);
    // At the same hour of the wall clock, but 31 days and one hour later.
    assert_eq!(count("2026-11-01T09:00:00Z"), Not(Reason::TooLong));
    assert_eq!(count("2026-11-01T08:00:00.001Z"), Not(Reason::TooLong));
}

#[test]
fn the_longest_allowed_length_is_the_policys() {
    let policy = Policy { entry_days_max: 1, ..policy() };
    let count = |first, until| counting(&all_day("a", first, until), &policy, &[]);
    assert_eq!(count("2026-11-23", "2026-11-24"), COUNTS);
    assert_eq!(count("2026-11-23", "2026-11-25"), Not(Reason::TooLong));
    let longest = Policy { entry_days_max: u32::MAX, ..policy };
    assert_eq!(counting(&all_day("a", "1900-01-01", "2100-01-01"), &longest, &[]), COUNTS);
}

#[test]
fn an_entry_that_was_ended_early_does_not_count() {
    let marks = [mark("a", "2026-11-23T09:20:00Z")];
    assert_eq!(counting(&meeting(), &policy(), &marks), Not(Reason::EndedEarly));
}

#[test]
fn a_mark_concerns_its_own_entry_only() {
    let marks = [mark("b", "2026-11-23T09:20:00Z")];
    assert_eq!(counting(&meeting(), &policy(), &marks), COUNTS);
}

#[test]
fn a_mark_holds_while_the_entrys_start_is_not_after_it_also_if_its_end_moves() {
    let marks = [mark("a", "2026-11-23T09:20:00Z")];
    let count = |start, end| counting(&entry("a", start, end), &policy(), &marks);
    let ended = Not(Reason::EndedEarly);
    assert_eq!(count("2026-11-23T09:00:00Z", "2026-11-23T18:00:00Z"), ended);
    assert_eq!(count("2026-11-23T07:00:00Z", "2026-11-23T10:00:00Z"), ended);
    assert_eq!(count("2026-11-23T09:20:00Z", "2026-11-23T10:00:00Z"), ended);
}

#[test]
fn a_new_start_after_the_mark_makes_the_entry_count_again() {
    let moved = entry("a", "2026-11-23T09:20:01Z", "2026-11-23T10:00:00Z");
    let early = mark("a", "2026-11-23T09:20:00Z");
    let late = mark("a", "2026-11-23T09:30:00Z");
    assert_eq!(counting(&moved, &policy(), std::slice::from_ref(&early)), COUNTS);
    // Ended once more after its new start.
    assert_eq!(counting(&moved, &policy(), &[early, late]), Not(Reason::EndedEarly));
}

#[test]
fn a_mark_on_an_all_day_entry_is_compared_with_the_midnight_of_the_site() {
    let leave = all_day("a", "2026-11-23", "2026-11-24");
    let count = |instant| counting(&leave, &policy(), &[mark("a", instant)]);
    assert_eq!(count("2026-11-22T23:00:00Z"), Not(Reason::EndedEarly));
    assert_eq!(count("2026-11-22T22:59:59Z"), COUNTS);
}

#[test]
fn an_entry_whose_end_is_not_after_its_start_does_not_count() {
    let nothing = Not(Reason::NoDuration);
    let timed = |end| counted(&entry("a", "2026-11-23T09:00:00Z", end));
    assert_eq!(timed("2026-11-23T09:00:00Z"), nothing);
    assert_eq!(timed("2026-11-23T08:00:00Z"), nothing);
    assert_eq!(timed("2026-11-23T09:00:01Z"), COUNTS);
    let days = |until| counted(&all_day("a", "2026-11-23", until));
    assert_eq!(days("2026-11-23"), nothing);
    assert_eq!(days("2026-11-22"), nothing);
}

#[test]
fn an_all_day_entry_on_a_day_that_the_zone_skipped_does_not_count() {
    let policy = Policy { zone: chrono_tz::Pacific::Apia, ..policy() };
    assert_eq!(counting(&all_day("a", "2011-12-30", "2011-12-31"), &policy, &[]), Not(Reason::NoDuration));
}

#[test]
fn an_unanswered_invitation_counts_for_the_status_only_by_default() {
    assert_eq!(counted(&unanswered(meeting())), Counting::Counts(Weight::StatusOnly));
}

#[test]
fn an_unanswered_invitation_counts_as_the_policy_says() {
    #[track_caller]
    fn case(worth: Unanswered, expected: Counting) {
        let policy = Policy { unanswered: worth, ..policy() };
        assert_eq!(counting(&unanswered(meeting()), &policy, &[]), expected);
    }
    case(Unanswered::Status, Counting::Counts(Weight::StatusOnly));
    case(Unanswered::Ignore, Not(Reason::Unanswered));
    case(Unanswered::Full, COUNTS);
}

#[test]
fn an_entry_is_unanswered_only_if_someone_else_organises_it_and_there_is_no_answer() {
    #[track_caller]
    fn case(is_organizer: bool, response: Response, expected: Counting) {
        let entry = Entry { is_organizer, response, ..meeting() };
        assert_eq!(counting(&entry, &strictest(), &[]), expected);
    }
    case(false, Response::Unanswered, Not(Reason::Unanswered));
    case(false, Response::Accepted, COUNTS);
    // The member's own entries without guests have no answer either.
    case(true, Response::Unanswered, COUNTS);
    case(true, Response::Organizer, COUNTS);
}

#[test]
fn the_first_reason_that_applies_is_the_one_shown() {
    let marks = [mark("a", "2026-12-01T00:00:00Z")];
    let mut entry = hopeless();
    #[track_caller]
    fn case(entry: &Entry, marks: &[Mark], expected: Reason) {
        assert_eq!(counting(entry, &strictest(), marks), Not(expected));
    }
    case(&entry, &marks, Reason::Cancelled);
    entry.cancelled = false;
    case(&entry, &marks, Reason::Declined);
    entry.response = Response::Unanswered;
    case(&entry, &marks, Reason::IgnoredByCategory);
    entry.categories.clear();
    case(&entry, &marks, Reason::Unanswered);
    entry.response = Response::Accepted;
    case(&entry, &marks, Reason::IgnoredShowAs);
    entry.show_as = ShowAs::Busy;
    case(&entry, &marks, Reason::TooLong);
    entry.span = Span::Timed { start: at("2026-01-01T09:00:00Z"), end: at("2026-01-01T09:00:00Z") };
    case(&entry, &marks, Reason::EndedEarly);
    case(&entry, &[], Reason::NoDuration);
}

#[test]
fn every_reason_has_words_of_its_own() {
    let mut words: Vec<_> = Reason::ALL.into_iter().map(Reason::words).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Reason::ALL.len());
    assert_eq!(Reason::Declined.to_string(), "the member declined it");
}

#[test]
fn an_entry_is_active_from_its_start_until_before_its_end() {
    let active = |instant| is_active(&meeting(), at(instant), policy().zone);
    assert!(!active("2026-11-23T08:59:59Z"));
    assert!(active("2026-11-23T09:00:00Z"));
    assert!(active("2026-11-23T09:59:59Z"));
    assert!(!active("2026-11-23T10:00:00Z"));
}

#[test]
fn an_all_day_entry_is_active_on_the_civil_days_of_the_sites_zone() {
    let leave = all_day("a", "2026-11-23", "2026-11-24");
    let vienna = |instant| is_active(&leave, at(instant), chrono_tz::Europe::Vienna);
    assert!(!vienna("2026-11-22T22:59:59Z"));
    assert!(vienna("2026-11-22T23:00:00Z"));
    assert!(vienna("2026-11-23T22:59:59Z"));
    assert!(!vienna("2026-11-23T23:00:00Z"));
    let york = |instant| is_active(&leave, at(instant), chrono_tz::America::New_York);
    assert!(!york("2026-11-23T04:59:59Z"));
    assert!(york("2026-11-23T05:00:00Z"));
}
