//! What is told when, also by random histories with restarts.

use proptest::prelude::*;

use super::*;
use crate::alarm::{Places, Reach, Subject, Whom};
use crate::rules::text::Language;
use crate::secret::Secret;

const HOUR: Duration = Duration::from_secs(3600);

fn orders() -> Orders {
    Orders {
        to: vec!["admin@firma.example".parse().unwrap()],
        subject: "Problem".to_owned(),
        kinds: vec![Kind::Connector, Kind::Redirect],
        after: HOUR / 12,
        repeat: 24 * HOUR,
        from: None,
        smtp_url: Secret::new("smtp://127.0.0.1"),
        language: Language::German,
        zone: chrono_tz::Europe::Zurich,
        places: Places::default(),
    }
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + minute * 60, 0).unwrap()
}

fn problem(cause: Cause, account: u32) -> Problem {
    let whom = Some(Whom { account, login: account.to_string(), name: String::new() });
    Problem { cause, subject: Subject::Whole, whom, since: at(0), text: "failed".to_owned() }
}

fn found(problems: &[Problem]) -> Findings {
    Findings { problems: problems.to_vec(), reach: Reach::Everywhere }
}

/// The ledger as it is after a restart, when the journal knows everything.
fn restarted(ledger: &Ledger) -> Ledger {
    let all = ledger.known.iter().filter_map(|(key, known)| known.record(key)).collect();
    Ledger::kept(all)
}

fn occasions(ledger: &mut Ledger, problems: &[Problem], minute: i64) -> Vec<Occasion> {
    ledger.turn(found(problems), at(minute), &orders()).iter().map(|news| news.occasion).collect()
}

#[test]
fn the_connectors_problems_are_told_when_they_last_and_those_of_redirects_at_once() {
    let mut ledger = Ledger::default();
    let both = [problem(Cause::Tenant, 1), problem(Cause::TargetDenied, 1)];
    let news = ledger.turn(found(&both), at(0), &orders());
    assert_eq!(news.iter().map(|news| news.cases[0].problem.cause).collect::<Vec<_>>(), [Cause::TargetDenied]);
    assert_eq!(occasions(&mut ledger, &both, 4), []);
    assert_eq!(occasions(&mut ledger, &both, 5), [Occasion::First]);
    assert_eq!(occasions(&mut ledger, &both, 6), []);
}

/// What ends so many days after the first minute, as it is seen in some minute.
fn ending(in_days: i64, minute: i64) -> Option<Problem> {
    use crate::credential::{End, Kind};
    let end = End { kind: Kind::Certificate, at: at(in_days * 1440) };
    let within_days = end.warning(at(minute))?;
    let subject = Subject::End { of: "certificate".to_owned(), at: end.at, within_days };
    Some(Problem {
        cause: Cause::CredentialEnds,
        subject,
        whom: None,
        since: end.warned_from(),
        text: "ends".to_owned(),
    })
}

#[test]
fn what_ends_is_told_30_14_7_and_1_days_before_and_once_when_it_is_renewed() {
    let mut ledger = Ledger::default();
    let mut told = Vec::new();
    // Looks every ten minutes for 45 days, with a restart each day; it ends on the 40th and is renewed on the 43rd.
    for minute in (0..45 * 1440).step_by(10) {
        if minute % 1440 == 0 {
            ledger = restarted(&ledger);
        }
        let in_days = if minute < 43 * 1440 { 40 } else { 770 };
        let problems: Vec<Problem> = ending(in_days, minute).into_iter().collect();
        let occasions = occasions(&mut ledger, &problems, minute);
        told.extend(occasions.into_iter().map(|occasion| (occasion, minute / 1440)));
    }
    let (first, again, over) = (Occasion::First, Occasion::Reminder, Occasion::Resolved);
    assert_eq!(told, [(first, 10), (again, 26), (again, 33), (again, 39), (over, 43)]);
}

#[test]
fn whoever_starts_the_service_late_is_told_once_of_what_is_near() {
    let mut ledger = Ledger::default();
    let near = [ending(5, 0).unwrap()];
    assert_eq!(occasions(&mut ledger, &near, 0), []);
    assert_eq!(occasions(&mut ledger, &near, 5), [Occasion::First]);
    assert_eq!(occasions(&mut ledger, &near, 2 * 1440), []);
    assert_eq!(occasions(&mut ledger, &[ending(5, 4 * 1440).unwrap()], 4 * 1440), [Occasion::Reminder]);
}

#[test]
fn a_short_gap_makes_no_new_problem_and_a_short_problem_is_not_told() {
    let mut ledger = Ledger::default();
    let tenant = [problem(Cause::Tenant, 1)];
    assert_eq!(occasions(&mut ledger, &tenant, 0), []);
    assert_eq!(occasions(&mut ledger, &[], 3), []);
    assert_eq!(occasions(&mut ledger, &tenant, 6), [Occasion::First]);
    assert_eq!(occasions(&mut ledger, &[], 7), []);
    assert_eq!(occasions(&mut ledger, &tenant, 11), []);
    assert_eq!(occasions(&mut ledger, &[], 12), []);
    assert_eq!(occasions(&mut ledger, &[], 17), [Occasion::Resolved]);
    let mut ledger = Ledger::default();
    occasions(&mut ledger, &tenant, 0);
    occasions(&mut ledger, &[], 1);
    assert_eq!(occasions(&mut ledger, &[], 6), [], "it was never told");
    assert!(ledger.known.is_empty());
}

#[test]
fn a_problem_that_comes_and_goes_all_day_makes_a_handful_of_mails() {
    let mut ledger = Ledger::default();
    let tenant = [problem(Cause::Tenant, 1)];
    let mut mails = 0;
    for minute in 0..24 * 60 {
        // Six minutes there, six minutes gone.
        let there: &[Problem] = if minute / 6 % 2 == 0 { &tenant } else { &[] };
        mails += occasions(&mut ledger, there, minute).len();
    }
    assert!((3..10).contains(&mails), "{mails}");
}

#[test]
fn what_cannot_be_seen_is_neither_there_nor_gone() {
    let mut ledger = Ledger::default();
    occasions(&mut ledger, &[problem(Cause::SecretWrong, 1)], 0);
    occasions(&mut ledger, &[problem(Cause::SecretWrong, 1)], 5);
    let blind = Findings { problems: vec![problem(Cause::Pbx, 1)], reach: Reach::PbxAlone };
    for minute in 6..120 {
        let news = ledger.turn(blind.clone(), at(minute), &orders());
        assert!(news.iter().all(|news| news.cases[0].problem.cause == Cause::Pbx), "{minute}: {news:?}");
    }
    assert_eq!(occasions(&mut ledger, &[], 120), []);
    assert_eq!(occasions(&mut ledger, &[], 125).len(), 2, "both are over");
}

#[test]
fn a_kind_that_is_switched_off_is_forgotten_without_a_word_and_told_anew_when_it_is_on_again() {
    let mut ledger = Ledger::default();
    let denied = [problem(Cause::TargetDenied, 1)];
    assert_eq!(occasions(&mut ledger, &denied, 0), [Occasion::First]);
    let off = Orders { kinds: vec![Kind::Connector], ..orders() };
    assert_eq!(ledger.turn(found(&denied), at(1), &off), []);
    assert!(matches!(ledger.unsaved().as_slice(), [Record::ForgetAlarm(_)]));
    assert_eq!(occasions(&mut ledger, &denied, 2), [Occasion::First]);
    let nobody = Orders { to: vec![], ..orders() };
    assert_eq!(ledger.turn(found(&denied), at(3), &nobody), []);
}

#[test]
fn much_of_the_same_is_one_piece_of_news_and_little_stays_apart() {
    let mut ledger = Ledger::default();
    let all: Vec<Problem> = (0..1000).map(|account| problem(Cause::TargetDenied, account)).collect();
    let news = ledger.turn(found(&all), at(0), &orders());
    assert_eq!(news.iter().map(|news| news.cases.len()).collect::<Vec<_>>(), [1000]);
    let three = [1, 2, 3].map(|account| problem(Cause::TargetMissing, account));
    let news = ledger.turn(found(&[all.as_slice(), &three].concat()), at(1), &orders());
    assert_eq!(news.len(), 3);
}

#[test]
fn other_words_alone_are_not_worth_a_write() {
    let mut ledger = Ledger::default();
    occasions(&mut ledger, &[problem(Cause::Tenant, 1)], 0);
    ledger.saved();
    let reworded = Problem { text: "failed in another way".to_owned(), ..problem(Cause::Tenant, 1) };
    occasions(&mut ledger, &[reworded], 1);
    assert_eq!(ledger.unsaved(), []);
}

#[test]
fn a_row_that_cannot_be_read_is_left_out() {
    let mut ledger = Ledger::default();
    occasions(&mut ledger, &[problem(Cause::Tenant, 1)], 0);
    let Some(Record::Alarm(alarm)) = ledger.unsaved().pop() else { panic!("nothing to save") };
    assert_eq!(Ledger::kept(vec![alarm.clone()]).known, ledger.known);
    assert!(Ledger::kept(vec![KnownAlarm { about: "{}".to_owned(), ..alarm }]).known.is_empty());
}

/// One minute to three hours pass, then some of four problems are there; perhaps the service was restarted meanwhile.
fn history() -> impl Strategy<Value = Vec<(i64, [bool; 4], bool)>> {
    prop::collection::vec((1..180_i64, any::<[bool; 4]>(), any::<bool>()), 1..80)
}

proptest! {
    /// Per problem: no second first without its end in between, no two reminders within the interval, no end of what was
    /// never told, and a restart at any point changes nothing.
    #[test]
    fn every_problem_is_told_in_order_whenever_the_service_restarts(history in history()) {
        let all = [Cause::Tenant, Cause::Mailbox, Cause::TargetDenied, Cause::TargetMissing];
        let (mut ledger, mut undisturbed, mut now) = (Ledger::default(), Ledger::default(), 0);
        let mut told: BTreeMap<String, (Occasion, i64)> = BTreeMap::new();
        for (span, there, restarts) in history {
            now += span;
            let problems: Vec<Problem> =
                all.iter().zip(there).filter(|(_, there)| *there).map(|(cause, _)| problem(*cause, 1)).collect();
            if restarts {
                ledger = restarted(&ledger);
            }
            let news = ledger.turn(found(&problems), at(now), &orders());
            prop_assert_eq!(&news, &undisturbed.turn(found(&problems), at(now), &orders()));
            for news in news {
                for case in news.cases {
                    let key = case.problem.key();
                    let before = told.get(&key).copied();
                    let is_open = before.is_some_and(|(occasion, _)| occasion != Occasion::Resolved);
                    prop_assert_eq!(is_open, news.occasion != Occasion::First, "{} {:?}", key, news.occasion);
                    if news.occasion == Occasion::Reminder {
                        prop_assert!(before.is_some_and(|(_, at)| now - at >= 24 * 60));
                    }
                    told.insert(key, (news.occasion, now));
                }
            }
        }
    }
}
