//! The structs of an answer, read as if the PBX might map some of their strings to other types.

use std::collections::BTreeMap;

use dxr::Value;

use crate::pbx::PbxError;
use crate::pbx::codec::leaf_text;
use crate::pbx::error::Malformed;
use crate::rules::AccountId;

/// The longest text of an answer, in bytes; real ones have some hundred.
pub(super) const TEXT_BYTES_MAX: usize = 64 * 1024;

/// A struct of an answer.
#[derive(Debug, Default)]
pub(super) struct Data(BTreeMap<String, Value>);

impl Data {
    /// Takes a value as a struct. Nothing and an empty text are a struct without members, which is how an empty map
    /// may come back.
    pub(super) fn new(value: Value, name: &'static str) -> Result<Self, PbxError> {
        match value {
            Value::Struct(members) => Ok(Self(members)),
            Value::Nil => Ok(Self::default()),
            Value::String(text) if text.is_empty() => Ok(Self::default()),
            _ => Err(Malformed::Struct(name).into()),
        }
    }

    /// Takes a struct out; one that is missing has no members.
    pub(super) fn part(mut self, name: &'static str) -> Result<Self, PbxError> {
        Self::new(self.0.remove(name).unwrap_or(Value::Nil), name)
    }

    /// Takes two structs out, as [`Data::part`] does one.
    pub(super) fn parts(mut self, one: &'static str, two: &'static str) -> Result<(Self, Self), PbxError> {
        let first = Self::new(self.0.remove(one).unwrap_or(Value::Nil), one)?;
        Ok((first, self.part(two)?))
    }

    /// Returns a text, if it is there.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, PbxError> {
        self.text_within(name, TEXT_BYTES_MAX)
    }

    /// Returns a text of at most so many bytes, if it is there.
    pub(super) fn text_within(&self, name: &'static str, bytes_max: usize) -> Result<Option<String>, PbxError> {
        match self.0.get(name) {
            None | Some(Value::Nil) => Ok(None),
            Some(Value::String(text)) if text.len() > bytes_max => Err(Malformed::Text(name).into()),
            Some(value) => leaf_text(value).map(Some).ok_or_else(|| Malformed::Leaf(name).into()),
        }
    }

    /// Returns a yes or no that must be there.
    pub(super) fn flag(&self, name: &'static str) -> Result<bool, PbxError> {
        let words = self.text(name)?.ok_or(Malformed::Missing(name))?;
        match words.trim() {
            "1" => Ok(true),
            "0" => Ok(false),
            word if word.eq_ignore_ascii_case("true") => Ok(true),
            word if word.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(Malformed::Boolean.into()),
        }
    }

    /// Returns a whole number, if it is there and not empty.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<u64>, PbxError> {
        let text = self.text(name)?.unwrap_or_default();
        let digits = text.trim();
        if digits.is_empty() {
            return Ok(None);
        }
        let number = digits.parse().map_err(|_| Malformed::Number(name))?;
        Ok(Some(number))
    }

    /// Takes one member out.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Takes the parts apart that are about one account each; what is no account or no struct is left out.
    pub(super) fn into_accounts(self) -> BTreeMap<AccountId, Data> {
        self.into_members()
            .filter_map(|(account, value)| Some((account.parse().ok()?, Data::new(value, "an account").ok()?)))
            .collect()
    }

    /// Takes the members apart.
    pub(super) fn into_members(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(value: Value) -> Data {
        Data(BTreeMap::from([("x".to_owned(), value)]))
    }

    fn string(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    #[test]
    fn a_flag_is_read_whatever_its_type() {
        #[track_caller]
        fn case(value: Value, expected: Option<bool>) {
            let shown = format!("{value:?}");
            assert_eq!(data(value).flag("x").ok(), expected, "{shown}");
        }
        case(Value::Boolean(true), Some(true));
        case(Value::Integer(0), Some(false));
        case(Value::Double(1.0), Some(true));
        case(string("true"), Some(true));
        case(string(" False "), Some(false));
        case(string("yes"), None);
        case(string(""), None);
        case(Value::Nil, None);
        case(Value::Array(Vec::new()), None);
    }

    #[test]
    fn a_number_is_read_whatever_its_type() {
        #[track_caller]
        fn case(value: Value, expected: Option<Option<u64>>) {
            let shown = format!("{value:?}");
            assert_eq!(data(value).number("x").ok(), expected, "{shown}");
        }
        case(string(" 4711 "), Some(Some(4711)));
        case(Value::Double(444.0), Some(Some(444)));
        case(Value::Long(1 << 40), Some(Some(1 << 40)));
        case(string(""), Some(None));
        case(Value::Nil, Some(None));
        case(string("-1"), None);
        case(Value::Double(1.5), None);
        case(string("many"), None);
    }

    #[test]
    fn a_text_is_bounded() {
        let longest = "x".repeat(TEXT_BYTES_MAX);
        assert_eq!(data(string(&longest)).text("x").unwrap(), Some(longest.clone()));
        let error = data(string(&format!("{longest}x"))).text("x").unwrap_err();
        assert_eq!(error.to_string(), PbxError::from(Malformed::Text("x")).to_string());
    }

    #[test]
    fn an_empty_map_may_come_back_as_nothing() {
        assert!(Data::new(Value::Nil, "x").unwrap().0.is_empty());
        assert!(Data::new(string(""), "x").unwrap().0.is_empty());
        assert!(Data::default().part("x").unwrap().0.is_empty());
        assert!(Data::new(string(" "), "x").is_err());
        assert!(Data::new(Value::Array(Vec::new()), "x").is_err());
    }
}
