//! The grammar of an answer: a value or a fault.

use std::collections::BTreeMap;

use dxr::{Fault, Value};

use super::leaf_text;
use super::nodes::{Node, Nodes, Tag};
use super::scalar::scalar;
use crate::pbx::error::Malformed;

/// The deepest nesting of values; the module's answers have six levels.
pub(in crate::pbx) const DEPTH_MAX: usize = 32;

/// Reads an answer. Without a value it is [`Value::Nil`]; the last of two members with one name counts.
pub(in crate::pbx) fn decode(body: &[u8]) -> Result<Result<Value, Fault>, Malformed> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?;
    let document = text.trim_start_matches('\u{feff}').trim_start_matches(is_blank);
    let mut answer = Answer(Nodes::new(document));
    let outcome = answer.whole()?;
    match answer.text_before()? {
        (text, Node::End) if text.chars().all(is_blank) => Ok(outcome),
        _ => Err(Malformed::Misplaced),
    }
}

struct Answer<'a>(Nodes<'a>);

impl Answer<'_> {
    fn whole(&mut self) -> Result<Result<Value, Fault>, Malformed> {
        match self.text_before()? {
            (text, Node::Open(Tag::MethodResponse)) if text.chars().all(is_blank) => {}
            (text, Node::End) if text.chars().all(is_blank) => return Err(Malformed::Truncated),
            _ => return Err(Malformed::NotAnAnswer),
        }
        let outcome = match self.skip_blank()? {
            Node::Open(Tag::Params) => Ok(self.params()?),
            Node::Open(Tag::Fault) => Err(self.fault()?),
            Node::End => return Err(Malformed::Truncated),
            _ => return Err(Malformed::NotAnAnswer),
        };
        self.close()?;
        Ok(outcome)
    }

    fn params(&mut self) -> Result<Value, Malformed> {
        match self.skip_blank()? {
            Node::Close => return Ok(Value::Nil),
            Node::Open(Tag::Param) => {}
            other => return Err(misplaced(&other)),
        }
        let value = match self.skip_blank()? {
            Node::Close => Value::Nil,
            Node::Open(Tag::Value) => {
                let value = self.value(1)?;
                self.close()?;
                value
            }
            other => return Err(misplaced(&other)),
        };
        match self.skip_blank()? {
            Node::Close => Ok(value),
            Node::Open(Tag::Param) => Err(Malformed::SecondValue),
            other => Err(misplaced(&other)),
        }
    }

    fn fault(&mut self) -> Result<Fault, Malformed> {
        match self.skip_blank()? {
            Node::Open(Tag::Value) => {}
            Node::End => return Err(Malformed::Truncated),
            _ => return Err(Malformed::Fault),
        }
        let value = self.value(1)?;
        self.close()?;
        fault(&value).ok_or(Malformed::Fault)
    }

    /// Reads what stands in an open `value`, and its end.
    fn value(&mut self, depth: usize) -> Result<Value, Malformed> {
        if depth > DEPTH_MAX {
            return Err(Malformed::TooDeep);
        }
        let (before, next) = self.text_before()?;
        match next {
            // No type: a string as it stands, blanks too.
            Node::Close => Ok(Value::String(before)),
            Node::Open(tag) if before.chars().all(is_blank) => {
                let value = self.typed(tag, depth)?;
                self.close()?;
                Ok(value)
            }
            other => Err(misplaced(&other)),
        }
    }

    fn typed(&mut self, tag: Tag, depth: usize) -> Result<Value, Malformed> {
        match tag {
            Tag::Struct => self.members(depth).map(Value::Struct),
            Tag::Array => self.array(depth).map(Value::Array),
            leaf => match self.text_before()? {
                (text, Node::Close) => scalar(leaf, text),
                (_, Node::End) => Err(Malformed::Truncated),
                // A type that nobody knows may well hold elements of its own.
                _ if leaf == Tag::Other => Err(Malformed::UnknownType),
                _ => Err(Malformed::Misplaced),
            },
        }
    }

    fn members(&mut self, depth: usize) -> Result<BTreeMap<String, Value>, Malformed> {
        let mut members = BTreeMap::new();
        loop {
            match self.skip_blank()? {
                Node::Close => return Ok(members),
                Node::Open(Tag::Member) => {
                    let (name, value) = self.member(depth)?;
                    members.insert(name, value);
                }
                other => return Err(misplaced(&other)),
            }
        }
    }

    fn member(&mut self, depth: usize) -> Result<(String, Value), Malformed> {
        let (mut name, mut value) = (None, None);
        loop {
            match self.skip_blank()? {
                Node::Open(Tag::Name) if name.is_none() => name = Some(self.name(depth)?),
                Node::Open(Tag::Value) if value.is_none() => value = Some(self.value(depth + 1)?),
                Node::Close => return name.zip(value).ok_or(Malformed::Member),
                other => return Err(misplaced(&other)),
            }
        }
    }

    /// Apache with extensions writes a key that is no string as a value inside the name.
    fn name(&mut self, depth: usize) -> Result<String, Malformed> {
        match self.text_before()? {
            (text, Node::Close) => Ok(text),
            (before, Node::Open(Tag::Value)) if before.chars().all(is_blank) => {
                let key = self.value(depth + 1)?;
                self.close()?;
                leaf_text(&key).ok_or(Malformed::Member)
            }
            (_, other) => Err(misplaced(&other)),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, Malformed> {
        let mut values = Vec::new();
        match self.skip_blank()? {
            Node::Close => return Ok(values),
            Node::Open(Tag::Data) => {}
            other => return Err(misplaced(&other)),
        }
        loop {
            match self.skip_blank()? {
                Node::Open(Tag::Value) => values.push(self.value(depth + 1)?),
                Node::Close => break,
                other => return Err(misplaced(&other)),
            }
        }
        self.close()?;
        Ok(values)
    }

    fn close(&mut self) -> Result<(), Malformed> {
        match self.skip_blank()? {
            Node::Close => Ok(()),
            other => Err(misplaced(&other)),
        }
    }

    /// Returns the next node that is not the blank text of a pretty-printed answer.
    fn skip_blank(&mut self) -> Result<Node, Malformed> {
        match self.text_before()? {
            (text, node) if text.chars().all(is_blank) => Ok(node),
            (_, Node::End) => Err(Malformed::Truncated),
            _ => Err(Malformed::Misplaced),
        }
    }

    /// Returns the text before the next element's beginning or end, perhaps empty, and that beginning or end.
    fn text_before(&mut self) -> Result<(String, Node), Malformed> {
        match self.0.next()? {
            Node::Text(text) => Ok((text, self.0.next()?)),
            node => Ok((String::new(), node)),
        }
    }
}

fn misplaced(node: &Node) -> Malformed {
    match node {
        Node::End => Malformed::Truncated,
        _ => Malformed::Misplaced,
    }
}

/// A fault's members come in any order, the code also as text, the text also as nil, and Apache adds a third.
fn fault(value: &Value) -> Option<Fault> {
    let Value::Struct(members) = value else {
        return None;
    };
    let (code, text) = (members.get("faultCode"), members.get("faultString"));
    code.or(text)?;
    let code = code.and_then(leaf_text).and_then(|code| code.trim().parse().ok());
    Some(Fault::new(code.unwrap_or_default(), text.and_then(leaf_text).unwrap_or_default()))
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}
