//! A mail in words: what, whom, since when, what was tried, what to do.
//!
//! Pure. Holds no secret and no word of an entry. Everything is bounded: lists are cut, texts too.

use std::fmt::Write;

use chrono::{DateTime, Utc};

use super::ledger::{Case, News};
use super::orders::{Given, Orders, Places};
use super::problem::{Problem, Subject};
use super::words::{Words, words};
use crate::journal::Occasion;
use crate::rules::text::Language;

/// The most cases that one mail lists; who has more reads the rest in `status`.
const CASES_MAX: usize = 50;

/// The longest text of a problem, in characters: where it stands alone, and in a list.
const DETAIL_CHARS_MAX: usize = 600;
const LISTED_CHARS_MAX: usize = 200;

/// The longest name of a person or a number, in characters.
const NAME_CHARS_MAX: usize = 100;

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its subject, in one line.
    pub subject: String,
    /// Its text.
    pub text: String,
}

impl Letter {
    /// Writes what is new.
    pub fn write(news: &News, now: DateTime<Utc>, orders: &Orders) -> Self {
        let words = words(orders.language);
        match news.cases.as_slice() {
            [case] => one(news.occasion, case, now, orders, words),
            cases => several(news.occasion, cases, now, orders, words),
        }
    }
}

fn one(occasion: Occasion, case: &Case, now: DateTime<Utc>, orders: &Orders, words: &Words) -> Letter {
    let problem = &case.problem;
    let said = (words.of)(problem.cause);
    let mut text = opening(occasion, words);
    line(&mut text, words.what, said.what);
    line(&mut text, words.whom, &whom(problem, words));
    if let Some(about) = about(problem, orders, words) {
        line(&mut text, words.about, &about);
    }
    line(&mut text, words.since, &told(problem.since, orders, words));
    match case.gone_at {
        Some(at) => line(&mut text, words.until, &told(at, orders, words)),
        None => {
            line(&mut text, words.tried, (words.tries)(problem.cause));
            line(&mut text, words.help, &filled(said.help, &orders.places, orders.language));
            line(&mut text, words.details, &one_line(&problem.text, DETAIL_CHARS_MAX));
        }
    }
    text.push_str(&closing(now, orders, words));
    Letter { subject: subject(occasion, said.what, orders, words), text }
}

fn several(occasion: Occasion, cases: &[Case], now: DateTime<Utc>, orders: &Orders, words: &Words) -> Letter {
    let Some(cause) = cases.first().map(|case| case.problem.cause) else {
        return Letter { subject: orders.subject.clone(), text: String::new() };
    };
    let said = (words.of)(cause);
    let count = cases.len().to_string();
    let title = format!("{} ({count})", said.what.trim_end_matches('.'));
    let mut text = opening(occasion, words);
    line(&mut text, words.what, &title);
    if occasion != Occasion::Resolved {
        line(&mut text, words.tried, (words.tries)(cause));
        line(&mut text, words.help, &filled(said.help, &orders.places, orders.language));
    }
    let _ = writeln!(text, "{}:", words.whom);
    for case in cases.iter().take(CASES_MAX) {
        let problem = &case.problem;
        let about = about(problem, orders, words).map_or_else(String::new, |about| format!(", {about}"));
        let at = case.gone_at.unwrap_or(problem.since);
        let when = if case.gone_at.is_some() { words.until } else { words.since };
        let _ = writeln!(text, "- {}{about} ({when}: {})", whom(problem, words), told(at, orders, words));
        if occasion != Occasion::Resolved {
            let _ = writeln!(text, "  {}", one_line(&problem.text, LISTED_CHARS_MAX));
        }
    }
    if cases.len() > CASES_MAX {
        let _ = writeln!(text, "- {}", words.more.replace("{}", &(cases.len() - CASES_MAX).to_string()));
    }
    text.push('\n');
    text.push_str(&closing(now, orders, words));
    Letter { subject: subject(occasion, &title, orders, words), text }
}

fn subject(occasion: Occasion, title: &str, orders: &Orders, words: &Words) -> String {
    let title = title.trim_end_matches('.');
    match occasion {
        Occasion::First => format!("{} – {title}", orders.subject),
        Occasion::Reminder => format!("{} – {}: {title}", orders.subject, words.reminder),
        Occasion::Resolved => format!("{} – {}: {title}", orders.subject, words.resolved),
    }
}

fn opening(occasion: Occasion, words: &Words) -> String {
    let opening = match occasion {
        Occasion::First => words.opening_first,
        Occasion::Reminder => words.opening_reminder,
        Occasion::Resolved => words.opening_resolved,
    };
    format!("{opening}\n\n")
}

fn closing(now: DateTime<Utc>, orders: &Orders, words: &Words) -> String {
    format!("--\n{}\n", words.closing.replace("{}", &told(now, orders, words)))
}

fn line(text: &mut String, label: &str, value: &str) {
    let _ = writeln!(text, "{label}:\n  {value}\n");
}

fn whom(problem: &Problem, words: &Words) -> String {
    match &problem.whom {
        None => words.everybody.to_owned(),
        Some(whom) => {
            let login = format!("{} {}", words.login, one_line(&whom.login, NAME_CHARS_MAX));
            if whom.name.is_empty() { login } else { format!("{} ({login})", one_line(&whom.name, NAME_CHARS_MAX)) }
        }
    }
}

/// Returns what a problem is about, besides whom.
fn about(problem: &Problem, orders: &Orders, words: &Words) -> Option<String> {
    match &problem.subject {
        Subject::Whole => None,
        Subject::Number(number) => Some(words.number.replace("{}", &one_line(number, NAME_CHARS_MAX))),
        Subject::End { of, at, .. } => {
            let ends = if of == "secret" { words.secret_ends } else { words.certificate_ends };
            Some(ends.replace("{}", &told(*at, orders, words)))
        }
        Subject::Field(field) => Some((words.field)(field).to_owned()),
        Subject::Calls { side, entry } => {
            let calls = if side == "internal" { words.internal } else { words.external };
            Some(match &entry.time {
                None => calls.to_owned(),
                Some(time) => {
                    let (start, end) = (told(time.start, orders, words), told(time.end, orders, words));
                    let show_as = orders.language.show_as(time.show_as);
                    format!("{calls}; {} {start} – {end}, {show_as}", words.entry)
                }
            })
        }
    }
}

fn told(at: DateTime<Utc>, orders: &Orders, words: &Words) -> String {
    at.with_timezone(&orders.zone).format(words.date).to_string()
}

/// Puts the places where things are to be mended into a text.
fn filled(text: &str, places: &Places, language: Language) -> String {
    let words = words(language);
    let given = |given: &Given| match given {
        Given::Unknown => String::new(),
        Given::Page(label) => format!(", {}", words.on_page.replace("{}", label)),
        Given::Here(place) => format!(", {place}"),
    };
    let app = if places.app.is_empty() { "graph.client_id" } else { &places.app };
    text.replace("{app}", app)
        .replace("{app_secret}", &format!("graph.client_secret{}", given(&places.app_secret)))
        .replace("{login}", &places.login)
        .replace("{password}", &format!("starface.password{}", given(&places.password)))
        .replace("{module_key}", &format!("starface.module_key{}", given(&places.module_key)))
}

/// Makes a text of somebody else one line of so many characters at the most.
fn one_line(text: &str, chars_max: usize) -> String {
    let one_line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if one_line.chars().count() <= chars_max {
        return one_line;
    }
    let cut: String = one_line.chars().take(chars_max).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests;
