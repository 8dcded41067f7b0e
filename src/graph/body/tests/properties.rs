//! What holds for every document.

use proptest::prelude::*;

use super::{external, text_of_html};

/// Pieces of documents, whole and broken.
fn piece() -> impl Strategy<Value = String> {
    let name = prop::sample::select(
        &[
            "p",
            "div",
            "b",
            "font",
            "span",
            "table",
            "tr",
            "td",
            "li",
            "ul",
            "s",
            "svg",
            "pre",
            "blockquote",
            "script",
            "bdo",
        ][..],
    );
    let attribute = prop::sample::select(
        &[
            "",
            " hidden",
            " style='display:none'",
            " style=font-size:0",
            " dir=rtl",
            " id=appendonsend",
            " class=gmail_quote",
            " style=\"",
            " x",
        ][..],
    );
    prop_oneof![
        (name.clone(), attribute).prop_map(|(name, attribute)| format!("<{name}{attribute}>")),
        name.prop_map(|name| format!("</{name}>")),
        prop::sample::select(
            &["<br>", "<img>", "<!--", "-->", "<", ">", "&#48;", "&", "\n", "@@Extern: 0712345", "210"][..]
        )
        .prop_map(str::to_owned),
        any::<String>(),
    ]
}

/// Markup that changes nothing of a number that stands in it.
const PLAIN: [&str; 10] = [
    "",
    "<b>",
    "</b>",
    "<span>",
    "</span>",
    "<!-- 9 -->",
    "<o:p></o:p>",
    "<i hidden>9</i>",
    "<script>9</script>",
    "<font style='display:none'>9</font>",
];

proptest! {
    #[test]
    fn no_document_makes_the_reduction_panic(text in any::<String>(), pieces in prop::collection::vec(piece(), 0..40)) {
        drop(text_of_html(&text));
        let html = pieces.concat();
        // A mark for each line, and a sign for a picture, are all that is added.
        prop_assert!(text_of_html(&html).len() <= 4 * html.len());
    }

    #[test]
    fn a_plain_text_is_itself(text in "[a-zA-Z0-9äöü@:+]{1,20}( [a-zA-Z0-9äöü@:+]{1,20}){0,5}") {
        prop_assert_eq!(text_of_html(&text), text);
    }

    #[test]
    fn markup_within_a_line_changes_no_number(digits in "[1-9][0-9]{4,10}", markup in prop::collection::vec(prop::sample::select(&PLAIN[..]), 12)) {
        let mut html = "<p>@@Extern: ".to_owned();
        for (digit, markup) in digits.chars().zip(&markup) {
            html.push_str(markup);
            html.push(digit);
        }
        prop_assert_eq!(external(&html), digits, "{}", html);
    }

    #[test]
    fn a_number_in_a_quote_never_counts(pieces in prop::collection::vec(piece(), 0..6)) {
        let within: String = pieces.into_iter().filter(|piece| !piece.contains(['/', '@'])).collect();
        let html = format!("<blockquote>{within}<p>@@Extern: 0712345");
        let found = external(&html);
        prop_assert!(matches!(found.as_str(), "quoted" | "none"), "{found}: {html}");
    }
}
