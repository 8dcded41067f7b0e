//! Any column of the journal: what can be read is written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starface_calendar::journal::attack::column;

fuzz_target!(|bytes: &[u8]| {
    column(bytes);
});
