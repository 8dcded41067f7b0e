//! When everything has been done that does not wait for time.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use tokio::runtime::{Builder, Runtime};

/// Tells of the moments at which no task of a runtime can go on.
#[derive(Clone, Default)]
pub(crate) struct Idle {
    waiting: Arc<Mutex<Option<Waker>>>,
    has_come: Arc<AtomicBool>,
}

impl Idle {
    /// Makes a runtime of one thread that tells when it has nothing to do.
    pub(crate) fn runtime(&self) -> Runtime {
        let idle = self.clone();
        Builder::new_current_thread().on_thread_park(move || idle.come()).enable_all().build().unwrap()
    }

    fn come(&self) {
        if let Some(waker) = self.waiting.lock().unwrap().take() {
            self.has_come.store(true, Ordering::Relaxed);
            waker.wake();
        }
    }

    /// Waits until nothing else can go on.
    pub(crate) async fn idle(&self) {
        self.has_come.store(false, Ordering::Relaxed);
        poll_fn(|context| {
            if self.has_come.load(Ordering::Relaxed) {
                return Poll::Ready(());
            }
            *self.waiting.lock().unwrap() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

#[test]
fn idle_is_when_every_task_has_run_as_far_as_it_can() {
    let idle = Idle::default();
    let ran = Arc::new(Mutex::new(0));
    idle.runtime().block_on(async {
        let counted = Arc::clone(&ran);
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(async move {
            for _ in 0..1_000 {
                tokio::task::yield_now().await;
                *counted.lock().unwrap() += 1;
            }
            std::future::pending::<()>().await;
        });
        idle.idle().await;
        assert_eq!(*ran.lock().unwrap(), 1_000);
    });
}
