//! Any template, format and title, one a line, at any time: a status text is one line and never longer than allowed.
#![no_main]

use chrono::{DateTime, Utc};
use chrono_tz::Europe;
use libfuzzer_sys::fuzz_target;
use starface_calendar::rules::policy::TextPolicy;
use starface_calendar::rules::text::{Language, Template, TimeFormat, render};
use starface_calendar::rules::{Entry, EntryId, Location, Response, Sensitivity, ShowAs, Span, Tags, Title, Weight};

const CHARS_MAX: usize = 140;

fuzz_target!(|input: (i64, i64, bool, &str)| {
    let (start, end, all_day, text) = input;
    let lines: Vec<&str> = text.splitn(3, '\n').collect();
    let [template, format, title] = lines[..] else { return };
    let (Ok(template), Ok(format)) = (Template::parse(template), TimeFormat::parse(format)) else { return };
    let (start, end) = (instant(start), instant(end));
    let span = match all_day {
        true => Span::AllDay { first: start.date_naive(), until: end.date_naive() },
        false => Span::Timed { start, end },
    };
    for language in Language::ALL {
        let (time_format, date_format) = (format.clone(), format.clone());
        let policy =
            TextPolicy { template: template.clone(), time_format, date_format, language, chars_max: CHARS_MAX };
        let shown = render(&entry(title, span), Weight::Full, &policy, Europe::Vienna).0;
        assert!(shown.chars().count() <= CHARS_MAX, "a text is never longer than allowed");
        assert!(!shown.chars().any(char::is_control), "a text is one line");
    }
});

fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn entry(title: &str, span: Span) -> Entry {
    Entry {
        id: EntryId("a".to_owned()),
        ical_uid: String::new(),
        title: Title(title.to_owned()),
        location: Location(title.to_owned()),
        span,
        show_as: ShowAs::Busy,
        sensitivity: Sensitivity::Normal,
        response: Response::Organizer,
        cancelled: false,
        is_organizer: true,
        categories: Vec::new(),
        tags: Tags::default(),
    }
}
