//! What can be asked of the running service from outside its process.
//!
//! Sends commands to the engine and hands on what it answers. Must not know the ports, nor what a command does. Errors
//! of one caller are that caller's; the service goes on.

pub mod control;
pub mod http;
pub(crate) mod page;
