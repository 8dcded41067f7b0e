//! The one thread that owns the state file, and the questions it answers.
//!
//! It takes one question after the other, so that no two writes ever meet, and waits for the disk where no task waits
//! with it. Fails only when it cannot be started; what a question fails with is its answer.

use std::thread::{Builder, JoinHandle};

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};

use super::store::{Horizon, Store};
use super::{Happening, JournalError, Kept, Record};

/// How many questions may wait; who asks one more waits until there is room.
const QUESTIONS_MAX: usize = 64;

/// Where the answer to a question goes. Who asked may have gone; then it is dropped.
pub(super) type Answer<T> = oneshot::Sender<Result<T, JournalError>>;

/// What the thread is asked for.
pub(super) enum Question {
    /// Everything that was kept.
    Load(Answer<Kept>),
    /// All records, or none.
    Commit(Vec<Record>, Answer<()>),
    /// Sequence numbers above this one.
    ReserveSeq(u64, Answer<u64>),
    /// To forget what is older.
    Prune(Horizon, Answer<usize>),
    /// The oldest history since an instant, so many rows.
    History(DateTime<Utc>, usize, Answer<Vec<Happening>>),
    /// To close the file and end.
    Close(Answer<()>),
}

/// The thread and the way to it. It ends, and is waited for, when this is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    /// Taken when the thread has to end.
    questions: Option<mpsc::Sender<Question>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Gives the store to a thread of its own.
    pub(super) fn start(store: Store) -> std::io::Result<Self> {
        let (questions, asked) = mpsc::channel(QUESTIONS_MAX);
        let thread = Builder::new().name("journal".to_owned()).spawn(move || serve(store, asked))?;
        Ok(Self { questions: Some(questions), thread: Some(thread) })
    }

    /// Asks, and waits for the answer.
    pub(super) async fn ask<T>(&self, question: impl FnOnce(Answer<T>) -> Question) -> Result<T, JournalError> {
        let (answer, answered) = oneshot::channel();
        let questions = self.questions.as_ref().ok_or(JournalError::Closed)?;
        questions.send(question(answer)).await.map_err(|_| JournalError::Closed)?;
        answered.await.map_err(|_| JournalError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.questions.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("The journal's thread has died.");
        }
    }
}

fn serve(mut store: Store, mut asked: mpsc::Receiver<Question>) {
    while let Some(question) = asked.blocking_recv() {
        match question {
            Question::Load(answer) => reply(answer, store.load()),
            Question::Commit(records, answer) => reply(answer, store.commit(records)),
            Question::ReserveSeq(above, answer) => reply(answer, store.reserve_seq(above)),
            Question::Prune(before, answer) => reply(answer, store.prune(before)),
            Question::History(since, rows_max, answer) => {
                reply(answer, store.history(since, rows_max));
            }
            Question::Close(answer) => return reply(answer, store.close()),
        }
    }
}

fn reply<T>(answer: Answer<T>, result: Result<T, JournalError>) {
    // Whoever asked and does not wait any more needs no answer; the work itself is done.
    drop(answer.send(result));
}
