//! What is wanted of called numbers, member by member and in circles.

use super::*;
use crate::rules::guard::Denial;
use crate::rules::policy::{Groups, Policy};
use crate::rules::samples::{at, entry, policy};
use crate::rules::{Entry, Ownership, Sight, Tag, Tags, overlay};

mod table;

/// Everybody's numbers and entries.
struct Site {
    policy: Policy,
    members: Vec<(AccountId, Login, Vec<Entry>, Vec<RedirectRecord>)>,
    holds: BTreeMap<CalledNumber, Hold>,
}

fn number(text: &str) -> CalledNumber {
    text.parse().unwrap()
}

fn record(text: &str, ownership: Ownership, redirect: Redirect) -> RedirectRecord {
    RedirectRecord {
        number: number(text),
        ownership,
        redirect,
        last_mailbox: None,
        mailboxes: vec!["3".to_owned(), "4".to_owned()],
    }
}

fn own(text: &str) -> RedirectRecord {
    record(text, Ownership::Own, Redirect::none())
}

fn leads(text: &str, target: &str) -> RedirectRecord {
    record(text, Ownership::Own, Redirect::to_number(target))
}

fn with(categories: &[&str], external: Option<&str>, internal: Option<&str>) -> Entry {
    let tag = |text: Option<&str>| text.map(|text| Dialled::new(text).map_or(Tag::Unclear, Tag::Target));
    Entry {
        categories: categories.iter().map(|name| (*name).to_owned()).collect(),
        tags: Tags { internal: tag(internal), external: tag(external) },
        ..entry("a", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")
    }
}

/// A settled hold over no redirect.
fn held(account: u32, put: Value) -> Hold {
    Hold {
        account: AccountId(account),
        under: put.field().neutral(),
        put,
        earlier: Vec::new(),
        phase: Phase::Held,
        claimants: Vec::new(),
        since: at("2026-11-23T08:00:00Z"),
        written_at: None,
        unanswered_at: None,
        back_after: None,
        yielded: Vec::new(),
        sight: Sight::Clear,
        rewrites: 0,
    }
}

const AUL_EXTERNAL: &str = "_SF_AUL_extern_aktivieren";
const AUL_INTERNAL: &str = "_SF_AUL_intern_aktivieren";
const VOICEMAIL_EXTERNAL: &str = "_SF_Voicemail_extern_aktivieren";

impl Site {
    fn new() -> Self {
        let mut policy = policy();
        policy.redirects.groups = Groups::Included;
        Self { policy, members: Vec::new(), holds: BTreeMap::new() }
    }

    fn member(mut self, account: u32, entries: Vec<Entry>, records: Vec<RedirectRecord>) -> Self {
        self.members.push((AccountId(account), Login(account.to_string()), entries, records));
        self
    }

    fn board(&self) -> Switchboard {
        let now = at("2026-11-23T09:30:00Z");
        let wishes: Vec<_> =
            self.members.iter().map(|(_, _, entries, _)| overlay(now, entries, &self.policy, &[])).collect();
        let subscribers: Vec<_> = self
            .members
            .iter()
            .zip(&wishes)
            .map(|((account, login, _, records), wish)| Subscriber {
                account: *account,
                login,
                wish: wish.as_ref(),
                records,
            })
            .collect();
        let holds = self.holds.iter().map(|(number, hold)| (*number, hold)).collect();
        Switchboard::plan(&subscribers, &holds, &self.policy.redirects)
    }

    /// Where calls to a number are to go, and the problems of everybody, as words.
    fn wanted(&self, called: &str) -> Option<String> {
        let board = self.board();
        let first = board.claims(number(called)).first()?;
        Some(first.claim.value.words().into_owned())
    }

    fn problems(&self) -> Vec<(u32, String)> {
        self.board().problems.keys().map(|found| (found.account.0, found.problem.to_string())).collect()
    }
}

fn refused(denial: &Denial) -> String {
    denial.to_string()
}

#[test]
fn a_tag_sends_every_own_number_of_its_side_to_the_number_named() {
    let site = Site::new().member(
        1010,
        vec![with(&[AUL_EXTERNAL], Some("0041799999999"), Some("230"))],
        vec![own("210"), own("0041712345610"), own("0041712345611")],
    );
    assert_eq!(site.wanted("0041712345610").as_deref(), Some("0041799999999"));
    assert_eq!(site.wanted("0041712345611").as_deref(), Some("0041799999999"));
    assert_eq!(site.wanted("210"), None, "nothing switches the internal side");
    assert!(site.problems().is_empty());
}

#[test]
fn the_first_entry_that_asks_of_a_side_decides_it_alone_also_with_a_target_that_is_refused() {
    let late = Entry { id: EntryId("late".to_owned()), ..with(&[AUL_EXTERNAL], Some("0900123456"), None) };
    let early = Entry {
        span: entry("x", "2026-11-23T08:00:00Z", "2026-11-23T11:00:00Z").span,
        id: EntryId("early".to_owned()),
        ..with(&[AUL_EXTERNAL], Some("0041799999999"), None)
    };
    let site = Site::new().member(1010, vec![early.clone(), late], vec![own("0041712345610")]);
    assert_eq!(site.wanted("0041712345610"), None);
    assert_eq!(site.problems().len(), 1);
    let alone = Site::new().member(1010, vec![early], vec![own("0041712345610")]);
    assert_eq!(alone.wanted("0041712345610").as_deref(), Some("0041799999999"));
}

#[test]
fn both_entries_claim_the_number_and_the_governing_one_gives_the_target() {
    let late = Entry { id: EntryId("late".to_owned()), ..with(&[VOICEMAIL_EXTERNAL], None, None) };
    let early = Entry {
        span: entry("x", "2026-11-23T08:00:00Z", "2026-11-23T11:00:00Z").span,
        id: EntryId("early".to_owned()),
        ..with(&[AUL_EXTERNAL], Some("0041799999999"), None)
    };
    let board = Site::new().member(1010, vec![early, late], vec![own("0041712345610")]).board();
    let claims: Vec<_> = board
        .claims(number("0041712345610"))
        .iter()
        .map(|claimed| (claimed.claim.entry.0.as_str(), claimed.claim.value.words().into_owned()))
        .collect();
    assert_eq!(claims, [("late", "voicemail 3".to_owned()), ("early", "0041799999999".to_owned())]);
}

#[test]
fn a_target_that_is_the_members_own_number_is_refused_in_every_form() {
    for target in ["0041712345610", "0712345610", "210"] {
        let entries = vec![with(&[AUL_EXTERNAL, AUL_INTERNAL], Some(target), Some(target))];
        let site = Site::new().member(1010, entries, vec![own("210"), own("0041712345610")]);
        assert_eq!((site.wanted("0041712345610"), site.wanted("210")), (None, None), "{target}");
        let own = refused(&Denial::OwnNumber);
        assert_eq!(site.problems(), [(1010, own.clone()), (1010, own)]);
    }
}

#[test]
fn a_target_whose_own_redirect_leads_back_is_a_loop_also_by_way_of_a_third() {
    let entries = vec![with(&[AUL_EXTERNAL], Some("230"), None)];
    let site = Site::new()
        .member(1010, entries, vec![own("210"), own("0041712345610")])
        .member(1030, vec![], vec![leads("230", "240")])
        .member(1040, vec![], vec![leads("240", "0712345610")]);
    assert_eq!(site.wanted("0041712345610"), None);
    assert_eq!(site.problems(), [(1010, refused(&Denial::Loop))]);
}

#[test]
fn a_redirect_that_is_switched_off_leads_nowhere() {
    let off = Redirect { enabled: false, ..Redirect::to_number("210") };
    let entries = vec![with(&[AUL_EXTERNAL], Some("230"), None)];
    let site = Site::new().member(1010, entries, vec![own("210"), own("0041712345610")]).member(
        1030,
        vec![],
        vec![record("230", Ownership::Own, off)],
    );
    assert_eq!(site.wanted("0041712345610").as_deref(), Some("230"));
}

#[test]
fn of_two_plans_that_would_chase_a_call_in_a_circle_the_one_of_the_higher_account_is_refused() {
    let entry = |target: &str| vec![with(&[AUL_INTERNAL], None, Some(target))];
    let one = (1010, entry("230"), vec![own("210")]);
    let two = (1030, entry("210"), vec![own("230")]);
    let forward = Site::new().member(one.0, one.1.clone(), one.2.clone()).member(two.0, two.1.clone(), two.2.clone());
    let backward = Site::new().member(two.0, two.1, two.2).member(one.0, one.1, one.2);
    for site in [forward, backward] {
        assert_eq!(site.wanted("210").as_deref(), Some("230"));
        assert_eq!(site.wanted("230"), None);
        assert_eq!(site.problems(), [(1030, refused(&Denial::Loop))]);
    }
}

#[test]
fn a_later_plan_that_would_close_the_circle_of_an_earlier_one_is_refused_although_it_comes_not_back_itself() {
    // 1010 sends its external number to 230; 1030 wants to send 230 to 210, which is 1010's other number.
    let site = Site::new()
        .member(1010, vec![with(&[AUL_EXTERNAL], Some("230"), None)], vec![own("210"), own("0041712345610")])
        .member(1030, vec![with(&[AUL_INTERNAL], None, Some("210"))], vec![own("230")]);
    assert_eq!(site.wanted("0041712345610").as_deref(), Some("230"));
    assert_eq!(site.wanted("230"), None);
    assert_eq!(site.problems(), [(1030, refused(&Denial::Loop))]);
}

#[test]
fn a_circle_of_three_plans_is_broken_at_the_highest_account() {
    let entry = |target: &str| vec![with(&[AUL_INTERNAL], None, Some(target))];
    let site = Site::new()
        .member(1030, entry("210"), vec![own("230")])
        .member(1010, entry("220"), vec![own("210")])
        .member(1020, entry("230"), vec![own("220")]);
    assert_eq!(site.wanted("210").as_deref(), Some("220"));
    assert_eq!(site.wanted("220").as_deref(), Some("230"));
    assert_eq!(site.wanted("230"), None);
}

#[test]
fn what_is_held_is_judged_by_what_was_there_before() {
    // 230 is seen to lead to 210 only because we put that there, and nobody wants it any more.
    let mut site = Site::new().member(1010, vec![with(&[AUL_INTERNAL], None, Some("230"))], vec![own("210")]).member(
        1030,
        vec![],
        vec![leads("230", "210")],
    );
    let put = Value::Redirect(number("230"), Redirect::to_number("210"));
    site.holds.insert(number("230"), held(1030, put));
    assert_eq!(site.wanted("210").as_deref(), Some("230"));
}

#[test]
fn a_groups_number_is_redirected_by_a_category_and_never_by_the_settings() {
    let group = || record("500", Ownership::Group, Redirect::none());
    let tagged = || vec![with(&[], None, Some("230"))];
    let mut always = Site::new().member(1010, tagged(), vec![own("210"), group()]);
    always.policy.redirects.always.insert(crate::rules::policy::Switch::RedirectInternal);
    assert_eq!(always.wanted("210").as_deref(), Some("230"));
    assert_eq!(always.wanted("500"), None);
    let by_category = vec![with(&[AUL_INTERNAL], None, Some("230"))];
    let mut site = Site::new().member(1010, by_category, vec![own("210"), group()]);
    assert_eq!(site.wanted("500").as_deref(), Some("230"));
    site.policy.redirects.groups = Groups::LeftAlone;
    assert_eq!(site.wanted("500"), None);
    assert_eq!(site.wanted("210").as_deref(), Some("230"));
}

#[test]
fn of_a_groups_number_the_first_entry_decides_that_asks_by_a_category() {
    let span = entry("x", "2026-11-23T08:00:00Z", "2026-11-23T11:00:00Z").span;
    let early = Entry { span, id: EntryId("early".to_owned()), ..with(&[AUL_INTERNAL], None, Some("230")) };
    let late = Entry { id: EntryId("late".to_owned()), ..with(&[], None, Some("240")) };
    let records = vec![own("210"), record("500", Ownership::Group, Redirect::none())];
    let mut site = Site::new().member(1010, vec![early, late], records);
    site.policy.redirects.always.insert(crate::rules::policy::Switch::RedirectInternal);
    assert_eq!(site.wanted("210").as_deref(), Some("240"), "the later start governs the member's own number");
    assert_eq!(site.wanted("500").as_deref(), Some("230"), "only the other entry asks of the group's");
}

#[test]
fn a_groups_number_has_the_claims_of_all_its_members_in_governing_order() {
    let group = || record("500", Ownership::Group, Redirect::none());
    let strong = Entry { show_as: crate::rules::ShowAs::OutOfOffice, ..with(&[AUL_INTERNAL], None, Some("240")) };
    let site = Site::new()
        .member(1010, vec![with(&[AUL_INTERNAL], None, Some("230"))], vec![group()])
        .member(1020, vec![strong], vec![group()])
        .member(1030, vec![with(&[AUL_INTERNAL], None, Some("0900123456"))], vec![group()]);
    let board = site.board();
    let claims: Vec<_> =
        board.claims(number("500")).iter().map(|one| (one.claimant.account.0, one.claim.value.words())).collect();
    assert_eq!(claims, [(1020, "240".into()), (1010, "230".into())]);
    assert_eq!(site.problems().len(), 1, "one refused target takes nothing from the others");
}

#[test]
fn a_groups_number_is_not_sent_to_itself() {
    let entries = vec![with(&[AUL_INTERNAL], None, Some("500"))];
    let records = vec![own("210"), record("500", Ownership::Group, Redirect::none())];
    let site = Site::new().member(1010, entries, records);
    assert_eq!(site.wanted("210").as_deref(), Some("500"), "calls for one may go to all");
    assert_eq!(site.wanted("500"), None);
    assert_eq!(site.problems(), [(1010, refused(&Denial::OwnNumber))]);
}
