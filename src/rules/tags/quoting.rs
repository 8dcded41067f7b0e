//! Which lines of a text its author wrote, and which quote another message.
//!
//! A line that begins with `>` or a bar is quoted, and so is everything from the header of a reply or a forwarded
//! message on, as Outlook, Gmail, Apple Mail and Thunderbird write it in German, English, French and Italian. What looks
//! like such a header and is none takes tags away; there is no way in which it could make one.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::signs::{ends_line, is_blank};

/// Whose a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// It stands in the text itself.
    Own,
    /// It belongs to a message that the text quotes.
    Quoted,
}

/// Returns the lines of a text that are not blank.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (Origin, &str)> {
    let lines: Vec<&str> = text.split(ends_line).filter(|line| !line.trim().is_empty()).collect();
    let folded: Vec<String> = lines.iter().map(|line| folded(line)).collect();
    let header = (0..lines.len()).find(|&at| is_header(&folded[at..])).unwrap_or(lines.len());
    lines.into_iter().enumerate().map(move |(at, line)| {
        let is_quoted = at >= header || is_marked(&folded[at]);
        (if is_quoted { Origin::Quoted } else { Origin::Own }, line)
    })
}

/// Returns a line as it is compared: in small letters without accents, with simple blanks, and without the stars of a
/// bold word around it.
fn folded(line: &str) -> String {
    let plain = line.nfd().filter(|sign| !is_combining_mark(*sign));
    let simple = plain.map(|sign| if is_blank(sign) { ' ' } else { sign });
    let folded: String = simple.flat_map(char::to_lowercase).collect();
    folded.trim_matches(|sign| matches!(sign, ' ' | '*')).to_owned()
}

fn is_marked(line: &str) -> bool {
    line.starts_with('>') || line == "|" || line.starts_with("| ")
}

/// Returns whether a header of another message begins with the first of these lines.
fn is_header(lines: &[String]) -> bool {
    let Some(line) = lines.first() else { return false };
    !is_marked(line) && (is_rule(line) || is_announcement(line) || begins_fields(lines) || says_who_wrote(lines))
}

/// What the headers of mail programs say between two rows of dashes.
const RULE_WORDS: [&str; 9] = [
    "original",
    "ursprunglich",
    "urspruenglich",
    "origine",
    "weitergeleitet",
    "forwarded",
    "transfer",
    "transmis",
    "inoltrat",
];

/// A rule such as `-----Original Message-----`.
fn is_rule(line: &str) -> bool {
    line.starts_with("--") && line.ends_with("--") && RULE_WORDS.iter().any(|word| line.contains(word))
}

/// Lines with which Apple Mail begins a forwarded message.
const ANNOUNCEMENTS: [&str; 4] = [
    "anfang der weitergeleiteten nachricht",
    "begin forwarded message",
    "debut du message reexpedie",
    "inizio messaggio inoltrato",
];

fn is_announcement(line: &str) -> bool {
    ANNOUNCEMENTS.iter().any(|start| line.starts_with(start))
}

/// Names of the field that says who sent a message.
const SENDERS: [&str; 7] = ["von", "from", "de", "da", "absender", "expediteur", "mittente"];

/// Names of the field that says when.
const TIMES: [&str; 7] = ["gesendet", "datum", "sent", "date", "envoye", "inviato", "data"];

/// How many lines a message's other fields may take between these two.
const FIELD_LINES_MAX: usize = 4;

/// The shortest row of low lines that Outlook sets above the fields; its own has 32.
const ROW_MIN: usize = 10;

/// The fields of a message: who sent it, and soon, in the same line too, when; or either of them below a row.
fn begins_fields(lines: &[String]) -> bool {
    let is_time = |line: &String| TIMES.iter().any(|name| has_field(line, name));
    let (line, below) = (&lines[0], &lines[1..]);
    if line.len() >= ROW_MIN && line.bytes().all(|sign| sign == b'_') {
        return below.first().is_some_and(|line| is_sender(line) || TIMES.iter().any(|name| is_field(line, name)));
    }
    is_sender(line) && (is_time(line) || below.iter().take(FIELD_LINES_MAX).any(is_time))
}

fn is_sender(line: &str) -> bool {
    SENDERS.iter().any(|name| is_field(line, name))
}

/// Returns whether a line begins with a field of this name: `von:`, `de :`, or, where it was bold, `von:*`.
fn is_field(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.trim_start_matches([' ', '*']).starts_with(':'))
}

/// Returns whether a field of this name begins anywhere in a line.
fn has_field(line: &str, name: &str) -> bool {
    is_field(line, name)
        || line.match_indices(name).any(|(at, _)| line[..at].ends_with([' ', '*']) && is_field(&line[at..], name))
}

/// How a line begins in which a mail program says when somebody wrote what follows.
const OPENINGS: [&str; 4] = ["am ", "on ", "le ", "il "];

/// What it says that he did.
const WROTE: [&str; 5] = ["schrieb", "geschrieben", "wrote", "a ecrit", "ha scritto"];

/// Over how many lines it may be wrapped.
const WRAPPED_LINES_MAX: usize = 3;

/// A line such as `Am 23.11.2026 um 09:00 schrieb Max Muster <max@example.com>:`, perhaps wrapped; or one that begins with
/// the name and holds a date.
fn says_who_wrote(lines: &[String]) -> bool {
    let opens = OPENINGS.iter().any(|opening| lines[0].starts_with(opening));
    let wrapped = if opens { WRAPPED_LINES_MAX } else { 1 };
    let mut said = String::new();
    for line in lines.iter().take(wrapped) {
        said.push_str(line);
        if line.ends_with(':') {
            let is_dated = said.contains(|sign: char| sign.is_ascii_digit());
            return (opens || is_dated) && WROTE.iter().any(|word| said.contains(word));
        }
        said.push(' ');
    }
    false
}

#[cfg(test)]
mod tests;
