//! How times, weeks and the words of the service are told.

use super::*;

#[test]
fn a_status_text_is_never_translated() {
    let told = told::value(&admin(Language::German), "text", "on");
    assert_eq!(told, "„on“");
}

#[test]
fn an_old_calendar_is_warned_of() {
    #[track_caller]
    fn case(seconds: Option<i64>, german: &str, english: &str) {
        assert_eq!(overview::calendar(words(Language::German), seconds).into_string(), german);
        assert_eq!(overview::calendar(words(Language::English), seconds).into_string(), english);
    }

    case(Some(0), "gerade eben", "just now");
    case(Some(61), "vor 1 Min.", "1 min ago");
    case(Some(900), "vor 15 Min.", "15 min ago");
    case(
        Some(960),
        "<span class=\"warn\">⚠\u{a0}vor 16 Min., zu lange her</span>",
        "<span class=\"warn\">⚠\u{a0}16 min ago, too long ago</span>",
    );
    case(
        Some(3 * 86_400),
        "<span class=\"warn\">⚠\u{a0}vor 3 Tagen, zu lange her</span>",
        "<span class=\"warn\">⚠\u{a0}3 days ago, too long ago</span>",
    );
    case(None, "<span class=\"warn\">⚠\u{a0}noch nie</span>", "<span class=\"warn\">⚠\u{a0}never</span>");
}

#[test]
fn instants_are_told_as_the_clock_on_the_wall_says_them() {
    #[track_caller]
    fn case(at: &str, german: &str, english: &str) {
        let teller = |language| Teller { language, now: instant::wall(NOW) };
        assert_eq!(teller(Language::German).at(at), german);
        assert_eq!(teller(Language::English).at(at), english);
    }

    case("2026-11-27T15:00:00+01:00", "15:00", "15:00");
    case("2026-11-28T00:00:00+01:00", "Sa. 28.11. 00:00", "Sat 28 Nov 00:00");
    case("2027-01-04T08:00:00+01:00", "Mo. 4.1.2027 08:00", "Mon 4 Jan 2027 08:00");
    case("some day", "some day", "some day");
}

#[test]
fn whole_days_are_told_without_times() {
    let page = page_of(&admin(Language::German), |entry| {
        entry.all_day = true;
        entry.start = "2026-11-27T00:00:00+01:00".to_owned();
        entry.end = "2026-11-30T00:00:00+01:00".to_owned();
    });
    assert!(page.contains("Fr. 27.11. – So. 29.11., ganztägig"));
}

#[test]
fn the_week_is_told_in_words_beside_its_picture() {
    let mut explanation = explanation(3, NOW);
    explanation.entries.truncate(4);
    let page = week::small(&viewer(Language::German), &explanation).into_string();
    assert_snapshot!(page, @r#"<svg role="img" viewBox="0 0 672 16" preserveAspectRatio="none"><title>Woche ab Fr. 27.11.: 4 Termine zählen, 0 zählen nicht. Heute: 08:00–09:30 An anderem Ort tätig, 09:10–09:40 Gebucht, 10:20–11:20 Gebucht, 11:30–12:15 Mit Vorbehalt.</title><path class="t" d="M46 11h3"></path><path class="w" d="M32 10h6"></path><path class="b" d="M36 9h3M41 9h5"></path><path class="now" d="M38 0v16"></path></svg>"#);
}

#[test]
fn entries_that_do_not_count_are_outlined_and_not_told() {
    let mut explanation = explanation(3, NOW);
    explanation.entries.truncate(1);
    explanation.entries[0].counts = false;
    let page = week::small(&viewer(Language::English), &explanation).into_string();
    assert!(page.contains("0 appointments count, 1 does not. Today: no appointments."), "{page}");
    assert!(page.contains("<path class=\"n\" d=\"M32 4h6v11h-6z\">"), "{page}");
}

#[test]
fn days_begin_at_midnight_also_when_the_clocks_change() {
    // In the night to Sunday 25 October the clock goes back from three to two; offsets differ before and after.
    let entry = |start: &str, end: &str| EntryReport {
        start: start.to_owned(),
        end: end.to_owned(),
        ..explanation(3, NOW).entries[1].clone()
    };
    let entries = [
        entry("2026-10-24T00:00:00+02:00", "2026-10-25T00:00:00+02:00"),
        entry("2026-10-26T00:00:00+01:00", "2026-10-27T00:00:00+01:00"),
    ];
    let start = instant::midnight(instant::wall("2026-10-23T12:00:00+02:00").unwrap().date());
    let places: Vec<(i64, i64)> =
        week::bars(&entries, start, 7 * 1440).iter().map(|bar| (bar.from / 60, bar.until / 60)).collect();
    assert_eq!(places, [(24, 48), (72, 96)]);

    // Half an hour that is over on the wall before it began is still to be seen.
    let entries = [entry("2026-10-25T02:45:00+02:00", "2026-10-25T02:15:00+01:00")];
    assert_eq!(week::bars(&entries, start, 7 * 1440).len(), 1);
}

#[test]
fn both_languages_know_all_words_of_the_service() {
    let fields = ["presence", "text", "indicator", "dnd", "redirect"];
    let phases = ["putting", "held", "restoring", "yielded"];
    let values = ["AVAILABLE", "AWAY", "DO_NOT_DISTURB", "EXTENDED_AWAY", "FREE_FOR_CHAT", "UNAVAILABLE", "ACTIVE"];
    let machine = fields.into_iter().chain(phases).chain(values).chain(ShowAs::ALL.map(ShowAs::name));
    for word in machine {
        assert!(words(Language::German).knows(word), "{word}");
        assert_ne!(words(Language::English).known(word), "", "{word}");
        assert!(!words(Language::English).known(word).contains('_'), "{word}");
    }
    let whys = [Why::Begins, Why::Changes, Why::Ends, Why::LeftAlone, Why::Overwritten, Why::Yields, Why::Again];
    let sentences = Reason::ALL.map(Reason::words).into_iter().chain(whys.map(Why::words));
    for sentence in sentences {
        assert!(words(Language::German).knows(sentence), "{sentence}");
    }
}

#[test]
fn both_languages_have_all_words() {
    let [german, english] = BOTH.map(|language| format!("{:?}", words(language)));
    assert!(!german.contains(": \"\""), "{german}");
    assert!(!english.contains(": \"\""), "{english}");
    for status in [400, 401, 403, 404, 429, 503, 418] {
        for language in BOTH {
            let page = failure(&viewer(language), status);
            assert!(page.contains(&format!("HTTP {status}")));
        }
    }
}

#[test]
fn words_that_nobody_translated_stay_and_are_marked() {
    let page = page_of(&viewer(Language::German), |entry| {
        entry.counts = false;
        entry.reason = Some("of a later version".to_owned());
    });
    assert!(page.contains("Zählt nicht: <span lang=\"en\">of a later version</span>"), "{page}");
}

#[test]
fn a_reason_is_told_in_the_language_of_the_page() {
    let ended = |entry: &mut EntryReport| {
        entry.counts = false;
        entry.reason = Some(Reason::EndedEarly.words().to_owned());
    };
    let page = page_of(&viewer(Language::German), ended);
    assert!(page.contains("Zählt nicht: das Mitglied hat ihn vorzeitig beendet"));
    let page = page_of(&viewer(Language::English), ended);
    assert!(page.contains("Does not count: the member ended it early"));
}
