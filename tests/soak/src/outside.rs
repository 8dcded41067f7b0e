//! Everything outside the service, as the world acts on it: by fakes at the service's ports, or by a simulated tenant and
//! PBX over HTTP.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use starface_calendar::graph::{Calendars, MasterCategories};
use starface_calendar::pbx::Pbx;
use starface_calendar::rules::Step;

use super::idle::Idle;
use super::meeting::Meeting;
use super::model::Way;
use super::{pbx, tenant};

/// What a person, a client or a telephone changes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Set<'a> {
    Presence(&'a str),
    Text(&'a str),
    Dnd(bool),
    Call(bool),
}

/// What one member's telephone and client show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) presence: String,
    pub(crate) text: String,
    pub(crate) is_red: bool,
    pub(crate) dnd: bool,
}

/// What the service wrote, and what was wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) steps: Vec<(DateTime<Utc>, Step)>,
    pub(crate) wrongs: Vec<String>,
}

/// The tenant and the PBX.
pub(crate) trait Outside {
    type Calendars: Calendars + MasterCategories;
    type Pbx: Pbx;

    /// Makes the service's ports for a life in the name of this owner, whose calls are numbered from here.
    fn ports(&self, owner: String, first_seq: u64) -> (Arc<Self::Calendars>, Arc<Self::Pbx>);

    /// Waits until everything is done that does not wait for the clock.
    fn calm(&self, idle: &Idle) -> impl Future<Output = ()>;

    fn hire(&self, account: u32, boxes: &[String]);
    fn give(&self, number: &str, members: &[u32], way: &Way);
    fn join(&self, account: u32);
    fn leave(&self, account: u32);
    fn set(&self, account: u32, set: Set<'_>);
    fn lead(&self, number: &str, members: &[u32], way: &Way);
    fn dial_end(&self, account: u32);

    fn put(&self, meeting: &Meeting);
    fn delete(&self, meeting: &Meeting);

    fn shown(&self, account: u32) -> Shown;
    fn way(&self, number: &str) -> Way;
    fn written(&self) -> Written;
    fn calls(&self) -> u64;

    fn restart(&self);
    fn update_module(&self);
    /// Lets the module's timer strike, and late writes take effect whose time has come.
    fn minute(&self);
    fn trouble(&self, mood: pbx::Mood);
    fn trouble_calendars(&self, mood: tenant::Mood);
    fn heal(&self);
    /// Nothing that was given up is carried out any more.
    fn forget_late_writes(&self);
}
