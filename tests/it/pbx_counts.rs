//! What is counted of the calls to the module.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use starface_calendar::meter::Meter;
use starface_calendar::pbx::{Config, Pbx};
use starface_calendar::rules::AccountId;

use crate::metrics::value;
use crate::pbx::{available, client_of, config, module, refusal};

fn called(meter: &Meter, method: &str, outcome: &str) -> f64 {
    value(meter, &format!("pbx_calls_total{{method=\"{method}\",outcome=\"{outcome}\"}}"))
}

#[tokio::test]
async fn calls_are_counted_by_entry_point_and_by_how_they_ended() {
    let server = module(|call| async move {
        match call.method.rsplit('.').next().unwrap() {
            "getStates" => available(&call),
            "info" => refusal("key"),
            "getMembers" => refusal("no such group"),
            _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    })
    .await;
    let meter = Meter::default();
    let client = client_of(Config { meter: meter.clone(), ..config(&server.url) });
    client.states(&[AccountId(1000)]).await;
    client.states(&[AccountId(1000)]).await;
    client.info().await.unwrap_err();
    client.members(AccountId(1)).await.unwrap_err();
    client.page().await.unwrap_err();
    client.drain(None, 0, std::time::Duration::ZERO).await.unwrap_err();
    assert_eq!(called(&meter, "getStates", "ok"), 2.0);
    assert_eq!(called(&meter, "info", "key"), 1.0);
    assert_eq!(called(&meter, "getMembers", "refused"), 1.0);
    assert_eq!(called(&meter, "getConfig", "status"), 1.0);
    assert_eq!(called(&meter, "drainEvents", "status"), 1.0);
}

#[tokio::test]
async fn a_pbx_that_is_not_there_is_counted_as_such() {
    let meter = Meter::default();
    let client = client_of(Config { meter: meter.clone(), ..config("http://127.0.0.1:9") });
    client.info().await.unwrap_err();
    assert_eq!(called(&meter, "info", "unreachable"), 1.0);
}
