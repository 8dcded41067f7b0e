//! Tests of [`super`].

use proptest::prelude::*;

use super::*;
use crate::rules::samples::policy;

/// A list of these names; the id of a category is its place.
fn list(names: &[&str]) -> Vec<Category> {
    let category = |(place, name): (usize, &&str)| Category {
        id: CategoryId(place.to_string()),
        name: CategoryName((*name).to_owned()),
    };
    names.iter().enumerate().map(category).collect()
}

/// The defaults, with only these switches allowed.
fn allowing(switches: &[Switch]) -> Categories {
    Categories { allowed: switches.iter().copied().collect(), ..Categories::default() }
}

fn created(edits: &[Edit]) -> Vec<&str> {
    let names = edits.iter().map(|edit| match edit {
        Edit::Create(name) => name.0.as_str(),
        Edit::Remove(_) => panic!("nothing is to be removed"),
    });
    names.collect()
}

fn removed(edits: &[Edit]) -> Vec<&str> {
    let ids = edits.iter().map(|edit| match edit {
        Edit::Remove(category) => category.id.0.as_str(),
        Edit::Create(_) => panic!("nothing is to be created"),
    });
    ids.collect()
}

const VOICEMAIL: Switch = Switch::VoicemailExternal;

#[test]
fn the_first_name_of_every_allowed_switch_is_created_that_has_none() {
    #[track_caller]
    fn case(there: &[&str], allowed: &[Switch], expected: &[&str]) {
        assert_eq!(created(&edits(&list(there), Care::Fill, &allowing(allowed))), expected);
    }
    let both = [Switch::Ignore, Switch::Dnd];
    case(&[], &both, &["_SF_Ignorieren", "_SF_DND_aktivieren"]);
    case(&["Red category", "_SF_Ignorieren"], &both, &["_SF_DND_aktivieren"]);
    case(&["_sf_IGNORIEREN "], &both, &["_SF_DND_aktivieren"]);
    case(&["_SF_Ignorieren_2"], &[Switch::Ignore], &["_SF_Ignorieren"]);
    case(&["_SF_Ignorieren", "_SF_DND_aktivieren"], &both, &[]);
    case(&[], &[], &[]);
    // The second accepted name is as good as the first.
    case(&["_SF_Voicemail_extern_aktiviern"], &[VOICEMAIL], &[]);
    case(&[], &[VOICEMAIL], &["_SF_Voicemail_extern_aktivieren"]);
}

#[test]
fn the_names_of_the_settings_are_created_trimmed_and_each_once() {
    let mut categories = allowing(&[Switch::Ignore, Switch::Dnd, VOICEMAIL]);
    categories.names.insert(Switch::Ignore, vec![" Privat ".to_owned()]);
    categories.names.insert(Switch::Dnd, vec!["privat".to_owned()]);
    categories.names.insert(VOICEMAIL, vec![" ".to_owned(), "x".to_owned()]);
    assert_eq!(created(&edits(&[], Care::Fill, &categories)), ["Privat"]);
}

#[test]
fn every_accepted_name_of_every_switch_is_removed_allowed_or_not() {
    #[track_caller]
    fn case(there: &[&str], expected: &[&str]) {
        assert_eq!(removed(&edits(&list(there), Care::Clear, &allowing(&[Switch::Ignore]))), expected);
    }
    case(&[], &[]);
    case(&["Red category", "_SF_Ignorieren", "_SF_DND_aktivieren"], &["1", "2"]);
    case(&[" _sf_ignorieren", "_SF_Ignorieren"], &["0", "1"]);
    case(&["_SF_Voicemail_extern_aktiviern", "_SF_Voicemail_extern_aktivieren"], &["0", "1"]);
    case(&["_SF_Ignorieren_2", "SF_Ignorieren", ""], &[]);
}

#[test]
fn nothing_is_changed_in_a_list_that_is_as_it_should_be() {
    let categories = Categories::default();
    let names: Vec<&str> = Switch::ALL.iter().map(|switch| switch.default_names()[0]).collect();
    assert_eq!(edits(&list(&names), Care::Fill, &categories), []);
    assert_eq!(edits(&list(&["Privat", "Kunde ABC"]), Care::Clear, &categories), []);
}

#[test]
fn a_list_that_needs_many_changes_gets_a_bounded_number_of_them() {
    let many = vec!["_SF_Ignorieren"; EDITS_MAX + 1];
    assert_eq!(edits(&list(&many), Care::Clear, &Categories::default()).len(), EDITS_MAX);
}

#[test]
fn whose_list_is_filled_and_whose_is_cleared() {
    let address = |text: &str| text.parse::<Address>().unwrap();
    let upkeep = |create| Upkeep { create, remove_from: BTreeSet::from([address("gone@firma.example")]) };
    #[track_caller]
    fn case(upkeep: &Upkeep, policy: &Policy, member: Option<Care>) {
        assert_eq!(upkeep.care(&"anna@firma.example".parse().unwrap(), policy), member);
        assert_eq!(upkeep.care(&"Gone@firma.example".parse().unwrap(), policy), Some(Care::Clear));
    }
    let off = Categories { enabled: false, ..Categories::default() };
    case(&upkeep(true), &policy(), Some(Care::Fill));
    case(&upkeep(false), &policy(), None);
    case(&upkeep(true), &Policy { categories: off, ..policy() }, None);
    case(&upkeep(true), &Policy { service: Service::Stopped, ..policy() }, None);
}

#[test]
fn the_mark_changes_with_what_is_wanted_and_with_nothing_else() {
    let plain = Categories::default();
    let mut renamed = plain.clone();
    renamed.names.insert(Switch::Dnd, vec!["Ruhe".to_owned()]);
    let narrow = allowing(&[Switch::Ignore]);
    let fill = [&plain, &renamed, &narrow].map(|categories| Care::Fill.mark(categories));
    let clear = [&plain, &renamed, &narrow].map(|categories| Care::Clear.mark(categories));
    let all: BTreeSet<&String> = fill.iter().chain(&clear).collect();
    assert_eq!(all.len(), 5, "{fill:?} {clear:?}");
    assert_eq!(clear[0], clear[2], "what is allowed does not matter where everything is removed");
    assert_eq!(Care::Fill.mark(&Categories { enabled: false, ..plain }), fill[0]);
}

#[test]
fn a_category_does_not_show_its_name() {
    let shown = format!("{:?}", edits(&list(&["_SF_Ignorieren"]), Care::Clear, &Categories::default()));
    assert!(shown.contains("Remove") && !shown.contains("Ignorieren"), "{shown}");
    assert_eq!(format!("{:?}", CategoryName("_SF_Ignorieren".to_owned())), "CategoryName(…)");
}

proptest! {
    #[test]
    fn after_its_edits_a_list_needs_none_and_the_rest_of_it_is_untouched(
        words in prop::collection::vec("[ a]?(_SF_Ignorieren|_sf_dnd_aktivieren|Rot|_SF_AUL_intern_aktivieren)", 0..8),
        allowed in prop::collection::btree_set((0..Switch::ALL.len()).prop_map(|index| Switch::ALL[index]), 0..7),
        is_cleared: bool,
    ) {
        let categories = Categories { allowed, ..Categories::default() };
        let care = if is_cleared { Care::Clear } else { Care::Fill };
        let before = list(&words.iter().map(String::as_str).collect::<Vec<_>>());
        let mut after = before.clone();
        for edit in edits(&before, care, &categories) {
            match edit {
                Edit::Create(name) => after.push(Category { id: CategoryId(name.0.clone()), name }),
                Edit::Remove(category) => after.retain(|known| *known != category),
            }
        }
        prop_assert_eq!(edits(&after, care, &categories), []);
        let own = accepted(&before, &categories);
        let of_others = before.iter().filter(|category| !own.contains(category));
        prop_assert!(of_others.clone().all(|category| after.contains(category)));
        if !is_cleared {
            prop_assert!(before.iter().all(|category| after.contains(category)), "nothing is removed to fill a list");
        }
    }
}
