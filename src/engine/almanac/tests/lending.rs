//! Mailboxes that are lent to whoever asks something else of them.

use std::collections::BTreeSet;

use super::super::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(second)
}

fn addresses() -> BTreeSet<Address> {
    ["anna@firma.example", "beat@firma.example"].map(|text| text.parse().unwrap()).into()
}

fn read(almanac: &mut Almanac, now: DateTime<Utc>) -> Vec<String> {
    let requests = almanac.next_batch(now).unwrap_or_default();
    let answer = |request: &Request| Answer {
        address: request.address.clone(),
        calendar: Ok(Vec::new().into()),
        tags_unknown: BTreeSet::new(),
    };
    almanac.learn(&requests, Ok(requests.iter().map(answer).collect()), now, Tz::UTC).unwrap();
    requests.into_iter().map(|request| request.address.to_string()).collect()
}

#[test]
fn a_mailbox_is_lent_only_while_its_calendar_is_neither_due_nor_being_read() {
    let mut almanac = Almanac::kept(BTreeMap::new(), Duration::from_secs(60), Pace::Steady);
    let [anna, beat] = addresses().into_iter().collect::<Vec<_>>().try_into().unwrap();
    almanac.follow(&addresses(), at(0));
    assert!(!almanac.lend(&anna, at(0)), "it is due");
    let requests = almanac.next_batch(at(0)).unwrap();
    assert!(!almanac.lend(&anna, at(0)), "it is being read");
    let answer = |request: &Request| Answer {
        address: request.address.clone(),
        calendar: Ok(Vec::new().into()),
        tags_unknown: BTreeSet::new(),
    };
    almanac.learn(&requests, Ok(requests.iter().map(answer).collect()), at(0), Tz::UTC).unwrap();
    assert!(almanac.lend(&anna, at(1)));
    assert!(!almanac.lend(&anna, at(1)), "it is lent already");
    assert!(almanac.lend(&"stranger@firma.example".parse().unwrap(), at(0)), "nobody reads its calendar");
    assert!(almanac.lend(&beat, at(1)));
}

#[test]
fn a_mailbox_that_is_lent_is_not_read_before_it_is_taken_back_and_then_at_once() {
    let mut almanac = Almanac::kept(BTreeMap::new(), Duration::from_secs(60), Pace::Steady);
    let anna = "anna@firma.example".parse().unwrap();
    almanac.follow(&addresses(), at(0));
    assert_eq!(read(&mut almanac, at(0)).len(), 2);
    assert!(almanac.lend(&anna, at(0)));
    assert_eq!(read(&mut almanac, at(60)), ["beat@firma.example"]);
    assert_eq!(almanac.next_at(), Some(at(120)), "nobody wakes up for it");
    almanac.take_back(&anna, at(70));
    assert_eq!(read(&mut almanac, at(70)), ["anna@firma.example"]);
    assert!(almanac.lend(&anna, at(71)));
    almanac.take_back(&anna, at(72));
    assert_eq!(read(&mut almanac, at(72)), [""; 0], "it was not due");
}
