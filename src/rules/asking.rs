//! What the active entries ask of a member's numbers, before anybody looks at the numbers.
//!
//! Must not know the PBX, its numbers or what is held. Nothing here fails; a tag that does not count says why.

use std::fmt;

use chrono::{DateTime, Utc};

use super::counting::Weight;
use super::governing::{Active, Rank};
use super::policy::{Policy, Switch};
use super::{Entry, EntryId, Side, Tag};

/// What one active entry asks of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The entry.
    pub entry: EntryId,
    /// Where it stands among all entries, of other members too.
    pub rank: Rank,
    /// When it started.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Whether calls are to be redirected to a number.
    pub redirect: Option<Origin>,
    /// Whether calls are to go to voicemail.
    pub voicemail: Option<Origin>,
    /// The number that its text names.
    pub tag: AskedTag,
}

/// What set a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A category on the entry: the member wanted just this.
    Category,
    /// The settings, for every entry.
    Always,
}

/// The number that an entry's text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskedTag {
    /// None.
    Absent,
    /// One that does not count; it is as if it were absent.
    Ignored(Ignored),
    /// This one.
    Counts(Tag),
}

/// Why a tag does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// The settings do not allow tags of this side.
    NotAllowed,
    /// Somebody else organises the entry.
    NotOrganizer,
    /// It stands in a message that the text quotes.
    Quoted,
}

impl fmt::Display for Ignored {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotAllowed => "tags of this side are not allowed",
            Self::NotOrganizer => "the member does not organise the entry",
            Self::Quoted => "the tag stands in a quoted message",
        })
    }
}

impl Switch {
    /// Returns the switch that redirects a side.
    pub fn redirect(side: Side) -> Self {
        match side {
            Side::Internal => Self::RedirectInternal,
            Side::External => Self::RedirectExternal,
        }
    }

    /// Returns the switch that sends a side to voicemail.
    pub fn voicemail(side: Side) -> Self {
        match side {
            Side::Internal => Self::VoicemailInternal,
            Side::External => Self::VoicemailExternal,
        }
    }
}

/// Returns what active entries ask of a side, in their order. An entry that asks nothing of it is left out, and so is an
/// invitation that nobody answered.
pub(super) fn asks(side: Side, active: &[Active<'_>], policy: &Policy) -> Vec<Ask> {
    let full = active.iter().filter(|one| one.weight == Weight::Full);
    full.filter_map(|one| ask(side, one.entry, policy)).collect()
}

fn ask(side: Side, entry: &Entry, policy: &Policy) -> Option<Ask> {
    let redirect = origin(Switch::redirect(side), entry, policy);
    let voicemail = origin(Switch::voicemail(side), entry, policy);
    if redirect.is_none() && voicemail.is_none() {
        return None;
    }
    Some(Ask {
        entry: entry.id.clone(),
        rank: Rank::of(entry, policy.zone),
        starts_at: entry.span.start(policy.zone),
        ends_at: entry.span.end(policy.zone),
        redirect,
        voicemail,
        tag: tag(side, entry, policy),
    })
}

fn origin(switch: Switch, entry: &Entry, policy: &Policy) -> Option<Origin> {
    if policy.categories.set(switch, &entry.categories) {
        return Some(Origin::Category);
    }
    policy.redirects.always.contains(&switch).then_some(Origin::Always)
}

/// A number that an outsider could have written is dialled only where the admin wants that.
fn tag(side: Side, entry: &Entry, policy: &Policy) -> AskedTag {
    let Some(tag) = entry.tags.side(side) else { return AskedTag::Absent };
    if !policy.redirects.tags_allowed.contains(&side) {
        return AskedTag::Ignored(Ignored::NotAllowed);
    }
    if !entry.is_organizer && !policy.redirects.tags_from_invitations {
        return AskedTag::Ignored(Ignored::NotOrganizer);
    }
    match tag {
        Tag::Quoted => AskedTag::Ignored(Ignored::Quoted),
        Tag::Target(_) | Tag::Unclear => AskedTag::Counts(tag.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_that_does_not_count_says_why() {
        let words = [Ignored::NotAllowed, Ignored::NotOrganizer, Ignored::Quoted].map(|ignored| ignored.to_string());
        let expected = [
            "tags of this side are not allowed",
            "the member does not organise the entry",
            "the tag stands in a quoted message",
        ];
        assert_eq!(words, expected);
    }
}
