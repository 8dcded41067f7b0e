//! `$batch`: what is in one, and how its answers are put together.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{Refusal, Reply};

/// The most requests in one batch.
const BATCH_MAX: usize = 20;

/// One request, in a batch or alone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) body: Value,
}

#[derive(Deserialize)]
struct Batch {
    requests: Vec<Item>,
}

impl Item {
    /// Returns a request outside a batch.
    pub(crate) fn single(method: &str, url: &str, headers: BTreeMap<String, String>, body: &[u8]) -> Self {
        let body = serde_json::from_slice(body).unwrap_or_default();
        Self { id: String::new(), method: method.to_owned(), url: url.to_owned(), headers, body }
    }

    /// Returns a header, whatever the case of its name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Reads a batch, or says why it is none.
pub(crate) fn read(body: &[u8]) -> Result<Vec<Item>, Refusal> {
    let malformed = |message: String| Refusal::new(400, "BadRequest", message);
    let batch: Batch =
        serde_json::from_slice(body).map_err(|_| malformed("Unable to read JSON request payload.".to_owned()))?;
    if batch.requests.is_empty() || batch.requests.len() > BATCH_MAX {
        return Err(malformed(format!("Number of batch request steps must be between 1 and {BATCH_MAX}.")));
    }
    let mut ids = BTreeSet::new();
    for item in &batch.requests {
        if !item.body.is_null() && item.header("content-type").is_none() {
            return Err(malformed(format!("Write request id : {} does not contain Content-Type header.", item.id)));
        }
        if !ids.insert(item.id.to_lowercase()) {
            return Err(malformed(format!("Request Id {} has to be unique in a batch.", item.id)));
        }
    }
    Ok(batch.requests)
}

/// Puts the answers of a batch together: never in the order of the requests, header names in any case.
pub(crate) fn join(call: u64, mut answers: Vec<(String, Reply)>) -> Reply {
    let count = answers.len();
    let turn = usize::try_from(call).unwrap_or_default();
    if count > 1 {
        answers.rotate_left(1 + turn % (count - 1));
    }
    let responses: Vec<Value> = answers
        .into_iter()
        .enumerate()
        .map(|(index, (id, reply))| {
            let headers: BTreeMap<String, String> =
                reply.headers.into_iter().map(|(name, value)| (odd_case(&name, turn + index), value)).collect();
            let mut response = json!({ "id": id, "status": reply.status, "headers": headers });
            if !reply.body.is_null() {
                response["body"] = reply.body;
            }
            response
        })
        .collect();
    Reply::ok(json!({ "responses": responses }))
}

fn odd_case(name: &str, turn: usize) -> String {
    match turn % 3 {
        0 => name.to_owned(),
        1 => name.to_ascii_lowercase(),
        _ => name.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_never_come_in_the_order_of_the_requests() {
        for call in 0..50 {
            for count in 2..=BATCH_MAX {
                let ids: Vec<String> = (0..count).map(|id| id.to_string()).collect();
                let answers = ids.iter().map(|id| (id.clone(), Reply::ok(json!({}))));
                let joined = join(call, answers.collect());
                let given: Vec<&str> = joined.body["responses"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|answer| answer["id"].as_str())
                    .collect();
                assert_eq!(given.len(), count);
                assert_ne!(given, ids);
            }
        }
    }
}
