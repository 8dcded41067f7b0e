//! What could ever be asked for by these settings, and what the switches are called.

use super::*;
use crate::rules::samples::policy;

/// A policy whose categories may set just these switches, and whose settings always set those.
fn with(allowed: &[Switch], always: &[Switch]) -> Policy {
    let mut policy = policy();
    policy.categories.allowed = allowed.iter().copied().collect();
    policy.redirects.always = always.iter().copied().collect();
    policy
}

#[test]
fn calls_may_be_sent_elsewhere_when_a_category_or_the_settings_may_set_a_switch_that_does_so() {
    for switch in
        [Switch::RedirectInternal, Switch::RedirectExternal, Switch::VoicemailInternal, Switch::VoicemailExternal]
    {
        assert!(with(&[switch], &[]).may_redirect(), "{switch:?} by category");
        assert!(with(&[], &[switch]).may_redirect(), "{switch:?} always");
    }
    let others = [Switch::Ignore, Switch::FunctionKeys, Switch::Dnd];
    assert!(!with(&others, &[]).may_redirect());
}

#[test]
fn no_call_is_sent_elsewhere_by_a_service_that_is_stopped_or_categories_that_are_not_read() {
    let mut unread = with(&Switch::ALL, &[]);
    unread.categories.enabled = false;
    assert!(!unread.may_redirect());
    assert!(!unread.may_follow_tags());
    let stopped = Policy { service: Service::Stopped, ..with(&Switch::ALL, &[Switch::VoicemailExternal]) };
    assert!(!stopped.may_redirect());
}

#[test]
fn texts_are_read_for_numbers_only_where_a_number_of_that_side_could_be_dialled() {
    #[track_caller]
    fn case(tags_allowed: &[Side], switch: Switch, expected: bool) {
        for mut policy in [with(&[switch], &[]), with(&[], &[switch])] {
            policy.redirects.tags_allowed = tags_allowed.iter().copied().collect();
            assert_eq!(policy.may_follow_tags(), expected, "{tags_allowed:?}, {switch:?}");
        }
    }
    case(&Side::ALL, Switch::RedirectExternal, true);
    case(&[Side::External], Switch::RedirectExternal, true);
    case(&[Side::Internal], Switch::RedirectInternal, true);
    case(&[Side::Internal], Switch::RedirectExternal, false);
    case(&[], Switch::RedirectExternal, false);
    case(&Side::ALL, Switch::VoicemailExternal, false);
}

#[test]
fn every_switch_has_its_name_in_the_settings() {
    let names = [
        "ignore",
        "function_keys",
        "dnd",
        "redirect_internal",
        "redirect_external",
        "voicemail_internal",
        "voicemail_external",
    ];
    assert_eq!(Switch::ALL.map(Switch::name), names);
}

#[test]
fn every_switch_accepts_the_category_names_of_the_original() {
    #[track_caller]
    fn case(switch: Switch, names: &[&str]) {
        assert_eq!(switch.default_names(), names, "{switch:?}");
        for name in names {
            let spelt = [format!(" {} ", name.to_uppercase())];
            assert!(Categories::default().set(switch, &spelt), "{name}");
            assert_eq!(
                Switch::ALL.into_iter().filter(|one| Categories::default().set(*one, &spelt)).count(),
                1,
                "{name}"
            );
        }
    }
    case(Switch::Ignore, &["_SF_Ignorieren"]);
    case(Switch::FunctionKeys, &["_SF_Funktionstasten_aktivieren"]);
    case(Switch::Dnd, &["_SF_DND_aktivieren"]);
    case(Switch::RedirectInternal, &["_SF_AUL_intern_aktivieren"]);
    case(Switch::RedirectExternal, &["_SF_AUL_extern_aktivieren"]);
    case(Switch::VoicemailInternal, &["_SF_Voicemail_intern_aktivieren"]);
    case(Switch::VoicemailExternal, &["_SF_Voicemail_extern_aktivieren", "_SF_Voicemail_extern_aktiviern"]);
}

#[test]
fn a_category_sets_its_switch_only_where_it_is_allowed() {
    let dnd = ["_SF_DND_aktivieren".to_owned()];
    let allowed = Categories { allowed: [Switch::Dnd].into(), ..Categories::default() };
    assert!(allowed.set(Switch::Dnd, &dnd));
    assert!(!allowed.set(Switch::Dnd, &[]));
    assert!(!Categories { allowed: [Switch::Ignore].into(), ..Categories::default() }.set(Switch::Dnd, &dnd));
    assert!(!Categories { enabled: false, ..allowed }.set(Switch::Dnd, &dnd));
}

#[test]
fn names_are_compared_as_people_read_them_in_every_alphabet() {
    assert!(is_same_name(" _sf_ignorieren ", "_SF_Ignorieren"));
    assert!(is_same_name("Abwesend Zürich", "ABWESEND ZÜRICH"));
    assert!(!is_same_name("Zürich", "Zurich") && !is_same_name("Zürich", "Zörich"));
    // The sign of the unit kelvin is a k in another place.
    assert!(is_same_name("k", "\u{212a}"));
}
