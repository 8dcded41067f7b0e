//! What becomes of an ask on one called number: the redirect that is wanted there, or why there is none.
//!
//! Must not know what is held or planned elsewhere; who is dialled is judged by the caller's word. Nothing here fails.

use std::fmt;

use super::asking::{Ask, AskedTag, Origin};
use super::guard::Denial;
use super::policy::Groups;
use super::{DestinationKind, Dialled, Ownership, Redirect, RedirectRecord, Tag, tags};

/// What is wrong with a redirect that an entry asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RedirectProblem {
    /// The tag is not clearly a number.
    Unclear,
    /// The target must not be dialled.
    Refused(Denial),
    /// Neither a tag nor the PBX names a destination.
    NoDestination,
    /// The member has no voicemail box.
    NoMailbox,
}

impl fmt::Display for RedirectProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclear => formatter.write_str("the number behind the tag is not clear"),
            Self::Refused(denial) => denial.fmt(formatter),
            Self::NoDestination => formatter.write_str("no destination is given, neither by a tag nor in STARFACE"),
            Self::NoMailbox => formatter.write_str("the member has no voicemail box"),
        }
    }
}

/// What an ask comes to on one called number.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Resolution {
    /// What is wanted; `None` leaves the number alone.
    pub wanted: Option<Redirect>,
    /// What is wrong, in the order in which it was found; something may be wanted all the same.
    pub problems: Vec<RedirectProblem>,
}

/// Returns whether an ask concerns numbers of this kind at all. A whole group is redirected only because a member wanted
/// it on this entry.
pub fn concerns(ask: &Ask, ownership: Ownership, groups: Groups) -> bool {
    on(ask.redirect, ownership, groups) || on(ask.voicemail, ownership, groups)
}

fn on(switch: Option<Origin>, ownership: Ownership, groups: Groups) -> bool {
    match (switch, ownership) {
        (None, _) => false,
        (Some(_), Ownership::Own) => true,
        (Some(origin), Ownership::Group) => origin == Origin::Category && groups == Groups::Included,
    }
}

/// Resolves an ask on one called number: the number of a tag, else voicemail, else the configured destination switched
/// on. `under` is what the number's setting is without us.
pub fn resolve(
    ask: &Ask,
    record: &RedirectRecord,
    under: &Redirect,
    groups: Groups,
    judge: &mut dyn FnMut(&Dialled) -> Result<(), Denial>,
) -> Resolution {
    let mut found = Resolution::default();
    let redirected = on(ask.redirect, record.ownership, groups);
    let tag = match &ask.tag {
        AskedTag::Counts(tag) if redirected => Some(tag),
        AskedTag::Counts(_) | AskedTag::Absent | AskedTag::Ignored(_) => None,
    };
    if let Some(tag) = tag {
        match tagged(tag, judge) {
            Ok(redirect) => return Resolution { wanted: Some(redirect), ..found },
            Err(problem) => found.problems.push(problem),
        }
    }
    if on(ask.voicemail, record.ownership, groups) {
        match record.mailbox(under) {
            Some(id) => found.wanted = Some(Redirect::to_mailbox(id)),
            None => found.problems.push(RedirectProblem::NoMailbox),
        }
    } else if redirected && tag.is_none() {
        match configured(under, judge) {
            Ok(redirect) => found.wanted = Some(redirect),
            Err(problem) => found.problems.push(problem),
        }
    }
    found
}

fn tagged(tag: &Tag, judge: &mut dyn FnMut(&Dialled) -> Result<(), Denial>) -> Result<Redirect, RedirectProblem> {
    let Tag::Target(target) = tag else { return Err(RedirectProblem::Unclear) };
    judge(target).map_err(RedirectProblem::Refused)?;
    Ok(Redirect::to_number(target.as_str()))
}

/// The destination that the PBX has, only switched on.
fn configured(
    under: &Redirect,
    judge: &mut dyn FnMut(&Dialled) -> Result<(), Denial>,
) -> Result<Redirect, RedirectProblem> {
    if under.destination.trim().is_empty() {
        return Err(RedirectProblem::NoDestination);
    }
    if under.kind != DestinationKind::Mailbox {
        let is_number = under.kind == DestinationKind::Number;
        let target = tags::number(&under.destination).filter(|_| is_number);
        let judged = target.as_ref().ok_or(Denial::Unreadable).and_then(judge);
        judged.map_err(RedirectProblem::Refused)?;
    }
    Ok(Redirect { enabled: true, ..under.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_words_of_its_own() {
        let problems = [
            RedirectProblem::Unclear,
            RedirectProblem::Refused(Denial::Emergency),
            RedirectProblem::Refused(Denial::OwnNumber),
            RedirectProblem::NoDestination,
            RedirectProblem::NoMailbox,
        ];
        let words: std::collections::BTreeSet<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), problems.len());
        assert!(words.iter().all(|words| words.contains(' ')));
    }
}
