//! One mailbox's reading in progress, page by page.
//!
//! It ends with every entry of the window or with the reason why they are not known; never with some of them.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Timelike, Utc};

use super::endpoint::{Endpoint, segment};
use super::error::{Flaw, GraphError};
use super::event;
use super::reply::Service;
use super::wire::{Page, SELECT};
use super::{Request, Window};
use crate::rules::{Entry, EntryId};

/// The entries asked for per page: some 250 kB, so that twenty mailboxes stay below the size of one answer.
const TOP_MAX: usize = 250;

/// The fewest entries asked for per page. If so few do not fit into an answer, something else is wrong.
const TOP_MIN: usize = 10;

/// The most pages that are followed: a link may lead in a circle.
const PAGES_MAX: usize = 50;

/// The most entries of one mailbox; some hundred a day in the longest window.
const ENTRIES_MAX: usize = 5000;

/// How far a reading is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// There is a next page.
    More,
    /// Everything is known.
    Whole,
}

/// One mailbox's reading.
pub(super) struct Reading {
    index: usize,
    path: String,
    top: usize,
    next: Option<String>,
    pages: usize,
    entries: BTreeMap<EntryId, Entry>,
}

impl Reading {
    /// Begins with the request of that index.
    pub(super) fn new(index: usize, request: &Request) -> Self {
        Self { index, path: path(request), top: TOP_MAX, next: None, pages: 0, entries: BTreeMap::new() }
    }

    /// Takes in a page. An entry that moved between two pages meanwhile is in both; the later one counts.
    pub(super) fn take(&mut self, page: Page, graph: &Endpoint) -> Result<Progress, GraphError> {
        for entry in event::entries(&page.value).map_err(malformed)? {
            self.entries.insert(entry.id.clone(), entry);
        }
        self.pages += 1;
        self.next = match page.next_link {
            None => None,
            Some(link) => Some(graph.relative(&link).ok_or(malformed(Flaw::ForeignLink))?),
        };
        let more = self.next.is_some();
        if self.entries.len() > ENTRIES_MAX || (more && self.pages == PAGES_MAX) {
            return Err(GraphError::TooMany { pages: PAGES_MAX, entries: ENTRIES_MAX });
        }
        Ok(if more { Progress::More } else { Progress::Whole })
    }

    /// Begins again with pages half as large. Returns whether that is still sensible.
    pub(super) fn shrink(&mut self) -> bool {
        self.top /= 2;
        self.next = None;
        self.pages = 0;
        self.entries.clear();
        self.top >= TOP_MIN
    }

    /// Returns which request this is.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Returns the URL of the next page, below the version root.
    pub(super) fn url(&self) -> String {
        match &self.next {
            Some(next) => next.clone(),
            None => format!("{}&$top={}", self.path, self.top),
        }
    }

    /// Ends with the entries.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries.into_values().collect()
    }
}

fn path(request: &Request) -> String {
    let Window { from, to } = request.window;
    format!(
        "/users/{}/calendarView?startDateTime={}&endDateTime={}&$select={SELECT}",
        segment(request.address.as_str()),
        seconds(from),
        seconds(whole_second_after(to)),
    )
}

/// Times with `Z`: a `+` of an offset would need an escape.
fn seconds(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The end is rounded up, as the text has no fraction and nothing may be cut off.
fn whole_second_after(at: DateTime<Utc>) -> DateTime<Utc> {
    match at.nanosecond() {
        0 => at,
        _ => at + chrono::TimeDelta::seconds(1),
    }
}

fn malformed(flaw: Flaw) -> GraphError {
    GraphError::Malformed { service: Service::Graph, flaw, request_id: None }
}

#[cfg(test)]
mod tests;
