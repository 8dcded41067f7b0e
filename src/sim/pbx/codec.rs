//! The XML of calls and answers, in the dialect that is switched on.
//!
//! Calls are read by `dxr`. Answers are written by hand, so that the dialect of Apache's server is exact, down to what
//! is no well-formed XML.

use std::fmt::Write;

use dxr::{MethodCall, Value};

/// How answers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Strings are tagged, everything is UTF-8: what STARFACE is seen to send.
    #[default]
    Tagged,
    /// As Apache ws-xmlrpc 3 writes: bare strings, `<i4>`, `<struct/>`, character references by UTF-16 unit, fault
    /// code 0, and a session cookie.
    Apache,
}

/// An answer that says no on the level of XML-RPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) String);

/// Reads a call: its method and its arguments.
pub(crate) fn read(body: &[u8]) -> Result<(String, Vec<Value>), Refusal> {
    let call = std::str::from_utf8(body)
        .ok()
        .and_then(|text| MethodCall::from_xml(text).ok())
        .ok_or_else(|| Refusal("Failed to parse XML-RPC request".to_owned()))?;
    Ok((call.name.into_owned(), call.params))
}

/// Writes an answer.
pub(crate) fn write(dialect: Dialect, answer: &Result<Value, Refusal>) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse>");
    match answer {
        Ok(value) => {
            xml.push_str("<params><param>");
            write_value(&mut xml, dialect, value);
            xml.push_str("</param></params>");
        }
        Err(Refusal(words)) => {
            let code = match dialect {
                Dialect::Tagged => 1,
                Dialect::Apache => 0,
            };
            let fault = [
                ("faultCode".to_owned(), Value::Integer(code)),
                ("faultString".to_owned(), Value::String(words.clone())),
            ];
            xml.push_str("<fault>");
            write_value(&mut xml, dialect, &Value::Struct(fault.into()));
            xml.push_str("</fault>");
        }
    }
    xml.push_str("</methodResponse>");
    xml
}

fn write_value(xml: &mut String, dialect: Dialect, value: &Value) {
    xml.push_str("<value>");
    match value {
        Value::String(text) => match dialect {
            Dialect::Tagged => {
                xml.push_str("<string>");
                escape(xml, dialect, text);
                xml.push_str("</string>");
            }
            Dialect::Apache => escape(xml, dialect, text),
        },
        Value::Boolean(yes) => {
            let _ = write!(xml, "<boolean>{}</boolean>", u8::from(*yes));
        }
        Value::Integer(number) => match dialect {
            Dialect::Tagged => {
                let _ = write!(xml, "<int>{number}</int>");
            }
            Dialect::Apache => {
                let _ = write!(xml, "<i4>{number}</i4>");
            }
        },
        Value::Struct(members) if members.is_empty() => xml.push_str("<struct/>"),
        Value::Struct(members) => {
            xml.push_str("<struct>");
            for (name, value) in members {
                xml.push_str("<member><name>");
                escape(xml, dialect, name);
                xml.push_str("</name>");
                write_value(xml, dialect, value);
                xml.push_str("</member>");
            }
            xml.push_str("</struct>");
        }
        _ => unreachable!("the module gives strings, booleans, fault codes and structs only"),
    }
    xml.push_str("</value>");
}

fn escape(xml: &mut String, dialect: Dialect, text: &str) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\n' | '\t' | ' '..='~' => xml.push(character),
            '\r' => xml.push_str("&#13;"),
            _ if dialect == Dialect::Tagged => xml.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(xml, "&#{unit};");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(dialect: Dialect, value: &Value, expected: &str) {
        let mut xml = String::new();
        write_value(&mut xml, dialect, value);
        assert_eq!(xml, format!("<value>{expected}</value>"));
    }

    fn text(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    #[test]
    fn the_usual_dialect_tags_strings_and_writes_characters_as_they_are() {
        case(Dialect::Tagged, &text(""), "<string></string>");
        case(Dialect::Tagged, &text("a&<b> ü 😀"), "<string>a&amp;&lt;b&gt; ü 😀</string>");
        case(Dialect::Tagged, &Value::Boolean(true), "<boolean>1</boolean>");
        case(Dialect::Tagged, &Value::Integer(7), "<int>7</int>");
        case(
            Dialect::Tagged,
            &Value::Struct([("a".to_owned(), text("b"))].into()),
            "<struct><member><name>a</name><value><string>b</string></value></member></struct>",
        );
    }

    #[test]
    fn the_apache_dialect_leaves_strings_bare_and_refers_to_utf_16_units() {
        case(Dialect::Apache, &text(""), "");
        case(Dialect::Apache, &text("Büro & Co"), "B&#252;ro &amp; Co");
        case(Dialect::Apache, &text("😀"), "&#55357;&#56832;");
        case(Dialect::Apache, &text("\u{7}\r\n"), "&#7;&#13;\n");
        case(Dialect::Apache, &Value::Integer(7), "<i4>7</i4>");
        case(Dialect::Apache, &Value::Struct([].into()), "<struct/>");
    }

    #[test]
    fn a_fault_of_the_apache_dialect_has_code_0() {
        let refusal = Err(Refusal("No such handler: x".to_owned()));
        assert_eq!(
            write(Dialect::Apache, &refusal),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><fault><value><struct><member>\
             <name>faultCode</name><value><i4>0</i4></value></member><member><name>faultString</name>\
             <value>No such handler: x</value></member></struct></value></fault></methodResponse>"
        );
    }
}
