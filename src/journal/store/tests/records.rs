//! Every record is there after a restart.

use super::*;
use crate::journal::{CategoriesChecked, KnownAlarm, Mail, Occasion, QueuePosition};
use crate::rules::Redirect;

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
    second.back_after = Some(at(3));
    second.yielded = vec![EntryId("given back".to_owned())];
    second.sight = Sight::Blind;
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
fn a_called_number_has_one_hold_whoever_claims_it() {
    let mut bench = Bench::new();
    let redirect = |number: &str, to: Redirect| Value::Redirect(number.parse().unwrap(), to);
    let of = |account, number| {
        hold(account, redirect(number, Redirect::none()), redirect(number, Redirect::to_mailbox("3")))
    };
    let (first, second) = (of(1010, "500"), of(1011, "500"));
    let (other, dropped) = (of(1010, "210"), of(1010, "211"));
    let all = [&first, &other, &dropped, &second].map(|hold| Record::Hold(hold.clone()));
    bench.store.commit(all.into()).unwrap();
    bench.store.commit(vec![Record::Drop(AccountId(1010), dropped.field())]).unwrap();
    assert_eq!(bench.kept_after_restart().holds, [other, second]);
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

#[test]
fn marks_ends_and_the_place_in_the_queue_are_kept_until_they_are_done() {
    let mut bench = Bench::new();
    let mark = |entry: &str, seconds| Mark { entry: EntryId(entry.to_owned()), at: at(seconds) };
    let anna = AccountId(1010);
    bench
        .store
        .commit(vec![
            Record::Mark(anna, mark("a", 1)),
            Record::Mark(anna, mark("a", 2)),
            Record::Mark(anna, mark("b", 3)),
            Record::ForgetMark(anna, EntryId("b".to_owned())),
            Record::End(anna, at(5)),
            Record::End(anna, at(4)),
            Record::End(anna, at(4)),
            Record::EndDone(anna, at(5)),
            Record::Queue(QueuePosition { id: "q1".to_owned(), seq: 1, restarted_at: None }),
            Record::Queue(QueuePosition { id: "q2".to_owned(), seq: 7, restarted_at: Some(at(6)) }),
        ])
        .unwrap();
    let kept = bench.kept_after_restart();
    assert_eq!(kept.marks, [(anna, mark("a", 2))]);
    assert_eq!(kept.ends, [(anna, at(4))]);
    assert_eq!(kept.queue, Some(QueuePosition { id: "q2".to_owned(), seq: 7, restarted_at: Some(at(6)) }));
}

#[test]
fn when_categories_were_looked_after_is_kept_per_mailbox_until_it_is_nobodys_business() {
    let mut bench = Bench::new();
    let checked = |seconds, mark: &str| CategoriesChecked { at: at(seconds), mark: mark.to_owned() };
    let (one, two) = (address("one@example.test"), address("two@example.test"));
    bench
        .store
        .commit(vec![
            Record::CategoriesChecked(one.clone(), checked(1, "fill")),
            Record::CategoriesChecked(two.clone(), checked(2, "fill")),
            Record::CategoriesChecked(one.clone(), checked(3, "clear")),
            Record::ForgetCategories(two),
            // There is none; that is no error.
            Record::ForgetCategories(address("three@example.test")),
        ])
        .unwrap();
    let mut bench = bench.restarted();
    assert_eq!(bench.store.load().unwrap().categories_checked, [(one, checked(3, "clear"))].into());
    let nonsense = "INSERT INTO categories_checked (address, at, mark) VALUES ('nobody', 'x', ''), ('a@b.ch', 'x', '')";
    bench.store.connection.execute(nonsense, ()).unwrap();
    assert_eq!(bench.store.load().unwrap().categories_checked.len(), 1, "what cannot be read is looked after anew");
}

#[test]
fn problems_that_were_told_and_mails_that_were_not_sent_are_there_after_a_restart() {
    let mut bench = Bench::new();
    let alarm = |key: &str, told_at| KnownAlarm {
        key: key.to_owned(),
        about: "{\"cause\":\"tenant\"}".to_owned(),
        since: at(1),
        gone_at: Some(at(2)),
        told_at,
        resolved_at: None,
        returns: 3,
    };
    let mail = |id: &str, second, occasion| Mail {
        id: id.to_owned(),
        at: at(second),
        occasion,
        subject: "Problem – Grüße".to_owned(),
        text: "Was:\n  😀\n".to_owned(),
    };
    let (first, second) = (mail("b", 1, Occasion::First), mail("a", 2, Occasion::Resolved));
    bench
        .store
        .commit(vec![
            Record::Alarm(alarm("tenant", None)),
            Record::Alarm(alarm("pbx", None)),
            Record::Alarm(alarm("tenant", Some(at(3)))),
            Record::ForgetAlarm("pbx".to_owned()),
            Record::ForgetAlarm("nothing".to_owned()),
            Record::Mail(second.clone()),
            Record::Mail(first.clone()),
            Record::Mail(mail("c", 0, Occasion::Reminder)),
            Record::ForgetMail("c".to_owned()),
        ])
        .unwrap();
    let kept = bench.kept_after_restart();
    assert_eq!(kept.alarms, [alarm("tenant", Some(at(3)))]);
    assert_eq!(kept.mails, [first, second], "the oldest first");
}
