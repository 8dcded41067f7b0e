//! What the programs of this package share: the functions that are measured by themselves.

pub mod work;
