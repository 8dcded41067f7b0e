//! What helps against an error with which a command ends: one sentence, where the error does not say it itself.

use std::io;

use crate::graph::GraphError;
use crate::journal::JournalError;
use crate::pbx::PbxError;
use crate::web::control::ControlError;

/// Returns what helps, if anything is known to.
pub(super) fn advice(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| of_control(cause).or_else(|| of_journal(cause)).or_else(|| of_others(cause)))
}

fn of_control(cause: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    match cause.downcast_ref::<ControlError>()? {
        ControlError::NotRunning { .. } => {
            Some("start it with systemctl start starface-calendar; journalctl -u starface-calendar says why it ended")
        }
        ControlError::NoAnswer => {
            Some("see in its log (journalctl -u starface-calendar) what it waits for; then try again")
        }
        _ => None,
    }
}

fn of_journal(cause: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    match cause.downcast_ref::<JournalError>()? {
        JournalError::InUse { .. } => Some("stop the other one first; status tells how it is doing"),
        JournalError::Foreign { .. } => Some("name another file in store.path"),
        _ => None,
    }
}

fn of_others(cause: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    if cause.downcast_ref::<PbxError>().is_some() || cause.downcast_ref::<GraphError>().is_some() {
        return Some("starface-calendar check examines everything on the way and says what to do");
    }
    let io = cause.downcast_ref::<io::Error>()?;
    match io.kind() {
        io::ErrorKind::PermissionDenied => Some("run this as root or as the service's user: sudo starface-calendar …"),
        io::ErrorKind::StorageFull => Some("make room on the disk"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[track_caller]
    fn case(error: impl Into<anyhow::Error>, expected: Option<&str>) {
        let error = error.into();
        let found = advice(&error);
        let fits = match (found, expected) {
            (Some(found), Some(expected)) => found.contains(expected),
            (found, expected) => found == expected,
        };
        assert!(fits, "{error:#}: {found:?}");
    }

    #[test]
    fn whoever_meets_an_error_is_told_what_helps() {
        let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
        case(denied(), Some("as root"));
        case(Err::<(), _>(denied()).context("open the journal x").unwrap_err(), Some("as root"));
        case(PbxError::WrongKey, Some("check"));
        case(ControlError::NoAnswer, Some("its log"));
        case(io::Error::from(io::ErrorKind::NotFound), None);
        case(anyhow::anyhow!("see the service write"), None);
    }
}
