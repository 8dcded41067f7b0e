//! What stands on each page.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use proptest::prelude::*;
use samples::{NOW, admin, busy, changes, explanation, quiet, report, viewer};

use super::instant::Teller;
use super::words::words;
use super::*;
use crate::engine::report::MemberReport;
use crate::engine::report::explain::EntryReport;
use crate::rules::{Reason, ShowAs, Why};

mod secrecy;
mod selecting;
mod telling;

const BOTH: [Language; 2] = [Language::German, Language::English];

fn shown(viewer: &Viewer, report: &Report, query: &Query) -> String {
    let selection = select(report, query);
    let weeks: Vec<Explanation> = selection.accounts.iter().map(|account| explanation(account.0, NOW)).collect();
    overview(viewer, report, query, &selection, &weeks, None)
}

fn query(search: &str, show: Show, page: usize) -> Query {
    Query { search: search.to_owned(), show, page }
}

/// Every page there is.
fn everything(viewer: &Viewer) -> Vec<(&'static str, String)> {
    let nobody = report(0);
    vec![
        ("overview", shown(viewer, &report(120), &Query::default())),
        ("search", shown(viewer, &report(120), &query("brunner", Show::All, 1))),
        ("nobody", shown(viewer, &report(120), &query("nobody at all", Show::All, 1))),
        ("empty", shown(viewer, &nobody, &Query::default())),
        ("member", member(viewer, &explanation(3, NOW), &changes(3), Some(Notice::Ended(1)))),
        ("quiet", member(viewer, &explanation(2, NOW), &[], None)),
        ("login", login(viewer, None)),
        ("login-wrong", login(viewer, Some(LoginFailure::Wrong))),
        ("missing", failure(viewer, 404)),
    ]
}

/// A member's page with this one entry.
fn page_of(viewer: &Viewer, change: impl Fn(&mut EntryReport)) -> String {
    let mut explanation = explanation(3, NOW);
    explanation.entries.truncate(2);
    change(&mut explanation.entries[1]);
    member(viewer, &explanation, &[], None)
}

/// What stands between two pieces of text, each time.
fn between<'a>(page: &'a str, before: &'a str, after: &'a str) -> Vec<&'a str> {
    page.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

fn names(report: &Report, query: &Query) -> Vec<u32> {
    select(report, query).accounts.iter().map(|account| account.0).collect()
}

fn of(members: Vec<MemberReport>) -> Report {
    Report { members, ..report(0) }
}

/// For looking at the pages without a service: the folder is named when the tests are built.
#[test]
fn every_page_is_written_to_the_folder_that_is_asked_for() {
    let Some(folder) = option_env!("PAGE_SAMPLES") else { return };
    for language in BOTH {
        for viewer in [viewer(language), admin(language)] {
            let who = if viewer.may_read() { "admin" } else { "guest" };
            let folder = Path::new(folder).join(words(language).code).join(who);
            fs::create_dir_all(&folder).unwrap();
            for (name, page) in everything(&viewer) {
                fs::write(folder.join(format!("{name}.html")), page).unwrap();
            }
        }
    }
}

#[test]
fn fifty_members_with_a_full_week_stay_under_a_hundred_kilobytes() {
    for language in BOTH {
        let page = shown(&admin(language), &report(120), &Query::default());
        assert_eq!(page.matches("<svg").count(), MEMBERS_PER_PAGE);
        assert!(page.len() < 100_000, "{} bytes", page.len());
    }
}

#[test]
fn a_shadow_run_says_so_on_every_page_before_it_tells_what_is_set() {
    for (language, says) in [(Language::German, "Schattenbetrieb: "), (Language::English, "Shadow run: ")] {
        let service = shown(&viewer(language), &report(3), &Query::default());
        assert!(!service.contains(says));
        let overview = shown(&viewer(language), &Report { shadow: true, ..report(3) }, &Query::default());
        let explanation = Explanation { shadow: true, ..explanation(3, NOW) };
        let member = member(&viewer(language), &explanation, &[], None);
        for page in [overview, member] {
            let (head, rest) = page.split_once(says).unwrap();
            assert!(head.contains("<h1>") && !head.contains("AWAY"), "{head}");
            assert_eq!(rest.matches(says).count(), 0);
        }
    }
}

#[test]
fn every_page_says_its_language_and_has_one_heading_and_one_main() {
    for language in BOTH {
        for viewer in [viewer(language), admin(language)] {
            for (name, page) in everything(&viewer) {
                assert!(page.starts_with("<!DOCTYPE html><html lang=\""), "{name}");
                assert!(page.contains(&format!("<html lang=\"{}\">", words(language).code)), "{name}");
                assert_eq!(page.matches("<h1>").count(), 1, "{name}");
                assert_eq!(page.matches("<main").count(), 1, "{name}");
                assert!(page.contains("<a class=\"skip\" href=\"#main\">"), "{name}");
                // The browser refuses what stands in the page itself.
                assert!(!page.contains(" style="), "{name}");
                assert!(!page.contains("<style"), "{name}");
                assert!(!page.contains(" onclick="), "{name}");
                // Whatever a page loads comes from where it came from.
                let loaded = between(&page, "src=\"", "\"").into_iter().chain(between(&page, "href=\"", "\""));
                for place in loaded {
                    assert!(place.starts_with('/') || place.starts_with('#'), "{name}: {place}");
                }
            }
        }
    }
}

#[test]
fn ids_are_there_once() {
    for (name, page) in everything(&admin(Language::German)) {
        let mut ids = between(&page, " id=\"", "\"");
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}");
    }
}

#[test]
fn a_member_in_an_appointment_is_told_in_words() {
    let page = shown(&admin(Language::German), &of(vec![busy(3)]), &Query::default());
    assert_snapshot!(between(&page, "</th><td role=\"cell\">", "</td>").join("\n"), @r#"<strong>Gebucht</strong> bis 10:15<span class="title"><bdi>Kundengespräch Muster AG</bdi></span>"#);
    assert_snapshot!(between(&page, "<li>", "</li>")[1..4].join("\n"), @"
    Chatindikator: Abwesend, vorher Verfügbar
    Statustext: „[10:15] [Gebucht] Kundengespräch Muster AG“, vorher leer
    Umleitung von 0041712345610: Voicemail 12, vorher aus (wird gesetzt)
    ");
}

#[test]
fn the_same_is_told_in_english() {
    let page = shown(&viewer(Language::English), &of(vec![busy(3)]), &Query::default());
    assert_snapshot!(between(&page, "</th><td role=\"cell\">", "</td>").join("\n"), @"<strong>Busy</strong> until 10:15");
    assert_snapshot!(between(&page, "<li>", "</li>")[1..4].join("\n"), @"
    Chat indicator: Away, before Available
    Status text: a text, before empty
    Redirect of 0041712345610: Voicemail 12, before off (being set)
    ");
}

#[test]
fn how_many_there_are_stands_above_the_members() {
    let page = shown(&viewer(Language::German), &report(120), &Query::default());
    assert_snapshot!(between(&page, "<p class=\"summary\">", "</p>")[0], @"120 Mitglieder · 38 jetzt aktiv · 77 Felder gesetzt · 7 Probleme");
    let page = shown(&viewer(Language::English), &of(vec![quiet(1)]), &Query::default());
    assert_snapshot!(between(&page, "<p class=\"summary\">", "</p>")[0], @"1 member · 0 active now · 0 fields set · 1 problem");
}

#[test]
fn what_concerns_everybody_comes_first_and_its_english_is_marked() {
    let page = shown(&viewer(Language::German), &report(120), &Query::default());
    let (problems, table) = (page.find("class=\"problems\"").unwrap(), page.find("<table").unwrap());
    assert!(problems < table);
    assert_snapshot!(between(&page, "<ul><li>", "</li>")[0], @r#"<strong>Das App-Secret ist abgelaufen.</strong> <span lang="en">the secret of app 8d1b7c4e has expired (AADSTS7000222)</span> <span class="since">seit 09:12</span>"#);
    assert!(page.contains("<title>7 Probleme – Kalender Connector</title>"));
    let english = shown(&viewer(Language::English), &report(120), &Query::default());
    assert!(!english.contains("lang=\"en\">the secret"));
}

#[test]
fn a_members_problem_stands_in_its_row() {
    let page = shown(&viewer(Language::German), &report(20), &Query::default());
    assert_snapshot!(between(&page, "<span class=\"problem\">", "</td>")[0], @r#"<span class="unseen">Problem: </span><strong>Zu einer E-Mail-Adresse gibt es kein Postfach.</strong> <span lang="en">the mailbox is not found (ErrorInvalidUser)</span></span><span class="dim">Kein Termin</span>"#);
}

#[test]
fn every_notice_is_told_above_the_page() {
    let page = |notice| member(&viewer(Language::German), &explanation(3, NOW), &[], Some(notice));
    let told = |notice| between(&page(notice), "<p class=\"notice ", "</p>")[0].to_owned();
    let notices = [
        Notice::Ended(0),
        Notice::Ended(1),
        Notice::Ended(2),
        Notice::Restored(0, 0),
        Notice::Restored(3, 1),
        Notice::Refreshing,
        Notice::Refused,
    ];
    assert_snapshot!(notices.map(told).join("\n"), @r#"
    good">Es war kein Termin aktiv; nichts wurde beendet.
    good">1 Termin wurde vorzeitig beendet.
    good">2 Termine wurden vorzeitig beendet.
    good">Es war nichts gesetzt; nichts wurde zurückgesetzt.
    bad">3 Felder wurden zurückgesetzt. 1 Feld konnte noch nicht zurückgesetzt werden; es wird weiter versucht.
    good">Mitglieder und Kalender werden neu gelesen.
    bad">Das wurde abgelehnt und nicht ausgeführt. Laden Sie die Seite neu, und versuchen Sie es noch einmal.
    "#);
}

#[test]
fn a_failed_login_is_told_at_the_field() {
    let page = login(&viewer(Language::German), Some(LoginFailure::Wrong));
    assert_snapshot!(between(&page, "<form class=\"login\"", "<button")[0], @r#" method="post" action="/login"><input type="text" autocomplete="username" value="Kalender Connector" readonly hidden><label for="token">Zugangstoken</label><input id="token" type="password" name="token" autocomplete="current-password" required aria-invalid="true" aria-describedby="failed">"#);
    assert!(page.contains("Das Zugangstoken ist falsch."));
    assert!(login(&viewer(Language::German), Some(LoginFailure::TooMany)).contains("zu viele Versuche"));
}

#[test]
fn only_what_changes_by_itself_has_a_script() {
    for (name, page) in everything(&viewer(Language::German)) {
        let is_live = !["login", "login-wrong", "missing"].contains(&name);
        assert_eq!(page.contains("<script"), is_live, "{name}");
    }
}

#[test]
fn everything_that_pages_load_is_there() {
    for path in ["/assets/style.css", "/assets/page.js", "/assets/icon.svg"] {
        let (content_type, bytes) = asset(path).unwrap();
        assert!(content_type.contains('/') && !bytes.is_empty());
        let text = std::str::from_utf8(bytes).unwrap();
        // The picture names its language by an address that nobody loads.
        assert!(!text.replace("http://www.w3.org/2000/svg", "").contains("://"), "{path}");
    }
    assert_eq!(asset("/assets/../page.rs"), None);
    assert_eq!(asset("/"), None);
}

#[test]
fn the_newest_changes_come_first_and_not_all_of_them() {
    let many: Vec<Change> = (0..60).flat_map(|_| changes(3)).collect();
    let page = member(&admin(Language::German), &explanation(3, NOW), &many, None);
    assert!(page.contains("Die letzten 200 Änderungen, die neuste zuerst."));
    let rows = between(&page, "<tr><td>", "</td>");
    assert_eq!(rows.iter().rev().take(200).next_back(), Some(&"09:20"));
}
