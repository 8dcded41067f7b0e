//! Crashes: the service ends at a port, between two things that it does there or in the middle of one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Burns down with everything that the service does at its ports. Clones are one fuse.
#[derive(Clone, Default)]
pub(crate) struct Fuse {
    /// How many more; 0 means that none is lit.
    left: Arc<AtomicUsize>,
    has_blown: Arc<AtomicBool>,
}

impl Fuse {
    /// Lets the service end at the so-manieth thing from now on.
    pub(crate) fn light(&self, things: usize) {
        self.left.store(things, Ordering::Relaxed);
    }

    /// Puts it out, for the next life.
    pub(crate) fn renew(&self) {
        self.left.store(0, Ordering::Relaxed);
        self.has_blown.store(false, Ordering::Relaxed);
    }

    pub(crate) fn has_blown(&self) -> bool {
        self.has_blown.load(Ordering::Relaxed)
    }

    /// Burns by one, and says whether that was the end.
    pub(crate) fn burn(&self) -> bool {
        if self.has_blown() {
            return true;
        }
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        if left == 1 {
            self.has_blown.store(true, Ordering::Relaxed);
        }
        left == 1
    }

    /// Burns by one; what it ends never goes on.
    pub(crate) async fn pass(&self) {
        if self.burn() {
            std::future::pending::<()>().await;
        }
    }
}
