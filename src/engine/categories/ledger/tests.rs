//! Tests of [`super`].

use super::*;
use crate::graph::{LookedUp, Permission, Reply, Service};

fn at(hour: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::hours(hour)
}

fn address(number: usize) -> Address {
    format!("m{number:02}@firma.example").parse().unwrap()
}

fn fill(count: usize) -> BTreeMap<Address, Care> {
    (0..count).map(|number| (address(number), Care::Fill)).collect()
}

fn ledger(count: usize) -> Ledger {
    let mut ledger = Ledger::kept(BTreeMap::new());
    ledger.follow(&fill(count), &Categories::default(), at(0));
    ledger
}

fn reply(status: u16) -> Reply {
    Reply { service: Service::Graph, status, code: None, request_id: None }
}

fn forbidden() -> GraphError {
    GraphError::Forbidden { needs: Permission::EditCategories, reply: reply(403) }
}

fn lost() -> GraphError {
    GraphError::NotFound { absent: crate::graph::Absent::User, looked_up: LookedUp::Not, reply: reply(404) }
}

fn broken() -> GraphError {
    GraphError::Failed { reply: reply(503), after: None }
}

/// Looks after what is due, with this outcome for each; returns whose lists those were and what is to be kept.
fn round(
    ledger: &mut Ledger,
    now: DateTime<Utc>,
    outcome: impl Fn(&Address) -> Option<GraphError>,
) -> (Vec<Address>, Vec<Record>) {
    let charges = ledger.take_due(now, 20);
    if charges.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let tended = |charge: &Charge| Tended { failure: outcome(&charge.address), ..Tended::default() };
    let records = ledger.learn(&charges, Ok(charges.iter().map(tended).collect()), now);
    let mut addresses: Vec<Address> = charges.into_iter().map(|charge| charge.address).collect();
    addresses.sort();
    (addresses, records)
}

#[test]
fn a_batch_is_due_at_once_and_again_a_day_after_it_was_looked_after() {
    let mut ledger = ledger(21);
    let (first, records) = round(&mut ledger, at(0), |_| None);
    assert_eq!((first.len(), records.len()), (20, 20));
    assert_eq!(round(&mut ledger, at(1), |_| None).0, [address(20)]);
    assert_eq!(round(&mut ledger, at(23), |_| None).0, []);
    assert_eq!(round(&mut ledger, at(24), |_| None).0, first);
}

#[test]
fn only_one_batch_is_under_way() {
    let mut ledger = ledger(2);
    let charges = ledger.take_due(at(0), 1);
    assert_eq!(ledger.take_due(at(0), 1), []);
    ledger.learn(&charges, Ok(vec![Tended::default()]), at(0));
    assert_eq!(ledger.take_due(at(0), 1).len(), 1);
}

#[test]
fn a_busy_mailbox_is_due_again_behind_the_others() {
    let mut ledger = ledger(2);
    let busy = ledger.take_due(at(1), 1).remove(0);
    ledger.put_off(busy.address, at(1));
    let charges = ledger.take_due(at(1), 1);
    assert_eq!(charges[0].address, address(1));
    ledger.learn(&charges, Ok(vec![Tended::default()]), at(1));
    assert_eq!(ledger.take_due(at(1), 1)[0].address, address(0));
}

#[test]
fn what_was_kept_counts_for_a_day_under_the_same_mark_only() {
    let mark = Care::Fill.mark(&Categories::default());
    let checked = |hour, mark: &str| CategoriesChecked { at: at(hour), mark: mark.to_owned() };
    let kept =
        [(address(0), checked(-1, &mark)), (address(1), checked(-1, "other")), (address(2), checked(-25, &mark))];
    let mut ledger = Ledger::kept(kept.into());
    ledger.follow(&fill(4), &Categories::default(), at(0));
    assert_eq!(round(&mut ledger, at(0), |_| None).0, [1, 2, 3].map(address));
    assert_eq!(round(&mut ledger, at(23), |_| None).0, [address(0)]);
}

#[test]
fn what_was_kept_by_a_later_clock_counts_for_a_day_from_now() {
    let mark = Care::Fill.mark(&Categories::default());
    let mut ledger = Ledger::kept([(address(0), CategoriesChecked { at: at(999), mark })].into());
    ledger.follow(&fill(1), &Categories::default(), at(0));
    assert_eq!(round(&mut ledger, at(23), |_| None).0, []);
    assert_eq!(round(&mut ledger, at(24), |_| None).0, [address(0)]);
}

#[test]
fn what_is_wanted_differently_while_it_is_under_way_is_due_at_once_afterwards() {
    let mut ledger = ledger(1);
    let charges = ledger.take_due(at(0), 20);
    ledger.follow(&[(address(0), Care::Clear)].into(), &Categories::default(), at(0));
    ledger.learn(&charges, Ok(vec![Tended::default()]), at(0));
    let again = ledger.take_due(at(0), 20);
    assert_eq!(again, [Charge { address: address(0), care: Care::Clear }]);
}

#[test]
fn what_nobody_wants_any_more_is_not_looked_after_and_forgotten() {
    let mut ledger = ledger(3);
    round(&mut ledger, at(0), |address| (*address == super::tests::address(2)).then(forbidden));
    assert!(ledger.trouble().is_some());
    let charges = {
        ledger.follow(&fill(3), &Categories::default(), at(24));
        ledger.take_due(at(24), 20)
    };
    assert_eq!(charges.len(), 3);
    ledger.follow(&fill(1), &Categories::default(), at(24));
    assert_eq!(ledger.forget_others(), [address(1)]);
    let tended = (0..3).map(|_| Tended::default()).collect();
    assert_eq!(ledger.learn(&charges, Ok(tended), at(24)).len(), 1, "what comes too late is not kept");
    assert_eq!(ledger.trouble(), None);
    assert_eq!(ledger.forget_others(), []);
    assert_eq!(round(&mut ledger, at(48), |_| None).0, [address(0)]);
}

#[test]
fn what_a_person_has_to_mend_is_told_and_asked_for_again_a_day_later() {
    let mut ledger = ledger(3);
    let outcome = |address: &Address| match address.as_str() {
        "m00@firma.example" => Some(lost()),
        "m01@firma.example" => Some(forbidden()),
        _ => None,
    };
    let (_, records) = round(&mut ledger, at(0), outcome);
    assert_eq!(records.len(), 1);
    let trouble = ledger.trouble().unwrap();
    assert_eq!(trouble.since, at(0));
    assert!(trouble.text.starts_with("the Outlook categories of one mailbox stay"), "{}", trouble.text);
    assert!(trouble.text.contains("MailboxSettings.ReadWrite"), "{}", trouble.text);
    assert_eq!(round(&mut ledger, at(23), outcome).0, []);
    assert_eq!(round(&mut ledger, at(24), outcome).0.len(), 3);
    assert_eq!(ledger.trouble().unwrap().since, at(0), "since it was first seen");
    round(&mut ledger, at(48), |_| None);
    assert_eq!(ledger.trouble(), None);
}

#[test]
fn what_passes_is_told_after_the_third_time_in_a_row() {
    let mut ledger = ledger(1);
    let mut now = at(0);
    for told in [false, false, true, true] {
        assert_eq!(round(&mut ledger, now, |_| Some(broken())).0.len(), 1);
        assert_eq!(ledger.trouble().is_some(), told);
        let minutes = (1..).find(|minutes| ledger.agenda.at(&address(0)) <= Some(now + TimeDelta::minutes(*minutes)));
        now += TimeDelta::minutes(minutes.unwrap());
    }
    assert_eq!(now - at(0), TimeDelta::minutes(5 + 10 + 20 + 40));
}

#[test]
fn a_wait_that_graph_asks_for_is_kept() {
    let mut ledger = ledger(1);
    let after = Some(Duration::from_secs(2 * 3600));
    round(&mut ledger, at(0), |_| Some(GraphError::Throttled { reply: reply(429), after }));
    assert_eq!(round(&mut ledger, at(1), |_| None).0, []);
    assert_eq!(round(&mut ledger, at(2), |_| None).0, [address(0)]);
}

#[test]
fn while_nobody_at_all_is_allowed_the_next_are_asked_at_growing_distances() {
    let mut ledger = ledger(200);
    let mut calls = Vec::new();
    for minute in 0..200 {
        let now = at(0) + TimeDelta::minutes(minute);
        if !round(&mut ledger, now, |_| Some(forbidden())).0.is_empty() {
            calls.push(minute);
        }
    }
    assert_eq!(calls, [0, 1, 3, 7, 15, 31, 63, 127]);
}

#[test]
fn once_anybody_was_allowed_the_forbidden_hold_nobody_up() {
    let mut ledger = ledger(60);
    let only_the_last = |one: &Address| (*one < address(59)).then(forbidden);
    assert_eq!(round(&mut ledger, at(0), |_| None).0.len(), 20);
    assert_eq!(round(&mut ledger, at(0), only_the_last).0.len(), 20);
    assert_eq!(round(&mut ledger, at(0), only_the_last).0.len(), 20);
}

#[test]
fn a_call_that_fails_as_a_whole_pauses_everything_and_loses_nobody() {
    let mut ledger = ledger(21);
    let charges = ledger.take_due(at(0), 20);
    let late = GraphError::TimedOut { service: Service::Graph };
    assert_eq!(ledger.learn(&charges, Err(late), at(0)), []);
    assert_eq!(ledger.trouble(), None);
    let soon = at(0) + TimeDelta::seconds(59);
    assert_eq!(ledger.take_due(soon, 20), []);
    assert_eq!(ledger.take_due(at(1), 99).len(), 21);
}

#[test]
fn a_call_that_is_forbidden_as_a_whole_is_forbidden_for_each() {
    let mut ledger = ledger(2);
    let charges = ledger.take_due(at(0), 20);
    ledger.learn(&charges, Err(forbidden()), at(0));
    assert!(ledger.trouble().unwrap().text.starts_with("the Outlook categories of 2 mailboxes"));
    assert_eq!(ledger.take_due(at(23), 20), []);
}
