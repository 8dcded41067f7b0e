//! A service that has died: the module puts back what was there, and the service that returns agrees with it.

use chrono::TimeDelta;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::journal::{Journal, SqliteJournal};

use super::site::{ANNA, BEAT, Site};

#[tokio::test]
async fn what_a_dead_service_held_is_put_back_by_the_module_and_dropped_by_the_next_service() {
    let site = Site::new().await;
    site.person_sets(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕");
    let meeting = site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    // Whatever is acted on later shows that Anna's hold is confirmed.
    let sign = site.begin(BEAT, "A sign of life");
    site.shows(BEAT, "AWAY", "A sign of life").await;
    service.kill().await;
    // The entry lasts an hour; the module waits for another quarter of one.
    site.pbx.tick(SystemClock.now() + TimeDelta::minutes(70));
    site.shows(ANNA, "AWAY", "Muster AG").await;
    site.pbx.tick(SystemClock.now() + TimeDelta::minutes(80));
    site.shows(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕").await;
    site.tenant.delete(&meeting);
    site.tenant.delete(&sign);
    site.begin(BEAT, "Another sign");
    // The module's event about it is taken, and harms nobody.
    let service = site.start();
    site.shows(BEAT, "AWAY", "Another sign").await;
    site.shows(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕").await;
    assert_eq!(service.terminate().await.0, Some(0));
    let (journal, _) = SqliteJournal::open(&site.folder.path().join("state/state.db"), SystemClock.now()).unwrap();
    let holds = journal.load().await.unwrap().holds;
    assert!(holds.iter().all(|hold| hold.account == BEAT), "{holds:?}");
}
