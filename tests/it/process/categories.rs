//! Outlook categories: by hand, by the service, and in `check`.

use std::process::Output;

use serde_json::Value;
use starface_calendar::rules::AccountId;
use starface_calendar::sim::Times;
use starface_calendar::sim::pbx::Person;
use starface_calendar::sim::tenant::{Access, Fault, Grant, Resource, Whom};

use super::site::{ANNA, BEAT, Site, address};

/// The first name of every switch, as it is created.
const OURS: [&str; 7] = [
    "_SF_Ignorieren",
    "_SF_Funktionstasten_aktivieren",
    "_SF_DND_aktivieren",
    "_SF_AUL_intern_aktivieren",
    "_SF_AUL_extern_aktivieren",
    "_SF_Voicemail_intern_aktivieren",
    "_SF_Voicemail_extern_aktivieren",
];

const SECRET: &str = "GEHEIMES-WORT";

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn names(site: &Site, account: AccountId) -> Vec<String> {
    site.tenant.categories(&address(account)).into_iter().map(|(name, _)| name).collect()
}

/// The words of the line about a mailbox.
#[track_caller]
fn line(output: &Output, account: AccountId) -> String {
    let text = out(output);
    let mailbox = address(account).to_string();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(&mailbox)).collect();
    assert_eq!(lines.len(), 1, "{text}");
    lines[0].split_once("Muster  ").unwrap().1.trim().to_owned()
}

fn join(site: &Site, account: AccountId, email: &str) {
    site.pbx.add_member(Person {
        account,
        login: account.to_string(),
        first_name: "Carla".to_owned(),
        family_name: "Muster".to_owned(),
        email: email.to_owned(),
    });
}

#[tokio::test]
async fn missing_categories_are_added_everywhere_and_what_is_there_stays() {
    let site = Site::new().await;
    site.tenant.add_category(&address(ANNA), SECRET);
    site.tenant.add_category(&address(ANNA), "_sf_ignorieren");
    let output = site.output(&["categories", "add"]).await;
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    assert_eq!(line(&output, BEAT), format!("created: {}", OURS.join(", ")));
    assert_eq!(line(&output, ANNA), format!("created: {}", OURS[1..].join(", ")));
    assert!(out(&output).ends_with("2 mailboxes, 2 changed, 0 failed.\n"), "{}", out(&output));
    assert!(!out(&output).contains(SECRET), "{}", out(&output));
    assert_eq!(err(&output), "", "progress is for a terminal");
    assert_eq!(names(&site, BEAT), OURS);
    assert_eq!(names(&site, ANNA)[..2], [SECRET, "_sf_ignorieren"]);
    assert!(site.tenant.categories(&address(BEAT)).iter().all(|(_, color)| color == "preset1"), "orange");
    let again = site.output(&["categories", "add"]).await;
    assert_eq!((code(&again), line(&again, ANNA)), (Some(0), "nothing to do".to_owned()));
    assert!(site.pbx.writes().is_empty());
}

#[tokio::test]
async fn the_list_shows_accepted_names_only() {
    let site = Site::new().await;
    site.tenant.add_category(&address(ANNA), SECRET);
    site.tenant.add_category(&address(ANNA), " _SF_Voicemail_extern_aktiviern");
    let output = site.output(&["categories", "list", "--member", "1010"]).await;
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    let missing = OURS[..6].join(", ");
    let expected = format!("there: _SF_Voicemail_extern_aktiviern; missing: {missing}; 1 other category");
    assert_eq!(line(&output, ANNA), expected);
    assert!(!out(&output).contains(&address(BEAT).to_string()), "only the member who was named");
    assert_eq!(names(&site, ANNA).len(), 2, "nothing is changed");
}

#[tokio::test]
async fn removing_takes_every_accepted_name_away_and_says_that_the_service_puts_them_back() {
    let site = Site::new().await;
    for name in [SECRET, "_SF_Ignorieren", "_SF_Voicemail_extern_aktiviern"] {
        site.tenant.add_category(&address(ANNA), name);
    }
    let output = site.output(&["categories", "remove"]).await;
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    assert_eq!(line(&output, ANNA), "removed: _SF_Ignorieren, _SF_Voicemail_extern_aktiviern");
    assert_eq!(line(&output, BEAT), "nothing to do");
    assert_eq!(names(&site, ANNA), [SECRET]);
    assert!(out(&output).contains("rules.categories.create"), "{}", out(&output));
    site.write_settings("[rules.categories]\ncreate = false\n");
    site.tenant.add_category(&address(ANNA), "_SF_Ignorieren");
    let output = site.output(&["categories", "remove"]).await;
    assert!(!out(&output).contains("rules.categories.create"), "{}", out(&output));
}

#[tokio::test]
async fn a_mailbox_that_fails_is_named_and_stops_no_other() {
    let site = Site::new().await;
    site.tenant.restrict(&address(ANNA), Access::Denied);
    for what in ["add", "list", "remove"] {
        let output = site.output(&["categories", what]).await;
        assert_eq!(code(&output), Some(1), "{}", err(&output));
        assert!(line(&output, ANNA).contains("MailboxSettings.Read"), "{}", out(&output));
        assert!(!line(&output, BEAT).contains("failed"), "{}", out(&output));
        assert!(out(&output).contains("1 failed"), "{}", out(&output));
    }
}

#[tokio::test]
async fn without_a_permission_every_line_says_what_helps() {
    let site = Site::new().await;
    site.tenant.withdraw(Grant::WriteMailboxSettings);
    let output = site.output(&["categories", "add"]).await;
    assert_eq!(code(&output), Some(1));
    for account in [ANNA, BEAT] {
        let words = line(&output, account);
        assert!(words.starts_with("failed to change the Outlook categories"), "{words}");
        assert!(words.contains("MailboxSettings.ReadWrite"), "{words}");
    }
    assert_eq!(code(&site.output(&["categories", "list"]).await), Some(0), "reading is allowed");
}

#[tokio::test]
async fn a_call_that_is_throttled_is_made_again() {
    let site = Site::new().await;
    site.tenant.fail(Whom::Everybody, Fault::Throttled("0.01".to_owned()), Times::Next(1));
    let output = site.output(&["categories", "add"]).await;
    assert_eq!(code(&output), Some(0), "{}", out(&output));
}

#[tokio::test]
async fn when_nobody_is_answered_every_mailbox_is_named_and_no_further_batch_is_asked() {
    let site = Site::new().await;
    for account in (1012..1052).map(AccountId) {
        join(&site, account, &address(account).to_string());
    }
    site.tenant.fail(Whom::Everybody, Fault::Throttled("0.01".to_owned()), Times::Always);
    let output = site.output(&["categories", "add"]).await;
    assert_eq!(code(&output), Some(1));
    for account in (1010..1052).map(AccountId) {
        assert!(line(&output, account).contains("429 TooManyRequests"), "{}", out(&output));
    }
    assert_eq!(site.tenant.counts().batches, 4, "a bounded number of tries");
}

#[tokio::test]
async fn a_member_is_named_as_everywhere_and_one_without_an_address_has_no_mailbox() {
    let site = Site::new().await;
    join(&site, AccountId(1012), "");
    join(&site, AccountId(1013), &address(ANNA).to_string());
    for member in ["1011", "id:1011", "M1011@firma.example"] {
        assert_eq!(code(&site.output(&["categories", "list", "--member", member]).await), Some(0), "{member}");
    }
    let output = site.output(&["categories", "list", "--member", "m1010@firma.example"]).await;
    assert_eq!(code(&output), Some(2));
    assert!(err(&output).contains("id:1010") && err(&output).contains("id:1013"), "{}", err(&output));
    let output = site.output(&["categories", "list", "--member", "nobody"]).await;
    assert_eq!(code(&output), Some(1));
    assert!(err(&output).contains("find a member called \"nobody\""), "{}", err(&output));
    let output = site.output(&["categories", "add", "--member", "1012"]).await;
    assert_eq!(code(&output), Some(1));
    assert!(out(&output).contains("has no e-mail address"), "{}", out(&output));
    let output = site.output(&["categories", "add"]).await;
    assert_eq!(code(&output), Some(0), "a telephone without a mailbox is no failure");
    assert!(out(&output).contains("has no e-mail address"), "{}", out(&output));
    assert!(out(&output).contains("Anna Muster, Carla Muster"), "two members, one mailbox, one line: {}", out(&output));
    assert_eq!(code(&site.output(&["categories"]).await), Some(2), "usage");
    assert_eq!(code(&site.output(&["categories", "clear"]).await), Some(2), "usage");
}

#[tokio::test]
async fn many_mailboxes_take_batches_of_twenty_and_the_removal_list_is_not_filled() {
    let site = Site::new().await;
    for account in (1012..1057).map(AccountId) {
        site.tenant.add_mailbox(&address(account));
        join(&site, account, &address(account).to_string());
    }
    site.write_settings(&format!(
        "[rules.categories]\nallow = [\"ignore\"]\nremove_from = [\"{}\"]\n",
        address(AccountId(1030))
    ));
    let output = site.output(&["categories", "add"]).await;
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    assert!(line(&output, AccountId(1030)).contains("rules.categories.remove_from"), "{}", out(&output));
    assert!(out(&output).ends_with("47 mailboxes, 46 changed, 0 failed.\n"), "{}", out(&output));
    let asked = site.tenant.asked();
    let calls: std::collections::BTreeSet<u64> =
        asked.iter().filter(|one| one.resource == Resource::Categories).map(|one| one.call).collect();
    assert_eq!(calls.len(), 6, "a list and a change for each batch");
    assert_eq!(site.tenant.busy_max(&address(ANNA)), 1);
}

#[tokio::test]
async fn the_service_creates_what_is_missing_and_clears_the_removal_list() {
    let site = Site::new().await;
    let stranger = "former@firma.example".parse().unwrap();
    site.tenant.add_mailbox(&stranger);
    for name in [SECRET, "_SF_DND_aktivieren"] {
        site.tenant.add_category(&stranger, name);
        site.tenant.add_category(&address(ANNA), name);
    }
    site.write_settings("[rules.categories]\nremove_from = [\"former@firma.example\"]\n[log]\nlevel = \"trace\"\n");
    let service = site.start();
    // The lists are looked after beside the calendars, so the test waits for the last change of each.
    let done = |account| names(&site, account).len() == 7 + usize::from(account == ANNA);
    asked_until(&site, || done(ANNA) && done(BEAT) && site.tenant.categories(&stranger).len() == 1).await;
    assert_eq!(names(&site, BEAT), OURS);
    assert_eq!(names(&site, ANNA)[..2], [SECRET, "_SF_DND_aktivieren"]);
    assert_eq!(site.tenant.categories(&stranger)[0].0, SECRET);
    let by_hand = site.output(&["categories", "list"]).await;
    assert_eq!((code(&by_hand), line(&by_hand, BEAT).contains("missing: none")), (Some(0), true), "{}", out(&by_hand));
    let status: Value = serde_json::from_slice(&site.output(&["status", "--json"]).await.stdout).unwrap();
    assert_eq!(status["problems"], Value::Array(vec![]));
    // A mailbox whose categories are being looked after is not read, so whoever is put on tells that they were.
    site.begin(BEAT, "A sign of life");
    site.shows(BEAT, "AWAY", "A sign of life").await;
    let (_, log) = service.terminate().await;
    assert!(!log.contains(SECRET), "{log}");
    assert_eq!(log.matches("The Outlook categories of a member were changed.").count(), 2, "{log}");
    // What was looked after is not asked for again at the next start.
    let asked = |site: &Site| site.tenant.asked().iter().filter(|one| one.resource == Resource::Categories).count();
    let before = asked(&site);
    let service = site.start();
    site.begin(ANNA, "Another sign");
    site.shows(ANNA, "AWAY", "Another sign").await;
    assert_eq!(asked(&site), before);
    service.terminate().await;
}

#[tokio::test]
async fn a_missing_permission_is_said_once_and_appointments_go_on() {
    let site = Site::new().await;
    site.tenant.withdraw(Grant::WriteMailboxSettings);
    site.tenant.withdraw(Grant::ReadMailboxSettings);
    let service = site.start();
    asked_until(&site, || site.tenant.asked().iter().any(|one| one.resource == Resource::Categories)).await;
    // A mailbox whose categories are being looked after is not read, so whoever is put on tells that they were.
    site.begin(ANNA, "Muster AG");
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.begin(BEAT, "Later");
    site.shows(BEAT, "AWAY", "Later").await;
    let status: Value = serde_json::from_slice(&site.output(&["status", "--json"]).await.stdout).unwrap();
    let problems = status["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{status}");
    assert_eq!(problems[0]["kind"], "categories");
    assert!(problems[0]["text"].as_str().unwrap().contains("MailboxSettings.Read"), "{status}");
    let (_, log) = service.terminate().await;
    assert_eq!(log.matches("Outlook categories cannot be looked after").count(), 1, "{log}");
}

/// Waits until the tenant was asked for what it should.
async fn asked_until(site: &Site, is_so: impl Fn() -> bool) {
    while !is_so() {
        // Every call that is held and released is a sign that time has passed.
        let gate = site.tenant.hold(Whom::Everybody, 1);
        gate.reached().await;
        gate.release();
    }
}

async fn check(site: &Site) -> (Option<i32>, Vec<(String, String, String)>) {
    let output = site.output(&["check", "--json"]).await;
    let lines: Value = serde_json::from_slice(&output.stdout).unwrap();
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let categories = lines.as_array().unwrap().iter().filter(|line| line["subject"] == "categories");
    (code(&output), categories.map(|line| (word(line, "health"), word(line, "text"), word(line, "helps"))).collect())
}

#[tokio::test]
async fn check_tells_in_one_line_whether_categories_can_be_changed_and_what_helps() {
    let site = Site::new().await;
    site.tenant.add_category(&address(ANNA), SECRET);
    let (code, lines) = check(&site).await;
    assert_eq!(code, Some(0), "{lines:?}");
    assert_eq!(lines, [("ok".to_owned(), "can be changed in 2 of 2 mailboxes".to_owned(), String::new())]);
    assert_eq!(names(&site, ANNA), [SECRET], "nothing is changed");
    assert!(names(&site, BEAT).is_empty());

    site.tenant.withdraw(Grant::WriteMailboxSettings);
    let (code, lines) = check(&site).await;
    assert_eq!((code, lines.len()), (Some(0), 1), "everything else works: {lines:?}");
    let (health, text, helps) = &lines[0];
    assert_eq!(health, "warning");
    assert_eq!(text, "can be read but not changed in 2 of 2 mailboxes, such as m1010@firma.example");
    assert!(helps.contains("MailboxSettings.ReadWrite") && helps.contains("rules.categories.create"), "{helps}");

    site.tenant.withdraw(Grant::ReadMailboxSettings);
    let (_, lines) = check(&site).await;
    assert!(lines[0].1.starts_with("can neither be read nor changed in 2 of 2"), "{lines:?}");

    site.write_settings("[rules.categories]\ncreate = false\n");
    let (_, lines) = check(&site).await;
    assert_eq!((lines.len(), lines[0].0.as_str()), (1, "ok"), "{lines:?}");

    site.tenant.grant(Grant::WriteMailboxSettings);
    site.write_settings("");
    site.tenant.remove_mailbox(&address(ANNA));
    let (_, lines) = check(&site).await;
    assert_eq!((lines[0].0.as_str(), lines[0].1.as_str()), ("ok", "can be changed in 1 of 2 mailboxes"));
    site.tenant.remove_mailbox(&address(BEAT));
    let (_, lines) = check(&site).await;
    assert_eq!((lines[0].0.as_str(), lines[0].1.as_str()), ("warning", "none of the mailboxes can be found"));

    site.tenant.add_mailbox(&address(ANNA));
    site.tenant.add_mailbox(&address(BEAT));
    site.write_settings("[rules.categories]\ncreate = false\nremove_from = [\"typo@firma.example\"]\n");
    let (code, lines) = check(&site).await;
    assert_eq!((code, lines.len(), lines[0].0.as_str()), (Some(0), 1, "warning"), "{lines:?}");
    let (_, text, helps) = &lines[0];
    assert!(text.starts_with("typo@firma.example stands in rules.categories.remove_from"), "{text}");
    assert!(helps.contains("take it out of the list"), "{helps}");
}

#[tokio::test]
async fn a_member_who_signs_in_with_another_name_is_followed_and_without_the_permission_the_problem_says_so() {
    let site = Site::new().await;
    let login = "am@corp.example".parse().unwrap();
    site.tenant.remove_mailbox(&address(ANNA));
    site.tenant.add_mailbox_of(&login, &address(ANNA));
    let (code, _) = check(&site).await;
    assert_eq!(code, Some(0), "the mailbox is found by its mail address");
    let now = starface_calendar::clock::Clock::now(&starface_calendar::clock::SystemClock);
    let hour = chrono::TimeDelta::hours(1);
    let appointment = starface_calendar::sim::tenant::Appointment::timed(now - hour, now + hour);
    site.tenant.put(&login, appointment.subject("Muster AG"));
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    service.terminate().await;
    site.tenant.withdraw(Grant::ReadUsers);
    let output = site.output(&["check"]).await;
    assert_eq!(output.status.code(), Some(3));
    assert!(out(&output).contains("User.ReadBasic.All"), "{}", out(&output));
}
