//! `plan` and `explain`: what would happen and why, and that nothing is written to say so.

use std::process::Output;

use chrono::TimeDelta;
use serde_json::Value;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::rules::AccountId;
use starface_calendar::sim::pbx::Person;
use starface_calendar::sim::tenant::{Access, Appointment, Sensitivity};

use super::site::{ANNA, BEAT, Site, address};

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Runs a command that must go well and write nothing anywhere; returns its JSON.
async fn json(site: &Site, words: &[&str]) -> Value {
    let output = site.output(&[words, &["--json"]].concat()).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(site.pbx.writes().is_empty(), "{:?}", site.pbx.writes());
    assert!(site.tenant.asked().iter().all(|one| one.method == "GET" || one.address.is_none()));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A document of a command must be as its schema says.
fn fits(schema: &str, document: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(document).map(|error| format!("{error}")).collect();
    assert!(errors.is_empty(), "{errors:?}\n{document:#}");
}

fn in_an_hour() -> Appointment {
    let now = SystemClock.now();
    Appointment::timed(now + TimeDelta::hours(1), now + TimeDelta::hours(2))
}

/// The steps of a member, each as field, from and to.
fn steps(plan: &Value, member: usize) -> Vec<String> {
    let word = |step: &Value, key: &str| step[key].as_str().unwrap_or_default().to_owned();
    let told = |step: &Value| format!("{}: {} -> {}", word(step, "field"), word(step, "from"), word(step, "to"));
    plan["members"][member]["steps"].as_array().unwrap().iter().map(told).collect()
}

#[tokio::test]
async fn what_would_happen_is_told_before_any_service_runs_and_nothing_is_written() {
    let site = Site::new().await;
    site.tenant.put(&address(ANNA), in_an_hour().subject("Muster AG"));
    site.tenant.put(&address(ANNA), in_an_hour().subject("Privat").category("_SF_Ignorieren"));
    let plan = json(&site, &["plan"]).await;
    assert_eq!(
        steps(&plan, 0),
        ["presence: AVAILABLE -> AWAY", "text:  -> Muster AG", "presence: AWAY -> AVAILABLE", "text: Muster AG -> "]
    );
    fits(include_str!("../../data/json/plan.schema.json"), &plan);
    let anna = &plan["members"][0];
    assert_eq!(anna["steps"][0]["why"], "an entry is active");
    assert_eq!(anna["not_counting"][0]["reason"], "it carries the ignore category");
    assert_eq!(steps(&plan, 1), [""; 0]);
    assert!(!site.folder.path().join("state").exists(), "no journal is begun");
    let words = out(&site.output(&["plan"]).await);
    assert!(words.contains("4 things would change for 1 member. Nothing was written."), "{words}");
    assert!(words.contains("Would not count:") && words.contains("it carries the ignore category"), "{words}");
    assert!(words.contains("Nothing would change for 1 other member."), "{words}");
}

#[tokio::test]
async fn what_a_running_service_holds_is_neither_put_on_again_nor_taken_for_the_member_s_own() {
    let site = Site::new().await;
    site.person_sets(ANNA, "FREE_FOR_CHAT", "Im Büro");
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let output = site.output(&["plan", "--member", "1010", "--json"]).await;
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(steps(&plan, 0), ["presence: AWAY -> FREE_FOR_CHAT", "text: Muster AG -> Im Büro"]);
    assert_eq!(plan["members"].as_array().unwrap().len(), 1);
    service.terminate().await;
}

#[tokio::test]
async fn problems_that_can_already_be_seen_are_told_and_spoil_nobody_else_s_plan() {
    let site = Site::new().await;
    site.pbx.add_member(Person {
        account: AccountId(1012),
        login: "1012".to_owned(),
        first_name: "Carla".to_owned(),
        family_name: "Kurz".to_owned(),
        email: String::new(),
    });
    site.tenant.restrict(&address(BEAT), Access::Denied);
    site.pbx.give_number(ANNA, "0041712345610".parse().unwrap());
    let bad = in_an_hour().subject("Kunde").category("_SF_AUL_extern_aktivieren").body("@@Extern: 0900 123456");
    site.tenant.put(&address(ANNA), bad);
    let plan = json(&site, &["plan", "--days", "7"]).await;
    fits(include_str!("../../data/json/plan.schema.json"), &plan);
    let problem = |member: usize| plan["members"][member]["problems"][0].as_str().unwrap_or_default().to_owned();
    assert!(problem(0).contains("the target is denied by \"0900*\""), "{}", problem(0));
    assert!(problem(1).starts_with("the calendar cannot be read: "), "{}", problem(1));
    assert_eq!(problem(2), "has no e-mail address in STARFACE, so no calendar is followed");
    assert_eq!(steps(&plan, 0).len(), 4);
}

#[tokio::test]
async fn two_settings_are_compared_by_whose_week_would_change() {
    let site = Site::new().await;
    site.tenant.put(&address(ANNA), in_an_hour().subject("Muster AG"));
    let text = std::fs::read_to_string(site.settings_file()).unwrap();
    let other = site.folder.path().join("other.toml");
    std::fs::write(&other, text.replace("[rules]\n", "[rules]\nchat_indicator = \"none\"\n")).unwrap();
    let compared = json(&site, &["plan", "--against", other.to_str().unwrap()]).await;
    fits(include_str!("../../data/json/compared.schema.json"), &compared);
    assert_eq!(compared["same"], 1);
    let anna = &compared["members"][0];
    assert_eq!((&anna["account"], anna["only_then"].as_array().unwrap().len()), (&1010.into(), 0));
    let fields: Vec<_> = anna["only_now"].as_array().unwrap().iter().map(|step| &step["field"]).collect();
    assert_eq!(fields, ["presence", "presence"]);
    let words = out(&site.output(&["plan", "--against", other.to_str().unwrap()]).await);
    assert!(words.contains("the other settings would change 1 member's plan; 1 is the same."), "{words}");
}

#[tokio::test]
async fn a_running_service_explains_a_member_without_a_title() {
    let site = Site::new().await;
    site.begin(ANNA, "GEHEIMER-TITEL");
    let private = in_an_hour().subject("GEHEIM").sensitivity(Sensitivity::Private).category("_SF_Ignorieren");
    site.tenant.put(&address(ANNA), private);
    let service = site.start();
    site.shows(ANNA, "AWAY", "GEHEIMER-TITEL").await;
    let output = site.output(&["explain", "1010", "--json"]).await;
    let explanation: Value = serde_json::from_slice(&output.stdout).unwrap();
    fits(include_str!("../../data/json/explain.schema.json"), &explanation);
    let history = site.output(&["history", "--json"]).await;
    fits(include_str!("../../data/json/history.schema.json"), &serde_json::from_slice(&history.stdout).unwrap());
    assert_eq!(explanation["account"], 1010);
    let entries = explanation["entries"].as_array().unwrap();
    let governs: Vec<_> = entries.iter().map(|entry| (&entry["governs"], &entry["counts"])).collect();
    assert_eq!(governs, [(&true.into(), &true.into()), (&false.into(), &false.into())]);
    assert_eq!(explanation["wish"]["presence"], "AWAY");
    assert_eq!(explanation["holds"][0]["under"], "AVAILABLE");
    let words = out(&site.output(&["explain", "1010"]).await);
    assert!(words.contains("governs: busy") && words.contains("does not count: it carries the ignore"), "{words}");
    assert!(!words.contains("GEHEIM") && !out(&output).contains("GEHEIM"), "{words}");
    let unknown = site.output(&["explain", "nobody"]).await;
    assert_eq!(unknown.status.code(), Some(1));
    service.terminate().await;
}
