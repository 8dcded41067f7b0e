//! What can go wrong with the journal, by what a caller does differently.
//!
//! Every text fits after "failed to" and names the file; none carries what is written in it.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use super::Kind;
use crate::rules::Verdict;

/// The cause of a failure, as the database or the operating system tells it.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why the journal could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The directory, the file or its lock cannot be made or opened.
    #[error("prepare the state file {}", path.display())]
    Prepare {
        /// The file concerned.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// Another service has it.
    #[error("lock the state file {}: another service or its shadow run has it", path.display())]
    InUse {
        /// The state file.
        path: PathBuf,
    },
    /// The file is no journal of ours. It was not touched.
    #[error("use {} as the state file: this program has not written it", path.display())]
    Foreign {
        /// The state file.
        path: PathBuf,
    },
    /// The file is a journal of the other kind. It was not touched.
    #[error(
        "use {} as the state file: {} wrote it; give the service and its shadow run a file each (store.path)",
        path.display(),
        found.words()
    )]
    OtherKind {
        /// The state file.
        path: PathBuf,
        /// Whose it is.
        found: Kind,
    },
    /// A later program wrote the file. It was not touched.
    #[error(
        "open the state file {}: its schema version {found} is newer than {known}, the newest this program knows",
        path.display()
    )]
    Newer {
        /// The state file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The file is a journal of ours, but parts of it cannot be read.
    #[error(
        "read the state file {}: it is damaged; once it is moved away, the service begins a new one",
        path.display()
    )]
    Damaged {
        /// The state file.
        path: PathBuf,
    },
    /// A read failed.
    #[error("read the state file {}", path.display())]
    Read {
        /// The state file.
        path: PathBuf,
        /// What the database says.
        #[source]
        source: Cause,
    },
    /// A write failed, and nothing of it was kept. The journal is usable: a later write may go well.
    #[error("write the state file {}", path.display())]
    Write {
        /// The state file.
        path: PathBuf,
        /// What the database says.
        #[source]
        source: Cause,
    },
    /// The PBX claims a sequence number so high that none above it can be reserved.
    #[error("reserve sequence numbers above {above}: none are left")]
    SeqSpent {
        /// The number claimed.
        above: u64,
    },
    /// The journal was closed, or its writer has died.
    #[error("reach the journal: it is closed")]
    Closed,
}

impl JournalError {
    /// Returns what to do about it.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Read { .. } | Self::Write { .. } => Verdict::Retry { after: None },
            Self::Closed => Verdict::GiveUp,
            Self::Prepare { .. }
            | Self::InUse { .. }
            | Self::Foreign { .. }
            | Self::OtherKind { .. }
            | Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::SeqSpent { .. } => Verdict::NeedsHuman,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> PathBuf {
        PathBuf::from("/state.db")
    }

    #[track_caller]
    fn case(error: &JournalError, text: &str, verdict: Verdict) {
        assert_eq!(error.to_string(), text);
        assert_eq!(error.verdict(), verdict);
    }

    #[test]
    fn every_error_names_the_file_and_says_what_helps() {
        case(
            &JournalError::InUse { path: path() },
            "lock the state file /state.db: another service or its shadow run has it",
            Verdict::NeedsHuman,
        );
        case(
            &JournalError::Foreign { path: path() },
            "use /state.db as the state file: this program has not written it",
            Verdict::NeedsHuman,
        );
        case(
            &JournalError::OtherKind { path: path(), found: Kind::Shadow },
            "use /state.db as the state file: a shadow run wrote it; give the service and its shadow run a file each \
             (store.path)",
            Verdict::NeedsHuman,
        );
        case(
            &JournalError::Newer { path: path(), found: 7, known: 1 },
            "open the state file /state.db: its schema version 7 is newer than 1, the newest this program knows",
            Verdict::NeedsHuman,
        );
        case(
            &JournalError::Damaged { path: path() },
            "read the state file /state.db: it is damaged; once it is moved away, the service begins a new one",
            Verdict::NeedsHuman,
        );
        case(&JournalError::Closed, "reach the journal: it is closed", Verdict::GiveUp);
    }

    #[test]
    fn a_failed_write_is_worth_another_try() {
        let full = JournalError::Write { path: path(), source: "disk full".into() };
        case(&full, "write the state file /state.db", Verdict::Retry { after: None });
        assert_eq!(full.source().unwrap().to_string(), "disk full");
    }
}
