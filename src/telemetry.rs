//! How logs are written: JSON lines for machines, text for people, both on stderr.
//!
//! Decides what is written and in which form, never what is said. Crates we depend on may at most warn, and those that
//! see URLs, headers or bodies say nothing at all, at whatever level: what went wrong comes back as a value, and we
//! log it without them. Must not know any other room. Only setting it up can fail, when it was set up before.

use std::fmt;
use std::io::IsTerminal;
use std::str::FromStr;

use chrono::SecondsFormat;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::SetGlobalDefaultError;
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

use crate::clock::{Clock, SystemClock};

pub mod field;

/// Crates that see URLs, headers, bodies or keys, and therefore log nothing.
pub const SILENT: [&str; 9] =
    ["axum", "dxr", "h2", "hyper", "hyper_rustls", "hyper_util", "reqwest", "rustls", "tower"];

/// The most that any other crate may log.
const OTHERS_MAX: LevelFilter = LevelFilter::WARN;

/// In which form logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// Text.
    Text,
    /// JSON lines.
    Json,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name {
            "auto" => Ok(Self::Auto),
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(UnknownFormat),
        }
    }
}

/// Says that a log format has another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a log format: auto, text and json are")]
pub struct UnknownFormat;

/// Whether colours are wanted, where they can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Wherever they can be shown.
    Wanted,
    /// Nowhere; `NO_COLOR` is set.
    Unwanted,
}

/// What reads our stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A person, on a terminal.
    Person(Colours),
    /// A program, such as systemd's journal.
    Program,
}

impl Reader {
    /// Finds out who reads the stderr of this process.
    pub fn of_stderr(colours: Colours) -> Self {
        if std::io::stderr().is_terminal() { Self::Person(colours) } else { Self::Program }
    }
}

/// Says that logging was set up before.
#[derive(Debug, thiserror::Error)]
#[error("set up logging")]
pub struct TelemetryError(#[from] SetGlobalDefaultError);

/// Sends everything that is logged from now on to stderr.
pub fn init(level: Level, format: Format, reader: Reader) -> Result<(), TelemetryError> {
    let subscriber = subscriber(level, format, reader, std::io::stderr);
    tracing::subscriber::set_global_default(subscriber)?;
    Ok(())
}

/// Makes what [`init`] installs, for any writer.
pub fn subscriber<W>(level: Level, format: Format, reader: Reader, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer().with_writer(writer).with_timer(Timestamp);
    let layer = if writes_json(format, reader) {
        layer.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
    } else {
        layer.with_ansi(reader == Reader::Person(Colours::Wanted)).with_target(false).boxed()
    };
    Registry::default().with(layer.with_filter(targets(level)))
}

fn writes_json(format: Format, reader: Reader) -> bool {
    match format {
        Format::Auto => reader == Reader::Program,
        Format::Text => false,
        Format::Json => true,
    }
}

fn targets(level: Level) -> Targets {
    let level = LevelFilter::from_level(level);
    Targets::new()
        .with_default(level.min(OTHERS_MAX))
        .with_target(env!("CARGO_CRATE_NAME"), level)
        .with_targets(SILENT.map(|name| (name, LevelFilter::OFF)))
}

/// The instant of a line, as RFC 3339 in UTC.
struct Timestamp;

impl FormatTime for Timestamp {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        let now = SystemClock.now();
        writer.write_str(&now.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(format: Format, reader: Reader, json: bool) {
        assert_eq!(writes_json(format, reader), json);
    }

    #[test]
    fn auto_writes_text_for_people_and_json_for_programs() {
        let person = Reader::Person(Colours::Wanted);
        case(Format::Auto, person, false);
        case(Format::Auto, Reader::Program, true);
        case(Format::Text, Reader::Program, false);
        case(Format::Json, person, true);
    }

    #[test]
    fn formats_have_the_names_of_the_settings() {
        assert_eq!("auto".parse(), Ok(Format::Auto));
        assert_eq!("text".parse(), Ok(Format::Text));
        assert_eq!("json".parse(), Ok(Format::Json));
        assert_eq!("JSON".parse::<Format>(), Err(UnknownFormat));
    }

    #[track_caller]
    fn written(level: Level, target: &str, most: Option<Level>) {
        let targets = targets(level);
        for said in [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE] {
            let wanted = most.is_some_and(|most| said <= most);
            let is = targets.would_enable(target, &said);
            assert_eq!(is, wanted, "{target} {said} at level {level}");
        }
    }

    #[test]
    fn our_own_words_follow_the_level() {
        written(Level::INFO, "starface_calendar::engine", Some(Level::INFO));
        written(Level::TRACE, "starface_calendar", Some(Level::TRACE));
        written(Level::ERROR, "starface_calendar::pbx", Some(Level::ERROR));
    }

    #[test]
    fn other_crates_may_at_most_warn() {
        written(Level::TRACE, "rusqlite", Some(Level::WARN));
        written(Level::ERROR, "mio::poll", Some(Level::ERROR));
    }

    #[test]
    fn crates_that_see_urls_say_nothing_at_any_level() {
        for target in [
            "hyper::proto::h1",
            "hyper_util::client::legacy::pool",
            "reqwest::connect",
            "rustls::client::hs",
            "h2::codec::framed_read",
            "dxr",
        ] {
            written(Level::TRACE, target, None);
        }
    }
}
