//! The task beside the engine, under a simulated clock, with a real journal and a server of this test.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::alarm::{
    Cause, Findings, Orders, Post, PostError, Problem, Reach, Sent, Sources, Subject, Watch, Whom,
};
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::journal::{Journal, Mail, Occasion, SqliteJournal};
use starface_calendar::meter::Meter;
use starface_calendar::rules::Address;
use tempfile::TempDir;
use tokio::sync::watch;

use super::smtp::orders;
use crate::metrics::value;

fn start() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

/// What the server answers next; a mail when nothing is left.
type Script = Arc<Mutex<VecDeque<PostError>>>;

/// A server that takes mails, or fails as it is told to.
#[derive(Clone, Default)]
struct Server {
    taken: Arc<Mutex<Vec<Mail>>>,
    tries: Arc<Mutex<usize>>,
    fails: Script,
}

impl Post for Server {
    async fn send(&self, mail: &Mail, _: &BTreeSet<Address>, _: &Orders) -> Result<Sent, PostError> {
        *self.tries.lock().unwrap() += 1;
        match self.fails.lock().unwrap().pop_front() {
            Some(error) => Err(error),
            None => {
                self.taken.lock().unwrap().push(mail.clone());
                Ok(Sent::default())
            }
        }
    }
}

impl Server {
    fn occasions(&self) -> Vec<Occasion> {
        self.taken.lock().unwrap().iter().map(|mail| mail.occasion).collect()
    }
}

/// The problems that there are, and what the last look was told of unsent mails.
#[derive(Clone)]
struct Site {
    problems: Arc<Mutex<Vec<Problem>>>,
    unsent: Arc<Mutex<usize>>,
}

impl Sources for Site {
    async fn findings(&mut self, mails_unsent: usize) -> Option<Findings> {
        *self.unsent.lock().unwrap() = mails_unsent;
        Some(Findings { problems: self.problems.lock().unwrap().clone(), reach: Reach::Everywhere })
    }
}

/// Everything around the task, over several lives.
struct World {
    clock: SimClock,
    server: Server,
    site: Site,
    orders: watch::Sender<Orders>,
    folder: TempDir,
    meter: Meter,
}

impl World {
    fn new() -> Self {
        Self {
            clock: SimClock::new(start()),
            server: Server::default(),
            site: Site { problems: Arc::default(), unsent: Arc::default() },
            orders: watch::Sender::new(orders("smtp://127.0.0.1", &["a@firma.example"])),
            folder: TempDir::new().unwrap(),
            meter: Meter::default(),
        }
    }

    /// Lets the task live for so long.
    async fn live(&self, span: TimeDelta) {
        let journal = SqliteJournal::open(&self.path(), self.clock.now()).unwrap().0;
        let kept = journal.load().await.unwrap();
        let kept = (kept.alarms, kept.mails);
        let watch = Watch::new(journal.clone(), kept, self.clock.clone(), self.server.clone(), self.orders.subscribe());
        let watch = watch.measured_by(self.meter.clone());
        let end = self.clock.now() + span;
        let passing = async {
            while self.clock.now() < end {
                self.clock.waiting(1).await;
                let next = self.clock.next_wait().unwrap();
                self.clock.set(next.min(end));
            }
            self.clock.waiting(1).await;
        };
        watch.run(self.site.clone(), passing).await;
        journal.close().await.unwrap();
    }

    fn path(&self) -> std::path::PathBuf {
        Path::new(self.folder.path()).join("state.db")
    }

    fn there_is(&self, problems: Vec<Problem>) {
        *self.site.problems.lock().unwrap() = problems;
    }

    fn change(&self, change: impl FnOnce(&mut Orders)) {
        self.orders.send_modify(change);
    }
}

fn problem(cause: Cause, account: Option<u32>) -> Problem {
    let whom = account.map(|account| Whom { account, login: account.to_string(), name: "Anna Muster".to_owned() });
    Problem { cause, subject: Subject::Whole, whom, since: start(), text: "failed to do it".to_owned() }
}

const MINUTE: TimeDelta = TimeDelta::minutes(1);

#[tokio::test]
async fn a_problem_is_told_when_it_lasted_reminded_of_daily_and_told_to_be_over() {
    let world = World::new();
    world.there_is(vec![problem(Cause::SecretExpired, None)]);
    world.live(MINUTE * 4).await;
    assert_eq!(world.server.occasions(), []);
    world.live(MINUTE * 2).await;
    assert_eq!(world.server.occasions(), [Occasion::First], "a restart does not begin anew");
    world.live(TimeDelta::hours(49)).await;
    assert_eq!(world.server.occasions(), [Occasion::First, Occasion::Reminder, Occasion::Reminder]);
    world.there_is(vec![]);
    world.live(MINUTE * 6).await;
    assert_eq!(world.server.occasions().last(), Some(&Occasion::Resolved));
    world.live(TimeDelta::days(3)).await;
    assert_eq!(world.server.occasions().len(), 4);
}

#[tokio::test]
async fn mails_outlive_a_server_that_is_away_and_the_service_itself() {
    let world = World::new();
    world.there_is(vec![problem(Cause::TargetDenied, Some(1010))]);
    world.server.fails.lock().unwrap().extend((0..1000).map(|_| PostError::TimedOut));
    world.live(TimeDelta::hours(2)).await;
    let tries = *world.server.tries.lock().unwrap();
    assert!((5..30).contains(&tries), "{tries} tries in two hours");
    assert_eq!(*world.site.unsent.lock().unwrap(), 1);
    world.server.fails.lock().unwrap().clear();
    world.live(MINUTE).await;
    assert_eq!(world.server.occasions(), [Occasion::First]);
    world.live(MINUTE).await;
    assert_eq!((world.server.taken.lock().unwrap().len(), *world.site.unsent.lock().unwrap()), (1, 0));
}

#[tokio::test]
async fn a_mail_that_is_refused_stays_behind_and_the_next_one_goes() {
    let world = World::new();
    world.there_is(vec![problem(Cause::TargetDenied, Some(1010)), problem(Cause::TargetMissing, Some(1010))]);
    world.server.fails.lock().unwrap().push_back(PostError::Refused(550));
    world.live(MINUTE).await;
    assert_eq!((world.server.occasions().len(), *world.site.unsent.lock().unwrap()), (1, 1));
    world.live(TimeDelta::hours(7)).await;
    assert_eq!(world.server.occasions().len(), 2, "it is tried again");
}

#[tokio::test]
async fn new_orders_are_tried_at_once_and_whoever_is_told_no_more_gets_nothing_old() {
    let world = World::new();
    world.there_is(vec![problem(Cause::TargetDenied, Some(1010))]);
    world.server.fails.lock().unwrap().extend((0..1000).map(|_| PostError::LogIn(535)));
    world.live(TimeDelta::hours(2)).await;
    world.server.fails.lock().unwrap().clear();
    world.change(|orders| orders.to.clear());
    world.live(MINUTE).await;
    world.change(|orders| orders.to = vec!["b@firma.example".parse().unwrap()]);
    world.live(MINUTE).await;
    assert_eq!(world.server.occasions(), [Occasion::First], "it is there still, and told to the new one");
}

#[tokio::test]
async fn mails_are_counted_by_the_kind_of_their_problem() {
    let world = World::new();
    world.there_is(vec![problem(Cause::TargetDenied, Some(1010)), problem(Cause::SecretExpired, None)]);
    world.live(MINUTE * 6).await;
    for kind in ["connector", "redirect"] {
        assert_eq!(value(&world.meter, &format!("alarms_total{{kind=\"{kind}\"}}")), 1.0, "{kind}");
    }
    assert!(value(&world.meter, "journal_commits_total") >= 2.0);
}

#[tokio::test]
async fn a_thousand_mailboxes_are_one_mail() {
    let world = World::new();
    world.there_is((0..1000).map(|account| problem(Cause::Mailbox, Some(account))).collect());
    world.live(MINUTE * 6).await;
    let taken = world.server.taken.lock().unwrap().clone();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].text.contains("und 950 weitere"), "{}", taken[0].text);
}

#[tokio::test]
async fn a_clock_that_is_set_back_delays_nothing_for_long() {
    let world = World::new();
    world.there_is(vec![problem(Cause::Tenant, None)]);
    world.live(MINUTE).await;
    world.clock.set(start() - TimeDelta::days(400));
    world.live(MINUTE * 6).await;
    assert_eq!(world.server.occasions(), [Occasion::First]);
}
