//! Lets STARFACE telephones follow the appointments of Microsoft 365 calendars.

pub mod cli;
pub mod clock;
pub mod engine;
pub mod graph;
pub mod journal;
pub mod lifecycle;
pub mod pbx;
pub mod rules;
pub mod secret;
pub mod settings;
pub mod sim;
pub mod telemetry;
