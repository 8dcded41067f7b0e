//! The frame of a status text: words of the admin's, with variables.
//!
//! Must not know where the values come from.

use std::borrow::Cow;

use super::{FormatError, check_length};

/// A status text template. A variable is `!`, letters a–z, `!`; every other `!` is itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

/// What a template can show of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    /// From when to when.
    Time,
    /// From when.
    Start,
    /// To when.
    End,
    /// The title, or the word that hides it.
    Title,
    /// The word of the show-as.
    Type,
    /// The place.
    Location,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Words of the admin's.
    Literal(String),
    /// Something of an entry.
    Variable(Variable),
}

impl Template {
    /// Reads a template; an empty one is the caller's to tell (no status text at all).
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        check_length(text)?;
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('!') {
            literal.push_str(before);
            let Some(name) = variable_name(after) else {
                literal.push('!');
                rest = after;
                continue;
            };
            let variable = Variable::named(name).ok_or_else(|| FormatError::UnknownVariable(format!("!{name}!")))?;
            parts.push(Part::Literal(std::mem::take(&mut literal)));
            parts.push(Part::Variable(variable));
            rest = &after[name.len() + 1..];
        }
        literal.push_str(rest);
        parts.push(Part::Literal(literal));
        Ok(Self(parts))
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Returns the text with a value for every variable.
    pub(super) fn fill<'a>(&self, value: impl Fn(Variable) -> Cow<'a, str>) -> String {
        let mut text = String::with_capacity(128);
        for part in &self.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Variable(variable) => text.push_str(&value(*variable)),
            }
        }
        text
    }
}

impl Variable {
    /// Every variable.
    pub(super) const ALL: [Self; 6] = [Self::Time, Self::Start, Self::End, Self::Title, Self::Type, Self::Location];

    /// Returns the variable's name, without its exclamation marks.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Start => "start",
            Self::End => "end",
            Self::Title => "title",
            Self::Type => "type",
            Self::Location => "location",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variable| variable.name() == name)
    }
}

/// Returns the letters up to the next `!`, where there are letters only.
fn variable_name(after: &str) -> Option<&str> {
    let (name, _) = after.split_once('!')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fill(template: &str) -> String {
        let shown = |variable: Variable| variable.name().to_uppercase().into();
        Template::parse(template).unwrap().fill(shown)
    }

    #[test]
    fn every_variable_is_replaced_wherever_it_stands() {
        assert_eq!(fill("!time!"), "TIME");
        assert_eq!(fill("!start!-!end!"), "START-END");
        assert_eq!(fill("[!time!] [!type!] !title!"), "[TIME] [TYPE] TITLE");
        assert_eq!(fill("!title!!title!, !location!."), "TITLETITLE, LOCATION.");
        assert_eq!(fill("ohne"), "ohne");
        assert_eq!(fill(""), "");
    }

    #[test]
    fn an_exclamation_mark_that_is_no_variable_is_itself() {
        #[track_caller]
        fn case(template: &str, expected: &str) {
            assert_eq!(fill(template), expected);
        }
        case("!", "!");
        case("!!", "!!");
        case("!!!", "!!!");
        case("Achtung! !title!", "Achtung! TITLE");
        case("!!time!!", "!TIME!");
        case("!Time!", "!Time!");
        case("!time !", "!time !");
        case("!time", "!time");
        case("time!", "time!");
        case("!zeit1!", "!zeit1!");
        case("!größe!", "!größe!");
        case("!a b!time!", "!a bTIME");
    }

    #[test]
    fn an_unknown_variable_is_an_error_that_names_it() {
        #[track_caller]
        fn case(template: &str, named: &str) {
            assert_eq!(Template::parse(template), Err(FormatError::UnknownVariable(named.to_owned())));
        }
        case("!zeit!", "!zeit!");
        case("[!time!] !titel!", "!titel!");
        case("!body!", "!body!");
        case("Hallo!du!", "!du!");
        case("!!x!", "!x!");
    }

    #[test]
    fn the_mark_that_ends_a_variable_does_not_begin_another() {
        assert_eq!(fill("!time!title!"), "TIMEtitle!");
    }

    proptest! {
        #[test]
        fn no_template_makes_the_reader_panic(template in any::<String>()) {
            if let Ok(template) = Template::parse(&template) {
                template.fill(|variable| variable.name().into());
            }
        }

        #[test]
        fn a_text_of_marks_and_letters_never_makes_the_reader_panic(template in "[!a-c é]{0,24}") {
            if let Ok(parsed) = Template::parse(&template) {
                prop_assert_eq!(parsed.fill(|_| "".into()), template);
            }
        }
    }
}
