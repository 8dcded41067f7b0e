//! What is wanted over a day, and when it changes.

use proptest::prelude::*;

use super::*;
use crate::rules::policy::Unanswered;
use crate::rules::samples::{all_day, any_entries, any_marks, at, entry, policy, quarter, unanswered};
use crate::rules::{Presence, Sensitivity, ShowAs, Telephony};

fn wish(now: &str, entries: &[Entry]) -> Option<Wish> {
    overlay(at(now), entries, &policy(), &[])
}

fn words(now: &str, entries: &[Entry]) -> String {
    text(&wish(now, entries).unwrap())
}

fn text(wish: &Wish) -> String {
    match wish.value(Field::Text) {
        Some(Value::Text(text)) => text.0.clone(),
        other => panic!("no text is wanted, but {other:?}"),
    }
}

fn presence(wish: &Wish) -> Option<Presence> {
    match wish.value(Field::Presence) {
        Some(Value::Presence(presence)) => Some(presence.clone()),
        _ => None,
    }
}

fn claimants(wish: &Wish, field: Field) -> Vec<&str> {
    wish.claims(field).iter().map(|claim| claim.entry.0.as_str()).collect()
}

fn nine_to_ten() -> Entry {
    entry("a", "2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z")
}

fn ended(id: &str, instant: &str) -> Mark {
    Mark { entry: EntryId(id.to_owned()), at: at(instant) }
}

#[test]
fn nothing_is_wanted_when_no_entry_is_active() {
    assert_eq!(wish("2026-11-23T08:30:00Z", &[]), None);
    assert_eq!(wish("2026-11-23T07:59:59Z", &[nine_to_ten()]), None);
    assert_eq!(wish("2026-11-23T09:00:00Z", &[nine_to_ten()]), None);
}

#[test]
fn an_active_entry_asks_for_presence_and_status_text() {
    let wish = wish("2026-11-23T08:00:00Z", &[nine_to_ten()]).unwrap();
    assert_eq!(presence(&wish), Some(Presence::Away));
    assert_eq!(text(&wish), "[09:00-10:00] [Gebucht] Kunde ABC");
    let claim = &wish.claims(Field::Text)[0];
    assert_eq!(claim.entry, EntryId("a".to_owned()));
    assert_eq!((claim.starts_at, claim.ends_at), (at("2026-11-23T08:00:00Z"), at("2026-11-23T09:00:00Z")));
}

#[test]
fn the_presence_is_the_policys() {
    for presence in [Presence::Away, Presence::DoNotDisturb, Presence::Unavailable] {
        let policy = Policy { presence: Some(presence.clone()), ..policy() };
        let wish = overlay(quarter(0), &[nine_to_ten()], &policy, &[]).unwrap();
        assert_eq!(wish.value(Field::Presence), Some(&Value::Presence(presence)));
    }
}

#[test]
fn a_chat_indicator_of_none_leaves_presence_alone() {
    let policy = Policy { presence: None, ..policy() };
    let wish = overlay(quarter(0), &[nine_to_ten()], &policy, &[]).unwrap();
    assert_eq!(wish.value(Field::Presence), None);
    assert!(wish.value(Field::Text).is_some());
}

#[test]
fn an_empty_template_leaves_the_status_text_alone() {
    let policy = Policy { text: None, ..policy() };
    let wish = overlay(quarter(0), &[nine_to_ten()], &policy, &[]).unwrap();
    assert_eq!(wish.value(Field::Text), None);
    assert!(wish.value(Field::Presence).is_some());
}

#[test]
fn a_stopped_service_wants_nothing_and_has_no_next_boundary() {
    let policy = Policy { service: Service::Stopped, ..policy() };
    assert_eq!(overlay(quarter(1), &[nine_to_ten()], &policy, &[]), None);
    assert_eq!(next_boundary(quarter(1), &[nine_to_ten()], &policy, &[]), None);
}

#[test]
fn the_governing_entry_gives_the_text_and_all_active_ones_are_claimants_in_governing_order() {
    let long = Entry { show_as: ShowAs::OutOfOffice, ..entry("b", "2026-11-23T07:00:00Z", "2026-11-23T16:00:00Z") };
    let tentative = Entry { show_as: ShowAs::Tentative, ..entry("c", "2026-11-23T08:15:00Z", "2026-11-23T09:00:00Z") };
    let wish = wish("2026-11-23T08:30:00Z", &[tentative, nine_to_ten(), long]).unwrap();
    assert_eq!(text(&wish), "[08:00-17:00] [Ausser Haus] Kunde ABC");
    assert_eq!(claimants(&wish, Field::Text), ["b", "a", "c"]);
    assert_eq!(claimants(&wish, Field::Presence), ["b", "a", "c"]);
}

#[test]
fn back_to_back_entries_leave_no_instant_without_a_wish() {
    let next = entry("b", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z");
    let entries = [nine_to_ten(), next];
    assert_eq!(words("2026-11-23T08:59:59Z", &entries), "[09:00-10:00] [Gebucht] Kunde ABC");
    assert_eq!(words("2026-11-23T09:00:00Z", &entries), "[10:00-11:00] [Gebucht] Kunde ABC");
}

#[test]
fn an_inner_entry_gives_way_to_the_outer_one_when_it_ends() {
    let inner = entry("b", "2026-11-23T08:15:00Z", "2026-11-23T08:30:00Z");
    let entries = [nine_to_ten(), inner];
    assert_eq!(words("2026-11-23T08:15:00Z", &entries), "[09:15-09:30] [Gebucht] Kunde ABC");
    assert_eq!(words("2026-11-23T08:30:00Z", &entries), "[09:00-10:00] [Gebucht] Kunde ABC");
}

#[test]
fn an_unanswered_invitation_sets_presence_and_shows_none_of_its_words() {
    let invited = unanswered(nine_to_ten());
    let wish = wish("2026-11-23T08:30:00Z", &[invited]).unwrap();
    assert_eq!(presence(&wish), Some(Presence::Away));
    assert_eq!(text(&wish), "[09:00-10:00] [Gebucht] Gebucht");
}

#[test]
fn an_unanswered_invitation_that_counts_in_full_shows_its_words() {
    let policy = Policy { unanswered: Unanswered::Full, ..policy() };
    let wish = overlay(quarter(0), &[unanswered(nine_to_ten())], &policy, &[]).unwrap();
    assert_eq!(text(&wish), "[09:00-10:00] [Gebucht] Kunde ABC");
}

#[test]
fn a_private_entry_sets_presence_and_shows_the_private_word() {
    let private = Entry { sensitivity: Sensitivity::Private, ..nine_to_ten() };
    let wish = wish("2026-11-23T08:30:00Z", &[private]).unwrap();
    assert_eq!(presence(&wish), Some(Presence::Away));
    assert_eq!(text(&wish), "[09:00-10:00] [Gebucht] Privat");
}

#[test]
fn an_entry_that_was_ended_early_wants_nothing_and_has_no_boundary() {
    let marks = [ended("a", "2026-11-23T08:20:00Z")];
    let now = at("2026-11-23T08:20:00Z");
    assert_eq!(overlay(now, &[nine_to_ten()], &policy(), &marks), None);
    assert_eq!(next_boundary(now, &[nine_to_ten()], &policy(), &marks), None);
}

#[track_caller]
fn boundary(now: &str, expected: Option<&str>) {
    let entries = [
        entry("b", "2026-11-23T08:30:00Z", "2026-11-23T09:30:00Z"),
        nine_to_ten(),
        all_day("c", "2026-11-24", "2026-11-25"),
        Entry { cancelled: true, ..entry("d", "2026-11-23T07:30:00Z", "2026-11-23T08:45:00Z") },
        entry("e", "2026-11-23T08:10:00Z", "2026-11-23T08:10:00Z"),
    ];
    assert_eq!(next_boundary(at(now), &entries, &policy(), &[]), expected.map(at), "after {now}");
}

#[test]
fn the_next_boundary_is_the_first_start_or_end_of_an_entry_that_counts() {
    boundary("2026-11-23T07:00:00Z", Some("2026-11-23T08:00:00Z"));
    boundary("2026-11-23T08:29:59Z", Some("2026-11-23T08:30:00Z"));
    boundary("2026-11-23T08:59:59Z", Some("2026-11-23T09:00:00Z"));
    boundary("2026-11-23T12:00:00Z", Some("2026-11-23T23:00:00Z"));
    boundary("2026-11-24T12:00:00Z", Some("2026-11-24T23:00:00Z"));
}

#[test]
fn the_next_boundary_lies_strictly_after_now() {
    boundary("2026-11-23T08:00:00Z", Some("2026-11-23T08:30:00Z"));
    boundary("2026-11-23T09:00:00Z", Some("2026-11-23T09:30:00Z"));
    boundary("2026-11-24T23:00:00Z", None);
}

#[test]
fn a_calendar_without_entries_has_no_boundary() {
    assert_eq!(next_boundary(quarter(0), &[], &policy(), &[]), None);
}

proptest! {
    #[test]
    fn the_order_of_entries_and_marks_is_irrelevant(
        (entries, shuffled) in any_entries()
            .prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
        marks in any_marks(),
        now in (0..24_i64).prop_map(quarter),
    ) {
        let policy = policy();
        let mut reversed = marks.clone();
        reversed.reverse();
        prop_assert_eq!(
            overlay(now, &entries, &policy, &marks),
            overlay(now, &shuffled, &policy, &reversed)
        );
        prop_assert_eq!(
            next_boundary(now, &entries, &policy, &marks),
            next_boundary(now, &shuffled, &policy, &reversed)
        );
    }

    #[test]
    fn what_is_wanted_stays_the_same_until_the_next_boundary(
        entries in any_entries(),
        marks in any_marks(),
        now in (-8..120_i64).prop_map(quarter),
    ) {
        let policy = policy();
        let last = next_boundary(now, &entries, &policy, &marks)
            .map_or(now + chrono::Duration::days(30), |next| next - chrono::Duration::seconds(1));
        prop_assert_eq!(
            overlay(now, &entries, &policy, &marks),
            overlay(last, &entries, &policy, &marks)
        );
    }

    #[test]
    fn something_is_wanted_exactly_while_an_entry_is_active(
        entries in any_entries(),
        marks in any_marks(),
        now in (0..24_i64).prop_map(quarter),
    ) {
        let policy = policy();
        let wanted = overlay(now, &entries, &policy, &marks);
        let active = active(now, &entries, &policy, &marks);
        prop_assert_eq!(wanted.is_some(), !active.is_empty());
        if let Some(wish) = wanted {
            prop_assert_eq!(wish.claims(Field::Text).len(), active.len());
            prop_assert!(wish.claims(Field::Text).iter().all(|claim| claim.starts_at <= now && now < claim.ends_at));
        }
    }
}

fn with(category: &str, entry: Entry) -> Entry {
    Entry { categories: vec![category.to_owned()], ..entry }
}

/// Returns what an entry wants of a field.
fn asked(field: Field, entry: Entry, policy: &Policy) -> Option<Value> {
    overlay(quarter(0), &[entry], policy, &[]).unwrap().value(field).cloned()
}

#[test]
fn the_category_function_keys_asks_for_the_indicator_where_it_is_allowed() {
    let entry = || with(" _sf_funktionstasten_AKTIVIEREN", nine_to_ten());
    let red = Some(Value::Indicator(Telephony::Active));
    assert_eq!(asked(Field::Indicator, entry(), &policy()), red);
    assert_eq!(asked(Field::Indicator, nine_to_ten(), &policy()), None);
    let mut denied = policy();
    denied.categories.allowed.remove(&Switch::FunctionKeys);
    assert_eq!(asked(Field::Indicator, entry(), &denied), None);
    denied = policy();
    denied.categories.enabled = false;
    assert_eq!(asked(Field::Indicator, entry(), &denied), None);
}

#[test]
fn function_keys_always_asks_for_the_indicator_without_a_category() {
    let always = Policy { indicated: Indicated::All, indicator: Some(Telephony::QueuePause), ..policy() };
    assert_eq!(asked(Field::Indicator, nine_to_ten(), &always), Some(Value::Indicator(Telephony::QueuePause)));
    let none = Policy { indicator: None, ..always };
    assert_eq!(asked(Field::Indicator, nine_to_ten(), &none), None);
}

#[test]
fn the_category_dnd_asks_for_dnd_where_it_is_allowed() {
    let entry = || with("_SF_DND_aktivieren", nine_to_ten());
    assert_eq!(asked(Field::Dnd, entry(), &policy()), Some(Value::Dnd(Dnd::On)));
    assert_eq!(asked(Field::Dnd, nine_to_ten(), &policy()), None);
    let mut denied = policy();
    denied.categories.allowed.remove(&Switch::Dnd);
    assert_eq!(asked(Field::Dnd, entry(), &denied), None);
}

#[test]
fn an_unanswered_invitation_asks_for_the_indicator_and_never_for_dnd() {
    let mut entry = unanswered(nine_to_ten());
    entry.categories = vec!["_SF_DND_aktivieren".to_owned(), "_SF_Funktionstasten_aktivieren".to_owned()];
    assert!(asked(Field::Indicator, entry.clone(), &policy()).is_some());
    assert_eq!(asked(Field::Dnd, entry.clone(), &policy()), None);
    let full = Policy { unanswered: Unanswered::Full, ..policy() };
    assert!(asked(Field::Dnd, entry, &full).is_some());
}

#[test]
fn dnd_is_on_when_any_active_entry_asks_for_it_and_only_those_claim_it() {
    let asking = with("_SF_DND_aktivieren", entry("b", "2026-11-23T08:15:00Z", "2026-11-23T08:30:00Z"));
    let strong = Entry { show_as: ShowAs::OutOfOffice, ..nine_to_ten() };
    let wish = wish("2026-11-23T08:20:00Z", &[strong, asking]).unwrap();
    assert_eq!(claimants(&wish, Field::Dnd), ["b"]);
    assert_eq!(claimants(&wish, Field::Presence), ["a", "b"]);
}

#[test]
fn only_an_entry_that_sends_calls_elsewhere_asks_anything_of_numbers() {
    let wish = |entry: Entry| overlay(quarter(0), &[entry], &policy(), &[]).unwrap();
    assert!(!wish(with("_SF_DND_aktivieren", nine_to_ten())).asks_of_numbers());
    let asking = wish(with("_SF_AUL_extern_aktivieren", nine_to_ten()));
    assert!(asking.asks_of_numbers());
    assert_eq!((asking.asks(Side::External).len(), asking.asks(Side::Internal).len()), (1, 0));
}
