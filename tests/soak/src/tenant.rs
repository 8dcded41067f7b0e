//! The tenant, at the service's ports.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::graph::{
    Absent, Answer, Calendar, Calendars, Edited, GraphError, Imprint, LookedUp, MasterCategories, PerMailbox,
    Permission, Reply, Request, Service, TokenProblem,
};
use starface_calendar::rules::{Address, Category, Edit, Entry, Tag};

use super::fuse::Fuse;
use super::meeting::{self, Meeting, Meetings};

/// How the tenant treats calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Well,
    /// Nobody answers.
    Away,
    /// The app's secret is no longer taken.
    Locked,
    /// Too many calls; a pause is asked for.
    Throttling,
    /// Every other mailbox fails by itself.
    Half,
    /// Some mailboxes are not there.
    Absent,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) mood: Mood,
    pub(crate) meetings: Meetings,
    /// Who has which mailbox.
    pub(crate) mailboxes: BTreeMap<Address, u32>,
    pub(crate) calls: u64,
}

/// The tenant. Clones are one.
#[derive(Clone)]
pub(crate) struct Tenant {
    clock: SimClock,
    fuse: Fuse,
    state: Arc<Mutex<State>>,
}

/// The address of a member.
pub(crate) fn address(member: u32) -> Address {
    format!("m{member}@firma.example").parse().unwrap()
}

impl Tenant {
    pub(crate) fn new(clock: SimClock, fuse: Fuse) -> Self {
        Self { clock, fuse, state: Arc::default() }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn answer(&self, state: &State, place: usize, request: &Request) -> Answer {
        let entries = match state.mood {
            Mood::Half if place.is_multiple_of(2) => Err(GraphError::Failed { reply: reply(503), after: None }),
            Mood::Half if place % 5 == 1 => {
                Err(GraphError::Forbidden { needs: Permission::Calendars, reply: reply(403) })
            }
            Mood::Absent if place.is_multiple_of(3) => {
                Err(GraphError::NotFound { absent: Absent::Mailbox, looked_up: LookedUp::Not, reply: reply(404) })
            }
            _ => {
                let window = request.window;
                let touches = |meeting: &&Meeting| meeting.start() < window.to && meeting.end() > window.from;
                let member = state.mailboxes[&request.address];
                Ok(meeting::of(&state.meetings, member).filter(touches).map(Meeting::entry).collect())
            }
        };
        Answer {
            address: request.address.clone(),
            calendar: entries.map(|entries| calendar(request, entries)),
            tags_unknown: BTreeSet::new(),
        }
    }
}

/// The answer that came before is given without its entries, as the real client does.
fn calendar(request: &Request, entries: Vec<Entry>) -> Calendar {
    let imprint = Imprint::of_word(&entries.iter().map(words).collect::<String>());
    match request.last {
        Some(last) if last == imprint => Calendar::Unchanged,
        _ => Calendar::Read { entries, imprint: Some(imprint) },
    }
}

/// Everything in an entry, also what its `Debug` form hides.
fn words(entry: &Entry) -> String {
    let number = |tag: &Option<Tag>| match tag {
        Some(Tag::Target(number)) => number.as_str().to_owned(),
        _ => String::new(),
    };
    let (title, place, tags) = (&entry.title.0, &entry.location.0, &entry.tags);
    format!("{entry:?} {title} {place} {} {}", number(&tags.internal), number(&tags.external))
}

fn reply(status: u16) -> Reply {
    Reply { service: Service::Graph, status, code: None, request_id: None }
}

impl Calendars for Tenant {
    async fn read(&self, requests: &[Request]) -> Result<Vec<Answer>, GraphError> {
        self.fuse.pass().await;
        // An answer takes a moment, in which other things happen.
        self.clock.sleep_until(self.clock.now() + chrono::TimeDelta::milliseconds(150)).await;
        let mut state = self.state();
        state.calls += 1;
        match state.mood {
            Mood::Away => Err(GraphError::TimedOut { service: Service::Graph }),
            Mood::Locked => Err(GraphError::TokenDenied {
                client_id: "app".to_owned(),
                problem: TokenProblem::SecretExpired,
                request_id: None,
            }),
            Mood::Throttling => Err(GraphError::Throttled { reply: reply(429), after: Some(Duration::from_secs(30)) }),
            Mood::Well | Mood::Half | Mood::Absent => {
                Ok(requests.iter().enumerate().map(|(place, request)| self.answer(&state, place, request)).collect())
            }
        }
    }
}

impl MasterCategories for Tenant {
    async fn list(&self, addresses: &[Address]) -> PerMailbox<Vec<Category>> {
        Ok(addresses.iter().map(|_| Ok(Vec::new())).collect())
    }

    async fn edit(&self, edits: &[(Address, Edit)]) -> PerMailbox<Edited> {
        Ok(edits.iter().map(|_| Ok(Edited::Done)).collect())
    }
}
