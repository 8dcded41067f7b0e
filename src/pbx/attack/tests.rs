//! Answers that no PBX gives: broken, in other encodings, of other types, without measure.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dxr::{MethodResponse, Value};
use proptest::prelude::*;

use super::{answer, token};
use crate::pbx::PbxError;
use crate::pbx::error::Malformed;

fn string(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn structure<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Struct(members.map(|(name, value)| (name.to_owned(), value)).into())
}

fn texts<const N: usize>(members: [(&str, &str); N]) -> Value {
    structure(members.map(|(name, text)| (name, string(text))))
}

/// Everything that the module answers, in one struct: each reader takes its own of it.
fn everything() -> Value {
    let event = texts([("seq", "7"), ("kind", "end"), ("account", "1010"), ("at", "1795000020123")]);
    let anna = [("login", "0010"), ("firstName", "Anna"), ("familyName", "Bär"), ("email", "a@example.com")];
    let redirect = [
        ("type", "ALWAYS"),
        ("calledNumber", "0041712345689"),
        ("groupRedirect", "false"),
        ("enabled", "true"),
        ("destinationType", "PHONENUMBER"),
        ("destination", "210"),
        ("seen.enabled", "true"),
        ("seen.destinationType", "VOICEMAIL"),
        ("seen.destination", "3"),
    ];
    let state = [
        ("chatPresence", "AWAY"),
        ("chatPresenceMessage", "[13:00-15:15] [Gebucht] Muster AG"),
        ("telephonyState", "ACTIVE"),
        ("doNotDisturb", "false"),
        ("inCall", "true"),
    ];
    let data = structure([
        ("queue", string("q-1")),
        ("seq", string("7")),
        ("events", structure([("0", event)])),
        ("total", string("1")),
        ("members", structure([("1010", texts(anna))])),
        ("revision", string("12")),
        ("fields", texts([("GUI_STATUSTEXT", "!title!"), ("GUI_LAENGE_INTERN", "3.0")])),
        ("lists", structure([("GUI_KATEGORIEN_ENTFERNEN", texts([("0", "a@example.com"), ("1", "b@example.com")]))])),
        ("1010", texts(state)),
        ("1011", structure([("0", texts(redirect)), ("1", texts(redirect))])),
        ("moduleVersion", string("1.0")),
        ("lastSeq", string("9")),
        ("owner", string("owner-1")),
    ]);
    structure([("Success", string("true")), ("Errormessage", string("")), ("Data", data)])
}

fn xml(value: &Value) -> Vec<u8> {
    MethodResponse { value: value.clone() }.to_xml().unwrap().into_bytes()
}

/// Every recorded answer, and everything that the module answers.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pbx");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let recorded = files.filter(|path| path.extension().is_some_and(|ending| ending == "xml"));
    let mut corpus: Vec<_> = recorded.map(|path| fs::read(path).unwrap()).collect();
    assert!(corpus.len() > 20, "the recorded answers were not found");
    corpus.push(xml(&everything()));
    corpus
}

fn malformed(body: &[u8]) -> Option<Malformed> {
    match answer(body) {
        Ok(()) => None,
        Err(PbxError::Malformed(malformed)) => Some(malformed),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_answer_cut_after_any_byte_is_malformed_and_says_that_it_ends_too_early() {
    for whole in corpus().into_iter().filter(|body| answer(body).is_ok()) {
        let whole = whole.trim_ascii_end();
        for end in 0..whole.len() {
            let found = malformed(&whole[..end]);
            let is_within_a_character = std::str::from_utf8(&whole[..end]).is_err();
            let expected = if is_within_a_character { Malformed::NotUtf8 } else { Malformed::Truncated };
            let text = String::from_utf8_lossy(&whole[..end]);
            assert_eq!(found, Some(expected), "{text}");
        }
    }
}

#[test]
fn an_answer_in_another_encoding_is_malformed_and_never_read_as_other_letters() {
    let text = String::from_utf8(xml(&everything())).unwrap();
    let bytes = |units: &dyn Fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(units).collect::<Vec<u8>>();
    let (little, big) = (bytes(&u16::to_le_bytes), bytes(&u16::to_be_bytes));
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    #[track_caller]
    fn case(parts: &[&[u8]], expected: Malformed) {
        assert_eq!(malformed(&parts.concat()), Some(expected));
    }
    case(&[&[0xff, 0xfe], &little], Malformed::NotUtf8);
    case(&[&[0xfe, 0xff], &big], Malformed::NotUtf8);
    // The umlaut is no UTF-8 in these either.
    case(&[&little], Malformed::NotUtf8);
    case(&[&big], Malformed::NotUtf8);
    case(&[br#"<?xml version="1.0" encoding="ISO-8859-1"?>"#, &latin], Malformed::NotUtf8);
    let ascii: Vec<u8> = "<methodResponse/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    case(&[&ascii], Malformed::NotAnAnswer);
    // Too long, a surrogate, beyond the last character.
    for wrong in [&[0xc0, 0x80][..], &[0xed, 0xa0, 0x80], &[0xf4, 0x90, 0x80, 0x80], &[0xff]] {
        case(&[text.as_bytes(), wrong], Malformed::NotUtf8);
    }
    let with_a_mark = [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
    assert_eq!(malformed(&with_a_mark), None);
}

#[test]
fn a_document_type_an_entity_or_one_within_another_is_refused_before_anything_grows() {
    let bomb = |levels: usize| {
        let entities = (1..levels).map(|level| {
            let inner = format!("&e{};", level - 1).repeat(10);
            format!("<!ENTITY e{level} \"{inner}\">")
        });
        let entities: String = entities.collect();
        format!(
            "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e0 \"lol\">{entities}]><methodResponse><params><param>\
             <value>&e{};</value></param></params></methodResponse>",
            levels - 1
        )
    };
    for levels in [1, 3, 10, 1000] {
        assert_eq!(malformed(bomb(levels).as_bytes()), Some(Malformed::Doctype));
    }
    let external = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><methodResponse/>";
    assert_eq!(malformed(external.as_bytes()), Some(Malformed::Doctype));
    let inside = "<methodResponse><!DOCTYPE x><params/></methodResponse>";
    assert_eq!(malformed(inside.as_bytes()), Some(Malformed::Doctype));
}

#[test]
fn a_flood_of_what_does_not_count_gives_an_answer_or_an_error_and_no_more_than_was_sent() {
    #[track_caller]
    fn case(before: &str, piece: &str, expected: Option<Malformed>) {
        let many = piece.repeat(200_000);
        let body =
            format!("<methodResponse><params><param><value>{before}{many}</value></param></params></methodResponse>");
        assert_eq!(malformed(body.as_bytes()), expected, "{piece}");
    }
    case("", "<!-- -->", None);
    case("", "<?p?>", None);
    case("", "<![CDATA[]]>", None);
    case("", "&#65;", None);
    case("", "&#xD83D;", None);
    case("", "&amp;", None);
    case("", "\u{0}", None);
    case("", "<value>", Some(Malformed::Misplaced));
    case("", "<struct>", Some(Malformed::Misplaced));
    case("<struct>", "<member><name>a</name><value/></member>", Some(Malformed::TooMany));
    case("", "<a b='c'>", Some(Malformed::UnknownType));
    case("", "<string>", Some(Malformed::Misplaced));
    case("", "]]>", None);
    case("", "<", Some(Malformed::NotXml));
}

#[test]
fn numbers_of_any_length_are_numbers_or_an_error_of_their_own() {
    #[track_caller]
    fn case(leaf: &str, expected: Option<Malformed>) {
        let body = format!("<methodResponse><params><param><value>{leaf}</value></param></params></methodResponse>");
        assert_eq!(malformed(body.as_bytes()), expected, "{}", &leaf[..20.min(leaf.len())]);
    }
    let digits = "9".repeat(1_000_000);
    case(&format!("<int>{digits}</int>"), Some(Malformed::Integer));
    case(&format!("<int>-{digits}</int>"), Some(Malformed::Integer));
    case(&format!("<i8>{}1</i8>", "0".repeat(1_000_000)), None);
    case(&format!("<double>{digits}</double>"), None);
    case(&format!("<double>0.{digits}e-{digits}</double>"), None);
    case(&format!("<biginteger>{digits}</biginteger>"), None);
    case(&format!("<base64>{}</base64>", "A".repeat(1_000_000)), None);
    case(&format!("<base64>{}</base64>", "A".repeat(1_000_001)), Some(Malformed::Base64));
    case(&format!("<boolean>{digits}</boolean>"), Some(Malformed::Boolean));
    case(&format!("&#{digits};"), Some(Malformed::CharacterReference));
}

/// What no mapping of types makes of a string, and texts that are no words.
fn strangers() -> Vec<Value> {
    let long = "ü".repeat(40_000);
    vec![
        Value::Nil,
        Value::Boolean(true),
        Value::Integer(i32::MIN),
        Value::Long(i64::MAX),
        Value::Double(f64::NAN),
        Value::Double(f64::INFINITY),
        Value::Double(-1e300),
        Value::Base64(vec![0xff; 100]),
        Value::Array(vec![Value::Nil; 3]),
        Value::Struct(BTreeMap::new()),
        texts([("0", "x"), ("x", "0"), ("4294967296", "y")]),
        string(""),
        string(" "),
        string("-1"),
        string("18446744073709551615"),
        string("18446744073709551616"),
        string("8210266876799999"),
        string("a\nb\u{202e}c"),
        string(&long),
    ]
}

/// Returns the value with each of its leaves and structs in turn replaced, or left out, by what `change` gives.
fn changed_somewhere(value: &Value, change: &dyn Fn(&Value) -> Vec<Value>) -> Vec<Value> {
    let mut all = change(value);
    let Value::Struct(members) = value else { return all };
    for (name, inner) in members {
        let with = |inner: Value| {
            let mut members = members.clone();
            members.insert(name.clone(), inner);
            Value::Struct(members)
        };
        all.extend(changed_somewhere(inner, change).into_iter().map(with));
        let mut without = members.clone();
        without.remove(name);
        all.push(Value::Struct(without));
    }
    all
}

#[test]
fn whatever_stands_in_place_of_any_part_of_an_answer_or_is_missing_every_reader_stays_within_its_bounds() {
    let all = changed_somewhere(&everything(), &|_| strangers());
    assert!(all.len() > 1000, "{}", all.len());
    for value in all {
        drop(answer(&xml(&value)));
    }
}

#[test]
fn of_two_members_with_one_name_the_last_counts_everywhere() {
    let text = String::from_utf8(xml(&everything())).unwrap();
    let member = "<member><name>Success</name><value><string>maybe</string></value></member>";
    for (place, _) in text.match_indices("<member>") {
        let doubled = format!("{}{member}{member}{}", &text[..place], &text[place..]);
        assert_eq!(malformed(doubled.as_bytes()), None);
    }
}

#[test]
fn a_token_of_any_form_is_a_word_with_a_life_that_is_believed_or_none() {
    #[track_caller]
    fn case(body: &str, expected: bool) {
        assert_eq!(token(body.as_bytes()), expected, "{}", &body[..40.min(body.len())]);
    }
    case(r#"{"access_token": "a", "access_token": "b"}"#, false);
    case(
        r#"{"access_token": "a", "expires_in": 18446744073709551615, "refresh_expires_in": 18446744073709551615}"#,
        true,
    );
    case(r#"{"access_token": "a", "expires_in": 18446744073709551616}"#, false);
    case(r#"{"access_token": "a", "expires_in": -1}"#, false);
    case(r#"{"access_token": "a", "expires_in": 1e9}"#, false);
    case(r#"{"access_token": "a", "expires_in": "300"}"#, false);
    case(r#"{"access_token": ["a"]}"#, false);
    case("\u{feff}{\"access_token\": \"a\"}", false);
    // What nobody asks for is passed over, however deep.
    case(&format!(r#"{{"access_token": "a", "more": {}{}}}"#, "[".repeat(60_000), "]".repeat(60_000)), true);
    case(&format!(r#"{{"access_token": "{}"}}"#, "a".repeat(60_000)), true);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_of_answers_panic_or_leave_its_bounds(body in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(answer(&body));
        token(&body);
    }

    #[test]
    fn no_change_of_a_few_bytes_makes_a_reader_of_answers_panic_or_leave_its_bounds(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut body = xml(&everything());
        for (place, byte) in changes {
            let place = place.index(body.len());
            body[place] = byte;
        }
        drop(answer(&body));
    }

    #[test]
    fn no_refusal_of_a_token_makes_its_reader_panic(
        pieces in prop::collection::vec(
            prop::sample::select(&["{", "}", "[", "]", ":", ",", "\"access_token\"", "\"expires_in\"", "\"error\"",
                "\"a\"", "1", "-1", "1e400", "null", "\"\\ud800\"", "\"\\u00\""][..]),
            0..12,
        ),
    ) {
        token(pieces.concat().as_bytes());
    }
}
