//! The readers of what a PBX answers, laid open to the fuzzer and to tests: each takes any bytes, and asserts that what
//! comes of them is bounded.

pub use super::module::attack::answer;
pub use super::token::attack::token;

#[cfg(test)]
mod tests;
