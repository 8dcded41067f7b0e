//! Who is on which page of the overview.

use super::*;

#[test]
fn those_with_problems_come_first_then_the_active_each_by_name() {
    let troubled = MemberReport { problems: vec!["it is broken".to_owned()], ..quiet(29) };
    let report = of(vec![quiet(3), busy(6), quiet(0), busy(9), troubled]);
    assert_eq!(names(&report, &Query::default()), [29, 6, 9, 0, 3]);
    assert_eq!(names(&report, &query("", Show::Problems, 1)), [29]);
    assert_eq!(names(&report, &query("", Show::Active, 1)), [6, 9]);
}

#[test]
fn the_search_finds_parts_of_what_names_a_member() {
    #[track_caller]
    fn case(search: &str, accounts: &[u32]) {
        let mut member = quiet(1017);
        member.member.name = "Zoé Änderli".to_owned();
        member.member.login = "zaenderli".to_owned();
        member.mailbox = Some("zoe@example.org".to_owned());
        assert_eq!(names(&of(vec![quiet(4), member]), &query(search, Show::All, 1)), accounts, "{search}");
    }

    case("", &[4, 1017]);
    case("  ", &[4, 1017]);
    case("änder", &[1017]);
    case("ÄNDER", &[1017]);
    case("zoe anderli", &[1017]);
    case("a\u{308}nder", &[1017]);
    case(" zaen ", &[1017]);
    case("example.org", &[1017]);
    case("person1017@", &[1017]);
    case("101", &[1017]);
    case("nobody", &[]);
}

#[test]
fn names_are_sorted_as_people_sort_them() {
    let named = |account, name: &str| {
        let mut member = quiet(account);
        member.member.name = name.to_owned();
        member
    };
    let report = of(vec![named(1, "Zaugg"), named(2, "Ärni"), named(3, "baumann"), named(4, "Aebi")]);
    assert_eq!(names(&report, &Query::default()), [4, 2, 3, 1]);
}

#[test]
fn pages_are_bounded() {
    #[track_caller]
    fn case(members: u32, page: usize, expected: (usize, usize, usize)) {
        let selection = select(&report(members), &query("", Show::All, page));
        assert_eq!((selection.page, selection.pages, selection.accounts.len()), expected);
        assert_eq!(selection.total, members as usize);
    }

    case(0, 0, (1, 1, 0));
    case(0, 7, (1, 1, 0));
    case(50, 1, (1, 1, 50));
    case(51, 2, (2, 2, 1));
    case(51, usize::MAX, (2, 2, 1));
    case(51, 0, (1, 2, 50));
}

#[test]
fn links_to_other_pages_keep_what_is_asked_for() {
    let page = shown(&viewer(Language::German), &report(120), &query("person1&<", Show::All, 1));
    assert!(page.contains("href=\"/?q=person1%26%3C&amp;show=problems\""), "{page}");
    let page = shown(&viewer(Language::German), &report(120), &query("person", Show::All, 2));
    assert!(page.contains("<a rel=\"prev\" href=\"/?q=person\">"));
    assert!(page.contains("<a rel=\"next\" href=\"/?q=person&amp;page=3\">"));
    assert!(page.contains("Mitglieder 51 bis 100 von 120"));
}
