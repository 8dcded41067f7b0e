//! The called numbers of the members: whose calls could not be redirected on a side.

use std::collections::BTreeMap;

use super::{Line, Report, names};
use crate::pbx::{Pbx, Redirects};
use crate::rules::{AccountId, Member, Ownership, RedirectRecord, Side};
use crate::settings::Settings;

/// Reads everybody's numbers, where any entry may redirect them.
pub(super) async fn examine(pbx: &impl Pbx, settings: &Settings, members: &[Member], report: &mut Report) {
    if !settings.policy.may_redirect() || members.is_empty() {
        return;
    }
    let accounts: Vec<AccountId> = members.iter().map(|member| member.account).collect();
    let redirects = pbx.redirects(&accounts).await;
    for line in lines(&redirects, members, settings.policy.redirects.guard.internal_digits_max) {
        report.tell(line);
    }
}

fn lines(redirects: &Redirects, members: &[Member], internal_digits_max: u32) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(error) = redirects.errors.first() {
        lines.push(Line::failed("numbers", error, "see what the PBX says of the module's entry point getRedirects"));
    }
    let known: BTreeMap<AccountId, &[RedirectRecord]> =
        redirects.seen.iter().map(|(account, records)| (*account, records.as_slice())).collect();
    for side in Side::ALL {
        let is_on = |record: &RedirectRecord| {
            record.ownership == Ownership::Own && record.number.side(internal_digits_max) == side
        };
        let lacks = |member: &&Member| known.get(&member.account).is_some_and(|records| !records.iter().any(is_on));
        let lacking: Vec<&Member> = members.iter().filter(lacks).collect();
        if !lacking.is_empty() {
            lines.push(Line::warning(
                "numbers",
                format!("no {} number: {}", side.name(), names(&lacking)),
                "nothing if they need none; else assign a number, or correct rules.internal_number_length",
            ));
        }
    }
    if lines.is_empty() {
        lines.push(Line::ok("numbers", "every member has an internal and an external one"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pbx::PbxError;
    use crate::rules::{Login, Redirect};

    fn member(account: u32) -> Member {
        let (account, login) = (AccountId(account), Login(format!("{account:04}")));
        Member { account, login, name: "Anna".to_owned(), address: None }
    }

    fn record(number: &str, ownership: Ownership) -> RedirectRecord {
        let (number, mailboxes) = (number.parse().unwrap(), Vec::new());
        RedirectRecord { number, ownership, redirect: Redirect::none(), last_mailbox: None, mailboxes }
    }

    fn texts(redirects: &Redirects, members: &[Member]) -> Vec<String> {
        lines(redirects, members, 3).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn members_without_a_number_of_their_own_on_a_side_are_named() {
        let own = [record("210", Ownership::Own), record("0041712345610", Ownership::Own)];
        let groups = [record("211", Ownership::Own), record("0041712345600", Ownership::Group)];
        let seen = BTreeMap::from([(AccountId(1010), own.to_vec()), (AccountId(1011), groups.to_vec())]);
        let redirects = Redirects { seen, errors: Vec::new() };
        assert_eq!(texts(&redirects, &[member(1010)]), ["every member has an internal and an external one"]);
        assert_eq!(texts(&redirects, &[member(1010), member(1011)]), ["no external number: Anna (1011)"]);
    }

    #[test]
    fn at_most_ten_members_are_named_and_the_rest_counted() {
        let members: Vec<Member> = (0..12).map(member).collect();
        let seen = members.iter().map(|member| (member.account, Vec::new())).collect();
        let texts = texts(&Redirects { seen, errors: Vec::new() }, &members);
        assert!(texts[0].starts_with("no internal number: Anna (0000), ") && texts[0].ends_with(" and 2 more"));
    }

    #[test]
    fn numbers_that_cannot_be_read_are_a_failure_and_nobody_is_said_to_lack_one() {
        let redirects = Redirects { seen: BTreeMap::new(), errors: vec![PbxError::TimedOut] };
        let lines = lines(&redirects, &[member(1010)], 3);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].health, super::super::Health::Failed);
    }
}
