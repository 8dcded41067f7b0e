//! Log lines as they reach stderr.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use chrono::DateTime;
use serde_json::Value;
use starface_calendar::telemetry::{Colours, Format, Reader, SILENT, field, subscriber};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

/// Everything that was written, in the place of stderr.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Paper {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Returns what is written when this is said.
fn written(level: Level, format: Format, reader: Reader, say: impl FnOnce()) -> String {
    let paper = Paper::default();
    let subscriber = subscriber(level, format, reader, paper.clone());
    tracing::subscriber::with_default(subscriber, say);
    paper.text()
}

/// Says one line with every stable field, as a room of the program does.
fn change() {
    let span = tracing::info_span!(target: "starface_calendar::pbx", "pbx.apply", token = 7);
    let _entered = span.enter();
    tracing::event!(
        target: "starface_calendar::engine",
        Level::INFO,
        member.id = 1010,
        field = "presence",
        from = "AVAILABLE",
        to = "AWAY",
        why = "an entry began",
        entry.id_hash = "0123456789ab",
        round = 3,
        duration_ms = 12,
        graph.request_id = "6f1d",
        pbx.method = "applyStates",
        "The presence of a member was changed."
    );
}

#[test]
fn a_json_line_bears_every_stable_field_at_its_top() {
    let text = written(Level::INFO, Format::Auto, Reader::Program, change);
    assert_eq!(text.matches('\n').count(), 1);
    let line: Value = serde_json::from_str(&text).unwrap();
    for name in field::ALL {
        assert!(line.get(name).is_some(), "{name} is missing in {text}");
    }
    assert_eq!(line["member.id"], 1010);
    assert_eq!(line["message"], "The presence of a member was changed.");
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["target"], "starface_calendar::engine");
}

#[test]
fn a_timestamp_is_rfc_3339_in_utc() {
    let text = written(Level::INFO, Format::Json, Reader::Program, change);
    let line: Value = serde_json::from_str(&text).unwrap();
    let timestamp = line["timestamp"].as_str().unwrap();
    assert!(timestamp.ends_with('Z'));
    DateTime::parse_from_rfc3339(timestamp).unwrap();
}

#[test]
fn colours_are_shown_to_people_who_want_them_and_nowhere_else() {
    let escape = |format, reader| written(Level::INFO, format, reader, change).contains('\u{1b}');
    assert!(escape(Format::Auto, Reader::Person(Colours::Wanted)));
    assert!(!escape(Format::Auto, Reader::Person(Colours::Unwanted)));
    assert!(!escape(Format::Text, Reader::Program));
    assert!(!escape(Format::Json, Reader::Person(Colours::Wanted)));
}

#[test]
fn text_says_the_sentence_and_its_fields() {
    let reader = Reader::Person(Colours::Unwanted);
    let text = written(Level::INFO, Format::Auto, reader, change);
    assert!(text.contains("The presence of a member was changed."));
    assert!(text.contains("member.id=1010"));
}

#[test]
fn what_is_below_the_level_is_not_written() {
    assert_eq!(written(Level::WARN, Format::Json, Reader::Program, change), "");
}

#[test]
fn a_crate_that_sees_urls_writes_nothing_even_when_everything_is_asked_for() {
    // A target has to be constant, so each crate of the list says its line by itself.
    let leak = || {
        tracing::error!(target: "axum", "https://pbx/?token=secret");
        tracing::error!(target: "dxr", "https://pbx/?token=secret");
        tracing::error!(target: "h2::codec", "https://pbx/?token=secret");
        tracing::error!(target: "hyper::proto", "https://pbx/?token=secret");
        tracing::error!(target: "hyper_rustls", "https://pbx/?token=secret");
        tracing::error!(target: "hyper_util::client", "https://pbx/?token=secret");
        tracing::error!(target: "reqwest::connect", "https://pbx/?token=secret");
        tracing::error!(target: "rustls::client", "https://pbx/?token=secret");
        tracing::error!(target: "tower::buffer", "https://pbx/?token=secret");
    };
    assert_eq!(SILENT.len(), 9);
    assert_eq!(written(Level::TRACE, Format::Json, Reader::Program, leak), "");
}
