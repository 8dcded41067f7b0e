//! What a new instance starts with against what the service has built in.

use crate::settings::page::{decided, with_page};
use crate::settings::site::Site;

use super::fields::{rows, text};

#[test]
fn a_page_that_nobody_has_touched_decides_exactly_what_is_built_in() {
    let rows = rows();
    let defaults = rows.iter().map(|(variable, row)| (variable.as_str(), text(row, "default")));
    let (filled, empty): (Vec<_>, Vec<_>) = defaults.partition(|(_, default)| !default.is_empty());
    assert!(filled.len() > 25 && !empty.is_empty(), "{filled:?}");
    let local = Site::with("").local().unwrap();
    let untouched = [filled, empty].concat();
    let settings = with_page(&local, &untouched).unwrap();
    assert_eq!(decided(&settings), decided(&with_page(&local, &[]).unwrap()));
}
