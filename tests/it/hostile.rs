//! Input without measure, from every side that the service reads: how much of it is taken, and what is said of it.
//!
//! What the readers make of single documents is tried beside them, in the modules `attack` of their rooms.

mod control;
mod http;
mod page;
mod server;
mod settings;
