//! What is wrong, in words. The details come in English from where they were found; what it is in one sentence is told in
//! the language of the page.

use maud::{Markup, html};

use crate::engine::Report;
use crate::engine::report::{MemberReport, Problem};
use crate::rules::text;

use super::instant::Teller;
use super::told::in_english;
use super::words::fill;
use super::{Language, Viewer};

/// Says that this is a shadow run: whatever else the page tells as set is not.
pub(super) fn shadow(viewer: &Viewer) -> Markup {
    html! { p.notice.bad.shadow { (viewer.words().shadow) } }
}

/// Renders what concerns everybody; nothing when there is nothing.
pub(super) fn common(viewer: &Viewer, report: &Report, teller: Teller) -> Markup {
    let words = viewer.words();
    let common: Vec<&Problem> = report.problems.iter().filter(|problem| problem.member.is_none()).collect();
    html! {
        @if !common.is_empty() {
            section.problems aria-labelledby="problems" {
                h2 #problems { (words.problems) }
                ul { @for problem in common {
                    li {
                        (told(viewer, sentence(viewer, problem), &problem.text))
                        " " span.since { (fill(words.problem_since, &[&teller.at(&problem.since)])) }
                    }
                } }
            }
        }
    }
}

/// Renders what concerns a member in the overview. The sentence stands with the report's problem, as the member's own
/// list has the texts alone.
pub(super) fn of_member(viewer: &Viewer, report: &Report, member: &MemberReport) -> Markup {
    let account = Some(member.member.account);
    let problem = |text: &String| report.problems.iter().find(|one| one.member == account && one.text == *text);
    html! {
        @for text in &member.problems {
            span.problem {
                span.unseen { (viewer.words().problem) ": " }
                (told(viewer, problem(text).and_then(|problem| sentence(viewer, problem)), text))
            }
        }
    }
}

/// Renders the problems of a member's page.
pub(super) fn own(viewer: &Viewer, texts: &[String]) -> Markup {
    let words = viewer.words();
    html! {
        @if !texts.is_empty() {
            section.problems aria-labelledby="problems" {
                h2 #problems { (words.problems) }
                ul { @for text in texts { li { (in_english(words, text)) } } }
            }
        }
    }
}

fn told(viewer: &Viewer, sentence: Option<&str>, text: &str) -> Markup {
    let words = viewer.words();
    html! {
        @if let Some(sentence) = sentence { strong { (sentence) } " " }
        (in_english(words, text))
    }
}

fn sentence(viewer: &Viewer, problem: &Problem) -> Option<&'static str> {
    problem.sentence(match viewer.language {
        Language::German => text::Language::German,
        Language::English => text::Language::English,
    })
}
