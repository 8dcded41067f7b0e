//! Every record is there after a restart.

use super::*;

#[test]
fn a_hold_replaces_the_one_of_the_same_account_and_field_alone() {
    let mut bench = Bench::new();
    let first = hold(1010, presence("AVAILABLE"), presence("AWAY"));
    let mut second = first.clone();
    second.phase = Phase::Held;
    second.earlier = vec![presence("AWAY")];
    second.put = presence("DO_NOT_DISTURB");
    second.written_at = Some(at(1));
    second.unanswered_at = Some(at(2));
    second.rewrites = 20;
    let other_field = hold(1010, text("Mittag"), text("[07:00-12:00] Gebucht"));
    let other_member = hold(1011, presence("AWAY"), presence("DO_NOT_DISTURB"));
    let all = [&first, &other_field, &other_member, &second];
    let records = all.map(|hold| Record::Hold(hold.clone()));
    bench.store.commit(records.into()).unwrap();
    assert_eq!(bench.kept_after_restart().holds, [second, other_field, other_member]);
}

#[test]
fn a_dropped_hold_is_gone_and_no_other() {
    let mut bench = Bench::new();
    let stays = hold(1010, text("Mittag"), text("Gebucht"));
    let goes = hold(1010, presence("AVAILABLE"), presence("AWAY"));
    bench
        .store
        .commit(vec![
            Record::Hold(stays.clone()),
            Record::Hold(goes),
            Record::Drop(AccountId(1010), Field::Presence),
            // There is none; that is no error, since a drop says how things are from now on.
            Record::Drop(AccountId(1099), Field::Text),
        ])
        .unwrap();
    assert_eq!(bench.kept_after_restart().holds, [stays]);
}

#[test]
fn a_calendar_is_kept_until_another_is_read_or_nobody_needs_it() {
    let mut bench = Bench::new();
    let calendar = |seconds, entries| KnownCalendar { read_at: at(seconds), entries };
    let mut all_day = entry("b");
    all_day.span = Span::AllDay { first: "2026-03-29".parse().unwrap(), until: "2026-03-30".parse().unwrap() };
    let last = calendar(2, vec![entry("a"), all_day]);
    let (one, two, three) = (address("one@example.test"), address("two@example.test"), address("three@example.test"));
    bench
        .store
        .commit(vec![
            Record::Calendar(one.clone(), calendar(1, vec![entry("old")])),
            Record::Calendar(one.clone(), last.clone()),
            Record::Calendar(two.clone(), calendar(3, Vec::new())),
            Record::Calendar(three.clone(), calendar(4, vec![entry("c")])),
            Record::ForgetCalendar(three),
        ])
        .unwrap();
    let kept = bench.kept_after_restart().calendars;
    // Compared by words too, as `Debug` hides a title that differs.
    assert_eq!(kept[&one].entries[0].title.0, "Grüße an Kunde ABC 👋");
    assert_eq!(kept, [(one, last), (two, calendar(3, Vec::new()))].into());
}

#[test]
fn members_are_kept_per_group_in_their_order_and_an_empty_list_is_one() {
    let mut bench = Bench::new();
    let member = |account, address: Option<Address>| Member {
        account: AccountId(account),
        login: Login(format!("{account:04}")),
        name: "Jörg Müller".to_owned(),
        address,
    };
    let members = vec![member(1011, Some(address("j@example.test"))), member(1010, None)];
    bench
        .store
        .commit(vec![
            Record::Members(AccountId(5), vec![member(1, None)]),
            Record::Members(AccountId(5), members.clone()),
            Record::Members(AccountId(6), Vec::new()),
        ])
        .unwrap();
    assert_eq!(bench.kept_after_restart().members, [(AccountId(5), members), (AccountId(6), Vec::new())].into());
}

#[test]
fn sequence_numbers_are_never_given_twice() {
    let mut bench = Bench::new();
    assert_eq!(bench.store.reserve_seq(0).unwrap(), 1);
    assert_eq!(bench.store.reserve_seq(0).unwrap(), 1 + SEQ_BLOCK);
    let mut bench = bench.restarted();
    assert_eq!(bench.store.reserve_seq(0).unwrap(), 1 + 2 * SEQ_BLOCK);
    let far = 9 * SEQ_BLOCK;
    assert_eq!(bench.store.reserve_seq(far).unwrap(), far + 1);
    assert_eq!(bench.store.reserve_seq(0).unwrap(), far + 1 + SEQ_BLOCK);
}
