//! The real clients, watched: what is under way, what is written, and where the service may crash.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::graph::{
    Answer, Calendars, Edited, GraphClient, GraphError, MasterCategories, PerMailbox, Request,
};
use starface_calendar::pbx::{Applied, Drained, ModuleInfo, Page, Pbx, PbxError, Redirects, States, XmlRpc};
use starface_calendar::rules::{AccountId, Address, Category, Deed, Edit, Member, Outcome, Step};

use super::fuse::Fuse;
use super::journal::Holding;
use super::outside::Written;

/// What all clients of one scenario share.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    busy: Arc<AtomicUsize>,
    pub(crate) calls: Arc<AtomicUsize>,
    pub(crate) written: Arc<Mutex<Written>>,
}

/// One call under way.
struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Watch {
    /// Whether a call is under way that does not wait for something to happen.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed) > 0
    }

    fn begin(&self) -> UnderWay<'_> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.busy.fetch_add(1, Ordering::Relaxed);
        UnderWay(&self.busy)
    }
}

/// A client, watched.
pub(crate) struct Watched<C> {
    pub(crate) client: C,
    pub(crate) clock: SimClock,
    pub(crate) fuse: Fuse,
    pub(crate) holding: Holding,
    pub(crate) watch: Watch,
}

impl<C> Watched<C> {
    /// The service may crash before the call and after it.
    async fn call<T>(&self, call: impl Future<Output = T>) -> T {
        self.fuse.pass().await;
        let under_way = self.watch.begin();
        let answer = call.await;
        drop(under_way);
        self.fuse.pass().await;
        answer
    }

    /// Nothing is written before its hold is durable.
    fn look_at(&self, steps: &[Step]) {
        for step in steps.iter().filter(|step| matches!(step.deed, Deed::Write { .. })) {
            if !self.holding.holds(step.account.0, step.field()) {
                let words = format!("{} {} is written and no hold says so", step.account, step.field());
                self.watch.written.lock().unwrap().wrongs.push(words);
            }
        }
    }

    fn note(&self, steps: &[Step], applied: &Applied) {
        let now = self.clock.now();
        let done = |outcome: &Outcome| matches!(outcome, Outcome::Done { .. } | Outcome::Unanswered);
        let steps =
            steps.iter().zip(&applied.outcomes).filter(|(step, outcome)| done(outcome) && step.written().is_some());
        self.watch.written.lock().unwrap().steps.extend(steps.map(|(step, _)| (now, step.clone())));
    }
}

impl Pbx for Watched<XmlRpc> {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        self.call(self.client.info()).await
    }

    async fn page(&self) -> Result<Page, PbxError> {
        self.call(self.client.page()).await
    }

    async fn members(&self, group: AccountId) -> Result<Vec<Member>, PbxError> {
        self.call(self.client.members(group)).await
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        self.call(self.client.states(accounts)).await
    }

    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        self.call(self.client.redirects(accounts)).await
    }

    async fn apply(&self, steps: &[Step]) -> Applied {
        self.look_at(steps);
        let applied = self.call(self.client.apply(steps)).await;
        self.note(steps, &applied);
        applied
    }

    async fn drain(&self, queue: Option<String>, after: u64, wait: Duration) -> Result<Drained, PbxError> {
        self.fuse.pass().await;
        self.client.drain(queue, after, wait).await
    }
}

impl Calendars for Watched<GraphClient> {
    async fn read(&self, requests: &[Request]) -> Result<Vec<Answer>, GraphError> {
        self.call(self.client.read(requests)).await
    }
}

impl MasterCategories for Watched<GraphClient> {
    async fn list(&self, addresses: &[Address]) -> PerMailbox<Vec<Category>> {
        self.call(self.client.list(addresses)).await
    }

    async fn edit(&self, edits: &[(Address, Edit)]) -> PerMailbox<Edited> {
        self.call(self.client.edit(edits)).await
    }
}
