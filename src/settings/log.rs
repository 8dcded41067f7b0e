//! `[log]`: how much is logged, and how.

use tracing::Level;

use super::form::choice;
use super::reader::Reader;

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// `auto`: text on a terminal, else JSON.
    Auto,
    /// `text`
    Text,
    /// `json`
    Json,
}

/// The log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// The least important level that is written.
    pub level: Level,
    /// How a line is written.
    pub format: LogFormat,
}

impl Log {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let levels = [
            ("error", Level::ERROR),
            ("warn", Level::WARN),
            ("info", Level::INFO),
            ("debug", Level::DEBUG),
            ("trace", Level::TRACE),
        ];
        let formats = [("auto", LogFormat::Auto), ("text", LogFormat::Text), ("json", LogFormat::Json)];
        Self {
            level: reader.or("log.level", &choice(levels), Level::INFO),
            format: reader.or("log.format", &choice(formats), LogFormat::Auto),
        }
    }
}
