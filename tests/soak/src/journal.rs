//! The real journal on a real file, and what can befall it.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use chrono::{DateTime, Utc};
use starface_calendar::journal::{Happening, Journal, JournalError, Kept, Record, SqliteJournal};
use starface_calendar::rules::{AccountId, Field};

use super::fuse::Fuse;

/// The holds that are durable, as the journal was told of them.
#[derive(Clone, Default)]
pub(crate) struct Holding {
    fields: Arc<Mutex<BTreeSet<(u32, Field)>>>,
}

impl Holding {
    /// Whether a hold names this field of this account; of a called number, through whichever account.
    pub(crate) fn holds(&self, account: u32, field: Field) -> bool {
        let fields = self.fields.lock().unwrap();
        let through_another = || fields.iter().any(|(_, held)| *held == field);
        fields.contains(&(account, field)) || (field.number().is_some() && through_another())
    }

    pub(crate) fn count(&self) -> usize {
        self.fields.lock().unwrap().len()
    }

    pub(crate) fn words(&self) -> Vec<String> {
        self.fields.lock().unwrap().iter().map(|(account, field)| format!("{account} {field}")).collect()
    }

    pub(crate) fn clear(&self) {
        self.fields.lock().unwrap().clear();
    }

    fn learn(&self, record: &Record) {
        let mut fields = self.fields.lock().unwrap();
        match record {
            Record::Hold(hold) => {
                remove(&mut fields, hold.account, hold.field());
                fields.insert((hold.account.0, hold.field()));
            }
            Record::Drop(account, field) => remove(&mut fields, *account, *field),
            _ => {}
        }
    }
}

fn remove(fields: &mut BTreeSet<(u32, Field)>, account: AccountId, field: Field) {
    fields.retain(|(holder, held)| *held != field || (*holder != account.0 && field.number().is_none()));
}

/// How the disk behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Well,
    /// Nothing can be written.
    Failing,
}

/// The journal as the service has it. Every call is over before anything else happens, so that a seed tells the same
/// story each time.
#[derive(Clone)]
pub(crate) struct Disk {
    journal: SqliteJournal,
    path: PathBuf,
    fuse: Fuse,
    holding: Holding,
    mood: Arc<Mutex<Mood>>,
    pub(crate) commits: Arc<Mutex<u64>>,
}

impl Disk {
    /// Opens the file, or begins one.
    pub(crate) fn open(path: PathBuf, now: DateTime<Utc>, fuse: Fuse, holding: Holding) -> Self {
        let (journal, _) = SqliteJournal::open(&path, now).unwrap();
        let kept = finished(journal.load()).unwrap();
        holding.clear();
        kept.holds.into_iter().for_each(|hold| holding.learn(&Record::Hold(hold)));
        Self { journal, path, fuse, holding, mood: Arc::default(), commits: Arc::default() }
    }

    pub(crate) fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The random id by which the module tells its owner.
    pub(crate) fn owner(&self) -> String {
        finished(self.journal.load()).unwrap().owner
    }

    /// Gives the file free.
    pub(crate) fn close(self) {
        finished(self.journal.close()).unwrap();
    }

    fn failure(&self) -> Result<(), JournalError> {
        match *self.mood.lock().unwrap() {
            Mood::Well => Ok(()),
            Mood::Failing => Err(JournalError::InUse { path: self.path.clone() }),
        }
    }
}

impl Journal for Disk {
    async fn load(&self) -> Result<Kept, JournalError> {
        finished(self.journal.load())
    }

    async fn commit(&self, records: Vec<Record>) -> Result<(), JournalError> {
        self.fuse.pass().await;
        self.failure()?;
        for record in
            records.iter().filter(|record| matches!(record, Record::Hold(_) | Record::Drop(..) | Record::Happening(_)))
        {
            trace!("  records {record:?}");
        }
        finished(self.journal.commit(records.clone()))?;
        *self.commits.lock().unwrap() += 1;
        records.iter().for_each(|record| self.holding.learn(record));
        self.fuse.pass().await;
        Ok(())
    }

    async fn reserve_seq(&self, above: u64) -> Result<u64, JournalError> {
        finished(self.journal.reserve_seq(above))
    }

    async fn prune(
        &self,
        history_before: DateTime<Utc>,
        texts_before: DateTime<Utc>,
        puts_before: DateTime<Utc>,
    ) -> Result<usize, JournalError> {
        self.failure()?;
        finished(self.journal.prune(history_before, texts_before, puts_before))
    }

    async fn history(&self, since: DateTime<Utc>, rows_max: usize) -> Result<Vec<Happening>, JournalError> {
        finished(self.journal.history(since, rows_max))
    }
}

/// Wakes a thread that is parked.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits on this thread until the journal's own has answered.
fn finished<T>(answer: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut answer = pin!(answer);
    loop {
        match answer.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answered) => return answered,
            Poll::Pending => std::thread::park(),
        }
    }
}
