//! Any answer of the PBX: every entry point's reader stays within its bounds, also where the bytes stand as a value in an
//! answer that is whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starface_calendar::pbx::attack::answer;

fuzz_target!(|body: &[u8]| {
    let _ = answer(body);
    let before = b"<methodResponse><params><param><value><struct><member><name>Data</name><value>";
    let behind = b"</value></member></struct></value></param></params></methodResponse>";
    let _ = answer(&[&before[..], body, behind].concat());
});
