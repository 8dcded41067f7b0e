//! `[rules.tags]` and `[rules.redirect]`: which telephone targets an entry may name.

use std::collections::BTreeSet;

use crate::rules::guard::{DENIED_TARGETS, Guard, TargetPattern};
use crate::rules::policy::{Groups, RedirectPolicy, Switch};
use crate::rules::{Dialled, Side};

use super::categories::CategoryRules;
use super::form::flag;
use super::form::telephone::{service_code, target};
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
    pub service_codes: Vec<Dialled>,
}

impl TagRules {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let sides = Side::ALL.map(|side| (side.name(), side));
        Self {
            allowed: reader.words("rules.tags.allow", sides, sides.map(|(_, side)| side)),
            from_invitations: reader.or("rules.tags.from_invitations", &flag(), false),
        }
    }
}

impl RedirectRules {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let targets = |patterns: &[&str]| patterns.iter().filter_map(|pattern| TargetPattern::new(pattern)).collect();
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

/// Returns what the rules decide redirects by.
pub(crate) fn policy(
    internal_digits_max: u32,
    categories: &CategoryRules,
    tags: &TagRules,
    redirect: &RedirectRules,
) -> RedirectPolicy {
    let always = [
        (Switch::RedirectInternal, categories.redirect_internal_always),
        (Switch::RedirectExternal, categories.redirect_external_always),
        (Switch::VoicemailInternal, categories.voicemail_internal_always),
        (Switch::VoicemailExternal, categories.voicemail_external_always),
    ];
    RedirectPolicy {
        guard: Guard {
            allowed: redirect.allowed_targets.clone(),
            denied: redirect.denied_targets.clone(),
            service_codes: redirect.service_codes.iter().cloned().collect(),
            internal_digits_max,
        },
        groups: if categories.include_group_redirects { Groups::Included } else { Groups::LeftAlone },
        always: always.into_iter().filter(|(_, is_always)| *is_always).map(|(switch, _)| switch).collect(),
        tags_allowed: tags.allowed.clone(),
        tags_from_invitations: tags.from_invitations,
    }
}
