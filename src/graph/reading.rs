//! One mailbox's reading in progress, page by page.
//!
//! It ends with every entry of the window or with the reason why they are not known; never with some of them. Texts are
//! given up where they make an answer too large.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, Timelike, Utc};
use serde_json::value::RawValue;

use super::batch::{self, Item};
use super::dialogue::{Dialogue, Progress, Question};
use super::directory::User;
use super::endpoint::Endpoint;
use super::error::{Flaw, GraphError, Permission, Things};
use super::event::{self, TagsOf};
use super::reply::Service;
use super::wire::{Page, SELECT, SELECT_TEXT};
use super::{Calendar, Imprint, Window};
use crate::rules::{Entry, EntryId};

/// The entries asked for per page: some 250 kB, so that twenty mailboxes stay below the size of one answer.
const TOP_MAX: usize = 250;

/// The entries asked for per page with their texts: a mailbox is too large only where each has eighty kilobytes.
const TOP_WITH_TEXTS: usize = 100;

/// The fewest entries asked for per page. If so few do not fit into an answer, something else is wrong.
const TOP_MIN: usize = 10;

/// The most pages that are followed: a link may lead in a circle.
const PAGES_MAX: usize = 50;

/// The most entries of one mailbox; some hundred a day in the longest window.
pub(super) const ENTRIES_MAX: usize = 5000;

/// Times in UTC need no table of zones; immutable ids survive a move to another folder.
const PREFER: &str = "outlook.timezone=\"UTC\", IdType=\"ImmutableId\"";

/// The same, and texts without markup.
const PREFER_TEXT: &str = "outlook.timezone=\"UTC\", outlook.body-content-type=\"text\", IdType=\"ImmutableId\"";

/// What is asked of the texts of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texts {
    /// They are read for their tags.
    Asked,
    /// They are not wanted, so there are no tags.
    Unwanted,
    /// They are not asked for, as they are too large; the tags are unknown.
    Forgone,
}

impl Texts {
    /// Returns by what an answer to the one is told from an answer to the other.
    fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Unwanted => "unwanted",
            Self::Forgone => "forgone",
        }
    }
}

/// One mailbox's reading.
pub(super) struct Reading {
    path: String,
    /// The imprint of the answer that would say nothing new.
    last: Option<Imprint>,
    /// What became of the first page.
    first: First,
    texts: Texts,
    top: usize,
    next: Option<String>,
    pages: usize,
    entries: BTreeMap<EntryId, (Entry, TagsOf)>,
}

/// What became of the first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum First {
    /// It was not read yet, or is to be read again.
    Unread,
    /// It is the last answer once more.
    Unchanged,
    /// It has this imprint.
    Read(Imprint),
}

/// A calendar that was read whole.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) calendar: Calendar,
    /// The entries whose tags are not known.
    pub(super) tags_unknown: BTreeSet<EntryId>,
    /// What was asked of the texts in the end.
    pub(super) texts: Texts,
}

impl Reading {
    /// Begins to read this part of a user's calendar.
    pub(super) fn new(user: &User, window: Window, texts: Texts) -> Self {
        let top = if texts == Texts::Asked { TOP_WITH_TEXTS } else { TOP_MAX };
        let (last, first, path) = (None, First::Unread, path(user, window));
        Self { path, last, first, texts, top, next: None, pages: 0, entries: BTreeMap::new() }
    }

    /// Says which answer would say nothing new.
    pub(super) fn after(self, last: Option<Imprint>) -> Self {
        Self { last, ..self }
    }

    /// Takes in the body of a page.
    fn take_body(&mut self, body: &RawValue, graph: &Endpoint) -> Result<Progress, GraphError> {
        if self.first == First::Unread {
            let imprint = Imprint::of(self.texts.word(), body.get());
            if self.last == Some(imprint) {
                self.first = First::Unchanged;
                return Ok(Progress::Whole);
            }
            self.first = First::Read(imprint);
        }
        self.take(batch::page_of(body)?, graph)
    }

    /// Takes in a page. An entry that moved between two pages meanwhile is in both; the later one counts.
    fn take(&mut self, page: Page, graph: &Endpoint) -> Result<Progress, GraphError> {
        for (entry, tags) in event::entries(&page.value, self.texts).map_err(malformed)? {
            self.entries.insert(entry.id.clone(), (entry, tags));
        }
        self.pages += 1;
        self.next = match page.next_link {
            None => None,
            Some(link) => Some(graph.relative(&link).ok_or(malformed(Flaw::ForeignLink))?),
        };
        let more = self.next.is_some();
        if self.entries.len() > ENTRIES_MAX || (more && self.pages == PAGES_MAX) {
            return Err(GraphError::TooMany { things: Things::Entries, pages: PAGES_MAX, items: ENTRIES_MAX });
        }
        Ok(if more { Progress::More } else { Progress::Whole })
    }

    /// Returns the URL of the next page, below the version root.
    fn url(&self) -> String {
        match &self.next {
            Some(next) => next.clone(),
            None => {
                let text = if self.texts == Texts::Asked { SELECT_TEXT } else { "" };
                format!("{}{text}&$top={}", self.path, self.top)
            }
        }
    }

    /// Returns the `Prefer` header of the next page.
    fn prefer(&self) -> &'static str {
        match self.texts {
            Texts::Asked => PREFER_TEXT,
            Texts::Unwanted | Texts::Forgone => PREFER,
        }
    }
}

impl Dialogue for Reading {
    type Outcome = Whole;

    const NEEDS: Permission = Permission::Calendars;

    const KIND: &'static str = "calendars";

    /// Whoever reads calendars again and again finds out who is late without letting the others wait.
    const PARTED_WHEN_LATE: bool = false;

    fn question(&self) -> Question {
        Question { prefer: Some(self.prefer()), ..Question::get(self.url()) }
    }

    fn hear(&mut self, item: Item, now: DateTime<Utc>, graph: &Endpoint) -> Result<Progress, GraphError> {
        self.take_body(&item.body(now, Self::NEEDS)?, graph)
    }

    /// Begins again: without the texts if they were asked for, else with pages half as large.
    fn shrink(&mut self) -> bool {
        self.next = None;
        self.first = First::Unread;
        self.pages = 0;
        self.entries.clear();
        if self.texts == Texts::Asked {
            self.texts = Texts::Forgone;
            self.top = TOP_MAX;
            return true;
        }
        self.top /= 2;
        self.top >= TOP_MIN
    }

    /// Begins again without the texts.
    fn lighten(&mut self) -> bool {
        self.texts == Texts::Asked && self.shrink()
    }

    fn finish(self) -> Whole {
        let unknown = self.entries.iter().filter(|(_, (_, tags))| *tags == TagsOf::Unknown);
        let tags_unknown: BTreeSet<EntryId> = unknown.map(|(id, _)| id.clone()).collect();
        let imprint = match self.first {
            First::Unchanged => return Whole { calendar: Calendar::Unchanged, tags_unknown, texts: self.texts },
            First::Read(imprint) if self.pages == 1 && tags_unknown.is_empty() => Some(imprint),
            First::Read(_) | First::Unread => None,
        };
        let entries = self.entries.into_values().map(|(entry, _)| entry).collect();
        Whole { calendar: Calendar::Read { entries, imprint }, tags_unknown, texts: self.texts }
    }
}

fn path(user: &User, Window { from, to }: Window) -> String {
    format!(
        "/users/{}/calendarView?startDateTime={}&endDateTime={}&$select={SELECT}",
        user.as_str(),
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
