//! Everything that happens to the service.

use chrono::{DateTime, TimeDelta, Utc};

use super::meeting::{Category, Meeting};
use super::model::Way;
use super::{pbx, tenant};

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Calendar(Edit),
    Person(u32, Choice),
    /// A person changes where a number leads.
    Redirect(String, Way),
    Trouble(Trouble),
    /// Every trouble is over.
    Calm,
}

/// What people do to calendars.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Put(Meeting),
    Move(String, TimeDelta),
    Cancel(String),
    Delete(String),
    Recategorise(String, Category),
    /// Nobody has a meeting any more.
    DeleteAll,
}

/// What a member does.
#[derive(Clone, Debug)]
pub(crate) enum Choice {
    Presence(&'static str),
    Text(&'static str),
    Dnd(bool),
    /// The member's client writes by itself what the member has chosen.
    Client,
    /// The module's number is dialled.
    DialEnd,
    CallBegins,
    CallEnds,
    LeaveGroup,
    ReturnToGroup,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    Tenant(tenant::Mood),
    Pbx(pbx::Mood),
    PbxRestarts,
    ModuleIsUpdated,
    /// A backup is made, to which the PBX is set back at the next one of these.
    Backup,
    DiskFails,
    ClockIsSet(TimeDelta),
    /// The service crashes at the so-manieth thing that it does at a port.
    CrashAt(usize),
    /// It is killed at once and is down for so long; its journal may be lost with it.
    Killed {
        down: TimeDelta,
        journal_is_lost: bool,
    },
    /// It is stopped in order and started again.
    Stopped {
        down: TimeDelta,
    },
}

impl Trouble {
    /// Its kind, for the summary.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Tenant(mood) => format!("tenant {mood:?}").to_lowercase(),
            Self::Pbx(mood) => format!("pbx {mood:?}").to_lowercase(),
            Self::PbxRestarts => "pbx restarts".to_owned(),
            Self::ModuleIsUpdated => "module updated".to_owned(),
            Self::Backup => "backup made or put back".to_owned(),
            Self::DiskFails => "journal fails".to_owned(),
            Self::ClockIsSet(by) if *by < TimeDelta::zero() => "clock set back".to_owned(),
            Self::ClockIsSet(_) => "clock set forward".to_owned(),
            Self::CrashAt(_) => "crash at a port".to_owned(),
            Self::Killed { journal_is_lost: true, .. } => "journal lost".to_owned(),
            Self::Killed { .. } => "dead for hours".to_owned(),
            Self::Stopped { .. } => "stopped and started".to_owned(),
        }
    }
}

/// What happens, in its order.
pub(crate) type Script = Vec<(DateTime<Utc>, Act)>;
