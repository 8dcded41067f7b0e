//! XML-RPC as text: requests are written with dxr's types and encoding, answers are read by an own tolerant reader.
//!
//! Requests hold strings and structs only, so nothing depends on how the PBX maps types. Answers are taken in every
//! dialect that has been seen, Apache's with its extensions too; dxr's own reader would lose a whole answer for one
//! emoji in one display name.
//!
//! **Characters that XML 1.0 cannot carry** (most control characters, U+FFFE, U+FFFF) are dropped on both ways: kept,
//! such a character in one person's status text would make it unwritable and spoil the call for everybody in it. Half
//! a surrogate pair becomes U+FFFD.
//!
//! Must not know: HTTP, the module. Errors name what is wrong, never repeat the text that is.

use std::borrow::Cow;

use dxr::{MethodCall, Value};

use super::PbxError;

mod answer;
mod nodes;
#[cfg(test)]
mod properties;
mod scalar;
#[cfg(test)]
mod tests;

#[cfg(any(test, feature = "fuzzing"))]
pub(super) use answer::DEPTH_MAX;
pub(super) use answer::decode;

/// Writes a call with one value, declaration included.
pub(super) fn encode(method: &str, input: &Value) -> Result<String, PbxError> {
    let call = MethodCall { name: Cow::Owned(carried(method)), params: vec![cleaned(input)] };
    let xml = call.to_xml().map_err(|_| PbxError::NotEncoded)?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{xml}"))
}

fn cleaned(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(carried(text)),
        Value::Struct(members) => {
            Value::Struct(members.iter().map(|(name, value)| (carried(name), cleaned(value))).collect())
        }
        other => other.clone(),
    }
}

/// Returns the text without the characters that XML 1.0 cannot carry.
fn carried(text: &str) -> String {
    text.chars().filter(|c| is_carried(*c)).collect()
}

fn is_carried(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Returns a leaf's text, if the value is a leaf that has one.
pub(super) fn leaf_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Long(number) => Some(number.to_string()),
        Value::Boolean(yes) => Some(yes.to_string()),
        // A module's NUMBER comes as a double also when it is whole; `444.0` is written `444`.
        Value::Double(number) => Some(number.to_string()),
        _ => None,
    }
}
