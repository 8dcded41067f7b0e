//! `graph.pace`: how often calendars are read while nothing is to be expected.

use std::time::Duration;

use super::form::duration::{DAY, MINUTE, SECOND, duration};
use super::form::{Form, choice, flag};
use super::reader::Reader;
use crate::rules::hours::WorkingHours;

/// What changes how often calendars are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pace {
    /// `steady`: nothing.
    Steady,
    /// `adaptive`: what is to be expected of each.
    Adaptive {
        /// How often a calendar is read of which nothing is to be expected; nothing when that makes no difference.
        quiet_interval: Option<Duration>,
        /// When people work; nothing when they always may.
        hours: Option<WorkingHours>,
        /// Whether a calendar is read once more shortly before each boundary.
        before_boundaries: bool,
    },
}

/// How long calendars are left alone by default of which nothing is to be expected.
const QUIET_INTERVAL: Duration = Duration::from_secs(10 * 60);

/// When people work by default.
const WORKING_HOURS: &str = "Mon-Fri 07:00-19:00";

impl Pace {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let is_adaptive = reader.or("graph.pace", &choice([("steady", false), ("adaptive", true)]), false);
        let stretches = reader.or("graph.stretch", &flag(), true);
        let quiet_interval = reader.or("graph.quiet_interval", &duration(SECOND..=DAY), QUIET_INTERVAL.max(MINUTE));
        let hours = reader.or("graph.working_hours", &working_hours(), WORKING_HOURS.parse().ok());
        let before_boundaries = reader.or("graph.read_before_boundaries", &flag(), true);
        if !is_adaptive {
            return Self::Steady;
        }
        Self::Adaptive { quiet_interval: stretches.then_some(quiet_interval), hours, before_boundaries }
    }
}

/// Makes a form of working hours; none at all are all hours.
fn working_hours() -> Form<Option<WorkingHours>> {
    Form::new(
        "days and hours such as \"Mon-Fri 07:00-19:00\" or \"Mon,Wed,Sat 08:00-12:30\", or \"\" for always",
        |text| {
            if text.trim().is_empty() {
                return Ok(None);
            }
            text.parse().map(Some).map_err(|_| "names no working hours".into())
        },
    )
}
