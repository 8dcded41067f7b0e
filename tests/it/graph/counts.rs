//! What is counted of the requests to Microsoft.

use std::time::Duration;

use serde_json::json;
use starface_calendar::graph::{Calendars, Config, GraphClient, MasterCategories};
use starface_calendar::meter::Meter;

use super::tenant::{Deed, SetClock, Tenant, many, requests};
use crate::metrics::value;

fn measured(tenant: &Tenant) -> (GraphClient, Meter) {
    let meter = Meter::default();
    let config = Config { meter: meter.clone(), ..tenant.config(Duration::from_secs(2)) };
    (GraphClient::new(config, SetClock::new()).unwrap(), meter)
}

fn requested(meter: &Meter, kind: &str, status: &str) -> f64 {
    value(meter, &format!("graph_requests_total{{kind=\"{kind}\",status=\"{status}\"}}"))
}

#[tokio::test]
async fn a_token_a_batch_and_each_mailbox_in_it_are_counted_by_their_status() {
    let tenant = Tenant::start(|call, _| {
        Deed::json(&call.calendars(|url| {
            let status = if url.contains("m1@") {
                403
            } else if url.contains("m2@") {
                429
            } else {
                200
            };
            json!({"status": status, "body": {"value": []}})
        }))
    })
    .await;
    let (client, meter) = measured(&tenant);
    client.read(&many(5)).await.unwrap();
    assert_eq!(requested(&meter, "token", "200"), 1.0);
    assert_eq!(requested(&meter, "batch", "200"), 1.0);
    assert_eq!(requested(&meter, "calendars", "200"), 3.0);
    assert_eq!(requested(&meter, "calendars", "403"), 1.0);
    assert_eq!(requested(&meter, "calendars", "429"), 1.0);
    assert_eq!(value(&meter, "graph_throttled_total"), 1.0);
    client.list(&["m0@example.de".parse().unwrap()]).await.unwrap();
    assert_eq!(requested(&meter, "categories", "200"), 1.0);
    assert_eq!(requested(&meter, "batch", "200"), 2.0);
}

#[tokio::test]
async fn whoever_is_looked_up_is_counted_as_a_user() {
    let tenant = Tenant::start(|call, _| Deed::json(&call.calendars(|_| json!({"status": 404, "body": {}})))).await;
    let (client, meter) = measured(&tenant);
    drop(client.read(&requests(&["anna@example.de"])).await);
    assert_eq!(requested(&meter, "users", "200"), 1.0);
}

#[tokio::test]
async fn a_call_that_is_throttled_refused_or_never_answered_is_counted_too() {
    let tenant = Tenant::start(|_, before| match before {
        0 => Deed::status(429, ""),
        1 => Deed::status(500, ""),
        _ => Deed::Silence,
    })
    .await;
    let (client, meter) = measured(&tenant);
    for _ in 0..3 {
        client.read(&requests(&["anna@example.de"])).await.unwrap_err();
    }
    for status in ["429", "500", "none"] {
        assert_eq!(requested(&meter, "batch", status), 1.0, "{status}");
    }
    assert_eq!(value(&meter, "graph_throttled_total"), 1.0);
    assert_eq!(requested(&meter, "token", "200"), 1.0);
}

#[tokio::test]
async fn nothing_of_a_person_stands_in_the_text() {
    let tenant = Tenant::start(|call, _| Deed::json(&call.empty_calendars())).await;
    let (client, meter) = measured(&tenant);
    client.read(&requests(&["anna@example.de"])).await.unwrap();
    let text = meter.text(&starface_calendar::meter::Gauges::default());
    for word in ["anna", "example.de", "tenant-1", "app-1", "token-1"] {
        assert!(!text.contains(word), "{word}");
    }
}
