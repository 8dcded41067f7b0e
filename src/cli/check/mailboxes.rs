//! Whether the calendars of the members can be read, and the texts in them where target tags need those.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::{Line, NAMED_MAX, Report, names};
use crate::clock::{Clock, SystemClock};
use crate::graph::{Answer, BATCH_MAX, Calendar, Calendars, GraphClient, GraphError, Request, Window};
use crate::rules::{Address, Member};
use crate::settings::Settings;

/// How much of each calendar is read.
const AHEAD: TimeDelta = TimeDelta::days(1);

const HELPS: &str = "check that the mailbox exists and that the app may read its calendar (Calendars.Read)";

/// Reads the next day of every member's calendar; returns how many of them can be read.
pub(super) async fn examine(
    settings: &Settings,
    graph: &GraphClient,
    clock: SystemClock,
    members: &[Member],
    report: &mut Report,
) -> usize {
    let owners = owners(members);
    let addresses: Vec<&Address> = owners.keys().copied().collect();
    let mut found = Found::default();
    report.begin(addresses.len(), "mailboxes");
    for batch in addresses.chunks(BATCH_MAX) {
        let requests: Vec<Request> = batch.iter().map(|address| request(address, clock)).collect();
        match read(graph, &requests).await {
            Ok(answers) => answers.into_iter().for_each(|answer| found.take(answer, &owners, report)),
            Err(error) => {
                report.tell(Line::failed("mailboxes", &error, "see the lines above; try again later"));
                return found.readable;
            }
        }
        report.advance(batch.len());
    }
    found.lines(addresses.len(), settings).into_iter().for_each(|line| report.tell(line));
    found.readable
}

/// How many in a row may hang alone before it is the tenant.
const HANGS_MAX: usize = 3;

/// Reads a batch; where one of them lets it hang, one by one.
pub(in crate::cli) async fn read(graph: &GraphClient, requests: &[Request]) -> Result<Vec<Answer>, GraphError> {
    match graph.read(requests).await {
        Err(error) if requests.len() > 1 && error.may_be_of_one() => {}
        read => return read,
    }
    let (mut answers, mut answered) = (Vec::new(), false);
    for request in requests {
        match graph.read(std::slice::from_ref(request)).await {
            Err(error) if !answered && answers.len() + 1 == HANGS_MAX => return Err(error),
            Err(error) => {
                let address = request.address.clone();
                answers.push(Answer { address, calendar: Err(error), tags_unknown: BTreeSet::new() });
            }
            Ok(answer) => {
                answered = true;
                answers.extend(answer);
            }
        }
    }
    Ok(answers)
}

/// Returns what asks for the next day of a mailbox.
pub(in crate::cli) fn request(address: &Address, clock: SystemClock) -> Request {
    let now = clock.now();
    Request { address: address.clone(), window: Window { from: now, to: now + AHEAD }, last: None }
}

/// The members by their addresses; several may share one.
fn owners(members: &[Member]) -> BTreeMap<&Address, Vec<&Member>> {
    let mut owners: BTreeMap<&Address, Vec<&Member>> = BTreeMap::new();
    for member in members {
        if let Some(address) = &member.address {
            owners.entry(address).or_default().push(member);
        }
    }
    owners
}

/// What the calendars showed.
#[derive(Default)]
struct Found {
    readable: usize,
    unreadable: usize,
    entries: usize,
    /// Entries whose text was asked for and could not be read.
    textless: usize,
}

impl Found {
    /// Takes in one calendar; names it where it cannot be read, as far as there are not too many of them.
    fn take(&mut self, answer: Answer, owners: &BTreeMap<&Address, Vec<&Member>>, report: &mut Report) {
        match answer.calendar.map(Calendar::into_entries) {
            Ok(entries) => {
                self.readable += 1;
                self.entries += entries.len();
                self.textless += answer.tags_unknown.len();
            }
            Err(error) => {
                self.unreadable += 1;
                if self.unreadable <= NAMED_MAX {
                    let whose = owners.get(&answer.address).map_or_else(String::new, |members| names(members));
                    report.tell(Line::failed("mailbox", &Unreadable { address: answer.address, whose, error }, HELPS));
                }
            }
        }
    }

    fn lines(&self, mailboxes: usize, settings: &Settings) -> Vec<Line> {
        let untold = self.unreadable.saturating_sub(NAMED_MAX);
        let more = (untold > 0).then(|| Line::failed("mailbox", &Untold(untold), HELPS));
        let sum =
            (self.readable > 0).then(|| Line::ok("mailboxes", format!("{} of {mailboxes} can be read", self.readable)));
        more.into_iter().chain(sum).chain(self.texts(settings)).collect()
    }

    /// Says whether the texts can be read, where tags need them. Without a single one among the appointments it is a
    /// permission that lacks.
    fn texts(&self, settings: &Settings) -> Option<Line> {
        const SUBJECT: &str = "texts";
        if !settings.policy.may_follow_tags() {
            let words = "not asked for, as no tag in them may count (rules.tags.allow, rules.categories and the \
                         redirect switches)";
            return Some(Line::ok(SUBJECT, words));
        }
        Some(match (self.textless, self.entries) {
            _ if self.readable == 0 => return None,
            (0, 0) => Line::ok(
                SUBJECT,
                "asked for; that they can be read is not proved, as nobody has an appointment in the next day",
            ),
            (0, entries) => Line::ok(SUBJECT, format!("of {entries} appointments in the next day can be read")),
            (textless, entries) if textless == entries => Line::warning(
                SUBJECT,
                "no appointment's text can be read, so the tags in it (@@Extern:, @@Intern:) do nothing",
                "give the app Calendars.Read, as Calendars.ReadBasic.All leaves texts out; or set rules.tags.allow = []",
            ),
            (textless, _) => Line::warning(
                SUBJECT,
                format!("{textless} appointments' texts cannot be read, so the tags in them are not known"),
                "look for appointments with very large texts in the next days and shorten them",
            ),
        })
    }
}

/// An error of one mailbox, with whose it is.
#[derive(Debug, thiserror::Error)]
#[error("read the calendar of {whose}, {address}")]
struct Unreadable {
    address: Address,
    whose: String,
    #[source]
    error: GraphError,
}

/// The mailboxes that are not named.
#[derive(Debug, thiserror::Error)]
#[error("read {0} more calendars")]
struct Untold(usize);
