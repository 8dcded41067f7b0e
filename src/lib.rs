//! Lets STARFACE telephones follow the appointments of Microsoft 365 calendars.
//!
//! One sentence: **observe → decide → record → apply → confirm**. Async edges read the calendars and the PBX into plain
//! values; a pure function turns those values and `now` into a plan; the journal records what is about to be put on;
//! an executor without choices carries the plan out.
//!
//! ```text
//! Microsoft 365 ──graph──► calendars ─┐                         ┌─► pbx ──XML-RPC──► STARFACE
//!                                     ├─► rules: decide ─► plan ┤
//! STARFACE ──pbx──► members, states ──┘        ▲         │      └─► confirm
//! module's page ──pbx──► settings ─────────────┤         ▼
//!                                           journal (holds, last calendars, history, unsent mail)
//!                                              │
//!                        engine ──problems──► alarm ──► mail server
//! ```
//!
//! # The rooms, in reading order
//!
//! * [`rules`]: the pure core. What an entry means, what is put over what, and what every hold does next. It knows no
//!   other room, no clock and no I/O.
//! * [`engine`]: the only loop. It collects who is due, asks the rules, and has the plan recorded, applied and
//!   confirmed, in batches.
//! * [`journal`]: durable state in SQLite. Nothing is written to the PBX before its hold is here.
//! * [`pbx`]: the port to the PBX, and the XML-RPC client. The URL with its token never leaves this room.
//! * [`graph`]: the ports to the tenant's calendars and lists of categories, and the client for Microsoft Graph.
//! * [`alarm`]: mail about problems. It asks the engine for them, tells each once, and keeps what cannot be sent.
//! * [`settings`]: file, environment, credentials and the module's page, made into one validated value.
//! * [`cli`]: one file per command.
//! * [`web`]: what can be asked of the running service: by the commands over a socket, by people and scripts over HTTP.
//! * [`sim`]: a simulated tenant and PBX over real HTTP, for `demo` and the tests.
//! * [`clock`], [`lifecycle`], [`telemetry`]: the only places that read time, handle signals and systemd, and set up
//!   logging. [`secret`] is a text that cannot be shown, [`credential`] is what the app proves itself with, [`meter`] counts.
//!
//! # Invariants
//!
//! 1. [`rules`] is deterministic: the same values and the same `now` give the same plan, in whatever order they come.
//! 2. Nothing is written to the PBX before its hold is durable. Every step is absolute and idempotent. A plan is never
//!    resumed: after any interruption the engine observes and decides afresh.
//! 3. After applying a plan, the next plan is empty. After the last overlay ends, the PBX shows exactly what the member
//!    had.
//! 4. Nothing outside the group's members, and nothing that no hold names, is ever written.
//! 5. Everything is bounded: batches, queues, retries, pages, bodies, waits, log fields.
//! 6. No secret, token, URL with a token, entry title or body reaches a log at any level.
//!
//! A test enforces who may use whom; `tests/it/layering.rs` is its table.
//!
//! # What is deliberately absent
//!
//! No push from Microsoft: webhooks need a public address, and a local timer is sharper at a boundary anyway. No state
//! that is global, so that one process can serve several PBXs one day. No second HTTP stack, no OpenSSL.

pub mod alarm;
pub mod cli;
pub mod clock;
pub mod credential;
pub mod engine;
pub mod graph;
pub mod journal;
pub mod lifecycle;
pub mod meter;
pub mod pbx;
pub mod rules;
pub mod secret;
pub mod settings;
pub mod sim;
pub mod telemetry;
pub mod web;
