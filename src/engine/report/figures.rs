//! How things stand in a few numbers.

use std::collections::BTreeMap;

use crate::clock::Clock;
use crate::engine::Engine;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::Pbx;

/// How things stand in a few numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many members the group has.
    pub members: usize,
    /// How many fields are held, by field name.
    pub holds: BTreeMap<&'static str, usize>,
    /// How long ago the calendar was read that was read longest ago, in seconds.
    pub calendar_age_seconds: Option<i64>,
    /// How many mails about problems wait to be sent.
    pub mails_unsent: usize,
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    pub(in crate::engine) fn figures(&self) -> Figures {
        let now = self.ports.clock.now();
        let mut holds = BTreeMap::new();
        for hold in self.state.holds.values() {
            *holds.entry(hold.field().name()).or_default() += 1;
        }
        let ages = self.state.roster.members().filter_map(|member| self.calendar_age(member, now));
        Figures {
            members: self.state.roster.members().count(),
            holds,
            calendar_age_seconds: ages.max(),
            mails_unsent: self.mails_unsent,
        }
    }
}
