//! Attempts to have a telephone dial somebody else's number: each is refused, and says why.
//!
//! Member 1000 has an internal and an external number; the calendar entry is what an attacker could place or write.

use starface_calendar::engine::Report;
use starface_calendar::rules::asking::AskedTag;
use starface_calendar::rules::policy::Policy;
use starface_calendar::rules::{Dnd, Entry, Redirect, Response, Side, Tags, overlay};

use super::world::{World, at, entry};

const INTERNAL: &str = "210";
const EXTERNAL: &str = "0041712345610";
const AUL: [&str; 2] = ["_SF_AUL_extern_aktivieren", "_SF_AUL_intern_aktivieren"];

fn world() -> World {
    let world = World::of(2);
    world.pbx.lines().own(1000, INTERNAL, Redirect::none());
    world.pbx.lines().own(1000, EXTERNAL, Redirect { enabled: false, ..Redirect::to_number("0041788888888") });
    world
}

fn saying(text: &str) -> Entry {
    let categories = AUL.iter().map(|name| (*name).to_owned()).collect();
    Entry { tags: Tags::find(text), categories, ..entry("Angriff", 60, 600) }
}

fn from_outside(entry: Entry, response: Response) -> Entry {
    Entry { is_organizer: false, response, ..entry }
}

/// Lets an entry act and returns where both numbers lead then, and the problems told.
async fn after(world: &World, entry: Entry) -> (Vec<String>, Vec<String>) {
    world.tenant.put(1000, entry);
    world
        .run(async |running| {
            running.until(120).await;
            let leads = [INTERNAL, EXTERNAL].map(|number| world.pbx.lines().shows(number).words());
            let report: Report = running.ask(super::world::status).await;
            (leads.into(), report.problems.into_iter().map(|problem| problem.text).collect())
        })
        .await
}

const UNTOUCHED: [&str; 2] = ["off", "off (0041788888888)"];

/// Neither number is redirected, and the problem of the external one says why.
async fn refused(text: &str, reason: &str) {
    let world = world();
    let (leads, problems) = after(&world, saying(text)).await;
    assert_eq!(leads, UNTOUCHED, "{text}");
    let told = problems.iter().any(|problem| problem.starts_with("external") && problem.ends_with(reason));
    assert!(told, "{text}: {problems:?}");
    assert_eq!(world.pbx.shows(1000).0, "AWAY", "the rest of the entry applies");
}

/// Why a tag of the external side does not count, in words.
fn ignored(entry: &Entry, policy: &Policy) -> String {
    let wish = overlay(at(100), std::slice::from_ref(entry), policy, &[]).unwrap();
    match &wish.asks(Side::External)[0].tag {
        AskedTag::Ignored(why) => why.to_string(),
        other => panic!("it is not ignored: {other:?}"),
    }
}

/// The tag is as if it were absent: the member's own destination is switched on, never the attacker's.
async fn as_if_absent(entry: Entry, reason: &str) {
    let world = world();
    assert_eq!(ignored(&entry, &world.policy), reason);
    let (leads, _) = after(&world, entry).await;
    assert_eq!(leads, ["off", "0041788888888"]);
}

#[tokio::test]
async fn an_unanswered_invitation_sets_no_redirect_and_no_dnd_whatever_it_carries() {
    let invitation = from_outside(saying("@@Extern: +41791111111"), Response::Unanswered);
    let categories = [&AUL[..], &["_SF_DND_aktivieren", "_SF_Voicemail_extern_aktivieren"]].concat();
    let entry = Entry { categories: categories.into_iter().map(str::to_owned).collect(), ..invitation };
    let world = world();
    let wish = overlay(at(100), std::slice::from_ref(&entry), &world.policy, &[]).unwrap();
    assert!(!wish.asks_of_numbers());
    let (leads, problems) = after(&world, entry).await;
    assert_eq!(leads, UNTOUCHED);
    assert_eq!(problems, [""; 0]);
    assert_eq!(world.pbx.seen(1000).dnd, Some(Dnd::Off));
    assert_eq!(world.pbx.shows(1000), ("AWAY".to_owned(), "Gebucht".to_owned()), "none of its words are shown");
}

#[tokio::test]
async fn the_settings_that_redirect_always_do_not_count_for_an_unanswered_invitation_either() {
    let mut world = world();
    world
        .policy
        .redirects
        .always
        .extend([Side::Internal, Side::External].map(starface_calendar::rules::policy::Switch::voicemail));
    let (leads, _) = after(&world, from_outside(saying(""), Response::Unanswered)).await;
    assert_eq!(leads, UNTOUCHED);
}

#[tokio::test]
async fn a_tag_in_an_accepted_invitation_does_not_count() {
    let entry = from_outside(saying("@@Extern: +41791111111"), Response::Accepted);
    as_if_absent(entry, "the member does not organise the entry").await;
}

#[tokio::test]
async fn a_tag_in_a_forwarded_invitation_does_not_count_whatever_its_answer_says() {
    // Exchange may say of a forwarded one that the member is its organizer by the answer, and not by the flag.
    let entry = from_outside(saying("@@Extern: +41791111111"), Response::Organizer);
    as_if_absent(entry, "the member does not organise the entry").await;
}

#[tokio::test]
async fn a_tag_in_an_invitation_that_a_delegate_accepted_does_not_count() {
    let entry = Entry { ical_uid: "040000008200E00074C5B7101A82E008".to_owned(), ..saying("@@Extern: +41791111111") };
    as_if_absent(from_outside(entry, Response::Accepted), "the member does not organise the entry").await;
}

#[tokio::test]
async fn a_category_without_a_tag_from_outside_switches_on_nothing_but_the_members_own_destination() {
    let (leads, _) = after(&world(), from_outside(saying(""), Response::Accepted)).await;
    assert_eq!(leads, ["off", "0041788888888"]);
    let (leads, _) = after(&world(), from_outside(saying(""), Response::Unanswered)).await;
    assert_eq!(leads, UNTOUCHED);
}

#[tokio::test]
async fn a_tag_from_outside_counts_only_where_the_admin_trusts_invitations_and_is_guarded_there_too() {
    let mut world = world();
    world.policy.redirects.tags_from_invitations = true;
    let entry = from_outside(saying("@@Extern: +41791111111"), Response::Accepted);
    let (leads, _) = after(&world, entry).await;
    assert_eq!(leads[1], "0041791111111");
    let mut world = self::world();
    world.policy.redirects.tags_from_invitations = true;
    let (leads, problems) = after(&world, from_outside(saying("@@Extern: 0900 123456"), Response::Accepted)).await;
    assert_eq!(leads, UNTOUCHED);
    assert!(problems.iter().any(|problem| problem.ends_with("the target is denied by \"0900*\"")), "{problems:?}");
}

#[tokio::test]
async fn a_tag_in_a_quoted_reply_does_not_count() {
    for text in [
        "Danke!\n> @@Extern: +41791111111",
        "Danke!\n\n-----Ursprüngliche Nachricht-----\nVon: x@firma.example\nGesendet: Montag\n\n@@Extern: +41791111111",
        "Thanks\n\nFrom: x@firma.example\nSent: Monday\nTo: me\n\n@@Extern: +41791111111",
    ] {
        as_if_absent(saying(text), "the tag stands in a quoted message").await;
    }
}

#[tokio::test]
async fn digits_of_other_scripts_are_no_number() {
    for text in
        ["@@Extern: +٤١٧٩١١١١١١١", "@@Extern: ＋４１７９１１１１１１１", "@@Extern: +4179１１１1111", "@@Extern: ²²²²"]
    {
        refused(text, "the number behind the tag is not clear").await;
    }
}

#[tokio::test]
async fn a_premium_number_is_refused_in_every_form() {
    for number in [
        "0900123456",
        "0900 123 456",
        "+41900123456",
        "+41 900 12 34 56",
        "0041900123456",
        "+41 (0) 900 123456",
        "+41(0)900123456",
        "(0900) 12-34-56",
        "0900.123.456",
    ] {
        refused(&format!("@@Extern: {number}"), "the target is denied by \"0900*\"").await;
    }
    refused("@@Extern: +49 137 1234567", "the target is denied by \"0137*\"").await;
    refused("@@Extern: +43 930 123456", "the target is denied by \"0930*\"").await;
    refused("@@Extern: +423 901 1234", "the target is denied by \"0901*\"").await;
}

#[tokio::test]
async fn satellite_and_international_premium_numbers_are_refused() {
    refused("@@Extern: +870 773 123456", "the target is denied by \"00870*\"").await;
    refused("@@Extern: 00881 2345678", "the target is denied by \"0088*\"").await;
    refused("@@Extern: +979 123456", "the target is denied by \"00979*\"").await;
}

#[tokio::test]
async fn emergency_numbers_are_refused() {
    for number in ["112", "0112", "117", "144", "1414", "+41 117", "0049110"] {
        refused(&format!("@@Extern: {number}"), "the target is an emergency number").await;
    }
}

#[tokio::test]
async fn a_service_code_is_refused_unless_it_is_listed() {
    let reason = "the target is a service code that redirect.service_codes does not list";
    refused("@@Extern: *97", reason).await;
    refused("@@Extern: *21*0900123456#", reason).await;
    let mut world = world();
    let code = starface_calendar::rules::Dialled::new("*97").unwrap();
    world.policy.redirects.guard.service_codes.insert(code);
    let (leads, _) = after(&world, saying("@@Extern: *97")).await;
    assert_eq!(leads[1], "*97");
}

#[tokio::test]
async fn a_loop_to_oneself_is_refused_in_every_form_of_the_number() {
    for number in ["+41712345610", "0041712345610", "071 234 56 10", "210"] {
        refused(&format!("@@Extern: {number}"), "the target is the member's own number").await;
    }
}

#[tokio::test]
async fn a_loop_of_two_members_is_refused_whether_it_is_seen_or_planned() {
    let world = world();
    world.pbx.lines().own(1001, "211", Redirect::to_number("+41 71 234 56 10"));
    let (leads, problems) = after(&world, saying("@@Extern: 211")).await;
    assert_eq!(leads, UNTOUCHED);
    assert!(problems.iter().any(|problem| problem.ends_with("calls would come back to the member")), "{problems:?}");

    let world = self::world();
    world.pbx.lines().own(1001, "211", Redirect::none());
    world.tenant.put(1001, saying("@@Intern: 210"));
    let (leads, problems) = after(&world, saying("@@Intern: 211")).await;
    assert_eq!(leads[0], "211", "the lower account is served");
    assert_eq!(world.pbx.lines().shows("211"), Redirect::none());
    assert!(problems.iter().any(|problem| problem.ends_with("calls would come back to the member")), "{problems:?}");
}

#[tokio::test]
async fn a_number_hidden_by_zero_width_characters_is_not_clear() {
    for hidden in ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}', '\u{202e}'] {
        refused(&format!("@@Extern: 09{hidden}00123456"), "the number behind the tag is not clear").await;
    }
}

#[tokio::test]
async fn a_number_that_breaks_the_grammar_is_never_guessed() {
    for text in [
        "@@Extern: +41+79",
        "@@Extern: 0(0)791111111",
        "@@Extern: 079 - 1111111",
        "@@Extern: [0791111111]",
        "@@Extern:",
    ] {
        refused(text, "the number behind the tag is not clear").await;
    }
}

#[tokio::test]
async fn the_first_tag_wins_also_when_it_is_bad() {
    refused("@@Extern: 0900123456\n@@Extern: +41791111111", "the target is denied by \"0900*\"").await;
}
