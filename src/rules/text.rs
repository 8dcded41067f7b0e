//! The status text of the entry that governs.
//!
//! Must not know whether an entry counts or governs, nor the PBX. A template or a format that cannot be read is a
//! [`FormatError`] when the settings are read; rendering never fails. The parts: `template` is the frame, `times` says
//! when, `format` writes times and dates, `words` are the words of each language, `fit` makes it one short line;
//! `traces` tells whether a text may have been made so.

use std::fmt;

use chrono_tz::Tz;

use super::counting::Weight;
use super::policy::TextPolicy;
use super::{Entry, Sensitivity, StatusText};

mod fit;
mod format;
mod template;
mod times;
mod traces;
mod words;

#[cfg(test)]
mod tests;

pub use format::TimeFormat;
pub use template::Template;
pub use traces::Traces;
pub use words::Language;

use template::Variable;
use times::Times;

/// The longest template or format, in Unicode scalar values: as long as the longest status text. Each of its variables may
/// be replaced by a whole title.
pub const FORMAT_CHARS_MAX: usize = 1000;

/// Says what is wrong with a template or a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// The template names a variable that does not exist; the variable with its exclamation marks.
    UnknownVariable(String),
    /// The time format has a letter that is not supported.
    UnknownLetter(char),
    /// The time format opens a quote that is not closed.
    OpenQuote,
    /// The template or the format is longer than [`FORMAT_CHARS_MAX`].
    TooLong,
}

impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVariable(variable) => {
                let allowed = Variable::ALL.map(|known| format!("!{}!", known.name()));
                write!(formatter, "understand the variable {variable}; allowed are {}", allowed.join(" "))
            }
            Self::UnknownLetter(letter) => write!(
                formatter,
                "understand the letter {letter}; allowed are {}, and any text in single quotes",
                format::LETTERS
            ),
            Self::OpenQuote => formatter.write_str(
                "find the end of a text in single quotes; each needs one at its end, and '' is a \
                 quote itself",
            ),
            Self::TooLong => write!(formatter, "read more than {FORMAT_CHARS_MAX} characters"),
        }
    }
}

impl std::error::Error for FormatError {}

fn check_length(text: &str) -> Result<(), FormatError> {
    if text.chars().nth(FORMAT_CHARS_MAX).is_some() { Err(FormatError::TooLong) } else { Ok(()) }
}

/// Returns the status text of an entry: the template with every variable replaced once, on one line, cut to the
/// longest text allowed. What is put in is never read as a variable again.
pub fn render(entry: &Entry, weight: Weight, policy: &TextPolicy, zone: Tz) -> StatusText {
    let times = Times::new(&entry.span, policy, zone);
    let filled = policy.template.fill(|variable| match variable {
        Variable::Time => times.time().into(),
        Variable::Start => times.start.as_str().into(),
        Variable::End => times.end.as_deref().unwrap_or_default().into(),
        Variable::Title => title(entry, weight, policy.language).into(),
        Variable::Type => policy.language.show_as(entry.show_as).into(),
        Variable::Location => location(entry, weight).into(),
    });
    StatusText(fit::cut(fit::one_line(filled), policy.chars_max))
}

/// What is private stays private, whoever placed the entry; of what an outsider placed, no word is shown.
fn title(entry: &Entry, weight: Weight, language: Language) -> &str {
    match (entry.sensitivity, weight) {
        (Sensitivity::Private, _) => language.private(),
        (Sensitivity::Normal, Weight::StatusOnly) => language.show_as(entry.show_as),
        (Sensitivity::Normal, Weight::Full) => &entry.title.0,
    }
}

fn location(entry: &Entry, weight: Weight) -> &str {
    match (entry.sensitivity, weight) {
        (Sensitivity::Normal, Weight::Full) => &entry.location.0,
        _ => "",
    }
}
