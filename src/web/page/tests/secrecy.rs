//! What is shown to whom, and that nothing from outside becomes a part of the page.

use super::*;

#[test]
fn without_login_there_is_no_form_that_does_something_and_no_title() {
    for language in BOTH {
        for (name, page) in everything(&viewer(language)) {
            let posts = between(&page, "method=\"post\" action=\"", "\"");
            assert!(posts.iter().all(|action| *action == "/login"), "{name}: {posts:?}");
            assert!(!page.contains("form_token"), "{name}");
            for title in ["Kundengespräch", "Zahnarzt", "Wochensitzung"] {
                assert!(!page.contains(title), "{name}: {title}");
            }
        }
    }
}

#[test]
fn whoever_is_logged_in_has_forms_that_carry_the_proof() {
    for language in BOTH {
        for (name, page) in everything(&admin(language)) {
            let forms = page.matches("method=\"post\"").count() - page.matches("action=\"/login\"").count();
            assert_eq!(page.matches("name=\"form_token\" value=\"proof-of-this-page\"").count(), forms, "{name}");
        }
    }
    let page = member(&admin(Language::German), &explanation(3, NOW), &[], None);
    assert!(page.contains("action=\"/members/3/end\""));
    assert!(page.contains("action=\"/members/3/restore\""));
    assert!(shown(&admin(Language::German), &report(3), &Query::default()).contains("action=\"/refresh\""));
}

#[test]
fn where_nobody_can_log_in_nothing_leads_there() {
    for language in BOTH {
        let viewer = Viewer { language, login: Login::Impossible };
        for (name, page) in everything(&viewer) {
            assert!(!page.contains("href=\"/login\""), "{name}");
            assert!(!page.contains("type=\"password\""), "{name}");
        }
    }
}

#[test]
fn the_title_of_a_private_entry_is_shown_to_nobody() {
    for viewer in [viewer(Language::German), admin(Language::German)] {
        // The engine never hands it over; the page does not rely on that.
        let page = page_of(&viewer, |entry| {
            entry.private = true;
            entry.title = Some("Chemotherapie".to_owned());
        });
        assert!(!page.contains("Chemotherapie"));
        assert!(page.contains("Privat"));

        let mut explanation = explanation(3, NOW);
        explanation.entries[1].private = true;
        let report = of(vec![busy(3)]);
        let page =
            overview(&viewer, &report, &Query::default(), &select(&report, &Query::default()), &[explanation], None);
        let row = between(&page, "<tbody", "<svg");
        assert!(!row[0].contains("<span class=\"title\">"), "{}", row[0]);
    }
}

#[test]
fn a_status_text_is_told_only_to_whoever_is_logged_in() {
    let guest = member(&viewer(Language::German), &explanation(3, NOW), &changes(3), None);
    assert!(guest.contains("<bdi>ein Text</bdi>"));
    let admin = member(&admin(Language::German), &explanation(3, NOW), &changes(3), None);
    assert!(admin.contains("„[10:15] Kundengespräch Muster AG“"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Names, titles and texts come from people; none of them ever becomes a part of the page.
    #[test]
    fn what_comes_from_outside_stays_text(before in "[<>&\"'/a-z ]{0,6}", after in "\\PC{0,6}", language in 0..2_usize) {
        let hostile = format!("{before}\"'><MARK>&{after}");
        let mut report = report(4);
        let mut explanation = explanation(3, NOW);
        let whom = &mut report.members[3].member;
        (whom.name, whom.login, whom.email) = (hostile.clone(), hostile.clone(), Some(hostile.clone()));
        explanation.member = whom.clone();
        let member_report = &mut report.members[3];
        member_report.problems = vec![hostile.clone()];
        member_report.next_change_at = Some(hostile.clone());
        let governing = member_report.governing.as_mut().unwrap();
        (governing.title, governing.show_as, governing.until) = (Some(hostile.clone()), hostile.clone(), hostile.clone());
        for hold in member_report.holds.iter_mut().chain(&mut explanation.holds) {
            (hold.field, hold.number, hold.put) = (hostile.clone(), Some(hostile.clone()), hostile.clone());
            (hold.under, hold.state, hold.since) = (hostile.clone(), hostile.clone(), hostile.clone());
        }
        for entry in &mut explanation.entries {
            (entry.title, entry.reason, entry.show_as) = (Some(hostile.clone()), Some(hostile.clone()), hostile.clone());
        }
        explanation.entries[0].start = hostile.clone();
        explanation.problems = vec![hostile.clone()];
        explanation.wish.as_mut().unwrap().insert(hostile.clone(), hostile.clone());
        report.problems[0].text = hostile.clone();
        report.problems[0].since = hostile.clone();
        report.version = hostile.clone();
        let mut changes = changes(3);
        for change in &mut changes {
            (change.from, change.to, change.why) = (hostile.clone(), hostile.clone(), hostile.clone());
            (change.at, change.field, change.outcome) = (hostile.clone(), hostile.clone(), hostile.clone());
        }
        let viewer = Viewer { language: BOTH[language], login: Login::Done { form_token: hostile.clone() } };
        let asked = query(&hostile, Show::Active, 1);
        let selection = select(&report, &asked);
        let everybody = select(&report, &Query::default());
        let pages = [
            overview(&viewer, &report, &asked, &selection, &[], None),
            overview(&viewer, &report, &asked, &everybody, std::slice::from_ref(&explanation), None),
            member(&viewer, &explanation, &changes, None),
            login(&viewer, None),
            failure(&viewer, 403),
        ];
        for page in pages {
            prop_assert!(!page.contains("<MARK>"));
            prop_assert!(!page.contains("\"'>"));
        }
    }
}
