//! The other side, simulated: a [`Tenant`] of Microsoft 365 and a STARFACE [`Pbx`], over real HTTP on loopback.
//!
//! Both are stateful and speak only the wire: the `demo` command and the tests point the real program at them, as a
//! child process too. They must not know the rules' decisions nor the rooms that are their clients; of the rules they
//! use the plain values ([`AccountId`](crate::rules::AccountId), [`Redirect`](crate::rules::Redirect)) alone.
//!
//! A test makes them misbehave by a [fault](faults) or holds a call at a [`Gate`]; where the PBX waits for time, it waits
//! on the [`Clock`] that it was started with. What they were asked is recorded, bounded. Wrong requests are answered as
//! the real servers would; only a loopback port that cannot be opened is an error of this room.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::clock::Clock;

mod connection;
pub mod faults;
pub mod gate;
pub mod pbx;
mod server;
pub mod tenant;

pub use faults::Times;
pub use gate::Gate;
pub use pbx::Pbx;
pub use tenant::Tenant;

/// Reads the time; a [`Clock`] without its type.
type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

fn now_of(clock: impl Clock) -> Now {
    Arc::new(move || clock.now())
}

/// Locks, also after a panic elsewhere: a failed test must not fail the others' view of the state.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
