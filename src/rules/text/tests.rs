//! The status text as a whole.

use chrono_tz::{America, Europe};
use proptest::prelude::*;

use super::*;
use crate::rules::samples::{all_day, any_entries, entry, text_policy};
use crate::rules::{Location, ShowAs, Title};

fn meeting() -> Entry {
    entry("a", "2026-11-23T06:00:00Z", "2026-11-23T11:00:00Z")
}

fn with_template(template: &str) -> TextPolicy {
    TextPolicy { template: Template::parse(template).unwrap(), ..text_policy() }
}

fn titled(title: &str) -> Entry {
    Entry { title: Title(title.to_owned()), ..meeting() }
}

fn rendered(entry: &Entry, template: &str) -> String {
    render(entry, Weight::Full, &with_template(template), Europe::Vienna).0
}

#[track_caller]
fn case(entry: &Entry, template: &str, expected: &str) {
    assert_eq!(rendered(entry, template), expected);
}

#[test]
fn the_default_template_shows_time_type_and_title() {
    let text = render(&meeting(), Weight::Full, &text_policy(), Europe::Vienna);
    assert_eq!(text.0, "[07:00-12:00] [Gebucht] Kunde ABC");
}

#[test]
fn the_time_goes_from_start_to_end_by_the_sites_wall_clock() {
    case(&meeting(), "!time!", "07:00-12:00");
    let york = render(&meeting(), Weight::Full, &with_template("!time!"), America::New_York);
    assert_eq!(york.0, "01:00-06:00");
}

#[test]
fn start_and_end_are_the_two_halves_of_the_time() {
    case(&meeting(), "!start! bis !end!", "07:00 bis 12:00");
    let days = entry("a", "2026-11-23T12:00:00Z", "2026-11-24T10:00:00Z");
    case(&days, "!start! bis !end!", "23.11. 13:00 bis 24.11. 11:00");
    let leave = all_day("a", "2026-11-23", "2026-11-28");
    case(&leave, "!start! bis !end!", "23.11. bis 27.11.");
}

#[test]
fn one_all_day_day_is_the_word_for_it_and_has_no_end() {
    let leave = all_day("a", "2026-11-23", "2026-11-24");
    case(&leave, "!time!", "ganztägig");
    case(&leave, "!start!|!end!|", "ganztägig||");
    case(&leave, "[!time!] [!type!] !title!", "[ganztägig] [Gebucht] Kunde ABC");
}

#[test]
fn several_all_day_days_are_shown_with_the_last_day_included() {
    case(&all_day("a", "2026-11-23", "2026-11-25"), "!time!", "23.11.-24.11.");
    case(&all_day("a", "2026-11-28", "2026-12-01"), "!time!", "28.11.-30.11.");
}

#[test]
fn an_entry_that_touches_more_than_one_civil_day_shows_dates_and_times() {
    let trip = entry("a", "2026-11-23T12:00:00Z", "2026-11-25T10:30:00Z");
    case(&trip, "!time!", "23.11. 13:00-25.11. 11:30");
    // One minute past midnight is a second day.
    let late = entry("a", "2026-11-23T21:00:00Z", "2026-11-23T23:01:00Z");
    case(&late, "!time!", "23.11. 22:00-24.11. 00:01");
}

#[test]
fn civil_days_are_those_of_the_sites_zone() {
    // From 00:30 to 01:30 in Vienna, though the day changes between them in universal time.
    let night = entry("a", "2026-11-23T23:30:00Z", "2026-11-24T00:30:00Z");
    case(&night, "!time!", "00:30-01:30");
}

#[test]
fn an_entry_that_ends_at_midnight_touches_only_the_day_before() {
    let evening = entry("a", "2026-11-23T20:00:00Z", "2026-11-23T23:00:00Z");
    case(&evening, "!time!", "21:00-00:00");
    let day = entry("a", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z");
    case(&day, "!time!", "00:00-00:00");
}

#[test]
fn one_of_several_days_that_ends_at_midnight_shows_the_next_days_date() {
    let trip = entry("a", "2026-11-22T20:00:00Z", "2026-11-23T23:00:00Z");
    case(&trip, "!time!", "22.11. 21:00-24.11. 00:00");
}

#[test]
fn an_entry_that_ends_at_a_midnight_removed_by_a_time_change_touches_only_the_day_before() {
    // On 4 November 2018 the day began at one o'clock.
    let evening = entry("a", "2018-11-04T01:00:00Z", "2018-11-04T03:00:00Z");
    let text = render(&evening, Weight::Full, &with_template("!time!"), America::Sao_Paulo);
    assert_eq!(text.0, "22:00-01:00");
}

#[test]
fn a_time_change_within_the_entry_shows_the_wall_clock_on_both_sides() {
    let spring = entry("a", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z");
    case(&spring, "!time!", "01:00-04:00");
    let autumn = entry("a", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
    case(&autumn, "!time!", "02:30-02:30");
    let weekend = entry("a", "2026-10-24T15:00:00Z", "2026-10-25T16:00:00Z");
    case(&weekend, "!time!", "24.10. 17:00-25.10. 17:00");
    case(&all_day("a", "2026-10-25", "2026-10-26"), "!time!", "ganztägig");
    case(&all_day("a", "2026-03-28", "2026-03-30"), "!time!", "28.03.-29.03.");
}

#[test]
fn time_and_date_formats_are_the_policys() {
    let policy = TextPolicy {
        time_format: TimeFormat::parse("h:mm a").unwrap(),
        date_format: TimeFormat::parse("EEE d MMM").unwrap(),
        language: Language::English,
        ..with_template("!time!")
    };
    let shown = |entry: &Entry| render(entry, Weight::Full, &policy, Europe::Vienna).0;
    assert_eq!(shown(&meeting()), "7:00 AM-12:00 PM");
    let trip = entry("a", "2026-11-23T12:00:00Z", "2026-11-24T10:30:00Z");
    assert_eq!(shown(&trip), "Mon 23 Nov 1:00 PM-Tue 24 Nov 11:30 AM");
    let leave = all_day("a", "2026-11-23", "2026-11-25");
    assert_eq!(shown(&leave), "Mon 23 Nov-Tue 24 Nov");
}

#[test]
fn the_type_is_the_word_of_the_show_as() {
    #[track_caller]
    fn case(show_as: ShowAs, expected: &str) {
        let entry = Entry { show_as, ..meeting() };
        assert_eq!(rendered(&entry, "!type!"), expected);
    }
    case(ShowAs::OutOfOffice, "Ausser Haus");
    case(ShowAs::Busy, "Gebucht");
    case(ShowAs::Tentative, "Mit Vorbehalt");
    case(ShowAs::WorkingElsewhere, "An anderem Ort tätig");
    case(ShowAs::Free, "Frei");
}

#[test]
fn the_location_is_shown_where_the_template_asks_for_it() {
    case(&meeting(), "!title! in !location!", "Kunde ABC in Wien");
}

#[test]
fn a_private_entry_shows_the_private_word_and_no_location() {
    let private = Entry { sensitivity: Sensitivity::Private, ..meeting() };
    case(&private, "!time! !type! !title! @!location!", "07:00-12:00 Gebucht Privat @");
}

#[test]
fn an_entry_for_the_status_only_shows_the_show_as_word_for_its_title_and_no_location() {
    let policy = with_template("!time! !type! !title! @!location!");
    let text = render(&meeting(), Weight::StatusOnly, &policy, Europe::Vienna);
    assert_eq!(text.0, "07:00-12:00 Gebucht Gebucht @");
}

#[test]
fn a_private_entry_for_the_status_only_shows_the_private_word() {
    let private = Entry { sensitivity: Sensitivity::Private, ..meeting() };
    let policy = with_template("!title! @!location!");
    let text = render(&private, Weight::StatusOnly, &policy, Europe::Vienna);
    assert_eq!(text.0, "Privat @");
}

#[test]
fn the_words_are_those_of_the_policys_language() {
    #[track_caller]
    fn case(language: Language, expected: &str) {
        let policy = TextPolicy { language, ..with_template("!time!, !type!, !title!") };
        let leave = Entry {
            sensitivity: Sensitivity::Private,
            show_as: ShowAs::OutOfOffice,
            ..all_day("a", "2026-11-23", "2026-11-24")
        };
        let text = render(&leave, Weight::Full, &policy, Europe::Vienna);
        assert_eq!(text.0, expected);
    }
    case(Language::German, "ganztägig, Ausser Haus, Privat");
    case(Language::English, "all day, Out of office, Private");
    case(Language::French, "toute la journée, Absent du bureau, Privé");
    case(Language::Italian, "tutto il giorno, Fuori sede, Privato");
}

#[test]
fn a_variable_in_a_title_or_a_location_is_not_replaced() {
    let entry = Entry { location: Location("!title!".to_owned()), ..titled("!time! !nichts!") };
    case(&entry, "!title! @ !location!", "!time! !nichts! @ !title!");
    // Nor where a mark of the template and one of the title would make a variable together.
    case(&titled("ti"), "!!title!me!", "!time!");
}

#[test]
fn blanks_and_line_breaks_become_one_blank_in_the_whole_text() {
    let entry = titled(" Kunde\r\n\tABC\u{0}\u{a0}GmbH ");
    case(&entry, " [!type!]  !title! ", "[Gebucht] Kunde ABC GmbH");
    case(&titled(""), "[!type!] !title!", "[Gebucht]");
    case(&titled("\n"), "!title!", "");
}

#[test]
fn a_long_text_is_cut_as_a_whole_to_the_longest_allowed() {
    let entry = titled(&"x".repeat(300));
    let text = rendered(&entry, "[!time!] [!type!] !title!");
    assert_eq!(text.chars().count(), 140);
    assert!(text.starts_with("[07:00-12:00] [Gebucht] x"));
    assert!(text.ends_with("xx…"));
}

#[test]
fn blanks_are_joined_before_the_length_is_measured() {
    let policy = TextPolicy { chars_max: 5, ..with_template("!title!") };
    let entry = titled("ab      cd");
    let text = render(&entry, Weight::Full, &policy, Europe::Vienna);
    assert_eq!(text.0, "ab cd");
}

#[test]
fn a_format_error_names_what_is_wrong_and_says_what_is_allowed() {
    let variable = Template::parse("[!zeit!]").unwrap_err();
    assert_eq!(
        variable.to_string(),
        "understand the variable !zeit!; allowed are !time! !start! !end! !title! !type! \
         !location!"
    );
    let letter = TimeFormat::parse("HH:mm z").unwrap_err();
    assert_eq!(
        letter.to_string(),
        "understand the letter z; allowed are y M d H h k K m s a E, and any text in single \
         quotes"
    );
    let quote = TimeFormat::parse("HH 'Uhr").unwrap_err();
    assert_eq!(
        quote.to_string(),
        "find the end of a text in single quotes; each needs one at its end, and '' is a quote \
         itself"
    );
}

#[test]
fn a_template_or_a_format_longer_than_any_text_is_refused() {
    let longest = "é".repeat(FORMAT_CHARS_MAX);
    assert!(Template::parse(&longest).is_ok() && TimeFormat::parse(&longest).is_ok());
    let longer = format!("{longest}é");
    assert_eq!(Template::parse(&longer), Err(FormatError::TooLong));
    assert_eq!(TimeFormat::parse(&longer), Err(FormatError::TooLong));
    assert_eq!(FormatError::TooLong.to_string(), "read more than 1000 characters");
}

#[test]
fn the_longest_titles_in_every_place_of_the_longest_template_make_no_more_than_a_short_text() {
    let entry = titled(&"Kunde ABC ".repeat(400));
    let template = "!title!".repeat(FORMAT_CHARS_MAX / 7);
    assert_eq!(rendered(&entry, &template).chars().count(), text_policy().chars_max);
}

#[test]
fn a_title_of_one_endless_letter_is_cut_to_nothing_but_the_mark() {
    let entry = titled(&format!("a{}", "\u{301}".repeat(2000)));
    assert_eq!(rendered(&entry, "!title!"), "…");
}

#[test]
fn every_time_that_can_be_written_down_is_shown_with_every_letter() {
    let days = ["0001-01-01", "9999-12-31", "2026-03-29", "2024-02-29"];
    let format = "y yy yyyy M MM MMM MMMM d dd H HH h hh k kk K KK m mm s ss a E EEEE";
    let format = TimeFormat::parse(format).unwrap();
    for language in Language::ALL {
        let formats =
            TextPolicy { time_format: format.clone(), date_format: format.clone(), language, ..text_policy() };
        for (first, until) in days.into_iter().flat_map(|first| days.map(|until| (first, until))) {
            let timed = entry("a", &format!("{first}T00:00:00Z"), &format!("{until}T23:59:59Z"));
            for entry in [timed, all_day("a", first, until)] {
                let text = render(&entry, Weight::Full, &formats, America::New_York).0;
                assert!(text.chars().count() <= formats.chars_max, "{text}");
            }
        }
    }
}

proptest! {
    #[test]
    fn a_status_text_is_never_longer_than_allowed(
        entries in any_entries(),
        template in "(!(time|start|end|title|type|location)!|[ -~é😀]){0,12}",
        chars_max in 0..60_usize,
    ) {
        let Ok(template) = Template::parse(&template) else {
            return Ok(());
        };
        let policy = TextPolicy { template, chars_max, ..text_policy() };
        for entry in &entries {
            for weight in [Weight::Full, Weight::StatusOnly] {
                let text = render(entry, weight, &policy, Europe::Vienna).0;
                prop_assert!(text.chars().count() <= chars_max);
                prop_assert!(!text.chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn no_word_of_an_entry_for_the_status_only_is_ever_shown(title in "[α-ω]{3,20}") {
        let entry = Entry { location: Location(title.clone()), ..titled(&title) };
        let policy = with_template("!time! !type! !title! !location!");
        let text = render(&entry, Weight::StatusOnly, &policy, Europe::Vienna);
        prop_assert!(!text.0.contains(&title));
    }

    #[test]
    fn no_template_makes_the_rendering_panic(template in any::<String>(), title in any::<String>()) {
        if let Ok(template) = Template::parse(&template) {
            let policy = TextPolicy { template, ..text_policy() };
            render(&titled(&title), Weight::Full, &policy, Europe::Vienna);
        }
    }
}
