//! Any document: nothing panics or overflows, and the text is not longer than its marks make it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starface_calendar::graph::text_of_html;
use starface_calendar::rules::tags::number;
use starface_calendar::rules::{Tag, Tags};

fuzz_target!(|html: &str| {
    let text = text_of_html(html);
    assert!(text.len() <= 4 * html.len() + 4, "a mark for each line and a sign for each picture");
    drop(Tags::find(&text));
    let first = Tags::find(&text_of_html(&format!("<p>@@Extern: 210</p>{html}"))).external;
    assert!(first == number("210").map(Tag::Target), "what comes later changes no number");
});
