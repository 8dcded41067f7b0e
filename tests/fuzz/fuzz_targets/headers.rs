//! Any header or link of Graph: no wait is longer than is believed, and no link leads elsewhere.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starface_calendar::graph::attack::header;

fuzz_target!(|text: &str| {
    header(text);
    header(&format!("https://graph.microsoft.com/v1.0/{text}"));
    header(&format!("https://graph.microsoft.com{text}"));
});
