//! The readers of the module's answers, for [`crate::pbx::attack`].

use dxr::Value;

use super::config::{FIELDS_MAX, ITEMS_MAX, VALUE_BYTES_MAX, page as page_of};
use super::data::{Data, TEXT_BYTES_MAX};
use super::redirects::{CHARS_MAX, Parts};
use super::{events, info, members, redirects, states};
use crate::pbx::codec::{DEPTH_MAX, decode};
use crate::pbx::words::{self, scrub};
use crate::pbx::{EVENTS_MAX, PbxError};
use crate::rules::zone;

/// Reads a body as the answer of every entry point. Fails where it is no answer at all.
pub fn answer(body: &[u8]) -> Result<(), PbxError> {
    match decode(body)? {
        Ok(value) => {
            let (bytes, depth) = size(&value);
            assert!(bytes <= body.len(), "no text is longer than it stands in the answer");
            // A leaf of a type counts as one more than the values round it.
            assert!(depth <= DEPTH_MAX, "values are not nested deeper than is read");
            every_entry_point(&value);
        }
        Err(fault) => said(fault.string()),
    }
    Ok(())
}

/// Takes the value with and without the envelope of an answer.
fn every_entry_point(value: &Value) {
    let Ok(envelope) = Data::new(value.clone(), "the answer") else { return };
    if let Ok(Some(words)) = envelope.text("Errormessage") {
        said(&words);
    }
    let _ = envelope.flag("Success");
    let inner = envelope.part("Data").map(Data::into_members);
    let inner = inner.map(|members| Value::Struct(members.collect())).unwrap_or(Value::Nil);
    for value in [value, &inner] {
        let data = || Data::new(value.clone(), "the answer").unwrap_or_default();
        page(data());
        queue(data());
        group(data());
        module(&data());
        for (_, account) in data().into_members() {
            account_of(account);
        }
    }
}

fn said(words: &str) {
    let shown = scrub(words, ["secret", "(", "…"]);
    assert!(shown.chars().count() <= words::CHARS_MAX + 1, "words are shown up to a bound");
}

fn page(data: Data) {
    let Ok(page) = page_of(data) else { return };
    assert!(page.fields.len() <= FIELDS_MAX && page.lists.len() <= FIELDS_MAX, "fields are bounded");
    assert!(page.lists.values().all(|items| items.len() <= ITEMS_MAX), "lists are bounded");
    let texts = page.fields.values().chain(page.lists.values().flatten());
    assert!(texts.into_iter().all(|text| text.len() <= VALUE_BYTES_MAX), "what was entered is bounded");
}

fn queue(data: Data) {
    let Ok(drained) = events::drained(data) else { return };
    assert!(drained.events.len() <= EVENTS_MAX, "events are bounded");
    assert!(drained.events.is_sorted_by_key(|event| event.seq), "events are in their order");
    assert!(drained.events.iter().all(|event| zone::is_usable(&event.at)), "every instant can be reckoned with");
}

fn group(data: Data) {
    let Ok(page) = members::page(data) else { return };
    let fits = |text: &str| text.len() <= 2 * members::TEXT_BYTES_MAX + 1;
    assert!(page.members.values().all(|member| fits(&member.name) && fits(&member.login.0)), "members are bounded");
}

fn module(data: &Data) {
    let Ok(info) = info::info(data) else { return };
    let texts = [&info.module_version, &info.api, &info.instance_id, &info.instance_name, &info.queue];
    assert!(texts.into_iter().all(|text| text.len() <= TEXT_BYTES_MAX), "texts are bounded");
}

fn account_of(value: Value) {
    if let Some(seen) = states::seen(value.clone()) {
        assert!(seen.text.0.len() <= TEXT_BYTES_MAX, "status texts are bounded");
    }
    for record in redirects::records(value.clone()).into_iter().flatten() {
        assert!(record.redirect.destination.chars().count() <= CHARS_MAX, "destinations are bounded");
    }
    if let Ok(data) = Data::new(value, "an outcome") {
        let _ = Parts::SEEN.read(&data);
    }
}

/// Returns the bytes of all texts and names, and how deep values are nested.
fn size(value: &Value) -> (usize, usize) {
    let inner = |values: &mut dyn Iterator<Item = (usize, &Value)>| {
        let sizes = values.map(|(name, value)| (name, size(value)));
        let (bytes, depth) =
            sizes.fold((0, 0), |(bytes, depth), (name, (more, deep))| (bytes + name + more, deep.max(depth)));
        (bytes, depth + 1)
    };
    match value {
        Value::Struct(members) => inner(&mut members.iter().map(|(name, value)| (name.len(), value))),
        Value::Array(values) => inner(&mut values.iter().map(|value| (0, value))),
        Value::String(text) => (text.len(), 1),
        Value::Base64(bytes) => (bytes.len(), 1),
        _ => (0, 1),
    }
}
