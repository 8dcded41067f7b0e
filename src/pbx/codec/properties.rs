//! What holds for every text and every answer, however broken.

use dxr::{MethodResponse, Value};
use proptest::prelude::*;

use super::tests::fixture;
use super::{carried, decode};

fn nested() -> impl Strategy<Value = Value> {
    let leaf = any::<String>().prop_map(|text| Value::String(carried(&text)));
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop::collection::btree_map("[^\\x00-\\x1f\\ufffe\\uffff]{0,8}", inner, 0..6).prop_map(Value::Struct)
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(value in nested()) {
        let xml = MethodResponse { value: value.clone() }.to_xml().unwrap();
        prop_assert_eq!(decode(xml.as_bytes()).unwrap().unwrap(), value);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&body);
    }

    #[test]
    fn no_markup_makes_the_reader_panic(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<value>", "</value>", "<struct>", "<member>", "<name>", "</name>", "<array>",
                "<data>", "<i4>", "<methodResponse>", "<params>", "<param>", "<fault>", "<![CDATA[",
                "]]>", "<!--", "-->", "<?", "?>", "<!", "&#55357;", "&#", "&", ";", "a", "\"", "=",
            ]),
            0..40,
        ),
    ) {
        let _ = decode(pieces.concat().as_bytes());
    }

    #[test]
    fn an_answer_cut_anywhere_is_never_taken_for_whole(value in nested(), cut in 0.0..1.0_f64) {
        let xml = MethodResponse { value }.to_xml().unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let end = (xml.len() as f64 * cut) as usize;
        prop_assert!(decode(&xml.as_bytes()[..end]).is_err());
    }

    #[test]
    fn a_changed_byte_never_makes_the_reader_panic(
        name in prop::sample::select(vec!["extensions.xml", "emoji-as-surrogates.xml", "scalars.xml"]),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut body = fixture(name);
        let place = place.index(body.len());
        body[place] = byte;
        let _ = decode(&body);
    }
}
