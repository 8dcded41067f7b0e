//! Who is read together with others, and who alone.
//!
//! A mailbox that hangs in Graph lets the whole batch hang that it is in, and nobody can tell which one it is. So the
//! mailboxes of such a batch are asked one by one, beside the batches of all others: whoever answers goes back into
//! company, and the one that hangs stays alone, where it is asked rarely and nobody waits with it.

use chrono::{DateTime, Utc};

use super::{Almanac, BACK, Following, Lesson, delta};
use crate::graph::{GraphError, Request, Window};
use crate::rules::Address;

/// The most mailboxes that are asked alone at one time, beside the batches.
const ALONE_IN_FLIGHT_MAX: usize = 4;

/// The most mailboxes that are under suspicion at one time: four batches. Where more hang, it is the tenant.
const SUSPECTS_MAX: usize = 80;

/// How often in a row a mailbox that hung must answer before others are asked together with it again.
const READS_ALONE: u32 = 10;

/// With whom a mailbox is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// With others.
    Others,
    /// With nobody, until it was read so often.
    Nobody {
        /// How often.
        reads_left: u32,
    },
}

impl Company {
    fn is_nobody(self) -> bool {
        self != Self::Others
    }

    /// Counts a read that went well.
    pub(super) fn read_well(&mut self) {
        *self = match *self {
            Self::Nobody { reads_left } if reads_left > 1 => Self::Nobody { reads_left: reads_left - 1 },
            Self::Nobody { .. } | Self::Others => Self::Others,
        };
    }
}

impl Following {
    fn is_suspect(&self) -> bool {
        self.company.is_nobody() && self.trouble.failures() == 0
    }
}

impl Almanac {
    /// Returns the request of the next mailbox that is due and is asked alone, as far as there is room for it.
    pub(crate) fn next_alone(&mut self, now: DateTime<Utc>) -> Option<Vec<Request>> {
        if self.is_paused(now) || self.alone_asked.len() >= ALONE_IN_FLIGHT_MAX {
            return None;
        }
        loop {
            let address = self.solitary.take_due(now, 1).pop()?;
            if let Some(request) = self.request(&address, now) {
                self.alone_asked.insert(address);
                return Some(vec![request]);
            }
        }
    }

    /// Returns when the next mailbox is due that is asked alone.
    pub(crate) fn next_alone_at(&mut self) -> Option<DateTime<Utc>> {
        let has_room = self.alone_asked.len() < ALONE_IN_FLIGHT_MAX;
        let due = if has_room { self.solitary.next_at() } else { None };
        due.map(|at| self.not_before_pause(at))
    }

    /// Returns whether these were given by [`Self::next_alone`]; they are under way no more.
    pub(crate) fn end_alone(&mut self, requests: &[Request]) -> bool {
        matches!(requests, [request] if self.alone_asked.remove(&request.address))
    }

    /// Sets when a mailbox is due, with others or alone.
    pub(super) fn set(&mut self, address: &Address, at: DateTime<Utc>) {
        let is_alone = self.followed.get(address).is_some_and(|following| following.company.is_nobody());
        let (own, other) =
            if is_alone { (&mut self.solitary, &mut self.agenda) } else { (&mut self.agenda, &mut self.solitary) };
        own.set(address.clone(), Some(at));
        other.set(address.clone(), None);
    }

    /// Returns when a mailbox is due.
    pub(super) fn due_at(&self, address: &Address) -> Option<DateTime<Utc>> {
        self.agenda.at(address).or_else(|| self.solitary.at(address))
    }

    /// Takes in that a whole call failed for which one mailbox may be to blame. Returns what was learnt; nothing where it
    /// is the tenant as well as anybody knows.
    pub(super) fn learn_hang(
        &mut self,
        requests: &[Request],
        error: &GraphError,
        now: DateTime<Utc>,
    ) -> Option<Lesson> {
        let heard = self.heard_at.is_some_and(|at| requests.iter().all(|request| at >= begun(request.window)));
        let mut lesson = Lesson { heard, ..Lesson::default() };
        match requests {
            [] => return None,
            [request] => {
                let others = |(address, following): (&Address, &Following)| {
                    *address != request.address && !following.company.is_nobody()
                };
                if !heard && !self.followed.iter().any(others) {
                    return None;
                }
                if let Some(following) = self.followed.get_mut(&request.address) {
                    following.company = Company::Nobody { reads_left: READS_ALONE };
                }
                self.changing(&request.address, |almanac| {
                    almanac.learn_trouble(request, error.clone(), now, &mut lesson);
                });
            }
            _ => {
                self.part(requests, now);
                if !heard {
                    return None;
                }
            }
        }
        Some(lesson)
    }

    /// Has these mailboxes asked one by one, as one of them hangs; those that are too many for that, together later.
    pub(super) fn part<'a>(&mut self, requests: impl IntoIterator<Item = &'a Request>, now: DateTime<Utc>) {
        let mut suspects = self.followed.values().filter(|following| following.is_suspect()).count();
        for request in requests {
            let Some(following) = self.followed.get_mut(&request.address) else { continue };
            if following.is_suspect() || suspects < SUSPECTS_MAX {
                suspects += usize::from(!following.is_suspect());
                following.company = Company::Nobody { reads_left: 1 };
                self.set(&request.address, now);
            } else {
                self.set(&request.address, now + delta(self.check_interval));
            }
        }
    }
}

/// When what has this window was asked.
fn begun(window: Window) -> DateTime<Utc> {
    window.from + BACK
}
