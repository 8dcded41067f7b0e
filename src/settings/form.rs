//! The forms that values take: which words, numbers, spans and addresses are allowed, and what to say of the others.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::error::{Origin, Problem};
use super::words::{Words, both};

pub(crate) mod address;
pub(crate) mod date;
pub(crate) mod duration;
pub(crate) mod graph;
pub(crate) mod server;
pub(crate) mod telephone;
pub(crate) mod zone;

/// How a value is written in the settings file. In the environment everything is a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In quotes.
    Text,
    /// As a whole number.
    Number,
    /// As `true` or `false`.
    Flag,
}

/// Whether a wrong value may be shown. What people mistake for another value, such as a secret, may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Showing {
    Shown,
    Hidden,
}

/// Why a text is not allowed.
pub(crate) struct Refusal {
    reason: Words,
    allowed: Option<Words>,
}

impl Refusal {
    /// Adds what to do instead, in place of what the form allows in general.
    pub(crate) fn instead(mut self, allowed: impl Into<Words>) -> Self {
        self.allowed = Some(allowed.into());
        self
    }
}

impl<T: Into<Words>> From<T> for Refusal {
    fn from(reason: T) -> Self {
        Self { reason: reason.into(), allowed: None }
    }
}

/// A refused value: what is wrong, and what is allowed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) wrong: Words,
    pub(crate) allowed: Words,
}

impl Wrong {
    /// Returns the problem that this is with the value of a key, in the language of its source.
    pub(crate) fn of(&self, key: &str, source: Origin) -> Problem {
        let (wrong, allowed) = (self.wrong.told_of(&source), self.allowed.told_of(&source));
        Problem { key: key.to_owned(), source, wrong, allowed }
    }
}

/// Reads a text, or says why not.
type Parse<T> = Box<dyn Fn(&str) -> Result<T, Refusal>>;

/// One form of values.
pub(crate) struct Form<T> {
    kind: Kind,
    showing: Showing,
    allowed: Words,
    parse: Parse<T>,
}

impl<T> Form<T> {
    /// Makes a form of texts; `allowed` describes them.
    pub(crate) fn new(allowed: impl Into<Words>, parse: impl Fn(&str) -> Result<T, Refusal> + 'static) -> Self {
        let allowed = is_allowed(allowed);
        Self { kind: Kind::Text, showing: Showing::Shown, allowed, parse: Box::new(parse) }
    }

    /// Describes in other words what is allowed.
    pub(crate) fn described(self, allowed: impl Into<Words>) -> Self {
        Self { allowed: is_allowed(allowed), ..self }
    }

    /// Keeps wrong values out of the problem.
    pub(crate) fn hidden(self) -> Self {
        Self { showing: Showing::Hidden, ..self }
    }

    /// Returns how the values are written in the settings file.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns a description of what is allowed.
    pub(crate) fn allowed(&self) -> &Words {
        &self.allowed
    }

    /// Reads a text.
    pub(crate) fn read(&self, text: &str) -> Result<T, Wrong> {
        self.read_as(text, text)
    }

    /// Reads a text that somebody entered in another notation; a problem shows it as it was entered.
    pub(crate) fn read_as(&self, text: &str, entered: &str) -> Result<T, Wrong> {
        (self.parse)(text).map_err(|refusal| Wrong {
            wrong: match self.showing {
                Showing::Shown => refusal.reason.of_value(entered),
                Showing::Hidden => refusal.reason,
            },
            allowed: refusal.allowed.unwrap_or_else(|| self.allowed.clone()),
        })
    }
}

fn is_allowed(words: impl Into<Words>) -> Words {
    words.into().after("allowed: ", "erlaubt: ")
}

/// Makes a form of words, each with its meaning.
pub(crate) fn choice<T: Clone + 'static>(words: impl IntoIterator<Item = (&'static str, T)>) -> Form<T> {
    let words: Vec<(&'static str, T)> = words.into_iter().collect();
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    Form::new(names.join(", "), move |text| {
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, meaning)| meaning.clone()).ok_or_else(|| "is not one of the words".into())
    })
}

/// Makes a form that also knows words whose meaning is not in this version: they are refused as just that.
pub(crate) fn available<T: 'static>(form: Form<T>, missing: &'static [&'static str], instead: &'static str) -> Form<T> {
    Form {
        kind: form.kind,
        showing: form.showing,
        allowed: form.allowed.clone(),
        parse: Box::new(move |text| {
            if missing.contains(&text) {
                return Err(Refusal::from("is not available in this version").instead(instead));
            }
            (form.parse)(text)
        }),
    }
}

/// Makes a form of `true` and `false`.
pub(crate) fn flag() -> Form<bool> {
    Form {
        kind: Kind::Flag,
        ..Form::new(both("true, false", "true, false"), |text| {
            bool::from_str(text).map_err(|_| both("is neither true nor false", "ist weder true noch false").into())
        })
    }
}

/// Makes a form of whole numbers.
pub(crate) fn number(range: RangeInclusive<u32>) -> Form<u32> {
    let (start, end) = (range.start(), range.end());
    let allowed =
        both(format!("a whole number from {start} to {end}"), format!("eine ganze Zahl von {start} bis {end}"));
    Form {
        kind: Kind::Number,
        ..Form::new(allowed, move |text| {
            let number = i128::from_str(text).map_err(|_| both("is not a whole number", "ist keine ganze Zahl"))?;
            match u32::try_from(number) {
                Ok(number) if range.contains(&number) => Ok(number),
                _ if number < i128::from(*range.start()) => Err(both("is too small", "ist zu klein").into()),
                _ => Err(both("is too large", "ist zu gross").into()),
            }
        })
    }
}

/// Makes a form of texts on one line that are not blank. A wrong one is not shown: it may stand in the wrong place.
pub(crate) fn line(chars_max: usize) -> Form<String> {
    let allowed =
        both(format!("1 to {chars_max} characters on one line"), format!("1 bis {chars_max} Zeichen auf einer Zeile"));
    Form::new(allowed, move |text| {
        if text.trim().is_empty() {
            return Err(is_empty().into());
        }
        if text.chars().any(char::is_control) {
            return Err(has_control_character().into());
        }
        if text.chars().count() > chars_max {
            return Err(is_too_long().into());
        }
        Ok(text.trim().to_owned())
    })
    .hidden()
}

pub(crate) fn is_empty() -> Words {
    both("is empty", "ist leer")
}

pub(crate) fn has_control_character() -> Words {
    both(
        "holds a line break or another control character",
        "enthält einen Zeilenumbruch oder ein anderes Steuerzeichen",
    )
}

pub(crate) fn is_too_long() -> Words {
    both("is too long", "ist zu lang")
}
