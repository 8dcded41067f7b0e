//! What can be wrong with the settings. Every problem is a line of its own; no line ever holds a secret.

use std::fmt;
use std::path::PathBuf;

use crate::rules::Verdict;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nowhere: the key is not given.
    NotGiven,
    /// The settings file.
    File {
        /// Which file.
        path: PathBuf,
        /// Which line, counted from 1, when it concerns one.
        line: Option<usize>,
    },
    /// The environment variable of this name.
    Variable(String),
    /// The systemd credential of this name.
    Credential(String),
    /// The field of the module's page with this label.
    Page(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotGiven => formatter.write_str("not given"),
            Self::File { path, line: None } => write!(formatter, "{}", path.display()),
            Self::File { path, line: Some(line) } => write!(formatter, "{} line {line}", path.display()),
            Self::Variable(name) => write!(formatter, "environment variable {name}"),
            Self::Credential(name) => write!(formatter, "systemd credential {name}"),
            Self::Page(label) => write!(formatter, "the field {label} of the module's page"),
        }
    }
}

/// One thing that is wrong, or that deserves a warning. Sorts by key. Of a field of the module's page it is told in
/// German, as everything is that the admin reads there, and with the field's label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The key with its table, such as `graph.tenant_id`.
    pub key: String,
    /// Where the value comes from.
    pub source: Origin,
    /// What is wrong with it.
    pub wrong: String,
    /// What is allowed, or what to do.
    pub allowed: String,
}

impl Problem {
    /// Returns what is wrong with what, without what is allowed.
    pub fn what(&self) -> String {
        match &self.source {
            Origin::Page(label) => format!("{label} (Seite des Moduls): {}", self.wrong),
            source => format!("{} ({source}): {}", self.key, self.wrong),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}; {}", self.what(), self.allowed)
    }
}

/// The most problems that are told: somebody who gave a wrong file has seen enough.
const PROBLEMS_MAX: usize = 100;

/// Why there are no settings: every problem that was found, sorted, one line each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(problems, *untold))]
pub struct SettingsError {
    /// The problems, at least one and at most a hundred.
    pub problems: Vec<Problem>,
    /// How many more there are.
    pub untold: usize,
}

impl SettingsError {
    /// Puts the problems in their stable order.
    pub(crate) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort();
        problems.dedup();
        let untold = problems.len().saturating_sub(PROBLEMS_MAX);
        problems.truncate(PROBLEMS_MAX);
        Self { problems, untold }
    }

    /// Returns what to do about it: settings do not mend themselves.
    pub fn verdict(&self) -> Verdict {
        Verdict::NeedsHuman
    }
}

fn lines(problems: &[Problem], untold: usize) -> String {
    let more = (untold > 0).then(|| format!("and {untold} more"));
    let lines: Vec<String> = problems.iter().map(ToString::to_string).chain(more).collect();
    lines.join("\n")
}

/// The most characters of a wrong value or an unknown key that a problem shows.
const SHOWN_CHARS_MAX: usize = 60;

/// Returns a text as a problem may show it: on one line, in quotes, and not too long.
pub(crate) fn shown(text: &str) -> String {
    format!("\"{}\"", bounded(text))
}

/// Returns a text on one line and not too long.
pub(crate) fn bounded(text: &str) -> String {
    let plain = |letter| matches!(letter, '"' | '\'' | '\\');
    let mut chars = text.chars().flat_map(|letter| {
        let escaped = (!plain(letter)).then(|| letter.escape_debug());
        let itself = plain(letter).then_some(letter);
        escaped.into_iter().flatten().chain(itself)
    });
    let mut bounded: String = chars.by_ref().take(SHOWN_CHARS_MAX).collect();
    if chars.next().is_some() {
        bounded.push('…');
    }
    bounded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(key: &str) -> Problem {
        Problem {
            key: key.to_owned(),
            source: Origin::NotGiven,
            wrong: "is required".to_owned(),
            allowed: "allowed: any".to_owned(),
        }
    }

    #[test]
    fn a_hundred_problems_are_told_and_the_rest_counted() {
        let error = SettingsError::new((0..250).map(|n| problem(&format!("k{n:03}"))).collect());
        assert_eq!(error.problems.len(), 100);
        assert!(error.to_string().ends_with("k099 (not given): is required; allowed: any\nand 150 more"));
    }

    #[test]
    fn a_long_or_broken_text_is_shown_on_one_line_of_at_most_sixty_characters() {
        assert_eq!(shown("a\nb"), "\"a\\nb\"");
        assert_eq!(shown("it's"), "\"it's\"");
        assert_eq!(shown(&"x".repeat(60)), format!("\"{}\"", "x".repeat(60)));
        assert_eq!(shown(&"x".repeat(61)), format!("\"{}…\"", "x".repeat(60)));
    }

    #[test]
    fn problems_are_sorted_by_key_and_told_once() {
        let error = SettingsError::new(vec![problem("b"), problem("a"), problem("b")]);
        assert_eq!(
            error.to_string(),
            "a (not given): is required; allowed: any\nb (not given): is required; allowed: any"
        );
        assert_eq!(error.verdict(), Verdict::NeedsHuman);
    }
}
