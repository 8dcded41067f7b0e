//! The pure core: what an appointment means for a telephone.
//!
//! Every function here takes values and `now` and returns values. Nothing in this room waits, reads a clock, writes,
//! logs or knows another room, so the same values give the same plan, whatever their order. It uses `std`, `chrono`
//! and crates that are tables and pure functions (time zones, Unicode, a digest).
//!
//! The vocabulary, one word per concept: a [`Member`] has a mailbox; its calendar holds [`Entry`] values; an entry that
//! [counts](counting) and is *active* wants an *overlay* (a [`Wish`]) on the member; what the member had before is the
//! *underlay*; a [`Hold`] is one [`Field`] of one member that we have overlaid; a [`Step`] is one absolute write to
//! the PBX; a *plan* is the list of [`Move`]s that leads from what is to what should be. Calls arrive at a
//! [`CalledNumber`] of one [`Side`]; each is a field of its own, of everybody who has it, and the [`Switchboard`] says
//! what all members want of it.

pub mod asking;
pub mod counting;
pub mod deciding;
pub mod dialled;
pub mod entry;
pub mod field;
pub mod forecast;
pub mod governing;
pub mod guard;
#[cfg(test)]
mod histories;
pub mod hold;
pub mod hours;
pub mod master_categories;
pub mod member;
pub mod number;
pub mod overlay;
pub mod policy;
pub mod redirect;
pub mod referee;
pub mod resolving;
#[cfg(test)]
mod samples;
pub mod step;
pub mod switchboard;
pub mod tags;
pub mod text;
pub mod verdict;
pub mod zone;

pub use counting::{Counting, Mark, Reason, Weight};
pub use deciding::{Claimed, Move, NumberSituation, Recording, Situation, Why, confirm, decide, decide_number};
pub use dialled::Dialled;
pub use entry::{Entry, EntryId, Location, Response, Sensitivity, ShowAs, Span, Title};
pub use field::{Call, Dnd, Field, FieldKind, Presence, Seen, StatusText, Telephony, Value};
pub use forecast::{Forecast, Horizon, Subject, Turn, forecast};
pub use guard::Denial;
pub use hold::{Claimant, Hold, Phase, Sight};
pub use master_categories::{Care, Category, CategoryId, CategoryName, Edit, Upkeep};
pub use member::{AccountId, Address, Login, Member, account_named, named};
pub use number::{CalledNumber, Side};
pub use overlay::{Claim, Wish, next_boundary, overlay};
pub use policy::Policy;
pub use redirect::{DestinationKind, Ownership, Redirect, RedirectRecord};
pub use resolving::RedirectProblem;
pub use step::{Back, Deed, Outcome, Step};
pub use switchboard::{FoundProblem, Subscriber, Switchboard};
pub use tags::{Tag, Tags};
pub use verdict::Verdict;
