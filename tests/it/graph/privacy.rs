//! What must not be seen: secrets, tokens, URLs, titles, at any level of the log and in no error.

use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use starface_calendar::graph::{Calendars, GraphClient, MasterCategories};
use starface_calendar::rules::Edit;
use tracing_subscriber::fmt::format::FmtSpan;

use super::tenant::{Deed, SECRET, SetClock, Tenant, calendar, many};

/// A log that a test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Returns everything that an error shows of itself and its causes.
fn shown(error: &dyn Error) -> String {
    let mut shown = format!("{error} {error:?}\n");
    if let Some(source) = error.source() {
        shown += &self::shown(source);
    }
    shown
}

/// A calendar of entries with a text and a number in it.
fn calendar_with_texts() -> serde_json::Value {
    let mut calendar = calendar(&["a", "b"]);
    let events = calendar["body"]["value"].as_array_mut().unwrap();
    events[0]["body"] = json!({"contentType": "text", "content": "Vertrag\n@@Extern: 0712345689"});
    events[1]["body"] = json!({"contentType": "html", "content": "<p>Vertrag<p>@@Extern: 0712345689"});
    calendar
}

/// A subscriber that writes everything down.
fn listening(log: &Log) -> tracing::subscriber::DefaultGuard {
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_default(subscriber)
}

async fn read(client: &GraphClient) -> String {
    match client.read(&many(1)).await {
        Err(error) => shown(&error),
        Ok(answers) => answers
            .iter()
            .map(|answer| match &answer.calendar {
                Ok(entries) => format!("{entries:?}\n"),
                Err(error) => shown(error),
            })
            .collect(),
    }
}

#[tokio::test]
async fn neither_log_nor_error_shows_a_secret_a_token_a_url_a_title_or_a_text() {
    let log = Log::default();
    let _guard = listening(&log);
    let tenant = Tenant::start(|call, before| {
        let title = "Kunde ABC";
        match before {
            0 => Deed::json(&call.calendars(|_| calendar_with_texts())).with("request-id", "r-1"),
            1 => Deed::json(&call.calendars(|_| json!({"status": 200, "body": {"value": [title]}}))),
            2 => Deed::json(
                &call.calendars(|_| json!({"status": 400, "body": {"error": {"code": title, "message": title}}})),
            ),
            3 => Deed::status(500, title),
            4 => Deed::status(200, title),
            _ => Deed::status(401, title),
        }
    })
    .await;
    let client = tenant.client_with_texts(&SetClock::new());
    let mut seen = format!("{client:?}\n");
    for _ in 0..6 {
        seen += &read(&client).await;
    }
    let address = tenant.url();
    drop(tenant);
    seen += &shown(&client.check_token().await.unwrap_err());
    seen += &String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(seen.contains("graph.request_id=r-1"), "{seen}");
    for hidden in
        [SECRET, "geheim", "token-1", "token-2", "Kunde", "Vertrag", "@@", "712345689", "calendarView", "$batch"]
    {
        assert!(!seen.contains(hidden), "{hidden} in {seen}");
    }
    let own_lines = seen.lines().filter(|line| line.contains("graph."));
    assert!(own_lines.clone().count() > 10);
    assert_eq!(own_lines.filter(|line| line.contains(address.as_str())).count(), 0);
}

#[tokio::test]
async fn neither_log_nor_debug_shows_the_name_of_a_category_an_address_or_an_id() {
    let log = Log::default();
    let _guard = listening(&log);
    let tenant = Tenant::start(|call, before| {
        let hidden = json!({"id": "geheime-id", "displayName": "Geheimes Wort"});
        let refusal = json!({"error": {"code": "Geheimes Wort", "message": "Geheimes Wort"}});
        match before {
            0 => Deed::json(&call.calendars(|_| json!({"status": 200, "body": {"value": [hidden.clone()]}}))),
            1 => Deed::json(&call.calendars(|_| json!({"status": 204}))),
            2 => Deed::json(&call.calendars(|_| json!({"status": 500, "body": refusal.clone()}))),
            _ => Deed::json(&call.calendars(|_| json!({"status": 404, "body": refusal.clone()}))),
        }
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let addresses = ["geheim@example.de".parse().unwrap()];
    let list = client.list(&addresses).await.unwrap().remove(0).unwrap();
    let remove = [(addresses[0].clone(), Edit::Remove(list[0].clone()))];
    client.edit(&remove).await.unwrap().remove(0).unwrap();
    let mut seen = format!("{:?}\n", list[0].name);
    seen += &shown(&client.edit(&remove).await.unwrap().remove(0).unwrap_err());
    seen += &shown(&client.list(&addresses).await.unwrap().remove(0).unwrap_err());
    let calls = tenant.batch_calls().len();
    assert_eq!(calls, 5, "with the look-up of an address that was not found");
    seen += &String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for name in ["graph.list_categories", "graph.edit_categories"] {
        assert!(seen.contains(name), "{seen}");
    }
    let own_lines: Vec<&str> = seen.lines().filter(|line| line.contains("graph")).collect();
    for hidden in ["Geheimes", "geheime-id", "geheim@", "masterCategories", "mail%20eq"] {
        assert!(!own_lines.iter().any(|line| line.contains(hidden)), "{hidden} in {own_lines:#?}");
        assert!(!seen.contains(hidden), "{hidden} in {seen}");
    }
}
