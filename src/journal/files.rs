//! The state file as a file: its directory, its lock, its permissions, and what its first bytes say.
//!
//! Everything here happens before SQLite sees the file, so that one that is not ours is never touched. Must not know
//! what is inside. Fails with [`JournalError`].

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{JournalError, Kind};

/// Says in the header of the service's journal that it is one: `SFCJ`.
const SERVICE_ID: u32 = 0x5346_434a;

/// Says in the header of a shadow run's journal that it is one: `SFCS`.
const SHADOW_ID: u32 = 0x5346_4353;

impl Kind {
    /// Returns what says in a journal's header that it is one of this kind.
    pub(super) fn application_id(self) -> u32 {
        match self {
            Self::Service => SERVICE_ID,
            Self::Shadow => SHADOW_ID,
        }
    }
}

/// What lies at the path of the state file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or an empty file.
    Nothing,
    /// A journal of this kind, of whatever version.
    Journal(Kind),
    /// Some other file.
    Foreign,
    /// The beginning of a database, and no more.
    Torn,
}

/// The exclusive right to a state file. The operating system takes it back when the process ends, however it ends.
/// The lock file stays: to remove it would let two services lock two files of one name.
#[derive(Debug)]
pub(super) struct StateLock {
    _file: File,
}

impl StateLock {
    /// Takes the lock, or says at once that another service has it.
    pub(super) fn take(state: &Path) -> Result<Self, JournalError> {
        let path = beside(state, ".lock");
        let file = open_private(&path).map_err(|source| prepare(&path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(JournalError::InUse { path: state.to_owned() }),
            Err(TryLockError::Error(source)) => Err(prepare(&path, source)),
        }
    }
}

/// Returns the path of a file that lies beside the state file and bears its name with an ending.
pub(super) fn beside(state: &Path, ending: &str) -> PathBuf {
    let mut name = state.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes the directory of the state file, for its user alone. One that is there is left as it is.
pub(super) fn make_directory(state: &Path) -> Result<(), JournalError> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory(state)).map_err(|source| prepare(state, source))
}

/// Makes an empty file for its user alone, over what an earlier attempt may have left there.
pub(super) fn make_empty(path: &Path) -> Result<(), JournalError> {
    open_private(path).and_then(|file| file.set_len(0)).map_err(|source| prepare(path, source))
}

/// Takes the state file, and what SQLite keeps beside it, away from everybody but its user.
pub(super) fn make_own(state: &Path) -> Result<(), JournalError> {
    let own = |path: PathBuf| match fs::set_permissions(&path, fs::Permissions::from_mode(0o600)) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(prepare(&path, source)),
        _ => Ok(()),
    };
    ["", "-wal", "-shm"].iter().try_for_each(|ending| own(beside(state, ending)))
}

/// Removes what SQLite may have left beside a state file that is no more. Replayed over a new one it would spoil it.
pub(super) fn remove_leftovers(state: &Path) -> Result<(), JournalError> {
    let remove = |path: PathBuf| match fs::remove_file(&path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(prepare(&path, source)),
        _ => Ok(()),
    };
    ["-wal", "-shm", "-journal"].iter().try_for_each(|ending| remove(beside(state, ending)))
}

/// Gives a finished file the state file's name, durably.
pub(super) fn rename_durably(finished: &Path, state: &Path) -> Result<(), JournalError> {
    fs::rename(finished, state)
        .and_then(|()| File::open(directory(state))?.sync_all())
        .map_err(|source| prepare(state, source))
}

/// Tells from the first bytes what lies at the path, without any change to it.
pub(super) fn examine(state: &Path) -> Result<Found, JournalError> {
    let file = match File::open(state) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(source) => return Err(prepare(state, source)),
    };
    let mut header = Vec::with_capacity(HEADER_LENGTH);
    file.take(HEADER_LENGTH as u64).read_to_end(&mut header).map_err(|source| prepare(state, source))?;
    Ok(identify(&header))
}

/// The length of the header of an SQLite file.
const HEADER_LENGTH: usize = 100;

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

fn identify(header: &[u8]) -> Found {
    if header.is_empty() {
        Found::Nothing
    } else if !header.starts_with(MAGIC) {
        Found::Foreign
    } else if header.len() < HEADER_LENGTH {
        Found::Torn
    } else {
        let is_of = |kind: &Kind| header[68..72] == kind.application_id().to_be_bytes();
        Kind::ALL.into_iter().find(is_of).map_or(Found::Foreign, Found::Journal)
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)
}

fn directory(state: &Path) -> &Path {
    match state.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

fn prepare(path: &Path, source: io::Error) -> JournalError {
    let path = path.to_owned();
    JournalError::Prepare { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(application: u32) -> Vec<u8> {
        let mut header = vec![0; HEADER_LENGTH];
        header[..MAGIC.len()].copy_from_slice(MAGIC);
        header[68..72].copy_from_slice(&application.to_be_bytes());
        header
    }

    #[track_caller]
    fn case(bytes: &[u8], found: Found) {
        assert_eq!(identify(bytes), found);
    }

    #[test]
    fn the_first_bytes_tell_what_a_file_is() {
        case(b"", Found::Nothing);
        case(b"# a settings file\n", Found::Foreign);
        case(b"SQLite format 2\0", Found::Foreign);
        case(b"SQLite format 3\0 and no more", Found::Torn);
        case(&header(0), Found::Foreign);
        case(&header(SERVICE_ID), Found::Journal(Kind::Service));
        case(&header(SHADOW_ID), Found::Journal(Kind::Shadow));
    }

    #[test]
    fn a_file_without_a_directory_lies_in_the_present_one() {
        assert_eq!(directory(Path::new("state.db")), Path::new("."));
        assert_eq!(directory(Path::new("a/state.db")), Path::new("a"));
    }

    #[test]
    fn companions_bear_the_whole_name_of_the_state_file() {
        assert_eq!(beside(Path::new("a/state.db"), ".lock"), Path::new("a/state.db.lock"));
    }
}
