//! Which members the overview shows, and in which order.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::engine::Report;
use crate::engine::report::MemberReport;
use crate::rules::AccountId;

use super::{MEMBERS_PER_PAGE, Query, Selection, Show};

/// Selects the page of members that a query asks for: those with problems first, then the active ones, each by name.
pub(super) fn select(report: &Report, query: &Query) -> Selection {
    let needle = folded(query.search.trim());
    let mut found: Vec<&MemberReport> =
        report.members.iter().filter(|member| is_shown(member, query.show) && matches(member, &needle)).collect();
    found.sort_by_cached_key(|member| (rank(member), folded(&member.member.name), member.member.account));
    let pages = found.len().div_ceil(MEMBERS_PER_PAGE).max(1);
    let page = query.page.clamp(1, pages);
    let on_page = found.iter().skip((page - 1) * MEMBERS_PER_PAGE).take(MEMBERS_PER_PAGE);
    Selection {
        accounts: on_page.map(|member| AccountId(member.member.account)).collect(),
        total: found.len(),
        page,
        pages,
    }
}

/// Returns whether a member has an active entry or a hold.
pub(super) fn is_active(member: &MemberReport) -> bool {
    member.governing.is_some() || !member.holds.is_empty()
}

/// Returns whether members of this choice include this one.
pub(super) fn is_shown(member: &MemberReport, show: Show) -> bool {
    match show {
        Show::All => true,
        Show::Problems => !member.problems.is_empty(),
        Show::Active => is_active(member),
    }
}

fn matches(member: &MemberReport, needle: &str) -> bool {
    let whom = &member.member;
    let texts = [Some(&whom.name), Some(&whom.login), whom.email.as_ref(), member.mailbox.as_ref()];
    needle.is_empty()
        || texts.into_iter().flatten().any(|text| folded(text).contains(needle))
        || whom.account.to_string().contains(needle)
}

/// Returns a text as people look for it and as lists are sorted: without case and without what stands over its letters.
fn folded(text: &str) -> String {
    text.nfkd().filter(|one| !is_combining_mark(*one)).flat_map(char::to_lowercase).collect()
}

fn rank(member: &MemberReport) -> u8 {
    match member {
        _ if !member.problems.is_empty() => 0,
        _ if is_active(member) => 1,
        _ => 2,
    }
}
