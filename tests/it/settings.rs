//! Settings files, environments and credentials: what is accepted, and the exact words for what is not.

mod accepted;
mod credential;
pub(crate) mod page;
mod page_wrong;
mod random;
mod secrets;
pub(crate) mod site;
mod trust;
mod wrong_file;
mod wrong_keys;
mod wrong_values;
