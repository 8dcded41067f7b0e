//! Any answer of either token service: a token is a word with a life that is believed, or none.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    starface_calendar::pbx::attack::token(body);
    starface_calendar::graph::attack::token(body);
});
