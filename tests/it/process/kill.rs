//! `kill -9` exactly between two steps: the PBX ends as without it.

use super::site::{ANNA, BEAT, Site};

#[tokio::test]
async fn killed_between_putting_and_confirming_the_service_ends_as_without_it() {
    let site = Site::new().await;
    site.person_sets(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕");
    let meeting = site.begin(ANNA, "Muster AG");
    let gate = site.pbx.hold_after_apply();
    let service = site.start();
    gate.reached().await;
    service.kill().await;
    drop(gate);
    assert_eq!(site.pbx.shows(ANNA).unwrap().chat_presence_message, "Muster AG", "the write took effect");
    let service = site.start();
    site.begin(BEAT, "A sign of life");
    site.shows(BEAT, "AWAY", "A sign of life").await;
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.tenant.delete(&meeting);
    site.shows(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕").await;
    service.terminate().await;
}

#[tokio::test]
async fn killed_between_recording_and_putting_the_service_ends_as_without_it() {
    let site = Site::new().await;
    site.person_sets(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕");
    let meeting = site.begin(ANNA, "Muster AG");
    let gate = site.pbx.hold_before_apply();
    let service = site.start();
    gate.reached().await;
    service.kill().await;
    drop(gate);
    assert_eq!(site.pbx.shows(ANNA).unwrap().chat_presence_message, "Im Homeoffice ☕", "the write was lost");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.tenant.delete(&meeting);
    site.shows(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕").await;
    service.terminate().await;
}

#[tokio::test]
async fn killed_between_taking_off_and_dropping_the_hold_the_service_ends_as_without_it() {
    let site = Site::new().await;
    site.person_sets(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕");
    let meeting = site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let gate = site.pbx.hold_after_apply();
    site.tenant.delete(&meeting);
    gate.reached().await;
    service.kill().await;
    drop(gate);
    // What the person chooses now is the person's, although a hold that was not dropped lies in the journal.
    site.person_sets(ANNA, "DO_NOT_DISTURB", "Bitte nicht stören");
    let service = site.start();
    let next = site.begin(ANNA, "Kunde ABC");
    site.shows(ANNA, "AWAY", "Kunde ABC").await;
    site.tenant.delete(&next);
    site.shows(ANNA, "DO_NOT_DISTURB", "Bitte nicht stören").await;
    service.terminate().await;
}

#[tokio::test]
async fn killed_before_a_take_off_lands_the_next_start_takes_off() {
    let site = Site::new().await;
    site.person_sets(ANNA, "AVAILABLE", "Before");
    let meeting = site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let gate = site.pbx.hold_before_apply();
    site.tenant.delete(&meeting);
    gate.reached().await;
    service.kill().await;
    drop(gate);
    let service = site.start();
    site.shows(ANNA, "AVAILABLE", "Before").await;
    service.terminate().await;
}

#[tokio::test]
async fn a_write_that_lands_after_the_service_was_killed_is_taken_off_too() {
    let site = Site::new().await;
    site.person_sets(ANNA, "AVAILABLE", "Before");
    let meeting = site.begin(ANNA, "Muster AG");
    let gate = site.pbx.hold_before_apply();
    let service = site.start();
    gate.reached().await;
    service.kill().await;
    site.tenant.delete(&meeting);
    gate.release();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let service = site.start();
    site.shows(ANNA, "AVAILABLE", "Before").await;
    service.terminate().await;
}
