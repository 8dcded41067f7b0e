//! Every form of an answer that is known, decoded or refused with its own error.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use dxr::{Fault, Value};

use super::answer::DEPTH_MAX;
use super::nodes::ELEMENTS_MAX;
use super::{decode, encode};
use crate::pbx::error::Malformed;

fn fixtures() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pbx"))
}

/// Reads an answer in a recorded form.
pub(super) fn fixture(name: &str) -> Vec<u8> {
    fs::read(fixtures().join(name)).unwrap()
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn structure<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.map(|(name, value)| (name.to_owned(), value));
    Value::Struct(BTreeMap::from(members))
}

fn answer(value: &str) -> String {
    format!("<methodResponse><params><param>{value}</param></params></methodResponse>")
}

/// Compares what people would see: NaN is not equal to itself.
#[track_caller]
fn assert_decodes(body: &[u8], expected: &Value) {
    let decoded = decode(body).unwrap().unwrap();
    assert_eq!(format!("{decoded:?}"), format!("{expected:?}"));
}

#[test]
fn every_recorded_form_of_an_answer_is_decoded() {
    #[track_caller]
    fn case(name: &str, expected: &Value) {
        assert_decodes(&fixture(name), expected);
    }
    case(
        "struct-of-structs.xml",
        &structure([
            ("Success", Value::Boolean(true)),
            ("Errormessage", text("")),
            (
                "Data",
                structure([(
                    "1010",
                    structure([
                        ("chatPresence", text("AWAY")),
                        ("chatPresenceMessage", text("[13:00-15:15] [Gebucht] Muster AG")),
                    ]),
                )]),
            ),
        ]),
    );
    case(
        "empties.xml",
        &structure([
            ("struct", structure([])),
            ("array", Value::Array(Vec::new())),
            ("text", text("")),
            ("tagged", text("")),
            ("closed", text("")),
        ]),
    );
    case(
        "scalars.xml",
        &structure([
            ("yes", Value::Boolean(true)),
            ("no", Value::Boolean(false)),
            ("i4", Value::Integer(-42)),
            ("small", Value::Double(1.0e-10)),
            ("nan", Value::Double(f64::NAN)),
            ("infinity", Value::Double(f64::INFINITY)),
            ("base64", Value::Base64(b"Hallo".to_vec())),
            ("date", text("20261102T12:00:00")),
            ("list", Value::Array(vec![text("a"), Value::Integer(1)])),
        ]),
    );
    case("umlauts-as-references.xml", &text("Jürg Müller, Zürich €"));
    case("entities-and-cdata.xml", &text("a <b> & c ]]> <d> & &amp; ef"));
    case("pretty-printed-with-bom.xml", &structure([("a", text(" b "))]));
    case("control-character.xml", &text("ab"));
    case("attribute-on-value.xml", &text("a"));
    case("empty-params.xml", &Value::Nil);
    case("empty-member-name.xml", &structure([("", text("a"))]));
    case("number-as-key.xml", &structure([("1010", text("a"))]));
}

#[test]
fn half_a_surrogate_pair_becomes_the_replacement_character_and_a_whole_one_is_joined() {
    assert_decodes(
        &fixture("emoji-as-surrogates.xml"),
        &structure([
            ("name", text("Anna 😀 Bär")),
            ("two", text("😀😁")),
            ("raw", text("😀")),
            ("half", text("\u{fffd} \u{fffd}")),
        ]),
    );
    #[track_caller]
    fn case(written: &str, expected: &str) {
        assert_decodes(answer(&format!("<value>{written}</value>")).as_bytes(), &text(expected));
    }
    case("&#55357;", "\u{fffd}");
    case("&#55357;x&#56832;", "\u{fffd}x\u{fffd}");
    case("&#55357;&#55357;&#56832;", "\u{fffd}😀");
    case("&#xD83D;&#xDE00;", "😀");
    case("&#128512;", "😀");
    case("&#55357;&amp;", "\u{fffd}&");
    case("<![CDATA[&#55357;&#56832;]]>", "&#55357;&#56832;");
    case("&amp;#55357;", "&#55357;");
    case("&#1114112;", "\u{fffd}");
}

#[test]
fn apaches_extensions_are_decoded() {
    assert_decodes(
        &fixture("extensions.xml"),
        &structure([
            ("nil", Value::Nil),
            ("i8", Value::Long(9_007_199_254_740_993)),
            ("i1", Value::Integer(-7)),
            ("i2", Value::Integer(300)),
            ("float", Value::Double(1.5)),
            ("biginteger", text("123456789012345678901234567890")),
            ("bigdecimal", text("0.10")),
            ("date", text("20261102T12:00:00.000+01:00")),
        ]),
    );
}

#[test]
fn a_date_in_any_form_is_kept_as_text() {
    let dates = [
        "20261102T12:00:00Z",
        "20261102T12:00:00+0100",
        "2026-11-02T12:00:00",
        "20261102T12:00:00.123",
        "20261102T120000",
        "20261102T12:00:00",
        "20261102T24:00:00",
    ];
    assert_decodes(&fixture("dates.xml"), &Value::Array(dates.map(text).to_vec()));
}

#[test]
fn blanks_are_kept_in_strings_and_dropped_elsewhere() {
    assert_decodes(
        &fixture("blank-strings.xml"),
        &structure([("untyped", text("  ")), ("typed", text(" \t ")), ("edges", text(" a "))]),
    );
    let words = [true, false, true, false].map(Value::Boolean);
    assert_decodes(&fixture("booleans-in-words.xml"), &Value::Array(words.to_vec()));
}

#[test]
fn a_fault_is_decoded_in_every_recorded_form() {
    #[track_caller]
    fn case(name: &str, code: i32, words: &str) {
        let fault = decode(&fixture(name)).unwrap().unwrap_err();
        assert_eq!(fault, Fault::new(code, words.to_owned()));
    }
    case("fault.xml", 4, "Zu viele Parameter");
    case("fault-unknown-method.xml", 0, "No such handler: Kalender Connector.info");
    case("fault-with-cause.xml", 0, "Handler failed");
    case("fault-reversed.xml", 7, "Handler failed");
    case("fault-code-as-text.xml", 12, "Handler failed");
    case("fault-nil-text.xml", 0, "");
}

#[test]
fn every_fixture_is_named_by_a_test() {
    let here = include_str!("tests.rs");
    let unnamed: BTreeSet<String> = fs::read_dir(fixtures())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".xml") && !here.contains(&format!("\"{name}\"")))
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

#[test]
fn a_typed_value_is_read_with_blanks_and_whatever_its_prefix() {
    #[track_caller]
    fn case(written: &str, expected: &Value) {
        assert_decodes(answer(&format!("<value>{written}</value>")).as_bytes(), expected);
    }
    case("<int> 7 </int>", &Value::Integer(7));
    case("<i4>+7</i4>", &Value::Integer(7));
    case("<int>4294967296</int>", &Value::Long(4_294_967_296));
    case("<nil/>", &Value::Nil);
    case("<nil> </nil>", &Value::Nil);
    case("<double> 444.0 </double>", &Value::Double(444.0));
    case("<base64/>", &Value::Base64(Vec::new()));
    case("<base64>\n SGFs\n bG8=\n</base64>", &Value::Base64(b"Hallo".to_vec()));
    case("<array/>", &Value::Array(Vec::new()));
    case("<struct>\n</struct>", &structure([]));
    case("a\r\nb\rc", &text("a\nb\nc"));
    case("a&#13;&#10;b", &text("a\r\nb"));
    case("<string>a<?pi?>b</string>", &text("ab"));
    case("\u{1}a\u{b}b\u{ffff}", &text("ab"));
}

#[track_caller]
fn assert_refused(body: impl AsRef<[u8]>, expected: Malformed) {
    assert_eq!(decode(body.as_ref()).unwrap_err(), expected);
}

#[test]
fn an_answer_that_is_none_is_refused_with_its_own_error() {
    #[track_caller]
    fn case(body: impl AsRef<[u8]>, expected: Malformed) {
        assert_refused(body, expected);
    }
    case(fixture("entity-bomb.xml"), Malformed::Doctype);
    case(fixture("truncated.xml"), Malformed::Truncated);
    case("<!DOCTYPE html><html></html>", Malformed::Doctype);
    case(b"<methodResponse>\xff</methodResponse>", Malformed::NotUtf8);
    case("", Malformed::Truncated);
    case("Internal Server Error", Malformed::NotAnAnswer);
    case("{\"error\":1}", Malformed::NotAnAnswer);
    case("<html/>", Malformed::NotAnAnswer);
    case("<methodCall/>", Malformed::NotAnAnswer);
    case("<methodResponse/>", Malformed::NotAnAnswer);
    case("<methodResponse></params></methodResponse>", Malformed::NotXml);
    case("<methodResponse><params/></methodResponse>x", Malformed::Misplaced);
    case("<methodResponse><params/></methodResponse><a/>", Malformed::Misplaced);
    case("<methodResponse><params><value/></params></methodResponse>", Malformed::Misplaced);
    case(answer("<value>a</value><value>b</value>"), Malformed::Misplaced);
    case("<methodResponse><params><param/><param/></params></methodResponse>", Malformed::SecondValue);
    case("<methodResponse><fault/></methodResponse>", Malformed::Fault);
    case("<methodResponse><fault><value>a</value></fault></methodResponse>", Malformed::Fault);
    case("<methodResponse><fault><value><struct/></value></fault></methodResponse>", Malformed::Fault);
}

#[test]
fn a_value_that_is_none_is_refused_with_its_own_error() {
    #[track_caller]
    fn case(written: &str, expected: Malformed) {
        assert_refused(answer(&format!("<value>{written}</value>")), expected);
    }
    case("&unknown;", Malformed::Entity);
    case("&#x;", Malformed::CharacterReference);
    case("&#-1;", Malformed::CharacterReference);
    case("&#99999999999;", Malformed::CharacterReference);
    case("a & b", Malformed::NotXml);
    case("<ex:dom><a/></ex:dom>", Malformed::UnknownType);
    case("<unknown>a</unknown>", Malformed::UnknownType);
    case("x<i4>1</i4>", Malformed::Misplaced);
    case("<i4>1</i4>x", Malformed::Misplaced);
    case("<string><b>x</b></string>", Malformed::Misplaced);
    case("<nil>x</nil>", Malformed::Misplaced);
    case("<struct><value/></struct>", Malformed::Misplaced);
    case("<struct><member><name>a</name></member></struct>", Malformed::Member);
    case("<struct><member><value/></member></struct>", Malformed::Member);
    case("<struct><member><name><value><struct/></value></name><value/></member></struct>", Malformed::Member);
    case("<i4></i4>", Malformed::Integer);
    case("<i4>4.5</i4>", Malformed::Integer);
    case("<i8>9223372036854775808</i8>", Malformed::Integer);
    case("<double>much</double>", Malformed::Double);
    case("<boolean>2</boolean>", Malformed::Boolean);
    case("<boolean>ja</boolean>", Malformed::Boolean);
    case("<base64>a=b</base64>", Malformed::Base64);
    case("<base64>ä</base64>", Malformed::Base64);
}

#[test]
fn nesting_is_bounded() {
    let nested = |levels: usize| {
        let open = "<value><array><data>".repeat(levels);
        answer(&format!("{open}{}", "</data></array></value>".repeat(levels)))
    };
    assert!(decode(nested(DEPTH_MAX).as_bytes()).is_ok());
    let refused = |levels| decode(nested(levels).as_bytes()).unwrap_err();
    assert_eq!(refused(DEPTH_MAX + 1), Malformed::TooDeep);
    assert_eq!(refused(100_000), Malformed::TooDeep);
}

#[test]
fn the_number_of_elements_is_bounded() {
    let list = |values: usize| {
        let values = "<value/>".repeat(values);
        answer(&format!("<value><array><data>{values}</data></array></value>"))
    };
    let around = 6;
    assert!(decode(list(ELEMENTS_MAX - around).as_bytes()).is_ok());
    let refused = decode(list(ELEMENTS_MAX - around + 1).as_bytes());
    assert_eq!(refused.unwrap_err(), Malformed::TooMany);
}

#[test]
fn a_request_is_written_with_tagged_strings_alone() {
    let input = structure([("Key", text("ä <&>")), ("Params", structure([]))]);
    assert_eq!(
        encode("Kalender Connector.info", &input).unwrap(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <methodCall><methodName>Kalender Connector.info</methodName><params><param><value><struct>\
         <member><name>Key</name><value><string>ä &lt;&amp;&gt;</string></value></member>\
         <member><name>Params</name><value><struct></struct></value></member>\
         </struct></value></param></params></methodCall>"
    );
}

#[test]
fn characters_that_xml_cannot_carry_are_not_sent() {
    let input = structure([("a\u{0}b", text("c\u{7}d\u{1b}e\u{fffe}\tf😀"))]);
    let xml = encode("x", &input).unwrap();
    assert!(xml.contains("<name>ab</name><value><string>cde\tf😀</string>"), "{xml}");
}

#[test]
fn a_carriage_return_survives_the_way_there() {
    let xml = encode("x", &text("a\r\nb")).unwrap();
    assert!(xml.contains("a&#13;"), "{xml}");
}
