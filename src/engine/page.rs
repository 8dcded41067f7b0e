//! The module's page: read again when it changes, and made into orders by whoever knows the settings.
//!
//! It is read when the module tells of a change, when its revision is another one, and when the module or the PBX was
//! started again. Orders are taken between two rounds. A page that cannot be used leaves the last good ones in force,
//! and is a problem until it is mended, said once. Must not know what a field means.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tracing::{info, warn};

use super::backoff::Backoff;
use super::report::Trouble;
use super::{Asked, Engine, Errand, Orders, asked_wait, delta};
use crate::alarm::Cause;
use crate::clock::Clock;
use crate::graph::Calendars;
use crate::journal::Journal;
use crate::pbx::{ModuleInfo, Page, Pbx, PbxError};

/// Makes orders of the module's page. It knows the settings, which the engine does not.
pub trait Interpreter<C>: Send {
    /// Makes orders of what the page says.
    ///
    /// # Errors
    /// Everything that is wrong with the page, each flaw as a line that people can read.
    fn interpret(&mut self, page: &Page) -> Result<Instructions<C>, Vec<String>>;
}

/// What is to be done, and with which calendars.
#[derive(Debug)]
pub struct Instructions<C> {
    /// What is to be done.
    pub orders: Orders,
    /// The calendars; the same as before while tenant and app are.
    pub calendars: Arc<C>,
}

/// The page that the engine follows.
pub(super) struct Followed<C> {
    interpreter: Box<dyn Interpreter<C>>,
    /// Of the page that was read last.
    revision: String,
    due_at: Option<DateTime<Utc>>,
    reading: Reading,
    trouble: Backoff,
    pub(super) flaws: Flaws,
}

/// Whether the page is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Idle,
    UnderWay,
}

/// What cannot be used of the page, each flaw since it is there.
#[derive(Debug, Default)]
pub(super) struct Flaws(Vec<Trouble>);

impl Flaws {
    /// Takes what is wrong now, and returns what was not wrong before.
    pub(super) fn note(&mut self, texts: Vec<String>, now: DateTime<Utc>) -> Vec<String> {
        let before = std::mem::take(&mut self.0);
        let (mut noted, mut fresh) = (Vec::new(), Vec::new());
        for text in texts {
            noted.push(before.iter().find(|known| known.text == text).cloned().unwrap_or_else(|| {
                fresh.push(text.clone());
                Trouble { since: now, text, cause: Cause::Settings }
            }));
        }
        self.0 = noted;
        fresh
    }

    /// Forgets everything, and says whether there was anything.
    pub(super) fn mend(&mut self) -> bool {
        !std::mem::take(&mut self.0).is_empty()
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Trouble> {
        self.0.iter()
    }
}

impl<C> Followed<C> {
    /// Follows the page from this revision on, whose orders are in force.
    pub(super) fn new(interpreter: Box<dyn Interpreter<C>>, revision: String) -> Self {
        Self {
            interpreter,
            revision,
            due_at: None,
            reading: Reading::Idle,
            trouble: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            flaws: Flaws::default(),
        }
    }
}

impl<C: Calendars, P: Pbx, J: Journal, K: Clock> Engine<C, P, J, K> {
    /// Has the page read again, also when it is being read: the change may have come after that.
    pub(super) fn page_changed(&mut self, now: DateTime<Utc>) {
        if let Some(page) = &mut self.page {
            page.due_at = Some(now);
        }
    }

    /// Has the page read again when it is another one than was read, or could not be used: what was wrong may have been
    /// mended elsewhere. One that is about to be read anyway needs no second read.
    pub(super) fn learn_revision(&mut self, module: &ModuleInfo) {
        let now = self.ports.clock.now();
        let is_news = |page: &&mut Followed<C>| page.revision != module.config_revision || page.flaws.count() > 0;
        let is_awaited = |page: &Followed<C>| page.reading == Reading::UnderWay || page.due_at.is_some();
        if let Some(page) = self.page.as_mut().filter(is_news).filter(|page| !is_awaited(page)) {
            page.due_at = Some(now);
        }
    }

    /// Forgets a deadline that was set by a later clock.
    pub(super) fn page_clock_set_back(&mut self, now: DateTime<Utc>) {
        if let Some(page) = &mut self.page {
            page.due_at = page.due_at.map(|_| now);
        }
    }

    pub(super) fn page_due_at(&self) -> Option<DateTime<Utc>> {
        self.page.as_ref().filter(|page| page.reading == Reading::Idle)?.due_at
    }

    pub(super) fn start_reading_page(&mut self, now: DateTime<Utc>) {
        if self.page_due_at().is_none_or(|at| at > now) {
            return;
        }
        if let Some(page) = &mut self.page {
            (page.due_at, page.reading) = (None, Reading::UnderWay);
            let pbx = Arc::clone(&self.ports.pbx);
            self.errands.spawn(async move { Errand::Page(pbx.page().await) });
        }
    }

    pub(super) fn learn_page(&mut self, result: Result<Page, PbxError>) {
        let now = self.ports.clock.now();
        self.pbx_answered("page", result.as_ref().err().map_or(&[], std::slice::from_ref));
        let Some(page) = &mut self.page else { return };
        page.reading = Reading::Idle;
        let read = match result {
            Ok(read) => read,
            Err(error) => {
                let again_at = now + delta(page.trouble.fail(asked_wait(&error), 0));
                page.due_at.get_or_insert(again_at);
                return;
            }
        };
        page.trouble.succeed();
        page.revision.clone_from(&read.revision);
        match page.interpreter.interpret(&read) {
            Ok(instructions) => {
                if page.flaws.mend() {
                    info!("The module's page can be used again.");
                }
                info!(revision = read.revision, "The settings of the module's page are in force.");
                self.take_orders(instructions, now);
            }
            Err(flaws) => {
                for flaw in page.flaws.note(flaws, now) {
                    warn!(flaw, "The module's page cannot be used; the last good settings stay in force.");
                }
            }
        }
    }

    /// Takes new orders between two rounds. Whoever they concern is looked at in the next one.
    fn take_orders(&mut self, instructions: Instructions<C>, now: DateTime<Utc>) {
        let Instructions { orders, calendars } = instructions;
        let before = std::mem::replace(&mut self.orders, orders);
        let group_before = before.group;
        if self.orders.policy.may_redirect() && !before.policy.may_redirect() {
            // Nobody's numbers were of interest until now.
            self.members_due_at = Some(now);
        }
        if !Arc::ptr_eq(&self.ports.calendars, &calendars) {
            self.ports.calendars = calendars;
            self.tenancy += 1;
            self.state.almanac.read_afresh(now);
        }
        self.state.almanac.read_every(self.orders.check_interval, self.orders.pace.clone(), now);
        if self.orders.group != group_before {
            info!(group = self.orders.group.0, "The members of another group are followed.");
            // As in a new life: nobody of a list that was believed long ago is looked at before it is read again.
            self.members_asked = Asked::NotYet;
            self.members_due_at = Some(now);
            self.state.turn_to(self.orders.group, now);
        }
        self.state.look_at_all(now);
        // What the journal is to forget with it waits for the next commit.
        let forgotten = self.follow_categories(now);
        self.state.unsaved.extend(forgotten);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn a_flaw_is_news_once_and_stands_since_it_came() {
        let mut flaws = Flaws::default();
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(flaws.note(texts(&["a", "b"]), at(1)), texts(&["a", "b"]));
        assert_eq!(flaws.note(texts(&["b", "c"]), at(2)), texts(&["c"]));
        let noted: Vec<_> = flaws.iter().map(|flaw| (flaw.text.as_str(), flaw.since)).collect();
        assert_eq!(noted, [("b", at(1)), ("c", at(2))]);
        assert!(flaws.mend());
        assert_eq!((flaws.count(), flaws.mend()), (0, false));
    }
}
