//! The readers of what Graph and Entra answer, laid open to the fuzzer and to tests: each takes anything, and asserts that
//! what comes of it is bounded.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Europe;
use reqwest::header::{DATE, HeaderMap, HeaderValue};
use url::Url;

use super::batch;
use super::categories::{CATEGORIES_MAX, Editing, Listing};
use super::dialogue::{Dialogue, Progress};
use super::directory::User;
use super::endpoint::{Endpoint, LINK_MAX};
use super::error::Flaw;
use super::event::TEXT_BYTES_MAX;
use super::http::{Received, answered_at};
use super::pace::{RETRY_AFTER_MAX, retry_after};
use super::reading::{ENTRIES_MAX, Reading, Texts};
use super::reply::{Code, RequestId, Service};
use super::token::{self, LIFE_MAX, Token};
use super::user::LookUp;
use super::{BATCH_MAX, Window};
use crate::rules::{Address, CategoryName, Edit, Entry, zone};

#[cfg(test)]
mod tests;

/// How often a body is read that says that there is a next page. All fifty that are followed would only take time.
const PAGES: usize = 3;

/// Reads a body as the answer to a batch about calendars, categories, changes of them, and users; some times more while
/// it says that there is a next page. Fails where it is no such answer at all.
pub fn batch(body: &[u8]) -> Result<(), Flaw> {
    let user = User::by_address(&anna());
    for texts in [Texts::Asked, Texts::Unwanted] {
        for entries in calendars_with(body, texts)? {
            assert!(entries.len() <= ENTRIES_MAX, "entries are bounded");
            entries.iter().for_each(bounded);
        }
    }
    for categories in heard(body, || Listing::new(&user)) {
        assert!(categories.len() <= CATEGORIES_MAX, "categories are bounded");
        assert!(categories.iter().all(|category| category.id.0.len() <= TEXT_BYTES_MAX), "ids are bounded");
    }
    let edit = Edit::Create(CategoryName("a".to_owned()));
    drop(heard(body, || Editing::new(&user, edit.clone())));
    drop(heard(body, || LookUp::new(&anna())));
    Ok(())
}

/// Reads a body as the answer to a batch about calendars with their texts; gives the entries of each that was read whole.
pub fn calendars(body: &[u8]) -> Result<Vec<Vec<Entry>>, Flaw> {
    calendars_with(body, Texts::Asked)
}

fn calendars_with(body: &[u8], texts: Texts) -> Result<Vec<Vec<Entry>>, Flaw> {
    batch::sort(BATCH_MAX, body)?;
    let (user, window) = (User::by_address(&anna()), Window { from: now(), to: now() + Duration::from_secs(3600) });
    Ok(heard(body, || Reading::new(&user, window, texts))
        .into_iter()
        .map(|whole| whole.calendar.into_entries())
        .collect())
}

/// Reads a body as a token and as a refusal of each kind. Returns whether there is a token in it.
pub fn token(body: &[u8]) -> bool {
    for status in [400, 401, 429, 500] {
        let error = token::refusal(received(status, body), "id");
        assert!(error.to_string().len() <= 1024, "an error repeats no answer");
    }
    let answer = token::answer(body);
    let token = answer.map(|answer| Token::new(answer, 1, now()));
    assert!(
        token.as_ref().is_none_or(|token| token.expires_at <= now() + LIFE_MAX),
        "no life is longer than is believed"
    );
    token.is_some()
}

/// Reads a text as each header that is read, and as a link to a next page.
pub fn header(text: &str) {
    let wait = retry_after(text, now());
    assert!(wait.is_none_or(|wait| wait <= RETRY_AFTER_MAX), "no wait is longer than is believed");
    drop((RequestId::new(text), Code::new(text)));
    if let Ok(value) = HeaderValue::from_str(text) {
        let at = answered_at(&HeaderMap::from_iter([(DATE, value)]));
        // As a command compares the clocks.
        let _ = at.map(|at| (at - now()).abs());
    }
    if let Some(graph) = graph()
        && let Some(path) = graph.relative(text)
    {
        is_below_the_root(&path);
    }
}

/// Holds a dialogue with every mailbox that the batch answers for; gives the outcomes of those that came to their end.
fn heard<D: Dialogue>(body: &[u8], begin: impl Fn() -> D) -> Vec<D::Outcome> {
    let Some(graph) = graph() else { return Vec::new() };
    let items = || batch::sort(BATCH_MAX, body).unwrap_or_default();
    let mut outcomes = Vec::new();
    for (index, item) in items().into_iter().enumerate() {
        let mut dialogue = begin();
        let mut item = Some(item);
        for _ in 0..PAGES {
            let Some(next) = item.take() else { break };
            match dialogue.hear(next, now(), &graph) {
                Ok(Progress::Whole) => {
                    outcomes.push(dialogue.finish());
                    break;
                }
                Ok(Progress::More) => {
                    is_below_the_root(&dialogue.question().url);
                    item = items().into_iter().nth(index);
                }
                Err(error) => {
                    assert!(error.to_string().len() <= 1024, "an error repeats no answer");
                    break;
                }
            }
        }
    }
    outcomes
}

fn bounded(entry: &Entry) {
    let texts = [&entry.id.0, &entry.ical_uid, &entry.title.0, &entry.location.0];
    let texts = texts.into_iter().chain(&entry.categories);
    assert!(texts.into_iter().all(|text| text.len() <= TEXT_BYTES_MAX), "texts are bounded");
    for zone in [Europe::Vienna, chrono_tz::Pacific::Apia] {
        let (start, end) = (entry.span.start(zone), entry.span.end(zone));
        let _ = (start - Duration::from_secs(86_400), end + Duration::from_secs(86_400), end - start);
        let _ = (zone::wall_clock(start, zone), zone::wall_clock(end, zone));
    }
}

/// What is asked next goes nowhere else.
fn is_below_the_root(path: &str) {
    assert!(path.starts_with('/') && path.len() <= LINK_MAX, "a next page is a path below the root");
    let url = Url::parse(&format!("https://graph.microsoft.com/v1.0{path}"));
    let host = url.ok().and_then(|url| url.host_str().map(str::to_owned));
    assert!(host.as_deref() == Some("graph.microsoft.com"), "a next page is on the same host");
}

fn received(status: u16, body: &[u8]) -> Received {
    Received { status, request_id: None, retry_after: None, answered_at: None, body: body.to_vec() }
}

fn graph() -> Option<Endpoint> {
    let url = Url::parse("https://graph.microsoft.com").ok()?;
    Endpoint::new(Service::Graph, url).ok()
}

fn anna() -> Address {
    "anna@example.de".parse().expect("this is an address")
}

/// Monday, 23 November 2026.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_424_400, 0).unwrap_or_default()
}
