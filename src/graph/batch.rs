//! One `$batch`: what is asked, and which answer belongs to which mailbox.
//!
//! The answers come in any order and are told apart by their ids, which count from 1. A mailbox that is not answered
//! exactly once is unknown.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::dialogue::Question;
use super::error::{Flaw, GraphError, Permission};
use super::json;
use super::pace::retry_after;
use super::reply::{Code, Reply, RequestId, Service};
use super::wire::{Batch, BatchAnswer, BatchRequest, BatchResponse, Page, Refusal, RefusalError};

/// Returns the body that asks these questions.
pub(super) fn ask(questions: impl IntoIterator<Item = Question>) -> Batch {
    let request = |(id, question): (usize, Question)| BatchRequest {
        id: id.to_string(),
        method: question.method,
        headers: headers(&question),
        url: question.url,
        body: question.body,
    };
    Batch { requests: (1..).zip(questions).map(request).collect() }
}

fn headers(question: &Question) -> BTreeMap<&'static str, &'static str> {
    let prefer = question.prefer.map(|prefer| ("Prefer", prefer));
    let content_type = question.body.as_ref().map(|_| ("Content-Type", "application/json"));
    prefer.into_iter().chain(content_type).collect()
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

/// Sorts a batch's answer by the `count` mailboxes that were asked, or tells why it is no such answer.
pub(super) fn sort(count: usize, body: &[u8]) -> Result<Vec<Item>, Flaw> {
    let text = json::text(body)?;
    let answer: BatchAnswer<'_> = serde_json::from_str(&text).map_err(|_| Flaw::NotJson)?;
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
    Ok(items)
}

fn response_of(response: &RawValue) -> Option<(usize, BatchResponse)> {
    let response: BatchResponse = serde_json::from_str(response.get()).ok()?;
    let index = response.id.parse::<usize>().ok()?.checked_sub(1)?;
    Some((index, response))
}

impl Item {
    /// Returns whether the token was refused for this mailbox.
    pub(super) fn refuses_token(&self) -> bool {
        matches!(self, Self::Answered(response) if response.status == 401)
    }

    /// Returns the status of the answer, if there was exactly one.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Answered(response) => Some(response.status),
            Self::Missing | Self::Repeated => None,
        }
    }

    /// Reads the page of a list, or why there is none. `needs` is what the app lacks when it is forbidden.
    pub(super) fn page(self, now: DateTime<Utc>, needs: Permission) -> Result<Page, GraphError> {
        page_of(&self.body(now, needs)?)
    }

    /// Returns the body in which the page of a list stands, or why there is none.
    pub(super) fn body(self, now: DateTime<Utc>, needs: Permission) -> Result<Box<RawValue>, GraphError> {
        self.success(200..=200, now, needs)
    }

    /// Reads that something was done, or why not.
    pub(super) fn done(self, now: DateTime<Utc>, needs: Permission) -> Result<(), GraphError> {
        self.success(200..=299, now, needs).map(drop)
    }

    fn success(
        self,
        statuses: RangeInclusive<u16>,
        now: DateTime<Utc>,
        needs: Permission,
    ) -> Result<Box<RawValue>, GraphError> {
        match self {
            Self::Missing => Err(malformed(Flaw::Missing)),
            Self::Repeated => Err(malformed(Flaw::Repeated)),
            Self::Answered(response) if statuses.contains(&response.status) => Ok(response.body),
            Self::Answered(response) => {
                let (reply, after) = refusal(&response, now);
                Err(GraphError::from_item(reply, after, needs))
            }
        }
    }

    /// Returns the one answer of a mailbox, for tests.
    #[cfg(test)]
    pub(super) fn answered(response: &serde_json::Value) -> Self {
        Self::Answered(serde_json::from_str(&response.to_string()).unwrap())
    }
}

/// Reads the page of a list.
pub(super) fn page_of(body: &RawValue) -> Result<Page, GraphError> {
    serde_json::from_str(body.get()).map_err(|_| malformed(Flaw::NoList))
}

fn malformed(flaw: Flaw) -> GraphError {
    GraphError::Malformed { service: Service::Graph, flaw, request_id: None }
}

fn refusal(response: &BatchResponse, now: DateTime<Utc>) -> (Reply, Option<Duration>) {
    let error = serde_json::from_str::<Refusal>(response.body.get()).ok().map(|refusal| refusal.error);
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
