//! `check` as a person and a script see it.

use serde_json::Value;
use starface_calendar::rules::AccountId;
use starface_calendar::secret::Secret;
use starface_calendar::sim::pbx::{Person, Setup};
use starface_calendar::sim::tenant::Bodies;

use super::site::{ANNA, BEAT, Site, address, program};

async fn lines(site: &Site, words: &[&str]) -> (Option<i32>, Vec<(String, String)>) {
    let output = site.output(words).await;
    let text = String::from_utf8(output.stdout).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let word = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let lines = json.as_array().unwrap().iter().map(|line| (word(line, "subject"), word(line, "health"))).collect();
    (output.status.code(), lines)
}

fn health<'a>(lines: &'a [(String, String)], subject: &str) -> Vec<&'a str> {
    lines.iter().filter(|(named, _)| named == subject).map(|(_, health)| health.as_str()).collect()
}

#[tokio::test]
async fn a_site_in_order_is_ok_in_every_line_and_ends_with_0() {
    let site = Site::new().await;
    let (code, lines) = lines(&site, &["check", "--json"]).await;
    assert_eq!(code, Some(0), "{lines:?}");
    for subject in ["settings file", "token", "clock", "PBX log-in", "module", "group", "mailboxes"] {
        assert_eq!(health(&lines, subject), ["ok"], "{subject}: {lines:?}");
    }
    assert!(site.pbx.writes().is_empty(), "nothing is written");
}

#[tokio::test]
async fn what_fails_is_told_line_by_line_and_ends_with_3() {
    let site = Site::new().await;
    site.tenant.remove_mailbox(&address(BEAT));
    site.pbx.add_member(Person {
        account: AccountId(1012),
        login: "1012".to_owned(),
        first_name: "Carla".to_owned(),
        family_name: "Kurz".to_owned(),
        email: String::new(),
    });
    let (code, lines) = lines(&site, &["check", "--json"]).await;
    assert_eq!(code, Some(3), "{lines:?}");
    assert_eq!(health(&lines, "mailbox"), ["failed"]);
    assert_eq!(health(&lines, "address"), ["warning"]);
    assert_eq!(health(&lines, "mailboxes"), ["ok"]);
}

#[tokio::test]
async fn a_wrong_key_and_an_expired_secret_are_told_both() {
    let site = Site::new().await;
    site.pbx.set_up_anew(Setup { key: Secret::new("another key"), ..site.pbx.setup() });
    site.tenant.expire_secret();
    let output = site.output(&["check"]).await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{text}");
    let failed: Vec<&str> = text.lines().filter(|line| line.starts_with("failed")).collect();
    assert_eq!(failed.len(), 2, "{text}");
    assert!(failed[0].contains("expired"), "{text}");
    assert!(failed[1].contains("key"), "{text}");
    assert!(text.contains("what helps:"), "{text}");
}

#[tokio::test]
async fn texts_that_the_app_may_not_read_are_a_warning_while_tags_are_allowed() {
    let site = Site::new().await;
    site.begin(ANNA, "Kunde ABC");
    assert_eq!(health(&lines(&site, &["check", "--json"]).await.1, "texts"), ["ok"]);
    site.tenant.give_bodies(Bodies::Withheld);
    let (code, lines_found) = lines(&site, &["check", "--json"]).await;
    assert_eq!((code, health(&lines_found, "texts")), (Some(0), vec!["warning"]));
    for off in ["[rules.tags]\nallow = []", "[rules.categories]\nenabled = false"] {
        site.write_settings(off);
        let (code, lines_found) = lines(&site, &["check", "--json"]).await;
        assert_eq!((code, health(&lines_found, "texts")), (Some(0), vec!["ok"]), "{off}");
    }
    let asked_for_texts = |one: &starface_calendar::sim::tenant::Asked| {
        one.select.as_deref().map(|select| select.split(',').any(|name| name == "body"))
    };
    let asked: Vec<bool> = site.tenant.asked().iter().filter_map(asked_for_texts).collect();
    assert_eq!(asked, [true, true, true, true, false, false, false, false], "two mailboxes in each of four checks");
}

#[tokio::test]
async fn offline_nobody_is_asked() {
    let site = Site::new().await;
    let (code, lines) = lines(&site, &["check", "--offline", "--json"]).await;
    assert_eq!(code, Some(0));
    assert_eq!(health(&lines, "settings file"), ["ok"]);
    assert_eq!(health(&lines, "token"), [""; 0]);
    assert_eq!((site.tenant.counts().calls, site.pbx.calls().len()), (0, 0));
}

#[tokio::test]
async fn the_settings_file_may_be_named_before_or_after_the_command() {
    let site = Site::new().await;
    let file = site.settings_file();
    let file = file.to_str().unwrap();
    for words in [["--config", file, "check", "--offline"], ["check", "--config", file, "--offline"]] {
        let output = program(&words).output().await.unwrap();
        assert_eq!(output.status.code(), Some(0), "{words:?}");
    }
    let nonsense = program(&["check", "--nonsense"]).output().await.unwrap();
    assert_eq!(nonsense.status.code(), Some(2), "a usage error");
}
