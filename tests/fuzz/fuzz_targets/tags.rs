//! Any text: nothing panics, and whatever stands before or behind a tag makes no other number of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starface_calendar::rules::tags::number;
use starface_calendar::rules::{Tag, Tags};

fuzz_target!(|text: &str| {
    let tags = Tags::find(text);
    let quoted = Tags::find(&format!("> @@Extern: 0900123456\n{text}"));
    assert!(quoted.internal == tags.internal, "a quoted tag changes nothing on the other side");
    assert!(quoted.external == tags.external.or(Some(Tag::Quoted)), "a quoted tag counts last");
    let own = Tags::find(&format!("@@Intern: 210\n{text}")).internal;
    assert!(own == number("210").map(Tag::Target), "the first tag counts");
    if let Some(bare) = number(text) {
        let line = format!("@@Extern: {}", text.trim());
        assert!(Tags::find(&line).external == Some(Tag::Target(bare)), "a bare number is one behind a tag");
    }
});
