//! Any answer of Graph: every list's reader stays within its bounds, also where the bytes stand as a page's body or as an
//! item of its list.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starface_calendar::graph::attack::batch;

fuzz_target!(|body: &[u8]| {
    let _ = batch(body);
    let page = [&br#"{"responses":[{"id":"1","status":200,"body":"#[..], body, b"}]}"];
    let _ = batch(&page.concat());
    let item = [&br#"{"responses":[{"id":"1","status":200,"body":{"value":["#[..], body, b"]}}]}"];
    let _ = batch(&item.concat());
});
