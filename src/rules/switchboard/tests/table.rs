//! Every combination of categories, switches, tags and destinations of one side, against an oracle that was written
//! from the description of the rules alone and shares no code with them.

use super::*;
use crate::rules::Response;
use crate::rules::policy::Switch;

/// One row of the table.
#[derive(Clone, Copy, Debug)]
struct Row {
    side: Side,
    /// The entry's categories.
    categorised: Switches,
    /// The switches that categories may set.
    allowed: Switches,
    /// The switches that the settings set for every entry.
    always: Switches,
    categories: Enabled,
    tag: Tagged,
    configured: Configured,
    boxes: Boxes,
    ownership: Ownership,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Switches {
    redirect: bool,
    voicemail: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Enabled {
    Yes,
    No,
}

/// What the entry's text says of the side.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tagged {
    Nothing,
    Good,
    Unclear,
    Premium,
    /// A good number, in an entry that somebody else organises.
    FromOutside,
    /// A good number, where the settings do not allow tags.
    NotAllowed,
}

/// What the PBX has there already, switched off.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Configured {
    Nothing,
    Number,
    Emergency,
    Mailbox,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Boxes {
    Two,
    None,
}

/// What is expected: where calls go, and how many problems there are.
type Expected = (Option<&'static str>, usize);

fn rows() -> Vec<Row> {
    const BOTH: [bool; 2] = [false, true];
    let switches = || BOTH.into_iter().flat_map(|redirect| BOTH.map(|voicemail| Switches { redirect, voicemail }));
    let mut rows = Vec::new();
    for side in Side::ALL {
        for (categorised, always) in switches().flat_map(|one| switches().map(move |two| (one, two))) {
            for allowed in switches() {
                for categories in [Enabled::Yes, Enabled::No] {
                    for tag in [
                        Tagged::Nothing,
                        Tagged::Good,
                        Tagged::Unclear,
                        Tagged::Premium,
                        Tagged::FromOutside,
                        Tagged::NotAllowed,
                    ] {
                        for (configured, boxes) in [
                            (Configured::Nothing, Boxes::Two),
                            (Configured::Nothing, Boxes::None),
                            (Configured::Number, Boxes::Two),
                            (Configured::Emergency, Boxes::None),
                            (Configured::Mailbox, Boxes::Two),
                        ] {
                            for ownership in [Ownership::Own, Ownership::Group] {
                                rows.push(Row {
                                    side,
                                    categorised,
                                    allowed,
                                    always,
                                    categories,
                                    tag,
                                    configured,
                                    boxes,
                                    ownership,
                                });
                            }
                        }
                    }
                }
            }
        }
    }
    rows
}

/// The rules once more, in the plainest words.
fn oracle(row: Row) -> Expected {
    let by_category = |on: bool, allowed: bool| on && allowed && row.categories == Enabled::Yes;
    let mut redirect = by_category(row.categorised.redirect, row.allowed.redirect);
    let mut voicemail = by_category(row.categorised.voicemail, row.allowed.voicemail);
    if row.ownership == Ownership::Own {
        redirect |= row.always.redirect;
        voicemail |= row.always.voicemail;
    }
    let mut problems = 0;
    if redirect && row.tag == Tagged::Good {
        return (Some("0041799999999"), 0);
    }
    let bad_tag = redirect && matches!(row.tag, Tagged::Unclear | Tagged::Premium);
    if bad_tag {
        problems += 1;
    }
    if voicemail {
        return match (row.configured, row.boxes) {
            (Configured::Mailbox, _) => (Some("voicemail 4"), problems),
            (_, Boxes::Two) => (Some("voicemail 3"), problems),
            (_, Boxes::None) => (None, problems + 1),
        };
    }
    if redirect && !bad_tag {
        return match row.configured {
            Configured::Number => (Some("0041788888888"), problems),
            Configured::Mailbox => (Some("voicemail 4"), problems),
            Configured::Nothing | Configured::Emergency => (None, problems + 1),
        };
    }
    (None, problems)
}

fn found(row: Row) -> (Option<String>, usize) {
    let called = if row.side == Side::Internal { "210" } else { "0041712345610" };
    let configured = match row.configured {
        Configured::Nothing => Redirect::none(),
        Configured::Number => Redirect { enabled: false, ..Redirect::to_number("0041788888888") },
        Configured::Emergency => Redirect { enabled: false, ..Redirect::to_number("0117") },
        Configured::Mailbox => Redirect { enabled: false, ..Redirect::to_mailbox("4") },
    };
    let mut record = record(called, row.ownership, configured);
    if row.boxes == Boxes::None {
        record.mailboxes.clear();
    }
    let mut site = Site::new().member(1010, vec![entry_of(row)], vec![record]);
    let policy = &mut site.policy;
    policy.categories.enabled = row.categories == Enabled::Yes;
    let (redirect, voicemail) = (Switch::redirect(row.side), Switch::voicemail(row.side));
    for (switch, allowed) in [(redirect, row.allowed.redirect), (voicemail, row.allowed.voicemail)] {
        if !allowed {
            policy.categories.allowed.remove(&switch);
        }
    }
    for (switch, always) in [(redirect, row.always.redirect), (voicemail, row.always.voicemail)] {
        if always {
            policy.redirects.always.insert(switch);
        }
    }
    if row.tag == Tagged::NotAllowed {
        policy.redirects.tags_allowed.remove(&row.side);
    }
    (site.wanted(called), site.problems().len())
}

/// An entry with the row's categories and tag; what stands on the other side must not matter.
fn entry_of(row: Row) -> Entry {
    let (redirect, voicemail) = match row.side {
        Side::Internal => ("_SF_AUL_intern_aktivieren", "_SF_Voicemail_intern_aktivieren"),
        Side::External => ("_SF_AUL_extern_aktivieren", "_SF_Voicemail_extern_aktiviern"),
    };
    let names = [(redirect, row.categorised.redirect), (voicemail, row.categorised.voicemail)];
    let categories: Vec<&str> = names.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect();
    let tag = match row.tag {
        Tagged::Nothing => None,
        Tagged::Good | Tagged::FromOutside | Tagged::NotAllowed => Some("0041799999999"),
        Tagged::Unclear => Some("?"),
        Tagged::Premium => Some("0041900123456"),
    };
    let other = Some("0041777777777");
    let entry = match row.side {
        Side::Internal => with(&categories, other, tag),
        Side::External => with(&categories, tag, other),
    };
    if row.tag == Tagged::FromOutside {
        return Entry { is_organizer: false, response: Response::Accepted, ..entry };
    }
    entry
}

#[test]
fn every_combination_of_one_side_comes_to_what_the_rules_say() {
    let rows = rows();
    assert!(rows.len() >= 200, "{}", rows.len());
    let mut redirected = 0;
    for row in rows {
        let (wanted, problems) = found(row);
        assert_eq!((wanted.as_deref(), problems), oracle(row), "{row:?}");
        redirected += usize::from(wanted.is_some());
    }
    assert!(redirected > 1_000, "the table redirects in {redirected} rows");
}
