//! The module's files and its own Java: against the service's table of the page, and in stand-ins for a PBX.
//!
//! Building and running the module needs a JDK and Python, which `scripts/test` installs.

mod client;
mod defaults;
mod fields;
mod host;
mod peers;
mod service;
