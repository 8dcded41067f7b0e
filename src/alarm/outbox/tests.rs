//! Order, waits and bounds.

use super::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + second, 0).unwrap()
}

fn mail(id: usize, occasion: Occasion) -> Mail {
    Mail { id: id.to_string(), at: at(0), occasion, subject: String::new(), text: String::new() }
}

fn outbox(count: usize) -> Outbox {
    Outbox::kept((0..count).map(|id| mail(id, Occasion::First)).collect())
}

fn next(outbox: &Outbox, second: i64) -> Option<&str> {
    outbox.next(at(second)).map(|(mail, _)| mail.id.as_str())
}

#[test]
fn mails_go_in_the_order_in_which_they_were_written() {
    let mut outbox = outbox(2);
    assert_eq!(next(&outbox, 0), Some("0"));
    outbox.done("0");
    assert_eq!(next(&outbox, 0), Some("1"));
    outbox.done("1");
    assert_eq!((next(&outbox, 0), outbox.next_at(at(0))), (None, None));
}

#[test]
fn a_server_that_fails_holds_every_mail_back_for_longer_and_longer() {
    let mut outbox = outbox(1);
    let mut now = at(0);
    let mut waits = Vec::new();
    for failure in 0..8 {
        assert_eq!(outbox.server_fails(now, 0), failure == 0, "it is news once");
        let again_at = outbox.next_at(now).unwrap();
        assert!(outbox.next(again_at - TimeDelta::seconds(1)).is_none() && outbox.next(again_at).is_some());
        waits.push((again_at - now).num_seconds());
        now = again_at;
    }
    assert_eq!(waits, [15, 30, 60, 120, 240, 480, 900, 900]);
    assert!(outbox.server_works() && !outbox.server_works());
}

#[test]
fn a_refused_mail_waits_alone() {
    let mut outbox = outbox(2);
    assert!(outbox.refuse("0", at(0), 0));
    assert_eq!(next(&outbox, 1), Some("1"));
    outbox.done("1");
    assert_eq!(next(&outbox, 899), None);
    assert_eq!(next(&outbox, 900), Some("0"));
    assert!(!outbox.refuse("0", at(900), 0), "it is no news any more");
    assert_eq!(outbox.next_at(at(900)), Some(at(900 + 1800)));
    outbox.try_at_once();
    assert_eq!(next(&outbox, 901), Some("0"));
}

#[test]
fn who_has_a_mail_already_is_remembered_until_it_is_done() {
    let mut outbox = outbox(1);
    let anna: Address = "anna@firma.example".parse().unwrap();
    outbox.had_by("0", anna.clone());
    assert_eq!(outbox.next(at(0)).unwrap().1, [anna].into());
    outbox.done("0");
    assert!(outbox.apart.is_empty());
}

#[test]
fn when_there_are_too_many_the_oldest_that_is_no_first_one_is_dropped() {
    let mut outbox = outbox(MAILS_MAX - 2);
    assert_eq!(outbox.add(mail(1000, Occasion::Reminder)), 0);
    assert_eq!(outbox.add(mail(1001, Occasion::Resolved)), 0);
    for id in 1002..1005 {
        assert_eq!((outbox.add(mail(id, Occasion::First)), outbox.count()), (1, MAILS_MAX));
    }
    let left: Vec<&str> = outbox.mails.iter().map(|mail| mail.id.as_str()).collect();
    assert_eq!((left[0], left[left.len() - 1]), ("1", "1004"));
    assert!(!left.contains(&"1000") && !left.contains(&"1001"));
}

#[test]
fn the_journal_is_told_of_every_change_once() {
    let mut outbox = outbox(1);
    assert_eq!(outbox.unsaved(), []);
    outbox.add(mail(7, Occasion::First));
    outbox.done("0");
    assert_eq!(outbox.unsaved(), [Record::ForgetMail("0".to_owned()), Record::Mail(mail(7, Occasion::First))]);
    outbox.saved();
    assert_eq!(outbox.unsaved(), []);
}
