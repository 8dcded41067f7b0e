//! `[rules.tags]` and `[rules.redirect]`: which telephone targets an entry may name.

use std::collections::BTreeSet;

use crate::rules::Side;

use super::form::telephone::{ServiceCode, TargetPattern, service_code, target};
use super::form::{choice, flag};
use super::reader::Reader;

/// What target tags in the text of an entry may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRules {
    /// The sides whose tags are read.
    pub allowed: BTreeSet<Side>,
    /// Whether tags count in entries that someone else organises.
    pub from_invitations: bool,
}

/// Which targets are dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectRules {
    /// Targets that are allowed.
    pub allowed_targets: Vec<TargetPattern>,
    /// Targets that are denied, also if they are allowed.
    pub denied_targets: Vec<TargetPattern>,
    /// Service codes that may be a target.
    pub service_codes: Vec<ServiceCode>,
}

/// Premium-rate, directory and satellite numbers of Switzerland, Germany, Austria and Liechtenstein.
const DENIED_TARGETS: [&str; 12] =
    ["0900*", "0901*", "0906*", "0190*", "0137*", "0930*", "0931*", "0939*", "118*", "00870*", "0088*", "00979*"];

impl TagRules {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let sides = Side::ALL.map(|side| (side.name(), side));
        let allowed = reader.list("rules.tags.allow", &choice(sides));
        Self {
            allowed: allowed.map_or_else(
                || sides.map(|(_, side)| side).into_iter().collect(),
                |allowed| allowed.into_iter().collect(),
            ),
            from_invitations: reader.or("rules.tags.from_invitations", &flag(), false),
        }
    }
}

impl RedirectRules {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let targets = |patterns: &[&str]| patterns.iter().copied().map(TargetPattern::of).collect();
        let allowed = reader.list("rules.redirect.allowed_targets", &target());
        let denied = reader.list("rules.redirect.denied_targets", &target());
        let codes = reader.list("rules.redirect.service_codes", &service_code());
        Self {
            allowed_targets: allowed.unwrap_or_else(|| targets(&["*"])),
            denied_targets: denied.unwrap_or_else(|| targets(&DENIED_TARGETS)),
            service_codes: codes.unwrap_or_default(),
        }
    }
}
