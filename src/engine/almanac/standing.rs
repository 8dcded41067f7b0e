//! How things are with each mailbox, and how many there are of each: counted as they change, as every round asks.

/// How things are with a followed mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It was never read, and nothing failed.
    Unread,
    /// It was read, and nothing failed since.
    Read,
    /// It cannot be read.
    Troubled,
}

/// How many followed mailboxes are of each standing that anybody asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Standings {
    pub(super) unread: usize,
    pub(super) troubled: usize,
}

impl Standings {
    /// Counts a mailbox; one that is not followed has no standing.
    pub(super) fn add(&mut self, standing: Option<Standing>) {
        if let Some(count) = self.of(standing) {
            *count += 1;
        }
    }

    /// Counts a mailbox no more.
    pub(super) fn remove(&mut self, standing: Option<Standing>) {
        if let Some(count) = self.of(standing) {
            *count -= 1;
        }
    }

    fn of(&mut self, standing: Option<Standing>) -> Option<&mut usize> {
        match standing? {
            Standing::Unread => Some(&mut self.unread),
            Standing::Troubled => Some(&mut self.troubled),
            Standing::Read => None,
        }
    }
}
