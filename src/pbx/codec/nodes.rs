//! A document as nodes: elements, and text with everything joined that XML keeps apart.
//!
//! Must not know: XML-RPC's grammar. Refuses document types and entities, and counts elements.

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event;

use super::is_carried;
use crate::pbx::error::Malformed;

/// One piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// An element begins.
    Open(Tag),
    /// The innermost open element ends.
    Close,
    /// Text, never empty, with references resolved; comments do not part it.
    Text(String),
    /// The document ends.
    End,
}

/// The elements of XML-RPC, whatever their name-space prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// `methodResponse`
    MethodResponse,
    /// `params`
    Params,
    /// `param`
    Param,
    /// `fault`
    Fault,
    /// `value`
    Value,
    /// `string`
    String,
    /// `int`, `i4`, `i8`, and Apache's `i1`, `i2`
    Integer,
    /// `boolean`
    Boolean,
    /// `double`, and Apache's `float`
    Double,
    /// `dateTime.iso8601`, and Apache's `dateTime`, `bigdecimal`, `biginteger`: kept as text
    Verbatim,
    /// `base64`
    Base64,
    /// `nil`
    Nil,
    /// `struct`
    Struct,
    /// `member`
    Member,
    /// `name`
    Name,
    /// `array`
    Array,
    /// `data`
    Data,
    /// Anything else.
    Other,
}

impl Tag {
    fn named(name: &str) -> Self {
        match name {
            "methodResponse" => Self::MethodResponse,
            "params" => Self::Params,
            "param" => Self::Param,
            "fault" => Self::Fault,
            "value" => Self::Value,
            "string" => Self::String,
            "int" | "i4" | "i8" | "i1" | "i2" => Self::Integer,
            "boolean" => Self::Boolean,
            "double" | "float" => Self::Double,
            "dateTime.iso8601" | "dateTime" | "bigdecimal" | "biginteger" => Self::Verbatim,
            "base64" => Self::Base64,
            "nil" => Self::Nil,
            "struct" => Self::Struct,
            "member" => Self::Member,
            "name" => Self::Name,
            "array" => Self::Array,
            "data" => Self::Data,
            _ => Self::Other,
        }
    }
}

/// The most elements of one answer: five times what 500 members or 100 accounts with redirects take.
pub(super) const ELEMENTS_MAX: usize = 500_000;

/// Reads a document node by node.
pub(super) struct Nodes<'a> {
    document: &'a str,
    reader: Reader<&'a [u8]>,
    elements: usize,
    text: String,
    /// The first half of a surrogate pair whose second half is still to come.
    half: Option<u16>,
    /// What ended the text that was just given.
    held: Option<Node>,
}

impl<'a> Nodes<'a> {
    /// Starts at the beginning.
    pub(super) fn new(document: &'a str) -> Self {
        let mut reader = Reader::from_str(document);
        reader.config_mut().expand_empty_elements = true;
        Self { document, reader, elements: 0, text: String::new(), half: None, held: None }
    }

    /// Returns the next node; [`Node::End`] again and again after the last.
    pub(super) fn next(&mut self) -> Result<Node, Malformed> {
        if let Some(node) = self.held.take() {
            return Ok(node);
        }
        loop {
            let event = self.reader.read_event();
            match event.map_err(|error| self.malformed(&error))? {
                Event::Start(start) => {
                    let tag = Tag::named(start.local_name().as_ref());
                    self.count()?;
                    return Ok(self.after_text(Node::Open(tag)));
                }
                Event::End(_) | Event::Empty(_) => return Ok(self.after_text(Node::Close)),
                Event::Eof => return Ok(self.after_text(Node::End)),
                Event::Text(text) => self.push(&text.xml10_content()),
                Event::CData(text) => self.push(&text.xml10_content()),
                Event::GeneralRef(reference) => self.resolve(&reference)?,
                Event::DocType(_) => return Err(Malformed::Doctype),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    fn count(&mut self) -> Result<(), Malformed> {
        self.elements += 1;
        if self.elements > ELEMENTS_MAX {
            return Err(Malformed::TooMany);
        }
        Ok(())
    }

    fn after_text(&mut self, node: Node) -> Node {
        self.flush_half();
        if self.text.is_empty() {
            return node;
        }
        self.held = Some(node);
        Node::Text(std::mem::take(&mut self.text))
    }

    fn push(&mut self, text: &str) {
        if !text.is_empty() {
            self.flush_half();
        }
        self.text.extend(text.chars().filter(|c| is_carried(*c)));
    }

    fn resolve(&mut self, reference: &str) -> Result<(), Malformed> {
        let named = match reference {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "apos" => "'",
            "quot" => "\"",
            other => {
                let number = other.strip_prefix('#').ok_or(Malformed::Entity)?;
                self.push_code(code(number).ok_or(Malformed::CharacterReference)?);
                return Ok(());
            }
        };
        self.push(named);
        Ok(())
    }

    /// Apache writes a character beyond U+FFFF as two references, one for each half of Java's surrogate pair.
    fn push_code(&mut self, code: u32) {
        match (self.half, u16::try_from(code)) {
            (Some(high), Ok(low @ 0xdc00..=0xdfff)) => {
                self.half = None;
                self.text.extend(char::decode_utf16([high, low]).filter_map(Result::ok));
            }
            (_, Ok(high @ 0xd800..=0xdbff)) => {
                self.flush_half();
                self.half = Some(high);
            }
            _ => {
                let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                self.push(c.encode_utf8(&mut [0; 4]));
            }
        }
    }

    fn flush_half(&mut self) {
        if self.half.take().is_some() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
    }

    fn malformed(&self, error: &Error) -> Malformed {
        let is_open = |from: char, to: char| self.document.rfind(from) > self.document.rfind(to);
        let ends_inside = match error {
            Error::IllFormed(IllFormedError::UnclosedReference) => is_open('&', '<') && is_open('&', ';'),
            Error::Syntax(SyntaxError::InvalidBangMarkup) => is_open('<', '>'),
            Error::Syntax(_) => true,
            _ => false,
        };
        if ends_inside { Malformed::Truncated } else { Malformed::NotXml }
    }
}

fn code(number: &str) -> Option<u32> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` would take a sign.
    let is_plain = digits.chars().all(|c| c.is_digit(radix));
    is_plain.then(|| u32::from_str_radix(digits, radix).ok())?
}
