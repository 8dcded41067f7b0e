//! The task beside the engine: asks for the problems, has it kept what is told, and hands mails to the server.
//!
//! One thing after the other, so that there is one connection at most. Nothing here is waited for by the engine. A
//! journal that cannot be written is a problem that has to be told itself, so mails go all the same; then a crash may
//! have them told twice.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{Either, select};
use tokio::sync::watch;
use tracing::{debug, info, warn};
use uuid::Uuid;

use super::ledger::Ledger;
use super::letter::Letter;
use super::orders::Orders;
use super::outbox::{MAILS_MAX, Outbox};
use super::problem::{Cause, Findings};
use super::smtp::{Post, PostError, Sent};
use crate::clock::Clock;
use crate::journal::{Journal, KnownAlarm, Mail};
use crate::meter::Meter;

/// The longest time between two looks.
const LOOK_INTERVAL: Duration = Duration::from_secs(15);

/// The shortest time between two looks.
const LOOK_INTERVAL_MIN: Duration = Duration::from_secs(1);

/// How many mails go between two looks at the most.
const MAILS_PER_LOOK: usize = 20;

/// Where problems are told of.
pub trait Sources: Send {
    /// Returns what is not as it should be, and tells how many mails wait; nothing when there is nobody to ask any more.
    fn findings(&mut self, mails_unsent: usize) -> impl Future<Output = Option<Findings>> + Send;
}

/// The task beside the engine.
#[derive(Debug)]
pub struct Watch<J, K, P> {
    journal: J,
    clock: K,
    post: P,
    orders: watch::Receiver<Orders>,
    ledger: Ledger,
    outbox: Outbox,
    looked_at: Option<DateTime<Utc>>,
    /// With which orders the last try was made.
    tried: Option<Orders>,
    journal_fails: bool,
    meter: Meter,
}

impl<J: Journal, K: Clock, P: Post> Watch<J, K, P> {
    /// Takes over what the journal kept. The orders may change at any time.
    pub fn new(
        journal: J,
        kept: (Vec<KnownAlarm>, Vec<Mail>),
        clock: K,
        post: P,
        orders: watch::Receiver<Orders>,
    ) -> Self {
        let (alarms, mails) = kept;
        Self {
            journal,
            clock,
            post,
            orders,
            ledger: Ledger::kept(alarms),
            outbox: Outbox::kept(mails),
            looked_at: None,
            tried: None,
            journal_fails: false,
            meter: Meter::default(),
        }
    }

    /// Counts from now on into this meter, in place of one of its own.
    pub fn measured_by(self, meter: Meter) -> Self {
        Self { meter, ..self }
    }

    /// Looks and sends until `stop` is there or there is nobody to ask any more. A mail that is under way then may be
    /// sent once more in the next life.
    pub async fn run(mut self, mut sources: impl Sources, stop: impl Future<Output = ()>) {
        if self.outbox.count() > 0 {
            info!(mails = self.outbox.count(), "Mails from before are still to be sent.");
        }
        let _ = select(pin!(self.go_on(&mut sources)), pin!(stop)).await;
    }

    async fn go_on(&mut self, sources: &mut impl Sources) {
        loop {
            let orders = self.orders.borrow_and_update().clone();
            if self.tried.as_ref().is_some_and(|tried| *tried != orders) {
                // Somebody may have mended what stood in the way.
                self.outbox.try_at_once();
            }
            if self.is_look_due(&orders) {
                let Some(findings) = sources.findings(self.outbox.count()).await else { return };
                self.look(findings, &orders);
                self.save().await;
            }
            self.send(&orders).await;
            self.tried = Some(orders.clone());
            self.wait(&orders).await;
        }
    }

    fn is_look_due(&mut self, orders: &Orders) -> bool {
        let now = self.clock.now();
        if self.looked_at.is_some_and(|at| at > now) {
            // The clock was set back.
            self.looked_at = None;
            self.outbox.try_at_once();
        }
        self.looked_at.is_none_or(|at| now - at >= look_interval(orders))
    }

    /// Decides what is told, and writes it.
    fn look(&mut self, findings: Findings, orders: &Orders) {
        let now = self.clock.now();
        self.looked_at = Some(now);
        if orders.to.is_empty() {
            let unwanted = self.outbox.clear();
            if unwanted > 0 {
                info!(mails = unwanted, "Nobody is to be told of problems any more, so unsent mails are dropped.");
            }
        }
        let mut dropped = 0;
        for news in self.ledger.turn(findings, now, orders) {
            let cause = news.cases.first().map(|case| case.problem.cause);
            if let Some(cause) = cause {
                self.meter.alarm(cause.kind().name());
            }
            let cause = cause.map_or("", Cause::name);
            info!(occasion = news.occasion.name(), cause, problems = news.cases.len(), "A mail tells of a problem.");
            let Letter { subject, text } = Letter::write(&news, now, orders);
            let id = Uuid::new_v4().to_string();
            dropped += self.outbox.add(Mail { id, at: now, occasion: news.occasion, subject, text });
        }
        if dropped > 0 {
            warn!(dropped, kept = MAILS_MAX, "Too many mails wait to be sent, so some were dropped.");
        }
    }

    /// Has the journal keep what it does not know yet, in one transaction.
    async fn save(&mut self) {
        let mut records = self.ledger.unsaved();
        records.extend(self.outbox.unsaved());
        if records.is_empty() {
            return;
        }
        match self.journal.commit(records).await {
            Ok(()) => {
                self.meter.journal_commit();
                self.ledger.saved();
                self.outbox.saved();
                if std::mem::take(&mut self.journal_fails) {
                    info!("What was told is kept again.");
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut self.journal_fails, true) {
                    warn!(%error, "It cannot be kept which problems were told, so a restart may tell them again.");
                }
            }
        }
    }

    async fn send(&mut self, orders: &Orders) {
        if orders.to.is_empty() {
            return;
        }
        for _ in 0..MAILS_PER_LOOK {
            let Some((mail, had_by)) = self.outbox.next(self.clock.now()) else { return };
            let mail = mail.clone();
            let result = self.post.send(&mail, &had_by, orders).await;
            self.learn(&mail, result);
            self.save().await;
        }
    }

    fn learn(&mut self, mail: &Mail, result: Result<Sent, PostError>) {
        let (now, jitter) = (self.clock.now(), Uuid::new_v4().as_bytes()[0]);
        match result {
            Ok(sent) => {
                self.outbox.done(&mail.id);
                self.tell_of_recovery();
                debug!(occasion = mail.occasion.name(), "A mail was sent.");
                if sent.refused > 0 {
                    warn!(
                        recipients = sent.refused,
                        "The mail server refuses some of those who are to be told; check alarm.to."
                    );
                }
            }
            Err(error) if error.concerns_one_mail() => {
                self.tell_of_recovery();
                if let PostError::Later { had_by, .. } = &error {
                    had_by.iter().for_each(|address| self.outbox.had_by(&mail.id, address.clone()));
                }
                if self.outbox.refuse(&mail.id, now, jitter) {
                    warn!(%error, "A mail is not taken; it is kept and tried again, and the others are sent.");
                }
            }
            Err(error) => {
                if self.outbox.server_fails(now, jitter) {
                    let mails = self.outbox.count();
                    warn!(%error, mails, "Mail cannot be sent; it is kept and tried again.");
                }
            }
        }
    }

    fn tell_of_recovery(&mut self) {
        if self.outbox.server_works() {
            info!(mails = self.outbox.count(), "Mail can be sent again.");
        }
    }

    async fn wait(&mut self, orders: &Orders) {
        let now = self.clock.now();
        let look_at = self.looked_at.unwrap_or(now) + look_interval(orders);
        let send_at = self.outbox.next_at(now).filter(|_| !orders.to.is_empty());
        let next = send_at.map_or(look_at, |at| at.min(look_at));
        match select(pin!(self.clock.sleep_until(next)), pin!(self.orders.changed())).await {
            Either::Left(_) | Either::Right((Ok(()), _)) => {}
            // Whoever gives the orders is gone; the last ones stay in force.
            Either::Right((Err(_), passing)) => passing.await,
        }
    }
}

/// A problem that is told after a short time needs more frequent looks.
fn look_interval(orders: &Orders) -> TimeDelta {
    delta(orders.after.clamp(LOOK_INTERVAL_MIN, LOOK_INTERVAL))
}

fn delta(span: Duration) -> TimeDelta {
    TimeDelta::from_std(span).unwrap_or(TimeDelta::days(1))
}
