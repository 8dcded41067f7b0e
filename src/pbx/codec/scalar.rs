//! The leaves of an answer.

use dxr::Value;

use super::nodes::Tag;
use crate::pbx::error::Malformed;

/// Reads the text of a typed leaf. Blanks round everything but a string do not count.
pub(super) fn scalar(tag: Tag, text: String) -> Result<Value, Malformed> {
    match tag {
        Tag::String => Ok(Value::String(text)),
        Tag::Integer => integer(text.trim()),
        Tag::Boolean => boolean(text.trim()).map(Value::Boolean),
        Tag::Double => double(text.trim()).map(Value::Double),
        // Dates come in a dozen forms and without a zone, big numbers are wider than any type: whoever needs one
        // reads its text.
        Tag::Verbatim => Ok(Value::String(text.trim().to_owned())),
        Tag::Base64 => base64(&text),
        Tag::Nil if text.trim().is_empty() => Ok(Value::Nil),
        Tag::Nil => Err(Malformed::Misplaced),
        _ => Err(Malformed::UnknownType),
    }
}

fn integer(text: &str) -> Result<Value, Malformed> {
    let number: i64 = text.parse().map_err(|_| Malformed::Integer)?;
    Ok(i32::try_from(number).map_or(Value::Long(number), Value::Integer))
}

fn boolean(text: &str) -> Result<bool, Malformed> {
    match text {
        "1" => Ok(true),
        "0" => Ok(false),
        word if word.eq_ignore_ascii_case("true") => Ok(true),
        word if word.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(Malformed::Boolean),
    }
}

fn double(text: &str) -> Result<f64, Malformed> {
    text.parse().map_err(|_| Malformed::Double)
}

/// dxr knows the alphabet and the padding; only line breaks are in its way.
fn base64(text: &str) -> Result<Value, Malformed> {
    let digits: String = text.split_whitespace().collect();
    if digits.is_empty() {
        return Ok(Value::Base64(Vec::new()));
    }
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)) {
        return Err(Malformed::Base64);
    }
    Value::from_xml(&format!("<value><base64>{digits}</base64></value>")).map_err(|_| Malformed::Base64)
}
