//! Names and comparisons of fields and their values.

use super::*;

fn number(text: &str) -> CalledNumber {
    text.parse().unwrap()
}

fn text(words: &str) -> Value {
    Value::Text(StatusText(words.to_owned()))
}

fn leads(from: &str, target: &str) -> Value {
    Value::Redirect(number(from), Redirect::to_number(target))
}

#[test]
fn every_field_is_found_by_its_name_and_a_redirect_by_its_called_number_too() {
    #[track_caller]
    fn case(name: &str, called: Option<&str>, expected: Option<Field>) {
        assert_eq!(Field::named(name, called), expected, "{name}, {called:?}");
        if let Some(field) = expected {
            assert_eq!(field.name(), name);
            assert_eq!(field.number().map(|number| number.to_string()).as_deref(), called);
        }
    }
    case("presence", None, Some(Field::Presence));
    case("text", None, Some(Field::Text));
    case("indicator", None, Some(Field::Indicator));
    case("dnd", None, Some(Field::Dnd));
    case("redirect", Some("210"), Some(Field::Redirect(number("210"))));
    case("redirect", None, None);
    case("redirect", Some("zentrale"), None);
    case("dnd", Some("210"), None);
    case("moon", None, None);
}

#[test]
fn a_field_is_told_by_its_name_and_its_called_number() {
    assert_eq!(Field::Dnd.to_string(), "dnd");
    assert_eq!(Field::Redirect(number("210")).to_string(), "redirect of 210");
}

#[test]
fn fields_are_of_the_kind_of_their_values() {
    let values =
        Field::OF_STATE.into_iter().chain([Field::Redirect(number("210"))]).map(|field| (field, field.neutral()));
    let kinds: Vec<FieldKind> = values
        .map(|(field, neutral)| {
            assert_eq!(neutral.field(), field);
            field.kind()
        })
        .collect();
    assert_eq!(kinds, FieldKind::ALL);
}

#[test]
fn a_restart_of_the_pbx_loses_what_is_not_in_its_database() {
    for field in [Field::Presence, Field::Text, Field::Indicator] {
        assert!(field.is_lost_by_restart(), "{field}");
    }
    for field in [Field::Dnd, Field::Redirect(number("210"))] {
        assert!(!field.is_lost_by_restart(), "{field}");
    }
}

#[test]
fn every_presence_and_telephony_state_is_known_by_its_name_in_any_case() {
    for name in ["AVAILABLE", "AWAY", "DO_NOT_DISTURB", "EXTENDED_AWAY", "FREE_FOR_CHAT", "UNAVAILABLE"] {
        let known = Presence::named(&format!(" {} ", name.to_lowercase()));
        assert_eq!(known.name(), name);
        assert!(!matches!(known, Presence::Other(_)), "{name}");
    }
    for name in ["ACTIVE", "AVAILABLE", "QUEUE_PAUSE", "RINGING", "UNAVAILABLE"] {
        let known = Telephony::named(&format!(" {} ", name.to_lowercase()));
        assert_eq!(known.name(), name);
        assert!(!matches!(known, Telephony::Other(_)), "{name}");
    }
}

#[test]
fn a_name_that_a_later_starface_brings_is_kept() {
    assert_eq!(Presence::named(" ON_THE_MOON "), Presence::Other("ON_THE_MOON".to_owned()));
    assert_eq!(Presence::named("ON_THE_MOON").name(), "ON_THE_MOON");
    assert_eq!(Telephony::named(" On_Hold "), Telephony::Other("On_Hold".to_owned()));
    assert_eq!(Telephony::named("On_Hold").name(), "On_Hold");
}

#[test]
fn dnd_is_a_truth_value_on_the_wire() {
    for (value, word) in [(Dnd::On, "true"), (Dnd::Off, "false")] {
        assert_eq!(value.word(), word);
        assert_eq!(Dnd::worded(&format!(" {} ", word.to_uppercase())), Some(value));
    }
    assert_eq!(Dnd::worded("1"), None);
    assert_eq!(Dnd::worded(""), None);
}

#[test]
fn values_are_told_in_words() {
    assert_eq!(Value::Presence(Presence::Away).words(), "AWAY");
    assert_eq!(text("Kunde ABC").words(), "Kunde ABC");
    assert_eq!(Value::Indicator(Telephony::QueuePause).words(), "QUEUE_PAUSE");
    assert_eq!(Value::Dnd(Dnd::On).words(), "on");
    assert_eq!(Value::Dnd(Dnd::Off).words(), "off");
    assert_eq!(leads("210", "220").words(), "220");
}

#[test]
fn a_status_text_does_not_stand_in_debug() {
    assert_eq!(format!("{:?}", StatusText("Kunde ABC".to_owned())), "StatusText(…)");
    assert_eq!(format!("{:?}", StatusText::default()), "StatusText(empty)");
}

#[test]
fn values_look_alike_when_a_person_sees_no_difference() {
    #[track_caller]
    fn case(one: &Value, two: &Value, alike: bool) {
        assert_eq!(one.looks_like(two), alike, "{} / {}", one.words(), two.words());
        assert_eq!(two.looks_like(one), alike, "{} / {}", two.words(), one.words());
    }
    case(&text(" Caf\u{e9}  am See"), &text("Cafe\u{301} am See "), true);
    case(&text("Mine"), &text("mine"), false);
    case(&leads("210", "0041712345689"), &leads("210", "+41 71 234 56 89"), true);
    case(&leads("210", "220"), &leads("210", "230"), false);
    case(&leads("210", "220"), &leads("211", "220"), false);
    case(&Value::Presence(Presence::Away), &Value::Presence(Presence::Away), true);
    case(&Value::Presence(Presence::Away), &Value::Presence(Presence::ExtendedAway), false);
    case(&Value::Dnd(Dnd::On), &Value::Dnd(Dnd::Off), false);
    case(&Value::Presence(Presence::Unavailable), &Value::Indicator(Telephony::Unavailable), false);
}

#[test]
fn what_the_pbx_did_not_say_of_a_member_has_no_value() {
    let seen = Seen {
        presence: Presence::Away,
        text: StatusText("Mine".to_owned()),
        telephony: Some(Telephony::Ringing),
        dnd: Some(Dnd::On),
        call: Call::None,
    };
    assert_eq!(seen.value(Field::Presence), Some(Value::Presence(Presence::Away)));
    assert_eq!(seen.value(Field::Text), Some(text("Mine")));
    assert_eq!(seen.value(Field::Indicator), Some(Value::Indicator(Telephony::Ringing)));
    assert_eq!(seen.value(Field::Dnd), Some(Value::Dnd(Dnd::On)));
    assert_eq!(seen.value(Field::Redirect(number("210"))), None);
    let silent = Seen { telephony: None, dnd: None, ..seen };
    assert_eq!((silent.value(Field::Indicator), silent.value(Field::Dnd)), (None, None));
}
