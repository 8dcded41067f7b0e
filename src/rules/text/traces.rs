//! Tells whether a text may have been made by a template: the trace that a calendar connector leaves on a telephone.
//!
//! Only the part of a template up to the last thing that marks it is looked for, a time or the word of a show-as: what
//! comes after may be anything, also cut off. A template without such a mark leaves no trace that could be told from
//! what people write. Must not know who made the text.

use super::template::{Part, Template, Variable};
use super::words::Language;
use crate::rules::{ShowAs, StatusText};

/// What the original module's texts are made by unless somebody changed it.
const ORIGINAL: &str = "[!time!] [!type!] !title!";

/// The longest text that is looked at, in bytes: several times the longest that a PBX shows.
const TEXT_BYTES_MAX: usize = 4 << 10;

/// The templates by which another connector may make its texts here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traces {
    templates: Vec<Template>,
}

impl Traces {
    /// Takes the original's own template, and the one of this site, which may well have been carried over from it.
    pub fn of(site: Option<&Template>) -> Self {
        let original = Template::parse(ORIGINAL).ok();
        let templates = original.into_iter().chain(site.cloned()).filter(|template| template.mark().is_some());
        Self { templates: templates.collect() }
    }

    /// Returns whether a connector may have made this text.
    pub fn show_in(&self, text: &StatusText) -> bool {
        if text.0.len() > TEXT_BYTES_MAX {
            return false;
        }
        let text = text.normalised();
        !text.is_empty() && self.templates.iter().any(|template| template.may_have_made(&text))
    }
}

impl Template {
    /// Returns where the last part lies that people would not write in this way.
    fn mark(&self) -> Option<usize> {
        let is_mark = |part: &Part| matches!(part, Part::Variable(Variable::Time | Variable::Type));
        self.parts().iter().rposition(is_mark)
    }

    /// Follows all ways at once in which the parts can lie in the text, so that no text takes long.
    fn may_have_made(&self, text: &str) -> bool {
        let Some(mark) = self.mark() else { return false };
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for part in &self.parts()[..=mark] {
            let mut next = vec![false; text.len() + 1];
            for from in (0..=text.len()).filter(|at| reached[*at] && text.is_char_boundary(*at)) {
                ends(part, &text[from..], |length| next[from + length] = true);
            }
            reached = next;
        }
        reached.contains(&true)
    }
}

/// Tells every length that a part may have at the beginning of this text.
fn ends(part: &Part, rest: &str, mut tell: impl FnMut(usize)) {
    match part {
        Part::Literal(literal) => {
            let words = literal.split_whitespace().collect::<Vec<_>>().join(" ");
            // Blanks at the ends may meet those of a neighbour, or the end of the text.
            for form in [words.clone(), format!(" {words}"), format!("{words} "), format!(" {words} ")] {
                if literal.starts_with(char::is_whitespace) || literal.ends_with(char::is_whitespace) || form == words {
                    rest.starts_with(&form).then(|| tell(form.len()));
                }
            }
        }
        Part::Variable(Variable::Type) => {
            let words = Language::ALL.into_iter().flat_map(|language| ShowAs::ALL.map(|one| language.show_as(one)));
            words.filter(|word| rest.starts_with(word)).for_each(|word| tell(word.len()));
        }
        Part::Variable(Variable::Time) => {
            let days = Language::ALL.map(Language::all_day);
            days.into_iter().filter(|word| rest.starts_with(word)).for_each(|word| tell(word.len()));
            times(rest, tell);
        }
        Part::Variable(Variable::Start | Variable::End) => {
            tell(0);
            times(rest, tell);
        }
        Part::Variable(Variable::Title | Variable::Location) => {
            rest.char_indices().for_each(|(at, _)| tell(at));
            tell(rest.len());
        }
    }
}

/// Tells every length of a beginning that is made of digits and what stands between them in times and dates.
fn times(rest: &str, mut tell: impl FnMut(usize)) {
    let (mut digits, mut length) = (0, 0);
    for sign in rest.chars() {
        match sign {
            '0'..='9' => digits += 1,
            ' ' | ':' | '.' | '-' | '–' | '/' | 'h' | 'A' | 'P' | 'M' => {}
            _ => break,
        }
        length += sign.len_utf8();
        if digits >= TIME_DIGITS_MIN {
            tell(length);
        }
    }
}

/// A time has at least a digit each for hour and minute of both ends, or two dates.
const TIME_DIGITS_MIN: usize = 4;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn case(template: Option<&str>, text: &str, shows: bool) {
        let template = template.map(|template| Template::parse(template).unwrap());
        assert_eq!(Traces::of(template.as_ref()).show_in(&StatusText(text.to_owned())), shows, "{text:?}");
    }

    #[test]
    fn a_text_in_the_original_s_format_is_a_trace_in_every_language_and_length() {
        case(None, "[07:00-12:00] [Gebucht] Kunde ABC", true);
        case(None, "[13:00 - 15:15] [Ausser Haus] Sitzung", true);
        case(None, "[ganztägig] [Frei] Ferien", true);
        case(None, "[02.03. 09:00-04.03. 10:00] [An anderem Ort tätig] Messe", true);
        case(None, "[01.12.-05.12.] [Out of office] Privat", true);
        case(None, "[9:00-9:30] [Occupé] …", true);
        case(None, " [07:00-12:00]  [Gebucht] ", true);
    }

    #[test]
    fn what_people_write_is_no_trace() {
        case(None, "", false);
        case(None, "Im Homeoffice", false);
        case(None, "Bin von 7:00-12:00 weg", false);
        case(None, "[Gebucht] Kunde ABC", false);
        case(None, "[07:00-12:00] Kunde ABC", false);
        case(None, "[heute] [Gebucht] Kunde ABC", false);
        case(None, &"[07:00-12:00] [Gebucht] ".repeat(1000), false);
    }

    #[test]
    fn the_template_of_the_site_leaves_traces_where_it_shows_a_time_or_a_type() {
        case(Some("!title! (!type!)"), "Kunde ABC (Gebucht)", true);
        case(Some("!title! (!type!)"), "Kunde ABC (im Haus)", false);
        case(Some("bis !end!: !type!"), "bis 12:00: Gebucht", true);
        case(Some("!time! !title!"), "07:00-12:00 Kunde ABC", true);
        case(Some("!title!"), "Kunde ABC", false);
        case(Some("Termin: !title!"), "Termin: Kunde ABC", false);
    }

    proptest! {
        #[test]
        fn no_text_and_no_template_makes_it_panic(template in "[!a-z: \\[\\]é]{0,24}", text in any::<String>()) {
            if let Ok(template) = Template::parse(&template) {
                Traces::of(Some(&template)).show_in(&StatusText(text));
            }
        }

        #[test]
        fn whatever_the_original_fills_in_is_a_trace(title in ".{0,30}") {
            let text = format!("[07:00-12:00] [Gebucht] {title}");
            prop_assert!(Traces::of(None).show_in(&StatusText(text)));
        }
    }
}
