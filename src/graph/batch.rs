//! One `$batch`: what is asked, and which answer belongs to which mailbox.
//!
//! The answers come in any order and are told apart by their ids, which count from 1. A mailbox that is not answered
//! exactly once is unknown.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::error::{Flaw, GraphError};
use super::json;
use super::pace::retry_after;
use super::reading::Reading;
use super::reply::{Code, Reply, RequestId, Service};
use super::wire::{Batch, BatchAnswer, BatchHeaders, BatchRequest, BatchResponse, Page, Refusal, RefusalError};

/// Returns the body that asks for the next page of each.
pub(super) fn ask(readings: &[Reading]) -> Batch {
    let request = |(index, reading): (usize, &Reading)| BatchRequest {
        id: (index + 1).to_string(),
        method: "GET",
        url: reading.url(),
        headers: BatchHeaders { prefer: reading.prefer() },
    };
    Batch { requests: readings.iter().enumerate().map(request).collect() }
}

/// One mailbox's answer in a batch.
pub(super) enum Item {
    /// Answered once.
    Answered(BatchResponse),
    /// Not answered for.
    Missing,
    /// Answered more than once, so nobody knows which answer is right.
    Repeated,
}

/// Sorts a batch's answer by the `count` mailboxes that were asked. Nothing when it is no such answer.
pub(super) fn sort(count: usize, body: &[u8]) -> Option<Vec<Item>> {
    let answer = json::decode::<BatchAnswer>(body)?;
    let mut items: Vec<Item> = (0..count).map(|_| Item::Missing).collect();
    for response in answer.responses {
        let Some((index, response)) = response_of(response) else {
            continue;
        };
        if let Some(item) = items.get_mut(index) {
            *item = match item {
                Item::Missing => Item::Answered(response),
                Item::Answered(_) | Item::Repeated => Item::Repeated,
            };
        }
    }
    Some(items)
}

fn response_of(value: Value) -> Option<(usize, BatchResponse)> {
    let response = BatchResponse::deserialize(value).ok()?;
    let index = response.id.parse::<usize>().ok()?.checked_sub(1)?;
    Some((index, response))
}

impl Item {
    /// Returns whether the token was refused for this mailbox.
    pub(super) fn refuses_token(&self) -> bool {
        matches!(self, Self::Answered(response) if response.status == 401)
    }

    /// Reads the page of the calendar, or why there is none.
    pub(super) fn page(self, now: DateTime<Utc>) -> Result<Page, GraphError> {
        let malformed = |flaw| GraphError::Malformed { service: Service::Graph, flaw, request_id: None };
        match self {
            Self::Missing => Err(malformed(Flaw::Missing)),
            Self::Repeated => Err(malformed(Flaw::Repeated)),
            Self::Answered(response) if response.status == 200 => {
                Page::deserialize(response.body).map_err(|_| malformed(Flaw::NoEntries))
            }
            Self::Answered(response) => {
                let (reply, after) = refusal(&response, now);
                Err(GraphError::from_item(reply, after))
            }
        }
    }
}

fn refusal(response: &BatchResponse, now: DateTime<Utc>) -> (Reply, Option<Duration>) {
    let error = Refusal::deserialize(&response.body).ok().map(|refusal| refusal.error);
    let header = response.header("request-id");
    let own = header.as_deref().and_then(RequestId::new);
    let own = own.or_else(|| error.as_ref().and_then(request_id));
    let reply = Reply {
        service: Service::Graph,
        status: response.status,
        code: error.as_ref().and_then(code),
        request_id: own,
    };
    let wait = response.header("retry-after");
    (reply, wait.and_then(|text| retry_after(&text, now)))
}

/// Returns the code of a refusal.
pub(super) fn code(error: &RefusalError) -> Option<Code> {
    error.code.as_deref().and_then(Code::new)
}

/// Returns the id that a refusal bears in its body.
pub(super) fn request_id(error: &RefusalError) -> Option<RequestId> {
    let inner = error.inner.as_ref()?;
    inner.request_id.as_deref().and_then(RequestId::new)
}

#[cfg(test)]
mod tests;
